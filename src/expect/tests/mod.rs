//! Judging by tables, on timelines made by hand.

mod bounds;
mod subjects;
mod told;

use super::made::{calm, clicks, counts, east, enter, finish, replica};
use super::{Failure, Judgement, Verdict, judge};
use crate::names::Subject;
use crate::scenario::{Expectation, Selection, What, When, Who};
use crate::states::{AccessWord, Ingest, KeyState, Outcome, Queries, Status};
use crate::timeline::{By, Fact, Timeline};

fn selection(ids: &[u32]) -> Selection {
    let mut selection = Selection::default();
    ids.iter().for_each(|id| selection.push(*id));
    selection
}

fn collections(ids: &[u32]) -> Who {
    Who::Collections(selection(ids), None)
}

fn expectation(when: When, who: Who, what: What) -> Expectation {
    Expectation {
        when,
        stays: None,
        other: What::default(),
        who,
        what,
        line: 31,
        column: 5,
        text: "as written".to_owned(),
    }
}

fn verdict(timeline: &Timeline, when: When, who: Who, what: What) -> Verdict {
    let all = [expectation(when, who, what)];
    let mut verdicts = judge(&all, timeline.until, timeline);
    assert_eq!(verdicts.len(), 1);
    verdicts.remove(0)
}

fn holds(timeline: &Timeline, when: When, who: Who, what: What) -> bool {
    verdict(timeline, when, who, what).judgement == Judgement::Holds
}

fn failure(timeline: &Timeline, when: When, who: Who, what: What) -> Failure {
    let mut verdict = verdict(timeline, when, who, what);
    assert_eq!(verdict.judgement, Judgement::Fails);
    verdict.failures.remove(0)
}

fn queries(to: Queries) -> What {
    What {
        queries: Some(to),
        ..What::default()
    }
}

fn status(to: Status) -> What {
    What {
        status: Some(to),
        ..What::default()
    }
}

/// The key is switched off at 1,000; seen at 1,005; `clicks` halts at 1,100 and serves none in [2,000, 3,000).
fn outage() -> Timeline {
    let mut timeline = calm(10_000, 3);
    timeline
        .texts
        .push("key: main, region: us-east-1".to_owned());
    let command = Fact::Command {
        verb: "DisableKey",
        fields: 0,
        by: By::Written,
    };
    let state = Fact::State {
        from: KeyState::Enabled,
        to: KeyState::Disabled,
    };
    let refused = Fact::Access {
        to: AccessWord::Refused,
        access: 1,
    };
    let halted = Fact::Ingest {
        to: Ingest::Halted,
        lag_ms: 0,
        lag_bytes: 0,
    };
    let serves = |to, live| Fact::Queries {
        to,
        live,
        counts: counts(),
    };
    let t = &mut timeline;
    let command = enter(t, 1_000, replica(), command, None);
    enter(t, 1_000, replica(), state, Some(command));
    let access = enter(t, 1_005, east(), refused, Some(command));
    enter(t, 1_100, clicks(), halted, Some(access));
    enter(t, 1_500, clicks(), serves(Queries::Some, 5), Some(access));
    enter(t, 2_000, clicks(), serves(Queries::None, 0), Some(access));
    enter(t, 3_000, clicks(), serves(Queries::All, 16), Some(access));
    finish(t);
    timeline
}

/// `clicks` is paused at 2,000, lost at 2,500, made anew at 4,000 as `#2`, and deleted at 6,000.
fn recreated() -> Timeline {
    let mut timeline = calm(10_000, 1);
    let t = &mut timeline;
    let paused = Fact::Status {
        from: Status::Pausing,
        to: Status::Paused,
        counts: counts(),
    };
    let lost = Fact::Outcome {
        to: Outcome::RecreateWithLoss,
        bytes: 5,
    };
    let second = Subject {
        incarnation: 2,
        ..clicks()
    };
    let ready = Fact::Status {
        from: Status::Created,
        to: Status::Ready,
        counts: counts(),
    };
    let paused = enter(t, 2_000, clicks(), paused, None);
    enter(t, 2_500, clicks(), lost, Some(paused));
    let gone = enter(t, 4_000, clicks(), Fact::Deleted, None);
    enter(t, 4_000, second, Fact::Recreated, Some(gone));
    enter(t, 4_500, second, ready, Some(gone));
    enter(t, 6_000, second, Fact::Deleted, None);
    finish(t);
    timeline
}
