//! Whom a principal means, as a table: the element, who calls, whether it is meant.

use crate::policy::{Answer, Policy, Request};

const ROOT: &str = "arn:aws:iam::318212636800:root";
const ROLE: &str = "arn:aws:iam::318212636800:role/service/Reader";
const SESSION: &str = "arn:aws:sts::318212636800:assumed-role/Reader/i-1";
const USER: &str = "arn:aws:iam::318212636800:user/ann";
const S3: &str = "s3.amazonaws.com";

/// With an `Allow` for these (`'` for `"`), or with a `Deny` beside an `Allow` for all, the caller gets this answer.
fn check(effect: &str, who: &str, caller: &str, answer: Answer) {
    let rest = "\"Action\": \"kms:*\", \"Resource\": \"*\"";
    let statement = format!(
        "{{\"Effect\": \"{effect}\", {}, {rest}}}",
        who.replace('\'', "\"")
    );
    let all = format!("{{\"Effect\": \"Allow\", \"Principal\": \"*\", {rest}}}");
    let text = match effect {
        "Deny" => format!("{{\"Statement\": [{all}, {statement}]}}"),
        _ => format!("{{\"Statement\": [{statement}]}}"),
    };
    let policy = Policy::from_json(&text).unwrap_or_else(|wrong| panic!("{text}: {wrong:#?}"));
    let resource = "arn:aws:kms:us-west-2:111122223333:key/mrk-1";
    let request = Request {
        principal: caller,
        action: "kms:Decrypt",
        resource,
        context: &crate::policy::Context::open(),
    };
    assert_eq!(
        policy.decide(&request).answer,
        answer,
        "{effect} {who} {caller}"
    );
}

fn allows(who: &str, caller: &str, meant: bool) {
    check(
        "Allow",
        who,
        caller,
        if meant {
            Answer::Allowed
        } else {
            Answer::DeniedImplicitly
        },
    );
}

fn denies(who: &str, caller: &str, meant: bool) {
    check(
        "Deny",
        who,
        caller,
        if meant {
            Answer::DeniedExplicitly
        } else {
            Answer::Allowed
        },
    );
}

#[test]
fn an_account_means_everyone_in_it() {
    for caller in [ROOT, ROLE, SESSION, USER, "318212636800"] {
        for (who, meant) in [
            ("'Principal': '*'", true),
            ("'Principal': {'AWS': '*'}", true),
            ("'Principal': {'AWS': '318212636800'}", true),
            (
                "'Principal': {'AWS': ['arn:aws:iam::111122223333:root', 'arn:aws:iam::318212636800:root']}",
                true,
            ),
            ("'Principal': {'AWS': '111122223333'}", false),
            ("'Principal': {'AWS': 'AROAIIAV5KAXRDBFPVFAM'}", false),
        ] {
            allows(who, caller, meant);
            denies(who, caller, meant);
        }
    }
}

#[test]
fn an_identity_means_itself_and_its_sessions() {
    for (named, caller, meant) in [
        (ROLE, ROLE, true),
        (ROLE, SESSION, true),
        (SESSION, SESSION, true),
        // P6: not its account, not another identity.
        (ROLE, ROOT, false),
        (ROLE, USER, false),
        (SESSION, ROLE, false),
        ("arn:aws:iam::318212636800:role/Writer", SESSION, false),
        ("arn:aws:iam::111122223333:role/Reader", SESSION, false),
        ("arn:aws-cn:iam::318212636800:role/Reader", SESSION, false),
        ("arn:aws:iam::318212636800:user/Ann", USER, false),
    ] {
        let who = format!("'Principal': {{'AWS': '{named}'}}");
        allows(&who, caller, meant);
        denies(&who, caller, meant);
    }
}

#[test]
fn services_and_providers_are_their_names() {
    for (who, caller, meant) in [
        ("{'Service': 's3.amazonaws.com'}", S3, true),
        (
            "{'Service': ['logs.amazonaws.com', 's3.amazonaws.com']}",
            S3,
            true,
        ),
        (
            "{'Service': 's3.amazonaws.com'}",
            "ec2.amazonaws.com",
            false,
        ),
        ("{'Service': 's3.amazonaws.com'}", ROOT, false),
        (
            "{'Service': 's3.amazonaws.com', 'AWS': '318212636800'}",
            ROOT,
            true,
        ),
        (
            "{'Federated': 'accounts.google.com'}",
            "accounts.google.com",
            true,
        ),
        ("{'CanonicalUser': '79a59df9'}", ROOT, false),
        ("'*'", S3, true),
    ] {
        allows(&format!("'Principal': {who}"), caller, meant);
    }
}

/// P9: account, role and session are three principals, and a `Deny` spares only whom it lists with all of them.
#[test]
fn a_deny_spares_only_whom_it_lists_whole() {
    let role = format!("['{ROLE}', '{ROOT}']");
    let session = format!("['{ROLE}', '{SESSION}', '{ROOT}']");
    let alone = format!("'{ROLE}'");
    for (list, caller, denied) in [
        ("'318212636800'", ROOT, false),
        ("'318212636800'", ROLE, true),
        (&alone, ROLE, true),
        (&role, ROLE, false),
        (&role, SESSION, true),
        (&role, USER, true),
        (&session, SESSION, false),
        ("'*'", USER, false),
        ("'111122223333'", S3, true),
    ] {
        denies(
            &format!("'NotPrincipal': {{'AWS': {list}}}"),
            caller,
            denied,
        );
    }
    denies("'NotPrincipal': {'Service': 's3.amazonaws.com'}", S3, false);
}

#[test]
fn an_allow_for_all_but_some_is_for_all_others() {
    for (list, caller, allowed) in [
        (ROLE, USER, true),
        (ROLE, SESSION, false),
        (ROOT, USER, false),
        (ROLE, S3, true),
    ] {
        allows(
            &format!("'NotPrincipal': {{'AWS': '{list}'}}"),
            caller,
            allowed,
        );
    }
}

#[test]
fn an_account_in_another_partition_is_another() {
    let china = "arn:aws-cn:iam::318212636800:root";
    let in_china = "'Principal': {'AWS': 'arn:aws-cn:iam::318212636800:root'}";
    allows(in_china, china, true);
    allows(in_china, ROOT, false);
    allows("'Principal': {'AWS': '318212636800'}", china, true);
    denies(
        "'NotPrincipal': {'AWS': 'arn:aws-cn:iam::318212636800:root'}",
        ROOT,
        true,
    );
    denies(
        "'NotPrincipal': {'AWS': 'arn:aws-cn:iam::318212636800:root'}",
        china,
        false,
    );
}
