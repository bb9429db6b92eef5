//! The cache entries of one collection: how long each may be served without asking the KMS again (R9).
//!
//! While they are renewed on use, entry *i* is due at its phase and again every `cache.life`, so nothing is kept but one
//! due time an entry. When renewals stop, the due times are the times of death, in order. While calls are throttled each
//! entry goes its own way (`attempts`).

use crate::chance::Die;
use crate::time::{Span, Time};
use crate::world::attempts::{Slot, Slots};

/// The leases of one collection. A lease is half-open: at its due time an entry that is not renewed is dead.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lease {
    due: Vec<Time>,
    life: Span,
    renewing: bool,
    /// While running out: how many have died.
    dead: usize,
    /// While running out: no entry dies before the hold is over.
    held: bool,
    /// The number of the entry that is due at each of these times; empty where nobody will ask for it.
    numbers: Vec<u32>,
    /// While calls are throttled, the entries one by one; else room for sorting.
    slots: Slots,
    apart: bool,
}

impl Lease {
    /// No entry at all.
    pub(crate) fn clear(&mut self) {
        self.due.clear();
        self.numbers.clear();
        self.renewing = false;
        self.held = false;
        self.apart = false;
        self.dead = 0;
    }

    /// From here on each entry keeps its number: its calls may be throttled.
    pub(crate) fn number_entries(&mut self) {
        self.numbers.clear();
        self.numbers.extend(0..self.due.len() as u32);
    }

    /// In steady state since for ever: entry *i* is word *i* of the die, and due at its phase after T+0.
    pub(crate) fn warm(&mut self, die: &mut Die, entries: u32, life: Span) {
        self.clear();
        self.life = life;
        self.renewing = true;
        let phases = (0..entries).map(|_| match life {
            Span::FOREVER => Time::NEVER,
            life => Time::from_ms(die.roll(life.ms())),
        });
        self.due.extend(phases);
    }

    /// Nothing fetched yet.
    pub(crate) fn cold(&mut self, entries: u32, life: Span) {
        self.clear();
        self.life = life;
        self.due.extend((0..entries).map(|_| Time::START));
        self.dead = self.due.len();
    }

    /// All entries are fetched at this instant.
    pub(crate) fn fetch_all(&mut self, time: Time) {
        let due = time + self.life;
        self.due.fill(due);
        self.dead = 0;
    }

    /// How many entries there are.
    pub(crate) fn entries(&self) -> u32 {
        self.due.len() as u32
    }

    /// How many live. While they are renewed, all do.
    pub(crate) fn live(&self) -> u32 {
        if self.renewing {
            self.entries()
        } else if self.apart {
            self.slots.live()
        } else {
            (self.due.len() - self.dead) as u32
        }
    }

    /// How many live after everything of an instant: those due at it, and not renewed, do not.
    pub(crate) fn live_after(&self, time: Time) -> u32 {
        if self.renewing || self.held || self.apart {
            return self.live();
        }
        self.due[self.dead..]
            .iter()
            .filter(|due| **due > time)
            .count() as u32
    }

    /// Whether they are renewed on use.
    pub(crate) fn renewing(&self) -> bool {
        self.renewing
    }

    /// Renewals stop: each entry lives up to its next due time at or after `time`.
    pub(crate) fn stop(&mut self, time: Time) {
        if !self.renewing {
            return;
        }
        self.renewing = false;
        self.held = false;
        self.dead = 0;
        for due in &mut self.due {
            *due = next_due(*due, self.life, time);
        }
        if self.numbers.is_empty() {
            self.due.sort_unstable();
        } else {
            let all = self.due.iter().zip(&self.numbers);
            self.slots
                .fill(all.map(|(due, entry)| Slot::new(*entry, *due, true)));
            self.take_in_order(time);
        }
    }

    /// The slots become times of death, in order; what has none of its own dies at `time`.
    fn take_in_order(&mut self, time: Time) {
        self.slots.sort(time);
        let slots = &self.slots.slots;
        self.due.clear();
        self.due.extend(slots.iter().map(|it| it.next));
        self.numbers.clear();
        self.numbers.extend(slots.iter().map(|it| it.entry));
        self.dead = slots.iter().filter(|it| !it.live).count();
    }

    /// While calls are throttled, whether each entry goes its own way.
    pub(crate) fn apart(&self) -> bool {
        self.apart
    }

    /// Calls are throttled from `time` on: each entry is renewed where it is due, the dead are fetched at once.
    pub(crate) fn part(&mut self, time: Time) {
        let (renewing, dead, life) = (self.renewing, self.dead, self.life);
        let all = self.due.iter().zip(&self.numbers).enumerate();
        self.slots.fill(all.map(|(at, (due, entry))| {
            let live = renewing || at >= dead;
            let next = match (renewing, live) {
                (true, _) => next_due(*due, life, time),
                (false, true) => (*due).max(time),
                (false, false) => time,
            };
            Slot::new(*entry, next, live)
        }));
        self.apart = true;
        self.renewing = false;
        self.held = false;
    }

    /// They run out together again: what lives beyond its lease does so up to `time`.
    pub(crate) fn join(&mut self, time: Time) {
        self.apart = false;
        self.take_in_order(time);
    }

