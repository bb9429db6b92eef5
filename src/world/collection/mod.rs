//! One collection, lived along the tape of its site: one arm for each event there is.

mod calls;
mod course;
mod ingest;
mod life;
mod orders;
mod pause;
mod serve;
mod throttle;

use crate::agenda::{Agenda, Moment, Rank};
use crate::chance::Chance;
use crate::names::{Kind, Subject};
use crate::profile::Rules;
use crate::scenario::{Collection as Plain, Scenario};
use crate::states::{Ingest, Milestone, Outcome, Queries, Status};
use crate::time::{Amount, Rate, Span, Time};
use crate::timeline::{Counts, Fact, Life, Offset, Share, TrafficFrom};
use crate::world::access::paths;
use crate::world::kms::Tape;
use crate::world::lease::Lease;
use crate::world::orders::Orders;
use crate::world::site::SiteTape;
use crate::world::tally::Tally;
use crate::world::throttled::Caller;
use crate::world::{Recorder, Ref};

pub(crate) use course::live;
pub(crate) use serve::Ways;

/// What can come to a collection. Timers carry the incarnation they were planned for.
#[derive(Copy, Clone, Debug)]
enum Event {
    /// The site's access changes: the how-manieth step.
    Step(u32),
    DownBegins(u32),
    DownEnds(u32),
    /// Throttling begins, changes or ends: the how-manieth change.
    Throttling(u32),
    /// A command: its number.
    Order(u32),
    /// A command that has waited for its region: its number, and its entry.
    Late(u32, Ref),
    /// A planned opposite: the command's number, and its entry.
    Opposite(u32, Ref),
    SiteStarts,
    KeyGone,
    Probe,
    Commit(u32),
    Renewal(u32),
    /// Renewals of single entries, while calls are throttled.
    Attempts(u32),
    /// A throttled commit is tried again.
    CommitAgain(u32),
    /// Entries die, or their hold ends.
    Expiry(u32),
    PauseDue(u32),
    Paused(u32),
    SupportEnds(u32),
    ResumeEnds(u32),
    Drop(u32),
    CaughtUp(u32),
}

/// All that collections read and none of them changes.
pub(crate) struct Ground<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) chance: &'a Chance,
    pub(crate) tape: &'a Tape,
    pub(crate) sites: &'a [SiteTape],
    pub(crate) orders: &'a Orders,
}

/// What was drawn for one collection.
#[derive(Copy, Clone, Debug)]
struct Terms {
    life: Span,
    entries: u32,
    reads: u32,
    interval: Span,
    phase: Span,
    catch_up: Rate,
    retention: Span,
}

/// A ticket at Support.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Ticket {
    None,
    Waiting,
    Working,
    /// The delay is over; only access is waited for.
    Done,
}

/// The entries of this incarnation that later ones follow from.
#[derive(Copy, Clone, Debug, Default)]
struct Marks {
    halted: Option<Ref>,
    dropped: Option<Ref>,
    error: Option<Ref>,
    pausing: Option<Ref>,
    paused: Option<Ref>,
    resuming: Option<Ref>,
    ticket: Option<Ref>,
}

/// The blocks' output: flat vectors, one collection after the other.
#[derive(Debug, Default)]
pub(crate) struct Lives {
    pub(crate) recorder: Recorder,
    pub(crate) lives: Vec<Life>,
    pub(crate) shares: Vec<Share>,
    pub(crate) traffic: Vec<TrafficFrom>,
    pub(crate) offsets: Vec<Offset>,
}

/// The present of one collection; the room is kept from one to the next.
pub(crate) struct Present<'a> {
    ground: &'a Ground<'a>,
    rules: &'a Rules,
    site: &'a SiteTape,
    plain: &'a Plain,
    out: Lives,
    agenda: Agenda<Event>,
    ways: Ways,
    paths: usize,

    subject: Subject,
    terms: Terms,
    alive: bool,
    made: Time,
    status: Status,
    queries: Queries,
    ingest: Ingest,
    outcome: Option<Outcome>,

    granted: [bool; 2],
    access: bool,
    step: usize,
    refused: [bool; 2],
    granted_once: [bool; 2],
    down: bool,
    asks_later: bool,
    sources_down: u32,
    started: bool,
    latest: Option<Ref>,

    lease: Lease,
    /// Who calls, while calls are throttled: the collection, and its site with its probes.
    callers: [Caller; 2],
    /// The commit that is being tried again.
    retried: Option<throttle::Retried>,
    /// The last instant at which a probe was looked for, and the one that was found.
    probe_found: (Time, Time),
    /// When the collection asked for itself, `CREATED`.
    asked: Time,
    /// The pause's last probe: how often it was refused for the number of calls, and when it is tried next.
    last_probe: (u8, Time),
    tally: Tally,
    failed_told: [bool; 2],
    ever_all: bool,
    /// The draft of this instant that may be the one with which queries begin to fail.
    carrier: Option<usize>,

    reading: bool,
    /// Queries and arrivals of the last incarnation that ended.
    rates: (Rate, Rate),
    committed: Time,
    lost: Amount,
    lost_told: Amount,
    dropping: bool,

    clock_since: Option<Time>,
    clock_sum: Span,
    pause_due: Option<Time>,
    pause_told: bool,
    resume_due: Time,
    ticket: Ticket,
    key_gone: Option<Ref>,
    deferred: Vec<Event>,
    marks: Marks,

    /// When a probe, a commit, a renewal, an expiry and attempts are planned next, so that none is planned twice.
    planned: [Time; 5],
    flushed: Time,
    first: [usize; 3],
}

