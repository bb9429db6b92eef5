//! The keys' half: the owner's commands and the regions' faults in, the tape out.

mod commands;
mod faults;
mod material;
mod policies;
mod primary;
mod rotation;
mod sight;
mod states;
mod texts;

use crate::agenda::{Agenda, Moment, Rank};
use crate::chance::Chance;
use crate::names::{Kind, Subject};
use crate::profile::Clause;
use crate::scenario::{Fraction, Scenario};
use crate::states::KeyState;
use crate::states::operations::Operation;
use crate::time::{Span, Time};
use crate::timeline::{Fact, Milestones};
use crate::world::access::{Answers, Judge, View};
use crate::world::calls::{Taken, ask};
use crate::world::kms::faults::Fault;
use crate::world::kms::material::Material;
use crate::world::kms::rotation::Rotation;
use crate::world::kms::texts::Texts;
use crate::world::shelf::Shelf;
use crate::world::{Draft, Ref};

/// What changed for the callers of a replica, and what changed it.
#[derive(Clone, Debug)]
pub(crate) struct TapeStep {
    pub(crate) time: Time,
    pub(crate) answers: Answers,
    /// Since when the KMS does not answer, while that is the first cause.
    pub(crate) unreachable: Option<Time>,
    /// The answers after this instant's faults, which are seen before what becomes visible.
    pub(crate) early: Option<Answers>,
    pub(crate) cause: Option<Ref>,
    pub(crate) with: Vec<Ref>,
}

/// A stretch in which a region is down.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Down {
    pub(crate) from: Time,
    pub(crate) began: Ref,
    pub(crate) to: Time,
    pub(crate) ended: Option<Ref>,
}

/// From when on the KMS refuses a share of the calls about a replica.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Throttle {
    pub(crate) from: Time,
    /// `None`: no more.
    pub(crate) share: Option<Fraction>,
    /// What began, changed or ended it.
    pub(crate) entry: Ref,
}

/// All that the service's half needs to know of the keys' half.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    /// For each replica, from T+0 on.
    pub(crate) replicas: Vec<Vec<TapeStep>>,
    /// For each region, ascending.
    pub(crate) downs: Vec<Vec<Down>>,
    /// For each replica, ascending: which share of the calls is refused for their number.
    pub(crate) throttles: Vec<Vec<Throttle>>,
    /// For each key: when its last replica was deleted.
    pub(crate) gone: Vec<Option<(Time, Ref)>>,
    /// The policies' meanings, as entries number them.
    pub(crate) meanings: Vec<String>,
    /// The fields of commands and the messages of refusals that the scenario does not write, numbered on from the fields
    /// that it does.
    pub(crate) texts: Vec<String>,
    pub(crate) drafts: Vec<Draft>,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Thing {
    State(KeyState),
    Policy(u32),
}

#[derive(Clone, Debug)]
enum Event {
    Command(u32),
    /// The opposite of a command, and what it needs to know of the past.
    Opposite {
        of: u32,
        command: Ref,
        before: u32,
    },
    /// A state that came by itself becomes visible, no earlier than the command that began it.
    Comes {
        to: KeyState,
        number: u32,
        entry: Ref,
    },
    /// A change that was commanded becomes visible: the how-manieth of its thing.
    Visible {
        thing: Thing,
        number: u32,
        cause: Ref,
    },
    /// What comes by itself; the number says to which change of state it belongs.
    Ends {
        number: u32,
    },
    /// The replica was the primary until the command.
    WasPrimary {
        cause: Ref,
    },
    /// Imported material expires; the number says which.
    Expires {
        number: u32,
    },
    RotationDue {
        number: u32,
    },
    /// A date in the visible policy comes.
    Turns,
}

#[derive(Clone, Debug)]
struct Replica {
    subject: Subject,
    state: KeyState,
    policy: u32,
    view: View,
    /// The view at the end of the last instant at which anything changed.
    settled: View,
    /// The next date of its visible policy that is planned.
    turns: Time,
    told: (KeyState, String),
    lose: Span,
    regain: Span,
    /// Changes of the state and of the policy so far, and the last of each that was seen.
    numbers: [u32; 2],
    seen: [u32; 2],
    /// When what began the present state is visible.
    begun_visible: Time,
    began: Option<Ref>,
    window: Span,
    material: Material,
    unreachable_since: Option<Time>,
    /// What became visible, came by itself or began at this instant.
    changed: Vec<Ref>,
    visible_causes: Vec<Ref>,
}

struct Keys<'a> {
    scenario: &'a Scenario,
    chance: &'a Chance,
    judge: Judge<'a>,
    shelf: Shelf,
    replicas: Vec<Replica>,
    rotations: Vec<Rotation>,
    /// The replica that is the primary of each key.
    primaries: Vec<u32>,
    faults: Vec<Fault>,
    agenda: Agenda<Event>,
    touched: Vec<u32>,
    serials: [Vec<u32>; 3],
    texts: Texts,
    tape: Tape,
}

/// Plays the keys' half of a scenario to its end.
pub(crate) fn play(scenario: &Scenario, chance: &Chance) -> Tape {
    let mut keys = Keys::new(scenario, chance);
    keys.open();
    loop {
        let now = keys.agenda.now().time;
        if keys.agenda.next_time() != Some(now) {
            keys.settle();
        }
        match keys.agenda.take() {
            Some(event) => {
                let subject = keys.agenda.subject();
                keys.react(event, subject);
            }
            None => break,
        }
    }
    keys.settle();
    keys.close()
}

