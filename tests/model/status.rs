//! MODEL 2: paths, access, status, clock, pause and Support.

use crate::{DISABLE, ORDERS, SITE, World, world};

const ENABLE: &str = "do: EnableKey, key: main, region: us-west-2";
const ACCESS_AWAY: &str = "do: DisableKey, key: main, region: us-west-2";
const CONTACT: &str = "do: ContactSupport, collections: acme/us-west-2/orders";

/// Disabled at 1h: the key error is at 1h0m5s, `PAUSING` at 2h0m5s, `PAUSED` at 2h10m5s.
fn paused() -> World {
    world()
        .set("pause.after: 1h, pause.pausing: 10m, pause.resuming: 15m, support.delay: 8h")
        .event(DISABLE)
}

/// An outage that begins to be seen 5 s after it begins, and ends so.
fn outage(world: World, at: &str, length: &str) -> World {
    world.event(&format!("at: {at}, {ACCESS_AWAY}, for: {length}"))
}

fn clock(which: &str) -> World {
    world().set(&format!("pause.after: 1h, pause.clock: {which}"))
}

#[test]
fn a_path_is_refused_from_its_first_refused_call_to_its_next_granted_one() {
    // Nothing is asked and nothing arrives, so the calls are the probes, on the minute.
    let idle = world().collection("source: kafka, queries: 0/s, arrivals: 0 MiB/s");
    let run = outage(idle, "1h", "1h").run();
    run.only(SITE, "access", &["1h5s", "2h5s"]);
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["1h1m"]);
    run.only(ORDERS, "status READY", &["2h1m"]);
}

#[test]
fn the_continuous_clock_returns_to_0() {
    let two = outage(outage(clock("continuous"), "1h", "59m"), "3h", "59m");
    two.run().never(ORDERS, "status PAUSING");
    outage(two, "5h", "2h")
        .run()
        .only(ORDERS, "status PAUSING", &["6h5s"]);
}

#[test]
fn the_cumulative_clock_keeps_its_sum() {
    // 40 minutes, then the other 20 from 2h0m5s.
    let run = outage(outage(clock("cumulative"), "1h", "40m"), "2h", "40m").run();
    run.only(ORDERS, "status PAUSING", &["2h20m5s"]);
}

#[test]
fn until_ready_after_a_pause() {
    // PAUSING at 2h20m5s, PAUSED 2h25m5s, Support at once; READY 2h40m5s after 15 minutes; then a whole hour again.
    let set = "pause.after: 1h, pause.clock: cumulative, support.delay: 0s";
    let first = outage(outage(world().set(set), "1h", "40m"), "2h", "21m");
    let back = first.event(&format!("at: 2h22m, {CONTACT}"));
    let run = outage(back, "4h", "2h").run();
    run.only(ORDERS, "status READY", &["1h40m5s", "2h40m5s"]);
    run.only(ORDERS, "status PAUSING", &["2h20m5s", "5h5s"]);
}

#[test]
fn or_a_new_incarnation() {
    let first = outage(clock("cumulative"), "1h", "40m");
    let anew = first.event("at: 1h50m, do: RecreateCollection, collections: acme/us-west-2/orders");
    let run = outage(anew, "2h", "2h").run();
    run.only("acme/us-west-2/orders#2", "status PAUSING", &["3h5s"]);
}

#[test]
fn access_is_granted_when_no_path_is_refused_and_then_there_is_no_error() {
    outage(world().set("required_actions: mechanistic"), "1h", "1h")
        .expect("throughout: 0s..1h4s999ms, sites: acme/us-west-2, access: granted, error: none")
        .expect("throughout: 1h5s..2h4s999ms, sites: acme/us-west-2, access: refused, error: DisabledException")
        .expect("throughout: 2h5s..3h, collections: acme/us-west-2/*, error: none")
        .holds();
}

#[test]
fn mechanistic_reads_and_commits_are_two_paths() {
    let remove = |action: &str| {
        let event = "at: 1h, do: RemoveActions, key: main, region: us-west-2, actions";
        let mode = world().until("4h").set("required_actions: mechanistic");
        mode.event(&format!("{event}: [\"{action}\"]")).run()
    };
    let commits = remove("kms:GenerateDataKey*");
    commits.only(ORDERS, "ingest halted", &["1h5s"]);
    commits.never(ORDERS, "queries");
    let reads = remove("kms:Decrypt");
    reads.only(ORDERS, "queries none", &["1h5s"]);
    reads.never(ORDERS, "ingest");
    for nobody in [remove("kms:DescribeKey"), remove("kms:Encrypt")] {
        nobody.never(ORDERS, "");
    }
}

#[test]
fn granted_renewals_do_not_mend_a_refused_commit_path() {
    // The status stays ENCRYPTION_KEY_ERROR and the clock runs while queries are all served.
    let event = "at: 1h, do: RemoveActions, key: main, region: us-west-2, actions: [\"kms:GenerateDataKey*\"]";
    let run = world()
        .set("required_actions: mechanistic, pause.after: 1h")
        .event(event)
        .run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["1h5s"]);
    run.never(ORDERS, "status READY");
    run.only(ORDERS, "status PAUSING", &["2h5s"]);
    run.only(ORDERS, "queries none", &["2h5s"]);
}

