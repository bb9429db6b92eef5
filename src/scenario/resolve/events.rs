//! What happens: each event of the file becomes commands, one for each time.

use crate::names::Kind;
use crate::names::Names;
use crate::scenario::codes::Code;
use crate::scenario::file::{EventFile, ScenarioFile};
use crate::scenario::render::quote;
use crate::scenario::resolve::cast::Cast;
use crate::scenario::resolve::globs::{self, Effort};
use crate::scenario::resolve::head::Head;
use crate::scenario::resolve::policies::Policies;
use crate::scenario::resolve::reading::{EVERY_REGION, Reading};
use crate::scenario::resolve::repeat::{MOST, Times, times};
use crate::scenario::resolve::scalars::word;
use crate::scenario::resolve::{Desk, Read};
use crate::scenario::verbs::{Field, Verb};
use crate::scenario::{Action, Command, Selection};
use crate::time::Span;
use crate::yaml::{Mark, Text};

/// A command, and which event of the file (from 0) orders it.
pub(super) struct Drawn {
    pub(super) command: Command,
    pub(super) event: usize,
    /// Where it says what is done, for messages.
    pub(super) mark: Mark,
}

/// The most ranges that all selections of all commands have.
const RANGES: u64 = 5_000_000;

/// Reads the events of a file: all commands in their order.
pub(super) fn events(
    file: &ScenarioFile,
    desk: &mut Desk<'_>,
    head: &Head,
    cast: &Cast,
    policies: &mut Policies,
    read: &mut Read<'_>,
) -> Option<Vec<Drawn>> {
    let mut ordered = Vec::new();
    let mut effort = Effort::new();
    for (index, event) in file.events.iter().flat_map(|it| &it.items).enumerate() {
        let it = &event.value;
        let Some(verb) = verb(desk, it) else { continue };
        let times = times(desk, head, it, verb);
        let fitting = fields_fit(desk, it, verb);
        let mut reading = Reading {
            desk,
            head,
            cast,
            policies,
            read,
            effort: &mut effort,
            fields: Vec::new(),
        };
        let action = reading.action(it, verb);
        let fields = reading.fields.join(", ");
        if let (Some(times), true, Some(action)) = (times, fitting, action) {
            if expired(desk, it, &times, &action) {
                continue;
            }
            let said = it.actions.as_ref().map_or(it.verb.mark, |it| it.mark);
            for action in each_region(cast, action) {
                let (times, fields) = (times.clone(), fields.clone());
                ordered.push((index, [event.mark, said], times, action, fields));
            }
        }
    }
    if effort.spent() {
        let what = "the globs would have to try too many names";
        let mark = file.events.as_ref().map_or(Mark::START, |it| it.mark);
        desk.say(desk.problem(Code::TooLarge, mark, what));
        return None;
    }
    if !fits(file, desk, &ordered) {
        return None;
    }
    let mut all = Vec::new();
    for (index, [mark, said], times, action, fields) in ordered {
        all.extend(times.iter().map(|at| Drawn {
            command: Command {
                at,
                action: action.clone(),
                lasts: times.lasts,
                line: mark.line,
                fields: fields.clone(),
            },
            event: index,
            mark: said,
        }));
    }
    all.sort_by(|a, b| {
        let key = |it: &Drawn| (it.command.at, it.command.action.verb());
        key(a)
            .cmp(&key(b))
            .then_with(|| a.command.fields.cmp(&b.command.fields))
            .then_with(|| a.command.lasts.cmp(&b.command.lasts))
    });
    Some(all)
}

/// Says it when imported material would have expired before it came.
fn expired(desk: &mut Desk<'_>, event: &EventFile, times: &Times, action: &Action) -> bool {
    let (Action::ImportKeyMaterial(_, Some(expires)), Some(text)) = (action, &event.expires) else {
        return false;
    };
    let far = times
        .iter()
        .next()
        .filter(|it| *it + Span::from_days(365) < *expires);
    if far.is_some() {
        let what = format!(
            "{} is more than 365 days after the import",
            quote(text.as_str())
        );
        let problem = desk.problem(Code::BadWindow, text.mark, what);
        desk.say(
            problem.expected("an instant at most 365 days later, or none: it then never expires"),
        );
        return true;
    }
    let last = times.iter().last().filter(|last| last >= expires);
    if let Some(last) = last {
        let what = format!("this material would have expired when it is imported, at {last}");
        let problem = desk.problem(Code::OutsideRun, text.mark, what);
        desk.say(problem.expected("a later instant, or none: it then never expires"));
    }
    last.is_some()
}

/// A fault of all regions is one in each.
fn each_region(cast: &Cast, action: Action) -> Vec<Action> {
    match action {
        Action::ServiceIamDenies(EVERY_REGION, actions) => (0..cast.names.count(Kind::Region))
            .map(|region| Action::ServiceIamDenies(region, actions.clone()))
            .collect(),
        other => vec![other],
    }
}

type Ordered = (usize, [Mark; 2], Times, Action, String);

