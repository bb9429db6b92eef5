//! What `*`, `?` and `${…}` mean in an action, a resource, or a value of a condition.

use super::context::Context;
use super::variable::{self, Filled, Variable};

/// How a pattern stands to a text.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Fit<'a> {
    /// It does not match.
    No,
    /// It matches.
    Yes,
    /// It matches if this policy variable has the right value, which nobody knows.
    Perhaps(&'a str),
}

/// A text as a policy writes it, with what is more than plain characters in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// As written.
    pub written: String,
    /// Whether `${…}` in it was read as more than plain text.
    pub special: bool,
    any_case: bool,
    tokens: Vec<Token>,
    variables: Vec<Variable>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Token {
    /// `*`
    Run,
    /// `?`
    One,
    /// The character itself.
    Is(char),
    /// The value of the policy variable with that number.
    Of(usize),
}

/// What is more than plain text in a pattern.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// `*` and `?` are wildcards.
    pub wildcards: bool,
    /// `${…}` is a policy variable.
    pub variables: bool,
    /// The case does not matter.
    pub any_case: bool,
}

impl Pattern {
    /// The name of actions: the case does not matter, and there are no variables (P8).
    pub(super) fn of_action(written: &str) -> Pattern {
        Pattern::new(
            written,
            Style {
                wildcards: true,
                variables: false,
                any_case: true,
            },
        )
    }

    /// The name of resources (P10). `${…}` is a policy variable, except in version 2008-10-17, where it is plain text
    /// (P15). A wildcard may match across colons: AWS says so for a `*` at the end of a segment, and a key's ARN has
    /// no colon where it would make a difference elsewhere.
    pub(super) fn of_resource(written: &str, variables: bool) -> Pattern {
        Pattern::new(
            written,
            Style {
                wildcards: true,
                variables,
                any_case: false,
            },
        )
    }

    /// A text in which what `style` says is special.
    pub(super) fn new(written: &str, style: Style) -> Pattern {
        let mut pattern = Pattern {
            written: written.to_owned(),
            special: false,
            any_case: style.any_case,
            tokens: Vec::with_capacity(written.len()),
            variables: Vec::new(),
        };
        let mut rest = written;
        while let Some(ch) = rest.chars().next() {
            if style.variables
                && let Some((inner, behind)) = variable::split(rest)
            {
                pattern.push_variable(inner);
                rest = behind;
                continue;
            }
            match ch {
                '*' if style.wildcards => pattern.tokens.push(Token::Run),
                '?' if style.wildcards => pattern.tokens.push(Token::One),
                _ => pattern.push_plain(ch),
            }
            rest = &rest[ch.len_utf8()..];
        }
        pattern
    }

    fn push_plain(&mut self, ch: char) {
        plain(&mut self.tokens, ch, self.any_case);
    }

    /// `${*}`, `${?}` and `${$}` are the characters themselves; anything else takes its value from the request.
    fn push_variable(&mut self, inner: &str) {
        self.special = true;
        match inner {
            "*" | "?" | "$" => inner.chars().for_each(|ch| self.push_plain(ch)),
            _ => {
                self.tokens.push(Token::Of(self.variables.len()));
                self.variables.push(Variable::read(inner));
            }
        }
    }

    /// The first policy variable in it, if it has any.
    pub(super) fn first_variable(&self) -> Option<&str> {
        self.variables.first().map(|it| it.name.as_str())
    }

    /// Whether this pattern matches an action (P8).
    pub(super) fn fits_action(&self, action: &str) -> bool {
        self.matches_whole(&self.tokens, action)
    }