#[test]
fn the_last_probe_is_answered_by_what_is_visible_at_its_instant() {
    // `visibility.regain` is 5 s: seen at 2h0m5s - 1 ms, at the pause, and 1 ms after.
    for (at, pauses) in [("1h59m59s999ms", false), ("2h", false), ("2h1ms", true)] {
        let run = paused().event(&format!("at: {at}, {ENABLE}")).run();
        let due: &[&str] = if pauses { &["2h5s"] } else { &[] };
        run.only(ORDERS, "status PAUSING", due);
    }
}

#[test]
fn paused_comes_whatever_comes_between() {
    let run = paused().event(&format!("at: 2h1s, {ENABLE}")).run();
    run.only(ORDERS, "status PAUSING", &["2h5s"]);
    run.only(ORDERS, "status PAUSED", &["2h10m5s"]);
    run.never(ORDERS, "status READY");
}

#[test]
fn pausing_paused_and_resuming_serve_none_and_commit_nothing() {
    // Access is back in PAUSING, at 2h1m5s; PAUSED 2h10m5s, RESUMING 10h10m5s, READY 10h25m5s.
    let run = paused()
        .event(&format!("at: 2h1m, {ENABLE}"))
        .event(&format!("at: 2h2m, {CONTACT}"))
        .run();
    run.only(ORDERS, "status RESUMING", &["10h10m5s"]);
    run.only(ORDERS, "status READY", &["10h25m5s"]);
    run.only(ORDERS, "queries all", &["10h25m5s"]);
    run.only(ORDERS, "ingest catching_up", &["10h25m5s"]);
}

#[test]
fn support_is_heard_by_pausing_and_paused_collections() {
    for (at, heard) in [
        ("30m", "not_needed"),
        ("90m", "not_needed"),
        ("2h6m", "waiting"),
        ("3h", "waiting"),
    ] {
        let run = paused().event(&format!("at: {at}, {CONTACT}")).run();
        run.only(ORDERS, "support", &[at]);
        run.says(at, ORDERS, &format!("support {heard}"));
    }
}

#[test]
fn after_an_outcome_that_must_be_recreated_support_cannot_help() {
    let lost = paused().collection("source: write-api, queries: 1/s, arrivals: 1 MiB/s");
    let run = lost.event(&format!("at: 3h, {CONTACT}")).run();
    run.only(ORDERS, "outcome recreate_with_loss", &["2h10m5s"]);
    run.only(ORDERS, "support cannot_help", &["3h"]);
}

#[test]
fn the_delay_runs_once_from_the_latest_of_contact_paused_and_access() {
    for (contact, enabled, from, resuming) in [
        ("2h1m", "2h2m", "2h10m5s", "10h10m5s"),
        ("3h", "5h", "5h5s", "13h5s"),
        ("6h", "3h", "6h", "14h"),
    ] {
        let order = paused().event(&format!("at: {contact}, {CONTACT}"));
        let run = order.event(&format!("at: {enabled}, {ENABLE}")).run();
        run.only(ORDERS, "support working", &[from]);
        run.only(ORDERS, "status RESUMING", &[resuming]);
    }
}

#[test]
fn support_that_hears_by_itself_is_contacted_at_paused() {
    let auto = paused().set("pause.after: 1h, pause.pausing: 10m, support.auto: true");
    let early = auto.clone().event(&format!("at: 2h1m, {ENABLE}")).run();
    early.only(ORDERS, "support working", &["2h10m5s"]);
    let late = auto.event(&format!("at: 3h, {ENABLE}")).run();
    late.only(ORDERS, "support working", &["3h5s"]);
}

#[test]
fn resuming_begins_when_access_is_granted() {
    // Away at the end of the delay (13h0m5s), back at 15h0m5s: no new delay.
    let order = paused()
        .event(&format!("at: 5h, {ENABLE}"))
        .event(&format!("at: 4h, {CONTACT}"));
    let run = outage(order, "12h", "3h").run();
    run.only(ORDERS, "support working", &["5h5s"]);
    run.only(ORDERS, "status RESUMING", &["15h5s"]);
    run.only(ORDERS, "status READY", &["15h15m5s"]);
}

#[test]
fn access_away_at_the_end_of_resuming_is_paused_again_without_a_new_delay() {
    // RESUMING 13h0m5s, its end 13h15m5s finds the key away until 15h0m5s.
    let order = paused()
        .event(&format!("at: 5h, {ENABLE}"))
        .event(&format!("at: 4h, {CONTACT}"));
    let run = outage(order, "13h10m", "1h50m").run();
    run.only(ORDERS, "status RESUMING", &["13h5s", "15h5s"]);
    run.only(ORDERS, "status PAUSED", &["2h10m5s", "13h15m5s"]);
    run.only(ORDERS, "status READY", &["15h15m5s"]);
}
