//! What became of a suite of scenarios, as one plain value, and that value told: one form a file. Every form renders this
//! value and nothing else, so all of them say the same; there is no clock in it, so they say the same every time.

mod github;
mod json;
mod junit;
mod summary;
mod tap;
mod text;
mod totals;
mod words;

use crate::scenario::Problems;

use super::unmet::{Origin, Unmet};

pub use github::github;
pub use json::json;
pub use junit::junit;
pub use summary::summary;
pub use tap::tap;
pub use text::{case, totals};
pub use totals::Totals;
pub use words::stray_in_words;

/// What became of a suite.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Suite {
    /// Each scenario that was selected, in order.
    pub cases: Vec<Case>,
    /// How many scenarios were there and not selected.
    pub unselected: u64,
    /// Golden timelines that were found and belong to no scenario.
    pub strays: Vec<String>,
    /// What is said of the suite itself, where that was asked for.
    pub review: Option<Review>,
}

/// What is said of a suite itself, as what it covers and what it would notice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    /// For people, in lines.
    pub text: String,
    /// Whether the suite is as it should be.
    pub holds: bool,
    /// For programs: objects of the document, by their names.
    pub objects: Vec<(&'static str, serde_json::Value)>,
}

impl Review {
    /// Its lines, made safe to show.
    fn lines(&self) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        self.text.trim().lines().map(crate::text::clean)
    }
}

/// One scenario of a suite.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// The file, as messages call it.
    pub file: String,
    /// The file, as the command line takes it; `-` is standard input.
    pub argument: String,
    /// The scenario's name, where it could be read.
    pub name: Option<String>,
    /// What its writer should know though it can be run.
    pub warnings: Problems,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It was run and judged.
    Judged(Judged),
    /// It is no scenario.
    Broken(Broken),
    /// It comes after the first that failed, and nothing is told of it.
    Skipped,
}

/// A scenario that was run, with one seed or several.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// With which seeds.
    pub seeds: Seeds,
    /// What should hold, in the order of the file.
    pub checks: Vec<Check>,
    /// Its golden timeline, where it has one that was looked at.
    pub golden: Option<Golden>,
}

/// A golden timeline: what happened when somebody last looked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Golden {
    /// Its file, as messages call it.
    pub file: String,
    /// What became of it.
    pub came: Came,
}

/// What became of a golden timeline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Came {
    /// It says what happened.
    Same,
    /// It says something else: what differs from it, in words.
    Differs(String),
    /// It was written anew.
    Written,
}

/// The seeds with which a scenario was run, one after the other.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Seeds {
    /// The first.
    pub first: u64,
    /// How many; after the greatest seed comes 0.
    pub count: u64,
    /// With how many of them something does not hold.
    pub failing: u64,
    /// The first of those.
    pub first_failing: Option<u64>,
}

/// One thing that should hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// The line of the file, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// The expectation, as the file writes it.
    pub text: String,
    /// Why it does not hold; `None` where it does.
    pub fails: Option<Fails>,
}

/// An expectation that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fails {
    /// With how many of the seeds.
    pub seeds: u64,
    /// The first of those.
    pub first: u64,
    /// Why, with that one.
    pub unmet: Unmet,
}

/// Why there is no scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Broken {
    /// It was read, and these are the reasons.
    Problems(Problems),
    /// It could not be read: one sentence.
    Unread {
        /// Why not.
        said: String,
        /// Whether that is the machine's fault, not the user's.
        machine: bool,
    },
}

impl Case {
    /// Whether all that should hold does.
    pub fn holds(&self) -> bool {
        match &self.fate {
            Fate::Judged(judged) => judged.holds(),
            Fate::Broken(_) | Fate::Skipped => false,
        }
    }

    /// The same, of which nothing is told.
    #[must_use]
    pub fn skipped(self) -> Case {
        Case {
            name: None,
            warnings: Problems::default(),
            fate: Fate::Skipped,
            ..self
        }
    }

    /// Whether it is skipped.
    pub fn is_skipped(&self) -> bool {
        self.fate == Fate::Skipped
    }

    /// Where its runs come from, run with a seed.
    pub fn origin(&self, seed: Option<u64>) -> Origin<'_> {
        Origin {
            file: &self.file,
            argument: &self.argument,
            seed: seed.map(crate::chance::Seed),
        }
    }
}

impl Judged {
    /// Whether every expectation holds, and the golden timeline says what happened.
    pub fn holds(&self) -> bool {
        self.failed() == 0 && self.differs().is_none()
    }

    /// The golden timeline that says something else, and what differs from it.
    pub fn differs(&self) -> Option<(&Golden, &str)> {
        let golden = self.golden.as_ref()?;
        match &golden.came {
            Came::Differs(text) => Some((golden, text)),
            Came::Same | Came::Written => None,
        }
    }

    /// How many expectations do not hold.
    pub fn failed(&self) -> u64 {
        self.failing().count() as u64
    }

    /// Those that do not hold, and why.
    pub fn failing(&self) -> impl Iterator<Item = (&Check, &Fails)> {
        self.checks
            .iter()
            .filter_map(|check| check.fails.as_ref().map(|fails| (check, fails)))
    }
}
