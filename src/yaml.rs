//! YAML, read strictly, with places: the only file that knows which library reads it.
//!
//! Scalars are handed on as the text that was written, so `no`, `1_000`, `0x10` and an account id with a leading zero never
//! become something else on the way; what a text means is decided by whoever asks for it, where it can be said in plain words.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, Location, MergeKeyPolicy, Spanned};

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
        strict_indentation: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        merge_keys: MergeKeyPolicy::Error,
        with_snippet: false,
        budget: serde_saphyr::budget! { max_depth: DEEPEST, max_nodes: NODES, max_aliases: ALIASES },
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
        BudgetBreach::AliasAnchorRatio { .. } => {
            "its aliases repeat too few anchors too often".to_owned()
        }
        _ => "it is larger than what is read".to_owned(),
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        let it = Spanned::<String>::deserialize(deserializer)?;
        Ok(Text {
            mark: Mark::of(it.referenced),
            raw: raw(it.defined),
            text: it.value,
        })
    }
}

fn raw(location: Location) -> Range<usize> {
    let span = location.span();
    let (start, len) = (span.byte_offset(), span.byte_len());
    let small = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    small(start)..small(start).saturating_add(small(len))
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Placed<T>, D::Error> {
        let it = Spanned::<T>::deserialize(deserializer)?;
        Ok(Placed {
            mark: Mark::of(it.referenced),
            value: it.value,
        })
    }
}

/// A list without its place.
struct Bare<T>(Vec<T>);
/// A map without its place.
struct Pairs<T>(Vec<(Text, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bare<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bare<T>, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Bare<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bare<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Bare(items))
            }
        }
        deserializer.deserialize_seq(List(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Items<T>, D::Error> {
        let it = Placed::<Bare<T>>::deserialize(deserializer)?;
        Ok(Items {
            mark: it.mark,
            items: it.value.0,
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs<T>, D::Error> {
        struct Map<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Map<T> {
            type Value = Pairs<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(name) = map.next_key::<Text>()? {
                    entries.push((name, map.next_value()?));
                }
                Ok(Pairs(entries))
            }
        }
        deserializer.deserialize_map(Map(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries<T>, D::Error> {
        let it = Placed::<Pairs<T>>::deserialize(deserializer)?;
        Ok(Entries {
            mark: it.mark,
            entries: it.value.0,
        })
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
        let it = Spanned::<Branch>::deserialize(deserializer)?;
        Ok(Tree {
            mark: Mark::of(it.referenced),
            raw: raw(it.defined),
            branch: it.value,
        })
    }
}

impl<'de> Deserialize<'de> for Branch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Branch, D::Error> {
        deserializer.deserialize_any(AnyShape)
    }
}

struct AnyShape;

impl<'de> Visitor<'de> for AnyShape {
    type Value = Branch;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Branch, E> {
        Ok(Branch::Null)
    }
    fn visit_none<E>(self) -> Result<Branch, E> {
        Ok(Branch::Null)
    }
    fn visit_bool<E>(self, it: bool) -> Result<Branch, E> {
        Ok(Branch::Bool(it))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_u128<E>(self, _: u128) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_i128<E>(self, _: i128) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_str<E>(self, it: &str) -> Result<Branch, E> {
        Ok(Branch::Text(it.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Branch, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Branch::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Branch, A::Error> {
        let mut entries = Vec::new();
        while let Some(name) = map.next_key::<Text>()? {
            entries.push((name, map.next_value()?));
        }
        Ok(Branch::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::{Entries, Items, Text, Tree, read};

    #[test]
    fn probe() {
        #[derive(serde::Deserialize, Debug)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code)]
        struct S {
            a: Text,
            #[serde(default)]
            b: Option<Entries<Text>>,
            #[serde(default)]
            l: Option<Items<Text>>,
            #[serde(default)]
            t: Option<Tree>,
        }
        for text in [
            "a: no\nb: { x: 1_000, y: 0x10, z: 0777 }\nl: [1e3, .nan, 'q q', \"r\"]\n",
            "a: 012345678901\nt:\n  x: 012345678901\n  y: [1, 1e3, true, .nan]\n",
            "a: |\n  one\n  two\nt: |\n    {\n     \"a\": 1}\n",
            "a: 1\nc: 2\n",
            "b: {x: y}\n",
            "a: null\n",
            "a:\n",
            "a: [1]\n",
            "a: 1\nb: [1]\n",
            "a: 1\nb: 7\n",
            "a: 1\nl: 7\n",
            "a: 1\nl: {x: 1}\n",
            "a: 1\na: 2\n",
            "a: 1\nb: {x: 1, x: 2}\n",
            "a: 1\nt: {x: 1, x: 2}\n",
            "a: !!python/object/apply x\n",
            "a: !foo x\n",
            "a: 1\nt: !foo {x: 1}\n",
            "a: !!int 5\n",
            "a: !!str 5\n",
            "a: *x\n",
            "a: 1\nt: &x [*x]\n",
            "a: 1\nt: {x: &d 5, y: *d}\n",
            "a: 1\n---\na: 2\n",
            "",
            "# c\n",
            "a: \"x\n",
            "a: [1\n",
            "a: 1\n b: 2\n",
            "a: 1\n\tb: 2\n",
            "7",
            "[1]",
            "{\"a\": 1, }",
            "a: 1\n...\nxx\n",
            "%YAML 9.9\n---\na: 1\n",
            "a: \"\u{0}\"\n",
            "a: x\u{0}\n",
            "a: 1 # \u{1b}[0m\n",
            "a: 1\n? [x]\n: 1\n",
            "a: 1\r\nc: 1\r\n",
            "\u{feff}a: 1\nc: 2\n",
            "a: 1\nb: {1: 2, [x]: 3}\n",
            "a: 1\nb: {<<: {x: 1}}\n",
            "a: 1:30\n",
            "a: `x`\n",
            "a: @x\n",
            "a: > 10m\n",
            "a: - x\n",
            "a: b: c\n",
            "a: {b: c\n",
        ] {
            let _ = (text, read::<S>(text));
        }
    }
}
