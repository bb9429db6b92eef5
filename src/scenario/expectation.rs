//! What should hold, of whom and when, by numbers.

use crate::scenario::Selection;
use crate::states::{
    AccessWord, Ingest, KeyState, Measure, Milestone, Outcome, Place, Queries, SiteState, Status,
    Unit,
};
use crate::time::{Span, Time};

/// What should hold.
#[derive(Clone, PartialEq, Debug)]
pub struct Expectation {
    /// When.
    pub when: When,
    /// How long it stays so from then on, for [`When::By`] and [`When::Within`].
    pub stays: Option<Span>,
    /// What ends [`When::Until`], and what comes after [`When::Before`].
    pub other: What,
    /// Of whom.
    pub who: Who,
    /// What: all that is named must hold.
    pub what: What,
    /// The line of the file, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// As the file says it, on one line.
    pub text: String,
}

/// When an expectation should hold; both ends are included.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum When {
    /// At one instant.
    At(Time),
    /// At that instant, the one before the first event: what the scenario takes for granted (`given:`).
    Given(Time),
    /// At some instant up to then.
    By(Time),
    /// For the first time in there.
    Within(Time, Time),
    /// All the time in there.
    Throughout(Time, Time),
    /// All the time.
    Always,
    /// At no time.
    Never,
    /// All the time from then on, until something else is so for the first time after that; it must become so.
    Until(Time),
    /// For the first time before something else is so for the first time; both must become so.
    Before,
    /// Counted from one instant to the other; for counts of queries.
    During(Time, Time),
    /// Of the run as a whole; for measures, milestones, and courses of states.
    Whole,
}

/// Of whom something is expected; every one that is selected is judged alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Who {
    /// Collections; a certain incarnation, or the one that lives at the instant.
    Collections(Selection, Option<u32>),
    /// Sites.
    Sites(Selection),
    /// Replicas.
    Keys(Selection),
    /// Sites, and which of their places.
    Places(Selection, Vec<Place>),
}

/// What is expected; what is `None`, or not named, is free.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct What {
    /// Of a collection.
    pub queries: Option<Queries>,
    /// Of a collection.
    pub ingest: Option<Ingest>,
    /// Of a collection.
    pub status: Option<Status>,
    /// Of a collection.
    pub outcome: Option<Outcome>,
    /// Of a collection.
    pub lag: Option<Lag>,
    /// Of a collection or a site: the KMS's code, or `none`.
    pub error: Option<String>,
    /// Of a site.
    pub site: Option<SiteState>,
    /// Of a site.
    pub access: Option<AccessWord>,
    /// Of a replica.
    pub key: Option<KeyState>,
    /// Of a place.
    pub readable: Option<bool>,
    /// All that a state ever was, in order, and nothing else (`exactly:`).
    pub courses: Vec<Course>,
    /// Of a collection: numbers, each with its bound.
    pub measures: Vec<Measured>,
}

/// A bound of the lag.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Lag {
    /// Less than that.
    Under(Span),
    /// More than that.
    Over(Span),
}

/// A state that has a course.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Aspect {
    /// Of a collection.
    Queries,
    /// Of a collection.
    Ingest,
    /// Of a collection.
    Status,
    /// Of a collection; `none` before there is one.
    Outcome,
    /// Of a collection or a site.
    Error,
    /// Of a site.
    Site,
    /// Of a site.
    Access,
    /// Of a replica.
    Key,
    /// Of a place.
    Readable,
}

impl Aspect {
    /// As the language writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Aspect::Queries => "queries",
            Aspect::Ingest => "ingest",
            Aspect::Status => "status",
            Aspect::Outcome => "outcome",
            Aspect::Error => "error",
            Aspect::Site | Aspect::Key => "state",
            Aspect::Access => "access",
            Aspect::Readable => "readable",
        }
    }
}

/// A whole course: the values a state has one after the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Course {
    /// Of which state.
    pub of: Aspect,
    /// The words, at least one, no two neighbours equal.
    pub values: Vec<String>,
}

/// A number of a collection, and its bound.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Measured {
    /// Which.
    pub of: Quantity,
    /// What it must be.
    pub bound: Bound,
}

/// A number of a collection.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Quantity {
    /// A measure.
    Measure(Measure),
    /// When a milestone was reached first.
    Milestone(Milestone),
}

impl Quantity {
    /// Every one, in the order in which they are declared.
    pub fn all() -> impl Iterator<Item = Quantity> {
        let measures = Measure::ALL.iter().copied().map(Quantity::Measure);
        measures.chain(Milestone::ALL.iter().copied().map(Quantity::Milestone))
    }

    /// The one that is written so.
    pub fn from_word(word: &str) -> Option<Quantity> {
        let measure = Measure::from_word(word).map(Quantity::Measure);
        measure.or_else(|| Milestone::from_word(word).map(Quantity::Milestone))
    }

    /// As the language writes it.
    pub const fn word(self) -> &'static str {
        match self {
            Quantity::Measure(it) => it.word(),
            Quantity::Milestone(it) => it.word(),
        }
    }

    /// What it is counted in.
    pub const fn unit(self) -> Unit {
        match self {
            Quantity::Measure(it) => it.unit(),
            Quantity::Milestone(_) => Unit::Instant,
        }
    }

    /// Whether it counts queries, so that it can be asked of a part of the run.
    pub const fn counts_queries(self) -> bool {
        match self {
            Quantity::Measure(it) => it.counts_queries(),
            Quantity::Milestone(_) => false,
        }
    }
}

/// What a number must be, in its own unit.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Bound {
    /// That or less.
    AtMost(i128),
    /// That or more.
    AtLeast(i128),
    /// Less.
    Under(i128),
    /// More.
    Over(i128),
    /// Just that.
    Exactly(i128),
    /// From the one to the other, both included.
    Between(i128, i128),
    /// There is no such number: the milestone is not reached.
    Never,
}

impl Bound {
    /// Whether a number fits; `None` where there is none.
    pub fn fits(self, value: Option<i128>) -> bool {
        match (self, value) {
            (Bound::Never, value) => value.is_none(),
            (_, None) => false,
            (bound, Some(value)) => bound.missed_by(value) == 0,
        }
    }

    /// How far a number is from what it must be: negative below, positive above, 0 where it fits.
    pub fn missed_by(self, value: i128) -> i128 {
        let (low, high) = self.range();
        match (low, high) {
            (Some(low), _) if value < low => value - low,
            (_, Some(high)) if value > high => value - high,
            _ => 0,
        }
    }

    /// The least and the greatest number that fit.
    pub const fn range(self) -> (Option<i128>, Option<i128>) {
        match self {
            Bound::AtMost(high) => (None, Some(high)),
            Bound::AtLeast(low) => (Some(low), None),
            Bound::Under(high) => (None, Some(high - 1)),
            Bound::Over(low) => (Some(low + 1), None),
            Bound::Exactly(it) => (Some(it), Some(it)),
            Bound::Between(low, high) => (Some(low), Some(high)),
            Bound::Never => (None, None),
        }
    }
}
