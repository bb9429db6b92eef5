//! What a site sees of the tape: the steps of its key's replica in its region (R4), and the first probe that is granted.

use crate::chance::Chance;
use crate::names::Subject;
use crate::profile::Clause;
use crate::scenario::Scenario;
use crate::time::{Span, Time};
use crate::timeline::Access;
use crate::world::Ref;
use crate::world::access::Answers;
use crate::world::kms::{Down, Tape, TapeStep};
use crate::world::site::{Early, SiteStep, SiteTape};
use crate::world::throttled::{Caller, Probes, Throttled};

/// A site follows a key's replica from an instant on; where R1 holds there is one such stretch.
pub(super) struct Link {
    pub(super) from: Time,
    pub(super) key: Option<u32>,
    pub(super) entry: Option<Ref>,
}

/// What a site sees of the tape.
pub(super) struct Place<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) tape: &'a Tape,
    pub(super) subject: Subject,
    pub(super) region: u32,
    pub(super) steps: Vec<(TapeStep, Option<Ref>)>,
}

impl Place<'_> {
    /// R4: a region uses the key's replica of that region, and nothing else.
    pub(super) fn replica(&self, key: u32) -> Option<u32> {
        let region = if self.scenario.rules.has(Clause::OwnReplica) {
            self.region
        } else {
            self.scenario.keys[key as usize].primary
        };
        self.scenario.names.find_replica(key, region)
    }

    /// The steps of the replicas this site is linked to, from `since` on. What is asked where a site is added, a probe
    /// asks: it sees all that becomes visible at its instant.
    pub(super) fn follow(&mut self, links: &[Link], since: Time, added: bool) {
        for (index, link) in links.iter().enumerate() {
            let from = link.from.max(since);
            let to = links.get(index + 1).map_or(Time::NEVER, |next| next.from);
            if to <= since {
                continue;
            }
            match link.key.and_then(|key| self.replica(key)) {
                None => self.steps.push((without_key(from), link.entry)),
                Some(id) => {
                    let steps = &self.tape.replicas[id as usize];
                    // Else what becomes visible at that very instant does so after it.
                    let seen = |step: &TapeStep| {
                        step.time < from || (added && from == since && step.time == from)
                    };
                    let before = steps.partition_point(seen).max(1);
                    let mut first = steps[before - 1].clone();
                    first.time = from;
                    self.steps.push((first, link.entry));
                    let later = steps[before..].iter().take_while(|step| step.time < to);
                    self.steps.extend(later.map(|step| (step.clone(), None)));
                }
            }
        }
    }

    /// The throttling of this site's calls, by the same links.
    pub(super) fn throttled(&self, links: &[Link], since: Time) -> Option<Box<Throttled>> {
        let parts = links.iter().enumerate().map(|(index, link)| {
            let to = links.get(index + 1).map_or(Time::NEVER, |next| next.from);
            let replica = link.key.and_then(|key| self.replica(key));
            let throttles = replica.map_or(&[][..], |id| &self.tape.throttles[id as usize]);
            (throttles, link.from.max(since), to)
        });
        let parts = parts.filter(|(_, from, to)| from < to);
        let name = || self.scenario.names.text(self.subject);
        Throttled::new(name, parts, || self.silent()).map(Box::new)
    }

    /// The stretches in which the KMS does not answer this site.
    fn silent(&self) -> Vec<(Time, Time)> {
        let ends = self.steps.iter().skip(1).map(|(step, _)| step.time);
        let each = self.steps.iter().zip(ends.chain([Time::NEVER]));
        each.filter(|((step, _), _)| step.unreachable.is_some())
            .map(|((step, _), to)| (step.time, to))
            .collect()
    }

    /// Whether what is asked at the site's creation gets through at its first attempt.
    pub(super) fn asked_at_once(&self, tape: &SiteTape, chance: &Chance) -> bool {
        let throttled = tape.throttled.as_ref();
        let throttled = throttled.filter(|_| tape.asked == tape.since);
        throttled.is_none_or(|it| {
            let downs = &self.tape.downs[self.region as usize];
            let probes = tape.probes(it, chance, downs, self.scenario.until);
            probes.through(&mut Caller::named(&it.name), tape.since) == Some(tape.since)
        })
    }

    /// The first probe that is granted and reaches the KMS. A site without a key is never probed: it starts when its
    /// region is back.
    pub(super) fn first_start(&self, tape: &SiteTape, chance: &Chance) -> Option<Time> {
        if !self.scenario.rules.has(Clause::StartsLater) {
            return None;
        }
        let until = self.scenario.until;
        let downs = &self.tape.downs[self.region as usize];
        let first = tape.since + tape.probe;
        let mut throttled = tape.throttled.as_ref().map(|it| {
            let caller = Caller::named(&it.name);
            (tape.probes(it, chance, downs, until), caller)
        });
        let mut next = |from: Time| match &mut throttled {
            Some((probes, caller)) => probes.next(caller, from),
            None => upcoming(first, tape.probe, from),
        };
        let mut time = match is_down(downs, tape.since) {
            Some(down) if tape.key.is_none() => down.to,
            // What was asked at the site's creation may still be tried again.
            _ => next(tape.since.next()),
        };
        while time < until {
            let after = self.steps.partition_point(|(step, _)| step.time <= time);
            let granted = self.steps[..after]
                .last()?
                .0
                .answers
                .starting
                .causes
                .is_empty();
            let hindered_to = match (granted, is_down(downs, time)) {
                (true, None) => return Some(time),
                (_, Some(down)) => down.to,
                (false, None) => self.steps.get(after)?.0.time,
            };
            time = next(hindered_to);
        }
        None
    }
}

