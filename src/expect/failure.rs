//! Why an expectation does not hold for one subject, in words: what was, how near it came, and the entries that show it.

use crate::scenario::When;
use crate::text::counted;
use crate::time::{Span, Time};
use crate::timeline::Timeline;

use super::Failure;
use super::asked::Was;
use super::look::Look;
use super::spans::Spans;
use super::when;

/// Tells the failure of one subject.
pub(super) fn tell(when: When, look: &Look<'_>, timeline: &Timeline) -> Failure {
    let instant = when::instant(when, look);
    let was = look.was(timeline, instant);
    let entries = entries(when, instant, look, timeline, &was);
    let chain = match entries.last() {
        Some(last) => timeline.chain(*last),
        None => Vec::new(),
    };
    let subject = look
        .piece(instant)
        .map_or(look.judged.subject, |piece| piece.subject);
    Failure {
        subject,
        place: look.judged.place,
        instant: (!was.is_empty()).then_some(instant),
        was: said(look, &was, instant),
        nearest: nearest(when, instant, look),
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

/// The entries that show it: where it became so after all, those that made it so; else those that stood against it.
fn entries(
    when: When,
    instant: Time,
    look: &Look<'_>,
    timeline: &Timeline,
    was: &[Was],
) -> Vec<u32> {
    let mut shown: Vec<u32> = Vec::new();
    let arrival = match when {
        When::By(_) | When::Within(_, _) => look.all.first(),
        When::At(_) | When::Throughout(_, _) | When::Always | When::Never => None,
    };
    if let Some(first) = arrival {
        let then = look.was(timeline, first);
        for ((_, so), was) in look.each.iter().zip(&then) {
            if begins(so.each(), first) {
                shown.extend(was.entry);
            }
        }
    } else {
        let all = when == When::Never;
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

fn begins(spans: &[(Time, Time)], time: Time) -> bool {
    spans.binary_search_by_key(&time, |span| span.0).is_ok()
}

/// How near it came to hold.
fn nearest(when: When, instant: Time, look: &Look<'_>) -> Option<String> {
    if look.domain.is_empty() {
        return None;
    }
    Some(match when {
        When::At(time) => near(look, time),
        When::By(bound) => match look.all.first() {
            Some(first) => format!(
                "{} at {first}, {} after the bound",
                became(look, first),
                first.since(bound)
            ),
            None => at_no_time(look),
        },
        When::Within(from, to) => match look.all.first() {
            Some(first) if first < from => format!(
                "{} at {first}, {} before the window",
                became(look, first),
                from.since(first)
            ),
            Some(first) => format!(
                "{} at {first}, {} after the window",
                became(look, first),
                first.since(to)
            ),
            None => at_no_time(look),
        },
        When::Throughout(from, to) => {
            let judged = look.domain.between(from, to);
            let broken = judged.without(&look.all);
            broken_for(look, &broken, instant, judged.total())?
        }
        When::Always => {
            let broken = look.domain.without(&look.all);
            broken_for(look, &broken, instant, look.domain.total())?
        }
        When::Never => format!("it was so {}", stretch(look, look.all.around(instant)?)),
    })
}

/// The nearest stretch in which it was so, before or after an instant.
fn near(look: &Look<'_>, time: Time) -> String {
    let spans = look.all.each();
    let after = spans.partition_point(|span| span.0 <= time);
    let earlier = after.checked_sub(1).map(|at| spans[at]);
    let later = spans.get(after).copied();
    match (earlier, later) {
        (None, None) => at_no_time(look),
        (Some(span), None) => was_until(look, span, time),
        (None, Some(span)) => will_be(look, span, time),
        (Some(before), Some(next)) => {
            if time.since(before.1) < next.0.since(time) {
                was_until(look, before, time)
            } else {
                will_be(look, next, time)
            }
        }
    }
}

fn was_until(look: &Look<'_>, span: (Time, Time), time: Time) -> String {
    let gap = time.since(span.1);
    if gap.ms() == 0 {
        format!("it was so {}, up to this very instant", stretch(look, span))
    } else {
        format!("it was so {}, {gap} earlier", stretch(look, span))
    }
}

fn will_be(look: &Look<'_>, span: (Time, Time), time: Time) -> String {
    format!(
        "{} at {}, {} later",
        became(look, span.0),
        span.0,
        span.0.since(time)
    )
}

/// `from 1h until 2h`, or `from 1h to the end`.
fn stretch(look: &Look<'_>, (from, to): (Time, Time)) -> String {
    if to > look.end {
        format!("from {from} to the end")
    } else {
        format!("from {from} until {to}")
    }
}

/// What became so at an instant at which all of it first is: `queries became none`.
fn became(look: &Look<'_>, first: Time) -> String {
    let mut parts = Vec::new();
    for (asked, so) in &look.each {
        if begins(so.each(), first) {
            parts.push(format!("{} became {}", asked.name(), asked.wanted()));
        }
    }
    if parts.is_empty() {
        "it became so".to_owned()
    } else {
        parts.join(", ")
    }
}

/// It never came: when each thing alone was so.
fn at_no_time(look: &Look<'_>) -> String {
    let mut parts = Vec::new();
    for (asked, so) in &look.each {
        let wanted = format!("{} {}", asked.name(), asked.wanted());
        parts.push(match so.each().first() {
            None => format!("{wanted} at no time"),
            Some(&span) if so.each().len() == 1 => format!("{wanted} {}", stretch(look, span)),
            Some(&span) => format!("{wanted} first {}", stretch(look, span)),
        });
    }
    if look.each.len() > 1 {
        parts.push("never together".to_owned());
    }
    parts.join("; ")
}

/// How long it was not so.
fn broken_for(look: &Look<'_>, broken: &Spans, instant: Time, judged: Span) -> Option<String> {
    let first = stretch(look, broken.around(instant)?);
    let more = match broken.each().len() {
        1 => String::new(),
        stretches => format!(", and {} more", counted(stretches as u64 - 1, "time")),
    };
    let whole = if broken.total() == judged {
        ", the whole time".to_owned()
    } else {
        format!(": {} in all", total(look, broken))
    };
    Some(format!("it was not so {first}{more}{whole}"))
}

/// How long it was not so, the end of the run not counted as a millisecond of its own.
fn total(look: &Look<'_>, broken: &Spans) -> Span {
    let total = broken.total();
    if broken.contains(look.end) {
        total.less(Span::from_ms(1))
    } else {
        total
    }
}
