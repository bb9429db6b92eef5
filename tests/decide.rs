//! `keyoutage decide` from outside: one request, the answer, and why.

mod common;

use std::path::Path;

use common::{Ended, call, call_with, folder, write};
use serde_json::Value;

const ARN: &str = "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Owner", "Effect": "Allow", "Principal": { "AWS": "111122223333" },
      "Action": "kms:*", "Resource": "*" },
    { "Sid": "Use", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::444455556666:root" },
      "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*" },
    { "Effect": "Deny", "Principal": "*", "Action": "kms:GenerateDataKey", "Resource": "*" },
    { "Effect": "Allow", "Principal": { "Service": "s3.amazonaws.com" },
      "Action": "kms:DescribeKey", "Resource": "arn:aws:kms:us-east-1:111122223333:key/*" }
  ]
}
"#;

fn decide(at: &Path, principal: &str, action: &str, more: &[&str]) -> Ended {
    let mut arguments = vec![
        "decide",
        "--policy",
        "policy.json",
        "--arn",
        ARN,
        "--principal",
        principal,
        "--action",
        action,
    ];
    arguments.extend(more);
    call(at, &arguments)
}

#[test]
fn the_answer_is_the_exit_code() {
    let folder = folder();
    write(folder.path(), "policy.json", POLICY);
    for (principal, action, code, answer) in [
        ("111122223333", "kms:PutKeyPolicy", 0, "allow"),
        (
            "arn:aws:iam::111122223333:role/Ops",
            "kms:PutKeyPolicy",
            0,
            "allow",
        ),
        ("arn:aws:iam::444455556666:root", "KMS:decrypt", 0, "allow"),
        (
            "arn:aws:iam::444455556666:root",
            "kms:GenerateDataKey",
            1,
            "deny",
        ),
        (
            "arn:aws:iam::444455556666:root",
            "kms:Encrypt",
            1,
            "implicit_deny",
        ),
        ("s3.amazonaws.com", "kms:DescribeKey", 1, "implicit_deny"),
        ("444455556666", "s3:GetObject", 1, "implicit_deny"),
    ] {
        let it = decide(folder.path(), principal, action, &["--format", "json"]);
        assert_eq!(
            (it.code, it.err.as_str()),
            (code, ""),
            "{principal} {action}"
        );
        let json: Value = serde_json::from_str(&it.out).expect("it is JSON");
        assert_eq!(json["decision"], answer, "{principal} {action}");
        let text = decide(folder.path(), principal, action, &[]);
        assert_eq!(text.code, code);
        assert!(
            text.out.starts_with(&answer.replace('_', " ")),
            "{}",
            text.out
        );
    }
}

#[test]
fn the_reasons_say_how_far_each_statement_fits() {
    let folder = folder();
    write(folder.path(), "policy.json", POLICY);
    let it = decide(
        folder.path(),
        "s3.amazonaws.com",
        "kms:DescribeKey",
        &["--format", "json"],
    );
    let json: Value = serde_json::from_str(&it.out).expect("it is JSON");
    let because = json["because"].as_array().expect("a list");
    assert_eq!(
        because.len(),
        4,
        "where nothing allows, every statement says why not"
    );
    let last = &because[3];
    assert_eq!(last["statement"], 3);
    assert_eq!(last["sid"], Value::Null);
    assert_eq!(last["line"], 9);
    assert_eq!(last["effect"], "Allow");
    assert_eq!(last["matched"], serde_json::json!(["principal", "action"]));
    assert_eq!(last["failed"]["element"], "resource");
    assert_eq!(because[2]["failed"]["element"], "action");
    assert_eq!(because[2]["matched"], serde_json::json!(["principal"]));
    let it = decide(folder.path(), "111122223333", "kms:Decrypt", &[]);
    snapbox::assert_data_eq!(
        it.out,
        snapbox::str![[r#"
allow: kms:Decrypt on arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab by 111122223333
  statement 1 of 4 "Owner" (line 4): it allows the request

"#]]
    );
}

#[test]
fn what_cannot_be_asked_is_bad_input() {
    let folder = folder();
    write(folder.path(), "policy.json", POLICY);
    write(
        folder.path(),
        "broken.json",
        "{ \"Statement\": [ { \"Effect\": \"Alow\" } ] }",
    );
    for (changed, value, says) in [
        ("--arn", "mrk-1234", "a whole ARN"),
        ("--arn", "*", "a whole ARN"),
        (
            "--arn",
            "arn:aws:kms:us-west-2:111122223333:alias/a",
            "the ARN of the key itself",
        ),
        ("--action", "kms:*", "no wildcard"),
        ("--action", "Decrypt", "one operation"),
        ("--principal", "someone", "12 digits"),
        ("--principal", "*", "12 digits"),
        ("--context", "novalue", "KEY=VALUE"),
        ("--context", "=x", "KEY=VALUE"),
        ("--policy", "missing.json", "there is no such file"),
        ("--policy", "broken.json", "broken.json:1:"),
    ] {
        let mut arguments = vec![
            "decide",
            "--policy",
            "policy.json",
            "--arn",
            ARN,
            "--principal",
            "111122223333",
            "--action",
            "kms:Decrypt",
        ];
        match arguments.iter().position(|it| *it == changed) {
            Some(at) => arguments[at + 1] = value,
            None => arguments.extend([changed, value]),
        }
        let it = call(folder.path(), &arguments);
        assert_eq!((it.code, it.out.as_str()), (2, ""), "{changed} {value}");
        assert!(it.err.contains(says), "{changed} {value}: {}", it.err);
    }
    let broken = [
        "decide",
        "--policy",
        "broken.json",
        "--arn",
        ARN,
        "--principal",
        "111122223333",
        "--action",
        "kms:Decrypt",
    ];
    let it = call(folder.path(), &broken);
    assert_eq!(
        it.err.matches("[E022]").count(),
        2,
        "all at once: {}",
        it.err
    );
}

#[test]
fn a_policy_comes_through_a_pipe_as_the_cli_of_aws_prints_it() {
    let folder = folder();
    let wrapped = serde_json::json!({ "Policy": POLICY, "PolicyName": "default" }).to_string();
    let arguments = [
        "decide",
        "--policy",
        "-",
        "--arn",
        ARN,
        "--principal",
        "444455556666",
        "--action",
        "kms:Decrypt",
    ];
    for text in [POLICY, &wrapped] {
        let it = call_with(folder.path(), &arguments, text.as_bytes());
        assert_eq!((it.code, it.err.as_str()), (0, ""), "{}", it.out);
    }
    let it = call_with(folder.path(), &arguments, b"\xff");
    assert_eq!(it.code, 2);
}
