//! `keyoutage check-policy` from outside: every finding, its place, and that what it offers passes.
//!
//! The policies lie in `tests/check_policy/`; their names begin with the code they are made for.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use common::{Ended, call, call_with, write};
use keyoutage::preflight::FindingCode;
use serde_json::Value;

const ARN: &str = "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";

/// The file, the exit code, each finding with its line and column, and whether a mended policy is offered.
type Row = (&'static str, i32, &'static [(&'static str, u64, u64)], bool);

const TABLE: &[Row] = &[
    ("good", 0, &[], false),
    ("k001-no-statement", 1, &[("K001", 3, 3)], true),
    ("k001-one-line", 1, &[("K001", 1, 27)], true),
    ("k001-one-missing", 1, &[("K001", 15, 17)], true),
    ("k001-tabs-crlf", 1, &[("K001", 3, 2)], true),
    ("k001-text-action", 1, &[("K001", 11, 76)], true),
    (
        "k002-alone",
        1,
        &[("K001", 3, 3), ("K016", 3, 3), ("K002", 4, 17)],
        false,
    ),
    ("k002-everybody", 1, &[("K002", 25, 17)], true),
    ("k002-merged", 1, &[("K002", 24, 17)], false),
    ("k002-only-service", 1, &[("K002", 25, 17)], true),
    ("k002-with-condition", 1, &[("K002", 24, 17)], false),
    ("k003-alias", 1, &[("K003", 21, 20)], true),
    ("k003-another-key", 1, &[("K003", 21, 19)], true),
    ("k003-pasted-arn", 1, &[("K003", 21, 19)], true),
    ("k004-star-dropped", 1, &[("K004", 18, 9)], true),
    ("k005-role", 1, &[("K005", 14, 29)], true),
    ("k006-one-digit", 1, &[("K006", 14, 29)], true),
    ("k006-two-swapped", 1, &[("K006", 14, 29)], true),
    ("k007-deny", 1, &[("K007", 29, 30)], false),
    ("k007-organization", 1, &[("K007", 22, 40)], false),
    ("k008-other-caller", 1, &[("K008", 22, 40)], false),
    ("k008-via-another-region", 1, &[("K008", 22, 40)], false),
    ("k009-ends", 1, &[("K007", 22, 40), ("K009", 22, 40)], false),
    ("k010-harmless", 1, &[("K010", 23, 5)], false),
    (
        "k010-no-action",
        1,
        &[("K001", 11, 5), ("K010", 11, 5), ("K010", 11, 5)],
        true,
    ),
    (
        "k010-no-resource",
        1,
        &[("K001", 11, 5), ("K010", 11, 5)],
        true,
    ),
    ("k011-all-actions", 0, &[("K011", 15, 17)], false),
    ("k012-anybody", 0, &[("K012", 14, 20)], false),
    ("k013-own-arn", 0, &[("K013", 21, 19)], true),
    ("k014-role-without-account", 0, &[("K014", 23, 5)], false),
    ("k015-deleted", 0, &[("K015", 25, 30)], true),
    ("k016-locked-out", 0, &[("K016", 3, 3)], false),
    ("k017-bare-statement", 2, &[("K017", 1, 1)], true),
    (
        "k017-fragment",
        2,
        &[("K017", 1, 5), ("K017", 3, 18), ("K017", 5, 15)],
        false,
    ),
    ("k017-not-json", 2, &[("K017", 1, 64)], false),
    (
        "k017-slips",
        2,
        &[("K017", 2, 14), ("K017", 13, 17), ("K017", 21, 7)],
        true,
    ),
    ("k018-no-such-action", 0, &[("K018", 20, 9)], true),
    ("k019-old-version", 0, &[("K019", 28, 56)], false),
    ("k028-unknown-operator", 0, &[("K028", 28, 22)], true),
    (
        "several",
        1,
        &[
            ("K001", 15, 17),
            ("K004", 18, 9),
            ("K013", 20, 19),
            ("K002", 23, 17),
        ],
        true,
    ),
    ("wrapped", 1, &[("K004", 2, 524)], true),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check_policy")
}

fn check(file: &str, arn: &str, more: &[&str]) -> Ended {
    let mut arguments = vec!["check-policy", file, "--arn", arn];
    arguments.extend(more);
    call(&folder(), &arguments)
}

fn as_json(file: &str, arn: &str, more: &[&str]) -> (i32, Value) {
    let mut all = vec!["--format", "json"];
    all.extend(more);
    let it = check(file, arn, &all);
    let json = serde_json::from_str(&it.out);
    (
        it.code,
        json.unwrap_or_else(|_| panic!("{file}: {}{}", it.out, it.err)),
    )
}

fn found(json: &Value) -> Vec<(String, u64, u64)> {
    let list = json["findings"].as_array().expect("a list");
    let one = |it: &Value| {
        let number = |name: &str| it[name].as_u64().expect("a number");
        let code = it["code"].as_str().expect("a code").to_owned();
        (code, number("line"), number("column"))
    };
    list.iter().map(one).collect()
}

/// A text after a unified diff: a little of what `patch` does, and strict about what it finds.
fn patched(text: &str, diff: &str) -> String {
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let mut out = String::new();
    let mut at = 0;
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    while let Some(line) = lines.next() {
        if let Some(hunk) = line.strip_prefix("@@ -") {
            let from = hunk.split([',', ' ']).next().expect("a number");
            let from: usize = from.parse().expect("a number");
            let from = from.saturating_sub(1).max(at);
            out.push_str(&old[at..from].concat());
            at = from;
            continue;
        }
        let (mark, rest) = line.split_at(1);
        let cut = lines.peek().is_some_and(|next| next.starts_with('\\'));
        let rest = if cut {
            rest.trim_end_matches('\n')
        } else {
            rest
        };
        match mark {
            "+" => out.push_str(rest),
            " " | "-" => {
                assert_eq!(old[at], rest, "the diff speaks of another text");
                at += 1;
                if mark == " " {
                    out.push_str(rest);
                }
            }
            _ => {}
        }
    }
    out + &old[at..].concat()
}

#[test]
fn every_finding_is_found_in_its_place_and_mended() {
    let stage = tempfile::tempdir().expect("a folder can be made");
    for (name, code, due, mends) in TABLE {
        let file = format!("{name}.json");
        let (ended, json) = as_json(&file, ARN, &[]);
        let due: Vec<(String, u64, u64)> =
            due.iter().map(|it| (it.0.to_owned(), it.1, it.2)).collect();
        assert_eq!((ended, found(&json)), (*code, due.clone()), "{name}");
        assert_eq!(json["passes"], *code == 0, "{name}");
        assert_eq!(json["repaired"].is_string(), *mends, "{name}");
        for finding in json["findings"].as_array().expect("a list") {
            assert!(finding["consequence"].is_string(), "{name}: {finding}");
            let shown = &finding["counterexample"];
            let needs = finding["severity"] == "error" && finding["code"] != "K017";
            assert!(!needs || shown["decision"] != "allow", "{name}: {finding}");
        }
        if !mends {
            continue;
        }
        let text = fs::read_to_string(folder().join(&file)).expect("it is there");
        let whole: Option<Value> = serde_json::from_str(&text).ok();
        let inner = whole.and_then(|it| Some(it["Policy"].as_str()?.to_owned()));
        let mended = patched(
            inner.as_deref().unwrap_or(&text),
            json["diff"].as_str().expect("a diff"),
        );
        assert_eq!(json["repaired"], mended, "{name}");
        write(stage.path(), &file, &mended);
        let arguments = [
            "check-policy",
            file.as_str(),
            "--arn",
            ARN,
            "--format",
            "json",
        ];
        let again = call(stage.path(), &arguments);
        assert_eq!(again.code, 0, "{name}: {}", again.out);
        let again: Value = serde_json::from_str(&again.out).expect("it is JSON");
        // Whom of the owner's account to admit only the owner can say.
        let left: Vec<_> = found(&again)
            .into_iter()
            .filter(|it| it.0 != "K016")
            .collect();
        assert_eq!(left, [], "{name}: nothing is left");
        assert_eq!(again["repaired"], Value::Null, "{name}");
    }
}

#[test]
fn every_code_of_a_policy_has_a_policy() {
    let shown: BTreeSet<&str> = TABLE.iter().flat_map(|it| it.2).map(|it| it.0).collect();
    let of_keys = [
        FindingCode::WrongRegion,
        FindingCode::NotSymmetric,
        FindingCode::WrongUsage,
        FindingCode::SingleRegion,
        FindingCode::ServicesOwn,
        FindingCode::ReplicaMissing,
        FindingCode::NotEnabled,
        FindingCode::ImportedMaterial,
    ];
    for code in FindingCode::ALL {
        let of_key = of_keys.contains(code);
        assert!(
            of_key || shown.contains(code.word()),
            "{code} has no policy in the table"
        );
        let it = call(&folder(), &["explain", &code.word().to_ascii_lowercase()]);
        assert_eq!(it.code, 0);
        assert!(it.out.starts_with(code.word()), "{}", it.out);
    }
    let files = common::files(&folder());
    let named: Vec<String> = TABLE.iter().map(|it| format!("{}.json", it.0)).collect();
    assert_eq!(files, named, "the table names every file, in order");
}

#[test]
fn the_arn_pasted_from_another_region_is_said_in_so_many_words() {
    let it = check(
        "k013-own-arn.json",
        &ARN.replace("us-west-2", "us-east-1"),
        &[],
    );
    assert_eq!(it.code, 1);
    snapbox::assert_data_eq!(
        it.out,
        snapbox::str![[r#"
error[K003]: Resource names the key in us-west-2, but this is the policy of the key in us-east-1: the ARN of
             the us-west-2 key was pasted into the us-east-1 policy, and the statement does not reach this key
  --> k013-own-arn.json:21:19
   |
21 |       "Resource": "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef12345678…
   |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = shown by: kms:Encrypt on arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab by
               arn:aws:iam::318212636800:root is denied
   = consequence: queries in us-east-1 fail within 5m05s (visibility 5s + cache.life 5m), ingestion halts within 15s
                  and collections are paused 4h05m after the first refusal
   = expected: "*", which in a key policy is this key, in every Region

the policy, mended:

--- a/k013-own-arn.json
+++ b/k013-own-arn.json
@@ -18,7 +18,7 @@
         "kms:GenerateDataKey*",
         "kms:DescribeKey"
       ],
-      "Resource": "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
+      "Resource": "*"
     }
   ]
 }

FAILED k013-own-arn.json for arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab (1 finding)

"#]]
    );
}

#[test]
fn remarks_for_github_are_one_line_each_and_escaped() {
    let stage = tempfile::tempdir().expect("a folder can be made");
    let text = fs::read_to_string(folder().join("k004-star-dropped.json")).expect("it is there");
    write(stage.path(), "a, b:100%.json", &text);
    let arguments = [
        "check-policy",
        "a, b:100%.json",
        "--arn",
        ARN,
        "--format",
        "github",
    ];
    let it = call(stage.path(), &arguments);
    assert_eq!(it.code, 1);
    snapbox::assert_data_eq!(
        it.out,
        snapbox::str![[r#"
::error file=a%2C b%3A100%25.json,line=18,col=9,endColumn=30,title=K004%3A kms%3AGenerateDataKey without its star::kms:GenerateDataKey without its `*` does not allow kms:GenerateDataKeyWithoutPlaintext, kms:GenerateDataKeyPair and kms:GenerateDataKeyPairWithoutPlaintext to arn:aws:iam::318212636800:root%0Aqueries in us-west-2 fail within 5m05s (visibility 5s + cache.life 5m), ingestion halts within 15s and collections are paused 4h05m after the first refusal%0Akms:GenerateDataKeyWithoutPlaintext on arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab by arn:aws:iam::318212636800:root is denied

"#]]
    );
}

#[test]
fn the_document_for_programs_keeps_its_fields() {
    let it = check("k004-star-dropped.json", ARN, &["--format", "json"]);
    snapbox::assert_data_eq!(
        it.out,
        snapbox::str![[r#"
{
  "arn": "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
  "diff": "--- a/k004-star-dropped.json/n+++ b/k004-star-dropped.json/n@@ -15,7 +15,7 @@/n       /"Action/": [/n         /"kms:Encrypt/",/n         /"kms:Decrypt/",/n-        /"kms:GenerateDataKey/",/n+        /"kms:GenerateDataKey*/",/n         /"kms:DescribeKey/"/n       ],/n       /"Resource/": /"*/"/n",
  "file": "k004-star-dropped.json",
  "findings": [
    {
      "code": "K004",
      "column": 9,
      "consequence": "queries in us-west-2 fail within 5m05s (visibility 5s + cache.life 5m), ingestion halts within 15s and collections are paused 4h05m after the first refusal",
      "counterexample": {
        "action": "kms:GenerateDataKeyWithoutPlaintext",
        "decision": "implicit_deny",
        "principal": "arn:aws:iam::318212636800:root",
        "resource": "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
      },
      "did_you_mean": null,
      "expected": "kms:GenerateDataKey*",
      "file": "k004-star-dropped.json",
      "length": 21,
      "line": 18,
      "severity": "error",
      "what": "kms:GenerateDataKey without its `*` does not allow kms:GenerateDataKeyWithoutPlaintext, kms:GenerateDataKeyPair and kms:GenerateDataKeyPairWithoutPlaintext to arn:aws:iam::318212636800:root"
    }
  ],
  "new_policy": null,
  "passes": false,
  "repaired": "{/n  /"Version/": /"2012-10-17/",/n  /"Statement/": [/n    {/n      /"Sid/": /"Enable IAM User Permissions/",/n      /"Effect/": /"Allow/",/n      /"Principal/": { /"AWS/": /"arn:aws:iam::111122223333:root/" },/n      /"Action/": /"kms:*/",/n      /"Resource/": /"*/"/n    },/n    {/n      /"Sid/": /"Allow use of the key/",/n      /"Effect/": /"Allow/",/n      /"Principal/": { /"AWS/": /"arn:aws:iam::318212636800:root/" },/n      /"Action/": [/n        /"kms:Encrypt/",/n        /"kms:Decrypt/",/n        /"kms:GenerateDataKey*/",/n        /"kms:DescribeKey/"/n      ],/n      /"Resource/": /"*/"/n    }/n  ]/n}/n",
  "schema": "keyoutage/check/1"
}

"#]]
    );
}

#[test]
fn the_sarif_log_has_the_parts_that_are_required() {
    let it = check("several.json", ARN, &["--format", "sarif"]);
    assert_eq!(it.code, 1);
    let log: Value = serde_json::from_str(&it.out).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "keyoutage");
    let rules = driver["rules"].as_array().expect("a list");
    assert_eq!(rules.len(), FindingCode::ALL.len());
    for rule in rules {
        assert!(rule["shortDescription"]["text"].is_string(), "{rule}");
        assert_eq!(rule.get("helpUri"), None);
    }
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), 4);
    let text = fs::read_to_string(folder().join("several.json")).expect("it is there");
    for result in results {
        let at = result["ruleIndex"].as_u64().expect("a number") as usize;
        assert_eq!(rules[at]["id"], result["ruleId"]);
        assert!(["error", "warning"].contains(&result["level"].as_str().expect("a level")));
        assert!(
            !result["message"]["text"]
                .as_str()
                .expect("a text")
                .is_empty()
        );
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "several.json");
        let region = &place["region"];
        assert!(
            region["endColumn"].as_u64() > region["startColumn"].as_u64(),
            "{region}"
        );
        let change = &result["fixes"][0]["artifactChanges"][0];
        let replacement = &change["replacements"][0];
        let deleted = &replacement["deletedRegion"];
        assert_eq!(deleted["startLine"], 1);
        assert_eq!(deleted["endLine"], text.split('\n').count());
        assert!(replacement["insertedContent"]["text"].is_string());
    }
    let wrapped = check("wrapped.json", ARN, &["--format", "sarif"]);
    assert!(
        !wrapped.out.contains("\"fixes\""),
        "the file's text is not the policy's"
    );
}

/// What stands below the heading of a diff in the form for people, to where the last line begins.
fn diff_in(out: &str) -> &str {
    let (_, rest) = out.split_once("mended").expect("a diff is offered");
    let from = rest.find("--- ").expect("a diff");
    let end = rest.find("\nFAILED ").expect("the last line");
    &rest[from..end]
}

#[test]
fn a_diff_as_it_is_printed_can_be_applied() {
    let text = fs::read_to_string(folder().join("k001-tabs-crlf.json")).expect("it is there");
    let (_, json) = as_json("k001-tabs-crlf.json", ARN, &[]);
    let it = check("k001-tabs-crlf.json", ARN, &[]);
    let diff = diff_in(&it.out);
    assert_eq!(patched(&text, diff), json["repaired"], "{diff:?}");
    let stage = tempfile::tempdir().expect("a folder can be made");
    for (name, header) in [
        ("a b.json", "--- a/a b.json\t\n+++ b/a b.json\t\n"),
        ("c.json", "--- a/c.json\n+++ b/c.json\n"),
    ] {
        write(stage.path(), name, &text);
        let it = call(stage.path(), &["check-policy", name, "--arn", ARN]);
        assert!(diff_in(&it.out).starts_with(header), "{}", it.out);
        let whole = stage.path().join(name).to_string_lossy().into_owned();
        let it = call(stage.path(), &["check-policy", &whole, "--arn", ARN]);
        let tab = if name.contains(' ') { "\t" } else { "" };
        let header = format!("--- a/{}{tab}\n", whole.trim_start_matches('/'));
        assert!(diff_in(&it.out).starts_with(&header), "{}", it.out);
    }
    let it = call_with(
        &folder(),
        &["check-policy", "-", "--arn", ARN],
        text.as_bytes(),
    );
    assert!(
        diff_in(&it.out).starts_with("--- standard input\n"),
        "{}",
        it.out
    );
    let it = check("wrapped.json", ARN, &[]);
    let header = "--- the policy within wrapped.json\n";
    assert!(diff_in(&it.out).starts_with(header), "{}", it.out);
}

#[test]
fn the_seeds_own_snippet_is_told_from_a_policy_and_completed() {
    let it = check("k017-fragment.json", ARN, &[]);
    assert_eq!(it.code, 2);
    assert!(
        it.out.contains("the inside of a single statement, cut off"),
        "{}",
        it.out
    );
    assert!(
        it.out.contains("a new policy to start from:\n\n{\n") && !it.out.contains("mended"),
        "{}",
        it.out
    );
    let (_, json) = as_json("k017-fragment.json", ARN, &[]);
    let text = json["new_policy"].as_str().expect("a policy");
    let it = call_with(
        &folder(),
        &["check-policy", "-", "--arn", ARN],
        text.as_bytes(),
    );
    assert_eq!(it.code, 0, "{}", it.out);
}

#[test]
fn time_is_judged_where_it_is_given() {
    let (code, json) = as_json("k009-ends.json", ARN, &["--at", "2026-06-01T00:00:00Z"]);
    assert_eq!((code, found(&json)), (0, vec![("K009".to_owned(), 22, 40)]));
    let what = json["findings"][0]["what"].as_str().expect("a text");
    assert!(what.starts_with("from 2027-01-01T00:00:00Z on"), "{what}");
    let (code, json) = as_json("k009-ends.json", ARN, &["--at", "2027-01-01T00:00:00Z"]);
    assert_eq!((code, found(&json)), (1, vec![("K008".to_owned(), 22, 40)]));
}

#[test]
fn another_service_account_and_another_key_can_be_named() {
    let (code, _) = as_json(
        "k006-one-digit.json",
        ARN,
        &["--service-account", "318212636801"],
    );
    assert_eq!(code, 0);
    let single = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let (code, json) = as_json("good.json", single, &[]);
    assert_eq!((code, found(&json)), (1, vec![("K023".to_owned(), 1, 1)]));
    let (code, json) = as_json(
        "good.json",
        &ARN.replace("111122223333", "318212636800"),
        &[],
    );
    assert_eq!(code, 1);
    assert!(found(&json).contains(&("K024".to_owned(), 1, 1)));
}

#[test]
fn bad_usage_is_exit_code_2() {
    for (arguments, says) in [
        (&["good.json", "--arn", "mrk-1"][..], "--arn mrk-1"),
        (
            &["good.json", "--arn", "arn:aws:s3:::a"],
            "an ARN of `s3`, not of kms",
        ),
        (
            &["good.json", "--arn", ARN, "--service-account", "1"],
            "12 digits",
        ),
        (
            &["good.json", "--arn", ARN, "--profile", "nobody"],
            "one of",
        ),
        (&["good.json", "--arn", ARN, "--at", "soon"], "RFC 3339"),
        (&["missing.json", "--arn", ARN], "there is no such file"),
        (&["good.json"], "--arn"),
    ] {
        let mut all = vec!["check-policy"];
        all.extend(arguments);
        let it = call(&folder(), &all);
        assert_eq!((it.code, it.out.as_str()), (2, ""), "{arguments:?}");
        assert!(it.err.contains(says), "{arguments:?}: {}", it.err);
    }
}

#[test]
fn a_policy_comes_through_a_pipe() {
    let text = fs::read(folder().join("k004-star-dropped.json")).expect("it is there");
    let it = call_with(&folder(), &["check-policy", "-", "--arn", ARN], &text);
    assert_eq!(it.code, 1);
    assert!(it.out.contains("--> standard input:18:9"), "{}", it.out);
}

/// Real policies: none makes it stumble, and what cannot be told names what it hangs on.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "where the data lies, no check depends on"
)]
fn real_policies_are_told_or_not_with_the_key_named() {
    let root = std::env::var_os("KEYOUTAGE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let Ok(entries) = fs::read_dir(root.join("policies")) else {
        // Past the harness, which keeps to itself what a passing test prints.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the real policies are not there"
        );
        return;
    };
    let mut said = Vec::new();
    for entry in entries {
        let path = entry.expect("an entry").path();
        if !path.is_file() {
            continue;
        }
        let name = path.to_string_lossy().into_owned();
        let (code, json) = as_json(&name, ARN, &[]);
        for finding in json["findings"].as_array().expect("a list") {
            let what = finding["what"].as_str().expect("a text");
            if finding["code"] == "K007" {
                assert!(what.contains("it hangs on "), "{name}: {what}");
            }
        }
        assert_eq!(code == 0, json["passes"] == true, "{name}");
        if let Some(text) = json["repaired"].as_str() {
            let again = call_with(
                &folder(),
                &["check-policy", "-", "--arn", ARN],
                text.as_bytes(),
            );
            assert_eq!(again.code, 0, "{name}: {}", again.out);
        } else if code == 1 {
            let own = path.file_name().expect("a file");
            said.push(own.to_string_lossy().into_owned());
        }
    }
    said.sort();
    let due = [
        // A Deny of everything for everybody.
        "checkov-deny-only-star.json",
        // Limits of their authors'.
        "checkov-star-with-calleraccount.json",
        "custodian-condition-keys-3.json",
        // A Deny of everything for all but some.
        "prowler-notprincipal-deny.json",
    ];
    assert_eq!(said, due, "what else keeps the service out can be mended");
}

