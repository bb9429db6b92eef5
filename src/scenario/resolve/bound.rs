//! Bounds of numbers: `at most 1200`, `at least 4h50m`, `under 10m`, `1h..2h`, `never`.

use crate::profile::amount::{size, whole};
use crate::scenario::codes::Code;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::against::Against;
use crate::scenario::resolve::scalars::{length, told};
use crate::scenario::resolve::what::misfit;
use crate::scenario::{Bound, Measured, Quantity};
use crate::states::{Measure, Unit};
use crate::yaml::Text;

/// What makes a bound of a number.
type Make = fn(i128) -> Bound;

/// The words before a number, and the bound each makes.
const WORDS: [(&str, Make); 4] = [
    ("at most ", Bound::AtMost),
    ("at least ", Bound::AtLeast),
    ("under ", Bound::Under),
    ("over ", Bound::Over),
];

/// The most that is counted of anything.
const MOST: u64 = 1 << 63;

/// The numbers that are named, or `None` after saying what is wrong with them.
pub(super) fn measures(
    desk: &mut Desk<'_>,
    against: &Against<'_>,
    who: &str,
    quantities: &[(&'static str, Option<&Text>)],
) -> Option<Vec<Measured>> {
    let mut measures = Vec::new();
    let mut good = true;
    for (name, text) in quantities {
        let Some(text) = text else { continue };
        if who != "collections" {
            misfit(desk, who, name, text.mark);
            good = false;
            continue;
        }
        let of = Quantity::from_word(name).expect("the language names measures and milestones");
        match bound(desk, against, of, text) {
            Some(bound) => measures.push(Measured { of, bound }),
            None => good = false,
        }
    }
    good.then_some(measures)
}

/// A bound that some run can be within.
fn bound(desk: &mut Desk<'_>, against: &Against<'_>, of: Quantity, text: &Text) -> Option<Bound> {
    let bound = written(desk, against, of, text)?;
    let (least, most) = reach(against, of);
    let (low, high) = bound.range();
    let beyond = |bound: Option<i128>, of: Option<i128>| Some((bound?, of?));
    let what = match (beyond(high, least), beyond(low, most)) {
        (Some((high, least)), _) if high < least => "less than nothing",
        (_, Some((low, most))) if low > most => "more than the run, which ends at",
        _ => return Some(bound),
    };
    let until = match what.ends_with("at") {
        true => format!(" {}", against.clock.until),
        false => String::new(),
    };
    let what = format!(
        "this can never be decided: `{}` is never {what}{until}",
        of.word()
    );
    desk.say(desk.problem(Code::NeverDecided, text.mark, what));
    None
}

/// The least and the greatest that a number can be: nothing, and all of the run. What the source still keeps is less than
/// nothing where it dropped something, and the last instant to restore a key may lie beyond the end.
fn reach(against: &Against<'_>, of: Quantity) -> (Option<i128>, Option<i128>) {
    let until = Some(i128::from(against.clock.until.ms()));
    match of {
        Quantity::Milestone(_) => (Some(0), until),
        Quantity::Measure(it) => match it {
            Measure::QueriesIssued
            | Measure::QueriesServed
            | Measure::QueriesFailed
            | Measure::LostBytes
            | Measure::RestoreDeadline => (Some(0), None),
            Measure::Unavailable
            | Measure::GreatestLag
            | Measure::Fault
            | Measure::ToFirstFailedQuery
            | Measure::CacheGrace
            | Measure::ToHalt
            | Measure::ToPause
            | Measure::CatchUp => (Some(0), until),
            Measure::SourceSlack => (None, None),
        },
    }
}

/// A bound as it is written.
fn written(desk: &mut Desk<'_>, against: &Against<'_>, of: Quantity, text: &Text) -> Option<Bound> {
    let unit = of.unit();
    let written = text.as_str();
    if written == "never" {
        if let Some(nothing) = least(of) {
            let what = format!(
                "`{}` is a number of every run, {nothing} at least",
                of.word()
            );
            let problem = desk.problem(Code::BadBound, text.mark, what);
            desk.say(problem.expected(format!("{nothing}, if there is to be nothing of it")));
            return None;
        }
        return Some(Bound::Never);
    }
    if let Some((low, high)) = written.split_once("..") {
        let low = number(desk, against, of, text, low);
        let high = number(desk, against, of, text, high);
        let (low, high) = (low?, high?);
        if low > high {
            let what = format!("{} ends before it begins", quote(written));
            let problem = desk.problem(Code::BadBound, text.mark, what);
            desk.say(
                problem.expected("the lesser number before the `..`, the greater one after it"),
            );
            return None;
        }
        return Some(Bound::Between(low, high));
    }
    for (word, bound) in WORDS {
        if let Some(rest) = written.strip_prefix(word) {
            return number(desk, against, of, text, rest).map(bound);
        }
    }
    let begins = |it: u8| it.is_ascii_digit() || (it == b'-' && signed(of));
    if written.bytes().next().is_some_and(begins) {
        return number(desk, against, of, text, written).map(Bound::Exactly);
    }
    let what = format!("{} is no bound", quote(written));
    let problem = desk.problem(Code::BadBound, text.mark, what);
    let number = example(unit);
    desk.say(problem.expected(format!(
        "at most, at least, under or over and a number, such as at most {number}; or {number}, or two of them with `..` between, or never"
    )));
    None
}

/// What a number is where there is nothing to count, if it is there in every run.
const fn least(of: Quantity) -> Option<&'static str> {
    match of {
        Quantity::Milestone(_) => None,
        Quantity::Measure(it) => match it {
            Measure::QueriesIssued | Measure::QueriesServed | Measure::QueriesFailed => Some("0"),
            Measure::LostBytes => Some("0 B"),
            Measure::Unavailable | Measure::GreatestLag => Some("0s"),
            Measure::Fault
            | Measure::ToFirstFailedQuery
            | Measure::CacheGrace
            | Measure::ToHalt
            | Measure::ToPause
            | Measure::RestoreDeadline
            | Measure::CatchUp
            | Measure::SourceSlack => None,
        },
    }
}

/// Whether it can be less than nothing.
fn signed(of: Quantity) -> bool {
    of == Quantity::Measure(Measure::SourceSlack)
}

/// A number in its unit.
fn number(
    desk: &mut Desk<'_>,
    against: &Against<'_>,
    of: Quantity,
    text: &Text,
    part: &str,
) -> Option<i128> {
    let unit = of.unit();
    let part = part.trim();
    let negative = part.strip_prefix('-').filter(|_| signed(of));
    let part = Text {
        text: negative.unwrap_or(part).to_owned(),
        mark: text.mark,
        raw: text.raw.clone(),
    };
    let expected = format!("a number such as {}", example(unit));
    match unit {
        Unit::Count => told(
            desk,
            Code::BadBound,
            &part,
            whole(part.as_str(), MOST),
            &expected,
        )
        .map(i128::from),
        Unit::Bytes => {
            told(desk, Code::BadBound, &part, size(part.as_str()), &expected).map(i128::from)
        }
        Unit::Length => length(desk, &part).map(|it| {
            let ms = i128::from(it.ms());
            if negative.is_some() { -ms } else { ms }
        }),
        Unit::Instant => against
            .clock
            .instant(desk, &part)
            .map(|it| i128::from(it.ms())),
    }
}

const fn example(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "1200",
        Unit::Bytes => "10 MiB",
        Unit::Length => "10m",
        Unit::Instant => "4h50m",
    }
}
