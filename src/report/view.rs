//! The numbers of a run, computed once for every renderer: per site what was refused, which milestones came when, what
//! became of its collections.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::names::{Kind, Subject};
use crate::states::{Milestone, Outcome, SiteState, Status};
use crate::time::Time;
use crate::timeline::{Counts, Fact, Life, Milestones, Timeline};

use super::again::{self, Again};
use super::measures::{MeasureRange, ranges};

/// A run in numbers.
#[derive(Clone, Debug)]
pub struct View {
    /// The sites to which anything happened, in order.
    pub sites: Vec<SiteView>,
    /// The others.
    pub untouched: Vec<u32>,
}

/// A site in numbers.
#[derive(Clone, Debug)]
pub struct SiteView {
    /// Which.
    pub site: u32,
    /// Since when it was there; [`Time::NEVER`] when it never was.
    pub since: Time,
    /// Its state at the end, and since when.
    pub state: (SiteState, Time),
    /// How many collections it has.
    pub collections: u64,
    /// When its key was refused.
    pub refusals: Vec<Refusal>,
    /// The first thing that happened, and the entry its chain of causes begins with.
    pub began: Option<u32>,
    /// The milestones of its collections, in the order in which they came.
    pub milestones: Vec<Spread>,
    /// Queries that failed more than once.
    pub queries_again: Option<Again>,
    /// Ingestion that halted more than once.
    pub ingest_again: Option<Again>,
    /// How the data came out, where that is certain: how many, and when for the first and for the last; bytes dropped.
    pub outcomes: Vec<(Outcome, u64, Time, Time, u64)>,
    /// The status of its collections at the end.
    pub statuses: BTreeMap<Status, u64>,
    /// The measures of its collections, from the least to the greatest.
    pub measures: Vec<MeasureRange>,
    /// Queries up to the end, of all its collections.
    pub counts: Counts,
}

/// A stretch of time in which a site's key was refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// From then on; `None` when it was so from the start.
    pub from: Option<Time>,
    /// Until then; `None` when it was so at the end.
    pub to: Option<Time>,
    /// The causes, one after the other: numbers of [`Timeline::accesses`].
    pub accesses: Vec<u32>,
}

/// A milestone of some collections of one site.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Spread {
    /// Which.
    pub milestone: Milestone,
    /// When, for the first of them.
    pub first: Time,
    /// When, for the last of them.
    pub last: Time,
    /// How many they are.
    pub collections: u64,
}

impl View {
    /// Looks at every site.
    pub fn new(timeline: &Timeline) -> View {
        let mut milestones = milestones(timeline);
        let mut view = View {
            sites: Vec::new(),
            untouched: Vec::new(),
        };
        for site in 0..timeline.names.count(Kind::Site) {
            let lives = lives_in(timeline, timeline.names.collections_in(site));
            let told: Vec<&Life> = lives
                .iter()
                .filter(|life| happened(timeline, life))
                .collect();
            if told.is_empty() && calm(timeline, site) {
                view.untouched.push(site);
                continue;
            }
            let came = milestones.remove(&site).unwrap_or_default();
            view.sites.push(site_view(timeline, site, &told, came));
        }
        view
    }
}

/// Whether an entry tells of a life; an idle collection has one, but nothing to tell.
fn happened(timeline: &Timeline, life: &Life) -> bool {
    !timeline.about(Kind::Collection, life.subject.id).is_empty()
}

/// Whether a site worked from its start, and nothing happened to it.
fn calm(timeline: &Timeline, site: u32) -> bool {
    let start = timeline.sites[site as usize];
    timeline.about(Kind::Site, site).is_empty()
        && start.since == Time::START
        && start.state == SiteState::Operating
        && timeline.accesses[start.access as usize].causes.is_empty()
}

/// The lives of some collections, which have consecutive numbers.
pub(super) fn lives_in(timeline: &Timeline, ids: Range<u32>) -> &[Life] {
    let lives = &timeline.lives;
    let from = lives.partition_point(|life| life.subject.id < ids.start);
    let to = lives.partition_point(|life| life.subject.id < ids.end);
    &lives[from..to]
}

fn site_view(timeline: &Timeline, site: u32, lives: &[&Life], milestones: Vec<Spread>) -> SiteView {
    let ids = timeline.names.collections_in(site);
    let states = timeline.site_states(site);
    let last = states.last().expect("a track has a first step");
    SiteView {
        site,
        since: timeline.sites[site as usize].since,
        state: (last.value, last.from),
        collections: ids.len() as u64,
        refusals: refusals(timeline, site),
        began: began(timeline, site, lives),
        milestones,
        queries_again: again::queries(timeline, lives),
        ingest_again: again::ingest(timeline, lives),
        outcomes: outcomes(timeline, lives),
        statuses: statuses(timeline, site),
        measures: ranges(timeline, lives),
        counts: counts(timeline, site),
    }
}

fn refusals(timeline: &Timeline, site: u32) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut open = false;
    for step in timeline.accesses_of(site) {
        let refused = !timeline.accesses[step.value as usize].causes.is_empty();
        match (open, refused) {
            (false, true) => refusals.push(Refusal {
                from: step.entry.map(|_| step.from),
                to: None,
                accesses: vec![step.value],
            }),
            (true, true) => {
                if let Some(last) = refusals.last_mut() {
                    last.accesses.push(step.value);
                }
            }
            (true, false) => {
                if let Some(last) = refusals.last_mut() {
                    last.to = Some(step.from);
                }
            }
            (false, false) => {}
        }
        open = refused;
    }
    refusals
}

