//! keyoutage
pub mod policy;
