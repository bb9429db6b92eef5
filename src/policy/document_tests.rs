//! What is no policy, where it is wrong, and what is a policy with a warning.

use super::Policy;
use crate::policy::complaint::{Complaint, ComplaintKind as Kind};
use crate::policy::value::{Mark, Member, Node, Value};

/// The policy (with `'` for `"`) is refused for exactly these kinds, at these places.
fn check(text: &str, want: &[(Kind, u32, u32)]) {
    let text = text.replace('\'', "\"");
    let wrong = Policy::from_json(&text).expect_err(&text);
    assert_eq!(places(&wrong), want, "{text}: {wrong:#?}");
}

/// The policy is taken, with exactly these warnings.
fn warns(text: &str, want: &[(Kind, u32, u32)]) {
    let text = text.replace('\'', "\"");
    let policy = Policy::from_json(&text).unwrap_or_else(|wrong| panic!("{text}: {wrong:#?}"));
    assert_eq!(places(policy.warnings()), want, "{text}");
}

fn places(complaints: &[Complaint]) -> Vec<(Kind, u32, u32)> {
    complaints
        .iter()
        .map(|one| (one.kind, one.mark.line, one.mark.column))
        .collect()
}

/// One statement on its own line, in an otherwise good policy.
fn one(statement: &str) -> String {
    format!("{{'Version': '2012-10-17', 'Statement': [\n{statement}\n]}}")
}

/// A statement with these principal words, good otherwise.
fn by(principal: &str) -> String {
    one(&format!(
        "{{'Principal': {principal}, 'Effect': 'Allow', 'Action': 'kms:*', 'Resource': '*'}}"
    ))
}

/// A statement with more words behind the good ones.
fn with(more: &str) -> String {
    one(&format!("{{{more}, 'Effect': 'Allow', 'Principal': '*'}}"))
}

fn first(text: &str) -> Complaint {
    Policy::from_json(&text.replace('\'', "\""))
        .expect_err(text)
        .remove(0)
}

#[test]
fn what_stands_in_place_of_a_policy_is_recognized() {
    check("[]", &[(Kind::NotAnObject, 1, 1)]);
    check("12", &[(Kind::NotAnObject, 1, 1)]);
    check("{}", &[(Kind::MissingStatement, 1, 1)]);
    check("{'Statement': []}", &[(Kind::MissingStatement, 1, 15)]);
    check("{'Statement': 'x'}", &[(Kind::WrongType, 1, 15)]);
    check(
        "{'Statement': [1, null]}",
        &[(Kind::WrongType, 1, 16), (Kind::WrongType, 1, 19)],
    );
    check(
        "{'Effect': 'Allow', 'Action': '*'}",
        &[(Kind::BareStatement, 1, 1)],
    );
    check(
        "{'AWSTemplateFormatVersion': '2010-09-09', 'Resources': {}}",
        &[(Kind::Template, 1, 1)],
    );
    check("{'Fn::Sub': 'x'}", &[(Kind::Template, 1, 2)]);
    check("{'Statement': {'Fn::If': []}}", &[(Kind::Template, 1, 16)]);
}

#[test]
fn every_error_is_told_at_once() {
    check(
        "{'Version': '2020-01-01', 'Sid': 'x',\n'Statement': [\n\
         {'Effect': 'allow', 'Principle': '*', 'Action': [], 'Resource': 5},\n\
         {'Principal': '*', 'Action': 'kms:*', 'NotAction': 'x', 'Resource': '*', 'Resource': '*'}]}",
        &[
            (Kind::BadVersion, 1, 13),
            (Kind::UnknownElement, 1, 27),
            (Kind::MissingPrincipal, 3, 1),
            (Kind::BadEffect, 3, 12),
            (Kind::UnknownElement, 3, 21),
            (Kind::EmptyList, 3, 49),
            (Kind::WrongType, 3, 65),
            (Kind::MissingEffect, 4, 1),
            (Kind::BothForms, 4, 39),
            (Kind::Duplicate, 4, 74),
        ],
    );
}

