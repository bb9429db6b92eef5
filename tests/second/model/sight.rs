//! What callers see of a replica: its changes, each at its visible time, unless a later one was visible before it.

use std::rc::Rc;

use keyoutage::profile::{CannotTell, Rules};
use keyoutage::states::KeyState;

use super::policy::{Answer, Document};
use super::told::Told;

/// A change of one thing of a replica, in the order in which they were commanded.
#[derive(Clone)]
pub struct Change<T> {
    /// When it is visible.
    pub visible: u64,
    /// What it is then.
    pub to: T,
    /// It came by itself: its `state` says all of it, and no `visible` is told.
    pub at_once: bool,
}

/// What is seen from an instant on.
#[derive(Clone)]
pub struct Seen {
    pub from: u64,
    pub state: KeyState,
    pub policy: Rc<Document>,
    at_once: bool,
}

/// How an answer nobody can tell is taken.
pub fn taken(rules: &Rules, answer: Answer) -> Answer {
    match (answer, rules.cannot_tell) {
        (Answer::CannotTell, CannotTell::Allow) => Answer::Allowed,
        (Answer::CannotTell, CannotTell::Deny | CannotTell::Error) => Answer::Denied,
        (answer, _) => answer,
    }
}

/// The changes that are ever seen: of those visible at one instant the last, none after a later one was.
fn ever<T: Clone>(changes: &[Change<T>]) -> Vec<Change<T>> {
    let mut all = Vec::new();
    for (at, it) in changes.iter().enumerate() {
        let overtaken = changes[at + 1..]
            .iter()
            .any(|later| later.visible <= it.visible);
        if !overtaken {
            // With a command's change of the same instant, the net of both is told.
            let mut seen = it.clone();
            let same = changes[..at]
                .iter()
                .filter(|that| that.visible == it.visible);
            seen.at_once &= same.into_iter().all(|that| that.at_once);
            all.push(seen);
        }
    }
    all
}

/// The course of what is seen.
pub fn seen(
    start: (KeyState, Rc<Document>),
    states: &[Change<KeyState>],
    policies: &[Change<Rc<Document>>],
) -> Vec<Seen> {
    let (states, policies) = (ever(states), ever(policies));
    let mut times: Vec<u64> = states.iter().map(|it| it.visible).collect();
    times.extend(policies.iter().map(|it| it.visible));
    times.sort_unstable();
    times.dedup();
    let mut course = vec![Seen {
        from: 0,
        state: start.0,
        policy: start.1,
        at_once: true,
    }];
    for from in times {
        let mut now = course.last().expect("it has a start").clone();
        now.from = from;
        now.at_once = true;
        if let Some(change) = states.iter().find(|it| it.visible == from) {
            now.state = change.to;
            now.at_once = change.at_once;
        }
        if let Some(change) = policies.iter().find(|it| it.visible == from) {
            now.policy = change.to.clone();
            now.at_once = false;
        }
        course.push(now);
    }
    course
}

/// Says each change of what is seen.
pub fn tell(name: &str, course: &[Seen], told: &mut Told) {
    for pair in course.windows(2) {
        let [before, after] = pair else { continue };
        if after.at_once {
            continue;
        }
        if before.state != after.state || before.policy.meaning() != after.policy.meaning() {
            told.say(after.from, name, "visible", after.state.word());
        }
    }
}
