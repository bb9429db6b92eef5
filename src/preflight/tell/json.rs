//! For programs: one document, `keyoutage/check/1`.

use serde_json::{Value as Json, json};

use crate::preflight::tell::Told;
use crate::preflight::tell::remark::Remark;
use crate::scenario::Severity;
use crate::text::escaped;

/// One document.
pub fn json(told: &Told<'_>) -> String {
    escaped(&format!("{:#}\n", document(told)))
}

/// One document about several files, each with its findings and whether it passes.
pub fn json_of_files(files: &[(&str, &[Remark], bool)]) -> String {
    let of = |(file, findings, passes): &(&str, &[Remark], bool)| {
        let findings: Vec<Json> = findings.iter().map(finding).collect();
        json!({ "file": file, "passes": passes, "findings": findings })
    };
    let document = json!({
        "schema": "keyoutage/check/1",
        "passes": files.iter().all(|it| it.2),
        "files": files.iter().map(of).collect::<Vec<_>>(),
    });
    escaped(&format!("{document:#}\n"))
}

fn document(told: &Told<'_>) -> Json {
    let findings: Vec<Json> = told.remarks.iter().map(finding).collect();
    let mut document = json!({
        "schema": "keyoutage/check/1",
        "file": told.file,
        "arn": told.arn,
        "passes": told.passes,
        "findings": findings,
    });
    if let Some(policy) = told.policy {
        document["repaired"] = json!(policy.repaired);
        document["new_policy"] = json!(policy.fresh);
        document["diff"] = json!(policy.diff(told.file));
    }
    document
}

fn finding(it: &Remark) -> Json {
    let shown = it.counterexample.as_ref().map(|it| {
        json!({
            "action": it.action,
            "resource": it.resource,
            "principal": it.principal,
            "decision": crate::preflight::words::answer(it.answer),
        })
    });
    json!({
        "code": it.kind.word(),
        "severity": severity(it.severity),
        "file": it.place.file,
        "line": it.place.line,
        "column": it.place.column,
        "length": it.place.length,
        "what": it.what,
        "consequence": it.consequence,
        "expected": it.expected,
        "did_you_mean": it.did_you_mean,
        "counterexample": shown,
    })
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
