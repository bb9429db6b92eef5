//! The keys' half: the owner's commands and the regions' faults in, the tape out.

use crate::agenda::{Agenda, Moment, Rank};
use crate::chance::Chance;
use crate::names::{Kind, Subject};
use crate::policy::Policy;
use crate::profile::Rule;
use crate::scenario::{Action, Scenario};
use crate::states::{Cause, KeyState};
use crate::time::{Span, Time};
use crate::timeline::{By, Fact, Milestones};
use crate::world::access::{Answers, Judge, View};
use crate::world::calls::{Call, refusal};
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

/// All that the service's half needs to know of the keys' half.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    /// For each replica, from T+0 on.
    pub(crate) replicas: Vec<Vec<TapeStep>>,
    /// For each region, ascending.
    pub(crate) downs: Vec<Vec<Down>>,
    /// For each key: when its last replica was deleted.
    pub(crate) gone: Vec<Option<(Time, Ref)>>,
    /// The policies' meanings, as entries number them.
    pub(crate) meanings: Vec<String>,
    /// The fields of commands that the scenario does not write, numbered on from those that it does.
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
    RotationDue {
        number: u32,
    },
}

#[derive(Clone, Debug)]
struct Replica {
    subject: Subject,
    arn: String,
    state: KeyState,
    policy: u32,
    view: View,
    /// The view at the end of the last instant at which anything changed.
    settled: View,
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
    unreachable_since: Option<Time>,
    /// What became visible, came by itself or began at this instant.
    changed: Vec<Ref>,
    visible_causes: Vec<Ref>,
}

#[derive(Clone, Debug, Default)]
struct Rotation {
    period: Option<Span>,
    number: u32,
    overdue: bool,
    on_demand: u32,
    began: Option<Ref>,
}

/// How many rotations on demand a key takes (KMS API reference, `RotateKeyOnDemand`).
const ON_DEMAND_LIMIT: u32 = 25;

struct Fault {
    verb: &'static str,
    region: u32,
    key: Option<u32>,
    holds: u32,
    since: Time,
    began: Option<Ref>,
}

