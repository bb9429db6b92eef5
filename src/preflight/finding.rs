//! A finding: what is wrong, where, what follows from it.

use crate::policy::{Answer, Mark, Value};
use crate::preflight::codes::FindingCode;
use crate::preflight::mend::Mend;
use crate::scenario::Severity;

/// One finding.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// Which kind of finding.
    pub code: FindingCode,
    /// Whether the check fails by it.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What is wrong: one sentence.
    pub what: String,
    /// What follows from it: one sentence.
    pub consequence: Option<String>,
    /// What would be right.
    pub expected: Option<String>,
    /// What was probably meant.
    pub did_you_mean: Option<String>,
    /// One request that shows it.
    pub counterexample: Option<Counterexample>,
    /// How the policy's text is mended, where that is known.
    pub(super) mend: Option<Mend>,
}

impl Finding {
    /// Whether the mended policy mends it.
    pub fn is_mended(&self) -> bool {
        self.mend.is_some()
    }
}

/// A place in a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The file, as messages name it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// How many characters are meant.
    pub length: u32,
}

impl Place {
    /// A place in a file.
    pub fn new(file: &str, mark: Mark) -> Place {
        Place {
            file: file.to_owned(),
            line: mark.line.max(1),
            column: mark.column.max(1),
            length: mark.len.max(1),
        }
    }
}

/// A request whose answer is not the one that is needed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Counterexample {
    /// What is asked, such as `kms:GenerateDataKeyWithoutPlaintext`.
    pub action: &'static str,
    /// Of which key, by its ARN.
    pub resource: String,
    /// Who asks.
    pub principal: String,
    /// What the policy answers.
    pub answer: Answer,
}

impl Counterexample {
    /// The request and its answer, as a sentence.
    pub fn sentence(&self) -> String {
        let answer = match self.answer {
            Answer::Allowed => "is allowed",
            Answer::DeniedExplicitly | Answer::DeniedImplicitly => "is denied",
            Answer::CannotTell => "is allowed or denied, which cannot be told",
        };
        let Counterexample {
            action,
            resource,
            principal,
            ..
        } = self;
        format!("{action} on {resource} by {principal} {answer}")
    }
}

/// A finding in a policy, before it is said in which file.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Found {
    pub(super) code: FindingCode,
    pub(super) severity: Severity,
    pub(super) mark: Mark,
    pub(super) what: String,
    pub(super) consequence: Option<String>,
    pub(super) expected: Option<String>,
    pub(super) near: Option<String>,
    pub(super) shown: Option<Counterexample>,
    pub(super) mend: Option<Mend>,
}

impl Found {
    pub(super) fn new(code: FindingCode, mark: Mark, what: impl Into<String>) -> Found {
        Found {
            code,
            severity: code.severity(),
            mark,
            what: what.into(),
            consequence: None,
            expected: None,
            near: None,
            shown: None,
            mend: None,
        }
    }

    pub(super) fn because(mut self, consequence: impl Into<String>) -> Found {
        self.consequence = Some(consequence.into());
        self
    }

    pub(super) fn expected(mut self, expected: impl Into<String>) -> Found {
        self.expected = Some(expected.into());
        self
    }

    pub(super) fn mended(mut self, mend: Mend) -> Found {
        self.mend = Some(mend);
        self
    }

    pub(super) fn within(self, file: &str) -> Finding {
        Finding {
            code: self.code,
            severity: self.severity,
            place: Place::new(file, self.mark),
            what: self.what,
            consequence: self.consequence,
            expected: self.expected,
            did_you_mean: self.near,
            counterexample: self.shown,
            mend: self.mend,
        }
    }
}

/// Whether a value is a list.
pub(super) fn is_list(value: &Value) -> bool {
    matches!(value, Value::List(_))
}
