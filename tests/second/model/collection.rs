//! One collection, from instant to instant: what the scenario orders of it, what comes by itself, and its calls.

mod calls;
mod life;

use std::collections::BTreeMap;

use keyoutage::chance::Range;
use keyoutage::names::Kind;
use keyoutage::names::Subject;
use keyoutage::scenario::{Action, Since};
use keyoutage::states::{Milestone, Queries, Source, Status, Support};
use keyoutage::time::{Rate, Span};

use super::access::{View, code};
use super::counting::Counting;
use super::faults::{edges, since, spans};
use super::ingest::Ingest;
use super::keys::Keys;
use super::leases::Leases;
use super::pause::Pause;
use super::site::Site;
use super::told::{Told, samples};
use super::{Fault, Ground, NEVER};

/// What a call asks for.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Path {
    Reads,
    Commits,
}

/// One incarnation.
pub struct Life<'a> {
    pub ground: &'a Ground<'a>,
    pub site: &'a Site,
    pub name: String,
    pub status: Status,
    pub leases: Leases,
    pub ingest: Ingest,
    pub pause: Pause,
    pub source: Source,
    /// When the key itself is gone.
    pub gone: u64,
    /// The paths that are refused: reads and commits, or the one for both.
    pub flags: [bool; 2],
    /// Which paths were granted once, and when it is asked for them at its creation.
    once: [bool; 2],
    asks_at: Option<u64>,
    made_in_down: bool,
    pub pause_after: u64,
    pub pause_pausing: u64,
    pub pause_resuming: u64,
    pub support_delay: u64,
    /// Queries a day, and bytes a day.
    rates: (u128, u128),
    share: Queries,
    counting: Counting,
    /// A commit is being tried: its first attempt, how many there were, the next.
    pub trying: Option<(u64, u32, u64)>,
    /// Dead entries are fetched at this instant.
    pub fetch_dead: bool,
    /// Since the last change a commit, and a probe, changed nothing.
    quiet: [bool; 2],
    /// When each milestone was reached first, and what the next ones hang on: whether all was ever served, whether less is
    /// since, whether that was said of a first and of all queries; and whether ingestion ever halted.
    reached: BTreeMap<&'static str, u64>,
    served_once: bool,
    fell: bool,
    failed: [bool; 2],
    was_halted: bool,
    /// When it begins and ceases to have anything in its caches.
    cached: Vec<(u64, i64)>,
    facts: Vec<(u64, &'static str, String)>,
}

/// What the scenario orders of one collection.
#[derive(Clone, Debug)]
enum Order {
    Create,
    Delete,
    Recreate,
    Contact,
    Traffic(Option<Rate>, Option<Rate>),
}

struct Story<'a> {
    ground: &'a Ground<'a>,
    site: &'a Site,
    id: u32,
    orders: Vec<(u64, Order)>,
    source_down: Vec<(u64, u64, ())>,
    life: Option<Life<'a>>,
    incarnation: u32,
    rates: (u128, u128),
    source: Source,
    gone: u64,
    /// Orders that wait for the end of `RegionDown`.
    held: Vec<(u64, Order)>,
}

/// Follows a collection to the end.
pub fn live(ground: &Ground<'_>, keys: &Keys, site: &Site, id: u32, told: &mut Told) {
    let scenario = ground.scenario;
    let home = scenario.names.home(id);
    let written = &scenario.orgs[home.group].collections[home.collection];
    let mut orders = Vec::new();
    for command in &scenario.commands {
        let ours = |org: &u32, it: &u32| (*org, *it) == (home.group as u32, home.collection as u32);
        let order = match &command.action {
            Action::CreateCollection(org, it) if ours(org, it) => Order::Create,
            Action::DeleteCollection(org, it) if ours(org, it) => Order::Delete,
            Action::RecreateCollection(some) if some.contains(id) => Order::Recreate,
            Action::ContactSupport(some) if some.contains(id) => Order::Contact,
            Action::SetTraffic(some, queries, arrivals) if some.contains(id) => {
                Order::Traffic(*queries, *arrivals)
            }
            _ => continue,
        };
        orders.push((command.at.ms(), order));
    }
    let mut story = Story {
        ground,
        site,
        id,
        orders,
        source_down: spans(scenario, |it| match it {
            Action::SourceDown(some) if some.contains(id) => Some(()),
            _ => None,
        }),
        life: None,
        incarnation: 0,
        rates: (
            u128::from(written.queries.per_day()),
            u128::from(written.arrivals.per_day()),
        ),
        source: written.source,
        gone: site.key.map_or(NEVER, |key| keys.gone[key as usize]),
        held: Vec::new(),
    };
    if written.since == Since::Start {
        let mut life = story.born(0);
        if site.started == 0 && site.from_start {
            life.status = Status::Ready;
            life.share = Queries::All;
            life.served_once = true;
            life.ingest.begin(0, life.rates.1);
            life.by_probe();
            life.leases.warm(ground, &life.name);
            life.counting.serve(life.leases.choices());
            life.leases.steady = life.rates.0 > 0 || !life.keyed();
        }
        // The start comes before everything of instant 0: whoever is asked for then, and not served, fails then.
        life.asked_for(0);
        life.cache(0);
        story.life = Some(life);
    }
    story.follow(told);
}

