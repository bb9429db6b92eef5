//! What a lane looks like at an instant: one word for what a collection does for its users.

use crate::states::{Ingest, Outcome, Queries, Status};

/// How a collection is drawn, best first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Look {
    /// Every query is served, and the key is there.
    Serving,
    /// Queries are served again, and ingestion reads what has gathered.
    CatchingUp,
    /// The key is refused, and queries are served while the caches last.
    FromCache,
    /// No query is served; ingestion runs.
    QueriesFail,
    /// No query is served, and nothing is ingested.
    Down,
    /// On its way back from a pause.
    Resuming,
    /// Paused, or on its way there.
    Paused,
    /// Paused for ever: it must be recreated.
    Unrecoverable,
    /// Its site never had its key.
    NotStarted,
}

impl Look {
    /// What the picture and its text say.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Look::Serving => "serving",
            Look::CatchingUp => "catching up",
            Look::FromCache => "from cache",
            Look::QueriesFail => "queries fail",
            Look::Down => "queries fail, ingest halted",
            Look::Resuming => "resuming",
            Look::Paused => "paused",
            Look::Unrecoverable => "must be recreated",
            Look::NotStarted => "not started",
        }
    }
}

impl Look {
    /// What a band says that has no room for the word.
    pub(super) const fn short(self) -> &'static str {
        match self {
            Look::FromCache => "cached",
            Look::Down => "queries fail",
            Look::Unrecoverable => "recreate",
            Look::Serving
            | Look::CatchingUp
            | Look::QueriesFail
            | Look::Resuming
            | Look::Paused
            | Look::NotStarted => self.word(),
        }
    }
}

/// What a look depends on.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Facts {
    pub(super) status: Status,
    pub(super) queries: Queries,
    pub(super) ingest: Ingest,
    pub(super) outcome: Option<Outcome>,
    /// Whether reads are granted by the key, or need none.
    pub(super) readable: bool,
}

impl Facts {
    /// The look; `None` when there is nothing to draw.
    pub(super) fn look(self) -> Option<Look> {
        match self.status {
            Status::Deleted => None,
            Status::Created => Some(Look::NotStarted),
            Status::Resuming => Some(Look::Resuming),
            Status::Pausing | Status::Paused => Some(self.paused()),
            Status::Ready | Status::EncryptionKeyError => Some(self.awake()),
        }
    }

    fn paused(self) -> Look {
        if self.outcome.is_some_and(Outcome::must_recreate) {
            Look::Unrecoverable
        } else {
            Look::Paused
        }
    }

    fn awake(self) -> Look {
        match (self.queries, self.ingest) {
            (Queries::None, Ingest::Halted) => Look::Down,
            (Queries::None, Ingest::Running | Ingest::CatchingUp) => Look::QueriesFail,
            (Queries::All | Queries::Some, _) if !self.readable => Look::FromCache,
            (Queries::Some, _) => Look::FromCache,
            (Queries::All, Ingest::CatchingUp) => Look::CatchingUp,
            (Queries::All, Ingest::Running | Ingest::Halted) => Look::Serving,
        }
    }

    /// Whether a strip must say that nothing is ingested: where the look itself does not.
    pub(super) fn halted(self) -> bool {
        self.ingest == Ingest::Halted
            && matches!(self.look(), Some(Look::Serving | Look::FromCache))
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, Look};
    use crate::states::{Ingest, Outcome, Queries, Status};

    #[test]
    fn a_look_says_what_users_see() {
        let well = Facts {
            status: Status::Ready,
            queries: Queries::All,
            ingest: Ingest::Running,
            outcome: None,
            readable: true,
        };
        let refused = Facts {
            readable: false,
            ingest: Ingest::Halted,
            status: Status::EncryptionKeyError,
            ..well
        };
        let failing = Facts {
            queries: Queries::None,
            ..refused
        };
        let paused = Facts {
            status: Status::Paused,
            ..failing
        };
        let lost = Facts {
            outcome: Some(Outcome::RecreateWithLoss),
            ..paused
        };
        let looks = [well, refused, failing, paused, lost].map(Facts::look);
        let expected = [
            Look::Serving,
            Look::FromCache,
            Look::Down,
            Look::Paused,
            Look::Unrecoverable,
        ];
        assert_eq!(looks, expected.map(Some));
        let strips = [well, refused, failing].map(Facts::halted);
        assert_eq!(
            strips,
            [false, true, false],
            "failing already says it by its look"
        );
    }
}
