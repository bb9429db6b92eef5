//! Which replica is the primary: the one that is replicated, rotated and deleted last.

use crate::agenda::Rank;
use crate::states::KeyState;
use crate::states::operations::Operation;
use crate::world::Ref;
use crate::world::calls::{Taken, refused};
use crate::world::kms::{Event, Keys};

impl Keys<'_> {
    /// The replica that is the primary of a key now.
    pub(super) fn primary(&self, key: usize) -> usize {
        self.primaries[key] as usize
    }

    /// Makes a replica the primary, at once; both are in `Updating` for a while (`domain.md` 1c). The primary itself is
    /// no replica: the API knows no other code for it than `UnsupportedOperationException`.
    pub(super) fn update_primary(&mut self, id: usize, told: Ref) -> Taken {
        let key = self.key_of(id);
        let old = self.primary(key);
        if !self.scenario.keys[key].multi_region {
            let what = format!("{} is not a multi-Region key.", self.arn(id));
            return refused("UnsupportedOperationException", what);
        }
        self.ask(Operation::UpdatePrimaryRegion, old)?;
        if old == id {
            let what = format!("{} is the primary key already.", self.arn(id));
            return refused("UnsupportedOperationException", what);
        }
        self.ask(Operation::UpdatePrimaryRegion, id)?;
        self.primaries[key] = id as u32;
        self.updating(id, told);
        // An update that would end at this very instant begins anew, the old primary's too.
        if self.replicas[old].state == KeyState::Updating {
            self.replicas[old].numbers[0] += 1;
        }
        // The old primary's entries must stand after the command, whatever its name: it follows by itself.
        let subject = self.replicas[old].subject;
        let event = Event::WasPrimary { cause: told };
        let now = self.now().time;
        self.agenda.plan(now, Rank::Visible, subject, event);
        Ok(())
    }

    /// A key that is no longer the primary is updated too.
    pub(super) fn was_primary(&mut self, id: usize, cause: Ref) {
        if matches!(
            self.replicas[id].state,
            KeyState::Enabled | KeyState::Updating
        ) {
            self.updating(id, cause);
        }
    }

    /// `Updating` begins, or begins anew, and ends by itself.
    fn updating(&mut self, id: usize, told: Ref) {
        if self.replicas[id].state == KeyState::Updating {
            self.replicas[id].numbers[0] += 1;
            self.replicas[id].began = Some(told);
        } else {
            self.set_state(id, KeyState::Updating, told);
        }
        self.plan_end(id, self.scenario.rules.key_updating, "key.updating");
    }
}
