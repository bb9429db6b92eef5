//! Which scenarios some paths name: files as they are, folders with all that lies below.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::cli::exit::Trouble;
use crate::cli::input;

/// Folders below which nothing is a scenario.
const NOT_SCENARIOS: &str = "policies";

/// What a suite need not cover: no scenario, wherever it lies below a folder.
const EXEMPT: [&str; 2] = ["exempt.yaml", "exempt.yml"];

/// The scenarios, in the order of the paths; within a folder by name. Each once.
pub(super) fn scenarios(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    for path in paths {
        if !input::is_stdin(path) && path.is_dir() {
            walk(path, &is_yaml, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    found.retain(|path| !is_exempt(path) || paths.contains(path));
    let once = each_once(found);
    if once.is_empty() {
        let names: Vec<String> = paths.iter().map(|path| input::name(path)).collect();
        let names = names.join(", ");
        return Err(Trouble::Input(format!(
            "no scenario (*.yaml, *.yml) was found below {names}"
        )));
    }
    Ok(once)
}

/// A path without what says nothing, so that `./a.yaml` and `a.yaml` are one.
pub(super) fn plain(path: &Path) -> PathBuf {
    let parts = path.components();
    parts.filter(|it| *it != Component::CurDir).collect()
}

/// Golden timelines below the folders among some paths that no scenario lies beside, in the same order.
pub(super) fn strays(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    for path in paths {
        if !input::is_stdin(path) && path.is_dir() {
            walk(
                path,
                &|it| it.extension().is_some_and(|it| it == "timeline"),
                &mut found,
            )?;
        }
    }
    let beside = |path: &Path, ending| path.with_extension(ending).is_file();
    found.retain(|it| {
        !["yaml", "yml", "json"]
            .iter()
            .any(|ending| beside(it, ending))
    });
    Ok(each_once(found))
}

/// The files that say what need not be covered, below the folders among the paths.
pub(super) fn exemptions(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut found = Vec::new();
    for path in paths {
        if !input::is_stdin(path) && path.is_dir() {
            walk(path, &is_exempt, &mut found)?;
        }
    }
    Ok(each_once(found))
}

fn is_exempt(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| EXEMPT.iter().any(|it| name == *it))
}

fn each_once(found: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut once: Vec<PathBuf> = Vec::with_capacity(found.len());
    let mut seen = std::collections::BTreeSet::new();
    for path in found {
        if seen.insert(plain(&path)) {
            once.push(path);
        }
    }
    once
}

/// Below a folder: hidden folders, linked folders and `policies` are passed over; links that lead nowhere are not.
fn walk(
    folder: &Path,
    meant: &dyn Fn(&Path) -> bool,
    found: &mut Vec<PathBuf>,
) -> Result<(), Trouble> {
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
        // A link that leads nowhere is somebody's scenario that is gone, and an `exempt.yaml` that is no file somebody's
        // mistake: reading them says so.
        let nowhere = || kind.is_symlink() && fs::metadata(&path).is_err();
        let is_due = || path.is_file() || is_exempt(&path) || nowhere();
        if !hidden && !kind.is_dir() && meant(&path) && is_due()
            || kind.is_dir() && meant(&path) && is_exempt(&path)
        {
            found.push(path.clone());
        }
        if kind.is_dir() && !hidden && name != NOT_SCENARIOS {
            walk(&path, meant, found)?;
        }
    }
    Ok(())
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending == "yaml" || ending == "yml")
}
