//! How near an expectation came to hold, or how far it went wrong, in words.

use crate::scenario::{Expectation, When};
use crate::text::counted;
use crate::time::{Span, Time};

use super::look::Look;
use super::spans::Spans;
use super::when;

/// How near it came to hold.
pub(super) fn nearest(asked: &Expectation, instant: Time, look: &Look<'_>) -> Option<String> {
    if look.domain.is_empty() {
        return None;
    }
    Some(match asked.when {
        When::At(time) | When::Given(time) => near(look, time),
        When::By(_) | When::Within(..) if asked.stays.is_some() && look.all.first().is_some() => {
            settled(asked, look)
        }
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
            if broken.total() == judged.total() {
                return Some(format!("not once in there; {}", near(look, from)));
            }
            broken_for(look, &broken, instant, judged.total())?
        }
        When::Always => {
            let broken = look.domain.without(&look.all);
            broken_for(look, &broken, instant, look.domain.total())?
        }
        When::Never => format!("it was so {}", stretch(look, look.all.around(instant)?)),
        When::Until(from) => until(look, from, instant)?,
        When::Before => before(look),
        When::During(..) | When::Whole => return None,
    })
}

/// It became so, but not for so long, or not then.
fn settled(asked: &Expectation, look: &Look<'_>) -> String {
    let stays = asked.stays.unwrap_or(Span::ZERO);
    let first = look.all.first().unwrap_or(Time::START);
    let arrival = when::arrival(asked, look);
    let late = |from: Time, to: Time, of: &str| match from > to {
        true => format!("{} after the {of}", from.since(to)),
        false => format!("{} before the {of}", to.since(from)),
    };
    match (asked.when, arrival) {
        (When::By(bound), Some(from)) => {
            format!(
                "it stayed so from {from} on, {}",
                late(from, bound, "bound")
            )
        }
        (When::Within(from, _), _) if first < from => {
            format!(
                "{} at {first}, {}",
                became(look, first),
                late(first, from, "window")
            )
        }
        (When::Within(_, to), _) if first > to => {
            format!(
                "{} at {first}, {}",
                became(look, first),
                late(first, to, "window")
            )
        }
        _ => {
            let longest = match asked.when {
                When::Within(..) => first,
                _ => {
                    let starts = look.all.each().iter().map(|span| span.0);
                    starts
                        .rev()
                        .max_by_key(|from| when::length(look, *from))
                        .unwrap_or(first)
                }
            };
            let length = when::length(look, longest);
            format!(
                "{} at {longest} and stayed so for {length}, {} too short",
                became(look, longest),
                stays.less(length)
            )
        }
    }
}

/// What must last until something comes: where it did not, or that it never came.
fn until(look: &Look<'_>, from: Time, instant: Time) -> Option<String> {
    let broken = when::judged_until(look, from).without(&look.all);
    let end = look.end_of(from);
    let comes = match end {
        Some(end) if look.other.contains(from) && end == from => {
            format!("what ends it was so already at {from}")
        }
        Some(end) => format!("what ends it came at {end}"),
        None => "what ends it never came".to_owned(),
    };
    if broken.is_empty() {
        return Some(match end {
            Some(end) if end == from => format!("{comes}, so that there is nothing to judge"),
            _ => comes,
        });
    }
    let first = stretch(look, broken.around(instant)?);
    Some(format!("it was not so {first}; {comes}"))
}

/// What must come before something else.
fn before(look: &Look<'_>) -> String {
    match (look.all.first(), look.other.first()) {
        (Some(first), Some(other)) if first > other => format!(
            "{} at {first}, {} after the other, which came at {other}",
            became(look, first),
            first.since(other)
        ),
        (Some(first), Some(_)) => format!("both came at {first}, in one instant"),
        (Some(first), None) => format!("{} at {first}; the other never came", became(look, first)),
        (None, Some(other)) => format!("{}; the other came at {other}", at_no_time(look)),
        (None, None) => format!("{}; the other never came either", at_no_time(look)),
    }
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

/// Whether a stretch begins at an instant.
pub(super) fn begins(spans: &[(Time, Time)], time: Time) -> bool {
    spans.binary_search_by_key(&time, |span| span.0).is_ok()
}
