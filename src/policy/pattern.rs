//! What `*`, `?` and `${…}` mean in an action or a resource.

/// How a pattern stands to a text.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It does not match.
    No,
    /// It matches.
    Yes,
    /// It matches if its policy variable has the right value, which nobody knows here.
    Perhaps,
}

/// An action or a resource as a policy names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// As written.
    pub written: String,
    /// The first policy variable in it, if it has any.
    pub variable: Option<String>,
    /// Whether `${…}` in it was read as more than plain text.
    pub special: bool,
    tokens: Vec<Token>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Token {
    /// `*`, or a policy variable.
    Run,
    /// `?`
    One,
    /// The character itself.
    Is(char),
}

impl Pattern {
    /// The name of actions: the case does not matter, and there are no variables (P8).
    pub(super) fn of_action(written: &str) -> Pattern {
        let tokens = written
            .chars()
            .map(|ch| wildcard(ch.to_ascii_lowercase()))
            .collect();
        Pattern {
            written: written.to_owned(),
            variable: None,
            special: false,
            tokens,
        }
    }

    /// The name of resources (P10). `${…}` is a policy variable, except in version 2008-10-17, where it is plain text
    /// (P15). A wildcard may match across colons: AWS says so for a `*` at the end of a segment, and a key's ARN has
    /// no colon where it would make a difference elsewhere.
    pub(super) fn of_resource(written: &str, variables: bool) -> Pattern {
        let mut pattern = Pattern {
            written: written.to_owned(),
            variable: None,
            special: false,
            tokens: Vec::new(),
        };
        let mut rest = written;
        while let Some(ch) = rest.chars().next() {
            if variables && let Some((inner, behind)) = variable(rest) {
                pattern.push_variable(inner);
                rest = behind;
            } else {
                pattern.tokens.push(wildcard(ch));
                rest = &rest[ch.len_utf8()..];
            }
        }
        pattern
    }

    /// `${*}`, `${?}` and `${$}` are the characters themselves; anything else takes its value from the request.
    fn push_variable(&mut self, inner: &str) {
        self.special = true;
        match inner {
            "*" | "?" | "$" => self.tokens.extend(inner.chars().map(Token::Is)),
            _ => {
                self.tokens.push(Token::Run);
                self.variable.get_or_insert_with(|| inner.to_owned());
            }
        }
    }

    /// Whether this pattern matches an action, in any case (P8).
    pub(super) fn fits_action(&self, action: &str) -> bool {
        matches(&self.tokens, &action.to_ascii_lowercase())
    }

    /// Whether this pattern matches a resource.
    pub(super) fn fits_resource(&self, resource: &str) -> Fit {
        match (matches(&self.tokens, resource), &self.variable) {
            (false, _) => Fit::No,
            (true, None) => Fit::Yes,
            (true, Some(_)) => Fit::Perhaps,
        }
    }

    /// Whether this is an action written out the same way, but for its case.
    pub(super) fn is_written(&self, action: &str) -> bool {
        self.written.eq_ignore_ascii_case(action)
    }
}

const fn wildcard(ch: char) -> Token {
    match ch {
        '*' => Token::Run,
        '?' => Token::One,
        _ => Token::Is(ch),
    }
}

/// The inside of the `${…}` a text begins with, and what follows it.
pub(super) fn variable(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("${")?.split_once('}')
}

/// Greedy matching: when it fails, only the last run grows. So the work is at most pattern × text, never more, and
/// `a*a*a*…b` cannot hang anyone.
fn matches(tokens: &[Token], text: &str) -> bool {
    let mut at = 0;
    let mut rest = text.chars();
    let mut run = None;
    loop {
        let mut next = rest.clone();
        match (tokens.get(at), next.next()) {
            (Some(Token::Run), _) => {
                at += 1;
                run = Some((at, rest.clone()));
                continue;
            }
            (Some(Token::One), Some(_)) => (at, rest) = (at + 1, next),
            (Some(Token::Is(want)), Some(ch)) if *want == ch => (at, rest) = (at + 1, next),
            (None, None) => return true,
            (Some(Token::One | Token::Is(_)) | None, _) => {
                let Some((after, from)) = &mut run else {
                    return false;
                };
                if from.next().is_none() {
                    return false;
                }
                (at, rest) = (*after, from.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fit, Pattern};

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
        let check = |pattern: &str, variables: bool, want: Fit| {
            assert_eq!(
                Pattern::of_resource(pattern, variables).fits_resource(arn),
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
            Fit::Perhaps,
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
    }

    #[test]
    fn no_pattern_takes_long() {
        let pattern = Pattern::of_action(&format!("{}b", "a*".repeat(2000)));
        assert!(!pattern.fits_action(&"a".repeat(2000)));
    }
}