impl SiteTape {
    /// Its probes, while its calls are throttled.
    pub(crate) fn probes<'a>(
        &self,
        throttled: &'a Throttled,
        chance: &'a Chance,
        downs: &'a [Down],
        until: Time,
    ) -> Probes<'a> {
        Probes {
            throttled,
            chance,
            downs,
            first: self.asked,
            interval: self.probe,
            until,
        }
    }
}

/// The stretch of a region's outage an instant lies in: from its first instant up to, and without, its last.
pub(crate) fn is_down(downs: &[Down], time: Time) -> Option<&Down> {
    downs
        .iter()
        .find(|down| down.from <= time && time < down.to)
}

/// The first instant of the lattice `from + k × interval` at or after `time`.
pub(crate) fn upcoming(from: Time, interval: Span, time: Time) -> Time {
    if time <= from {
        return from;
    }
    if time == Time::NEVER {
        return Time::NEVER;
    }
    let steps = (time - from).ms().div_ceil(interval.ms());
    from + Span::from_ms(steps.saturating_mul(interval.ms()))
}

fn without_key(time: Time) -> TapeStep {
    let answers = Answers {
        started: Access::default(),
        starting: Access::default(),
        read: true,
        commit: true,
    };
    TapeStep {
        time,
        answers,
        unreachable: None,
        early: None,
        cause: None,
        with: Vec::new(),
    }
}

/// What a step of the tape is to a site, before its start or after.
pub(super) fn site_step(step: &TapeStep, started: bool, entry: Option<Ref>) -> SiteStep {
    let answers = &step.answers;
    let access = if started {
        &answers.started
    } else {
        &answers.starting
    };
    SiteStep {
        time: step.time,
        read: answers.read,
        commit: answers.commit,
        granted: answers.read && answers.commit && (started || access.causes.is_empty()),
        unreachable: step.unreachable,
        error: access.error().unwrap_or("none"),
        early: step.early.as_ref().map(|early| Early {
            read: early.read,
            commit: early.commit,
            error: early.started.error().unwrap_or("none"),
        }),
        entry,
    }
}
