//! How a replica's state and policy change, when that is visible, and what comes by itself.

use std::rc::Rc;

use keyoutage::names::Kind;
use keyoutage::states::KeyState;

use super::World;
use crate::model::NEVER;
use crate::model::policy::{Answer, Call, Document, OPERATIONS};
use crate::model::sight::{Change, taken};
use crate::model::told::Told;

impl World<'_> {
    /// How long a command on a replica is not yet visible.
    pub(super) fn delay(&self, id: u32, loses: bool) -> u64 {
        let rules = &self.ground.scenario.rules;
        let (range, label) = match loses {
            true => (rules.visibility_lose, "visibility.lose"),
            false => (rules.visibility_regain, "visibility.regain"),
        };
        let name = &self.replicas[id as usize].name;
        self.ground.chance.span(range, label, name).ms()
    }

    /// A command changes a state.
    pub(super) fn order(&mut self, now: u64, id: u32, to: KeyState, told: &mut Told) {
        let usable = |it| matches!(it, KeyState::Enabled | KeyState::Updating);
        let from = self.replicas[id as usize].state;
        let visible = now + self.delay(id, usable(from) && !usable(to));
        self.become_(now, id, to, (visible, false), told);
    }

    pub(super) fn become_(
        &mut self,
        now: u64,
        id: u32,
        to: KeyState,
        (visible, by_itself): (u64, bool),
        told: &mut Told,
    ) {
        let it = &mut self.replicas[id as usize];
        it.ends.0 = NEVER;
        if it.state == to {
            return;
        }
        it.ends.1 = visible;
        told.say(now, &it.name, "state", to.word());
        it.state = to;
        let at_once = by_itself;
        it.states.push(Change {
            visible,
            to,
            at_once,
        });
    }

    pub(super) fn put(&mut self, now: u64, id: u32, policy: Rc<Document>) {
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
    pub(super) fn allows(&self, now: u64, id: u32, policy: &Document) -> Vec<bool> {
        let scenario = self.ground.scenario;
        let it = &self.replicas[id as usize];
        let call = |operation| Call {
            operation,
            rules: &scenario.rules,
            key: &scenario.keys[it.key as usize],
            region: scenario.names.region(it.region),
            now_ms: scenario.start.map(|it| it.ms() + now as i64),
        };
        let allowed = |operation| taken(&scenario.rules, policy.answer(&call(operation)));
        OPERATIONS
            .iter()
            .map(|it| allowed(it) == Answer::Allowed)
            .collect()
    }

    pub(super) fn others_live(&self, id: u32) -> bool {
        let key = self.replicas[id as usize].key;
        self.replicas.iter().enumerate().any(|(other, it)| {
            it.key == key
                && other != id as usize
                && !matches!(it.state, KeyState::Absent | KeyState::Deleted)
        })
    }

    pub(super) fn lose_material(
        &mut self,
        now: u64,
        id: u32,
        visible: (u64, bool),
        told: &mut Told,
    ) {
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
    pub(super) fn by_itself(&mut self, now: u64, told: &mut Told) {
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
    pub(super) fn deleted(&mut self, now: u64, id: u32, told: &mut Told) {
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

    pub(super) fn rotate(&mut self, now: u64, told: &mut Told) {
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
