//! How a service behaves, as data: one plain struct of numbers and choices, and where each comes from.

pub mod amount;
mod carried;
mod clause;
mod mutant;
mod parameter;
mod rule;
mod shipped;

pub use carried::{About, Carried};
pub use clause::{Clause, InForce};
pub use mutant::Mutant;
pub use parameter::Parameter;
pub use rule::{Own, Rule, Sentence};
pub use shipped::{Basis, Profile, Row};

use crate::chance::Range;
use crate::states::Source;
use crate::time::{Rate, Span};

/// Which actions a call needs (`required_actions`).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum RequiredActions {
    /// All four for everything, as the page says (R5).
    Seed,
    /// What the object store itself asks: reads `Decrypt`, commits `GenerateDataKey`, a site's start `DescribeKey`.
    Mechanistic,
}

/// What reads, commits and the start of a site ask for, where the service asks only for what it uses
/// (`required_actions: mechanistic`; `domain.md` 2c).
pub const READS_WITH: &str = "kms:Decrypt";
/// See [`READS_WITH`].
pub const COMMITS_WITH: &str = "kms:GenerateDataKey";
/// See [`READS_WITH`].
pub const STARTS_WITH: &str = "kms:DescribeKey";

/// How a policy that cannot be evaluated is taken (`cannot_tell`).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum CannotTell {
    /// Not at all: bad input.
    Error,
    /// As a refusal.
    Deny,
    /// As a grant.
    Allow,
}

/// What happens to a lease while the KMS does not answer (`on_unreachable`).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum OnUnreachable {
    /// It runs out.
    Expire,
    /// It lasts until the KMS answers.
    Extend,
    /// It lasts at least so long after the start of the unreachability.
    ExtendUntil(Span),
}

/// What the pause clock does when the key is back before the pause (`pause.clock`).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum PauseClock {
    /// It returns to 0.
    Continuous,
    /// It keeps its sum.
    Cumulative,
}

/// How many distinct cache entries a query needs (`cache.reads`).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Reads {
    /// Every one.
    All,
    /// So many.
    Some(Range<u32>),
}

/// The modes and numbers of one service: what a run depends on besides the scenario. A mutant of a rule is another value.
#[derive(Clone, PartialEq, Debug)]
pub struct Rules {
    /// `required_actions`.
    pub required_actions: RequiredActions,
    /// `service.account`: the account whose root must be allowed, 12 digits.
    pub service_account: String,
    /// `cannot_tell`.
    pub cannot_tell: CannotTell,
    /// `visibility.lose`, per replica.
    pub visibility_lose: Range<Span>,
    /// `visibility.regain`, per replica.
    pub visibility_regain: Range<Span>,
    /// `cache.life`, per collection; at least 1 ms.
    pub cache_life: Range<Span>,
    /// `cache.entries`, per collection; 1 to 65,535.
    pub cache_entries: Range<u32>,
    /// `cache.reads`, per collection; 1 to the entries.
    pub cache_reads: Reads,
    /// `probe.interval`, per site; at least 1 ms.
    pub probe_interval: Range<Span>,
    /// `commit.interval`, per collection; at least 1 ms.
    pub commit_interval: Range<Span>,
    /// `on_unreachable`.
    pub on_unreachable: OnUnreachable,
    /// `unreachable.pauses`: whether the pause clock runs while the KMS does not answer.
    pub unreachable_pauses: bool,
    /// `pause.after`, per site; at least 1 ms.
    pub pause_after: Range<Span>,
    /// `pause.clock`.
    pub pause_clock: PauseClock,
    /// `pause.pausing`, per site.
    pub pause_pausing: Range<Span>,
    /// `pause.resuming`, per site.
    pub pause_resuming: Range<Span>,
    /// `support.delay`, per site.
    pub support_delay: Range<Span>,
    /// `support.auto`: whether Support hears of a pause by itself.
    pub support_auto: bool,
    /// `ingest.catch_up`, per collection: bytes.
    pub ingest_catch_up: Range<Rate>,
    /// `sources.<type>.retention`, in the order of [`Source::ALL`]; [`Span::FOREVER`] where nothing is ever dropped.
    pub retention: [Span; Source::ALL.len()],
    /// `key.creating`, per replica.
    pub key_creating: Range<Span>,
    /// `key.updating`, per replica.
    pub key_updating: Range<Span>,
    /// `key.deletion_overrun`, per replica.
    pub key_deletion_overrun: Range<Span>,
    /// What the service's calls carry, for conditions of policies; a later row wins over an earlier one.
    pub carried: Vec<Carried>,
    /// Which parts of the rules are in force; all, but in a [`Mutant`].
    pub in_force: InForce,
}

impl Rules {
    /// How long a source keeps what was not read.
    pub fn retention(&self, source: Source) -> Span {
        self.retention[source as usize]
    }

    /// Whether a running service, or one that starts in a region, asks for an operation such as `kms:Decrypt`.
    pub fn uses(&self, operation: &str) -> bool {
        match self.required_actions {
            RequiredActions::Seed => true,
            RequiredActions::Mechanistic => {
                [READS_WITH, COMMITS_WITH, STARTS_WITH].contains(&operation)
            }
        }
    }

    /// Whether a part of a rule is in force.
    pub const fn has(&self, clause: Clause) -> bool {
        self.in_force.has(clause)
    }
}
