//! The `when` of an expectation: a question about the instants at which all that is expected is so.

use crate::scenario::{Expectation, When};
use crate::time::{Span, Time};

use super::look::Look;
use super::spans::Spans;

/// Whether it holds.
pub(super) fn holds(asked: &Expectation, look: &Look<'_>) -> bool {
    match asked.when {
        When::At(time) | When::Given(time) => look.all.contains(time),
        When::By(bound) => arrival(asked, look).is_some_and(|first| first <= bound),
        When::Within(from, to) => look
            .all
            .first()
            .is_some_and(|first| from <= first && first <= to && lasts(asked.stays, look, first)),
        When::Throughout(from, to) => {
            let judged = look.domain.between(from, to);
            !judged.is_empty() && judged.without(&look.all).is_empty()
        }
        When::Always => !look.domain.is_empty() && look.domain.without(&look.all).is_empty(),
        When::Never => !look.domain.is_empty() && look.all.is_empty(),
        When::Until(from) => {
            let ends = look.end_of(from);
            let judged = judged_until(look, from);
            ends.is_some() && !judged.is_empty() && judged.without(&look.all).is_empty()
        }
        When::Before => match (look.all.first(), look.other.first()) {
            (Some(first), Some(other)) => first < other,
            (None, _) | (_, None) => false,
        },
        When::During(..) | When::Whole => {
            unreachable!("resolve asks states of instants, and only numbers and courses of a run")
        }
    }
}

/// Where it does not hold: the instant to look at, the first that shows it.
pub(super) fn instant(asked: &Expectation, look: &Look<'_>) -> Time {
    match asked.when {
        When::At(time) | When::Given(time) | When::By(time) => time,
        When::Within(from, to) => match look.all.first() {
            Some(first) if first < from => first,
            Some(first) if first <= to => look.all.around(first).map_or(to, |span| span.1),
            Some(_) | None => to,
        },
        When::Throughout(from, to) => {
            let broken = look.domain.between(from, to).without(&look.all);
            broken.first().unwrap_or(from)
        }
        When::Always => {
            let broken = look.domain.without(&look.all);
            broken.first().unwrap_or(Time::START)
        }
        When::Never => look.all.first().unwrap_or(Time::START),
        When::Until(from) => {
            let broken = judged_until(look, from).without(&look.all).first();
            match (broken, look.end_of(from)) {
                (Some(broken), _) => broken,
                (None, Some(_)) => from,
                (None, None) => look.end,
            }
        }
        When::Before => match (look.all.first(), look.other.first()) {
            (_, Some(other)) => other,
            (_, None) => look.end,
        },
        When::During(..) | When::Whole => look.end,
    }
    .min(look.end)
}

/// The first instant at which it is so, and stays so where that is asked.
pub(super) fn arrival(asked: &Expectation, look: &Look<'_>) -> Option<Time> {
    let starts = look.all.each().iter().map(|span| span.0);
    starts
        .into_iter()
        .find(|from| lasts(asked.stays, look, *from))
}

/// The instants from `from` on at which it must be so: up to what ends it, or to the end of the run.
pub(super) fn judged_until(look: &Look<'_>, from: Time) -> Spans {
    let to = look.end_of(from).unwrap_or(look.end.next());
    match to.before(Span::from_ms(1)) {
        Some(last) if from <= last => look.domain.between(from, last),
        _ => Spans::default(),
    }
}

/// Whether it stays so for long enough, from an instant at which it became so.
pub(super) fn lasts(stays: Option<Span>, look: &Look<'_>, from: Time) -> bool {
    stays.is_none_or(|stays| length(look, from) >= stays)
}

/// How long it stays so from an instant on; the run's last instant has no length.
pub(super) fn length(look: &Look<'_>, from: Time) -> Span {
    look.all
        .around(from)
        .map_or(Span::ZERO, |span| span.1.min(look.end).since(from))
}
