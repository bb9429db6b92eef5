//! What one run shows, and what of it the expectations that hold rest on.

use std::collections::{BTreeMap, BTreeSet};

use crate::expect::evidence;
use crate::names::{Kind, Subject};
use crate::scenario::verbs::Verb;
use crate::scenario::{Aspect, Bound, Expectation, Quantity, What, When};
use crate::states::{AccessWord, Ingest, KeyState, Outcome, Queries, SiteState, Status};
use crate::timeline::{Entry, Fact, Timeline};

use super::Item;

/// What each entry shows: the state that begins with it, and the move to it.
pub(super) struct Shown {
    entries: Vec<Vec<Item>>,
    start: BTreeSet<Item>,
}

/// What was so of a subject before an entry.
#[derive(Copy, Clone)]
struct Before {
    status: Status,
    queries: Queries,
    ingest: Ingest,
}

impl Before {
    fn new(timeline: &Timeline, subject: Subject) -> Before {
        match timeline.warm(subject) {
            true => Before {
                status: Status::Ready,
                queries: Queries::All,
                ingest: Ingest::Running,
            },
            false => Before {
                status: Status::Created,
                queries: Queries::None,
                ingest: Ingest::Halted,
            },
        }
    }
}

impl Shown {
    /// All that a run shows.
    pub(super) fn new(timeline: &Timeline) -> Shown {
        let mut shown = Shown {
            entries: Vec::with_capacity(timeline.entries.len()),
            start: BTreeSet::new(),
        };
        shown.begin(timeline);
        let mut lives: BTreeMap<Subject, Before> = BTreeMap::new();
        let mut sites: Vec<(SiteState, AccessWord)> = timeline
            .sites
            .iter()
            .map(|it| (it.state, timeline.accesses[it.access as usize].word()))
            .collect();
        for entry in &timeline.entries {
            let mut items = Vec::new();
            match entry.subject.kind {
                Kind::Collection => {
                    let before = lives
                        .entry(entry.subject)
                        .or_insert_with(|| Before::new(timeline, entry.subject));
                    of_collection(entry, before, &mut items);
                }
                Kind::Site => {
                    let before = &mut sites[entry.subject.id as usize];
                    of_site(timeline, entry, before, &mut items);
                }
                Kind::Key | Kind::Replica | Kind::Region | Kind::Org => {}
            }
            match entry.fact {
                Fact::State { from, to } => {
                    items.extend([Item::Key(to), Item::KeyMove(from, to)]);
                }
                Fact::Command { verb, .. } => items.extend(Verb::from_word(verb).map(Item::Verb)),
                _ => {}
            }
            items.extend(entry.milestones.iter().map(Item::Milestone));
            shown.entries.push(items);
        }
        shown
    }

    /// What is so from the start; its milestones have no entry.
    fn begin(&mut self, timeline: &Timeline) {
        let start = &mut self.start;
        let milestones = timeline.milestones();
        start.extend(milestones.iter().map(|it| Item::Milestone(it.milestone)));
        start.extend(timeline.replicas.iter().map(|it| Item::Key(*it)));
        for site in timeline
            .sites
            .iter()
            .filter(|it| it.since <= timeline.until)
        {
            let access = &timeline.accesses[site.access as usize];
            start.extend([
                Item::Site(site.state),
                Item::Access(access.word()),
                Item::Error(access.error().unwrap_or("none")),
            ]);
        }
        for id in 0..timeline.names.count(Kind::Collection) {
            if let Some(first) = timeline.incarnations(id).first() {
                let before = Before::new(timeline, *first);
                start.extend([
                    Item::Status(before.status),
                    Item::Queries(before.queries),
                    Item::Ingest(before.ingest),
                ]);
            }
        }
    }

    /// All of it.
    pub(super) fn exercised(&self) -> BTreeSet<Item> {
        let entries = self.entries.iter().flatten().copied();
        entries.chain(self.start.iter().copied()).collect()
    }
}

fn of_collection(entry: &Entry, before: &mut Before, items: &mut Vec<Item>) {
    match entry.fact {
        Fact::Status { from, to, .. } => {
            before.status = to;
            items.extend([Item::Status(to), Item::StatusMove(from, to)]);
        }
        Fact::Deleted => {
            let (from, to) = (before.status, Status::Deleted);
            before.status = to;
            items.extend([Item::Status(to), Item::StatusMove(from, to)]);
        }
        Fact::Queries { to, .. } => {
            let from = std::mem::replace(&mut before.queries, to);
            items.extend([Item::Queries(to), Item::QueriesMove(from, to)]);
        }
        Fact::Ingest { to, .. } => {
            let from = std::mem::replace(&mut before.ingest, to);
            items.extend([Item::Ingest(to), Item::IngestMove(from, to)]);
        }
        Fact::Support { to } => items.push(Item::Support(to)),
        Fact::Outcome { to, .. } => items.push(Item::Outcome(to)),
        _ => {}
    }
}

