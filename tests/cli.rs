//! The command from outside: exit codes, streams, files.

mod common;

use common::{HOLDS, call, call_with, ended, fails, files, folder, program, write};
use std::fs;
use std::process::Stdio;

const COMMANDS: [&str; 11] = [
    "run",
    "test",
    "check",
    "check-policy",
    "decide",
    "chart",
    "explain",
    "diff",
    "profiles",
    "rules",
    "schema",
];

#[test]
fn exit_codes_say_how_it_went() {
    let folder = folder();
    let at = folder.path();
    write(at, "empty/readme.txt", "nothing");
    for (code, arguments) in [
        (0, &["run", "holds.yaml"][..]),
        (1, &["run", "fails.yaml"]),
        (2, &["run", "broken.yaml"]),
        (2, &["run", "missing.yaml"]),
        (2, &["run", "holds.yaml/deeper"]),
        (2, &["run", "."]),
        (2, &["run"]),
        (0, &["test", "holds.yaml"]),
        (1, &["test", "holds.yaml", "fails.yaml"]),
        (2, &["test", "holds.yaml", "fails.yaml", "broken.yaml"]),
        (2, &["test", "empty"]),
        (0, &["check", "holds.yaml", "fails.yaml"]),
        (2, &["check", "broken.yaml"]),
        (0, &["chart", "fails.yaml"]),
        (2, &["chart", "broken.yaml"]),
        (
            0,
            &[
                "explain",
                "holds.yaml",
                "--at",
                "6h",
                "--collection",
                "acme/us-east-1/clicks",
            ],
        ),
        (
            2,
            &[
                "explain",
                "holds.yaml",
                "--at",
                "6h",
                "--collection",
                "acme/us-east-1/cliks",
            ],
        ),
        (
            2,
            &[
                "explain",
                "holds.yaml",
                "--at",
                "25h",
                "--collection",
                "acme/us-east-1/clicks",
            ],
        ),
        (2, &["explain", "holds.yaml"]),
        (2, &["explain", "E999"]),
        (0, &["profiles"]),
        (0, &["profiles", "rockset"]),
        (2, &["profiles", "rocket"]),
        (0, &["rules"]),
        (0, &["schema"]),
        (0, &["--version"]),
        (0, &["--help"]),
        (2, &[]),
        (2, &["run", "holds.yaml", "--no-such-option"]),
        (2, &["run", "holds.yaml", "--format", "jsn"]),
        (2, &["run", "holds.yaml", "--seed", "-1"]),
        (2, &["run", "holds.yaml", "--seed", "18446744073709551616"]),
        (0, &["run", "holds.yaml", "--seed", "18446744073709551615"]),
        (2, &["run", "holds.yaml", "--seed", "1", "--seed", "2"]),
        (2, &["run", "holds.yaml", "--threads", "0"]),
        (2, &["run", "holds.yaml", "--threads", "100000"]),
        (2, &["run", "holds.yaml", "--until", "24h1ms"]),
        (2, &["run", "holds.yaml", "--until", "0s"]),
        (2, &["run", "holds.yaml", "--until", "soon"]),
        (0, &["run", "holds.yaml", "--until", "2h"]),
    ] {
        let it = call(at, arguments);
        assert_eq!(it.code, code, "{arguments:?}\n{}\n{}", it.out, it.err);
        assert_eq!(
            it.code >= 2,
            !it.err.is_empty(),
            "{arguments:?}: {}",
            it.err
        );
    }
}

#[test]
fn an_org_that_cannot_begin_fails_the_check() {
    let folder = folder();
    let absent = HOLDS.replace(
        "us-east-1: { policy: vendor }",
        "us-east-1: { policy: default }",
    );
    write(folder.path(), "absent.yaml", &absent);
    let it = call(folder.path(), &["check", "absent.yaml", "holds.yaml"]);
    assert_eq!(it.code, 1, "{}{}", it.out, it.err);
    assert!(
        it.out
            .contains("the organization acme cannot operate in us-east-1"),
        "{}",
        it.out
    );
    assert!(
        it.out
            .contains("ok holds.yaml (1 key, 1 org, 3 collections, 2 commands, 6 expectations)")
    );
    let single = HOLDS.replace("    policy: vendor\n", "    policy: default\n");
    write(folder.path(), "refused.yaml", &single);
    let it = call(folder.path(), &["check", "refused.yaml"]);
    assert!(
        it.out.contains("the organization acme is not created"),
        "{}",
        it.out
    );
}

