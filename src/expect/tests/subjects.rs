//! Every kind of subject, and every fate of one.

use super::{collections, failure, holds, outage, queries, recreated, selection, status, verdict};
use crate::expect::Judgement;
use crate::expect::made::{calm, time, users};
use crate::scenario::{What, When, Who};
use crate::states::{AccessWord, KeyState, Outcome, Place, Queries, SiteState, Status};
use crate::time::Time;

#[test]
fn sites_keys_and_places_have_their_tracks() {
    let timeline = outage();
    let at = |ms| When::At(time(ms));
    let site = || Who::Sites(selection(&[0]));
    let access = |to| What {
        access: Some(to),
        ..What::default()
    };
    let error = |code: &str| What {
        error: Some(code.to_owned()),
        ..What::default()
    };
    assert!(holds(
        &timeline,
        at(1_004),
        site(),
        access(AccessWord::Granted)
    ));
    assert!(holds(
        &timeline,
        at(1_005),
        site(),
        access(AccessWord::Refused)
    ));
    assert!(holds(&timeline, at(1_004), site(), error("none")));
    assert!(holds(
        &timeline,
        at(1_005),
        site(),
        error("DisabledException")
    ));
    assert!(holds(
        &timeline,
        at(1_005),
        collections(&[0, 1]),
        error("DisabledException")
    ));
    assert!(holds(
        &timeline,
        When::Always,
        collections(&[2, 3]),
        error("none")
    ));
    let operating = What {
        site: Some(SiteState::Operating),
        ..What::default()
    };
    assert!(holds(
        &timeline,
        When::Always,
        Who::Sites(selection(&[0, 1])),
        operating
    ));
    let disabled = |when| {
        let what = What {
            key: Some(KeyState::Disabled),
            ..What::default()
        };
        holds(&timeline, when, Who::Keys(selection(&[0])), what)
    };
    assert!(disabled(When::Within(time(1_000), time(1_000))));
    assert!(!disabled(at(999)));
    let readable = |place, yes| {
        let what = What {
            readable: Some(yes),
            ..What::default()
        };
        holds(
            &timeline,
            at(2_500),
            Who::Places(selection(&[0]), vec![place]),
            what,
        )
    };
    assert!(readable(Place::Storage, false));
    assert!(
        readable(Place::Cache, true),
        "`users` still has live entries"
    );
    assert!(readable(Place::Transit, true));
}

#[test]
fn a_name_means_the_incarnation_that_lives() {
    let timeline = recreated();
    let first = || Who::Collections(selection(&[0]), Some(1));
    let second = || Who::Collections(selection(&[0]), Some(2));
    let at = |ms| When::At(time(ms));
    let lost = || What {
        outcome: Some(Outcome::RecreateWithLoss),
        ..What::default()
    };
    let name = || collections(&[0]);
    for (when, who, what, expected) in [
        (at(3_999), name(), status(Status::Paused), true),
        (at(4_000), name(), status(Status::Created), true),
        (at(4_500), name(), status(Status::Ready), true),
        (at(6_000), name(), status(Status::Deleted), true),
        (at(9_000), name(), status(Status::Deleted), true),
        (at(2_499), name(), lost(), false),
        (at(2_500), name(), lost(), true),
        (at(4_000), name(), lost(), false),
        (at(9_000), first(), lost(), true),
        (at(9_000), first(), status(Status::Deleted), true),
        (at(3_999), second(), status(Status::Created), false),
        (at(4_000), second(), status(Status::Created), true),
        (at(5_999), name(), queries(Queries::None), true),
        (at(6_000), name(), queries(Queries::None), false),
        (
            When::Throughout(time(4_000), time(9_000)),
            name(),
            queries(Queries::None),
            true,
        ),
        (
            When::Throughout(time(3_999), time(9_000)),
            second(),
            queries(Queries::None),
            true,
        ),
        (
            When::Throughout(time(6_000), time(9_000)),
            name(),
            queries(Queries::None),
            false,
        ),
    ] {
        assert_eq!(
            holds(&timeline, when, who, what.clone()),
            expected,
            "{when:?} {what:?}"
        );
    }
    let told = failure(&timeline, at(6_500), name(), queries(Queries::None));
    assert_eq!(told.was, "deleted at 6s");
    assert_eq!(told.instant, None);
    let told = failure(&timeline, at(3_000), second(), status(Status::Ready));
    assert_eq!(told.was, "not there yet at 3s; made at 4s");
    let told = failure(&timeline, at(5_000), name(), status(Status::Paused));
    assert_eq!(told.subject.incarnation, 2);
}

#[test]
fn who_was_never_there_never_holds() {
    let mut timeline = calm(10_000, 2);
    timeline.plain[0][3].from_start = false;
    timeline.sites[1].since = Time::NEVER;
    let ids = [3, 4];
    for when in [
        When::At(time(5)),
        When::By(time(5)),
        When::Always,
        When::Never,
    ] {
        let verdict = verdict(&timeline, when, collections(&ids), queries(Queries::All));
        assert_eq!((verdict.judgement, verdict.failed), (Judgement::Fails, 2));
        assert_eq!(verdict.failures[0].was, "it was never there in this run");
        assert_eq!(verdict.failures[0].nearest, None);
    }
    let operating = What {
        site: Some(SiteState::Operating),
        ..What::default()
    };
    assert!(!holds(
        &timeline,
        When::Never,
        Who::Sites(selection(&[1])),
        operating
    ));
}

#[test]
fn users_are_left_out_of_what_happens_to_clicks() {
    let timeline = outage();
    assert!(holds(
        &timeline,
        When::Always,
        collections(&[users().id]),
        queries(Queries::All)
    ));
}
