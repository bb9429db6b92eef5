//! A suite for people: a line a scenario, and below it what does not hold and why.

use std::fmt;

use crate::report::verdicts::blocks;
use crate::text::clean;

use super::words::{again, difference, for_seeds, headline, totals as totals_in_words};
use super::{Case, Check, Fails, Fate, Judged, Suite, Totals};

/// Writes one case; nothing of one that is skipped. Why a file is no scenario is not told here.
///
/// # Errors
/// Those of the writer.
pub fn case(case: &Case, out: &mut dyn fmt::Write) -> fmt::Result {
    if case.is_skipped() {
        return Ok(());
    }
    writeln!(out, "{}", headline(case))?;
    let mut why = String::new();
    unmet(case, &mut why)?;
    for line in why.lines() {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// Writes what stands below all cases: how many came out how, and what is said of the suite itself.
///
/// # Errors
/// Those of the writer.
pub fn totals(suite: &Suite, out: &mut dyn fmt::Write) -> fmt::Result {
    writeln!(out, "{}", totals_in_words(&Totals::new(suite)))?;
    match &suite.review {
        None => Ok(()),
        Some(review) => {
            writeln!(out)?;
            let mut lines = review.lines();
            lines.try_for_each(|line| writeln!(out, "{line}"))
        }
    }
}

/// Writes what does not hold of a case that was judged, and why.
pub(super) fn unmet(case: &Case, out: &mut dyn fmt::Write) -> fmt::Result {
    let Fate::Judged(judged) = &case.fate else {
        return Ok(());
    };
    for (check, fails) in judged.failing() {
        one(case, judged, check, fails, out)?;
    }
    if let Some(command) = again(case, judged) {
        writeln!(out, "again: {}", clean(&command))?;
    }
    let lines = difference(case, judged).unwrap_or_default();
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Writes why one expectation does not hold, its place first.
pub(super) fn one(
    case: &Case,
    judged: &Judged,
    check: &Check,
    fails: &Fails,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let (file, text) = (clean(&case.file), clean(&check.text));
    writeln!(out, "{file}:{}:{}: {text}", check.line, check.column)?;
    if let Some(seeds) = for_seeds(judged, fails) {
        writeln!(out, "  {seeds}")?;
    }
    blocks(&fails.unmet, out)
}
