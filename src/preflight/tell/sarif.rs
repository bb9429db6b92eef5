//! For code scanning: a SARIF 2.1.0 log (OASIS, "Static Analysis Results Interchange Format").

use serde_json::{Value as Json, json};

use crate::preflight::codes::FindingCode;
use crate::preflight::tell::Told;
use crate::preflight::tell::json::severity;
use crate::preflight::tell::remark::{Kind, Remark};
use crate::text::escaped;

/// One log with one run.
pub fn sarif(told: &Told<'_>) -> String {
    let findings = FindingCode::ALL.iter().map(|it| Kind::Finding(*it));
    let mut kinds: Vec<Kind> = findings.collect();
    // Of what makes a file no scenario, only what there is.
    for it in told.remarks {
        if !kinds.contains(&it.kind) {
            kinds.push(it.kind);
        }
    }
    let rules: Vec<Json> = kinds.iter().map(|it| rule(*it)).collect();
    let results = told.remarks.iter().map(|it| result(it, &kinds, told));
    let results: Vec<Json> = results.collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "keyoutage",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            // Columns count characters, as editors do.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    escaped(&format!("{log:#}\n"))
}

fn rule(code: Kind) -> Json {
    json!({
        "id": code.word(),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": code.page() },
        "defaultConfiguration": { "level": severity(code.severity()) },
    })
}

fn result(it: &Remark, kinds: &[Kind], told: &Told<'_>) -> Json {
    let place = &it.place;
    let mut message = it.what.clone();
    for more in it.more() {
        message.push_str(". ");
        message.push_str(&more);
    }
    let artifact = json!({ "uri": uri(&place.file) });
    let mut result = json!({
        "ruleId": it.kind.word(),
        "ruleIndex": kinds.iter().position(|kind| *kind == it.kind),
        "level": severity(it.severity),
        "message": { "text": message },
        "locations": [{ "physicalLocation": {
            "artifactLocation": artifact,
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endColumn": place.column.saturating_add(place.length),
            },
        }}],
    });
    // A policy that was wrapped is not the file's own text, so no change of the file can be offered.
    let policy = told.policy.filter(|it| !it.wrapped);
    if let (Some(policy), Some(repaired), true) = (
        policy,
        policy.and_then(|it| it.repaired.as_ref()),
        it.mended,
    ) {
        result["fixes"] = json!([{
            "description": { "text": "the whole policy with all findings mended" },
            "artifactChanges": [{
                "artifactLocation": { "uri": uri(&place.file) },
                "replacements": [{
                    "deletedRegion": whole(&policy.text),
                    "insertedContent": { "text": repaired },
                }],
            }],
        }]);
    }
    result
}

/// The region of a whole text.
fn whole(text: &str) -> Json {
    let lines: Vec<&str> = crate::text::lines(text).collect();
    let last = lines.last().map_or(0, |it| it.chars().count());
    json!({
        "startLine": 1,
        "startColumn": 1,
        "endLine": lines.len(),
        "endColumn": last + 1,
    })
}

/// A path as a relative URI reference (RFC 3986): what has a meaning there is written by its bytes.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char);
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
