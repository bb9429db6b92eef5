//! Decisions, as a table: policy, caller, action, answer, because.

use super::{Answer, Request, Why};
use crate::policy::Policy;

const KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
const ROOT: &str = "arn:aws:iam::318212636800:root";

use Answer::{Allowed, CannotTell, DeniedExplicitly, DeniedImplicitly};

/// A policy of these statements, written with `'` for `"`, gives this answer, for the reason of this statement.
fn check(statements: &str, caller: &str, action: &str, answer: Answer, because: &[(usize, Why)]) {
    check_at(KEY, statements, caller, action, answer, because);
}

fn check_at(
    key: &str,
    statements: &str,
    caller: &str,
    action: &str,
    answer: Answer,
    because: &[(usize, Why)],
) {
    let text =
        format!("{{'Version': '2012-10-17', 'Statement': [{statements}]}}").replace('\'', "\"");
    let policy = Policy::from_json(&text).unwrap_or_else(|wrong| panic!("{text}: {wrong:#?}"));
    let decision = policy.decide(&Request {
        principal: caller,
        action,
        resource: key,
        context: &crate::policy::Context::open(),
    });
    let reasons: Vec<(usize, Why)> = decision
        .because
        .into_iter()
        .map(|r| (r.statement, r.why))
        .collect();
    assert_eq!(
        (decision.answer, reasons.as_slice()),
        (answer, because),
        "{text} {caller} {action}"
    );
}

fn allow(rest: &str) -> String {
    format!("{{'Effect': 'Allow', {rest}}}")
}

fn deny(rest: &str) -> String {
    format!("{{'Effect': 'Deny', {rest}}}")
}

/// A statement for a principal under `AWS`, any action, any resource.
fn for_aws(principal: &str) -> String {
    allow(&format!(
        "'Principal': {{'AWS': {principal}}}, 'Action': 'kms:*', 'Resource': '*'"
    ))
}

/// A statement for everyone with this action element.
fn to_do(action: &str) -> String {
    allow(&format!("'Principal': '*', {action}, 'Resource': '*'"))
}

/// A statement for everyone on this resource element.
fn on(resource: &str) -> String {
    allow(&format!("'Principal': '*', 'Action': 'kms:*', {resource}"))
}

const IF: &str = "'Condition': {'StringEquals': {'kms:ViaService': 's3.us-west-2.amazonaws.com'}}";

fn condition() -> Why {
    Why::Condition {
        key: "kms:ViaService".to_owned(),
        operator: "StringEquals".to_owned(),
    }
}

#[test]
fn actions_are_chosen_or_left_out() {
    let yes = |element: &str, action: &str| {
        check(&to_do(element), ROOT, action, Allowed, &[(0, Why::Allows)])
    };
    let no = |element: &str, action: &str| {
        check(
            &to_do(element),
            ROOT,
            action,
            DeniedImplicitly,
            &[(0, Why::OtherAction)],
        );
    };
    yes("'Action': 'KMS:decrypt'", "kms:Decrypt");
    yes(
        "'Action': ['kms:Encrypt', 'kms:GenerateDataKey*']",
        "kms:GenerateDataKeyPair",
    );
    yes("'Action': '*'", "kms:Decrypt");
    no(
        "'Action': 'kms:GenerateDataKey'",
        "kms:GenerateDataKeyWithoutPlaintext",
    );
    no("'Action': 'kms:Decrypt?'", "kms:Decrypt");
    yes("'NotAction': 'kms:Encrypt'", "kms:Decrypt");
    no("'NotAction': ['kms:Encrypt', 'kms:DE*']", "kms:Decrypt");
}

#[test]
fn a_resource_is_this_key_or_another() {
    let yes = |element: &str| {
        check(
            &on(element),
            ROOT,
            "kms:Decrypt",
            Allowed,
            &[(0, Why::Allows)],
        )
    };
    let no = |element: &str| {
        check(
            &on(element),
            ROOT,
            "kms:Decrypt",
            DeniedImplicitly,
            &[(0, Why::OtherResource)],
        )
    };
    yes("'Resource': '*'");
    yes(&format!(
        "'Resource': ['arn:aws:kms:eu-west-1:111122223333:key/x', '{KEY}']"
    ));
    yes("'Resource': 'arn:aws:kms:us-west-2:111122223333:key/*'");
    no("'Resource': 'arn:aws:kms:us-west-2:111122223333:alias/main'");
    yes("'NotResource': 'arn:aws:kms:us-east-1:*:key/*'");
    no("'NotResource': 'arn:aws:kms:us-west-2:*:key/*'");
    // P10: the primary's ARN in the replica's policy.
    let replica = KEY.replace("us-west-2", "us-east-1");
    let copied = on(&format!("'Resource': '{KEY}'"));
    check_at(
        &replica,
        &copied,
        ROOT,
        "kms:Decrypt",
        DeniedImplicitly,
        &[(0, Why::OtherResource)],
    );
    let open = on("'Resource': 'arn:aws:kms:us-west-2:${aws:PrincipalAccount}:key/*'");
    let name = "aws:PrincipalAccount".to_owned();
    check(
        &open,
        ROOT,
        "kms:Decrypt",
        CannotTell,
        &[(0, Why::Variable { name })],
    );
}

