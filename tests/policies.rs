//! Real policies, and texts that were spoiled on purpose.
//!
//! The real ones lie outside the repository, in the folder `KEYOUTAGE_DATA` names (else `../shared/data`). Where they
//! are not, their tests say so and pass.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "the data is found by a variable, and what is skipped is said aloud"
)]

use std::fs;
use std::path::{Path, PathBuf};

use keyoutage::policy::{Complaint, Policy};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_oneof, proptest};
use proptest::sample::{Index, select};
use serde_json::json;

/// Whole policies, single statements, and texts that are no JSON.
const POLICIES: usize = 42;
const FRAGMENTS: usize = 11;
const MALFORMED: usize = 12;

/// The policies that are none yet: templates, placeholders, and principals that AWS refuses.
const NOT_POLICIES: [&str; 15] = [
    "awslabs-cfn-kms-admin.json",
    "awslabs-cfn-kms-logs.json",
    "awslabs-cfn-kms-mwaa.json",
    "awslabs-cfn-kms-s3.json",
    "checkov-cfn-cloudtrail-key.json",
    "checkov-principal-foo-string.json",
    "checkov-principal-is-array.json",
    "cloudtrail-default-key-policy.json",
    "cloudwatch-logs-arnlike.json",
    "cloudwatch-logs-encryption-context.json",
    "localstack-replica-policy.json",
    "lza-ebs-cfn-intrinsics-viaservice.json",
    "lza-org-id-and-service-principals.json",
    "scalair-vault-template-placeholders.json",
    "swasthik-deny-stringnotequals-principalarn.json",
];

/// The folder of real inputs, or a word to whoever reads the test's output.
#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
fn data(folder: &str, cases: usize) -> Option<PathBuf> {
    let root = std::env::var_os("KEYOUTAGE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let found = root.join(folder);
    if found.exists() {
        return Some(found);
    }
    eprintln!(
        "SKIPPED: {cases} cases of {folder}; {} is not there",
        found.display()
    );
    None
}

/// The JSON files of a folder by name.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Every complaint points into the text.
fn within(text: &str, complaints: &[Complaint]) -> bool {
    let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
    complaints.iter().all(|complaint| {
        let (line, column, len) = (
            complaint.mark.line,
            complaint.mark.column,
            complaint.mark.len,
        );
        let Some(width) = (line as usize)
            .checked_sub(1)
            .and_then(|line| lines.get(line))
        else {
            return false;
        };
        // One column behind the end of a line is where something is missing.
        let end = column as usize + len as usize - 1;
        column >= 1
            && len >= 1
            && end <= (*width).max(column as usize)
            && column as usize <= width + 1
    })
}

/// A message may be printed as it is.
fn printable(complaints: &[Complaint]) -> bool {
    complaints.iter().all(|complaint| {
        let words = [
            Some(&complaint.what),
            complaint.expected.as_ref(),
            complaint.did_you_mean.as_ref(),
        ];
        words
            .into_iter()
            .flatten()
            .flat_map(|words| words.chars())
            .all(|ch| !ch.is_control())
    })
}

/// Refused, with complaints that point into the text.
fn refused(name: &str, text: &str) {
    let wrong = Policy::from_json(text).expect_err(name);
    assert!(
        !wrong.is_empty() && within(text, &wrong) && printable(&wrong),
        "{name}: {wrong:#?}"
    );
}

#[test]
fn real_policies_are_read_or_refused_with_a_place() {
    let Some(folder) = data("policies", POLICIES) else {
        return;
    };
    let files = files(&folder);
    assert_eq!(files.len(), POLICIES);
    for (name, text) in &files {
        if NOT_POLICIES.contains(&name.as_str()) {
            refused(name, text);
        } else {
            let policy =
                Policy::from_json(text).unwrap_or_else(|wrong| panic!("{name}: {wrong:#?}"));
            assert!(
                within(text, policy.warnings()) && printable(policy.warnings()),
                "{name}"
            );
        }
    }
}

#[test]
fn statements_alone_and_broken_texts_are_refused_with_a_place() {
    for (folder, cases) in [
        ("policies/fragments", FRAGMENTS),
        ("policies/malformed", MALFORMED),
    ] {
        let Some(path) = data(folder, cases) else {
            continue;
        };
        let files = files(&path);
        assert_eq!(files.len(), cases);
        for (name, text) in &files {
            refused(name, text);
        }
    }
}

/// A policy of all elements, to be spoiled.
const GOOD: &str = r#"{
  "Version": "2012-10-17",
  "Id": "é",
  "Statement": [
    {
      "Sid": "all",
      "Effect": "Allow",
      "Principal": { "AWS": ["arn:aws:iam::318212636800:root", "*"], "Service": "s3.amazonaws.com" },
      "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
      "Resource": "*",
      "Condition": { "StringEquals": { "kms:ViaService": ["s3.us-west-2.amazonaws.com"] }, "Bool": { "a:b": true } }
    },
    { "Effect": "Deny", "NotPrincipal": "*", "NotAction": "kms:*", "NotResource": "${aws:userid}\\u00e9" }
  ]
}"#;

/// The good policy with one change: characters cut out, put in, or doubled; sometimes wrapped as the AWS CLI does.
fn spoiled() -> impl Strategy<Value = String> {
    let scraps = vec![
        "",
        ",",
        "}",
        "{",
        "\"",
        "\n",
        "\\",
        "\u{201c}",
        "\u{202e}",
        "\u{0}",
        "//",
        "${",
        "[",
        "1",
        "\u{1f600}",
    ];
    (any::<Index>(), 0usize..12, select(scraps), any::<bool>()).prop_map(
        |(index, cut, scrap, wrap)| {
            let chars: Vec<char> = GOOD.chars().collect();
            let at = index.index(chars.len());
            let before: String = chars.iter().take(at).collect();
            let behind: String = chars.iter().skip(at + cut).collect();
            let text = format!("{before}{scrap}{behind}");
            if wrap {
                json!({ "Policy": text, "PolicyName": "default" }).to_string()
            } else {
                text
            }
        },
    )
}

#[test]
fn the_policy_to_be_spoiled_is_good() {
    assert!(Policy::from_json(GOOD).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic_or_point_outside(
        text in prop_oneof![spoiled(), any::<String>(), "[{}\\[\\]\":,a1\\\\ \n]{0,60}"]
    ) {
        let complaints = match Policy::from_json(&text) {
            Ok(policy) => policy.warnings().to_vec(),
            Err(wrong) => wrong,
        };
        prop_assert!(within(&text, &complaints), "{:?} {:#?}", text, complaints);
        prop_assert!(printable(&complaints), "{:#?}", complaints);
    }
}
