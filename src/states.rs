//! The ground: every state word there is, as it is written, and the moves that are legal, as tables.
//!
//! The world, the timeline, the expectations and the state diagrams read these tables; nothing else says what a state is.

pub mod operations;

use operations::Operation;

/// Gives a closed set of words its spelling, both ways, and the list of all of them.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one of them, in the order in which they are declared.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// As it is written in scenarios and in every output.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// The one that is written so.
            pub fn from_word(word: &str) -> Option<$name> {
                match word { $($text => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The state of one replica of a KMS key: AWS's `KeyState`, and two words for what AWS has no state for.
    KeyState {
        /// There is no replica in that region.
        Absent = "Absent",
        /// Being made by `ReplicateKey`; unusable for a few seconds.
        Creating = "Creating",
        /// Usable.
        Enabled = "Enabled",
        /// Switched off by its owner.
        Disabled = "Disabled",
        /// Waiting for its deletion; unusable.
        PendingDeletion = "PendingDeletion",
        /// A primary whose deletion waits until its last replica is gone; unusable.
        PendingReplicaDeletion = "PendingReplicaDeletion",
        /// Its imported material is missing; unusable.
        PendingImport = "PendingImport",
        /// Its primary region is being changed; usable.
        Updating = "Updating",
        /// Its key store cannot be reached; unusable.
        Unavailable = "Unavailable",
        /// Gone, with its window over.
        Deleted = "Deleted",
    }
}

words! {
    /// The status of a collection, in the service's own words.
    Status {
        /// Made, but its site has not started or its key was never granted.
        Created = "CREATED",
        /// Served and ingesting.
        Ready = "READY",
        /// A call for its key was refused and none was granted since; the pause clock runs.
        EncryptionKeyError = "ENCRYPTION_KEY_ERROR",
        /// On its way to `PAUSED`, whatever comes between.
        Pausing = "PAUSING",
        /// Serves and commits nothing until Support resumes it.
        Paused = "PAUSED",
        /// On its way back to `READY`.
        Resuming = "RESUMING",
        /// Gone.
        Deleted = "DELETED",
    }
}

words! {
    /// How many of a collection's queries are served.
    Queries {
        /// Every one.
        All = "all",
        /// Those that find what they need in the caches.
        Some = "some",
        /// None.
        None = "none",
    }
}

words! {
    /// What a collection's ingestion does.
    Ingest {
        /// Commits at its interval.
        Running = "running",
        /// Commits nothing; the offset stays where the last commit put it.
        Halted = "halted",
        /// Commits again, and reads what has gathered.
        CatchingUp = "catching_up",
    }
}

words! {
    /// How a pause, or a gap, ended for a collection's data.
    Outcome {
        /// Back, and nothing was lost.
        Resumed = "resumed",
        /// Back, and what the source had dropped is missing.
        ResumedWithGap = "resumed_with_gap",
        /// Never back; must be recreated, and the source still has the data.
        RecreateFromSource = "recreate_from_source",
        /// Never back; must be recreated, and the data is lost.
        RecreateWithLoss = "recreate_with_loss",
    }
}

impl Outcome {
    /// Whether the collection stays paused until it is recreated.
    pub const fn must_recreate(self) -> bool {
        match self {
            Outcome::RecreateFromSource | Outcome::RecreateWithLoss => true,
            Outcome::Resumed | Outcome::ResumedWithGap => false,
        }
    }
}

words! {
    /// Whether an org works in a region.
    SiteState {
        /// It was started with its key.
        Operating = "operating",
        /// Its key was never granted there.
        CannotOperate = "cannot_operate",
    }
}

words! {
    /// The answer to "may the service use this replica now?".
    AccessWord {
        /// Every path would be granted.
        Granted = "granted",
        /// At least one path would be refused.
        Refused = "refused",
    }
}

words! {
    /// What Support does about a ticket.
    Support {
        /// Heard; waits for `PAUSED` and for the key.
        Waiting = "waiting",
        /// At work; `support.delay` runs.
        Working = "working",
        /// There is nothing to do.
        NotNeeded = "not_needed",
        /// Nothing can be done but to recreate the collection.
        CannotHelp = "cannot_help",
    }
}

words! {
    /// Where the data of a site lies (R9).
    Place {
        /// In the object store, under the customer's key.
        Storage = "storage",
        /// In the caches, under the vendor's keys, until they expire.
        Cache = "cache",
        /// On its way, under the vendor's keys.
        Transit = "transit",
    }
}

words! {
    /// A fact users ask for by name.
    Milestone {
        /// The first query that was not served.
        FirstFailedQuery = "first_failed_query",
        /// No query is served any more.
        AllQueriesFailing = "all_queries_failing",
        /// Ingestion stopped.
        IngestHalted = "ingest_halted",
        /// The status became `ENCRYPTION_KEY_ERROR`.
        KeyError = "key_error",
        /// The status became `PAUSING`.
        Pausing = "pausing",
        /// The status became `PAUSED`.
        Paused = "paused",
        /// Every query is served again.
        QueriesRecovered = "queries_recovered",
        /// Ingestion runs again.
        IngestRecovered = "ingest_recovered",
        /// `READY` after a pause.
        Resumed = "resumed",
        /// The source dropped something that was not committed.
        DataLost = "data_lost",
        /// A new incarnation was made.
        Recreated = "recreated",
    }
}

words! {
    /// A number that is taken of a whole run, of one collection.
    Measure {
        /// Queries that came.
        QueriesIssued = "queries_issued",
        /// Queries that were served.
        QueriesServed = "queries_served",
        /// Queries that were not.
        QueriesFailed = "queries_failed",
        /// When the first thing was taken from it: a refused access, a fault or the start.
        Fault = "fault",
        /// From the fault to the first query that was not served.
        ToFirstFailedQuery = "to_first_failed_query",
        /// From the fault to the last instant at which any query was served.
        CacheGrace = "cache_grace",
        /// From the fault to the first halt of ingestion.
        ToHalt = "to_halt",
        /// From the fault to the first `PAUSING`.
        ToPause = "to_pause",
        /// The last instant at which a command to restore the key still avoids, or would have avoided, `PAUSING`.
        RestoreDeadline = "restore_deadline",
        /// How long not every query was served.
        Unavailable = "unavailable",
        /// The greatest age of the oldest uncommitted arrival.
        GreatestLag = "greatest_lag",
        /// From the first `catching_up` to the `running` that ends it.
        CatchUp = "catch_up",
        /// What the source would still have kept at the end of the longest halt; negative when it dropped something.
        SourceSlack = "source_slack",
        /// Bytes the source dropped before they were committed.
        LostBytes = "lost_bytes",
    }
}

/// What a measure, or a milestone, is counted in.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Unit {
    /// One by one.
    Count,
    /// Bytes.
    Bytes,
    /// Milliseconds of a length; it may be negative.
    Length,
    /// Milliseconds from the start of the run.
    Instant,
}

impl Measure {
    /// What it is counted in.
    pub const fn unit(self) -> Unit {
        match self {
            Measure::QueriesIssued | Measure::QueriesServed | Measure::QueriesFailed => Unit::Count,
            Measure::Fault | Measure::RestoreDeadline => Unit::Instant,
            Measure::ToFirstFailedQuery
            | Measure::CacheGrace
            | Measure::ToHalt
            | Measure::ToPause
            | Measure::Unavailable
            | Measure::GreatestLag
            | Measure::CatchUp
            | Measure::SourceSlack => Unit::Length,
            Measure::LostBytes => Unit::Bytes,
        }
    }

    /// Whether it counts queries, so that it can be asked of a part of the run.
    pub const fn counts_queries(self) -> bool {
        matches!(self.unit(), Unit::Count)
    }
}

words! {
    /// One reason why a call to the KMS is refused, in the order in which they are judged: the first is the error shown.
    Cause {
        /// There is no such key in that region.
        NotFound = "not_found",
        /// The KMS does not answer.
        Unreachable = "unreachable",
        /// A Deny of the key policy matches.
        DeniedExplicitly = "denied_explicitly",
        /// No Allow of the key policy matches.
        Denied = "denied",
        /// The replica is switched off.
        Disabled = "disabled",
        /// The replica waits for its deletion.
        PendingDeletion = "pending_deletion",
        /// The replica is a primary that waits for its replicas to go.
        PendingReplicaDeletion = "pending_replica_deletion",
        /// The replica's imported material is missing.
        PendingImport = "pending_import",
        /// The replica's key store cannot be reached.
        Unavailable = "unavailable",
        /// The replica is still being made.
        Creating = "creating",
    }
}

words! {
    /// Whose door it is that is closed.
    Side {
        /// The customer's: the key, its state, its policy.
        Customer = "customer",
        /// The service's: its own permissions.
        Service = "service",
    }
}

impl Cause {
    /// The error code the KMS answers with (`domain.md` 1a; pending deletion as S3 shows it, section 3 there;
    /// unreachable is the 503 of the three server faults).
    pub const fn code(self) -> &'static str {
        match self {
            Cause::NotFound => "NotFoundException",
            Cause::Unreachable => "DependencyTimeoutException",
            Cause::DeniedExplicitly | Cause::Denied => "AccessDeniedException",
            Cause::Disabled => "DisabledException",
            Cause::PendingDeletion
            | Cause::PendingReplicaDeletion
            | Cause::PendingImport
            | Cause::Unavailable
            | Cause::Creating => "KMSInvalidStateException",
        }
    }
}

