//! Saved runs read back: NDJSON, a line each, and the JSON document, whose entries are the same objects.
//!
//! What a later version may have added is passed over; what this version writes must be there and be what it writes.

mod fact;
mod fields;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::names::Kind;
use crate::scenario::Input;
use crate::states::{AccessWord, Ingest, KeyState, Queries, SiteState, Source, Status};
use crate::text::clean;
use crate::time::Calendar;
use crate::timeline::{Begin, Saved, So, Total};

use fields::{Fields, list, object, text};

/// The name of the form, which header and document give; fields are only ever added to it.
pub const SCHEMA: &str = "keyoutage/timeline/1";

/// Why a text is no saved run: the line (from 1) where that can be told, the column where the text is no JSON, and what
/// was expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// The line; of the JSON document only where it is no JSON.
    pub line: Option<usize>,
    /// The column.
    pub column: Option<usize>,
    /// What is wrong, and what was expected.
    pub why: String,
}

/// Reads a saved run, in whichever of the two forms it is.
///
/// # Errors
/// The first place that is not as it is written, and what was expected there.
pub fn read(text: &str) -> Result<Saved, Wrong> {
    let first = text.lines().next().unwrap_or("");
    if serde_json::from_str::<Value>(first).is_ok_and(|it| it.is_object())
        && text.lines().count() > 1
    {
        lines(text)
    } else {
        document(text)
    }
}

fn wrong(line: Option<usize>, why: impl Into<String>) -> Wrong {
    Wrong {
        line,
        column: None,
        why: why.into(),
    }
}

/// One line of NDJSON as an object.
fn value(at: usize, line: &str) -> Result<Map<String, Value>, Wrong> {
    match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(wrong(Some(at), "a JSON object is due")),
        Err(error) => Err(Wrong {
            line: Some(at),
            column: Some(error.column().max(1)),
            why: format!("this is no JSON object: {}", plain(&error)),
        }),
    }
}

/// What the JSON reader says, without its own place.
fn plain(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let end = said.rfind(" at line ").unwrap_or(said.len());
    clean(&said[..end]).into_owned()
}

fn lines(text: &str) -> Result<Saved, Wrong> {
    let all: Vec<&str> = text.lines().collect();
    let at_line = |at: usize| move |why: String| wrong(Some(at + 1), why);
    let mut saved = head(&value(1, all[0])?).map_err(at_line(0))?;
    let last = all.len() - 1;
    let trailer = value(last + 1, all[last])?;
    if !trailer.contains_key("digest") {
        return Err(wrong(
            Some(last + 1),
            "the last line, with the digest, is missing: the file was cut off",
        ));
    }
    let mut digest = Sha256::new();
    for (at, line) in all.iter().enumerate().take(last).skip(1) {
        digest.update(line.as_bytes());
        digest.update(b"\n");
        let map = value(at + 1, line)?;
        let read = if map.contains_key("fact") {
            fact::entry(&map, &mut saved)
        } else {
            total(&map).map(|total| saved.totals.push(total))
        };
        read.map_err(at_line(at))?;
    }
    tail(&trailer, &mut saved).map_err(at_line(last))?;
    let digest: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if digest != saved.digest {
        return Err(wrong(
            Some(last + 1),
            "the lines before it do not give this digest: one of them was changed, or is missing",
        ));
    }
    Ok(saved)
}

fn document(text: &str) -> Result<Saved, Wrong> {
    let whole = match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(map)) => map,
        Ok(_) => return Err(wrong(Some(1), "a saved run is a JSON object")),
        Err(error) => {
            return Err(Wrong {
                line: Some(error.line().max(1)),
                column: Some(error.column().max(1)),
                why: format!("this is no JSON: {}", plain(&error)),
            });
        }
    };
    let mut saved = head(&whole).map_err(|why| wrong(None, why))?;
    let fields = Fields::of(&whole);
    let entries = fields.list("entries").map_err(|why| wrong(None, why))?;
    for (at, entry) in entries.iter().enumerate() {
        let read = object(entry, "an entry").and_then(|map| fact::entry(map, &mut saved));
        read.map_err(|why| wrong(None, format!("entry {at}: {why}")))?;
    }
    let totals = fields.list("totals").map_err(|why| wrong(None, why))?;
    for (at, it) in totals.iter().enumerate() {
        let read = object(it, "totals").and_then(total);
        saved
            .totals
            .push(read.map_err(|why| wrong(None, format!("total {at}: {why}")))?);
    }
    tail(&whole, &mut saved).map_err(|why| wrong(None, why))?;
    Ok(saved)
}

