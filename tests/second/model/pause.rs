//! The pause: its clock, Support, and how the data comes out.

use keyoutage::profile::PauseClock;
use keyoutage::states::{Milestone, Outcome, Source, Status, Support};

use super::access::View;
use super::collection::Life;
use super::ingest::Ingest;
use super::{Fault, NEVER};

/// The pause clock of an incarnation, and what follows from it.
#[derive(Default)]
pub struct Pause {
    sum: u64,
    since: Option<u64>,
    /// The last probe is being tried: its first attempt and the next.
    pub last_probe: Option<(u64, u64)>,
    /// When `PAUSED`, and `READY` after `RESUMING`.
    pub paused: Option<u64>,
    pub ready: Option<u64>,
    /// Support heard; since when it works until when.
    pub heard: bool,
    pub works_until: Option<u64>,
    pub outcome: Option<Outcome>,
}

/// What a loss means for a collection that was paused (DESIGN 2, Outcome; MODEL 6).
enum Loss {
    /// It goes on after a gap.
    Gap,
    /// It must be recreated, and the source has the data.
    Again,
    /// It must be recreated, and the data is lost.
    ForEver,
}

fn loss(source: Source) -> Loss {
    match source {
        Source::Kafka | Source::Kinesis | Source::EventHubs => Loss::Gap,
        Source::DynamoDb | Source::MongoDb | Source::MySql | Source::Snowflake => Loss::Again,
        Source::S3 | Source::Gcs | Source::AzureBlob => Loss::Again,
        Source::WriteApi | Source::FileUpload => Loss::ForEver,
    }
}

/// Whether the collection stays paused until it is recreated.
fn is_final(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::RecreateFromSource | Outcome::RecreateWithLoss
    )
}

