//! The forms of expectations: of each one scenario that holds, and one of which nothing holds, with what `keyoutage test` says of it
//! beside it. `KEYOUTAGE_OVERWRITE=1 cargo test --test expectations` writes these texts anew.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "goldens are written on demand"
)]

mod common;
#[path = "common/replay.rs"]
mod replay;

use std::collections::BTreeSet;
use std::mem::discriminant;
use std::path::{Path, PathBuf};

use keyoutage::expect::{Judgement, judge};
use keyoutage::scenario::{Aspect, Bound, Expectation, Quantity, Scenario, When, Who};
use keyoutage::time::Time;

use common::{call, files};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expectations")
}

/// The names that end so, without that end.
fn ending(end: &str) -> Vec<String> {
    let names = files(&folder());
    let all = names.iter().filter_map(|it| it.strip_suffix(end));
    all.map(str::to_owned).collect()
}

fn scenario(name: &str) -> Scenario {
    let text = std::fs::read_to_string(folder().join(name)).expect("it is text");
    replay::read(&text, name, &folder())
        .unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

/// Whether each expectation of a scenario holds.
fn judged(scenario: &Scenario) -> Vec<bool> {
    let timeline = replay::replay(scenario);
    let verdicts = judge(&scenario.expectations, scenario.until, &timeline);
    verdicts
        .iter()
        .map(|it| it.judgement == Judgement::Holds)
        .collect()
}

#[test]
fn each_form_has_one_that_holds_and_one_that_fails() {
    let (holds, fails) = (ending(".holds.yaml"), ending(".fails.yaml"));
    assert!(holds.len() >= 25, "only {} forms", holds.len());
    assert_eq!(holds, fails);
    assert_eq!(fails, ending(".fails.txt"));
}

#[test]
fn what_must_hold_holds() {
    for name in ending(".holds.yaml") {
        let it = scenario(&format!("{name}.holds.yaml"));
        for (asked, holds) in it.expectations.iter().zip(judged(&it)) {
            assert!(holds, "{name}.holds.yaml:{}: {}", asked.line, asked.text);
        }
    }
}

#[test]
fn what_must_fail_fails_and_is_told_as_it_is_pinned() {
    let overwrite = std::env::var_os("KEYOUTAGE_OVERWRITE").is_some();
    for name in ending(".fails.yaml") {
        let file = format!("{name}.fails.yaml");
        let it = scenario(&file);
        for (asked, holds) in it.expectations.iter().zip(judged(&it)) {
            assert!(!holds, "{file}:{}: {}", asked.line, asked.text);
        }
        let ended = call(&folder(), &["test", "--color", "never", &file]);
        assert_eq!((ended.code, ended.err.as_str()), (1, ""), "{file}");
        let pinned = folder().join(format!("{name}.fails.txt"));
        if overwrite {
            std::fs::write(&pinned, &ended.out).expect("the folder can be written");
        }
        let told = snapbox::Data::read_from(&pinned, None);
        snapbox::assert_data_eq!(ended.out, told.raw());
    }
}

/// Whether an expectation is of a form.
type Is = fn(&Expectation) -> bool;

/// Every form the types have is in some scenario that holds, and in some that fails.
#[test]
fn no_form_is_left_out() {
    for end in [".holds.yaml", ".fails.yaml"] {
        let all: Vec<Expectation> = ending(end)
            .iter()
            .flat_map(|name| scenario(&format!("{name}{end}")).expectations)
            .collect();
        let t = Time::START;
        for when in [
            When::At(t),
            When::Given(t),
            When::By(t),
            When::Within(t, t),
            When::Throughout(t, t),
            When::Always,
            When::Never,
            When::Until(t),
            When::Before,
            When::During(t, t),
            When::Whole,
        ] {
            let same = |it: &&Expectation| discriminant(&it.when) == discriminant(&when);
            assert!(all.iter().any(|it| same(&it)), "no {when:?} in *{end}");
        }
        let stays = |is: fn(&When) -> bool| all.iter().any(|it| it.stays.is_some() && is(&it.when));
        assert!(stays(|it| matches!(it, When::By(_))), "*{end}");
        assert!(stays(|it| matches!(it, When::Within(..))), "*{end}");
        let who = |is: fn(&Who) -> bool| all.iter().any(|it| is(&it.who));
        assert!(who(|it| matches!(it, Who::Collections(_, None))), "*{end}");
        assert!(
            who(|it| matches!(it, Who::Collections(_, Some(_)))),
            "*{end}"
        );
        assert!(who(|it| matches!(it, Who::Sites(_))), "*{end}");
        assert!(who(|it| matches!(it, Who::Keys(_))), "*{end}");
        assert!(who(|it| matches!(it, Who::Places(..))), "*{end}");
        let measures = || all.iter().flat_map(|it| &it.what.measures);
        let asked: BTreeSet<Quantity> = measures().map(|it| it.of).collect();
        let missing: Vec<Quantity> = Quantity::all().filter(|it| !asked.contains(it)).collect();
        assert!(missing.is_empty(), "not in *{end}: {missing:?}");
        for bound in [
            Bound::AtMost(0),
            Bound::AtLeast(0),
            Bound::Under(0),
            Bound::Over(0),
            Bound::Exactly(0),
            Bound::Between(0, 0),
            Bound::Never,
        ] {
            let mut same = measures().filter(|it| discriminant(&it.bound) == discriminant(&bound));
            assert!(same.next().is_some(), "no {bound:?} in *{end}");
        }
        let courses = || all.iter().flat_map(|it| &it.what.courses);
        let asked: BTreeSet<Aspect> = courses().map(|it| it.of).collect();
        for aspect in [
            Aspect::Queries,
            Aspect::Ingest,
            Aspect::Status,
            Aspect::Outcome,
            Aspect::Error,
            Aspect::Site,
            Aspect::Access,
            Aspect::Key,
            Aspect::Readable,
        ] {
            assert!(asked.contains(&aspect), "no course of {aspect:?} in *{end}");
        }
        let states: [(&str, Is); 10] = [
            ("queries", |it| it.what.queries.is_some()),
            ("ingest", |it| it.what.ingest.is_some()),
            ("status", |it| it.what.status.is_some()),
            ("outcome", |it| it.what.outcome.is_some()),
            ("lag", |it| it.what.lag.is_some()),
            ("error", |it| it.what.error.is_some()),
            ("state of a site", |it| it.what.site.is_some()),
            ("access", |it| it.what.access.is_some()),
            ("state of a key", |it| it.what.key.is_some()),
            ("readable", |it| it.what.readable.is_some()),
        ];
        for (state, is) in states {
            assert!(all.iter().any(is), "no {state} in *{end}");
        }
    }
}

/// A run in which subjects come and go.
const COMING_AND_GOING: &str = "\
name: What comes and goes
profile: rockset
until: 8h
keys:
  main:
    arn: arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab
    replicas:
      us-east-1: { policy: vendor }
orgs:
  acme:
    key: main
    regions: [us-west-2]
    collections:
      us-west-2/orders: { source: kafka, queries: 20/s, arrivals: 1 MiB/s }
      us-west-2/scratch: { source: file-upload, queries: 1/s, arrivals: 1 KiB/s }
events:
  - { at: 1h, do: AddRegion, org: acme, region: us-east-1 }
  - { at: 1h, do: CreateCollection, org: acme, name: us-east-1/clicks, source: kafka, queries: 5/s, arrivals: 64 KiB/s }
  - { at: 2h, do: DisableKey, key: main, region: us-west-2, for: 30m }
  - { at: 5h, do: DeleteCollection, org: acme, name: us-west-2/scratch }
  # While all calls are throttled nothing is granted: what is made anew waits.
  - { at: 5h30m, do: KmsThrottled, region: us-west-2, share: 100%, for: 1h }
  - { at: 6h, do: RecreateCollection, collections: acme/us-west-2/scratch }
expect:
";

/// What holds of one run is never told to contradict itself, however near it comes.
#[test]
fn what_holds_together_is_no_contradiction() {
    let orders = "collections: acme/us-west-2/orders";
    let scratch = "collections: acme/us-west-2/scratch";
    let first = "collections: \"acme/us-west-2/scratch#1\"";
    let clicks = "collections: acme/us-east-1/clicks";
    let together: [&[String]; 9] = [
        // For the first time at 1h, and always: it is not there before.
        &[
            format!("within: 1h..1h, {clicks}, status: READY"),
            format!("always: true, {clicks}, status: READY, queries: all"),
            format!("never: true, {clicks}, queries: none"),
            "within: 1h..1h, sites: acme/us-east-1, state: operating".to_owned(),
            "always: true, sites: acme/us-east-1, state: operating".to_owned(),
        ],
        // What is asked with its queries is asked while it lives; its status also later.
        &[
            format!("throughout: 3h..8h, {first}, status: READY, queries: all"),
            format!("by: 5h, {first}, status: DELETED"),
            format!("at: 8h, {first}, status: DELETED"),
            format!("throughout: 3h..5h59m59s999ms, {scratch}, status: READY, queries: all"),
            format!("at: 5h30m, {scratch}, status: DELETED"),
        ],
        // Both are judged at 5h15m only where it is there: one before, the other after.
        &[
            format!("throughout: 3h..5h30m, {scratch}, queries: all"),
            format!("from: 5h15m, until: {{ status: READY }}, {scratch}, queries: none"),
        ],
        // A millisecond apart.
        &[
            format!("throughout: 0s..2h4s999ms, {orders}, error: none"),
            format!("from: 2h5s, until: {{ error: none }}, {orders}, error: DisabledException"),
            format!("within: 2h5s..8h, {orders}, error: DisabledException"),
            format!("at: 2h5s, {orders}, error: DisabledException"),
            format!("at: 2h30m5s, {orders}, error: none"),
        ],
        // Never together, and each once.
        &[
            format!("never: true, {orders}, queries: some, ingest: catching_up"),
            format!("by: 2h5m5s, {orders}, queries: some"),
            format!("by: 2h30m15s, {orders}, ingest: catching_up"),
        ],
        // Bounds that meet in one number.
        &[
            format!("{orders}, catch_up: at most 6m2s"),
            format!("{orders}, catch_up: at least 6m2s"),
            format!("{orders}, catch_up: over 6m1s999ms"),
            format!("{orders}, catch_up: under 6m2s1ms"),
            format!("{orders}, catch_up: 6m2s"),
            format!("{orders}, catch_up: 6m2s..7m"),
        ],
        // Numbers of other parts of the run.
        &[
            format!("at: 1h, {orders}, queries_failed: 0"),
            format!("during: 2h10m..2h20m, {orders}, queries_failed: 12001"),
            format!("{orders}, queries_failed: over 12001"),
        ],
        // Courses of other parts of the run.
        &[
            format!("{orders}, exactly: {{ error: [none, DisabledException, none] }}"),
            format!("throughout: 0s..2h, {orders}, exactly: {{ error: [none] }}"),
            format!(
                "throughout: 2h..8h, {orders}, exactly: {{ error: [none, DisabledException, none] }}"
            ),
        ],
        // The lag goes up to 10 s between commits, and down.
        &[
            format!("never: true, {orders}, lag: over 61m"),
            format!("by: 2h30m, {orders}, lag: over 29m"),
            format!("by: 2h30m, {orders}, lag: under 5s"),
        ],
    ];
    for lines in together {
        let expected: String = lines.iter().map(|it| format!("  - {{ {it} }}\n")).collect();
        let held = replay::judged(&format!("{COMING_AND_GOING}{expected}"));
        for (line, holds) in lines.iter().zip(held) {
            assert!(holds, "{line}");
        }
    }
}
