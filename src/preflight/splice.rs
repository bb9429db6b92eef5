//! Small changes to a JSON text that leave the author's formatting alone.

use std::ops::Range;

use crate::policy::{Mark, Node, Value};

/// One change: these bytes are replaced.
pub(super) type Edit = (Range<usize>, String);

/// A piece of JSON that is to be written.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    List(Vec<Piece>),
    Map(Vec<(&'static str, Piece)>),
}

impl Piece {
    pub(super) fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    pub(super) fn texts<S: AsRef<str>>(texts: &[S]) -> Piece {
        Piece::List(texts.iter().map(|it| Piece::text(it.as_ref())).collect())
    }

    /// On one line.
    pub(super) fn line(&self) -> String {
        match self {
            Piece::Text(text) => quoted(text),
            Piece::List(items) => {
                let items: Vec<String> = items.iter().map(Piece::line).collect();
                format!("[{}]", items.join(", "))
            }
            Piece::Map(members) => {
                let member =
                    |(name, it): &(&str, Piece)| format!("{}: {}", quoted(name), it.line());
                let members: Vec<String> = members.iter().map(member).collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }

    /// On several lines, the first of which is already indented.
    pub(super) fn lines(&self, indent: &str, style: &Style) -> String {
        let inner = format!("{indent}{}", style.unit);
        let (open, close, parts): (_, _, Vec<String>) = match self {
            Piece::Text(text) => return quoted(text),
            Piece::List(items) => {
                let items = items.iter().map(|it| it.lines(&inner, style));
                ('[', ']', items.collect())
            }
            Piece::Map(members) => {
                let member = |(name, it): &(&str, Piece)| {
                    format!("{}: {}", quoted(name), it.lines(&inner, style))
                };
                ('{', '}', members.iter().map(member).collect())
            }
        };
        let end = style.end;
        let between = format!(",{end}{inner}");
        format!(
            "{open}{end}{inner}{}{end}{indent}{close}",
            parts.join(&between)
        )
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// How a text is laid out.
#[derive(Clone, Debug)]
pub(super) struct Style {
    /// What ends its lines.
    end: &'static str,
    /// One step of indentation.
    unit: String,
}

impl Style {
    pub(super) fn of(text: &str) -> Style {
        let indented = text.lines().map(blank).find(|it| !it.is_empty());
        Style {
            end: if text.contains("\r\n") { "\r\n" } else { "\n" },
            unit: indented.unwrap_or("  ").to_owned(),
        }
    }
}

/// The blanks a line begins with.
fn blank(line: &str) -> &str {
    let end = line.find(|it| it != ' ' && it != '\t');
    &line[..end.unwrap_or(line.len())]
}

/// A JSON text whose tree is known.
pub(super) struct Ground<'t> {
    text: &'t str,
    style: Style,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl<'t> Ground<'t> {
    pub(super) fn new(text: &'t str) -> Ground<'t> {
        let mut lines = vec![0];
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                lines.push(at + 1);
            }
        }
        Ground {
            text,
            style: Style::of(text),
            lines,
        }
    }

    /// The byte at which a mark begins.
    pub(super) fn start(&self, mark: Mark) -> usize {
        let line = self.lines.get(mark.line.saturating_sub(1) as usize);
        let from = line.copied().unwrap_or(self.text.len());
        self.behind(from, mark.column.saturating_sub(1))
    }

    /// The byte behind so many characters.
    fn behind(&self, from: usize, count: u32) -> usize {
        let mut chars = self.text[from..].char_indices();
        let at = chars.nth(count as usize).map(|it| it.0);
        at.map_or(self.text.len(), |at| from + at)
    }

    /// The bytes of a token that stands on one line.
    pub(super) fn token(&self, mark: Mark) -> Range<usize> {
        let from = self.start(mark);
        from..self.behind(from, mark.len)
    }

    /// The bytes of a value.
    pub(super) fn span(&self, node: &Node) -> Range<usize> {
        match node.value {
            Value::List(_) | Value::Map(_) => {
                let from = self.start(node.mark);
                from..self.closing(from)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {
                self.token(node.mark)
            }
        }
    }

    /// The byte behind the bracket that closes the one at `from`. Brackets within texts do not count.
    fn closing(&self, from: usize) -> usize {
        let (mut depth, mut within, mut escaped) = (0u32, false, false);
        for (at, byte) in self.text.bytes().enumerate().skip(from) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if within => escaped = true,
                b'"' => within = !within,
                b'{' | b'[' if !within => depth += 1,
                b'}' | b']' if !within => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
        }
        self.text.len()
    }

    /// Replaces a value.
    pub(super) fn replace(&self, node: &Node, piece: &Piece) -> Edit {
        (self.span(node), piece.line())
    }

    /// Replaces a value by one that may take several lines, where the old one did.
    pub(super) fn replace_wide(&self, node: &Node, piece: &Piece) -> Edit {
        let span = self.span(node);
        let written = if self.text[span.clone()].contains('\n') {
            piece.lines(blank(self.line(span.start)), &self.style)
        } else {
            piece.line()
        };
        (span, written)
    }

    /// Puts an item behind the last one of a list.
    pub(super) fn push(&self, list: &Node, piece: &Piece) -> Edit {
        let Value::List(items) = &list.value else {
            // One that stands for a list of one.
            let span = self.span(list);
            let old = &self.text[span.clone()];
            let new = self.like(old, span.end, piece);
            return (span.clone(), format!("[{old}, {new}]"));
        };
        let Some(last) = items.last() else {
            return (self.span(list), format!("[{}]", piece.line()));
        };
        let span = self.span(last);
        let written = self.like(&self.text[span.clone()], span.end, piece);
        let between = self.between(span.start);
        (span.end..span.end, format!("{between}{written}"))
    }

    /// Puts a member behind the last one of an object.
    pub(super) fn add(&self, map: &Node, name: &str, piece: &Piece) -> Edit {
        let last = match &map.value {
            Value::Map(members) => members.last(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
                None
            }
        };
        let Some((member, value)) = last else {
            return (
                self.span(map),
                format!("{{{}: {}}}", quoted(name), piece.line()),
            );
        };
        let start = self.start(member.mark);
        let end = self.span(value).end;
        let between = self.between(start);
        let written = if between == ", " {
            piece.line()
        } else {
            piece.lines(blank(self.line(start)), &self.style)
        };
        (end..end, format!("{between}{}: {written}", quoted(name)))
    }

    /// Takes an item out of a list of several.
    pub(super) fn remove(&self, list: &Node, at: usize) -> Option<Edit> {
        let Value::List(items) = &list.value else {
            return None;
        };
        let own = self.span(items.get(at)?);
        let range = match (items.get(at + 1), at.checked_sub(1)) {
            (Some(next), _) => own.start..self.start(next.mark),
            (None, Some(before)) => self.span(&items[before]).end..own.end,
            (None, None) => return None,
        };
        Some((range, String::new()))
    }

    /// Takes several items out of a list, and never all of them.
    pub(super) fn without(&self, list: &Node, gone: &[bool]) -> Option<Vec<Edit>> {
        let Value::List(items) = &list.value else {
            return None;
        };
        let last = gone.iter().rposition(|it| !it)?;
        let mut edits: Vec<Edit> = Vec::new();
        for (at, pair) in items.windows(2).enumerate().take(last) {
            if gone[at] {
                let range = self.start(pair[0].mark)..self.start(pair[1].mark);
                edits.push((range, String::new()));
            }
        }
        let end = self.span(items.last()?).end;
        let kept = self.span(items.get(last)?).end;
        if kept < end {
            edits.push((kept..end, String::new()));
        }
        Some(edits)
    }

    /// Puts a text behind a statement, so that both are in the list; `list` is the value of `Statement`.
    pub(super) fn follow(&self, list: &Node, statement: &Node, text: &str) -> Vec<Edit> {
        let span = self.span(statement);
        match &list.value {
            Value::List(_) => {
                let between = self.between(span.start);
                vec![(span.end..span.end, format!("{between}{text}"))]
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => {
                vec![
                    (span.start..span.start, "[".to_owned()),
                    (span.end..span.end, format!(", {text}]")),
                ]
            }
        }
    }

    /// What some changes, all of them within a value, make of it.
    pub(super) fn remade(&self, node: &Node, edits: Vec<Edit>) -> String {
        let span = self.span(node);
        let whole = self.after(edits);
        let rest = self.text.len() - span.end;
        whole[span.start..whole.len() - rest].to_owned()
    }

    /// A piece laid out as its neighbor is, which ends at `end`.
    fn like(&self, neighbor: &str, end: usize, piece: &Piece) -> String {
        if neighbor.contains('\n') {
            piece.lines(blank(self.line(end.saturating_sub(1))), &self.style)
        } else {
            piece.line()
        }
    }

    /// What stands between one item and the next: a new line, if the item begins its own.
    fn between(&self, start: usize) -> String {
        let line = self.line(start);
        let before = &line[..self.column(start)];
        if blank(before).len() == before.len() && self.lines.len() > 1 {
            format!(",{}{before}", self.style.end)
        } else {
            ", ".to_owned()
        }
    }

    /// How many bytes a place is behind the beginning of its line.
    fn column(&self, at: usize) -> usize {
        at - self.lines[self.lines.partition_point(|it| *it <= at) - 1]
    }

    /// The rest of the text from the beginning of the line of a byte.
    fn line(&self, at: usize) -> &'t str {
        &self.text[at - self.column(at)..]
    }

    /// The text after some changes, which do not overlap.
    pub(super) fn after(&self, mut edits: Vec<Edit>) -> String {
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = self.text.to_owned();
        for (range, new) in edits.into_iter().rev() {
            out.replace_range(range, &new);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Ground, Piece};
    use crate::policy::{Value, look};

    fn pushed(text: &str) -> String {
        let looked = look(text).expect("it is JSON");
        let Value::Map(members) = &looked.tree.value else {
            panic!("an object")
        };
        let ground = Ground::new(text);
        let piece = Piece::Map(vec![("a", Piece::text("é\"")), ("b", Piece::texts(&["x"]))]);
        ground.after(vec![ground.push(&members[0].1, &piece)])
    }

    #[test]
    fn what_is_put_in_looks_like_its_neighbor() {
        assert_eq!(
            pushed(r#"{"s": [{"ü": "]"}]}"#),
            r#"{"s": [{"ü": "]"}, {"a": "é\"", "b": ["x"]}]}"#
        );
        assert_eq!(
            pushed("{\n\t\"s\": [\n\t\t{\n\t\t\t\"c\": 1\n\t\t}\n\t]\n}\n"),
            "{\n\t\"s\": [\n\t\t{\n\t\t\t\"c\": 1\n\t\t},\n\t\t{\n\t\t\t\"a\": \"é\\\"\",\n\t\t\t\"b\": [\n\t\t\t\t\"x\"\n\
             \t\t\t]\n\t\t}\n\t]\n}\n"
        );
        assert_eq!(
            pushed("{\r\n  \"s\": [{\r\n    \"c\": 1\r\n  }]\r\n}"),
            "{\r\n  \"s\": [{\r\n    \"c\": 1\r\n  }, {\r\n    \"a\": \"é\\\"\",\r\n    \"b\": [\r\n      \"x\"\r\n    ]\r\n  \
             }]\r\n}"
        );
        assert_eq!(
            pushed("{\n  \"s\": [\n    { \"c\": 1 }\n  ]\n}"),
            "{\n  \"s\": [\n    { \"c\": 1 },\n    {\"a\": \"é\\\"\", \"b\": [\"x\"]}\n  ]\n}"
        );
        assert_eq!(
            pushed(r#"{"s": {"c": 1}}"#),
            r#"{"s": [{"c": 1}, {"a": "é\"", "b": ["x"]}]}"#
        );
    }
}
