//! A tree of values that remembers where each one was written.
//!
//! It is what JSON text becomes ([`super::read`]), and what a caller who holds a policy in another notation builds, so
//! that the rules for policies are written once.

/// Where something was written: line and column count from 1, in characters; `len` is the length of the offending
/// token in characters, at least 1 for anything that was read from a text.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Mark {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters (not bytes).
    pub column: u32,
    /// How many characters the token has on that line.
    pub len: u32,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it is; for lists and maps, the opening bracket.
    pub mark: Mark,
    /// What it is.
    pub value: Value,
}

/// A value as JSON knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it was written: an account id with a leading zero must not lose it.
    Number(String),
    /// A string, its escapes decoded.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map with its members in written order; a name that occurs twice is kept twice, so that it can be reported.
    Map(Vec<(Member, Node)>),
}

/// The name of a map's member, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name, its escapes decoded.
    pub name: String,
    /// Where the name stands.
    pub mark: Mark,
}

impl Node {
    /// Where the first text stands, in here or below, that contains a piece of text.
    pub(super) fn first_text_with(&self, piece: &str) -> Option<Mark> {
        match &self.value {
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
            Value::Text(text) => text.contains(piece).then_some(self.mark),
            Value::List(members) => members
                .iter()
                .find_map(|member| member.first_text_with(piece)),
            Value::Map(members) => members
                .iter()
                .find_map(|(_, member)| member.first_text_with(piece)),
        }
    }
}

impl Value {
    /// What this is, in a reader's words.
    pub(super) const fn noun(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
        }
    }
}
