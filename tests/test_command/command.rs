//! The command from outside: what is selected, how it ends, where it is told.

use std::fs;
use std::path::Path;

use quick_junit::Report;
use serde_json::Value as Json;

use keyoutage::text::clean;

use crate::common::{HOLDS, call, call_with, ended, fails, files, folder, program, write};
use crate::hostile::{NAMES, hides};

/// It holds with some seeds and not with others: with which cache entry a collection begins is a die.
fn sometimes() -> String {
    let name = HOLDS.replace(
        "name: The us-east-1 replica",
        "name: Now and then the replica",
    );
    format!("{name}  - {{ by: 1h4m54s, collections: acme/us-east-1/*, queries: none }}\n")
}

fn json(at: &Path, arguments: &[&str]) -> Json {
    let arguments = [&["test", "--format", "json"], arguments].concat();
    let it = call(at, &arguments);
    serde_json::from_str(&it.out).unwrap_or_else(|error| panic!("{error}: {}{}", it.out, it.err))
}

#[test]
fn the_highest_exit_code_counts() {
    let folder = folder();
    let at = folder.path();
    let (calm, _) = HOLDS.split_once("expect:").expect("it has expectations");
    write(at, "calm.yaml", calm);
    for (code, arguments) in [
        (0, &["holds.yaml"][..]),
        (0, &["calm.yaml", "holds.yaml"]),
        (1, &["holds.yaml", "fails.yaml"]),
        (2, &["fails.yaml", "broken.yaml", "holds.yaml"]),
        (2, &["fails.yaml", "missing.yaml"]),
        (2, &["calm.yaml"]),
        (1, &["fails.yaml", "broken.yaml", "--fail-fast"]),
        (2, &["broken.yaml", "fails.yaml", "--fail-fast"]),
        (0, &[".", "--run", "holds"]),
        (1, &[".", "--run", "fails"]),
        (2, &[".", "--run", "nothing like it"]),
        (2, &[".", "--run", "holds("]),
        (2, &["holds.yaml", "--seeds", "0"]),
        (2, &["holds.yaml", "--seeds", "1000001"]),
        (2, &["holds.yaml", "--seeds", "-1"]),
        (2, &["holds.yaml", "--seed", "x"]),
        (2, &["holds.yaml", "--junit"]),
        (2, &["holds.yaml", "--junit", "-"]),
        (2, &["holds.yaml", "--junit", "."]),
        (2, &["holds.yaml", "--junit", "./holds.yaml"]),
        (0, &["holds.yaml", "--junit", "new/folder/it.xml"]),
    ] {
        for format in ["text", "json", "tap", "github"] {
            let all = [&["test", "--format", format], arguments].concat();
            let it = call(at, &all);
            assert_eq!(it.code, code, "{all:?}\n{}\n{}", it.out, it.err);
            assert_eq!(code >= 2, !it.err.is_empty(), "{all:?}: {}", it.err);
        }
    }
    assert_eq!(
        fs::read_to_string(at.join("holds.yaml")).expect("it is there"),
        HOLDS
    );
}

#[test]
fn run_selects_by_path_and_by_name() {
    let folder = folder();
    let at = folder.path();
    write(at, "deep/other.yaml", &sometimes());
    let files = |pattern: &str| {
        let json = json(at, &[".", "--run", pattern]);
        let cases = json["cases"].as_array().expect("a list").clone();
        let names = cases
            .iter()
            .map(|it| it["file"].as_str().expect("a name").to_owned());
        let left = json["totals"]["not_selected"].as_u64();
        (names.collect::<Vec<String>>(), left)
    };
    let one = |name: &str| (vec![name.to_owned()], Some(3));
    assert_eq!(files("holds"), one("./holds.yaml"));
    assert_eq!(
        files("^./deep/"),
        one("./deep/other.yaml"),
        "the path, as it is told"
    );
    assert_eq!(files("^Now and then"), one("./deep/other.yaml"), "the name");
    assert_eq!(files("(?i)NOW AND"), one("./deep/other.yaml"));
    // A file that is no scenario has no name: only its path can be meant.
    assert_eq!(files("broken"), one("./broken.yaml"));
    let (named, left) = files("disabled for five hours");
    assert_eq!(
        (named.len(), left),
        (3, Some(1)),
        "all but the one that cannot be read: {named:?}"
    );
    let last = call(at, &["test", ".", "--run", "holds"]).out;
    assert!(
        last.ends_with("1 scenario, 6 expectations: 1 ok, 0 failed, 0 broken, 3 not selected\n")
    );
}

