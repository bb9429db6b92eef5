//! What the scenario orders of a collection.

use crate::agenda::Rank;
use crate::profile::Clause;
use crate::scenario::Action;
use crate::states::{Ingest, Milestone};
use crate::time::Rate;
use crate::timeline::{By, Fact};
use crate::world::Ref;
use crate::world::collection::{Event, Present};
use crate::world::tally::change;

/// The service's own word for what is not there (its API's `ErrorModel.type`, `domain.md` 4a).
const NOT_FOUND: &str = "NOTFOUND";

impl Present<'_> {
    pub(super) fn order(&mut self, number: u32) {
        let ground = self.ground;
        let command = &ground.scenario.commands[number as usize];
        let verb = command.action.verb().word();
        let told = self.record(
            Fact::Command {
                verb,
                fields: number,
                by: By::Written,
            },
            None,
            &[],
        );
        // What would change a status or a ticket waits for the region.
        let waits = matches!(
            command.action,
            Action::ContactSupport(_) | Action::RecreateCollection(_)
        );
        // What was never made has none: it is refused at once.
        let waits = waits && self.was_made();
        if !(waits && self.waits_for_region(Event::Late(number, told))) {
            self.carry_out_or_refuse(number, told);
        }
    }

    pub(super) fn carry_out_or_refuse(&mut self, number: u32, told: Ref) {
        let command = &self.ground.scenario.commands[number as usize];
        let verb = command.action.verb().word();
        match (self.carry_out(&command.action, verb, told), command.lasts) {
            (Some(code), _) => {
                self.record(
                    Fact::Refused {
                        verb,
                        code,
                        message: None,
                    },
                    Some(told),
                    &[],
                );
            }
            (None, Some(span)) => {
                let time = self.now().time + span;
                self.plan(time, Rank::Opposite, Event::Opposite(number, told));
            }
            (None, None) => {}
        }
    }

    fn carry_out(
        &mut self,
        action: &Action,
        verb: &'static str,
        told: Ref,
    ) -> Option<&'static str> {
        match action {
            Action::SourceDown(_) => {
                self.sources_down += 1;
                if self.sources_down == 1 {
                    self.latest = Some(self.record(Fact::FaultBegan { verb }, Some(told), &[]));
                }
                None
            }
            Action::SetTraffic(_, queries, arrivals) if self.alive => {
                self.set_traffic(*queries, *arrivals, told);
                None
            }
            Action::ContactSupport(_) if self.was_made() => {
                self.see_faults();
                self.contact(told);
                None
            }
            Action::CreateCollection(..) if !self.alive => {
                self.create(told);
                None
            }
            Action::DeleteCollection(..) if self.alive => {
                self.delete(Some(told));
                None
            }
            Action::RecreateCollection(_) if self.was_made() => self.recreate(told),
            Action::SetTraffic(..)
            | Action::ContactSupport(_)
            | Action::CreateCollection(..)
            | Action::DeleteCollection(..)
            | Action::RecreateCollection(_) => Some(NOT_FOUND),
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
            | Action::UpdatePrimaryRegion(_)
            | Action::ImportKeyMaterial(..)
            | Action::DeleteImportedKeyMaterial(_)
            | Action::KmsUnreachable(..)
            | Action::KmsThrottled(..)
            | Action::ServiceIamDenies(..)
            | Action::RegionDown(_)
            | Action::AddRegion(..)
            | Action::ChangeKey(..)
            | Action::UnlinkKey(_) => unreachable!("collections are given their own orders only"),
        }
    }

    pub(super) fn order_ends(&mut self, number: u32, began: Ref) {
        let command = &self.ground.scenario.commands[number as usize];
        let verb = command.action.verb().word();
        assert!(
            matches!(command.action, Action::SourceDown(_)),
            "only SourceDown has an end here"
        );
        self.sources_down -= 1;
        if self.sources_down == 0 {
            self.latest = Some(self.record(Fact::FaultEnded { verb }, Some(began), &[]));
        }
    }

    fn set_traffic(&mut self, queries: Option<Rate>, arrivals: Option<Rate>, told: Ref) {
        let now = self.now().time;
        let last = self.traffic();
        let queries = queries.unwrap_or(last.queries);
        let arrivals = arrivals.unwrap_or(last.arrivals);
        let counts = self.counts();
        match (last.arrivals.is_zero(), arrivals.is_zero()) {
            (false, true) => self.stops_arriving(),
            (true, false) => self.arrives_again(),
            (true, true) | (false, false) => {}
        }
        let changed = change(&last, now, queries, arrivals);
        self.push_traffic(changed);
        self.latest = Some(self.record(
            Fact::Traffic {
                queries,
                arrivals,
                counts,
            },
            Some(told),
            &[],
        ));
        self.carry();
        match self.ingest {
            Ingest::Halted => self.plan_drop(),
            Ingest::CatchingUp => self.plan_caught_up(),
            Ingest::Running => {}
        }
    }

    fn was_made(&self) -> bool {
        self.alive || self.last_life_is_mine()
    }

    fn last_life_is_mine(&self) -> bool {
        self.out
            .lives
            .last()
            .is_some_and(|life| life.subject.id == self.subject.id)
    }

    fn create(&mut self, told: Ref) {
        self.see_faults();
        if self.last_life_is_mine() {
            self.subject.incarnation += 1;
        }
        self.begin(self.plain.queries, self.plain.arrivals);
        self.latest = Some(self.record(Fact::Created, Some(told), &[]));
        self.carry();
        self.ask_at_once();
    }

    fn delete(&mut self, cause: Option<Ref>) {
        let now = self.now().time;
        self.record(Fact::Deleted, cause, &[]);
        self.let_die(now, now);
        self.push_share(0, 0);
        self.end(now);
    }

    /// A new incarnation; while access is away it fails with the key's cause (R8), and for ever without the key (R1).
    fn recreate(&mut self, told: Ref) -> Option<&'static str> {
        let error = self.see_faults();
        if !self.access && self.rules.has(Clause::RecreateNeedsKey) {
            return Some(error);
        }
        if self.alive {
            self.delete(Some(told));
        }
        let (queries, arrivals) = self.rates;
        self.subject.incarnation += 1;
        self.begin(queries, arrivals);
        self.latest = Some(self.record(Fact::Recreated, Some(told), &[]));
        self.mark(Milestone::Recreated);
        self.carry();
        self.ask_at_once();
        None
    }
}
