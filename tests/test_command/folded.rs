//! Golden timelines that fold, compared: what two scenarios tell is told, or it is said that it cannot be.

use std::fs;
use std::path::Path;

use crate::common::{HOLDS, call, write};

/// So many idle collections, without a key for so long.
fn idle(count: u32, lasts: &str) -> String {
    let head = HOLDS.split_once("orgs:").expect("it has orgs").0;
    format!(
        "{head}orgs:\n  acme:\n    key: main\n    regions: [us-west-2, us-east-1]\n    collections:\n      \
         us-east-1/idle: {{ count: {count}, source: s3 }}\nevents:\n  \
         - {{ at: 1h, do: DisableKey, key: main, region: us-east-1, for: {lasts} }}\n"
    )
}

fn regression(at: &Path, a: &str, b: &str) -> (i32, String) {
    let it = call(at, &["diff", a, b, "--fail-on", "regression"]);
    assert_eq!(it.err, "");
    let first = it.out.lines().next().unwrap_or("").to_owned();
    (it.code, first)
}

#[test]
fn a_longer_halt_is_seen_through_a_fold_and_more_collections_are_not_called_worse() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = folder.path();
    write(at, "a.yaml", &idle(20, "1h"));
    let it = call(
        at,
        &["run", "a.yaml", "--format", "timeline", "-o", "a.timeline"],
    );
    assert_eq!(it.code, 0, "{}", it.err);
    let kept = fs::read_to_string(at.join("a.timeline")).expect("it was written");
    assert!(
        kept.contains("more like it") && kept.contains("  collections 20, halted 20h"),
        "{kept}"
    );
    for (name, scenario) in [
        ("longer", idle(20, "1h30m")),
        ("shorter", idle(20, "30m")),
        ("more", idle(21, "1h")),
    ] {
        write(at, &format!("{name}.yaml"), &scenario);
    }
    assert_eq!(regression(at, "a.timeline", "a.yaml").0, 0);
    for a in ["a.yaml", "a.timeline"] {
        let (code, verdict) = regression(at, a, "longer.yaml");
        assert!(
            code == 1 && verdict.contains("; worse: ") && verdict.contains("longer_halt"),
            "{a}: {verdict}"
        );
        let (code, verdict) = regression(at, a, "shorter.yaml");
        assert!(
            code == 0 && verdict.ends_with("; nothing got worse"),
            "{a}: {verdict}"
        );
    }
    let (code, verdict) = regression(at, "a.yaml", "more.yaml");
    assert!(
        code == 0 && verdict.ends_with("; nothing got worse"),
        "{verdict}"
    );
    let (code, verdict) = regression(at, "a.timeline", "more.yaml");
    assert!(
        code == 1 && verdict.ends_with("; whether it got worse cannot be told"),
        "{verdict}"
    );
    let it = call(at, &["diff", "a.timeline", "more.yaml", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&it.out).expect("it is JSON");
    assert_eq!(told["regression"], false);
    assert_eq!(told["unclear"][0]["subject"], "acme/us-east-1/*");
}
