//! Every bound that an expectation has is sharp: over generated outages the very bound is read from the timeline; with it the
//! expectation holds, and with the bound moved by one (a millisecond, a query, a byte) to the wrong side it does not.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "what the tests share walks the shipped scenarios"
)]

#[path = "common/replay.rs"]
mod replay;

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use keyoutage::expect::{Judgement, judge};
use keyoutage::names::Subject;
use keyoutage::scenario::{Expectation, Quantity};
use keyoutage::states::{Measure, Milestone, Outcome, Place, Unit};
use keyoutage::time::Time;
use keyoutage::timeline::{Step, Timeline};

/// The end of each run.
const UNTIL: u64 = 16 * HOUR;
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
/// Queries come every so many milliseconds, from the start on.
const EVERY: u64 = 50;

/// An outage: when, how long, and the numbers of the service.
#[derive(Clone, Debug)]
struct Outage {
    start: u64,
    length: u64,
    lose: u64,
    regain: u64,
    life: u64,
    pause: u64,
    seed: u64,
    support: bool,
}

fn outages() -> impl Strategy<Value = Outage> {
    (
        (10 * MINUTE..3 * HOUR, MINUTE..7 * HOUR),
        (0..MINUTE, 0..MINUTE),
        (MINUTE..10 * MINUTE, 2 * HOUR..5 * HOUR),
        (any::<u64>(), any::<bool>()),
    )
        .prop_map(
            |((start, length), (lose, regain), (life, pause), (seed, support))| Outage {
                start,
                length,
                lose,
                regain,
                life,
                pause,
                seed,
                support,
            },
        )
}

impl Outage {
    fn text(&self) -> String {
        let Outage {
            start,
            length,
            lose,
            regain,
            life,
            pause,
            ..
        } = self;
        let contact = match self.support {
            true => format!(
                "  - {{ at: {}ms, do: ContactSupport, collections: acme/*/* }}\n",
                start + length
            ),
            false => String::new(),
        };
        format!(
            "\
name: An outage
profile: rockset
until: {UNTIL}ms
seed: {seed}
set: {{ visibility.lose: {lose}ms, visibility.regain: {regain}ms, cache.life: {life}ms, pause.after: {pause}ms, support.delay: 1h }}
keys:
  main: {{ arn: arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab, policy: vendor }}
orgs:
  acme:
    key: main
    regions: [us-west-2]
    collections:
      us-west-2/orders: {{ source: kafka, queries: 20/s, arrivals: 1 MiB/s }}
      us-west-2/clicks: {{ source: write-api, queries: 20/s, arrivals: 64 KiB/s }}
events:
  - {{ at: {start}ms, do: DisableKey, key: main, region: us-west-2, for: {length}ms }}
{contact}",
            seed = self.seed >> 1,
        )
    }
}

/// One expectation twice: with a bound that holds, and with one that does not.
struct Pair {
    form: &'static str,
    holds: String,
    fails: Option<String>,
}

/// All pairs of one run.
#[derive(Default)]
struct Pairs(Vec<Pair>);

impl Pairs {
    fn add(&mut self, form: &'static str, what: &str, holds: String, fails: Option<String>) {
        self.0.push(Pair {
            form,
            holds: format!("  - {{ {holds}, {what} }}\n"),
            fails: fails.map(|it| format!("  - {{ {it}, {what} }}\n")),
        });
    }