#[test]
fn what_is_misspelt_gets_a_suggestion() {
    let folder = folder();
    for (arguments, suggestion) in [
        (&["tset", "."][..], "'test'"),
        (&["run", "holds.yaml", "--format", "jsn"], "'json'"),
        (&["run", "holds.yaml", "--sed", "1"], "'--seed'"),
        (
            &[
                "explain",
                "holds.yaml",
                "--at",
                "1h",
                "--collection",
                "acme/us-east-1/cliks",
            ],
            "acme/us-east-1/clicks",
        ),
    ] {
        let it = call(folder.path(), arguments);
        assert!(it.err.contains(suggestion), "{}", it.err);
    }
}

#[test]
fn every_help_ends_with_examples() {
    let folder = folder();
    for command in COMMANDS {
        let it = call(folder.path(), &[command, "--help"]);
        assert_eq!((it.code, it.err.as_str()), (0, ""), "{command}");
        let (_, examples) = it.out.split_once("\nExamples:\n").expect(command);
        let count = examples.matches(&format!("keyoutage {command}")).count();
        assert!((2..=3).contains(&count), "{command}: {examples}");
    }
}

#[test]
fn a_reader_who_stops_reading_is_no_error() {
    let folder = folder();
    for arguments in [
        &["run", "-", "--format", "json"][..],
        &["run", "-"],
        &["test", "-"],
        &["chart", "-"],
        &["check", "-"],
    ] {
        let mut command = program(folder.path());
        command.args(arguments).stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        // Nobody reads any more before there is anything to write.
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().expect("it has standard input");
        std::io::Write::write_all(&mut stdin, HOLDS.as_bytes()).expect("it reads");
        drop(stdin);
        let it = ended(child.wait_with_output().expect("the program ends"));
        assert_eq!((it.code, it.err.as_str()), (0, ""), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one_line_and_exit_3() {
    let folder = folder();
    for arguments in [
        &["run", "holds.yaml"][..],
        &["run", "fails.yaml"],
        &["test", "holds.yaml"],
        &["check", "holds.yaml"],
        &["chart", "holds.yaml"],
        &["profiles"],
        &["rules"],
        &["schema"],
        &["--help"],
        &["run", "--help"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let mut command = program(folder.path());
        command
            .args(arguments)
            .stdout(full.expect("there is /dev/full"));
        let it = ended(command.output().expect("the program starts"));
        assert_eq!(it.code, 3, "{arguments:?}: {}", it.err);
        assert_eq!(it.err.lines().count(), 1, "{}", it.err);
    }
    let it = call(folder.path(), &["run", "holds.yaml", "-o", "/dev/full"]);
    assert_eq!((it.code, it.err.lines().count()), (3, 1), "{}", it.err);
}

#[cfg(target_os = "linux")]
#[test]
fn nobody_to_complain_to_is_no_reason_to_die() {
    let folder = folder();
    let full = || {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        full.expect("there is /dev/full")
    };
    let mut command = program(folder.path());
    command
        .args(["run", "broken.yaml"])
        .stdout(full())
        .stderr(full());
    assert_eq!(command.status().expect("it starts").code(), Some(2));
    let mut command = program(folder.path());
    command
        .args(["run", "holds.yaml"])
        .stdout(full())
        .stderr(full());
    assert_eq!(command.status().expect("it starts").code(), Some(3));
}

#[test]
fn standard_input_is_a_dash() {
    let folder = folder();
    let file = call(folder.path(), &["run", "holds.yaml", "--format", "csv"]);
    let piped = call_with(
        folder.path(),
        &["run", "-", "--format", "csv"],
        HOLDS.as_bytes(),
    );
    assert_eq!((piped.code, piped.err.as_str()), (0, ""));
    assert_eq!(file.out, piped.out);
    assert_eq!(
        call_with(folder.path(), &["run", "-"], fails().as_bytes()).code,
        1
    );
    assert_eq!(call_with(folder.path(), &["run", "-"], b"").code, 2);
}

#[test]
fn a_scenario_is_never_read_beyond_4_mib() {
    let folder = folder();
    let long = "#".repeat((4 << 20) + 1);
    write(folder.path(), "long.yaml", &long);
    for it in [
        call(folder.path(), &["run", "long.yaml"]),
        call_with(folder.path(), &["run", "-"], long.as_bytes()),
    ] {
        assert_eq!(it.code, 2);
        assert!(it.err.contains("4 MiB"), "{}", it.err);
    }
    if cfg!(target_os = "linux") {
        assert_eq!(call(folder.path(), &["run", "/dev/zero"]).code, 2);
        assert_eq!(call(folder.path(), &["run", "/dev/null"]).code, 2);
    }
}

#[test]
fn policies_lie_beside_their_scenario() {
    let folder = folder();
    let text = HOLDS.replace(
        "    policy: vendor",
        "    policy: { file: policies/open.json }",
    );
    write(folder.path(), "deep/own.yaml", &text);
    let missing = call(folder.path(), &["run", "deep/own.yaml"]);
    assert_eq!(missing.code, 2);
    let policy = r#"{ "Version": "2012-10-17", "Statement": [ { "Effect": "Allow",
        "Principal": { "AWS": "*" }, "Action": "kms:*", "Resource": "*" } ] }"#;
    write(folder.path(), "deep/policies/open.json", policy);
    write(folder.path(), "deep/policies/not-a-scenario.yaml", "a: 1");
    let it = call(folder.path(), &["test", "deep"]);
    assert_eq!(it.code, 0, "{}{}", it.out, it.err);
}

#[test]
fn an_output_appears_whole_or_not_at_all() {
    let folder = folder();
    let at = folder.path();
    let before = files(at);
    let it = call(at, &["run", "broken.yaml", "-o", "out.txt"]);
    assert_eq!(
        (it.code, files(at)),
        (2, before.clone()),
        "nothing is left behind"
    );

    write(at, "out.txt", "old");
    let it = call(at, &["run", "broken.yaml", "-o", "out.txt"]);
    assert_eq!(it.code, 2);
    assert_eq!(
        fs::read_to_string(at.join("out.txt")).expect("it is there"),
        "old"
    );

    write(at, "out.txt.4000000000.keyoutage-partial", "half");
    write(at, "out.txt.mine.keyoutage-partial", "not ours");
    let it = call(
        at,
        &["run", "holds.yaml", "--format", "csv", "-o", "out.txt"],
    );
    assert_eq!((it.code, it.out.as_str(), it.err.as_str()), (0, "", ""));
    let told = call(at, &["run", "holds.yaml", "--format", "csv"]);
    assert_eq!(
        fs::read_to_string(at.join("out.txt")).expect("it is there"),
        told.out
    );
    let mut expected = before;
    expected.extend([
        "out.txt".to_owned(),
        "out.txt.mine.keyoutage-partial".to_owned(),
    ]);
    expected.sort();
    assert_eq!(
        files(at),
        expected,
        "what a killed run left is swept, and no more"
    );

    let it = call(at, &["chart", "holds.yaml", "-o", "new/deeper/lanes.svg"]);
    assert_eq!(
        (it.code, files(&at.join("new/deeper"))),
        (0, vec!["lanes.svg".to_owned()])
    );
    let it = call(at, &["run", "fails.yaml", "-o", "out.txt"]);
    assert_eq!(it.code, 1, "what does not hold is written all the same");
    assert_eq!(call(at, &["run", "holds.yaml", "-o", "-"]).code, 0);
}

#[test]
fn an_output_that_cannot_be_is_refused() {
    let folder = folder();
    let at = folder.path();
    fs::create_dir(at.join("results")).expect("a folder can be made");
    for output in [
        ".",
        "results",
        "results/",
        "holds.yaml",
        "./holds.yaml",
        "results/../holds.yaml",
    ] {
        let it = call(at, &["run", "holds.yaml", "-o", output]);
        assert_eq!(
            (it.code, it.err.lines().count()),
            (2, 1),
            "{output}: {}",
            it.err
        );
    }
    assert_eq!(
        fs::read_to_string(at.join("holds.yaml")).expect("it is there"),
        HOLDS
    );
    for output in ["fails.yaml/out.txt", "not-there-yet/"] {
        let it = call(at, &["run", "holds.yaml", "-o", output]);
        assert_eq!((it.code, it.err.lines().count()), (2, 1), "{}", it.err);
    }
    let long = format!("{}.txt", "n".repeat(240));
    assert_eq!(call(at, &["run", "holds.yaml", "-o", &long]).code, 0);
    let long = format!("{}.txt", "n".repeat(300));
    assert!(call(at, &["run", "holds.yaml", "-o", &long]).code >= 2);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_stay_links() {
    let folder = folder();
    let at = folder.path();
    write(at, "real/out.txt", "old");
    std::os::unix::fs::symlink("real/out.txt", at.join("out.txt")).expect("a link can be made");
    std::os::unix::fs::symlink("holds.yaml", at.join("same.yaml")).expect("a link can be made");
    assert_eq!(call(at, &["run", "holds.yaml", "-o", "out.txt"]).code, 0);
    assert!(at.join("out.txt").is_symlink());
    assert_ne!(
        fs::read_to_string(at.join("real/out.txt")).expect("it is there"),
        "old"
    );
    assert_eq!(files(&at.join("real")), ["out.txt"]);
    let it = call(at, &["run", "holds.yaml", "-o", "same.yaml"]);
    assert_eq!(it.code, 2, "an output that leads to the input");
    std::os::unix::fs::symlink("real/new.txt", at.join("new.txt")).expect("a link can be made");
    assert_eq!(call(at, &["run", "holds.yaml", "-o", "new.txt"]).code, 0);
    assert!(at.join("new.txt").is_symlink() && at.join("real/new.txt").is_file());
    std::os::unix::fs::symlink("loop.txt", at.join("loop.txt")).expect("a link can be made");
    let it = call(at, &["run", "holds.yaml", "-o", "loop.txt"]);
    assert_eq!((it.code, it.err.lines().count()), (3, 1), "{}", it.err);
    assert_eq!(call(at, &["run", "holds.yaml", "-o", "/dev/null"]).code, 0);
    assert!(
        !fs::metadata("/dev/null")
            .expect("it is still there")
            .is_file()
    );
}

#[test]
fn color_is_for_terminals_and_those_who_ask() {
    let folder = folder();
    let colored = |arguments: &[&str]| call(folder.path(), arguments).err.contains('\u{1b}');
    assert!(!colored(&["run", "broken.yaml"]));
    assert!(!colored(&["run", "broken.yaml", "--color", "never"]));
    assert!(colored(&["--color", "always", "run", "broken.yaml"]));
    assert!(colored(&["run", "--color=always", "--no-such-option"]));
    assert_eq!(
        call(folder.path(), &["run", "holds.yaml", "--color", "perhaps"]).code,
        2
    );
}

#[cfg(unix)]
#[test]
fn arguments_need_not_be_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let odd = OsStr::from_bytes(b"odd-\xff.yaml");
    let run = OsStr::new("run");
    let it = call(folder.path(), &[run, odd]);
    assert_eq!(it.code, 2, "{}", it.err);
    fs::write(folder.path().join(odd), HOLDS).expect("a file can be written");
    assert_eq!(call(folder.path(), &[run, odd]).code, 0);
    assert_eq!(call(folder.path(), &[odd]).code, 2);
    assert_eq!(call(folder.path(), &[OsStr::new("--format"), odd]).code, 2);
}

#[test]
fn a_name_cannot_write_on_the_terminal() {
    let folder = folder();
    let it = call(folder.path(), &["run", "\u{1b}[2J\u{202e}\nx.yaml"]);
    assert_eq!((it.code, it.err.lines().count()), (2, 1), "{:?}", it.err);
    assert!(!it.err.contains(['\u{1b}', '\u{202e}']), "{:?}", it.err);
    for arguments in [
        ["run", "x.yaml", "--format", "\u{1b}[2J\u{202e}"],
        ["run", "x.yaml", "--until", "\u{202e}5h"],
        [
            "run",
            "x.yaml",
            "--color=always",
            "--\u{1b}]0;x\u{7}\u{202e}",
        ],
    ] {
        let it = call(folder.path(), &arguments);
        assert_eq!(it.code, 2, "{arguments:?}");
        let shown = |c: char| c == '\n' || !(c.is_control() || c == '\u{202e}');
        assert!(it.err.chars().all(shown), "{:?}", it.err);
    }
}

#[test]
fn numbers_of_the_command_line_are_refused_in_plain_words() {
    let folder = folder();
    for (option, number, due) in [
        ("--seed", "abc", "is not a whole number"),
        ("--seed", "-1", "is not a whole number"),
        (
            "--seed",
            "18446744073709551616",
            "is more than 18446744073709551615",
        ),
        ("--threads", "0", "a number from 1 to 1024 is due"),
        ("--threads", "-1", "is not a whole number"),
        ("--threads", "100000", "is more than 1024"),
    ] {
        let it = call(folder.path(), &["run", "holds.yaml", option, number]);
        assert_eq!(it.code, 2, "{option} {number}");
        assert!(it.err.contains(due), "{}", it.err);
    }
    let most = [
        "run",
        "holds.yaml",
        "--seed",
        "18446744073709551615",
        "--threads",
        "1024",
    ];
    assert_eq!(call(folder.path(), &most).code, 0);
}

#[test]
fn a_scenario_cannot_ask_for_standard_input() {
    let folder = folder();
    let at = folder.path();
    write(
        at,
        "asks.yaml",
        &HOLDS.replace("policy: vendor }", "policy: { file: \"-\" } }"),
    );
    let it = call_with(at, &["run", "asks.yaml"], b"{}");
    assert_eq!(it.code, 2);
    assert!(
        it.err.contains("`-` cannot be read: there is no such file"),
        "{}",
        it.err
    );
}

#[test]
fn a_suite_is_told_in_order_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = folder.path();
    for number in 0..12 {
        let text = if number % 4 == 1 {
            fails()
        } else {
            HOLDS.to_owned()
        };
        let ending = if number % 2 == 0 { "yaml" } else { "yml" };
        write(
            at,
            &format!("suite/{}/s{number:02}.{ending}", number / 4),
            &text,
        );
    }
    write(at, "suite/.hidden/x.yaml", "not: ours");
    write(at, "suite/policies/x.yaml", "not: ours");
    write(at, "suite/notes.md", "not ours");
    let alone = call(at, &["test", "suite", "--threads", "1"]);
    assert_eq!(alone.code, 1);
    for threads in ["2", "3", "16"] {
        let it = call(at, &["test", "suite", "--threads", threads]);
        assert_eq!((it.code, it.out), (1, alone.out.clone()));
    }
    let told: Vec<&str> = alone
        .out
        .lines()
        .filter(|line| line.starts_with("ok ") || line.starts_with("FAILED "))
        .collect();
    assert_eq!(told.len(), 12);
    assert_eq!(told[0], "ok suite/0/s00.yaml (6 expectations)");
    assert_eq!(told[1], "FAILED suite/0/s01.yml (1 of 7 expectations)");
    let last = alone.out.lines().last().expect("totals");
    assert_eq!(
        last,
        "12 scenarios, 75 expectations: 9 ok, 3 failed, 0 broken"
    );
}