/// What stands before the entries.
fn head(map: &Map<String, Value>) -> Result<Saved, String> {
    let fields = Fields::of(map);
    match map.get("schema").and_then(Value::as_str) {
        Some(SCHEMA) => {}
        Some(other) => {
            return Err(format!(
                "this is `{}`; a saved run, `{SCHEMA}`, is due",
                clean(other)
            ));
        }
        None => return Err(format!("`\"schema\":\"{SCHEMA}\"` is due")),
    }
    let start = match map.get("start_time") {
        None | Some(Value::Null) => None,
        Some(value) => Some(Calendar::parse(text(value, "start_time")?)?),
    };
    let mut inputs = Vec::new();
    for it in fields.list("inputs")? {
        let of = Fields::of(object(it, "inputs")?);
        inputs.push(Input {
            name: of.text("name")?.to_owned(),
            sha256: of.text("sha256")?.to_owned(),
        });
    }
    let assumptions = fields.list("assumptions")?.iter();
    let assumptions = assumptions.map(|it| text(it, "assumptions").map(str::to_owned));
    Ok(Saved {
        scenario: fields.text("scenario")?.to_owned(),
        profile: fields.text("profile")?.to_owned(),
        seed: fields.number("seed")?,
        start,
        until: fields.time("until_ms")?,
        inputs,
        assumptions: assumptions.collect::<Result<_, _>>()?,
        begins: begins(fields.object("start")?)?,
        names: Vec::new(),
        known: std::collections::BTreeMap::new(),
        entries: Vec::new(),
        texts: Vec::new(),
        policies: Vec::new(),
        accesses: Vec::new(),
        totals: Vec::new(),
        measures: None,
        digest: String::new(),
    })
}

/// What was so after the start.
fn begins(start: &Map<String, Value>) -> Result<Vec<Begin>, String> {
    let fields = Fields::of(start);
    let mut all = Vec::new();
    for (list, kind) in [
        ("replicas", Kind::Replica),
        ("sites", Kind::Site),
        ("collections", Kind::Collection),
    ] {
        for it in fields.list(list)? {
            let of = Fields::of(object(it, list)?);
            let so = match kind {
                Kind::Replica => So::Replica(of.word("state", KeyState::from_word)?),
                Kind::Site => So::Site(
                    of.word("state", SiteState::from_word)?,
                    of.word("access", AccessWord::from_word)?,
                    match of.get("error")? {
                        Value::Null => None,
                        error => Some(text(error, "error")?.to_owned()),
                    },
                ),
                Kind::Key | Kind::Region | Kind::Org | Kind::Collection => So::Collection(
                    of.word("source", Source::from_word)?,
                    of.word("status", Status::from_word)?,
                    of.word("queries", Queries::from_word)?,
                    of.word("ingest", Ingest::from_word)?,
                ),
            };
            all.push(Begin {
                kind,
                name: of.name("subject")?,
                count: match kind {
                    Kind::Replica => 1,
                    _ => of.number("count")?,
                },
                so,
            });
        }
    }
    Ok(all)
}

fn total(map: &Map<String, Value>) -> Result<Total, String> {
    let fields = Fields::of(map);
    Ok(Total {
        name: fields.name("subject")?,
        counts: fields.counts()?,
        lost_bytes: fields.number("lost_bytes")?,
    })
}

/// What stands after the entries, as far as it is read back: digest and measures.
fn tail(map: &Map<String, Value>, saved: &mut Saved) -> Result<(), String> {
    let digest = Fields::of(map).text("digest")?;
    let hex = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
    if digest.len() != 64 || !digest.bytes().all(hex) {
        return Err("`digest`: 64 hex digits are due".to_owned());
    }
    saved.digest = digest.to_owned();
    let Some(measures) = map.get("measures") else {
        return Ok(());
    };
    let mut all = Vec::new();
    for it in list(measures, "measures")? {
        let of = object(it, "measures")?;
        let mut measured = Vec::new();
        for (name, value) in of.iter().filter(|(name, _)| *name != "subject") {
            let value = match value {
                Value::Null => None,
                value => {
                    let whole = value.as_i64().map(i128::from);
                    let whole = whole.or(value.as_u64().map(i128::from));
                    Some(whole.ok_or_else(|| {
                        format!("`{}`: a whole number or null is due", clean(name))
                    })?)
                }
            };
            measured.push((name.clone(), value));
        }
        all.push((Fields::of(of).name("subject")?, measured));
    }
    saved.measures = Some(all);
    Ok(())
}
