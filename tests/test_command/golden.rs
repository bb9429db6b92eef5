//! Golden timelines beside scenarios: written when asked, compared ever after, told in every form.

use std::fs;
use std::path::Path;

use quick_junit::Report;
use serde_json::Value as Json;

use crate::common::{HOLDS, call, fails, files, write};

fn text(at: &Path, name: &str) -> String {
    fs::read_to_string(at.join(name)).expect("it is there")
}

/// A folder with two scenarios, the first of which has a golden timeline.
fn kept() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = folder.path();
    write(at, "suite/one.yaml", HOLDS);
    write(at, "suite/two.yaml", HOLDS);
    let it = call(at, &["test", "suite/one.yaml", "--update"]);
    assert_eq!((it.code, it.err.as_str()), (0, ""));
    assert_eq!(
        it.out,
        "ok suite/one.yaml (6 expectations, golden timeline written)\n\
         1 scenario, 6 expectations, 1 golden timeline: 1 ok, 0 failed, 0 broken, 1 written\n"
    );
    assert_eq!(
        files(&at.join("suite")),
        ["one.timeline", "one.yaml", "two.yaml"]
    );
    folder
}

/// The same a minute later, with an expectation that does not notice.
fn later() -> String {
    let (head, _) = HOLDS.split_once("expect:").expect("it has expectations");
    let head = head.replace("at: 1h,", "at: 1h1m,");
    format!("{head}expect:\n  - {{ at: 59m, collections: acme/us-east-1/*, queries: all }}\n")
}

#[test]
fn a_run_that_is_what_its_golden_timeline_says_holds() {
    let folder = kept();
    let at = folder.path();
    let it = call(at, &["test", "suite"]);
    assert_eq!((it.code, it.err.as_str()), (0, ""), "{}", it.out);
    assert!(it.out.starts_with("ok suite/one.yaml (6 expectations)\n"));
    assert!(
        it.out.ends_with(
            "2 scenarios, 12 expectations, 1 golden timeline: 2 ok, 0 failed, 0 broken\n"
        )
    );
    // One that is kept of another seed has nothing to say.
    let other = call(at, &["test", "suite", "--seed", "1"]);
    assert_eq!(other.code, 0);
    assert!(!other.out.contains("golden"), "{}", other.out);
    let many = call(at, &["test", "suite", "--seeds", "3"]);
    assert!(
        many.out.contains(", 1 golden timeline: 2 ok"),
        "{}",
        many.out
    );
    // It is something to judge, though there is no expectation.
    let (calm, _) = HOLDS.split_once("expect:").expect("it has expectations");
    write(at, "suite/one.yaml", calm);
    assert_eq!(call(at, &["test", "suite/one.yaml"]).code, 0);
}

#[test]
fn a_difference_fails_in_every_form_and_names_the_commands() {
    let folder = kept();
    let at = folder.path();
    write(at, "suite/one.yaml", &later());
    let it = call(at, &["test", "suite", "--junit", "it.xml"]);
    assert_eq!((it.code, it.err.as_str()), (1, ""));
    let lines: Vec<&str> = it.out.lines().collect();
    assert_eq!(
        lines[0],
        "FAILED suite/one.yaml (1 expectation, the golden timeline differs)"
    );
    assert_eq!(
        lines[1],
        "  suite/one.timeline: the run is not what it says"
    );
    assert!(lines[2].starts_with("    different: "), "{}", it.out);
    assert!(it.out.contains("1m later"), "{}", it.out);
    assert!(
        it.out
            .contains("\n    update: keyoutage test suite/one.yaml --update\n")
    );
    let more = lines
        .iter()
        .find_map(|it| it.strip_prefix("    more: keyoutage "));
    let more: Vec<&str> = more.expect("a command").split(' ').collect();
    let diff = call(at, &more);
    assert_eq!((diff.code, diff.err.as_str()), (1, ""), "{more:?}");
    assert_eq!(diff.out.lines().next(), lines[2].strip_prefix("    "));

    let report = Report::deserialize_from_str(&text(at, "it.xml")).expect("it is JUnit");
    assert_eq!((report.tests, report.failures, report.errors), (8, 1, 0));
    let golden = &report.test_suites[0].test_cases[1];
    assert_eq!(golden.name.as_str(), "golden timeline suite/one.timeline");

    let json = call(at, &["test", "suite", "--format", "json"]);
    let json: Json = serde_json::from_str(&json.out).expect("it is JSON");
    assert_eq!(json["cases"][0]["golden"]["result"], "differs");
    assert_eq!(json["cases"][0]["result"], "fails");
    assert_eq!(json["cases"][1]["golden"], Json::Null);
    let github = call(at, &["test", "suite", "--format", "github"]);
    let head = "\n::error file=suite/one.timeline,line=1,col=1,title=the golden timeline differs::";
    assert!(github.out.contains(head), "{}", github.out);
    let tap = call(at, &["test", "suite", "--format", "tap"]);
    assert!(
        tap.out.contains("not ok 1 - suite/one.yaml\n"),
        "{}",
        tap.out
    );
}

