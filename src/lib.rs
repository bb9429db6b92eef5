//! keyoutage
mod agenda;
pub mod chance;
pub mod engine;
pub mod names;
pub mod policy;
pub mod profile;
pub mod scenario;
pub mod states;
pub mod time;
pub mod timeline;
mod world;
pub mod yaml;
