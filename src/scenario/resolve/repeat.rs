//! When an event happens: once, or as often as its `repeat:` says.

use crate::profile::amount::whole;
use crate::scenario::codes::Code;
use crate::scenario::file::EventFile;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::head::Head;
use crate::scenario::resolve::scalars::{length, told};
use crate::scenario::verbs::{Opposite, Verb};
use crate::time::{Span, Time};

/// The most commands a scenario orders.
pub(super) const MOST: u64 = 1_000_000;

#[derive(Clone)]
/// The instants of one event, and for how long.
pub(super) struct Times {
    first: Time,
    every: Span,
    times: u64,
    pub(super) lasts: Option<Span>,
}

impl Times {
    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        self.times
    }

    /// One after the other.
    pub(super) fn iter(&self) -> impl Iterator<Item = Time> + '_ {
        (0..self.times).map(|n| self.first + Span::from_ms(self.every.ms().saturating_mul(n)))
    }
}

/// Reads `at`, `for` and `repeat` of an event.
pub(super) fn times(
    desk: &mut Desk<'_>,
    head: &Head,
    event: &EventFile,
    verb: Verb,
) -> Option<Times> {
    let first = head.clock.within(desk, &event.at);
    let lasts = lasts(desk, event, verb);
    let (every, times) = match &event.repeat {
        None => (Some(Span::ZERO), Some(1)),
        Some(repeat) => {
            let every = length(desk, &repeat.value.every);
            let read = whole(repeat.value.times.as_str(), u64::MAX);
            let due = "how many times, the first included, in plain digits";
            let times = told(desk, Code::BadNumber, &repeat.value.times, read, due);
            (every, times)
        }
    };
    let times = Times {
        first: first?,
        every: every?,
        times: times?,
        lasts: lasts?,
    };
    possible(desk, head, event, verb, &times).then_some(times)
}

/// `for:`; the inner `None` where there is none.
#[allow(clippy::option_option)]
fn lasts(desk: &mut Desk<'_>, event: &EventFile, verb: Verb) -> Option<Option<Span>> {
    let Some(text) = &event.lasts else {
        return Some(None);
    };
    if verb.row().opposite == Opposite::None {
        let what = format!("{verb} has no opposite, so it cannot be planned with `for`");
        desk.say(desk.problem(Code::NoOpposite, text.mark, what));
        return None;
    }
    let span = length(desk, text)?;
    if span == Span::ZERO {
        let what = "the opposite would come at the same instant";
        let problem = desk.problem(Code::BadTime, text.mark, what);
        desk.say(problem.expected("a length of at least 1ms"));
        return None;
    }
    Some(Some(span))
}

fn possible(desk: &mut Desk<'_>, head: &Head, event: &EventFile, verb: Verb, it: &Times) -> bool {
    let Some(repeat) = &event.repeat else {
        return true;
    };
    let (every, times) = (&repeat.value.every, &repeat.value.times);
    let mut wrong = |mark, what: String| {
        desk.say(desk.problem(Code::BadRepeat, mark, what));
        false
    };
    if it.times == 0 {
        let what = "0 times is never: leave the event out".to_owned();
        return wrong(times.mark, what);
    }
    if it.times > 1 && it.every == Span::ZERO {
        return wrong(every.mark, "every 0s would be all at once".to_owned());
    }
    if it.times > 1 && it.lasts.is_some_and(|lasts| it.every < lasts) {
        let what = format!(
            "it would begin again every {} while it still lasts, {}",
            it.every,
            it.lasts.unwrap_or(Span::ZERO)
        );
        return wrong(every.mark, what);
    }
    if it.times > 1 && matches!(verb, Verb::AddRegion | Verb::CreateCollection) {
        let what = format!("{verb} makes one thing, so it happens once");
        return wrong(repeat.mark, what);
    }
    let fit = match it.every.ms() {
        0 => 1,
        every => (head.clock.until.since(it.first).ms() - 1) / every + 1,
    };
    if it.times > fit {
        let what = format!(
            "only {fit} of the {} times come before the end of the run, {}",
            it.times, head.clock.until
        );
        let problem = desk.problem(Code::OutsideRun, times.mark, what);
        desk.say(problem.help("make `until` later, or `times` smaller"));
        return false;
    }
    true
}
