//! Workflow commands of GitHub Actions: one line, which becomes a remark at a line of a file.

use crate::text::clean;

/// Where a remark stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Place<'a> {
    /// The file, as a path from the root of the repository; a `./` before it is left out, since GitHub would not know the
    /// file by it.
    pub file: &'a str,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// How many characters are meant, where that is known.
    pub length: Option<u32>,
}

/// One command with its line end; `level` is `error` or `warning`. A remark without a place belongs to the whole run.
pub fn command(level: &str, place: Option<Place<'_>>, title: &str, message: &str) -> String {
    let mut text = format!("::{level} ");
    if let Some(place) = place {
        text.push_str(&format!(
            "file={},line={},col={},",
            property(&clean(place.file.trim_start_matches("./"))),
            place.line,
            place.column
        ));
        if let Some(length) = place.length {
            let end = place.column.saturating_add(length);
            text.push_str(&format!("endColumn={end},"));
        }
    }
    text.push_str(&format!("title={}::{}\n", property(title), data(message)));
    text
}

/// A line of the log that is no command, whatever stands in it.
pub fn plain(line: &str) -> String {
    let line = clean(line).replace("##[", "##<U+005B>");
    if line.trim_start().starts_with("::") {
        line.replacen("::", ":<U+003A>", 1)
    } else {
        line
    }
}

/// What GitHub's own toolkit escapes in a message.
fn data(text: &str) -> String {
    let parts = text.split('\n').map(|part| {
        let part = part.replace('%', "%25").replace('\r', "%0D");
        clean(&part).into_owned()
    });
    parts.collect::<Vec<_>>().join("%0A")
}

/// What it escapes in a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{Place, command, data, plain, property};

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100%\r\nand: so, on"), "100%25%0D%0Aand: so, on");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }

    #[test]
    fn a_command_is_one_line_with_its_place() {
        let place = Place {
            file: "./a,b.yaml",
            line: 3,
            column: 5,
            length: Some(2),
        };
        assert_eq!(
            command("error", Some(place), "t: t", "one\ntwo"),
            "::error file=a%2Cb.yaml,line=3,col=5,endColumn=7,title=t%3A t::one%0Atwo\n"
        );
        assert_eq!(command("warning", None, "t", "m"), "::warning title=t::m\n");
    }

    #[test]
    fn a_line_of_the_log_is_no_command() {
        assert_eq!(plain("ok a::b"), "ok a::b");
        assert_eq!(plain("  ::error::x"), "  :<U+003A>error::x");
        assert_eq!(plain("ok ##[error]x"), "ok ##<U+005B>error]x");
    }
}
