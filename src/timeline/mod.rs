//! The past: what happened, in order, each with what caused it; and the plain data from which every number follows.
//!
//! Nobody asks the world after a run: expectations, reports and charts read a [`Timeline`], and nothing else.

pub(crate) mod counts;
mod digest;
pub(crate) mod lag;
mod line;
mod measure;
mod now;
mod read;
mod saved;
mod tables;
mod track;

use crate::chance::Seed;
use crate::names::{Kind, Names, Subject};
use crate::profile::{Rule, Rules};
use crate::scenario::Input;
use crate::states::{
    AccessWord, Cause, Ingest, KeyState, Milestone, Outcome, Queries, Side, SiteState, Source,
    Status, Support,
};
use crate::time::{Amount, Calendar, Rate, Span, Time};

pub use measure::{Measures, MilestoneAt};
pub use now::{Now, SiteNow};
pub use read::{SCHEMA, Wrong, read};
pub use saved::{Begin, Measured, Saved, So, Total};
pub use tables::Tables;
pub use track::{CollectionNow, Step, at};

/// One thing that happened.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// When.
    pub time: Time,
    /// To whom.
    pub subject: Subject,
    /// What.
    pub fact: Fact,
    /// The entry that caused it, by number; `None` when it follows from the start.
    pub cause: Option<u32>,
    /// Other entries that had a part in it, by number.
    pub with: Box<[u32]>,
    /// Which milestones of its subject it is.
    pub milestones: Milestones,
}

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

/// Why calls of a site are refused, or that they are not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Access {
    /// Every cause, the first being the error shown; empty when every call is granted.
    pub causes: Vec<AccessCause>,
}

/// One cause, and the actions it refuses where it is the policy's.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AccessCause {
    /// The cause.
    pub cause: Cause,
    /// The refused operations, such as `kms:Decrypt`; empty when all are.
    pub actions: Vec<String>,
    /// Whose side it is on.
    pub side: Side,
}

impl Access {
    /// Granted or refused.
    pub fn word(&self) -> AccessWord {
        if self.causes.is_empty() {
            AccessWord::Granted
        } else {
            AccessWord::Refused
        }
    }

    /// The KMS's code of the first cause; `None` while access is granted.
    pub fn error(&self) -> Option<&'static str> {
        self.causes.first().map(|first| first.cause.code())
    }
}

/// A site at its beginning.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct SiteStart {
    /// When it was there first; [`Time::NEVER`] when its command was refused or comes after the end.
    pub since: Time,
    /// Whether it was started then. For a site added later its entries say so too.
    pub state: SiteState,
    /// The access it had then, a number of [`Timeline::accesses`].
    pub access: u32,
}

/// One incarnation of a collection to which anything ever happened, as plain data.
#[derive(Clone, PartialEq, Debug)]
pub struct Life {
    /// The collection and the incarnation.
    pub subject: Subject,
    /// Since when it is there.
    pub created: Time,
    /// Until when; [`Time::NEVER`] if it outlives the run.
    pub deleted: Time,
    /// `cache.entries` and `cache.reads`.
    pub entries: u32,
    /// How many distinct entries a query needs.
    pub reads: u32,
    /// `commit.interval`, and the phase of its lattice.
    pub commit: (Span, Span),
    /// Each change of what is served, ascending: a range of [`Timeline::shares`].
    pub shares: (u32, u32),
    /// Each change of traffic, ascending, the first at `created`: a range of [`Timeline::traffic`].
    pub traffic: (u32, u32),
    /// Each change of how the committed offset moves, ascending, the first at `created`: a range of
    /// [`Timeline::offsets`].
    pub offsets: (u32, u32),
    /// Bytes the source dropped before they were committed, up to the end.
    pub lost_bytes: u64,
    /// When it is, or would have been, paused for its first key error, if it ever had one.
    pub pause_due: Option<Time>,
}

/// From when on how many cache entries live, and how many count for queries.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Share {
    /// From then on.
    pub from: Time,
    /// Live cache entries.
    pub live: u32,
    /// What queries find: as if so many entries lived (all where reads are granted, none where nothing is served).
    pub serving: u32,
}

