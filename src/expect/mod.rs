//! Judging: what should hold, against what happened.
//!
//! For each subject and each thing expected of it, the set of instants at which it is so is made from the timeline's
//! tracks; the sets are cut with each other; and the `when` is a question about the set that is left. The state at an
//! instant is the one after everything of that instant; at the end of the run it is the last one. A subject is judged
//! from its creation; once deleted, only for its status and its outcome.

mod asked;
mod course;
mod evidence;
mod failure;
mod look;
#[cfg(test)]
pub(crate) mod made;
mod nearest;
mod numbers;
mod piece;
mod shared;
mod spans;
#[cfg(test)]
mod tests;
mod when;

use crate::names::{Kind, Subject};
use crate::scenario::{Expectation, When, Who};
use crate::states::Place;
use crate::time::Time;
use crate::timeline::Timeline;

use asked::Asked;
use look::Look;
use shared::Shared;

pub use evidence::evidence;

/// How many failing subjects are told in full.
const TOLD: usize = 3;

/// What became of one expectation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Which, by its place in the scenario.
    pub expectation: usize,
    /// Whether it holds.
    pub judgement: Judgement,
    /// How many subjects were selected.
    pub selected: usize,
    /// For how many of them it does not hold.
    pub failed: usize,
    /// The first few of those, in the order of subjects.
    pub failures: Vec<Failure>,
}

/// Whether an expectation holds.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Judgement {
    /// For every subject.
    Holds,
    /// Not for every subject.
    Fails,
    /// The run was made shorter than the scenario, and this reaches beyond its end.
    NotJudged,
}

/// Why an expectation does not hold for one subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// The subject; of a collection the incarnation that lived at `instant`.
    pub subject: Subject,
    /// Its place, where that was judged.
    pub place: Option<Place>,
    /// The instant that was looked at.
    pub instant: Option<Time>,
    /// What was, at that instant.
    pub was: String,
    /// How near it came to hold, or how far it went wrong.
    pub nearest: Option<String>,
    /// The entries that show it.
    pub entries: Vec<u32>,
    /// What was, was so from the start: no entry made it so. What is counted is never said to be.
    pub from_start: bool,
    /// The last of them, and the chain of its causes.
    pub chain: Vec<u32>,
}

/// One selected subject.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Judged {
    /// Which; a collection in its first incarnation, unless a certain one is meant.
    subject: Subject,
    /// Whether exactly this incarnation is meant.
    certain: bool,
    /// Which place of a site.
    place: Option<Place>,
}

/// Judges every expectation of a scenario. `until` is the scenario's own end: where the run was made shorter, what
/// reaches to the end of the run or beyond it is not judged.
pub fn judge(expectations: &[Expectation], until: Time, timeline: &Timeline) -> Vec<Verdict> {
    expectations
        .iter()
        .enumerate()
        .map(|(index, expectation)| {
            if timeline.until < until && reach(expectation, until) >= timeline.until {
                return not_judged(index, &expectation.who);
            }
            judge_one(index, expectation, timeline)
        })
        .collect()
}

/// Whether all that was judged holds.
pub fn all_hold(verdicts: &[Verdict]) -> bool {
    verdicts
        .iter()
        .all(|verdict| verdict.judgement != Judgement::Fails)
}

/// The last instant an expectation may ask about.
fn reach(asked: &Expectation, until: Time) -> Time {
    let last = last(asked.when, until);
    match asked.stays {
        Some(stays) => until.min(last + stays),
        None => last,
    }
}

fn last(when: When, until: Time) -> Time {
    match when {
        When::At(time) | When::Given(time) | When::By(time) => time,
        When::Within(_, to) | When::Throughout(_, to) | When::During(_, to) => to,
        When::Always | When::Never | When::Until(_) | When::Before | When::Whole => until,
    }
}

fn not_judged(expectation: usize, who: &Who) -> Verdict {
    Verdict {
        expectation,
        judgement: Judgement::NotJudged,
        selected: selected(who),
        failed: 0,
        failures: Vec::new(),
    }
}

fn judge_one(index: usize, expectation: &Expectation, timeline: &Timeline) -> Verdict {
    let what = &expectation.what;
    let asked = Asked::all(what);
    let other = Asked::all(&expectation.other);
    let mut shared = Shared::new(asked.iter().chain(&other));
    let only = match expectation.when {
        When::At(time) | When::Given(time) => Some(time),
        _ => None,
    };
    let look = |judged, only| Look::only(timeline, judged, (&asked, &other), only);
    let mut failed = 0;
    let mut failures = Vec::new();
    each(&expectation.who, &mut |judged| {
        let holds = if !what.measures.is_empty() {
            numbers::hold(expectation, judged, timeline)
        } else if !what.courses.is_empty() {
            course::holds(expectation, judged, timeline)
        } else {
            shared.answer(timeline, judged, || {
                when::holds(expectation, &look(judged, only))
            })
        };
        if holds {
            return;
        }
        failed += 1;
        if failures.len() < TOLD {
            failures.push(if !what.measures.is_empty() {
                numbers::tell(expectation, judged, timeline)
            } else if !what.courses.is_empty() {
                course::tell(expectation, judged, timeline)
            } else {
                failure::tell(expectation, &look(judged, None), timeline)
            });
        }
    });
    Verdict {
        expectation: index,
        judgement: if failed == 0 {
            Judgement::Holds
        } else {
            Judgement::Fails
        },
        selected: selected(&expectation.who),
        failed,
        failures,
    }
}

/// How many subjects are selected.
fn selected(who: &Who) -> usize {
    match who {
        Who::Collections(selection, _) | Who::Sites(selection) | Who::Keys(selection) => {
            selection.len()
        }
        Who::Places(selection, places) => selection.len() * places.len(),
    }
}

/// Each selected subject, in order.
fn each(who: &Who, tell: &mut dyn FnMut(Judged)) {
    let plain = |kind, id| Judged {
        subject: Subject::new(kind, id),
        certain: false,
        place: None,
    };
    match who {
        Who::Collections(selection, incarnation) => selection.iter().for_each(|id| {
            let mut judged = plain(Kind::Collection, id);
            judged.certain = incarnation.is_some();
            judged.subject.incarnation = incarnation.unwrap_or(1);
            tell(judged);
        }),
        Who::Sites(selection) => selection.iter().for_each(|id| tell(plain(Kind::Site, id))),
        Who::Keys(selection) => selection
            .iter()
            .for_each(|id| tell(plain(Kind::Replica, id))),
        Who::Places(selection, places) => selection.iter().for_each(|id| {
            for place in places {
                let mut judged = plain(Kind::Site, id);
                judged.place = Some(*place);
                tell(judged);
            }
        }),
    }
}
