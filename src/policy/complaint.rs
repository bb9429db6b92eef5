//! What is wrong with a policy, and where.

use super::value::Mark;

/// One thing that is wrong, in plain words, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Where.
    pub mark: Mark,
    /// What is wrong: one sentence, safe to print.
    pub what: String,
    /// What should stand there instead.
    pub expected: Option<String>,
    /// The known word nearest to the one that was written.
    pub did_you_mean: Option<String>,
    /// Which kind of trouble it is, for callers who treat some of them in their own way.
    pub kind: ComplaintKind,
}

/// The kinds of complaints; some are errors, some only warnings ([`ComplaintKind::is_warning`]).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ComplaintKind {
    /// The text is not JSON.
    NotJson,
    /// More than the 32,768 bytes AWS takes (P14).
    TooLarge,
    /// Nested deeper than any policy.
    TooDeep,
    /// A character AWS does not take in a policy (P14).
    BadCharacter,
    /// JSON, but no object.
    NotAnObject,
    /// A statement alone, without the policy around it.
    BareStatement,
    /// A template (CloudFormation, Terraform, Serverless …) that was not rendered.
    Template,
    /// A member twice in one object (P14).
    Duplicate,
    /// A member AWS does not know.
    UnknownElement,
    /// No `Statement`, or none in it.
    MissingStatement,
    /// A value of the wrong kind.
    WrongType,
    /// No `Effect`.
    MissingEffect,
    /// An `Effect` that is neither `Allow` nor `Deny`.
    BadEffect,
    /// An element beside its opposite, such as `Action` and `NotAction`.
    BothForms,
    /// Neither `Principal` nor `NotPrincipal`.
    MissingPrincipal,
    /// A principal AWS would refuse (P5, P13).
    BadPrincipal,
    /// A list without members.
    EmptyList,
    /// A `Version` AWS does not know (P15).
    BadVersion,
    /// A condition AWS would refuse.
    BadCondition,
    /// Warning: neither `Action` nor `NotAction`; the statement has no effect (P11).
    MissingAction,
    /// Warning: neither `Resource` nor `NotResource`; the statement has no effect (P11).
    MissingResource,
    /// Warning: a `Resource` that is not `"*"` (P10, P11).
    ArnResource,
    /// Warning: an action AWS does not know, or without the name of a service.
    OddAction,
    /// Warning: `${…}` under version 2008-10-17, where it is plain text (P15).
    LiteralVariable,
    /// Warning: an operator of conditions that AWS does not document; what it would do cannot be told.
    UnknownOperator,
    /// Warning: a key of a condition with an empty list, which no value fits.
    NoValues,
    /// Warning: a `NotPrincipal` with `Deny` that leaves out an account, so that it denies whom it means to spare (P9).
    SparesNobody,
    /// Warning: a principal that was deleted, and now matches nobody (P7).
    DeletedPrincipal,
}

impl ComplaintKind {
    /// Whether a policy with this complaint is still a policy.
    pub const fn is_warning(self) -> bool {
        match self {
            ComplaintKind::MissingAction
            | ComplaintKind::MissingResource
            | ComplaintKind::ArnResource
            | ComplaintKind::OddAction
            | ComplaintKind::LiteralVariable
            | ComplaintKind::UnknownOperator
            | ComplaintKind::NoValues
            | ComplaintKind::SparesNobody
            | ComplaintKind::DeletedPrincipal => true,
            ComplaintKind::NotJson
            | ComplaintKind::TooLarge
            | ComplaintKind::TooDeep
            | ComplaintKind::BadCharacter
            | ComplaintKind::NotAnObject
            | ComplaintKind::BareStatement
            | ComplaintKind::Template
            | ComplaintKind::Duplicate
            | ComplaintKind::UnknownElement
            | ComplaintKind::MissingStatement
            | ComplaintKind::WrongType
            | ComplaintKind::MissingEffect
            | ComplaintKind::BadEffect
            | ComplaintKind::BothForms
            | ComplaintKind::MissingPrincipal
            | ComplaintKind::BadPrincipal
            | ComplaintKind::EmptyList
            | ComplaintKind::BadVersion
            | ComplaintKind::BadCondition => false,
        }
    }
}

impl Complaint {
    /// A complaint with nothing but its words.
    pub(super) fn new(kind: ComplaintKind, mark: Mark, what: impl Into<String>) -> Complaint {
        Complaint {
            mark,
            what: what.into(),
            expected: None,
            did_you_mean: None,
            kind,
        }
    }

    /// The same, saying what should stand there.
    pub(super) fn expected(mut self, expected: impl Into<String>) -> Complaint {
        self.expected = Some(expected.into());
        self
    }

    /// The same, with the nearest of the known words, if one is near.
    pub(super) fn nearest(mut self, written: &str, known: &[&str]) -> Complaint {
        self.did_you_mean = nearest(written, known).map(str::to_owned);
        self
    }
}

/// The known word most like the written one, if it is like it at all. Of two equally near, the first listed.
pub(super) fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    // Likeness costs time with the length; nothing that long was meant to be a word we know.
    if written.len() > 100 {
        return None;
    }
    let lower = written.to_lowercase();
    let mut best: Option<(f64, &'a str)> = None;
    for word in known {
        let likeness = strsim::jaro_winkler(&lower, &word.to_lowercase());
        if likeness > best.map_or(0.85, |(most, _)| most) {
            best = Some((likeness, word));
        }
    }
    best.map(|(_, word)| word)
}

/// Everything found while a policy is read: all of it is told at once.
#[derive(Default)]
pub(super) struct Findings {
    /// What makes it no policy.
    pub errors: Vec<Complaint>,
    /// What it can live with.
    pub warnings: Vec<Complaint>,
}

impl Findings {
    /// Files a complaint where its kind belongs.
    pub(super) fn add(&mut self, complaint: Complaint) {
        if complaint.kind.is_warning() {
            self.warnings.push(complaint)
        } else {
            self.errors.push(complaint)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_word_is_found_or_none() {
        let known = ["Action", "NotAction", "Resource", "Principal"];
        let check = |written: &str, want: Option<&str>| {
            assert_eq!(nearest(written, &known), want, "{written}")
        };
        check("action", Some("Action"));
        check("Actions", Some("Action"));
        check("Principle", Some("Principal"));
        check("Ressource", Some("Resource"));
        check("Zebra", None);
        check("", None);
        check(&"A".repeat(5000), None);
    }
}
