//! The entries on which a verdict rests: what would have to be otherwise for it to be another.

use crate::scenario::{Expectation, When};
use crate::time::Time;
use crate::timeline::Timeline;

use super::asked::Asked;
use super::look::Look;
use super::{course, each, numbers, when};

/// The entries that show that an expectation holds, by number, ascending: those that made what is asked so, at the instants
/// that count. Where it was so from the start there are none.
pub fn evidence(expectation: &Expectation, timeline: &Timeline) -> Vec<u32> {
    let asked = Asked::all(&expectation.what);
    let other = Asked::all(&expectation.other);
    let mut entries = Vec::new();
    each(&expectation.who, &mut |judged| {
        if !expectation.what.measures.is_empty() {
            entries.extend(numbers::showing(expectation, judged, timeline));
        } else if !expectation.what.courses.is_empty() {
            entries.extend(course::showing(expectation, judged, timeline));
        } else {
            let look = Look::new(timeline, judged, &asked, &other);
            for time in instants(expectation, &look) {
                let was = look.was(timeline, time);
                entries.extend(was.into_iter().filter_map(|it| it.entry));
            }
            if let Some(end) = end(expectation, &look) {
                let ended = Look::new(timeline, judged, &other, &asked);
                let was = ended.was(timeline, end);
                entries.extend(was.into_iter().filter_map(|it| it.entry));
            }
        }
    });
    entries.sort_unstable();
    entries.dedup();
    entries
}

/// The instants at which what is asked counts.
fn instants(expectation: &Expectation, look: &Look<'_>) -> Vec<Time> {
    let starts = |from: Time, to: Time| {
        let inside = look.all.between(from, to);
        inside.each().iter().map(|span| span.0).collect()
    };
    match expectation.when {
        When::At(time) | When::Given(time) => vec![time],
        When::By(_) => when::arrival(expectation, look).into_iter().collect(),
        When::Within(..) | When::Before => look.all.first().into_iter().collect(),
        When::Throughout(from, to) => starts(from, to),
        When::Always => starts(Time::START, look.end),
        When::Until(from) => vec![from],
        When::Never | When::During(..) | When::Whole => Vec::new(),
    }
}

/// When what it is compared with came.
fn end(expectation: &Expectation, look: &Look<'_>) -> Option<Time> {
    match expectation.when {
        When::Until(from) => look.end_of(from),
        When::Before => look.other.first(),
        _ => None,
    }
}