/// A policy with the owner's statement and one more.
fn with(statement: &str) -> String {
    format!(
        "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\"Principal\":{{\"AWS\":\"111122223333\"}},\
         \"Action\":\"kms:*\",\"Resource\":\"*\"}},{statement}]}}"
    )
}

fn told(policy: &str, more: &[&str]) -> (i32, Value) {
    let mut arguments = vec!["check-policy", "-", "--arn", ARN, "--format", "json"];
    arguments.extend(more);
    let it = call_with(&folder(), &arguments, policy.as_bytes());
    let json = serde_json::from_str(&it.out);
    (it.code, json.unwrap_or_else(|_| panic!("{}", it.err)))
}

fn codes(json: &Value) -> Vec<String> {
    found(json).into_iter().map(|it| it.0).collect()
}

/// The dates of a policy as large as AWS takes are gone through once, and each statement's first loss is told.
#[test]
fn of_many_dates_the_first_loss_of_each_statement_is_told() {
    const FIRST: u64 = 1_772_323_200;
    let dates: Vec<String> = (0..2_300)
        .map(|it| format!("\"{}\"", FIRST + 2 * it))
        .collect();
    let dates = dates.join(",");
    let service = |operator: &str| {
        with(&format!(
            "{{\"Effect\":\"Allow\",\"Principal\":{{\"AWS\":\"318212636800\"}},\"Action\":[\"kms:Encrypt\",\"kms:Decrypt\",\
             \"kms:GenerateDataKey*\",\"kms:DescribeKey\"],\"Resource\":\"*\",\"Condition\":{{\"{operator}\":\
             {{\"aws:EpochTime\":[{dates}]}}}}}}"
        ))
    };
    let before = ["--at", "2026-02-01T00:00:00Z"];
    let (code, json) = told(&service("DateNotEquals"), &before);
    assert_eq!((code, codes(&json)), (0, vec!["K009".to_owned()]));
    let finding = &json["findings"][0];
    let what = finding["what"].as_str().expect("a text");
    assert!(what.starts_with("from 2026-03-01T00:00:00Z on"), "{what}");
    let follows = finding["consequence"].as_str().expect("a text");
    assert!(
        follows.contains("within 5m (cache.life 5m), ingestion halts within 10s"),
        "a date is seen at once: {follows}"
    );
    // It begins, and never ends.
    let after = ["--at", "2026-04-01T00:00:00Z"];
    let (code, json) = told(&service("DateGreaterThan"), &after);
    assert_eq!((code, codes(&json)), (0, Vec::new()));
    // It loses in the gaps between two windows: what is allowed first ends first.
    let (code, json) = told(&service("DateEquals"), &["--at", "2026-03-01T00:00:00Z"]);
    assert_eq!((code, codes(&json)), (0, vec!["K009".to_owned()]));
    let what = json["findings"][0]["what"].as_str().expect("a text");
    assert!(
        what.starts_with("from 2026-03-01T00:00:00.001Z on"),
        "{what}"
    );
}