#[test]
fn a_suite_that_judges_nothing_is_told() {
    let folder = folder();
    let (calm, _) = HOLDS.split_once("expect:").expect("it has expectations");
    write(folder.path(), "calm.yaml", calm);
    let it = call(folder.path(), &["test", "calm.yaml"]);
    assert_eq!(it.code, 2, "{}", it.err);
    assert_eq!(
        call(folder.path(), &["test", "calm.yaml", "holds.yaml"]).code,
        0
    );
    assert_eq!(call(folder.path(), &["run", "calm.yaml"]).code, 0);
}

#[test]
fn the_seed_of_the_command_line_wins() {
    let folder = folder();
    let seeded = HOLDS.replace("until: 24h", "until: 24h\nseed: 5");
    write(folder.path(), "seeded.yaml", &seeded);
    let digest = |arguments: &[&str]| {
        let it = call(folder.path(), arguments);
        let json: serde_json::Value = serde_json::from_str(&it.out).expect("it is JSON");
        (json["seed"].as_u64(), json["digest"].to_string())
    };
    let own = digest(&["run", "seeded.yaml", "--format", "json"]);
    let same = digest(&["run", "holds.yaml", "--format", "json", "--seed", "5"]);
    let other = digest(&["run", "seeded.yaml", "--format", "json", "--seed", "6"]);
    assert_eq!((own.0, &own.1), (Some(5), &same.1));
    assert_eq!(other.0, Some(6));
    assert_ne!(own.1, other.1);
}

