//! The owner's commands, in order: what each replica's commanded state and policy become, and what AWS refuses.

use std::rc::Rc;

use keyoutage::names::Kind;
use keyoutage::scenario::Action;
use keyoutage::scenario::verbs::Verb;
use keyoutage::states::KeyState;
use keyoutage::time::Time;

use super::operations::{Row, refusal};
use super::policy::{Answer, Call, Document, OPERATIONS};
use super::sight::{Change, Seen};
use super::told::Told;
use super::{Ground, NEVER};

/// What the service's half needs of the keys.
pub struct Keys {
    /// What callers see of each replica, from T+0.
    pub seen: Vec<Vec<Seen>>,
    /// When each key's last replica was `Deleted`.
    pub gone: Vec<u64>,
}

/// A replica as it was ordered to be.
struct Replica {
    name: String,
    key: u32,
    region: u32,
    state: KeyState,
    policy: Rc<Document>,
    /// Whether it has its imported material; replicas of AWS's own material always have.
    material: bool,
    /// When its state ends by itself, and when the command that began it is visible.
    ends: (u64, u64),
    /// When its material expires, and when the import is visible.
    expires: (u64, u64),
    /// The window of its deletion, while it waits for its replicas, and when the command is visible.
    window: (u64, u64),
    states: Vec<Change<KeyState>>,
    policies: Vec<Change<Rc<Document>>>,
}

/// A key as a whole.
struct Key {
    primary: u32,
    /// The period of the automatic rotation, and when it is due.
    rotation: Option<(u64, u64)>,
    on_demand: u32,
}

/// An opposite that is planned: when, when the command was given (the one begun last comes first), and what.
struct Planned {
    at: u64,
    begun: usize,
    what: Order,
}

/// A command of the owner's.
#[derive(Clone)]
enum Order {
    Action(Action),
    /// The policy that was replaced.
    PutBack(u32, Rc<Document>),
}

/// The replica or the key that a command of the owner's is about.
fn subject(action: &Action) -> Option<(Kind, u32)> {
    match action {
        Action::DisableKey(id)
        | Action::EnableKey(id)
        | Action::ScheduleKeyDeletion(id, _)
        | Action::CancelKeyDeletion(id)
        | Action::PutKeyPolicy(id, _)
        | Action::RemoveActions(id, _)
        | Action::RestoreActions(id, _)
        | Action::ReplicateKey(id, _)
        | Action::UpdatePrimaryRegion(id)
        | Action::ImportKeyMaterial(id, _)
        | Action::DeleteImportedKeyMaterial(id) => Some((Kind::Replica, *id)),
        Action::RotateKeyOnDemand(id)
        | Action::EnableKeyRotation(id, _)
        | Action::DisableKeyRotation(id) => Some((Kind::Key, *id)),
        _ => None,
    }
}

struct World<'a> {
    ground: &'a Ground<'a>,
    documents: Vec<Rc<Document>>,
    replicas: Vec<Replica>,
    keys: Vec<Key>,
    gone: Vec<u64>,
    planned: Vec<Planned>,
}

/// Carries out every command of the owner's, up to the end.
pub fn live(ground: &Ground<'_>, told: &mut Told) -> Keys {
    let mut world = World::new(ground);
    let until = ground.scenario.until.ms();
    let commands = &ground.scenario.commands;
    let mut next = 0;
    loop {
        let written = commands.get(next).map_or(NEVER, |it| it.at.ms());
        let now = written.min(world.next());
        if now >= until {
            break;
        }
        let mut due: Vec<Planned> = world.planned.extract_if(.., |it| it.at == now).collect();
        due.sort_by_key(|it| std::cmp::Reverse(it.begun));
        for it in due {
            world.give(now, 0, &it.what, None, told);
        }
        while let Some(command) = commands.get(next).filter(|it| it.at.ms() == now) {
            let lasts = command.lasts.map(|it| it.ms());
            next += 1;
            world.give(
                now,
                next,
                &Order::Action(command.action.clone()),
                lasts,
                told,
            );
        }
        world.by_itself(now, told);
    }
    let first = |id: usize| &ground.scenario.replicas[id];
    let mut seen = Vec::new();
    for (id, it) in world.replicas.iter().enumerate() {
        let start = (
            first(id).state,
            world.documents[first(id).policy as usize].clone(),
        );
        seen.push(super::sight::seen(start, &it.states, &it.policies));
        super::sight::tell(&it.name, seen.last().expect("one was pushed"), told);
    }
    Keys {
        seen,
        gone: world.gone,
    }
}

