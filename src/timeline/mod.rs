//! The past: what happened, in order, each with what caused it; and the plain data from which every number follows.
//!
//! Nobody asks the world after a run: expectations, reports and charts read a [`Timeline`], and nothing else.

pub(crate) mod counts;
mod digest;
mod fact;
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
use crate::profile::Rules;
use crate::scenario::Input;
use crate::states::{AccessWord, Cause, KeyState, Side, SiteState, Source};
use crate::time::{Amount, Calendar, Rate, Span, Time};

pub use fact::{By, Counts, Fact, Milestones};
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
