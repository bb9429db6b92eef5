//! A saved run, read back: plain data like a timeline, but of what the saved forms keep.

use std::collections::BTreeMap;

use crate::names::Kind;
use crate::scenario::Input;
use crate::states::{AccessWord, Ingest, KeyState, Queries, SiteState, Source, Status};
use crate::time::{Calendar, Time};
use crate::timeline::line::{write_entry, write_total};
use crate::timeline::{Access, Counts, Entry, Tables};

/// A run as NDJSON and JSON keep it.
#[derive(Clone, PartialEq, Debug)]
pub struct Saved {
    /// The scenario's name.
    pub scenario: String,
    /// The profile's name.
    pub profile: String,
    /// The seed.
    pub seed: u64,
    /// `start:`, where it was given.
    pub start: Option<Calendar>,
    /// The end.
    pub until: Time,
    /// What was read.
    pub inputs: Vec<Input>,
    /// The assumptions in force.
    pub assumptions: Vec<String>,
    /// What was so after the start.
    pub begins: Vec<Begin>,
    /// The subjects, by number, with their kinds.
    pub names: Vec<(Kind, String)>,
    /// The numbers of `names`.
    pub(super) known: BTreeMap<(Kind, String), u32>,
    /// What happened, in order; subjects are numbers of `names`.
    pub entries: Vec<Entry>,
    /// See [`Tables::texts`].
    pub texts: Vec<String>,
    /// See [`Tables::policies`].
    pub policies: Vec<String>,
    /// See [`Tables::accesses`].
    pub accesses: Vec<Access>,
    /// The totals of each incarnation of each collection.
    pub totals: Vec<Total>,
    /// The measures of incarnations from which something was taken, by name and in milliseconds or bytes; `None` where
    /// the file has none.
    pub measures: Option<Vec<Measured>>,
    /// [`crate::timeline::Timeline::digest`].
    pub digest: String,
}

/// Somebody's measures: its name, and what was measured.
pub type Measured = (String, Vec<(String, Option<i128>)>);

impl Saved {
    /// The tables of its facts.
    pub fn tables(&self) -> Tables<'_> {
        Tables {
            texts: &self.texts,
            policies: &self.policies,
            accesses: &self.accesses,
        }
    }

    /// The number of a subject, a new one where it has none.
    pub(super) fn number_of(&mut self, kind: Kind, name: String) -> u32 {
        let next = self.names.len() as u32;
        let key = (kind, name);
        if let Some(number) = self.known.get(&key) {
            return *number;
        }
        self.names.push(key.clone());
        self.known.insert(key, next);
        next
    }

    /// An entry as the line of NDJSON that it was.
    pub fn write_line(&self, entry: u32, out: &mut String) {
        let it = &self.entries[entry as usize];
        let (_, name) = &self.names[it.subject.id as usize];
        write_entry(self.tables(), it, |out| out.push_str(name), out);
    }

    /// Somebody's totals as the line of NDJSON that they were.
    pub fn write_total(&self, total: usize, out: &mut String) {
        let it = &self.totals[total];
        write_total(|out| out.push_str(&it.name), it.counts, it.lost_bytes, out);
    }
}

/// The totals of one incarnation of a collection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Total {
    /// Whose.
    pub name: String,
    /// Queries.
    pub counts: Counts,
    /// Bytes the source dropped before they were committed.
    pub lost_bytes: u64,
}

/// Somebody after the start; the members of a `count` are one, named `name-[1..65536]`, because they begin alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Begin {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// How many it stands for.
    pub count: u64,
    /// What was so of it.
    pub so: So,
}

/// What was so after the start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum So {
    /// The state of a replica.
    Replica(KeyState),
    /// The state of a site, its access, and the KMS code of the first cause.
    Site(SiteState, AccessWord, Option<String>),
    /// The source of a collection, its status, its queries and its ingestion.
    Collection(Source, Status, Queries, Ingest),
}

impl So {
    /// Whether it is what one hopes for: enabled, operating, ready.
    pub fn is_well(&self) -> bool {
        match self {
            So::Replica(state) => *state == KeyState::Enabled,
            So::Site(state, access, _) => {
                *state == SiteState::Operating && *access == AccessWord::Granted
            }
            So::Collection(_, status, _, _) => *status == Status::Ready,
        }
    }
}
