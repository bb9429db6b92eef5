//! Reading files: only from here, and never more than a scenario may have.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::cli::exit::Trouble;
use crate::text::clean;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 4 << 20;

/// The largest saved run that is read, in bytes.
const LARGEST_RUN: u64 = 1 << 30;

/// How a file is called in messages: as the user typed it; `-` is `standard input`.
pub(super) fn name(path: &Path) -> String {
    if is_stdin(path) {
        return "standard input".to_owned();
    }
    clean(&path.to_string_lossy()).into_owned()
}

/// Whether `-` was given.
pub(super) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The bytes of a file, or of standard input for `-`.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Trouble> {
    up_to(path, LARGEST)
}

/// The same of what may be a saved run, which is larger than any scenario.
pub(super) fn read_run(path: &Path) -> Result<Vec<u8>, Trouble> {
    up_to(path, LARGEST_RUN)
}

fn up_to(path: &Path, most: u64) -> Result<Vec<u8>, Trouble> {
    if is_stdin(path) {
        return capped(std::io::stdin().lock(), path, most);
    }
    let file = File::open(path).map_err(|error| trouble(path, &error))?;
    let about = file.metadata().map_err(|error| trouble(path, &error))?;
    if about.is_dir() {
        let name = name(path);
        return Err(Trouble::Input(format!("{name} is a folder; a file is due")));
    }
    capped(file, path, most)
}

/// The bytes of a file; `None` where there is none of that name.
pub(super) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, Trouble> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        _ => read_plain(path).map(Some),
    }
}

/// The bytes of a file that is found, not given: what is no plain file, as a pipe that nobody writes, is not waited for.
pub(super) fn read_plain(path: &Path) -> Result<Vec<u8>, Trouble> {
    match std::fs::metadata(path) {
        Ok(about) if !about.is_file() && !about.is_dir() => {
            let name = name(path);
            Err(Trouble::Input(format!(
                "{name} is no plain file; one is due"
            )))
        }
        _ => read(path),
    }
}

/// Whether there is anything of that name, be it a link that leads nowhere.
pub(super) fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// Whether there is a file of that name.
pub(super) fn is_file(path: &Path) -> bool {
    path.is_file()
}

fn capped(stream: impl Read, path: &Path, most: u64) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    let read = stream.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| trouble(path, &error))?;
    within(&bytes, path, most)?;
    Ok(bytes)
}

/// Whether what was read may be a scenario.
pub(super) fn small_enough(bytes: &[u8], path: &Path) -> Result<(), Trouble> {
    within(bytes, path, LARGEST)
}

fn within(bytes: &[u8], path: &Path, most: u64) -> Result<(), Trouble> {
    if bytes.len() as u64 <= most {
        return Ok(());
    }
    let (name, most) = (name(path), most >> 20);
    Err(Trouble::Input(format!(
        "{name} is larger than {most} MiB, the most that is read"
    )))
}

fn trouble(path: &Path, error: &std::io::Error) -> Trouble {
    let name = name(path);
    match error.kind() {
        ErrorKind::NotFound => Trouble::Input(format!("{name}: there is no such file")),
        ErrorKind::IsADirectory => Trouble::Input(format!("{name} is a folder; a file is due")),
        ErrorKind::NotADirectory => {
            Trouble::Input(format!("{name}: a part of this path is not a folder"))
        }
        ErrorKind::InvalidInput | ErrorKind::InvalidFilename => {
            Trouble::Input(format!("{name}: this cannot be the name of a file"))
        }
        _ => Trouble::Machine(format!("{name} cannot be read: {error}")),
    }
}
