//! What is expected of whom: the words that fit, and their values.

use crate::scenario::codes::Code;
use crate::scenario::file::ExpectFile;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::expect::{whats, whos};
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

/// What is expected, or `None` after saying what is wrong with it.
pub(super) fn what(desk: &mut Desk<'_>, mark: Mark, it: &ExpectFile) -> Option<What> {
    let whos = whos(it);
    let (who, _) = whos.iter().find(|(_, text)| text.is_some())?;
    let fitting = FITS.iter().find(|(name, _)| name == who)?.1;
    let mut fit = true;
    let mut any = false;
    for (name, text) in whats(it) {
        let Some(text) = text else { continue };
        any = true;
        if !fitting.contains(&name) {
            let what = format!("`{name}` is nothing that {who} have");
            let problem = desk.problem(Code::BadWhat, text.mark, what);
            desk.say(problem.expected(format!("of {who}: {}", fitting.join(", "))));
            fit = false;
        }
    }
    if !any {
        let problem = desk.problem(Code::BadWhat, mark, "this expectation does not say what");
        desk.say(problem.expected(format!("of {who}: {}", fitting.join(", "))));
    }
    if !(any && fit) {
        return None;
    }
    values(desk, it, who)
}

/// Every value that is named; all that are wrong are said.
fn values(desk: &mut Desk<'_>, it: &ExpectFile, who: &str) -> Option<What> {
    macro_rules! read {
        ($field:expr, $what:literal, $words:ty) => {
            match &$field {
                None => Some(None),
                Some(text) => {
                    let words: Vec<(&'static str, $words)> =
                        <$words>::ALL.iter().map(|it| (it.word(), *it)).collect();
                    word(desk, $what, text, &words).map(Some)
                }
            }
        };
    }
    let queries = read!(it.queries, "answer about queries", Queries);
    let ingest = read!(it.ingest, "state of ingestion", Ingest);
    let status = read!(it.status, "status of a collection", Status);
    let outcome = read!(it.outcome, "outcome", Outcome);
    let access = read!(it.access, "answer about access", AccessWord);
    let none: Option<Text> = None;
    let site_state = if who == "sites" { &it.state } else { &none };
    let key_state = if who == "keys" { &it.state } else { &none };
    let site = read!(*site_state, "state of a site", SiteState);
    let key = read!(*key_state, "state of a replica", KeyState);
    let lag = it
        .lag
        .as_ref()
        .map_or(Some(None), |text| lag(desk, text).map(Some));
    let error = it
        .error
        .as_ref()
        .map_or(Some(None), |text| error(desk, text).map(Some));
    let readable = it.readable.as_ref().map_or(Some(None), |text| {
        let words = [("yes", true), ("no", false)];
        word(desk, "answer about a place", text, &words).map(Some)
    });
    Some(What {
        queries: queries?,
        ingest: ingest?,
        status: status?,
        outcome: outcome?,
        lag: lag?,
        error: error?,
        site: site?,
        access: access?,
        key: key?,
        readable: readable?,
    })
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
