//! The laws of the house, as properties over generated scenarios (DESIGN 7, MODEL 12).

mod case;
mod laws;
mod mutants;
mod reached;
mod throttled;
mod told;
