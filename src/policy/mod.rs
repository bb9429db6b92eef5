//! May this caller do this with this key? (A stand-in until the branch `policy` is merged.)
#![allow(missing_docs)]

#[derive(Clone, Debug, PartialEq)]
pub struct Policy;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub line: u32,
    pub column: u32,
    pub len: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub mark: Mark,
    pub value: Value,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Member, Node)>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub mark: Mark,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    pub mark: Mark,
    pub what: String,
    pub expected: Option<String>,
    pub did_you_mean: Option<String>,
    pub kind: ComplaintKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplaintKind {
    MissingAction,
    MissingResource,
}

impl ComplaintKind {
    pub const fn is_warning(self) -> bool {
        true
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub principal: &'a str,
    pub action: &'a str,
    pub resource: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Allowed,
    DeniedExplicitly,
    DeniedImplicitly,
    CannotTell,
}

#[derive(Clone, Debug)]
pub struct Reason {
    pub statement: usize,
    pub sid: Option<String>,
    pub line: u32,
    pub why: String,
}

#[derive(Clone, Debug)]
pub struct Decision {
    pub answer: Answer,
    pub because: Vec<Reason>,
}

pub const SERVICE_OPERATIONS: &[&str] = &["kms:Decrypt"];

impl Policy {
    pub fn from_json(_: &str) -> Result<Policy, Vec<Complaint>> {
        Ok(Policy)
    }
    pub fn from_node(_: &Node) -> Result<Policy, Vec<Complaint>> {
        Ok(Policy)
    }
    pub fn warnings(&self) -> &[Complaint] {
        &[]
    }
    pub fn vendor(_: &str, _: &str) -> Policy {
        Policy
    }
    pub fn aws_default(_: &str) -> Policy {
        Policy
    }
    pub fn decide(&self, _: &Request<'_>) -> Decision {
        Decision {
            answer: Answer::Allowed,
            because: Vec::new(),
        }
    }
    pub fn without_actions(&self, _: &str, _: &[String]) -> Option<Policy> {
        Some(self.clone())
    }
    pub fn with_actions(&self, _: &str, _: &[String]) -> Option<Policy> {
        Some(self.clone())
    }
    pub fn meaning(&self) -> String {
        String::new()
    }
}
