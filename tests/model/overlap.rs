//! DESIGN 2 and MODEL 1, 2, 8 where two things meet.

use crate::replay;
use crate::{DISABLE, ORDERS, REPLICA, SITE, World, world};
use keyoutage::expect::{Judgement, judge};

const SOURCE: &str = "do: SourceDown, collections: acme/us-west-2/orders";
const RECREATE: &str = "do: RecreateCollection, collections: acme/us-west-2/orders";
const CONTACT: &str = "do: ContactSupport, collections: acme/us-west-2/orders";
const PLAIN: &str = "  plain:\n    key: none\n    regions: [us-west-2]\n    collections:\n      us-west-2/it: { source: kafka, queries: 1/s, arrivals: 1 MiB/s }\n";

fn paused() -> World {
    world()
        .set("pause.after: 1h, pause.pausing: 10m, pause.resuming: 15m, support.delay: 8h")
        .event(DISABLE)
}

#[test]
fn a_source_is_down_while_any_command_of_it_holds() {
    let run = world()
        .event(&format!("at: 1h, {SOURCE}, for: 2h"))
        .event(&format!("at: 2h, {SOURCE}, for: 2h"))
        .run();
    run.only(ORDERS, "ingest halted", &["1h"]);
    run.only(ORDERS, "ingest catching_up", &["4h"]);
}

#[test]
fn a_kms_is_silent_for_a_key_while_either_fault_holds() {
    let run = world()
        .event("at: 1h, do: KmsUnreachable, region: us-west-2, key: main, for: 2h")
        .event("at: 2h, do: KmsUnreachable, region: us-west-2, for: 2h")
        .run();
    run.only(SITE, "access refused", &["1h"]);
    run.only(SITE, "access granted", &["4h"]);
}

#[test]
fn a_source_that_is_down_goes_on_halting_after_its_region_is_back() {
    let run = world()
        .event("at: 1h, do: RegionDown, region: us-west-2, for: 2h")
        .event(&format!("at: 2h, {SOURCE}, for: 3h"))
        .run();
    run.only(ORDERS, "ingest halted", &["1h"]);
    run.only(ORDERS, "ingest catching_up", &["5h"]);
    run.only(ORDERS, "queries all", &["3h"]);
}

#[test]
fn a_site_starts_at_the_first_probe_after_its_region_is_back() {
    let run = world()
        .event("at: 1h, do: RegionDown, region: us-east-1, for: 1h")
        .event("at: 90m10s, do: AddRegion, org: acme, region: us-east-1")
        .run();
    run.only("acme/us-east-1", "site cannot_operate", &["90m10s"]);
    run.only("acme/us-east-1", "site operating", &["2h10s"]);
}

#[test]
fn a_collection_made_while_its_region_is_down_waits_for_a_call() {
    let create = "do: CreateCollection, org: acme, name: us-west-2/new, source: kafka, queries: 1/s, arrivals: 1 MiB/s";
    let run = world()
        .event("at: 1h, do: RegionDown, region: us-west-2, for: 1h")
        .event(&format!("at: 90m, {create}"))
        .run();
    // 2h is an instant of the probe, and its calls begin anew then.
    run.only("acme/us-west-2/new", "status READY", &["2h"]);
}

#[test]
fn an_opposite_past_the_end_is_dropped() {
    let run = world()
        .until("3h")
        .event(&format!("{DISABLE}, for: 2h"))
        .run();
    run.never(REPLICA, "command EnableKey");
    let run = world()
        .until("3h1ms")
        .event(&format!("{DISABLE}, for: 2h"))
        .run();
    run.only(REPLICA, "command EnableKey", &["3h"]);
}

#[test]
fn a_repetition_counts_the_first() {
    let run = world()
        .event(&format!(
            "{DISABLE}, for: 5m, repeat: {{ every: 10m, times: 3 }}"
        ))
        .run();
    run.only(REPLICA, "state Disabled", &["1h", "1h10m", "1h20m"]);
    run.only(REPLICA, "state Enabled", &["1h5m", "1h15m", "1h25m"]);
}

