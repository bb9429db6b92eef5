//! Coverage and mutants, from outside: what an expectation more or less does to them, and that the suite that ships
//! notices every mutant and covers everything.

mod common;

use std::path::Path;

use common::{HOLDS, call, write};
use serde_json::Value;

/// A folder with one scenario.
fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    write(folder.path(), "suite/outage.yaml", text);
    folder
}

/// The example without the last so many of its expectations.
fn without(last: usize) -> String {
    let lines: Vec<&str> = HOLDS.lines().collect();
    lines[..lines.len() - last].join("\n") + "\n"
}

/// What the program tells programs about a suite, and how it ended.
fn told(folder: &Path, arguments: &[&str]) -> (Value, i32) {
    let all = [&["test", "suite", "--format", "json"], arguments].concat();
    let ended = call(folder, &all);
    let document = serde_json::from_str(&ended.out);
    (
        document.unwrap_or_else(|it| panic!("{it}\n{}{}", ended.out, ended.err)),
        ended.code,
    )
}

fn covered(document: &Value) -> u64 {
    document["coverage"]["covered"].as_u64().expect("a number")
}

/// The line of an item.
fn item<'a>(document: &'a Value, id: &str) -> &'a Value {
    let items = document["coverage"]["items"].as_array().expect("a list");
    let found = items.iter().find(|it| it["id"] == id);
    found.unwrap_or_else(|| panic!("there is no item {id}"))
}

#[test]
fn deleting_an_expectation_lowers_the_coverage() {
    let mut last = u64::MAX;
    for less in 0..=5 {
        let folder = folder(&without(less));
        let (document, code) = told(folder.path(), &["--coverage"]);
        assert_eq!(code, 0);
        let now = covered(&document);
        assert!(now < last, "{less} fewer: {now} of {last}");
        last = now;
    }
}

#[test]
fn what_is_exercised_is_not_yet_asserted() {
    let folder = folder(&without(0));
    let (document, _) = told(folder.path(), &["--coverage"]);
    let file = "suite/outage.yaml";
    for (id, exercised, asserted) in [
        ("status PAUSING → PAUSED", true, true),
        ("outcome recreate_with_loss", true, true),
        // Paused is asked for; what came before it is not.
        ("status READY → ENCRYPTION_KEY_ERROR", true, false),
        ("access refused", true, false),
        ("milestone key_error", true, false),
        // Nobody names it, and without it nothing would be as it is.
        ("verb DisableKey", true, true),
        ("verb ContactSupport", true, true),
        ("number cache.life", true, true),
        ("number key.updating", false, false),
        ("R5", true, true),
        ("R10", false, false),
        ("verb ReplicateKey", false, false),
        ("error none", true, false),
    ] {
        let it = item(&document, id);
        let word = |is: bool| if is { Value::from(file) } else { Value::Null };
        assert_eq!(it["exercised"], word(exercised), "{id}");
        assert_eq!(it["asserted"], word(asserted), "{id}");
        assert_eq!(it["covered"], asserted, "{id}");
    }
    let kinds = document["coverage"]["kinds"].as_array().expect("a list");
    let sum = |field: &str| {
        kinds
            .iter()
            .filter_map(|it| it[field].as_u64())
            .sum::<u64>()
    };
    assert_eq!(sum("covered"), covered(&document));
    assert_eq!(Some(sum("total")), document["coverage"]["total"].as_u64());
}

#[test]
fn an_expectation_that_does_not_hold_asserts_nothing() {
    let wrong = without(1)
        + "  - { at: 24h, collections: acme/us-east-1/users, outcome: resumed_with_gap }\n";
    let folder = folder(&wrong);
    let (document, code) = told(folder.path(), &["--coverage"]);
    assert_eq!(code, 1);
    assert_eq!(
        item(&document, "outcome resumed_with_gap")["covered"],
        false
    );
    assert_eq!(item(&document, "outcome resumed")["asserted"], Value::Null);
}

