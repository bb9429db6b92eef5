//! All that `run` tells a person: the summary, the timeline, what does not hold; the last line says how it went.

use std::fmt;

use super::Run;
use super::summary::summary;
use super::text::entries;
use super::unmet::Origin;
use super::verdicts::{all_failures, tally};
use super::view::View;

/// Writes all of it; `origin` says where the run came from.
///
/// # Errors
/// Those of the writer.
pub fn whole(
    run: &Run<'_>,
    view: &View,
    origin: &Origin<'_>,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    summary(run, view, out)?;
    writeln!(out, "\ntimeline")?;
    entries(run.timeline, out)?;
    let mut failed = String::new();
    all_failures(run, origin, &mut failed)?;
    if !failed.is_empty() {
        write!(out, "\n{failed}")?;
    }
    writeln!(out, "\n{}", tally(run.verdicts))
}