#[test]
fn a_second_contact_starts_no_second_delay() {
    let run = paused()
        .event("at: 3h, do: EnableKey, key: main, region: us-west-2")
        .event(&format!("at: 4h, {CONTACT}"))
        .event(&format!("at: 5h, {CONTACT}"))
        .run();
    run.only(ORDERS, "support working", &["4h"]);
    run.only(ORDERS, "status RESUMING", &["12h"]);
}

#[test]
fn a_second_pause_needs_a_contact_of_its_own() {
    // READY at 12h15m; lost again from 20h, PAUSED at 21h10m5s, back at 30h, and nobody calls.
    let run = paused()
        .event("at: 3h, do: EnableKey, key: main, region: us-west-2")
        .event(&format!("at: 4h, {CONTACT}"))
        .event("at: 20h, do: DisableKey, key: main, region: us-west-2, for: 10h")
        .run();
    run.only(ORDERS, "status PAUSED", &["2h10m5s", "21h10m5s"]);
    run.only(ORDERS, "status RESUMING", &["12h"]);
}

#[test]
fn a_paused_collection_that_is_recreated_is_a_new_one() {
    let run = paused()
        .event("at: 3h, do: EnableKey, key: main, region: us-west-2")
        .event(&format!("at: 4h, {RECREATE}"))
        .event(&format!("at: 5h, {CONTACT}"))
        .run();
    run.only(ORDERS, "deleted", &["4h"]);
    run.only("acme/us-west-2/orders#2", "recreated", &["4h"]);
    run.only("acme/us-west-2/orders#2", "status READY", &["4h"]);
    run.only("acme/us-west-2/orders#2", "support not_needed", &["5h"]);
    run.only("acme/us-west-2/orders#2", "queries all", &["4h"]);
    assert_eq!(run.reached("recreated"), ["4h"]);
}

#[test]
fn what_is_deleted_is_not_paused() {
    let delete = "at: 90m, do: DeleteCollection, org: acme, name: us-west-2/orders";
    let run = paused().event(delete).run();
    run.only(ORDERS, "deleted", &["90m"]);
    run.only(ORDERS, "status", &["1h5s"]);
    let subject = replay::collection(&run.timeline, ORDERS);
    let counts = run.timeline.counts_at(subject, run.timeline.until);
    // 20/s up to 1h30m; none served from 1h0m5s on.
    assert_eq!((counts.issued, counts.failed), (108_000, 35_900));
}

#[test]
fn cancelling_a_deletion_leaves_the_key_disabled() {
    let run = world()
        .event("at: 1h, do: ScheduleKeyDeletion, key: main, region: us-west-2, for: 1h")
        .run();
    run.only(REPLICA, "command CancelKeyDeletion", &["2h"]);
    run.only(REPLICA, "state Disabled", &["2h"]);
    run.never(SITE, "access granted");
    run.only(SITE, "access refused DisabledException", &["2h5s"]);
}

#[test]
fn replicas_are_never_synced() {
    let run = world()
        .event("at: 10m, do: AddRegion, org: acme, region: us-east-1")
        .event("at: 1h, do: PutKeyPolicy, key: main, region: us-west-2, policy: default")
        .event("at: 2h, do: DisableKey, key: main, region: us-west-2")
        .event("at: 3h, do: KmsUnreachable, region: us-west-2, for: 1h")
        .run();
    run.never("main/us-east-1", "");
    run.never("acme/us-east-1", "access");
}

#[test]
fn a_replica_without_a_policy_gets_one_that_does_not_admit_the_service() {
    let run = world()
        .event("at: 10m, do: AddRegion, org: acme, region: eu-west-1")
        .event("at: 1h, do: ReplicateKey, key: main, region: eu-west-1")
        .run();
    run.never("acme/eu-west-1", "site operating");
    run.says(
        "1h5s",
        "acme/eu-west-1",
        "access refused AccessDeniedException [denied kms:Encrypt",
    );
}