    /// The bounds of each stretch of a state: `who` is so as the steps say, `name` is its state.
    fn stretches(&mut self, who: &str, name: &str, steps: &[(u64, String)]) {
        for (index, (from, word)) in steps.iter().enumerate() {
            let what = format!("{who}, {name}: {word}");
            let from = *from;
            let next = steps.get(index + 1);
            // Its last instant, and the first one at which it is something else.
            let last = next.map_or(UNTIL, |it| it.0 - 1);
            let after = next.map(|it| it.0);
            let before = from.checked_sub(1);
            let at = |t: u64| format!("at: {t}ms");
            self.add("at, its beginning", &what, at(from), before.map(at));
            self.add("at, its end", &what, at(last), after.map(at));
            let window = |a: u64, b: u64| format!("throughout: {a}ms..{b}ms");
            let early = before.map(|it| window(it, last));
            self.add(
                "throughout, its beginning",
                &what,
                window(from, last),
                early,
            );
            let late = after.map(|it| window(from, it));
            self.add("throughout, its end", &what, window(from, last), late);
            if let Some((end, other)) = next {
                let until = |t: u64| format!("from: {t}ms, until: {{ {name}: {other} }}");
                self.add("from", &what, until(from), before.map(until));
                assert!(*end > from);
            }
            if steps[..index].iter().any(|it| it.1 == *word) {
                continue;
            }
            let by = |t: u64| format!("by: {t}ms");
            self.add("by", &what, by(from), before.map(by));
            let within = |a: u64, b: u64| format!("within: {a}ms..{b}ms");
            let late = (from < UNTIL).then(|| within(from + 1, UNTIL));
            self.add("within, its beginning", &what, within(from, UNTIL), late);
            let early = before.map(|it| within(0, it));
            self.add("within, its end", &what, within(0, from), early);
            let length = after.unwrap_or(UNTIL) - from;
            let stays = |when: String, span: u64| format!("{when}, stays: {span}ms");
            if length > 0 && next.is_some() {
                let longer = Some(stays(by(from), length + 1));
                self.add("by, stays", &what, stays(by(from), length), longer);
                let only = within(from, from);
                let longer = Some(stays(only.clone(), length + 1));
                self.add("within, stays", &what, stays(only, length), longer);
            }
        }
    }

    /// All kinds of bounds of one number.
    fn bounds(&mut self, who: &str, of: &str, unit: Unit, value: i128) {
        let number = |it: i128| match unit {
            Unit::Count => it.to_string(),
            Unit::Bytes => format!("{it} B"),
            Unit::Length | Unit::Instant => format!("{it}ms"),
        };
        // What cannot be written: less than nothing, but for the slack.
        let can = |it: &i128| *it >= 0 || of == "source_slack";
        let mut add = |form, holds: (i128, &dyn Fn(i128) -> String), fails: i128| {
            if can(&holds.0) {
                let fails = Some(fails).filter(can).map(holds.1);
                self.add(
                    form,
                    who,
                    format!("{of}: {}", holds.1(holds.0)),
                    fails.map(|it| format!("{of}: {it}")),
                );
            }
        };
        let word = |word: &'static str| move |it: i128| format!("{word} {}", number(it));
        add("at most", (value, &word("at most")), value - 1);
        add("at least", (value, &word("at least")), value + 1);
        add("under", (value + 1, &word("under")), value);
        add("over", (value - 1, &word("over")), value);
        add("just that", (value, &number), value + 1);
        add("just that", (value, &number), value - 1);
        let (low, high) = (number(value - 3), number(value + 3));
        add(
            "a range, its beginning",
            (value, &|it| format!("{}..{high}", number(it))),
            value + 1,
        );
        if can(&(value - 3)) {
            add(
                "a range, its end",
                (value, &|it| format!("{low}..{}", number(it))),
                value - 1,
            );
        }
    }
}

fn words<T>(steps: Vec<Step<T>>, word: impl Fn(&T) -> String) -> Vec<(u64, String)> {
    let mut all: Vec<(u64, String)> = Vec::new();
    for step in steps {
        let word = word(&step.value);
        // Of several at one instant the last is so.
        if all.last().is_some_and(|last| last.0 == step.from.ms()) {
            all.pop();
        }
        if all.last().is_none_or(|last| last.1 != word) {
            all.push((step.from.ms(), word));
        }
    }
    all
}

/// What a run is asked.
fn pairs(timeline: &Timeline, outage: &Outage) -> Pairs {
    let mut pairs = Pairs::default();
    for name in ["acme/us-west-2/orders", "acme/us-west-2/clicks"] {
        let subject = replay::collection(timeline, name);
        collection(&mut pairs, timeline, outage, name, subject);
    }
    let orders = replay::collection(timeline, "acme/us-west-2/orders");
    let site = timeline.names.home(orders.id).site;
    let accesses = || timeline.accesses_of(site);
    let access = words(accesses(), |it| {
        timeline.accesses[*it as usize].word().word().to_owned()
    });
    let error = words(accesses(), |it| {
        let code = timeline.accesses[*it as usize].error();
        code.unwrap_or("none").to_owned()
    });
    pairs.stretches("sites: acme/us-west-2", "access", &access);
    pairs.stretches("sites: acme/us-west-2", "error", &error);
    pairs.stretches("collections: acme/us-west-2/orders", "error", &error);
    let states = words(timeline.key_states(0), |it| it.word().to_owned());
    pairs.stretches("keys: main/us-west-2", "state", &states);
    for (place, name) in [(Place::Storage, "storage"), (Place::Cache, "cache")] {
        let readable = words(timeline.readable(site, place), |it| {
            if *it { "yes" } else { "no" }.to_owned()
        });
        pairs.stretches(
            &format!("places: acme/us-west-2/{name}"),
            "readable",
            &readable,
        );
    }
    pairs
}

