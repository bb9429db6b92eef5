//! The measures of collections, listed with their names, and their ranges over a site.

use crate::names::Subject;
use crate::states::Measure;
use crate::time::{Span, Time};
use crate::timeline::{Life, Measures, Timeline};

/// A measure of one collection.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Value {
    /// An instant.
    At(Time),
    /// A length.
    For(Span),
    /// A length in milliseconds that may be negative.
    Signed(i64),
    /// Bytes.
    Bytes(u64),
}

/// A measure, and whose it is.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Extreme {
    /// How much.
    pub value: Value,
    /// Of whom; the first of several.
    pub subject: Subject,
}

/// A measure over the collections of a site that have it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct MeasureRange {
    /// Which.
    pub of: Measure,
    /// The least.
    pub least: Extreme,
    /// The greatest.
    pub greatest: Extreme,
    /// How many have it.
    pub collections: u64,
}

/// The measures of one collection, each with its name, in the declared order.
pub(super) fn listed(measures: &Measures) -> [(Measure, Option<Value>); 11] {
    let span = |it: Option<Span>| it.map(Value::For);
    let m = measures;
    [
        (Measure::Fault, m.fault.map(Value::At)),
        (Measure::ToFirstFailedQuery, span(m.to_first_failed_query)),
        (Measure::CacheGrace, span(m.cache_grace)),
        (Measure::ToHalt, span(m.to_halt)),
        (Measure::ToPause, span(m.to_pause)),
        (Measure::RestoreDeadline, m.restore_deadline.map(Value::At)),
        (Measure::Unavailable, span(Some(m.unavailable))),
        (Measure::GreatestLag, span(Some(m.greatest_lag))),
        (Measure::CatchUp, span(m.catch_up)),
        (Measure::SourceSlack, m.source_slack_ms.map(Value::Signed)),
        (Measure::LostBytes, Some(Value::Bytes(m.lost_bytes))),
    ]
}

/// The measures of some collections, from the least to the greatest; of those that nothing was taken from, none.
pub(super) fn ranges(timeline: &Timeline, lives: &[&Life]) -> Vec<MeasureRange> {
    let mut ranges: [Option<MeasureRange>; 11] = [None; 11];
    for life in lives {
        let measures = timeline.measures(life.subject);
        if !suffered(&measures) {
            continue;
        }
        for (range, (of, value)) in ranges.iter_mut().zip(listed(&measures)) {
            if let Some(value) = value {
                widen(range, of, value, life.subject);
            }
        }
    }
    ranges.into_iter().flatten().collect()
}

/// Whether anything was taken: a collection that was made and served from then on has a fault, its making, but no loss.
fn suffered(measures: &Measures) -> bool {
    measures.fault.is_some()
        && (measures.unavailable > Span::ZERO
            || measures.to_halt.is_some()
            || measures.to_pause.is_some()
            || measures.lost_bytes > 0)
}

fn widen(range: &mut Option<MeasureRange>, of: Measure, value: Value, subject: Subject) {
    let this = Extreme { value, subject };
    let range = range.get_or_insert(MeasureRange {
        of,
        least: this,
        greatest: this,
        collections: 0,
    });
    if value < range.least.value {
        range.least = this;
    }
    if value > range.greatest.value {
        range.greatest = this;
    }
    range.collections += 1;
}
