//! Which expectations can never be decided, where the file tells.

use crate::names::Kind;
use crate::scenario::codes::Code;
use crate::scenario::file::States;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::against::Against;
use crate::scenario::resolve::whom::name;
use crate::scenario::{Action, Lag, Since, What, When, Who};
use crate::time::{Span, Time};
use crate::yaml::{Mark, Text};

/// How many subjects are looked at one by one; beyond them nothing is said.
const LOOKED_AT: usize = 1_000;

/// Says it when an expectation can never be decided.
pub(super) fn decidable(
    desk: &mut Desk<'_>,
    against: &Against<'_>,
    (by, when, who): (&Text, &When, &Who),
) {
    let Against { commands, .. } = against;
    let last = match when {
        When::At(at) | When::Given(at) | When::By(at) => *at,
        When::Within(_, to) | When::Throughout(_, to) | When::During(_, to) => *to,
        When::Always | When::Never | When::Until(_) | When::Before | When::Whole => Time::NEVER,
    };
    if let When::Until(from) = when
        && *from == against.clock.until
    {
        let what = format!(
            "this can never be decided: the run ends at {from}, and nothing is left to judge"
        );
        let problem = desk.problem(Code::NeverDecided, by.mark, what);
        desk.say(problem.help("let `from` be earlier"));
    }
    let (kind, selection) = match who {
        Who::Collections(it, _) => (Kind::Collection, it),
        Who::Sites(it) | Who::Places(it, _) => (Kind::Site, it),
        Who::Keys(_) => return,
    };
    if selection.len() > LOOKED_AT {
        return;
    }
    let born = |id: u32| match since(against, kind, id) {
        Since::Start => Time::START,
        Since::Command(number) => commands
            .get(number as usize)
            .map_or(Time::START, |it| it.at),
    };
    let first = selection.iter().map(|id| (born(id), id)).min();
    if let Some((at, id)) = first.filter(|(at, _)| *at > last) {
        let what = format!(
            "this can never be decided: {} is there from {at} on, later than {last}",
            name(against.names, kind, id)
        );
        desk.say(desk.problem(Code::NeverDecided, by.mark, what));
    }
    if let Who::Collections(_, Some(incarnation)) = who {
        incarnations(desk, against, (by, last, *incarnation, selection));
    }
}

/// Says it when no lag is ever so: it is never less than nothing, nor more than what the run lasts.
pub(super) fn lag(desk: &mut Desk<'_>, against: &Against<'_>, states: &States<'_>, what: &What) {
    let until = against.clock.until;
    let why = match what.lag {
        Some(Lag::Under(bound)) if bound == Span::ZERO => "no lag is under 0s".to_owned(),
        // The last instant of which anything is told is the one before the end.
        Some(Lag::Over(bound)) if Time::START + bound + Span::from_ms(1) >= until => {
            format!("no lag is over {bound} in a run that ends at {until}")
        }
        Some(Lag::Under(_) | Lag::Over(_)) | None => return,
    };
    let text = states.iter().find(|(name, _)| *name == "lag");
    let mark = text.and_then(|(_, text)| Some((*text)?.mark));
    let what = format!("this can never be decided: {why}");
    desk.say(desk.problem(Code::NeverDecided, mark.unwrap_or(Mark::START), what));
}

/// Says it when what a line asks is itself what must come later: wherever the one is so, the other is so too.
pub(super) fn compared(
    desk: &mut Desk<'_>,
    mark: Mark,
    when: &When,
    (what, other): (&What, &What),
) {
    if !implies(what, other) {
        return;
    }
    let (why, help) = match when {
        When::Before => (
            "wherever this line is so, what must come later is so too, and of one instant neither is before the other",
            "name something else in `before`",
        ),
        When::Until(_) => (
            "wherever this line is so, what ends it is so too, and nothing is left to judge",
            "name something else in `until`",
        ),
        When::At(_)
        | When::Given(_)
        | When::By(_)
        | When::Within(..)
        | When::Throughout(..)
        | When::Always
        | When::Never
        | When::During(..)
        | When::Whole => return,
    };
    let what = format!("this can never be decided: {why}");
    let problem = desk.problem(Code::NeverDecided, mark, what);
    desk.say(problem.help(help));
}

/// Whether some states are only so where others are.
pub(super) fn implies(what: &What, other: &What) -> bool {
    fn same<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
        b.is_none() || a == b
    }
    let lag = match (what.lag, other.lag) {
        (_, None) => true,
        (Some(Lag::Under(a)), Some(Lag::Under(b))) => a <= b,
        (Some(Lag::Over(a)), Some(Lag::Over(b))) => a >= b,
        (Some(Lag::Under(_) | Lag::Over(_)) | None, Some(_)) => false,
    };
    lag && same(&what.queries, &other.queries)
        && same(&what.ingest, &other.ingest)
        && same(&what.status, &other.status)
        && same(&what.outcome, &other.outcome)
        && same(&what.error, &other.error)
        && same(&what.site, &other.site)
        && same(&what.access, &other.access)
        && same(&what.key, &other.key)
        && same(&what.readable, &other.readable)
}

fn since(against: &Against<'_>, kind: Kind, id: u32) -> Since {
    if kind == Kind::Collection {
        let home = against.names.home(id);
        return against.orgs[home.group].collections[home.collection].since;
    }
    let (group, _, region) = against.names.site(id);
    let regions = &against.names.orgs()[group].regions;
    let at = regions.binary_search(&region).unwrap_or(0);
    against.orgs[group].since[at]
}

type Asked<'a> = (&'a Text, Time, u32, &'a crate::scenario::Selection);

/// A second incarnation needs a command that makes it.
fn incarnations(
    desk: &mut Desk<'_>,
    against: &Against<'_>,
    (by, last, incarnation, selection): Asked<'_>,
) {
    let mut best = 0;
    for id in selection.iter() {
        let made = against
            .commands
            .iter()
            .filter(|it| it.at <= last)
            .filter(|it| match &it.action {
                Action::RecreateCollection(some) => some.contains(id),
                _ => false,
            })
            .count();
        best = best.max(made + 1);
    }
    if best < incarnation as usize {
        let id = selection.iter().next().unwrap_or(0);
        let what = format!(
            "this can never be decided: there is never an incarnation {incarnation} of {} by then",
            name(against.names, Kind::Collection, id)
        );
        let problem = desk.problem(Code::NeverDecided, by.mark, what);
        desk.say(problem.help("each RecreateCollection makes one more"));
    }
}
