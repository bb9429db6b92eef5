//! Characters that know where they stand.
//!
//! `aws kms get-key-policy` prints the policy as a string inside JSON. Its decoded characters keep the places of the
//! outer text, so that a complaint about the inner policy still points at what the user sees in the file.

use super::value::Mark;

/// A character and its place.
#[derive(Copy, Clone, Debug)]
pub(super) struct Placed {
    /// The character.
    pub ch: char,
    /// Its line, from 1.
    line: u32,
    /// Its column, from 1.
    column: u32,
}

/// A text as placed characters, with the place behind the last one.
pub(super) struct Source {
    chars: Vec<Placed>,
    bytes: usize,
    end: (u32, u32),
}

impl Source {
    /// The characters of a text, counted in lines that end with LF, CR or both.
    pub(super) fn of_text(text: &str) -> Source {
        let (mut line, mut column) = (1, 1);
        let mut chars = Vec::with_capacity(text.len());
        let mut rest = text.chars();
        while let Some(ch) = rest.next() {
            chars.push(Placed { ch, line, column });
            if ch == '\n' || (ch == '\r' && !rest.as_str().starts_with('\n')) {
                (line, column) = (line + 1, 1);
            } else {
                column += 1;
            }
        }
        Source {
            chars,
            bytes: text.len(),
            end: (line, column),
        }
    }

    /// Characters decoded from a string that ends at the given mark's end.
    pub(super) fn of_string(chars: Vec<Placed>, token: Mark) -> Source {
        // The closing quote is the last character of the token.
        Source {
            bytes: chars.iter().map(|placed| placed.ch.len_utf8()).sum(),
            chars,
            end: (token.line, token.column + token.len.saturating_sub(1)),
        }
    }

    /// The character at an index.
    pub(super) fn at(&self, index: usize) -> Option<Placed> {
        self.chars.get(index).copied()
    }

    /// How many characters there are.
    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    /// How many bytes the text has in UTF-8, as AWS counts them.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// All characters.
    pub(super) fn chars(&self) -> &[Placed] {
        &self.chars
    }

    /// The index of the character at a mark's beginning.
    pub(super) fn find(&self, mark: Mark) -> Option<usize> {
        self.chars
            .binary_search_by(|c| (c.line, c.column).cmp(&(mark.line, mark.column)))
            .ok()
    }

    /// The mark that covers the characters from one index up to (not with) another, as far as they are on one line.
    pub(super) fn mark(&self, from: usize, to: usize) -> Mark {
        let (line, column) = self.place(from);
        let (last, end) = self.place(to);
        let len = if last == line {
            end.saturating_sub(column)
        } else {
            1
        };
        Mark {
            line,
            column,
            len: len.max(1),
        }
    }

    fn place(&self, index: usize) -> (u32, u32) {
        self.chars
            .get(index)
            .map_or(self.end, |placed| (placed.line, placed.column))
    }
}

impl Placed {
    /// The same place with another character: what an escape stands for.
    pub(super) fn with(self, ch: char) -> Placed {
        Placed { ch, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::Source;
    use crate::policy::value::Mark;

    #[test]
    fn places_count_characters_not_bytes() {
        let source = Source::of_text("aé\nüb");
        assert_eq!(
            source.mark(1, 2),
            Mark {
                line: 1,
                column: 2,
                len: 1
            }
        );
        assert_eq!(
            source.mark(3, 5),
            Mark {
                line: 2,
                column: 1,
                len: 2
            }
        );
        assert_eq!(
            source.mark(5, 5),
            Mark {
                line: 2,
                column: 3,
                len: 1
            }
        );
        assert_eq!(
            source.mark(0, 4),
            Mark {
                line: 1,
                column: 1,
                len: 1
            }
        );
        assert_eq!(source.bytes(), 7);
    }
}
