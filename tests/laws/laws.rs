//! One test a law. Laws 6 and 12 are shown in full with the policies' and the formats' own tests.

use std::collections::BTreeMap;

use keyoutage::chance::Seed;
use keyoutage::engine::{run, run_in_blocks};
use keyoutage::names::{Kind, Subject};
use keyoutage::scenario::{Scenario, load};
use keyoutage::states::{INGEST_MOVES, Ingest, KEY_MOVES, Queries, STATUS_MOVES, Status};
use keyoutage::time::{Span, Time};
use keyoutage::timeline::{Fact, Timeline};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::case::{Case, Event, Org, What, cases};

/// How many scenarios each law is held against.
const CASES: usize = 120;

/// Scenarios, the same ones on every machine; a number tells the laws apart.
pub fn generated(law: u8, many: usize) -> Vec<Case> {
    let mut seed = [0u8; 32];
    seed[0] = law;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = cases();
    let mut all = Vec::new();
    while all.len() < many {
        let case = strategy.new_tree(&mut runner).expect("a case").current();
        if parse(&case.yaml()).is_some() {
            all.push(case);
        }
    }
    all
}

/// The scenario, unless its events contradict each other in a way only loading can tell.
pub fn parse(yaml: &str) -> Option<Scenario> {
    let mut read = |name: &str| Err(format!("{name} is not there"));
    match load(yaml.as_bytes(), "case.yaml", &mut read) {
        Ok(loaded) => Some(loaded.scenario),
        Err(problems) => {
            let text = problems.render(false);
            // A glob may select nothing, and a policy may no longer have what is to be removed; nothing else is wrong.
            let known = ["selects no", "RemoveActions", "no Allow statement"];
            let errors = text.matches("error[").count();
            let excused: usize = known.iter().map(|it| text.matches(it).count()).sum();
            assert!(excused >= errors, "{text}\n{yaml}");
            None
        }
    }
}

pub fn play(yaml: &str) -> Timeline {
    run(
        &parse(yaml).unwrap_or_else(|| panic!("does not load:\n{yaml}")),
        Seed(7),
    )
}

fn lines(timeline: &Timeline) -> Vec<String> {
    (0..timeline.entries.len() as u32)
        .map(|at| {
            let mut line = String::new();
            timeline.write_line(at, &mut line);
            line
        })
        .collect()
}