#[test]
fn an_allow_and_a_deny_with_dates_are_told_each() {
    let dated = |effect: &str, operator: &str, date: &str| {
        format!(
            "{{\"Effect\":\"{effect}\",\"Principal\":{{\"AWS\":\"318212636800\"}},\"Action\":[\"kms:Encrypt\",\"kms:Decrypt\",\
             \"kms:GenerateDataKey*\",\"kms:DescribeKey\"],\"Resource\":\"*\",\"Condition\":{{\"{operator}\":\
             {{\"aws:CurrentTime\":\"{date}\"}}}}}}"
        )
    };
    let at = ["--at", "2026-01-01T00:00:00Z"];
    let starts = |json: &Value| -> Vec<String> {
        let list = json["findings"].as_array().expect("a list");
        let what = list.iter().map(|it| it["what"].as_str().expect("a text"));
        what.map(|it| it[5..15].to_owned()).collect()
    };
    let deny = dated("Deny", "DateGreaterThan", "2027-06-01");
    let always = "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"318212636800\"},\"Action\":[\"kms:Encrypt\",\
                  \"kms:Decrypt\",\"kms:GenerateDataKey*\",\"kms:DescribeKey\"],\"Resource\":\"*\"}";
    let (_, json) = told(&with(&format!("{always},{deny}")), &at);
    assert_eq!(starts(&json), ["2027-06-01"]);
    let allow = dated("Allow", "DateLessThan", "2028-01-01");
    let (_, json) = told(&with(&format!("{allow},{always}")), &at);
    assert_eq!(
        starts(&json),
        Vec::<String>::new(),
        "another allows it for ever"
    );
    let window = dated("Deny", "DateEquals", "2027-06-01");
    let (_, json) = told(&with(&format!("{allow},{window}")), &at);
    assert_eq!(starts(&json), ["2028-01-01", "2027-06-01"]);
}

