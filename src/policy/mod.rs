//! May this caller do this with this key?

/// A key policy.
#[derive(Clone, Debug)]
pub struct Policy;
