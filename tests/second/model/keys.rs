//! The owner's commands, in order: what each replica's commanded state and policy become, and what AWS refuses.

mod commands;
mod states;

use std::rc::Rc;

use keyoutage::names::Kind;
use keyoutage::scenario::Action;
use keyoutage::states::KeyState;

use super::policy::Document;
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

/// Who was refused what, with which code.
type Refused = (String, &'static str, &'static str);

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
}