#[test]
fn a_statement_without_action_or_resource_does_nothing() {
    let lame = "{'Effect': 'Allow', 'Principal': '*', 'Resource': '*'}, {'Effect': 'Deny', 'Principal': '*', 'Action': '*'}";
    check(
        lame,
        ROOT,
        "kms:Decrypt",
        DeniedImplicitly,
        &[(0, Why::NoEffect), (1, Why::NoEffect)],
    );
    check(
        &format!("{lame}, {}", for_aws("'*'")),
        ROOT,
        "kms:Decrypt",
        Allowed,
        &[(2, Why::Allows)],
    );
}

#[test]
fn a_deny_wins_wherever_it_stands() {
    let deny = deny("'Principal': '*', 'Action': 'kms:Decrypt', 'Resource': '*'");
    let allow = for_aws("'318212636800'");
    check(
        &format!("{deny}, {allow}"),
        ROOT,
        "kms:Decrypt",
        DeniedExplicitly,
        &[(0, Why::Denies)],
    );
    check(
        &format!("{allow}, {deny}"),
        ROOT,
        "kms:Decrypt",
        DeniedExplicitly,
        &[(1, Why::Denies)],
    );
    check(
        &format!("{allow}, {deny}"),
        ROOT,
        "kms:Encrypt",
        Allowed,
        &[(0, Why::Allows)],
    );
    check(
        &deny,
        ROOT,
        "kms:Decrypt",
        DeniedExplicitly,
        &[(0, Why::Denies)],
    );
}

#[test]
fn an_open_condition_is_told_where_it_matters() {
    let base = "'Principal': '*', 'Action': 'kms:Decrypt', 'Resource': '*'";
    let (sure, open) = (allow(base), allow(&format!("{base}, {IF}")));
    let (never, perhaps) = (deny(base), deny(&format!("{base}, {IF}")));
    let check = |statements: &[&String], answer: Answer, because: &[(usize, Why)]| {
        let list: Vec<&str> = statements.iter().map(|one| one.as_str()).collect();
        check(&list.join(", "), ROOT, "kms:Decrypt", answer, because);
    };
    check(&[&open], CannotTell, &[(0, condition())]);
    check(&[&open, &sure], Allowed, &[(1, Why::Allows)]);
    check(
        &[&sure, &perhaps],
        CannotTell,
        &[(1, condition()), (0, Why::Allows)],
    );
    check(
        &[&open, &perhaps],
        CannotTell,
        &[(1, condition()), (0, condition())],
    );
    check(
        &[&perhaps, &never, &sure],
        DeniedExplicitly,
        &[(1, Why::Denies)],
    );
    // Denied either way: only the kind of the denial is open, and nobody asked for that.
    check(&[&perhaps], DeniedImplicitly, &[(0, condition())]);
    let empty = allow(&format!("{base}, 'Condition': {{}}"));
    let hollow = allow(&format!("{base}, 'Condition': {{'StringEquals': {{}}}}"));
    check(&[&empty], Allowed, &[(0, Why::Allows)]);
    check(&[&hollow], Allowed, &[(0, Why::Allows)]);
}

#[test]
fn a_condition_elsewhere_disturbs_nobody() {
    let open = allow(&format!(
        "'Principal': '*', 'Action': 'kms:CreateGrant', 'Resource': '*', {IF}"
    ));
    check(
        &open,
        ROOT,
        "kms:Decrypt",
        DeniedImplicitly,
        &[(0, Why::OtherAction)],
    );
}

#[test]
fn a_reason_names_its_statement_safely() {
    let text = "{\"Version\":\"2012-10-17\",\"Statement\":[\n\n{\"Sid\":\"a\\nb\",\"Effect\":\"Allow\",\
                \"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}";
    let policy = Policy::from_json(text).unwrap();
    let decision = policy.decide(&Request {
        principal: ROOT,
        action: "kms:Decrypt",
        resource: KEY,
        context: &crate::policy::Context::open(),
    });
    assert_eq!(decision.because[0].line, 3);
    assert_eq!(decision.because[0].sid.as_deref(), Some("aU+000Ab"));
}
