#![doc = include_str!("ARCHITECTURE.md")]

// Floor 0, the ground. These know nothing of each other.
pub mod names; // who there is, by number
pub mod parallel; // the only threads
pub mod policy; // may this caller do this with this key?
pub mod states; // every state word and its legal moves
pub mod text; // free text made safe to show
pub mod time; // integer time, and exact rates
pub mod yaml; // YAML with places

// Floor 1.
mod agenda; // the future: what is to come, in the one declared order
pub mod chance; // every die, by seed and label

// Floor 2.
pub mod profile; // how a service behaves, as data

// Floor 3.
pub mod scenario; // what is asked

// Floor 4.
pub mod timeline; // the past: what happened, and why

// Floor 5.
pub mod expect; // judging what should hold
mod world; // the present: the keys, and the service that lives along their tape

// Floor 6.
pub mod engine; // one run: a scenario and a seed give a timeline
pub mod preflight; // what would bite, found before it does

// Floor 7.
pub mod chart; // telling a run in pictures
pub mod report; // telling a run in words

// Floor 8.
pub mod coverage; // what a suite of scenarios exercises, asserts and notices
pub mod diff; // two runs, compared in the words of the model
pub mod testing; // regression tests in Rust

// Floor 9.
pub mod cli; // the command line: reads files, prints, chooses exit codes

// What nearly every user of the library names.
pub use engine::run;
pub use scenario::Scenario;
pub use timeline::Timeline;

// The Rust of README is compiled and run with the other examples.
#[cfg(doctest)]
#[allow(
    rustdoc::invalid_codeblock_attributes,
    reason = "console blocks say how they end"
)]
#[doc = include_str!("../README.md")]
struct Readme;