fn collection(
    pairs: &mut Pairs,
    timeline: &Timeline,
    outage: &Outage,
    name: &str,
    subject: Subject,
) {
    let who = format!("collections: {name}");
    let queries = words(timeline.queries(subject), |it| it.word().to_owned());
    let ingest = words(timeline.ingests(subject), |it| it.word().to_owned());
    let status = words(timeline.statuses(subject), |it| it.word().to_owned());
    pairs.stretches(&who, "queries", &queries);
    pairs.stretches(&who, "ingest", &ingest);
    pairs.stretches(&who, "status", &status);
    let outcomes = words(timeline.outcomes(subject), |it| {
        it.map_or("none yet", Outcome::word).to_owned()
    });
    // Before there is one nothing is so: only what comes last has a beginning that can be asked.
    if let [(_, _), (from, word)] = outcomes.as_slice() {
        let what = format!("{who}, outcome: {word}");
        let by = |t: u64| format!("by: {t}ms");
        pairs.add("by", &what, by(*from), Some(by(from - 1)));
    }
    lag(pairs, timeline, outage, &who, subject);
    counts(pairs, timeline, outage, &who, subject);
    let measures = timeline.measures(subject);
    for of in Quantity::all() {
        let ms = |it: Option<Time>| it.map(|it| i128::from(it.ms()));
        let span = |it: Option<keyoutage::time::Span>| it.map(|it| i128::from(it.ms()));
        let total = timeline.counts_at(subject, timeline.until);
        let value = match of {
            Quantity::Milestone(it) => ms(timeline.milestone(subject, it)),
            Quantity::Measure(it) => match it {
                Measure::QueriesIssued => Some(i128::from(total.issued)),
                Measure::QueriesServed => Some(i128::from(total.served())),
                Measure::QueriesFailed => Some(i128::from(total.failed)),
                Measure::Fault => ms(measures.fault),
                Measure::ToFirstFailedQuery => span(measures.to_first_failed_query),
                Measure::CacheGrace => span(measures.cache_grace),
                Measure::ToHalt => span(measures.to_halt),
                Measure::ToPause => span(measures.to_pause),
                Measure::RestoreDeadline => ms(measures.restore_deadline),
                Measure::Unavailable => span(Some(measures.unavailable)),
                Measure::GreatestLag => span(Some(measures.greatest_lag)),
                Measure::CatchUp => span(measures.catch_up),
                Measure::SourceSlack => measures.source_slack_ms.map(i128::from),
                Measure::LostBytes => Some(i128::from(measures.lost_bytes)),
            },
        };
        match value {
            Some(value) => pairs.bounds(&who, of.word(), of.unit(), value),
            None => {
                let never = format!("{}: never", of.word());
                let ever = match of.unit() {
                    Unit::Bytes => "at least 0 B",
                    Unit::Count => "at least 0",
                    Unit::Length | Unit::Instant => "at least 0ms",
                };
                let ever = Some(format!("{}: {ever}", of.word()));
                pairs.add("never", &who, never, ever);
            }
        }
    }
    let paused = timeline.milestone(subject, Milestone::Paused);
    if paused.is_some() {
        let halted = "ingest: halted, before: { status: PAUSED }".to_owned();
        let other = "status: PAUSED, before: { ingest: halted }".to_owned();
        pairs.add("before", &who, halted, Some(other));
    }
}

/// The lag in the middle of the outage, and at the end of the run.
fn lag(pairs: &mut Pairs, timeline: &Timeline, outage: &Outage, who: &str, subject: Subject) {
    let middle = Time::from_ms(outage.start + outage.length / 2);
    for time in [middle, timeline.until] {
        let lag = timeline.lag_at(subject, time).ms();
        let at = format!("at: {}ms", time.ms());
        let bound = |word: &str, ms: u64| format!("{at}, lag: {word} {ms}ms");
        let under = Some(bound("under", lag));
        pairs.add("lag, under", who, bound("under", lag + 1), under);
        if lag > 0 {
            let over = Some(bound("over", lag));
            pairs.add("lag, over", who, bound("over", lag - 1), over);
        }
    }
}

