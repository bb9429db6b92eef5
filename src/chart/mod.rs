//! Telling a run in pictures: SVG, the same bytes on every machine.
//!
//! `layout` says what is drawn, as plain data; `describe` says it in words; `svg` draws it.

mod describe;
mod fault;
mod fold;
mod history;
mod layout;
mod letters;
mod look;
mod palette;
mod panel;
mod place;
mod rows;
mod sheet;
mod svg;
#[cfg(test)]
mod tests;

use crate::expect::{Judgement, Verdict};
use crate::names::Subject;
use crate::scenario::{Expectation, When};
use crate::time::Time;
use crate::timeline::Timeline;

/// The width of every picture, in pixels.
pub(crate) const WIDTH: i32 = 960;

/// Where an expectation does not hold, for its mark.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Failed {
    /// The expectation, counted from 1.
    number: usize,
    /// The instant that shows it.
    at: Time,
    /// Who shows it.
    subject: Option<Subject>,
    /// The expectation, as the scenario says it.
    text: String,
    /// For how many subjects it does not hold, and of how many.
    of: (usize, usize),
}

/// Lanes over time: a row for each collection, region by region, colored by what it does for its users; faults above,
/// deadlines across, and a mark where an expectation does not hold.
pub fn lanes(timeline: &Timeline, expectations: &[Expectation], verdicts: &[Verdict]) -> String {
    let failed = verdicts
        .iter()
        .filter(|verdict| verdict.judgement == Judgement::Fails)
        .flat_map(|verdict| failures(&expectations[verdict.expectation], verdict))
        .collect::<Vec<Failed>>();
    picture(timeline, &failed)
}

fn picture(timeline: &Timeline, failed: &[Failed]) -> String {
    svg::draw(&layout::Picture::new(timeline, failed))
}

/// A mark for each subject that is told.
fn failures(expectation: &Expectation, verdict: &Verdict) -> Vec<Failed> {
    let failed = |at, subject| Failed {
        number: verdict.expectation + 1,
        at,
        subject,
        text: expectation.text.clone(),
        of: (verdict.failed, verdict.selected),
    };
    let last = asked(expectation.when);
    let told = verdict
        .failures
        .iter()
        .map(|failure| failed(failure.instant.unwrap_or(last), Some(failure.subject)));
    told.collect()
}

/// The instant a `when` ends with.
fn asked(when: When) -> Time {
    match when {
        When::At(time) | When::Given(time) | When::By(time) => time,
        When::Within(_, to) | When::Throughout(_, to) | When::During(_, to) => to,
        When::Always | When::Never | When::Until(_) | When::Before | When::Whole => Time::START,
    }
}
