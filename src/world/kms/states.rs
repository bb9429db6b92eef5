//! What the owner's calls do to the state of a replica, and what a state leads to by itself.

use crate::agenda::Rank;
use crate::chance::Range;
use crate::names::Kind;
use crate::profile::Clause;
use crate::states::KeyState;
use crate::states::operations::Operation;
use crate::time::{Span, Time};
use crate::timeline::Fact;
use crate::world::Ref;
use crate::world::calls::{Taken, refused};
use crate::world::kms::{Event, Keys, Thing};

impl Keys<'_> {
    pub(super) fn switch(&mut self, id: usize, to: KeyState, told: Ref) -> Taken {
        let operation = if to == KeyState::Enabled {
            Operation::EnableKey
        } else {
            Operation::DisableKey
        };
        self.ask(operation, id)?;
        // AWS takes the call for an unavailable key, and nothing changes until its store is back.
        if self.replicas[id].state != KeyState::Unavailable {
            self.set_state(id, to, told);
        }
        Ok(())
    }

    pub(super) fn schedule(&mut self, id: usize, window: Span, told: Ref) -> Taken {
        self.ask(Operation::ScheduleKeyDeletion, id)?;
        let key = self.key_of(id);
        let primary = self.primary(key) == id;
        let last = primary && self.scenario.rules.has(Clause::PrimaryWaits);
        let waits = last && self.living(key as u32).any(|other| other != id);
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
        Ok(())
    }

    /// The deletion comes after the window and, as AWS says, up to a day later.
    pub(super) fn plan_deletion(&mut self, id: usize) {
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

    /// The key stays disabled; one that lost its material meanwhile waits for it.
    pub(super) fn cancel(&mut self, id: usize, told: Ref) -> Taken {
        self.ask(Operation::CancelKeyDeletion, id)?;
        let to = match self.replicas[id].material.there {
            false => KeyState::PendingImport,
            true if self.scenario.rules.has(Clause::CancelDisables) => KeyState::Disabled,
            true => KeyState::Enabled,
        };
        self.set_state(id, to, told);
        Ok(())
    }

    pub(super) fn replicate(&mut self, id: usize, policy: u32, told: Ref) -> Taken {
        let key = self.key_of(id);
        let primary = self.primary(key);
        if !self.scenario.keys[key].multi_region {
            let what = format!("{} is not a multi-Region primary key.", self.arn(primary));
            return refused("UnsupportedOperationException", what);
        }
        self.ask(Operation::ReplicateKey, primary)?;
        match self.replicas[id].state {
            KeyState::Absent | KeyState::Deleted => {}
            KeyState::Creating
            | KeyState::Enabled
            | KeyState::Disabled
            | KeyState::PendingDeletion
            | KeyState::PendingReplicaDeletion
            | KeyState::PendingImport
            | KeyState::Updating
            | KeyState::Unavailable => {
                let what = format!("Key '{}' already exists", self.arn(id));
                return refused("AlreadyExistsException", what);
            }
        }
        let policy = match self.scenario.rules.has(Clause::NewPolicy) {
            true => policy,
            false => self.replicas[primary].policy,
        };
        self.set_state(id, KeyState::Creating, told);
        self.set_policy(id, policy, told);
        self.material_of_new(id);
        self.plan_end(id, self.scenario.rules.key_creating, "key.creating");
        Ok(())
    }

    /// Plans the end of a state that ends by itself, drawn for each replica.
    pub(super) fn plan_end(&mut self, id: usize, range: Range<Span>, label: &str) {
        let it = &self.replicas[id];
        let name = self.scenario.names.text(it.subject);
        let time = self.now().time + self.chance.span(range, label, &name);
        let number = it.numbers[0];
        let event = Event::Ends { number };
        self.agenda.plan(time, Rank::Visible, it.subject, event);
    }

    /// What a state leads to by itself.
    pub(super) fn ends(&mut self, id: usize, number: u32) {
        if self.replicas[id].numbers[0] != number {
            return;
        }
        match self.replicas[id].state {
            KeyState::Creating if self.replicas[id].material.there => {
                self.comes(id, KeyState::Enabled);
            }
            KeyState::Creating => self.comes(id, KeyState::PendingImport),
            KeyState::Updating => self.comes(id, KeyState::Enabled),
            KeyState::PendingDeletion => {
                self.comes(id, KeyState::Deleted);
                self.replica_gone(id);
            }
            KeyState::Absent
            | KeyState::Enabled
            | KeyState::Disabled
            | KeyState::PendingReplicaDeletion
            | KeyState::PendingImport
            | KeyState::Unavailable
            | KeyState::Deleted => {}
        }
    }

    pub(super) fn replica_gone(&mut self, id: usize) {
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
    pub(super) fn living(&self, key: u32) -> impl Iterator<Item = usize> + '_ {
        let all = self.scenario.names.replicas_of(key);
        (all.start as usize..all.end as usize).filter(|id| {
            let state = self.replicas[*id].state;
            !matches!(state, KeyState::Absent | KeyState::Deleted)
        })
    }

    pub(super) fn set_state(&mut self, id: usize, to: KeyState, told: Ref) {
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

    /// What comes by itself is visible at once, but not before the command that began it.
    pub(super) fn comes(&mut self, id: usize, to: KeyState) {
        let it = &self.replicas[id];
        self.comes_after(id, to, it.began, it.begun_visible);
    }

    /// The same, where it was another command that began it, and when that one is visible.
    pub(super) fn comes_after(
        &mut self,
        id: usize,
        to: KeyState,
        began: Option<Ref>,
        visible: Time,
    ) {
        let it = &mut self.replicas[id];
        let from = std::mem::replace(&mut it.state, to);
        it.numbers[0] += 1;
        let (subject, number) = (it.subject, it.numbers[0]);
        let entry = self.record(subject, Fact::State { from, to }, began, &[]);
        if visible > self.now().time {
            let event = Event::Comes { to, number, entry };
            self.agenda.plan(visible, Rank::Visible, subject, event);
        } else {
            self.is_seen(id, to, number, entry);
        }
    }

    pub(super) fn is_seen(&mut self, id: usize, to: KeyState, number: u32, entry: Ref) {
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
}
