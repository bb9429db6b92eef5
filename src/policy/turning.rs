//! The instants at which a policy may change its answer by itself: the dates its conditions compare with.

use super::document::Policy;

impl Policy {
    /// The instants, in milliseconds since 1970-01-01T00:00:00Z, ascending, at which an answer may differ from the one a
    /// millisecond before because a condition compares `aws:CurrentTime` or `aws:EpochTime` with a date.
    pub fn turning_points(&self) -> Vec<i64> {
        Vec::new()
    }
}
