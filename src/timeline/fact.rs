//! What can have happened, as plain data.

use crate::profile::Rule;
use crate::states::{
    AccessWord, Ingest, KeyState, Milestone, Outcome, Queries, SiteState, Status, Support,
};
use crate::time::{Calendar, Rate};

/// Who gave a command.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum By {
    /// The scenario.
    Written,
    /// A command with `for:`, as its opposite.
    Planned,
}

impl By {
    /// As it is written in every output.
    pub const fn word(self) -> &'static str {
        match self {
            By::Written => "written",
            By::Planned => "planned",
        }
    }
}

/// Queries so far: `[0, t)`.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Queries that came.
    pub issued: u64,
    /// Queries that were not served.
    pub failed: u64,
}

impl Counts {
    /// Queries that were served.
    pub const fn served(self) -> u64 {
        self.issued - self.failed
    }
}

/// What can have happened: plain data, in the past tense.
#[derive(Copy, Clone, PartialEq, Debug)]
pub enum Fact {
    /// A command was given.
    Command {
        /// As the table of verbs writes it.
        verb: &'static str,
        /// Its fields, a number of [`Timeline::texts`].
        fields: u32,
        /// By whom.
        by: By,
    },
    /// It was refused, and changed nothing.
    Refused {
        /// Which command.
        verb: &'static str,
        /// AWS's error code, or the rule.
        code: &'static str,
        /// What AWS says beside it, a number of [`Timeline::texts`]; `None` where the service refuses.
        message: Option<u32>,
    },
    /// A replica's commanded state changed.
    State {
        /// Before.
        from: KeyState,
        /// After.
        to: KeyState,
    },
    /// What callers see of a replica changed.
    Visible {
        /// The visible state.
        state: KeyState,
        /// The visible policy, a number of [`Timeline::policies`].
        policy: u32,
    },
    /// A date in the visible policy of a replica came, and what the policy allows the service changed.
    Turned {
        /// The date, as an instant of the calendar.
        date: Calendar,
    },
    /// A key got new material.
    Rotated,
    /// A fault began to hold.
    FaultBegan {
        /// As the table of verbs writes it.
        verb: &'static str,
    },
    /// A fault holds no more.
    FaultEnded {
        /// As the table of verbs writes it.
        verb: &'static str,
    },
    /// An org was not created.
    OrgRefused {
        /// The rule its key breaks.
        rule: Rule,
    },
    /// A site started, or could not.
    Site {
        /// Its state from now on.
        to: SiteState,
    },
    /// The causes for which calls of a site are refused changed.
    Access {
        /// Whether any path is refused.
        to: AccessWord,
        /// Why, a number of [`Timeline::accesses`].
        access: u32,
    },
    /// Another share of a collection's queries is served.
    Queries {
        /// How many.
        to: Queries,
        /// Live cache entries.
        live: u32,
        /// Queries so far.
        counts: Counts,
    },
    /// A collection's ingestion changed.
    Ingest {
        /// What it does.
        to: Ingest,
        /// The age of the oldest uncommitted arrival, in milliseconds.
        lag_ms: u64,
        /// Arrived and not committed.
        lag_bytes: u64,
    },
    /// A collection's status changed.
    Status {
        /// Before.
        from: Status,
        /// After.
        to: Status,
        /// Queries so far.
        counts: Counts,
    },
    /// A collection's traffic changed.
    Traffic {
        /// Queries from now on.
        queries: Rate,
        /// Bytes that arrive from now on.
        arrivals: Rate,
        /// Queries so far.
        counts: Counts,
    },
    /// Support heard, or answered.
    Support {
        /// What it does.
        to: Support,
    },
    /// The source dropped something that was not committed.
    DataLost,
    /// It is certain how the collection's data comes out.
    Outcome {
        /// How.
        to: Outcome,
        /// Bytes dropped before this.
        bytes: u64,
    },
    /// A collection was made.
    Created,
    /// A new incarnation of a collection was made.
    Recreated,
    /// A collection, or an incarnation of it, is gone.
    Deleted,
}

impl Fact {
    /// Its name in every output.
    pub const fn word(&self) -> &'static str {
        match self {
            Fact::Command { .. } => "command",
            Fact::Refused { .. } => "refused",
            Fact::State { .. } => "state",
            Fact::Visible { .. } => "visible",
            Fact::Turned { .. } => "turned",
            Fact::Rotated => "rotated",
            Fact::FaultBegan { .. } => "fault_began",
            Fact::FaultEnded { .. } => "fault_ended",
            Fact::OrgRefused { .. } => "org_refused",
            Fact::Site { .. } => "site",
            Fact::Access { .. } => "access",
            Fact::Queries { .. } => "queries",
            Fact::Ingest { .. } => "ingest",
            Fact::Status { .. } => "status",
            Fact::Traffic { .. } => "traffic",
            Fact::Support { .. } => "support",
            Fact::DataLost => "data_lost",
            Fact::Outcome { .. } => "outcome",
            Fact::Created => "created",
            Fact::Recreated => "recreated",
            Fact::Deleted => "deleted",
        }
    }
}

/// The milestones an entry is.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Milestones(u16);

impl Milestones {
    /// None.
    pub const NONE: Milestones = Milestones(0);

    /// These and one more.
    #[must_use]
    pub const fn and(self, milestone: Milestone) -> Milestones {
        Milestones(self.0 | 1 << milestone as u16)
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, others: Milestones) -> Milestones {
        Milestones(self.0 | others.0)
    }

    /// Whether one is among them.
    pub const fn has(self, milestone: Milestone) -> bool {
        self.0 & (1 << milestone as u16) != 0
    }

    /// Each of them, in the declared order.
    pub fn iter(self) -> impl Iterator<Item = Milestone> {
        Milestone::ALL
            .iter()
            .copied()
            .filter(move |it| self.has(*it))
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
