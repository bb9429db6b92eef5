//! The course of one collection's life: what is planned from the start, and event by event what follows.

use crate::agenda::Rank;
use crate::names::{Kind, Subject};
use crate::scenario::{Collection as Plain, Since};
use crate::time::{Span, Time};
use crate::world::collection::{Event, Ground, Lives, Present};
use crate::world::site::SiteTape;

/// Lives the collections of a range, in order; those to which nothing can happen cost nothing.
pub(crate) fn live<'a>(ground: &'a Ground<'a>, range: std::ops::Range<u32>) -> Lives {
    let Some(site) = ground.sites.first() else {
        return Lives::default();
    };
    let plain = ground
        .scenario
        .orgs
        .iter()
        .find_map(|org| org.collections.first());
    let Some(plain) = plain else {
        return Lives::default();
    };
    let mut present = Present::new(ground, site, plain);
    let names = &ground.scenario.names;
    let mut id = range.start;
    while id < range.end {
        let home = names.home(id);
        let members = names.collections_of(home.group, home.member, home.collection);
        let end = members.end.min(range.end);
        let site = &ground.sites[home.site as usize];
        let plain = &ground.scenario.orgs[home.group].collections[home.collection];
        let quiet = is_quiet(ground, site, plain);
        for id in id..end {
            if !quiet || !ground.orders.of(id).is_empty() {
                present.live_one(id, site, plain);
            }
        }
        id = end;
    }
    present.out
}

/// Whether nothing can happen to a collection of a site that has no orders of its own.
fn is_quiet(ground: &Ground<'_>, site: &SiteTape, plain: &Plain) -> bool {
    let settled =
        site.started == Some(Time::START) || (site.started.is_none() && site.since == Time::START);
    settled
        && plain.since == Since::Start
        && site.steps.len() == 1
        && (site.throttled.is_none() || site.started.is_none())
        && (ground.tape.downs[site.region as usize].is_empty() || site.started.is_none())
        && site.key.is_none_or(|key| ground.tape.gone[key as usize].is_none())
        // Unused entries run out by themselves.
        && (!plain.queries.is_zero() || site.key.is_none() || site.started.is_none())
}

impl<'a> Present<'a> {
    fn live_one(&mut self, id: u32, site: &'a SiteTape, plain: &'a Plain) {
        self.site = site;
        self.plain = plain;
        self.agenda.clear();
        self.out.recorder.turn();
        self.subject = Subject::new(Kind::Collection, id);
        self.sources_down = 0;
        self.down = false;
        self.key_gone = None;
        self.latest = None;
        self.alive = false;
        self.flushed = Time::START;
        self.rates = (plain.queries, plain.arrivals);
        self.deferred.clear();
        // None was looked for yet.
        self.probe_found = (Time::NEVER, Time::NEVER);
        self.open();
        if plain.since == Since::Start && site.since == Time::START {
            self.begin(plain.queries, plain.arrivals);
            if site.started == Some(Time::START) {
                self.begin_warm();
            } else {
                // It fails from its first query; what is so after the start is no entry.
                self.failed_told = [self.used(); 2];
            }
            self.settle();
        }
        while let Some(event) = self.agenda.take() {
            self.before(self.now().time);
            self.react(event);
            self.settle();
            if self.alive && self.agenda.next_time() != Some(self.now().time) {
                self.tell_queries();
            }
        }
        self.close();
    }

    /// Plans all that is known from the start: the tape, the outages of the region, the orders.
    fn open(&mut self) {
        let (ground, site, subject) = (self.ground, self.site, self.subject);
        self.take_step(0);
        self.started = site.started == Some(Time::START) && site.start_entry.is_none();
        for (number, step) in site.steps.iter().enumerate().skip(1) {
            self.agenda.plan(
                step.time,
                Rank::Visible,
                subject,
                Event::Step(number as u32),
            );
        }
        for (number, down) in ground.tape.downs[site.region as usize].iter().enumerate() {
            self.agenda.plan(
                down.from,
                Rank::Command,
                subject,
                Event::DownBegins(number as u32),
            );
            self.agenda.plan(
                down.to,
                Rank::Opposite,
                subject,
                Event::DownEnds(number as u32),
            );
        }
        self.open_throttling();
        for &number in ground.orders.of(subject.id) {
            let at = ground.scenario.commands[number as usize].at;
            self.agenda
                .plan(at, Rank::Command, subject, Event::Order(number));
        }
        if let Some(time) = site.started.filter(|_| !self.started) {
            self.agenda
                .plan(time, Rank::Timer, subject, Event::SiteStarts);
        }
        if let Some((time, _)) = site.key.and_then(|key| ground.tape.gone[key as usize]) {
            self.agenda
                .plan(time, Rank::Visible, subject, Event::KeyGone);
        }
    }

    /// What happens of itself before `time`: entries that nobody waits for run out.
    pub(super) fn before(&mut self, time: Time) {
        if let (true, Some(before)) = (self.alive, time.before(Span::from_ms(1))) {
            self.let_die(self.flushed, before);
        }
        self.flushed = time;
    }

    fn react(&mut self, event: Event) {
        match event {
            Event::Step(number) => self.step_taken(number),
            Event::DownBegins(number) => self.down_begins(number),
            Event::DownEnds(number) => self.down_ends(number),
            Event::Throttling(number) => self.throttling_changes(number),
            Event::Order(number) => self.order(number),
            Event::Late(number, told) => self.carry_out_or_refuse(number, told),
            Event::Opposite(number, began) => self.order_ends(number, began),
            Event::SiteStarts => self.site_starts(),
            Event::KeyGone => self.key_is_gone(),
            Event::Probe => self.probe(),
            Event::Commit(of) if self.is(of) => self.commit(),
            Event::Renewal(of) if self.is(of) => self.renewal(),
            Event::Attempts(of) if self.is(of) => self.attempt_renewals(),
            Event::CommitAgain(of) if self.is(of) => self.commit_again(),
            Event::Expiry(of) if self.is(of) => self.expiry(),
            Event::PauseDue(of) if self.is(of) => self.pause_is_due(),
            Event::Paused(of) if self.is(of) => self.paused(),
            Event::SupportEnds(of) if self.is(of) => self.support_ends(),
            Event::ResumeEnds(of) if self.is(of) => self.resume_ends(),
            Event::Drop(of) if self.is(of) => self.source_drops(),
            Event::CaughtUp(of) if self.is(of) => self.caught_up(),
            // A timer of an incarnation that is gone.
            Event::Commit(_)
            | Event::Renewal(_)
            | Event::Attempts(_)
            | Event::CommitAgain(_)
            | Event::Expiry(_)
            | Event::PauseDue(_)
            | Event::Paused(_)
            | Event::SupportEnds(_)
            | Event::ResumeEnds(_)
            | Event::Drop(_)
            | Event::CaughtUp(_) => {}
        }
    }

    fn is(&self, incarnation: u32) -> bool {
        self.alive && self.subject.incarnation == incarnation
    }

    /// After each event: what follows from the new present at once, and what is now to come.
    pub(super) fn settle(&mut self) {
        if !self.alive {
            return;
        }
        self.settle_lease();
        self.settle_share();
        self.plan_calls();
        self.plan_expiry();
    }
}
