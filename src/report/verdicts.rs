//! The verdicts in words: how many hold, and of each that does not, for whom, what was, and why.

use std::fmt;

use crate::expect::{Failure, Judgement, Verdict};
use crate::names::{Kind, Subject};
use crate::scenario::Expectation;
use crate::text::{clean, counted, grouped};
use crate::timeline::Timeline;

use super::Run;
use super::phrase::chain;

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

/// Writes what does not hold, and what was not judged; `file` is the scenario as the user named it.
///
/// # Errors
/// Those of the writer.
pub(super) fn all_failures(run: &Run<'_>, file: &str, out: &mut dyn fmt::Write) -> fmt::Result {
    run.verdicts.iter().try_for_each(|verdict| {
        let expectation = &run.expectations[verdict.expectation];
        failures(run.timeline, expectation, verdict, file, out)
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
    file: &str,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let place = format!(
        "{}:{}:{}",
        clean(file),
        expectation.line,
        expectation.column
    );
    let text = clean(&expectation.text);
    match verdict.judgement {
        Judgement::Holds => return Ok(()),
        Judgement::NotJudged => {
            writeln!(out, "{place}: {text}")?;
            return writeln!(out, "  not judged: the run ends at {}", timeline.until);
        }
        Judgement::Fails => writeln!(out, "{place}: {text}")?,
    }
    for failure in &verdict.failures {
        block(timeline, verdict, failure, &shell(file), out)?;
    }
    let more = verdict.failed - verdict.failures.len();
    if more > 0 {
        writeln!(out, "  … nor for {} more", grouped(more as u64))?;
    }
    Ok(())
}

fn block(
    timeline: &Timeline,
    verdict: &Verdict,
    failure: &Failure,
    file: &str,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    writeln!(
        out,
        "  does not hold for {} ({} of {} selected)",
        who(timeline, failure),
        grouped(verdict.failed as u64),
        grouped(verdict.selected as u64)
    )?;
    writeln!(out, "    was: {}", failure.was)?;
    if let Some(nearest) = &failure.nearest {
        writeln!(out, "    nearest: {nearest}")?;
    }
    if !failure.chain.is_empty() {
        writeln!(out, "    because: {}", chain(timeline, &failure.chain))?;
    } else if failure.instant.is_some() {
        writeln!(out, "    because: it was so from the start")?;
    }
    let plain = Subject::new(failure.subject.kind, failure.subject.id);
    match (plain.kind, failure.instant) {
        (Kind::Collection, Some(instant)) => writeln!(
            out,
            "    more: keyoutage explain {file} --at {instant} --collection {}",
            timeline.names.text(plain)
        ),
        _ => Ok(()),
    }
}

/// A file name as a shell takes it.
fn shell(file: &str) -> String {
    let file = clean(file);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._/+-".contains(letter);
    if file.chars().all(plain) {
        file.into_owned()
    } else {
        format!("'{}'", file.replace('\'', "'\\''"))
    }
}

/// The subject, with its place.
fn who(timeline: &Timeline, failure: &Failure) -> String {
    let name = timeline.names.text(failure.subject);
    match failure.place {
        Some(place) => format!("{name}/{place}"),
        None => name,
    }
}

/// Why an expectation does not hold, in one sentence; `None` where it does.
pub fn why(timeline: &Timeline, verdict: &Verdict) -> Option<String> {
    match verdict.judgement {
        Judgement::Holds => None,
        Judgement::NotJudged => Some(format!("not judged: the run ends at {}", timeline.until)),
        Judgement::Fails => {
            let first = verdict.failures.first()?;
            let mut text = format!("{}: {}", who(timeline, first), first.was);
            if let Some(nearest) = &first.nearest {
                text.push_str(&format!("; {nearest}"));
            }
            if verdict.selected > 1 {
                text.push_str(&format!(
                    " ({} of {} selected)",
                    grouped(verdict.failed as u64),
                    grouped(verdict.selected as u64)
                ));
            }
            Some(text)
        }
    }
}
