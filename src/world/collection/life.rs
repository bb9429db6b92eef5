//! How an incarnation begins and ends, and what is drawn for it.

use crate::profile::{Clause, Reads};
use crate::states::{Ingest, Queries, Status};
use crate::time::{Amount, Rate, Span, Time};
use crate::timeline::{Life, Moves, Offset, TrafficFrom};
use crate::world::collection::{Event, Marks, Present, Terms, Ticket};
use crate::world::tally::Tally;

impl Present<'_> {
    /// A new incarnation, at this instant: `CREATED`.
    pub(super) fn begin(&mut self, queries: Rate, arrivals: Rate) {
        let now = self.now().time;
        self.draw();
        self.alive = true;
        self.made = now;
        self.status = Status::Created;
        self.queries = Queries::None;
        self.ingest = Ingest::Halted;
        self.outcome = None;
        self.refused = [false; 2];
        self.granted_once = [false; 2];
        self.failed_told = [false; 2];
        self.ever_all = false;
        self.carrier = None;
        self.reading = false;
        self.committed = now;
        (self.lost, self.lost_told) = (Amount::ZERO, Amount::ZERO);
        self.dropping = false;
        self.clock_since = None;
        self.clock_sum = Span::ZERO;
        (self.pause_due, self.pause_told) = (None, false);
        self.ticket = Ticket::None;
        // An order that waits for the region is not an incarnation's own.
        self.deferred.retain(|it| matches!(it, Event::Late(..)));
        self.marks = Marks::default();
        self.asks_later = false;
        self.resume_due = Time::NEVER;
        self.planned = [Time::NEVER; 5];
        self.first = [
            self.out.shares.len(),
            self.out.traffic.len(),
            self.out.offsets.len(),
        ];
        self.lease.cold(self.terms.entries, self.terms.life);
        self.begin_calls();
        self.ways.set(self.terms.entries, self.terms.reads);
        self.tally = Tally::new(self.ways.all());
        let (asked, arrived) = (Amount::ZERO, Amount::ZERO);
        self.out.traffic.push(TrafficFrom {
            from: now,
            queries,
            arrivals,
            asked,
            arrived,
        });
        self.out.offsets.push(Offset {
            from: now,
            at: Amount::ZERO,
            moves: Moves::Not,
        });
        self.push_share(0, 0);
    }

    /// The run starts warm: `READY`, all entries live, T+0 counts as a commit.
    pub(super) fn begin_warm(&mut self) {
        self.status = Status::Ready;
        self.ingest = Ingest::Running;
        self.queries = Queries::All;
        self.ever_all = true;
        self.granted_once = [true; 2];
        if self.has_key() {
            let name = self.ground.scenario.names.text(self.subject);
            let mut die = self.ground.chance.die("cache", &name);
            self.lease
                .warm(&mut die, self.terms.entries, self.terms.life);
            self.number_entries();
        } else {
            self.lease.fetch_all(Time::NEVER);
        }
        let entries = self.lease.entries();
        self.push_share(entries, entries);
        self.start_reading();
    }

    /// Draws what is drawn for each collection.
    pub(super) fn draw(&mut self) {
        let rules = self.rules;
        let chance = self.ground.chance;
        let name = self.ground.scenario.names.text(self.subject);
        let interval = chance.span(rules.commit_interval, "commit.interval", &name);
        let entries = chance.number(rules.cache_entries, "cache.entries", &name);
        let reads = match rules.cache_reads {
            Reads::All => entries,
            Reads::Some(range) => chance.number(range, "cache.reads", &name).min(entries),
        };
        self.terms = Terms {
            life: match rules.has(Clause::CachesExpire) {
                true => chance.span(rules.cache_life, "cache.life", &name),
                false => Span::FOREVER,
            },
            entries,
            reads,
            interval,
            phase: Span::from_ms(chance.die("commit", &name).roll(interval.ms())),
            catch_up: chance.rate(rules.ingest_catch_up, "ingest.catch_up", &name),
            retention: rules.retention(self.plain.source),
        };
    }

    /// The end of the run, or of the incarnation.
    pub(super) fn end(&mut self, deleted: Time) {
        let subject = self.subject;
        let lost = if self.alive {
            self.lost_by(self.end_time(deleted))
        } else {
            Amount::ZERO
        };
        let last = self.traffic();
        self.rates = (last.queries, last.arrivals);
        if !self.reading {
            self.nothing_arrived(self.out.traffic.len());
        }
        let lens = [
            self.out.shares.len(),
            self.out.traffic.len(),
            self.out.offsets.len(),
        ];
        let range = |which: usize| (self.first[which] as u32, lens[which] as u32);
        self.out.lives.push(Life {
            subject,
            created: self.made,
            deleted,
            entries: self.terms.entries,
            reads: self.terms.reads,
            commit: (self.terms.interval, self.terms.phase),
            shares: range(0),
            traffic: range(1),
            offsets: range(2),
            lost_bytes: lost.floor(),
            pause_due: self.pause_due,
        });
        self.alive = false;
    }

    pub(super) fn end_time(&self, deleted: Time) -> Time {
        deleted.min(self.ground.scenario.until)
    }

    pub(super) fn close(&mut self) {
        if self.alive {
            self.before(self.ground.scenario.until);
            self.end(Time::NEVER);
        }
    }
}
