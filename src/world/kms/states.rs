//! What the owner's calls do to the state of a replica, and what a state leads to by itself.

use crate::agenda::Rank;
use crate::names::Kind;
use crate::states::KeyState;
use crate::time::Span;
use crate::timeline::Fact;
use crate::world::Ref;
use crate::world::calls::{Call, refusal};
use crate::world::kms::{Event, Keys, Thing};

impl Keys<'_> {
    pub(super) fn switch(&mut self, id: usize, to: KeyState, told: Ref) -> Option<&'static str> {
        let state = self.replicas[id].state;
        let code = refusal(Call::EnableOrDisable, state);
        // AWS takes the call for an unavailable key, and nothing changes until its store is back.
        if code.is_none() && state != KeyState::Unavailable {
            self.set_state(id, to, told);
        }
        code
    }

    pub(super) fn schedule(&mut self, id: usize, window: Span, told: Ref) -> Option<&'static str> {
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

    pub(super) fn cancel(&mut self, id: usize, told: Ref) -> Option<&'static str> {
        let code = refusal(Call::CancelDeletion, self.replicas[id].state);
        if code.is_none() {
            self.set_state(id, KeyState::Disabled, told);
        }
        code
    }

    pub(super) fn replicate(&mut self, id: usize, policy: u32, told: Ref) -> Option<&'static str> {
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
    pub(super) fn ends(&mut self, id: usize, number: u32) {
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
