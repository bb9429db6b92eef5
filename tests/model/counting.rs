//! MODEL 4 and 5: counting, ingestion.

use crate::dice::throw;
use crate::replay::collection;
use crate::{DISABLE, ORDERS, Run, World, world};

fn totals(run: &Run) -> (u64, u64) {
    let counts = run
        .timeline
        .counts_at(collection(&run.timeline, ORDERS), run.timeline.until);
    assert_eq!(counts.issued, counts.served() + counts.failed);
    (counts.issued, counts.failed)
}

fn asked(rate: &str) -> World {
    world().collection(&format!(
        "source: kafka, queries: {rate}, arrivals: 1 MiB/s"
    ))
}

#[test]
fn as_many_queries_are_issued_as_the_integral_of_the_rate_rounded_up() {
    for (rate, until, issued) in [
        ("7/m", "1ms", 1),
        ("7/m", "10m", 70),
        ("7/m", "10m1ms", 71),
        ("20/s", "50ms", 1),
        ("20/s", "51ms", 2),
        ("1/d", "1h", 1),
        ("0/s", "1h", 0),
    ] {
        assert_eq!(
            totals(&asked(rate).until(until).run()),
            (issued, 0),
            "{rate} until {until}"
        );
    }
}

#[test]
fn the_integral_goes_on_through_a_change_of_the_rate() {
    // Half a query by 30 s, then two a minute: query 1 comes at 45 s.
    let event = "at: 30s, do: SetTraffic, collections: acme/us-west-2/orders, queries: 2/m";
    for (until, issued) in [("45s", 1), ("45s001ms", 2), ("1m15s", 2), ("1m15s001ms", 3)] {
        let run = asked("1/m").until(until).event(event).run();
        assert_eq!(totals(&run), (issued, 0), "{until}");
    }
}

#[test]
fn failed_are_the_whole_queries_issued_while_none_was_served() {
    // In [1h0m5s, 2h0m5s): 20/s 72000; 7/m ⌈840.58⌉ - ⌈420.58⌉.
    for (rate, issued, failed) in [("20/s", 216_000, 72_000), ("7/m", 1_260, 420)] {
        let run = asked(rate)
            .until("3h")
            .event(&format!("{DISABLE}, for: 1h"))
            .run();
        assert_eq!(totals(&run), (issued, failed), "{rate}");
    }
}

#[test]
fn what_fails_in_part_is_summed_before_it_is_rounded_down() {
    // Two entries, one read: between the two deaths half of the queries find theirs.
    let phases = throw(0, &format!("cache|{ORDERS}"), 600_000, 2);
    let mut deaths: Vec<u64> = phases
        .iter()
        .map(|it| 3_605_000 + (it + 600_000 - 5_000) % 600_000)
        .collect();
    deaths.sort_unstable();
    let issued = |ms: u64| (7 * ms).div_ceil(60_000);
    let half = issued(deaths[1]) - issued(deaths[0]);
    let whole = issued(7_205_000) - issued(deaths[1]);
    let set = "cache.life: 10m, cache.entries: 2";
    let run = asked("7/m")
        .set(set)
        .until("3h")
        .event(&format!("{DISABLE}, for: 1h"))
        .run();
    assert_eq!(totals(&run), (1_260, (half + 2 * whole) / 2));
    // Three entries, two read: of three ways one finds both while two live.
    let phases = throw(0, &format!("cache|{ORDERS}"), 600_000, 3);
    let mut deaths: Vec<u64> = phases
        .iter()
        .map(|it| 3_605_000 + (it + 600_000 - 5_000) % 600_000)
        .collect();
    deaths.sort_unstable();
    let thirds =
        2 * (issued(deaths[1]) - issued(deaths[0])) + 3 * (issued(7_205_000) - issued(deaths[1]));
    let set = "cache.life: 10m, cache.entries: 3, cache.reads: 2";
    let run = asked("7/m")
        .set(set)
        .until("3h")
        .event(&format!("{DISABLE}, for: 1h"))
        .run();
    assert_eq!(totals(&run), (1_260, thirds / 3));
}

#[test]
fn entries_carry_the_totals_so_far() {
    let run = world().event(&format!("{DISABLE}, for: 1h")).run();
    for (at, fact, counts) in [
        ("1h5s", "queries none", (72_100, 0)),
        ("2h5s", "queries all", (144_100, 72_000)),
        ("2h5s", "status READY", (144_100, 72_000)),
    ] {
        assert_eq!(
            run.facts[run.says(at, ORDERS, fact)].counts,
            Some(counts),
            "{fact}"
        );
    }
}

