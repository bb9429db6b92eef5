//! Helpful words for text that is not JSON: what people paste, and what they meant.

use super::clean::{clean, code_point};
use super::complaint::{Complaint, ComplaintKind};
use super::source::Source;
use super::value::Mark;

fn wrong(source: &Source, from: usize, to: usize, what: impl Into<String>) -> Complaint {
    Complaint::new(ComplaintKind::NotJson, source.mark(from, to), what)
}

/// Trouble that looks the same wherever it stands: a comment, a curly quote, a template, the end of the text.
fn anywhere(source: &Source, at: usize) -> Option<Complaint> {
    let next = source.at(at + 1).map(|placed| placed.ch);
    let ch = match source.at(at) {
        Some(placed) => placed.ch,
        None => return Some(the_end(source)),
    };
    let (len, what, expected) = match (ch, next) {
        ('/', Some('/' | '*')) => (
            2,
            "a comment: JSON has none".to_owned(),
            "the policy without comments",
        ),
        ('#', Some('{')) => return Some(template(source, at, 2)),
        ('#', _) => (
            1,
            "a comment: JSON has none".to_owned(),
            "the policy without comments",
        ),
        ('$' | '%', Some('{')) => return Some(template(source, at, 2)),
        ('<', _) => (
            1,
            "a placeholder that was not filled in".to_owned(),
            "the value in its place, in quotes",
        ),
        ('\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}', _) => (
            1,
            format!(
                "a curly quote ({}), as word processors make them",
                code_point(ch)
            ),
            "a straight quote \"",
        ),
        ('\'' | '`', _) => (
            1,
            "a text in the wrong kind of quotes".to_owned(),
            "a straight double quote \"",
        ),
        ('\u{feff}', _) => (
            1,
            "a byte order mark (U+FEFF) before the text".to_owned(),
            "the file saved as UTF-8 without it",
        ),
        _ if !ch.is_ascii_graphic() => (
            1,
            format!("a stray character ({})", code_point(ch)),
            "plain spaces",
        ),
        _ => return None,
    };
    Some(wrong(source, at, at + len, what).expected(expected))
}

fn template(source: &Source, at: usize, len: usize) -> Complaint {
    let what = "this is a template, not yet a policy: render it first";
    Complaint::new(ComplaintKind::Template, source.mark(at, at + len), what)
}

fn the_end(source: &Source) -> Complaint {
    wrong(
        source,
        source.len(),
        source.len(),
        "the text ends in the middle of the policy",
    )
}

fn unclosed(source: &Source, close: char, open: Mark) -> Complaint {
    let what = format!(
        "the text ends before the bracket of line {}, column {} is closed",
        open.line, open.column
    );
    wrong(source, source.len(), source.len(), what).expected(format!("`{close}`"))
}

/// Something stands where a value should.
pub(super) fn instead_of_a_value(source: &Source, at: usize, word: &str) -> Complaint {
    if let Some(complaint) = anywhere(source, at) {
        return complaint;
    }
    if at == 0 && starts_url_encoded(source) {
        return wrong(source, at, at + 3, "this looks URL-encoded")
            .expected("the decoded policy, which begins with `{`");
    }
    if word.is_empty() {
        let what = match source.at(at).map(|placed| placed.ch) {
            Some('}' | ']' | ',') => "a value is missing here",
            _ => "no value begins like this",
        };
        return wrong(source, at, at + 1, what).expected("a text in quotes, a list or an object");
    }
    let what = format!("`{}` is no JSON value", clean(word));
    wrong(source, at, at + word.chars().count(), what)
        .expected("a text in quotes, a list or an object")
        .nearest(word, &["true", "false", "null"])
}

/// `%7B` is `{`: AWS Config and some exports give policies like that.
fn starts_url_encoded(source: &Source) -> bool {
    let start: String = source
        .chars()
        .iter()
        .take(3)
        .map(|placed| placed.ch.to_ascii_uppercase())
        .collect();
    start == "%7B"
}

/// Something stands where a member's name should.
pub(super) fn instead_of_a_name(source: &Source, at: usize, open: Mark) -> Complaint {
    if at >= source.len() {
        return unclosed(source, '}', open);
    }
    let is_brace = |index: usize| source.at(index).is_some_and(|placed| placed.ch == '{');
    if is_brace(at) && is_brace(at - 1) {
        return template(source, at - 1, 2);
    }
    if let Some(complaint) = anywhere(source, at) {
        return complaint;
    }
    wrong(
        source,
        at,
        at + 1,
        "a member's name in quotes is missing here",
    )
    .expected("such as \"Effect\"")
}

/// Something stands where the colon after a name should.
pub(super) fn instead_of_a_colon(source: &Source, at: usize, name: &str) -> Complaint {
    if let Some(complaint) = anywhere(source, at) {
        return complaint;
    }
    let what = format!("no colon after \"{}\"", clean(name));
    wrong(source, at, at + 1, what)
        .expected("a name, a colon and a value; a list of texts stands in `[ ]`, not `{ }`")
}

/// Something stands where a comma or a closing bracket should.
pub(super) fn instead_of_a_comma(source: &Source, at: usize, close: char, open: Mark) -> Complaint {
    match source.at(at).map(|placed| placed.ch) {
        None => return unclosed(source, close, open),
        // A brace here begins a member, not a template.
        Some('{' | '"') => {
            return wrong(source, at, at + 1, "a comma is missing before this").expected("`,`");
        }
        Some(':') => {
            let what = "a colon too many: this value has a value of its own";
            return wrong(source, at, at + 1, what)
                .expected("an object `{ }` around the name and its value");
        }
        Some(_) => {}
    }
    anywhere(source, at).unwrap_or_else(|| {
        wrong(source, at, at + 1, "this does not belong here").expected(format!("`,` or `{close}`"))
    })
}

/// A comma with no member behind it.
pub(super) fn trailing_comma(source: &Source, comma: usize, close: char) -> Complaint {
    wrong(
        source,
        comma,
        comma + 1,
        format!("a comma before `{close}`, with nothing behind it"),
    )
    .expected("no comma after the last member")
}

/// Text behind the end of the policy.
pub(super) fn after_the_end(source: &Source, at: usize) -> Complaint {
    let mut ahead = source
        .chars()
        .iter()
        .skip(at + 1)
        .map(|placed| placed.ch)
        .filter(|ch| !ch.is_whitespace());
    match (source.at(at).map(|placed| placed.ch), ahead.next()) {
        (Some('{'), _) | (Some(','), Some('{')) => wrong(
            source,
            at,
            at + 1,
            "a second object behind the first; a policy is one",
        )
        .expected("one object whose \"Statement\" lists them all"),
        (Some(','), _) => wrong(source, at, at + 1, "a comma behind the end")
            .expected("nothing behind the last `}`"),
        (Some('}' | ']'), _) => wrong(source, at, at + 1, "a closing bracket too many"),
        _ => anywhere(source, at)
            .unwrap_or_else(|| wrong(source, at, at + 1, "text behind the end of the policy")),
    }
}