#[test]
fn what_is_more_than_needed_is_shown_by_a_call_that_aws_takes() {
    let (_, json) = as_json("k011-all-actions.json", ARN, &[]);
    assert_eq!(
        json["findings"][0]["counterexample"]["action"],
        "kms:CreateGrant"
    );
    let delete = "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"318212636800\"},\"Action\":[\"kms:Encrypt\",\"kms:Decrypt\",\
                  \"kms:GenerateDataKey*\",\"kms:DescribeKey\",\"kms:ScheduleKeyDeletion\"],\"Resource\":\"*\"}";
    let (code, json) = told(&with(delete), &[]);
    assert_eq!((code, codes(&json)), (0, vec!["K011".to_owned()]));
    assert_eq!(json["findings"][0]["counterexample"], Value::Null);
}

#[test]
fn an_arn_that_is_none_is_told_what_is_wrong_with_it() {
    for (from, to, says) in [
        ("us-west-2", "US-west-2", "small letters"),
        ("111122223333", "11112222333", "12 digits"),
        ("mrk-1234abcd", "mrk-1234ABCD", "small letters"),
        ("key/mrk-", "alias/mrk-", "the ARN of an alias"),
        ("ab34cd56ef", "xyz", "is not a key id"),
    ] {
        let arn = ARN.replace(from, to);
        let it = check("good.json", &arn, &[]);
        assert_eq!((it.code, it.out.as_str()), (2, ""), "{arn}");
        assert!(it.err.contains(says), "{arn}: {}", it.err);
    }
    let short = "arn:aws:kms:us-west-2:111122223333:key/mrk-1234";
    let it = check("good.json", short, &[]);
    assert_eq!(it.code, 0);
    assert!(it.err.contains("shorter than AWS makes them"), "{}", it.err);
}

#[test]
fn a_variable_under_a_condition_is_pointed_at() {
    let policy = with(
        "\n{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"318212636800\"},\"Action\":\"kms:*\",\"Resource\":\"*\",\n\
         \"Condition\":{\"StringEquals\":{\"aws:PrincipalAccount\":\"${aws:PrincipalTag/account}\"}}}",
    );
    let (_, json) = told(&policy, &[]);
    let places = found(&json);
    assert!(places.contains(&("K007".to_owned(), 3, 30)), "{places:?}");
}

#[test]
fn the_services_id_in_another_partition_is_another_account() {
    let policy = with(
        "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws-cn:iam::318212636800:root\"},\"Action\":[\"kms:Encrypt\",\
         \"kms:Decrypt\",\"kms:GenerateDataKey*\",\"kms:DescribeKey\"],\"Resource\":\"*\"}",
    );
    let (code, json) = told(&policy, &[]);
    assert_eq!((code, codes(&json)), (1, vec!["K006".to_owned()]));
    let what = json["findings"][0]["what"].as_str().expect("a text");
    assert!(what.contains("in the partition aws-cn"), "{what}");
    assert!(json["repaired"].is_string());
}
