//! Which expectations cannot hold together, where the file tells.

use crate::scenario::codes::Code;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::judge::implies;
use crate::scenario::{
    Action, Aspect, Bound, Command, Expectation, Lag, Selection, What, When, Who,
};
use crate::time::{Span, Time};
use crate::yaml::Mark;

/// How many ranges of subjects are compared; beyond them nothing is said.
const RANGES: usize = 1_000;
/// How many steps are made to compare claims, and the ranges of their subjects; beyond them nothing is said.
const STEPS: usize = 4_000_000;

/// A state, or the lag.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Of {
    State(Aspect),
    Lag,
}

/// How long it is claimed.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Claimed {
    /// It is so at each instant at which the subject is judged.
    Throughout,
    /// It is so at some instant.
    Once,
    /// It is so at none.
    Never,
}

/// What one line says of one state.
struct Claim<'e> {
    line: usize,
    of: Of,
    word: &'e str,
    lag: Option<Lag>,
    /// All that is so, or is not so, at once.
    what: &'e What,
    how: Claimed,
    from: Time,
    to: Time,
    /// The subject is judged in there, or the line does not hold; after `from:` it may be judged only later.
    sure: bool,
    /// A deleted collection is judged too.
    deleted_too: bool,
}

/// What the commands do to subjects while the run goes on.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
struct Comings {
    /// Some are made later than at T+0, and not judged before.
    made: bool,
    /// Some are deleted, or made anew.
    remade: bool,
}

/// Says which expectations say two things of the same subjects at the same time.
pub(super) fn contradictions(desk: &mut Desk<'_>, commands: &[&Command], all: &[Expectation]) {
    let some = |is: fn(&Action) -> bool| commands.iter().any(|it| is(&it.action));
    let comings = Comings {
        made: some(|it| matches!(it, Action::CreateCollection(..) | Action::AddRegion(..))),
        remade: some(|it| {
            matches!(
                it,
                Action::DeleteCollection(..) | Action::RecreateCollection(_)
            )
        }),
    };
    let mut claims: Vec<Claim<'_>> = Vec::new();
    for (line, it) in all.iter().enumerate() {
        if ranges(&it.who).ranges.len() <= RANGES {
            claim(line, it, &mut claims);
        }
    }
    claims.sort_by_key(|it| (it.of, it.line));
    let mut clashes: Vec<(usize, usize)> = Vec::new();
    let mut known = vec![false; all.len()];
    let mut steps = STEPS;
    'all: for group in claims.chunk_by(|a, b| a.of == b.of) {
        for (at, one) in group.iter().enumerate() {
            for other in &group[at + 1..] {
                if steps == 0 {
                    break 'all;
                }
                steps -= 1;
                if one.line != other.line
                    && !known[other.line]
                    && clash(one, other, comings)
                    && meet(&all[one.line].who, &all[other.line].who, &mut steps)
                {
                    known[other.line] = true;
                    clashes.push((one.line, other.line));
                }
            }
        }
    }
    for (later, it) in all.iter().enumerate() {
        let numbered = !it.what.measures.is_empty() || !it.what.courses.is_empty();
        if !numbered || known[later] {
            continue;
        }
        for (earlier, other) in all[..later].iter().enumerate() {
            if steps == 0 {
                break;
            }
            steps -= 1;
            if numbers_clash(other, it) && meet(&other.who, &it.who, &mut steps) {
                clashes.push((earlier, later));
                break;
            }
        }
    }
    clashes.sort_unstable_by_key(|it| it.1);
    for (earlier, later) in clashes {
        let (other, it) = (&all[earlier], &all[later]);
        let mark = Mark {
            line: it.line,
            column: it.column,
            length: 1,
        };
        let what = format!(
            "this cannot hold together with line {}: {}",
            other.line, other.text
        );
        desk.say(desk.problem(Code::Contradiction, mark, what));
    }
}

