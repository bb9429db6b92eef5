//! What a second model, written from the documents alone, found to be told otherwise: a test for each.

use keyoutage::chance::{Chance, Seed};
use keyoutage::time::Span;

use crate::{DISABLE, ORDERS, REPLICA, SITE, world};

const NEW: &str = "org: acme, name: us-west-2/new, source: kafka, queries: 1/s, arrivals: 1 MiB/s";
const MADE: &str = "acme/us-west-2/new";

#[test]
fn what_is_served_at_once_never_failed() {
    let run = world()
        .event(&format!("at: 1h, do: CreateCollection, {NEW}"))
        .event("at: 2h, do: RecreateCollection, collections: acme/us-west-2/orders")
        .run();
    run.only(MADE, "queries all", &["1h"]);
    for milestone in [
        "first_failed_query",
        "all_queries_failing",
        "queries_recovered",
    ] {
        assert!(run.reached(milestone).is_empty(), "{milestone}");
    }
}

#[test]
fn the_start_comes_before_a_fault_of_instant_0() {
    let run = world()
        .event("at: 0s, do: RegionDown, region: us-west-2, for: 5m")
        .run();
    run.never(SITE, "site");
    run.only(ORDERS, "queries none", &["0s"]);
    run.only(ORDERS, "queries all", &["5m"]);
    run.never(ORDERS, "status");
}

#[test]
fn what_waits_when_arrivals_stop_is_not_committed_by_itself() {
    let run = world()
        .collection("source: write-api, queries: 0, arrivals: 1 KiB/s")
        .set("visibility.lose: 0s, probe.interval: 5m, commit.interval: 1ms")
        .event("at: 6m1ms, do: SetTraffic, collections: acme/us-west-2/orders, arrivals: 0")
        .event("at: 6m2ms, do: DisableKey, key: main, region: us-west-2")
        .run();
    // One millisecond's arrivals wait; the next call for the key is the probe of 10 minutes.
    run.only(ORDERS, "ingest halted", &["10m"]);
    run.only(ORDERS, "data_lost", &["10m"]);
}

#[test]
fn a_probe_commits_what_waits_where_nothing_arrives() {
    let run = world()
        .collection("source: write-api, queries: 0, arrivals: 1 KiB/s")
        .set("visibility.lose: 0s, probe.interval: 5m, commit.interval: 1ms")
        .event("at: 6m1ms, do: SetTraffic, collections: acme/us-west-2/orders, arrivals: 0")
        .event("at: 10m1ms, do: DisableKey, key: main, region: us-west-2")
        .run();
    run.only(ORDERS, "ingest halted", &["15m"]);
    run.never(ORDERS, "data_lost");
}

#[test]
fn a_collection_made_while_its_region_is_down_is_asked_at_its_end() {
    let run = world()
        .set("probe.interval: 7m")
        .event("at: 1m, do: RegionDown, region: us-west-2, for: 5m")
        .event(&format!("at: 2m, do: CreateCollection, {NEW}"))
        .run();
    run.only(MADE, "status READY", &["6m"]);
}

#[test]
fn a_policy_command_that_changes_nothing_is_no_change() {
    let run = world()
        .set("visibility.lose: 5m, visibility.regain: 5s")
        .event("at: 1m, do: PutKeyPolicy, key: main, region: us-west-2, policy: default")
        .event("at: 2m, do: PutKeyPolicy, key: main, region: us-west-2, policy: default")
        .run();
    run.only(REPLICA, "visible", &["6m"]);
}

#[test]
fn a_ticket_sees_at_its_regions_end_that_the_key_came_back_meanwhile() {
    let run = world()
        .set("pause.after: 3m, support.delay: 1m")
        .event("at: 10m, do: DisableKey, key: main, region: us-west-2, for: 12m")
        .event("at: 20m, do: ContactSupport, collections: acme/us-west-2/orders")
        .event("at: 21m, do: RegionDown, region: us-west-2, for: 19m")
        .run();
    run.only(ORDERS, "support working", &["40m"]);
    run.only(ORDERS, "status RESUMING", &["41m"]);
}

