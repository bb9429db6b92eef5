//! Statements that were cut out of a page: without the braces around them, or with brackets that never close.
//!
//! A reader of JSON stops at the first thing it does not expect, which tells nothing to someone who pasted what a page
//! printed. Here the text is looked through with more patience, and everything that is missing is said.

use super::complaint::{Complaint, ComplaintKind};
use super::source::Source;
use super::statement::ELEMENTS;
use super::value::Mark;

/// A bracket that is open.
struct Open {
    /// The bracket that would close it.
    close: char,
    mark: Mark,
    /// The member whose value it begins.
    member: Option<String>,
    /// Whether there is something behind it.
    filled: bool,
}

/// Complaints of all that is missing, if the text is a statement, or a policy of some, that was cut off.
pub(super) fn look(text: &str) -> Option<Vec<Complaint>> {
    let source = Source::of_text(text);
    let mut cut = Cut {
        source: &source,
        at: 0,
        open: Vec::new(),
        member: None,
        complaints: Vec::new(),
    };
    let bare = cut.bare();
    cut.read()?;
    // What is open at the end of a text with its braces is what the reader of JSON says.
    if let Some(mark) = bare {
        while let Some(open) = cut.open.pop() {
            cut.complaints.push(never_closed(&open));
        }
        let what = if cut.complaints.is_empty() {
            "this is the inside of a single statement, without the braces around it"
        } else {
            "this is the inside of a single statement, cut off: brackets in it are never closed"
        };
        let complaint = Complaint::new(ComplaintKind::BareStatement, mark, what);
        let around = "{\"Version\": \"2012-10-17\", \"Statement\": [{ … }]} around it";
        cut.complaints.push(complaint.expected(around));
    }
    cut.complaints
        .sort_by_key(|one| (one.mark.line, one.mark.column));
    (!cut.complaints.is_empty()).then_some(cut.complaints)
}

struct Cut<'a> {
    source: &'a Source,
    at: usize,
    open: Vec<Open>,
    /// The member whose value comes next.
    member: Option<String>,
    complaints: Vec<Complaint>,
}

impl Cut<'_> {
    fn peek(&self) -> Option<char> {
        self.source.at(self.at).map(|placed| placed.ch)
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Where the text begins with an element of a statement that stands in no braces.
    fn bare(&mut self) -> Option<Mark> {
        self.blanks();
        let from = self.at;
        let name = (self.peek() == Some('"')).then(|| self.string())??;
        let mark = self.source.mark(from, self.at);
        self.blanks();
        let is_member = self.peek() == Some(':') && ELEMENTS.contains(&name.as_str());
        self.at = from;
        is_member.then_some(mark)
    }

    /// Goes through the whole text; `None` if it is broken in other ways than being cut off.
    fn read(&mut self) -> Option<()> {
        loop {
            self.blanks();
            let ch = match self.peek() {
                None => return Some(()),
                Some(ch) => ch,
            };
            match ch {
                '"' => self.text()?,
                '{' => self.opens('}'),
                '[' => self.opens(']'),
                '}' | ']' => {
                    self.open.pop().filter(|open| open.close == ch)?;
                    self.at += 1;
                }
                _ => {
                    self.fill();
                    self.at += 1;
                }
            }
        }
    }

    /// A string: a value, or the name of a member. A statement's element cannot stand in another's value, so what is
    /// open of that was never closed.
    fn text(&mut self) -> Option<()> {
        let text = self.string()?;
        self.blanks();
        if self.peek() != Some(':') {
            self.fill();
            return Some(());
        }
        self.at += 1;
        let is_element = |name: &str| ELEMENTS.contains(&name);
        if is_element(&text) {
            let inside = self.open.iter().position(|open| {
                let member = open.member.as_deref();
                member.is_some_and(is_element)
            });
            if let Some(inside) = inside {
                let never = self.open.drain(inside..);
                self.complaints
                    .extend(never.map(|open| never_closed(&open)));
            }
        }
        self.fill();
        self.member = Some(text);
        Some(())
    }

    fn opens(&mut self, close: char) {
        let member = self.member.take();
        self.fill();
        self.open.push(Open {
            close,
            mark: self.source.mark(self.at, self.at + 1),
            member,
            filled: false,
        });
        self.at += 1;
    }

    /// Something stands in the innermost bracket.
    fn fill(&mut self) {
        self.member = None;
        if let Some(open) = self.open.last_mut() {
            open.filled = true;
        }
    }

    /// The string that begins here, its escapes as they are; `None` if it does not end on its line.
    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        self.at += 1;
        loop {
            let ch = self.peek()?;
            self.at += 1;
            match ch {
                '"' => return Some(text),
                '\n' | '\r' => return None,
                '\\' => {
                    text.push(ch);
                    text.push(self.peek()?);
                    self.at += 1;
                }
                _ => text.push(ch),
            }
        }
    }
}

