//! What happens: each event of the file becomes commands, one for each time.

use crate::scenario::codes::Code;
use crate::scenario::file::{EventFile, ScenarioFile};
use crate::scenario::render::quote;
use crate::scenario::resolve::cast::Cast;
use crate::scenario::resolve::globs::{self, Effort};
use crate::scenario::resolve::head::Head;
use crate::scenario::resolve::orgs::{byte_rate, query_rate};
use crate::scenario::resolve::policies::Policies;
use crate::scenario::resolve::repeat::{MOST, Times, times};
use crate::scenario::resolve::scalars::{length, word};
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
const RANGES: u64 = 20_000_000;

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
            let said = it.actions.as_ref().map_or(it.verb.mark, |it| it.mark);
            ordered.push((index, [event.mark, said], times, action, fields));
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

/// What is done, if this version can do it.
fn verb(desk: &mut Desk<'_>, event: &EventFile) -> Option<Verb> {
    let words: Vec<(&'static str, Verb)> = Verb::ALL.iter().map(|it| (it.word(), *it)).collect();
    let verb = word(desk, "verb", &event.verb, &words)?;
    if !verb.row().ready {
        let what = format!("{verb} is not yet supported in this version");
        desk.say(desk.problem(Code::NotYet, event.verb.mark, what));
        return None;
    }
    Some(verb)
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

/// One event, being read: what its fields mean, and how they are told.
struct Reading<'r, 'f, 'd> {
    desk: &'r mut Desk<'f>,
    head: &'r Head,
    cast: &'r Cast,
    policies: &'r mut Policies,
    read: &'r mut Read<'d>,
    effort: &'r mut Effort,
    fields: Vec<String>,
}

impl Reading<'_, '_, '_> {
    fn told(&mut self, field: Field, text: &str) {
        self.fields.push(format!("{field}: {text}"));
    }

    fn action(&mut self, it: &EventFile, verb: Verb) -> Option<Action> {
        Some(match verb {
            Verb::DisableKey => Action::DisableKey(self.replica(it)?),
            Verb::EnableKey => Action::EnableKey(self.replica(it)?),
            Verb::ScheduleKeyDeletion => {
                let replica = self.replica(it);
                let window = self.days(Field::Window, &it.window, (30, 7, 30));
                Action::ScheduleKeyDeletion(replica?, window?)
            }
            Verb::CancelKeyDeletion => Action::CancelKeyDeletion(self.replica(it)?),
            Verb::PutKeyPolicy => {
                let replica = self.replica(it);
                let policy = self.policy(it, replica);
                Action::PutKeyPolicy(replica?, policy?)
            }
            Verb::RemoveActions => {
                let (replica, actions) = (self.replica(it), self.actions(it));
                Action::RemoveActions(replica?, actions?)
            }
            Verb::RestoreActions => {
                let (replica, actions) = (self.replica(it), self.actions(it));
                Action::RestoreActions(replica?, actions?)
            }
            Verb::ReplicateKey => {
                let replica = self.replica(it);
                let policy = self.policy(it, replica);
                Action::ReplicateKey(replica?, policy?)
            }
            Verb::RotateKeyOnDemand => Action::RotateKeyOnDemand(self.key(it)?),
            Verb::EnableKeyRotation => {
                let key = self.key(it);
                let period = self.days(Field::Period, &it.period, (365, 90, 2560));
                Action::EnableKeyRotation(key?, period?)
            }
            Verb::DisableKeyRotation => Action::DisableKeyRotation(self.key(it)?),
            Verb::KmsUnreachable => self.unreachable(it)?,
            Verb::RegionDown => Action::RegionDown(self.region(it)?),
            Verb::SourceDown => Action::SourceDown(self.collections(it)?),
            Verb::AddRegion => {
                let (org, region) = (self.org(it), self.region(it));
                Action::AddRegion(org?, region?)
            }
            Verb::CreateCollection => {
                let (org, collection) = self.collection(it, true)?;
                Action::CreateCollection(org, collection)
            }
            Verb::DeleteCollection => {
                let (org, collection) = self.collection(it, false)?;
                Action::DeleteCollection(org, collection)
            }
            Verb::ContactSupport => Action::ContactSupport(self.collections(it)?),
            Verb::RecreateCollection => Action::RecreateCollection(self.collections(it)?),
            Verb::SetTraffic => self.traffic(it)?,
            Verb::ChangeKey => {
                let (org, key) = (self.org(it), self.key(it));
                Action::ChangeKey(org?, key?)
            }
            Verb::UnlinkKey => Action::UnlinkKey(self.org(it)?),
            Verb::UpdatePrimaryRegion
            | Verb::ImportKeyMaterial
            | Verb::DeleteImportedKeyMaterial
            | Verb::KmsThrottled
            | Verb::ServiceIamDenies => return None,
        })
    }

    fn key(&mut self, it: &EventFile) -> Option<u32> {
        let text = it.key.as_ref()?;
        self.told(Field::Key, &text.text);
        self.cast.key(self.desk, text)
    }

    fn region(&mut self, it: &EventFile) -> Option<u32> {
        let text = it.region.as_ref()?;
        self.told(Field::Region, &text.text);
        self.cast.region(self.desk, text)
    }

    fn org(&mut self, it: &EventFile) -> Option<u32> {
        let text = it.org.as_ref()?;
        self.told(Field::Org, &text.text);
        self.cast.org(self.desk, text)
    }

    fn replica(&mut self, it: &EventFile) -> Option<u32> {
        let (key, region) = (self.key(it), self.region(it));
        self.cast.names.find_replica(key?, region?)
    }

    fn days(
        &mut self,
        field: Field,
        text: &Option<Text>,
        (default, least, most): (u64, u64, u64),
    ) -> Option<Span> {
        let day = Span::from_days(1).ms();
        let Some(text) = text else {
            return Some(Span::from_days(default));
        };
        let span = length(self.desk, text)?;
        self.told(field, &span.to_string());
        if span.ms() % day == 0 && (least..=most).contains(&(span.ms() / day)) {
            return Some(span);
        }
        let what = format!("{} is not a {field} AWS takes", quote(text.as_str()));
        let problem = self.desk.problem(Code::BadWindow, text.mark, what);
        self.desk
            .say(problem.expected(format!("whole days from {least}d to {most}d")));
        None
    }

    fn policy(&mut self, it: &EventFile, replica: Option<u32>) -> Option<u32> {
        let key = replica.map(|it| self.cast.names.replica(it).0);
        let owner = key.map_or("000000000000", |it| &self.cast.keys[it as usize].account);
        let Some(tree) = &it.policy else {
            return Some(self.policies.aws_default(owner).number);
        };
        let taken = self
            .policies
            .take(self.desk, self.read, tree, owner, true)?;
        self.told(Field::Policy, &taken.text);
        let arn = self.cast.arn(replica?);
        self.policies
            .decidable(self.desk, &self.head.rules, taken.number, &arn, tree.mark);
        Some(taken.number)
    }

    fn actions(&mut self, it: &EventFile) -> Option<Vec<String>> {
        let list = it.actions.as_ref()?;
        let actions: Vec<String> = list.items.iter().map(|it| it.text.clone()).collect();
        self.told(Field::Actions, &format!("[{}]", actions.join(", ")));
        if actions.is_empty() {
            let problem = self
                .desk
                .problem(Code::NeedsField, list.mark, "there is no action");
            self.desk
                .say(problem.expected("actions such as [kms:Decrypt]"));
            return None;
        }
        Some(actions)
    }

    fn unreachable(&mut self, it: &EventFile) -> Option<Action> {
        let region = self.region(it);
        let key = match &it.key {
            None => None,
            Some(_) => Some(self.key(it)?),
        };
        Some(Action::KmsUnreachable(region?, key))
    }

    fn collections(&mut self, it: &EventFile) -> Option<Selection> {
        let text = it.collections.as_ref()?;
        self.told(Field::Collections, &text.text);
        select(self.desk, self.cast, text, &text.text, self.effort)
    }

    fn traffic(&mut self, it: &EventFile) -> Option<Action> {
        let selection = self.collections(it);
        let queries = it.queries.as_ref().map(|text| {
            self.told(Field::Queries, &text.text);
            query_rate(self.desk, text)
        });
        let arrivals = it.arrivals.as_ref().map(|text| {
            self.told(Field::Arrivals, &text.text);
            byte_rate(self.desk, text)
        });
        if queries == Some(None) || arrivals == Some(None) {
            return None;
        }
        Some(Action::SetTraffic(
            selection?,
            queries.flatten(),
            arrivals.flatten(),
        ))
    }

    /// An org of the file and a collection of it; what is made was read with the orgs.
    fn collection(&mut self, it: &EventFile, made: bool) -> Option<(u32, u32)> {
        let org = self.org(it);
        let name = it.name.as_ref()?;
        self.told(Field::Name, &name.text);
        let rest = [
            (Field::Source, &it.source),
            (Field::Queries, &it.queries),
            (Field::Arrivals, &it.arrivals),
            (Field::Count, &it.count),
        ];
        for (field, text) in rest {
            if let Some(text) = text {
                self.told(field, &text.text);
            }
        }
        let org = org?;
        let drafts = &self.cast.drafts[org as usize].collections;
        let (region, it) = name.text.split_once('/').unwrap_or(("", &name.text));
        let found = drafts
            .iter()
            .position(|draft| draft.region == region && draft.name == it);
        if found.is_none() && !made {
            let what = format!(
                "the org {} has no collection {}",
                quote(&self.cast.drafts[org as usize].name),
                quote(&name.text)
            );
            let known: Vec<String> = drafts
                .iter()
                .map(|it| format!("{}/{}", it.region, it.name))
                .collect();
            let problem = self.desk.problem(Code::UnknownName, name.mark, what);
            let near = known.iter().map(String::as_str);
            self.desk.say(problem.near(&name.text, near));
        }
        Some((org, found? as u32))
    }
}

/// The collections a glob selects, or `None` after saying that it selects none.
pub(super) fn select(
    desk: &mut Desk<'_>,
    cast: &Cast,
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
    let selection = globs::collections(&cast.names, [org, region, name], effort);
    if selection.is_empty() && !effort.spent() {
        let what = format!("{} selects no collection", quote(glob));
        let mut problem = desk.problem(Code::SelectsNothing, text.mark, what);
        problem.did_you_mean = globs::meant(&parts, &globs::known(&cast.names));
        desk.say(problem);
        return None;
    }
    Some(selection)
}
