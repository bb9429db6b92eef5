//! Slips of the pen that make a text no JSON: a comma too many or too few, a comment, a bracket that was never closed.

use crate::policy::{Mark, look};
use crate::preflight::splice::{Edit, Ground};

/// The text without the slip at the place where a reader stumbles; `None` if it is none of those, or if a reader would
/// get no further.
pub(super) fn undone(text: &str, mark: Mark) -> Option<String> {
    let ground = Ground::new(text);
    let after = ground.after(change(text, ground.start(mark))?);
    let further = match look(&after) {
        Ok(_) => true,
        // Where something was taken out, what follows moved to its place.
        Err(_) if after.len() < text.len() => true,
        Err(next) => (next.mark.line, next.mark.column) > (mark.line, mark.column),
    };
    further.then_some(after)
}

/// The change that may undo it.
fn change(text: &str, at: usize) -> Option<Vec<Edit>> {
    let (before, from) = text.split_at(at);
    let written = before.trim_end_matches(is_blank);
    let next = from.chars().next();
    if let Some(end) = comment(from) {
        // What an author struck out is not ours to drop.
        let kept = from[..end].contains("\"Effect\"");
        // A line of nothing but a comment goes as a whole.
        let indent = before.trim_end_matches([' ', '\t']);
        let rest = &from[end..];
        let behind = ["\r\n", "\n"].into_iter().find(|it| rest.starts_with(it));
        let range = match behind {
            Some(line) if indent.ends_with('\n') => indent.len()..at + end + line.len(),
            Some(_) | None => at..at + end,
        };
        return (!kept).then(|| vec![(range, String::new())]);
    }
    match next {
        Some(',') if closes(&from[1..]) => Some(vec![(at..at + 1, String::new())]),
        Some('"' | '{' | '[') if written.ends_with(ends_value) => {
            let end = written.len();
            Some(vec![(end..end, ",".to_owned())])
        }
        None => {
            let open = open(text)?;
            let [bracket] = open.as_slice() else {
                return None;
            };
            let end = written.len();
            let line = if written.contains('\n') { "\n" } else { "" };
            Some(vec![(end..end, format!("{line}{bracket}"))])
        }
        Some(_) => None,
    }
}

fn is_blank(ch: char) -> bool {
    matches!(ch, ' ' | '\t' | '\n' | '\r')
}

/// Whether a closing bracket comes next.
fn closes(text: &str) -> bool {
    text.trim_start_matches(is_blank).starts_with(['}', ']'])
}

/// Whether a value may end with this.
fn ends_value(ch: char) -> bool {
    matches!(ch, '"' | '}' | ']') || ch.is_ascii_alphanumeric()
}

/// How long the comment is that begins the text.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("/*") {
        return text.find("*/").map(|at| at + 2);
    }
    let line = text.starts_with("//") || (text.starts_with('#') && !text.starts_with("#{"));
    let end = || text.find(['\r', '\n']).unwrap_or(text.len());
    line.then(end)
}

/// The brackets that are due behind the end of the text, the innermost first; `None` if brackets do not match, or the
/// text ends within a string.
fn open(text: &str) -> Option<Vec<char>> {
    let mut due = Vec::new();
    let (mut within, mut escaped) = (false, false);
    for ch in text.chars() {
        match ch {
            _ if escaped => escaped = false,
            '\\' if within => escaped = true,
            '"' => within = !within,
            '{' if !within => due.push('}'),
            '[' if !within => due.push(']'),
            '}' | ']' if !within && due.pop() != Some(ch) => return None,
            _ => {}
        }
    }
    due.reverse();
    (!within).then_some(due)
}

#[cfg(test)]
mod tests {
    use super::undone;
    use crate::policy::look;

    #[test]
    fn a_slip_is_undone_at_its_spot_and_nothing_else_is() {
        let check = |text: &str, want: Option<&str>| {
            let mark = look(text).expect_err("it is no JSON").mark;
            let done = undone(text, mark);
            assert_eq!(done.as_deref(), want, "{text}");
        };
        check("{\"a\": [1, 2,]}", Some("{\"a\": [1, 2]}"));
        check("{\"a\": 1,\r\n}", Some("{\"a\": 1\r\n}"));
        check("{\"a\": 1\n \"b\": 2}", Some("{\"a\": 1,\n \"b\": 2}"));
        check("[{} {}]", Some("[{}, {}]"));
        check("{\"a\": [1]", Some("{\"a\": [1]}"));
        check("{\n\"é\": [1]\n", Some("{\n\"é\": [1]\n}\n"));
        check("{\"a\": [1", None);
        check("{\"a\": \"1", None);
        check("{ // é\n\"a\": 1}", Some("{ \n\"a\": 1}"));
        check("{\n  # x\n  \"a\": 1}", Some("{\n  \"a\": 1}"));
        check("{\n  # x\n# y\n}", Some("{\n# y\n}"));
        check("{\"a\": /* x */ 1}", Some("{\"a\":  1}"));
        check("{\"a\": 1 /* {\"Effect\": 2} */}", None);
        check("{\"a\" 1}", None);
        check("{\"a\" \"b\"}", None);
        check("", None);
        check("a: 1", None);
    }
}
