//! The verdicts in words: how many hold, and of each that does not, for whom, what was, and why.

use std::fmt;

use crate::expect::{Judgement, Verdict};
use crate::scenario::Expectation;
use crate::text::{clean, counted, grouped};
use crate::timeline::Timeline;

use super::Run;
use super::unmet::{Origin, Unmet};

/// `5 of 6 expectations hold, 1 not judged (the run was made shorter)`.
pub fn tally(verdicts: &[Verdict]) -> String {
    if verdicts.is_empty() {
        return "no expectations".to_owned();
    }
    let number = |judgement| {
        let these = verdicts.iter().filter(|it| it.judgement == judgement);
        these.count() as u64
    };
    let hold = number(Judgement::Holds);
    let all = verdicts.len() as u64;
    let verb = if all == 1 { "holds" } else { "hold" };
    let mut text = format!(
        "{} of {} {verb}",
        grouped(hold),
        counted(all, "expectation")
    );
    let skipped = number(Judgement::NotJudged);
    if skipped > 0 {
        text.push_str(&format!(
            ", {} not judged (the run was made shorter)",
            grouped(skipped)
        ));
    }
    text
}

/// Writes what does not hold, and what was not judged.
///
/// # Errors
/// Those of the writer.
pub(super) fn all_failures(
    run: &Run<'_>,
    origin: &Origin<'_>,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    run.verdicts.iter().try_for_each(|verdict| {
        let expectation = &run.expectations[verdict.expectation];
        failures(run.timeline, expectation, verdict, origin, out)
    })
}

/// Writes why one expectation does not hold, a block for each failing subject that is told; nothing where it holds.
///
/// # Errors
/// Those of the writer.
pub fn failures(
    timeline: &Timeline,
    expectation: &Expectation,
    verdict: &Verdict,
    origin: &Origin<'_>,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let Expectation { line, column, .. } = expectation;
    let head = format!(
        "{}:{line}:{column}: {}",
        clean(origin.file),
        clean(&expectation.text)
    );
    match verdict.judgement {
        Judgement::Holds => Ok(()),
        Judgement::NotJudged => {
            writeln!(out, "{head}")?;
            writeln!(out, "  not judged: the run ends at {}", timeline.until)
        }
        Judgement::Fails => {
            writeln!(out, "{head}")?;
            match Unmet::new(timeline, verdict, origin) {
                Some(unmet) => blocks(&unmet, out),
                None => Ok(()),
            }
        }
    }
}

/// Writes for whom it does not hold, what was, and why: a block for each subject that is told.
pub(super) fn blocks(unmet: &Unmet, out: &mut dyn fmt::Write) -> fmt::Result {
    for told in &unmet.told {
        writeln!(out, "  {}", clean(&unmet.for_whom(told)))?;
        for (name, text) in told.parts() {
            writeln!(out, "    {name}: {}", clean(&text))?;
        }
    }
    match unmet.nor_for() {
        Some(more) => writeln!(out, "  {more}"),
        None => Ok(()),
    }
}

/// Why an expectation does not hold, in one sentence; `None` where it does.
pub fn why(timeline: &Timeline, verdict: &Verdict) -> Option<String> {
    match verdict.judgement {
        Judgement::Holds => None,
        Judgement::NotJudged => Some(format!("not judged: the run ends at {}", timeline.until)),
        Judgement::Fails => {
            let unmet = Unmet::new(timeline, verdict, &Origin::file(""));
            unmet.map(|it| it.sentence())
        }
    }
}
