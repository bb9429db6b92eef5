//! keyoutage
mod agenda;
pub mod chance;
pub mod chart;
pub mod cli;
pub mod engine;
pub mod expect;
pub mod names;
pub mod parallel;
pub mod policy;
pub mod profile;
pub mod report;
pub mod scenario;
pub mod states;
pub mod text;
pub mod time;
pub mod timeline;
mod world;
pub mod yaml;
