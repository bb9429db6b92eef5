//! MODEL 6: outcomes.

use crate::{DISABLE, ORDERS, World, world};

const CONTACT: &str = "do: ContactSupport, collections: acme/us-west-2/orders";
const FOR_EVER: [&str; 3] = ["s3", "gcs", "azure-blob"];
const GAP: [&str; 3] = ["kafka", "kinesis", "event-hubs"];
const FROM_SOURCE: [&str; 4] = ["dynamodb", "mongodb", "mysql", "snowflake"];
const WITH_LOSS: [&str; 2] = ["write-api", "file-upload"];

/// The last commit is 1 ms before 1h0m5s, `PAUSING` at 2h0m5s, `PAUSED` at 2h10m5s.
fn source(source: &str, set: &str) -> World {
    let set = format!("pause.after: 1h, pause.pausing: 10m, pause.resuming: 15m{set}");
    world().set(&set).collection(&format!(
        "source: {source}, queries: 1/s, arrivals: 1 MiB/s"
    ))
}

fn keeps(name: &str, retention: &str) -> World {
    source(name, &format!(", sources.{name}.retention: {retention}"))
}

#[test]
fn the_source_holds_an_instant_up_to_and_with_its_retention() {
    // What arrived after 1h0m4.999s is held until 2h0m4.999s is over.
    let run = keeps("kafka", "1h").event(DISABLE).run();
    run.only(ORDERS, "data_lost", &["2h5s"]);
    assert_eq!(run.reached("data_lost"), ["2h00m05s"]);
}

#[test]
fn while_commits_are_granted_nothing_is_dropped() {
    for name in WITH_LOSS {
        let run = keeps(name, "0s").run();
        run.never(ORDERS, "");
    }
}

#[test]
fn recreate_is_written_at_the_later_of_paused_and_the_first_drop() {
    for (names, outcome) in [
        (&FROM_SOURCE[..], "recreate_from_source"),
        (&WITH_LOSS, "recreate_with_loss"),
    ] {
        for name in names {
            for (retention, at) in [("1h", "2h10m5s"), ("70m", "2h10m5s"), ("3h", "4h5s")] {
                let run = keeps(name, retention).event(DISABLE).run();
                run.only(ORDERS, &format!("outcome {outcome}"), &[at]);
            }
        }
    }
}

#[test]
fn a_resuming_collection_goes_back_to_paused_and_stays_until_recreated() {
    // RESUMING at 11h, the drop at 11h0m5s.
    let run = keeps("dynamodb", "10h")
        .event(&format!("{DISABLE}, for: 90m"))
        .event(&format!("at: 3h, {CONTACT}"))
        .event("at: 20h, do: RecreateCollection, collections: acme/us-west-2/orders")
        .run();
    run.only(ORDERS, "status RESUMING", &["11h"]);
    run.only(ORDERS, "outcome recreate_from_source", &["11h5s"]);
    run.only(ORDERS, "status PAUSED", &["2h10m5s", "11h5s"]);
    run.never(ORDERS, "status READY");
    run.only("acme/us-west-2/orders#2", "status READY", &["20h"]);
}

#[test]
fn only_a_drop_before_ready_must_be_recreated() {
    // READY at 11h15m; the first drop is a millisecond after the last commit + retention: a millisecond before it, or after.
    for (retention, ready) in [("10h14m54s999ms", false), ("10h14m55s001ms", true)] {
        let run = keeps("mongodb", retention)
            .event(&format!("{DISABLE}, for: 90m"))
            .event(&format!("at: 3h, {CONTACT}"))
            .run();
        let due: &[&str] = if ready { &["11h15m"] } else { &[] };
        run.only(ORDERS, "status READY", due);
    }
}

#[test]
fn resumed_is_written_at_ready_where_nothing_was_dropped() {
    for name in FOR_EVER.into_iter().chain(["kafka"]) {
        let run = source(name, "")
            .event(&format!("{DISABLE}, for: 90m"))
            .event(&format!("at: 3h, {CONTACT}"))
            .run();
        run.only(ORDERS, "status READY", &["11h15m"]);
        run.only(ORDERS, "outcome resumed bytes=0", &["11h15m"]);
        run.only(ORDERS, "outcome", &["11h15m"]);
    }
}

#[test]
fn a_type_whose_loss_means_a_gap_always_reaches_ready() {
    // In [1h0m4.999s, 11h15m) less one hour 9h14m55.001s were dropped: 33295.001 MiB.
    for name in GAP {
        let run = keeps(name, "1h")
            .event(&format!("{DISABLE}, for: 90m"))
            .event(&format!("at: 3h, {CONTACT}"))
            .run();
        run.only(ORDERS, "data_lost", &["2h5s"]);
        run.only(ORDERS, "status READY", &["11h15m"]);
        run.only(
            ORDERS,
            "outcome resumed_with_gap bytes=34912338968",
            &["11h15m"],
        );
    }
}