impl<'a> World<'a> {
    fn new(ground: &'a Ground<'a>) -> World<'a> {
        let scenario = ground.scenario;
        let documents: Vec<Rc<Document>> = scenario
            .policies
            .iter()
            .map(|it| Rc::new(Document::of(it)))
            .collect();
        let replicas = scenario.replicas.iter().enumerate().map(|(id, it)| {
            let (key, region) = scenario.names.replica(id as u32);
            Replica {
                name: ground.name(Kind::Replica, id as u32),
                key,
                region,
                state: it.state,
                policy: documents[it.policy as usize].clone(),
                material: it.state != KeyState::PendingImport,
                ends: (NEVER, 0),
                expires: (NEVER, 0),
                window: (0, 0),
                states: Vec::new(),
                policies: Vec::new(),
            }
        });
        let replicas = replicas.collect();
        let keys = scenario.keys.iter().enumerate().map(|(id, it)| Key {
            primary: scenario
                .names
                .find_replica(id as u32, it.primary)
                .expect("a key has its primary"),
            rotation: None,
            on_demand: 0,
        });
        World {
            keys: keys.collect(),
            gone: vec![NEVER; scenario.keys.len()],
            ground,
            documents,
            replicas,
            planned: Vec::new(),
        }
    }

    /// When something comes that was not written for its instant.
    fn next(&self) -> u64 {
        let planned = self.planned.iter().map(|it| it.at);
        let replicas = self.replicas.iter().map(|it| it.ends.0.min(it.expires.0));
        let keys = self.keys.iter().enumerate().filter_map(|(id, it)| {
            // An overdue rotation waits for its key, not for an instant.
            let due = it.rotation?.1;
            self.turns(id).then_some(due)
        });
        planned.chain(replicas).chain(keys).min().unwrap_or(NEVER)
    }

    /// Whether a key's material can be rotated by itself now.
    fn turns(&self, key: usize) -> bool {
        let primary = &self.replicas[self.keys[key].primary as usize];
        matches!(primary.state, KeyState::Enabled | KeyState::Updating)
    }

    /// Gives a command; if it is taken, plans its opposite.
    fn give(&mut self, now: u64, begun: usize, order: &Order, lasts: Option<u64>, told: &mut Told) {
        self.say_command(now, begun == 0, order, told);
        let opposite = match self.carry_out(now, order, told) {
            Ok(opposite) => opposite,
            Err((subject, verb, code)) => {
                told.say(now, &subject, "refused", format!("{verb} {code}"));
                return;
            }
        };
        if let (Some(lasts), Some(what)) = (lasts, opposite) {
            let at = now.saturating_add(lasts);
            self.planned.push(Planned { at, begun, what });
        }
    }

    /// Says who is ordered what, by whom.
    fn say_command(&self, now: u64, planned: bool, order: &Order, told: &mut Told) {
        let (subject, verb) = match order {
            Order::PutBack(id, _) => ((Kind::Replica, *id), Verb::PutKeyPolicy),
            Order::Action(action) => match subject(action) {
                Some(subject) => (subject, action.verb()),
                None => return,
            },
        };
        let by = if planned { "planned" } else { "written" };
        let name = self.ground.name(subject.0, subject.1);
        told.say(now, &name, "command", format!("{verb} {by}"));
    }

    /// Does what is ordered; says what would take it back, or who was refused what and why.
    fn carry_out(
        &mut self,
        now: u64,
        order: &Order,
        told: &mut Told,
    ) -> Result<Option<Order>, (String, &'static str, &'static str)> {
        let action = match order {
            Order::PutBack(id, policy) => {
                self.may(Row::Policy, *id, "PutKeyPolicy")?;
                self.put(now, *id, policy.clone());
                return Ok(None);
            }
            Order::Action(action) => action,
        };
        let verb = action.verb().word();
        let account = self.ground.scenario.rules.service_account.clone();
        let opposite = match action {
            Action::DisableKey(id) => {
                self.may(Row::Switch, *id, verb)?;
                if self.replicas[*id as usize].state == KeyState::Enabled {
                    self.order(now, *id, KeyState::Disabled, told);
                }
                Some(Action::EnableKey(*id))
            }
            Action::EnableKey(id) => {
                self.may(Row::Switch, *id, verb)?;
                if self.replicas[*id as usize].state == KeyState::Disabled {
                    self.order(now, *id, KeyState::Enabled, told);
                }
                Some(Action::DisableKey(*id))
            }
            Action::ScheduleKeyDeletion(id, window) => {
                self.may(Row::Schedule, *id, verb)?;
                self.schedule(now, *id, window.ms(), told);
                Some(Action::CancelKeyDeletion(*id))
            }
            Action::CancelKeyDeletion(id) => {
                self.may(Row::Cancel, *id, verb)?;
                let back = match self.replicas[*id as usize].material {
                    true => KeyState::Disabled,
                    false => KeyState::PendingImport,
                };
                self.order(now, *id, back, told);
                None
            }
            Action::PutKeyPolicy(id, policy) => {
                self.may(Row::Policy, *id, verb)?;
                let before = self.replicas[*id as usize].policy.clone();
                self.put(now, *id, self.documents[*policy as usize].clone());
                return Ok(Some(Order::PutBack(*id, before)));
            }
            Action::RemoveActions(id, actions) => {
                self.may(Row::Policy, *id, verb)?;
                let after = self.replicas[*id as usize]
                    .policy
                    .without(&account, actions);
                self.put(now, *id, Rc::new(after));
                Some(Action::RestoreActions(*id, actions.clone()))
            }
            Action::RestoreActions(id, actions) => {
                self.may(Row::Policy, *id, verb)?;
                let after = self.replicas[*id as usize].policy.with(&account, actions);
                self.put(now, *id, Rc::new(after));
                Some(Action::RemoveActions(*id, actions.clone()))
            }
            Action::ReplicateKey(id, policy) => {
                self.replicate(now, *id, *policy, verb, told)?;
                None
            }
            Action::UpdatePrimaryRegion(id) => {
                self.move_primary(now, *id, verb, told)?;
                None
            }
            Action::RotateKeyOnDemand(key) => {
                self.may_rotate(*key, verb)?;
                let name = self.ground.name(Kind::Key, *key);
                let it = &mut self.keys[*key as usize];
                if it.on_demand == 25 {
                    return Err((name, verb, "LimitExceededException"));
                }
                if it
                    .rotation
                    .is_some_and(|(_, due)| due.saturating_sub(now) <= 20 * 60_000)
                {
                    return Err((name, verb, "ConflictException"));
                }
                it.on_demand += 1;
                told.say(now, &name, "rotated", "");
                None
            }
            Action::EnableKeyRotation(key, period) => {
                self.may_rotate(*key, verb)?;
                let due = now.saturating_add(period.ms());
                self.keys[*key as usize].rotation = Some((period.ms(), due));
                None
            }
            Action::DisableKeyRotation(key) => {
                self.may_rotate(*key, verb)?;
                self.keys[*key as usize].rotation = None;
                None
            }
            Action::ImportKeyMaterial(id, expires) => {
                self.may(Row::Import, *id, verb)?;
                let seen = now + self.delay(*id, false);
                let it = &mut self.replicas[*id as usize];
                it.material = true;
                it.expires = (expires.map_or(NEVER, Time::ms), seen);
                if it.state == KeyState::PendingImport {
                    self.order(now, *id, KeyState::Enabled, told);
                }
                None
            }
            Action::DeleteImportedKeyMaterial(id) => {
                self.may(Row::DeleteMaterial, *id, verb)?;
                self.replicas[*id as usize].expires.0 = NEVER;
                let visible = now + self.delay(*id, true);
                self.lose_material(now, *id, (visible, false), told);
                None
            }
            _ => None,
        };
        Ok(opposite.map(Order::Action))
    }

    fn may(
        &self,
        row: Row,
        id: u32,
        verb: &'static str,
    ) -> Result<(), (String, &'static str, &'static str)> {
        let it = &self.replicas[id as usize];
        let key = &self.ground.scenario.keys[it.key as usize];
        match refusal(row, it.state, key) {
            Some(code) => Err((it.name.clone(), verb, code)),
            None => Ok(()),
        }
    }

    /// Rotation is the key's: the primary is asked, and the key refuses.
    fn may_rotate(
        &self,
        key: u32,
        verb: &'static str,
    ) -> Result<(), (String, &'static str, &'static str)> {
        let refused = self.may(Row::Rotation, self.keys[key as usize].primary, verb);
        refused.map_err(|(_, verb, code)| (self.ground.name(Kind::Key, key), verb, code))
    }

    /// How long a command on a replica is not yet visible.
    fn delay(&self, id: u32, loses: bool) -> u64 {
        let rules = &self.ground.scenario.rules;
        let (range, label) = match loses {
            true => (rules.visibility_lose, "visibility.lose"),
            false => (rules.visibility_regain, "visibility.regain"),
        };
        let name = &self.replicas[id as usize].name;
        self.ground.chance.span(range, label, name).ms()
    }

    /// A command changes a state.
    fn order(&mut self, now: u64, id: u32, to: KeyState, told: &mut Told) {
        let usable = |it| matches!(it, KeyState::Enabled | KeyState::Updating);
        let from = self.replicas[id as usize].state;
        let visible = now + self.delay(id, usable(from) && !usable(to));
        self.become_(now, id, to, (visible, false), told);
    }

    fn become_(
        &mut self,
        now: u64,
        id: u32,
        to: KeyState,
        (visible, by_itself): (u64, bool),
        told: &mut Told,
    ) {
        let it = &mut self.replicas[id as usize];
        it.ends = (NEVER, visible);
        if it.state == to {
            return;
        }
        told.say(now, &it.name, "state", to.word());
        it.state = to;
        let at_once = by_itself && visible == now;
        it.states.push(Change {
            visible,
            to,
            at_once,
        });
    }

    fn put(&mut self, now: u64, id: u32, policy: Rc<Document>) {
        let before = self.replicas[id as usize].policy.clone();
        if before.meaning() == policy.meaning() {
            self.replicas[id as usize].policy = policy;
            return;
        }
        let (had, has) = (self.allows(now, id, &before), self.allows(now, id, &policy));
        let loses = had.iter().zip(&has).any(|(had, has)| *had && !*has);
        let visible = now + self.delay(id, loses);
        let it = &mut self.replicas[id as usize];
        it.policy = policy.clone();
        it.policies.push(Change {
            visible,
            to: policy,
            at_once: false,
        });
    }

    /// What a policy of a replica allows the service at an instant.
    fn allows(&self, now: u64, id: u32, policy: &Document) -> Vec<bool> {
        let scenario = self.ground.scenario;
        let it = &self.replicas[id as usize];
        let call = |operation| Call {
            operation,
            rules: &scenario.rules,
            key: &scenario.keys[it.key as usize],
            region: scenario.names.region(it.region),
            now_ms: scenario.start.map(|it| it.ms() + now as i64),
        };
        let allowed =
            |operation| super::sight::taken(&scenario.rules, policy.answer(&call(operation)));
        OPERATIONS
            .iter()
            .map(|it| allowed(it) == Answer::Allowed)
            .collect()
    }

    fn others_live(&self, id: u32) -> bool {
        let key = self.replicas[id as usize].key;
        self.replicas.iter().enumerate().any(|(other, it)| {
            it.key == key
                && other != id as usize
                && !matches!(it.state, KeyState::Absent | KeyState::Deleted)
        })
    }

    fn schedule(&mut self, now: u64, id: u32, window: u64, told: &mut Told) {
        let it = &self.replicas[id as usize];
        let overrun = self.ground.scenario.rules.key_deletion_overrun;
        let overrun = self
            .ground
            .chance
            .span(overrun, "key.deletion_overrun", &it.name);
        let window = window + overrun.ms();
        if self.keys[it.key as usize].primary == id && self.others_live(id) {
            self.order(now, id, KeyState::PendingReplicaDeletion, told);
            let it = &mut self.replicas[id as usize];
            it.window = (window, it.ends.1);
        } else {
            self.order(now, id, KeyState::PendingDeletion, told);
            self.replicas[id as usize].ends.0 = now + window;
        }
    }

    fn replicate(
        &mut self,
        now: u64,
        id: u32,
        policy: u32,
        verb: &'static str,
        told: &mut Told,
    ) -> Result<(), (String, &'static str, &'static str)> {
        let it = &self.replicas[id as usize];
        let (name, key) = (it.name.clone(), it.key);
        if !self.ground.scenario.keys[key as usize].multi_region {
            return Err((name, verb, "UnsupportedOperationException"));
        }
        let primary = self.keys[key as usize].primary;
        self.may(Row::Replicate, primary, verb)
            .map_err(|(_, verb, code)| (name.clone(), verb, code))?;
        if !matches!(it.state, KeyState::Absent | KeyState::Deleted) {
            return Err((name, verb, "AlreadyExistsException"));
        }
        let creating = self.ground.scenario.rules.key_creating;
        let creating = self
            .ground
            .chance
            .span(creating, "key.creating", &name)
            .ms();
        self.order(now, id, KeyState::Creating, told);
        let imported = self.ground.scenario.keys[key as usize].origin == "EXTERNAL";
        let it = &mut self.replicas[id as usize];
        it.ends.0 = now + creating;
        it.material = !imported;
        it.expires = (NEVER, 0);
        // The new replica comes with its policy: they are one change.
        let policy = self.documents[policy as usize].clone();
        it.policy = policy.clone();
        it.policies.push(Change {
            visible: it.ends.1,
            to: policy,
            at_once: false,
        });
        Ok(())
    }

    fn move_primary(
        &mut self,
        now: u64,
        id: u32,
        verb: &'static str,
        told: &mut Told,
    ) -> Result<(), (String, &'static str, &'static str)> {
        let it = &self.replicas[id as usize];
        let (name, key) = (it.name.clone(), it.key);
        if !self.ground.scenario.keys[key as usize].multi_region {
            return Err((name, verb, "UnsupportedOperationException"));
        }
        let primary = self.keys[key as usize].primary;
        for one in [primary, id] {
            self.may(Row::Primary, one, verb)
                .map_err(|(_, verb, code)| (name.clone(), verb, code))?;
        }
        if id == primary {
            return Err((name, verb, "UnsupportedOperationException"));
        }
        for one in [primary, id] {
            let updating = self.ground.scenario.rules.key_updating;
            let name = &self.replicas[one as usize].name;
            let updating = self.ground.chance.span(updating, "key.updating", name).ms();
            self.order(now, one, KeyState::Updating, told);
            self.replicas[one as usize].ends.0 = now + updating;
        }
        self.keys[key as usize].primary = id;
        Ok(())
    }

    fn lose_material(&mut self, now: u64, id: u32, visible: (u64, bool), told: &mut Told) {
        let it = &mut self.replicas[id as usize];
        it.material = false;
        match it.state {
            KeyState::Enabled | KeyState::Updating => {
                self.become_(now, id, KeyState::PendingImport, visible, told);
            }
            // It was unusable already, so nothing is lost.
            KeyState::Disabled => self.order(now, id, KeyState::PendingImport, told),
            _ => {}
        }
    }

    /// What comes by itself at an instant: visible at once, but not before the command that began it.
    fn by_itself(&mut self, now: u64, told: &mut Told) {
        self.rotate(now, told);
        for id in 0..self.replicas.len() as u32 {
            let it = &self.replicas[id as usize];
            if it.expires.0 <= now {
                let visible = now.max(it.expires.1);
                self.replicas[id as usize].expires.0 = NEVER;
                let disabled = self.replicas[id as usize].state == KeyState::Disabled;
                self.replicas[id as usize].material = false;
                if disabled {
                    self.become_(now, id, KeyState::PendingImport, (visible, true), told);
                } else {
                    self.lose_material(now, id, (visible, true), told);
                }
            }
            let it = &self.replicas[id as usize];
            if it.ends.0 <= now {
                let visible = now.max(it.ends.1);
                let to = match it.state {
                    KeyState::PendingDeletion => KeyState::Deleted,
                    KeyState::Creating if !it.material => KeyState::PendingImport,
                    _ => KeyState::Enabled,
                };
                self.become_(now, id, to, (visible, true), told);
                if to == KeyState::Deleted {
                    self.deleted(now, id, told);
                }
            }
        }
        self.rotate(now, told);
    }

    /// A replica is gone: its primary may have waited for it, and the key may be gone with it.
    fn deleted(&mut self, now: u64, id: u32, told: &mut Told) {
        self.replicas[id as usize].expires.0 = NEVER;
        let key = self.replicas[id as usize].key;
        let primary = self.keys[key as usize].primary;
        let it = &self.replicas[primary as usize];
        if it.state == KeyState::PendingReplicaDeletion && !self.others_live(primary) {
            let (window, began) = it.window;
            self.become_(
                now,
                primary,
                KeyState::PendingDeletion,
                (now.max(began), true),
                told,
            );
            self.replicas[primary as usize].ends.0 = now + window;
        }
        if !self.others_live(id) {
            self.gone[key as usize] = now;
        }
    }

    fn rotate(&mut self, now: u64, told: &mut Told) {
        for id in 0..self.keys.len() {
            let Some((period, due)) = self.keys[id].rotation else {
                continue;
            };
            if due <= now && self.turns(id) {
                told.say(now, &self.ground.name(Kind::Key, id as u32), "rotated", "");
                self.keys[id].rotation = Some((period, now + period));
            }
        }
    }
}