#[test]
fn a_commit_planned_for_one_incarnation_does_not_halt_the_next() {
    // The commits of each incarnation are an hour apart, each with its own phase; the source is down for a minute only.
    let run = world()
        .set("commit.interval: 1h")
        .event("at: 1h, do: SourceDown, collections: acme/us-west-2/orders, for: 59m59s")
        .event("at: 1h1ms, do: RecreateCollection, collections: acme/us-west-2/orders")
        .run();
    let phase = Chance::new(Seed(0))
        .die("commit", "acme/us-west-2/orders#2")
        .roll(3_600_000);
    let own = Span::from_ms(3_600_000 + phase).to_string();
    run.only("acme/us-west-2/orders#2", "ingest halted", &[&own]);
}

#[test]
fn the_cause_of_a_deleted_keys_outcome_is_the_deletion() {
    let run = world()
        .until("20d")
        .set("key.deletion_overrun: 0h")
        .event("at: 1h, do: ScheduleKeyDeletion, key: main, region: us-east-1, window: 7d")
        .event("at: 2h, do: ScheduleKeyDeletion, key: main, region: us-west-2, window: 7d")
        .run();
    // The primary waits for its replica, then for its own window.
    let outcome = run.says("14d1h", ORDERS, "outcome recreate_with_loss");
    let cause = run.cause(outcome);
    assert_eq!(
        (cause.at.as_str(), cause.subject.as_str()),
        ("14d01h", REPLICA)
    );
}

#[test]
fn a_refused_fetch_is_no_extended_renewal() {
    let run = world()
        .collection("source: mongodb, queries: 0, arrivals: 0")
        .set("probe.interval: 30m, on_unreachable: extend, cache.life: 1m")
        .event("at: 2m, do: KmsUnreachable, region: us-west-2")
        .event("at: 5m, do: SetTraffic, collections: acme/us-west-2/orders, queries: 1/m")
        .run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["5m"]);
}

#[test]
fn a_fault_is_seen_before_what_is_ordered_at_its_instant() {
    let run = world()
        .event("at: 1h, do: KmsUnreachable, region: us-west-2, for: 1h")
        .event("at: 1h, do: RecreateCollection, collections: acme/us-west-2/orders")
        .run();
    run.only(ORDERS, "refused RecreateCollection", &["1h"]);
}

#[test]
fn what_holds_at_no_instant_is_not_told() {
    let run = world()
        .set("pause.after: 30m, cache.life: 1ms")
        .event(DISABLE)
        .event("at: 61m, do: RegionDown, region: us-west-2, for: 10m")
        .run();
    run.never(ORDERS, "queries all");
    assert!(run.reached("queries_recovered").is_empty());
}

/// `back` is the instant at which calls begin anew; what becomes visible then, they see.
#[test]
fn what_is_dead_is_fetched_after_all_that_becomes_visible_at_its_instant() {
    let traffic = "do: SetTraffic, collections: acme/us-west-2/orders";
    for back in [
        vec!["at: 90m, do: RegionDown, region: us-west-2, for: 30m".to_owned()],
        vec![
            format!("at: 90m, {traffic}, queries: 0"),
            format!("at: 2h, {traffic}, queries: 20/s"),
        ],
    ] {
        let mut it = world()
            .set("cache.life: 1m, visibility.lose: 5s, commit.interval: 1h")
            .event("at: 119m55s, do: DisableKey, key: main, region: us-west-2");
        for event in &back {
            it = it.event(event);
        }
        let run = it.run();
        let all = run.find(ORDERS, "queries all");
        assert!(
            all.iter().all(|it| run.facts[*it].ms < 7_200_000),
            "{}",
            run.all()
        );
        let none = run.find(ORDERS, "queries none");
        let last = none.last().map(|it| run.facts[*it].ms);
        assert!(last.is_some_and(|it| it <= 7_200_000), "{}", run.all());
        run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["2h"]);
    }
}
