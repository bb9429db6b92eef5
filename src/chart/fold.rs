//! Lanes: which collections share one, and what it is called.

use std::collections::BTreeMap;

use crate::chart::history::{self, Band, History};
use crate::chart::look::Look;
use crate::names::{Kind, Subject};
use crate::text::{counted, grouped};
use crate::time::{Span, Time};
use crate::timeline::Timeline;

/// More lanes than that are folded further than equal histories.
pub(super) const MOST: usize = 16;
/// A band shorter than a run divided by that hides in any panel, and does not keep two lives apart.
const BLIP: u64 = 5_000;

/// One row of the picture: one collection, or several with one history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Lane {
    pub(super) name: String,
    /// How many they are, where it is more than one: `3 of 5 collections`.
    pub(super) count: Option<String>,
    /// The history of the first of them.
    pub(super) history: History,
    /// How far the times of the others differ from it, at most.
    pub(super) spread: Span,
    /// When the last cache of any of them ran out for the first time.
    pub(super) caches_gone: Option<Time>,
    /// The collections, ascending.
    pub(super) members: Vec<u32>,
}

impl Lane {
    /// Its name and what it stands for: `acme/us-east-1/* (3 of 5 collections)`.
    pub(super) fn told(&self) -> String {
        match &self.count {
            None => self.name.clone(),
            Some(count) => format!("{} ({count})", self.name),
        }
    }

    /// The lines at its left: its name, and under it what is quieter.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.name.clone()];
        lines.extend(self.count.clone());
        if self.spread > Span::ZERO {
            let most = Span::from_ms(self.spread.ms().next_multiple_of(1_000));
            lines.push(format!("up to {most} apart"));
        }
        lines
    }
}

/// What two collections must share to be one lane, the finest first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Fold {
    /// The site and the whole history.
    Equal,
    /// The site and the looks, one after the other; the times may differ.
    Site,
    /// The org of the file, the region and the looks.
    Group,
    /// The region and the looks.
    Region,
}

/// The lanes of a run: those of the regions where something happened first, then by name.
pub(super) fn lanes(timeline: &Timeline) -> Vec<Lane> {
    for fold in [Fold::Equal, Fold::Site, Fold::Group] {
        if let Some(lanes) = folded(timeline, fold, MOST) {
            return lanes;
        }
    }
    folded(timeline, Fold::Region, usize::MAX).unwrap_or_default()
}

/// The region; within it what else the fold asks for.
type Place = (u32, u32, u32);
type Key = (Place, Vec<Band>, Vec<Look>);

fn folded(timeline: &Timeline, fold: Fold, most: usize) -> Option<Vec<Lane>> {
    let mut lanes: BTreeMap<Key, Lane> = BTreeMap::new();
    let blip = Span::from_ms(timeline.until.ms() / BLIP);
    for site in 0..timeline.names.count(Kind::Site) {
        let readable = history::readable(timeline, site);
        let (group, member, region) = timeline.names.site(site);
        let place = match fold {
            Fold::Equal | Fold::Site => (region, group as u32, member),
            Fold::Group => (region, group as u32, 0),
            Fold::Region => (region, 0, 0),
        };
        for id in timeline.names.collections_in(site) {
            let history = history::of(timeline, id, &readable);
            if history.bands.is_empty() {
                continue;
            }
            let (bands, looks) = match fold {
                Fold::Equal => (history.bands.clone(), Vec::new()),
                _ => (Vec::new(), looks(&rough(&history, blip))),
            };
            add(&mut lanes, (place, bands, looks), id, history, blip);
            if lanes.len() > most {
                return None;
            }
        }
    }
    Some(in_order(timeline, lanes.into_values().collect()))
}

fn add(lanes: &mut BTreeMap<Key, Lane>, key: Key, id: u32, history: History, blip: Span) {
    let caches_gone = caches_gone(&history);
    match lanes.get_mut(&key) {
        None => {
            let lane = Lane {
                name: String::new(),
                count: None,
                history,
                spread: Span::ZERO,
                caches_gone,
                members: vec![id],
            };
            lanes.insert(key, lane);
        }
        Some(lane) => {
            lane.spread = lane
                .spread
                .max(spread(&rough(&lane.history, blip), &rough(&history, blip)));
            lane.caches_gone = lane.caches_gone.max(caches_gone);
            lane.members.push(id);
        }
    }
}

