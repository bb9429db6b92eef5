//! What is expected of whom: the words that fit, and their values.

use crate::scenario::codes::Code;
use crate::scenario::file::States;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::scalars::{length, word};
use crate::scenario::{Lag, What};
use crate::states::{AccessWord, Cause, Ingest, KeyState, Outcome, Queries, SiteState, Status};
use crate::yaml::{Mark, Text};

/// What fits whom.
const FITS: [(&str, &[&str]); 4] = [
    (
        "collections",
        &["queries", "ingest", "status", "outcome", "lag", "error"],
    ),
    ("sites", &["state", "access", "error"]),
    ("keys", &["state"]),
    ("places", &["readable"]),
];

/// The states that are expected together, or `None` after saying what is wrong with them; `said` is what names them.
pub(super) fn some(
    desk: &mut Desk<'_>,
    mark: Mark,
    who: &str,
    states: &States<'_>,
    said: &str,
) -> Option<What> {
    let fitting = fitting(who);
    let mut fit = true;
    let mut any = false;
    for (name, text) in states {
        let Some(text) = text else { continue };
        any = true;
        if !fitting.contains(name) {
            misfit(desk, who, name, text.mark);
            fit = false;
        }
    }
    if !any {
        let problem = desk.problem(Code::BadWhat, mark, format!("{said} does not say what"));
        desk.say(problem.expected(format!("of {who}: {}", fitting.join(", "))));
    }
    if !(any && fit) {
        return None;
    }
    values(desk, states, who)
}

/// The states that some subjects have.
pub(super) fn fitting(who: &str) -> &'static [&'static str] {
    FITS.iter()
        .find(|(name, _)| *name == who)
        .map_or(&[], |it| it.1)
}

/// Says that some subjects have no such thing.
pub(super) fn misfit(desk: &mut Desk<'_>, who: &str, name: &str, mark: Mark) {
    let what = format!("`{name}` is nothing that {who} have");
    let problem = desk.problem(Code::BadWhat, mark, what);
    desk.say(problem.expected(format!("of {who}: {}", fitting(who).join(", "))));
}

/// Every value that is named; all that are wrong are said.
fn values(desk: &mut Desk<'_>, states: &States<'_>, who: &str) -> Option<What> {
    let mut what = What::default();
    let mut good = true;
    for (name, text) in states {
        let Some(text) = text else { continue };
        macro_rules! read {
            ($field:ident, $value:expr) => {{
                what.$field = $value;
                good &= what.$field.is_some();
            }};
        }
        match (*name, who) {
            ("queries", _) => read!(
                queries,
                word(
                    desk,
                    "answer about queries",
                    text,
                    &words(Queries::ALL, Queries::word)
                )
            ),
            ("ingest", _) => read!(
                ingest,
                word(
                    desk,
                    "state of ingestion",
                    text,
                    &words(Ingest::ALL, Ingest::word)
                )
            ),
            ("status", _) => read!(
                status,
                word(
                    desk,
                    "status of a collection",
                    text,
                    &words(Status::ALL, Status::word)
                )
            ),
            ("outcome", _) => read!(
                outcome,
                word(desk, "outcome", text, &words(Outcome::ALL, Outcome::word))
            ),
            ("lag", _) => read!(lag, lag(desk, text)),
            ("error", _) => read!(error, error(desk, text)),
            ("state", "sites") => read!(
                site,
                word(
                    desk,
                    "state of a site",
                    text,
                    &words(SiteState::ALL, SiteState::word)
                )
            ),
            ("state", _) => read!(
                key,
                word(
                    desk,
                    "state of a replica",
                    text,
                    &words(KeyState::ALL, KeyState::word)
                )
            ),
            ("access", _) => read!(
                access,
                word(
                    desk,
                    "answer about access",
                    text,
                    &words(AccessWord::ALL, AccessWord::word)
                )
            ),
            _ => read!(
                readable,
                word(
                    desk,
                    "answer about a place",
                    text,
                    &[("yes", true), ("no", false)]
                )
            ),
        }
    }
    good.then_some(what)
}

/// A closed list of words, with how each is written.
fn words<T: Copy>(all: &[T], word: impl Fn(T) -> &'static str) -> Vec<(&'static str, T)> {
    all.iter().map(|it| (word(*it), *it)).collect()
}

/// Checks one word of one state; said where there is no such word.
pub(super) fn is_word(
    desk: &mut Desk<'_>,
    who: &str,
    name: &'static str,
    text: &Text,
) -> Option<()> {
    let mut states: States<'_> = [("", None); 9];
    states[0] = (name, Some(text));
    values(desk, &states, who).map(|_| ())
}

fn lag(desk: &mut Desk<'_>, text: &Text) -> Option<Lag> {
    let parts = text.text.split_once(' ');
    let (bound, span): (fn(_) -> Lag, &str) = match parts {
        Some(("under", span)) => (Lag::Under, span),
        Some(("over", span)) => (Lag::Over, span),
        _ => {
            let what = format!("{} is no bound of the lag", quote(text.as_str()));
            let problem = desk.problem(Code::BadTime, text.mark, what);
            desk.say(problem.expected("under or over and a length of time, such as under 10m"));
            return None;
        }
    };
    let span = Text {
        text: span.trim().to_owned(),
        mark: text.mark,
        raw: text.raw.clone(),
    };
    length(desk, &span).map(bound)
}

/// The error code of the KMS, or `none`.
fn error(desk: &mut Desk<'_>, text: &Text) -> Option<String> {
    let mut words = vec![("none", ())];
    for cause in Cause::ALL {
        if words.iter().all(|(word, ())| *word != cause.code()) {
            words.push((cause.code(), ()));
        }
    }
    word(desk, "error code", text, &words)?;
    Some(text.text.clone())
}
