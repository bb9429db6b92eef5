//! Findings told: one form a file.

mod github;
mod json;
mod remark;
mod sarif;
mod text;

pub use github::github;
pub use json::{json, json_of_files};
pub use remark::Remark;
pub use sarif::sarif;
pub use text::{diff, text};

use crate::preflight::policy::Checked;

/// What was checked, and what came of it.
pub struct Told<'a> {
    /// How the file is called.
    pub file: &'a str,
    /// The key of the policy, if one policy was checked.
    pub arn: Option<&'a str>,
    /// All findings, and what makes a file no scenario.
    pub remarks: &'a [Remark],
    /// Whether the check passes.
    pub passes: bool,
    /// The policy, if one was checked.
    pub policy: Option<&'a Checked>,
}
