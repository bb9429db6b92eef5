//! Orgs and sites: who is created, who can operate where, and what access each site has, over time.

use std::collections::BTreeMap;

use crate::agenda::{Moment, Rank};
use crate::chance::Chance;
use crate::names::{Kind, Subject};
use crate::profile::{Clause, Rule};
use crate::scenario::{Action, Scenario, Since};
use crate::states::SiteState;
use crate::time::{Span, Time};
use crate::timeline::{Access, By, Fact, SiteStart};
use crate::world::kms::{Tape, TapeStep};
use crate::world::orders::time_of;
use crate::world::place::{Link, Place, is_down, site_step};
use crate::world::requirements::{breaks_r2, breaks_r3};
use crate::world::throttled::Throttled;
use crate::world::{Recorder, Ref};

/// The access of a site from an instant on.
#[derive(Copy, Clone, Debug)]
pub(crate) struct SiteStep {
    pub(crate) time: Time,
    pub(crate) read: bool,
    pub(crate) commit: bool,
    /// Whether no path is refused.
    pub(crate) granted: bool,
    pub(crate) unreachable: Option<Time>,
    pub(crate) error: &'static str,
    /// The same after this instant's faults alone, for what is ordered at this instant.
    pub(crate) early: Option<Early>,
    /// The `access` entry that says so.
    pub(crate) entry: Option<Ref>,
}

/// The access of a site after the faults of an instant, and before what becomes visible then.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Early {
    pub(crate) read: bool,
    pub(crate) commit: bool,
    pub(crate) error: &'static str,
}

/// A site, over the whole run.
#[derive(Clone, Debug)]
pub(crate) struct SiteTape {
    /// When it is there first; never, when its command comes after the end.
    pub(crate) since: Time,
    /// When it started.
    pub(crate) started: Option<Time>,
    /// The entry that says so; `None` at T+0.
    pub(crate) start_entry: Option<Ref>,
    /// Whether its org was refused.
    pub(crate) refused: bool,
    /// `None` for an org without a customer's key.
    pub(crate) key: Option<u32>,
    pub(crate) region: u32,
    /// The first step is at `since`.
    pub(crate) steps: Vec<SiteStep>,
    /// The throttling of its calls; mostly there is none.
    pub(crate) throttled: Option<Box<Throttled>>,
    /// Its first probe, or what is asked where it is added: the start comes before everything of instant 0.
    pub(crate) asked: Time,
    pub(crate) probe: Span,
    pub(crate) pause_after: Span,
    pub(crate) pausing: Span,
    pub(crate) resuming: Span,
    pub(crate) support_delay: Span,
}

/// All sites, with what was written about them and about their orgs.
#[derive(Debug, Default)]
pub(crate) struct Sites {
    pub(crate) tapes: Vec<SiteTape>,
    pub(crate) starts: Vec<SiteStart>,
    pub(crate) replicas: Vec<Option<u32>>,
    pub(crate) accesses: Vec<Access>,
    pub(crate) recorder: Recorder,
    numbers: BTreeMap<Access, u32>,
}

/// Plays all orgs and sites along the tape.
pub(crate) fn play(scenario: &Scenario, chance: &Chance, tape: &Tape) -> Sites {
    let mut sites = Sites::default();
    sites.access(&Access::default());
    let asked = asked_of_orgs(scenario);
    for group in 0..scenario.names.orgs().len() {
        let asked = asked.get(&group).map_or(&[][..], Vec::as_slice);
        for (member, org) in scenario.names.org_members(group).enumerate() {
            let subject = Subject::new(Kind::Org, org);
            sites.recorder.turn();
            let rule = sites.judge_org(scenario, group, subject);
            let refused = rule.is_some() && scenario.rules.has(Clause::RefusedForEver);
            let links = sites.links(scenario, group, subject, asked);
            for (position, site) in scenario.names.sites_of(group, member as u32).enumerate() {
                sites.play_site(
                    scenario,
                    chance,
                    tape,
                    (group, position, site),
                    refused,
                    &links,
                );
            }
        }
    }
    sites
}

/// R1: what is asked of each org of the file about its link: the number of the command, and the key that it asks for.
fn asked_of_orgs(scenario: &Scenario) -> BTreeMap<usize, Vec<(u32, Option<u32>)>> {
    let mut asked: BTreeMap<usize, Vec<(u32, Option<u32>)>> = BTreeMap::new();
    for (number, command) in scenario.commands.iter().enumerate() {
        let (org, key) = match command.action {
            Action::ChangeKey(org, key) => (org, Some(key)),
            Action::UnlinkKey(org) => (org, None),
            _ => continue,
        };
        if command.at < scenario.until {
            let number = number as u32;
            asked.entry(org as usize).or_default().push((number, key));
        }
    }
    asked
}