#[test]
fn no_count_ever_falls() {
    let run = world()
        .set("cache.life: 10m")
        .event(&format!("{DISABLE}, for: 7m"))
        .event("at: 2h, do: DisableKey, key: main, region: us-west-2, for: 6h")
        .run();
    let subject = collection(&run.timeline, ORDERS);
    let mut before = (0, 0);
    for minute in 0..600 {
        let counts = run
            .timeline
            .counts_at(subject, keyoutage::time::Time::from_ms(minute * 60_007));
        assert!(
            counts.issued >= before.0 && counts.failed >= before.1,
            "minute {minute}"
        );
        before = (counts.issued, counts.failed);
    }
}

#[test]
fn the_start_counts_as_a_commit() {
    // The key is seen as disabled at 5 s, before the first commit of the hour's lattice or after it.
    let phase = throw(0, &format!("commit|{ORDERS}"), 3_600_000, 1)[0];
    let event = "at: 0s, do: DisableKey, key: main, region: us-west-2";
    let run = world().set("commit.interval: 1h").event(event).run();
    assert!(phase >= 5_000, "the phase is an hour's die");
    run.only(ORDERS, "ingest halted", &[&format!("{phase}ms")]);
    run.only(
        ORDERS,
        &format!("ingest halted lag_ms={phase} "),
        &[&format!("{phase}ms")],
    );
}

#[test]
fn a_granted_commit_takes_all_that_has_arrived() {
    // The last one was a millisecond ago: ⌊1 MiB / 1000⌋ wait.
    let run = world().event(DISABLE).run();
    run.only(ORDERS, "ingest halted lag_ms=1 lag_bytes=1048", &["1h5s"]);
}

#[test]
fn the_lag_grows_while_halted_and_falls_while_catching_up() {
    world()
        .event(&format!("{DISABLE}, for: 1h"))
        .expect("throughout: 1h10m6s..2h4s999ms, collections: acme/us-west-2/orders, lag: over 10m")
        .expect("at: 2h4s999ms, collections: acme/us-west-2/orders, lag: over 59m59s999ms")
        .expect("throughout: 2h12m5s001ms..2d, collections: acme/us-west-2/orders, lag: under 1s")
        .holds();
}

#[test]
fn a_refused_commit_puts_it_back_to_where_it_was_at_the_last_granted_one() {
    // Catching up from 2h0m5s at 6 MiB/s, halted at 2h5m5s, last granted a millisecond before:
    // 3900.001 - 6 × 299.999 = 2100.007 MiB wait.
    let again = "at: 2h5m, do: DisableKey, key: main, region: us-west-2";
    let run = world()
        .event(&format!("{DISABLE}, for: 1h"))
        .event(again)
        .run();
    let second = run.says("2h5m5s", ORDERS, "ingest halted");
    assert!(
        run.facts[second].text.ends_with(" lag_bytes=2202016940"),
        "{}",
        run.facts[second].text
    );
}

#[test]
fn it_never_clears_when_as_much_arrives() {
    let full = world().collection("source: kafka, queries: 1/s, arrivals: 6 MiB/s");
    let run = full.event(&format!("{DISABLE}, for: 1h")).run();
    run.only(ORDERS, "ingest", &["1h5s", "2h5s"]);
    run.only(ORDERS, "ingest catching_up", &["2h5s"]);
}

#[test]
fn where_nothing_arrives_the_probe_stands_for_the_commit() {
    let still = world().collection("source: kafka, queries: 1/s, arrivals: 0 MiB/s");
    let run = still.event(&format!("{DISABLE}, for: 1h")).run();
    run.only(ORDERS, "ingest halted lag_ms=0 lag_bytes=0", &["1h1m"]);
}

#[test]
fn while_its_source_is_down_commits_are_left_out_and_probes_go_on() {
    let down = world().event("at: 1h, do: SourceDown, collections: acme/us-west-2/orders, for: 6h");
    let run = down.run();
    run.only(ORDERS, "ingest halted", &["1h"]);
    run.only(ORDERS, "ingest catching_up", &["7h"]);
    run.never(ORDERS, "status");
    run.never(ORDERS, "queries");
    // Asked by nobody else, a disabled key is noticed by the probe.
    let idle = down.collection("source: kafka, queries: 0/s, arrivals: 1 MiB/s");
    let run = idle
        .event("at: 2h, do: DisableKey, key: main, region: us-west-2")
        .run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["2h1m"]);
}
