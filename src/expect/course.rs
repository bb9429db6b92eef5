//! Whole courses of states, as they were against as they must be.

use crate::scenario::{Aspect, Course, Expectation, When};
use crate::states::Outcome;
use crate::time::Time;
use crate::timeline::{Step, Timeline};

use super::asked::{error, place, site, yes};
use super::piece::{Piece, pieces};
use super::{Failure, Judged};

/// Whether every course is as it must be.
pub(super) fn holds(asked: &Expectation, judged: Judged, timeline: &Timeline) -> bool {
    let right = |it: &Course| {
        let was = course(it.of, asked.when, judged, timeline);
        !was.is_empty() && was.iter().map(|step| step.value).eq(&it.values)
    };
    asked.what.courses.iter().all(right)
}

/// The entries that make the courses of a subject.
pub(super) fn showing(asked: &Expectation, judged: Judged, timeline: &Timeline) -> Vec<u32> {
    let of = |it: &Course| course(it.of, asked.when, judged, timeline);
    let steps = asked.what.courses.iter().flat_map(of);
    steps.filter_map(|step| step.entry).collect()
}

/// Why one is not: the first value that differs.
pub(super) fn tell(asked: &Expectation, judged: Judged, timeline: &Timeline) -> Failure {
    let mut was = Vec::new();
    let mut failure = Failure {
        subject: judged.subject,
        place: judged.place,
        instant: None,
        was: String::new(),
        nearest: None,
        entries: Vec::new(),
        from_start: false,
        chain: Vec::new(),
    };
    for it in &asked.what.courses {
        let steps = course(it.of, asked.when, judged, timeline);
        let words: Vec<&str> = steps.iter().map(|step| step.value).collect();
        was.push(format!("{} {}", it.of.word(), words.join(", ")));
        if failure.nearest.is_some() || words.iter().eq(it.values.iter()) {
            continue;
        }
        if steps.is_empty() {
            failure.was = "it was never there in that time".to_owned();
            return failure;
        }
        let same = words.iter().zip(&it.values);
        let at = same.take_while(|(was, due)| *was == due).count();
        failure.nearest = Some(differs(at, &steps, &it.values));
        let step = steps.get(at).or(steps.last());
        failure.instant = step.map(|step| step.from);
        failure.entries = step.and_then(|step| step.entry).into_iter().collect();
    }
    failure.from_start = failure.instant.is_some() && failure.entries.is_empty();
    if let Some(&last) = failure.entries.last() {
        failure.subject = timeline.entries[last as usize].subject;
        failure.chain = timeline.chain(last);
        if failure.subject.kind != judged.subject.kind {
            failure.subject = judged.subject;
        }
    }
    failure.was = was.join("; ");
    failure
}

/// `the 3rd is some, at 1h04m, not none`.
fn differs(at: usize, steps: &[Step<&'static str>], due: &[String]) -> String {
    let nth = ordinal(at + 1);
    match (steps.get(at), due.get(at)) {
        (Some(step), Some(due)) => {
            format!(
                "the {nth} is {}, from {} on, not {due}",
                step.value, step.from
            )
        }
        (Some(step), None) => format!("a {nth} comes: {} at {}", step.value, step.from),
        (None, Some(due)) => format!("the {nth}, {due}, never comes"),
        (None, None) => unreachable!("the courses differ"),
    }
}

fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// The values a state has one after the other, in the run or in the window that is asked.
fn course(of: Aspect, when: When, judged: Judged, timeline: &Timeline) -> Vec<Step<&'static str>> {
    let (from, to) = match when {
        When::Throughout(from, to) => (from, to.next()),
        _ => (Time::START, timeline.until.next()),
    };
    let outlives = matches!(of, Aspect::Status | Aspect::Outcome);
    let mut course: Vec<Step<&'static str>> = Vec::new();
    for piece in pieces(timeline, judged, outlives) {
        let steps = words(of, timeline, &piece);
        for (index, step) in steps.iter().enumerate() {
            let next = steps.get(index + 1).map_or(piece.to, |next| next.from);
            let (begins, ends) = (step.from.max(piece.from), next.min(piece.to));
            let inside = begins < ends && begins < to && from < ends;
            if inside && course.last().is_none_or(|last| last.value != step.value) {
                course.push(*step);
            }
        }
    }
    course
}

fn words(of: Aspect, timeline: &Timeline, piece: &Piece) -> Vec<Step<&'static str>> {
    let subject = piece.subject;
    match of {
        Aspect::Queries => said(timeline.queries(subject), |it| it.word()),
        Aspect::Ingest => said(timeline.ingests(subject), |it| it.word()),
        Aspect::Status => said(timeline.statuses(subject), |it| it.word()),
        Aspect::Outcome => said(timeline.outcomes(subject), |it| {
            it.map_or("none", Outcome::word)
        }),
        Aspect::Error => said(timeline.accesses_of(site(timeline, subject)), |it| {
            error(timeline, it)
        }),
        Aspect::Site => said(timeline.site_states(subject.id), |it| it.word()),
        Aspect::Access => said(timeline.accesses_of(subject.id), |it| {
            timeline.accesses[it as usize].word().word()
        }),
        Aspect::Key => said(timeline.key_states(subject.id), |it| it.word()),
        Aspect::Readable => said(timeline.readable(subject.id, place(piece)), yes),
    }
}

fn said<T: Copy>(steps: Vec<Step<T>>, word: impl Fn(T) -> &'static str) -> Vec<Step<&'static str>> {
    let say = |step: Step<T>| Step {
        from: step.from,
        value: word(step.value),
        entry: step.entry,
    };
    steps.into_iter().map(say).collect()
}
