//! Why an expectation does not hold for one subject, in words: what was, how near it came, and the entries that show it.

use crate::names::Kind;
use crate::scenario::{Expectation, When};
use crate::states::Status;
use crate::time::Time;
use crate::timeline::Timeline;

use super::Failure;
use super::asked::{Asked, Was};
use super::look::Look;
use super::nearest::{begins, nearest};
use super::piece::Piece;
use super::spans::Spans;
use super::when;

/// Tells the failure of one subject.
pub(super) fn tell(asked: &Expectation, look: &Look<'_>, timeline: &Timeline) -> Failure {
    let instant = when::instant(asked, look);
    let was = look.was(timeline, instant);
    let entries = match was.is_empty() {
        true => gone(look, timeline, instant).into_iter().collect(),
        false => entries(asked, instant, look, timeline, &was),
    };
    let chain = match entries.last() {
        Some(last) => timeline.chain(*last),
        None => Vec::new(),
    };
    let subject = look
        .piece(instant)
        .or_else(|| last_gone(look, instant))
        .map_or(look.judged.subject, |piece| piece.subject);
    Failure {
        subject,
        place: look.judged.place,
        instant: (!was.is_empty()).then_some(instant),
        was: said(look, &was, instant),
        nearest: nearest(asked, instant, look),
        from_start: entries.is_empty() && !was.is_empty(),
        entries,
        chain,
    }
}

/// What was at the instant: `queries some, ingest halted at 1h06m`.
fn said(look: &Look<'_>, was: &[Was], instant: Time) -> String {
    if was.is_empty() {
        return absent(look, instant);
    }
    let mut parts = Vec::with_capacity(was.len());
    for ((asked, _), was) in look.each.iter().zip(was) {
        parts.push(format!("{} {}", asked.name(), was.value));
    }
    format!("{} at {instant}", parts.join(", "))
}

/// Why a subject is not judged at an instant.
fn absent(look: &Look<'_>, instant: Time) -> String {
    let pieces = look.domain.each();
    match (pieces.first(), pieces.iter().rfind(|it| it.1 <= instant)) {
        (None, _) => "it was never there in this run".to_owned(),
        (Some(_), Some(gone)) => format!("deleted at {}", gone.1),
        (Some(first), None) => format!("not there yet at {instant}; made at {}", first.0),
    }
}

/// What deleted a collection that is not there any more.
fn gone(look: &Look<'_>, timeline: &Timeline, instant: Time) -> Option<u32> {
    if look.judged.subject.kind != Kind::Collection {
        return None;
    }
    let steps = timeline.statuses(last_gone(look, instant)?.subject);
    let mut gone = steps.iter().rev();
    gone.find(|it| it.value == Status::Deleted && it.from <= instant)?
        .entry
}

/// The one that was there last, of who is not there any more.
fn last_gone<'l>(look: &'l Look<'_>, instant: Time) -> Option<&'l Piece> {
    look.pieces.iter().rfind(|it| it.to <= instant)
}

/// The entries that show it: where it became so after all, those that made it so; else those that stood against it.
fn entries(
    asked: &Expectation,
    instant: Time,
    look: &Look<'_>,
    timeline: &Timeline,
    was: &[Was],
) -> Vec<u32> {
    let mut shown: Vec<u32> = Vec::new();
    let arrival = match asked.when {
        When::By(_) | When::Within(_, _) => match asked.stays {
            // What did not last is shown by what ended it.
            Some(_) => None,
            None => look.all.first(),
        },
        When::At(_)
        | When::Given(_)
        | When::Throughout(_, _)
        | When::Always
        | When::Never
        | When::Until(_)
        | When::Before
        | When::During(..)
        | When::Whole => None,
    };
    if let Some(first) = arrival {
        let then = look.was(timeline, first);
        for ((_, so), was) in look.each.iter().zip(&then) {
            if begins(so.each(), first) {
                shown.extend(was.entry);
            }
        }
    } else {
        // Where all that is asked was so, and still it does not hold, all of it is shown.
        let so = |it: &(Asked<'_>, Spans)| it.1.contains(instant);
        let all = asked.when == When::Never || look.each.iter().all(so);
        for ((_, so), was) in look.each.iter().zip(was) {
            if all || !so.contains(instant) {
                shown.extend(was.entry);
            }
        }
    }
    shown.sort_unstable();
    shown.dedup();
    shown
}
