//! Trouble that is not the customer's: seen, and ended, at its instant.

use crate::names::{Kind, Subject};
use crate::time::Time;
use crate::timeline::Fact;
use crate::world::Ref;
use crate::world::kms::{Down, Fault, Keys};

impl Keys<'_> {
    pub(super) fn fault_begins(
        &mut self,
        verb: &'static str,
        region: u32,
        key: Option<u32>,
        told: Ref,
    ) -> Option<&'static str> {
        let at = self.fault(verb, region, key);
        self.faults[at].holds += 1;
        if self.faults[at].holds == 1 {
            let now = self.now().time;
            let subject = Subject::new(Kind::Region, region);
            let began = self.record(subject, Fact::FaultBegan { verb }, Some(told), &[]);
            self.faults[at].since = now;
            self.faults[at].began = Some(began);
            self.fault_changed(at, began);
        }
        None
    }

    pub(super) fn fault_ends(
        &mut self,
        verb: &'static str,
        region: u32,
        key: Option<u32>,
        command: Ref,
    ) {
        let at = self.fault(verb, region, key);
        self.faults[at].holds -= 1;
        if self.faults[at].holds == 0 {
            let subject = Subject::new(Kind::Region, region);
            let ended = self.record(subject, Fact::FaultEnded { verb }, Some(command), &[]);
            self.fault_changed(at, ended);
        }
    }

    pub(super) fn fault(&mut self, verb: &'static str, region: u32, key: Option<u32>) -> usize {
        let same = |it: &Fault| (it.verb, it.region, it.key) == (verb, region, key);
        self.faults.iter().position(same).unwrap_or_else(|| {
            let since = Time::START;
            self.faults.push(Fault {
                verb,
                region,
                key,
                holds: 0,
                since,
                began: None,
            });
            self.faults.len() - 1
        })
    }

    /// Faults are seen, and ended, at their instant.
    pub(super) fn fault_changed(&mut self, at: usize, entry: Ref) {
        let now = self.now().time;
        let (verb, region, key) = (
            self.faults[at].verb,
            self.faults[at].region,
            self.faults[at].key,
        );
        if verb == "RegionDown" {
            self.region_changed(at, entry);
            return;
        }
        let names = &self.scenario.names;
        let concerned = match key.map(|key| names.find_replica(key, region)) {
            Some(Some(one)) => one as usize..one as usize + 1,
            Some(None) => 0..0,
            None => 0..self.replicas.len(),
        };
        for id in concerned {
            let (its_key, its_region) = self.scenario.names.replica(id as u32);
            if its_region != region {
                continue;
            }
            let holds = self.faults.iter().any(|it| {
                it.verb == verb
                    && it.holds > 0
                    && it.region == its_region
                    && it.key.is_none_or(|key| key == its_key)
            });
            let it = &mut self.replicas[id];
            it.view.unreachable = holds;
            it.unreachable_since = holds.then(|| it.unreachable_since.unwrap_or(now));
            it.changed.push(entry);
            self.touch(id);
        }
    }

    pub(super) fn region_changed(&mut self, at: usize, entry: Ref) {
        let now = self.now().time;
        let holds = self.faults[at].holds > 0;
        let downs = &mut self.tape.downs[self.faults[at].region as usize];
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
