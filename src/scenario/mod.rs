//! What is asked: a scenario that cannot be wrong.

mod calls;
mod changes;
pub mod codes;
mod expectation;
pub mod file;
mod load;
mod marks;
mod problem;
mod render;
mod resolve;
mod schema;
pub mod verbs;

pub use calls::{ServiceCalls, turns};
pub use changes::Changes;
pub use codes::{Code, explain};
pub use expectation::{
    Aspect, Bound, Course, Expectation, Lag, Measured, Quantity, What, When, Who,
};
pub use load::{Loaded, load, load_with};
pub(crate) use load::{read_form, utf8};
pub use marks::{KeyMarks, Marks, ReplicaMarks, Written};
pub use problem::{Problem, Problems, Severity};
pub(crate) use render::{Snip, snip};
pub(crate) use resolve::key_arn;
pub use schema::schema;

use crate::chance::Seed;
use crate::names::Names;
use crate::policy::Policy;
use crate::profile::Rules;
use crate::states::{KeyState, Source};
use crate::time::{Calendar, Rate, Span, Time};

/// A scenario that can be run: every name is known, every number is in its range.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// `name:`.
    pub name: String,
    /// `about:`.
    pub about: Option<String>,
    /// The name of the profile.
    pub profile: String,
    /// The profile's numbers, with `set:` over them.
    pub rules: Rules,
    /// `start:`.
    pub start: Option<Calendar>,
    /// The end: a run is `[0, until)`.
    pub until: Time,
    /// `seed:`, 0 when it is not given.
    pub seed: Seed,
    /// Everybody the file ever names.
    pub names: Names,
    /// The keys, by number.
    pub keys: Vec<Key>,
    /// The replicas, by number, at T+0.
    pub replicas: Vec<Replica>,
    /// The orgs as the file writes them, in the order of [`Names::orgs`].
    pub orgs: Vec<Org>,
    /// The policies, by number.
    pub policies: Vec<Policy>,
    /// The commands, in the order in which they are given: by time, then in the order of the table of verbs, then by the
    /// text of their fields.
    pub commands: Vec<Command>,
    /// The expectations, in the order of the file.
    pub expectations: Vec<Expectation>,
    /// What was read: the scenario and the policies it names.
    pub inputs: Vec<Input>,
    /// The assumptions in force: the numbers and choices without a source, as sentences.
    pub assumptions: Vec<String>,
}

/// A file that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Input {
    /// Its name as the scenario writes it (the scenario's own: its file name without folders).
    pub name: String,
    /// SHA-256 of its bytes, 64 hex digits.
    pub sha256: String,
}

/// A customer's key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// The partition, account and key id of its ARNs.
    pub partition: String,
    /// The owner's account, 12 digits.
    pub account: String,
    /// `mrk-…`, or a UUID for a single-Region key.
    pub id: String,
    /// The region of the primary at T+0, a number of [`Names`].
    pub primary: u32,
    /// `spec:`; R2 takes `SYMMETRIC_DEFAULT`.
    pub spec: String,
    /// `usage:`; R2 takes `ENCRYPT_DECRYPT`.
    pub usage: String,
    /// `origin:`, such as `AWS_KMS`.
    pub origin: String,
    /// `multi_region:`; R2 takes `true`.
    pub multi_region: bool,
    /// Whether the file ever orders another primary.
    pub primary_moves: bool,
}

impl Key {
    /// Whether the replica in a region is the primary; `None` where that changes in the run.
    pub fn in_primary(&self, region: u32) -> Option<bool> {
        (!self.primary_moves).then_some(self.primary == region)
    }

    /// The ARN of this key in a region (R4).
    pub fn arn(&self, region: &str) -> String {
        format!(
            "arn:{}:kms:{region}:{}:key/{}",
            self.partition, self.account, self.id
        )
    }
}

/// A key in one region at T+0; where there is none, its state is `Absent`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replica {
    /// Its state.
    pub state: KeyState,
    /// Its policy, a number of `Scenario::policies`; meaningless while it is `Absent`.
    pub policy: u32,
}

/// An org as the file writes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Org {
    /// Its key, or `None` for one managed by the vendor.
    pub key: Option<u32>,
    /// The region where it was created, a position in its [`crate::names::OrgGroup::regions`].
    pub first: u32,
    /// For each of its regions: since when; after T+0 by that command (a number of `Scenario::commands`).
    pub since: Vec<Since>,
    /// For each of its [`crate::names::OrgGroup::collections`].
    pub collections: Vec<Collection>,
}

