//! The tokens of JSON that have an inside: strings, numbers, words.

use super::clean::code_point;
use super::complaint::{Complaint, ComplaintKind};
use super::source::{Placed, Source};

fn wrong(source: &Source, from: usize, to: usize, what: impl Into<String>) -> Complaint {
    Complaint::new(ComplaintKind::NotJson, source.mark(from, to), what)
}

/// The decoded characters of the string whose opening quote is at `from`, each at the place where it (or its escape)
/// was written, and the index behind the closing quote.
pub(super) fn string(source: &Source, from: usize) -> Result<(Vec<Placed>, usize), Complaint> {
    let mut chars = Vec::new();
    let mut at = from + 1;
    loop {
        let Some(placed) = source.at(at) else {
            return Err(wrong(source, from, at, "this string has no closing quote"));
        };
        match placed.ch {
            '"' => return Ok((chars, at + 1)),
            '\\' => {
                let (ch, end) = escape(source, at)?;
                chars.push(placed.with(ch));
                at = end;
            }
            '\n' | '\r' => return Err(raw_line_break(source, from, at)),
            ch if ch < ' ' => {
                let what = format!(
                    "a raw control character ({}) inside a string",
                    code_point(ch)
                );
                return Err(wrong(source, at, at + 1, what).expected("an escape such as \\t"));
            }
            _ => {
                chars.push(placed);
                at += 1;
            }
        }
    }
}

/// A string that runs to the end of its line: either it was broken over lines, or its closing quote is missing.
fn raw_line_break(source: &Source, from: usize, at: usize) -> Complaint {
    wrong(
        source,
        from,
        at,
        "a line break inside a string, or its closing quote is missing",
    )
    .expected("the whole string on one line")
}

/// What the escape whose backslash is at `at` stands for, and the index behind it.
fn escape(source: &Source, at: usize) -> Result<(char, usize), Complaint> {
    let simple = match source.at(at + 1).map(|placed| placed.ch) {
        Some('u') => return unicode(source, at),
        Some(ch @ ('"' | '\\' | '/')) => ch,
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('\n' | '\r') | None => {
            return Err(wrong(
                source,
                at,
                at + 1,
                "a backslash with nothing to escape",
            ));
        }
        Some(_) => {
            return Err(wrong(source, at, at + 2, "JSON has no such escape")
                .expected("\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u with four hex digits"));
        }
    };
    Ok((simple, at + 2))
}

/// `\uXXXX`, or two of them that make one character.
fn unicode(source: &Source, at: usize) -> Result<(char, usize), Complaint> {
    let Some(first) = four_hex(source, at) else {
        return Err(
            wrong(source, at, at + 2, "\\u without four hex digits").expected("such as \\u00e9")
        );
    };
    if let Some(ch) = char::from_u32(first) {
        return Ok((ch, at + 6));
    }
    // A high surrogate is half a character; the other half must follow.
    if (0xD800..0xDC00).contains(&first)
        && let Some(second @ 0xDC00..0xE000) = four_hex(source, at + 6)
        && let Some(ch) = char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    {
        return Ok((ch, at + 12));
    }
    Err(wrong(
        source,
        at,
        at + 6,
        "half a character: this \\u escape needs its other half",
    ))
}

/// The number behind `\u` at `at`, if a `\u` with four hex digits stands there.
fn four_hex(source: &Source, at: usize) -> Option<u32> {
    let opens = source.at(at)?.ch == '\\' && source.at(at + 1)?.ch == 'u';
    let mut number = 0;
    for index in at + 2..at + 6 {
        number = number * 16 + source.at(index)?.ch.to_digit(16)?;
    }
    opens.then_some(number)
}

/// The number that begins at `from`, as written, and the index behind it.
pub(super) fn number(source: &Source, from: usize) -> Result<(String, usize), Complaint> {
    let end = word_end(source, from);
    let text: String = (from..end)
        .filter_map(|i| source.at(i))
        .map(|placed| placed.ch)
        .collect();
    if is_number(&text) {
        return Ok((text, end));
    }
    Err(
        wrong(source, from, end, "this is no number as JSON writes it")
            .expected("digits without a leading zero, or a text in quotes"),
    )
}

/// Where the run of characters ends that belong to a bare word or number.
pub(super) fn word_end(source: &Source, from: usize) -> usize {
    let mut end = from;
    while source.at(end).is_some_and(|placed| {
        placed.ch.is_alphanumeric() || matches!(placed.ch, '.' | '+' | '-' | '_')
    }) {
        end += 1;
    }
    end
}

/// RFC 8259: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let no_leading_zero = whole == "0" || !whole.starts_with('0');
    digits(whole)
        && no_leading_zero
        && fraction.is_none_or(digits)
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}