#[test]
fn update_takes_what_is_and_makes_only_what_is_named() {
    let folder = kept();
    let at = folder.path();
    let before = text(at, "suite/one.timeline");
    write(at, "suite/one.yaml", &later());
    let it = call(at, &["test", "suite", "--update", "--seed", "5"]);
    assert_eq!(
        (it.code, text(at, "suite/one.timeline")),
        (0, before.clone()),
        "another seed"
    );
    let it = call(at, &["test", "suite", "--update"]);
    assert_eq!((it.code, it.err.as_str()), (0, ""), "{}", it.out);
    assert_ne!(text(at, "suite/one.timeline"), before);
    assert_eq!(
        files(&at.join("suite")),
        ["one.timeline", "one.yaml", "two.yaml"],
        "the folder was named"
    );
    assert_eq!(call(at, &["test", "suite"]).code, 0);
    let it = call(at, &["test", "suite", "suite/two.yaml", "--update"]);
    assert_eq!(it.code, 0);
    assert!(
        at.join("suite/two.timeline").is_file(),
        "this one was named itself"
    );
    // A file that is named twice, in two ways, is one.
    fs::remove_file(at.join("suite/two.timeline")).expect("it can be removed");
    for _ in 0..5 {
        let asked = [
            "test",
            "./suite",
            "suite/two.yaml",
            "suite/./two.yaml",
            "--update",
        ];
        let it = call(at, &asked);
        assert_eq!((it.code, it.err.as_str()), (0, ""));
        assert!(it.out.contains("2 scenarios, "), "{}", it.out);
        assert!(at.join("suite/two.timeline").is_file());
    }
    // An expectation that does not hold is no reason to keep what is old.
    write(at, "suite/two.yaml", &fails());
    assert_eq!(call(at, &["test", "suite", "--update"]).code, 1);
    let it = call(at, &["test", "suite", "--update", "--fail-fast"]);
    assert_eq!(it.code, 2, "which of them would be written?");
}

#[test]
fn a_golden_timeline_that_is_none_or_belongs_to_nobody_is_told() {
    let folder = kept();
    let at = folder.path();
    write(at, "suite/one.timeline", "not mine\n");
    let it = call(at, &["test", "suite"]);
    assert_eq!(it.code, 2);
    assert!(
        it.err.starts_with("error: suite/one.timeline:1:1: "),
        "{}",
        it.err
    );
    assert!(it.out.starts_with("broken suite/one.yaml\n"), "{}", it.out);
    assert_eq!(call(at, &["test", "suite", "--update"]).code, 0);
    fs::rename(
        at.join("suite/one.timeline"),
        at.join("suite/gone.timeline"),
    )
    .expect("it can be");
    for format in ["text", "json", "tap", "github"] {
        let it = call(at, &["test", "suite", "--format", format]);
        assert_eq!(it.code, 0);
        assert_eq!(
            it.err,
            "warning: suite/gone.timeline is a golden timeline, and no scenario of its name lies beside it\n"
        );
        let told = match format {
            "json" => "suite/gone.timeline",
            "github" => "::warning file=suite/gone.timeline,",
            _ => "",
        };
        assert!(it.out.contains(told), "{}", it.out);
    }
}
