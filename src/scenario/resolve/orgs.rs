//! The orgs as the file writes them: their key, regions and collections, and what events add to them.

use std::collections::{BTreeMap, BTreeSet};

use crate::profile::amount::{bytes, queries, whole};
use crate::scenario::codes::Code;
use crate::scenario::file::{OrgFile, ScenarioFile};
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::head::Head;
use crate::scenario::resolve::keys::KeyDraft;
use crate::scenario::resolve::scalars::{is_name, name, told, word};
use crate::scenario::verbs::Verb;
use crate::states::Source;
use crate::time::{Rate, Span, Time};
use crate::yaml::{Mark, Text};

/// An org as the file writes it.
pub(super) struct OrgDraft {
    pub(super) name: String,
    pub(super) count: Option<u32>,
    pub(super) key: Option<String>,
    /// The regions at T+0, the first one first.
    pub(super) regions: Vec<String>,
    /// The regions that are added: by which event, and when.
    pub(super) added: Vec<(String, usize, Time)>,
    pub(super) collections: Vec<CollectionDraft>,
}

/// A collection as the file writes it.
pub(super) struct CollectionDraft {
    pub(super) region: String,
    pub(super) name: String,
    pub(super) count: Option<u32>,
    pub(super) source: Source,
    pub(super) queries: Rate,
    pub(super) arrivals: Rate,
    /// By which event it is made, and when.
    pub(super) made: Option<(usize, Time)>,
    pub(super) mark: Mark,
}

impl OrgDraft {
    /// Since when it has a region.
    pub(super) fn since(&self, region: &str) -> Option<Time> {
        if self.regions.iter().any(|it| it == region) {
            return Some(Time::START);
        }
        self.added
            .iter()
            .find(|(it, _, _)| it == region)
            .map(|(_, _, at)| *at)
    }
}

/// The fields of a collection, wherever they stand.
pub(super) type Fields<'f> = [&'f Option<Text>; 4];

/// The most members a `count` makes.
const MOST: u64 = 20_000_000;

/// Reads the orgs of a file, in the order of their names, with what events add to them.
pub(super) fn orgs(
    file: &ScenarioFile,
    desk: &mut Desk<'_>,
    head: &Head,
    keys: &[KeyDraft],
) -> Vec<OrgDraft> {
    let mut drafts = Vec::new();
    if file.orgs.entries.is_empty() {
        let problem = desk.problem(Code::MissingField, file.orgs.mark, "there is no org");
        desk.say(problem.expected("at least one org: its name, with key and regions"));
    }
    for (text, org) in &file.orgs.entries {
        let named = name(desk, "an org", text).is_some();
        let draft = draft(file, desk, keys, text, &org.value);
        if named {
            drafts.push(draft);
        }
    }
    drafts.sort_by(|a, b| a.name.cmp(&b.name));
    add(file, desk, head, &mut drafts);
    for org in &mut drafts {
        org.collections
            .sort_by(|a, b| (&a.region, &a.name).cmp(&(&b.region, &b.name)));
        let of = |it: &CollectionDraft| (format!("{}/{}", it.region, it.name), it.count, it.mark);
        collide(desk, org.collections.iter().map(of).collect());
    }
    let marks: BTreeMap<&str, Mark> = file
        .orgs
        .entries
        .iter()
        .map(|(name, _)| (name.as_str(), name.mark))
        .collect();
    let of = |it: &OrgDraft| (it.name.clone(), it.count, marks[it.name.as_str()]);
    collide(desk, drafts.iter().map(of).collect());
    drafts
}

fn draft(
    file: &ScenarioFile,
    desk: &mut Desk<'_>,
    keys: &[KeyDraft],
    text: &Text,
    org: &OrgFile,
) -> OrgDraft {
    let mut regions = Vec::new();
    let mut seen = BTreeSet::new();
    for region in &org.regions.items {
        if name(desk, "a region", region).is_none() {
            continue;
        }
        if !seen.insert(region.as_str()) {
            let what = format!("{} stands here for the second time", quote(&region.text));
            desk.say(desk.problem(Code::NameTwice, region.mark, what));
            continue;
        }
        regions.push(region.text.clone());
    }
    if org.regions.items.is_empty() {
        let problem = desk.problem(
            Code::MissingField,
            org.regions.mark,
            "the org has no region",
        );
        desk.say(problem.expected("at least the region where it was created"));
    }
    let mut draft = OrgDraft {
        name: text.text.clone(),
        count: count(desk, &org.count),
        key: key(file, desk, keys, &org.key),
        regions,
        added: Vec::new(),
        collections: Vec::new(),
    };
    for (place, it) in org.collections.iter().flat_map(|it| &it.entries) {
        let fields = [&it.source, &it.queries, &it.arrivals, &it.count];
        if let Some(collection) = collection(desk, place, fields, None) {
            if !seen.contains(collection.region.as_str()) {
                not_there(desk, place, &draft, &collection.region);
                continue;
            }
            draft.collections.push(collection);
        }
    }
    draft
}