#[test]
fn what_is_wrong_with_a_pattern_is_shown_and_what_there_was_is_said() {
    let folder = folder();
    let it = call(folder.path(), &["test", ".", "--run", "a(b"]);
    assert!(it.err.contains("--run <REGEX>"), "{}", it.err);
    assert!(
        it.err.contains("    a(b\n     ^\n"),
        "the place: {}",
        it.err
    );
    assert!(it.err.contains("unclosed group"), "{}", it.err);
    let it = call(folder.path(), &["test", ".", "--run", "recovery"]);
    assert_eq!(it.out, "", "nothing was run");
    assert_eq!(
        it.err,
        "error: none of 3 scenarios matches `recovery`: ./broken.yaml, ./fails.yaml, ./holds.yaml\n"
    );
    for number in 0..4 {
        write(folder.path(), &format!("x{number}.yaml"), HOLDS);
    }
    let it = call(folder.path(), &["test", ".", "--run", "\u{1b}x\u{202e}"]);
    assert!(it.err.contains("`<U+001B>x<U+202E>`"), "{:?}", it.err);
    assert!(it.err.ends_with("./x0.yaml, ./x1.yaml, …\n"), "{}", it.err);
}

#[test]
fn the_seed_is_the_files_or_the_one_that_is_asked_for() {
    let folder = folder();
    let at = folder.path();
    let seeded = sometimes().replace("until: 24h", "until: 24h\nseed: 18446744073709551615");
    write(at, "seeded.yaml", &seeded);
    let seeds = |arguments: &[&str]| {
        let json = json(at, arguments);
        let seeds = &json["cases"][0]["seeds"];
        (seeds["first"].as_u64(), seeds["count"].as_u64())
    };
    assert_eq!(seeds(&["holds.yaml"]), (Some(0), Some(1)));
    assert_eq!(seeds(&["seeded.yaml"]), (Some(u64::MAX), Some(1)));
    assert_eq!(seeds(&["seeded.yaml", "--seed", "7"]), (Some(7), Some(1)));
    assert_eq!(
        seeds(&["holds.yaml", "--seed", "7", "--seeds", "20"]),
        (Some(7), Some(20))
    );
    // After the greatest comes 0.
    let wrapped = json(at, &["seeded.yaml", "--seeds", "3"]);
    let alone = |seed: &str| json(at, &["seeded.yaml", "--seed", seed])["totals"]["failed"] == 1;
    let failing = ["18446744073709551615", "0", "1"].map(|it| u64::from(alone(it)));
    assert_eq!(
        wrapped["cases"][0]["seeds"]["failing"].as_u64(),
        Some(failing.iter().sum())
    );
}

#[test]
fn the_first_failing_seed_is_told_as_a_command() {
    let folder = folder();
    let at = folder.path();
    write(at, "sometimes.yaml", &sometimes());
    let holds = |seed: u64| {
        let it = call(at, &["test", "sometimes.yaml", "--seed", &seed.to_string()]);
        assert!(it.code <= 1, "{}", it.err);
        it.code == 0
    };
    // Begin with a seed with which it holds, so that the first failing one is another.
    let from = (0..100).find(|seed| holds(*seed)).expect("with some seed");
    let failing: Vec<u64> = (from..from + 12).filter(|seed| !holds(*seed)).collect();
    assert!((1..12).contains(&failing.len()), "{failing:?}");
    let from = from.to_string();
    let asked = ["test", "sometimes.yaml", "--seed", &from, "--seeds", "12"];
    let it = call(at, &asked);
    assert_eq!(it.code, 1);
    let (many, first) = (failing.len(), failing[0]);
    for line in [
        &*format!("FAILED sometimes.yaml (1 of 7 expectations, {many} of 12 seeds)"),
        &*format!("    does not hold with {many} of 12 seeds, first with {first}"),
        &*format!("  again: keyoutage test sometimes.yaml --seed {first}"),
    ] {
        assert!(it.out.lines().any(|it| it == line), "{line}\n{}", it.out);
    }
    let more = it
        .out
        .lines()
        .find_map(|it| it.trim().strip_prefix("more: keyoutage "));
    let more = more.expect("a command");
    assert!(more.ends_with(&format!(" --seed {first}")), "{more}");
    for threads in ["1", "2", "7"] {
        let with = call(at, &[&asked[..], &["--threads", threads]].concat());
        assert_eq!(with.out, it.out, "on {threads} threads");
    }
    let all = call(at, &["test", "holds.yaml", "--seeds", "1,000"]);
    assert_eq!(all.code, 2, "a number has no commas");
    let all = call(at, &["test", "holds.yaml", "--seeds", "300"]);
    assert!(
        all.out
            .starts_with("ok holds.yaml (6 expectations, 300 seeds)\n"),
        "{}",
        all.out
    );
}