    /// Whether this pattern matches a text, its variables having the values of a request. A variable that is absent
    /// makes it match nothing.
    pub(super) fn fits(&self, text: &str, context: &Context) -> Fit<'_> {
        self.judge(context, |tokens, _| self.matches_whole(tokens, text))
    }

    /// The same for an ARN: each of its six parts is compared separately, so that no wildcard reaches over a colon
    /// but in the last part, which has all the colons that are left. `None` if the pattern has fewer parts and
    /// a wildcard in them: AWS does not say what that means.
    pub(super) fn fits_arn(&self, arn: &str, context: &Context) -> Option<Fit<'_>> {
        let mut odd = false;
        let fit = self.judge(context, |tokens, sure| {
            // What an unknown variable stands for may have colons of its own: then the whole is asked.
            if !sure {
                return self.matches_whole(tokens, arn);
            }
            let is_colon = |token: &Token| *token == Token::Is(':');
            if tokens.splitn(6, is_colon).count() < 6 {
                odd = tokens
                    .iter()
                    .any(|it| matches!(it, Token::Run | Token::One));
                return false;
            }
            let mut parts = arn.splitn(6, ':');
            tokens.splitn(6, is_colon).all(|pattern| {
                parts
                    .next()
                    .is_some_and(|part| self.matches_whole(pattern, part))
            })
        });
        if odd { None } else { Some(fit) }
    }

    /// The text with its variables filled in, for patterns without wildcards. `Err` if there is none: a variable is
    /// absent, or its name if it is unknown.
    pub(super) fn text(&self, context: &Context) -> Result<String, Option<&str>> {
        let mut text = String::with_capacity(self.written.len());
        for token in &self.tokens {
            match token {
                Token::Run => text.push('*'),
                Token::One => text.push('?'),
                Token::Is(ch) => text.push(*ch),
                Token::Of(number) => {
                    let Some(variable) = self.variables.get(*number) else {
                        continue;
                    };
                    match variable.fill(context) {
                        Filled::Text(value) => text.push_str(value),
                        Filled::Nothing => return Err(None),
                        Filled::Unknown => return Err(Some(&variable.name)),
                    }
                }
            }
        }
        Ok(text)
    }

    /// Asks a question about the tokens with the variables filled in, and whether all are known. An unknown one may be
    /// any text: where even that does not match, nothing does.
    fn judge(&self, context: &Context, mut matches: impl FnMut(&[Token], bool) -> bool) -> Fit<'_> {
        if self.variables.is_empty() {
            return if matches(&self.tokens, true) {
                Fit::Yes
            } else {
                Fit::No
            };
        }
        let mut filled = Vec::with_capacity(self.tokens.len());
        let mut unknown = None;
        for token in &self.tokens {
            let variable = match token {
                Token::Run | Token::One | Token::Is(_) => None,
                Token::Of(number) => self.variables.get(*number),
            };
            let Some(variable) = variable else {
                filled.push(*token);
                continue;
            };
            match variable.fill(context) {
                Filled::Text(value) => value
                    .chars()
                    .for_each(|ch| plain(&mut filled, ch, self.any_case)),
                Filled::Nothing => return Fit::No,
                Filled::Unknown => {
                    unknown = unknown.or(Some(variable.name.as_str()));
                    filled.push(Token::Run);
                }
            }
        }
        match (matches(&filled, unknown.is_none()), unknown) {
            (false, _) => Fit::No,
            (true, None) => Fit::Yes,
            (true, Some(name)) => Fit::Perhaps(name),
        }
    }

    fn matches_whole(&self, tokens: &[Token], text: &str) -> bool {
        if tokens.len().saturating_mul(text.len()) > MOST_STEPS
            && let Some(parts) = literals(tokens)
        {
            return match self.any_case {
                true => in_turn(&parts, &text.to_lowercase()),
                false => in_turn(&parts, text),
            };
        }
        // Nearly everything is ASCII, and that is the quicker way.
        match (text.is_ascii(), self.any_case) {
            (true, true) => matches(
                tokens,
                text.bytes()
                    .map(|byte| char::from(byte.to_ascii_lowercase())),
                || {},
            ),
            (true, false) => matches(tokens, text.bytes().map(char::from), || {}),
            (false, true) => matches(tokens, text.chars().flat_map(char::to_lowercase), || {}),
            (false, false) => matches(tokens, text.chars(), || {}),
        }
    }

    /// Whether this is an action written out the same way, but for its case.
    pub(super) fn is_written(&self, action: &str) -> bool {
        self.written.eq_ignore_ascii_case(action)
    }
}

fn plain(tokens: &mut Vec<Token>, ch: char, any_case: bool) {
    if any_case {
        tokens.extend(ch.to_lowercase().map(Token::Is))
    } else {
        tokens.push(Token::Is(ch))
    }
}

/// From so many steps at worst on, a pattern is looked for part by part.
const MOST_STEPS: usize = 1 << 16;

/// The texts between the runs of a pattern; `None` if it holds a `?`.
fn literals(tokens: &[Token]) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    for token in tokens {
        match token {
            Token::Run => parts.push(String::new()),
            Token::Is(ch) => parts.last_mut()?.push(*ch),
            Token::One | Token::Of(_) => return None,
        }
    }
    Some(parts)
}

/// Whether a text begins with the first part, ends with the last, and has the others between them, in turn. The
/// standard library looks for a part in time linear in the text.
fn in_turn(parts: &[String], text: &str) -> bool {
    let [first, between @ .., last] = parts else {
        return parts.iter().all(|only| only == text);
    };
    let inner = text.strip_prefix(first.as_str());
    let Some(mut rest) = inner.and_then(|it| it.strip_suffix(last.as_str())) else {
        return false;
    };
    for part in between {
        let Some(at) = rest.find(part.as_str()) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    true
}

/// Greedy matching: when it fails, only the last run grows. So the work is at most pattern × text, never more, and
/// `a*a*a*…b` cannot hang anyone. `step` is called for each step, for the test that counts them.
fn matches<T>(tokens: &[Token], text: T, mut step: impl FnMut()) -> bool
where
    T: Iterator<Item = char> + Clone,
{
    let mut at = 0;
    let mut rest = text;
    let mut run = None;
    loop {
        step();
        let mut next = rest.clone();
        match (tokens.get(at), next.next()) {
            (Some(Token::Run), _) => {
                at += 1;
                // A run at the end takes all that is left.
                if at == tokens.len() {
                    return true;
                }
                run = Some((at, rest.clone()));
                continue;
            }
            (Some(Token::One), Some(_)) => (at, rest) = (at + 1, next),
            (Some(Token::Is(want)), Some(ch)) if *want == ch => (at, rest) = (at + 1, next),
            (None, None) => return true,
            (Some(Token::One | Token::Is(_) | Token::Of(_)) | None, _) => {
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
#[path = "pattern_tests.rs"]
mod tests;
