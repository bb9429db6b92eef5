//! Where the things of a scenario are written, for who has to say something about them.

use crate::policy::Node;
use crate::yaml::Mark;

/// The places of a scenario's file, by the numbers of its things.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Marks {
    /// How messages call the file.
    pub file: String,
    /// For each key.
    pub keys: Vec<KeyMarks>,
    /// For each replica that is there at T+0.
    pub replicas: Vec<Option<ReplicaMarks>>,
    /// For each org of the file, each of its regions; where a command adds it, nothing.
    pub regions: Vec<Vec<Option<Mark>>>,
    /// For each command: its event, or the policy in it.
    pub commands: Vec<Mark>,
    /// For each policy: where it is written, if it is.
    pub policies: Vec<Option<Written>>,
}

/// Where a key is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyMarks {
    /// Its ARN.
    pub arn: Mark,
    /// Its spec, or its ARN.
    pub spec: Mark,
    /// Its usage, or its ARN.
    pub usage: Mark,
    /// Its origin, or its ARN.
    pub origin: Mark,
    /// Whether it is a multi-Region key, or its ARN.
    pub multi_region: Mark,
}

/// Where a replica is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReplicaMarks {
    /// Its policy, or the replica.
    pub policy: Mark,
    /// Its state, or the replica.
    pub state: Mark,
}

/// A policy as it is written.
#[derive(Clone, PartialEq, Debug)]
pub struct Written {
    /// The file in which it is, as messages call it.
    pub file: String,
    /// Its tree, with places in that file.
    pub tree: Node,
}
