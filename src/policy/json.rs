//! Strict JSON text with places.
//!
//! A reader of our own, and small: `jsonc-parser` 0.34, the likeliest crate, takes raw line breaks and control
//! characters in strings, exotic spaces between tokens and the empty text, all of which AWS refuses and people do
//! send; `serde_json` gives no places for values and drops the first of two equal members.

use super::complaint::{Complaint, ComplaintKind};
use super::hints;
use super::scan;
use super::source::Source;
use super::value::{Mark, Member, Node, Value};

/// Most bytes a policy may have (P14).
pub(super) const MOST_BYTES: usize = 32_768;

/// How deep brackets may nest. A policy needs seven; a reader needs an end.
pub(super) const DEEPEST: usize = 32;

/// Reads JSON text (RFC 8259, nothing more), at most 32,768 bytes of it (P14) and at most 32 brackets deep.
///
/// # Errors
///
/// The first thing that is not JSON, with its place.
pub fn read(text: &str) -> Result<Node, Complaint> {
    let source = Source::of_text(text);
    fits(&source)?;
    read_source(&source)
}

/// Refuses what is larger than AWS takes (P14).
pub(super) fn fits(source: &Source) -> Result<(), Complaint> {
    let bytes = source.bytes();
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let what = format!("this policy has {bytes} bytes, more than AWS takes");
    Err(
        Complaint::new(ComplaintKind::TooLarge, source.mark(0, 1), what)
            .expected(format!("at most {MOST_BYTES} bytes")),
    )
}

/// Reads one JSON value that is the whole text.
pub(super) fn read_source(source: &Source) -> Result<Node, Complaint> {
    let mut reader = Reader { source, at: 0 };
    reader.blanks();
    if reader.peek().is_none() {
        return Err(reader
            .wrong(reader.at, "the text is empty")
            .expected("a policy, which begins with `{`"));
    }
    let node = reader.value(0)?;
    reader.blanks();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(hints::after_the_end(source, reader.at)),
    }
}

/// The text and how far it was read.
struct Reader<'a> {
    source: &'a Source,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.source.at(self.at).map(|placed| placed.ch)
    }

    /// Passes over the four characters JSON allows between tokens.
    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn wrong(&self, from: usize, what: &str) -> Complaint {
        Complaint::new(
            ComplaintKind::NotJson,
            self.source.mark(from, self.at.max(from + 1)),
            what,
        )
    }

    /// A value that begins at the next character; `depth` brackets are open around it.
    fn value(&mut self, depth: usize) -> Result<Node, Complaint> {
        let from = self.at;
        let value = match self.peek() {
            Some('{' | '[') if depth == DEEPEST => {
                let what = format!("brackets nest deeper than {DEEPEST}, no policy does");
                return Err(Complaint::new(
                    ComplaintKind::TooDeep,
                    self.source.mark(from, from + 1),
                    what,
                ));
            }
            Some('{') => return self.map(depth),
            Some('[') => return self.list(depth),
            Some('"') => Value::Text(self.string()?),
            Some('-' | '0'..='9') => Value::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Node {
            mark: self.source.mark(from, self.at),
            value,
        })
    }

    fn string(&mut self) -> Result<String, Complaint> {
        // Most strings have no escapes; they need no second look.
        let inside = self.source.chars().get(self.at + 1..).unwrap_or_default();
        let plain = |ch: char| !matches!(ch, '"' | '\\' | '\0'..='\u{1f}');
        let len = inside.iter().take_while(|it| plain(it.ch)).count();
        if inside.get(len).is_some_and(|it| it.ch == '"') {
            self.at += len + 2;
            let mut text = String::with_capacity(len);
            text.extend(inside.iter().take(len).map(|it| it.ch));
            return Ok(text);
        }
        let (chars, end) = scan::string(self.source, self.at)?;
        self.at = end;
        Ok(chars.iter().map(|placed| placed.ch).collect())
    }

    fn number(&mut self) -> Result<String, Complaint> {
        let (text, end) = scan::number(self.source, self.at)?;
        self.at = end;
        Ok(text)
    }

    /// `true`, `false`, `null`; anything else is no value.
    fn word(&mut self) -> Result<Value, Complaint> {
        let end = scan::word_end(self.source, self.at);
        let word: String = (self.at..end)
            .filter_map(|i| self.source.at(i))
            .map(|placed| placed.ch)
            .collect();
        let value = match word.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            _ => return Err(hints::instead_of_a_value(self.source, self.at, &word)),
        };
        self.at = end;
        Ok(value)
    }

    fn list(&mut self, depth: usize) -> Result<Node, Complaint> {
        let open = self.source.mark(self.at, self.at + 1);
        let mut members = Vec::new();
        self.at += 1;
        self.blanks();
        while self.peek() != Some(']') {
            members.push(self.value(depth + 1)?);
            self.next_or_end(']', open)?;
        }
        self.at += 1;
        Ok(Node {
            mark: open,
            value: Value::List(members),
        })
    }

    fn map(&mut self, depth: usize) -> Result<Node, Complaint> {
        let open = self.source.mark(self.at, self.at + 1);
        let mut members = Vec::new();
        self.at += 1;
        self.blanks();
        while self.peek() != Some('}') {
            let name = self.name(open)?;
            members.push((name, self.value(depth + 1)?));
            self.next_or_end('}', open)?;
        }
        self.at += 1;
        Ok(Node {
            mark: open,
            value: Value::Map(members),
        })
    }

    /// A member's name and the colon after it.
    fn name(&mut self, open: Mark) -> Result<Member, Complaint> {
        let from = self.at;
        if self.peek() != Some('"') {
            return Err(hints::instead_of_a_name(self.source, from, open));
        }
        let name = self.string()?;
        let mark = self.source.mark(from, self.at);
        self.blanks();
        if self.peek() != Some(':') {
            return Err(hints::instead_of_a_colon(self.source, self.at, &name));
        }
        self.at += 1;
        self.blanks();
        Ok(Member { name, mark })
    }

    /// After a member: a comma with another member behind it, or the closing bracket.
    fn next_or_end(&mut self, close: char, open: Mark) -> Result<(), Complaint> {
        self.blanks();
        let comma = self.at;
        match self.peek() {
            Some(ch) if ch == close => return Ok(()),
            Some(',') => self.at += 1,
            _ => return Err(hints::instead_of_a_comma(self.source, self.at, close, open)),
        }
        self.blanks();
        match self.peek() {
            Some(ch) if ch == close => Err(hints::trailing_comma(self.source, comma, close)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
