//! From bytes to a scenario that cannot be wrong, or to everything that is wrong with them.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::scenario::changes::Changes;
use crate::scenario::codes::Code;
use crate::scenario::file::{ExpectFile, ScenarioFile};
use crate::scenario::marks::Marks;
use crate::scenario::problem::{Problem, Problems};
use crate::scenario::render::quote;
use crate::scenario::resolve::{self, Desk, resolve};
use crate::scenario::{Expectation, Scenario};
use crate::text::lines;
use crate::yaml::{self, Items, Kind, Mark, Placed, Trouble};

/// A scenario, and what its writer should know about it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// Warnings only.
    pub warnings: Problems,
    /// Where its things are written.
    pub marks: Marks,
    /// The texts that were read, by the names that messages give their files.
    pub sources: BTreeMap<String, String>,
}

/// Reads a scenario. `name` is how messages call the file; `read` gives the bytes of a policy file, by the text of its
/// `file:` (the caller knows what that is relative to), or says why it cannot.
///
/// # Errors
/// All problems of meaning at once; of form, the first.
pub fn load(
    text: &[u8],
    name: &str,
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<Loaded, Problems> {
    load_with(text, name, &Changes::default(), read)
}

/// The same, with changes to what the file says.
///
/// # Errors
/// See [`load`].
pub fn load_with(
    text: &[u8],
    name: &str,
    changes: &Changes,
    read: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
) -> Result<Loaded, Problems> {
    let (mut file, source): (ScenarioFile, &str) = read_form(text, name)?;
    changes.apply(&mut file);
    let mut desk = Desk::new(name, source);
    let scenario = resolve(&file, &mut desk, read);
    let (problems, sources) = desk.close();
    let failed = problems.iter().any(|problem| !problem.code.is_warning());
    let problems = Problems::new(problems, sources.clone());
    match scenario {
        Some((scenario, marks)) if !failed => Ok(Loaded {
            scenario,
            warnings: problems,
            marks,
            sources,
        }),
        _ => {
            assert!(failed, "no scenario without a problem that says why");
            Err(problems)
        }
    }
}

/// Reads a file of a given shape, and its text; `name` is how messages call it.
///
/// # Errors
/// The first problem of form.
pub(crate) fn read_form<'a, T: DeserializeOwned>(
    text: &'a [u8],
    name: &str,
) -> Result<(T, &'a str), Problems> {
    match utf8(text, name) {
        Ok(source) => shaped(source, name).map(|file| (file, source)),
        Err(problem) => {
            let readable = String::from_utf8_lossy(&text[..text.len().min(yaml::LARGEST)]);
            let sources = BTreeMap::from([(name.to_owned(), readable.into_owned())]);
            Err(Problems::new(vec![*problem], sources))
        }
    }
}

/// Reads a text as YAML of some shape.
fn shaped<T: DeserializeOwned>(source: &str, name: &str) -> Result<T, Problems> {
    yaml::read(source).map_err(|mut trouble| {
        if let Kind::Syntax(why) = &trouble.kind {
            trouble.mark = opening(source, trouble.mark, why);
        }
        let sources = BTreeMap::from([(name.to_owned(), source.to_owned())]);
        Problems::new(vec![of_form(name, trouble)], sources)
    })
}

impl Scenario {
    /// Reads a scenario that needs no file: its policies are written in place. Messages call it `scenario.yaml`. For one with
    /// files, see [`load`].
    ///
    /// # Errors
    /// All problems of meaning at once; of form, the first. Warnings are no errors.
    pub fn from_yaml(text: &str) -> Result<Scenario, Problems> {
        let mut read =
            |_: &str| Err("there are no files here; write the policy in place".to_owned());
        load(text.as_bytes(), "scenario.yaml", &mut read).map(|loaded| loaded.scenario)
    }

