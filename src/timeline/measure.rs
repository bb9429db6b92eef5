//! Questions to a timeline, answered in exact integers.

use crate::chance::Chance;
use crate::names::{Kind, Subject};
use crate::states::{Ingest, Measure, Milestone, Queries, Status};
use crate::time::{Span, Time};
use crate::timeline::{Entry, Fact, Milestones, Timeline};

/// A milestone of a subject.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct MilestoneAt {
    /// Of whom.
    pub subject: Subject,
    /// Which.
    pub milestone: Milestone,
    /// When it came first.
    pub time: Time,
}

/// What happened to one incarnation of a collection, in numbers. Lengths are counted from `fault`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Measures {
    /// The first entry that took something from it: a refused access, a fault or the start.
    pub fault: Option<Time>,
    /// From the fault to the first failed query.
    pub to_first_failed_query: Option<Span>,
    /// From the fault to the last instant at which any query was served.
    pub cache_grace: Option<Span>,
    /// From the fault to the first halt of ingestion.
    pub to_halt: Option<Span>,
    /// From the fault to the first `PAUSING`.
    pub to_pause: Option<Span>,
    /// The last instant at which a command to restore its key still avoids, or would have avoided, `PAUSING`.
    pub restore_deadline: Option<Time>,
    /// How long not every query was served.
    pub unavailable: Span,
    /// The greatest age of the oldest uncommitted arrival.
    pub greatest_lag: Span,
    /// From the first `catching_up` to the `running` that ends it; `None` when that never comes within the run.
    pub catch_up: Option<Span>,
    /// What the source would still have kept at the end of the longest halt; negative when it dropped something.
    pub source_slack_ms: Option<i64>,
    /// Bytes the source dropped before they were committed.
    pub lost_bytes: u64,
}

impl Timeline {
    /// The first of each milestone of each subject, in the order of time, then of entries.
    pub fn milestones(&self) -> Vec<MilestoneAt> {
        let mut all = self.milestones_of_the_start();
        // Only collections have milestones; of each, those that its present incarnation has reached.
        let collections = self.names.count(Kind::Collection) as usize;
        let mut reached = vec![(1, Milestones::NONE); collections];
        for it in &all {
            let (_, known) = &mut reached[it.subject.id as usize];
            *known = known.and(it.milestone);
        }
        let marked = self.entries.iter().filter(|it| !it.milestones.is_empty());
        for &Entry {
            subject,
            time,
            milestones,
            ..
        } in marked
        {
            let (incarnation, known) = &mut reached[subject.id as usize];
            if *incarnation != subject.incarnation {
                (*incarnation, *known) = (subject.incarnation, Milestones::NONE);
            }
            for milestone in milestones.iter().filter(|it| !known.has(*it)) {
                all.push(MilestoneAt {
                    subject,
                    milestone,
                    time,
                });
            }
            *known = known.with(milestones);
        }
        all
    }

    /// A collection that is asked and cannot be served from T+0 on fails from its first query.
    fn milestones_of_the_start(&self) -> Vec<MilestoneAt> {
        let failing = [Milestone::FirstFailedQuery, Milestone::AllQueriesFailing];
        let mut all = Vec::new();
        for id in 0..self.names.count(Kind::Collection) {
            let subject = Subject::new(Kind::Collection, id);
            let plain = self.plain(id);
            if plain.from_start && !plain.queries.is_zero() && !self.warm(subject) {
                let time = Time::START;
                all.extend(failing.map(|milestone| MilestoneAt {
                    subject,
                    milestone,
                    time,
                }));
            }
        }
        all
    }

    /// When a subject reached a milestone first.
    pub fn milestone(&self, subject: Subject, milestone: Milestone) -> Option<Time> {
        let at_start = matches!(
            milestone,
            Milestone::FirstFailedQuery | Milestone::AllQueriesFailing
        ) && subject.kind == Kind::Collection
            && subject.incarnation == 1
            && self.plain(subject.id).from_start
            && !self.plain(subject.id).queries.is_zero()
            && !self.warm(subject);
        if at_start {
            return Some(Time::START);
        }
        self.entries_of(subject)
            .find(|entry| entry.milestones.has(milestone))
            .map(|entry| entry.time)
    }

    /// The measures of one incarnation of a collection.
    pub fn measures(&self, subject: Subject) -> Measures {
        let fault = self.fault(subject);
        let after = |time: Option<Time>| Some(time?.since(fault?));
        let first = |milestone| after(self.milestone(subject, milestone));
        let life = self.life(subject);
        Measures {
            fault,
            to_first_failed_query: first(Milestone::FirstFailedQuery),
            cache_grace: after(self.last_served(subject)),
            to_halt: first(Milestone::IngestHalted),
            to_pause: first(Milestone::Pausing),
            restore_deadline: self.restore_deadline(subject),
            unavailable: self.unavailable(subject),
            greatest_lag: self.greatest_lag(subject),
            catch_up: self.catch_up(subject),
            source_slack_ms: self.source_slack(subject),
            lost_bytes: life.map_or(0, |life| life.lost_bytes),
        }
    }

