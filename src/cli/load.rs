//! From a file that the user names to a scenario that can be run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cli::exit::Trouble;
use crate::cli::input;
use crate::scenario::{self, Changes, Marks, Problems, Scenario};

/// A scenario, what its writer should know, and the files it was made of.
pub(super) struct Loaded {
    pub(super) scenario: Scenario,
    pub(super) warnings: Problems,
    /// Where its things are written.
    pub(super) marks: Marks,
    /// The texts that were read, by the names that messages give their files.
    pub(super) sources: BTreeMap<String, String>,
    /// What was read, by path; nothing for standard input.
    pub(super) files: Vec<PathBuf>,
}

/// Why there is no scenario.
pub(super) enum Unloaded {
    /// It was read, and these are the reasons.
    Problems(Problems),
    /// It could not be read.
    Trouble(Trouble),
}

impl Unloaded {
    /// Why, to be told.
    pub(super) fn trouble(self, color: bool) -> Trouble {
        match self {
            Unloaded::Problems(problems) => Trouble::Problems(problems.render(color)),
            Unloaded::Trouble(trouble) => trouble,
        }
    }
}

/// Loads a scenario; `-` is standard input, whose policies are sought in the current folder.
pub(super) fn load(path: &Path, color: bool) -> Result<Loaded, Trouble> {
    look(path).map_err(|it| it.trouble(color))
}

/// The same, for who has more to say of the problems.
pub(super) fn look(path: &Path) -> Result<Loaded, Unloaded> {
    let bytes = input::read(path).map_err(Unloaded::Trouble)?;
    from(&bytes, path, &Changes::default())
}

/// The same of bytes that were read already, with changes to what they say.
pub(super) fn from(bytes: &[u8], path: &Path, changes: &Changes) -> Result<Loaded, Unloaded> {
    let mut files = Vec::new();
    if !input::is_stdin(path) {
        files.push(path.to_owned());
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut failed: Option<Trouble> = None;
    let mut read = |text: &str| {
        let mut policy = folder.join(text);
        if input::is_stdin(&policy) {
            // A scenario cannot ask for standard input: `-` is a file like any other.
            policy = Path::new(".").join(policy);
        }
        match input::read(&policy) {
            Ok(bytes) => {
                files.push(policy);
                Ok(bytes)
            }
            Err(trouble) => {
                let said = match &trouble {
                    Trouble::Input(said) | Trouble::Machine(said) | Trouble::Problems(said) => {
                        // Which file is said with the problem itself.
                        let name = format!("{}: ", input::name(&policy));
                        said.strip_prefix(&name).unwrap_or(said).to_owned()
                    }
                };
                if matches!(trouble, Trouble::Machine(_)) {
                    failed = Some(trouble);
                }
                Err(said)
            }
        }
    };
    let loaded = scenario::load_with(bytes, &input::name(path), changes, &mut read);
    match (loaded, failed) {
        (_, Some(machine)) => Err(Unloaded::Trouble(machine)),
        (Ok(loaded), None) => Ok(Loaded {
            scenario: loaded.scenario,
            warnings: loaded.warnings,
            marks: loaded.marks,
            sources: loaded.sources,
            files,
        }),
        (Err(problems), None) => Err(Unloaded::Problems(problems)),
    }
}