    /// Reads expectations about this scenario, as they stand below `expect:`: a YAML list. Messages call the text
    /// `expectations`.
    ///
    /// # Errors
    /// All problems of meaning at once; of form, the first.
    pub fn expecting(&self, text: &str) -> Result<Vec<Expectation>, Problems> {
        const NAME: &str = "expectations";
        let list: Items<Placed<ExpectFile>> = shaped(text, NAME)?;
        let mut desk = Desk::new(NAME, text);
        let all = resolve::expectations(self, &list, &mut desk);
        let (problems, sources) = desk.close();
        if problems.is_empty() {
            return Ok(all);
        }
        Err(Problems::new(problems, sources))
    }
}

/// The text of some bytes, without a byte order mark.
pub(crate) fn utf8<'a>(bytes: &'a [u8], file: &str) -> Result<&'a str, Box<Problem>> {
    let wide = [&[0xff, 0xfe][..], &[0xfe, 0xff]];
    if wide.iter().any(|mark| bytes.starts_with(mark)) {
        let problem = Problem::new(Code::NotText, file, Mark::START, "the file is UTF-16 text");
        return Err(Box::new(
            problem.expected("UTF-8 text: save the file as UTF-8"),
        ));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let good = &bytes[..error.valid_up_to()];
            let good = std::str::from_utf8(good).unwrap_or("");
            let line = lines(good).count();
            let last = lines(good).last().unwrap_or("");
            let mark = Mark {
                line: u32::try_from(line).unwrap_or(u32::MAX),
                column: u32::try_from(last.chars().count() + 1).unwrap_or(u32::MAX),
                length: 1,
            };
            let byte = bytes.get(good.len()).copied().unwrap_or(0);
            let what = format!(
                "byte {} of the file, 0x{byte:02X}, is not UTF-8 text",
                good.len() + 1
            );
            let problem = Problem::new(Code::NotText, file, mark, what);
            Err(Box::new(problem.expected("UTF-8 text")))
        }
    }
}

/// A trouble of form, told as a problem.
fn of_form(file: &str, trouble: Trouble) -> Problem {
    let problem = |code, what: String| Problem::new(code, file, trouble.mark, what);
    match trouble.kind {
        Kind::Syntax(why) => problem(Code::NotYaml, format!("this is not YAML: {}", plain(&why))),
        Kind::Limit(what) => problem(Code::TooMuchText, what),
        Kind::SecondDocument => problem(
            Code::SecondDocument,
            "a second document begins here".to_owned(),
        )
        .expected("one scenario a file"),
        Kind::Empty => problem(Code::MissingField, "the file is empty".to_owned())
            .expected("a scenario: name, profile, until, orgs, …"),
        Kind::Shape(due) => problem(Code::WrongShape, format!("{due} is due here")).expected(due),
        Kind::Null => problem(Code::WrongShape, "there is no value here".to_owned())
            .expected("a text or a number; leave the field out if there is nothing to say"),
        Kind::UnknownField(field, known) => problem(
            Code::UnknownField,
            format!("{} is not a field that is known here", quote(&field)),
        )
        .near(&field, known.iter().copied())
        .expected(format!("one of: {}", known.join(", "))),
        Kind::MissingField(field) => missing(file, trouble.mark, field),
        Kind::Duplicate(key) => {
            let key = key.map_or_else(|| "the name".to_owned(), |key| quote(&key));
            problem(
                Code::FieldTwice,
                format!("{key} stands here for the second time"),
            )
            .expected("each name once")
        }
        Kind::Tag => problem(
            Code::UnknownTag,
            "a tag (`!…`) has no meaning here".to_owned(),
        )
        .expected("the value without a tag"),
        Kind::Anchor(why) => problem(Code::NotYaml, format!("this alias repeats nothing: {why}")),
    }
}

