//! Calls of a collection that are refused for their number: three attempts each, and nothing learned from them (MODEL 8).

use crate::agenda::Rank;
use crate::profile::{Clause, OnUnreachable};
use crate::scenario::Fraction;
use crate::states::{Ingest, Status};
use crate::time::{Amount, Time};
use crate::timeline::{Moves, Offset};
use crate::world::access::READ;
use crate::world::collection::{Event, Ground, Present};
use crate::world::place::upcoming;
use crate::world::site::SiteTape;
use crate::world::throttled::{APART, ATTEMPTS, Call, Caller, Probes, Stretch, Throttled};

/// A commit that is tried again.
#[derive(Copy, Clone, Debug)]
pub(super) struct Retried {
    tries: u8,
    next: Time,
    /// Where the last granted commit put the offset.
    pub(super) at: Amount,
    /// How the offset moved before.
    moved: Offset,
}

fn probes<'a>(ground: &'a Ground<'_>, site: &SiteTape, throttled: &'a Throttled) -> Probes<'a> {
    let downs = &ground.tape.downs[site.region as usize];
    site.probes(throttled, ground.chance, downs, ground.scenario.until)
}

impl Present<'_> {
    pub(super) fn open_throttling(&mut self) {
        let Some(throttled) = &self.site.throttled else {
            return;
        };
        self.callers[1].rename(&throttled.name);
        for (number, change) in throttled.changes.iter().enumerate() {
            let rank = match change.ends {
                true => Rank::Opposite,
                false => Rank::Command,
            };
            let event = Event::Throttling(number as u32);
            self.agenda.plan(change.time, rank, self.subject, event);
        }
    }

    /// A new incarnation calls by its own name.
    pub(super) fn begin_calls(&mut self) {
        self.retried = None;
        self.asked = Time::NEVER;
        self.last_probe = (0, Time::NEVER);
        if self.site.throttled.is_some() {
            let name = self.ground.scenario.names.text(self.subject);
            self.callers[0].rename(&name);
        }
        self.number_entries();
    }

    pub(super) fn number_entries(&mut self) {
        if self.site.throttled.is_some() {
            self.lease.number_entries();
        }
    }

    pub(super) fn throttling_changes(&mut self, number: u32) {
        let throttled = self.site.throttled.as_ref();
        let throttled = throttled.expect("what changes is there");
        self.latest = Some(throttled.changes[number as usize].entry);
    }

    /// The throttling of the calls that are made now; none while the KMS does not answer at all. Access is as it was up to
    /// what becomes visible, so until then both what was and what is to be count.
    pub(super) fn throttle(&self) -> Option<Stretch> {
        let throttled = self.site.throttled.as_ref()?;
        let now = self.now().time;
        match self.site.steps[self.step].unreachable {
            Some(_) => throttled.of_call(now).copied(),
            None => throttled.in_force(now).copied(),
        }
    }

    fn refused(&mut self, share: Fraction, call: Call) -> bool {
        let time = self.now().time;
        let caller = &mut self.callers[usize::from(matches!(call, Call::Probe))];
        caller.refused(self.ground.chance, share, call, time)
    }

    /// Whether entries are asked for, so that calls are made for them, whatever they are answered.
    pub(super) fn calls_for_entries(&self) -> bool {
        self.has_key() && self.used() && self.serving() && !self.down
    }

    /// Entries go their own ways while calls are throttled; whether they do.
    pub(super) fn settle_apart(&mut self) -> bool {
        if self.site.throttled.is_none() {
            return false;
        }
        let now = self.now().time;
        let (calls, throttle) = (self.calls_for_entries(), self.throttle());
        if !self.lease.apart() {
            if !calls || throttle.is_none() {
                return false;
            }
            self.lease.part(now);
        } else if !calls {
            self.lease.join(now);
            return false;
        }
        let Some(throttle) = throttle else {
            // What is dead is fetched when calls are made: after all that becomes visible at this instant.
            self.plan_attempts(now);
            return true;
        };
        let ends = self.extension_ends(throttle);
        let granted = self.granted[READ];
        let slots = self.lease.slots();
        slots.see(granted, now);
        if ends <= now {
            slots.extend_no_more();
        }
        let (extended, next) = (slots.any_extended(), slots.next());
        if extended {
            self.plan_death(ends);
        }
        self.plan_attempts(next);
        true
    }

    /// Until when an entry that cannot be renewed lives on (`on_unreachable`).
    fn extension_ends(&self, throttle: Stretch) -> Time {
        match self.rules.on_unreachable {
            OnUnreachable::Expire => Time::START,
            OnUnreachable::Extend => Time::NEVER,
            OnUnreachable::ExtendUntil(span) => throttle.since + span,
        }
    }

    fn plan_attempts(&mut self, time: Time) {
        if time < self.planned[4] {
            self.planned[4] = time;
            let event = Event::Attempts(self.subject.incarnation);
            self.plan(time, Rank::Call, event);
        }
    }

    /// The renewals that are due or tried again at this instant; at the end of the throttling all that are missing.
    pub(super) fn attempt_renewals(&mut self) {
        let now = self.now().time;
        if self.planned[4] <= now {
            self.planned[4] = Time::NEVER;
        }
        if !self.lease.apart() || !self.calls_for_entries() {
            return;
        }
        let granted = self.granted[READ];
        let Some(throttle) = self.throttle() else {
            self.lease.join(now);
            if granted && self.resume_leases() {
                self.answered(READ, true);
            }
            return;
        };
        let extended = now < self.extension_ends(throttle);
        let (life, chance) = (self.lease.life(), self.ground.chance);
        let caller = &mut self.callers[0];
        let die = |entry| caller.refused(chance, throttle.share, Call::Renewal(entry), now);
        let slots = self.lease.slots();
        if slots.attempt(now, life, extended, granted, die) {
            self.answered(READ, granted);
        }
    }

    /// Whether each commit is an event.
    pub(super) fn commits_one_by_one(&self) -> bool {
        self.site.throttled.is_some() && self.sources_down == 0 && self.throttle().is_some()
    }

    /// Whether the commit of this instant is refused for the number of calls; then it is tried again.
    pub(super) fn commit_is_throttled(&mut self) -> bool {
        let throttle = self.throttle().filter(|_| self.has_key());
        let throttled = throttle.is_some_and(|it| self.refused(it.share, Call::Commit));
        if throttled {
            self.put_off_commit();
        }
        throttled
    }

    fn put_off_commit(&mut self) {
        let now = self.now().time;
        let moved = *self.last_offset();
        let mut retried = self.retried.unwrap_or(Retried {
            tries: 0,
            next: now,
            at: moved.at,
            moved,
        });
        if retried.tries == 0 && self.ingest != Ingest::Halted {
            retried.at = self.stand_still();
        }
        retried.tries += 1;
        retried.next = now + APART;
        self.retried = Some(retried);
        if retried.tries == ATTEMPTS {
            self.halt();
            if !self.rules.has(Clause::ThrottlingTellsNothing) {
                self.answered(self.commit_path(), false);
            }
        } else {
            let event = Event::CommitAgain(self.subject.incarnation);
            self.plan(retried.next, Rank::Call, event);
        }
    }

    pub(super) fn commit_again(&mut self) {
        let now = self.now().time;
        if self.retried.is_none_or(|it| it.next != now) || !self.serving() || self.down {
            return;
        }
        if self.sources_down > 0 {
            self.halt();
        } else if !self.commit_is_throttled() {
            self.commit_is_judged();
        }
    }

    /// A commit that was tried again gets through: it takes what has come by now.
    pub(super) fn takes_what_came(&mut self, retried: Retried) {
        let now = self.now().time;
        let arrived = self.arrived_by(now);
        match (self.ingest, retried.moved.moves) {
            (Ingest::Halted, _) => {}
            (Ingest::CatchingUp, Moves::At(rate)) => {
                let caught = retried.moved.at + rate.over(now - retried.moved.from);
                self.push_offset(caught.min(arrived), Moves::At(rate));
                self.plan_caught_up();
            }
            (Ingest::Running | Ingest::CatchingUp, _) => {
                self.push_offset(arrived, Moves::WithCommits);
            }
        }
    }

    /// Whether a probe of this instant gets through at once.
    fn probe_gets_through(&mut self, time: Time) -> Option<Time> {
        let Some(throttled) = &self.site.throttled else {
            return Some(time);
        };
        let probes = probes(self.ground, self.site, throttled);
        probes.through(&mut self.callers[1], time)
    }

    /// A collection that is only created asks for itself: where it is made, and where its region is back.
    pub(super) fn ask_at_once(&mut self) {
        let now = self.now().time;
        self.asked = now;
        if self.down || self.probe_gets_through(now) == Some(now) {
            self.ask_all_once();
        }
    }

    /// The first probe from an instant on that gets through.
    pub(super) fn next_probe(&mut self, from: Time) -> Time {
        let site = self.site;
        let Some(throttled) = &site.throttled else {
            return upcoming(site.since + site.probe, site.probe, from);
        };
        let (looked, found) = self.probe_found;
        if looked > from || from > found {
            let probes = probes(self.ground, site, throttled);
            // The first probe of all was the start.
            let next = from.max(site.since + site.probe);
            self.probe_found = (from, probes.next(&mut self.callers[1], next));
        }
        let own = match self.status {
            // The first attempt of its own asking was made where it was made.
            Status::Created if self.asked <= from => self.probe_gets_through(self.asked),
            _ => None,
        };
        let own = own.filter(|at| *at >= from && *at > self.asked);
        own.map_or(self.probe_found.1, |at| at.min(self.probe_found.1))
    }

    /// The last probe before an instant that was not refused, where one can be.
    pub(super) fn last_probe_through(&self, upto: Time) -> Option<Time> {
        let throttled = self.site.throttled.as_ref()?;
        let mut caller = Caller::named(&throttled.name);
        let last =
            probes(self.ground, self.site, throttled).last(&mut caller, self.committed, upto);
        Some(last.unwrap_or(self.committed))
    }

    /// The pause's last probe: whether it got through, or, where it is tried again, nothing yet. Refused for the number of
    /// calls three times, what was refused before counts.
    pub(super) fn last_probe(&mut self) -> Option<bool> {
        let now = self.now().time;
        let (tries, next) = self.last_probe;
        if tries > 0 && now != next {
            return None;
        }
        let throttle = self.throttle();
        if !throttle.is_some_and(|it| self.refused(it.share, Call::Probe)) {
            return Some(true);
        }
        if tries + 1 == ATTEMPTS {
            return Some(false);
        }
        self.last_probe = (tries + 1, now + APART);
        let event = Event::PauseDue(self.subject.incarnation);
        self.plan(now + APART, Rank::PauseProbe, event);
        None
    }
}