/// Traffic from an instant on.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct TrafficFrom {
    /// From then on.
    pub from: Time,
    /// Queries.
    pub queries: Rate,
    /// Bytes that arrive.
    pub arrivals: Rate,
    /// What had been asked by then, since the collection was made.
    pub asked: Amount,
    /// What had arrived by then, since the collection first read its source.
    pub arrived: Amount,
}

/// How the committed offset moves from an instant on.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Offset {
    /// From then on.
    pub from: Time,
    /// Where it is then.
    pub at: Amount,
    /// How it moves.
    pub moves: Moves,
}

/// The ways an offset moves.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Moves {
    /// It stays.
    Not,
    /// It takes all that has arrived, at each commit of the lattice.
    WithCommits,
    /// It moves evenly, at this rate.
    At(Rate),
}

/// What a collection begins with.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Plain {
    /// Its source.
    pub source: Source,
    /// Queries.
    pub queries: Rate,
    /// Bytes that arrive.
    pub arrivals: Rate,
    /// Whether it is there from T+0.
    pub from_start: bool,
}

/// A run, whole.
#[derive(Clone, PartialEq, Debug)]
pub struct Timeline {
    /// The scenario's name.
    pub scenario: String,
    /// The profile's name.
    pub profile: String,
    /// The service's numbers and choices, as they were in force.
    pub rules: Rules,
    /// The seed.
    pub seed: Seed,
    /// `start:`, where it was given.
    pub start: Option<Calendar>,
    /// The end.
    pub until: Time,
    /// What was read.
    pub inputs: Vec<Input>,
    /// The assumptions in force.
    pub assumptions: Vec<String>,
    /// Who there is.
    pub names: Names,
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// The texts of commands' fields: of those that the scenario writes by their number, then of others; and AWS's
    /// messages.
    pub texts: Vec<String>,
    /// The meanings of policies, 16 hex digits each.
    pub policies: Vec<String>,
    /// The accesses that entries speak of.
    pub accesses: Vec<Access>,
    /// The state of each replica at T+0.
    pub replicas: Vec<KeyState>,
    /// Whether each key's policy and state count for its sites: the replica of each site, or `None` without a key.
    pub site_replicas: Vec<Option<u32>>,
    /// Each site at its beginning.
    pub sites: Vec<SiteStart>,
    /// What collections begin with, by org of the file and by its collections.
    pub plain: Vec<Vec<Plain>>,
    /// The incarnations to which anything happened, in the order of subjects.
    pub lives: Vec<Life>,
    /// The shares of all lives, one after the other.
    pub shares: Vec<Share>,
    /// The traffic of all lives, one after the other.
    pub traffic: Vec<TrafficFrom>,
    /// The offsets of all lives, one after the other.
    pub offsets: Vec<Offset>,
    /// For each subject the entries about it: `index[kind][id]..index[kind][id + 1]` of `by_subject`.
    pub(crate) index: Vec<Vec<u32>>,
    pub(crate) by_subject: Vec<u32>,
}

impl Timeline {
    /// The entries about a key, a replica, …, by number and in order; of a collection those of all its incarnations.
    pub fn about(&self, kind: Kind, id: u32) -> &[u32] {
        let index = &self.index[kind as usize];
        &self.by_subject[index[id as usize] as usize..index[id as usize + 1] as usize]
    }

    /// The entries about one incarnation, by number and in order: the incarnations of a collection follow one another.
    pub fn about_one(&self, subject: Subject) -> &[u32] {
        let all = self.about(subject.kind, subject.id);
        let of = |at: &u32| self.entries[*at as usize].subject.incarnation;
        let from = all.partition_point(|at| of(at) < subject.incarnation);
        let many = all[from..].partition_point(|at| of(at) == subject.incarnation);
        &all[from..from + many]
    }

    /// The chain of causes of an entry, from it back to the first.
    pub fn chain(&self, entry: u32) -> Vec<u32> {
        let mut chain = vec![entry];
        let mut at = entry;
        while let Some(cause) = self.entries[at as usize].cause {
            assert!(cause < at, "a cause stands before its effect");
            chain.push(cause);
            at = cause;
        }
        chain
    }
}