/// A field that is missing: of the file as a whole, or of the map about there.
fn missing(file: &str, mark: Mark, field: &str) -> Problem {
    let (owner, whole) = match field {
        "name" | "profile" | "until" | "orgs" => {
            ("a scenario has name, profile, until and orgs", true)
        }
        "arn" => ("a key has its arn", false),
        "key" | "regions" => ("an org has key (or key: none) and regions", false),
        "at" | "do" => ("an event has at and do", false),
        _ => ("a repetition has every and times", false),
    };
    let (mark, what) = if whole {
        (Mark::START, format!("the field `{field}` is missing"))
    } else {
        (
            mark,
            format!("the field `{field}` is missing from the map of this line"),
        )
    };
    Problem::new(Code::MissingField, file, mark, what).expected(owner)
}

/// Where the quote opens that is not closed, else the place itself.
fn opening(source: &str, mark: Mark, why: &str) -> Mark {
    if !why.contains("multiline quoted scalar") && !why.contains("document indicator") {
        return mark;
    }
    let lines: Vec<&str> = lines(source).collect();
    let before = (mark.line as usize).saturating_sub(1).min(lines.len());
    for (index, line) in lines[..before].iter().enumerate().rev() {
        if let Some(at) = line.rfind(['"', '\'']) {
            return Mark {
                line: u32::try_from(index + 1).unwrap_or(u32::MAX),
                column: u32::try_from(line[..at].chars().count() + 1).unwrap_or(u32::MAX),
                length: 1,
            };
        }
    }
    mark
}

/// What a YAML parser says, in a reader's words: the first part that fits tells.
fn plain(why: &str) -> String {
    const SAID: [(&str, &str); 42] = [
        (
            "mapping values are not allowed",
            "a `:` where no name can stand; is the indentation right, or is a text with `: ` in it not quoted?",
        ),
        (
            "did not find expected key",
            "the map above goes on, and a field (`name: value`) is due; is this line indented as its fields are?",
        ),
        (
            "expected '-' indicator",
            "the list above goes on, and an item (`- …`) is due; is this line indented as its items are?",
        ),
        (
            "expected ',' or '}'",
            "within `{ }` a `,` or the closing `}` is due here",
        ),
        (
            "expected ',' or ']'",
            "within `[ ]` a `,` or the closing `]` is due here",
        ),
        ("unclosed bracket '{'", "this `{` is never closed"),
        ("unclosed bracket '['", "this `[` is never closed"),
        ("bracket '{' closed by", "this `{` is closed by a `]`"),
        ("bracket '[' closed by", "this `[` is closed by a `}`"),
        (
            "misplaced bracket",
            "this closes a bracket that was never opened",
        ),
        (
            "simple key",
            "a `:` is missing after this name, on the same line",
        ),
        ("unclosed quote", "this quote is never closed"),
        (
            "multiline quoted scalar",
            "a quoted text is not closed, or its next line is not indented",
        ),
        (
            "document indicator",
            "a quoted text is not closed, or its next line is not indented",
        ),
        (
            "after single-quoted",
            "more text stands after the closing quote; within single quotes a `'` is written `''`",
        ),
        (
            "after double-quoted",
            "more text stands after the closing quote; within double quotes a `\"` is written `\\\"`",
        ),
        (
            "unknown escape",
            "this `\\` and what follows mean nothing in double quotes; write `\\\\`, or use single quotes",
        ),
        (
            "quoted scalar",
            "a `\\x`, `\\u` or `\\U` in double quotes that names no character; write `\\\\`, or use single quotes",
        ),
        ("BOM", "a byte order mark within the text"),
        ("tab", "a tab stands here; indent with spaces"),
        (
            "invalid indentation",
            "the indentation is wrong, or a bracket before it is not closed",
        ),
        (
            "unexpected character",
            "a character that cannot stand here; put the text in quotes",
        ),
        (
            "comment intercepting",
            "after this comment the text before it goes on; does the next line lack its `name:`?",
        ),
        (
            "comments must be separated",
            "a comment (`#`) without a space before it; put one there, or the text in quotes",
        ),
        (
            "block scalar",
            "`>` and `|` begin a block of lines; put the text in quotes, or write it in words",
        ),
        ("YAML major version", "only YAML 1 is read"),
        (
            "after document end",
            "more stands after `...`, which ends the text",
        ),
        (
            "irective",
            "a line that begins with `%` says nothing here; leave it out",
        ),
        (
            "version number",
            "a line that begins with `%` says nothing here; leave it out",
        ),
        (
            "document start",
            "a scenario is due here; leave out the lines before it that begin with `%`",
        ),
        (
            "document end",
            "a line that begins with `%` says nothing here; leave it out",
        ),
        ("block sequence entries", "a list cannot begin on this line"),
        (
            "only valid inside a block",
            "a `-` where no list can begin; within `[ ]` items have none, and a text with it needs quotes",
        ),
        (
            "'-'",
            "a `-` that neither begins an item nor belongs to a text; put the text in quotes",
        ),
        (
            "anchor or alias",
            "a `&` or `*` without a name; put the text in quotes",
        ),
        ("node content", "a value is due here"),
        (
            "mapping keys",
            "a `?` where no name can stand; put the text in quotes",
        ),
        (
            "':'",
            "a `:` that cannot stand here; put a space after it, or the text in quotes",
        ),
        ("expected whitespace", "a space is due here"),
        (
            "plain scalar",
            "a text that cannot end here; put it in quotes",
        ),
        ("EOF", "the text ends in the middle of a map or a list"),
        ("eof", "the text ends too early"),
    ];
    if why.contains("\\u{") {
        return "a control character stands here".to_owned();
    }
    let found = SAID.iter().find(|(part, _)| why.contains(part));
    found.map_or_else(|| why.replace('\'', "`"), |(_, says)| (*says).to_owned())
}