impl Life<'_> {
    /// Starts or stops the clock, as things are.
    pub fn clock(&mut self, now: u64, view: &View) {
        let silent = view.reads == Some(keyoutage::states::Cause::Unreachable);
        let stands = view.down || (silent && !self.ground.scenario.rules.unreachable_pauses);
        let runs = self.status == Status::EncryptionKeyError && !stands;
        match (self.pause.since, runs) {
            (None, true) => self.pause.since = Some(now),
            (Some(since), false) => {
                self.pause.sum += now - since;
                self.pause.since = None;
            }
            _ => {}
        }
    }

    /// When the last probe before the pause is due.
    pub fn pause_due(&self) -> u64 {
        match self.pause.since {
            Some(since) if self.pause.last_probe.is_none() => {
                since.saturating_add(self.pause_after.saturating_sub(self.pause.sum))
            }
            _ => NEVER,
        }
    }

    /// The clock when the key is back before the pause.
    pub fn clock_returns(&mut self, now: u64) {
        if let Some(since) = self.pause.since.take() {
            self.pause.sum += now - since;
        }
        let keeps = self.ground.scenario.rules.pause_clock == PauseClock::Cumulative
            || self.ground.fault == Fault::ClockKeepsItsSum;
        if !keeps {
            self.pause.sum = 0;
        }
        self.pause.last_probe = None;
    }

    /// `PAUSING`, whatever comes between until `PAUSED`.
    pub fn pausing(&mut self, now: u64) {
        self.pause.last_probe = None;
        self.become_(now, Status::Pausing);
        self.reach(now, Milestone::Pausing);
        self.pause.since = None;
        self.pause.paused = Some(now + self.pause_pausing);
        self.leases.give_up();
        let tick = self.trying.take().map_or(now, |it| it.0);
        self.halt(now, tick);
    }

    /// Support is asked.
    pub fn contact(&mut self, now: u64, view: &View) {
        if self.pause.outcome.is_some_and(is_final) && self.status == Status::Paused {
            self.say(now, "support", Support::CannotHelp.word());
        } else if !matches!(self.status, Status::Pausing | Status::Paused) {
            self.say(now, "support", Support::NotNeeded.word());
        } else if !self.pause.heard {
            self.pause.heard = true;
            // Where nothing is to be waited for, it works at once.
            if self.status != Status::Paused || !view.running.is_empty() {
                self.say(now, "support", Support::Waiting.word());
            }
        }
    }

    /// What waits for time to pass, or for the key. Says whether anything happened.
    pub fn pass(&mut self, now: u64, view: &View) -> bool {
        let granted = view.running.is_empty();
        if self.pause.paused.is_some_and(|it| it <= now) {
            self.pause.paused = None;
            self.paused(now, view);
            return true;
        }
        if self.pause.ready.is_some_and(|it| it <= now) {
            self.pause.ready = None;
            match granted {
                true => self.ready_again(now),
                false => {
                    self.become_(now, Status::Paused);
                    self.come_out(now, view);
                }
            }
            return true;
        }
        let lost = self.pause.outcome.is_some_and(is_final);
        if self.status != Status::Paused || lost || !self.pause.heard || !granted {
            return false;
        }
        match self.pause.works_until {
            None => {
                self.pause.works_until = Some(now + self.support_delay);
                self.say(now, "support", Support::Working.word());
                true
            }
            Some(until) if until <= now => {
                self.become_(now, Status::Resuming);
                self.pause.ready = Some(now + self.pause_resuming);
                true
            }
            Some(_) => false,
        }
    }

    /// When something that waits for time to pass happens next.
    pub fn next_pass(&self, now: u64) -> u64 {
        let works = self
            .pause
            .works_until
            .filter(|it| *it > now && self.status == Status::Paused);
        let times = [self.pause.paused, self.pause.ready, works];
        times.into_iter().flatten().min().unwrap_or(NEVER)
    }

    fn paused(&mut self, now: u64, view: &View) {
        self.become_(now, Status::Paused);
        self.reach(now, Milestone::Paused);
        if self.ground.scenario.rules.support_auto && !self.pause.heard {
            self.pause.heard = true;
        }
        self.come_out(now, view);
    }

    /// Whether, and how, a paused collection must be recreated.
    pub fn come_out(&mut self, now: u64, view: &View) {
        // While the region is down no status changes.
        let resuming = self.status == Status::Resuming && !view.down;
        if self.status != Status::Paused && !resuming {
            return;
        }
        if self.pause.outcome.is_some_and(is_final) {
            return;
        }
        let gone = self.gone <= now;
        let dropped = self.ingest.dropped;
        let outcome = match (gone, loss(self.source)) {
            (true, Loss::Again) => Outcome::RecreateFromSource,
            (true, Loss::Gap | Loss::ForEver) => Outcome::RecreateWithLoss,
            (false, Loss::Again) if dropped => Outcome::RecreateFromSource,
            (false, Loss::ForEver) if dropped => Outcome::RecreateWithLoss,
            (false, _) => return,
        };
        if self.status == Status::Resuming {
            self.pause.ready = None;
            self.become_(now, Status::Paused);
        }
        let dropped = self.ingest.lost + self.ingest.dropped_by(now);
        self.outcome(now, outcome, dropped);
    }

    pub fn outcome(&mut self, now: u64, outcome: Outcome, dropped: u128) {
        self.pause.outcome = Some(outcome);
        let text = format!("{outcome} {}", Ingest::bytes(dropped));
        self.say(now, "outcome", text);
    }

    fn ready_again(&mut self, now: u64) {
        let (heard, works) = (false, None);
        (self.pause.heard, self.pause.works_until) = (heard, works);
        self.pause.sum = 0;
        self.flags = [false; 2];
        self.become_(now, Status::Ready);
        self.reach(now, Milestone::Resumed);
        let outcome = match self.ingest.dropped {
            true => Outcome::ResumedWithGap,
            false => Outcome::Resumed,
        };
        // What is dropped in this very millisecond is dropped after it.
        let dropped = match self.ingest.dropped {
            true => self.ingest.dropped_by(now),
            false => 0,
        };
        self.ingest.accounted = dropped;
        self.outcome(now, outcome, self.ingest.lost + dropped);
        self.fetch_dead = true;
    }
}