/// Twelve scenarios, of which the fourth, the seventh and the tenth fail; the eighth is broken.
fn twelve(at: &Path) {
    for number in 0..12 {
        let text = match number {
            3 | 6 | 9 => fails(),
            7 => HOLDS.replace("DisableKey", "DisabelKey"),
            _ => HOLDS.to_owned(),
        };
        write(at, &format!("suite/s{number:02}.yaml"), &text);
    }
}

#[test]
fn fail_fast_tells_nothing_after_the_first_failure_in_order() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = folder.path();
    twelve(at);
    for format in ["text", "json", "tap", "github"] {
        let asked = ["test", "suite", "--fail-fast", "--format", format];
        let alone = call(at, &[&asked[..], &["--threads", "1"]].concat());
        assert_eq!((alone.code, alone.err.as_str()), (1, ""), "{format}");
        for threads in ["2", "3", "8"] {
            let it = call(at, &[&asked[..], &["--threads", threads]].concat());
            assert_eq!(
                (it.code, &it.out, it.err.as_str()),
                (1, &alone.out, ""),
                "{threads}"
            );
        }
    }
    let it = call(at, &["test", "suite", "--fail-fast"]);
    assert!(!it.out.contains("s04"), "{}", it.out);
    let last = it.out.lines().last().expect("totals");
    assert_eq!(
        last,
        "12 scenarios, 25 expectations: 3 ok, 1 failed, 0 broken, 8 skipped"
    );
    // What is not selected cannot fail, and is not skipped either.
    let json = json(at, &["suite", "--fail-fast", "--run", "s0[5-9]"]);
    let results: Vec<&str> = json["cases"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| it["result"].as_str().expect("a word"))
        .collect();
    assert_eq!(results, ["holds", "fails", "skipped", "skipped", "skipped"]);
    assert_eq!(json["totals"]["not_selected"], 7);
    // A file that is no scenario ends it as well.
    let it = call(
        at,
        &["test", "suite/s07.yaml", "suite/s09.yaml", "--fail-fast"],
    );
    assert_eq!(it.code, 2);
    assert!(
        it.out.ends_with("0 failed, 1 broken, 1 skipped\n"),
        "{}",
        it.out
    );
}

#[test]
fn every_form_is_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = folder.path();
    twelve(at);
    for format in ["text", "json", "tap", "github"] {
        let asked = [
            "test", "suite", "--format", format, "--seeds", "5", "--junit",
        ];
        let alone = call(at, &[&asked[..], &["1.xml", "--threads", "1"]].concat());
        for threads in ["2", "16"] {
            let it = call(at, &[&asked[..], &["2.xml", "--threads", threads]].concat());
            assert_eq!((it.code, &it.out, &it.err), (2, &alone.out, &alone.err));
            let file = |name| fs::read(at.join(name)).expect("it was written");
            assert!(file("1.xml") == file("2.xml"));
        }
    }
}

