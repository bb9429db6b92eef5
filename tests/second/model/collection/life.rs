//! What an incarnation is at an instant, and what comes of it by itself.

use keyoutage::profile::RequiredActions;
use keyoutage::states::{Ingest as Word, Milestone, Queries, Status};

use super::{Life, Path};
use crate::model::NEVER;
use crate::model::access::View;
use crate::model::ingest::Ingest;
use crate::model::told::{OPEN, Told, Totals};

impl Life<'_> {
    pub fn say(&mut self, now: u64, kind: &'static str, what: impl Into<String>) {
        let mut what = what.into();
        if ["status", "queries", "traffic"].contains(&kind) {
            let (issued, failed) = (self.counting.issued(), self.counting.failed());
            what.push_str(&format!(" ({issued} issued, {failed} failed)"));
        }
        self.facts.push((now, kind, what));
        self.quiet = [false; 2];
    }

    pub(super) fn tell(&mut self, told: &mut Told) {
        for (at, kind, what) in self.facts.drain(..) {
            told.say(at, &self.name, kind, what);
        }
    }

    /// It is over: says what is left to say of it.
    pub(super) fn finish(&mut self, now: u64, told: &mut Told) {
        self.tell(told);
        let lost = self.ingest.lost + self.ingest.dropped_by(now);
        let totals = Totals {
            issued: self.counting.issued(),
            failed: self.counting.failed(),
            lost_bytes: Ingest::bytes(lost),
        };
        // With it goes what is in its caches.
        let left: i64 = self.cached.iter().map(|it| it.1).sum();
        self.cached.push((now, -left));
        let cached = told.cached.entry(self.site.name.clone()).or_default();
        cached.append(&mut self.cached);
        let mut reached: Vec<(u64, &str)> = self.reached.iter().map(|it| (*it.1, *it.0)).collect();
        reached.sort_unstable();
        for (at, milestone) in reached {
            told.say(at, &self.name, "milestone", milestone);
        }
        told.totals.insert(self.name.clone(), totals);
    }

    pub fn become_(&mut self, now: u64, to: Status) {
        self.status = to;
        self.say(now, "status", to.word());
    }

    pub fn keyed(&self) -> bool {
        self.site.key.is_some()
    }

    /// Whether renewals are asked for.
    pub fn asks(&self, view: &View) -> bool {
        self.calls(view) && self.rates.0 > 0
    }

    /// Whether it serves and commits at all.
    pub(super) fn serves(&self) -> bool {
        matches!(self.status, Status::Ready | Status::EncryptionKeyError)
    }

    /// Whether calls are made at all.
    pub(super) fn calls(&self, view: &View) -> bool {
        self.keyed() && self.serves() && !view.down
    }

    pub(super) fn path(&self, path: Path) -> usize {
        match (self.ground.scenario.rules.required_actions, path) {
            (RequiredActions::Seed, _) | (_, Path::Reads) => 0,
            (RequiredActions::Mechanistic, Path::Commits) => 1,
        }
    }

    pub fn granted(&mut self, now: u64, path: Path) {
        self.flags[self.path(path)] = false;
        if self.status == Status::EncryptionKeyError && self.flags == [false; 2] {
            self.clock_returns(now);
            self.become_(now, Status::Ready);
        }
    }

    pub fn refused(&mut self, now: u64, path: Path) {
        self.flags[self.path(path)] = true;
        if self.status == Status::Ready {
            self.become_(now, Status::EncryptionKeyError);
            self.reach(now, Milestone::KeyError);
        }
    }

    pub(super) fn probe_before(&self, now: u64) -> Option<u64> {
        if !self.ingest.by_probe {
            return None;
        }
        self.site.probe_before(self.ground, now)
    }

    pub fn halt(&mut self, now: u64, tick: u64) {
        let probe = self.probe_before(tick);
        if self.ingest.reads() && self.ingest.halt(now, tick, probe) {
            self.say_ingest(now);
        }
    }

    /// What ingestion does now, and how far it is behind.
    pub(super) fn say_ingest(&mut self, now: u64) {
        let (ms, bytes) = self.ingest.lag(now);
        let word = self.ingest.word.word();
        match self.ingest.word {
            Word::Halted => self.reach(now, Milestone::IngestHalted),
            Word::Running if self.was_halted => self.reach(now, Milestone::IngestRecovered),
            Word::Running | Word::CatchingUp => {}
        }
        self.was_halted |= self.ingest.word == Word::Halted;
        self.say(now, "ingest", format!("{word} {ms} {bytes}"));
    }

    pub(super) fn by_probe(&mut self) {
        self.ingest.by_probe = self.ingest.rate() == 0 && self.keyed();
    }

    pub(super) fn traffic(&mut self, now: u64, new: (u128, u128)) {
        self.say(now, "traffic", format!("{} {}", new.0, new.1));
        if new.0 > 0 && self.rates.0 == 0 {
            self.fetch_dead = true;
        }
        if new.1 != self.rates.1 {
            // A commit that is being tried was not granted yet.
            let before = self.trying.map_or(now, |it| it.0);
            let probe = self.probe_before(before);
            let keyed = self.keyed();
            self.ingest.arrive((now, before), new.1, keyed, probe);
        }
        self.counting.rate = new.0;
        self.rates = new;
    }

    /// It is asked for at its creation: at once, before what becomes visible at that instant; in a site that is added at
    /// that instant, with the site's own first probe.
    pub(super) fn ask(&mut self, now: u64, view: &View) {
        self.made_in_down = view.down;
        if view.down {
            return;
        }
        self.asks_at = match self.keyed() {
            true => self.site.through(self.ground, now),
            false => Some(now),
        };
        let added = self.site.since == now && !self.site.from_start;
        if self.asks_at == Some(now) && !added {
            self.asks_at = None;
            self.asked(now, view);
        }
    }

    pub(super) fn region_down(&mut self, now: u64, view: &View) {
        let tick = self.trying.map_or(now, |it| it.0);
        self.trying = None;
        self.leases.give_up();
        self.pause.last_probe = None;
        self.asks_at = None;
        self.halt(now, tick);
        self.clock(now, view);
    }

    /// When something of the pause is due, for the order in which it happens once the region is back.
    pub(super) fn timer(&self) -> u64 {
        let works = self
            .pause
            .works_until
            .filter(|_| self.status == Status::Paused);
        let times = [self.pause.paused, self.pause.ready, works];
        times.into_iter().flatten().min().unwrap_or(NEVER)
    }

    /// When what must be recreated became so while `RESUMING`, and was held back.
    pub(super) fn dropped_at(&self) -> u64 {
        match self.status == Status::Resuming && self.ingest.dropped {
            true => self.ingest.first_drop(),
            false => NEVER,
        }
    }

    pub(super) fn next(&self, now: u64, view: &View) -> u64 {
        let mut next = self
            .leases
            .next(now)
            .min(self.asks_at.filter(|it| *it > now).unwrap_or(NEVER));
        if !view.down {
            next = next.min(self.next_pass(now));
            next = next.min(self.pause_due());
            next = next.min(self.pause.last_probe.map_or(NEVER, |it| it.1));
        }
        if self.trying.is_none() {
            next = next.min(self.ingest.caught_up(now).max(now + 1));
        }
        if !self.ingest.dropped {
            next = next.min(self.ingest.first_drop().max(now + 1));
        }
        if let Some((.., again)) = self.trying {
            next = next.min(again);
        } else if !self.quiet[0] && self.commits(view) {
            next = next.min(self.ingest.lattice(now + 1));
        }
        if !self.quiet[1] && self.keyed() && !view.down {
            next = next.min(self.site.probe(self.ground, now + 1).unwrap_or(NEVER));
        }
        next
    }

    /// Whether commits are made on the lattice.
    pub(super) fn commits(&self, view: &View) -> bool {
        // Without a key and arrivals only what still waits is committed.
        let idle = self.ingest.rate() == 0 && !self.ingest.waits();
        self.serves() && !view.down && !self.ingest.by_probe && !idle
    }

    /// Everything of an instant, after what was ordered.
    pub(super) fn live(
        &mut self,
        now: u64,
        before: &View,
        view: &View,
        source: (bool, bool),
        back: bool,
    ) {
        self.clock(now, view);
        self.come_by_itself(now, view, source, back);
        self.call(now, before, view, source.0, back);
        self.drop(now, view);
        self.clock(now, view);
        // A cumulative clock may be full already, and the pause due at the very error.
        self.last_probe(now, view);
        self.passes(now, view);
        self.count(now, view);
    }

    pub(super) fn come_by_itself(
        &mut self,
        now: u64,
        view: &View,
        source: (bool, bool),
        back: bool,
    ) {
        // The site's timers come before the collection's.
        self.probe(now, view, source, back);
        self.run_out(now, view);
        self.passes(now, view);
        if self.trying.is_none() && self.ingest.caught_up(now) == now {
            let probe = self.probe_before(now);
            self.ingest.run(now, probe);
            self.say_ingest(now);
        }
        self.drop(now, view);
        if self.gone == now || (back && self.gone <= now) {
            self.come_out(now, view);
        }
        self.last_probe(now, view);
        self.passes(now, view);
    }

    /// The first drop of a halt.
    pub(super) fn drop(&mut self, now: u64, view: &View) {
        if !self.ingest.dropped && self.ingest.first_drop() <= now {
            self.ingest.dropped = true;
            self.say(now, "data_lost", "");
            self.reach(now, Milestone::DataLost);
            self.come_out(now, view);
        }
    }

    pub(super) fn passes(&mut self, now: u64, view: &View) -> bool {
        let mut any = false;
        while !view.down && self.pass(now, view) {
            any = true;
        }
        any
    }

    /// What is served from this instant on.
    pub(super) fn count(&mut self, now: u64, view: &View) {
        let all = self.leases.choices();
        let served = if !self.serves() || view.down {
            0
        } else if !self.keyed() || (view.reads.is_none() && view.throttled.is_none()) {
            all
        } else {
            self.leases.served()
        };
        let share = match served {
            0 => Queries::None,
            some if some < all => Queries::Some,
            _ => Queries::All,
        };
        if share != self.share {
            self.share = share;
            let live = self.leases.live();
            self.say(now, "queries", format!("{share} of {live}"));
        }
        self.asked_for(now);
        self.cache(now);
        self.counting.serve(served);
        let refused = self.status == Status::EncryptionKeyError && self.flags[0];
        // Without a key no lease ever ends.
        self.leases.steady = !self.keyed()
            || self.asks(view)
                && view.reads.is_none()
                && view.throttled.is_none()
                && !refused
                && self.leases.entries.iter().all(|it| it.live);
    }
    /// The milestones of queries: each once, until all are served again.
    pub(super) fn asked_for(&mut self, now: u64) {
        let asked = self.rates.0 > 0;
        match self.share {
            Queries::All => {
                let fell = self.fell || self.failed != [false; 2];
                (self.fell, self.served_once, self.failed) = (false, true, [false; 2]);
                if fell {
                    self.reach(now, Milestone::QueriesRecovered);
                }
            }
            Queries::Some | Queries::None => {
                self.fell |= self.served_once;
                let none = self.share == Queries::None;
                let each = [
                    (asked, Milestone::FirstFailedQuery),
                    (asked && none, Milestone::AllQueriesFailing),
                ];
                for (at, (now_so, milestone)) in each.into_iter().enumerate() {
                    if now_so && !self.failed[at] {
                        self.failed[at] = true;
                        self.reach(now, milestone);
                    }
                }
            }
        }
    }

    /// Whether its source is down, from an instant on.
    pub(super) fn source_is(&mut self, now: u64, down: bool) {
        if down != self.ingest.is_blocked() {
            let before = self.trying.map_or(now, |it| it.0);
            let probe = self.probe_before(before);
            self.ingest.source((now, before), down, probe);
        }
    }

    /// Whether anything lives in its caches.
    pub(super) fn cache(&mut self, now: u64) {
        let before: i64 = self.cached.iter().map(|it| it.1).sum();
        let after = i64::from(self.leases.live() > 0);
        if before != after {
            self.cached.push((now, after - before));
        }
    }

    /// Everything that is counted, as it stands after all of an instant.
    pub(super) fn sample(&mut self, now: u64) {
        let probe = self.probe_before(now + 1);
        let (ms, bytes) = self.ingest.lag_between(now, now + 1, probe);
        // How far behind it is while a commit is tried again, no text says.
        let lag = match self.trying {
            Some(_) => OPEN.to_owned(),
            None => format!("{ms} {bytes}"),
        };
        let (issued, failed) = (self.counting.issued(), self.counting.failed());
        let live = self.leases.live();
        let text = format!("lag {lag}, {issued} issued, {failed} failed, {live} live");
        self.facts.push((now, "sample", text));
    }

    /// A milestone is reached, perhaps not for the first time.
    pub fn reach(&mut self, now: u64, milestone: Milestone) {
        self.reached.entry(milestone.word()).or_insert(now);
    }
}
