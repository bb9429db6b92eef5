#![doc = include_str!("testing.md")]

use std::fmt;

use crate::expect::{self, Judgement};
use crate::report::{self, Origin};
use crate::scenario::{Expectation, Problems, Scenario};
use crate::text::counted;
use crate::timeline::Timeline;

/// Why [`check`] does not pass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Unmet {
    /// The expectations cannot be read, or can never be decided.
    Problems(Problems),
    /// Some do not hold: the text that tells which, what was, how near it came, and why.
    Failures(String),
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unmet::Problems(problems) => write!(f, "{problems}"),
            Unmet::Failures(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Unmet {}

/// Judges expectations, a YAML list as below `expect:`, against a run of a scenario.
///
/// # Errors
/// That they cannot be read, or do not all hold.
pub fn check(scenario: &Scenario, timeline: &Timeline, expectations: &str) -> Result<(), Unmet> {
    let all = scenario.expecting(expectations).map_err(Unmet::Problems)?;
    judge(&all, scenario, timeline, "expectations")
}

/// Judges the scenario's own expectations, and what it takes for granted, against a run of it.
///
/// # Errors
/// That they do not all hold.
pub fn check_own(scenario: &Scenario, timeline: &Timeline) -> Result<(), Unmet> {
    let file = scenario.inputs.first().map_or("", |it| it.name.as_str());
    judge(&scenario.expectations, scenario, timeline, file)
}

fn judge(
    all: &[Expectation],
    scenario: &Scenario,
    timeline: &Timeline,
    file: &str,
) -> Result<(), Unmet> {
    let verdicts = expect::judge(all, scenario.until, timeline);
    let holds = |it: &expect::Verdict| it.judgement == Judgement::Holds;
    let unmet = verdicts.iter().filter(|it| !holds(it)).count();
    if unmet == 0 {
        return Ok(());
    }
    let of = counted(all.len() as u64, "expectation");
    let origin = Origin {
        file,
        argument: scenario.inputs.first().map_or(file, |it| it.name.as_str()),
        seed: (timeline.seed != scenario.seed).then_some(timeline.seed),
    };
    let mut text = format!("{}: {unmet} of {of} do not hold\n", scenario.name);
    for verdict in &verdicts {
        let asked = &all[verdict.expectation];
        report::failures(timeline, asked, verdict, &origin, &mut text)
            .expect("writing to a String cannot fail");
    }
    Err(Unmet::Failures(text.trim_end().to_owned()))
}

/// Asserts that expectations hold of a run, and panics with the reasons where they do not.
///
/// With a scenario and a timeline the scenario's own are judged; a text is a YAML list, as below `expect:`.
///
/// # Panics
/// With the problems of the text, or with the same words as `keyoutage test`.
#[macro_export]
macro_rules! assert_expect {
    ($scenario:expr, $timeline:expr $(,)?) => {
        if let Err(unmet) = $crate::testing::check_own(&$scenario, &$timeline) {
            panic!("{unmet}");
        }
    };
    ($scenario:expr, $timeline:expr, $expectations:expr $(,)?) => {
        if let Err(unmet) = $crate::testing::check(&$scenario, &$timeline, $expectations) {
            panic!("{unmet}");
        }
    };
}