/// Whether there are not too many; said before they are made.
fn fits(file: &ScenarioFile, desk: &mut Desk<'_>, ordered: &[Ordered]) -> bool {
    let total = ordered
        .iter()
        .fold(0u64, |sum, it| sum.saturating_add(it.2.count()));
    let ranges = ordered.iter().fold(0u64, |sum, it| {
        let each = selection(&it.3).map_or(0, |it| it.ranges.len() as u64);
        sum.saturating_add(each.saturating_mul(it.2.count()))
    });
    let most = ordered.iter().max_by_key(|it| it.2.count());
    let event = most.and_then(|it| file.events.as_ref()?.items.get(it.0));
    let times = event.and_then(|it| Some(it.value.repeat.as_ref()?.value.times.mark));
    let mark = times.or_else(|| event.map(|it| it.mark));
    let mark = mark.unwrap_or(Mark::START);
    if total > MOST {
        let what = format!("the events would make {total} commands; at most {MOST} are taken");
        desk.say(desk.problem(Code::TooLarge, mark, what));
        return false;
    }
    if ranges > RANGES {
        let what = format!(
            "the events would select collections in {ranges} pieces; at most {RANGES} are taken"
        );
        desk.say(desk.problem(Code::TooLarge, mark, what));
        return false;
    }
    true
}

/// The collections a command is about.
pub(super) fn selection(action: &Action) -> Option<&Selection> {
    match action {
        Action::SourceDown(it)
        | Action::ContactSupport(it)
        | Action::RecreateCollection(it)
        | Action::SetTraffic(it, _, _) => Some(it),
        _ => None,
    }
}

/// What is done.
fn verb(desk: &mut Desk<'_>, event: &EventFile) -> Option<Verb> {
    let words: Vec<(&'static str, Verb)> = Verb::ALL.iter().map(|it| (it.word(), *it)).collect();
    word(desk, "verb", &event.verb, &words)
}

/// Whether an event has the fields that its verb needs, and no others.
fn fields_fit(desk: &mut Desk<'_>, event: &EventFile, verb: Verb) -> bool {
    let row = verb.row();
    let list = |fields: Vec<Field>| {
        let words: Vec<&str> = fields.into_iter().map(Field::word).collect();
        words.join(", ")
    };
    let mut fit = true;
    for (field, mark) in Field::ALL
        .iter()
        .filter_map(|it| Some((*it, place(event, *it)?)))
    {
        if !row.takes(field) {
            let what = format!("{verb} has no field `{field}`");
            let problem = desk.problem(Code::NotItsField, mark, what);
            desk.say(problem.expected(format!("its fields: {}", list(row.fields().collect()))));
            fit = false;
        }
    }
    for field in row.required {
        if place(event, *field).is_none() {
            let what = format!("{verb} needs the field `{field}`");
            let problem = desk.problem(Code::NeedsField, event.verb.mark, what);
            desk.say(problem.expected(format!("its fields: {}", list(row.fields().collect()))));
            fit = false;
        }
    }
    if verb == Verb::SetTraffic && event.queries.is_none() && event.arrivals.is_none() {
        let what = "SetTraffic changes nothing: it needs `queries`, `arrivals` or both";
        desk.say(desk.problem(Code::NeedsField, event.verb.mark, what));
        fit = false;
    }
    fit
}

/// Where an event's field stands.
fn place(event: &EventFile, field: Field) -> Option<Mark> {
    let text = match field {
        Field::Key => &event.key,
        Field::Region => &event.region,
        Field::Window => &event.window,
        Field::Policy => return event.policy.as_ref().map(|it| it.mark),
        Field::Actions => return event.actions.as_ref().map(|it| it.mark),
        Field::Period => &event.period,
        Field::Expires => &event.expires,
        Field::Share => &event.share,
        Field::Collections => &event.collections,
        Field::Org => &event.org,
        Field::Name => &event.name,
        Field::Source => &event.source,
        Field::Queries => &event.queries,
        Field::Arrivals => &event.arrivals,
        Field::Count => &event.count,
    };
    text.as_ref().map(|it| it.mark)
}

/// The collections a glob selects, or `None` after saying that it selects none.
pub(super) fn select(
    desk: &mut Desk<'_>,
    names: &Names,
    text: &Text,
    glob: &str,
    effort: &mut Effort,
) -> Option<Selection> {
    let parts: Vec<&str> = glob.split('/').collect();
    let [org, region, name] = parts.as_slice() else {
        let what = format!("{} does not select collections", quote(glob));
        let problem = desk.problem(Code::SelectsNothing, text.mark, what);
        desk.say(problem.expected("org/region/name, such as acme/us-east-1/*"));
        return None;
    };
    let selection = globs::collections(names, [org, region, name], effort);
    if selection.is_empty() && !effort.spent() {
        let what = format!("{} selects no collection", quote(glob));
        let mut problem = desk.problem(Code::SelectsNothing, text.mark, what);
        if desk.suggests() {
            let known = globs::known(names);
            problem.did_you_mean = globs::meant(&parts, &known);
            problem.expected = globs::there_is(&parts, &known);
        }
        desk.say(problem);
        return None;
    }
    Some(selection)
}
