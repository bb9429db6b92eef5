//! One thing that is told to programs: a finding, or a problem for which a file does not load.

use crate::preflight::codes::FindingCode;
use crate::preflight::finding::{Counterexample, Finding, Place};
use crate::scenario::{self, Code, Problem, Severity};

/// Which kind of thing it is.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    /// A finding.
    Finding(FindingCode),
    /// What makes a file no scenario.
    Problem(Code),
}

impl Kind {
    /// Its code.
    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Finding(code) => code.word(),
            Kind::Problem(code) => code.word(),
        }
    }

    /// The page that explains it.
    pub(super) fn page(self) -> &'static str {
        match self {
            Kind::Finding(code) => crate::preflight::explain(code.word()).unwrap_or(""),
            Kind::Problem(code) => scenario::explain(code.word()).unwrap_or(""),
        }
    }

    /// Its name in a few words, the heading of its page.
    pub(super) fn title(self) -> &'static str {
        let page = self.page();
        let line = page.lines().next().unwrap_or(page);
        line.split_once(' ').map_or(line, |(_, title)| title)
    }

    /// How bad it is, if nothing else is said.
    pub(super) fn severity(self) -> Severity {
        match self {
            Kind::Finding(code) => code.severity(),
            Kind::Problem(code) if code.is_warning() => Severity::Warning,
            Kind::Problem(_) => Severity::Error,
        }
    }
}

/// A finding or a problem, as programs are told of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Remark {
    pub(super) kind: Kind,
    pub(super) severity: Severity,
    pub(super) place: Place,
    pub(super) what: String,
    pub(super) consequence: Option<String>,
    pub(super) expected: Option<String>,
    pub(super) did_you_mean: Option<String>,
    pub(super) counterexample: Option<Counterexample>,
    /// Whether it is known how to mend it.
    pub(super) mended: bool,
}

impl From<&Finding> for Remark {
    fn from(it: &Finding) -> Remark {
        Remark {
            kind: Kind::Finding(it.code),
            severity: it.severity,
            place: it.place.clone(),
            what: it.what.clone(),
            consequence: it.consequence.clone(),
            expected: it.expected.clone(),
            did_you_mean: it.did_you_mean.clone(),
            counterexample: it.counterexample.clone(),
            mended: it.is_mended(),
        }
    }
}

impl From<&Problem> for Remark {
    fn from(it: &Problem) -> Remark {
        Remark {
            kind: Kind::Problem(it.code),
            severity: it.severity,
            place: Place {
                file: it.file.clone(),
                line: it.line.max(1),
                column: it.column.max(1),
                length: it.length.max(1),
            },
            what: it.message.clone(),
            consequence: it.help.clone(),
            expected: it.expected.clone(),
            did_you_mean: it.did_you_mean.clone(),
            counterexample: None,
            mended: false,
        }
    }
}

impl Remark {
    /// What follows and what shows it, each a sentence.
    pub(super) fn more(&self) -> Vec<String> {
        let shown = self.counterexample.as_ref().map(Counterexample::sentence);
        self.consequence.clone().into_iter().chain(shown).collect()
    }
}
