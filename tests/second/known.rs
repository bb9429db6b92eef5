//! Shapes in which the engine is known to differ from the documents. Generated scenarios leave them out until it is mended;
//! the list should be empty.

use keyoutage::profile::OnUnreachable;
use keyoutage::scenario::{Action, Scenario};

/// A shape: why it is left out, and whether a scenario has it.
type Shape = (&'static str, fn(&Scenario) -> bool);

const SHAPES: [Shape; 5] = [
    (
        "a throttling, however late, makes sites ask a second time at 0s, after its faults",
        |it| throttled(it) && at_start(it),
    ),
    (
        "an order for a collection that is not there, or deleted, is lost while its region is down",
        |it| comes_or_goes(it) && down(it),
    ),
    (
        "UpdatePrimaryRegion at the very end of another: the old primary is Enabled before the command",
        primary_twice,
    ),
    (
        "without a key and arrivals, what waits is committed when the source is back, not at the next commit",
        |it| keyless(it) && source_down_and_traffic(it),
    ),
    (
        "after a second unreachability `extend_until` does not end while the collection is paused",
        |it| matches!(it.rules.on_unreachable, OnUnreachable::ExtendUntil(_)) && silent_twice(it),
    ),
];

/// Why a scenario is left out, if it is.
pub fn reason(scenario: &Scenario) -> Option<&'static str> {
    let mut shapes = SHAPES.iter();
    shapes.find(|it| it.1(scenario)).map(|it| it.0)
}

fn has(scenario: &Scenario, what: fn(&Action) -> bool) -> bool {
    scenario.commands.iter().any(|it| what(&it.action))
}

fn throttled(scenario: &Scenario) -> bool {
    has(scenario, |it| matches!(it, Action::KmsThrottled(..)))
}

fn at_start(scenario: &Scenario) -> bool {
    scenario.commands.iter().any(|it| it.at.ms() == 0)
}

fn down(scenario: &Scenario) -> bool {
    has(scenario, |it| matches!(it, Action::RegionDown(_)))
        && has(scenario, |it| {
            matches!(
                it,
                Action::ContactSupport(_) | Action::RecreateCollection(_)
            )
        })
}

fn comes_or_goes(scenario: &Scenario) -> bool {
    has(scenario, |it| {
        matches!(
            it,
            Action::CreateCollection(..) | Action::DeleteCollection(..)
        )
    })
}

fn primary_twice(scenario: &Scenario) -> bool {
    let updates = scenario.commands.iter().filter_map(|it| match it.action {
        Action::UpdatePrimaryRegion(_) => Some(it.at.ms()),
        _ => None,
    });
    let updates: Vec<u64> = updates.collect();
    let ends = scenario.rules.key_updating;
    updates.windows(2).any(|it| {
        let apart = it[1] - it[0];
        (ends.low.ms()..=ends.high.ms()).contains(&apart)
    })
}

fn keyless(scenario: &Scenario) -> bool {
    scenario.orgs.iter().any(|it| it.key.is_none())
}

fn source_down_and_traffic(scenario: &Scenario) -> bool {
    has(scenario, |it| matches!(it, Action::SourceDown(_)))
        && has(scenario, |it| matches!(it, Action::SetTraffic(..)))
}

fn silent_twice(scenario: &Scenario) -> bool {
    let silent = scenario.commands.iter();
    let silent = silent.filter(|it| matches!(it.action, Action::KmsUnreachable(..)));
    silent.count() > 1
}