/// Since when something is there.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Since {
    /// From the start.
    Start,
    /// From a command on, by its number.
    Command(u32),
}

/// A collection as the file writes it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Collection {
    /// Where its data comes from.
    pub source: Source,
    /// Queries, at first.
    pub queries: Rate,
    /// Bytes that arrive at the source, at first.
    pub arrivals: Rate,
    /// Since when it is there.
    pub since: Since,
}

/// Some subjects of one kind: ascending ranges of numbers that do not touch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// The ranges.
    pub ranges: Vec<std::ops::Range<u32>>,
}

impl Selection {
    /// Adds a number that is greater than all before.
    pub fn push(&mut self, id: u32) {
        match self.ranges.last_mut() {
            Some(last) if last.end == id => last.end += 1,
            _ => self.ranges.push(id..id + 1),
        }
    }

    /// Whether a number is among them.
    pub fn contains(&self, id: u32) -> bool {
        let after = self.ranges.partition_point(|range| range.start <= id);
        after > 0 && self.ranges[after - 1].contains(&id)
    }

    /// The numbers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.ranges.iter().flat_map(Clone::clone)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ranges.iter().map(|range| range.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }
}

/// What the scenario orders, once (`repeat:` is already unrolled).
#[derive(Clone, PartialEq, Debug)]
pub struct Command {
    /// When.
    pub at: Time,
    /// What.
    pub action: Action,
    /// After how long its opposite is planned (`for:`).
    pub lasts: Option<Span>,
    /// The line of the file, from 1.
    pub line: u32,
    /// Its fields as text, in the order of the table of verbs: `key: main, region: us-east-1`.
    pub fields: String,
}

/// What a command does, by numbers.
#[derive(Clone, PartialEq, Debug)]
pub enum Action {
    /// Switches a replica off.
    DisableKey(u32),
    /// Switches a replica on.
    EnableKey(u32),
    /// Plans the deletion of a replica, after a window of 7 to 30 days.
    ScheduleKeyDeletion(u32, Span),
    /// Takes that back.
    CancelKeyDeletion(u32),
    /// Replaces the policy of a replica by another (a number of `Scenario::policies`).
    PutKeyPolicy(u32, u32),
    /// Takes actions out of the service's Allow statements.
    RemoveActions(u32, Vec<String>),
    /// Puts them back.
    RestoreActions(u32, Vec<String>),
    /// Makes a replica, with a policy or with AWS's default one (already a number of `Scenario::policies`).
    ReplicateKey(u32, u32),
    /// Makes a replica the primary.
    UpdatePrimaryRegion(u32),
    /// Rotates a key now.
    RotateKeyOnDemand(u32),
    /// Rotates a key every so often.
    EnableKeyRotation(u32, Span),
    /// Stops that.
    DisableKeyRotation(u32),
    /// Imports key material into a replica, which expires then or never.
    ImportKeyMaterial(u32, Option<Time>),
    /// Deletes the imported material of a replica.
    DeleteImportedKeyMaterial(u32),
    /// The KMS of a region does not answer, for all keys or for one.
    KmsUnreachable(u32, Option<u32>),
    /// The KMS of a region refuses a share of the calls, for all keys or for one.
    KmsThrottled(u32, Fraction, Option<u32>),
    /// A region is down.
    RegionDown(u32),
    /// The sources of some collections are down.
    SourceDown(Selection),
    /// The service's own permissions lack some actions in a region, as the file writes them.
    ServiceIamDenies(u32, Vec<String>),
    /// An org (of the file) starts to use a region.
    AddRegion(u32, u32),
    /// A collection of the file is made: org of the file, collection of the file.
    CreateCollection(u32, u32),
    /// A collection of the file is deleted: org of the file, collection of the file.
    DeleteCollection(u32, u32),
    /// Support is asked about some collections.
    ContactSupport(Selection),
    /// Some collections are made anew.
    RecreateCollection(Selection),
    /// Queries and arrivals of some collections change.
    SetTraffic(Selection, Option<Rate>, Option<Rate>),
    /// An org (of the file) asks for another key; refused (R1).
    ChangeKey(u32, u32),
    /// An org (of the file) asks for no key; refused (R1).
    UnlinkKey(u32),
}

/// A share of something, in millionths: 0 to 1,000,000.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fraction(pub u32);

impl Fraction {
    /// The whole of it.
    pub const WHOLE: u32 = 1_000_000;
}
