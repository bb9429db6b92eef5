//! The same meaning gives the same word, another one another word.

use crate::policy::Policy;

/// The meaning of a policy of these statements, written with `'` for `"`.
fn word(statements: &str) -> String {
    let text =
        format!("{{'Version': '2012-10-17', 'Statement': {statements}}}").replace('\'', "\"");
    Policy::from_json(&text)
        .unwrap_or_else(|wrong| panic!("{text}: {wrong:#?}"))
        .meaning()
        .to_owned()
}

const BASE: &str = "{'Effect': 'Allow', 'Principal': {'AWS': 'arn:aws:iam::318212636800:root'},
    'Action': ['kms:Decrypt', 'kms:Encrypt'], 'Resource': '*'}";

#[test]
fn spelling_is_not_meaning() {
    let check = |statements: &str| assert_eq!(word(BASE), word(statements), "{statements}");
    check(&format!("[{BASE}]"));
    check(&format!("[{BASE}, {BASE}]"));
    check(&BASE.replace("{'Effect'", "{'Sid': 'x', 'Effect'"));
    check(&BASE.replace("arn:aws:iam::318212636800:root", "318212636800"));
    check(&BASE.replace(
        "'arn:aws:iam::318212636800:root'",
        "['318212636800', 'arn:aws:iam::318212636800:root']",
    ));
    check(&BASE.replace("kms:Decrypt", "KMS:decrypt"));
    check(&BASE.replace(
        "'kms:Decrypt', 'kms:Encrypt'",
        "'kms:Encrypt', 'kms:Decrypt', 'kms:Encrypt'",
    ));
    check(&BASE.replace("'*'}", "['*'], 'Condition': {}}"));
    let split = [
        BASE.replace("'kms:Decrypt', ", ""),
        BASE.replace(", 'kms:Encrypt'", ""),
    ]
    .join(",");
    check(&format!("[{split}]"));
    check(&format!(
        "[{BASE}, {{'Effect': 'Deny', 'Principal': '*', 'Action': '*'}}]"
    ));
}

#[test]
fn meaning_is_not_lost() {
    let check = |statements: &str| assert_ne!(word(BASE), word(statements), "{statements}");
    check(&BASE.replace("Allow", "Deny"));
    check(&BASE.replace("318212636800", "318212636801"));
    check(&BASE.replace(":root", ":role/x"));
    check(&BASE.replace("'kms:Decrypt', ", ""));
    check(&BASE.replace("'Action'", "'NotAction'"));
    check(&BASE.replace("'Principal'", "'NotPrincipal'"));
    check(&BASE.replace("'*'}", "'*', 'Condition': {'Bool': {'a:b': true}}}"));
    check(&BASE.replace("'Resource': '*'", "'Resource': 'arn:aws:kms:*:*:key/*'"));
}

#[test]
fn conditions_mean_what_they_say_in_any_order() {
    let with =
        |condition: &str| word(&BASE.replace("'*'}", &format!("'*', 'Condition': {condition}}}")));
    let base = with(
        "{'StringEquals': {'kms:ViaService': ['a', 'b'], 'aws:x': '1'}, 'Bool': {'a:b': true}}",
    );
    let same = with(
        "{'Bool': {'A:B': 'true'}, 'StringEquals': {'aws:x': ['1'], 'kms:viaservice': ['b', 'a']}}",
    );
    assert_eq!(base, same);
    assert_eq!(
        with("{'ArnEquals': {'aws:SourceArn': 'arn:*'}, 'Null': {'a:b': 'True'}}"),
        with("{'Null': {'a:b': true}, 'ArnLike': {'aws:sourcearn': ['arn:*']}}"),
    );
    assert_ne!(
        with("{'ArnNotEquals': {'aws:SourceArn': 'arn:*'}}"),
        with("{'ArnLike': {'aws:SourceArn': 'arn:*'}}"),
    );
    assert_ne!(
        base,
        with("{'Bool': {'a:b': 'true'}, 'StringEquals': {'aws:x': ['1'], 'kms:viaservice': 'b'}}")
    );
}

#[test]
fn the_word_is_pinned() {
    // It stands in timelines and goldens: a change here is a change of every digest.
    assert_eq!(
        Policy::vendor("111122223333", "318212636800").meaning(),
        "c159c2356e0b0299"
    );
}

#[test]
fn a_policy_made_to_be_slow_is_not() {
    let list =
        |name: &dyn Fn(usize) -> String, n| (0..n).map(name).collect::<Vec<String>>().join(",");
    let text = format!(
        "{{'Effect': 'Allow', 'Principal': {{'AWS': [{}]}}, 'Action': [{}], 'Resource': [{}]}}",
        list(&|n| format!("'{n:012}'"), 600),
        list(&|n| format!("'k:{n}'"), 1000),
        list(&|n| format!("'r:{n}'"), 1000),
    );
    assert_eq!(word(&text).len(), 16);
}
