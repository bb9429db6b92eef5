//! Which replica is the primary.

use crate::world::Ref;
use crate::world::kms::Keys;

impl Keys<'_> {
    pub(super) fn update_primary(&mut self, _: usize, _: Ref) -> Option<&'static str> {
        Some("UnsupportedOperationException")
    }
}
