//! From the file of a scenario to what became of it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cli::arguments::{Replay, Test};
use crate::cli::exit::Trouble;
use crate::cli::input;
use crate::cli::load::{self, Loaded, Unloaded};
use crate::cli::replay;
use crate::cli::walk;
use crate::report::suite::{Broken, Came, Case, Fate, Golden};

use super::golden::{self, Update};
use super::seeds;

/// A case, and the files it was made of: none of them may be overwritten.
pub(super) struct Looked {
    pub(super) case: Case,
    pub(super) files: Vec<PathBuf>,
}

/// What every case is judged by.
pub(super) struct Judge<'a> {
    asked: &'a Test,
    threads: usize,
    /// The place of the first case known to have failed.
    failed: AtomicUsize,
}

impl<'a> Judge<'a> {
    /// As the command line asks.
    pub(super) fn new(asked: &'a Test, threads: usize) -> Judge<'a> {
        Judge {
            asked,
            threads,
            failed: AtomicUsize::new(usize::MAX),
        }
    }

    /// What became of the scenario in a file; `None` where `--run` does not select it. A file that is no scenario has no
    /// name and is selected by its path. What comes after a failure may be skipped without a look.
    pub(super) fn case(&self, at: usize, path: &Path) -> Option<Looked> {
        let mut files = vec![path.to_owned()];
        let mut case = Case {
            file: input::name(path),
            argument: path.to_string_lossy().into_owned(),
            name: None,
            warnings: Default::default(),
            fate: Fate::Skipped,
        };
        let found = |text: &str| self.asked.run.as_ref().is_none_or(|it| it.finds(text));
        let by_path = found(&case.file);
        if by_path && self.is_late(at) {
            return Some(Looked { case, files });
        }
        match load::look(path) {
            Err(_) if !by_path => return None,
            Err(unloaded) => case.fate = Fate::Broken(broken(unloaded)),
            Ok(loaded) if !by_path && !found(&loaded.scenario.name) => return None,
            Ok(_) if self.is_late(at) => {}
            Ok(mut loaded) => {
                case.name = Some(loaded.scenario.name.clone());
                case.warnings = std::mem::take(&mut loaded.warnings);
                files.extend(loaded.files.iter().cloned());
                files.extend(golden::beside(path));
                let mut judged = seeds::judge(&loaded.scenario, &case, self.asked, self.threads);
                case.fate = match self.golden(path, loaded) {
                    Ok(golden) => {
                        judged.golden = golden;
                        Fate::Judged(judged)
                    }
                    Err(trouble) => Fate::Broken(broken(Unloaded::Trouble(trouble))),
                };
            }
        }
        if !case.holds() && !case.is_skipped() {
            self.failed.fetch_min(at, Ordering::Relaxed);
        }
        Some(Looked { case, files })
    }

    /// What became of its golden timeline; `None` where it has none, or the seed is not the one it is kept of.
    fn golden(&self, path: &Path, loaded: Loaded) -> Result<Option<Golden>, Trouble> {
        let own = loaded.scenario.seed.0;
        let itself = |it: &PathBuf| walk::plain(it) == walk::plain(path);
        let update = match (self.asked.update, self.asked.paths.iter().any(itself)) {
            (false, _) => Update::No,
            (true, false) => Update::Present,
            (true, true) => Update::Missing,
        };
        let Some(kept) = golden::beside(path) else {
            return Ok(None);
        };
        let due = update == Update::Missing || input::is_there(&kept);
        if !due || self.asked.seed.is_some_and(|seed| seed != own) {
            return Ok(None);
        }
        let alone = Replay {
            seed: None,
            until: None,
            threads: Some(1),
        };
        let came = match golden::judge(path, &replay::run(loaded, &alone)?, update)? {
            golden::Golden::Absent => return Ok(None),
            golden::Golden::Same => Came::Same,
            golden::Golden::Differs(text) => Came::Differs(text),
            golden::Golden::Written => Came::Written,
        };
        let file = input::name(&kept);
        Ok(Some(Golden { file, came }))
    }

    /// Whether a case before this one has failed, and that ends the suite.
    fn is_late(&self, at: usize) -> bool {
        self.asked.fail_fast && self.failed.load(Ordering::Relaxed) < at
    }
}

fn broken(unloaded: Unloaded) -> Broken {
    match unloaded {
        Unloaded::Problems(problems) => Broken::Problems(problems),
        Unloaded::Trouble(Trouble::Input(said) | Trouble::Problems(said)) => Broken::Unread {
            said,
            machine: false,
        },
        Unloaded::Trouble(Trouble::Machine(said)) => Broken::Unread {
            said,
            machine: true,
        },
    }
}
