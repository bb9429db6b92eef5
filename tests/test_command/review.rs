//! What is said of a suite itself stands below its verdicts, in every form, and counts in the exit code.

use std::fs;

use quick_junit::Report;
use serde_json::Value as Json;

use crate::common::{call, call_with, folder, write};

#[test]
fn what_a_suite_covers_is_told_in_every_form() {
    let folder = folder();
    let at = folder.path();
    let plain = call(at, &["test", "holds.yaml"]);
    let it = call(at, &["test", "holds.yaml", "--coverage"]);
    assert_eq!(
        (it.code, it.err.as_str()),
        (0, ""),
        "without a threshold no coverage is too low"
    );
    let below = it
        .out
        .strip_prefix(&plain.out)
        .expect("the verdicts come first");
    assert!(below.starts_with("\ncoverage: "), "{below}");

    // One scenario is not all there is to cover.
    let asked = [
        "test",
        "holds.yaml",
        "--coverage-threshold",
        "100%",
        "--mutate-rules",
    ];
    for format in ["text", "json", "tap", "github"] {
        let all = [&asked[..], &["--format", format, "--junit", "it.xml"]].concat();
        let it = call(at, &all);
        assert_eq!((it.code, it.err.as_str()), (1, ""), "{format}: {}", it.out);
        match format {
            "text" => assert!(
                it.out.contains("\nless than 100% is covered\n"),
                "{}",
                it.out
            ),
            "json" => {
                let json: Json = serde_json::from_str(&it.out).expect("it is JSON");
                assert_eq!(json["coverage"]["threshold_met"], false);
                assert!(json["mutants"]["unnoticed"].as_u64() > Some(0));
                assert_eq!(json["totals"]["ok"], 1, "the scenario itself holds");
            }
            "tap" => {
                assert!(
                    it.out
                        .starts_with("TAP version 14\n1..2\nok 1 - holds.yaml\n")
                );
                assert!(
                    it.out
                        .contains("\nnot ok 2 - the suite itself\n# coverage: "),
                    "{}",
                    it.out
                );
            }
            _ => assert!(
                it.out
                    .contains("\n::error title=the suite covers or notices less"),
                "{}",
                it.out
            ),
        }
        let text = fs::read_to_string(at.join("it.xml")).expect("it was written");
        let report = Report::deserialize_from_str(&text).expect("it is JUnit");
        assert_eq!((report.tests, report.failures), (7, 1));
        assert_eq!(report.test_suites[1].name.as_str(), "the suite itself");
    }
}

#[test]
fn only_what_is_selected_covers_anything() {
    let folder = folder();
    let at = folder.path();
    let covered = |arguments: &[&str]| {
        let it = call(
            at,
            &[&["test", "--coverage", "--format", "json"], arguments].concat(),
        );
        let json: Json = serde_json::from_str(&it.out).expect("it is JSON");
        json["coverage"]["covered"].as_u64().expect("a number")
    };
    let (text, _) = crate::common::HOLDS
        .split_once("expect:")
        .expect("it has expectations");
    write(
        at,
        "more/calm.yaml",
        &format!("{text}expect:\n  - {{ at: 2h, keys: main/us-east-1, state: Disabled }}\n"),
    );
    let one = covered(&["more"]);
    assert!(one < covered(&["holds.yaml", "more"]));
    assert_eq!(one, covered(&["holds.yaml", "more", "--run", "^more/"]));
}

#[test]
fn what_cannot_be_looked_at_twice_or_to_the_end_is_refused() {
    let folder = folder();
    let at = folder.path();
    let it = call_with(
        at,
        &["test", "-", "--coverage"],
        crate::common::HOLDS.as_bytes(),
    );
    assert_eq!(it.code, 2);
    assert!(
        it.err.contains("standard input can be read once"),
        "{}",
        it.err
    );
    for option in ["--coverage", "--mutate-rules", "--coverage-threshold=5%"] {
        let it = call(at, &["test", "holds.yaml", "--fail-fast", option]);
        assert_eq!(it.code, 2, "{option}");
        assert!(it.err.contains("cannot be used with"), "{}", it.err);
    }
    // What is exempt is bad input where it names nothing; the verdicts are told all the same.
    write(at, "suite/holds.yaml", crate::common::HOLDS);
    write(at, "suite/exempt.yaml", "nothing of that name: because\n");
    let it = call(at, &["test", "suite", "--coverage"]);
    assert_eq!(it.code, 2, "{}", it.out);
    assert!(it.err.contains("suite/exempt.yaml:1:1"), "{}", it.err);
    assert!(
        it.out.starts_with("ok suite/holds.yaml (6 expectations)\n"),
        "{}",
        it.out
    );
    assert_eq!(call(at, &["test", "suite"]).code, 0, "it is no scenario");
}