#[test]
fn no_output_tells_where_this_machine_keeps_things() {
    let folder = folder();
    let here = folder.path().canonicalize().expect("it is there");
    let here = here.to_string_lossy().into_owned();
    for format in ["text", "json", "ndjson", "csv", "markdown", "timeline"] {
        let it = call(folder.path(), &["run", "fails.yaml", "--format", format]);
        assert!(!it.out.contains(&here), "{format}");
    }
    for arguments in [
        &["chart", "fails.yaml"][..],
        &["run", "broken.yaml"],
        &["test", "."],
    ] {
        let it = call(folder.path(), arguments);
        assert!(
            !it.out.contains(&here) && !it.err.contains(&here),
            "{arguments:?}"
        );
    }
}

/// A collection that is made anew tens of thousands of times is told in seconds, not in hours.
#[test]
fn many_incarnations_take_no_longer_each() {
    let folder = folder();
    let at = folder.path();
    let again = "  - { at: 1s, do: RecreateCollection, collections: acme/us-west-2/*, repeat: { every: 1s, times: 70000 } }\n";
    write(
        at,
        "again.yaml",
        &HOLDS.replace("expect:\n", &format!("{again}expect:\n")),
    );
    let it = call(at, &["run", "again.yaml", "--format", "markdown"]);
    assert!(it.code <= 1, "{}", it.err);
}
