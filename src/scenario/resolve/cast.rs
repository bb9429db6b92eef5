//! Everybody the file ever names, by number.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::{Names, OrgGroup};
use crate::scenario::codes::Code;
use crate::scenario::file::ScenarioFile;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::events::Drawn;
use crate::scenario::resolve::head::Head;
use crate::scenario::resolve::keys::KeyDraft;
use crate::scenario::resolve::orgs::OrgDraft;
use crate::scenario::resolve::policies::Policies;
use crate::scenario::resolve::scalars::is_name;
use crate::scenario::resolve::undecided::{self, Whose};
use crate::scenario::verbs::Verb;
use crate::scenario::{Collection, Key, Org, Replica, ServiceCalls, Since};
use crate::states::KeyState;
use crate::yaml::{Mark, Text};

/// The most collections, sites or orgs that are simulated.
const MOST: u64 = 20_000_000;

/// Everybody, and what is known of them at T+0.
pub(super) struct Cast {
    pub(super) names: Names,
    pub(super) keys: Vec<Key>,
    pub(super) replicas: Vec<Replica>,
    pub(super) orgs: Vec<Org>,
    pub(super) drafts: Vec<OrgDraft>,
    /// Keys of the file about which enough is said already.
    broken: Vec<String>,
    /// For each replica that is there at T+0: where its policy stands.
    places: Vec<Option<Mark>>,
}

/// Gives everybody a number.
pub(super) fn cast(
    file: &ScenarioFile,
    desk: &mut Desk<'_>,
    _: &Head,
    keys: Vec<KeyDraft>,
    drafts: Vec<OrgDraft>,
) -> Option<Cast> {
    if !fits(file, desk, &drafts) {
        return None;
    }
    let regions = regions(file, &keys, &drafts);
    let find = |name: &str| regions.binary_search_by(|it| it.as_str().cmp(name)).ok();
    let pairs = pairs(file, &keys, &drafts, &find);
    let groups = drafts.iter().map(|org| group(org, &find)).collect();
    let names = Names::new(
        keys.iter().map(|it| it.name.clone()).collect(),
        regions.clone(),
        pairs.iter().copied().collect(),
        groups,
    );
    let mut replicas = Vec::new();
    let mut places = Vec::new();
    for (key, region) in &pairs {
        let drafts = &keys[*key as usize].replicas;
        let draft = drafts
            .iter()
            .find(|it| find(&it.region) == Some(*region as usize));
        replicas.push(Replica {
            state: draft.map_or(KeyState::Absent, |it| it.state),
            policy: draft.map_or(0, |it| it.policy),
        });
        places.push(draft.and_then(|it| it.mark));
    }
    let orgs = drafts.iter().zip(names.orgs()).map(|(draft, group)| {
        let first = draft.regions.first().and_then(|it| names.find_region(it));
        Org {
            key: draft.key.as_ref().and_then(|it| names.find_key(it)),
            first: first
                .and_then(|it| group.regions.binary_search(&it).ok())
                .unwrap_or(0) as u32,
            since: vec![Since::Start; group.regions.len()],
            collections: draft.collections.iter().map(first_state).collect(),
        }
    });
    let orgs = orgs.collect();
    let written = file.keys.iter().flat_map(|it| &it.entries);
    let written = written.map(|(name, _)| name.text.clone());
    Some(Cast {
        broken: written.filter(|it| names.find_key(it).is_none()).collect(),
        keys: keys.iter().map(|it| of(it, &names, file)).collect(),
        replicas,
        orgs,
        places,
        names,
        drafts,
    })
}

fn first_state(draft: &super::orgs::CollectionDraft) -> Collection {
    Collection {
        source: draft.source,
        queries: draft.queries,
        arrivals: draft.arrivals,
        since: Since::Start,
    }
}

fn of(draft: &KeyDraft, names: &Names, file: &ScenarioFile) -> Key {
    let mut events = file.events.iter().flat_map(|it| &it.items);
    let moves = |verb: &Text| Verb::from_word(verb.as_str()) == Some(Verb::UpdatePrimaryRegion);
    Key {
        partition: draft.arn.partition.clone(),
        account: draft.arn.account.clone(),
        id: draft.arn.id.clone(),
        primary: names.find_region(&draft.arn.region).unwrap_or(0),
        spec: draft.spec.clone(),
        usage: draft.usage.clone(),
        origin: draft.origin.clone(),
        multi_region: draft.multi_region,
        primary_moves: events.any(|it| {
            let key = it.value.key.as_ref().map(Text::as_str);
            moves(&it.value.verb) && key == Some(&draft.name)
        }),
    }
}

