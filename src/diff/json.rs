//! A difference as one JSON document, schema `keyoutage/diff/1`: everything that differs, one subject a line, none folded.

use std::fmt;

use serde_json::{Value, json};

use crate::report::{Number, Said};
use crate::text::{escaped, quoted};

use super::{Change, Difference, Of, Worse};

/// The name of this form; fields are only ever added to it.
const SCHEMA: &str = "keyoutage/diff/1";

/// Writes the document; `names` are those of the two runs.
///
/// # Errors
/// Those of the writer.
pub fn json(it: &Difference, names: [&str; 2], out: &mut dyn fmt::Write) -> fmt::Result {
    let tally = it.tally();
    writeln!(out, "{{\n\"schema\":{},", quoted(SCHEMA))?;
    for (letter, at) in [("a", 0), ("b", 1)] {
        let head = &it.heads[at];
        let run = json!({
            "name": names[at],
            "scenario": head.scenario,
            "profile": head.profile,
            "seed": head.seed,
            "until_ms": head.until.ms(),
            "facts": it.facts[at],
            "digest": it.digests[at],
        });
        writeln!(out, "\"{letter}\":{},", escaped(&run.to_string()))?;
    }
    writeln!(
        out,
        "\"same\":{},\n\"regression\":{},",
        it.is_same(),
        !it.worse.is_empty()
    )?;
    let tally = json!({
        "earlier": tally.earlier,
        "later": tally.later,
        "gone": tally.gone,
        "new": tally.new,
        "changed": tally.changed,
    });
    writeln!(
        out,
        "\"facts\":{tally},\n\"same_digest\":{},",
        it.same_digest()
    )?;
    let asked = it
        .asked
        .iter()
        .map(|it| json!({ "about": it.about.word(), "name": it.name, "a": it.values[0], "b": it.values[1] }));
    list("asked", asked, out)?;
    out.write_str(",\n")?;
    list("worse", it.worse.iter().map(worse), out)?;
    out.write_str(",\n")?;
    let unclear = it
        .unclear
        .iter()
        .map(|it| json!({ "kind": it.whom.kind.word(), "subject": it.whom.name, "why": it.why }));
    list("unclear", unclear, out)?;
    out.write_str(",\n")?;
    list("subjects", it.subjects.iter().map(subject), out)?;
    out.write_str("\n}\n")
}

/// A list with one element a line.
fn list(name: &str, all: impl Iterator<Item = Value>, out: &mut dyn fmt::Write) -> fmt::Result {
    write!(out, "\"{name}\":[")?;
    let mut any = false;
    for it in all {
        out.write_str(if any { ",\n" } else { "\n" })?;
        any = true;
        out.write_str(&escaped(&it.to_string()))?;
    }
    out.write_str(if any { "\n]" } else { "]" })
}

fn worse(it: &Worse) -> Value {
    json!({
        "what": it.what.word(),
        "kind": it.whom.kind.word(),
        "subject": it.whom.name,
        "a": it.values[0],
        "b": it.values[1],
    })
}

fn subject(of: &Of) -> Value {
    let changes: Vec<Value> = of.changes.iter().map(change).collect();
    let mut numbers = serde_json::Map::new();
    for (name, [a, b]) in &of.numbers {
        let unit = match a.or(*b) {
            Some(Number::At(_) | Number::For(_) | Number::Signed(_)) => "_ms",
            Some(Number::Count(_) | Number::Bytes(_)) | None => "",
        };
        numbers.insert(
            format!("{name}{unit}"),
            json!({ "a": number(*a), "b": number(*b) }),
        );
    }
    let begin = of.begin.as_ref();
    json!({
        "kind": of.whom.kind.word(),
        "subject": of.whom.name,
        "only": of.only.map(|side| if side == 0 { "a" } else { "b" }),
        "start": begin.map(|[a, b]| json!({ "a": a, "b": b })),
        "changes": changes,
        "numbers": numbers,
    })
}

fn number(number: Option<Number>) -> Value {
    match number {
        None => Value::Null,
        Some(Number::Count(it) | Number::Bytes(it)) => it.into(),
        Some(Number::At(time)) => time.ms().into(),
        Some(Number::For(span)) => span.ms().into(),
        Some(Number::Signed(ms)) => ms.into(),
    }
}

fn change(change: &Change) -> Value {
    let way = match change {
        Change::Moved(a, b) if b.time < a.time => "earlier",
        Change::Moved(..) => "later",
        Change::Changed(..) => "changed",
        Change::Gone(_) => "gone",
        Change::New(_) => "new",
    };
    let [a, b] = change.sides().map(|it| it.map_or(Value::Null, said));
    json!({ "way": way, "a": a, "b": b })
}

fn said(it: &Said) -> Value {
    let milestones: Vec<&str> = it.milestones.iter().map(|it| it.word()).collect();
    json!({ "t_ms": it.time.ms(), "fact": it.words, "milestones": milestones })
}
