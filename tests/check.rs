//! `keyoutage check` from outside: can every organization begin where its scenario puts it, and where does it say so?

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use common::{HOLDS, call, folder, write};
use keyoutage::names::{Kind, Subject};
use keyoutage::scenario::{Severity, load};
use keyoutage::states::SiteState;
use keyoutage::time::Time;
use keyoutage::timeline::Fact;
use keyoutage::{engine, preflight};
use serde_json::Value;

/// The scenario with some texts replaced, and what is found: code, line, severity, and a part of what follows.
type Row = (
    &'static [(&'static str, &'static str)],
    i32,
    &'static [(&'static str, u64, &'static str, &'static str)],
);

const REPLICA: &str = "us-east-1: { policy: vendor }";
const EVENTS: &str = "events:\n";

const TABLE: &[Row] = &[
    (&[], 0, &[]),
    (
        &[(
            "orgs:\n",
            "orgs:\n  other: { key: main, regions: [eu-west-1] }\n",
        )],
        1,
        &[("K020", 11, "error", "the organization other is not created")],
    ),
    (
        &[(
            "    policy: vendor\n",
            "    policy: vendor\n    spec: RSA_2048\n    usage: SIGN_VERIFY\n",
        )],
        1,
        &[
            ("K021", 8, "error", "the organization acme is not created"),
            ("K022", 9, "error", "the organization acme is not created"),
        ],
    ),
    (
        &[
            (
                "mrk-1234abcd12ab34cd56ef1234567890ab",
                "1234abcd-12ab-34cd-56ef-1234567890ab",
            ),
            (
                "    policy: vendor\n    replicas:\n      us-east-1: { policy: vendor }\n",
                "    multi_region: false\n",
            ),
        ],
        1,
        &[
            ("K023", 7, "error", "the organization acme is not created"),
            (
                "K025",
                11,
                "error",
                "the organization acme cannot operate in us-east-1",
            ),
        ],
    ),
    (
        &[("111122223333", "318212636800")],
        1,
        &[("K024", 6, "error", "the organization acme is not created")],
    ),
    (
        &[("    replicas:\n      us-east-1: { policy: vendor }\n", "")],
        1,
        &[(
            "K025",
            11,
            "error",
            "the organization acme cannot operate in us-east-1",
        )],
    ),
    (
        &[(REPLICA, "us-east-1: { policy: vendor, state: Disabled }")],
        1,
        &[(
            "K026",
            9,
            "error",
            "the organization acme cannot operate in us-east-1",
        )],
    ),
    (
        &[(
            "    policy: vendor\n",
            "    policy: vendor\n    origin: EXTERNAL\n",
        )],
        0,
        &[("K027", 8, "warning", "where it is missing or expired")],
    ),
    (
        &[(REPLICA, "us-east-1: { policy: default }")],
        1,
        &[(
            "K001",
            9,
            "error",
            "the organization acme cannot operate in us-east-1",
        )],
    ),
    (
        &[("    policy: vendor\n", "    policy: default\n")],
        1,
        &[("K001", 7, "error", "the organization acme is not created")],
    ),
    (
        &[(
            REPLICA,
            "us-east-1:\n        policy:\n          Version: \"2012-10-17\"\n          Statement:\n            - \
             { Effect: Allow, Principal: { AWS: \"111122223333\" }, Action: \"kms:*\", Resource: \"*\" }\n            - \
             Effect: Allow\n              Principal: { AWS: \"318212636800\" }\n              Action: [\"kms:*\"]\n              \
             Resource: arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        )],
        1,
        &[(
            "K003",
            17,
            "error",
            "the organization acme cannot operate in us-east-1",
        )],
    ),
    (
        &[(
            EVENTS,
            "events:\n  - { at: 2h, do: PutKeyPolicy, key: main, region: us-west-2, policy: default, for: 1h }\n",
        )],
        0,
        &[(
            "K001",
            19,
            "warning",
            "queries in us-west-2 fail within 5m05s (visibility 5s + cache.life 5m)",
        )],
    ),
    (
        &[
            (
                "until: 24h\n",
                "until: 24h\nset: { cache.life: 1m..2m, pause.after: 2h }\n",
            ),
            (
                EVENTS,
                "events:\n  - { at: 2h, do: PutKeyPolicy, key: main, region: us-west-2, policy: default, for: 1h }\n",
            ),
        ],
        0,
        &[(
            "K001",
            20,
            "warning",
            "fail within 2m05s (visibility 5s + cache.life 1m to 2m)",
        )],
    ),
];

#[test]
fn what_stands_in_the_way_is_said_with_its_place() {
    let folder = folder();
    for (number, (changes, code, due)) in TABLE.iter().enumerate() {
        let mut text = HOLDS.to_owned();
        for (from, to) in *changes {
            assert!(text.contains(from), "row {number}: {from}");
            text = text.replace(from, to);
        }
        write(folder.path(), "it.yaml", &text);
        let it = call(folder.path(), &["check", "it.yaml", "--format", "json"]);
        let json: Value =
            serde_json::from_str(&it.out).unwrap_or_else(|_| panic!("row {number}: {}", it.err));
        let file = &json["files"][0];
        let found = file["findings"].as_array().expect("a list");
        assert_eq!(
            (it.code, found.len()),
            (*code, due.len()),
            "row {number}: {json:#}"
        );
        assert_eq!(file["passes"], *code == 0, "row {number}");
        for (found, (code, line, severity, follows)) in found.iter().zip(*due) {
            assert_eq!(found["code"], *code, "row {number}: {found}");
            assert_eq!(found["line"], *line, "row {number}: {found}");
            assert_eq!(found["severity"], *severity, "row {number}: {found}");
            assert_eq!(found["file"], "it.yaml");
            let said = found["consequence"].as_str().expect("a text");
            assert!(said.contains(follows), "row {number}: {said}");
        }
    }
}

#[test]
fn a_policy_file_has_its_findings_in_its_own_lines() {
    let folder = folder();
    let text = HOLDS.replace(
        REPLICA,
        "us-east-1: { policy: { file: policies/east.json } }",
    );
    write(folder.path(), "deep/it.yaml", &text);
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/policies");
    let pasted = fs::read_to_string(policies.join("seed-statement.json")).expect("it ships");
    write(folder.path(), "deep/policies/east.json", &pasted);
    let it = call(folder.path(), &["check", "deep"]);
    assert_eq!(it.code, 1);
    for said in [
        "error[K003]: Resource names the key in us-west-2, but this is the policy of the key in us-east-1",
        "--> deep/policies/east.json:26:19",
        "the organization acme cannot operate in us-east-1",
        "FAILED deep/it.yaml (1 key, 1 org, 3 collections",
    ] {
        assert!(it.out.contains(said), "{said}\n\n{}", it.out);
    }
    let it = call(folder.path(), &["check", "deep", "--format", "github"]);
    assert!(
        it.out
            .starts_with("::error file=deep/policies/east.json,line=26,col=19,"),
        "{}",
        it.out
    );
    let it = call(folder.path(), &["check", "deep", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&it.out).expect("it is JSON");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "K003");
}

/// All scenarios that ship, with their policies.
fn shipped() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml")
                && !path.ends_with("exempt.yaml")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The findings and the engine are two readers of the same rules: an error is found where a run of one millisecond
/// refuses an organization or a site, and nowhere else.
#[test]
fn what_is_found_is_what_a_run_refuses() {
    let mut counts = BTreeMap::new();
    for path in shipped() {
        let text = fs::read(&path).expect("it can be read");
        let folder = path.parent().expect("it lies in a folder").to_owned();
        let mut read = |name: &str| fs::read(folder.join(name)).map_err(|it| it.to_string());
        let loaded = load(&text, &path.to_string_lossy(), &mut read).expect("it can be run");
        let found = preflight::check_scenario(&loaded.scenario, &loaded.marks);
        let found = found.iter().any(|it| it.severity == Severity::Error);
        let mut start = loaded.scenario;
        start.until = Time::START.next();
        let timeline = engine::run(&start, start.seed);
        let mut facts = timeline.entries.iter().map(|it| &it.fact);
        let refused = facts.any(|it| matches!(it, Fact::OrgRefused { .. }));
        let mut sites = timeline.sites.iter().enumerate();
        let idle =
            sites.find(|(_, it)| it.since == Time::START && it.state == SiteState::CannotOperate);
        let idle = idle.map(|(site, _)| timeline.names.text(Subject::new(Kind::Site, site as u32)));
        let refuses = refused || idle.is_some();
        assert_eq!(found, refuses, "{}: {idle:?}", path.display());
        *counts.entry(refuses).or_insert(0) += 1;
    }
    assert!(counts[&true] >= 5 && counts[&false] >= 30, "{counts:?}");
}

#[test]
fn programs_are_told_why_a_file_does_not_load() {
    let folder = folder();
    write(
        folder.path(),
        "it.yaml",
        &HOLDS.replace("until: 24h", "until: soon"),
    );
    let told = |format: &str| {
        let it = call(folder.path(), &["check", "it.yaml", "--format", format]);
        assert_eq!(it.code, 2, "{}", it.out);
        assert!(it.err.contains("error[E"), "{}", it.err);
        it.out
    };
    let json: Value = serde_json::from_str(&told("json")).expect("it is JSON");
    let finding = &json["files"][0]["findings"][0];
    let code = finding["code"].as_str().expect("a code");
    assert!(code.starts_with('E'), "{json:#}");
    assert_eq!(json["passes"], false);
    assert!(finding["line"].as_u64() > Some(1), "{finding}");
    let github = told("github");
    let due = format!("::error file=it.yaml,line={},", finding["line"]);
    assert!(github.starts_with(&due), "{github}");
    let sarif: Value = serde_json::from_str(&told("sarif")).expect("it is JSON");
    let run = &sarif["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], code);
    let at = result["ruleIndex"].as_u64().expect("a number") as usize;
    assert_eq!(run["tool"]["driver"]["rules"][at]["id"], code);
    write(
        folder.path(),
        "key.json",
        "{\"Version\": \"2012-10-17\", \"Statement\": []}",
    );
    let it = call(folder.path(), &["check", "key.json"]);
    assert_eq!(it.code, 2);
    assert!(
        it.err.contains("keyoutage check-policy key.json"),
        "{}",
        it.err
    );
}

#[test]
fn a_command_that_locks_the_owner_out_is_told_and_a_bad_resource_once() {
    let folder = folder();
    let service = "Principal: { AWS: \"318212636800\" }, Action: [\"kms:Encrypt\", \"kms:Decrypt\", \
                   \"kms:GenerateDataKey*\", \"kms:DescribeKey\"]";
    let event = format!(
        "events:\n  - {{ at: 2h, do: PutKeyPolicy, key: main, region: us-west-2, policy: {{ Version: \"2012-10-17\", \
         Statement: [ {{ Effect: Allow, {service}, Resource: \"*\" }} ] }}, for: 1h }}\n"
    );
    write(folder.path(), "it.yaml", &HOLDS.replace(EVENTS, &event));
    let it = call(folder.path(), &["check", "it.yaml", "--format", "json"]);
    let json: Value = serde_json::from_str(&it.out).expect("it is JSON");
    let found = json["files"][0]["findings"].as_array().expect("a list");
    assert_eq!((it.code, found.len()), (0, 1), "{json:#}");
    assert_eq!(found[0]["code"], "K016");
    let foreign = format!(
        "us-east-1: {{ policy: {{ Version: \"2012-10-17\", Statement: [ {{ Effect: Allow, {service}, Resource: \
         \"arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab\" }} ] }} }}"
    );
    write(folder.path(), "it.yaml", &HOLDS.replace(REPLICA, &foreign));
    let it = call(folder.path(), &["check", "it.yaml"]);
    assert!(it.out.contains("[K003]"), "{}", it.out);
    assert!(!it.err.contains("[W002]"), "{}", it.err);
}
