//! MODEL 8: the dice of throttled calls, attempt by attempt.

use crate::dice::throw;
use crate::replay::{self, collection, digest_in_blocks};
use crate::throttle::{FROM, LIFE, at, commit, due, only, set};
use crate::{ORDERS, SITE};
use keyoutage::time::Time;

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

/// A commit that access refuses is tried again by its lattice, whatever was refused for the number of calls before.
#[test]
fn a_commit_that_access_refused_inside_a_throttling_is_tried_again() {
    let label = format!("{ORDERS}|commit");
    let mut after_a_second_attempt = 0;
    for command in (3_661_234..7_000_000).step_by(91_007) {
        let off = format!("at: {command}ms, do: DisableKey, key: main, region: us-west-2, for: 1m");
        let run = set(", visibility.lose: 0s, visibility.regain: 0s")
            .event(SOME)
            .event(&off)
            .run();
        let (mut granted, mut refused, mut halts) = (Vec::new(), 0, Vec::new());
        let (mut first, mut halted) = (commit(FROM), false);
        while first < SOME_END {
            let (last, through) = attempts(&label, first, SOME_END);
            let access = !(command..command + 60_000).contains(&last);
            match (halted, through && access) {
                (false, false) => halts.push(last),
                (true, true) => granted.push(last),
                (false, true) | (true, false) => {}
            }
            refused += u32::from(through && !access && last > first && halted);
            halted = !(through && access);
            first += 10_000;
        }
        only(&run, "ingest halted", &halts);
        if halted {
            granted.push(first);
        }
        only(&run, "ingest catching_up", &granted);
        after_a_second_attempt += u32::from(refused > 0);
    }
    assert!(after_a_second_attempt > 5, "{after_a_second_attempt}");
}

/// Where the site's own asking gets through under a share of nine in ten and seed 0: at the attempts of an instant, or
/// else at those of a probe, on minutes.
fn own_asking(made: u64) -> u64 {
    let firsts = std::iter::once(made).chain((made / 60_000 + 1..).map(|it| it * 60_000));
    let each = firsts.flat_map(|it| [it, it + 1_000, it + 2_000]);
    let through = |time: &u64| {
        let label = format!("throttle|{SITE}|probe|{time}");
        throw(0, &label, 1_000_000, 1)[0] >= 900_000
    };
    each.into_iter().find(through).expect("one of so many")
}

#[test]
fn what_is_made_or_made_again_asks_with_the_dice_of_its_site_and_sisters_agree() {
    let most = "at: 1h, do: KmsThrottled, region: us-west-2, share: 90%, for: 2h";
    let org = "org: acme, name: us-west-2/new, queries: 1/s, count: 2";
    let mut by_itself = 0;
    for made in (FROM + 10_500..FROM + 3_000_000).step_by(67_013) {
        let run = set("")
            .event(most)
            .event(&format!("at: {made}ms, do: CreateCollection, {org}"))
            .event(&format!(
                "at: {made}ms, do: RecreateCollection, collections: {ORDERS}"
            ))
            .run();
        let ready = own_asking(made);
        by_itself += u32::from(ready > made && ready <= made + 2_000);
        for name in ["new-1", "new-2", "orders#2"] {
            run.only(&format!("{SITE}/{name}"), "status READY", &[&at(ready)]);
        }
    }
    assert!(by_itself > 5, "{by_itself}");
}

#[test]
fn the_end_of_a_throttling_is_no_instant_of_asking() {
    let made = |at: &str| {
        set("")
            .event("at: 1h, do: KmsThrottled, region: us-west-2, share: 100%, for: 31s")
            .event(&format!(
                "at: {at}, do: CreateCollection, org: acme, name: us-west-2/new, queries: 1/s"
            ))
            .run()
    };
    // Made ten seconds before it: the next probe. A second before it: that is the second attempt's instant.
    for (at, ready) in [("60m21s", "61m"), ("60m30s", "60m31s")] {
        made(at).only("acme/us-west-2/new", "status READY", &[ready]);
    }
}
