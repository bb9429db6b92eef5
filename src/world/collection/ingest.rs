//! Ingestion: commits, halts, catching up, and what the source drops meanwhile (R6; MODEL 5, 6).

use crate::agenda::Rank;
use crate::profile::Clause;
use crate::states::{Ingest, Milestone, Outcome, Status};
use crate::time::{Amount, Rate, Span, Time};
use crate::timeline::lag::Flow;
use crate::timeline::{Fact, Moves, Offset};
use crate::world::collection::{Event, Present};
use crate::world::tally::change;

impl Present<'_> {
    /// What arrives and what is committed, so far.
    fn flow(&self) -> Flow<'_> {
        Flow {
            traffic: &self.out.traffic[self.first[1]..],
            offsets: &self.out.offsets[self.first[2]..],
            commit: (self.terms.interval, self.terms.phase),
        }
    }

    /// The source is read from here: nothing counts as arrived before.
    pub(super) fn start_reading(&mut self) {
        let now = self.now().time;
        self.reading = true;
        self.committed = now;
        let last = self.traffic();
        let mut from_here = change(&last, now, last.queries, last.arrivals);
        from_here.arrived = Amount::ZERO;
        self.push_traffic(from_here);
        let upto = self.out.traffic.len() - 1;
        self.nothing_arrived(upto);
        self.push_offset(Amount::ZERO, Moves::WithCommits);
    }

    /// What was written of arrivals before the source was read did not arrive.
    pub(super) fn nothing_arrived(&mut self, upto: usize) {
        let first = self.first[1];
        for it in &mut self.out.traffic[first..upto] {
            it.arrivals = Rate::ZERO;
            it.arrived = Amount::ZERO;
        }
    }

    pub(super) fn push_traffic(&mut self, traffic: crate::timeline::TrafficFrom) {
        let first = self.first[1];
        match self.out.traffic[first..].last_mut() {
            Some(last) if last.from == traffic.from => *last = traffic,
            _ => self.out.traffic.push(traffic),
        }
    }

    pub(super) fn push_offset(&mut self, at: Amount, moves: Moves) {
        let offset = Offset {
            from: self.now().time,
            at,
            moves,
        };
        let first = self.first[2];
        match self.out.offsets[first..].last_mut() {
            Some(last) if last.from == offset.from => *last = offset,
            _ => self.out.offsets.push(offset),
        }
    }

    /// Whether the next commit would change what ingestion does.
    pub(super) fn ingest_turns(&self) -> bool {
        let granted = self.granted[self.commit_path()] || !self.has_key();
        let arrives = !self.traffic().arrivals.is_zero();
        match self.ingest {
            Ingest::Running | Ingest::CatchingUp => !granted || (self.sources_down > 0 && arrives),
            Ingest::Halted => granted && self.sources_down == 0,
        }
    }

    /// A commit of the lattice: left out while the source is down, else it asks for a data key.
    pub(super) fn commit(&mut self) {
        if self.planned[1] <= self.now().time {
            self.planned[1] = Time::NEVER;
        }
        let arrives = !self.traffic().arrivals.is_zero();
        let waits = !arrives && !self.has_key() && self.sources_down == 0;
        if !self.alive || !self.serving() || self.down || !(arrives || waits) {
            return;
        }
        if self.sources_down > 0 {
            self.halt();
            if self.has_key() && !self.rules.has(Clause::SourceNoKeyError) {
                self.answered(self.commit_path(), false);
            }
            return;
        }
        if self.retried.is_none() && !self.commit_is_throttled() {
            self.commit_is_judged();
        }
    }

    pub(super) fn commit_is_judged(&mut self) {
        let path = self.commit_path();
        let granted = self.granted[path];
        if self.has_key() {
            self.answered(path, granted);
        }
        self.commit_answered(granted);
    }

    /// A commit, or the probe that stands for it where nothing arrives.
    pub(super) fn commit_answered(&mut self, granted: bool) {
        if granted && self.site.throttled.is_some() {
            if let Some(retried) = self.retried.take() {
                self.takes_what_came(retried);
            }
            if self.ingest != Ingest::Halted {
                self.committed = self.now().time;
            }
        }
        match (self.ingest, granted) {
            (Ingest::Running | Ingest::CatchingUp, false) => self.halt(),
            (Ingest::Halted, true) if self.sources_down == 0 => self.commits_again(),
            (Ingest::Running, true) if self.remainder_waits() => {
                let arrived = self.flow().arrived(self.now().time);
                self.committed = self.now().time;
                self.push_offset(arrived, Moves::WithCommits);
            }
            // Refused by access it is tried no more: the next is the lattice's.
            (Ingest::Halted, false) => self.retried = None,
            (Ingest::Running | Ingest::CatchingUp | Ingest::Halted, true) => {}
        }
    }

    /// The offset goes back to where the last granted commit put it, and stays there.
    pub(super) fn halt(&mut self) {
        let retried = self.retried.take();
        if self.ingest == Ingest::Halted {
            return;
        }
        match retried {
            Some(retried) => self.push_offset(retried.at, Moves::Not),
            None => {
                self.stand_still();
            }
        }
        self.ingest = Ingest::Halted;
        let entry = self.tell_ingest();
        self.mark(Milestone::IngestHalted);
        self.marks.halted = Some(entry);
        self.marks.dropped = None;
        self.dropping = false;
        self.plan_drop();
    }

    /// Nothing is committed from here on: the offset goes back to where the last granted commit put it.
    pub(super) fn stand_still(&mut self) -> Amount {
        let at = self.flow().offset(self.last_granted());
        self.push_offset(at, Moves::Not);
        at
    }

    pub(super) fn last_offset(&self) -> &Offset {
        let last = self.out.offsets.last();
        last.expect("an incarnation has an offset from its beginning")
    }

    pub(super) fn arrived_by(&self, time: Time) -> Amount {
        self.flow().arrived(time)
    }

    /// The last granted commit before this instant: of the lattice, or a probe where nothing arrived.
    fn last_granted(&self) -> Time {
        let Some(mut before) = self.now().time.before(Span::from_ms(1)) else {
            return self.committed;
        };
        for it in self.out.traffic[self.first[1]..].iter().rev() {
            if it.from > before {
                continue;
            }
            let last = match it.arrivals.is_zero() && self.has_key() {
                true => self
                    .last_probe_through(before)
                    .unwrap_or_else(|| last_of(self.site.since, self.site.probe, before)),
                false => self.flow().last_commit(before),
            };
            if last >= it.from || it.from <= self.committed {
                return last.max(self.committed);
            }
            match it.from.before(Span::from_ms(1)) {
                Some(earlier) => before = earlier,
                None => break,
            }
        }
        self.committed
    }

    /// Nothing arrives any more: what has arrived since the last commit waits for the next probe.
    pub(super) fn stops_arriving(&mut self) {
        if self.ingest == Ingest::Running && self.has_key() {
            self.stand_still();
        }
    }

    /// Arrivals again: the next commit of the lattice takes all.
    pub(super) fn arrives_again(&mut self) {
        if self.ingest == Ingest::Running && self.retried.is_none() {
            let at = self.flow().offset(self.now().time);
            self.push_offset(at, Moves::WithCommits);
        }
    }

    /// Whether something waits for a probe while ingestion runs and nothing arrives.
    pub(super) fn remainder_waits(&self) -> bool {
        self.ingest == Ingest::Running
            && self.sources_down == 0
            && self.traffic().arrivals.is_zero()
            && !self.flow().waiting(self.now().time).is_zero()
    }

    /// Whether the source still holds anything that is not committed.
    pub(super) fn waits_for_commit(&self) -> bool {
        let now = self.now().time;
        let waiting = self.flow().waiting(now);
        !waiting.less(self.dropped_by(now)).is_zero()
    }

    fn tell_ingest(&mut self) -> crate::world::Ref {
        let now = self.now().time;
        let flow = self.flow();
        let (lag_ms, lag_bytes) = (flow.lag(now).ms(), flow.waiting(now).floor());
        let to = self.ingest;
        self.record(
            Fact::Ingest {
                to,
                lag_ms,
                lag_bytes,
            },
            self.latest,
            &[],
        )
    }

    /// The first granted commit after a halt.
    fn commits_again(&mut self) {
        let now = self.now().time;
        let dropped = self.dropped_by(now);
        self.lost = self.lost + dropped;
        let at = self.flow().offset(now) + dropped;
        self.push_offset(at, Moves::At(self.terms.catch_up));
        self.committed = now;
        let gap = self.lost > self.lost_told;
        self.dropping = false;
        if self.flow().waiting(now).is_zero() {
            self.runs_again();
        } else {
            self.ingest = Ingest::CatchingUp;
            self.tell_ingest();
            self.plan_caught_up();
        }
        if gap {
            // Without a pause nothing must be recreated (MODEL 6).
            let cause = self.last_entry();
            let with = self.marks.dropped;
            self.tell_outcome(Outcome::ResumedWithGap, cause, with.as_slice());
        }
    }

    fn runs_again(&mut self) {
        let now = self.now().time;
        let arrived = self.flow().arrived(now);
        self.push_offset(arrived, Moves::WithCommits);
        self.ingest = Ingest::Running;
        self.tell_ingest();
        self.mark(Milestone::IngestRecovered);
    }

    /// The lag falls at the catch-up rate less what arrives; where that is nothing it never clears.
    pub(super) fn plan_caught_up(&mut self) {
        let now = self.now().time;
        let waiting = self.flow().waiting(now);
        let gain = self.terms.catch_up.less(self.traffic().arrivals);
        if let Some(span) = gain.time_for(waiting) {
            self.plan(
                now + span,
                Rank::Timer,
                Event::CaughtUp(self.subject.incarnation),
            );
        }
    }

    pub(super) fn caught_up(&mut self) {
        let caught_up = self.flow().waiting(self.now().time).is_zero();
        if self.ingest == Ingest::CatchingUp && caught_up && self.retried.is_none() {
            self.runs_again();
        }
    }

    /// What the source has dropped of what this halt left uncommitted.
    fn dropped_by(&self, time: Time) -> Amount {
        let kept_from = time.before(self.terms.retention);
        match (self.ingest, kept_from) {
            (Ingest::Halted, Some(from)) if self.reading => {
                let flow = self.flow();
                flow.arrived(from).less(flow.offset(time))
            }
            _ => Amount::ZERO,
        }
    }

    /// All that was dropped by then.
    pub(super) fn lost_by(&self, time: Time) -> Amount {
        self.lost + self.dropped_by(time)
    }

    /// The source holds an arrival of instant a up to and with a + retention.
    pub(super) fn plan_drop(&mut self) {
        if self.ingest != Ingest::Halted || self.dropping || !self.reading {
            return;
        }
        let now = self.now().time;
        let flow = self.flow();
        let held = flow
            .instant_of(flow.offset(now))
            .map(|oldest| oldest + self.terms.retention);
        if let Some(held) = held.filter(|held| *held < Time::NEVER) {
            self.plan(
                held.next().max(now),
                Rank::Timer,
                Event::Drop(self.subject.incarnation),
            );
        }
    }

    pub(super) fn source_drops(&mut self) {
        let now = self.now().time;
        if self.ingest != Ingest::Halted || self.dropping || self.dropped_by(now).is_zero() {
            return;
        }
        if self.status == Status::Resuming
            && self.resume_due == now
            && self.now().rank < Rank::PauseProbe
        {
            // Only what is dropped before `READY` keeps it from that.
            self.plan(now, Rank::PauseProbe, Event::Drop(self.subject.incarnation));
            return;
        }
        self.dropping = true;
        self.marks.dropped = Some(self.record(Fact::DataLost, self.marks.halted, &[]));
        self.mark(Milestone::DataLost);
        self.judge_outcome(self.marks.dropped);
    }
}

/// The last instant of the lattice `from + k × interval`, from k = 1, up to and with `time`; `from` before the first.
fn last_of(from: Time, interval: Span, time: Time) -> Time {
    let steps = time.since(from).ms() / interval.ms();
    from + Span::from_ms(steps * interval.ms())
}
