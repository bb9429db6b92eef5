//! MODEL 3: caches and the share.

use crate::dice::throw;
use crate::{DISABLE, ORDERS, SITE, World, world};

const LOST: u64 = 3_605_000;
const LIFE: u64 = 600_000;

/// When the entries that are live at the loss run out, by their phases: each at its next due instant.
fn deaths(entries: usize) -> Vec<u64> {
    let phases = throw(0, &format!("cache|{ORDERS}"), LIFE, entries);
    let due = |phase: u64| LOST + (phase + LIFE - LOST % LIFE) % LIFE;
    let mut all: Vec<u64> = phases.into_iter().map(due).collect();
    all.sort_unstable();
    all
}

fn cached(entries: usize) -> World {
    world().set(&format!("cache.life: 10m, cache.entries: {entries}"))
}

fn at(ms: u64) -> String {
    format!("{ms}ms")
}

#[test]
fn an_entry_is_due_at_its_phase_and_again_every_life_while_used_and_granted() {
    let run = cached(1).event(DISABLE).run();
    run.only(ORDERS, "queries none", &[&at(deaths(1)[0])]);
}

#[test]
fn the_share_is_what_the_live_entries_serve() {
    let deaths = deaths(16);
    let run = cached(16).event(DISABLE).run();
    run.only(ORDERS, "queries some", &[&at(deaths[0])]);
    run.only(ORDERS, "queries none", &[&at(deaths[15])]);
}

#[test]
fn where_a_query_reads_every_entry_the_first_to_die_fails_all() {
    let set = "cache.life: 10m, cache.entries: 16, cache.reads: all";
    let run = world().set(set).event(DISABLE).run();
    run.never(ORDERS, "queries some");
    run.only(ORDERS, "queries none", &[&at(deaths(16)[0])]);
}

#[test]
fn what_died_together_and_is_fetched_again_lives_on_together() {
    // All dead by 1h15m5s; fetched at 2h0m5s, they are next due, and die, at 2h10m5s and every ten minutes.
    let run = cached(16)
        .event(&format!("{DISABLE}, for: 1h"))
        .event("at: 2h2m, do: DisableKey, key: main, region: us-west-2")
        .run();
    run.only(ORDERS, "queries all", &["2h5s"]);
    run.only(ORDERS, "queries none", &[&at(deaths(16)[15]), "2h10m5s"]);
    assert_eq!(run.find(ORDERS, "queries some").len(), 1);
}

#[test]
fn a_lease_is_half_open() {
    // Fetched at 2h0m5s for ten minutes: a loss seen just before its end lets it end, one seen just after finds it renewed.
    for (command, none) in [
        ("2h9m59s999ms", "2h10m5s"),
        ("2h10m", "2h10m5s"),
        ("2h10m1ms", "2h20m5s"),
    ] {
        let run = cached(16)
            .event(&format!("{DISABLE}, for: 1h"))
            .event(&format!(
                "at: {command}, do: DisableKey, key: main, region: us-west-2"
            ))
            .run();
        run.only(ORDERS, "queries none", &[&at(deaths(16)[15]), none]);
    }
}

#[test]
fn at_rate_0_nothing_is_renewed_and_entries_run_out() {
    let idle = cached(16).collection("source: kafka, queries: 0/s, arrivals: 1 MiB/s");
    idle.until("1h")
        .expect("at: 0s, places: acme/us-west-2/cache, readable: yes")
        .expect("throughout: 10m..1h, places: acme/us-west-2/cache, readable: no")
        .expect("always: true, collections: acme/us-west-2/orders, queries: all")
        .holds();
}

#[test]
fn a_dead_entry_is_fetched_at_once_when_the_rate_is_above_0() {
    let idle = cached(16).collection("source: kafka, queries: 0/s, arrivals: 1 MiB/s");
    idle.until("1h")
        .event("at: 30m, do: SetTraffic, collections: acme/us-west-2/orders, queries: 1/m")
        .expect("throughout: 10m..29m59s, places: acme/us-west-2/cache, readable: no")
        .expect("throughout: 30m..1h, places: acme/us-west-2/cache, readable: yes")
        .holds();
}