fn group(org: &OrgDraft, find: &dyn Fn(&str) -> Option<usize>) -> OrgGroup {
    let number = |name: &str| find(name).map(|it| it as u32);
    let all = org.regions.iter().chain(org.added.iter().map(|it| &it.0));
    let regions: BTreeSet<u32> = all.filter_map(|it| number(it)).collect();
    let collections = org.collections.iter().filter_map(|it| {
        let region = number(&it.region).filter(|it| regions.contains(it))?;
        Some((region, it.name.clone(), it.count))
    });
    let collections = collections.collect();
    OrgGroup::new(
        org.name.clone(),
        org.count,
        regions.into_iter().collect(),
        collections,
    )
}

/// Whether there are not too many; said before anything is made.
fn fits(file: &ScenarioFile, desk: &mut Desk<'_>, drafts: &[OrgDraft]) -> bool {
    let (mut sites, mut collections) = (0u64, 0u64);
    for org in drafts {
        let members = u64::from(org.count.unwrap_or(1));
        let each: u64 = org
            .collections
            .iter()
            .map(|it| u64::from(it.count.unwrap_or(1)))
            .sum();
        let regions = (org.regions.len() + org.added.len()).max(1) as u64;
        sites = sites.saturating_add(members.saturating_mul(regions));
        collections = collections.saturating_add(members.saturating_mul(each));
    }
    let worst = sites.max(collections);
    if worst <= MOST {
        return true;
    }
    let what = if collections > MOST {
        format!("the orgs would have {collections} collections; at most {MOST} are simulated")
    } else {
        format!("the orgs would have {sites} sites; at most {MOST} are simulated")
    };
    let counts = file.orgs.entries.iter().find_map(|(_, org)| {
        let inner = org.value.collections.iter().flat_map(|it| &it.entries);
        let inner = inner.filter_map(|(_, it)| it.count.as_ref());
        org.value.count.as_ref().into_iter().chain(inner).next()
    });
    let mark = counts.map_or(file.orgs.mark, |it| it.mark);
    desk.say(desk.problem(Code::TooLarge, mark, what));
    false
}

/// Every region the file names where that makes it known.
fn regions(file: &ScenarioFile, keys: &[KeyDraft], orgs: &[OrgDraft]) -> Vec<String> {
    let mut all = BTreeSet::new();
    for key in keys {
        all.extend(key.replicas.iter().map(|it| it.region.clone()));
    }
    for org in orgs {
        all.extend(org.regions.iter().cloned());
        all.extend(org.added.iter().map(|it| it.0.clone()));
    }
    for event in file.events.iter().flat_map(|it| &it.items) {
        let makes = [
            Verb::ReplicateKey,
            Verb::UpdatePrimaryRegion,
            Verb::AddRegion,
        ];
        let verb = Verb::from_word(event.value.verb.as_str());
        let named = event.value.region.as_ref().filter(|it| is_name(&it.text));
        if let (true, Some(region)) = (verb.is_some_and(|it| makes.contains(&it)), named) {
            all.insert(region.text.clone());
        }
    }
    all.into_iter().collect()
}

/// Every replica that is, may be, or is asked about.
fn pairs(
    file: &ScenarioFile,
    keys: &[KeyDraft],
    orgs: &[OrgDraft],
    find: &dyn Fn(&str) -> Option<usize>,
) -> BTreeSet<(u32, u32)> {
    let numbers: BTreeMap<&str, u32> = (0u32..)
        .zip(keys)
        .map(|(number, key)| (key.name.as_str(), number))
        .collect();
    let pair = |key: &str, region: &str| Some((*numbers.get(key)?, find(region)? as u32));
    let mut all = BTreeSet::new();
    for key in keys {
        all.extend(
            key.replicas
                .iter()
                .filter_map(|it| pair(&key.name, &it.region)),
        );
    }
    for org in orgs {
        let Some(key) = &org.key else { continue };
        let regions = org.regions.iter().chain(org.added.iter().map(|it| &it.0));
        all.extend(regions.filter_map(|it| pair(key, it)));
    }
    for event in file.events.iter().flat_map(|it| &it.items) {
        if let (Some(key), Some(region)) = (&event.value.key, &event.value.region) {
            all.extend(pair(key.as_str(), region.as_str()));
        }
    }
    all
}

