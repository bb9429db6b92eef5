//! MODEL 8: throttling, a property of a call.

use crate::dice::throw;
use crate::replay::collection;
use crate::{ORDERS, Run, SITE, World, world};

/// T+1h, on the lattices of five minutes and of ten seconds; and the end, ten minutes later.
pub(super) const FROM: u64 = 3_600_000;
const TO: u64 = 4_200_000;
pub(super) const LIFE: u64 = 300_000;

const ALL: &str = "at: 1h, do: KmsThrottled, region: us-west-2, share: 100%, for: 10m";
const SET: &str = "cache.life: 5m, cache.entries: 4, commit.interval: 10s";
const IDLE: &str = "source: kafka, queries: 0/s, arrivals: 1 MiB/s";

pub(super) fn set(more: &str) -> World {
    world().set(&format!("{SET}{more}")).until("6h")
}

fn throttled(more: &str) -> World {
    set(more).event(ALL)
}

/// When each entry is first due after the beginning, in order.
pub(super) fn due() -> Vec<u64> {
    let phases = throw(0, &format!("cache|{ORDERS}"), LIFE, 4);
    phases.into_iter().map(|it| FROM + it).collect()
}

fn in_order(mut all: Vec<u64>) -> Vec<u64> {
    all.sort_unstable();
    all
}

/// The first commit at or after an instant of its ten seconds.
pub(super) fn commit(from: u64) -> u64 {
    from + throw(0, &format!("commit|{ORDERS}"), 10_000, 1)[0]
}

pub(super) fn at(ms: u64) -> String {
    format!("{ms}ms")
}

#[track_caller]
pub(super) fn only(run: &Run, text: &str, times: &[u64]) {
    let times: Vec<String> = times.iter().map(|it| at(*it)).collect();
    let times: Vec<&str> = times.iter().map(String::as_str).collect();
    run.only(ORDERS, text, &times);
}

#[test]
fn an_entry_dies_where_its_renewal_is_refused_and_all_are_back_at_the_end() {
    let run = throttled("").run();
    let deaths = in_order(due());
    only(&run, "queries some", &[deaths[0]]);
    only(&run, "queries none", &[deaths[3]]);
    only(&run, "queries all", &[TO]);
    // Queries come each 50 ms; one read of four entries.
    let issued = |ms: u64| ms.div_ceil(50);
    let ends = deaths[1..].iter().copied().chain([TO]);
    let each = deaths.iter().zip(ends).zip(1..);
    let missed: u64 = each
        .map(|((from, to), dead)| (issued(to) - issued(*from)) * dead)
        .sum();
    let orders = collection(&run.timeline, ORDERS);
    let counts = run.timeline.counts_at(orders, run.timeline.until);
    assert_eq!(counts.failed, missed / 4);
}

#[test]
fn what_is_fetched_at_the_end_lives_on_together() {
    let off = "at: 72m, do: DisableKey, key: main, region: us-west-2";
    let run = throttled("").event(off).run();
    only(&run, "queries none", &[in_order(due())[3], TO + LIFE]);
    only(&run, "queries some", &[in_order(due())[0]]);
}

#[test]
fn a_commit_that_is_refused_three_times_is_halted_until_the_next_that_is_granted() {
    let run = throttled("").run();
    let halted = commit(FROM) + 2_000;
    only(&run, "ingest halted", &[halted]);
    only(&run, "ingest catching_up", &[commit(TO)]);
    // The last granted one was ten seconds before the first attempt.
    run.says(&at(halted), ORDERS, "ingest halted lag_ms=12000");
    let fault = run.cause(run.says(&at(halted), ORDERS, "ingest halted"));
    assert_eq!(fault.text, "fault_began KmsThrottled");
    let end = run.cause(run.says(&at(TO), ORDERS, "queries all"));
    assert_eq!(end.text, "fault_ended KmsThrottled");
}

#[test]
fn status_access_and_clock_never_move_by_it() {
    let run = throttled("").run();
    run.never(ORDERS, "status");
    run.never(SITE, "");
    let off = "at: 50m, do: DisableKey, key: main, region: us-west-2";
    let paused = set(", pause.after: 2h").event(off);
    let with = paused.clone().event(ALL).run();
    let status = |run: &Run| -> Vec<(u64, String)> {
        let found = run.find(ORDERS, "status");
        let each = found.into_iter().map(|it| &run.facts[it]);
        each.map(|it| (it.ms, it.text.clone())).collect()
    };
    assert_eq!(status(&with), status(&paused.run()));
    assert!(status(&with).len() > 2, "{}", with.all());
}

