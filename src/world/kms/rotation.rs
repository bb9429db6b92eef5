//! Rotation, which changes nothing for anybody (R10).

use crate::agenda::Rank;
use crate::names::{Kind, Subject};
use crate::profile::Rule;
use crate::states::KeyState;
use crate::time::Span;
use crate::timeline::Fact;
use crate::world::Ref;
use crate::world::calls::{Call, refusal};
use crate::world::kms::{Event, Keys};

/// How many rotations on demand a key takes (KMS API reference, `RotateKeyOnDemand`).
const ON_DEMAND_LIMIT: u32 = 25;

impl Keys<'_> {
    pub(super) fn rotation(
        &mut self,
        key: usize,
        period: Option<Span>,
        told: Ref,
    ) -> Option<&'static str> {
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

    pub(super) fn rotation_refusal(&self, key: usize) -> Option<&'static str> {
        let it = &self.scenario.keys[key];
        if it.origin != "AWS_KMS" {
            return Some("UnsupportedOperationException");
        }
        refusal(Call::Rotation, self.replicas[self.primary(key)].state)
    }

    pub(super) fn primary(&self, key: usize) -> usize {
        let region = self.scenario.keys[key].primary;
        let id = self.scenario.names.find_replica(key as u32, region);
        id.expect("a key's ARN names its primary") as usize
    }

    pub(super) fn plan_rotation(&mut self, key: usize, number: u32) {
        if let Some(period) = self.rotations[key].period {
            let subject = Subject::new(Kind::Key, key as u32);
            let time = self.now().time + period;
            self.agenda
                .plan(time, Rank::Visible, subject, Event::RotationDue { number });
        }
    }

    /// Disabled keys do not rotate; an overdue one rotates at once when it is enabled (R10, `domain.md` 1d).
    pub(super) fn rotation_due(&mut self, key: usize, number: u32) {
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
    pub(super) fn rotate_overdue(&mut self, id: usize, told: Ref) {
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

    pub(super) fn rotate_on_demand(&mut self, key: usize, told: Ref) -> Option<&'static str> {
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
    pub(super) fn rotated(&mut self, key: usize, cause: Option<Ref>) {
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
}
