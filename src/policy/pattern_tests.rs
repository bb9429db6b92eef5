//! What patterns match, as tables, and how long that takes.

use super::{Fit, Pattern, Style, matches};
use crate::policy::Context;

#[test]
fn actions_match_in_any_case() {
    let check = |pattern: &str, action: &str, want: bool| {
        assert_eq!(
            Pattern::of_action(pattern).fits_action(action),
            want,
            "{pattern} {action}"
        );
    };
    check("kms:Decrypt", "kms:Decrypt", true);
    check("KMS:decrypt", "kms:Decrypt", true);
    check("*", "kms:Decrypt", true);
    check("kms:*", "kms:Decrypt", true);
    check(
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        false,
    );
    check("kms:GenerateDataKey*", "kms:GenerateDataKey", true);
    check(
        "kms:GenerateDataKey*",
        "kms:GenerateDataKeyPairWithoutPlaintext",
        true,
    );
    check("kms:?ecrypt", "kms:Decrypt", true);
    check("kms:?Decrypt", "kms:Decrypt", false);
    check(
        "kms:*Key*Plain*",
        "kms:GenerateDataKeyWithoutPlaintext",
        true,
    );
    check(
        "kms:*Key*Plain?",
        "kms:GenerateDataKeyWithoutPlaintext",
        false,
    );
    check("s3:*", "kms:Decrypt", false);
    check("", "kms:Decrypt", false);
    check("kms:Decrypt*?", "kms:Decrypt", false);
}

#[test]
fn resources_match_with_their_case_and_their_variables() {
    let arn = "arn:aws:kms:us-west-2:111122223333:key/mrk-1";
    let mut context = Context::open();
    context.set("kms:CallerAccount", ["111122223333"]);
    context.set("aws:ResourceTag/any", ["*"]);
    context.set("aws:SourceVpc", Vec::<String>::new());
    let check = |pattern: &str, variables: bool, want: Fit<'_>| {
        assert_eq!(
            Pattern::of_resource(pattern, variables).fits(arn, &context),
            want,
            "{pattern}"
        );
    };
    check("*", true, Fit::Yes);
    check(arn, true, Fit::Yes);
    check("arn:aws:kms:*:111122223333:key/*", true, Fit::Yes);
    check("arn:aws:kms:us-west-?:*", true, Fit::Yes);
    check(
        "arn:aws:kms:us-east-1:111122223333:key/mrk-1",
        true,
        Fit::No,
    );
    check(
        "arn:aws:kms:us-west-2:111122223333:KEY/mrk-1",
        true,
        Fit::No,
    );
    check(
        "arn:aws:kms:us-west-2:111122223333:alias/main",
        true,
        Fit::No,
    );
    check(
        "arn:aws:kms:us-west-2:${aws:PrincipalAccount}:key/*",
        true,
        Fit::Perhaps("aws:PrincipalAccount"),
    );
    check(
        "arn:aws:kms:us-east-1:${aws:PrincipalAccount}:key/*",
        true,
        Fit::No,
    );
    check(
        "arn:aws:kms:us-west-2:${aws:PrincipalAccount}:key/*",
        false,
        Fit::No,
    );
    check("arn:aws:kms:us-west-2:111122223333:key/${*}", true, Fit::No);
    check("${aws", true, Fit::No);
    check(
        "arn:aws:kms:us-west-2:${KMS:CallerAccount}:key/*",
        true,
        Fit::Yes,
    );
    check(
        "arn:aws:kms:us-east-1:${kms:CallerAccount}:key/*",
        true,
        Fit::No,
    );
    check(
        "arn:aws:kms:us-west-2:${aws:SourceVpc, '111122223333'}:key/*",
        true,
        Fit::Yes,
    );
    check(
        "arn:aws:kms:us-west-2:${aws:SourceVpc}*:key/*",
        true,
        Fit::No,
    );
    // A wildcard from a value is a plain character.
    check(
        "arn:aws:kms:us-west-2:111122223333:key/${aws:ResourceTag/any}",
        true,
        Fit::No,
    );
}

#[test]
fn an_arn_is_compared_part_by_part() {
    let style = Style {
        wildcards: true,
        variables: true,
        any_case: false,
    };
    let mut context = Context::closed();
    context.set("aws:PrincipalArn", ["arn:aws:iam::111122223333:role/x"]);
    let check = |pattern: &str, arn: &str, want: Option<Fit<'_>>| {
        assert_eq!(
            Pattern::new(pattern, style).fits_arn(arn, &context),
            want,
            "{pattern} {arn}"
        );
    };
    let group = "arn:aws:logs:us-west-2:111122223333:log-group:a/b";
    check(
        "arn:aws:logs:us-west-2:111122223333:*",
        group,
        Some(Fit::Yes),
    );
    check(
        "arn:aws:logs:us-west-2:111122223333:log-group:*",
        group,
        Some(Fit::Yes),
    );
    check(
        "arn:*:logs:us-*:????22223333:log-group:a/?",
        group,
        Some(Fit::Yes),
    );
    check("arn:aws:logs:*:log-group:a/b:", group, Some(Fit::No));
    check("arn:*:*:*:*:*", group, Some(Fit::Yes));
    check("arn:*:*:*:*:*", "no ARN", Some(Fit::No));
    check(
        "ARN:aws:logs:us-west-2:111122223333:*",
        group,
        Some(Fit::No),
    );
    check("*", group, None);
    check("arn:aws:logs:*", group, None);
    check("log-group", group, Some(Fit::No));
    check(
        "${aws:PrincipalArn}",
        "arn:aws:iam::111122223333:role/x",
        Some(Fit::Yes),
    );
    check("${aws:username}", group, Some(Fit::No));
}

/// So many bytes a policy may have.
const MOST: usize = 32 * 1024;

#[test]
fn steps_grow_with_the_text_and_not_with_its_square() {
    for size in [MOST / 4, MOST / 2, MOST] {
        let pattern = Pattern::of_action(&format!("{}b", "a*".repeat(size / 2)));
        let text = "a".repeat(size);
        let mut steps = 0;
        assert!(!matches(&pattern.tokens, text.chars(), || steps += 1));
        assert!(steps <= 3 * size, "{steps} for {size}");
    }
}

#[test]
fn long_patterns_are_found_part_by_part_with_the_same_result() {
    use super::{in_turn, literals, matches};
    let patterns = [
        "*", "a*", "*b", "a*b", "*ab*ab*", "a*a*a*b", "ab", "", "*aaab", "a*ba*b",
    ];
    let texts = [
        "", "a", "b", "ab", "aab", "abab", "aaaab", "ababab", "abba", "aabaab",
    ];
    for pattern in patterns {
        let tokens = super::Pattern::of_action(pattern).tokens;
        let parts = literals(&tokens).expect("it has no ?");
        for text in texts {
            let greedy = matches(&tokens, text.chars(), || {});
            assert_eq!(in_turn(&parts, text), greedy, "{pattern} {text}");
        }
    }
    assert_eq!(literals(&super::Pattern::of_action("a?b").tokens), None);
}

#[test]
fn what_fails_late_at_every_place_is_found_soon_too() {
    // Greedy matching alone would take half a billion steps here, and the time would tell.
    let pattern = format!("*{}b", "a".repeat(16_384));
    let text = "a".repeat(32_768);
    let policy = super::Pattern::of_action(&pattern);
    assert!(!policy.fits_action(&text));
    assert!(policy.fits_action(&format!("{text}b")));
}
