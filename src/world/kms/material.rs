//! Imported key material: brought, expired, deleted, and brought again. Each replica has its own.

use crate::agenda::Rank;
use crate::states::KeyState;
use crate::states::operations::Operation;
use crate::time::Time;
use crate::world::Ref;
use crate::world::calls::{Taken, ask};
use crate::world::kms::{Event, Keys};

/// The origin of keys whose material is imported.
const EXTERNAL: &str = "EXTERNAL";

/// The key material of a replica.
#[derive(Copy, Clone, Debug)]
pub(super) struct Material {
    /// Whether it is there.
    pub(super) there: bool,
    /// How often it has come and gone: an expiry of an earlier import is none.
    number: u32,
    /// The command that brought it, and when that is visible.
    brought: Option<(Ref, Time)>,
}

impl Material {
    /// What a replica has at T+0: only one that is `PendingImport`, or not there, lacks it.
    pub(super) fn at_start(state: KeyState) -> Material {
        Material {
            there: !matches!(
                state,
                KeyState::PendingImport | KeyState::Absent | KeyState::Deleted
            ),
            number: 0,
            brought: None,
        }
    }

    fn goes(&mut self) {
        self.there = false;
        self.number += 1;
        self.brought = None;
    }
}

impl Keys<'_> {
    /// The same material again makes the key usable again; over material that is there, only its expiry changes.
    pub(super) fn import(&mut self, id: usize, expires: Option<Time>, told: Ref) -> Taken {
        self.ask(Operation::ImportKeyMaterial, id)?;
        self.ask_origin(id)?;
        let waits = self.replicas[id].state == KeyState::PendingImport;
        if waits {
            self.set_state(id, KeyState::Enabled, told);
        }
        let now = self.now().time;
        let it = &mut self.replicas[id];
        let visible = if waits {
            it.begun_visible
        } else {
            now + it.regain
        };
        it.material.there = true;
        it.material.number += 1;
        it.material.brought = Some((told, visible));
        if let Some(expires) = expires {
            let number = it.material.number;
            let event = Event::Expires { number };
            self.agenda.plan(expires, Rank::Visible, it.subject, event);
        }
        Ok(())
    }

    /// A key that waits for its deletion loses its material too, and stays in its state (API reference,
    /// `DeleteImportedKeyMaterial`).
    pub(super) fn delete_material(&mut self, id: usize, told: Ref) -> Taken {
        self.ask(Operation::DeleteImportedKeyMaterial, id)?;
        if self.replicas[id].material.there {
            self.replicas[id].material.goes();
            if can_wait_for_import(self.replicas[id].state) {
                self.set_state(id, KeyState::PendingImport, told);
            }
        }
        Ok(())
    }

    /// Material expires by itself, unless it was brought again or is gone.
    pub(super) fn expires(&mut self, id: usize, number: u32) {
        let it = &mut self.replicas[id];
        if it.material.number != number {
            return;
        }
        let brought = it.material.brought;
        it.material.goes();
        if can_wait_for_import(it.state) {
            let (told, visible) = brought.expect("only what was imported expires");
            self.comes_after(id, KeyState::PendingImport, Some(told), visible);
        }
    }

    /// A replica is made without material where that is imported, and with it where it is AWS's.
    pub(super) fn material_of_new(&mut self, id: usize) {
        let imported = self.imported(id);
        let it = &mut self.replicas[id].material;
        it.goes();
        it.there = !imported;
    }

    /// AWS's table leaves the origin out where a state is passed through (`Updating`); a key whose material is AWS's takes
    /// none in any state.
    fn ask_origin(&self, id: usize) -> Taken {
        if self.imported(id) {
            return Ok(());
        }
        let (key, region) = self.scenario.names.replica(id as u32);
        let region = self.scenario.names.region(region);
        let key = &self.scenario.keys[key as usize];
        ask(Operation::ImportKeyMaterial, KeyState::Enabled, key, region)
    }

    fn imported(&self, id: usize) -> bool {
        self.scenario.keys[self.key_of(id)].origin == EXTERNAL
    }
}

/// Whether a key in that state is in `PendingImport` as soon as its material is gone.
const fn can_wait_for_import(state: KeyState) -> bool {
    match state {
        KeyState::Enabled | KeyState::Disabled | KeyState::Updating => true,
        KeyState::Absent
        | KeyState::Creating
        | KeyState::PendingDeletion
        | KeyState::PendingReplicaDeletion
        | KeyState::PendingImport
        | KeyState::Unavailable
        | KeyState::Deleted => false,
    }
}