impl KeyState {
    /// Why a call of the service is refused in this state; `None` where it is granted (AWS's table, the row of `Decrypt`).
    pub fn refuses(self) -> Option<Cause> {
        operations::refusal(Operation::Decrypt, self, "AWS_KMS").and_then(|it| it.cause(self))
    }
}

/// The moves of a collection's status that are legal; every one may also end in `DELETED`.
pub const STATUS_MOVES: &[(Status, Status)] = &[
    (Status::Created, Status::Ready),
    (Status::Ready, Status::EncryptionKeyError),
    (Status::EncryptionKeyError, Status::Ready),
    (Status::EncryptionKeyError, Status::Pausing),
    (Status::Pausing, Status::Paused),
    (Status::Paused, Status::Resuming),
    (Status::Resuming, Status::Ready),
    (Status::Resuming, Status::Paused),
];

/// The moves of a collection's ingestion that are legal.
pub const INGEST_MOVES: &[(Ingest, Ingest)] = &[
    (Ingest::Running, Ingest::Halted),
    (Ingest::Halted, Ingest::CatchingUp),
    (Ingest::Halted, Ingest::Running),
    (Ingest::CatchingUp, Ingest::Running),
    (Ingest::CatchingUp, Ingest::Halted),
];

/// The moves of a replica's state that are legal.
pub const KEY_MOVES: &[(KeyState, KeyState)] = &[
    (KeyState::Absent, KeyState::Creating),
    (KeyState::Deleted, KeyState::Creating),
    (KeyState::Creating, KeyState::Enabled),
    (KeyState::Creating, KeyState::PendingImport),
    (KeyState::Creating, KeyState::PendingDeletion),
    (KeyState::Enabled, KeyState::Disabled),
    (KeyState::Enabled, KeyState::Updating),
    (KeyState::Enabled, KeyState::PendingImport),
    (KeyState::Enabled, KeyState::PendingDeletion),
    (KeyState::Enabled, KeyState::PendingReplicaDeletion),
    (KeyState::Disabled, KeyState::Enabled),
    (KeyState::Disabled, KeyState::PendingImport),
    (KeyState::Disabled, KeyState::PendingDeletion),
    (KeyState::Disabled, KeyState::PendingReplicaDeletion),
    (KeyState::Updating, KeyState::Enabled),
    (KeyState::Updating, KeyState::PendingImport),
    (KeyState::Unavailable, KeyState::PendingDeletion),
    (KeyState::Unavailable, KeyState::PendingReplicaDeletion),
    (KeyState::PendingImport, KeyState::Enabled),
    (KeyState::PendingImport, KeyState::PendingDeletion),
    (KeyState::PendingImport, KeyState::PendingReplicaDeletion),
    (KeyState::PendingReplicaDeletion, KeyState::PendingDeletion),
    (KeyState::PendingReplicaDeletion, KeyState::Disabled),
    (KeyState::PendingReplicaDeletion, KeyState::PendingImport),
    (KeyState::PendingDeletion, KeyState::Disabled),
    (KeyState::PendingDeletion, KeyState::PendingImport),
    (KeyState::PendingDeletion, KeyState::Deleted),
];