#[test]
fn all_causes_are_listed_in_the_order_in_which_they_are_judged() {
    let run = world()
        .event("at: 1h, do: PutKeyPolicy, key: main, region: us-west-2, policy: default")
        .event("at: 2h, do: DisableKey, key: main, region: us-west-2")
        .event("at: 3h, do: KmsUnreachable, region: us-west-2")
        .run();
    let four = "kms:Encrypt kms:Decrypt kms:GenerateDataKey* kms:DescribeKey";
    run.says(
        "1h5s",
        SITE,
        &format!("access refused AccessDeniedException [denied {four}]"),
    );
    run.says(
        "2h5s",
        SITE,
        &format!("access refused AccessDeniedException [denied {four}] [disabled]"),
    );
    run.says(
        "3h",
        SITE,
        &format!(
            "access refused DependencyTimeoutException [unreachable] [denied {four}] [disabled]"
        ),
    );
}

#[test]
fn rotation_on_demand_is_taken_25_times() {
    let repeat = "at: 1h, do: RotateKeyOnDemand, key: main, repeat: { every: 1m, times: 26 }";
    let run = world().event(repeat).run();
    assert_eq!(run.find("main", "rotated").len(), 25);
    run.only(
        "main",
        "refused RotateKeyOnDemand LimitExceededException",
        &["1h25m"],
    );
}

#[test]
fn a_rotation_that_is_switched_off_does_not_come() {
    let run = world()
        .until("200d")
        .event("at: 1d, do: EnableKeyRotation, key: main, period: 90d")
        .event("at: 100d, do: DisableKeyRotation, key: main")
        .run();
    run.only("main", "rotated", &["91d"]);
}

#[test]
fn another_org_on_the_same_key_suffers_alike_and_one_without_does_not() {
    let other = "  other:\n    key: main\n    regions: [us-west-2]\n    collections:\n      us-west-2/it: { source: s3, queries: 1/s, arrivals: 1 MiB/s }\n";
    let run = world()
        .orgs(&format!("{other}{PLAIN}"))
        .event(DISABLE)
        .run();
    run.only("other/us-west-2/it", "queries none", &["1h5s"]);
    run.never("plain/us-west-2/it", "");
}

#[test]
fn an_expectation_beyond_a_shortened_run_is_not_judged() {
    let whole = replay::good(
        &world()
            .event(DISABLE)
            .expect("at: 1h5s, collections: acme/us-west-2/orders, queries: none")
            .expect("at: 1h6s, collections: acme/us-west-2/orders, queries: none")
            .expect("at: 3h, collections: acme/us-west-2/orders, queries: none")
            .yaml(),
    );
    let mut short = whole.clone();
    short.until = keyoutage::time::Time::from_ms(3_606_000);
    let verdicts = judge(&whole.expectations, whole.until, &replay::replay(&short));
    let judged: Vec<Judgement> = verdicts.iter().map(|it| it.judgement).collect();
    assert_eq!(
        judged,
        [Judgement::Holds, Judgement::NotJudged, Judgement::NotJudged]
    );
}

#[test]
fn traffic_that_changes_while_catching_up_changes_how_long_it_takes() {
    // 3600.001 MiB wait at 2h0m5s; 5 MiB/s for 295 s leave 2125.001; then 6 - 3: 708.333667 s, rounded up.
    let more = "at: 2h5m, do: SetTraffic, collections: acme/us-west-2/orders, arrivals: 3 MiB/s";
    let run = world()
        .event(&format!("{DISABLE}, for: 1h"))
        .event(more)
        .run();
    run.only(ORDERS, "ingest running", &["2h16m48s334ms"]);
}

#[test]
fn a_second_ticket_does_not_name_the_first() {
    // Back at 5h0m5s, READY at 13h20m5s; lost again, and back at 25h0m5s.
    let run = world()
        .set("pause.after: 1h, support.auto: true")
        .event(&format!("{DISABLE}, for: 4h"))
        .event("at: 20h, do: DisableKey, key: main, region: us-west-2, for: 5h")
        .run();
    run.only(ORDERS, "support working", &["5h5s", "25h5s"]);
    let second = run.says("25h5s", ORDERS, "support working");
    let it = &run.facts[second];
    for part in it.with.iter().chain(&it.cause) {
        assert!(
            run.facts[*part].ms > 20 * 3_600_000,
            "{} at {}",
            run.facts[*part].text,
            run.facts[*part].at
        );
    }
}
