//! Trouble that is not the customer's: seen, and ended, at its instant.

use crate::names::{Kind, Subject};
use crate::policy::{SERVICE_OPERATIONS, covers};
use crate::scenario::{Action, Fraction};
use crate::time::Time;
use crate::timeline::Fact;
use crate::world::Ref;
use crate::world::access::Operations;
use crate::world::kms::{Down, Keys, Throttle};

/// A kind of trouble, and whom it concerns.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Trouble {
    what: What,
    region: u32,
    /// The one key it is limited to.
    key: Option<u32>,
}

#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum What {
    Unreachable,
    Throttled(Fraction),
    IamDenies(Operations),
    RegionDown,
}

/// Trouble, and how many commands of it hold.
#[derive(Debug)]
pub(super) struct Fault {
    trouble: Trouble,
    holds: u32,
}

impl Trouble {
    /// The trouble an action makes, if it makes any in a region.
    pub(super) fn of(action: &Action) -> Option<Trouble> {
        let (what, region, key) = match action {
            Action::KmsUnreachable(region, key) => (What::Unreachable, *region, *key),
            Action::KmsThrottled(region, share, key) => (What::Throttled(*share), *region, *key),
            Action::ServiceIamDenies(region, actions) => {
                let denied = |operation: &&str| actions.iter().any(|it| covers(it, operation));
                let denied = Operations::of(SERVICE_OPERATIONS.iter().copied().filter(denied));
                (What::IamDenies(denied), *region, None)
            }
            Action::RegionDown(region) => (What::RegionDown, *region, None),
            _ => return None,
        };
        Some(Trouble { what, region, key })
    }

    fn concerns(&self, key: u32, region: u32) -> bool {
        self.region == region && self.key.is_none_or(|it| it == key)
    }
}

impl Keys<'_> {
    pub(super) fn fault_begins(&mut self, action: &Action, told: Ref) {
        let at = self.fault(action);
        self.faults[at].holds += 1;
        if self.faults[at].holds == 1 {
            let verb = action.verb().word();
            let subject = Subject::new(Kind::Region, self.faults[at].trouble.region);
            let began = self.record(subject, Fact::FaultBegan { verb }, Some(told), &[]);
            self.fault_changed(at, began);
        }
    }

    pub(super) fn fault_ends(&mut self, action: &Action, command: Ref) {
        let at = self.fault(action);
        self.faults[at].holds -= 1;
        if self.faults[at].holds == 0 {
            let verb = action.verb().word();
            let subject = Subject::new(Kind::Region, self.faults[at].trouble.region);
            let ended = self.record(subject, Fact::FaultEnded { verb }, Some(command), &[]);
            self.fault_changed(at, ended);
        }
    }

    fn fault(&mut self, action: &Action) -> usize {
        let trouble = Trouble::of(action).expect("only trouble begins and ends as a fault");
        let known = self.faults.iter().position(|it| it.trouble == trouble);
        known.unwrap_or_else(|| {
            self.faults.push(Fault { trouble, holds: 0 });
            self.faults.len() - 1
        })
    }

    /// Faults are seen, and ended, at their instant.
    fn fault_changed(&mut self, at: usize, entry: Ref) {
        let trouble = self.faults[at].trouble;
        if trouble.what == What::RegionDown {
            self.region_changed(at, entry);
            return;
        }
        let names = &self.scenario.names;
        let concerned = match trouble.key.map(|it| names.find_replica(it, trouble.region)) {
            Some(Some(one)) => one as usize..one as usize + 1,
            Some(None) => 0..0,
            None => 0..self.replicas.len(),
        };
        for id in concerned {
            let (key, region) = self.scenario.names.replica(id as u32);
            if trouble.concerns(key, region) {
                self.seen_of_faults(id, key, region, trouble.what, entry);
            }
        }
    }

    /// What callers of a replica see of one kind of trouble.
    fn seen_of_faults(&mut self, id: usize, key: u32, region: u32, what: What, entry: Ref) {
        let now = self.now().time;
        let holding = self.faults.iter().filter(|it| it.holds > 0);
        let holding = holding.filter(|it| it.trouble.concerns(key, region));
        let holding = holding.map(|it| it.trouble.what);
        let it = &mut self.replicas[id];
        match what {
            What::Unreachable => {
                let holds = holding.into_iter().any(|it| it == What::Unreachable);
                it.view.unreachable = holds;
                it.unreachable_since = holds.then(|| it.unreachable_since.unwrap_or(now));
            }
            What::IamDenies(_) => {
                let denied = holding.filter_map(|it| match it {
                    What::IamDenies(operations) => Some(operations),
                    What::Unreachable | What::Throttled(_) | What::RegionDown => None,
                });
                it.view.denied = denied.fold(Operations::NONE, Operations::and);
            }
            What::Throttled(_) => {
                // Of several the worst: each call has one die.
                let share = holding.filter_map(|it| match it {
                    What::Throttled(share) => Some(share),
                    What::Unreachable | What::IamDenies(_) | What::RegionDown => None,
                });
                self.throttled(id, share.max(), entry);
                return;
            }
            What::RegionDown => unreachable!("a region's outage is no matter of its replicas"),
        }
        it.changed.push(entry);
        self.touch(id);
    }

    /// Throttling is a property of calls, not of access: it stands beside the steps of the tape.
    fn throttled(&mut self, id: usize, share: Option<Fraction>, entry: Ref) {
        let from = self.now().time;
        let steps = &mut self.tape.throttles[id];
        if steps.last().is_some_and(|it| it.from == from) {
            steps.pop();
        }
        if steps.last().and_then(|it| it.share) != share {
            steps.push(Throttle { from, share, entry });
        }
    }

    fn region_changed(&mut self, at: usize, entry: Ref) {
        let now = self.now().time;
        let holds = self.faults[at].holds > 0;
        let downs = &mut self.tape.downs[self.faults[at].trouble.region as usize];
        if holds {
            downs.push(Down {
                from: now,
                began: entry,
                to: Time::NEVER,
                ended: None,
            });
        } else {
            let last = downs.last_mut().expect("what ends has begun");
            (last.to, last.ended) = (now, Some(entry));
        }
    }
}
