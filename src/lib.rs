//! keyoutage
pub mod chance;
pub mod names;
pub mod policy;
pub mod profile;
pub mod scenario;
pub mod states;
pub mod time;
pub mod yaml;
