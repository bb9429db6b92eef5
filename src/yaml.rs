//! YAML, read strictly, with places: the only room that knows which library reads it.
//!
//! Scalars are handed on as the text that was written, so `no`, `1_000`, `0x10` and an account id with a leading zero never
//! become something else on the way; what a text means is decided by whoever asks for it, where it can be said in plain words.

mod shapes;

use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, Location, MergeKeyPolicy, NonFiniteFloatPolicy};

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 4 << 20;
/// The deepest nesting that is read.
pub const DEEPEST: usize = 32;
/// The most nodes (maps, lists and scalars) that are read.
pub const NODES: usize = 100_000;
/// The most aliases that are read.
pub const ALIASES: usize = 1_000;

/// A place in a text, and how much of it is meant.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Mark {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// How many characters.
    pub length: u32,
}

impl Mark {
    /// The first character of a text.
    pub const START: Mark = Mark {
        line: 1,
        column: 1,
        length: 1,
    };

    fn of(location: Location) -> Mark {
        let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        Mark {
            line: small(location.line()).max(1),
            column: small(location.column()).max(1),
            length: small(location.span().len()).max(1),
        }
    }
}

/// A scalar as it was written, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Text {
    /// What was written, without quotes.
    pub text: String,
    /// Where.
    pub mark: Mark,
    /// Which bytes of the file it was written with, quotes included.
    pub raw: Range<usize>,
}

impl Text {
    /// As a slice.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// A map in the order of the file, with the places of its names.
#[derive(Clone, PartialEq, Debug)]
pub struct Entries<T> {
    /// Where it begins.
    pub mark: Mark,
    /// Names and values.
    pub entries: Vec<(Text, T)>,
}

/// A list, with the place where it begins.
#[derive(Clone, PartialEq, Debug)]
pub struct Items<T> {
    /// Where it begins.
    pub mark: Mark,
    /// What is in it.
    pub items: Vec<T>,
}

/// Something and where it begins.
#[derive(Clone, PartialEq, Debug)]
pub struct Placed<T> {
    /// Where.
    pub mark: Mark,
    /// What.
    pub value: T,
}

/// A value of any shape.
#[derive(Clone, PartialEq, Debug)]
pub struct Tree {
    /// Where it stands.
    pub mark: Mark,
    /// Which bytes of the file it was written with (a map's or a list's: those where it begins).
    pub raw: Range<usize>,
    /// What it is.
    pub branch: Branch,
}

/// What a [`Tree`] is.
#[derive(Clone, PartialEq, Debug)]
pub enum Branch {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A plain number; its digits are the tree's `raw` bytes.
    Number,
    /// Any other scalar.
    Text(String),
    /// A list.
    List(Vec<Tree>),
    /// A map in the order of the file.
    Map(Vec<(Text, Tree)>),
}

impl Tree {
    /// A scalar's text as it was written; `None` for null, a list or a map.
    pub fn scalar<'a>(&'a self, source: &'a str) -> Option<&'a str> {
        match &self.branch {
            Branch::Text(text) => Some(text),
            Branch::Bool(true) => Some("true"),
            Branch::Bool(false) => Some("false"),
            Branch::Number => Some(source.get(self.raw.clone()).unwrap_or("").trim()),
            Branch::Null | Branch::List(_) | Branch::Map(_) => None,
        }
    }
}

/// Why a text could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// What kind of trouble.
    pub kind: Kind,
    /// Where.
    pub mark: Mark,
}