struct Keys<'a> {
    scenario: &'a Scenario,
    chance: &'a Chance,
    judge: Judge<'a>,
    shelf: Shelf,
    replicas: Vec<Replica>,
    rotations: Vec<Rotation>,
    faults: Vec<Fault>,
    agenda: Agenda<Event>,
    touched: Vec<u32>,
    serials: [Vec<u32>; 3],
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
            let (key, region) = names.replica(id);
            let it = &scenario.replicas[id as usize];
            Replica {
                subject,
                arn: scenario.keys[key as usize].arn(names.region(region)),
                state: it.state,
                policy: it.policy,
                view: View::new(it.state, it.policy),
                settled: View::new(it.state, it.policy),
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
                unreachable_since: None,
                changed: Vec::new(),
                visible_causes: Vec::new(),
            }
        });
        let counted = |kind| vec![0; names.count(kind) as usize];
        Keys {
            scenario,
            chance,
            judge: Judge::new(rules),
            shelf: Shelf::new(&scenario.policies),
            replicas: replicas.collect(),
            rotations: vec![Rotation::default(); scenario.keys.len()],
            faults: Vec::new(),
            agenda: Agenda::new(scenario.until),
            touched: Vec::new(),
            serials: [
                counted(Kind::Key),
                counted(Kind::Replica),
                counted(Kind::Region),
            ],
            tape: Tape {
                replicas: vec![Vec::new(); names.count(Kind::Replica) as usize],
                downs: vec![Vec::new(); names.count(Kind::Region) as usize],
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
            Action::RotateKeyOnDemand(id)
            | Action::EnableKeyRotation(id, _)
            | Action::DisableKeyRotation(id) => Some(Subject::new(Kind::Key, *id)),
            Action::KmsUnreachable(region, _) | Action::RegionDown(region) => {
                Some(Subject::new(Kind::Region, *region))
            }
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
            Event::RotationDue { number } => self.rotation_due(subject.id as usize, number),
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
            Action::KmsUnreachable(region, key) => {
                return self.fault_ends("KmsUnreachable", *region, *key, began);
            }
            Action::RegionDown(region) => {
                return self.fault_ends("RegionDown", *region, None, began);
            }
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
                self.tape.texts.push(fields);
                (scenario.commands.len() + self.tape.texts.len()) as u32 - 1
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
        let code = match action {
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
            Action::KmsUnreachable(region, key) => self.fault_begins(verb, *region, *key, told),
            Action::RegionDown(region) => self.fault_begins(verb, *region, None, told),
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
        if let Some(code) = code {
            self.record(subject, Fact::Refused { verb, code }, Some(told), &[]);
        }
        code.is_none()
    }

    fn switch(&mut self, id: usize, to: KeyState, told: Ref) -> Option<&'static str> {
        let state = self.replicas[id].state;
        let code = refusal(Call::EnableOrDisable, state);
        // AWS takes the call for an unavailable key, and nothing changes until its store is back.
        if code.is_none() && state != KeyState::Unavailable {
            self.set_state(id, to, told);
        }
        code
    }

    fn schedule(&mut self, id: usize, window: Span, told: Ref) -> Option<&'static str> {
        let code = refusal(Call::ScheduleDeletion, self.replicas[id].state);
        if code.is_none() {
            let (key, region) = self.scenario.names.replica(id as u32);
            let primary = self.scenario.keys[key as usize].primary == region;
            let waits = primary && self.living(key).any(|other| other != id);
            let to = if waits {
                KeyState::PendingReplicaDeletion
            } else {
                KeyState::PendingDeletion
            };
            self.replicas[id].window = window;
            self.set_state(id, to, told);
            if !waits {
                self.plan_deletion(id);
            }
        }
        code
    }

    /// The deletion comes after the window and, as AWS says, up to a day later.
    fn plan_deletion(&mut self, id: usize) {
        let it = &self.replicas[id];
        let name = self.scenario.names.text(it.subject);
        let range = self.scenario.rules.key_deletion_overrun;
        let overrun = self.chance.span(range, "key.deletion_overrun", &name);
        let time = self.now().time + it.window + overrun;
        let event = Event::Ends {
            number: it.numbers[0],
        };
        self.agenda.plan(time, Rank::Visible, it.subject, event);
    }

    fn cancel(&mut self, id: usize, told: Ref) -> Option<&'static str> {
        let code = refusal(Call::CancelDeletion, self.replicas[id].state);
        if code.is_none() {
            self.set_state(id, KeyState::Disabled, told);
        }
        code
    }

    fn put(&mut self, id: usize, policy: u32, told: Ref) -> Option<&'static str> {
        let code = refusal(Call::PutPolicy, self.replicas[id].state);
        if code.is_none() {
            self.set_policy(id, policy, told);
        }
        code
    }

    fn edit(
        &mut self,
        id: usize,
        told: Ref,
        edit: impl Fn(&Policy, &str) -> Option<Policy>,
    ) -> Option<&'static str> {
        let it = &self.replicas[id];
        let code = refusal(Call::PutPolicy, it.state);
        if code.is_none() {
            let edited = edit(
                self.shelf.policy(it.policy),
                &self.scenario.rules.service_account,
            );
            if let Some(edited) = edited {
                let policy = self.shelf.number(edited);
                self.set_policy(id, policy, told);
            }
        }
        code
    }

    fn replicate(&mut self, id: usize, policy: u32, told: Ref) -> Option<&'static str> {
        let (key, _) = self.scenario.names.replica(id as u32);
        let it = &self.scenario.keys[key as usize];
        if !it.multi_region {
            return Some("UnsupportedOperationException");
        }
        let primary = self.scenario.names.find_replica(key, it.primary);
        let primary = primary.expect("a key's ARN names its primary");
        let code = refusal(Call::Replicate, self.replicas[primary as usize].state);
        if code.is_some() {
            return code;
        }
        match self.replicas[id].state {
            KeyState::Absent | KeyState::Deleted => {}
            _ => return Some("AlreadyExistsException"),
        }
        self.set_state(id, KeyState::Creating, told);
        self.set_policy(id, policy, told);
        let name = self.scenario.names.text(self.replicas[id].subject);
        let range = self.scenario.rules.key_creating;
        let takes = self.chance.span(range, "key.creating", &name);
        let it = &self.replicas[id];
        let time = self.now().time + takes;
        self.agenda.plan(
            time,
            Rank::Visible,
            it.subject,
            Event::Ends {
                number: it.numbers[0],
            },
        );
        None
    }

    /// What a state leads to by itself.
    fn ends(&mut self, id: usize, number: u32) {
        if self.replicas[id].numbers[0] != number {
            return;
        }
        match self.replicas[id].state {
            KeyState::Creating => self.comes(id, KeyState::Enabled),
            KeyState::PendingDeletion => {
                self.comes(id, KeyState::Deleted);
                self.replica_gone(id);
            }
            _ => {}
        }
    }

    fn replica_gone(&mut self, id: usize) {
        let (key, _) = self.scenario.names.replica(id as u32);
        let left: Vec<usize> = self.living(key).collect();
        match left[..] {
            [] => {
                let serial = self.serials[1][id] - 1;
                let last = Ref {
                    kind: Kind::Replica,
                    id: id as u32,
                    serial,
                };
                self.tape.gone[key as usize] = Some((self.now().time, last));
            }
            [only] if self.replicas[only].state == KeyState::PendingReplicaDeletion => {
                self.comes(only, KeyState::PendingDeletion);
                self.plan_deletion(only);
            }
            _ => {}
        }
    }

    /// The replicas of a key that are there.
    fn living(&self, key: u32) -> impl Iterator<Item = usize> + '_ {
        let all = self.scenario.names.replicas_of(key);
        (all.start as usize..all.end as usize).filter(|id| {
            let state = self.replicas[*id].state;
            !matches!(state, KeyState::Absent | KeyState::Deleted)
        })
    }

    fn set_state(&mut self, id: usize, to: KeyState, told: Ref) {
        let it = &mut self.replicas[id];
        let from = it.state;
        if from == to {
            return;
        }
        let usable = |state: KeyState| state.refuses().is_none();
        let delay = if usable(from) && !usable(to) {
            it.lose
        } else {
            it.regain
        };
        it.state = to;
        it.began = Some(told);
        it.numbers[0] += 1;
        let (subject, number) = (it.subject, it.numbers[0]);
        self.record(subject, Fact::State { from, to }, Some(told), &[]);
        let time = self.now().time + delay;
        self.replicas[id].begun_visible = time;
        let event = Event::Visible {
            thing: Thing::State(to),
            number,
            cause: told,
        };
        self.agenda.plan(time, Rank::Visible, subject, event);
        if to == KeyState::Enabled {
            self.rotate_overdue(id, told);
        }
    }

    /// A policy is judged against the one commanded just before; a new replica had none.
    fn set_policy(&mut self, id: usize, policy: u32, told: Ref) {
        let it = &mut self.replicas[id];
        let old = it.policy;
        let (new_policy, old_policy) = (self.shelf.policy(policy), self.shelf.policy(old));
        let same = new_policy.meaning() == old_policy.meaning();
        let made_now = it.state == KeyState::Creating && it.began == Some(told);
        let less = !made_now
            && self
                .judge
                .permits_less((policy, new_policy), (old, old_policy), &it.arn);
        let delay = if less { it.lose } else { it.regain };
        it.policy = policy;
        if same && !made_now {
            return;
        }
        it.numbers[1] += 1;
        let (subject, number) = (it.subject, it.numbers[1]);
        let event = Event::Visible {
            thing: Thing::Policy(policy),
            number,
            cause: told,
        };
        self.agenda
            .plan(self.now().time + delay, Rank::Visible, subject, event);
    }

    /// What comes by itself is visible at once, but not before the command that began it.
    fn comes(&mut self, id: usize, to: KeyState) {
        let it = &mut self.replicas[id];
        let from = std::mem::replace(&mut it.state, to);
        it.numbers[0] += 1;
        let (subject, began, number) = (it.subject, it.began, it.numbers[0]);
        let visible = it.begun_visible;
        let entry = self.record(subject, Fact::State { from, to }, began, &[]);
        if visible > self.now().time {
            let event = Event::Comes { to, number, entry };
            self.agenda.plan(visible, Rank::Visible, subject, event);
        } else {
            self.is_seen(id, to, number, entry);
        }
    }

    fn is_seen(&mut self, id: usize, to: KeyState, number: u32, entry: Ref) {
        let it = &mut self.replicas[id];
        if it.seen[0] > number {
            return;
        }
        it.seen[0] = number;
        it.view.state = to;
        it.told.0 = to;
        it.changed.push(entry);
        self.touch(id);
    }

    fn becomes_visible(&mut self, id: usize, thing: Thing, number: u32, cause: Ref) {
        let it = &mut self.replicas[id];
        let which = match thing {
            Thing::State(_) => 0,
            Thing::Policy(_) => 1,
        };
        if it.seen[which] > number {
            return;
        }
        it.seen[which] = number;
        match thing {
            Thing::State(state) => it.view.state = state,
            Thing::Policy(policy) => it.view.policy = policy,
        }
        it.visible_causes.push(cause);
        self.touch(id);
    }

    fn rotation(&mut self, key: usize, period: Option<Span>, told: Ref) -> Option<&'static str> {
        let code = self.rotation_refusal(key);
        if code.is_none() {
            let it = &mut self.rotations[key];
            it.period = period;
            it.number += 1;
            it.overdue = false;
            it.began = Some(told);
            let number = it.number;
            self.plan_rotation(key, number);
        }
        code
    }

    fn rotation_refusal(&self, key: usize) -> Option<&'static str> {
        let it = &self.scenario.keys[key];
        if it.origin != "AWS_KMS" {
            return Some("UnsupportedOperationException");
        }
        refusal(Call::Rotation, self.replicas[self.primary(key)].state)
    }

    fn primary(&self, key: usize) -> usize {
        let region = self.scenario.keys[key].primary;
        let id = self.scenario.names.find_replica(key as u32, region);
        id.expect("a key's ARN names its primary") as usize
    }

    fn plan_rotation(&mut self, key: usize, number: u32) {
        if let Some(period) = self.rotations[key].period {
            let subject = Subject::new(Kind::Key, key as u32);
            let time = self.now().time + period;
            self.agenda
                .plan(time, Rank::Visible, subject, Event::RotationDue { number });
        }
    }

    /// Disabled keys do not rotate; an overdue one rotates at once when it is enabled (R10, `domain.md` 1d).
    fn rotation_due(&mut self, key: usize, number: u32) {
        if self.rotations[key].number != number {
            return;
        }
        if self.replicas[self.primary(key)].state == KeyState::Enabled {
            let began = self.rotations[key].began;
            self.rotated(key, began);
            self.plan_rotation(key, number);
        } else {
            self.rotations[key].overdue = true;
        }
    }

    /// At once, and by itself: after the command that made it possible.
    fn rotate_overdue(&mut self, id: usize, told: Ref) {
        let key = self.scenario.names.replica(id as u32).0 as usize;
        if self.primary(key) == id && std::mem::take(&mut self.rotations[key].overdue) {
            let number = self.rotations[key].number;
            self.rotations[key].began = Some(told);
            let subject = Subject::new(Kind::Key, key as u32);
            let event = Event::RotationDue { number };
            self.agenda
                .plan(self.now().time, Rank::Visible, subject, event);
        }
    }

    fn rotate_on_demand(&mut self, key: usize, told: Ref) -> Option<&'static str> {
        let code = self.rotation_refusal(key);
        if code.is_some() {
            return code;
        }
        if self.rotations[key].on_demand == ON_DEMAND_LIMIT {
            return Some("LimitExceededException");
        }
        self.rotations[key].on_demand += 1;
        self.rotated(key, Some(told));
        None
    }

    /// R10: new material changes nothing for anybody.
    fn rotated(&mut self, key: usize, cause: Option<Ref>) {
        let subject = Subject::new(Kind::Key, key as u32);
        let rotated = self.record(subject, Fact::Rotated, cause, &[]);
        if !self.scenario.rules.has(Rule::R10) {
            for id in self.living(key as u32).collect::<Vec<_>>() {
                self.replicas[id].view.broken = true;
                self.replicas[id].changed.push(rotated);
                self.touch(id);
            }
        }
    }

    fn fault_begins(
        &mut self,
        verb: &'static str,
        region: u32,
        key: Option<u32>,
        told: Ref,
    ) -> Option<&'static str> {
        let at = self.fault(verb, region, key);
        self.faults[at].holds += 1;
        if self.faults[at].holds == 1 {
            let now = self.now().time;
            let subject = Subject::new(Kind::Region, region);
            let began = self.record(subject, Fact::FaultBegan { verb }, Some(told), &[]);
            self.faults[at].since = now;
            self.faults[at].began = Some(began);
            self.fault_changed(at, began);
        }
        None
    }

    fn fault_ends(&mut self, verb: &'static str, region: u32, key: Option<u32>, command: Ref) {
        let at = self.fault(verb, region, key);
        self.faults[at].holds -= 1;
        if self.faults[at].holds == 0 {
            let subject = Subject::new(Kind::Region, region);
            let ended = self.record(subject, Fact::FaultEnded { verb }, Some(command), &[]);
            self.fault_changed(at, ended);
        }
    }

    fn fault(&mut self, verb: &'static str, region: u32, key: Option<u32>) -> usize {
        let same = |it: &Fault| (it.verb, it.region, it.key) == (verb, region, key);
        self.faults.iter().position(same).unwrap_or_else(|| {
            let since = Time::START;
            self.faults.push(Fault {
                verb,
                region,
                key,
                holds: 0,
                since,
                began: None,
            });
            self.faults.len() - 1
        })
    }

    /// Faults are seen, and ended, at their instant.
    fn fault_changed(&mut self, at: usize, entry: Ref) {
        let now = self.now().time;
        let (verb, region, key) = (
            self.faults[at].verb,
            self.faults[at].region,
            self.faults[at].key,
        );
        if verb == "RegionDown" {
            self.region_changed(at, entry);
            return;
        }
        let names = &self.scenario.names;
        let concerned = match key.map(|key| names.find_replica(key, region)) {
            Some(Some(one)) => one as usize..one as usize + 1,
            Some(None) => 0..0,
            None => 0..self.replicas.len(),
        };
        for id in concerned {
            let (its_key, its_region) = self.scenario.names.replica(id as u32);
            if its_region != region {
                continue;
            }
            let holds = self.faults.iter().any(|it| {
                it.verb == verb
                    && it.holds > 0
                    && it.region == its_region
                    && it.key.is_none_or(|key| key == its_key)
            });
            let it = &mut self.replicas[id];
            it.view.unreachable = holds;
            it.unreachable_since = holds.then(|| it.unreachable_since.unwrap_or(now));
            it.changed.push(entry);
            self.touch(id);
        }
    }

    fn region_changed(&mut self, at: usize, entry: Ref) {
        let now = self.now().time;
        let holds = self.faults[at].holds > 0;
        let downs = &mut self.tape.downs[self.faults[at].region as usize];
        if holds {
            downs.push(Down {
                from: now,
                began: entry,
                to: Time::NEVER,
                ended: None,
            });
        } else {
            let last = downs.last_mut().expect("what ends has begun");
            (last.to, last.ended) = (now, Some(entry));
        }
    }

    fn touch(&mut self, id: usize) {
        self.touched.push(id as u32);
    }

    /// The end of an instant: the net result is what callers see.
    fn settle(&mut self) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for id in touched.drain(..) {
            self.settle_replica(id as usize);
        }
        self.touched = touched;
    }

    fn settle_replica(&mut self, id: usize) {
        let causes = std::mem::take(&mut self.replicas[id].visible_causes);
        let view = self.replicas[id].view;
        let meaning = self.shelf.policy(view.policy).meaning().to_owned();
        let told = (view.state, meaning);
        if let (Some((last, others)), true) = (causes.split_last(), told != self.replicas[id].told)
        {
            let policy = self.shelf.tell(&told.1);
            let mut with = others.to_vec();
            with.retain(|it| it != last);
            with.dedup();
            let subject = self.replicas[id].subject;
            let fact = Fact::Visible {
                state: view.state,
                policy,
            };
            let entry = self.record(subject, fact, Some(*last), &with);
            self.replicas[id].changed.push(entry);
            self.replicas[id].told = told;
        }
        let mut changed = std::mem::take(&mut self.replicas[id].changed);
        changed.sort();
        changed.dedup();
        let by_fault = changed.iter().any(|entry| entry.kind == Kind::Region);
        let before = View {
            unreachable: view.unreachable,
            ..self.replicas[id].settled
        };
        let early = by_fault.then(|| {
            let policy = self.shelf.policy(before.policy);
            self.judge.answer(before, policy, &self.replicas[id].arn)
        });
        self.replicas[id].settled = view;
        let mut changed = changed.into_iter();
        let mut step = self.step(id, changed.next(), changed.collect());
        step.early = early;
        let last = self.tape.replicas[id]
            .last()
            .expect("every replica has its start");
        if (&step.answers, step.unreachable) != (&last.answers, last.unreachable) {
            self.tape.replicas[id].push(step);
        }
    }

    fn step(&mut self, id: usize, cause: Option<Ref>, with: Vec<Ref>) -> TapeStep {
        let it = &self.replicas[id];
        let policy = self.shelf.policy(it.view.policy);
        let answers = self.judge.answer(it.view, policy, &it.arn);
        let first = answers.starting.causes.first().map(|it| it.cause);
        let unreachable = it
            .unreachable_since
            .filter(|_| first == Some(Cause::Unreachable));
        TapeStep {
            time: self.now().time,
            answers,
            unreachable,
            early: None,
            cause,
            with,
        }
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
            ..self.tape
        }
    }
}

/// Whether a key is one that R2 takes, and is in the region where the org is created.
pub(crate) fn breaks_r2(scenario: &Scenario, key: u32, region: u32) -> bool {
    let it = &scenario.keys[key as usize];
    let there = scenario.names.find_replica(key, region);
    it.spec != "SYMMETRIC_DEFAULT"
        || it.usage != "ENCRYPT_DECRYPT"
        || !it.multi_region
        || it.account == scenario.rules.service_account
        || there.is_none_or(|id| scenario.replicas[id as usize].state == KeyState::Absent)
}

/// Whether the policy of a key, where the org is created, lacks one of R3's four actions.
pub(crate) fn breaks_r3(scenario: &Scenario, key: u32, region: u32) -> bool {
    let Some(id) = scenario.names.find_replica(key, region) else {
        return true;
    };
    let policy = scenario.replicas[id as usize].policy;
    let arn = scenario.keys[key as usize].arn(scenario.names.region(region));
    !Judge::new(&scenario.rules).allows_all(policy, &scenario.policies[policy as usize], &arn)
}
