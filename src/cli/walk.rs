//! Which scenarios some paths name: files as they are, folders with all that lies below.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::exit::Trouble;
use crate::cli::input;

/// Folders below which nothing is a scenario.
const NOT_SCENARIOS: &str = "policies";

/// The scenarios, in the order of the paths; within a folder by name. Each once.
pub(super) fn scenarios(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    for path in paths {
        if !input::is_stdin(path) && path.is_dir() {
            walk(path, is_yaml, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    let mut once: Vec<PathBuf> = Vec::with_capacity(found.len());
    let mut seen = std::collections::BTreeSet::new();
    for path in found {
        if seen.insert(path.clone()) {
            once.push(path);
        }
    }
    if once.is_empty() {
        let names: Vec<String> = paths.iter().map(|path| input::name(path)).collect();
        let names = names.join(", ");
        return Err(Trouble::Input(format!(
            "no scenario (*.yaml, *.yml) was found below {names}"
        )));
    }
    Ok(once)
}

/// What is wanted below a folder: hidden folders, linked folders and `policies` are passed over.
fn walk(folder: &Path, wanted: fn(&Path) -> bool, found: &mut Vec<PathBuf>) -> Result<(), Trouble> {
    let failed = |error: std::io::Error| {
        let name = input::name(folder);
        Trouble::Machine(format!("the folder {name} cannot be read: {error}"))
    };
    let mut entries = fs::read_dir(folder)
        .and_then(Iterator::collect::<std::io::Result<Vec<fs::DirEntry>>>)
        .map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type().map_err(failed)?;
        let path = entry.path();
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.');
        if kind.is_dir() {
            if !hidden && name != NOT_SCENARIOS {
                walk(&path, wanted, found)?;
            }
        } else if !hidden && wanted(&path) && path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}

/// Golden timelines below the folders among some paths whose scenario is gone; in order.
pub(super) fn left_alone(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    for path in paths
        .iter()
        .filter(|path| !input::is_stdin(path) && path.is_dir())
    {
        walk(path, is_golden, &mut found)?;
    }
    found.retain(|golden| {
        let mut endings = ["yaml", "yml", "json"].iter();
        !endings.any(|ending| golden.with_extension(ending).is_file())
    });
    found.sort();
    found.dedup();
    Ok(found)
}

fn is_golden(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "timeline")
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending == "yaml" || ending == "yml")
}