impl<'a> Story<'a> {
    fn born(&mut self, now: u64) -> Life<'a> {
        self.incarnation += 1;
        let name = self.ground.scenario.names.text(Subject {
            kind: Kind::Collection,
            id: self.id,
            incarnation: self.incarnation,
        });
        let (rules, chance) = (&self.ground.scenario.rules, &self.ground.chance);
        let span = |range: Range<Span>, label| chance.span(range, label, &self.site.name).ms();
        let interval = chance
            .span(rules.commit_interval, "commit.interval", &name)
            .ms();
        let phase = chance.die("commit", &name).roll(interval);
        let catch_up = chance
            .rate(rules.ingest_catch_up, "ingest.catch_up", &name)
            .per_day();
        let retention = match self.ground.fault {
            Fault::NothingIsDropped => NEVER,
            _ => rules.retention(self.source).ms(),
        };
        let leases = Leases::new(self.ground, &name);
        Life {
            ground: self.ground,
            site: self.site,
            status: Status::Created,
            ingest: Ingest::new(u128::from(catch_up), retention, interval, phase),
            pause: Pause::default(),
            source: self.source,
            gone: self.gone,
            flags: [false; 2],
            once: [false; 2],
            asks_at: None,
            made_in_down: false,
            pause_after: span(rules.pause_after, "pause.after"),
            pause_pausing: span(rules.pause_pausing, "pause.pausing"),
            pause_resuming: span(rules.pause_resuming, "pause.resuming"),
            support_delay: span(rules.support_delay, "support.delay"),
            rates: self.rates,
            share: Queries::None,
            counting: Counting::new(now, self.rates.0, leases.choices(), 0),
            trying: None,
            fetch_dead: false,
            quiet: [false; 2],
            reached: BTreeMap::new(),
            served_once: false,
            fell: false,
            failed: [false; 2],
            was_halted: false,
            cached: Vec::new(),
            facts: Vec::new(),
            leases,
            name,
        }
    }

    fn follow(&mut self, told: &mut Told) {
        let until = self.ground.scenario.until.ms();
        let mut view = self.site.course[0].then.clone();
        let mut now = 0;
        loop {
            view = self.instant(now, &view, told);
            let next = self.next(now, &view);
            assert!(next > now, "time goes on: {now} {next}");
            now = next;
            if now >= until {
                break;
            }
        }
        self.end(until, told);
    }

    /// The next instant at which anything may happen.
    fn next(&self, now: u64, view: &View) -> u64 {
        let course = self.site.course.iter().map(|it| it.at);
        let source = edges(&self.source_down);
        let orders = self.orders.iter().map(|it| it.0);
        let samples = samples(self.ground.scenario.until.ms());
        let start = [self.site.started, self.site.since, self.gone];
        let given = course
            .chain(source)
            .chain(orders)
            .chain(start)
            .chain(samples);
        let given = given.filter(|it| *it > now).min().unwrap_or(NEVER);
        given.min(self.life.as_ref().map_or(NEVER, |it| it.next(now, view)))
    }

    fn instant(&mut self, now: u64, before: &View, told: &mut Told) -> View {
        let moment = self.site.course.iter().rev().find(|it| it.at == now);
        let first = moment.map_or(before, |it| &it.first).clone();
        let then = moment.map_or(before, |it| &it.then).clone();
        let down = since(&self.source_down, now).is_some();
        let source_back = self.source_down.iter().any(|it| it.1 == now);
        let given = moment.is_some()
            || edges(&self.source_down).any(|it| it == now)
            || [self.site.started, self.site.since, self.gone].contains(&now);
        if let Some(life) = &mut self.life {
            life.counting.settle(now);
            life.leases.roll(self.ground, now);
            life.source_is(now, down);
            if given {
                life.quiet = [false; 2];
            }
        }
        if let (true, false, Some(life)) = (first.down, before.down, &mut self.life) {
            life.region_down(now, &first);
        }
        let mut back = before.down && !first.down;
        if back {
            self.region_back(now, &first, told);
        }
        let orders: Vec<Order> = self
            .orders
            .iter()
            .filter(|it| it.0 == now)
            .map(|it| it.1.clone())
            .collect();
        for order in orders {
            let waits = matches!(order, Order::Contact | Order::Recreate) && self.incarnation > 0;
            if first.down && waits {
                self.held.push((now, order));
            } else {
                self.order(now, order, &first, told);
            }
        }
        // Who was made at this very instant is asked by its own.
        back &= self.life.is_some();
        if let Some(life) = &mut self.life {
            life.source_is(now, down);
            life.live(now, before, &then, (down, source_back), back);
            if samples(self.ground.scenario.until.ms()).contains(&now) {
                life.sample(now);
            }
            life.tell(told);
        }
        then
    }

    fn order(&mut self, now: u64, order: Order, view: &View, told: &mut Told) {
        if let Some(life) = &mut self.life {
            life.quiet = [false; 2];
        }
        match order {
            Order::Create => self.create(now, view, told),
            Order::Delete => {
                if let Some(mut life) = self.life.take() {
                    life.say(now, "life", "deleted");
                    life.finish(now, told);
                } else {
                    self.not_found(now, "DeleteCollection", told);
                }
            }
            Order::Recreate => self.recreate(now, view, told),
            Order::Contact => {
                if let Some(life) = &mut self.life {
                    life.contact(now, view);
                } else if self.incarnation > 0 {
                    told.say(now, &self.name(), "support", Support::NotNeeded.word());
                } else {
                    self.not_found(now, "ContactSupport", told);
                }
            }
            Order::Traffic(queries, arrivals) => {
                let new = (
                    queries.map_or(self.rates.0, |it| u128::from(it.per_day())),
                    arrivals.map_or(self.rates.1, |it| u128::from(it.per_day())),
                );
                if let Some(life) = &mut self.life {
                    life.traffic(now, new);
                    self.rates = new;
                } else {
                    self.not_found(now, "SetTraffic", told);
                }
            }
        }
    }

    fn create(&mut self, now: u64, view: &View, told: &mut Told) {
        if self.site.since > now {
            self.not_found(now, "CreateCollection", told);
            return;
        }
        let mut life = self.born(now);
        life.say(now, "life", "created");
        life.ask(now, view);
        self.life = Some(life);
    }

    fn recreate(&mut self, now: u64, view: &View, told: &mut Told) {
        if self.incarnation == 0 {
            self.not_found(now, "RecreateCollection", told);
            return;
        }
        let started = self.site.started <= now;
        let reasons = if started {
            &view.running
        } else {
            &view.starting
        };
        if let Some((cause, ..)) = reasons.first() {
            let what = format!("RecreateCollection {}", code(*cause));
            told.say(now, &self.name(), "refused", what);
            return;
        }
        if let Some(mut life) = self.life.take() {
            life.say(now, "life", "deleted");
            life.finish(now, told);
        }
        let mut life = self.born(now);
        life.say(now, "life", "recreated");
        life.reach(now, Milestone::Recreated);
        life.ask(now, view);
        self.life = Some(life);
    }

    /// The name of the incarnation that lives, or lived last.
    fn name(&self) -> String {
        self.ground.scenario.names.text(Subject {
            kind: Kind::Collection,
            id: self.id,
            incarnation: self.incarnation.max(1),
        })
    }

    /// The service knows no such collection.
    fn not_found(&self, now: u64, verb: &str, told: &mut Told) {
        told.say(now, &self.name(), "refused", format!("{verb} NOTFOUND"));
    }

    /// What came while the region was down happens now, in the order in which it came.
    fn region_back(&mut self, now: u64, view: &View, told: &mut Told) {
        if let (None, Some(life)) = (since(&self.source_down, now), &mut self.life) {
            life.run_idle(now);
        }
        loop {
            let timer = self.life.as_ref().map_or(NEVER, Life::timer);
            let dropped = self.life.as_ref().map_or(NEVER, Life::dropped_at);
            if let Some(life) = self.life.as_mut().filter(|_| dropped < timer) {
                life.come_out(now, view);
            }
            let timer = self.life.as_ref().map_or(NEVER, Life::timer);
            let held = self.held.first().map_or(NEVER, |it| it.0);
            if timer.min(held) > now {
                break;
            }
            if timer <= held {
                let life = self.life.as_mut().expect("it has a timer");
                if !life.pass(now, view) {
                    break;
                }
            } else {
                let (_, order) = self.held.remove(0);
                self.order(now, order, view, told);
            }
        }
    }

    fn end(&mut self, until: u64, told: &mut Told) {
        if let Some(mut life) = self.life.take() {
            life.counting.settle(until);
            life.finish(until, told);
        }
    }
}