#[test]
fn a_refusal_by_access_is_learned_only_from_a_call_that_gets_through() {
    let off = "at: 61m, do: DisableKey, key: main, region: us-west-2";
    let run = throttled("").event(off).run();
    only(&run, "status ENCRYPTION_KEY_ERROR", &[TO]);
    only(&run, "queries all", &[]);
    run.says("1h1m5s", SITE, "access refused");
}

#[test]
fn what_does_not_answer_throttles_nobody() {
    let run = set("")
        .event("at: 1h, do: KmsThrottled, region: us-west-2, share: 100%, for: 1h")
        .event("at: 70m, do: KmsUnreachable, region: us-west-2, for: 10m")
        .run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["70m"]);
    run.only(ORDERS, "status READY", &["2h"]);
    run.only(ORDERS, "queries all", &["2h"]);
}

#[test]
fn a_renewal_that_cannot_be_made_is_extended_as_the_rules_say() {
    let run = throttled(", on_unreachable: extend").run();
    run.never(ORDERS, "queries");
    only(&run, "ingest halted", &[commit(FROM) + 2_000]);
    let run = throttled(", on_unreachable: { extend_until: 7m }").run();
    run.only(ORDERS, "queries none", &["67m"]);
    run.only(ORDERS, "queries all", &["70m"]);
    run.never(ORDERS, "queries some");
    // A minute is over before the last is due: that one dies where it is due.
    let run = throttled(", on_unreachable: { extend_until: 1m }").run();
    let deaths: Vec<u64> = due().iter().map(|it| *it.max(&(FROM + 60_000))).collect();
    let deaths = in_order(deaths);
    only(&run, "queries none", &[deaths[3]]);
    only(&run, "queries some", &[deaths[0]]);
}

#[test]
fn an_extended_entry_ends_at_the_first_call_that_access_refuses() {
    let off = "at: 61m, do: DisableKey, key: main, region: us-west-2";
    let run = throttled(", on_unreachable: extend").event(off).run();
    only(&run, "queries none", &[TO]);
    only(&run, "status ENCRYPTION_KEY_ERROR", &[TO]);
}

#[test]
fn at_rate_0_nothing_is_renewed_and_the_share_is_what_lives() {
    let idle = throttled("").collection(IDLE);
    let run = idle.run();
    only(&run, "queries none", &[FROM]);
    only(&run, "queries all", &[TO]);
    assert!(run.reached("first_failed_query").is_empty());
    let traffic = "do: SetTraffic, collections: acme/us-west-2/orders, queries: 20/s";
    let run = idle.clone().event(&format!("at: 65m, {traffic}")).run();
    only(&run, "queries all", &[TO]);
    assert_eq!(run.reached("first_failed_query"), ["1h05m"]);
    // Asked for again a second before the end: the second attempt is the end's.
    let run = idle.event(&format!("at: 69m59s, {traffic}")).run();
    only(&run, "queries all", &[TO]);
}

#[test]
fn a_probe_that_is_refused_three_times_teaches_nothing() {
    let quiet = || set("").collection("source: kafka, queries: 0/s, arrivals: 0 MiB/s");
    let off = "at: 61m10s, do: DisableKey, key: main, region: us-west-2";
    let run = quiet().event(ALL).event(off).run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["70m"]);
    // Its third attempt comes after the end.
    let run = quiet()
        .event(&ALL.replace("10m", "10m1s500ms"))
        .event(off)
        .run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["70m2s"]);
    run.only(ORDERS, "ingest halted", &["70m2s"]);
}

#[test]
fn a_second_attempt_learns_what_turned_after_the_first() {
    let quiet = set("").collection("source: kafka, queries: 0/s, arrivals: 0 MiB/s");
    // Visible half a second after the probe of 1h1m, which is refused; its second attempt gets through.
    let run = quiet
        .event("at: 1h, do: KmsThrottled, region: us-west-2, share: 100%, for: 60500ms")
        .event("at: 60m55s500ms, do: DisableKey, key: main, region: us-west-2")
        .run();
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["1h1m1s"]);
}