fn of_site(
    timeline: &Timeline,
    entry: &Entry,
    before: &mut (SiteState, AccessWord),
    items: &mut Vec<Item>,
) {
    match entry.fact {
        Fact::Site { to } => {
            let from = std::mem::replace(&mut before.0, to);
            items.extend([Item::Site(to), Item::SiteMove(from, to)]);
        }
        Fact::Access { to, access } => {
            let from = std::mem::replace(&mut before.1, to);
            let error = timeline.accesses[access as usize].error();
            items.extend([
                Item::Access(to),
                Item::AccessMove(from, to),
                Item::Error(error.unwrap_or("none")),
            ]);
        }
        _ => {}
    }
}

/// What the expectations that hold rest on: the states they name, the moves to them where an entry shows them, and the
/// commands and words of Support without which those entries would not be.
pub(super) fn asserted<'a>(
    timeline: &Timeline,
    shown: &Shown,
    holding: impl Iterator<Item = &'a Expectation>,
) -> BTreeSet<Item> {
    let mut asserted = BTreeSet::new();
    let mut rests_on = BTreeSet::new();
    for expectation in holding {
        let named = named(expectation);
        let measured = expectation.what.measures.iter();
        let measured = measured.map(|it| it.of);
        let is_measure = |it: Quantity| matches!(it, Quantity::Measure(_));
        let counts = measured.into_iter().any(is_measure);
        for at in evidence(expectation, timeline) {
            let items = &shown.entries[at as usize];
            if items.iter().any(|it| named.contains(it)) {
                asserted.extend(items.iter().filter(|it| is_told_by_words(**it, &named)));
                rests_on.insert(at);
            } else if counts {
                // A number names no state; the entry from which it is reckoned is what it rests on.
                let milestone = |it: &&Item| matches!(it, Item::Milestone(_));
                asserted.extend(items.iter().filter(milestone));
                rests_on.insert(at);
            }
        }
        asserted.extend(named);
    }
    for at in behind(timeline, rests_on) {
        let items = shown.entries[at as usize].iter();
        asserted.extend(items.filter(|it| matches!(it, Item::Verb(_) | Item::Support(_))));
    }
    asserted
}

/// Whether an entry that shows a named state says this as well: the move to that state, and the milestone it is.
fn is_told_by_words(item: Item, named: &BTreeSet<Item>) -> bool {
    let to = match item {
        Item::StatusMove(_, to) => Item::Status(to),
        Item::QueriesMove(_, to) => Item::Queries(to),
        Item::IngestMove(_, to) => Item::Ingest(to),
        Item::KeyMove(_, to) => Item::Key(to),
        Item::SiteMove(_, to) => Item::Site(to),
        Item::AccessMove(_, to) => Item::Access(to),
        Item::Milestone(_) => return true,
        other => other,
    };
    named.contains(&to)
}

/// The entries and all that caused them.
fn behind(timeline: &Timeline, entries: BTreeSet<u32>) -> BTreeSet<u32> {
    let mut all = entries.clone();
    let mut open: Vec<u32> = entries.into_iter().collect();
    while let Some(at) = open.pop() {
        let entry = &timeline.entries[at as usize];
        for cause in entry.cause.iter().chain(entry.with.iter()) {
            if all.insert(*cause) {
                open.push(*cause);
            }
        }
    }
    all
}

/// The states an expectation says were so, where it holds.
fn named(expectation: &Expectation) -> BTreeSet<Item> {
    let mut named = BTreeSet::new();
    if expectation.when != When::Never {
        words(&expectation.what, &mut named);
    }
    words(&expectation.other, &mut named);
    named
}

fn words(what: &What, named: &mut BTreeSet<Item>) {
    let What {
        queries,
        ingest,
        status,
        outcome,
        lag: _,
        error,
        site,
        access,
        key,
        readable: _,
        courses,
        measures,
    } = what;
    named.extend(queries.map(Item::Queries));
    named.extend(ingest.map(Item::Ingest));
    named.extend(status.map(Item::Status));
    named.extend(outcome.map(Item::Outcome));
    named.extend(site.map(Item::Site));
    named.extend(access.map(Item::Access));
    named.extend(key.map(Item::Key));
    named.extend(error.as_deref().and_then(Item::error));
    for course in courses {
        named.extend(course.values.iter().filter_map(|it| word(course.of, it)));
    }
    for measured in measures {
        match measured.of {
            Quantity::Milestone(it) if measured.bound != Bound::Never => {
                named.insert(Item::Milestone(it));
            }
            Quantity::Milestone(_) | Quantity::Measure(_) => {}
        }
    }
}

fn word(of: Aspect, word: &str) -> Option<Item> {
    match of {
        Aspect::Queries => Queries::from_word(word).map(Item::Queries),
        Aspect::Ingest => Ingest::from_word(word).map(Item::Ingest),
        Aspect::Status => Status::from_word(word).map(Item::Status),
        Aspect::Outcome => Outcome::from_word(word).map(Item::Outcome),
        Aspect::Error => Item::error(word),
        Aspect::Site => SiteState::from_word(word).map(Item::Site),
        Aspect::Access => AccessWord::from_word(word).map(Item::Access),
        Aspect::Key => KeyState::from_word(word).map(Item::Key),
        Aspect::Readable => None,
    }
}
