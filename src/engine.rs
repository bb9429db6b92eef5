//! One run: a scenario and a seed give a timeline. Pure, no I/O, cannot fail.
//!
//! The keys' half is played first and gives the tape; the sites follow it; the collections, which never meet, live along it
//! in blocks. The blocks' drafts are merged by the declared order, so that their number does not show.

use std::ops::Range;

use crate::chance::{Chance, Seed};
use crate::names::{Kind, Names, Subject};
use crate::scenario::{Scenario, Since};
use crate::timeline::{Entry, Offset, Plain, Share, Timeline, TrafficFrom};
use crate::world::collection::{Ground, Lives, live};
use crate::world::kms::{Tape, play as play_keys};
use crate::world::orders::Orders;
use crate::world::site::{Sites, play as play_sites};
use crate::world::{Draft, Ref};

/// How blocks of a run are done: in order, whatever does them. The default does them one after the other.
pub type Blocks<'a> =
    &'a dyn Fn(Vec<Range<u32>>, &(dyn Fn(Range<u32>) -> Block + Sync)) -> Vec<Block>;

/// What one block of collections lived through; made and merged here, and carried by whoever does the blocks.
pub struct Block(Lives);

/// Replays a scenario. Same scenario, same seed: the same timeline, to the byte.
pub fn run(scenario: &Scenario, seed: Seed) -> Timeline {
    run_in_blocks(scenario, seed, 1, &|ranges, block| {
        ranges.into_iter().map(block).collect()
    })
}

/// Replays a scenario with its collections in so many blocks; their number does not show.
pub fn run_in_blocks(scenario: &Scenario, seed: Seed, blocks: u32, each: Blocks<'_>) -> Timeline {
    let chance = Chance::new(seed);
    let tape = play_keys(scenario, &chance);
    let sites = play_sites(scenario, &chance, &tape);
    let orders = Orders::new(scenario);
    let ground = Ground {
        scenario,
        chance: &chance,
        tape: &tape,
        sites: &sites.tapes,
        orders: &orders,
    };
    let ranges = split(scenario.names.count(Kind::Collection), blocks);
    let lives = each(ranges, &|range| Block(live(&ground, range)));
    assemble(scenario, seed, tape, sites, lives)
}

/// Even ranges of collections.
fn split(count: u32, blocks: u32) -> Vec<Range<u32>> {
    let blocks = blocks.max(1);
    let bound = |block: u32| (u64::from(count) * u64::from(block) / u64::from(blocks)) as u32;
    (0..blocks)
        .map(|block| bound(block)..bound(block + 1))
        .collect()
}

fn assemble(
    scenario: &Scenario,
    seed: Seed,
    tape: Tape,
    sites: Sites,
    blocks: Vec<Block>,
) -> Timeline {
    let written = scenario.commands.iter().map(|it| it.fields.clone());
    let mut drafts = tape.drafts;
    drafts.extend(sites.recorder.drafts);
    let mut lived = Lived::default();
    for Block(block) in blocks {
        lived.add(block, &mut drafts);
    }
    let (entries, index, by_subject) = merge(&scenario.names, drafts);
    Timeline {
        scenario: scenario.name.clone(),
        profile: scenario.profile.clone(),
        rules: scenario.rules.clone(),
        seed,
        start: scenario.start,
        until: scenario.until,
        inputs: scenario.inputs.clone(),
        assumptions: scenario.assumptions.clone(),
        names: scenario.names.clone(),
        entries,
        texts: written.chain(tape.texts).collect(),
        policies: tape.meanings,
        accesses: sites.accesses,
        replicas: scenario.replicas.iter().map(|it| it.state).collect(),
        site_replicas: sites.replicas,
        sites: sites.starts,
        plain: plain(scenario),
        lives: lived.lives,
        shares: lived.shares,
        traffic: lived.traffic,
        offsets: lived.offsets,
        index,
        by_subject,
    }
}

/// The blocks' flat vectors, one after the other.
#[derive(Default)]
struct Lived {
    lives: Vec<crate::timeline::Life>,
    shares: Vec<Share>,
    traffic: Vec<TrafficFrom>,
    offsets: Vec<Offset>,
}

