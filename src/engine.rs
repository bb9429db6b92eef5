//! One run: a scenario and a seed give a timeline. Pure, no I/O, cannot fail.

use crate::chance::Seed;
use crate::scenario::Scenario;
use crate::timeline::Timeline;

/// Replays a scenario. Same scenario, same seed: the same timeline, to the byte, on any number of blocks.
pub fn run(scenario: &Scenario, seed: Seed) -> Timeline {
    let _ = (scenario, seed);
    todo!()
}