#[test]
fn junit_stands_beside_what_is_printed_and_appears_whole_or_not_at_all() {
    let folder = folder();
    let at = folder.path();
    let asked = ["test", "holds.yaml", "fails.yaml", "broken.yaml"];
    let plain = call(at, &asked);
    let it = call(at, &[&asked[..], &["--junit", "it.xml"]].concat());
    assert_eq!((it.code, &it.out, &it.err), (2, &plain.out, &plain.err));
    let text = fs::read_to_string(at.join("it.xml")).expect("it was written");
    let report = Report::deserialize_from_str(&text).expect("it is JUnit");
    assert_eq!((report.tests, report.failures, report.errors), (14, 1, 1));
    let lines: Vec<String> = report.test_suites[1]
        .test_cases
        .iter()
        .map(|it| it.extra["line"].to_string())
        .collect();
    assert_eq!(lines, ["22", "23", "24", "25", "26", "27", "28"]);

    // Nothing is selected, nothing is written; what stands there stays.
    let none = call(at, &["test", ".", "--run", "nowhere", "--junit", "it.xml"]);
    assert_eq!(none.code, 2);
    assert_eq!(
        fs::read_to_string(at.join("it.xml")).expect("it is there"),
        text
    );

    // Nothing that was read is overwritten: no scenario, no policy, no golden timeline.
    let policy = r#"{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow",
        "Principal": { "AWS": "*" }, "Action": "kms:*", "Resource": "*" } ] }"#;
    write(at, "policies/open.json", policy);
    let open = HOLDS.replace(
        "    policy: vendor\n",
        "    policy: { file: policies/open.json }\n",
    );
    write(at, "open.yaml", &open);
    assert_eq!(call(at, &["test", "open.yaml", "--update"]).code, 0);
    for input in ["open.yaml", "policies/open.json", "open.timeline"] {
        let before = fs::read(at.join(input)).expect("it is there");
        let it = call(at, &["test", "open.yaml", "--junit", input]);
        assert_eq!(it.code, 2, "{input}: {}", it.err);
        assert!(it.err.contains("is an input of this run"), "{}", it.err);
        assert!(fs::read(at.join(input)).expect("it is there") == before);
    }

    // What cannot be written keeps nothing else from being told.
    let before = files(at);
    let it = call(at, &["test", "fails.yaml", "--junit", "holds.yaml/it.xml"]);
    assert_eq!(it.code, 2, "{}", it.err);
    assert!(it.out.starts_with("FAILED fails.yaml"), "{}", it.out);
    if cfg!(target_os = "linux") {
        let it = call(at, &["test", "holds.yaml", "--junit", "/dev/full"]);
        assert_eq!((it.code, it.err.lines().count()), (3, 1), "{}", it.err);
        assert!(it.out.starts_with("ok holds.yaml"), "{}", it.out);
    }
    assert_eq!(files(at), before);
}

#[test]
fn the_page_of_the_job_is_appended_where_the_environment_names_one() {
    let folder = folder();
    let at = folder.path();
    let with = |page: &str, arguments: &[&str]| {
        let mut command = program(at);
        command.env("GITHUB_STEP_SUMMARY", page).args(arguments);
        ended(command.output().expect("it starts"))
    };
    write(at, "page.md", "# before\n");
    for format in ["github", "text", "json", "tap"] {
        let plain = call(
            at,
            &["test", "holds.yaml", "fails.yaml", "--format", format],
        );
        let it = with(
            "page.md",
            &["test", "holds.yaml", "fails.yaml", "--format", format],
        );
        assert_eq!((it.code, &it.out, it.err.as_str()), (1, &plain.out, ""));
    }
    let page = fs::read_to_string(at.join("page.md")).expect("it is there");
    assert!(
        page.starts_with("# before\n## keyoutage test: FAILED\n"),
        "{page}"
    );
    assert_eq!(page.matches("## keyoutage test: FAILED\n").count(), 4);
    assert_eq!(
        page.matches("### FAILED fails.yaml (1 of 7 expectations)")
            .count(),
        4
    );
    assert!(page.contains("  does not hold for acme/us-east-1/clicks (1 of 1 selected)\n"));

    assert_eq!(with("new.md", &["test", "holds.yaml"]).code, 0);
    let page = fs::read_to_string(at.join("new.md")).expect("it was made");
    assert!(page.starts_with("## keyoutage test: ok\n"), "{page}");
    let before = files(at);
    assert_eq!(with("", &["test", "holds.yaml"]).code, 0);
    assert_eq!(
        with("other.md", &["run", "holds.yaml"]).code,
        0,
        "only `test` has a page"
    );
    assert_eq!(files(at), before);
    for page in [".", "no/such/folder.md"] {
        let it = with(page, &["test", "fails.yaml"]);
        assert_eq!(it.code, 3, "{}", it.err);
        assert!(
            it.err
                .starts_with(&format!("error: the step summary {page} cannot be written"))
        );
        assert!(it.out.starts_with("FAILED fails.yaml"));
    }
}

