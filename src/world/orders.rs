//! What the scenario orders of the service's half: of orgs, of sites and of collections.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::names::Names;
use crate::scenario::{Action, Scenario, Since};
use crate::time::Time;

/// The orders that concern collections, by stretches of collections that have the same ones.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    stretches: Vec<(Range<u32>, Vec<u32>)>,
}

impl Orders {
    /// Sorts the scenario's commands by the collections they concern.
    pub(crate) fn new(scenario: &Scenario) -> Orders {
        // Where the orders of collections change, and whose begin (`true`) or end there.
        let mut bounds: Vec<(u32, bool, u32)> = Vec::new();
        for (number, command) in scenario.commands.iter().enumerate() {
            let number = number as u32;
            each_range(&command.action, &scenario.names, &mut |range| {
                bounds.push((range.start, true, number));
                bounds.push((range.end, false, number));
            });
        }
        bounds.sort_unstable();
        let mut stretches = Vec::new();
        let mut given: BTreeSet<u32> = BTreeSet::new();
        let mut from = 0;
        for at in bounds.chunk_by(|one, next| one.0 == next.0) {
            let to = at[0].0;
            if !given.is_empty() {
                stretches.push((from..to, given.iter().copied().collect()));
            }
            // What ends here stands before what begins here: a command may do both.
            for (_, begins, number) in at {
                if *begins {
                    given.insert(*number);
                } else {
                    given.remove(number);
                }
            }
            from = to;
        }
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

/// The ranges of collections a command concerns; none for a command about something else.
fn each_range(action: &Action, names: &Names, tell: &mut dyn FnMut(&Range<u32>)) {
    match action {
        Action::SourceDown(selection)
        | Action::ContactSupport(selection)
        | Action::RecreateCollection(selection)
        | Action::SetTraffic(selection, ..) => selection.ranges.iter().for_each(tell),
        Action::CreateCollection(org, collection) | Action::DeleteCollection(org, collection) => {
            let members = names.org_members(*org as usize).len() as u32;
            for member in 0..members {
                tell(&names.collections_of(*org as usize, member, *collection as usize));
            }
        }
        Action::DisableKey(_)
        | Action::EnableKey(_)
        | Action::ScheduleKeyDeletion(..)
        | Action::CancelKeyDeletion(_)
        | Action::PutKeyPolicy(..)
        | Action::RemoveActions(..)
        | Action::RestoreActions(..)
        | Action::ReplicateKey(..)
        | Action::UpdatePrimaryRegion(_)
        | Action::RotateKeyOnDemand(_)
        | Action::EnableKeyRotation(..)
        | Action::DisableKeyRotation(_)
        | Action::ImportKeyMaterial(..)
        | Action::DeleteImportedKeyMaterial(_)
        | Action::KmsUnreachable(..)
        | Action::KmsThrottled(..)
        | Action::ServiceIamDenies(..)
        | Action::RegionDown(_)
        | Action::AddRegion(..)
        | Action::ChangeKey(..)
        | Action::UnlinkKey(_) => {}
    }
}

/// When something is there first.
pub(crate) fn time_of(scenario: &Scenario, since: Since) -> Time {
    match since {
        Since::Start => Time::START,
        Since::Command(number) => scenario.commands[number as usize].at,
    }
}
