//! Imported key material: brought, expired, deleted.

use crate::time::Time;
use crate::world::Ref;
use crate::world::kms::Keys;

impl Keys<'_> {
    pub(super) fn import(&mut self, _: usize, _: Option<Time>, _: Ref) -> Option<&'static str> {
        Some("UnsupportedOperationException")
    }

    pub(super) fn delete_material(&mut self, _: usize, _: Ref) -> Option<&'static str> {
        Some("UnsupportedOperationException")
    }
}