impl Cast {
    /// The number of a key, or `None` after saying that there is none.
    pub(super) fn key(&self, desk: &mut Desk<'_>, text: &Text) -> Option<u32> {
        let found = self.names.find_key(text.as_str());
        if found.is_none() && !self.broken.contains(&text.text) {
            let count = self.names.count(crate::names::Kind::Key);
            let known = (0..count).map(|it| self.names.key(it));
            unknown(desk, "key", text, known.collect());
        }
        found
    }

    /// The number of a region, or `None` after saying that there is none.
    pub(super) fn region(&self, desk: &mut Desk<'_>, text: &Text) -> Option<u32> {
        let found = self.names.find_region(text.as_str());
        if found.is_none() {
            let count = self.names.count(crate::names::Kind::Region);
            let known = (0..count).map(|it| self.names.region(it));
            unknown(desk, "region", text, known.collect());
        }
        found
    }

    /// The number of an org of the file, or `None` after saying that there is none.
    pub(super) fn org(&self, desk: &mut Desk<'_>, text: &Text) -> Option<u32> {
        let orgs = self.names.orgs();
        let found = orgs.binary_search_by(|it| it.name.as_str().cmp(text.as_str()));
        if found.is_err() {
            unknown(
                desk,
                "org",
                text,
                orgs.iter().map(|it| it.name.as_str()).collect(),
            );
        }
        found.ok().map(|it| it as u32)
    }

    /// Says which policies of T+0 cannot be decided.
    pub(super) fn judge_policies(&mut self, desk: &mut Desk<'_>, head: &Head, policies: &Policies) {
        if policies.list.is_empty() {
            return;
        }
        for (id, place) in (0u32..).zip(&self.places) {
            let Some(mark) = place else { continue };
            let mut calls = self.calls(head, id);
            let policy = self.replicas[id as usize].policy;
            let judged = &policies.list[policy as usize];
            let whose = Whose::Start(policies.origin(policy));
            undecided::check(desk, head, (judged, whose), &mut calls, *mark);
        }
    }

    /// The service's calls about a replica.
    pub(super) fn calls<'a>(&'a self, head: &'a Head, replica: u32) -> ServiceCalls<'a> {
        let (key, region) = self.names.replica(replica);
        let it = &self.keys[key as usize];
        let name = self.names.region(region);
        ServiceCalls::new(&head.rules, it, name, it.in_primary(region))
    }

    /// Enters by which commands regions and collections come, now that commands have their numbers.
    pub(super) fn number(&mut self, commands: &[Drawn]) {
        let mut numbers = BTreeMap::new();
        for (number, drawn) in (0u32..).zip(commands) {
            numbers.entry(drawn.event).or_insert(number);
        }
        let since = |event: usize| {
            numbers
                .get(&event)
                .map_or(Since::Start, |it| Since::Command(*it))
        };
        for ((org, draft), group) in self
            .orgs
            .iter_mut()
            .zip(&self.drafts)
            .zip(self.names.orgs())
        {
            for (region, event, _) in &draft.added {
                let number = self.names.find_region(region);
                let at = number.and_then(|it| group.regions.binary_search(&it).ok());
                if let Some(at) = at {
                    org.since[at] = since(*event);
                }
            }
            for (collection, draft) in org.collections.iter_mut().zip(&draft.collections) {
                if let Some((event, _)) = draft.made {
                    collection.since = since(event);
                }
            }
        }
    }
}

fn unknown(desk: &mut Desk<'_>, kind: &str, text: &Text, known: Vec<&str>) {
    let what = format!("there is no {kind} {}", quote(text.as_str()));
    let mut problem = desk.problem(Code::UnknownName, text.mark, what);
    let few = known.len() <= 12;
    let list = if few { known.join(", ") } else { String::new() };
    problem = problem.near(text.as_str(), known);
    if few && !list.is_empty() {
        let article = if kind == "org" { "an" } else { "a" };
        problem = problem.expected(format!("{article} {kind} of the file: {list}"));
    }
    desk.say(problem);
}
