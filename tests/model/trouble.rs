//! MODEL 8: trouble that is not the customer's.

use crate::dice::throw;
use crate::{DISABLE, ORDERS, SITE, World, world};

const SILENT: &str = "at: 1h, do: KmsUnreachable, region: us-west-2";
const DOWN: &str = "do: RegionDown, region: us-west-2";

fn silent(set: &str, length: &str) -> World {
    world().set(set).event(&format!("{SILENT}, for: {length}"))
}

#[test]
fn expire_lets_leases_run_out() {
    let run = silent("on_unreachable: expire", "1h").run();
    run.only(ORDERS, "queries none", &["1h"]);
    run.only(ORDERS, "queries all", &["2h"]);
}

#[test]
fn extend_until_lets_no_lease_end_before_so_long_after_the_start() {
    let run = silent("on_unreachable: { extend_until: 2h }", "3h").run();
    run.only(ORDERS, "queries none", &["3h"]);
    run.only(ORDERS, "queries all", &["4h"]);
}

#[test]
fn extend_lets_no_lease_end_before_its_end() {
    let run = silent("on_unreachable: extend", "3h").run();
    run.never(ORDERS, "queries");
}

#[test]
fn what_is_past_its_own_lease_at_the_end_is_renewed_at_once_or_dead() {
    // The key was disabled meanwhile: all entries are dead in the instant the KMS answers.
    let off = "at: 2h, do: DisableKey, key: main, region: us-west-2";
    let run = silent("on_unreachable: extend, cache.life: 10m", "3h")
        .event(off)
        .run();
    run.only(ORDERS, "queries none", &["4h"]);
    run.never(ORDERS, "queries some");
}

#[test]
fn a_longer_lease_of_its_own_lasts_longer_than_the_grace() {
    // Grace of a minute, leases of ten: what is alive at 1h1m ends at its own phase.
    let set = "on_unreachable: { extend_until: 1m }, cache.life: 10m, cache.entries: 16";
    let phases = throw(0, &format!("cache|{ORDERS}"), 600_000, 16);
    let last = phases.iter().max().expect("there are 16");
    let early = phases.iter().filter(|it| **it <= 60_000).count();
    let first = if early > 0 {
        60_000
    } else {
        *phases.iter().min().expect("there are 16")
    };
    let run = silent(set, "3h").run();
    run.only(
        ORDERS,
        "queries some",
        &[&format!("{}ms", 3_600_000 + first)],
    );
    run.only(
        ORDERS,
        "queries none",
        &[&format!("{}ms", 3_600_000 + last)],
    );
}

#[test]
fn commits_and_probes_are_refused_whatever_on_unreachable_says() {
    for mode in ["expire", "extend", "{ extend_until: 2h }"] {
        let run = silent(&format!("on_unreachable: {mode}"), "30m").run();
        run.only(ORDERS, "ingest halted", &["1h"]);
        run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["1h"]);
        run.only(ORDERS, "status READY", &["1h30m"]);
    }
}

#[test]
fn an_extended_renewal_is_no_refusal() {
    // Nothing arrives and no probe comes for a day: nobody is refused until the grace is over.
    let set = "on_unreachable: { extend_until: 2h }, probe.interval: 1d";
    let still = silent(set, "3h").collection("source: kafka, queries: 1/s, arrivals: 0 MiB/s");
    still
        .run()
        .only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["3h"]);
}

#[test]
fn the_first_cause_decides_and_what_lies_under_it_is_not_seen() {
    let off = "at: 2h, do: DisableKey, key: main, region: us-west-2";
    let run = silent("unreachable.pauses: false, pause.after: 1h", "10h")
        .event(off)
        .run();
    run.says(
        "2h5s",
        SITE,
        "access refused DependencyTimeoutException [unreachable] [disabled]",
    );
    run.only(SITE, "access refused DisabledException", &["11h"]);
    run.only(ORDERS, "status PAUSING", &["12h"]);
}

#[test]
fn the_clock_stands_still_while_unreachable_does_not_pause() {
    // Half an hour of key error before, the other half after.
    let run = silent("unreachable.pauses: false, pause.after: 1h", "10h")
        .event("at: 29m55s, do: DisableKey, key: main, region: us-west-2")
        .run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["30m"]);
    run.only(ORDERS, "status PAUSING", &["11h30m"]);
}

