//! Telling a run in words: one renderer a file, over the timeline and the verdicts; the numbers are computed once, in
//! `view.rs`. Nothing here prints or reads; every renderer writes into what it is given.

mod again;
mod amounts;
mod columns;
mod csv;
mod explain;
mod golden;
mod golden_read;
mod halts;
mod header;
mod json;
mod markdown;
mod measures;
mod ndjson;
mod parts;
mod phrase;
#[cfg(test)]
mod real;
#[cfg(test)]
mod real_tests;
mod retold;
mod story;
pub mod suite;
mod summary;
mod tail;
#[cfg(test)]
mod tests;
mod text;
mod told;
mod totals;
mod unmet;
mod verdicts;
mod view;
mod whole;

use crate::expect::Verdict;
use crate::scenario::Expectation;
use crate::timeline::Timeline;

pub use again::Again;
pub(crate) use columns::aligned;
pub use csv::csv;
pub use explain::{explain, explain_incarnation};
pub use golden::golden;
pub use golden_read::{Amiss, is_golden, read_golden};
pub use halts::{bare, halts};
pub use json::json;
pub use markdown::markdown;
pub use measures::{Extreme, MeasureRange, Value};
pub use ndjson::ndjson;
pub use phrase::{causes, chain, gist, phrase, said};
pub use summary::summary;
pub use text::text;
pub use told::{Begun, Head, NUMBERS, Number, Numbers, Said, Told, Whom, number};
pub use unmet::{Link, Miss, Origin, Unmet};
pub use verdicts::{failures, tally, why};
pub use view::{Refusal, SiteView, Spread, View};
pub use whole::whole;

/// A run and what became of its expectations.
#[derive(Copy, Clone, Debug)]
pub struct Run<'a> {
    /// What happened.
    pub timeline: &'a Timeline,
    /// What should hold.
    pub expectations: &'a [Expectation],
    /// Whether it does, in the same order.
    pub verdicts: &'a [Verdict],
    /// [`Timeline::digest`], 64 hex digits, computed once.
    pub digest: &'a str,
}

impl Run<'_> {
    /// The digest as people compare it: 16 hex digits.
    pub fn short_digest(&self) -> &str {
        self.digest.get(..16).unwrap_or(self.digest)
    }
}
