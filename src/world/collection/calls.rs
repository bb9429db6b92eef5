//! The calls a collection makes, what they are answered, and the status that follows (R5, R7; MODEL 2).

use crate::agenda::Rank;
use crate::profile::{Clause, PauseClock};
use crate::states::{Ingest, Milestone, Status};
use crate::time::{Span, Time};
use crate::timeline::Fact;
use crate::world::access::READ;
use crate::world::collection::{Event, Present};
use crate::world::place::upcoming;

impl Present<'_> {
    /// The path a commit asks.
    pub(super) fn commit_path(&self) -> usize {
        self.paths - 1
    }

    /// The site's access from a step on.
    pub(super) fn take_step(&mut self, number: usize) {
        self.step = number;
        let step = self.site.steps[number];
        self.grant(step.read, step.commit);
        self.access = step.granted;
    }

    fn grant(&mut self, read: bool, commit: bool) {
        self.granted = match self.paths {
            1 => [read && commit; 2],
            _ => [read, commit],
        };
    }

    /// Faults are seen at their instant: before what is ordered then, and before what becomes visible.
    pub(super) fn see_faults(&mut self) -> &'static str {
        let now = self.now();
        let next = self
            .site
            .steps
            .get(self.step + 1)
            .filter(|step| step.time == now.time);
        match next
            .and_then(|step| step.early)
            .filter(|_| now.rank < Rank::Visible)
        {
            Some(early) => {
                self.access = early.read && early.commit;
                self.grant(early.read, early.commit);
                early.error
            }
            None => self.site.steps[self.step].error,
        }
    }

    pub(super) fn step_taken(&mut self, number: u32) {
        self.take_step(number as usize);
        let told = self.site.steps[number as usize].entry;
        if told != self.site.steps[number as usize - 1].entry {
            self.latest = told;
        }
        self.settle_clock();
        if self.access {
            self.support_goes_on(self.latest);
        }
    }

    /// A path is refused from its first refused call to its next granted one; while any is, the status is
    /// `ENCRYPTION_KEY_ERROR`.
    pub(super) fn answered(&mut self, path: usize, granted: bool) {
        self.refused[path] = !granted;
        let any = self.refused[..self.paths].contains(&true);
        match (self.status, any) {
            (Status::Ready, true) => {
                let entry = self.set_status(Status::EncryptionKeyError, self.latest, &[]);
                self.mark(Milestone::KeyError);
                self.marks.error = Some(entry);
                self.settle_clock();
            }
            (Status::EncryptionKeyError, false) => {
                self.set_status(Status::Ready, self.latest, &[]);
                self.stop_clock();
                if self.rules.pause_clock == PauseClock::Continuous {
                    self.clock_sum = Span::ZERO;
                }
                self.pause_told = true;
            }
            _ => {}
        }
    }

    fn stop_clock(&mut self) {
        self.last_probe = (0, Time::NEVER);
        if let Some(since) = self.clock_since.take() {
            self.clock_sum = self.clock_sum + (self.now().time - since);
        }
    }

    /// The pause clock stands still while the region is down, or while the KMS does not answer and that does not pause.
    pub(super) fn settle_clock(&mut self) {
        if !self.alive || self.status != Status::EncryptionKeyError {
            return;
        }
        let unreachable = self.site.steps[self.step].unreachable.is_some();
        let held = self.down && self.rules.has(Clause::DownHoldsClock);
        let still = held || (unreachable && !self.rules.unreachable_pauses);
        match (still, self.clock_since) {
            (true, Some(_)) => {
                self.stop_clock();
                self.tell_due(None);
            }
            (false, None) => {
                let now = self.now().time;
                self.clock_since = Some(now);
                let due = now + self.site.pause_after.less(self.clock_sum);
                self.tell_due(Some(due));
                // R7: paused if the key remains unavailable for several hours.
                if self.rules.has(Clause::Pauses) {
                    self.plan(
                        due,
                        Rank::PauseProbe,
                        Event::PauseDue(self.subject.incarnation),
                    );
                }
            }
            (true, None) | (false, Some(_)) => {}
        }
    }

    /// Keeps when the first key error would pause the collection.
    fn tell_due(&mut self, due: Option<Time>) {
        if !self.pause_told {
            self.pause_due = due;
        }
    }

    /// The pause's last probe asks the refused paths.
    pub(super) fn pause_is_due(&mut self) {
        let (Status::EncryptionKeyError, Some(since)) = (self.status, self.clock_since) else {
            return;
        };
        if self.clock_sum + (self.now().time - since) < self.site.pause_after {
            return;
        }
        let idle = !self.used() && self.traffic().arrivals.is_zero();
        if idle && !self.rules.has(Clause::IdlePauses) {
            return;
        }
        let asked = match self.rules.has(Clause::LastProbe) {
            true => self.last_probe(),
            false => Some(false),
        };
        let Some(through) = asked else {
            return;
        };
        for path in 0..self.paths {
            if through && self.refused[path] && self.granted[path] {
                self.answered(path, true);
            }
        }
        if self.status == Status::EncryptionKeyError {
            self.pause_told = true;
            self.begin_pausing();
        }
    }

    /// A probe asks every path; of a collection that is only created, those that were never granted.
    pub(super) fn probe(&mut self) {
        if self.planned[0] <= self.now().time {
            self.planned[0] = Time::NEVER;
        }
        if !self.alive || self.down || !self.started {
            return;
        }
        if self.status == Status::Created {
            self.ask_all_once();
        } else if self.serving() && self.has_key() {
            for path in 0..self.paths {
                self.answered(path, self.granted[path]);
            }
            if self.traffic().arrivals.is_zero() {
                self.commit_answered(self.granted[self.commit_path()]);
            }
        }
    }

    /// `CREATED` until its site has started and each of its paths was granted once (MODEL 7).
    pub(super) fn ask_all_once(&mut self) {
        if self.status != Status::Created || !self.started || self.site.refused {
            return;
        }
        if self.down {
            self.asks_later = true;
            return;
        }
        for path in 0..self.paths {
            self.granted_once[path] |= self.granted[path];
        }
        if self.granted_once[..self.paths]
            .iter()
            .all(|granted| *granted)
            || !self.rules.has(Clause::NewWaits)
        {
            self.become_ready();
        }
    }

    fn become_ready(&mut self) {
        let now = self.now().time;
        self.set_status(Status::Ready, self.latest, &[]);
        // Where calls are throttled, each entry is asked for by itself.
        if self.throttle().is_none() {
            self.lease
                .fetch_all(if self.has_key() { now } else { Time::NEVER });
        }
        self.start_reading();
        self.ingest = Ingest::Running;
        self.record(
            Fact::Ingest {
                to: Ingest::Running,
                lag_ms: 0,
                lag_bytes: 0,
            },
            self.latest,
            &[],
        );
    }

    pub(super) fn site_starts(&mut self) {
        self.started = true;
        self.latest = self.site.start_entry.or(self.latest);
        if self.alive {
            self.ask_all_once();
        }
    }

    pub(super) fn down_begins(&mut self, number: u32) {
        let down = self.ground.tape.downs[self.site.region as usize][number as usize];
        self.down = true;
        self.latest = Some(down.began);
        if self.alive && self.serving() {
            self.settle_clock();
            self.halt();
        }
    }

    pub(super) fn down_ends(&mut self, number: u32) {
        let down = self.ground.tape.downs[self.site.region as usize][number as usize];
        self.down = false;
        self.latest = down.ended.or(self.latest);
        if !self.alive {
            self.take_up_deferred();
            return;
        }
        self.settle_clock();
        self.judge_outcome(self.key_gone.or(self.marks.dropped));
        if std::mem::take(&mut self.asks_later) {
            self.ask_at_once();
        }
        self.support_goes_on(down.ended);
        self.take_up_deferred();
        if self.used()
            && self.serving()
            && self.has_key()
            && !self.granted[READ]
            && self.lease.any_dead()
        {
            let now = self.now().time;
            self.plan_renewal(now);
        }
    }

    /// What waited for the region is planned for now.
    fn take_up_deferred(&mut self) {
        for event in std::mem::take(&mut self.deferred) {
            let now = self.now().time;
            let rank = if matches!(event, Event::Late(..)) {
                Rank::Command
            } else {
                Rank::Timer
            };
            self.plan(now, rank, event);
        }
    }

    /// What would change a status or a ticket while the region is down happens at its end; whether it must wait.
    pub(super) fn waits_for_region(&mut self, event: Event) -> bool {
        if self.down {
            self.deferred.push(event);
        }
        self.down
    }

    /// Plans the next calls that will change something. Each planned call really is made: the lattices of probes and of
    /// commits go on, and an event on them only looks.
    pub(super) fn plan_calls(&mut self) {
        if self.down || self.site.refused {
            return;
        }
        if self.status == Status::Created {
            let waits = (0..self.paths).any(|path| self.granted[path] && !self.granted_once[path]);
            if self.started && waits {
                self.plan_probe();
            }
            return;
        }
        if !self.serving() {
            return;
        }
        let arrives = !self.traffic().arrivals.is_zero();
        let mut commits = self.ingest_turns() || self.remainder_waits();
        for path in 0..self.paths {
            if self.has_key() && self.granted[path] == self.refused[path] {
                self.plan_probe();
                commits |= path == self.commit_path() && arrives && self.sources_down == 0;
                if path == READ && self.granted[READ] && self.used() && !self.lease.apart() {
                    let now = self.now().time;
                    let next = self.lease.next_renewal(now);
                    self.plan_renewal(next);
                }
            }
        }
        commits |= self.commits_one_by_one() && arrives;
        // Where nothing arrives the probe stands for the commit. Without a key there is none: what waits is committed by
        // the lattice, and where nothing waits either there is nothing to wait for.
        if !commits {
            return;
        }
        if !arrives && self.has_key() {
            self.plan_probe();
        } else if arrives || self.waits_for_commit() {
            self.plan_commit();
        } else {
            self.commit_answered(true);
        }
    }

    /// The first instant that has not passed: this one too, where the rank is still to come.
    fn still_to_come(&self, rank: Rank) -> Time {
        let now = self.now();
        if now.rank < rank {
            now.time
        } else {
            now.time.next()
        }
    }

    /// Probes are at the site's creation + k × `probe.interval`, from k = 1.
    fn plan_probe(&mut self) {
        if self.status != Status::Created && !self.rules.has(Clause::Probed) {
            return;
        }
        let time = self.next_probe(self.still_to_come(Rank::Timer));
        if time < self.planned[0] {
            self.planned[0] = time;
            self.plan(time, Rank::Timer, Event::Probe);
        }
    }

    /// The next commit of the lattice, unless one is being tried again.
    fn plan_commit(&mut self) {
        let phase = Time::START + self.terms.phase;
        let time = upcoming(phase, self.terms.interval, self.still_to_come(Rank::Call));
        if self.retried.is_none() && time < self.planned[1] {
            self.planned[1] = time;
            self.plan(time, Rank::Call, Event::Commit(self.subject.incarnation));
        }
    }
}
