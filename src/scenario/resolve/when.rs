//! When something is expected.

use crate::scenario::codes::Code;
use crate::scenario::file::ExpectFile;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::against::{Against, one};
use crate::scenario::resolve::scalars::{length, truth};
use crate::scenario::{Quantity, When};
use crate::time::{Span, Time};
use crate::yaml::{Mark, Text};

/// When, and how long from then on.
pub(super) struct Timing {
    pub(super) when: When,
    pub(super) stays: Option<Span>,
}

/// The fields that say when by a text.
pub(super) fn whens(it: &ExpectFile) -> [(&'static str, Option<&Text>); 8] {
    [
        ("at", it.at.as_ref()),
        ("by", it.by.as_ref()),
        ("within", it.within.as_ref()),
        ("throughout", it.throughout.as_ref()),
        ("always", it.always.as_ref()),
        ("never", it.never.as_ref()),
        ("during", it.during.as_ref()),
        ("from", it.from.as_ref()),
    ]
}

/// When, or `None` after saying what is wrong.
pub(super) fn when(
    desk: &mut Desk<'_>,
    against: &Against<'_>,
    mark: Mark,
    it: &ExpectFile,
) -> Option<Timing> {
    let texts = whens(it);
    let mut marks: Vec<(&'static str, Option<Mark>)> = texts
        .iter()
        .map(|(name, text)| (*name, text.map(|it| it.mark)))
        .collect();
    marks.push(("before", it.before.as_ref().map(|it| it.mark)));
    let numbers = it.quantities().into_iter().find(|(_, text)| text.is_some());
    let whole = numbers.is_some() || it.exactly.is_some();
    let unsaid = marks.iter().all(|(_, mark)| mark.is_none());
    if let (true, Some(until)) = (unsaid, &it.until) {
        return endless(desk, until.mark);
    }
    let name = match whole && unsaid {
        true => None,
        false => Some(one(desk, Code::BadWhen, mark, "when", &marks)?),
    };
    let when = match name {
        None => When::Whole,
        Some("before") => When::Before,
        Some(name) => {
            let text = texts
                .iter()
                .find_map(|(it, text)| text.filter(|_| *it == name))?;
            by_text(desk, against, name, text)?
        }
    };
    fits(desk, when, it)?;
    let stays = match &it.stays {
        None => None,
        Some(text) => Some(stays(desk, against, when, text)?),
    };
    Some(Timing { when, stays })
}

fn by_text(desk: &mut Desk<'_>, against: &Against<'_>, name: &str, text: &Text) -> Option<When> {
    Some(match name {
        "at" => When::At(instant(desk, against, text, &text.text)?),
        "by" => When::By(instant(desk, against, text, &text.text)?),
        "from" => When::Until(instant(desk, against, text, &text.text)?),
        "within" => {
            let (from, to) = window(desk, against, text)?;
            When::Within(from, to)
        }
        "throughout" => {
            let (from, to) = window(desk, against, text)?;
            When::Throughout(from, to)
        }
        "during" => {
            let (from, to) = window(desk, against, text)?;
            When::During(from, to)
        }
        other => {
            if !truth(desk, "value of always or never", text)? {
                let what = format!("`{other}: false` says nothing");
                let problem = desk.problem(Code::BadWhen, text.mark, what);
                desk.say(problem.expected(format!("`{other}: true`")));
                return None;
            }
            if other == "always" {
                When::Always
            } else {
                When::Never
            }
        }
    })
}

/// Whether a `when` goes with what else the line says.
fn fits(desk: &mut Desk<'_>, when: When, it: &ExpectFile) -> Option<()> {
    let until = it.until.as_ref().map(|it| it.mark);
    if let (When::Until(_), None) = (when, until) {
        let mark = it.from.as_ref().map_or(Mark::START, |it| it.mark);
        let problem = desk.problem(Code::BadWhen, mark, "`from` has no `until`");
        desk.say(problem.expected(
            "until: { status: PAUSED } or the like; for a window of two instants write throughout: A..B",
        ));
        return None;
    }
    if let (false, Some(mark)) = (matches!(when, When::Until(_)), until) {
        return endless(desk, mark);
    }
    let numbers = it
        .quantities()
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?)));
    let counts =
        |(name, _): &(&str, &Text)| Quantity::from_word(name).is_some_and(Quantity::counts_queries);
    let all: Vec<(&'static str, &Text)> = numbers.collect();
    if let Some(first) = all.iter().find(|it| !counts(it)).or(all.first()) {
        let given = whens(it).into_iter().find(|(_, text)| text.is_some());
        let asked = given.map_or("before", |(name, _)| name);
        return measured(desk, (when, asked), *first, counts(first));
    }
    let place = it.during.as_ref().map(|it| it.mark);
    if let (When::During(..), Some(mark)) = (when, place) {
        let problem = desk.problem(Code::BadWhen, mark, "`during` counts queries");
        desk.say(problem.expected(
            "queries_issued, queries_served or queries_failed; for states: throughout: A..B",
        ));
        return None;
    }
    if let Some(exactly) = &it.exactly
        && !matches!(when, When::Whole | When::Throughout(..))
    {
        let what = "a course is of the whole run, or of a window";
        let problem = desk.problem(Code::BadWhen, exactly.mark, what);
        desk.say(problem.expected("no when, or throughout: A..B"));
        return None;
    }
    Some(())
}

