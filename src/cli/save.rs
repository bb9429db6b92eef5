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
    let as_folder = path
        .as_os_str()
        .to_string_lossy()
        .ends_with(['/', std::path::MAIN_SEPARATOR]);
    if as_folder || path.is_dir() || path.file_name().is_none() {
        return Err(Trouble::Input(format!(
            "{name} is a folder; the name of a file is due"
        )));
    }
    if is_one_of(path, inputs) {
        return Err(Trouble::Input(format!(
            "{name} is an input of this run; it is not overwritten"
        )));
    }
    Ok(())
}

/// Whether a file is one of some others, by whatever name.
fn is_one_of(path: &Path, others: &[PathBuf]) -> bool {
    let real = fs::canonicalize(path).ok();
    let same = |other: &PathBuf| real.is_some() && fs::canonicalize(other).ok() == real;
    others.iter().any(same)
}

/// Adds a text to the end of a file that belongs to somebody else, and makes the file where there is none. None of `kept`
/// is touched.
pub(super) fn append(text: &str, path: &Path, kept: &[PathBuf]) -> Result<(), Trouble> {
    if is_one_of(path, kept) {
        let name = input::name(path);
        return Err(Trouble::Input(format!(
            "the step summary {name} is a file that this run reads or writes; nothing is added to it"
        )));
    }
    let file = OpenOptions::new().append(true).create(true).open(path);
    let done = file.and_then(|file| streams::pour(file, &|out| out.write_str(text)));
    done.map_err(|error| {
        let name = input::name(path);
        Trouble::Machine(format!(
            "the step summary {name} cannot be written: {error}"
        ))
    })
}

fn save_file(text: Writes<'_>, path: &Path, inputs: &[PathBuf]) -> Result<(), Trouble> {
    check(Some(path), inputs)?;
    let failed = |error: std::io::Error| {
        let name = input::name(path);
        match error.kind() {
            ErrorKind::InvalidInput | ErrorKind::InvalidFilename => {
                Trouble::Input(format!("{name}: this cannot be the name of a file"))
            }
            // What is to be a folder is there already, as something else.
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
                Trouble::Input(format!("{name}: a part of this path is not a folder"))
            }
            _ => Trouble::Machine(format!("{name} cannot be written: {error}")),
        }
    };
    // A link is followed, so that it stays one.
    let target = end_of_links(path).map_err(failed)?;
    match fs::metadata(&target) {
        // A device or a pipe cannot be replaced: it takes the bytes as they are.
        Ok(about) if !about.is_file() => straight(text, &target).map_err(failed),
        _ => whole(text, &target).map_err(failed),
    }
}

/// Where a path leads: itself, or what a link names, which need not be there yet.
fn end_of_links(path: &Path) -> std::io::Result<PathBuf> {
    const MOST: usize = 40;
    if let Ok(real) = fs::canonicalize(path) {
        return Ok(real);
    }
    let mut path = path.to_owned();
    for _ in 0..MOST {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(path),
        }
    }
    // A link that leads to itself: opening it says so in the system's words.
    File::open(&path).map(|_| path)
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
    let name = beginning(&name);
    sweep(folder, name);
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

/// The beginning of a name, so short that more can be put behind it.
fn beginning(name: &str) -> &str {
    let mut end = name.len().min(200);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
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
