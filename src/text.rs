//! Free text made safe to show: nothing in it can move the cursor, turn the direction, or hide.

pub mod workflow;
pub mod xml;

use std::borrow::Cow;
use std::fmt::Write;

/// The text with every control, bidirectional, zero-width and line-breaking character spelt out, as `<U+202E>`.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if hides(letter) {
            write!(safe, "<U+{:04X}>", u32::from(letter)).expect("writing to a String cannot fail");
        } else {
            safe.push(letter);
        }
    }
    Cow::Owned(safe)
}

/// The text as a JSON string, with its quotes; what [`clean`] would spell out is escaped, so that a reader gets it back.
pub fn quoted(text: &str) -> String {
    escaped(&serde_json::Value::from(text).to_string())
}

/// JSON that was written on one or more lines, with what [`clean`] would spell out escaped; such characters stand in its
/// strings only.
pub fn escaped(json: &str) -> String {
    if !json.contains(|it| it != '\n' && hides(it)) {
        return json.to_owned();
    }
    let mut safe = String::with_capacity(json.len() + 16);
    for letter in json.chars() {
        if letter != '\n' && hides(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(safe, "\\u{unit:04x}").expect("writing to a String cannot fail");
            }
        } else {
            safe.push(letter);
        }
    }
    safe
}

/// The lines of a text as YAML counts them: each ends with LF, CR or both, which are not part of it.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let end = if text[at..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[at + end..]);
        Some(&text[..at])
    })
}

/// Whether a character does something else than to be seen.
fn hides(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A whole number with a comma after every three digits: `1,296,000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and its noun: `1 collection`, `2 collections`.
pub fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{clean, counted, grouped, lines, quoted};

    #[test]
    fn what_hides_is_spelt_out() {
        assert_eq!(
            clean("a\u{1b}[2Jb\u{202e}c\nd\u{200b}\u{9b}\u{7f}"),
            "a<U+001B>[2Jb<U+202E>c<U+000A>d<U+200B><U+009B><U+007F>"
        );
        assert_eq!(clean("\u{e0041}"), "<U+E0041>");
    }

    #[test]
    fn json_strings_are_safe_to_show_and_read_back() {
        for text in [
            "plain",
            "a\u{202e}b",
            "\u{1b}[2J\u{9b}\n\"",
            "\u{e0041}",
            "鍵\\",
        ] {
            let written = quoted(text);
            assert_eq!(clean(&written), written, "nothing hides in {written}");
            assert_eq!(
                serde_json::from_str::<String>(&written).ok().as_deref(),
                Some(text)
            );
        }
    }

    #[test]
    fn plain_text_is_left_alone() {
        let text = "Ein Schlüssel, fünf Stunden → 鍵";
        assert!(matches!(clean(text), Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn lines_end_with_lf_or_cr_or_both() {
        let found: Vec<&str> = lines("a\r\nb\rc\n\n\r").collect();
        assert_eq!(found, ["a", "b", "c", "", "", ""]);
        assert_eq!(lines("").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_296_000, "1,296,000"),
        ] {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1, "site"), "1 site");
        assert_eq!(counted(2_000, "site"), "2,000 sites");
    }
}
