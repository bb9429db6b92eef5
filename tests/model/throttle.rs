//! MODEL 8: throttling, a property of a call.

use crate::dice::throw;
use crate::replay::{self, collection, digest_in_blocks};
use crate::{ORDERS, Run, SITE, World, world};
use keyoutage::time::Time;

/// T+1h, on the lattices of five minutes and of ten seconds; and the end, ten minutes later.
const FROM: u64 = 3_600_000;
const TO: u64 = 4_200_000;
const LIFE: u64 = 300_000;

const ALL: &str = "at: 1h, do: KmsThrottled, region: us-west-2, share: 100%, for: 10m";
const SET: &str = "cache.life: 5m, cache.entries: 4, commit.interval: 10s";
const IDLE: &str = "source: kafka, queries: 0/s, arrivals: 1 MiB/s";

fn set(more: &str) -> World {
    world().set(&format!("{SET}{more}")).until("6h")
}

fn throttled(more: &str) -> World {
    set(more).event(ALL)
}

/// When each entry is first due after the beginning, in order.
fn due() -> Vec<u64> {
    let phases = throw(0, &format!("cache|{ORDERS}"), LIFE, 4);
    phases.into_iter().map(|it| FROM + it).collect()
}

fn in_order(mut all: Vec<u64>) -> Vec<u64> {
    all.sort_unstable();
    all
}

/// The first commit at or after an instant of its ten seconds.
fn commit(from: u64) -> u64 {
    from + throw(0, &format!("commit|{ORDERS}"), 10_000, 1)[0]
}

fn at(ms: u64) -> String {
    format!("{ms}ms")
}

#[track_caller]
fn only(run: &Run, text: &str, times: &[u64]) {
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

/// The instants at which the attempts of a call are made from `first` on, up to the one that gets through, and whether
/// one does: under 30 % and seed 0, up to an end.
fn attempts(of: &str, first: u64, end: u64) -> (u64, bool) {
    for time in [first, first + 1_000, first + 2_000] {
        let die = throw(0, &format!("throttle|{of}|{time}"), 1_000_000, 1)[0];
        if time >= end || die >= 300_000 {
            return (time, true);
        }
    }
    (first + 2_000, false)
}

const SOME: &str = "at: 1h, do: KmsThrottled, region: us-west-2, share: 30%, for: 2h";
const SOME_END: u64 = FROM + 7_200_000;

#[test]
fn each_renewal_has_a_die_for_each_attempt() {
    let mut dead: Vec<(u64, u64)> = Vec::new();
    for (entry, due) in due().into_iter().enumerate() {
        let (mut first, mut since) = (due, None);
        while first < SOME_END {
            let (last, through) = attempts(&format!("{ORDERS}|renewal/{entry}"), first, SOME_END);
            if !through {
                since.get_or_insert(first);
                first += LIFE;
                continue;
            }
            if let Some(since) = since.take().or((last > first).then_some(first)) {
                dead.push((since, last.min(SOME_END)));
            }
            first = last + LIFE;
        }
        dead.extend(since.map(|since| (since, SOME_END)));
    }
    assert!(dead.len() > 10, "{dead:?}");
    dead.sort_unstable();
    let mut spans: Vec<(u64, u64)> = Vec::new();
    for (from, to) in dead {
        match spans.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => spans.push((from, to)),
        }
    }
    // Every query reads all entries: one that is dead fails it.
    let run = set(", cache.reads: all").event(SOME).run();
    let (from, to): (Vec<u64>, Vec<u64>) = spans.into_iter().unzip();
    only(&run, "queries none", &from);
    only(&run, "queries all", &to);
    run.never(ORDERS, "status");
}

#[test]
fn each_commit_has_a_die_for_each_attempt() {
    let run = set("").event(SOME).run();
    let orders = collection(&run.timeline, ORDERS);
    let lag = |ms: u64| run.timeline.lag_at(orders, Time::from_ms(ms)).ms();
    let (mut halted, mut back, mut retried) = (Vec::new(), Vec::new(), 0);
    let mut first = commit(FROM);
    let mut halts = false;
    while first < SOME_END {
        let (last, through) = attempts(&format!("{ORDERS}|commit"), first, SOME_END);
        match (halts, through) {
            (false, false) => halted.push(last),
            (true, true) => back.push(last),
            (false, true) if last > first && lag(first - 1) == 9_999 => {
                retried += 1;
                assert_eq!(
                    [lag(first), lag(last - 1), lag(last)],
                    [10_000, 9_999 + last - first, 0]
                );
            }
            (false, true) | (true, false) => {}
        }
        halts = !through;
        first += 10_000;
    }
    if halts {
        back.push(first);
    }
    assert!(halted.len() > 5 && retried > 50, "{halted:?} {retried}");
    only(&run, "ingest halted", &halted);
    only(&run, "ingest catching_up", &back);
}

