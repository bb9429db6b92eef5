//! A run as one JSON document: what DESIGN 5 lists, integers only, entries and totals one a line, as NDJSON has them.

use std::fmt;

use crate::text::quoted;
use crate::timeline::SCHEMA;

use super::Run;
use super::header::{assumptions, inputs, start, start_time};
use super::tail::{measures, milestones, verdicts};
use super::totals::{entries, totals};

/// Writes the document.
///
/// # Errors
/// Those of the writer.
pub fn json(run: &Run<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
    let timeline = run.timeline;
    out.write_str("{\n")?;
    for (name, value) in [
        ("schema", quoted(SCHEMA)),
        ("scenario", quoted(&timeline.scenario)),
        ("profile", quoted(&timeline.profile)),
        ("seed", timeline.seed.0.to_string()),
        ("digest", quoted(run.digest)),
        ("inputs", inputs(timeline)),
        ("start_time", start_time(timeline)),
        ("until_ms", timeline.until.ms().to_string()),
        ("assumptions", assumptions(timeline)),
        ("start", start(timeline)),
    ] {
        writeln!(out, "\"{name}\":{value},")?;
    }
    list("milestones", out, |each| milestones(timeline, each))?;
    out.write_str(",\n")?;
    list("entries", out, |each| entries(timeline, each))?;
    out.write_str(",\n")?;
    list("totals", out, |each| totals(timeline, each))?;
    out.write_str(",\n")?;
    list("measures", out, |each| measures(timeline, each))?;
    out.write_str(",\n")?;
    list("expectations", out, |each| verdicts(run, each))?;
    out.write_str("\n}\n")
}

/// Writes a list with one element a line.
fn list(
    name: &str,
    out: &mut dyn fmt::Write,
    fill: impl FnOnce(&mut dyn FnMut(&str) -> fmt::Result) -> fmt::Result,
) -> fmt::Result {
    write!(out, "\"{name}\":[")?;
    let mut any = false;
    fill(&mut |value| {
        out.write_str(if any { ",\n" } else { "\n" })?;
        any = true;
        out.write_str(value)
    })?;
    out.write_str(if any { "\n]" } else { "]" })
}