#[test]
fn without_a_pause_nothing_must_be_recreated() {
    // Ten minutes of 1 MiB/s and a millisecond, less what is still held.
    for name in GAP
        .into_iter()
        .chain(FROM_SOURCE)
        .chain(WITH_LOSS)
        .chain(FOR_EVER)
    {
        let run = keeps(name, "0s")
            .event(&format!("{DISABLE}, for: 10m"))
            .run();
        run.only(ORDERS, "data_lost", &["1h5s"]);
        run.only(ORDERS, "outcome resumed_with_gap", &["1h10m5s"]);
        run.only(ORDERS, "outcome", &["1h10m5s"]);
    }
}

#[test]
fn totals_have_the_sum_at_the_end() {
    // Two outages of 10 minutes, of which a source of 5 minutes drops 5 m and 1 ms each: 2 × 300.001 MiB.
    let run = keeps("kafka", "5m")
        .event(&format!("{DISABLE}, for: 10m"))
        .event("at: 20h, do: DisableKey, key: main, region: us-west-2, for: 10m")
        .run();
    run.only(ORDERS, "outcome resumed_with_gap", &["1h10m5s", "20h10m5s"]);
    let subject = crate::replay::collection(&run.timeline, ORDERS);
    let lost = run.timeline.life(subject).expect("it lived").lost_bytes;
    assert_eq!(lost, 629_147_697);
}

/// A key that is deleted, and gone at 7d1h.
fn deleted(name: &str) -> World {
    source(name, ", key.deletion_overrun: 0h")
        .until("9d")
        .key("policy: vendor")
        .event("at: 1h, do: ScheduleKeyDeletion, key: main, region: us-west-2, window: 7d")
}

#[test]
fn when_the_last_replica_is_deleted_every_collection_is_lost() {
    // What keeps its data for ever is decided by the deletion, the others were by the drop.
    for name in FOR_EVER {
        let run = deleted(name).run();
        run.only(ORDERS, "outcome recreate_from_source", &["7d1h"]);
    }
    for name in ["kinesis", "event-hubs", "kafka"] {
        let run = deleted(name).run();
        run.only(ORDERS, "outcome recreate_with_loss", &["7d1h"]);
    }
    for name in FROM_SOURCE {
        let run = deleted(name).run();
        assert_eq!(
            run.find(ORDERS, "outcome recreate_from_source").len(),
            1,
            "{name}\n{}",
            run.all()
        );
    }
}

#[test]
fn and_recreating_fails_for_ever() {
    let recreate = "do: RecreateCollection, collections: acme/us-west-2/orders";
    let run = deleted("s3").event(&format!("at: 8d, {recreate}")).run();
    run.says("8d", ORDERS, "refused RecreateCollection");
    run.never("acme/us-west-2/orders#2", "");
}

#[test]
fn a_deleted_replica_of_a_living_key_is_absent_and_decides_nothing() {
    let run = world()
        .until("10d")
        .set("key.deletion_overrun: 0h")
        .event("at: 10m, do: AddRegion, org: acme, region: us-east-1")
        .event("at: 20m, do: CreateCollection, org: acme, name: us-east-1/new, source: s3, queries: 1/s, arrivals: 1 MiB/s")
        .event("at: 1h, do: ScheduleKeyDeletion, key: main, region: us-east-1, window: 7d")
        .event("at: 8d, do: ReplicateKey, key: main, region: us-east-1, policy: vendor")
        .run();
    run.only("main/us-east-1", "state Deleted", &["7d1h"]);
    run.only("main/us-east-1", "state Creating", &["8d"]);
    run.never("acme/us-east-1/new", "outcome");
    run.only("acme/us-east-1", "access granted", &["8d5s"]);
}

#[test]
fn while_access_is_away_recreating_fails_with_the_keys_cause() {
    let recreate = "do: RecreateCollection, collections: acme/us-west-2/orders";
    let run = world()
        .event(DISABLE)
        .event(&format!("at: 2h, {recreate}"))
        .run();
    run.only(
        ORDERS,
        "refused RecreateCollection DisabledException",
        &["2h"],
    );
}

#[test]
fn the_restore_deadline_is_the_last_instant_of_a_command_that_avoids_pausing() {
    let of = |event: &str| {
        world()
            .set("pause.after: 1h")
            .event(DISABLE)
            .event(event)
            .run()
    };
    let never = "at: 47h, do: RotateKeyOnDemand, key: main";
    let run = of(never);
    let subject = crate::replay::collection(&run.timeline, ORDERS);
    let deadline = run
        .timeline
        .measures(subject)
        .restore_deadline
        .expect("it was paused")
        .to_string();
    assert_eq!(deadline, "2h");
    for (at, pauses) in [("2h", 0), ("2h1ms", 1)] {
        let run = of(&format!(
            "at: {at}, do: EnableKey, key: main, region: us-west-2"
        ));
        assert_eq!(run.find(ORDERS, "status PAUSING").len(), pauses, "{at}");
    }
}
