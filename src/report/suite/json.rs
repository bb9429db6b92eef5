//! A suite for programs: one document, `keyoutage/test/1`; fields are only ever added to it.

use std::fmt;

use serde_json::{Value as Json, json};

use crate::report::unmet::{Miss, Unmet};
use crate::scenario::{Problem, Severity};
use crate::text::escaped;

use super::words::{again, result};
use super::{Broken, Came, Case, Check, Fate, Golden, Judged, Suite, Totals};

/// Writes the document.
///
/// # Errors
/// Those of the writer.
pub fn json(suite: &Suite, out: &mut dyn fmt::Write) -> fmt::Result {
    let totals = Totals::new(suite);
    let mut document = json!({
        "schema": "keyoutage/test/1",
        "cases": suite.cases.iter().map(case).collect::<Vec<Json>>(),
        "golden_without_scenario": suite.strays,
        "totals": {
            "scenarios": totals.scenarios,
            "expectations": totals.expectations,
            "unmet": totals.unmet,
            "ok": totals.ok,
            "failed": totals.failed,
            "broken": totals.broken,
            "golden_timelines": totals.goldens,
            "differing": totals.differing,
            "written": totals.written,
            "skipped": totals.skipped,
            "not_selected": totals.unselected,
        },
    });
    for (name, value) in suite.review.iter().flat_map(|it| &it.objects) {
        document[*name] = value.clone();
    }
    out.write_str(&escaped(&format!("{document:#}\n")))
}

fn case(case: &Case) -> Json {
    let mut seeds = Json::Null;
    let mut expectations = Vec::new();
    let mut golden = None;
    let mut problems = Vec::new();
    let mut error = None;
    match &case.fate {
        Fate::Judged(judged) => {
            seeds = of_seeds(case, judged);
            expectations = judged.checks.iter().map(check).collect();
            golden = judged.golden.as_ref().map(of_golden);
        }
        Fate::Broken(Broken::Problems(all)) => problems = all.iter().map(problem).collect(),
        Fate::Broken(Broken::Unread { said, .. }) => error = Some(said),
        Fate::Skipped => {}
    }
    json!({
        "file": case.file,
        "name": case.name,
        "result": result(case),
        "seeds": seeds,
        "expectations": expectations,
        "golden": golden,
        "problems": problems,
        "error": error,
        "warnings": case.warnings.iter().map(problem).collect::<Vec<Json>>(),
    })
}

fn of_seeds(case: &Case, judged: &Judged) -> Json {
    let seeds = judged.seeds;
    json!({
        "first": seeds.first,
        "count": seeds.count,
        "failing": seeds.failing,
        "first_failing": seeds.first_failing,
        "again": again(case, judged),
    })
}

fn of_golden(golden: &Golden) -> Json {
    let (result, differs) = match &golden.came {
        Came::Same => ("same", None),
        Came::Differs(text) => ("differs", Some(text)),
        Came::Written => ("written", None),
    };
    json!({ "file": golden.file, "result": result, "differs": differs })
}

fn check(check: &Check) -> Json {
    let fails = check.fails.as_ref().map(|fails| {
        let mut why = unmet(&fails.unmet);
        why["seeds"] = json!(fails.seeds);
        why["seed"] = json!(fails.first);
        why
    });
    json!({
        "line": check.line,
        "column": check.column,
        "text": check.text,
        "holds": fails.is_none(),
        "why": fails,
    })
}

fn unmet(unmet: &Unmet) -> Json {
    json!({
        "selected": unmet.selected,
        "failed": unmet.failed,
        "subjects": unmet.told.iter().map(told).collect::<Vec<Json>>(),
    })
}

fn told(told: &Miss) -> Json {
    let because = told
        .because
        .iter()
        .map(|link| json!({ "entry": link.entry, "t_ms": link.time.ms(), "text": link.text }));
    json!({
        "subject": told.who,
        "at_ms": told.instant.map(|it| it.ms()),
        "was": told.was,
        "nearest": told.nearest,
        "because": because.collect::<Vec<Json>>(),
        "more": told.more,
    })
}

fn problem(it: &Problem) -> Json {
    json!({
        "code": it.code.word(),
        "severity": severity(it.severity),
        "file": it.file,
        "line": it.line,
        "column": it.column,
        "length": it.length,
        "message": it.message,
        "expected": it.expected,
        "help": it.help,
        "did_you_mean": it.did_you_mean,
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
