//! What the scenario orders of the service's half: of orgs, of sites and of collections.

use std::ops::Range;

use crate::names::Names;
use crate::scenario::{Action, Scenario, Selection, Since};
use crate::time::Time;

/// The orders that concern collections, by stretches of collections that have the same ones.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    stretches: Vec<(Range<u32>, Vec<u32>)>,
}

impl Orders {
    /// Sorts the scenario's commands by the collections they concern.
    pub(crate) fn new(scenario: &Scenario) -> Orders {
        let mut concerned: Vec<(u32, Selection)> = Vec::new();
        for (number, command) in scenario.commands.iter().enumerate() {
            if let Some(selection) = collections_of(&command.action, &scenario.names) {
                concerned.push((number as u32, selection));
            }
        }
        let ranges = || {
            concerned
                .iter()
                .flat_map(|(_, selection)| &selection.ranges)
        };
        let mut bounds: Vec<u32> = ranges()
            .flat_map(|range| [range.start, range.end])
            .collect();
        bounds.sort_unstable();
        bounds.dedup();
        let stretches = bounds
            .windows(2)
            .map(|pair| {
                let orders = concerned
                    .iter()
                    .filter(|(_, selection)| selection.contains(pair[0]));
                (
                    pair[0]..pair[1],
                    orders.map(|(number, _)| *number).collect(),
                )
            })
            .collect();
        Orders { stretches }
    }

    /// The commands that concern a collection, in the order in which they are given.
    pub(crate) fn of(&self, id: u32) -> &[u32] {
        let after = self
            .stretches
            .partition_point(|(range, _)| range.start <= id);
        match self.stretches[..after].last() {
            Some((range, orders)) if range.contains(&id) => orders,
            _ => &[],
        }
    }
}

/// The collections a command concerns; `None` for a command about something else.
fn collections_of(action: &Action, names: &Names) -> Option<Selection> {
    match action {
        Action::SourceDown(selection)
        | Action::ContactSupport(selection)
        | Action::RecreateCollection(selection)
        | Action::SetTraffic(selection, ..) => Some(selection.clone()),
        Action::CreateCollection(org, collection) | Action::DeleteCollection(org, collection) => {
            let mut selection = Selection::default();
            let members = names.org_members(*org as usize).len() as u32;
            for member in 0..members {
                let ids = names.collections_of(*org as usize, member, *collection as usize);
                ids.for_each(|id| selection.push(id));
            }
            Some(selection)
        }
        Action::DisableKey(_)
        | Action::EnableKey(_)
        | Action::ScheduleKeyDeletion(..)
        | Action::CancelKeyDeletion(_)
        | Action::PutKeyPolicy(..)
        | Action::RemoveActions(..)
        | Action::RestoreActions(..)
        | Action::ReplicateKey(..)
        | Action::RotateKeyOnDemand(_)
        | Action::EnableKeyRotation(..)
        | Action::DisableKeyRotation(_)
        | Action::KmsUnreachable(..)
        | Action::RegionDown(_)
        | Action::AddRegion(..)
        | Action::ChangeKey(..)
        | Action::UnlinkKey(_) => None,
    }
}

/// When something is there first.
pub(crate) fn time_of(scenario: &Scenario, since: Since) -> Time {
    match since {
        Since::Start => Time::START,
        Since::Command(number) => scenario.commands[number as usize].at,
    }
}