#[cfg(test)]
mod tests {
    use super::load;

    #[test]
    fn what_is_no_yaml_is_told_in_plain_words_where_it_is() {
        for (text, due, line, column) in [
            ("name: \"abc", "this quote is never closed", 1, 7),
            ("name: 'abc", "this quote is never closed", 1, 7),
            ("name: \"a\nb: c\"", "its next line is not indented", 1, 7),
            ("name: \"a\\qb\"", "mean nothing in double quotes", 1, 7),
            ("name: \"a\\xZZ\"", "names no character", 1, 7),
            ("name: \"a\\ud800\"", "names no character", 1, 7),
            ("name: 'a' b", "after the closing quote", 1, 11),
            ("name: \"a\" b", "after the closing quote", 1, 11),
            ("{", "this `{` is never closed", 1, 1),
            ("name: x\nset: { a: [1 2", "this `[` is never closed", 2, 11),
            ("}", "closes a bracket that was never opened", 1, 1),
            (
                "name: x\nset: { a: 1 b: 2 }",
                "a `,` or the closing `}`",
                2,
                14,
            ),
            (
                "name: x\nset: { a: 1 ]",
                "this `{` is closed by a `]`",
                2,
                6,
            ),
            ("name: x\nfoo\nuntil: 1h", "a `:` is missing", 2, 1),
            ("name: x\nabout", "a `:` is missing", 2, 1),
            ("name: x\n- y", "a field (`name: value`) is due", 2, 3),
            ("%FOO bar\nname: x", "begin with `%`", 2, 1),
            (
                "%YAML 1.2\n%YAML 1.2\n---\nname: x",
                "begins with `%`",
                2,
                1,
            ),
            ("name: @x", "put the text in quotes", 1, 7),
            ("name: &", "without a name", 1, 7),
        ] {
            let problems = load(text.as_bytes(), "x.yaml", &mut |_| Err(String::new()));
            let problems = problems.expect_err(text);
            let found = problems.iter().next().expect("a problem");
            let told = (found.message.contains(due), found.line, found.column);
            assert_eq!(told, (true, line, column), "{text}: {}", found.message);
        }
    }
}