/// What a line claims, state by state.
fn claim<'e>(line: usize, it: &'e Expectation, claims: &mut Vec<Claim<'e>>) {
    let sure = !matches!(it.when, When::Until(_));
    let mut add = |what: &'e What, how, from, to| {
        let words = words(what);
        let deleted_too = words.iter().all(|it| outlives(it.0));
        // Several states that are never so together are one claim.
        let claimed = match how {
            Claimed::Never => 1,
            Claimed::Throughout | Claimed::Once => words.len(),
        };
        for (of, word, lag) in words.into_iter().take(claimed) {
            claims.push(Claim {
                line,
                of,
                word,
                lag,
                what,
                how,
                from,
                to,
                sure,
                deleted_too,
            });
        }
    };
    let what = &it.what;
    match it.when {
        When::At(at) | When::Given(at) => add(what, Claimed::Throughout, at, at),
        When::Until(at) => {
            add(what, Claimed::Throughout, at, at);
            add(&it.other, Claimed::Once, at, Time::NEVER);
        }
        When::Throughout(from, to) => add(what, Claimed::Throughout, from, to),
        When::Always => add(what, Claimed::Throughout, Time::START, Time::NEVER),
        When::By(to) => add(what, Claimed::Once, Time::START, to),
        When::Before => {
            add(what, Claimed::Once, Time::START, Time::NEVER);
            add(&it.other, Claimed::Once, Time::START, Time::NEVER);
        }
        When::Within(from, to) => {
            add(what, Claimed::Once, from, to);
            if let Some(before) = from.before(Span::from_ms(1)) {
                add(what, Claimed::Never, Time::START, before);
            }
        }
        When::Never => add(what, Claimed::Never, Time::START, Time::NEVER),
        When::During(..) | When::Whole => {}
    }
}

