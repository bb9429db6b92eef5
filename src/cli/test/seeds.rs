//! One scenario with many seeds: how often something does not hold, and why the first time. No run is kept.

use std::ops::Range;

use crate::chance::Seed;
use crate::cli::arguments::Test;
use crate::engine;
use crate::expect::{self, Judgement};
use crate::parallel;
use crate::report::Unmet;
use crate::report::suite::{Case, Check, Fails, Judged, Seeds};
use crate::scenario::Scenario;

/// Into so many pieces the seeds are cut, at most: what is remembered does not grow with their number.
const PIECES: u64 = 256;

/// Runs a scenario with each seed and judges it.
pub(super) fn judge(scenario: &Scenario, case: &Case, asked: &Test, threads: usize) -> Judged {
    let first = asked.seed.unwrap_or(scenario.seed.0);
    let count = asked.seeds.unwrap_or(1);
    let each = count.div_ceil(PIECES).max(1);
    let pieces = (0..count.div_ceil(each)).map(|at| at * each..((at + 1) * each).min(count));
    let found = parallel::map_in_order(pieces.collect(), threads, |piece| {
        tally(scenario, case, first, piece)
    });
    let mut all = Tally::new(scenario);
    for piece in found {
        all.add(piece);
    }
    let checks = scenario.expectations.iter().zip(all.fails);
    Judged {
        seeds: Seeds {
            first,
            count,
            failing: all.failing,
            first_failing: all.first,
        },
        checks: checks
            .map(|(it, fails)| Check {
                line: it.line,
                column: it.column,
                text: it.text.clone(),
                fails,
            })
            .collect(),
        golden: None,
    }
}

/// What came out with some seeds.
struct Tally {
    failing: u64,
    first: Option<u64>,
    /// For each expectation.
    fails: Vec<Option<Fails>>,
}

impl Tally {
    fn new(scenario: &Scenario) -> Tally {
        Tally {
            failing: 0,
            first: None,
            fails: scenario.expectations.iter().map(|_| None).collect(),
        }
    }

    /// Adds what came out with later seeds.
    fn add(&mut self, later: Tally) {
        self.failing += later.failing;
        self.first = self.first.or(later.first);
        for (mine, its) in self.fails.iter_mut().zip(later.fails) {
            match (mine, its) {
                (Some(mine), Some(its)) => mine.seeds += its.seeds,
                (mine @ None, its) => *mine = its,
                (Some(_), None) => {}
            }
        }
    }
}

/// Runs it with some of the seeds, counted from the first.
fn tally(scenario: &Scenario, case: &Case, first: u64, piece: Range<u64>) -> Tally {
    let mut tally = Tally::new(scenario);
    for seed in piece.map(|at| first.wrapping_add(at)) {
        let timeline = engine::run(scenario, Seed(seed));
        let verdicts = expect::judge(&scenario.expectations, scenario.until, &timeline);
        let origin = case.origin((seed != scenario.seed.0).then_some(seed));
        for verdict in &verdicts {
            assert!(
                verdict.judgement != Judgement::NotJudged,
                "a run of its whole length judges everything"
            );
            let Some(unmet) = Unmet::new(&timeline, verdict, &origin) else {
                continue;
            };
            match &mut tally.fails[verdict.expectation] {
                Some(fails) => fails.seeds += 1,
                none => {
                    *none = Some(Fails {
                        seeds: 1,
                        first: seed,
                        unmet,
                    });
                }
            }
        }
        if !expect::all_hold(&verdicts) {
            tally.failing += 1;
            tally.first = tally.first.or(Some(seed));
        }
    }
    tally
}