#[test]
fn a_refused_fetch_is_a_refused_renewal() {
    // Nothing arrives and no probe comes: the first dead entry is the first refused call.
    let set = "cache.life: 10m, cache.entries: 16, probe.interval: 1d";
    let quiet = world()
        .set(set)
        .collection("source: kafka, queries: 1/s, arrivals: 0 MiB/s");
    let run = quiet.event(DISABLE).run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &[&at(deaths(16)[0])]);
}

#[test]
fn the_share_at_rate_0_is_what_would_be_served() {
    let idle = world().collection("source: kafka, queries: 0/s, arrivals: 1 MiB/s");
    let run = idle.event(&format!("{DISABLE}, for: 1h")).run();
    run.only(ORDERS, "queries none", &["1h5s"]);
    run.only(ORDERS, "queries all", &["2h5s"]);
}

#[test]
fn the_first_failed_query_is_once_until_queries_have_recovered() {
    let run = cached(16)
        .event(&format!("{DISABLE}, for: 1h"))
        .event("at: 3h, do: DisableKey, key: main, region: us-west-2, for: 1h")
        .run();
    let counts = [
        "first_failed_query",
        "all_queries_failing",
        "queries_recovered",
    ];
    assert_eq!(
        counts.map(|it| run.reached(it).len()),
        [2, 2, 2],
        "{}",
        run.all()
    );
    assert_eq!(run.reached("queries_recovered"), ["2h00m05s", "4h00m05s"]);
}

#[test]
fn no_query_fails_at_rate_0() {
    let idle = world()
        .collection("source: kafka, queries: 0/s, arrivals: 1 MiB/s")
        .event(DISABLE);
    assert!(idle.run().reached("first_failed_query").is_empty());
    let later =
        idle.event("at: 2h, do: SetTraffic, collections: acme/us-west-2/orders, queries: 1/s");
    assert_eq!(later.run().reached("first_failed_query"), ["2h"]);
    assert_eq!(later.run().reached("all_queries_failing"), ["2h"]);
}

#[test]
fn ingest_has_recovered_when_it_runs_after_a_halt() {
    // 1 h and 1 ms of arrivals, at 6 - 1 MiB/s: 12 m and 0.2 ms, rounded up to the ms.
    let run = world().event(&format!("{DISABLE}, for: 1h")).run();
    run.only(ORDERS, "ingest catching_up", &["2h5s"]);
    assert_eq!(run.reached("ingest_recovered"), ["2h12m05s001ms"]);
}

#[test]
fn storage_is_readable_while_granted_the_cache_while_an_entry_lives_transit_always() {
    let orgs = "  plain:\n    key: none\n    regions: [us-west-2]\n    collections:\n      us-west-2/it: { source: kafka, queries: 1/s, arrivals: 1 MiB/s }\n";
    let last = deaths(16)[15];
    cached(16)
        .until("3h")
        .orgs(orgs)
        .event(&format!("{DISABLE}, for: 1h"))
        .expect("throughout: 0s..1h4s999ms, places: acme/us-west-2/storage, readable: yes")
        .expect("throughout: 1h5s..2h4s999ms, places: acme/us-west-2/storage, readable: no")
        .expect("throughout: 2h5s..3h, places: acme/us-west-2/storage, readable: yes")
        .expect(&format!(
            "throughout: 0s..{}ms, places: acme/us-west-2/cache, readable: yes",
            last - 1
        ))
        .expect(&format!(
            "throughout: {last}ms..2h4s999ms, places: acme/us-west-2/cache, readable: no"
        ))
        .expect("always: true, places: acme/us-west-2/transit, readable: yes")
        .expect("always: true, places: plain/us-west-2/*, readable: yes")
        .holds();
    assert!(last < LOST + LIFE, "{SITE}");
}