fn never_closed(open: &Open) -> Complaint {
    let whose = open.member.as_ref().map_or_else(
        || "this bracket".to_owned(),
        |member| format!("the bracket of {}", super::clean::clean(member)),
    );
    let (what, expected) = if open.filled {
        (
            format!("{whose} is never closed"),
            format!("`{}` behind what stands in it", open.close),
        )
    } else {
        let such = match open.member.as_deref() {
            Some("Action" | "NotAction") => "actions such as \"kms:Decrypt\"",
            _ => "what belongs in it",
        };
        (
            format!("{whose} is never closed, and what stood in it is missing"),
            format!("{such}, and then `{}`", open.close),
        )
    };
    Complaint::new(ComplaintKind::NotJson, open.mark, what).expected(expected)
}

#[cfg(test)]
mod tests {
    use crate::policy::{ComplaintKind, Policy};

    fn told(text: &str) -> Vec<(ComplaintKind, u32, u32, String)> {
        let wrong = Policy::from_json(text).expect_err("it is cut off");
        wrong
            .into_iter()
            .map(|one| {
                let expected = one.expected.unwrap_or_default();
                (
                    one.kind,
                    one.mark.line,
                    one.mark.column,
                    format!("{}: {expected}", one.what),
                )
            })
            .collect()
    }

    fn check(text: &str, want: &[(ComplaintKind, u32, u32, &str)]) {
        let told = told(text);
        assert_eq!(told.len(), want.len(), "{text}: {told:#?}");
        for (told, want) in told.iter().zip(want) {
            assert_eq!(
                (told.0, told.1, told.2),
                (want.0, want.1, want.2),
                "{told:?}"
            );
            assert!(told.3.contains(want.3), "{told:?}");
        }
    }

    #[test]
    fn what_is_missing_of_a_statement_is_said_with_its_places() {
        use ComplaintKind::{BareStatement, NotJson};
        let lines = [
            "    \"Sid\": \"use of the key\",",
            "    \"Effect\": \"Allow\",",
            "    \"Principal\": {",
            "        \"AWS\": \"arn:aws:iam::444455556666:root\"",
            "    \"Action\": [",
            "    \"Resource\": \"*\"",
        ];
        check(
            &lines.join("\n"),
            &[
                (BareStatement, 1, 5, "single statement, cut off"),
                (
                    NotJson,
                    3,
                    18,
                    "the bracket of Principal is never closed: `}`",
                ),
                (
                    NotJson,
                    5,
                    15,
                    "what stood in it is missing: actions such as",
                ),
            ],
        );
        // The same with the braces around it.
        check(
            &format!("{{{}}}", lines.join("\n")),
            &[(NotJson, 3, 18, "Principal"), (NotJson, 5, 15, "Action")],
        );
        check(
            "\"Effect\": \"Allow\", \"Action\": [\"kms:Decrypt\"]",
            &[(BareStatement, 1, 1, "without the braces")],
        );
        check(
            "\"Effect\": \"Allow\", \"Action\": [\"kms:Decrypt\"",
            &[
                (BareStatement, 1, 1, "cut off"),
                (NotJson, 1, 30, "`]` behind"),
            ],
        );
    }

    #[test]
    fn what_is_broken_otherwise_is_said_by_the_reader() {
        use ComplaintKind::NotJson;
        check("\"Effect\"", &[(NotJson, 1, 2, "")]);
        check(
            "{\"Statement\": [{\"Effect\": \"Allow\"",
            &[(NotJson, 1, 34, "is closed")],
        );
        check(
            "{\"Statement\": [}]",
            &[(NotJson, 1, 16, "a value is missing")],
        );
        check("\"Effect\": \"Allow}", &[(NotJson, 1, 9, "")]);
    }
}