#[test]
fn the_last_probe_of_a_pause_is_tried_three_times_and_then_the_standing_refusal_counts() {
    let paused = set(", pause.after: 1h")
        .event("at: 1h, do: DisableKey, key: main, region: us-west-2")
        .event("at: 119m57s, do: EnableKey, key: main, region: us-west-2");
    // Seen as enabled at 2h2s, before the pause is due.
    assert!(paused.run().find(ORDERS, "status PAUSING").is_empty());
    let late = |length: &str| {
        let late =
            format!("at: 2h, do: KmsThrottled, region: us-west-2, share: 100%, for: {length}");
        paused.clone().event(&late).run()
    };
    let run = late("10m");
    let error = run.facts[run.find(ORDERS, "status ENCRYPTION_KEY_ERROR")[0]].ms;
    only(&run, "status PAUSING", &[error + FROM + 2_000]);
    // It ends between the attempts.
    let length = at(error + FROM + 1_500 - 2 * FROM);
    let run = late(&length);
    run.never(ORDERS, "status PAUSING");
    let ready = run.facts[run.find(ORDERS, "status READY")[0]].ms;
    assert!(ready <= error + FROM + 2_000, "{}", run.all());
}

#[test]
fn a_site_starts_at_the_first_probe_that_gets_through() {
    let added = |length: &str| {
        set("")
            .event(&format!(
                "at: 30m, do: KmsThrottled, region: us-east-1, share: 100%, for: {length}"
            ))
            .event("at: 1h, do: AddRegion, org: acme, region: us-east-1")
            .event("at: 60m10s, do: CreateCollection, org: acme, name: us-east-1/new, queries: 1/s")
            .run()
    };
    let (site, new) = ("acme/us-east-1", "acme/us-east-1/new");
    for (length, starts) in [
        ("40m", "70m"),
        ("30m1s", "1h1s"),
        ("30m3s", "61m"),
        ("30m", ""),
    ] {
        let run = added(length);
        if starts.is_empty() {
            run.only(site, "site operating", &["1h"]);
            continue;
        }
        run.only(site, "site cannot_operate", &["1h"]);
        run.only(site, "site operating", &[starts]);
        let ready = if starts == "1h1s" { "60m10s" } else { starts };
        run.only(new, "status READY", &[ready]);
        run.never(ORDERS, "");
    }
}

#[test]
fn a_collection_asks_for_itself_three_times_where_it_is_made() {
    let made = |until: &str| {
        set("")
            .event(&format!(
                "at: 1h, do: KmsThrottled, region: us-west-2, share: 100%, for: {until}"
            ))
            .event("at: 60m30s, do: CreateCollection, org: acme, name: us-west-2/new, queries: 1/s")
            .run()
    };
    for (until, ready) in [("31s", "60m31s"), ("31s500ms", "60m32s"), ("33s", "61m")] {
        made(until).only("acme/us-west-2/new", "status READY", &[ready]);
    }
}

#[test]
fn what_is_ready_again_inside_a_throttling_fetches_its_entries_by_such_calls() {
    let set = set(", pause.after: 1h, pause.pausing: 0s, support.auto: true, support.delay: 0s");
    let run = set
        .event("at: 1h, do: DisableKey, key: main, region: us-west-2, for: 3h")
        .event("at: 4h10m, do: KmsThrottled, region: us-west-2, share: 100%, for: 10m")
        .run();
    run.only(ORDERS, "status READY", &["4h15m5s"]);
    run.only(ORDERS, "queries all", &["4h20m"]);
}

#[test]
fn of_several_the_worst_holds_and_what_overlaps_is_one_throttling() {
    let run = throttled(", on_unreachable: { extend_until: 12m }")
        .event("at: 65m, do: KmsThrottled, region: us-west-2, key: main, share: 100%, for: 15m")
        .run();
    run.only(ORDERS, "queries none", &["72m"]);
    run.only(ORDERS, "queries all", &["80m"]);
    run.only(ORDERS, "ingest catching_up", &[&at(commit(4_800_000))]);
}

#[test]
fn another_key_and_another_region_are_not_throttled() {
    let two = "policy: vendor, replicas: { us-east-1: { policy: vendor } } }\n  other: { arn: \"arn:aws:kms:us-west-2:111122223333:key/mrk-9876fedc98fe76dc54ba9876543210fe\", policy: vendor";
    let run = set("")
        .key(two)
        .event("at: 1h, do: KmsThrottled, region: us-west-2, key: other, share: 100%, for: 10m")
        .event("at: 2h, do: KmsThrottled, region: us-east-1, share: 100%, for: 10m")
        .run();
    run.never(ORDERS, "");
    run.never(SITE, "");
}

#[test]
fn too_many_calls_are_refused_at_load() {
    // A commit each millisecond for two days.
    let event = "at: 0s, do: KmsThrottled, region: us-west-2, share: 1%";
    assert_eq!(world().event(event).wrong(), ["E038"]);
}
