//! The owner's commands and their planned opposites: whom each is about, who carries it out, and what it is told.

use crate::agenda::Rank;
use crate::names::{Kind, Subject};
use crate::scenario::Action;
use crate::states::KeyState;
use crate::time::Span;
use crate::timeline::{By, Fact};
use crate::world::Ref;
use crate::world::kms::faults::Trouble;
use crate::world::kms::{Event, Keys};

impl Keys<'_> {
    /// Whom a command of the keys' half is about; `None` for those of the service's half.
    pub(super) fn subject_of(&self, action: &Action) -> Option<Subject> {
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

    pub(super) fn command(&mut self, number: u32, subject: Subject) {
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
    pub(super) fn opposite(&mut self, of: u32, began: Ref, before: u32, subject: Subject) {
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
}
