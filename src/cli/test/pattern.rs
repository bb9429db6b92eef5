//! `--run REGEX`: which scenarios are meant.

use regex::Regex;

/// A pattern that was read.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Pattern(Regex);

impl Pattern {
    /// Reads a pattern; where it is none, the message shows the place.
    pub(in crate::cli) fn parse(text: &str) -> Result<Pattern, String> {
        match Regex::new(text) {
            Ok(pattern) => Ok(Pattern(pattern)),
            Err(error) => Err(error.to_string()),
        }
    }

    /// As it was given.
    pub(super) fn text(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it is found anywhere in a text.
    pub(super) fn finds(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}
