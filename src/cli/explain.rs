//! `keyoutage explain`: the causes of a state, or the meaning of a code.

use crate::cli::arguments::{Explain, Moment};
use crate::cli::exit::{FINE, Trouble};
use crate::cli::replay::{self, Replayed};
use crate::cli::streams::{self, Colors};
use crate::names::{Kind, Names, Subject};
use crate::preflight;
use crate::report;
use crate::scenario;
use crate::text::clean;

/// So many names are compared to find the one that was meant.
const MOST_COMPARED: usize = 10_000;

/// Explains a code, or a collection at an instant.
pub(super) fn explain(asked: &Explain, colors: Colors) -> Result<u8, Trouble> {
    if let Some(code) = asked.what.to_str().filter(|it| is_code(it)) {
        return explain_code(&code.to_ascii_uppercase(), asked);
    }
    let (Some(at), Some(collection)) = (asked.at, asked.collection.as_deref()) else {
        return Err(Trouble::Input(
            "to explain a scenario, say when and whom: --at T --collection ORG/REGION/NAME"
                .to_owned(),
        ));
    };
    let replayed = replay::replay(&asked.what, &asked.replay, colors)?;
    let text = explain_state(&replayed, at, collection)?;
    streams::say(&text)?;
    Ok(FINE)
}

fn explain_code(code: &str, asked: &Explain) -> Result<u8, Trouble> {
    if asked.at.is_some() || asked.collection.is_some() {
        return Err(Trouble::Input(format!(
            "{code} is a code; --at and --collection belong to a scenario"
        )));
    }
    let Some(text) = scenario::explain(code).or_else(|| preflight::explain(code)) else {
        return Err(Trouble::Input(format!("there is no code {code}")));
    };
    streams::say(&format!("{}\n", text.trim_end()))?;
    Ok(FINE)
}

fn explain_state(replayed: &Replayed, at: Moment, collection: &str) -> Result<String, Trouble> {
    let timeline = &replayed.timeline;
    let at = replay::time(&replayed.scenario, at)?;
    let until = timeline.until;
    if at > until {
        return Err(Trouble::Input(format!(
            "--at {at} is after the end of the run, {until}"
        )));
    }
    let Some(id) = find(&timeline.names, collection) else {
        return Err(Trouble::Input(unknown(&timeline.names, collection)));
    };
    Ok(report::explain(timeline, id, at))
}

/// `E014`, `k003`, `w001`: a letter and three digits.
fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [b'E' | b'e' | b'K' | b'k' | b'W' | b'w', digits @ ..]
        if digits.len() == 3 && digits.iter().all(u8::is_ascii_digit))
}

/// The collection of that name.
fn find(names: &Names, name: &str) -> Option<u32> {
    collections(names)
        .position(|text| text == name)
        .map(|at| at as u32)
}

/// The name of each, by number.
fn collections(names: &Names) -> impl Iterator<Item = String> + '_ {
    let text = |id| names.text(Subject::new(Kind::Collection, id));
    (0..names.count(Kind::Collection)).map(text)
}

fn unknown(names: &Names, wrong: &str) -> String {
    let near = collections(names)
        .take(MOST_COMPARED)
        .map(|name| (strsim::damerau_levenshtein(wrong, &name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.chars().count() / 3);
    let wrong = clean(wrong);
    match near {
        Some((_, near)) => format!("there is no collection {wrong}; did you mean {near}?"),
        None => format!("there is no collection {wrong}; a name is ORG/REGION/NAME"),
    }
}
