//! For code scanning: a SARIF 2.1.0 log (OASIS, "Static Analysis Results Interchange Format").

use serde_json::{Value as Json, json};

use crate::preflight::codes::FindingCode;
use crate::preflight::finding::Finding;
use crate::preflight::tell::Told;
use crate::preflight::tell::json::severity;
use crate::text::escaped;

/// One log with one run.
pub fn sarif(told: &Told<'_>) -> String {
    let rules: Vec<Json> = FindingCode::ALL.iter().map(|it| rule(*it)).collect();
    let results: Vec<Json> = told.findings.iter().map(|it| result(it, told)).collect();
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

fn rule(code: FindingCode) -> Json {
    json!({
        "id": code.word(),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": crate::preflight::explain(code.word()) },
        "defaultConfiguration": { "level": severity(code.severity()) },
    })
}

fn result(it: &Finding, told: &Told<'_>) -> Json {
    let place = &it.place;
    let mut message = it.what.clone();
    let shown = it.counterexample.as_ref().map(|it| it.sentence());
    for more in [&it.consequence, &shown].into_iter().flatten() {
        message.push_str(". ");
        message.push_str(more);
    }
    let artifact = json!({ "uri": uri(&place.file) });
    let mut result = json!({
        "ruleId": it.code.word(),
        "ruleIndex": FindingCode::ALL.iter().position(|code| *code == it.code),
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
        it.is_mended(),
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
