//! Cache entries, one by one: until when each may be served, and the calls that renew it.

use keyoutage::states::Cause;

use super::access::View;
use super::collection::{Life, Path};
use super::counting::choose;
use super::site::thrown;
use super::{Fault, Ground, NEVER};

/// One cache entry.
#[derive(Clone, Debug)]
pub struct Entry {
    pub live: bool,
    /// The end of its own lease.
    pub due: u64,
    /// It is tried again and again: the first attempt of the call, how many there were, the next one.
    trying: Option<(u64, u32, u64)>,
}

/// All entries of an incarnation.
pub struct Leases {
    pub entries: Vec<Entry>,
    pub reads: u64,
    life: u64,
    /// Whether all of them are simply renewed, each time they are due.
    pub steady: bool,
}

impl Leases {
    pub fn new(ground: &Ground<'_>, name: &str) -> Leases {
        use keyoutage::profile::Reads;
        let rules = &ground.scenario.rules;
        let entries = ground
            .chance
            .number(rules.cache_entries, "cache.entries", name);
        let reads = match rules.cache_reads {
            Reads::All => entries,
            Reads::Some(range) => ground
                .chance
                .number(range, "cache.reads", name)
                .min(entries),
        };
        let life = ground
            .chance
            .span(rules.cache_life, "cache.life", name)
            .ms();
        let dead = Entry {
            live: false,
            due: 0,
            trying: None,
        };
        Leases {
            entries: vec![dead; entries as usize],
            reads: u64::from(reads),
            life,
            steady: false,
        }
    }

    /// Warm from T+0: entry i is first due at its phase.
    pub fn warm(&mut self, ground: &Ground<'_>, name: &str) {
        let mut die = ground.chance.die("cache", name);
        for entry in &mut self.entries {
            entry.live = true;
            entry.due = die.roll(self.life);
        }
    }

    /// How long a lease is.
    fn lease(&self, ground: &Ground<'_>) -> u64 {
        self.life + u64::from(ground.fault == Fault::LongLease)
    }

    /// All fetched at an instant.
    pub fn fetch_all(&mut self, ground: &Ground<'_>, now: u64) {
        let due = now + self.lease(ground);
        for entry in &mut self.entries {
            *entry = Entry {
                live: true,
                due,
                trying: None,
            };
        }
    }

    pub fn live(&self) -> u64 {
        self.entries.iter().filter(|it| it.live).count() as u64
    }

    /// In how many ways a query finds what it needs, when all entries serve, and of those that live.
    pub fn choices(&self) -> u128 {
        choose(self.entries.len() as u64, self.reads)
    }

    pub fn served(&self) -> u128 {
        choose(self.live(), self.reads)
    }

    /// While steady, leases were renewed when they were due: brings each to its first due instant not before `now`.
    pub fn roll(&mut self, ground: &Ground<'_>, now: u64) {
        let lease = self.lease(ground);
        if self.steady {
            for entry in self.entries.iter_mut().filter(|it| it.live && it.due < now) {
                entry.due += (now - entry.due).div_ceil(lease) * lease;
            }
        }
    }

    /// When something may happen to an entry after an instant.
    pub fn next(&self, now: u64) -> u64 {
        let due = |it: &Entry| match it.trying {
            Some((.., next)) => next,
            None if it.live && it.due > now && !self.steady => it.due,
            None => NEVER,
        };
        let ends = self.entries.iter().map(|it| {
            // A lease may end while its call is tried again, if it is extended.
            due(it)
        });
        ends.min().unwrap_or(NEVER)
    }

    /// No call is tried any more.
    pub fn give_up(&mut self) {
        self.entries.iter_mut().for_each(|it| it.trying = None);
    }
}

/// Why entries that are missing are fetched now.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Fetch {
    /// They are not.
    No,
    /// The dead ones, but those being tried.
    Dead,
    /// All that is missing: the throttling is over.
    Missing,
}

impl Life<'_> {
    /// Leases that end with no call: nobody asks, and nothing extends them.
    pub fn run_out(&mut self, now: u64, view: &View) {
        if self.asks(view) || !self.keyed() {
            return;
        }
        // Throttling extends only what is tried.
        let extended = view.extended && view.throttled.is_none();
        for entry in &mut self.leases.entries {
            if entry.live && entry.due <= now && !extended {
                entry.live = false;
            }
        }
    }

    /// The renewals and fetches of an instant; `answers`: since then the KMS answers again.
    pub fn renew(&mut self, now: u64, view: &View, fetch: Fetch, answers: bool) {
        if !self.asks(view) {
            self.leases.give_up();
            // What was due at this very instant is not renewed any more.
            self.run_out(now, view);
            return;
        }
        for at in 0..self.leases.entries.len() {
            let entry = &self.leases.entries[at];
            let due = match entry.trying {
                // Between two calls it is not being tried.
                Some((_, 0, next)) if !entry.live => next == now || fetch != Fetch::No,
                Some((.., next)) => next == now || fetch == Fetch::Missing,
                None if entry.live => {
                    entry.due == now || (entry.due < now && (!view.extended || answers))
                }
                None => fetch != Fetch::No,
            };
            // What extended a lease is over while its call is still tried.
            if entry.live && entry.trying.is_some() && entry.due < now && !view.extended {
                self.leases.entries[at].live = false;
            }
            if due {
                self.attempt(now, view, at, fetch == Fetch::Missing);
            }
        }
    }

    fn attempt(&mut self, now: u64, view: &View, at: usize, anew: bool) {
        let lease = self.leases.lease(self.ground);
        let entry = &self.leases.entries[at];
        let (first, tries) = match entry.trying {
            Some((first, tries, _)) if !anew && tries > 0 => (first, tries),
            _ => (now, 0),
        };
        let call = format!("renewal/{at}");
        if thrown(self.ground, view, &self.name, &call, now) {
            let entry = &mut self.leases.entries[at];
            entry.live &= view.extended;
            entry.trying = Some(match tries {
                2 => (0, 0, (first + lease).max(now + 1_000)),
                _ => (first, tries + 1, now + 1_000),
            });
            return;
        }
        let entry = &mut self.leases.entries[at];
        entry.trying = None;
        match view.reads {
            None => {
                entry.live = true;
                entry.due = now + lease;
                self.granted(now, Path::Reads);
            }
            // The KMS does not answer, and the lease holds on: no refusal.
            Some(Cause::Unreachable) if entry.live && view.extended => {}
            Some(_) => {
                entry.live = false;
                self.refused(now, Path::Reads);
            }
        }
    }
}