/// The entry with which the chain of causes of the site's first entry begins.
fn began(timeline: &Timeline, site: u32, lives: &[&Life]) -> Option<u32> {
    let first = timeline.about(Kind::Site, site).first().copied();
    let theirs = lives.iter().filter_map(|life| {
        let about = timeline.about(Kind::Collection, life.subject.id);
        about.first().copied()
    });
    let first = first.into_iter().chain(theirs).min()?;
    timeline.chain(first).last().copied()
}

fn milestones(timeline: &Timeline) -> BTreeMap<u32, Vec<Spread>> {
    let mut sites: BTreeMap<u32, Vec<Spread>> = BTreeMap::new();
    // What a later incarnation reaches again is the collection's no more than once.
    let collections = timeline.names.count(Kind::Collection) as usize;
    let mut reached = vec![Milestones::NONE; collections];
    for it in timeline.milestones() {
        let known = &mut reached[it.subject.id as usize];
        if known.has(it.milestone) {
            continue;
        }
        *known = known.and(it.milestone);
        let site = timeline.names.home(it.subject.id).site;
        let spreads = sites.entry(site).or_default();
        match spreads
            .iter_mut()
            .find(|spread| spread.milestone == it.milestone)
        {
            Some(spread) => {
                spread.last = spread.last.max(it.time);
                spread.collections += 1;
            }
            None => spreads.push(Spread {
                milestone: it.milestone,
                first: it.time,
                last: it.time,
                collections: 1,
            }),
        }
    }
    sites
}

fn outcomes(timeline: &Timeline, lives: &[&Life]) -> Vec<(Outcome, u64, Time, Time, u64)> {
    let mut outcomes: BTreeMap<Outcome, (u64, Time, Time, u64)> = BTreeMap::new();
    for life in lives {
        let mut last = None;
        for &at in timeline.about_one(life.subject) {
            let entry = &timeline.entries[at as usize];
            if let Fact::Outcome { to, bytes } = entry.fact {
                last = Some((to, entry.time, bytes));
            }
        }
        if let Some((to, time, bytes)) = last {
            let it = outcomes.entry(to).or_insert((0, time, time, 0));
            *it = (
                it.0 + 1,
                it.1.min(time),
                it.2.max(time),
                it.3.saturating_add(bytes),
            );
        }
    }
    outcomes
        .into_iter()
        .map(|(to, (number, first, last, bytes))| (to, number, first, last, bytes))
        .collect()
}

/// The status at the end of the last incarnation of each collection that ever was.
fn statuses(timeline: &Timeline, site: u32) -> BTreeMap<Status, u64> {
    let mut statuses = BTreeMap::new();
    let lives = lives_in(timeline, timeline.names.collections_in(site));
    for (at, life) in lives.iter().enumerate() {
        let next = lives.get(at + 1).map(|next| next.subject.id);
        if next == Some(life.subject.id) {
            continue;
        }
        if let Some(last) = timeline.statuses(life.subject).last() {
            *statuses.entry(last.value).or_insert(0) += 1;
        }
    }
    for quiet in quiet(timeline, site) {
        let subject = Subject::new(Kind::Collection, quiet.first);
        if let (true, Some(last)) = (
            timeline.plain(quiet.first).from_start,
            timeline.statuses(subject).last(),
        ) {
            *statuses.entry(last.value).or_insert(0) += quiet.number;
        }
    }
    statuses
}

/// Queries of all collections of a site.
fn counts(timeline: &Timeline, site: u32) -> Counts {
    let mut sum = Counts::default();
    let mut add = |subject, times| {
        let counts = timeline.counts_at(subject, timeline.until);
        sum.issued += counts.issued * times;
        sum.failed += counts.failed * times;
    };
    for life in lives_in(timeline, timeline.names.collections_in(site)) {
        add(life.subject, 1);
    }
    for quiet in quiet(timeline, site) {
        add(Subject::new(Kind::Collection, quiet.first), quiet.number);
    }
    sum
}

/// The collections of a site without a life, by collection of the file: those are alike.
fn quiet(timeline: &Timeline, site: u32) -> Vec<Quiet> {
    let (group, member, _) = timeline.names.site(site);
    let all = timeline.names.collections_in(site);
    (0..timeline.names.orgs()[group].collections.len())
        .map(|collection| timeline.names.collections_of(group, member, collection))
        .filter(|ids| all.contains(&ids.start))
        .filter_map(|ids| untouched(ids.clone(), lives_in(timeline, ids)))
        .collect()
}

/// Some collections that are alike: one of them, and how many.
struct Quiet {
    first: u32,
    number: u64,
}

/// The collections without a life.
fn untouched(ids: Range<u32>, lives: &[Life]) -> Option<Quiet> {
    let mut first = None;
    let mut expected = ids.start;
    let mut touched = 0;
    let mut last = None;
    for life in lives {
        let id = life.subject.id;
        if last == Some(id) {
            continue;
        }
        if id > expected && first.is_none() {
            first = Some(expected);
        }
        expected = id + 1;
        touched += 1;
        last = Some(id);
    }
    let first = first.or((expected < ids.end).then_some(expected))?;
    Some(Quiet {
        first,
        number: ids.len() as u64 - touched,
    })
}
