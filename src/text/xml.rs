//! Free text inside XML: nothing in it is markup, and nothing in it makes the document one that no reader takes.

use crate::text::clean;

/// The text without what XML forbids, each such character as U+FFFD.
pub fn legal(text: &str) -> String {
    let letters = text.chars().map(|letter| {
        let forbidden =
            (letter < ' ' && letter != '\n') || letter == '\u{fffe}' || letter == '\u{ffff}';
        if forbidden { '\u{fffd}' } else { letter }
    });
    letters.collect()
}

/// The text between two tags.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in legal(text).chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            letter => safe.push(letter),
        }
    }
    safe
}

/// The text between the double quotes of an attribute, with its quotes: on one line, since readers turn lines into spaces.
pub fn attribute(text: &str) -> String {
    let safe = escaped(&clean(text)).replace('"', "&quot;");
    format!("\"{safe}\"")
}

#[cfg(test)]
mod tests {
    use super::{attribute, escaped, legal};

    #[test]
    fn text_never_ends_what_it_stands_in() {
        assert_eq!(
            escaped("</desc>&\u{0} \"x\""),
            "&lt;/desc&gt;&amp;\u{fffd} \"x\""
        );
        assert_eq!(
            attribute("a\n\"b\"<"),
            "\"a<U+000A>&quot;b&quot;&lt;\"".replace("<U+000A>", "&lt;U+000A&gt;")
        );
        assert_eq!(legal("a\u{b}\u{ffff}b"), "a\u{fffd}\u{fffd}b");
    }
}
