//! The renewals of single cache entries while their calls are throttled: only then is each of them an event (MODEL 8).

use crate::time::{Span, Time};
use crate::world::throttled::{ALL_ATTEMPTS, APART, ATTEMPTS};

/// One cache entry.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Slot {
    /// When it is due, or tried next; never, when it waits for access.
    pub(crate) next: Time,
    /// Its number: its dice carry it.
    pub(crate) entry: u32,
    /// Attempts of this call that were refused.
    tries: u8,
    pub(crate) live: bool,
    /// Whether its lease is over: it lives on only where leases are extended.
    pub(crate) lapsed: bool,
}

impl Slot {
    /// An entry that is due at an instant, or dead and tried then.
    pub(crate) fn new(entry: u32, next: Time, live: bool) -> Slot {
        Slot {
            next,
            entry,
            tries: 0,
            live,
            lapsed: !live,
        }
    }
}

/// The entries of one collection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    pub(crate) slots: Vec<Slot>,
    /// Whether reads were granted when that was last looked at.
    granted: bool,
}

impl Slots {
    /// Takes the entries over.
    pub(crate) fn fill(&mut self, slots: impl Iterator<Item = Slot>) {
        self.slots.clear();
        self.slots.extend(slots);
        self.granted = true;
    }

    /// Dead ones first, then as they are due; what has no lease any more is due at `time`.
    pub(crate) fn sort(&mut self, time: Time) {
        for it in self.slots.iter_mut().filter(|it| it.lapsed) {
            it.next = time;
        }
        self.slots
            .sort_unstable_by_key(|it| (it.live, it.next, it.entry));
    }

    pub(crate) fn live(&self) -> u32 {
        self.slots.iter().filter(|it| it.live).count() as u32
    }

    /// When the next call is made.
    pub(crate) fn next(&self) -> Time {
        let next = self.slots.iter().map(|it| it.next);
        next.min().unwrap_or(Time::NEVER)
    }

    /// Whether any lives beyond its lease.
    pub(crate) fn any_extended(&self) -> bool {
        self.slots.iter().any(|it| it.live && it.lapsed)
    }

    /// No lease is extended any longer.
    pub(crate) fn extend_no_more(&mut self) {
        for it in &mut self.slots {
            it.live &= !it.lapsed;
        }
    }

    /// Reads are granted or not. Where they are again, each dead entry is fetched at once, unless it is being tried.
    pub(crate) fn see(&mut self, granted: bool, time: Time) {
        if granted && !self.granted {
            for it in self.slots.iter_mut().filter(|it| !it.live && it.tries == 0) {
                it.next = time;
            }
        }
        self.granted = granted;
    }

    /// The attempts of an instant: `refused` throws the die of an entry, `granted` is what a call is answered that gets
    /// through. Whether any did.
    pub(crate) fn attempt(
        &mut self,
        time: Time,
        life: Span,
        extended: bool,
        granted: bool,
        mut refused: impl FnMut(u32) -> bool,
    ) -> bool {
        let mut answered = false;
        for it in self.slots.iter_mut().filter(|it| it.next <= time) {
            if refused(it.entry) {
                it.lapsed = true;
                it.live &= extended;
                it.tries += 1;
                it.next = time + APART;
                if it.tries == ATTEMPTS {
                    it.tries = 0;
                    let first = time.before(ALL_ATTEMPTS).unwrap_or(Time::START);
                    // However short a lease is, attempts stay a second apart.
                    it.next = it.next.max(first + life);
                }
            } else {
                answered = true;
                it.tries = 0;
                (it.live, it.lapsed) = (granted, !granted);
                it.next = if granted { time + life } else { Time::NEVER };
            }
        }
        answered
    }
}

#[cfg(test)]
mod tests {
    use super::{Slot, Slots};
    use crate::time::{Span, Time};

    const LIFE: Span = Span::from_ms(300_000);

    fn slots(due: &[u64]) -> Slots {
        let mut slots = Slots::default();
        let all = (0..).zip(due);
        slots.fill(all.map(|(entry, ms)| Slot::new(entry, Time::from_ms(*ms), true)));
        slots
    }

    /// Makes the next attempts; when they were, and how many live then.
    fn go(slots: &mut Slots, extended: bool, granted: bool, refused: bool) -> (u64, u32) {
        let time = slots.next();
        slots.attempt(time, LIFE, extended, granted, |_| refused);
        (time.ms(), slots.live())
    }

    #[test]
    fn three_attempts_a_second_apart_and_then_a_life_after_the_first() {
        let mut it = slots(&[10, 900_000]);
        let made: Vec<(u64, u32)> = (0..4).map(|_| go(&mut it, false, true, true)).collect();
        assert_eq!(made, [(10, 1), (1_010, 1), (2_010, 1), (300_010, 1)]);
        assert_eq!(go(&mut it, false, true, false), (301_010, 2));
        assert_eq!(it.next(), Time::from_ms(601_010), "a lease from there");
    }

    #[test]
    fn an_extended_entry_lives_until_leases_are_extended_no_more_or_access_is_refused() {
        let mut it = slots(&[10]);
        assert_eq!(go(&mut it, true, true, true), (10, 1));
        assert!(it.any_extended());
        let mut other = it.clone();
        it.extend_no_more();
        assert_eq!(it.live(), 0);
        assert_eq!(go(&mut other, true, false, false), (1_010, 0));
        assert_eq!(other.next(), Time::NEVER, "it waits for access");
        other.see(false, Time::from_ms(2_000));
        other.see(true, Time::from_ms(3_000));
        assert_eq!(other.next(), Time::from_ms(3_000));
    }
}