/// The instants at which a call of a lattice gets through, under `SOME`.
fn lattice(of: &str, first: u64, interval: u64) -> Vec<u64> {
    let firsts = (0..).map(|k| first + k * interval);
    let each = firsts.take_while(|it| *it < SOME_END);
    let each = each.map(|it| attempts(of, it, SOME_END));
    each.filter(|it| it.1).map(|it| it.0).collect()
}

/// The same for the renewals of an entry.
fn renewals(entry: usize) -> Vec<u64> {
    let (mut first, mut all) = (due()[entry], Vec::new());
    while first < SOME_END {
        let (last, through) = attempts(&format!("{ORDERS}|renewal/{entry}"), first, SOME_END);
        if through {
            all.push(last);
            first = last;
        }
        first += LIFE;
    }
    all
}

#[test]
fn the_first_call_that_gets_through_learns_that_access_is_gone() {
    let mut calls = lattice(&format!("{ORDERS}|commit"), commit(FROM), 10_000);
    calls.extend(lattice(&format!("{SITE}|probe"), FROM, 60_000));
    calls.extend((0..4).flat_map(renewals));
    calls.sort_unstable();
    let mut late = 0;
    for command in (3_661_234..7_000_000).step_by(91_007) {
        let off = format!("at: {command}ms, do: DisableKey, key: main, region: us-west-2");
        let run = set("").event(SOME).event(&off).run();
        let visible = command + 5_000;
        let first = calls
            .iter()
            .find(|it| **it >= visible)
            .expect("one of so many");
        only(&run, "status ENCRYPTION_KEY_ERROR", &[*first]);
        late += u32::from(first % 10_000 != commit(0) && first % 60_000 != 0);
    }
    assert!(
        late > 5,
        "{late} were learned by a second attempt, or by a renewal"
    );
}

#[test]
fn a_later_incarnation_has_dice_of_its_own() {
    let again = "acme/us-west-2/orders#2";
    let recreate = "at: 30m, do: RecreateCollection, collections: acme/us-west-2/orders";
    let run = set("").event(recreate).event(SOME).run();
    let mut first = FROM + throw(0, &format!("commit|{again}"), 10_000, 1)[0];
    let (mut halted, mut halts) = (Vec::new(), false);
    while first < SOME_END {
        let (last, through) = attempts(&format!("{again}|commit"), first, SOME_END);
        if !through && !halts {
            halted.push(at(last));
        }
        halts = !through;
        first += 10_000;
    }
    assert!(halted.len() > 5, "{halted:?}");
    let halted: Vec<&str> = halted.iter().map(String::as_str).collect();
    run.only(again, "ingest halted", &halted);
}

#[test]
fn all_collections_of_a_site_see_one_probe_and_its_dice_are_the_sites() {
    // Nobody asks and nothing arrives: only the probe tells that the key is gone, at the first attempt that gets through.
    let still = "source: kafka, queries: 0/s, arrivals: 0 MiB/s";
    let most = "at: 1h, do: KmsThrottled, region: us-west-2, share: 90%, for: 2h";
    let run = set("")
        .collection(&format!("{still} }}\n      us-west-2/more: {{ {still}"))
        .event("at: 60m10s, do: DisableKey, key: main, region: us-west-2")
        .event(most)
        .run();
    let probes = (1..120).map(|k| FROM + k * 60_000);
    let each = probes.flat_map(|it| [it, it + 1_000, it + 2_000]);
    let through = |time: &u64| {
        let label = format!("throttle|{SITE}|probe|{time}");
        throw(0, &label, 1_000_000, 1)[0] >= 900_000
    };
    let first = each.into_iter().find(through).expect("one of so many");
    only(&run, "status ENCRYPTION_KEY_ERROR", &[first]);
    run.only(
        "acme/us-west-2/more",
        "status ENCRYPTION_KEY_ERROR",
        &[&at(first)],
    );
}

#[test]
fn a_shorter_run_is_a_prefix_and_blocks_do_not_show() {
    let orgs = "  many:\n    key: main\n    regions: [us-west-2]\n    count: 5\n    collections:\n      us-west-2/it: { source: kafka, queries: 1/s, arrivals: 1 MiB/s }\n";
    let some = set("").orgs(orgs).event(SOME);
    let whole = some.run();
    let part = some.clone().until("2h").run();
    assert!(part.facts.len() > 100, "{}", part.facts.len());
    assert_eq!(part.facts[..], whole.facts[..part.facts.len()]);
    let scenario = replay::good(&some.yaml());
    let digests = [1, 2, 7].map(|blocks| digest_in_blocks(&scenario, blocks));
    assert!(digests.iter().all(|it| *it == digests[0]));
}

#[test]
fn too_many_calls_are_refused_at_load() {
    // A commit each millisecond for two days.
    let event = "at: 0s, do: KmsThrottled, region: us-west-2, share: 1%";
    assert_eq!(world().event(event).wrong(), ["E038"]);
}