/// When what was served from caches began to fail.
fn caches_gone(history: &History) -> Option<Time> {
    let mut pairs = history.bands.windows(2);
    let pair = pairs.find(|pair| {
        pair[0].look == Look::FromCache && matches!(pair[1].look, Look::QueriesFail | Look::Down)
    })?;
    Some(pair[0].to)
}

fn looks(bands: &[Band]) -> Vec<Look> {
    bands.iter().map(|band| band.look).collect()
}

/// The bands without those that hide in any panel.
fn rough(history: &History, blip: Span) -> Vec<Band> {
    let mut rough: Vec<Band> = Vec::with_capacity(history.bands.len());
    for band in &history.bands {
        match rough.last_mut() {
            Some(last) if last.look == band.look => last.to = band.to,
            _ if band.to.since(band.from) < blip => {}
            _ => rough.push(*band),
        }
    }
    rough
}

fn spread(one: &[Band], other: &[Band]) -> Span {
    let pairs = one.iter().zip(other);
    let apart = pairs.map(|(a, b)| a.from.since(b.from).max(b.from.since(a.from)));
    apart.max().unwrap_or(Span::ZERO)
}

fn in_order(timeline: &Timeline, mut lanes: Vec<Lane>) -> Vec<Lane> {
    for lane in &mut lanes {
        (lane.name, lane.count) = name(timeline, &lane.members);
    }
    let region = |lane: &Lane| {
        let home = timeline.names.home(lane.members[0]);
        timeline.names.site(home.site).2
    };
    let hurt: Vec<u32> = lanes
        .iter()
        .filter(|lane| lane.history.bands.len() > 1)
        .map(region)
        .collect();
    lanes.sort_by_key(|lane| {
        let region = region(lane);
        (!hurt.contains(&region), region, lane.members[0])
    });
    lanes
}

/// `acme/us-east-1/clicks`, or `acme/us-east-1/*` and `3 of 5 collections`.
fn name(timeline: &Timeline, members: &[u32]) -> (String, Option<String>) {
    let names = &timeline.names;
    let first = Subject::new(Kind::Collection, members[0]);
    if members.len() == 1 {
        return (names.text(first), None);
    }
    let homes: Vec<_> = members.iter().map(|id| names.home(*id)).collect();
    let home = homes[0];
    let group = &names.orgs()[home.group];
    let (_, _, region) = names.site(home.site);
    let one_group = homes.iter().all(|it| it.group == home.group);
    let one_site = homes.iter().all(|it| it.site == home.site);
    let one_kind = one_group && homes.iter().all(|it| it.collection == home.collection);
    let org = match (one_site, one_group) {
        (true, _) => names.text(Subject::new(Kind::Org, org_of(timeline, home.site))),
        (false, true) => format!("{}-*", group.name),
        (false, false) => "*".to_owned(),
    };
    let kind = &group.collections[home.collection];
    let rest = match (one_kind, kind.count) {
        (true, Some(_)) => format!("{}-*", kind.name),
        (true, None) => kind.name.clone(),
        (false, _) => "*".to_owned(),
    };
    let all = match (one_site, one_kind) {
        (true, true) => kind.count.map_or(1, |count| count as usize),
        (true, false) => names.collections_in(home.site).len(),
        (false, _) => members.len(),
    };
    let all_of_them = counted(all as u64, "collection");
    let count = if members.len() < all {
        format!("{} of {all_of_them}", grouped(members.len() as u64))
    } else {
        all_of_them
    };
    (
        format!("{org}/{}/{rest}", names.region(region)),
        Some(count),
    )
}

fn org_of(timeline: &Timeline, site: u32) -> u32 {
    let (group, member, _) = timeline.names.site(site);
    timeline.names.org_members(group).start + member
}
