//! Writing files: a file appears whole or not at all.
//!
//! The bytes go to `NAME.PROCESS.keyoutage-partial` beside the file, to the disk, and then take the file's name in one
//! step. What a killed run left behind is swept by the next one that writes the same file; a lock tells which partial
//! files still have somebody who writes them.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::cli::exit::Trouble;
use crate::cli::input;
use crate::cli::streams::{self, Writes};

const PARTIAL: &str = ".keyoutage-partial";

/// Writes to a file, or to standard output without one or for `-`. None of `inputs` may be overwritten.
pub(super) fn save(
    text: Writes<'_>,
    output: Option<&Path>,
    inputs: &[PathBuf],
) -> Result<(), Trouble> {
    match output {
        None => streams::say_all(text),
        Some(path) if input::is_stdin(path) => streams::say_all(text),
        Some(path) => save_file(text, path, inputs),
    }
}

/// Whether a file can be the output, before any work is done for it.
pub(super) fn check(output: Option<&Path>, inputs: &[PathBuf]) -> Result<(), Trouble> {
    let Some(path) = output.filter(|path| !input::is_stdin(path)) else {
        return Ok(());
    };
    let name = input::name(path);
    if path.is_dir() || path.file_name().is_none() {
        return Err(Trouble::Input(format!(
            "{name} is a folder; -o needs the name of a file"
        )));
    }
    let real = fs::canonicalize(path).ok();
    let same = |input: &PathBuf| real.is_some() && fs::canonicalize(input).ok() == real;
    if inputs.iter().any(same) {
        return Err(Trouble::Input(format!(
            "{name} is an input of this run; it is not overwritten"
        )));
    }
    Ok(())
}

fn save_file(text: Writes<'_>, path: &Path, inputs: &[PathBuf]) -> Result<(), Trouble> {
    check(Some(path), inputs)?;
    let failed = |error: std::io::Error| {
        let name = input::name(path);
        match error.kind() {
            ErrorKind::InvalidInput | ErrorKind::InvalidFilename => {
                Trouble::Input(format!("{name}: this cannot be the name of a file"))
            }
            _ => Trouble::Machine(format!("{name} cannot be written: {error}")),
        }
    };
    // A link is followed, so that it stays one.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::metadata(&target) {
        // A device or a pipe cannot be replaced: it takes the bytes as they are.
        Ok(about) if !about.is_file() => straight(text, &target).map_err(failed),
        _ => whole(text, &target).map_err(failed),
    }
}

fn straight(text: Writes<'_>, target: &Path) -> std::io::Result<()> {
    let file = OpenOptions::new().write(true).open(target)?;
    match streams::pour(file, text) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

fn whole(text: Writes<'_>, target: &Path) -> std::io::Result<()> {
    let folder = match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    sweep(folder, &name);
    let process = std::process::id();
    let partial = folder.join(format!("{name}.{process}{PARTIAL}"));
    let done = fill(&partial, text).and_then(|()| fs::rename(&partial, target));
    if done.is_err() {
        let _ = fs::remove_file(&partial);
        return done;
    }
    // The file is there and whole; that its folder is on the disk too is more than can be asked everywhere.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn fill(partial: &Path, text: Writes<'_>) -> std::io::Result<()> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(partial)?;
    let _ = file.try_lock();
    streams::pour(&file, text)?;
    file.sync_all()
}

/// Removes partial files of that name whose writers are gone.
fn sweep(folder: &Path, name: &str) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let file_name = entry.file_name();
        let stale = file_name
            .to_str()
            .and_then(|it| it.strip_prefix(name)?.strip_prefix('.'))
            .and_then(|it| it.strip_suffix(PARTIAL))
            .is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
        if stale && abandoned(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn abandoned(partial: &Path) -> bool {
    File::open(partial).is_ok_and(|file| file.try_lock().is_ok())
}
