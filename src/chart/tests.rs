//! Pictures of timelines made by hand.

use crate::chart::layout::Picture;
use crate::chart::look::Look;
use crate::chart::place::strokes;
use crate::chart::{Failed, picture};
use crate::expect::made;
use crate::names::Subject;
use crate::states::{AccessWord, Ingest, Outcome, Queries, Status};
use crate::timeline::{Fact, Timeline};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// The replica in us-east-1 is disabled from 1h to 6h; clicks never comes back, users does.
fn outage() -> Timeline {
    let mut timeline = made::calm(24 * HOUR, 3);
    let visible = HOUR + 5_000;
    let access = |to, access| Fact::Access { to, access };
    let refused = access(AccessWord::Refused, 1);
    made::enter(&mut timeline, visible, made::east(), refused, None);
    lost(&mut timeline, made::clicks(), 0);
    lost(&mut timeline, made::users(), 7_000);
    let granted = access(AccessWord::Granted, 0);
    made::enter(&mut timeline, 6 * HOUR + 5_000, made::east(), granted, None);
    let outcome = Fact::Outcome {
        to: Outcome::RecreateWithLoss,
        bytes: 1,
    };
    made::enter(
        &mut timeline,
        5 * HOUR + 10 * MINUTE,
        made::clicks(),
        outcome,
        None,
    );
    back(&mut timeline, made::users());
    timeline.entries.sort_by_key(|entry| entry.time);
    made::finish(&mut timeline);
    timeline
}

fn lost(timeline: &mut Timeline, who: Subject, later: u64) {
    let start = HOUR + 8_000 + later;
    ingest(timeline, start, who, Ingest::Halted);
    status(
        timeline,
        start,
        who,
        Status::Ready,
        Status::EncryptionKeyError,
    );
    queries(timeline, start + 10_000, who, Queries::Some);
    queries(timeline, start + 4 * MINUTE + 40_000, who, Queries::None);
    let due = start + 4 * HOUR;
    status(
        timeline,
        due,
        who,
        Status::EncryptionKeyError,
        Status::Pausing,
    );
    status(
        timeline,
        due + 5 * MINUTE,
        who,
        Status::Pausing,
        Status::Paused,
    );
}

fn back(timeline: &mut Timeline, who: Subject) {
    let start = 14 * HOUR;
    status(timeline, start, who, Status::Paused, Status::Resuming);
    status(
        timeline,
        start + 15 * MINUTE,
        who,
        Status::Resuming,
        Status::Ready,
    );
    queries(timeline, start + 15 * MINUTE, who, Queries::All);
    ingest(timeline, start + 15 * MINUTE, who, Ingest::CatchingUp);
    ingest(timeline, start + 100 * MINUTE, who, Ingest::Running);
}

fn status(timeline: &mut Timeline, at: u64, who: Subject, from: Status, to: Status) {
    let counts = made::counts();
    made::enter(timeline, at, who, Fact::Status { from, to, counts }, None);
}

fn queries(timeline: &mut Timeline, at: u64, who: Subject, to: Queries) {
    let counts = made::counts();
    let live = if to == Queries::None { 0 } else { 8 };
    made::enter(timeline, at, who, Fact::Queries { to, live, counts }, None);
}

fn ingest(timeline: &mut Timeline, at: u64, who: Subject, to: Ingest) {
    let fact = Fact::Ingest {
        to,
        lag_ms: 0,
        lag_bytes: 0,
    };
    made::enter(timeline, at, who, fact, None);
}

fn failed() -> Failed {
    Failed {
        number: 3,
        at: made::time(7 * HOUR),
        subject: Some(made::users()),
        text: "{ at: 7h, collections: acme/us-east-1/users, queries: all }".to_owned(),
        of: (1, 2),
    }
}

#[test]
fn a_lane_is_told_in_words_as_it_is_drawn() {
    let svg = picture(&outage(), &[]);
    for sentence in [
        "acme/us-east-1/clicks: serving from 0s to 1h00m05s, from cache from 1h00m05s to 1h04m48s, \
         queries fail, ingest halted from 1h04m48s to 5h00m08s, paused from 5h00m08s to 5h10m, \
         must be recreated from 5h10m to the end.",
        "Fault: main/us-east-1: disabled from 1h00m05s to 6h00m05s.",
        "acme/us-west-2/* (4 collections): serving from 0s to the end.",
        "Deadline: caches gone by 1h04m55s.",
    ] {
        assert!(svg.contains(sentence), "{sentence} is not in\n{svg}");
    }
}

#[test]
fn the_picture_is_small_and_always_the_same() {
    let timeline = outage();
    let svg = picture(&timeline, &[failed()]);
    assert!(svg.len() <= 60_000, "{} bytes", svg.len());
    assert_eq!(svg, picture(&timeline, &[failed()]));
    assert!(svg.contains("✗ 3"));
    assert!(svg.contains("role=\"img\""));
}

#[test]
fn names_cannot_break_the_picture() {
    let mut timeline = outage();
    timeline.scenario =
        "]]></title><script>alert('1')</script>\u{1b}[2J\u{202e}\u{ffff}&x;".to_owned();
    let mut mark = failed();
    mark.text.clone_from(&timeline.scenario);
    let svg = picture(&timeline, &[mark]);
    assert!(!svg.contains("<script"));
    assert!(!svg.chars().any(|it| it.is_control() && it != '\n'));
}

#[test]
fn many_collections_are_few_lanes() {
    let timeline = made::calm(24 * HOUR, 100_000);
    let svg = picture(&timeline, &[]);
    assert!(svg.contains("acme/us-west-2/* (100,001 collections)"));
}

#[test]
fn what_was_short_is_not_drawn_on_over_what_followed() {
    let mut timeline = made::calm(1_000 * 24 * HOUR, 1);
    let day = 500 * 24 * HOUR;
    for (later, word) in [(0, AccessWord::Refused), (10 * MINUTE, AccessWord::Granted)] {
        let access = Fact::Access {
            to: word,
            access: u32::from(word == AccessWord::Refused),
        };
        made::enter(&mut timeline, day + later, made::east(), access, None);
    }
    made::finish(&mut timeline);
    let picture = Picture::new(&timeline, &[]);
    let whole = picture.panels.last().expect("a panel");
    let sick = &picture.lanes[0].history.bands;
    let drawn = strokes(whole, sick.iter().map(|it| (it.from, it.to, it.look)));
    let right = whole.left + whole.width;
    let (from, to, look) = *drawn.last().expect("a band");
    assert_eq!((to, look), (right, Look::Serving));
    assert!(right - from > whole.width / 3, "{drawn:?}");
}

#[test]
fn one_expectation_is_told_once_however_many_show_it() {
    let one = failed();
    let other = Failed {
        subject: Some(made::clicks()),
        of: (2, 2),
        ..failed()
    };
    let svg = picture(&outage(), &[other, one]);
    assert_eq!(svg.matches("Expectation 3 does not hold").count(), 1);
    assert_eq!(svg.matches("✗ 3 at 7h (2 of 2): ").count(), 1);
}

#[test]
fn a_lane_of_many_says_how_many_whole() {
    let svg = picture(&made::calm(24 * HOUR, 100_000), &[]);
    assert!(svg.contains(">\n100,001 collections\n<"), "{svg}");
}