    /// One measure of one incarnation, in its own unit ([`Measure::unit`]); `None` where it has none. Counts of queries are of
    /// the whole run. Nothing but what is asked is worked out.
    pub fn measure(&self, subject: Subject, measure: Measure) -> Option<i128> {
        let ms = |it: Span| i128::from(it.ms());
        let instant = |it: Time| i128::from(it.ms());
        let since_fault = |time: Option<Time>| Some(ms(time?.since(self.fault(subject)?)));
        let reached = |milestone| since_fault(self.milestone(subject, milestone));
        let counts = || self.counts_at(subject, self.until);
        match measure {
            Measure::QueriesIssued => Some(counts().issued.into()),
            Measure::QueriesServed => Some(counts().served().into()),
            Measure::QueriesFailed => Some(counts().failed.into()),
            Measure::Fault => self.fault(subject).map(instant),
            Measure::ToFirstFailedQuery => reached(Milestone::FirstFailedQuery),
            Measure::CacheGrace => since_fault(self.last_served(subject)),
            Measure::ToHalt => reached(Milestone::IngestHalted),
            Measure::ToPause => reached(Milestone::Pausing),
            Measure::RestoreDeadline => self.restore_deadline(subject).map(instant),
            Measure::Unavailable => Some(ms(self.unavailable(subject))),
            Measure::GreatestLag => Some(ms(self.greatest_lag(subject))),
            Measure::CatchUp => self.catch_up(subject).map(ms),
            Measure::SourceSlack => self.source_slack(subject).map(i128::from),
            Measure::LostBytes => {
                let life = self.life(subject);
                Some(life.map_or(0, |life| life.lost_bytes).into())
            }
        }
    }

    fn entries_of(&self, subject: Subject) -> impl Iterator<Item = &Entry> {
        let about = self.about_one(subject).iter();
        about.map(|at| &self.entries[*at as usize])
    }

    /// The first entry that took something from an incarnation: what its first bad turn was caused by.
    fn fault(&self, subject: Subject) -> Option<Time> {
        let bad = self.entries_of(subject).find(|entry| match entry.fact {
            Fact::Queries { to, .. } => to != Queries::All,
            Fact::Ingest { to, .. } => to == Ingest::Halted,
            Fact::Status { to, .. } => to == Status::EncryptionKeyError,
            _ => false,
        });
        match bad {
            Some(entry) => Some(
                entry
                    .cause
                    .map_or(Time::START, |at| self.entries[at as usize].time),
            ),
            None => {
                // What is made later and serves at once has no trouble at its beginning.
                let first = self.queries(subject).first().map(|step| step.value);
                let cold = !self.warm(subject) && first != Some(Queries::All);
                cold.then_some(self.made(subject))
            }
        }
    }

    /// The last instant of the first trouble at which any query was served: the one before all fail.
    fn last_served(&self, subject: Subject) -> Option<Time> {
        let mut steps = self
            .queries(subject)
            .into_iter()
            .skip_while(|step| step.value == Queries::All);
        let none = steps.find(|step| step.value == Queries::None)?;
        none.from.before(Span::from_ms(1))
    }

    /// The last instant at which a command to restore the key still avoids `PAUSING` (visibility delay included).
    fn restore_deadline(&self, subject: Subject) -> Option<Time> {
        let due = self.life(subject)?.pause_due?;
        let site = self.names.home(subject.id).site;
        let name = self.names.text(Subject::new(
            Kind::Replica,
            self.site_replicas[site as usize]?,
        ));
        let chance = Chance::new(self.seed);
        due.before(chance.span(self.rules.visibility_regain, "visibility.regain", &name))
    }

    /// How long not every query was served, up to the end or to its deletion.
    fn unavailable(&self, subject: Subject) -> Span {
        let end = self.ends(subject);
        let steps = self.queries(subject);
        let ends = steps.iter().skip(1).map(|step| step.from).chain([end]);
        let pairs = steps
            .iter()
            .zip(ends)
            .filter(|(step, _)| step.value != Queries::All);
        pairs
            .map(|(step, to)| to.min(end).since(step.from))
            .fold(Span::ZERO, |sum, it| sum + it)
    }

    /// The end of the run, or the deletion.
    pub(super) fn ends(&self, subject: Subject) -> Time {
        let deleted = self.life(subject).map(|life| life.deleted);
        deleted.map_or(self.until, |deleted| deleted.min(self.until))
    }

    fn catch_up(&self, subject: Subject) -> Option<Span> {
        let steps = self.ingests(subject);
        let from = steps
            .iter()
            .position(|step| step.value == Ingest::CatchingUp)?;
        let to = steps[from..]
            .iter()
            .find(|step| step.value == Ingest::Running)?;
        Some(to.from - steps[from].from)
    }

    /// Retention less the greatest age that waited at the source, in milliseconds, up to the end or to its deletion; negative
    /// when something was dropped.
    fn source_slack(&self, subject: Subject) -> Option<i64> {
        let retention = self.rules.retention(self.plain(subject.id).source);
        if retention == Span::FOREVER {
            return None;
        }
        let end = self.ends(subject);
        let ages = self.ingests(subject);
        let halts = ages
            .iter()
            .enumerate()
            .filter(|(_, step)| step.value == Ingest::Halted);
        let worst = halts
            .map(|(at, _)| {
                let to = ages.get(at + 1).map_or(end, |next| next.from).min(end);
                self.lag_at(subject, to.before(Span::from_ms(1)).unwrap_or(to))
            })
            .max()?;
        Some(retention.ms() as i64 - worst.ms() as i64)
    }
}
