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

use keyoutage::policy::{
    Answer, Complaint, ComplaintKind, Context, Policy, Request, SERVICE_OPERATIONS, Why,
};
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

/// Who, does what, with this, and what was expected when the file was read by hand against AWS's rules.
type Reading = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    Answer,
);

const ALLOW: Answer = Answer::Allowed;
const DENY: Answer = Answer::DeniedExplicitly;
const NO: Answer = Answer::DeniedImplicitly;

/// Ten real policies, read by hand.
const READ_BY_HAND: [(&str, &[Reading]); 10] = [
    (
        "aws-docs-console-default-with-external-account.json",
        &[
            (
                "arn:aws:iam::444455556666:role/Any",
                "kms:Decrypt",
                &[],
                ALLOW,
            ),
            // A grant for a service, and one for themselves; the key of the request is absent in the third.
            (
                "arn:aws:iam::444455556666:role/Any",
                "kms:CreateGrant",
                &[("kms:GrantIsForAWSResource", "true")],
                ALLOW,
            ),
            (
                "arn:aws:iam::444455556666:role/Any",
                "kms:CreateGrant",
                &[("kms:GrantIsForAWSResource", "false")],
                NO,
            ),
            (
                "arn:aws:iam::444455556666:role/Any",
                "kms:CreateGrant",
                &[],
                NO,
            ),
            (
                "arn:aws:iam::444455556666:role/Any",
                "kms:PutKeyPolicy",
                &[],
                NO,
            ),
        ],
    ),
    (
        "aws-docs-encryption-algorithm-conditions.json",
        &[
            (
                "arn:aws:iam::111122223333:user/ExampleUser",
                "kms:Decrypt",
                &[("kms:KeyOrigin", "AWS_CLOUDHSM")],
                ALLOW,
            ),
            (
                "arn:aws:iam::111122223333:user/ExampleUser",
                "kms:Decrypt",
                &[("kms:KeyOrigin", "AWS_KMS")],
                NO,
            ),
            (
                "arn:aws:iam::111122223333:user/ExampleUser",
                "kms:DescribeKey",
                &[("kms:KeyOrigin", "AWS_CLOUDHSM")],
                NO,
            ),
        ],
    ),
    (
        "aws-docs-one-statement-keyspec-condition.json",
        &[
            (
                "arn:aws:iam::111122223333:user/Alice",
                "kms:DescribeKey",
                &[("kms:KeySpec", "SYMMETRIC_DEFAULT")],
                ALLOW,
            ),
            (
                "arn:aws:iam::111122223333:user/Alice",
                "kms:DescribeKey",
                &[("kms:KeySpec", "RSA_2048")],
                NO,
            ),
            (
                "arn:aws:iam::111122223333:user/Bob",
                "kms:DescribeKey",
                &[("kms:KeySpec", "SYMMETRIC_DEFAULT")],
                NO,
            ),
        ],
    ),
    (
        "aws-docs-service-principal-cloudtrail.json",
        &[
            (
                "cloudtrail.amazonaws.com",
                "kms:GenerateDataKey",
                &[
                    (
                        "aws:SourceArn",
                        "arn:aws:cloudtrail:us-west-2:111122223333:trail/finance",
                    ),
                    (
                        "kms:EncryptionContext:aws:cloudtrail:arn",
                        "arn:aws:cloudtrail:us-west-2:111122223333:trail/finance",
                    ),
                ],
                ALLOW,
            ),
            (
                "cloudtrail.amazonaws.com",
                "kms:GenerateDataKey",
                &[
                    (
                        "aws:SourceArn",
                        "arn:aws:cloudtrail:us-west-2:111122223333:trail/other",
                    ),
                    (
                        "kms:EncryptionContext:aws:cloudtrail:arn",
                        "arn:aws:cloudtrail:us-west-2:111122223333:trail/finance",
                    ),
                ],
                NO,
            ),
            (
                "cloudtrail.amazonaws.com",
                "kms:GenerateDataKey",
                &[(
                    "aws:SourceArn",
                    "arn:aws:cloudtrail:us-west-2:111122223333:trail/finance",
                )],
                NO,
            ),
        ],
    ),
    (
        "aws-docs-single-statement-object-notipaddress.json",
        &[
            (
                "arn:aws:iam::111122223333:role/KMSTestRole",
                "kms:Encrypt",
                &[("aws:SourceIp", "198.51.100.9")],
                ALLOW,
            ),
            (
                "arn:aws:iam::111122223333:role/KMSTestRole",
                "kms:Encrypt",
                &[("aws:SourceIp", "203.0.113.9")],
                NO,
            ),
            // A negated operator holds where the key is absent.
            (
                "arn:aws:iam::111122223333:role/KMSTestRole",
                "kms:Encrypt",
                &[],
                ALLOW,
            ),
        ],
    ),
    (
        "checkov-star-with-calleraccount.json",
        &[
            (
                "arn:aws:iam::111122223333:user/ann",
                "kms:Decrypt",
                &[("kms:CallerAccount", "111122223333")],
                ALLOW,
            ),
            (
                "arn:aws:iam::444455556666:user/bob",
                "kms:Decrypt",
                &[("kms:CallerAccount", "444455556666")],
                NO,
            ),
            // With MFA the statement for the account is enough.
            (
                "arn:aws:iam::111122223333:user/ann",
                "kms:Decrypt",
                &[("aws:MultiFactorAuthPresent", "true")],
                ALLOW,
            ),
        ],
    ),
    (
        "custodian-condition-keys-1.json",
        &[
            (
                "arn:aws:iam::644160558196:role/Any",
                "kms:Decrypt",
                &[("kms:CallerAccount", "644160558196")],
                ALLOW,
            ),
            (
                "arn:aws:iam::444455556666:role/Any",
                "kms:Encrypt",
                &[("kms:CallerAccount", "444455556666")],
                NO,
            ),
        ],
    ),
    (
        "custodian-condition-keys-3.json",
        &[
            // StringEquals knows no wildcards: no account is called "*".
            (
                "arn:aws:iam::444455556666:role/Any",
                "kms:Encrypt",
                &[
                    ("kms:CallerAccount", "444455556666"),
                    ("kms:ViaService", "s3.af-south-1.amazonaws.com"),
                ],
                NO,
            ),
            (
                "arn:aws:iam::644160558196:role/Any",
                "kms:Encrypt",
                &[("kms:CallerAccount", "644160558196")],
                ALLOW,
            ),
        ],
    ),
    (
        "prowler-notaction-allow.json",
        &[
            (
                "arn:aws:iam::123456789012:role/enclave-parent",
                "kms:Decrypt",
                &[(
                    "kms:RecipientAttestation:PCR0",
                    "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
                )],
                ALLOW,
            ),
            (
                "arn:aws:iam::123456789012:role/enclave-parent",
                "kms:Decrypt",
                &[],
                NO,
            ),
            (
                "arn:aws:iam::123456789012:role/enclave-parent",
                "kms:ListKeys",
                &[(
                    "kms:RecipientAttestation:PCR0",
                    "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
                )],
                NO,
            ),
        ],
    ),
    (
        "prowler-notprincipal-deny.json",
        &[
            (
                "arn:aws:iam::123456789012:role/other",
                "kms:Decrypt",
                &[],
                DENY,
            ),
            (
                "arn:aws:iam::123456789012:role/other",
                "kms:Decrypt",
                &[("kms:RecipientAttestation:PCR0", "b")],
                ALLOW,
            ),
            // The list spares the role but not its account, so it spares nobody (P9).
            (
                "arn:aws:iam::123456789012:role/enclave",
                "kms:Decrypt",
                &[],
                DENY,
            ),
            (
                "arn:aws:iam::123456789012:role/enclave",
                "kms:Encrypt",
                &[],
                NO,
            ),
        ],
    ),
];

