//! What is wrong with a scenario, where, and what would be right.

use std::collections::BTreeMap;

use crate::scenario::codes::Code;
use crate::text::lines;
use crate::yaml::Mark;

/// How bad a problem is.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// It can; but it may not mean what its writer thinks.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Which kind of thing.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The file, as messages name it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
    /// How many characters are meant.
    pub length: u32,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What would be right.
    pub expected: Option<String>,
    /// What may help.
    pub help: Option<String>,
    /// The known name that was probably meant.
    pub did_you_mean: Option<String>,
    hushed: bool,
}

impl Problem {
    /// A problem at a place of a file, with one sentence.
    pub fn new(code: Code, file: &str, mark: Mark, message: impl Into<String>) -> Problem {
        Problem {
            code,
            severity: if code.is_warning() {
                Severity::Warning
            } else {
                Severity::Error
            },
            file: file.to_owned(),
            line: mark.line,
            column: mark.column,
            length: mark.length,
            message: message.into(),
            expected: None,
            help: None,
            did_you_mean: None,
            hushed: false,
        }
    }

    /// Keeps it from looking for near names: among very many problems nobody reads the suggestions.
    #[must_use]
    pub(super) fn hushed(mut self, hushed: bool) -> Problem {
        self.hushed = hushed;
        self
    }

    /// Says what would be right.
    #[must_use]
    pub fn expected(mut self, what: impl Into<String>) -> Problem {
        self.expected = Some(what.into());
        self
    }

    /// Says what may help.
    #[must_use]
    pub fn help(mut self, what: impl Into<String>) -> Problem {
        self.help = Some(what.into());
        self
    }

    /// Says which known name was probably meant, if one is near.
    #[must_use]
    pub fn near<'a>(mut self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Problem {
        if !self.hushed {
            self.did_you_mean = nearest(wrong, known).map(str::to_owned);
        }
        self
    }

    fn place(&self) -> (&str, u32, u32, &str) {
        (&self.file, self.line, self.column, &self.message)
    }
}

/// The known name that is nearest to a wrong one, if any is near.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if wrong.is_empty() || wrong.len() > 256 {
        return None;
    }
    let allowed = wrong.chars().count().div_ceil(3).max(1);
    known
        .into_iter()
        .filter(|name| *name != wrong && name.len().abs_diff(wrong.len()) <= allowed)
        .map(|name| {
            let (a, b) = (wrong.to_lowercase(), name.to_lowercase());
            (strsim::damerau_levenshtein(&a, &b), name)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

/// Some problems, in the order of their places, with the texts they lie in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
    sources: BTreeMap<String, String>,
}

impl Problems {
    /// The problems of some texts (file name to text); sorted here.
    pub fn new(mut list: Vec<Problem>, sources: BTreeMap<String, String>) -> Problems {
        list.sort_by(|a, b| a.place().cmp(&b.place()));
        list.dedup();
        let named = |file: &str| list.iter().any(|problem| problem.file == file);
        let sources = sources
            .into_iter()
            .filter(|(file, _)| named(file))
            .collect();
        Problems { list, sources }
    }

    /// One after the other, by file, line and column.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.list.iter()
    }

    /// Without those that are said otherwise.
    #[must_use]
    pub fn without(mut self, said: impl Fn(&Problem) -> bool) -> Problems {
        self.list.retain(|it| !said(it));
        self
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The line of a problem's text, without its end; empty where there is none.
    pub(super) fn line(&self, problem: &Problem) -> &str {
        let text = self.sources.get(&problem.file).map_or("", String::as_str);
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let at = problem.line.saturating_sub(1) as usize;
        lines(text).nth(at).unwrap_or("")
    }
}

impl std::fmt::Display for Problems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

impl std::error::Error for Problems {}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_found_or_none() {
        for (wrong, known, found) in [
            (
                "uss-east-1",
                &["us-east-1", "us-west-2"][..],
                Some("us-east-1"),
            ),
            (
                "disablekey",
                &["DisableKey", "EnableKey"],
                Some("DisableKey"),
            ),
            ("moon", &["us-east-1"], None),
            ("", &["a"], None),
        ] {
            assert_eq!(nearest(wrong, known.iter().copied()), found, "{wrong}");
        }
    }
}
