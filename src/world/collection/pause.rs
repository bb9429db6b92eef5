//! The pause, Support, and how the data comes out (R7, R8; MODEL 2, 6).

use crate::agenda::Rank;
use crate::profile::Clause;
use crate::states::{Loss, Milestone, Outcome, Status, Support};
use crate::time::{Span, Time};
use crate::timeline::Fact;
use crate::world::Ref;
use crate::world::collection::{Event, Present, Ticket};

impl Present<'_> {
    /// `PAUSING`, and then `PAUSED`, whatever comes between.
    pub(super) fn begin_pausing(&mut self) {
        let with = self.site.steps[self.step].entry;
        let entry = self.set_status(Status::Pausing, self.marks.error, with.as_slice());
        self.mark(Milestone::Pausing);
        self.marks.pausing = Some(entry);
        self.clock_since = None;
        self.last_probe = (0, Time::NEVER);
        self.halt();
        let time = self.now().time + self.site.pausing;
        self.plan(time, Rank::Timer, Event::Paused(self.subject.incarnation));
    }

    pub(super) fn paused(&mut self) {
        if self.status == Status::Pausing
            && !self.waits_for_region(Event::Paused(self.subject.incarnation))
        {
            if self.access && !self.rules.has(Clause::PausingStays) {
                self.ready_again(self.marks.pausing);
                return;
            }
            self.becomes_paused(self.marks.pausing);
            let auto = self.rules.support_auto || !self.rules.has(Clause::SupportNeeded);
            if self.ticket == Ticket::None && auto {
                self.ticket = Ticket::Waiting;
            }
            self.support_goes_on(self.marks.paused);
        }
    }

    fn becomes_paused(&mut self, cause: Option<Ref>) {
        let entry = self.set_status(Status::Paused, cause, &[]);
        self.mark(Milestone::Paused);
        self.marks.paused = Some(entry);
        self.judge_outcome(Some(entry));
    }

    /// `ContactSupport`.
    pub(super) fn contact(&mut self, command: Ref) {
        let recreate = self.beyond_help();
        let heard = matches!(self.status, Status::Pausing | Status::Paused);
        let to = match (self.alive, recreate, heard) {
            (true, true, _) => Support::CannotHelp,
            (true, false, true) => {
                if self.ticket == Ticket::None {
                    self.ticket = Ticket::Waiting;
                    self.support_goes_on(Some(command));
                    if self.ticket == Ticket::Waiting {
                        self.marks.ticket = Some(self.record(
                            Fact::Support {
                                to: Support::Waiting,
                            },
                            Some(command),
                            &[],
                        ));
                    }
                }
                return;
            }
            (false, ..) | (true, false, false) => Support::NotNeeded,
        };
        self.record(Fact::Support { to }, Some(command), &[]);
    }

    /// Support's delay runs once, from the latest of contact, `PAUSED` and granted access; then the collection resumes
    /// as soon as access is granted.
    pub(super) fn support_goes_on(&mut self, because: Option<Ref>) {
        let stuck = self.beyond_help();
        let away = !self.access && self.rules.has(Clause::SupportWaits);
        if !self.alive || self.status != Status::Paused || stuck || away || self.down {
            return;
        }
        let waited = [
            self.marks.ticket,
            self.marks.paused,
            self.site.steps[self.step].entry,
        ];
        let others: Vec<Ref> = waited
            .into_iter()
            .flatten()
            .filter(|entry| Some(*entry) != because)
            .collect();
        match self.ticket {
            Ticket::None | Ticket::Working => {}
            Ticket::Waiting => {
                self.ticket = Ticket::Working;
                let fact = Fact::Support {
                    to: Support::Working,
                };
                self.marks.ticket = Some(self.record(fact, because, &others));
                let delay = if self.rules.has(Clause::SupportNeeded) {
                    self.site.support_delay
                } else {
                    Span::ZERO
                };
                let time = self.now().time + delay;
                self.plan(
                    time,
                    Rank::Timer,
                    Event::SupportEnds(self.subject.incarnation),
                );
            }
            Ticket::Done => {
                let others: Vec<Ref> = self
                    .marks
                    .ticket
                    .into_iter()
                    .filter(|it| Some(*it) != because)
                    .collect();
                self.begin_resuming(because, &others);
            }
        }
    }

    pub(super) fn support_ends(&mut self) {
        let event = Event::SupportEnds(self.subject.incarnation);
        if self.ticket == Ticket::Working && !self.waits_for_region(event) {
            self.ticket = self.ticket_done();
            self.support_goes_on(self.marks.ticket);
        }
    }

    fn begin_resuming(&mut self, cause: Option<Ref>, with: &[Ref]) {
        let mut with = with.to_vec();
        let access = self.site.steps[self.step].entry;
        with.extend(access.filter(|it| Some(*it) != cause && !with.contains(it)));
        self.marks.resuming = Some(self.set_status(Status::Resuming, cause, &with));
        let time = self.now().time + self.site.resuming;
        self.resume_due = time;
        self.plan(
            time,
            Rank::Timer,
            Event::ResumeEnds(self.subject.incarnation),
        );
    }

    pub(super) fn resume_ends(&mut self) {
        let event = Event::ResumeEnds(self.subject.incarnation);
        if self.status != Status::Resuming || self.waits_for_region(event) {
            return;
        }
        if !self.access {
            // Access is away again: wait for it, without a new delay.
            self.ticket = self.ticket_done();
            self.becomes_paused(self.site.steps[self.step].entry);
            return;
        }
        let entry = self.ready_again(self.marks.resuming);
        self.mark(Milestone::Resumed);
        let outcome = if self.dropping {
            Outcome::ResumedWithGap
        } else {
            Outcome::Resumed
        };
        self.tell_outcome(outcome, Some(entry), &[]);
    }

    /// The delay is over; where it does not run once, it waits to run again while access is away.
    fn ticket_done(&self) -> Ticket {
        if self.access || self.rules.has(Clause::DelayOnce) {
            Ticket::Done
        } else {
            Ticket::Waiting
        }
    }

    /// Whether Support cannot help: what must be recreated stays paused until it is.
    fn beyond_help(&self) -> bool {
        self.rules.has(Clause::RecreateAbsorbs) && self.outcome.is_some_and(Outcome::must_recreate)
    }

    /// `READY`, with nothing left of the key error and of the ticket.
    fn ready_again(&mut self, cause: Option<Ref>) -> Ref {
        self.refused = [false; 2];
        self.clock_sum = Span::ZERO;
        self.ticket = Ticket::None;
        self.marks.ticket = None;
        self.set_status(Status::Ready, cause, &[])
    }

    /// What a paused collection's loss means, once it is both paused and lost something (R8); `certain` is the later of
    /// the two.
    pub(super) fn judge_outcome(&mut self, certain: Option<Ref>) {
        let stuck = self.outcome.is_some_and(Outcome::must_recreate);
        let paused = match self.status {
            Status::Paused => true,
            // A status does not change while the region is down.
            Status::Resuming => !self.down,
            Status::Created
            | Status::Ready
            | Status::EncryptionKeyError
            | Status::Pausing
            | Status::Deleted => false,
        };
        if !self.alive || stuck || !paused || !self.rules.has(Clause::MustRecreate) {
            return;
        }
        let source = self.plain.source;
        let outcome = match (self.key_gone, self.dropping, source.loss()) {
            (Some(_), ..) => source.outcome_without_key(),
            (None, true, Loss::FromSource) => Outcome::RecreateFromSource,
            (None, true, Loss::ForEver) => Outcome::RecreateWithLoss,
            (None, _, Loss::Gap) | (None, false, Loss::FromSource | Loss::ForEver) => return,
        };
        let entry = self.tell_outcome(outcome, certain, &[]);
        if self.status == Status::Resuming {
            let entry = self.set_status(Status::Paused, Some(entry), &[]);
            self.mark(Milestone::Paused);
            self.marks.paused = Some(entry);
        }
    }

    pub(super) fn tell_outcome(&mut self, to: Outcome, cause: Option<Ref>, with: &[Ref]) -> Ref {
        let lost = self.lost_by(self.now().time);
        self.lost_told = lost;
        self.outcome = Some(to);
        self.record(
            Fact::Outcome {
                to,
                bytes: lost.floor(),
            },
            cause,
            with,
        )
    }

    /// The key's last replica is gone.
    pub(super) fn key_is_gone(&mut self) {
        if !self.rules.has(Clause::GoneForEver) {
            return;
        }
        let gone = self
            .site
            .key
            .and_then(|key| self.ground.tape.gone[key as usize]);
        self.key_gone = gone.map(|(_, entry)| entry);
        self.judge_outcome(self.key_gone);
    }

    /// The entry about this collection that was written last.
    pub(super) fn last_entry(&self) -> Option<Ref> {
        self.out.recorder.last()
    }
}
