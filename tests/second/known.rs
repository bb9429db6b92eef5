//! Shapes in which the engine is known to differ from the documents. Generated scenarios leave them out until it is mended;
//! the list should be empty.

use keyoutage::profile::OnUnreachable;
use keyoutage::scenario::{Action, Scenario};

/// A shape: why it is left out, whether a scenario has it, and one that shows the difference.
type Shape = (&'static str, fn(&Scenario) -> bool, &'static str);

const SHAPES: [Shape; 5] = [
    (
        "a throttling, however late, makes sites ask a second time at 0s, after its faults",
        |it| throttled(it) && at_start(it),
        r#"name: x
profile: rockset
until: 4h
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: k0, regions: [us-west-2], collections: { us-west-2/c: { source: write-api, queries: 7/h, arrivals: 10 B/s } } } }
events:
  - { at: 0s, do: ServiceIamDenies, actions: ["kms:GenerateDataKey"], region: us-west-2, for: 1h }
  - { at: 2h, do: KmsThrottled, region: us-west-2, share: 30%, for: 2m }
"#,
    ),
    (
        "an order for a collection that is not there, or deleted, is lost while its region is down",
        |it| comes_or_goes(it) && down(it),
        r#"name: x
profile: rockset
until: 4h
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: none, regions: [us-west-2], collections: { us-west-2/c: { source: s3, queries: 0, arrivals: 0 } } } }
events:
  - { at: 1h, do: RegionDown, region: us-west-2, for: 1h }
  - { at: 90m, do: RecreateCollection, collections: "*/*/*" }
  - { at: 3h, do: CreateCollection, org: o0, name: us-west-2/new, source: s3, queries: 0, arrivals: 0 }
"#,
    ),
    (
        "UpdatePrimaryRegion at the very end of another: the old primary is Enabled before the command",
        primary_twice,
        r#"name: x
profile: rockset
until: 4h
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: k0, regions: [us-west-2], collections: { us-west-2/c: { source: s3, queries: 0, arrivals: 0 } } } }
events:
  - { at: 100m, do: UpdatePrimaryRegion, key: k0, region: us-east-1 }
  - { at: 100m5s, do: UpdatePrimaryRegion, key: k0, region: us-west-2 }
"#,
    ),
    (
        "without a key and arrivals, what waits is committed at once, not at the next commit",
        |it| keyless(it) && down_and_traffic(it),
        r#"name: x
profile: rockset
until: 4h
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: none, regions: [us-west-2], collections: { us-west-2/c: { source: s3, queries: 20/s, arrivals: 7 MiB/m } } } }
events:
  - { at: 10m, do: SourceDown, collections: "*/*/*", for: 20m }
  - { at: 15m, do: SetTraffic, collections: "*/*/*", arrivals: 0 }
"#,
    ),
    (
        "after a second unreachability `extend_until` does not end while the collection is paused",
        |it| matches!(it.rules.on_unreachable, OnUnreachable::ExtendUntil(_)) && silent_twice(it),
        r#"name: x
profile: rockset
until: 4h
set: { on_unreachable: { extend_until: 1h }, pause.after: 7m }
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: k0, regions: [us-west-2], collections: { us-west-2/c: { source: write-api, queries: 7/h, arrivals: 3 B/m } } } }
events:
  - { at: 16m, do: KmsUnreachable, region: us-west-2, for: 4m }
  - { at: 45m, do: KmsUnreachable, region: us-west-2 }
"#,
    ),
];

/// Why a scenario is left out, if it is.
pub fn reason(scenario: &Scenario) -> Option<&'static str> {
    let mut shapes = SHAPES.iter();
    shapes.find(|it| it.1(scenario)).map(|it| it.0)
}

/// Each shape's reason, with the scenario that shows it.
pub fn shown() -> impl Iterator<Item = (&'static str, &'static str)> {
    SHAPES.iter().map(|it| (it.0, it.2))
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

fn down_and_traffic(scenario: &Scenario) -> bool {
    has(scenario, |it| {
        matches!(it, Action::SourceDown(_) | Action::RegionDown(_))
    }) && has(scenario, |it| matches!(it, Action::SetTraffic(..)))
}

fn silent_twice(scenario: &Scenario) -> bool {
    let silent = scenario.commands.iter();
    let silent = silent.filter(|it| matches!(it.action, Action::KmsUnreachable(..)));
    silent.count() > 1
}
