//! The shape of what should hold: when, of whom, what.

use schemars::JsonSchema;
use serde::Deserialize;

use super::given;
use crate::yaml::{Items, Placed, Text};

/// Fields by their names.
pub(in crate::scenario) type States<'f> = [(&'static str, Option<&'f Text>); 9];
/// Fields by their names.
pub(in crate::scenario) type Whos<'f> = [(&'static str, Option<&'f Text>); 4];

/// A shape of optional fields, with the words for states and, where asked for, the words for whom.
macro_rules! shape {
    ($(#[$doc:meta])* $name:ident, who { $($who:tt)* }, states { $($states:tt)* }, more { $($more:tt)* }) => {
        $(#[$doc])*
        #[derive(Deserialize, JsonSchema, Debug)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($more)* $($who)* $($states)* }

        impl $name {
            /// The states that are named, in the order of the language.
            pub(in crate::scenario) fn states(&self) -> States<'_> {
                [
                    ("queries", self.queries.as_ref()),
                    ("ingest", self.ingest.as_ref()),
                    ("status", self.status.as_ref()),
                    ("outcome", self.outcome.as_ref()),
                    ("lag", self.lag.as_ref()),
                    ("error", self.error.as_ref()),
                    ("state", self.state.as_ref()),
                    ("access", self.access.as_ref()),
                    ("readable", self.readable.as_ref()),
                ]
            }
        }
    };
}

/// Hands the fields that several shapes share to a shape.
macro_rules! with_states {
    ($(#[$doc:meta])* $name:ident, who { $($who:tt)* }, more { $($more:tt)* }) => {
        shape! {
            $(#[$doc])* $name, who { $($who)* }, states {
                /// How many queries are served: all, some or none.
                #[serde(default, deserialize_with = "given")]
                #[schemars(schema_with = "crate::scenario::schema::queries")]
                pub queries: Option<Text>,
                /// What ingestion does: running, halted or catching_up.
                #[serde(default, deserialize_with = "given")]
                #[schemars(schema_with = "crate::scenario::schema::ingest")]
                pub ingest: Option<Text>,
                /// The status of the collection.
                #[serde(default, deserialize_with = "given")]
                #[schemars(schema_with = "crate::scenario::schema::status")]
                pub status: Option<Text>,
                /// How a pause or a gap ended.
                #[serde(default, deserialize_with = "given")]
                #[schemars(schema_with = "crate::scenario::schema::outcome")]
                pub outcome: Option<Text>,
                /// How old the oldest uncommitted arrival is: under 10m, or over 10m.
                #[serde(default, deserialize_with = "given")]
                #[schemars(schema_with = "crate::scenario::schema::lag")]
                pub lag: Option<Text>,
                /// The error code of the KMS, or none.
                #[serde(default, deserialize_with = "given")]
                pub error: Option<Text>,
                /// The state of a site or of a replica.
                #[serde(default, deserialize_with = "given")]
                pub state: Option<Text>,
                /// Whether the key may be used: granted or refused.
                #[serde(default, deserialize_with = "given")]
                #[schemars(schema_with = "crate::scenario::schema::access")]
                pub access: Option<Text>,
                /// Whether a place can be read: yes or no.
                #[serde(default, deserialize_with = "given")]
                #[schemars(schema_with = "crate::scenario::schema::yes_or_no")]
                pub readable: Option<Text>,
            }, more { $($more)* }
        }
    };
}

/// Hands the words for whom to a shape.
macro_rules! with_who {
    ($(#[$doc:meta])* $name:ident, more { $($more:tt)* }) => {
        impl $name {
            /// Of whom, in the order of the language.
            pub(in crate::scenario) fn whos(&self) -> Whos<'_> {
                [
                    ("collections", self.collections.as_ref()),
                    ("sites", self.sites.as_ref()),
                    ("keys", self.keys.as_ref()),
                    ("places", self.places.as_ref()),
                ]
            }
        }

        with_states! {
            $(#[$doc])* $name, who {
                /// Of collections: a glob over org/region/name.
                #[serde(default, deserialize_with = "given")]
                pub collections: Option<Text>,
                /// Of sites: a glob over org/region.
                #[serde(default, deserialize_with = "given")]
                pub sites: Option<Text>,
                /// Of keys: a glob over key/region.
                #[serde(default, deserialize_with = "given")]
                pub keys: Option<Text>,
                /// Of places: org/region/ and storage, cache or transit.
                #[serde(default, deserialize_with = "given")]
                pub places: Option<Text>,
            }, more { $($more)* }
        }
    };
}

with_states! {
    /// States that are so together.
    StateFile, who {}, more {}
}

with_who! {
    /// What must be so at the instant before the first event: of whom, and what.
    GivenFile, more {}
}

with_who! {
    /// What should hold: when, of whom, what.
    ExpectFile, more {
        /// At that instant.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::instant")]
        pub at: Option<Text>,
        /// At some instant up to that one.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::instant")]
        pub by: Option<Text>,
        /// For the first time in A..B.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::window")]
        pub within: Option<Text>,
        /// All the time in A..B.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::window")]
        pub throughout: Option<Text>,
        /// All the time: true.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::yes")]
        pub always: Option<Text>,
        /// At no time: true.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::yes")]
        pub never: Option<Text>,
        /// All the time from that instant on, until what `until` says is so.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::instant")]
        pub from: Option<Text>,
        /// What ends it; it must become so.
        #[serde(default, deserialize_with = "given")]
        pub until: Option<Placed<StateFile>>,
        /// For the first time before this is so for the first time; both must become so.
        #[serde(default, deserialize_with = "given")]
        pub before: Option<Placed<StateFile>>,
        /// Counted in A..B, for counts of queries.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::window")]
        pub during: Option<Text>,
        /// With by or within: it stays so for at least that long.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::length")]
        pub stays: Option<Text>,
        /// All that states ever are, in order, and nothing else.
        #[serde(default, deserialize_with = "given")]
        pub exactly: Option<Placed<CourseFile>>,
        /// How many queries came, such as at most 1200.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_count")]
        pub queries_issued: Option<Text>,
        /// How many queries were served.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_count")]
        pub queries_served: Option<Text>,
        /// How many queries were not served.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_count")]
        pub queries_failed: Option<Text>,
        /// When the first thing was taken from it: a refused access, a fault, or the start.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub fault: Option<Text>,
        /// From the fault to the first query that was not served.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_length")]
        pub to_first_failed_query: Option<Text>,
        /// From the fault to the last instant at which any query was served.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_length")]
        pub cache_grace: Option<Text>,
        /// From the fault to the first halt of ingestion.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_length")]
        pub to_halt: Option<Text>,
        /// From the fault to the first PAUSING.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_length")]
        pub to_pause: Option<Text>,
        /// The last instant at which a command to restore the key still avoids, or would have avoided, PAUSING.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub restore_deadline: Option<Text>,
        /// How long not every query was served.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_length")]
        pub unavailable: Option<Text>,
        /// The greatest age of the oldest uncommitted arrival.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_length")]
        pub greatest_lag: Option<Text>,
        /// How long the first catching up took.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_length")]
        pub catch_up: Option<Text>,
        /// What the source would still have kept at the end of the longest halt; negative when it dropped something.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_slack")]
        pub source_slack: Option<Text>,
        /// How many bytes the source dropped before they were committed, such as at most 10 MiB.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_size")]
        pub lost_bytes: Option<Text>,
        /// When the first query was not served.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub first_failed_query: Option<Text>,
        /// When no query was served any more.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub all_queries_failing: Option<Text>,
        /// When ingestion stopped first.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub ingest_halted: Option<Text>,
        /// When the status first became ENCRYPTION_KEY_ERROR.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub key_error: Option<Text>,
        /// When the status first became PAUSING.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub pausing: Option<Text>,
        /// When the status first became PAUSED.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub paused: Option<Text>,
        /// When every query was served again.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub queries_recovered: Option<Text>,
        /// When ingestion ran again.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub ingest_recovered: Option<Text>,
        /// When it was first READY after a pause.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub resumed: Option<Text>,
        /// When the source first dropped something that was not committed.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub data_lost: Option<Text>,
        /// When a new incarnation was made.
        #[serde(default, deserialize_with = "given")]
        #[schemars(schema_with = "crate::scenario::schema::bound_of_instant")]
        pub recreated: Option<Text>,
    }
}

/// Whole courses of states: the values each has, one after the other.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct CourseFile {
    /// How many queries are served, such as [all, some, none, all].
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::course_of_queries")]
    pub queries: Option<Items<Text>>,
    /// What ingestion does.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::course_of_ingest")]
    pub ingest: Option<Items<Text>>,
    /// The status of the collection.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::course_of_status")]
    pub status: Option<Items<Text>>,
    /// How its data came out; none before that is certain.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::course_of_words")]
    pub outcome: Option<Items<Text>>,
    /// The error code of the KMS, or none.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::course_of_words")]
    pub error: Option<Items<Text>>,
    /// The state of a site or of a replica.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::course_of_words")]
    pub state: Option<Items<Text>>,
    /// Whether the key may be used.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::course_of_words")]
    pub access: Option<Items<Text>>,
    /// Whether a place can be read.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::course_of_words")]
    pub readable: Option<Items<Text>>,
}

impl ExpectFile {
    /// The measures and milestones that are named, in the order of the language.
    pub(in crate::scenario) fn quantities(&self) -> [(&'static str, Option<&Text>); 25] {
        [
            ("queries_issued", self.queries_issued.as_ref()),
            ("queries_served", self.queries_served.as_ref()),
            ("queries_failed", self.queries_failed.as_ref()),
            ("fault", self.fault.as_ref()),
            ("to_first_failed_query", self.to_first_failed_query.as_ref()),
            ("cache_grace", self.cache_grace.as_ref()),
            ("to_halt", self.to_halt.as_ref()),
            ("to_pause", self.to_pause.as_ref()),
            ("restore_deadline", self.restore_deadline.as_ref()),
            ("unavailable", self.unavailable.as_ref()),
            ("greatest_lag", self.greatest_lag.as_ref()),
            ("catch_up", self.catch_up.as_ref()),
            ("source_slack", self.source_slack.as_ref()),
            ("lost_bytes", self.lost_bytes.as_ref()),
            ("first_failed_query", self.first_failed_query.as_ref()),
            ("all_queries_failing", self.all_queries_failing.as_ref()),
            ("ingest_halted", self.ingest_halted.as_ref()),
            ("key_error", self.key_error.as_ref()),
            ("pausing", self.pausing.as_ref()),
            ("paused", self.paused.as_ref()),
            ("queries_recovered", self.queries_recovered.as_ref()),
            ("ingest_recovered", self.ingest_recovered.as_ref()),
            ("resumed", self.resumed.as_ref()),
            ("data_lost", self.data_lost.as_ref()),
            ("recreated", self.recreated.as_ref()),
        ]
    }
}

impl CourseFile {
    /// The courses that are named, in the order of the language.
    pub(in crate::scenario) fn courses(&self) -> [(&'static str, Option<&Items<Text>>); 8] {
        [
            ("queries", self.queries.as_ref()),
            ("ingest", self.ingest.as_ref()),
            ("status", self.status.as_ref()),
            ("outcome", self.outcome.as_ref()),
            ("error", self.error.as_ref()),
            ("state", self.state.as_ref()),
            ("access", self.access.as_ref()),
            ("readable", self.readable.as_ref()),
        ]
    }
}
