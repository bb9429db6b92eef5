//! A run as lines of JSON: a header, the entries, the totals, a trailer
//! (digest, verdicts, measures). The digest is the SHA-256 of all lines but the
//! first and the last: `sed '1d;$d' FILE | sha256sum` gives it again.

use std::fmt;

use crate::text::quoted;
use crate::timeline::SCHEMA;

use super::Run;
use super::header::{assumptions, inputs, start, start_time};
use super::tail::{measures, verdicts};
use super::totals::{entries, totals};

/// Writes the lines.
///
/// # Errors
/// Those of the writer.
pub fn ndjson(run: &Run<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
    let timeline = run.timeline;
    writeln!(
        out,
        "{{\"schema\":{},\"scenario\":{},\"profile\":{},\"seed\":{},\"inputs\":{},\"start_time\":{},\
         \"until_ms\":{},\"assumptions\":{},\"start\":{}}}",
        quoted(SCHEMA),
        quoted(&timeline.scenario),
        quoted(&timeline.profile),
        timeline.seed.0,
        inputs(timeline),
        start_time(timeline),
        timeline.until.ms(),
        assumptions(timeline),
        start(timeline)
    )?;
    let mut line = |text: &str| {
        out.write_str(text)?;
        out.write_str("\n")
    };
    entries(timeline, &mut line)?;
    totals(timeline, &mut line)?;
    write!(
        out,
        "{{\"digest\":{},\"expectations\":[",
        quoted(run.digest)
    )?;
    let mut any = false;
    verdicts(run, &mut |text| {
        out.write_str(if any { "," } else { "" })?;
        any = true;
        out.write_str(text)
    })?;
    out.write_str("],\"measures\":[")?;
    let mut any = false;
    measures(timeline, &mut |text| {
        out.write_str(if any { "," } else { "" })?;
        any = true;
        out.write_str(text)
    })?;
    out.write_str("]}\n")
}
