//! A site: when it is there, when its probes get through, and when it starts.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use keyoutage::names::Kind;
use keyoutage::scenario::Since;

use super::access::{Moment, View, course, place, words};
use super::keys::Keys;
use super::told::Told;
use super::{Ground, NEVER};

/// What collections need of their site.
pub struct Site {
    pub name: String,
    /// The key, and whether there is one.
    pub key: Option<u32>,
    /// The org was not created, and why.
    pub refused: Option<&'static str>,
    /// Since when it is there, and when it started.
    pub since: u64,
    pub started: u64,
    /// Whether it was there before every command.
    pub from_start: bool,
    pub course: Vec<Moment>,
    interval: u64,
    until: u64,
    /// Answers of [`Site::probe`], so that dice are not thrown again and again: the answer, and from when on it is it.
    known: RefCell<BTreeMap<u64, u64>>,
}

/// Follows a site to the end.
pub fn live(
    ground: &Ground<'_>,
    keys: &Keys,
    orgs: &[Option<&'static str>],
    id: u32,
    told: &mut Told,
) -> Site {
    let scenario = ground.scenario;
    let name = ground.name(Kind::Site, id);
    let (group, _, region) = scenario.names.site(id);
    let org = &scenario.orgs[group];
    let at = scenario.names.orgs()[group]
        .regions
        .iter()
        .position(|it| *it == region);
    let since = match org.since[at.expect("a site is of its org")] {
        Since::Start => 0,
        Since::Command(number) => scenario.commands[number as usize].at.ms(),
    };
    let interval = ground
        .chance
        .span(scenario.rules.probe_interval, "probe.interval", &name)
        .ms();
    let mut site = Site {
        refused: orgs[group],
        key: org.key,
        since,
        started: NEVER,
        from_start: matches!(org.since[at.expect("a site is of its org")], Since::Start),
        course: course(ground, keys, place(ground, org.key, region)),
        interval,
        until: scenario.until.ms(),
        known: RefCell::default(),
        name,
    };
    if site.since < site.until && site.refused.is_none() {
        site.started = site.start(ground);
    }
    site.tell(told);
    site
}

impl Site {
    /// What calls meet at an instant, after all of it; at T+0 before everything if it is asked for the start.
    pub fn view(&self, at: u64) -> &View {
        let moments = self.course.iter().rev();
        &moments
            .into_iter()
            .find(|it| it.at <= at)
            .expect("it has a start")
            .then
    }

    /// When the site starts: at its creation, or at the first granted probe.
    fn start(&self, ground: &Ground<'_>) -> u64 {
        if self.from_start && self.course[0].then.starting.is_empty() {
            return 0;
        }
        let mut at = self.since;
        loop {
            let Some(probe) = self.probe(ground, at) else {
                return NEVER;
            };
            let view = self.view(probe);
            if view.starting.is_empty() && !view.down {
                return probe;
            }
            // Until something changes, the answer is the same.
            let change = self.course.iter().find(|it| it.at > probe);
            at = match (change, view.throttled) {
                (_, Some(_)) => probe + 1,
                (Some(change), None) => change.at,
                (None, None) => return NEVER,
            };
        }
    }

    /// The first probe at an instant or later that gets through to the KMS, whatever the KMS says.
    pub fn probe(&self, ground: &Ground<'_>, from: u64) -> Option<u64> {
        if self.key.is_none() {
            // Nobody is asked; the site is there as soon as its region is.
            let up = self.course.iter().find(|it| it.at >= from && !it.then.down);
            return if self.view(from).down {
                up.map(|it| it.at)
            } else {
                Some(from)
            };
        }
        if self.since == NEVER {
            return None;
        }
        if let Some((answer, since)) = self.known.borrow().range(from..).next()
            && *since <= from
        {
            return Some(*answer).filter(|it| *it < NEVER);
        }
        let answer = self.look(ground, from);
        self.known
            .borrow_mut()
            .insert(answer.unwrap_or(NEVER), from);
        answer
    }

    fn look(&self, ground: &Ground<'_>, from: u64) -> Option<u64> {
        // At T+0 the start was the probe.
        let first = self.since + u64::from(self.from_start);
        let early = from.saturating_sub(2_000).max(first) - self.since;
        let mut at = self.since + early.div_ceil(self.interval) * self.interval;
        while at < self.until {
            if let Some(through) = self.through(ground, at).filter(|it| *it >= from) {
                return Some(through);
            }
            at += self.interval;
        }
        None
    }

    /// The last instant before another at which a probe got through.
    pub fn probe_before(&self, ground: &Ground<'_>, before: u64) -> Option<u64> {
        let late = before.checked_sub(self.since + 1)?;
        let mut at = self.since + late / self.interval * self.interval;
        loop {
            if let Some(through) = self.through(ground, at).filter(|it| *it < before) {
                return Some(through);
            }
            at = at
                .checked_sub(self.interval)
                .filter(|it| *it >= self.since)?;
        }
    }

    /// When a call of the site's that is first tried at an instant gets through: at one of three attempts, or not.
    pub fn through(&self, ground: &Ground<'_>, at: u64) -> Option<u64> {
        for attempt in (0..3).map(|it| at + it * 1_000) {
            if self.view(attempt).down {
                return None;
            }
            if !self.die(ground, attempt) {
                return Some(attempt);
            }
        }
        None
    }

    /// Whether a call of the site's is refused for the number of calls, at an instant.
    pub fn die(&self, ground: &Ground<'_>, at: u64) -> bool {
        thrown(ground, self.view(at), &self.name, "probe", at)
    }

    /// What is stored is readable while reads are granted (R9).
    fn tell_storage(&self, told: &mut Told) {
        if self.key.is_none() {
            return;
        }
        let mut last = self.view(self.since).reads.is_none();
        told.say(self.since, &self.name, "storage", last.to_string());
        let times: BTreeSet<u64> = self.course.iter().map(|it| it.at).collect();
        for at in times.into_iter().filter(|it| *it >= self.since) {
            let now = self.view(at).reads.is_none();
            if now != last {
                last = now;
                told.say(at, &self.name, "storage", now.to_string());
            }
        }
    }

    fn tell(&self, told: &mut Told) {
        if self.since == NEVER {
            return;
        }
        // At T+0 the start says it; later an entry does.
        if !self.from_start {
            let word = if self.started == self.since {
                "operating"
            } else {
                "cannot_operate"
            };
            told.say(self.since, &self.name, "site", word);
        }
        if self.started > self.since && self.started < NEVER {
            told.say(self.started, &self.name, "site", "operating");
        }
        self.tell_storage(told);
        let mut times: Vec<u64> = self.course.iter().map(|it| it.at).collect();
        times.extend([self.started, self.since].iter().filter(|it| **it < NEVER));
        times.sort_unstable();
        times.dedup();
        // Of a site that begins with access nothing is said.
        let mut last = words(&[]);
        if self.from_start {
            let start = &self.course[0].then;
            last = words(if self.started == 0 {
                &start.running
            } else {
                &start.starting
            });
        }
        for at in times.into_iter().filter(|it| *it >= self.since) {
            let view = self.view(at);
            let now = words(if self.started <= at {
                &view.running
            } else {
                &view.starting
            });
            if last != now {
                told.say(at, &self.name, "access", now.clone());
                last = now;
            }
        }
    }
}

/// Whether a call is refused for the number of calls: a die for each call and attempt.
pub fn thrown(ground: &Ground<'_>, view: &View, subject: &str, call: &str, at: u64) -> bool {
    let Some(share) = view.throttled else {
        return false;
    };
    let label = format!("{subject}|{call}|{at}");
    let roll = ground.chance.die("throttle", &label).roll(1_000_000);
    roll < u64::from(share)
}