/// The kinds of [`Trouble`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// It is no YAML; a sentence says why.
    Syntax(String),
    /// It is beyond a limit; a sentence says which.
    Limit(String),
    /// A second document begins.
    SecondDocument,
    /// There is nothing in it.
    Empty,
    /// Another shape was due (said here), such as a map.
    Shape(String),
    /// Nothing, or null, stands where a text was due.
    Null,
    /// A name that is not known there, and the known ones.
    UnknownField(String, Vec<&'static str>),
    /// A name that is missing.
    MissingField(&'static str),
    /// A name that stands there twice.
    Duplicate(Option<String>),
    /// A tag that has no meaning here.
    Tag,
    /// An alias without its anchor, or within it.
    Anchor(String),
}

/// Reads one document.
///
/// # Errors
/// The first trouble there is.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Trouble> {
    if text.len() > LARGEST {
        let what = format!(
            "the file has {} bytes; at most {LARGEST} are read",
            text.len()
        );
        return Err(Trouble {
            kind: Kind::Limit(what),
            mark: Mark::START,
        });
    }
    let options = serde_saphyr::options! {
        strict_booleans: true,
        reject_unsupported_tags: true,
        reject_tagged_field_names: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        strict_indentation: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        merge_keys: MergeKeyPolicy::Error,
        with_snippet: false,
        budget: serde_saphyr::budget! { max_depth: DEEPEST, max_nodes: NODES, max_aliases: ALIASES, max_anchors: ALIASES },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: NODES }
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| trouble(&error))
}

fn trouble(error: &Error) -> Trouble {
    let error = error.without_snippet();
    let mark = error.location().map_or(Mark::START, Mark::of);
    Trouble {
        kind: kind(error),
        mark,
    }
}

fn kind(error: &Error) -> Kind {
    match error {
        Error::Eof { .. } => Kind::Empty,
        Error::MultipleDocuments { .. } => Kind::SecondDocument,
        Error::Unexpected { expected, .. } => Kind::Shape(shape(expected).to_owned()),
        Error::SerdeInvalidType { expected, .. } => Kind::Shape(expected.clone()),
        Error::NullIntoString { .. } => Kind::Null,
        Error::SerdeUnknownField {
            field, expected, ..
        } => Kind::UnknownField(field.clone(), expected.clone()),
        Error::SerdeMissingField { field, .. } => Kind::MissingField(field),
        Error::DuplicateMappingKey { key, .. } => Kind::Duplicate(key.clone()),
        Error::TaggedScalarCannotDeserializeIntoString { .. }
        | Error::TaggedEnumMismatch { .. }
        | Error::BytesNotSupportedMissingBinaryTag { .. }
        | Error::InvalidBinaryBase64 { .. } => Kind::Tag,
        Error::UnknownAnchor { .. } => {
            Kind::Anchor("there is no anchor of that name before it".to_owned())
        }
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            Kind::Anchor("the alias stands within the very thing it repeats".to_owned())
        }
        Error::MergeKeyNotAllowed { .. } | Error::MergeValueNotMapOrSeqOfMaps { .. } => {
            Kind::Syntax("the merge key `<<` is not taken: write the fields out".to_owned())
        }
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            Kind::Limit("the aliases repeat too much".to_owned())
        }
        Error::Budget { breach, .. } => Kind::Limit(limit(breach)),
        Error::AliasError { error, .. } => kind(error.without_snippet()),
        other => told(&other.to_string()),
    }
}

/// What the parser itself said, without the place at its end (we say the place).
fn told(message: &str) -> Kind {
    let mut text = message.lines().next().unwrap_or("").to_owned();
    if let Some(at) = text.find(" at line ") {
        text.truncate(at);
    }
    let lower = text.to_lowercase();
    if lower.contains("recursion limit") || lower.contains("nesting") {
        return Kind::Limit(format!("it is nested deeper than {DEEPEST} levels"));
    }
    if lower.contains("tag") {
        return Kind::Tag;
    }
    if lower.contains("invalid type") {
        let due = text.rsplit("expected ").next().unwrap_or("");
        return Kind::Shape(due.to_owned());
    }
    Kind::Syntax(text)
}

fn shape(expected: &str) -> &str {
    match expected {
        "sequence start" => "a list",
        "mapping start" => "a map",
        "scalar" | "string scalar" | "key scalar" | "scalar key" => "a text or a number",
        other => other,
    }
}