/// What a source's loss means for a collection that was paused (DESIGN 2, Outcome).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Loss {
    /// It goes on after a gap.
    Gap,
    /// It must be recreated; the source still has the data.
    FromSource,
    /// It must be recreated; what was not committed is lost.
    ForEver,
}

words! {
    /// Where a collection's data comes from.
    Source {
        /// Apache Kafka.
        Kafka = "kafka",
        /// Amazon Kinesis Data Streams.
        Kinesis = "kinesis",
        /// Azure Event Hubs.
        EventHubs = "event-hubs",
        /// DynamoDB Streams.
        DynamoDb = "dynamodb",
        /// MongoDB change streams.
        MongoDb = "mongodb",
        /// The MySQL binary log.
        MySql = "mysql",
        /// Snowflake streams.
        Snowflake = "snowflake",
        /// Amazon S3.
        S3 = "s3",
        /// Google Cloud Storage.
        Gcs = "gcs",
        /// Azure Blob Storage.
        AzureBlob = "azure-blob",
        /// The service's own write API.
        WriteApi = "write-api",
        /// Files uploaded by hand.
        FileUpload = "file-upload",
    }
}

impl Source {
    /// What it means when the source has dropped something before a paused collection is `READY`.
    pub const fn loss(self) -> Loss {
        match self {
            Source::Kafka | Source::Kinesis | Source::EventHubs => Loss::Gap,
            Source::DynamoDb
            | Source::MongoDb
            | Source::MySql
            | Source::Snowflake
            | Source::S3
            | Source::Gcs
            | Source::AzureBlob => Loss::FromSource,
            Source::WriteApi | Source::FileUpload => Loss::ForEver,
        }
    }

