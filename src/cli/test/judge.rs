//! From the file of a scenario to what became of it.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cli::arguments::Test;
use crate::cli::exit::Trouble;
use crate::cli::input;
use crate::cli::load::{self, Unloaded};
use crate::report::suite::{Broken, Case, Fate};

use super::seeds;

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
    pub(super) fn case(&self, at: usize, path: &Path) -> Option<Case> {
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
            return Some(case);
        }
        match load::look(path) {
            Err(_) if !by_path => return None,
            Err(unloaded) => case.fate = Fate::Broken(broken(unloaded)),
            Ok(loaded) if !by_path && !found(&loaded.scenario.name) => return None,
            Ok(_) if self.is_late(at) => return Some(case),
            Ok(loaded) => {
                case.name = Some(loaded.scenario.name.clone());
                case.warnings = loaded.warnings;
                let judged = seeds::judge(&loaded.scenario, &case, self.asked, self.threads);
                case.fate = Fate::Judged(judged);
            }
        }
        if !case.holds() {
            self.failed.fetch_min(at, Ordering::Relaxed);
        }
        Some(case)
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