impl<'a> Keys<'a> {
    fn new(scenario: &'a Scenario, chance: &'a Chance) -> Keys<'a> {
        let names = &scenario.names;
        let rules = &scenario.rules;
        let replicas = (0..names.count(Kind::Replica)).map(|id| {
            let subject = Subject::new(Kind::Replica, id);
            let name = names.text(subject);
            let it = &scenario.replicas[id as usize];
            Replica {
                subject,
                state: it.state,
                policy: it.policy,
                view: View::new(it.state, it.policy),
                settled: View::new(it.state, it.policy),
                turns: Time::NEVER,
                // Of a replica that is not there, callers see no policy.
                told: match it.state {
                    KeyState::Absent => (it.state, String::new()),
                    _ => (
                        it.state,
                        scenario.policies[it.policy as usize].meaning().to_owned(),
                    ),
                },
                lose: chance.span(rules.visibility_lose, "visibility.lose", &name),
                regain: chance.span(rules.visibility_regain, "visibility.regain", &name),
                numbers: [0; 2],
                seen: [0; 2],
                begun_visible: Time::START,
                began: None,
                window: Span::ZERO,
                material: Material::at_start(it.state),
                unreachable_since: None,
                changed: Vec::new(),
                visible_causes: Vec::new(),
            }
        });
        let primaries = (0u32..).zip(&scenario.keys).map(|(key, it)| {
            let id = names.find_replica(key, it.primary);
            id.expect("a key's ARN names its primary")
        });
        let counted = |kind| vec![0; names.count(kind) as usize];
        Keys {
            scenario,
            chance,
            judge: Judge::new(scenario),
            shelf: Shelf::new(&scenario.policies),
            replicas: replicas.collect(),
            rotations: vec![Rotation::default(); scenario.keys.len()],
            primaries: primaries.collect(),
            faults: Vec::new(),
            agenda: Agenda::new(scenario.until),
            touched: Vec::new(),
            serials: [
                counted(Kind::Key),
                counted(Kind::Replica),
                counted(Kind::Region),
            ],
            texts: Texts::after(scenario.commands.len()),
            tape: Tape {
                replicas: vec![Vec::new(); names.count(Kind::Replica) as usize],
                downs: vec![Vec::new(); names.count(Kind::Region) as usize],
                throttles: vec![Vec::new(); names.count(Kind::Replica) as usize],
                gone: vec![None; scenario.keys.len()],
                ..Tape::default()
            },
        }
    }

    /// The start: what callers see of each replica, and all that is ordered.
    fn open(&mut self) {
        for id in 0..self.replicas.len() {
            let step = self.step(id, None, Vec::new());
            self.tape.replicas[id].push(step);
            self.plan_turn(id);
        }
        for (number, command) in self.scenario.commands.iter().enumerate() {
            if let Some(subject) = self.subject_of(&command.action) {
                self.agenda.plan(
                    command.at,
                    Rank::Command,
                    subject,
                    Event::Command(number as u32),
                );
            }
        }
    }

    fn react(&mut self, event: Event, subject: Subject) {
        match event {
            Event::Command(number) => self.command(number, subject),
            Event::Opposite {
                of,
                command,
                before,
            } => self.opposite(of, command, before, subject),
            Event::Visible {
                thing,
                number,
                cause,
            } => {
                self.becomes_visible(subject.id as usize, thing, number, cause);
            }
            Event::Comes { to, number, entry } => {
                self.is_seen(subject.id as usize, to, number, entry);
            }
            Event::Ends { number } => self.ends(subject.id as usize, number),
            Event::WasPrimary { cause } => self.was_primary(subject.id as usize, cause),
            Event::Expires { number } => self.expires(subject.id as usize, number),
            Event::RotationDue { number } => self.rotation_due(subject.id as usize, number),
            Event::Turns => self.touch(subject.id as usize),
        }
    }

    /// Asks AWS's table about an operation on a replica as it is now.
    fn ask(&self, operation: Operation, id: usize) -> Taken {
        if !self.scenario.rules.has(Clause::CallsRefused) {
            return Ok(());
        }
        let (key, region) = self.scenario.names.replica(id as u32);
        let region = self.scenario.names.region(region);
        let key = &self.scenario.keys[key as usize];
        ask(operation, self.replicas[id].state, key, region)
    }

    /// The key of a replica.
    fn key_of(&self, id: usize) -> usize {
        self.scenario.names.replica(id as u32).0 as usize
    }

    /// The ARN of a replica.
    fn arn(&self, id: usize) -> String {
        let (key, region) = self.scenario.names.replica(id as u32);
        self.scenario.keys[key as usize].arn(self.scenario.names.region(region))
    }

    fn record(&mut self, subject: Subject, fact: Fact, cause: Option<Ref>, with: &[Ref]) -> Ref {
        let serials = match subject.kind {
            Kind::Key => &mut self.serials[0],
            Kind::Replica => &mut self.serials[1],
            Kind::Region => &mut self.serials[2],
            Kind::Org | Kind::Site | Kind::Collection => {
                unreachable!("the keys' half writes about keys and regions only")
            }
        };
        let serial = serials[subject.id as usize];
        serials[subject.id as usize] += 1;
        let moment = self.now();
        let with = with.into();
        let milestones = Milestones::NONE;
        self.tape.drafts.push(Draft {
            moment,
            subject,
            serial,
            fact,
            cause,
            with,
            milestones,
        });
        Ref {
            kind: subject.kind,
            id: subject.id,
            serial,
        }
    }

    fn now(&self) -> Moment {
        self.agenda.now()
    }

    fn close(self) -> Tape {
        Tape {
            meanings: self.shelf.into_told(),
            texts: self.texts.into_all(),
            ..self.tape
        }
    }
}