    /// The outcome when the key itself is gone for ever (MODEL 6): what cannot be read from its source again is lost.
    pub const fn outcome_without_key(self) -> Outcome {
        match self.loss() {
            Loss::FromSource => Outcome::RecreateFromSource,
            Loss::Gap | Loss::ForEver => Outcome::RecreateWithLoss,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{INGEST_MOVES, Ingest, KEY_MOVES, KeyState, STATUS_MOVES, Source, Status};

    #[test]
    fn words_are_read_as_they_are_written() {
        for word in Status::ALL {
            assert_eq!(Status::from_word(word.word()), Some(*word));
        }
        for word in KeyState::ALL {
            assert_eq!(KeyState::from_word(word.word()), Some(*word));
        }
        for word in Source::ALL {
            assert_eq!(Source::from_word(word.word()), Some(*word));
        }
        assert_eq!(Status::from_word("ready"), None, "case counts");
    }

    #[test]
    fn no_move_leads_to_where_it_began() {
        assert!(STATUS_MOVES.iter().all(|(from, to)| from != to));
        assert!(INGEST_MOVES.iter().all(|(from, to)| from != to));
        assert!(KEY_MOVES.iter().all(|(from, to)| from != to));
        assert!(INGEST_MOVES.contains(&(Ingest::Running, Ingest::Halted)));
    }
}