impl<'a> Present<'a> {
    fn new(ground: &'a Ground<'a>, site: &'a SiteTape, plain: &'a Plain) -> Present<'a> {
        let rules = &ground.scenario.rules;
        Present {
            ground,
            rules,
            site,
            plain,
            out: Lives::default(),
            agenda: Agenda::new(ground.scenario.until),
            ways: Ways::default(),
            paths: paths(rules),
            subject: Subject::new(Kind::Collection, 0),
            terms: Terms {
                life: Span::ZERO,
                entries: 1,
                reads: 1,
                interval: Span::from_ms(1),
                phase: Span::ZERO,
                catch_up: Rate::ZERO,
                retention: Span::ZERO,
            },
            alive: false,
            made: Time::START,
            status: Status::Created,
            queries: Queries::None,
            ingest: Ingest::Halted,
            outcome: None,
            granted: [true; 2],
            access: true,
            step: 0,
            refused: [false; 2],
            granted_once: [false; 2],
            down: false,
            asks_later: false,
            sources_down: 0,
            started: false,
            latest: None,
            lease: Lease::default(),
            callers: Default::default(),
            retried: None,
            probe_found: (Time::NEVER, Time::NEVER),
            asked: Time::NEVER,
            last_probe: (0, Time::NEVER),
            tally: Tally::default(),
            failed_told: [false; 2],
            ever_all: false,
            carrier: None,
            reading: false,
            rates: (Rate::ZERO, Rate::ZERO),
            committed: Time::START,
            lost: Amount::ZERO,
            lost_told: Amount::ZERO,
            dropping: false,
            clock_since: None,
            clock_sum: Span::ZERO,
            pause_due: None,
            pause_told: false,
            resume_due: Time::NEVER,
            ticket: Ticket::None,
            key_gone: None,
            deferred: Vec::new(),
            marks: Marks::default(),
            planned: [Time::NEVER; 5],
            flushed: Time::START,
            first: [0; 3],
        }
    }

    fn now(&self) -> Moment {
        self.agenda.now()
    }

    fn has_key(&self) -> bool {
        self.site.key.is_some()
    }

    /// Whether queries are served and calls are made in this status.
    fn serving(&self) -> bool {
        matches!(self.status, Status::Ready | Status::EncryptionKeyError)
    }

    fn traffic(&self) -> TrafficFrom {
        *self
            .out
            .traffic
            .last()
            .expect("an incarnation has its traffic from its beginning")
    }

    /// Whether anybody asks.
    fn used(&self) -> bool {
        !self.traffic().queries.is_zero()
    }

    fn counts(&mut self) -> Counts {
        let (traffic, now) = (self.traffic(), self.now().time);
        self.tally.at(&traffic, now)
    }

    fn record(&mut self, fact: Fact, cause: Option<Ref>, with: &[Ref]) -> Ref {
        let moment = self.now();
        self.out
            .recorder
            .record(moment, self.subject, fact, cause, with)
    }

    fn mark(&mut self, milestone: Milestone) {
        self.out.recorder.mark(milestone);
    }

    fn plan(&mut self, time: Time, rank: Rank, event: Event) {
        if time < self.ground.scenario.until {
            self.agenda.plan(time, rank, self.subject, event);
        }
    }

    fn set_status(&mut self, to: Status, cause: Option<Ref>, with: &[Ref]) -> Ref {
        let counts = self.counts();
        let from = std::mem::replace(&mut self.status, to);
        self.record(Fact::Status { from, to, counts }, cause, with)
    }
}
