//! Two written commands of one instant must not depend on which comes first (MODEL 1).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::names::{Kind, Subject};
use crate::scenario::Action;
use crate::scenario::codes::Code;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::cast::Cast;
use crate::scenario::resolve::events::{Drawn, selection};
use crate::scenario::verbs::Verb;

/// What commands set or need, where it has a number.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    State(u32),
    Policy(u32),
    Primary(u32),
    Rotation(u32),
}

/// Says which commands of one instant have no order.
pub(super) fn check(desk: &mut Desk<'_>, cast: &Cast, commands: &[Drawn]) {
    let mut said = BTreeSet::new();
    for group in commands.chunk_by(|a, b| a.command.at == b.command.at) {
        if group.len() > 1 {
            keys(desk, cast, group, &mut said);
            collections(desk, cast, group, &mut said);
        }
    }
}

type Said = BTreeSet<(usize, usize)>;

/// What a command sets (true) and needs (false).
fn touches(cast: &Cast, action: &Action) -> Vec<(Thing, bool)> {
    let primary = |key: u32| {
        let region = cast.keys[key as usize].primary;
        cast.names.find_replica(key, region).map(Thing::State)
    };
    let rotation = |key: u32| {
        let needs = primary(key)
            .into_iter()
            .chain([Thing::Primary(key)])
            .map(|it| (it, false));
        [(Thing::Rotation(key), true)]
            .into_iter()
            .chain(needs)
            .collect()
    };
    match action {
        Action::DisableKey(it)
        | Action::EnableKey(it)
        | Action::ScheduleKeyDeletion(it, _)
        | Action::CancelKeyDeletion(it) => vec![(Thing::State(*it), true)],
        Action::PutKeyPolicy(it, _)
        | Action::RemoveActions(it, _)
        | Action::RestoreActions(it, _) => vec![(Thing::Policy(*it), true)],
        Action::ReplicateKey(it, _) => {
            let key = cast.names.replica(*it).0;
            let needs = primary(key)
                .into_iter()
                .chain([Thing::Primary(key)])
                .map(|it| (it, false));
            let sets = [(Thing::State(*it), true), (Thing::Policy(*it), true)];
            sets.into_iter().chain(needs).collect()
        }
        // Both the old primary and the new one are in it for a while.
        Action::UpdatePrimaryRegion(it) => {
            let key = cast.names.replica(*it).0;
            let all = cast.names.replicas_of(key).filter(|other| other != it);
            let needs = all.map(|other| (Thing::State(other), false));
            let sets = [(Thing::Primary(key), true), (Thing::State(*it), true)];
            sets.into_iter().chain(needs).collect()
        }
        Action::ImportKeyMaterial(it, _) | Action::DeleteImportedKeyMaterial(it) => {
            vec![(Thing::State(*it), true)]
        }
        Action::RotateKeyOnDemand(key)
        | Action::EnableKeyRotation(key, _)
        | Action::DisableKeyRotation(key) => rotation(*key),
        Action::KmsUnreachable(..)
        | Action::KmsThrottled(..)
        | Action::ServiceIamDenies(..)
        | Action::RegionDown(_)
        | Action::SourceDown(_)
        | Action::AddRegion(..)
        | Action::CreateCollection(..)
        | Action::DeleteCollection(..)
        | Action::ContactSupport(_)
        | Action::RecreateCollection(_)
        | Action::SetTraffic(..)
        | Action::ChangeKey(..)
        | Action::UnlinkKey(_) => Vec::new(),
    }
}

fn keys(desk: &mut Desk<'_>, cast: &Cast, group: &[Drawn], said: &mut Said) {
    let mut setters: BTreeMap<Thing, usize> = BTreeMap::new();
    let mut needers: BTreeMap<Thing, usize> = BTreeMap::new();
    for (index, drawn) in group.iter().enumerate() {
        for (thing, sets) in touches(cast, &drawn.command.action) {
            let other = match setters.get(&thing) {
                Some(other) => Some(other),
                None if sets => needers.get(&thing),
                None => None,
            };
            if let Some(other) = other.filter(|it| **it != index) {
                let pair = [&group[*other], drawn];
                if !both_remove(pair) {
                    clash(desk, said, pair, &told(cast, thing));
                }
            }
            if sets {
                setters.insert(thing, index);
            } else {
                needers.insert(thing, index);
            }
        }
    }
}

