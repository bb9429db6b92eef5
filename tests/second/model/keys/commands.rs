//! What each command of the owner's does, and what would take it back; or who is refused what.

use std::rc::Rc;

use keyoutage::names::Kind;
use keyoutage::scenario::Action;
use keyoutage::scenario::verbs::Verb;
use keyoutage::states::KeyState;
use keyoutage::time::Time;

use super::{Order, Refused, World, subject};
use crate::model::NEVER;
use crate::model::operations::{Row, refusal};
use crate::model::sight::Change;
use crate::model::told::Told;

impl World<'_> {
    /// Says who is ordered what, by whom.
    pub(super) fn say_command(&self, now: u64, planned: bool, order: &Order, told: &mut Told) {
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
    pub(super) fn carry_out(
        &mut self,
        now: u64,
        order: &Order,
        told: &mut Told,
    ) -> Result<Option<Order>, Refused> {
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

    pub(super) fn may(&self, row: Row, id: u32, verb: &'static str) -> Result<(), Refused> {
        let it = &self.replicas[id as usize];
        let key = &self.ground.scenario.keys[it.key as usize];
        match refusal(row, it.state, key) {
            Some(code) => Err((it.name.clone(), verb, code)),
            None => Ok(()),
        }
    }

    /// Rotation is the key's: the primary is asked, and the key refuses.
    pub(super) fn may_rotate(&self, key: u32, verb: &'static str) -> Result<(), Refused> {
        let refused = self.may(Row::Rotation, self.keys[key as usize].primary, verb);
        refused.map_err(|(_, verb, code)| (self.ground.name(Kind::Key, key), verb, code))
    }

    pub(super) fn schedule(&mut self, now: u64, id: u32, window: u64, told: &mut Told) {
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

    pub(super) fn replicate(
        &mut self,
        now: u64,
        id: u32,
        policy: u32,
        verb: &'static str,
        told: &mut Told,
    ) -> Result<(), Refused> {
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

    pub(super) fn move_primary(
        &mut self,
        now: u64,
        id: u32,
        verb: &'static str,
        told: &mut Told,
    ) -> Result<(), Refused> {
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
}