/// The key of an org, or none.
fn key(file: &ScenarioFile, desk: &mut Desk<'_>, keys: &[KeyDraft], text: &Text) -> Option<String> {
    if text.text == "none" {
        return None;
    }
    let found = keys.binary_search_by(|it| it.name.cmp(&text.text));
    if found.is_ok() {
        return Some(text.text.clone());
    }
    let written = file.keys.iter().flat_map(|it| &it.entries);
    let written: Vec<&str> = written.map(|(name, _)| name.as_str()).collect();
    if !written.contains(&text.as_str()) {
        let what = format!("there is no key {}", quote(text.as_str()));
        let known: Vec<&str> = written.iter().take(12).copied().collect();
        let known = known.join(", ");
        let problem = desk.problem(Code::UnknownName, text.mark, what);
        desk.say(
            problem
                .near(text.as_str(), written)
                .expected(format!("a key of the file ({known}), or none")),
        );
    }
    None
}

/// How many members a `count:` makes.
fn count(desk: &mut Desk<'_>, text: &Option<Text>) -> Option<u32> {
    let text = text.as_ref()?;
    let read = whole(text.as_str(), MOST).and_then(|n| match n {
        0 => Err("there cannot be 0 of them".to_owned()),
        n => Ok(u32::try_from(n).unwrap_or(u32::MAX)),
    });
    let due = "a whole number from 1 to 20000000, in plain digits";
    told(desk, Code::BadNumber, text, read, due)
}

/// A collection `region/name`, or `None` after saying what is wrong with its name.
pub(super) fn collection(
    desk: &mut Desk<'_>,
    place: &Text,
    [source, rate, arrivals, count_of]: Fields<'_>,
    made: Option<(usize, Time)>,
) -> Option<CollectionDraft> {
    const SOURCES: [(&str, Source); Source::ALL.len()] = {
        let mut all = [("", Source::Kafka); Source::ALL.len()];
        let mut at = 0;
        while at < Source::ALL.len() {
            all[at] = (Source::ALL[at].word(), Source::ALL[at]);
            at += 1;
        }
        all
    };
    let source = source
        .as_ref()
        .and_then(|it| word(desk, "source type", it, &SOURCES));
    let rate = rate.as_ref().and_then(|it| query_rate(desk, it));
    let arrivals = arrivals.as_ref().and_then(|it| byte_rate(desk, it));
    let count = count(desk, count_of);
    let parts = place.text.split_once('/');
    let Some((region, name)) = parts.filter(|(a, b)| is_name(a) && is_name(b)) else {
        let what = format!("{} is no name of a collection", quote(place.as_str()));
        let problem = desk.problem(Code::BadName, place.mark, what);
        desk.say(problem.expected("region/name, such as us-west-2/orders"));
        return None;
    };
    Some(CollectionDraft {
        region: region.to_owned(),
        name: name.to_owned(),
        count,
        source: source.unwrap_or(Source::WriteApi),
        queries: rate.unwrap_or(Rate::ZERO),
        arrivals: arrivals.unwrap_or(Rate::ZERO),
        made,
        mark: place.mark,
    })
}

/// A rate of queries.
pub(super) fn query_rate(desk: &mut Desk<'_>, text: &Text) -> Option<Rate> {
    let read = queries(text.as_str());
    let due = "queries in a time, such as 20/s or 5/m, or 0";
    told(desk, Code::BadRate, text, read, due)
}

/// A rate of bytes.
pub(super) fn byte_rate(desk: &mut Desk<'_>, text: &Text) -> Option<Rate> {
    let read = bytes(text.as_str());
    let due = "bytes in a time, such as 1 MiB/s or 10 KiB/m, or 0";
    told(desk, Code::BadRate, text, read, due)
}

fn not_there(desk: &mut Desk<'_>, place: &Text, org: &OrgDraft, region: &str) {
    let what = format!("the org {} is not in {}", quote(&org.name), quote(region));
    let mut problem = desk.problem(Code::NotInOrg, place.mark, what);
    problem = problem
        .near(region, org.regions.iter().map(String::as_str))
        .expected(format!("one of its regions: {}", org.regions.join(", ")));
    desk.say(problem);
}

