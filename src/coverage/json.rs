//! Coverage and mutants for programs: the objects `coverage` and `mutants` of a suite's document.

use serde_json::{Value as Json, json};

use super::{Coverage, Exemption, Group, Line, Noticed, Threshold};

/// How much is covered, in thousandths, rounded down; all of nothing is all.
pub(super) const fn per_mille(covered: usize, all: usize) -> usize {
    match all {
        0 => 1_000,
        all => covered * 1_000 / all,
    }
}

/// The coverage of a suite.
pub fn coverage(it: &Coverage, threshold: Option<Threshold>) -> Json {
    let of = |group: Option<Group>| {
        let (covered, all) = it.count(group);
        json!({ "covered": covered, "total": all, "per_mille": per_mille(covered, all) })
    };
    let kinds = Group::ALL.iter().map(|group| {
        let mut kind = of(Some(*group));
        kind["kind"] = json!(group.word());
        kind
    });
    let (covered, all) = it.count(None);
    let mut whole = of(None);
    whole["threshold"] = json!(threshold.map(|it| it.to_string()));
    whole["threshold_met"] = json!(threshold.is_none_or(|it| it.met(covered, all)));
    whole["kinds"] = kinds.collect();
    whole["items"] = it.lines.iter().map(line).collect();
    whole["needless"] = it.needless(false).map(exemption).collect();
    whole
}

/// What became of each mutant.
pub fn mutants(it: &Coverage) -> Json {
    let all = it.mutants.iter().map(noticed);
    json!({
        "total": it.mutants.len(),
        "noticed": it.mutants.iter().filter(|it| it.expectations > 0).count(),
        "unnoticed": it.unnoticed().count(),
        "each": all.collect::<Vec<Json>>(),
    })
}

fn line(it: &Line) -> Json {
    json!({
        "id": it.item.id(),
        "kind": it.item.group().word(),
        "exercised": it.exercised,
        "asserted": it.asserted,
        "exempt": it.exempt.as_ref().map(exemption),
        "covered": it.covered(),
    })
}

fn noticed(it: &Noticed) -> Json {
    let first = it.first.as_ref();
    json!({
        "rule": it.mutant.of().word(),
        "says": it.mutant.says(),
        "exercised": it.exercised,
        "expectations": it.expectations,
        "first": first.map(|(file, line)| json!({ "file": file, "line": line })),
        "exempt": it.exempt.as_ref().map(exemption),
    })
}

fn exemption(it: &Exemption) -> Json {
    json!({
        "item": it.item.id(),
        "reason": it.reason,
        "file": it.file,
        "line": it.line,
        "column": it.column,
    })
}