/// Each subject's facts, with causes as subject and the how-manieth about it.
type Facts = BTreeMap<(&'static str, String), Vec<String>>;

fn facts(timeline: &Timeline) -> Facts {
    let mut serials: Vec<u32> = Vec::new();
    let mut seen: BTreeMap<(Kind, u32), u32> = BTreeMap::new();
    for entry in &timeline.entries {
        let serial = seen
            .entry((entry.subject.kind, entry.subject.id))
            .or_default();
        serials.push(*serial);
        *serial += 1;
    }
    let mut all = Facts::new();
    for (at, entry) in timeline.entries.iter().enumerate() {
        let mut line = String::new();
        timeline.write_line(at as u32, &mut line);
        let own = line
            .split("\"cause\":")
            .next()
            .unwrap_or_default()
            .to_owned();
        let rest = line.split_once("],").map_or("", |(_, rest)| rest);
        let place = |at: &u32| {
            let other = timeline.entries[*at as usize].subject;
            format!(
                "{}#{}",
                timeline.names.text(Subject {
                    incarnation: 1,
                    ..other
                }),
                serials[*at as usize]
            )
        };
        let cause = entry.cause.as_ref().map(place);
        let mut with: Vec<String> = entry.with.iter().map(place).collect();
        with.sort();
        let subject = (
            entry.subject.kind.word(),
            timeline.names.text(entry.subject),
        );
        all.entry(subject)
            .or_default()
            .push(format!("{own} {cause:?} {with:?} {rest}"));
    }
    timeline.each_total(|timeline, subject| {
        let mut line = String::new();
        timeline.write_totals(subject, &mut line);
        all.entry((subject.kind.word(), timeline.names.text(subject)))
            .or_default()
            .push(line);
    });
    all
}

/// The subjects both runs have, with equal facts.
fn assert_same_for_shared(
    one: &Timeline,
    other: &Timeline,
    yaml: &str,
    but: impl Fn(&str, &str) -> bool,
) {
    let (one, other) = (facts(one), facts(other));
    for ((kind, name), facts) in &one {
        if but(kind, name) {
            continue;
        }
        let theirs = other.get(&(*kind, name.clone()));
        assert_eq!(
            Some(facts),
            theirs,
            "{kind} {name} is told otherwise\n{yaml}"
        );
    }
}

#[test]
fn law_1_same_scenario_same_seed_same_bytes() {
    for case in generated(1, CASES) {
        let yaml = case.yaml();
        let scenario = parse(&yaml).expect("it loads");
        let first = run(&scenario, Seed(3));
        assert_eq!(first, run(&scenario, Seed(3)), "{yaml}");
        for blocks in [2, 3, 7] {
            let each = |ranges: Vec<_>, block: &(dyn Fn(_) -> _ + Sync)| {
                ranges.into_iter().map(block).collect()
            };
            let again = run_in_blocks(&scenario, Seed(3), blocks, &each);
            assert_eq!(first.digest(), again.digest(), "{blocks} blocks\n{yaml}");
            assert_eq!(first, again, "{blocks} blocks\n{yaml}");
        }
    }
}

#[test]
fn law_2_strangers_change_nothing() {
    for case in generated(2, CASES) {
        let yaml = case.yaml();
        let alone = play(&yaml);
        let mut more = case.clone();
        let stranger = |name: &str| Org {
            name: name.to_owned(),
            key: Some(0),
            count: None,
            ..case.orgs[0].clone()
        };
        more.orgs.insert(0, stranger("a-stranger"));
        more.orgs.push(stranger("zz-stranger"));
        // Positions in the generated events count orgs from the first of the case.
        for event in &mut more.events {
            move_org(event, case.orgs.len(), 1);
        }
        let crowd = play(&more.yaml());
        let wild = yaml.contains("\"*/");
        assert_same_for_shared(&alone, &crowd, &yaml, |_, name| {
            wild && name.contains("stranger")
        });
    }
}

fn move_org(event: &mut Event, orgs: usize, by: usize) {
    match &mut event.what {
        What::AddRegion(org, _)
        | What::Create(org, ..)
        | What::Delete(org, _)
        | What::ChangeKey(org, _)
        | What::UnlinkKey(org) => *org = *org % orgs + by,
        What::Key(..)
        | What::Actions(..)
        | What::Policy(..)
        | What::Rotation(..)
        | What::Region(..)
        | What::Throttled(..)
        | What::Collections(..)
        | What::Traffic(..) => {}
    }
}

#[test]
fn law_2_a_raised_count_changes_nobody() {
    for case in generated(22, CASES / 2) {
        let yaml = case.yaml();
        let alone = play(&yaml);
        let mut more = case.clone();
        for org in &mut more.orgs {
            for it in &mut org.collections {
                it.count = it.count.map(|count| count + 2);
            }
        }
        assert_same_for_shared(&alone, &play(&more.yaml()), &yaml, |_, _| false);
    }
}

#[test]
fn law_3_a_shorter_run_is_a_prefix() {
    for case in generated(3, CASES) {
        let scenario = parse(&case.yaml()).expect("it loads");
        let whole = lines(&run(&scenario, Seed(1)));
        let mut shorter = scenario.clone();
        shorter.until = Time::from_ms(scenario.until.ms() / 2);
        let part = run(&shorter, Seed(1));
        assert!(part.entries.iter().all(|entry| entry.time < shorter.until));
        let part = lines(&part);
        assert_eq!(part[..], whole[..part.len()], "{}", case.yaml());
        let next = run(&scenario, Seed(1))
            .entries
            .get(part.len())
            .map(|entry| entry.time);
        assert!(
            next.is_none_or(|time| time >= shorter.until),
            "nothing is missing\n{}",
            case.yaml()
        );
    }
}

#[test]
fn law_4_no_fault_no_failure() {
    for mut case in generated(4, CASES) {
        case.events.clear();
        for key in &mut case.keys {
            (key.policy, key.state, key.replica) = ("vendor", "Enabled", Some("us-east-1"));
        }
        let timeline = play(&case.yaml());
        assert!(
            timeline.entries.is_empty(),
            "{:?}\n{}",
            timeline.entries,
            case.yaml()
        );
        timeline.each_total(|timeline, subject| {
            assert_eq!(timeline.counts_at(subject, timeline.until).failed, 0);
        });
    }
}

#[test]
fn law_5_rotation_alone_changes_nothing() {
    for mut case in generated(5, CASES) {
        case.events
            .retain(|event| !matches!(event.what, What::Rotation(..)));
        let without = play(&case.yaml());
        let at_ms = case.until_s * 1_000 / 3;
        if case.events.iter().any(|event| event.at_ms == at_ms) {
            continue;
        }
        case.events.push(Event {
            at_ms,
            what: What::Rotation("RotateKeyOnDemand", 0),
            lasts_s: None,
        });
        let with = play(&case.yaml());
        assert_same_for_shared(&without, &with, &case.yaml(), |kind, _| kind == "key");
    }
}

#[test]
fn law_6_the_order_of_the_file_means_nothing() {
    for case in generated(6, CASES) {
        let mut turned = case.clone();
        turned.orgs.reverse();
        turned.keys.reverse();
        turned.events.reverse();
        let (orgs, keys) = (case.orgs.len(), case.keys.len());
        for org in &mut turned.orgs {
            org.key = org.key.map(|key| keys - 1 - key);
        }
        for event in &mut turned.events {
            turn(event, orgs, keys);
        }
        let same_ids = turned.yaml();
        // The generator numbers key ids by position: give each key the id it had.
        let swapped = if keys == 2 {
            let (a, b) = (format!("mrk-{:032x}", 10), format!("mrk-{:032x}", 11));
            same_ids
                .replace(&a, "mrk-x")
                .replace(&b, &a)
                .replace("mrk-x", &b)
        } else {
            same_ids
        };
        let (one, other) = (play(&case.yaml()), play(&swapped));
        assert_eq!(
            one.digest(),
            other.digest(),
            "{}\n---\n{swapped}",
            case.yaml()
        );
    }
}

fn turn(event: &mut Event, orgs: usize, keys: usize) {
    let turned = |at: &mut usize, many: usize| *at = many - 1 - *at % many;
    match &mut event.what {
        What::Key(_, key, _)
        | What::Actions(_, key, ..)
        | What::Policy(key, ..)
        | What::Rotation(_, key) => {
            turned(key, keys);
        }
        What::Region(_, _, Some(key)) | What::Throttled(_, _, Some(key)) => turned(key, keys),
        What::AddRegion(org, _)
        | What::Create(org, ..)
        | What::Delete(org, _)
        | What::UnlinkKey(org) => {
            turned(org, orgs);
        }
        What::ChangeKey(org, key) => {
            turned(org, orgs);
            turned(key, keys);
        }
        What::Region(_, _, None)
        | What::Throttled(_, _, None)
        | What::Collections(..)
        | What::Traffic(..) => {}
    }
}

/// One replica, one outage, and Support.
fn one_outage(law: u8) -> Vec<(Case, u64, u64)> {
    let mut all = Vec::new();
    for mut case in generated(law, CASES) {
        let (from, to) = (case.until_s / 7 + 1, case.until_s / 2);
        case.keys.truncate(1);
        (case.keys[0].policy, case.keys[0].state) = ("vendor", "Enabled");
        case.orgs
            .iter_mut()
            .for_each(|org| org.key = org.key.map(|_| 0));
        case.set.retain(|(name, _)| !name.starts_with("visibility"));
        case.events = vec![Event {
            at_ms: case.until_s * 900,
            what: What::Collections("ContactSupport", "*/*/*".to_owned()),
            lasts_s: None,
        }];
        all.push((case, from, to));
    }
    all
}

fn disable(from_s: u64, to_s: u64) -> Event {
    Event {
        at_ms: from_s * 1_000,
        what: What::Key("DisableKey", 0, 0),
        lasts_s: Some(to_s - from_s),
    }
}

#[test]
fn law_7_an_outage_is_the_sum_of_its_parts() {
    for (case, from, to) in one_outage(7) {
        let middle = (from + to) / 2;
        let mut whole = case.clone();
        whole.events.push(disable(from, to));
        let mut parts = case.clone();
        parts
            .events
            .extend([disable(from, middle), disable(middle, to)]);
        let told = |timeline: &Timeline| -> Vec<(u64, String, String)> {
            let not_own = |entry: &&keyoutage::timeline::Entry| {
                !matches!(entry.fact, Fact::Command { .. } | Fact::State { .. })
            };
            let entries = timeline.entries.iter().filter(not_own);
            entries
                .map(|entry| {
                    (
                        entry.time.ms(),
                        timeline.names.text(entry.subject),
                        format!("{:?}", entry.fact),
                    )
                })
                .collect()
        };
        assert_eq!(
            told(&play(&whole.yaml())),
            told(&play(&parts.yaml())),
            "{}",
            whole.yaml()
        );
    }
}

#[test]
fn law_8_a_longer_outage_serves_no_more() {
    for (case, from, to) in one_outage(8) {
        let with = |end: u64| {
            let mut case = case.clone();
            case.events.push(disable(from, end));
            (play(&case.yaml()), case.yaml())
        };
        let (shorter, _) = with(to);
        let (longer, yaml) = with(to + (case.until_s - to) / 2);
        shorter.each_total(|shorter, subject| {
            for tenth in 1..=10 {
                let time = Time::from_ms(shorter.until.ms() / 10 * tenth);
                let served = |timeline: &Timeline| timeline.counts_at(subject, time).served();
                assert!(served(&longer) <= served(shorter), "up to {time}\n{yaml}");
            }
        });
    }
}

#[test]
fn law_8_a_longer_lease_fails_no_more_on_average() {
    let yaml = |life: u64| {
        format!(
            "name: lease\nprofile: rockset\nuntil: 1h\nset: {{ cache.life: {life}s, cache.reads: 2, cache.entries: 5 }}\n\
             keys:\n  k: {{ arn: \"arn:aws:kms:us-west-2:111122223333:key/mrk-{:032x}\", policy: vendor }}\n\
             orgs:\n  o:\n    key: k\n    regions: [us-west-2]\n    collections:\n      us-west-2/c: {{ queries: 20/s, count: 400 }}\n\
             events:\n  - {{ at: 20m, do: DisableKey, key: k, region: us-west-2, for: 10m }}\n",
            1
        )
    };
    let mut before: Option<(u64, f64)> = None;
    for life in [60, 180, 300, 480, 900] {
        let timeline = play(&yaml(life));
        let mut failed = 0;
        timeline.each_total(|timeline, subject| {
            failed += timeline.counts_at(subject, timeline.until).failed
        });
        let mean = failed as f64 / 400.0;
        // rate × ∫ (1 − max(0, 1 − t/life)^reads) dt over the visible outage of ten minutes.
        let (outage, life_s) = (600.0, life as f64);
        let inside = f64::min(outage, life_s);
        let left = f64::max(0.0, 1.0 - inside / life_s);
        let kept = life_s / 3.0 * (1.0 - left * left * left);
        let expected = 20.0 * (outage - kept);
        assert!(
            (mean - expected).abs() < 0.03 * expected,
            "life {life} s: {mean} for {expected}"
        );
        assert!(
            before.is_none_or(|(_, earlier)| mean <= earlier),
            "life {life} s fails more than {before:?}"
        );
        before = Some((life, mean));
    }
}

#[test]
fn law_9_only_legal_moves_and_nothing_pauses_early() {
    for case in generated(9, CASES * 2) {
        let yaml = case.yaml();
        let scenario = parse(&yaml).expect("it loads");
        let timeline = run(&scenario, Seed(5));
        let least = scenario.rules.pause_after.low;
        for entry in &timeline.entries {
            if let Fact::Status { from, to, .. } = entry.fact {
                assert!(STATUS_MOVES.contains(&(from, to)), "{from} → {to}\n{yaml}");
                if to == Status::Pausing {
                    let error = entry
                        .cause
                        .map(|at| timeline.entries[at as usize].time)
                        .expect("its key error");
                    let cumulative = yaml.contains("cumulative");
                    assert!(
                        cumulative || entry.time - error >= least,
                        "paused early\n{yaml}"
                    );
                }
            }
            if let Fact::State { from, to } = entry.fact {
                assert!(KEY_MOVES.contains(&(from, to)), "{from} → {to}\n{yaml}");
            }
        }
        for id in 0..timeline.names.count(Kind::Collection) {
            for subject in timeline.incarnations(id) {
                for pair in timeline.ingests(subject).windows(2) {
                    // Two moves of one instant show as one step.
                    let moved = (pair[0].value, pair[1].value);
                    assert!(
                        INGEST_MOVES.contains(&moved) || moved.0 == moved.1,
                        "{moved:?}\n{yaml}"
                    );
                }
                let lost = timeline.outcomes(subject);
                let stuck = lost
                    .iter()
                    .find(|step| step.value.is_some_and(|it| it.must_recreate()));
                if let Some(stuck) = stuck {
                    let after = timeline.statuses(subject);
                    let wrong = after.iter().filter(|step| step.from > stuck.from);
                    let absorbed = wrong.clone().all(|step| step.value == Status::Deleted);
                    assert!(absorbed, "recreate_* is absorbing\n{yaml}");
                }
            }
        }
    }
}

#[test]
fn law_10_everything_adds_up() {
    for case in generated(10, CASES) {
        let yaml = case.yaml();
        let timeline = play(&yaml);
        let until = timeline.until;
        timeline.each_total(|timeline, subject| {
            let whole = timeline.counts_at(subject, until);
            assert_eq!(whole.issued, whole.served() + whole.failed, "{yaml}");
            let middle = Time::from_ms(until.ms() / 3);
            let (a, b) = (
                timeline.traffic_in(subject, Time::START, middle),
                timeline.traffic_in(subject, middle, until),
            );
            assert_eq!(
                (a.issued + b.issued, a.failed + b.failed),
                (whole.issued, whole.failed),
                "{yaml}"
            );
            let made = timeline.made(subject);
            let steps = timeline.statuses(subject);
            assert_eq!(steps[0].from, made);
            assert!(
                steps.windows(2).all(|pair| pair[0].from < pair[1].from),
                "{yaml}"
            );
            let ends = steps.iter().skip(1).map(|step| step.from).chain([until]);
            let sum: u64 = steps
                .iter()
                .zip(ends)
                .map(|(step, to)| (to - step.from).ms())
                .sum();
            assert_eq!(
                sum,
                (until - made).ms(),
                "states last the whole horizon\n{yaml}"
            );
        });
        told_counts_are_the_counts(&timeline, &yaml);
    }
}

/// What entries say of counts and of lag is what follows from the plain data.
fn told_counts_are_the_counts(timeline: &Timeline, yaml: &str) {
    for entry in &timeline.entries {
        match entry.fact {
            Fact::Queries { counts, .. }
            | Fact::Status { counts, .. }
            | Fact::Traffic { counts, .. } => {
                let counted = timeline.counts_at(entry.subject, entry.time);
                assert_eq!(
                    counts,
                    counted,
                    "{} at {}\n{yaml}",
                    timeline.names.text(entry.subject),
                    entry.time
                );
            }
            Fact::Ingest {
                to,
                lag_ms,
                lag_bytes,
            } => {
                let last_of_instant = timeline
                    .ingests(entry.subject)
                    .iter()
                    .any(|step| step.from == entry.time && step.value == to);
                let lag = timeline.lag_at(entry.subject, entry.time);
                let bytes = timeline.lag_bytes_at(entry.subject, entry.time);
                if last_of_instant && to != Ingest::CatchingUp {
                    assert_eq!(
                        (lag_ms, lag_bytes),
                        (lag.ms(), bytes),
                        "at {}\n{yaml}",
                        entry.time
                    );
                }
            }
            _ => {}
        }
    }
}

#[test]
fn law_11_every_effect_has_a_cause() {
    for case in generated(11, CASES) {
        let yaml = case.yaml();
        let timeline = play(&yaml);
        for (at, entry) in timeline.entries.iter().enumerate() {
            for other in entry.cause.iter().chain(entry.with.iter()) {
                assert!(
                    (*other as usize) < at,
                    "entry {at} stands before its cause\n{yaml}"
                );
                assert!(timeline.entries[*other as usize].time <= entry.time);
            }
            let chain = timeline.chain(at as u32);
            let first = &timeline.entries[*chain.last().expect("a chain") as usize];
            let begins = matches!(
                first.fact,
                Fact::Command { .. } | Fact::Turned { .. } | Fact::OrgRefused { .. }
            );
            assert!(
                begins || from_the_start(&timeline, first.fact, first.subject),
                "entry {at}\n{yaml}"
            );
        }
    }
}

/// What follows from the start itself: entries that nobody asks for run out, and a site that could not start starts.
fn from_the_start(timeline: &Timeline, fact: Fact, subject: Subject) -> bool {
    let _ = (timeline, subject);
    matches!(fact, Fact::Site { .. } | Fact::Status { .. })
}

#[test]
fn law_13_others_are_untouched() {
    for mut case in generated(13, CASES) {
        case.events.retain(|event| {
            matches!(
                event.what,
                What::Key(_, 0, 0)
                    | What::Actions(_, 0, 0, _)
                    | What::Policy(0, 0, _)
                    | What::Region(_, 0, _)
                    | What::Throttled(0, ..)
            )
        });
        for key in &mut case.keys {
            (key.policy, key.state, key.replica) = ("vendor", "Enabled", Some("us-east-1"));
        }
        if parse(&case.yaml()).is_none() {
            continue;
        }
        let timeline = play(&case.yaml());
        for entry in &timeline.entries {
            let name = timeline.names.text(entry.subject);
            let here = !name.contains("us-east-1");
            assert!(here, "{name} is in another region\n{}", case.yaml());
            let home = name.split('/').next().unwrap_or_default();
            let org = case
                .orgs
                .iter()
                .find(|org| home == org.name || home.starts_with(&format!("{}-", org.name)));
            let by_region = case
                .events
                .iter()
                .any(|event| matches!(event.what, What::Region(..) | What::Throttled(..)));
            let own = org.is_none_or(|org| org.key == Some(0) || by_region);
            assert!(own, "{name} is under another key\n{}", case.yaml());
        }
        let untouched = timeline
            .lives
            .iter()
            .filter(|life| timeline.names.text(life.subject).contains("us-east-1"));
        for life in untouched {
            assert_eq!(
                timeline.queries(life.subject).last().map(|step| step.value),
                Some(Queries::All)
            );
            assert_eq!(life.lost_bytes, 0);
        }
    }
    assert_eq!(Span::ZERO.ms(), 0);
}