#[test]
fn elements_are_known_by_their_exact_names() {
    let meant = |text: &str, want: Option<&str>| {
        let wrong = Policy::from_json(&text.replace('\'', "\"")).expect_err(text);
        assert_eq!(
            wrong.iter().find_map(|one| one.did_you_mean.as_deref()),
            want,
            "{text}"
        );
    };
    meant(
        "{'version': '2012-10-17', 'Statement': []}",
        Some("Version"),
    );
    meant("{'Statements': []}", Some("Statement"));
    meant(
        &one(
            "{'Effects': 'Allow', 'Effect': 'Allow', 'Principal': '*', 'Action': '*', 'Resource': '*'}",
        ),
        Some("Effect"),
    );
    meant(
        &one("{'Effect': 'denY', 'Principal': '*', 'Action': '*', 'Resource': '*'}"),
        Some("Deny"),
    );
    meant(&by("{'aws': '*'}"), Some("AWS"));
    check(
        "{'Version': 2012, 'Statement': []}",
        &[(Kind::WrongType, 1, 13), (Kind::MissingStatement, 1, 32)],
    );
    check(
        &one("{'Sid': 1, 'Effect': 'Deny', 'Principal': '*', 'Action': '*', 'Resource': '*'}"),
        &[(Kind::WrongType, 2, 9)],
    );
}

#[test]
fn a_principal_must_be_one() {
    let bad =
        |principal: &str, kind: Kind, column: u32| check(&by(principal), &[(kind, 2, column)]);
    bad("'foo'", Kind::BadPrincipal, 15);
    bad("['foo', '*']", Kind::BadPrincipal, 15);
    bad("null", Kind::WrongType, 15);
    bad("{}", Kind::EmptyList, 15);
    bad("{'AWS': []}", Kind::EmptyList, 23);
    bad("{'Robot': '*'}", Kind::BadPrincipal, 16);
    bad("{'AWS': 111122223333}", Kind::WrongType, 23);
    bad(
        "{'AWS': ['111122223333', '1111222233334']}",
        Kind::BadPrincipal,
        40,
    );
    bad(
        "{'AWS': 'arn:aws:iam::111122223333:role/*'}",
        Kind::BadPrincipal,
        23,
    );
    bad(
        "{'AWS': 'arn:aws:iam::ACCOUNT:root'}",
        Kind::BadPrincipal,
        23,
    );
    bad(
        "{'AWS': 'arn:aws:iam::111122223333:group/x'}",
        Kind::BadPrincipal,
        23,
    );
    bad(
        "{'AWS': 'arn:aws:sts::111122223333:assumed-role/x'}",
        Kind::BadPrincipal,
        23,
    );
    bad("{'AWS': ''}", Kind::BadPrincipal, 23);
    bad("{'AWS': '<ACCOUNT-ID>'}", Kind::Template, 23);
    bad("{'AWS': '${var}'}", Kind::Template, 23);
    bad("{'AWS': {'Ref': 'Role'}}", Kind::Template, 24);
    bad("{'AWS': [{'Fn::Sub': 'x'}]}", Kind::Template, 25);
    bad("{'Service': '*'}", Kind::BadPrincipal, 27);
    bad("{'Service': 's3'}", Kind::BadPrincipal, 27);
    bad("{'Federated': ''}", Kind::BadPrincipal, 29);
    let number = first(&by("{'AWS': 111122223333}"));
    assert_eq!(
        number.expected.as_deref(),
        Some("\"111122223333\", in quotes")
    );
    assert!(
        first(&by("{'AWS': '1111222233334'}"))
            .what
            .contains("13 digits")
    );
}

#[test]
fn conditions_have_a_shape() {
    let bad = |condition: &str, kind: Kind, column: u32| {
        check(
            &with(&format!(
                "'Action': '*', 'Resource': '*', 'Condition': {condition}"
            )),
            &[(kind, 2, column)],
        );
    };
    bad("'x'", Kind::WrongType, 47);
    bad("{'Bool': 'kms:MultiRegion'}", Kind::WrongType, 56);
    bad("{'Bool': {'k': null}}", Kind::WrongType, 62);
    bad("{'Bool': {'k': [['x']]}}", Kind::WrongType, 63);
    bad("{'Null': {'k': true, 'k': true}}", Kind::Duplicate, 68);
    bad("{'StringEquals': {'k': {'Ref': 'x'}}}", Kind::Template, 71);
    bad(
        "{'StringEquals': {'k': '${AWS::AccountId}'}}",
        Kind::Template,
        70,
    );
    bad(
        "{'ForAllValues:StringLike': {'kms:EncryptionContext:a': 'x'}}",
        Kind::BadCondition,
        76,
    );
    warns(
        &with("'Action': '*', 'Resource': '*', 'Condition': {'Whatever': {'a:b': [true, 5, 'x']}}"),
        &[(Kind::UnknownOperator, 2, 48)],
    );
    warns(
        &with("'Action': '*', 'Resource': '*', 'Condition': {'StringEquals': {'a:b': []}}"),
        &[(Kind::NoValues, 2, 72)],
    );
}

