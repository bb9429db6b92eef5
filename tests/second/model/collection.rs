//! One collection, from instant to instant: what the scenario orders of it, what comes by itself, and its calls.

use keyoutage::chance::Range;
use keyoutage::names::Kind;
use keyoutage::names::Subject;
use keyoutage::profile::RequiredActions;
use keyoutage::scenario::{Action, Since};
use keyoutage::states::{Ingest as Word, Queries, Source, Status, Support};
use keyoutage::time::{Rate, Span};

use super::access::View;
use super::counting::Counting;
use super::faults::{edges, since, spans};
use super::ingest::Ingest;
use super::keys::Keys;
use super::leases::{Fetch, Leases};
use super::pause::Pause;
use super::site::{Site, thrown};
use super::told::{Told, Totals};
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
            life.ingest.begin(0, life.rates.1);
            life.by_probe();
            life.leases.warm(ground, &life.name);
            life.counting.serve(life.leases.choices());
            life.leases.steady = life.rates.0 > 0 || !life.keyed();
        }
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
        let start = [self.site.started, self.site.since, self.gone];
        let given = course.chain(source).chain(orders).chain(start);
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
            life.live(now, before, &then, (down, source_back), back);
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
            let what = format!("RecreateCollection {}", cause.code());
            told.say(now, &self.name(), "refused", what);
            return;
        }
        if let Some(mut life) = self.life.take() {
            life.say(now, "life", "deleted");
            life.finish(now, told);
        }
        let mut life = self.born(now);
        life.say(now, "life", "recreated");
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

    fn tell(&mut self, told: &mut Told) {
        for (at, kind, what) in self.facts.drain(..) {
            told.say(at, &self.name, kind, what);
        }
    }

    /// It is over: says what is left to say of it.
    fn finish(&mut self, now: u64, told: &mut Told) {
        self.tell(told);
        let lost = self.ingest.lost + self.ingest.dropped_by(now);
        let totals = Totals {
            issued: self.counting.issued(),
            failed: self.counting.failed(),
            lost_bytes: Ingest::bytes(lost),
        };
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

    /// Whether calls are made at all.
    fn calls(&self, view: &View) -> bool {
        let serving = matches!(self.status, Status::Ready | Status::EncryptionKeyError);
        self.keyed() && serving && !view.down
    }

    fn path(&self, path: Path) -> usize {
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
        }
    }

    fn probe_before(&self, now: u64) -> Option<u64> {
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
    fn say_ingest(&mut self, now: u64) {
        let (ms, bytes) = self.ingest.lag(now);
        let word = self.ingest.word.word();
        self.say(now, "ingest", format!("{word} {ms} {bytes}"));
    }

    fn by_probe(&mut self) {
        self.ingest.by_probe = self.ingest.rate() == 0 && self.keyed();
    }

    fn traffic(&mut self, now: u64, new: (u128, u128)) {
        self.say(now, "traffic", format!("{} {}", new.0, new.1));
        if new.0 > 0 && self.rates.0 == 0 {
            self.fetch_dead = true;
        }
        if new.1 != self.rates.1 {
            let probe = self.probe_before(now);
            let keyed = self.keyed();
            self.ingest.arrive(now, new.1, keyed, probe);
        }
        self.counting.rate = new.0;
        self.rates = new;
    }

    /// It is asked for at its creation: at once, before what becomes visible at that instant; in a site that is added at
    /// that instant, with the site's own first probe.
    fn ask(&mut self, now: u64, view: &View) {
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

    fn region_down(&mut self, now: u64, view: &View) {
        let tick = self.trying.map_or(now, |it| it.0);
        self.trying = None;
        self.leases.give_up();
        self.pause.last_probe = None;
        self.asks_at = None;
        self.halt(now, tick);
        self.clock(now, view);
    }

    /// When something of the pause is due, for the order in which it happens once the region is back.
    fn timer(&self) -> u64 {
        let works = self
            .pause
            .works_until
            .filter(|_| self.status == Status::Paused);
        let times = [self.pause.paused, self.pause.ready, works];
        times.into_iter().flatten().min().unwrap_or(NEVER)
    }

    /// When what must be recreated became so while `RESUMING`, and was held back.
    fn dropped_at(&self) -> u64 {
        match self.status == Status::Resuming && self.ingest.dropped {
            true => self.ingest.first_drop(),
            false => NEVER,
        }
    }

    fn next(&self, now: u64, view: &View) -> u64 {
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
    fn commits(&self, view: &View) -> bool {
        let serving = matches!(self.status, Status::Ready | Status::EncryptionKeyError);
        // Without a key and arrivals only what still waits is committed.
        let idle = self.ingest.rate() == 0 && !self.ingest.waits();
        serving && !view.down && !self.ingest.by_probe && !idle
    }

    /// Everything of an instant, after what was ordered.
    fn live(&mut self, now: u64, before: &View, view: &View, source: (bool, bool), back: bool) {
        self.clock(now, view);
        self.come_by_itself(now, view, source, back);
        self.call(now, before, view, source.0, back);
        self.drop(now, view);
        self.clock(now, view);
        self.count(now, view);
    }

    fn come_by_itself(&mut self, now: u64, view: &View, source: (bool, bool), back: bool) {
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
    fn drop(&mut self, now: u64, view: &View) {
        if !self.ingest.dropped && self.ingest.first_drop() <= now {
            self.ingest.dropped = true;
            self.say(now, "data_lost", "");
            self.come_out(now, view);
        }
    }

    fn passes(&mut self, now: u64, view: &View) -> bool {
        let mut any = false;
        while !view.down && self.pass(now, view) {
            any = true;
        }
        any
    }

    /// Where there is no key, and nothing arrives or waits, ingestion runs as soon as nothing hinders it.
    fn run_idle(&mut self, now: u64) {
        if !self.keyed() && self.ingest.nothing_comes(now) && self.ingest.word == Word::Halted {
            self.commit(now, false);
        }
    }

    /// The site's probe, if one gets through at this instant.
    fn probe(
        &mut self,
        now: u64,
        view: &View,
        (source_down, source_back): (bool, bool),
        back: bool,
    ) {
        if back && self.made_in_down {
            self.ask(now, view);
        }
        if source_back && !source_down && !view.down {
            self.run_idle(now);
        }
        let own = self.asks_at == Some(now);
        let probe = self.keyed() && self.site.probe(self.ground, now) == Some(now);
        if view.down || !(own || probe || (!self.keyed() && self.status == Status::Created)) {
            return;
        }
        if self.status == Status::Created {
            self.asked(now, view);
            self.quiet[1] = view.throttled.is_none();
            return;
        }
        if !probe || !self.calls(view) {
            self.quiet[1] |= probe && view.throttled.is_none();
            return;
        }
        self.quiet[1] = view.throttled.is_none();
        for (path, cause) in [(Path::Reads, view.reads), (Path::Commits, view.commits)] {
            match cause {
                None => self.granted(now, path),
                Some(_) => self.refused(now, path),
            }
        }
        // Where nothing arrives the probe stands for the commit.
        if self.ingest.by_probe {
            match view.commits {
                None if source_down => {}
                None => self.commit(now, false),
                Some(_) => self.halt(now, now),
            }
        }
    }

    /// A collection that was never READY is asked for.
    fn asked(&mut self, now: u64, view: &View) {
        if self.site.started > now {
            return;
        }
        self.once[0] |= view.reads.is_none();
        self.once[1] |= view.commits.is_none();
        if self.once == [true; 2] {
            self.become_(now, Status::Ready);
            // While calls are throttled each is fetched by a call of its own.
            match view.throttled {
                None => self.leases.fetch_all(self.ground, now),
                Some(_) => self.fetch_dead = true,
            }
            self.ingest.begin(now, self.rates.1);
            self.by_probe();
            self.say_ingest(now);
        }
    }

    /// The last probe before the pause.
    fn last_probe(&mut self, now: u64, view: &View) {
        let (first, due) = match self.pause.last_probe {
            Some((first, next)) => (first, next),
            None => (now, self.pause_due()),
        };
        if due != now || view.down || self.status != Status::EncryptionKeyError {
            return;
        }
        if self.site.die(self.ground, now) {
            if now - first >= 2_000 {
                self.pausing(now);
            } else {
                self.pause.last_probe = Some((first, now + 1_000));
            }
            return;
        }
        self.pause.last_probe = None;
        let mechanistic =
            self.ground.scenario.rules.required_actions == RequiredActions::Mechanistic;
        let commits = if mechanistic {
            view.commits
        } else {
            view.reads
        };
        for (path, cause) in [(Path::Reads, view.reads), (Path::Commits, commits)] {
            if self.flags[self.path(path)] && cause.is_none() {
                self.granted(now, path);
            }
        }
        if self.status == Status::EncryptionKeyError {
            self.pausing(now);
        }
    }

    /// Renewals, fetches and commits.
    fn call(&mut self, now: u64, before: &View, view: &View, source_down: bool, back: bool) {
        if self.keyed() {
            let readable = before.reads.is_some() && view.reads.is_none();
            let dead = self.fetch_dead || back || readable;
            let fetch = match (before.throttled.is_some() && view.throttled.is_none(), dead) {
                (true, _) => Fetch::Missing,
                (false, true) => Fetch::Dead,
                (false, false) => Fetch::No,
            };
            self.renew(now, view, fetch);
        }
        self.fetch_dead = false;
        let due = match self.trying {
            Some((.., next)) => next == now,
            None => self.commits(view) && self.ingest.lattice(now) == now,
        };
        if due {
            self.try_commit(now, view, source_down);
        }
    }

    fn try_commit(&mut self, now: u64, view: &View, source_down: bool) {
        let (first, tries) = self.trying.take().map_or((now, 0), |it| (it.0, it.1));
        if !self.commits(view) {
            return;
        }
        self.quiet[0] = view.throttled.is_none();
        if source_down {
            self.halt(now, first);
            return;
        }
        if self.keyed() && thrown(self.ground, view, &self.name, "commit", now) {
            match tries {
                2 => self.halt(now, first),
                _ => self.trying = Some((first, tries + 1, now + 1_000)),
            }
            return;
        }
        match view.commits.filter(|_| self.keyed()) {
            None => {
                self.granted(now, Path::Commits);
                self.commit(now, tries > 0);
            }
            Some(_) => {
                self.halt(now, first);
                self.refused(now, Path::Commits);
            }
        }
    }

    /// A commit was granted.
    fn commit(&mut self, now: u64, again: bool) {
        let accounted = self.ingest.accounted;
        // While a commit is tried again nothing is committed: only now is it told that it has caught up.
        if again && self.ingest.caught_up(now) == now {
            self.ingest.take_all(now);
            self.say_ingest(now);
            return;
        }
        let Some(dropped) = self.ingest.commit(now) else {
            return;
        };
        self.say_ingest(now);
        if dropped > accounted {
            self.outcome(
                now,
                keyoutage::states::Outcome::ResumedWithGap,
                self.ingest.lost - dropped + dropped,
            );
        }
    }

    /// What is served from this instant on.
    fn count(&mut self, now: u64, view: &View) {
        let serving = matches!(self.status, Status::Ready | Status::EncryptionKeyError);
        let all = self.leases.choices();
        let served = if !serving || view.down {
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
}