/// R1: the key under which everything of an org lies.
fn key_of(scenario: &Scenario, group: usize) -> Option<u32> {
    let under = scenario.rules.has(Clause::UnderTheKey);
    scenario.orgs[group].key.filter(|_| under)
}

impl Sites {
    /// R2 and R3: the key is judged where the org is created, at T+0.
    fn judge_org(&mut self, scenario: &Scenario, group: usize, subject: Subject) -> Option<Rule> {
        let org = &scenario.orgs[group];
        let key = org.key?;
        let region = scenario.names.orgs()[group].regions[org.first as usize];
        let rules = &scenario.rules;
        let rule = if rules.has(Clause::KindOfKey) && breaks_r2(scenario, key, region) {
            Rule::R2
        } else if rules.has(Clause::JudgedAtCreation) && breaks_r3(scenario, key, region) {
            Rule::R3
        } else {
            return None;
        };
        self.recorder
            .record(Moment::START, subject, Fact::OrgRefused { rule }, None, &[]);
        Some(rule)
    }

    /// R1: the key is linked for ever; to change, unlink or add one is refused.
    fn links(
        &mut self,
        scenario: &Scenario,
        group: usize,
        subject: Subject,
        asked: &[(u32, Option<u32>)],
    ) -> Vec<Link> {
        let key = key_of(scenario, group);
        let mut links = vec![Link {
            from: Time::START,
            key,
            entry: None,
        }];
        for &(number, key) in asked {
            let command = &scenario.commands[number as usize];
            let moment = Moment {
                time: command.at,
                rank: Rank::Command,
            };
            let verb = command.action.verb().word();
            let told = self.tell(moment, subject, verb, number);
            if scenario.rules.has(Clause::LinkForEver) {
                let fact = Fact::Refused {
                    verb,
                    code: Rule::R1.word(),
                    message: None,
                };
                self.recorder.record(moment, subject, fact, Some(told), &[]);
            } else {
                links.push(Link {
                    from: command.at,
                    key,
                    entry: Some(told),
                });
            }
        }
        links
    }

    fn tell(&mut self, moment: Moment, subject: Subject, verb: &'static str, fields: u32) -> Ref {
        let fact = Fact::Command {
            verb,
            fields,
            by: By::Written,
        };
        self.recorder.record(moment, subject, fact, None, &[])
    }

    fn play_site(
        &mut self,
        scenario: &Scenario,
        chance: &Chance,
        tape: &Tape,
        (group, position, site): (usize, usize, u32),
        refused: bool,
        links: &[Link],
    ) {
        let subject = Subject::new(Kind::Site, site);
        let org = &scenario.orgs[group];
        let region = scenario.names.orgs()[group].regions[position];
        let since = org.since[position];
        let mut place = Place {
            scenario,
            tape,
            subject,
            region,
            steps: Vec::new(),
        };
        let added = since != Since::Start;
        place.follow(links, time_of(scenario, since), added);
        let name = scenario.names.text(subject);
        let rules = &scenario.rules;
        let probe = chance.span(rules.probe_interval, "probe.interval", &name);
        let mut site_tape = SiteTape {
            since: time_of(scenario, since),
            started: None,
            start_entry: None,
            refused,
            key: key_of(scenario, group),
            region,
            steps: Vec::new(),
            throttled: place.throttled(links, time_of(scenario, since)),
            asked: match since {
                Since::Start => Time::START + probe,
                Since::Command(_) => time_of(scenario, since),
            },
            probe,
            pause_after: chance.span(rules.pause_after, "pause.after", &name),
            pausing: chance.span(rules.pause_pausing, "pause.pausing", &name),
            resuming: chance.span(rules.pause_resuming, "pause.resuming", &name),
            support_delay: chance.span(rules.support_delay, "support.delay", &name),
        };
        self.recorder.turn();
        self.write_site(&place, &mut site_tape, since, chance);
        let key = key_of(scenario, group).filter(|_| links.len() == 1);
        self.replicas.push(key.and_then(|key| place.replica(key)));
        self.tapes.push(site_tape);
    }

