//! Actions taken away and given back.

use crate::policy::{Answer, Policy, Request};

const SERVICE: &str = "318212636800";

fn policy(statements: &str) -> Policy {
    let text =
        format!("{{'Version': '2012-10-17', 'Statement': [{statements}]}}").replace('\'', "\"");
    Policy::from_json(&text).unwrap_or_else(|wrong| panic!("{text}: {wrong:#?}"))
}

fn actions(list: &[&str]) -> Vec<String> {
    list.iter().map(|&action| action.to_owned()).collect()
}

fn allow(principal: &str, list: &str) -> String {
    format!("{{'Effect': 'Allow', 'Principal': {principal}, 'Action': {list}, 'Resource': '*'}}")
}

/// Which of these actions the service may do.
fn allowed(policy: &Policy, of: &[&str]) -> Vec<bool> {
    let resource = "arn:aws:kms:us-west-2:111122223333:key/mrk-1";
    let may = |action: &&str| {
        policy
            .decide(&Request {
                principal: "318212636800",
                action,
                resource,
                context: &crate::policy::Context::open(),
            })
            .answer
    };
    of.iter()
        .map(|action| may(action) == Answer::Allowed)
        .collect()
}

#[test]
fn what_was_taken_comes_back_to_where_it_was() {
    let vendor = Policy::vendor("111122223333", SERVICE);
    let of = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKeyPair"];
    let without = vendor
        .without_actions(SERVICE, &actions(&["KMS:decrypt", "kms:GenerateDataKey*"]))
        .unwrap();
    assert_eq!(allowed(&without, &of), [false, true, false]);
    assert_ne!(without.meaning(), vendor.meaning());
    let half = without
        .with_actions(SERVICE, &actions(&["kms:Decrypt"]))
        .unwrap();
    assert_eq!(allowed(&half, &of), [true, true, false]);
    let whole = half
        .with_actions(SERVICE, &actions(&["kms:generatedatakey*"]))
        .unwrap();
    assert_eq!(whole.meaning(), vendor.meaning());
}

#[test]
fn only_literal_members_are_taken() {
    let none = |policy: &Policy, list: &[&str]| {
        assert!(policy.without_actions(SERVICE, &actions(list)).is_none())
    };
    let vendor = Policy::vendor("111122223333", SERVICE);
    none(&vendor, &["kms:GenerateDataKey"]);
    none(&vendor, &["kms:*"]);
    none(&vendor, &[]);
    none(&policy(&allow("'*'", "'kms:*'")), &["kms:Decrypt"]);
    none(
        &policy(&allow(
            "{'AWS': 'arn:aws:iam::318212636800:role/x'}",
            "'kms:Decrypt'",
        )),
        &["kms:Decrypt"],
    );
    none(
        &policy(&allow("'*'", "'kms:Decrypt'").replace("Allow", "Deny")),
        &["kms:Decrypt"],
    );
    none(
        &policy(&allow("'*'", "'kms:Decrypt'").replace("'Action'", "'NotAction'")),
        &["kms:Decrypt"],
    );
    none(
        &policy(&allow("'*'", "'kms:Decrypt'").replace(", 'Resource': '*'", "")),
        &["kms:Decrypt"],
    );
}

#[test]
fn every_statement_for_the_account_loses_it() {
    let both = policy(
        &[
            allow("'*'", "'kms:Decrypt'"),
            allow("{'AWS': '318212636800'}", "['kms:Decrypt']"),
        ]
        .join(", "),
    );
    let without = both
        .without_actions(SERVICE, &actions(&["kms:Decrypt"]))
        .unwrap();
    assert_eq!(allowed(&without, &["kms:Decrypt"]), [false]);
    assert_eq!(
        without
            .with_actions(SERVICE, &actions(&["kms:Decrypt"]))
            .unwrap()
            .meaning(),
        both.meaning()
    );
}

#[test]
fn what_was_never_taken_is_added() {
    let policy = policy(&allow("{'AWS': '318212636800'}", "'kms:Decrypt'"));
    let more = policy
        .with_actions(SERVICE, &actions(&["kms:Encrypt", "kms:Decrypt"]))
        .unwrap();
    assert_eq!(
        allowed(&more, &["kms:Decrypt", "kms:Encrypt"]),
        [true, true]
    );
    assert!(
        Policy::aws_default("111122223333")
            .with_actions(SERVICE, &actions(&["kms:Decrypt"]))
            .is_none()
    );
}
