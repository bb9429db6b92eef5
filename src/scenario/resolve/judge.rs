//! Which expectations can never be decided, or cannot hold together, where the file tells.

use std::collections::BTreeMap;

use crate::names::Kind;
use crate::scenario::codes::Code;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::cast::Cast;
use crate::scenario::resolve::events::Drawn;
use crate::scenario::resolve::expect::name;
use crate::scenario::resolve::head::Head;
use crate::scenario::{Action, Expectation, Since, What, When, Who};
use crate::time::Time;
use crate::yaml::{Mark, Text};

/// How many subjects are looked at one by one; beyond them nothing is said.
const LOOKED_AT: usize = 1_000;

/// Says it when an expectation can never be decided.
pub(super) fn decidable(
    desk: &mut Desk<'_>,
    _: &Head,
    cast: &Cast,
    commands: &[Drawn],
    (by, when, who): (&Text, &When, &Who),
) {
    let last = match when {
        When::At(at) | When::By(at) => *at,
        When::Within(_, to) | When::Throughout(_, to) => *to,
        When::Always | When::Never => Time::NEVER,
    };
    let (kind, selection) = match who {
        Who::Collections(it, _) => (Kind::Collection, it),
        Who::Sites(it) | Who::Places(it, _) => (Kind::Site, it),
        Who::Keys(_) => return,
    };
    if selection.len() > LOOKED_AT {
        return;
    }
    let born = |id: u32| match since(cast, kind, id) {
        Since::Start => Time::START,
        Since::Command(number) => commands
            .get(number as usize)
            .map_or(Time::START, |it| it.command.at),
    };
    let first = selection.iter().map(|id| (born(id), id)).min();
    if let Some((at, id)) = first.filter(|(at, _)| *at > last) {
        let what = format!(
            "this can never be decided: {} is there from {at} on, later than {last}",
            name(cast, kind, id)
        );
        desk.say(desk.problem(Code::NeverDecided, by.mark, what));
    }
    if let Who::Collections(_, Some(incarnation)) = who {
        incarnations(desk, cast, commands, (by, last, *incarnation, selection));
    }
}

fn since(cast: &Cast, kind: Kind, id: u32) -> Since {
    if kind == Kind::Collection {
        let home = cast.names.home(id);
        return cast.orgs[home.group].collections[home.collection].since;
    }
    let (group, _, region) = cast.names.site(id);
    let regions = &cast.names.orgs()[group].regions;
    let at = regions.binary_search(&region).unwrap_or(0);
    cast.orgs[group].since[at]
}

type Asked<'a> = (&'a Text, Time, u32, &'a crate::scenario::Selection);

/// A second incarnation needs a command that makes it.
fn incarnations(
    desk: &mut Desk<'_>,
    cast: &Cast,
    commands: &[Drawn],
    (by, last, incarnation, selection): Asked<'_>,
) {
    let mut best = 0;
    for id in selection.iter() {
        let made = commands
            .iter()
            .filter(|it| it.command.at <= last)
            .filter(|it| match &it.command.action {
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
            name(cast, Kind::Collection, id)
        );
        let problem = desk.problem(Code::NeverDecided, by.mark, what);
        desk.say(problem.help("each RecreateCollection makes one more"));
    }
}

/// Says which expectations say two things of the same subjects at the same time.
pub(super) fn contradictions(desk: &mut Desk<'_>, all: &[Expectation]) {
    let mut seen: BTreeMap<String, &Expectation> = BTreeMap::new();
    for it in all {
        let pieces = match &it.who {
            Who::Collections(some, _)
            | Who::Sites(some)
            | Who::Keys(some)
            | Who::Places(some, _) => some.ranges.len(),
        };
        let all_the_time = matches!(it.when, When::At(_) | When::Throughout(..) | When::Always);
        if !all_the_time || pieces > LOOKED_AT {
            continue;
        }
        let key = format!("{:?} {:?}", it.when, it.who);
        match seen.get(&key) {
            Some(other) if clash(&it.what, &other.what) => {
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
            Some(_) => {}
            None => {
                seen.insert(key, it);
            }
        }
    }
}

fn clash(a: &What, b: &What) -> bool {
    fn differ<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
        matches!((a, b), (Some(a), Some(b)) if a != b)
    }
    differ(&a.queries, &b.queries)
        || differ(&a.ingest, &b.ingest)
        || differ(&a.status, &b.status)
        || differ(&a.outcome, &b.outcome)
        || differ(&a.error, &b.error)
        || differ(&a.site, &b.site)
        || differ(&a.access, &b.access)
        || differ(&a.key, &b.key)
        || differ(&a.readable, &b.readable)
}