/// What `AddRegion` and `CreateCollection` add; what is wrong with them otherwise is said with the events.
fn add(file: &ScenarioFile, desk: &mut Desk<'_>, head: &Head, orgs: &mut [OrgDraft]) {
    let events = || file.events.iter().flat_map(|it| &it.items).enumerate();
    let at = |text: &Text| {
        let mut aside = Desk::new(desk.file, desk.source);
        head.clock.within(&mut aside, text).unwrap_or(Time::START)
    };
    let mut said = Vec::new();
    for (index, event) in events() {
        let it = &event.value;
        let (Some(org), Some(region)) = (&it.org, &it.region) else {
            continue;
        };
        if it.verb.text != Verb::AddRegion.word() || !is_name(&region.text) {
            continue;
        }
        let Some(org) = orgs.iter_mut().find(|draft| draft.name == org.text) else {
            continue;
        };
        if org.since(&region.text).is_some() {
            let what = format!(
                "the org {} has the region {} already",
                quote(&org.name),
                quote(&region.text)
            );
            said.push(desk.problem(Code::NameTwice, region.mark, what));
            continue;
        }
        org.added.push((region.text.clone(), index, at(&it.at)));
    }
    let times: Vec<Time> = events().map(|(_, event)| at(&event.value.at)).collect();
    said.into_iter().for_each(|problem| desk.say(problem));
    for (index, event) in events() {
        let it = &event.value;
        let (Some(org), Some(place)) = (&it.org, &it.name) else {
            continue;
        };
        if it.verb.text != Verb::CreateCollection.word() {
            continue;
        }
        let Some(org) = orgs.iter_mut().find(|draft| draft.name == org.text) else {
            continue;
        };
        let fields = [&it.source, &it.queries, &it.arrivals, &it.count];
        let made = Some((index, times[index]));
        if let Some(collection) = collection(desk, place, fields, made) {
            create(desk, org, place, collection, times[index]);
        }
    }
}

fn create(
    desk: &mut Desk<'_>,
    org: &mut OrgDraft,
    place: &Text,
    collection: CollectionDraft,
    at: Time,
) {
    match org.since(&collection.region) {
        None => {
            not_there(desk, place, org, &collection.region);
            return;
        }
        Some(since) if since > at => {
            let what = format!(
                "the org {} is in {} from {} on, after this instant, {at}",
                quote(&org.name),
                quote(&collection.region),
                Span::from_ms(since.ms())
            );
            desk.say(desk.problem(Code::NotInOrg, place.mark, what));
        }
        Some(_) => {}
    }
    org.collections.push(collection);
}

/// The assumption about collections that do not say where their data comes from, if there are any.
pub(super) fn unsaid_source(file: &ScenarioFile) -> Option<String> {
    let orgs = file.orgs.entries.iter().map(|(_, org)| &org.value);
    let mut written = orgs.flat_map(|org| org.collections.iter().flat_map(|it| &it.entries));
    let mut made = file.events.iter().flat_map(|it| &it.items);
    let unsaid = written.any(|(_, it)| it.source.is_none())
        || made.any(|it| {
            it.value.verb.text == Verb::CreateCollection.word() && it.value.source.is_none()
        });
    unsaid.then(|| {
        let source = Source::WriteApi;
        format!(
            "source = {source}: assumption (a collection does not say where its data comes from)"
        )
    })
}

/// Says which names stand for two things: written twice, or also a member of a `count`.
fn collide(desk: &mut Desk<'_>, names: Vec<(String, Option<u32>, Mark)>) {
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for (name, count, _) in &names {
        if let Some(count) = count {
            counted.insert(name, *count);
        }
    }
    let mut seen = BTreeSet::new();
    for (name, count, mark) in &names {
        if !seen.insert(name) {
            let what = format!("there is a {} already", quote(name));
            desk.say(desk.problem(Code::NameTwice, *mark, what));
        }
        let Some((base, number)) = name.rsplit_once('-') else {
            continue;
        };
        let member = whole(number, MOST).unwrap_or(0);
        let others = counted.get(base).copied().unwrap_or(0);
        if count.is_none() && member >= 1 && member <= u64::from(others) {
            let what = format!(
                "{} is also a member of {} with its count: {others}",
                quote(name),
                quote(base)
            );
            desk.say(desk.problem(Code::NameTwice, *mark, what));
        }
    }
}