fn both_remove(pair: [&Drawn; 2]) -> bool {
    pair.iter()
        .all(|it| it.command.action.verb() == Verb::RemoveActions)
}

fn told(cast: &Cast, thing: Thing) -> String {
    let name = |kind, id| cast.names.text(Subject::new(kind, id));
    match thing {
        Thing::State(id) => format!("the state of {}", name(Kind::Replica, id)),
        Thing::Policy(id) => format!("the policy of {}", name(Kind::Replica, id)),
        Thing::Primary(id) => format!("the primary of {}", name(Kind::Key, id)),
        Thing::Rotation(id) => format!("the rotation of {}", name(Kind::Key, id)),
    }
}

fn clash(desk: &mut Desk<'_>, said: &mut Said, [first, second]: [&Drawn; 2], about: &str) {
    let (first, second) = if first.mark > second.mark {
        (second, first)
    } else {
        (first, second)
    };
    if !said.insert((first.event, second.event)) {
        return;
    }
    let what = format!(
        "{} here and {} in line {} are both about {about} at {}, and nothing says which comes first",
        second.command.action.verb(),
        first.command.action.verb(),
        first.command.line,
        second.command.at
    );
    let problem = desk.problem(Code::OneInstant, second.mark, what);
    desk.say(problem.help("let one of them come later, if only by 1ms"));
}

/// Which collections a command is about, and whether it sets their existence, needs it, or sets their traffic.
fn ranges(cast: &Cast, action: &Action) -> (Vec<Range<u32>>, [bool; 3]) {
    let made = |org: u32, collection: u32| {
        let names = &cast.names;
        let members = 0..names.orgs()[org as usize].count.unwrap_or(1);
        members
            .map(|it| names.collections_of(org as usize, it, collection as usize))
            .collect()
    };
    let chosen = || selection(action).map_or_else(Vec::new, |it| it.ranges.clone());
    match action {
        Action::CreateCollection(org, it) | Action::DeleteCollection(org, it) => {
            (made(*org, *it), [true, false, false])
        }
        Action::RecreateCollection(_) => (chosen(), [true, false, false]),
        Action::ContactSupport(_) => (chosen(), [false, true, false]),
        Action::SetTraffic(..) => (chosen(), [false, true, true]),
        _ => (Vec::new(), [false; 3]),
    }
}

fn collections(desk: &mut Desk<'_>, cast: &Cast, group: &[Drawn], said: &mut Said) {
    let mut all = Vec::new();
    for (index, drawn) in group.iter().enumerate() {
        let (ranges, does) = ranges(cast, &drawn.command.action);
        all.extend(ranges.into_iter().map(|it| (it.start, it.end, index, does)));
    }
    all.sort_unstable();
    let mut furthest: [(u32, usize); 3] = [(0, 0); 3];
    for (start, end, index, [sets, needs, traffic]) in all {
        let [setter, needer, mover] = furthest;
        let wrong = [
            (sets || needs) && setter.0 > start,
            sets && needer.0 > start,
            traffic && mover.0 > start,
        ];
        for (kind, other) in [setter, needer, mover].into_iter().enumerate() {
            if wrong[kind] && other.1 != index {
                let name = cast.names.text(Subject::new(Kind::Collection, start));
                let about = if kind == 2 {
                    format!("the traffic of {name}")
                } else {
                    format!("whether there is {name}")
                };
                clash(desk, said, [&group[other.1], &group[index]], &about);
            }
        }
        for (does, place) in [sets, needs, traffic].into_iter().zip(&mut furthest) {
            if does && end > place.0 {
                *place = (end, index);
            }
        }
    }
}
