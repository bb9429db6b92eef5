//! What is served: leases, the share of queries, and the entries that tell of it (R5, R9).

use crate::agenda::{Moment, Rank};
use crate::profile::{Clause, OnUnreachable};
use crate::states::{Milestone, Queries};
use crate::time::Time;
use crate::timeline::counts::Choices;
use crate::timeline::{Fact, Share};
use crate::world::access::READ;
use crate::world::collection::{Event, Present};
use crate::world::tally::push_share;

/// The ways to read the cache, kept while they stay the same from one collection to the next.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    of: (u32, u32),
    choices: Option<Choices>,
}

impl Ways {
    pub(super) fn set(&mut self, entries: u32, reads: u32) {
        if self.choices.is_none() || self.of != (entries, reads) {
            self.of = (entries, reads);
            self.choices = Some(Choices::new(entries, reads));
        }
    }

    fn choices(&self) -> &Choices {
        self.choices
            .as_ref()
            .expect("the ways are set when an incarnation begins")
    }

    pub(super) fn all(&self) -> u64 {
        self.choices().all()
    }
}

impl Present<'_> {
    /// Whether entries are renewed on use: they are used, reads are granted and calls are made.
    fn renews(&self) -> bool {
        self.granted[READ] && self.calls_for_entries()
    }

    /// Whether more becomes visible at this very instant.
    fn sees_more(&self) -> bool {
        let next = self.site.steps.get(self.step + 1);
        next.is_some_and(|step| step.time == self.now().time)
    }

    /// Renewals stop and go on with what they need.
    pub(super) fn settle_lease(&mut self) {
        if self.settle_apart() {
            return;
        }
        let now = self.now().time;
        match (self.lease.renewing(), self.renews()) {
            (true, false) => self.lease.stop(now),
            // Calls come after all that becomes visible at their instant.
            (false, true) if self.sees_more() => {}
            (false, true) => {
                if self.resume_leases() {
                    self.plan_renewal(now);
                }
            }
            (true, true) | (false, false) => {}
        }
        let held = self.hold_ends().is_some_and(|end| now < end);
        self.lease.hold(held);
    }

    /// Renewals go on; whether any call is made for that at once.
    pub(super) fn resume_leases(&mut self) -> bool {
        let afresh = self.rules.has(Clause::LeaseFromFetch);
        self.lease.resume(self.agenda.now().time, afresh)
    }

    /// Until when no lease ends, while the KMS does not answer (`on_unreachable`).
    fn hold_ends(&self) -> Option<Time> {
        let since = self.site.steps[self.step].unreachable?;
        match self.rules.on_unreachable {
            OnUnreachable::Expire => None,
            OnUnreachable::Extend => Some(Time::NEVER),
            OnUnreachable::ExtendUntil(span) => Some(since + span),
        }
    }

    /// The entries due up to and with `time` die, each step being kept; what was past its lease while a hold lasted
    /// dies no earlier than `not_before`.
    pub(super) fn let_die(&mut self, not_before: Time, time: Time) {
        while let Some(at) = self.lease.die(time) {
            let live = self.lease.live();
            self.push_share_at(at.max(not_before), live, self.serving_entries(live));
        }
    }

    /// How many entries count for queries: all where reads would be granted, none where nothing is served. What calls are
    /// throttled for is not sure to be granted.
    fn serving_entries(&self, live: u32) -> u32 {
        let down = self.down && self.rules.has(Clause::DownServesNone);
        if !self.serving() || down {
            0
        } else if self.granted[READ] && self.throttle().is_none() {
            self.lease.entries()
        } else if self.rules.has(Clause::CachesServe) {
            live
        } else {
            0
        }
    }

    pub(super) fn push_share(&mut self, live: u32, serving: u32) {
        self.push_share_at(self.now().time, live, serving);
    }

    fn push_share_at(&mut self, from: Time, live: u32, serving: u32) {
        let share = Share {
            from,
            live,
            serving,
        };
        let missing = self.ways.choices().missing(&share);
        let traffic = self.traffic();
        self.tally.share(&traffic, from, missing);
        push_share(&mut self.out.shares, self.first[0], share);
    }

    /// Tells of a change of what is served.
    pub(super) fn settle_share(&mut self) {
        let live = self.lease.live();
        self.push_share(live, self.serving_entries(live));
    }

    /// What is served at present.
    fn served(&self) -> Queries {
        let ways = self.ways.choices();
        match ways.found(self.serving_entries(self.lease.live())) {
            0 => Queries::None,
            found if found == ways.all() => Queries::All,
            _ => Queries::Some,
        }
    }

    /// The end of an instant: queries come last, so only what is so after everything else of it is told of them.
    pub(super) fn tell_queries(&mut self) {
        let to = self.served();
        if to != self.queries {
            self.queries = to;
            let counts = self.counts();
            let live = self.lease.live_after(self.now().time);
            let moment = Moment {
                time: self.now().time,
                rank: Rank::Query,
            };
            let fact = Fact::Queries { to, live, counts };
            self.out
                .recorder
                .record(moment, self.subject, fact, self.latest, &[]);
            self.carry();
            if to == Queries::All {
                if self.ever_all || self.failed_told[0] {
                    self.mark(Milestone::QueriesRecovered);
                }
                self.ever_all = true;
                self.failed_told = [false; 2];
            }
        }
        self.mark_failing();
        self.carrier = None;
    }

    /// The entry just written may be the one with which queries begin to fail.
    pub(super) fn carry(&mut self) {
        self.carrier = Some(self.out.recorder.drafts.len() - 1);
    }

    /// Marks the entry of this instant with which queries begin to fail: the first, and all.
    fn mark_failing(&mut self) {
        let (true, Some(carrier)) = (self.used(), self.carrier) else {
            return;
        };
        if self.queries != Queries::All && !self.failed_told[0] {
            self.failed_told[0] = true;
            self.out
                .recorder
                .mark_at(carrier, Milestone::FirstFailedQuery);
        }
        if self.queries == Queries::None && !self.failed_told[1] {
            self.failed_told[1] = true;
            self.out
                .recorder
                .mark_at(carrier, Milestone::AllQueriesFailing);
        }
    }

    /// Entries die at this instant; what is used is asked for at once.
    pub(super) fn expiry(&mut self) {
        let now = self.now().time;
        if self.planned[3] <= now {
            self.planned[3] = Time::NEVER;
        }
        if !self.alive {
            return;
        }
        if self.hold_ends().is_none_or(|end| now >= end) {
            self.lease.hold(false);
        }
        self.let_die(now, now);
        if self.lease.any_dead() && self.used() {
            self.plan_renewal(now);
        }
    }

    /// A renewal: granted ones matter while the path is refused, refused ones while it is not.
    pub(super) fn renewal(&mut self) {
        if self.planned[2] <= self.now().time {
            self.planned[2] = Time::NEVER;
        }
        if !self.alive || !self.calls_for_entries() || self.lease.apart() {
            return;
        }
        if self.granted[READ] {
            self.answered(READ, true);
        } else if self.lease.any_dead() {
            self.answered(READ, false);
        }
    }

    pub(super) fn plan_renewal(&mut self, time: Time) {
        if time < self.planned[2] {
            self.planned[2] = time;
            self.plan(time, Rank::Call, Event::Renewal(self.subject.incarnation));
        }
    }

    /// The next death that changes what is told, or that is a refused renewal.
    pub(super) fn plan_expiry(&mut self) {
        let all_granted = self.granted[READ] && self.throttle().is_none();
        if !self.has_key() || all_granted || self.lease.apart() {
            return;
        }
        let now = self.now().time;
        let serves = self.serving() && !self.down;
        if serves && self.used() && !self.refused[READ] && self.lease.any_dead() {
            self.plan_renewal(now);
        }
        // What is held dies at the end of that, whether it is served or not.
        if let Some(end) = self.hold_ends().filter(|end| now < *end) {
            self.plan_death(end);
            return;
        }
        if !serves {
            return;
        }
        let entries = self.lease.entries();
        let (all, enough) = (entries, self.terms.reads);
        let next = match self.served() {
            Queries::All | Queries::Some if self.used() && !self.refused[READ] => {
                self.lease.next_death()
            }
            Queries::All => self.lease.death_below(all),
            Queries::Some => self.lease.death_below(enough),
            Queries::None => Time::NEVER,
        };
        if next != Time::NEVER {
            self.plan_death(next.max(now));
        }
    }

    pub(super) fn plan_death(&mut self, time: Time) {
        if time < self.planned[3] {
            self.planned[3] = time;
            self.plan(time, Rank::Timer, Event::Expiry(self.subject.incarnation));
        }
    }
}
