//! Laws that hold for every policy: each over a few hundred made-up ones.

use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest,
};
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::{Answer, Policy, Request, SERVICE_OPERATIONS};

const KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/mrk-1";

const CALLERS: [&str; 4] = [
    "arn:aws:iam::318212636800:root",
    "arn:aws:iam::318212636800:role/Reader",
    "arn:aws:sts::318212636800:assumed-role/Reader/i-1",
    "s3.amazonaws.com",
];

/// One statement of many kinds.
fn statement() -> impl Strategy<Value = Value> {
    let principals = vec!["*", "318212636800", "111122223333", CALLERS[1], CALLERS[2]];
    let actions = vec![
        "kms:Decrypt",
        "kms:*",
        "kms:GenerateDataKey*",
        "KMS:encrypt",
        "kms:DescribeKey",
        "kms:Sign",
    ];
    let resources = vec![
        "*",
        KEY,
        "arn:aws:kms:us-east-1:*:key/*",
        "arn:aws:kms:*:${aws:PrincipalAccount}:key/*",
    ];
    (
        select(vec!["Allow", "Deny"]),
        (
            select(vec!["Principal", "Principal", "Principal", "NotPrincipal"]),
            subsequence(principals, 1..=3),
        ),
        (
            select(vec!["Action", "Action", "Action", "NotAction"]),
            subsequence(actions, 1..=4),
        ),
        (
            select(vec!["Resource", "Resource", "NotResource"]),
            subsequence(resources, 1..=2),
        ),
        any::<[bool; 3]>(),
    )
        .prop_map(
            |(effect, who, what, which, [condition, action, resource])| {
                let mut one = json!({ "Effect": effect, who.0: { "AWS": who.1 } });
                if action || condition {
                    one[what.0] = json!(what.1);
                }
                if resource || condition {
                    one[which.0] = json!(which.1);
                }
                if condition && action {
                    one["Condition"] =
                        json!({ "StringEquals": { "aws:PrincipalOrgID": ["o-1", "o-2"] } });
                }
                one
            },
        )
}

fn statements() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(statement(), 1..5)
}

fn policy(statements: &[Value]) -> Policy {
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    Policy::from_json(&text).unwrap_or_else(|wrong| panic!("{text}: {wrong:#?}"))
}

/// The statement taken apart: one for each of the members of its action list, or of its principals.
fn split(statement: &Value) -> Vec<Value> {
    let mut parts = Vec::new();
    if let Some(actions) = statement.get("Action").and_then(Value::as_array) {
        for action in actions {
            let mut part = statement.clone();
            part["Action"] = action.clone();
            parts.push(part);
        }
    } else if let Some(principals) = statement
        .pointer("/Principal/AWS")
        .and_then(Value::as_array)
    {
        for principal in principals {
            let mut part = statement.clone();
            part["Principal"] = json!({ "AWS": principal });
            parts.push(part);
        }
    } else {
        parts.push(statement.clone());
    }
    parts
}

/// How much an answer lets through.
fn rank(answer: Answer) -> u8 {
    match answer {
        Answer::DeniedExplicitly | Answer::DeniedImplicitly => 0,
        Answer::CannotTell => 1,
        Answer::Allowed => 2,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn meaning_outlives_names_order_and_splitting(
        (list, shuffled) in statements().prop_flat_map(|list| {
            let parts: Vec<Value> = list.iter().flat_map(split).enumerate().map(|(at, mut part)| {
                part["Sid"] = json!(format!("part {at}"));
                part
            }).collect();
            (Just(list), Just(parts).prop_shuffle())
        })
    ) {
        let (before, after) = (policy(&list), policy(&shuffled));
        prop_assert_eq!(before.meaning(), after.meaning());
        for principal in CALLERS {
            for action in SERVICE_OPERATIONS {
                let request = Request { principal, action, resource: KEY, context: &crate::policy::Context::open() };
                prop_assert_eq!(before.decide(&request).answer, after.decide(&request).answer);
            }
        }
    }

    #[test]
    fn another_deny_never_allows_more(list in statements(), mut deny in statement(), at in any::<proptest::sample::Index>()) {
        deny["Effect"] = json!("Deny");
        let mut more = list.clone();
        more.insert(at.index(list.len() + 1), deny);
        let (before, after) = (policy(&list), policy(&more));
        for principal in CALLERS {
            for action in SERVICE_OPERATIONS {
                let request = Request { principal, action, resource: KEY, context: &crate::policy::Context::open() };
                prop_assert!(rank(after.decide(&request).answer) <= rank(before.decide(&request).answer));
            }
        }
    }

    #[test]
    fn what_is_taken_comes_back(list in statements(), action in select(vec!["kms:Decrypt", "KMS:*", "kms:Encrypt"])) {
        let actions = [action.to_owned()];
        let before = policy(&list);
        if let Some(without) = before.without_actions("318212636800", &actions) {
            prop_assert!(without.without_actions("318212636800", &actions).is_none());
            let back = without.with_actions("318212636800", &actions);
            prop_assert_eq!(back.as_ref().map(Policy::meaning), Some(before.meaning()));
        }
    }
}