#[test]
fn what_is_exempted_with_a_reason_counts_and_what_need_not_be_is_told() {
    let folder = folder(&without(0));
    let before = covered(&told(folder.path(), &["--coverage"]).0);
    let exempt =
        "# so it is\nR10: nobody rotates here\nkey Absent -> Creating: no replica is made\n";
    write(folder.path(), "suite/exempt.yaml", exempt);
    let (document, code) = told(folder.path(), &["--coverage"]);
    assert_eq!((covered(&document), code), (before + 2, 0));
    assert_eq!(
        item(&document, "R10")["exempt"]["reason"],
        "nobody rotates here"
    );
    let text = call(folder.path(), &["test", "suite", "--coverage"]).out;
    assert!(
        text.contains("key Absent → Creating  no replica is made"),
        "{text}"
    );

    write(folder.path(), "suite/exempt.yaml", "status PAUSED: never\n");
    let ended = call(folder.path(), &["test", "suite", "--coverage"]);
    assert_eq!(ended.code, 1, "it is asserted");
    assert!(
        ended.out.contains("status PAUSED  suite/exempt.yaml:1:1"),
        "{}",
        ended.out
    );

    write(
        folder.path(),
        "suite/exempt.yaml",
        "status PAUSD: never\nR7: ''\n",
    );
    let ended = call(folder.path(), &["test", "suite", "--coverage"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("suite/exempt.yaml:1:1"), "{}", ended.err);
    assert!(
        ended.err.contains("did you mean `status PAUSED`?"),
        "{}",
        ended.err
    );
    assert!(ended.err.contains("suite/exempt.yaml:2:"), "{}", ended.err);
    assert!(
        ended.out.contains("ok suite/outage.yaml"),
        "verdicts are told all the same"
    );
    let ended = call(folder.path(), &["test", "suite"]);
    assert_eq!(ended.code, 0, "nobody asked for coverage");
}

#[test]
fn below_the_threshold_it_ends_with_1() {
    let folder = folder(&without(0));
    for (share, code) in [
        ("0%", 0),
        ("1.5%", 0),
        ("99.5%", 1),
        ("100%", 1),
        ("101%", 2),
        ("all", 2),
    ] {
        let ended = call(
            folder.path(),
            &["test", "suite", "--coverage-threshold", share],
        );
        assert_eq!(ended.code, code, "{share}\n{}{}", ended.out, ended.err);
        assert_eq!(ended.out.contains("less than"), code == 1, "{share}");
    }
}

#[test]
fn a_mutant_that_nobody_notices_ends_with_1_and_is_named() {
    let folder = folder(&without(0));
    let (document, code) = told(folder.path(), &["--mutate-rules"]);
    assert_eq!(code, 1);
    let mutants = document["mutants"]["each"].as_array().expect("a list");
    let of = |says: &str| {
        let found = mutants.iter().find(|it| it["says"] == says);
        found.unwrap_or_else(|| panic!("no mutant says: {says}"))
    };
    let paused = of("collections are never paused");
    assert_eq!(
        (&paused["rule"], &paused["first"]["line"]),
        (&"R7".into(), &24.into())
    );
    let rotation = of("rotation breaks access");
    assert_eq!(
        (&rotation["expectations"], &rotation["exercised"]),
        (&0.into(), &Value::Null)
    );
    let unnoticed = mutants.iter().filter(|it| it["expectations"] == 0);
    assert_eq!(document["mutants"]["unnoticed"], unnoticed.clone().count());

    // All that is not noticed is exempted: then it is fine.
    let rules = unnoticed.map(|it| it["rule"].as_str().expect("a word"));
    let rules: std::collections::BTreeSet<&str> = rules.collect();
    let exempt = rules.iter().map(|it| format!("{it}: not here\n"));
    write(
        folder.path(),
        "suite/exempt.yaml",
        &exempt.collect::<String>(),
    );
    let ended = call(folder.path(), &["test", "suite", "--mutate-rules"]);
    assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);

    // Without the last three nobody sees how it comes back.
    let folder = self::folder(&without(3));
    let ended = call(folder.path(), &["test", "suite", "--mutate-rules"]);
    assert_eq!(ended.code, 1);
    let after = ended
        .out
        .split("noticed by no expectation:")
        .nth(1)
        .unwrap_or("");
    assert!(
        after.contains("paused collections resume without Support"),
        "{}",
        ended.out
    );
}

#[test]
fn every_form_tells_it_and_threads_do_not_show() {
    let folder = folder(&without(0));
    let tell = |more: &[&str]| {
        let all = [&["test", "suite", "--coverage", "--mutate-rules"], more].concat();
        call(folder.path(), &all).out
    };
    assert_eq!(tell(&["--threads", "1"]), tell(&["--threads", "7"]));
    for form in ["text", "tap", "github"] {
        let text = tell(&["--format", form]);
        assert!(
            text.contains("coverage: ") && text.contains("mutants of the rules"),
            "{text}"
        );
    }
    let tap = tell(&["--format", "tap"]);
    let after = tap.lines().skip_while(|it| !it.contains("coverage: "));
    assert!(
        after.clone().count() > 20 && after.clone().all(|it| it.starts_with('#')),
        "{tap}"
    );
    let ended = common::call_with(
        folder.path(),
        &["test", "-", "--coverage"],
        HOLDS.as_bytes(),
    );
    assert_eq!(ended.code, 2, "standard input cannot be read twice");
}

#[test]
fn the_suite_that_ships_notices_every_mutant_and_covers_everything() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let arguments = [
        "test",
        "scenarios",
        "--coverage-threshold",
        "100%",
        "--mutate-rules",
    ];
    let ended = call(root, &arguments);
    let said = ended.out.lines().filter(|it| !it.starts_with("ok "));
    let said: Vec<&str> = said.collect();
    assert_eq!(ended.code, 0, "{}\n{}", said.join("\n"), ended.err);
    let exempt = std::fs::read_to_string(root.join("scenarios/exempt.yaml")).expect("it ships");
    let exempt = exempt.lines().filter(|it| !it.starts_with('#'));
    for line in exempt {
        assert!(!line.starts_with(['R', 'M']), "no rule is exempted: {line}");
        assert!(
            line.split(": ").nth(1).is_some_and(|it| it.len() > 10),
            "{line}"
        );
    }
}