#[test]
fn what_aws_once_took_is_a_warning() {
    warns(&with("'Resource': '*'"), &[(Kind::MissingAction, 2, 1)]);
    warns(&with("'Action': '*'"), &[(Kind::MissingResource, 2, 1)]);
    warns(
        &with("'Action': 'kms:Decypt', 'Resource': '*'"),
        &[(Kind::OddAction, 2, 12)],
    );
    warns(
        &with("'Action': 'Decrypt', 'Resource': '*'"),
        &[(Kind::OddAction, 2, 12)],
    );
    warns(
        &with("'Action': '*', 'Resource': 'arn:aws:kms:us-west-2:111122223333:key/x'"),
        &[(Kind::ArnResource, 2, 29)],
    );
    warns(
        "{'Statement': {'Effect': 'Allow', 'Principal': '*', 'Action': '*', 'Resource': '*',\n\
         'Condition': {'StringLike': {'aws:userid': '${aws:userid}'}}}}",
        &[(Kind::LiteralVariable, 2, 44)],
    );
    warns(
        &one(
            "{'Effect': 'Deny', 'NotPrincipal': {'AWS': 'arn:aws:iam::111122223333:role/x'}, 'Action': '*', 'Resource': '*'}",
        ),
        &[(Kind::SparesNobody, 2, 1)],
    );
    warns(
        &by("{'AWS': 'AIDACKCEVSQ6C2EXAMPLE'}"),
        &[(Kind::DeletedPrincipal, 2, 23)],
    );
}

#[test]
fn a_wrapped_policy_keeps_the_places_of_its_file() {
    let wrapped = "{\n  \"PolicyName\": \"default\",\n  \"Policy\": \"{\\n \\\"Statement\\\": [{\\\"effect\\\": 1}]}\"\n}";
    let wrong = Policy::from_json(wrapped).unwrap_err();
    assert_eq!(
        places(&wrong),
        [
            (Kind::MissingEffect, 3, 34),
            (Kind::MissingPrincipal, 3, 34),
            (Kind::UnknownElement, 3, 35)
        ]
    );
    assert_eq!(wrong[2].mark.len, 10);
    let broken = Policy::from_json("{\"Policy\": \"{\\\"a\\\": \"}").unwrap_err();
    assert_eq!(places(&broken), [(Kind::NotJson, 1, 21)]);
    let good = "\"{\\\"Statement\\\":{\\\"Effect\\\":\\\"Deny\\\",\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"*\\\",\\\"Resource\\\":\\\"*\\\"}}\"";
    assert!(Policy::from_json(good).is_ok());
}

#[test]
fn characters_and_size_are_those_aws_takes() {
    check(
        &by("'*'").replace("kms:*", "kms:\u{201c}*"),
        &[(Kind::BadCharacter, 2, 54)],
    );
    let long = by("'*'").replace(
        "'Version'",
        &format!("'Id': '{}', 'Version'", "x".repeat(40_000)),
    );
    check(&long, &[(Kind::TooLarge, 1, 1)]);
    let evil = first(&by("{'AWS': 'x\\u202ey\\u0007'}"));
    assert!(evil.what.contains("xU+202EyU+0007"), "{evil:?}");
}

#[test]
fn a_tree_from_elsewhere_is_judged_the_same() {
    let mark = Mark {
        line: 7,
        column: 3,
        len: 1,
    };
    let node = |value: Value| Node { mark, value };
    let text = |text: &str| node(Value::Text(text.to_owned()));
    let member = |name: &str, value: Node| {
        (
            Member {
                name: name.to_owned(),
                mark,
            },
            value,
        )
    };
    let statement = |principal: &str| {
        node(Value::Map(vec![
            member("Effect", text("Allow")),
            member("Principal", text(principal)),
            member("Action", text("kms:*")),
            member("Resource", text("*")),
        ]))
    };
    let policy =
        |principal: &str| node(Value::Map(vec![member("Statement", statement(principal))]));
    assert!(Policy::from_node(&policy("*")).is_ok());
    let check = |tree: &Node, kind: Kind| {
        assert_eq!(
            places(&Policy::from_node(tree).unwrap_err()),
            [(kind, 7, 3)]
        )
    };
    check(&policy("x"), Kind::BadPrincipal);
    check(&policy("\u{2603}"), Kind::BadCharacter);
    check(&policy(&"x".repeat(40_000)), Kind::TooLarge);
    let deep = (0..100).fold(text("*"), |inner, _| node(Value::List(vec![inner])));
    check(&deep, Kind::TooDeep);
}
