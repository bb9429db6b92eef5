//! Questions to a timeline, answered in exact integers.

use crate::names::Subject;
use crate::states::Milestone;
use crate::time::{Span, Time};
use crate::timeline::Timeline;

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
    /// The first of each milestone of each subject, in the order of time, then of subjects.
    pub fn milestones(&self) -> Vec<MilestoneAt> {
        todo!()
    }

    /// The measures of one incarnation of a collection.
    pub fn measures(&self, subject: Subject) -> Measures {
        let _ = subject;
        todo!()
    }
}
