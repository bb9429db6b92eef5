//! The keys' half: the owner's commands and the regions' faults in, the tape out.

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
use crate::scenario::{Action, Fraction, Scenario};
use crate::states::KeyState;
use crate::states::operations::Operation;
use crate::time::{Span, Time};
use crate::timeline::{By, Fact, Milestones};
use crate::world::access::{Answers, Judge, View};
use crate::world::calls::{Taken, ask};
use crate::world::kms::faults::{Fault, Trouble};
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

    /// Whom a command of the keys' half is about; `None` for those of the service's half.
    fn subject_of(&self, action: &Action) -> Option<Subject> {
        match action {
            Action::DisableKey(id)
            | Action::EnableKey(id)
            | Action::ScheduleKeyDeletion(id, _)
            | Action::CancelKeyDeletion(id)
            | Action::PutKeyPolicy(id, _)
            | Action::RemoveActions(id, _)
            | Action::RestoreActions(id, _)
            | Action::ReplicateKey(id, _) => Some(Subject::new(Kind::Replica, *id)),
            Action::UpdatePrimaryRegion(id)
            | Action::ImportKeyMaterial(id, _)
            | Action::DeleteImportedKeyMaterial(id) => Some(Subject::new(Kind::Replica, *id)),
            Action::RotateKeyOnDemand(id)
            | Action::EnableKeyRotation(id, _)
            | Action::DisableKeyRotation(id) => Some(Subject::new(Kind::Key, *id)),
            Action::KmsUnreachable(region, _)
            | Action::KmsThrottled(region, ..)
            | Action::ServiceIamDenies(region, _)
            | Action::RegionDown(region) => Some(Subject::new(Kind::Region, *region)),
            Action::SourceDown(_)
            | Action::AddRegion(..)
            | Action::CreateCollection(..)
            | Action::DeleteCollection(..)
            | Action::ContactSupport(_)
            | Action::RecreateCollection(_)
            | Action::SetTraffic(..)
            | Action::ChangeKey(..)
            | Action::UnlinkKey(_) => None,
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

    fn command(&mut self, number: u32, subject: Subject) {
        let command = &self.scenario.commands[number as usize];
        let verb = command.action.verb().word();
        let told = self.tell(subject, verb, number, By::Written, None);
        let before = match command.action {
            Action::PutKeyPolicy(id, _) => self.replicas[id as usize].policy,
            _ => 0,
        };
        let taken = self.carry_out(&command.action, verb, told, subject);
        if let (true, Some(span)) = (taken, command.lasts) {
            let event = Event::Opposite {
                of: number,
                command: told,
                before,
            };
            self.agenda
                .plan(self.now().time + span, Rank::Opposite, subject, event);
        }
    }

    /// The opposite that a command with `for:` has planned.
    fn opposite(&mut self, of: u32, began: Ref, before: u32, subject: Subject) {
        let scenario = self.scenario;
        let command = &scenario.commands[of as usize];
        let action = match &command.action {
            action if Trouble::of(action).is_some() => return self.fault_ends(action, began),
            Action::DisableKey(id) => Action::EnableKey(*id),
            Action::EnableKey(id) => Action::DisableKey(*id),
            Action::ScheduleKeyDeletion(id, _) => Action::CancelKeyDeletion(*id),
            Action::CancelKeyDeletion(id) => Action::ScheduleKeyDeletion(*id, Span::from_days(30)),
            Action::PutKeyPolicy(id, _) => Action::PutKeyPolicy(*id, before),
            Action::RemoveActions(id, actions) => Action::RestoreActions(*id, actions.clone()),
            Action::RestoreActions(id, actions) => Action::RemoveActions(*id, actions.clone()),
            other => unreachable!(
                "{} has no opposite, as resolve has checked",
                other.verb().word()
            ),
        };
        let verb = action.verb().word();
        let fields = match action {
            Action::PutKeyPolicy(..) => {
                let place = command.fields.split(", policy").next().unwrap_or_default();
                let fields = format!("{place}, policy: the one before");
                self.texts.number(fields)
            }
            _ => of,
        };
        let told = self.tell(subject, verb, fields, By::Planned, Some(began));
        self.carry_out(&action, verb, told, subject);
    }

    /// Does what a command says, or writes why not; whether it was taken.
    fn carry_out(
        &mut self,
        action: &Action,
        verb: &'static str,
        told: Ref,
        subject: Subject,
    ) -> bool {
        let taken = match action {
            Action::DisableKey(id) => self.switch(*id as usize, KeyState::Disabled, told),
            Action::EnableKey(id) => self.switch(*id as usize, KeyState::Enabled, told),
            Action::ScheduleKeyDeletion(id, window) => self.schedule(*id as usize, *window, told),
            Action::CancelKeyDeletion(id) => self.cancel(*id as usize, told),
            Action::PutKeyPolicy(id, policy) => self.put(*id as usize, *policy, told),
            Action::RemoveActions(id, actions) => {
                self.edit(*id as usize, told, |policy, account| {
                    policy.without_actions(account, actions)
                })
            }
            Action::RestoreActions(id, actions) => {
                self.edit(*id as usize, told, |policy, account| {
                    policy.with_actions(account, actions)
                })
            }
            Action::ReplicateKey(id, policy) => self.replicate(*id as usize, *policy, told),
            Action::RotateKeyOnDemand(key) => self.rotate_on_demand(*key as usize, told),
            Action::EnableKeyRotation(key, period) => {
                self.rotation(*key as usize, Some(*period), told)
            }
            Action::DisableKeyRotation(key) => self.rotation(*key as usize, None, told),
            Action::UpdatePrimaryRegion(id) => self.update_primary(*id as usize, told),
            Action::ImportKeyMaterial(id, expires) => self.import(*id as usize, *expires, told),
            Action::DeleteImportedKeyMaterial(id) => self.delete_material(*id as usize, told),
            Action::KmsUnreachable(..)
            | Action::KmsThrottled(..)
            | Action::ServiceIamDenies(..)
            | Action::RegionDown(_) => {
                self.fault_begins(action, told);
                Ok(())
            }
            Action::SourceDown(_)
            | Action::AddRegion(..)
            | Action::CreateCollection(..)
            | Action::DeleteCollection(..)
            | Action::ContactSupport(_)
            | Action::RecreateCollection(_)
            | Action::SetTraffic(..)
            | Action::ChangeKey(..)
            | Action::UnlinkKey(_) => {
                unreachable!("the service's half carries out its own commands")
            }
        };
        match taken {
            Ok(()) => true,
            Err(refusal) => {
                let fact = Fact::Refused {
                    verb,
                    code: refusal.code,
                    message: Some(self.texts.number(refusal.message)),
                };
                self.record(subject, fact, Some(told), &[]);
                false
            }
        }
    }

    /// Asks AWS's table about an operation on a replica as it is now.
    fn ask(&self, operation: Operation, id: usize) -> Taken {
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

    fn tell(
        &mut self,
        subject: Subject,
        verb: &'static str,
        fields: u32,
        by: By,
        cause: Option<Ref>,
    ) -> Ref {
        self.record(subject, Fact::Command { verb, fields, by }, cause, &[])
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
