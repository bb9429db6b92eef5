//! How far ingestion is behind, at any instant.

use crate::names::Subject;
use crate::time::{Span, Time};
use crate::timeline::{Step, Timeline};

impl Timeline {
    /// The age of the oldest uncommitted arrival, after everything of that instant; zero when nothing waits.
    pub fn lag_at(&self, subject: Subject, time: Time) -> Span {
        let _ = (subject, time);
        todo!()
    }

    /// Bytes arrived and not committed, rounded down.
    pub fn lag_bytes_at(&self, subject: Subject, time: Time) -> u64 {
        let _ = (subject, time);
        todo!()
    }

    /// Whether the lag is more than a bound (`over`), or less than it (not `over`), over time.
    pub fn lag_beyond(&self, subject: Subject, bound: Span, over: bool) -> Vec<Step<bool>> {
        let _ = (subject, bound, over);
        todo!()
    }

    /// The greatest lag up to the end.
    pub fn greatest_lag(&self, subject: Subject) -> Span {
        let _ = subject;
        todo!()
    }
}
