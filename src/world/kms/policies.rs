//! What the owner's calls do to the policy of a replica.

use crate::agenda::Rank;
use crate::policy::Policy;
use crate::states::KeyState;
use crate::states::operations::Operation;
use crate::world::Ref;
use crate::world::calls::Taken;
use crate::world::kms::{Event, Keys, Thing};

impl Keys<'_> {
    pub(super) fn put(&mut self, id: usize, policy: u32, told: Ref) -> Taken {
        self.ask(Operation::PutKeyPolicy, id)?;
        self.set_policy(id, policy, told);
        Ok(())
    }

    pub(super) fn edit(
        &mut self,
        id: usize,
        told: Ref,
        edit: impl Fn(&Policy, &str) -> Option<Policy>,
    ) -> Taken {
        self.ask(Operation::PutKeyPolicy, id)?;
        let before = self.shelf.policy(self.replicas[id].policy);
        if let Some(edited) = edit(before, &self.scenario.rules.service_account) {
            let policy = self.shelf.number(edited);
            self.set_policy(id, policy, told);
        }
        Ok(())
    }

    /// A policy is judged against the one commanded just before; a new replica had none.
    pub(super) fn set_policy(&mut self, id: usize, policy: u32, told: Ref) {
        let it = &mut self.replicas[id];
        let old = it.policy;
        let (new_policy, old_policy) = (self.shelf.policy(policy), self.shelf.policy(old));
        let same = new_policy.meaning() == old_policy.meaning();
        let made_now = it.state == KeyState::Creating && it.began == Some(told);
        let now = self.agenda.now().time;
        let less = !made_now
            && self
                .judge
                .permits_less((policy, new_policy), (old, old_policy), id as u32, now);
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
}
