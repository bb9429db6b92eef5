//! How many scenarios of a suite came out how.

use super::{Came, Fate, Suite};

/// Numbers of scenarios, and of their expectations.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// All that were selected.
    pub scenarios: u64,
    /// The expectations of those that were judged.
    pub expectations: u64,
    /// Those of them that do not hold.
    pub unmet: u64,
    /// The golden timelines that were looked at.
    pub goldens: u64,
    /// Those of them that say something else.
    pub differing: u64,
    /// Those of them that were written.
    pub written: u64,
    /// Scenarios of which all holds.
    pub ok: u64,
    /// Scenarios of which something does not hold.
    pub failed: u64,
    /// Files that are no scenarios.
    pub broken: u64,
    /// Scenarios after the first that failed.
    pub skipped: u64,
    /// Scenarios that were there and not selected.
    pub unselected: u64,
}

impl Totals {
    /// Of a suite.
    pub fn new(suite: &Suite) -> Totals {
        let mut totals = Totals {
            scenarios: suite.cases.len() as u64,
            unselected: suite.unselected,
            ..Totals::default()
        };
        for case in &suite.cases {
            match &case.fate {
                Fate::Judged(judged) => {
                    totals.expectations += judged.checks.len() as u64;
                    totals.unmet += judged.failed();
                    if let Some(golden) = &judged.golden {
                        totals.goldens += 1;
                        match golden.came {
                            Came::Same => {}
                            Came::Differs(_) => totals.differing += 1,
                            Came::Written => totals.written += 1,
                        }
                    }
                    if judged.holds() {
                        totals.ok += 1;
                    } else {
                        totals.failed += 1;
                    }
                }
                Fate::Broken(_) => totals.broken += 1,
                Fate::Skipped => totals.skipped += 1,
            }
        }
        totals
    }
}
