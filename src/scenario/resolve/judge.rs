//! Which expectations can never be decided, where the file tells.

use crate::names::Kind;
use crate::scenario::codes::Code;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::expect::Against;
use crate::scenario::resolve::whom::name;
use crate::scenario::{Action, Since, When, Who};
use crate::time::Time;
use crate::yaml::Text;

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