#[test]
fn unreachable_can_be_one_key_alone() {
    let orgs = "  plain:\n    key: none\n    regions: [us-west-2]\n    collections:\n      us-west-2/it: { source: kafka, queries: 1/s, arrivals: 1 MiB/s }\n";
    let run = world()
        .orgs(orgs)
        .event(&format!("{SILENT}, key: main, for: 1h"))
        .run();
    run.only(SITE, "access", &["1h", "2h"]);
    run.never("plain/us-west-2/it", "");
}

#[test]
fn a_region_that_is_down_serves_none_halts_and_changes_no_status() {
    let run = world().event(&format!("at: 1h, {DOWN}, for: 6h")).run();
    run.only(ORDERS, "queries none", &["1h"]);
    run.only(ORDERS, "queries all", &["7h"]);
    run.only(ORDERS, "ingest halted", &["1h"]);
    run.only(ORDERS, "ingest catching_up", &["7h"]);
    run.never(ORDERS, "status");
    run.never(SITE, "");
}

#[test]
fn calls_begin_anew_at_its_end() {
    let run = world()
        .event(&format!("at: 30m, {DOWN}, for: 2h"))
        .event(DISABLE)
        .run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["2h30m"]);
    run.only(ORDERS, "queries", &["30m"]);
}

#[test]
fn leases_run_on_and_what_is_alive_at_the_end_serves_again() {
    // Down for two minutes from the instant the key is seen as disabled: what has not run out by then still serves.
    let phases = throw(0, &format!("cache|{ORDERS}"), 600_000, 16);
    let deaths: Vec<u64> = phases
        .iter()
        .map(|it| 3_605_000 + (it + 600_000 - 5_000) % 600_000)
        .collect();
    let live = deaths.iter().filter(|it| **it > 3_725_000).count();
    assert!(live > 0 && live < 16, "{live}");
    let run = world()
        .set("cache.life: 10m, cache.entries: 16")
        .event(DISABLE)
        .event(&format!("at: 1h5s, {DOWN}, for: 2m"))
        .run();
    run.only(ORDERS, "queries some", &["1h2m5s"]);
    let last = deaths.iter().max().expect("there are 16");
    run.only(ORDERS, "queries none", &["1h5s", &format!("{last}ms")]);
}

#[test]
fn sources_drop_while_a_region_is_down() {
    let set = "sources.kafka.retention: 1h";
    let run = world()
        .set(set)
        .event(&format!("at: 1h, {DOWN}, for: 2h"))
        .run();
    run.only(ORDERS, "data_lost", &["2h"]);
    run.only(ORDERS, "outcome resumed_with_gap", &["3h"]);
}

#[test]
fn the_pause_clock_stands_still_while_a_region_is_down() {
    // 29m55s counted before, 30m5s after.
    let run = world()
        .set("pause.after: 1h")
        .event(DISABLE)
        .event(&format!("at: 90m, {DOWN}, for: 1h"))
        .run();
    run.only(ORDERS, "status PAUSING", &["3h5s"]);
}

#[test]
fn what_would_change_a_status_meanwhile_happens_at_its_end() {
    // PAUSED would come at 2h10m5s.
    let pausing = world()
        .set("pause.after: 1h, pause.pausing: 10m")
        .event(DISABLE);
    let run = pausing.event(&format!("at: 2h5m, {DOWN}, for: 1h")).run();
    run.only(ORDERS, "status PAUSED", &["3h5m"]);
}

#[test]
fn and_so_do_the_ticket_and_the_end_of_resuming() {
    let contact = "at: 3h, do: ContactSupport, collections: acme/us-west-2/orders";
    let set = "pause.after: 1h, support.delay: 1h, pause.resuming: 15m";
    let paused = world()
        .set(set)
        .event(&format!("{DISABLE}, for: 3h"))
        .event(contact);
    // Access at 4h0m5s, RESUMING 5h0m5s, READY 5h15m5s.
    let whole = paused.run();
    whole.only(ORDERS, "status READY", &["5h15m5s"]);
    for (at, resuming, ready) in [("5h", "5h20m", "5h35m"), ("5h10m", "5h5s", "5h30m")] {
        let run = paused
            .clone()
            .event(&format!("at: {at}, {DOWN}, for: 20m"))
            .run();
        run.only(ORDERS, "status RESUMING", &[resuming]);
        run.only(ORDERS, "status READY", &[ready]);
    }
}

#[test]
fn a_source_that_is_down_is_no_key_error() {
    let run = world()
        .event("at: 1h, do: SourceDown, collections: acme/us-west-2/*, for: 40h")
        .run();
    run.never(ORDERS, "status");
    run.never(ORDERS, "queries");
}
