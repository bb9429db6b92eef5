//! Sets of instants: half-open intervals of milliseconds, ascending, with a gap between each two.

use crate::time::{Span, Time};

/// Some instants.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Spans(Vec<(Time, Time)>);

impl Spans {
    /// Adds `[from, to)`, which begins no earlier than any before it; nothing when it is empty.
    pub(super) fn push(&mut self, from: Time, to: Time) {
        if from >= to {
            return;
        }
        match self.0.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => self.0.push((from, to)),
        }
    }

    /// The instants that are in both.
    pub(super) fn both(&self, other: &Spans) -> Spans {
        let mut both = Spans::default();
        let (mut mine, mut theirs) = (0, 0);
        while let (Some(a), Some(b)) = (self.0.get(mine), other.0.get(theirs)) {
            both.push(a.0.max(b.0), a.1.min(b.1));
            if a.1 <= b.1 {
                mine += 1;
            } else {
                theirs += 1;
            }
        }
        both
    }

    /// The instants that are not in the other.
    pub(super) fn without(&self, other: &Spans) -> Spans {
        let mut rest = Spans::default();
        for &(from, to) in &self.0 {
            let mut from = from;
            let first = other.0.partition_point(|gap| gap.1 <= from);
            for gap in other.0[first..].iter().take_while(|gap| gap.0 < to) {
                rest.push(from, gap.0);
                from = gap.1;
            }
            rest.push(from, to);
        }
        rest
    }

    /// The instants from `from` to `to`, both included.
    pub(super) fn between(&self, from: Time, to: Time) -> Spans {
        let mut window = Spans::default();
        window.push(from, to.next());
        self.both(&window)
    }

    /// Whether an instant is among them.
    pub(super) fn contains(&self, time: Time) -> bool {
        self.around(time).is_some()
    }

    /// The interval an instant lies in.
    pub(super) fn around(&self, time: Time) -> Option<(Time, Time)> {
        let after = self.0.partition_point(|span| span.0 <= time);
        self.0[..after].last().copied().filter(|span| time < span.1)
    }

    /// The first instant.
    pub(super) fn first(&self) -> Option<Time> {
        self.0.first().map(|span| span.0)
    }

    /// The intervals.
    pub(super) fn each(&self) -> &[(Time, Time)] {
        &self.0
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How long they are in all.
    pub(super) fn total(&self) -> Span {
        self.0
            .iter()
            .fold(Span::ZERO, |sum, span| sum + span.1.since(span.0))
    }
}

#[cfg(test)]
mod tests {
    use super::Spans;
    use crate::time::{Span, Time};

    fn spans(list: &[(u64, u64)]) -> Spans {
        let mut spans = Spans::default();
        for &(from, to) in list {
            spans.push(Time::from_ms(from), Time::from_ms(to));
        }
        spans
    }

    #[test]
    fn neighbours_melt_and_empty_ones_vanish() {
        assert_eq!(spans(&[(0, 5), (5, 9), (9, 9)]), spans(&[(0, 9)]));
        assert_eq!(spans(&[(0, 5), (6, 9)]).each().len(), 2);
    }

    #[test]
    fn sets_are_cut_and_subtracted() {
        let some = spans(&[(0, 10), (20, 30), (40, 50)]);
        let other = spans(&[(5, 25), (29, 41)]);
        assert_eq!(
            some.both(&other),
            spans(&[(5, 10), (20, 25), (29, 30), (40, 41)])
        );
        assert_eq!(some.without(&other), spans(&[(0, 5), (25, 29), (41, 50)]));
        assert_eq!(some.without(&Spans::default()), some);
        assert!(some.without(&some).is_empty());
        assert_eq!(some.total(), Span::from_ms(30));
    }

    #[test]
    fn ends_are_half_open_and_windows_are_not() {
        let some = spans(&[(10, 20)]);
        let at = |ms| some.contains(Time::from_ms(ms));
        assert_eq!([at(9), at(10), at(19), at(20)], [false, true, true, false]);
        let window = some.between(Time::from_ms(0), Time::from_ms(10));
        assert_eq!(window, spans(&[(10, 11)]));
    }
}
