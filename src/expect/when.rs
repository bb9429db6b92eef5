//! The `when` of an expectation: a question about the instants at which all that is expected is so.

use crate::scenario::When;
use crate::time::Time;

use super::look::Look;

/// Whether it holds.
pub(super) fn holds(when: When, look: &Look<'_>) -> bool {
    match when {
        When::At(time) => look.all.contains(time),
        When::By(time) => look.all.first().is_some_and(|first| first <= time),
        When::Within(from, to) => look
            .all
            .first()
            .is_some_and(|first| from <= first && first <= to),
        When::Throughout(from, to) => {
            let judged = look.domain.between(from, to);
            !judged.is_empty() && judged.without(&look.all).is_empty()
        }
        When::Always => !look.domain.is_empty() && look.domain.without(&look.all).is_empty(),
        When::Never => !look.domain.is_empty() && look.all.is_empty(),
    }
}

/// Where it does not hold: the instant to look at, the first that shows it.
pub(super) fn instant(when: When, look: &Look<'_>) -> Time {
    match when {
        When::At(time) | When::By(time) => time,
        When::Within(from, to) => match look.all.first() {
            Some(first) if first < from => first,
            Some(_) | None => to,
        },
        When::Throughout(from, to) => look
            .domain
            .between(from, to)
            .without(&look.all)
            .first()
            .unwrap_or(from),
        When::Always => look
            .domain
            .without(&look.all)
            .first()
            .unwrap_or(Time::START),
        When::Never => look.all.first().unwrap_or(Time::START),
    }
}
