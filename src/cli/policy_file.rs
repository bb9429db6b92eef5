//! Policy files: read from where the user says, and their complaints told as those of scenarios are.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::exit::Trouble;
use crate::cli::input;
use crate::policy::Complaint;
use crate::scenario::{self, Code, Problem, Problems};
use crate::text::clean;
use crate::yaml::Mark;

/// A policy's text and how messages call its file.
pub(super) struct PolicyFile {
    pub(super) name: String,
    pub(super) text: String,
}

/// Reads a policy file; `-` is standard input.
pub(super) fn read(path: &Path, color: bool) -> Result<PolicyFile, Trouble> {
    let bytes = input::read(path)?;
    let name = input::name(path);
    match scenario::utf8(&bytes, &name) {
        Ok(text) => Ok(PolicyFile {
            text: text.to_owned(),
            name,
        }),
        Err(problem) => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Err(problems(vec![*problem], name, text, color))
        }
    }
}

impl PolicyFile {
    /// That AWS refuses the policy, and all that is wrong with it.
    pub(super) fn refused(&self, complaints: &[Complaint], color: bool) -> Trouble {
        let problem = |complaint: &Complaint| {
            let mark = Mark {
                line: complaint.mark.line.max(1),
                column: complaint.mark.column.max(1),
                length: complaint.mark.len.max(1),
            };
            let mut problem = Problem::new(Code::BadPolicy, &self.name, mark, &complaint.what);
            problem.expected.clone_from(&complaint.expected);
            problem.did_you_mean.clone_from(&complaint.did_you_mean);
            problem
        };
        let list = complaints.iter().map(problem).collect();
        problems(list, self.name.clone(), self.text.clone(), color)
    }
}

fn problems(list: Vec<Problem>, name: String, text: String, color: bool) -> Trouble {
    let problems = Problems::new(list, BTreeMap::from([(name, text)]));
    Trouble::Problems(problems.render(color))
}

/// That an option's value is not what is due.
pub(super) fn odd(option: &str, value: &str, due: &str) -> Trouble {
    Trouble::Input(format!("{option} {}: what is due is {due}", clean(value)))
}

/// What is wrong with an option's value.
pub(super) fn wrong(option: &str, value: &str, what: &str) -> Trouble {
    Trouble::Input(format!("{option} {}: {}", clean(value), clean(what)))
}