    /// Writes a site's entries in order: its beginning, its accesses, its start.
    fn write_site(
        &mut self,
        place: &Place<'_>,
        tape: &mut SiteTape,
        since: Since,
        chance: &Chance,
    ) {
        let until = place.scenario.until;
        let (first, rest) = place
            .steps
            .split_first()
            .expect("a site has an access from its beginning");
        let at_once = first.0.answers.starting.causes.is_empty();
        // The start comes before everything of instant 0.
        let down = since != Since::Start
            && is_down(&place.tape.downs[place.region as usize], tape.since).is_some();
        let starts_at_once = at_once && !tape.refused && !down && place.asked_at_once(tape, chance);
        let state = if starts_at_once {
            SiteState::Operating
        } else {
            SiteState::CannotOperate
        };
        let access = |started: bool, step: &TapeStep| {
            if started {
                step.answers.started.clone()
            } else {
                step.answers.starting.clone()
            }
        };
        let beginning = access(starts_at_once, &first.0);
        let mut told = self.access(&beginning);
        self.starts.push(SiteStart {
            since: tape.since,
            state,
            access: told,
        });
        let mut latest = None;
        if let (Since::Command(number), true) = (since, tape.since < until) {
            let command = &place.scenario.commands[number as usize];
            let moment = Moment {
                time: tape.since,
                rank: Rank::Command,
            };
            let verb = command.action.verb().word();
            let ordered = self.tell(moment, place.subject, verb, number);
            // What is asked here is asked as by a probe.
            let moment = Moment {
                time: tape.since,
                rank: Rank::Timer,
            };
            let fact = Fact::Site { to: state };
            let entry = self
                .recorder
                .record(moment, place.subject, fact, Some(ordered), &[]);
            latest = Some(entry);
            if !beginning.causes.is_empty() {
                let fact = Fact::Access {
                    to: beginning.word(),
                    access: told,
                };
                latest =
                    Some(
                        self.recorder
                            .record(moment, place.subject, fact, Some(ordered), &[]),
                    );
            }
            tape.start_entry = starts_at_once.then_some(entry);
        } else if tape.since >= until {
            tape.since = Time::NEVER;
            if let Some(start) = self.starts.last_mut() {
                start.since = Time::NEVER;
            }
        }
        tape.started = starts_at_once.then_some(tape.since);
        tape.steps.push(site_step(&first.0, starts_at_once, latest));
        let start = if tape.refused || starts_at_once {
            None
        } else {
            place.first_start(tape, chance)
        };
        let mut start = start.filter(|time| *time < until);
        for (step, link) in rest.iter().filter(|(step, _)| step.time < until) {
            if let Some(time) = start.take_if(|time| *time < step.time) {
                self.start_site(place, tape, time, latest);
            }
            let started = tape.started.is_some();
            let now = access(started, step);
            let id = self.access(&now);
            if id != told {
                told = id;
                let moment = Moment {
                    time: step.time,
                    rank: Rank::Visible,
                };
                let fact = Fact::Access {
                    to: now.word(),
                    access: id,
                };
                let cause = link.or(step.cause);
                let entry = self
                    .recorder
                    .record(moment, place.subject, fact, cause, &step.with);
                latest = Some(entry);
            }
            tape.steps.push(site_step(step, started, latest));
        }
        if let Some(time) = start {
            self.start_site(place, tape, time, latest);
        }
    }

    /// The first granted probe: the site starts.
    fn start_site(
        &mut self,
        place: &Place<'_>,
        tape: &mut SiteTape,
        time: Time,
        latest: Option<Ref>,
    ) {
        let moment = Moment {
            time,
            rank: Rank::Timer,
        };
        let fact = Fact::Site {
            to: SiteState::Operating,
        };
        tape.start_entry = Some(
            self.recorder
                .record(moment, place.subject, fact, latest, &[]),
        );
        tape.started = Some(time);
        let in_force = place.steps.iter().rfind(|(step, _)| step.time <= time);
        let (step, _) = in_force.expect("a site has an access from its beginning");
        let last = tape
            .steps
            .last_mut()
            .expect("a site has an access from its beginning");
        *last = SiteStep {
            time: last.time,
            ..site_step(step, true, latest)
        };
    }

    /// The number of an access.
    fn access(&mut self, access: &Access) -> u32 {
        if let Some(number) = self.numbers.get(access) {
            return *number;
        }
        let number = self.accesses.len() as u32;
        self.accesses.push(access.clone());
        self.numbers.insert(access.clone(), number);
        number
    }
}