fn limit(breach: &BudgetBreach) -> String {
    match breach {
        BudgetBreach::Depth { .. } => format!("it is nested deeper than {DEEPEST} levels"),
        BudgetBreach::Nodes { .. } => format!("it has more than {NODES} values"),
        BudgetBreach::Aliases { .. } => format!("it has more than {ALIASES} aliases"),
        BudgetBreach::Anchors { .. } => format!("it has more than {ALIASES} anchors"),
        BudgetBreach::AliasAnchorRatio { .. } => {
            "its aliases repeat too few anchors too often".to_owned()
        }
        _ => "it is larger than what is read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Entries, Items, Kind, Text, Tree, read};

    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Probe {
        a: Text,
        #[serde(default)]
        b: Option<Entries<Text>>,
        #[serde(default)]
        l: Option<Items<Text>>,
        #[serde(default)]
        t: Option<Tree>,
    }

    #[test]
    fn scalars_are_the_text_that_was_written() {
        for (text, due) in [
            ("a: no", "no"),
            ("a: 1_000", "1_000"),
            ("a: 0x10", "0x10"),
            ("a: 0777", "0777"),
            ("a: 1e3", "1e3"),
            ("a: .nan", ".nan"),
            ("a: 1:30", "1:30"),
            ("a: 012345678901", "012345678901"),
            ("a: \"x\"", "x"),
            ("a: 2026-03-01", "2026-03-01"),
        ] {
            let it: Probe = read(text).expect(text);
            assert_eq!(it.a.text, due);
        }
    }

    #[test]
    fn values_of_any_shape_keep_their_spelling() {
        let text = "a: x\nt: { x: 012345678901, y: [1, 1e3, true, .nan, 0x10, 1_0, \"7\", &d 318212636800, *d] }\n";
        let it: Probe = read(text).expect("YAML");
        let Some(super::Branch::Map(entries)) = it.t.map(|it| it.branch) else {
            panic!("a map");
        };
        assert_eq!(entries[0].1.scalar(text), Some("012345678901"));
        let super::Branch::List(items) = &entries[1].1.branch else {
            panic!("a list");
        };
        let found: Vec<&str> = items.iter().filter_map(|it| it.scalar(text)).collect();
        let due = [
            "1",
            "1e3",
            "true",
            ".nan",
            "0x10",
            "1_0",
            "7",
            "318212636800",
            "318212636800",
        ];
        assert_eq!(found, due);
    }

    #[test]
    fn what_cannot_be_read_has_its_kind_and_its_place() {
        for (text, due, line, column) in [
            ("a: 1\nc: 2\n", "UnknownField", 2, 1),
            ("b: {x: y}\n", "MissingField", 1, 1),
            ("a: null\n", "Null", 1, 4),
            ("a: [1]\n", "Shape", 1, 4),
            ("a: 1\nl: 7\n", "Shape", 2, 4),
            ("a: 1\nb: [7]\n", "Shape", 2, 4),
            ("a: 1\na: 2\n", "Duplicate", 2, 1),
            ("a: 1\nt: {x: 1, x: 2}\n", "Duplicate", 2, 11),
            ("a: !foo x\n", "Tag", 1, 9),
            ("a: 1\nt: !foo {x: 1}\n", "Tag", 2, 9),
            ("a: *x\n", "Anchor", 1, 4),
            ("a: 1\nt: &x [*x]\n", "Anchor", 2, 8),
            ("a: 1\n---\na: 2\n", "SecondDocument", 3, 1),
            ("", "Empty", 1, 1),
            ("a: 1\n b: 2\n", "Syntax", 2, 3),
            ("a: 1\r\nc: 1\r\n", "UnknownField", 2, 1),
            ("a: 1\nb: {<<: {x: 1}}\n", "Syntax", 2, 5),
        ] {
            let trouble = read::<Probe>(text).expect_err(text);
            let kind = format!("{:?}", trouble.kind);
            assert!(kind.starts_with(due), "{text}: {kind}");
            assert_eq!(
                (trouble.mark.line, trouble.mark.column),
                (line, column),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_deeper_or_fuller_than_the_limits_is_refused() {
        let deep = format!("a: x\nt: {}{}", "[".repeat(40), "]".repeat(40));
        let full = format!("a: x\nl: [{}]", "1,".repeat(super::NODES));
        for text in [deep, full] {
            let trouble = read::<Probe>(&text).expect_err("too much");
            assert!(matches!(trouble.kind, Kind::Limit(_)), "{:?}", trouble.kind);
        }
        let it: Probe = read("a: x\nb: {c: d}\nl: [e]").expect("YAML");
        assert_eq!(it.b.map(|it| it.entries.len()), Some(1));
        assert_eq!(it.l.map(|it| it.items.len()), Some(1));
    }
}
