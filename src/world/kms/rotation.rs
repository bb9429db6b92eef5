//! Rotation, which changes nothing for anybody (R10).

use crate::agenda::Rank;
use crate::names::{Kind, Subject};
use crate::profile::Clause;
use crate::states::operations::Operation;
use crate::time::{Span, Time};
use crate::timeline::Fact;
use crate::world::Ref;
use crate::world::calls::{Taken, refused};
use crate::world::kms::{Event, Keys};

/// How many rotations on demand a key takes (KMS API reference, `RotateKeyOnDemand`).
const ON_DEMAND_LIMIT: u32 = 25;
/// How long before an automatic rotation none on demand is taken (the same, `ConflictException`).
const BEFORE_AUTOMATIC: Span = Span::from_ms(20 * 60_000);

/// The rotation of a key: a property that all its replicas share, set through the primary.
#[derive(Clone, Debug, Default)]
pub(super) struct Rotation {
    period: Option<Span>,
    number: u32,
    /// When it rotates next by itself, if it does.
    due: Option<Time>,
    overdue: bool,
    on_demand: u32,
    began: Option<Ref>,
}

impl Keys<'_> {
    pub(super) fn rotation(&mut self, key: usize, period: Option<Span>, told: Ref) -> Taken {
        self.ask_rotation(
            match period {
                Some(_) => Operation::EnableKeyRotation,
                None => Operation::DisableKeyRotation,
            },
            key,
        )?;
        let it = &mut self.rotations[key];
        it.period = period;
        it.number += 1;
        it.overdue = false;
        it.began = Some(told);
        let number = it.number;
        self.plan_rotation(key, number);
        Ok(())
    }

    /// Only symmetric keys rotate, and only where AWS made the material; the call is about the primary.
    fn ask_rotation(&self, operation: Operation, key: usize) -> Taken {
        let primary = self.primary(key);
        self.ask(operation, primary)?;
        match self.scenario.keys[key].spec.as_str() {
            "SYMMETRIC_DEFAULT" => Ok(()),
            spec => {
                let arn = self.arn(primary);
                let what =
                    format!("{arn} key spec is {spec} which is not valid for this operation.");
                refused("UnsupportedOperationException", what)
            }
        }
    }

    fn plan_rotation(&mut self, key: usize, number: u32) {
        let due = self.rotations[key].period.map(|it| self.now().time + it);
        self.rotations[key].due = due;
        if let Some(due) = due {
            let subject = Subject::new(Kind::Key, key as u32);
            let event = Event::RotationDue { number };
            self.agenda.plan(due, Rank::Visible, subject, event);
        }
    }

    /// Disabled keys do not rotate; an overdue one rotates at once when it is enabled (R10, `domain.md` 1d).
    pub(super) fn rotation_due(&mut self, key: usize, number: u32) {
        if self.rotations[key].number != number {
            return;
        }
        if self.replicas[self.primary(key)].state.refuses().is_none() {
            let began = self.rotations[key].began;
            self.rotated(key, began);
            self.plan_rotation(key, number);
        } else {
            self.rotations[key].overdue = true;
        }
    }

    /// At once, and by itself: after the command that made it possible.
    pub(super) fn rotate_overdue(&mut self, id: usize, told: Ref) {
        let key = self.key_of(id);
        if self.primary(key) == id && std::mem::take(&mut self.rotations[key].overdue) {
            let number = self.rotations[key].number;
            self.rotations[key].began = Some(told);
            let subject = Subject::new(Kind::Key, key as u32);
            let event = Event::RotationDue { number };
            self.agenda
                .plan(self.now().time, Rank::Visible, subject, event);
        }
    }

    pub(super) fn rotate_on_demand(&mut self, key: usize, told: Ref) -> Taken {
        self.ask_rotation(Operation::RotateKeyOnDemand, key)?;
        let arn = || self.arn(self.primary(key));
        let it = &self.rotations[key];
        if it.on_demand == ON_DEMAND_LIMIT {
            let what = format!(
                "{} has had its {ON_DEMAND_LIMIT} rotations on demand.",
                arn()
            );
            return refused("LimitExceededException", what);
        }
        let soon = self.now().time + BEFORE_AUTOMATIC;
        if it.due.is_some_and(|due| due <= soon) {
            let what = format!(
                "An automatic rotation of {} is scheduled to begin within 20 minutes.",
                arn()
            );
            return refused("ConflictException", what);
        }
        self.rotations[key].on_demand += 1;
        self.rotated(key, Some(told));
        Ok(())
    }

    /// R10: new material changes nothing for anybody.
    pub(super) fn rotated(&mut self, key: usize, cause: Option<Ref>) {
        let subject = Subject::new(Kind::Key, key as u32);
        let rotated = self.record(subject, Fact::Rotated, cause, &[]);
        if !self.scenario.rules.has(Clause::RotationHarmless) {
            for id in self.living(key as u32).collect::<Vec<_>>() {
                self.replicas[id].view.broken = true;
                self.replicas[id].changed.push(rotated);
                self.touch(id);
            }
        }
    }
}