impl Lived {
    fn add(&mut self, mut block: Lives, drafts: &mut Vec<Draft>) {
        let moved = |range: (u32, u32), by: usize| (range.0 + by as u32, range.1 + by as u32);
        for life in &mut block.lives {
            life.shares = moved(life.shares, self.shares.len());
            life.traffic = moved(life.traffic, self.traffic.len());
            life.offsets = moved(life.offsets, self.offsets.len());
        }
        append(&mut self.lives, block.lives);
        append(&mut self.shares, block.shares);
        append(&mut self.traffic, block.traffic);
        append(&mut self.offsets, block.offsets);
        append(drafts, block.recorder.drafts);
    }
}

/// Takes the whole vector where there is none yet.
fn append<T>(all: &mut Vec<T>, mut more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.append(&mut more);
    }
}

fn plain(scenario: &Scenario) -> Vec<Vec<Plain>> {
    let of = |it: &crate::scenario::Collection| Plain {
        source: it.source,
        queries: it.queries,
        arrivals: it.arrivals,
        from_start: it.since == Since::Start,
    };
    scenario
        .orgs
        .iter()
        .map(|org| org.collections.iter().map(of).collect())
        .collect()
}

/// The declared order as one integer: time (42 bits hold the longest run), rank, kind, number, serial. The incarnations of
/// a collection share their serials, so that a later one comes later.
fn order(draft: &Draft) -> u128 {
    let Draft {
        moment,
        subject,
        serial,
        ..
    } = draft;
    (u128::from(moment.time.ms()) << 72)
        | (moment.rank as u128) << 68
        | (subject.kind as u128) << 64
        | u128::from(subject.id) << 32
        | u128::from(*serial)
}

type Index = Vec<Vec<u32>>;

/// Puts all drafts in the one order, and gives causes their numbers.
fn merge(names: &Names, drafts: Vec<Draft>) -> (Vec<Entry>, Index, Vec<u32>) {
    let mut places: Vec<(u128, u32)> = drafts
        .iter()
        .enumerate()
        .map(|(at, draft)| (order(draft), at as u32))
        .collect();
    places.sort_unstable();
    let mut index = count(names, &drafts);
    let mut by_subject = vec![0u32; drafts.len()];
    for (place, (_, at)) in places.iter().enumerate() {
        let Draft {
            subject, serial, ..
        } = &drafts[*at as usize];
        let first = index[subject.kind as usize][subject.id as usize];
        by_subject[(first + serial) as usize] = place as u32;
    }
    let number = |entry: Ref| {
        by_subject[(index[entry.kind as usize][entry.id as usize] + entry.serial) as usize]
    };
    let mut entries: Vec<Option<Entry>> = Vec::new();
    entries.resize_with(drafts.len(), || None);
    let mut place_of = vec![0u32; drafts.len()];
    for (place, (_, at)) in places.iter().enumerate() {
        place_of[*at as usize] = place as u32;
    }
    drop(places);
    for (draft, place) in drafts.into_iter().zip(&place_of) {
        let mut with: Vec<u32> = draft.with.iter().map(|entry| number(*entry)).collect();
        with.sort_unstable();
        entries[*place as usize] = Some(Entry {
            time: draft.moment.time,
            subject: draft.subject,
            fact: draft.fact,
            cause: draft.cause.map(number),
            with: with.into(),
            milestones: draft.milestones,
        });
    }
    let entries = entries
        .into_iter()
        .map(|it| it.expect("every place is taken once"))
        .collect();
    for kind in &mut index {
        kind.shrink_to_fit();
    }
    (entries, index, by_subject)
}

/// For each kind, where the entries of each subject begin in the list by subject; and where the last ends.
fn count(names: &Names, drafts: &[Draft]) -> Index {
    let mut index: Index = Kind::ALL
        .iter()
        .map(|kind| vec![0u32; names.count(*kind) as usize + 1])
        .collect();
    for draft in drafts {
        let Subject { kind, id, .. } = draft.subject;
        index[kind as usize][id as usize] += 1;
    }
    let mut first = 0;
    for kind in &mut index {
        for place in kind {
            let many = std::mem::replace(place, first);
            first += many;
        }
    }
    index
}