/// Says that what ends it has no beginning.
fn endless<T>(desk: &mut Desk<'_>, mark: Mark) -> Option<T> {
    let problem = desk.problem(Code::BadWhen, mark, "`until` has no `from`");
    desk.say(problem.expected("from: T, from when on it must be so"));
    None
}

/// Whether a number can be asked so: all of the whole run; counts of queries also up to an instant, or of a window.
fn measured(
    desk: &mut Desk<'_>,
    (when, asked): (When, &str),
    (name, text): (&str, &Text),
    counts: bool,
) -> Option<()> {
    match when {
        When::Whole => Some(()),
        When::At(_) | When::During(..) if counts => Some(()),
        _ => {
            let what = format!("`{name}` does not go with `{asked}`");
            let problem = desk.problem(Code::BadWhen, text.mark, what);
            desk.say(problem.expected(if counts {
                "no when (the whole run), at: T (up to then), or during: A..B"
            } else {
                "no when: it is taken of the whole run"
            }));
            None
        }
    }
}

/// How long it stays so.
fn stays(desk: &mut Desk<'_>, against: &Against<'_>, when: When, text: &Text) -> Option<Span> {
    let from = match when {
        When::Within(from, _) => from,
        When::By(_) => Time::START,
        _ => {
            let what = "`stays` goes with `by` and `within`";
            let problem = desk.problem(Code::BadWhen, text.mark, what);
            desk.say(problem.help("for a window of two instants write throughout: A..B"));
            return None;
        }
    };
    let span = length(desk, text)?;
    if span == Span::ZERO {
        let problem = desk.problem(Code::BadTime, text.mark, "`stays: 0s` says nothing");
        desk.say(problem.expected("a length of time, such as 10m"));
        return None;
    }
    if from.since_start().ms().saturating_add(span.ms()) > against.clock.until.ms() {
        let what = format!(
            "this can never be decided: from {from} on nothing stays so for {span} before the run ends, at {}",
            against.clock.until
        );
        desk.say(desk.problem(Code::NeverDecided, text.mark, what));
        return None;
    }
    Some(span)
}

/// An instant of an expectation: `[0, until]`.
pub(super) fn instant(
    desk: &mut Desk<'_>,
    against: &Against<'_>,
    text: &Text,
    part: &str,
) -> Option<Time> {
    let part = Text {
        text: part.to_owned(),
        mark: text.mark,
        raw: text.raw.clone(),
    };
    let at = against.clock.instant(desk, &part)?;
    if at > against.clock.until {
        let what = format!(
            "{} is after the end of the run, {}",
            quote(&part.text),
            against.clock.until
        );
        let problem = desk.problem(Code::OutsideRun, text.mark, what);
        let due = format!(
            "an instant from 0s to {}, both included",
            against.clock.until
        );
        desk.say(problem.expected(due));
        return None;
    }
    Some(at)
}

fn window(desk: &mut Desk<'_>, against: &Against<'_>, text: &Text) -> Option<(Time, Time)> {
    let Some((from, to)) = text.text.split_once("..") else {
        let what = format!("{} is not a window", quote(text.as_str()));
        let problem = desk.problem(Code::BadTime, text.mark, what);
        desk.say(problem.expected("two instants with `..` between them, such as 5h5m..5h12m"));
        return None;
    };
    let from = instant(desk, against, text, from.trim());
    let to = instant(desk, against, text, to.trim());
    let (from, to) = (from?, to?);
    if from > to {
        let what = format!("the window {} ends before it begins", quote(text.as_str()));
        let problem = desk.problem(Code::OutsideRun, text.mark, what);
        desk.say(problem.expected("the earlier instant before the `..`, the later one after it"));
        return None;
    }
    Some((from, to))
}
