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

/// Stands for a number on which the texts are silent: anything agrees with it.
pub const OPEN: &str = "open";

/// A run, as plain words.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    /// By subject and kind of fact: when, and what.
    pub facts: BTreeMap<(String, &'static str), Vec<(u64, String)>>,
    /// By incarnation of a collection.
    pub totals: BTreeMap<String, Totals>,
    /// By site: when a collection of it begins (+1) or ceases (−1) to have anything in its caches.
    pub cached: BTreeMap<String, Vec<(u64, i64)>>,
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
    /// Says which places of a site are readable, from when it was there (R9).
    pub fn say_cache(&mut self, site: &str, since: u64) {
        let mut moves = self.cached.get(site).cloned().unwrap_or_default();
        moves.sort_unstable();
        let mut times: Vec<u64> = moves.iter().map(|it| it.0).collect();
        times.push(since);
        times.sort_unstable();
        times.dedup();
        let mut last = None;
        for at in times {
            let upto = moves.iter().filter(|it| it.0 <= at);
            let readable = upto.map(|it| it.1).sum::<i64>() > 0;
            if last != Some(readable) {
                last = Some(readable);
                self.say(at, site, "cache", readable.to_string());
            }
        }
    }
}

/// Instants at which everything is looked at, besides those at which something happens.
pub fn samples(until: u64) -> [u64; 7] {
    [1, 2, 3, 4, 5, 6, 7].map(|it| until / 8 * it + it * 137 % until.min(997))
}
