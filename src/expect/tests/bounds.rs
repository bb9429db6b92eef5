//! Every form of `when`, true and false, and each bound off by a millisecond.

use super::{collections, expectation, failure, holds, outage, queries};
use crate::expect::made::{calm, clicks, counts, enter, finish, time};
use crate::expect::{Judgement, all_hold, judge};
use crate::scenario::{What, When};
use crate::states::{Ingest, Queries};
use crate::timeline::Fact;

#[test]
fn each_when_turns_at_its_bound() {
    let timeline = outage();
    let at = |ms| When::At(time(ms));
    let by = |ms| When::By(time(ms));
    let within = |from, to| When::Within(time(from), time(to));
    let throughout = |from, to| When::Throughout(time(from), time(to));
    for (when, expected) in [
        (at(1_999), false),
        (at(2_000), true),
        (at(2_999), true),
        (at(3_000), false),
        (by(1_999), false),
        (by(2_000), true),
        (by(9_000), true),
        (within(1_000, 1_999), false),
        (within(1_000, 2_000), true),
        (within(2_000, 2_000), true),
        (within(2_001, 9_000), false),
        (throughout(2_000, 2_999), true),
        (throughout(1_999, 2_999), false),
        (throughout(2_000, 3_000), false),
        (When::Always, false),
        (When::Never, false),
    ] {
        let what = queries(Queries::None);
        assert_eq!(
            holds(&timeline, when, collections(&[0]), what),
            expected,
            "{when:?}"
        );
    }
    assert!(holds(
        &timeline,
        When::Always,
        collections(&[1, 2, 3]),
        queries(Queries::All)
    ));
    assert!(holds(
        &timeline,
        When::Never,
        collections(&[1, 2, 3]),
        queries(Queries::Some)
    ));
}

#[test]
fn the_end_has_the_last_state() {
    let mut timeline = calm(10_000, 1);
    let to = Fact::Queries {
        to: Queries::None,
        live: 0,
        counts: counts(),
    };
    enter(&mut timeline, 9_999, clicks(), to, None);
    finish(&mut timeline);
    let who = || collections(&[0]);
    let none = || queries(Queries::None);
    assert!(holds(&timeline, When::At(time(10_000)), who(), none()));
    assert!(holds(
        &timeline,
        When::Throughout(time(9_999), time(10_000)),
        who(),
        none()
    ));
    assert!(!holds(
        &timeline,
        When::Within(time(10_000), time(10_000)),
        who(),
        none()
    ));
    assert!(!holds(
        &timeline,
        When::Always,
        who(),
        queries(Queries::All)
    ));
}

#[test]
fn all_that_is_named_holds_at_one_instant() {
    let timeline = outage();
    let both = |ingest| What {
        queries: Some(Queries::All),
        ingest: Some(ingest),
        ..What::default()
    };
    let within = |from, to| When::Within(time(from), time(to));
    let who = || collections(&[0]);
    assert!(holds(
        &timeline,
        within(1_100, 1_100),
        who(),
        both(Ingest::Halted)
    ));
    assert!(holds(
        &timeline,
        When::At(time(1_499)),
        who(),
        both(Ingest::Halted)
    ));
    assert!(!holds(
        &timeline,
        When::At(time(1_500)),
        who(),
        both(Ingest::Halted)
    ));
    assert!(!holds(
        &timeline,
        When::At(time(2_500)),
        who(),
        both(Ingest::Running)
    ));
    let told = failure(
        &timeline,
        When::By(time(5_000)),
        who(),
        both(Ingest::CatchingUp),
    );
    assert_eq!(told.was, "queries all, ingest halted at 5s");
    assert_eq!(
        told.nearest.as_deref(),
        Some(
            "queries all first from 0s until 1s500ms; ingest catching_up at no time; never together"
        )
    );
}

#[test]
fn a_shortened_run_judges_nothing_beyond_it() {
    let timeline = outage();
    let own = time(20_000);
    let judged = |when, until| {
        let all = [expectation(when, collections(&[0]), queries(Queries::Some))];
        judge(&all, until, &timeline)
    };
    for (when, judgement) in [
        (When::At(time(9_999)), Judgement::Fails),
        (When::At(time(10_000)), Judgement::NotJudged),
        (When::By(time(12_000)), Judgement::NotJudged),
        (When::Within(time(0), time(9_999)), Judgement::Holds),
        (
            When::Throughout(time(0), time(10_000)),
            Judgement::NotJudged,
        ),
        (When::Always, Judgement::NotJudged),
        (When::Never, Judgement::NotJudged),
    ] {
        assert_eq!(judged(when, own)[0].judgement, judgement, "{when:?}");
    }
    assert!(all_hold(&judged(When::Never, own)));
    assert!(!all_hold(&judged(When::Never, timeline.until)));
}