/// Counts up to an instant at which a query comes, and in a window from one to one.
fn counts(pairs: &mut Pairs, timeline: &Timeline, outage: &Outage, who: &str, subject: Subject) {
    let from = outage.start / EVERY * EVERY;
    let to = from + outage.length / EVERY * EVERY;
    let until = |ms: u64| Time::from_ms(ms).next();
    let at = timeline.traffic_in(subject, Time::START, until(to));
    let during = timeline.traffic_in(subject, Time::from_ms(from), until(to));
    let issued = |when: String, count: u64| format!("{when}, queries_issued: {count}");
    let up_to = |ms: u64| format!("at: {ms}ms");
    let count = |ms: u64| issued(up_to(ms), at.issued);
    pairs.add("at, of counts", who, count(to), Some(count(to - 1)));
    let window = |a: u64, b: u64| format!("during: {a}ms..{b}ms");
    let count = |a: u64, b: u64| issued(window(a, b), during.issued);
    let late = Some(count(from + 1, to));
    pairs.add("during, its beginning", who, count(from, to), late);
    let early = Some(count(from, to - 1));
    pairs.add("during, its end", who, count(from, to), early);
    let pieces = [(up_to(to), at), (window(from, to), during)];
    for (when, counts) in pieces {
        let who = format!("{when}, {who}");
        for (of, value) in [
            ("queries_issued", counts.issued),
            ("queries_served", counts.served()),
            ("queries_failed", counts.failed),
        ] {
            pairs.bounds(&who, of, Unit::Count, i128::from(value));
        }
    }
}

/// Whether each expectation holds, of a run that is known.
fn holding(expectations: &[Expectation], timeline: &Timeline) -> Vec<bool> {
    let verdicts = judge(expectations, timeline.until, timeline);
    verdicts
        .iter()
        .map(|it| it.judgement == Judgement::Holds)
        .collect()
}

const FORMS: [&str; 24] = [
    "at, its beginning",
    "at, its end",
    "throughout, its beginning",
    "throughout, its end",
    "from",
    "by",
    "within, its beginning",
    "within, its end",
    "by, stays",
    "within, stays",
    "before",
    "lag, under",
    "lag, over",
    "at, of counts",
    "during, its beginning",
    "during, its end",
    "at most",
    "at least",
    "under",
    "over",
    "just that",
    "a range, its beginning",
    "a range, its end",
    "never",
];

#[test]
fn one_more_or_less_turns_the_verdict() {
    let config = Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    };
    let dice = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, dice);
    let seen = std::cell::RefCell::new(BTreeSet::new());
    let outcome = runner.run(&outages(), |outage| {
        let text = outage.text();
        let timeline = replay::replay(&replay::good(&text));
        let pairs = pairs(&timeline, &outage);
        // All that holds stands in one file: what holds together contradicts nothing.
        let all: String = pairs.0.iter().map(|it| it.holds.as_str()).collect();
        let scenario = replay::good(&format!("{text}expect:\n{all}"));
        let held = holding(&scenario.expectations, &timeline);
        for (pair, holds) in pairs.0.iter().zip(held) {
            prop_assert!(holds, "{}: {} fails", pair.form, pair.holds);
        }
        for pair in &pairs.0 {
            let Some(fails) = &pair.fails else { continue };
            let text = format!("{text}expect:\n{fails}");
            // What no run can be within, such as less than nothing, is refused before any run.
            if replay::wrong(&text) == ["E036"] {
                continue;
            }
            let scenario = replay::good(&text);
            let held = holding(&scenario.expectations, &timeline);
            prop_assert_eq!(held, vec![false], "{}: {} holds", pair.form, fails);
            seen.borrow_mut().insert(pair.form);
        }
        Ok(())
    });
    if let Err(why) = outcome {
        panic!("{why}");
    }
    let seen = seen.into_inner();
    let missing: Vec<&str> = FORMS.into_iter().filter(|it| !seen.contains(it)).collect();
    assert!(missing.is_empty(), "never tried: {missing:?}");
}