#[test]
fn ten_real_policies_decide_as_they_were_read_by_hand() {
    let Some(folder) = data("policies", READ_BY_HAND.len()) else {
        return;
    };
    for (name, readings) in READ_BY_HAND {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        let policy = Policy::from_json(&text).unwrap_or_else(|wrong| panic!("{name}: {wrong:#?}"));
        for (principal, action, keys, want) in readings {
            let mut context = Context::closed();
            for (key, value) in *keys {
                context.set(key, [*value]);
            }
            let decision = policy.decide(&Request {
                principal,
                action,
                resource: "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                context: &context,
            });
            assert_eq!(
                decision.answer, *want,
                "{name} {principal} {action} {keys:?}: {decision:#?}"
            );
        }
    }
}

/// Every decision of every real policy about a request of which nothing is known but who, what and which: it is made, or
/// the key on which it hangs is named.
#[test]
fn what_cannot_be_told_of_real_policies_names_its_key() {
    let Some(folder) = data("policies", POLICIES) else {
        return;
    };
    let mut open = 0;
    for (name, text) in files(&folder) {
        let Ok(policy) = Policy::from_json(&text) else {
            continue;
        };
        for principal in [
            "arn:aws:iam::111122223333:root",
            "arn:aws:iam::318212636800:root",
            "cloudtrail.amazonaws.com",
        ] {
            for action in SERVICE_OPERATIONS.iter().chain(&["kms:CreateGrant"]) {
                let decision = policy.decide(&Request {
                    principal,
                    action,
                    resource: "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                    context: &Context::open(),
                });
                if decision.answer != Answer::CannotTell {
                    continue;
                }
                open += 1;
                let told = decision.because.iter().any(|reason| match &reason.why {
                    Why::Condition { key, operator } => !key.is_empty() && !operator.is_empty(),
                    Why::Variable { name } => !name.is_empty(),
                    Why::Allows
                    | Why::Denies
                    | Why::NoEffect
                    | Why::OtherPrincipal
                    | Why::OtherAction
                    | Why::OtherResource
                    | Why::ConditionFails { .. } => false,
                });
                assert!(told, "{name} {action}: {decision:#?}");
            }
        }
    }
    assert!(open > 0, "some of them have conditions");
}

/// The snippet of the page this crate began with, as it was printed: cut off.
#[test]
fn the_printed_snippet_is_one_statement_cut_off() {
    let Some(path) = data("../seed.txt", 1) else {
        return;
    };
    let page = fs::read_to_string(path).unwrap();
    let snippet: Vec<&str> = page
        .lines()
        .skip_while(|line| !line.contains("\"Sid\""))
        .take_while(|line| !line.trim().is_empty())
        .collect();
    let text = snippet.join("\n");
    let wrong = Policy::from_json(&text).expect_err("it is no policy");
    assert!(within(&text, &wrong), "{wrong:#?}");
    let places: Vec<(ComplaintKind, u32, u32)> = wrong
        .iter()
        .map(|one| (one.kind, one.mark.line, one.mark.column))
        .collect();
    assert_eq!(
        places,
        [
            (ComplaintKind::BareStatement, 1, 5),
            (ComplaintKind::NotJson, 3, 18),
            (ComplaintKind::NotJson, 5, 15)
        ]
    );
    let repaired = text
        .replace(":root\"", ":root\" },")
        .replace("\"Action\": [", "\"Action\": [\"kms:Encrypt\", \"kms:Decrypt\", \"kms:GenerateDataKey*\", \"kms:DescribeKey\"],");
    let repaired = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{{{repaired}}}]}}");
    assert!(Policy::from_json(&repaired).is_ok(), "{repaired}");
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
