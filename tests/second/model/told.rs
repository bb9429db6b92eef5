//! What the model says: for each subject and each kind of fact the course it took, in words.

use std::collections::BTreeMap;

/// What is left of a collection's traffic at the end.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Queries that came.
    pub issued: u64,
    /// Queries that were not served.
    pub failed: u64,
    /// Bytes the source dropped.
    pub lost_bytes: u64,
}

/// A run, as plain words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    /// By subject and kind of fact: when, and what.
    pub facts: BTreeMap<(String, &'static str), Vec<(u64, String)>>,
    /// By incarnation of a collection.
    pub totals: BTreeMap<String, Totals>,
    until: u64,
}

impl Told {
    /// Nothing yet; what comes at `until` or later is not said.
    pub fn new(until: u64) -> Told {
        Told {
            until,
            ..Told::default()
        }
    }

    /// Says something.
    pub fn say(&mut self, ms: u64, subject: &str, kind: &'static str, what: impl Into<String>) {
        if ms < self.until {
            let course = self.facts.entry((subject.to_owned(), kind)).or_default();
            course.push((ms, what.into()));
        }
    }
}