    /// The entries one by one, while calls are throttled.
    pub(crate) fn slots(&mut self) -> &mut Slots {
        &mut self.slots
    }

    /// How long a lease is.
    pub(crate) fn life(&self) -> Span {
        self.life
    }

    /// Renewals go on: the dead are fetched at `time`, those due then renewed, and what lives keeps its phase.
    /// Whether any call is made for that at once. What is fetched is due a life later where leases run `afresh`, else
    /// when it would have been.
    pub(crate) fn resume(&mut self, time: Time, afresh: bool) -> bool {
        self.renewing = true;
        self.held = false;
        let fresh = time + self.life;
        let mut called = false;
        for (index, due) in self.due.iter_mut().enumerate() {
            if index < self.dead || *due <= time {
                *due = match afresh {
                    true => fresh,
                    false => next_due(*due, self.life, time.next()),
                };
                called = true;
            }
        }
        self.dead = 0;
        called
    }

    /// The first instant after `time` at which an entry is renewed.
    pub(crate) fn next_renewal(&self, time: Time) -> Time {
        let after = time.next();
        self.due
            .iter()
            .map(|due| next_due(*due, self.life, after))
            .min()
            .unwrap_or(Time::NEVER)
    }

    /// Whether deaths wait for the end of an unreachability (`on_unreachable`).
    pub(crate) fn hold(&mut self, held: bool) {
        self.held = held && !self.renewing && !self.apart;
    }

    /// The next death; never while they are renewed or held.
    pub(crate) fn next_death(&self) -> Time {
        if self.renewing || self.held || self.apart {
            return Time::NEVER;
        }
        self.due.get(self.dead).copied().unwrap_or(Time::NEVER)
    }

    /// The death after which fewer than `live` entries live.
    pub(crate) fn death_below(&self, live: u32) -> Time {
        if self.renewing || self.held || self.apart {
            return Time::NEVER;
        }
        let still = self.due.len() - self.dead;
        match (live as usize).checked_sub(1) {
            Some(least) if still > least => self.due[self.due.len() - least - 1],
            _ => Time::NEVER,
        }
    }

    /// The entries that die at the next death, up to and with `time`, die: when, if any.
    pub(crate) fn die(&mut self, time: Time) -> Option<Time> {
        let at = self.next_death();
        if at > time || at == Time::NEVER {
            return None;
        }
        while self.due.get(self.dead) == Some(&at) {
            self.dead += 1;
        }
        Some(at)
    }

    /// Whether any entry is dead.
    pub(crate) fn any_dead(&self) -> bool {
        !self.renewing && !self.apart && self.dead > 0
    }
}

/// The first of `due + k × life` at or after `time`.
fn next_due(due: Time, life: Span, time: Time) -> Time {
    if due >= time || due == Time::NEVER {
        return due;
    }
    let lives = (time - due).ms().div_ceil(life.ms());
    due + Span::from_ms(lives * life.ms())
}

#[cfg(test)]
mod tests {
    use super::Lease;
    use crate::chance::{Chance, Seed};
    use crate::time::{Span, Time};

    fn lease(phases: &[u64]) -> Lease {
        let mut lease = Lease::default();
        let mut die = Chance::new(Seed(0)).die("cache", "x");
        lease.warm(&mut die, phases.len() as u32, Span::from_ms(100));
        lease.due = phases.iter().map(|ms| Time::from_ms(*ms)).collect();
        lease
    }

    fn deaths(lease: &mut Lease, to: u64) -> Vec<u64> {
        std::iter::from_fn(|| lease.die(Time::from_ms(to)))
            .map(Time::ms)
            .collect()
    }

    #[test]
    fn entries_run_out_each_at_its_phase() {
        let mut lease = lease(&[10, 40, 40, 90]);
        lease.stop(Time::from_ms(240));
        assert_eq!(
            lease.live(),
            4,
            "what is due at the very instant has not died yet"
        );
        assert_eq!(lease.death_below(4), Time::from_ms(240));
        assert_eq!(lease.death_below(1), Time::from_ms(310));
        assert_eq!(deaths(&mut lease, 289), [240]);
        assert_eq!(lease.live(), 2);
        assert_eq!(deaths(&mut lease, 1_000), [290, 310]);
        assert_eq!(lease.live(), 0);
    }

    #[test]
    fn what_died_together_lives_on_together() {
        let mut lease = lease(&[10, 40, 90]);
        lease.stop(Time::from_ms(200));
        deaths(&mut lease, 250);
        assert!(lease.resume(Time::from_ms(250), true));
        assert_eq!(lease.next_renewal(Time::from_ms(250)), Time::from_ms(290));
        lease.stop(Time::from_ms(295));
        assert_eq!(deaths(&mut lease, 1_000), [350, 390]);
        assert!(!lease.resume(Time::from_ms(200), true) || lease.live() == 3);
    }

    #[test]
    fn nothing_dies_while_held_and_all_that_is_past_dies_at_its_end() {
        let mut lease = lease(&[10, 40, 90]);
        lease.stop(Time::from_ms(200));
        lease.hold(true);
        assert!(deaths(&mut lease, 260).is_empty());
        assert_eq!(lease.live(), 3);
        lease.hold(false);
        assert_eq!(deaths(&mut lease, 260), [210, 240]);
    }
}