#[test]
fn what_came_on_standard_input_is_told_and_asked_for_as_a_dash() {
    let folder = folder();
    let it = call_with(
        folder.path(),
        &["test", "-", "--seeds", "2"],
        fails().as_bytes(),
    );
    assert_eq!(it.code, 1);
    assert!(it.out.starts_with("FAILED standard input ("), "{}", it.out);
    assert!(
        it.out.contains("more: keyoutage explain - --at 2h "),
        "{}",
        it.out
    );
    assert!(
        it.out.contains("again: keyoutage test - --seed 0\n"),
        "{}",
        it.out
    );
    let arguments = ["test", "-", "--format", "github"];
    let it = call_with(folder.path(), &arguments, fails().as_bytes());
    assert!(
        it.out.contains("\n::error title="),
        "it has no place: {}",
        it.out
    );
}

#[test]
fn remarks_name_files_as_the_repository_does() {
    let folder = folder();
    let it = call(folder.path(), &["test", ".", "--format", "github"]);
    let heads: Vec<&str> = it
        .out
        .lines()
        .filter_map(|it| it.strip_prefix("::error file="))
        .collect();
    assert_eq!(heads.len(), 2, "{}", it.out);
    assert!(heads[0].starts_with("broken.yaml,line=19,col=19,endColumn=29,title=E015%3A "));
    assert!(heads[1].starts_with("fails.yaml,line=28,col=5,title=at%3A 2h%2C "));
}

/// A text as YAML takes every text: in double quotes, all but plain letters by their numbers.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == ' ';
    let letters = text.chars().map(|it| match it {
        it if plain(it) => it.to_string(),
        it => format!("\\U{:08X}", u32::from(it)),
    });
    format!("\"{}\"", letters.collect::<String>())
}

#[test]
fn scenarios_of_forty_hostile_names_come_through_the_program() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = folder.path();
    for (number, name) in NAMES.iter().enumerate() {
        let own = format!("name: {}", quoted(name));
        let text = fails().replace(
            "name: The us-east-1 replica is disabled for five hours",
            &own,
        );
        write(at, &format!("suite/{number:02}.yaml"), &text);
    }
    let it = call(
        at,
        &["test", "suite", "--format", "json", "--junit", "it.xml"],
    );
    let json: Json = serde_json::from_str(&it.out).expect("it is JSON");
    let text = fs::read_to_string(at.join("it.xml")).expect("it was written");
    assert!(!text.contains(hides) && !it.out.contains(hides) && !it.err.contains(hides));
    let report = Report::deserialize_from_str(&text).expect("it is JUnit");
    let cases = json["cases"].as_array().expect("a list");
    assert_eq!((cases.len(), report.test_suites.len()), (40, 40));
    let mut told = 0;
    for ((case, suite), name) in cases.iter().zip(&report.test_suites).zip(NAMES) {
        if name.trim().is_empty() {
            assert_eq!((case["result"].as_str(), suite.errors), (Some("broken"), 1));
            continue;
        }
        assert_eq!(case["name"], name, "it comes back as it was");
        assert_eq!(
            (suite.tests, suite.failures, suite.errors),
            (7, 1, 0),
            "{name:?}"
        );
        let mut properties = suite.properties.iter();
        let property = properties.find(|it| it.name.as_str() == "scenario");
        let in_xml = clean(name).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
        let due = quick_junit::XmlString::new(in_xml);
        assert_eq!(property.map(|it| &it.value), Some(&due));
        told += 1;
    }
    assert_eq!(told, 38, "all but the two that are blank");
    // Each can be selected by its name, wherever it is more than a path says.
    let it = call(at, &["test", "suite", "--run", "^::error file="]);
    assert!(it.out.starts_with("FAILED suite/31.yaml"), "{}", it.out);
}