/// The states a line names, each with its word.
fn words(what: &What) -> Vec<(Of, &str, Option<Lag>)> {
    let state = |of: Aspect, word: Option<&'static str>| Some((Of::State(of), word?, None));
    let yes = |it: bool| if it { "yes" } else { "no" };
    let error = what.error.as_deref();
    [
        state(Aspect::Queries, what.queries.map(|it| it.word())),
        state(Aspect::Ingest, what.ingest.map(|it| it.word())),
        state(Aspect::Status, what.status.map(|it| it.word())),
        state(Aspect::Outcome, what.outcome.map(|it| it.word())),
        state(Aspect::Site, what.site.map(|it| it.word())),
        state(Aspect::Access, what.access.map(|it| it.word())),
        state(Aspect::Key, what.key.map(|it| it.word())),
        state(Aspect::Readable, what.readable.map(yes)),
        error.map(|it| (Of::State(Aspect::Error), it, None)),
        what.lag.map(|it| (Of::Lag, "", Some(it))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether it is judged of a collection that is deleted.
fn outlives(of: Of) -> bool {
    matches!(of, Of::State(Aspect::Status | Aspect::Outcome))
}

/// Whether two claims about one state cannot both hold of a subject.
fn clash(one: &Claim<'_>, other: &Claim<'_>, comings: Comings) -> bool {
    if comings.remade && one.deleted_too != other.deleted_too {
        return false;
    }
    let differ = match (one.lag, other.lag) {
        (Some(Lag::Under(less)), Some(Lag::Over(more)))
        | (Some(Lag::Over(more)), Some(Lag::Under(less))) => more + Span::from_ms(1) >= less,
        (Some(_), Some(_)) => false,
        _ => one.word != other.word,
    };
    let barring = |never: &Claim<'_>, so: &Claim<'_>| implies(so.what, never.what);
    match (one.how, other.how) {
        (Claimed::Throughout, Claimed::Throughout) => differ && share(one, other, comings),
        (Claimed::Throughout, Claimed::Once) => differ && covers(one, other),
        (Claimed::Once, Claimed::Throughout) => differ && covers(other, one),
        (Claimed::Never, Claimed::Throughout) => barring(one, other) && barred(one, other, comings),
        (Claimed::Throughout, Claimed::Never) => barring(other, one) && barred(other, one, comings),
        (Claimed::Never, Claimed::Once) => barring(one, other) && covers(one, other),
        (Claimed::Once, Claimed::Never) => barring(other, one) && covers(other, one),
        (Claimed::Once, Claimed::Once) | (Claimed::Never, Claimed::Never) => false,
    }
}

/// Whether a subject is judged by both at one instant, if it is judged by each at any. Where it comes to be once and stays, that
/// is so wherever their windows meet; where it may be away between, only at an instant that one of them names.
fn share(one: &Claim<'_>, other: &Claim<'_>, comings: Comings) -> bool {
    let instant = |it: &Claim<'_>| it.sure && it.from == it.to;
    let equal = (one.from, one.to) == (other.from, other.to);
    meet_in_time(one, other) && (!comings.remade || equal || instant(one) || instant(other))
}

/// Whether what is claimed all the time is so at an instant at which it must not be: the subject may be made after the one window,
/// and within the other.
fn barred(never: &Claim<'_>, throughout: &Claim<'_>, comings: Comings) -> bool {
    let whole = (never.from, never.to) == (Time::START, Time::NEVER);
    let there = comings
        == Comings {
            made: false,
            remade: false,
        };
    let within = throughout.sure && covers(never, throughout);
    whole || within || (there && meet_in_time(never, throughout))
}

fn meet_in_time(one: &Claim<'_>, other: &Claim<'_>) -> bool {
    one.from <= other.to && other.from <= one.to
}

/// Whether one window lies within the other.
fn covers(outer: &Claim<'_>, inner: &Claim<'_>) -> bool {
    outer.from <= inner.from && inner.to <= outer.to
}

/// Whether two lines ask two things of the same number, or two courses of the same state.
fn numbers_clash(one: &Expectation, other: &Expectation) -> bool {
    if one.when != other.when {
        return false;
    }
    let numbers = one.what.measures.iter().any(|a| {
        let same = other.what.measures.iter().filter(|b| b.of == a.of);
        same.into_iter().any(|b| apart(a.bound, b.bound))
    });
    let courses = one.what.courses.iter().any(|a| {
        let mut same = other.what.courses.iter().filter(|b| b.of == a.of);
        same.any(|b| a.values != b.values)
    });
    numbers || courses
}

/// Whether no number fits both.
fn apart(a: Bound, b: Bound) -> bool {
    if (a == Bound::Never) != (b == Bound::Never) {
        return true;
    }
    let ((a_low, a_high), (b_low, b_high)) = (a.range(), b.range());
    let beyond = |low: Option<i128>, high: Option<i128>| matches!((low, high), (Some(low), Some(high)) if low > high);
    beyond(a_low, b_high) || beyond(b_low, a_high)
}

fn ranges(who: &Who) -> &Selection {
    match who {
        Who::Collections(some, _) | Who::Sites(some) | Who::Keys(some) | Who::Places(some, _) => {
            some
        }
    }
}

/// Whether two lines speak of one subject; where the steps are spent that is not found out.
fn meet(one: &Who, other: &Who, steps: &mut usize) -> bool {
    let same = match (one, other) {
        (Who::Collections(_, a), Who::Collections(_, b)) => a == b,
        (Who::Sites(_), Who::Sites(_)) | (Who::Keys(_), Who::Keys(_)) => true,
        (Who::Places(_, a), Who::Places(_, b)) => a.iter().any(|it| b.contains(it)),
        (Who::Collections(..) | Who::Sites(_) | Who::Keys(_) | Who::Places(..), _) => false,
    };
    same && overlap(ranges(one), ranges(other), steps)
}

fn overlap(one: &Selection, other: &Selection, steps: &mut usize) -> bool {
    let (mut a, mut b) = (one.ranges.iter().peekable(), other.ranges.iter().peekable());
    while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        if left.start < right.end && right.start < left.end {
            return true;
        }
        if left.end <= right.end {
            a.next();
        } else {
            b.next();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::overlap;
    use crate::scenario::Selection;

    fn some(from: u32) -> Selection {
        let ranges = (0..100).map(|it| from + 2 * it..from + 2 * it + 1);
        Selection {
            ranges: ranges.collect(),
        }
    }

    #[test]
    fn ranges_are_compared_as_long_as_there_are_steps() {
        let mut steps = 1_000;
        assert!(!overlap(&some(0), &some(1), &mut steps));
        assert!((700..=801).contains(&steps), "{steps} are left");
        assert!(overlap(&some(0), &some(198), &mut steps));
        steps = 20;
        assert!(!overlap(&some(0), &some(198), &mut steps));
        assert_eq!(steps, 0);
    }
}
