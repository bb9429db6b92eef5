//! What facts stand for by number: texts, policies, accesses. A run has them, and so has a saved run that was read back.

use crate::timeline::{Access, Timeline};

/// The tables that the numbers in facts point into.
#[derive(Copy, Clone, Debug)]
pub struct Tables<'a> {
    /// Fields of commands, and AWS's messages.
    pub texts: &'a [String],
    /// The meanings of policies, 16 hex digits each.
    pub policies: &'a [String],
    /// Why calls are refused.
    pub accesses: &'a [Access],
}

impl Timeline {
    /// The tables of this run's facts.
    pub fn tables(&self) -> Tables<'_> {
        Tables {
            texts: &self.texts,
            policies: &self.policies,
            accesses: &self.accesses,
        }
    }
}
