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

/// Explains a code, or a collection, a site or a key at an instant.
pub(super) fn explain(asked: &Explain, colors: Colors) -> Result<u8, Trouble> {
    if let Some(code) = asked.what.to_str().filter(|it| is_code(it)) {
        return explain_code(&code.to_ascii_uppercase(), asked);
    }
    let (Some(at), Some(whom)) = (asked.at, whom(asked)) else {
        return Err(Trouble::Input(
            "to explain a scenario, say when and whom: --at T, and --collection ORG/REGION/NAME, --site ORG/REGION or \
             --key KEY/REGION"
                .to_owned(),
        ));
    };
    let replayed = replay::replay(&asked.what, &asked.replay, colors)?;
    let text = explain_state(&replayed, at, whom)?;
    streams::say(&text)?;
    Ok(FINE)
}

/// Who is to be explained: the kind, and the name as it was given. The arguments allow one.
fn whom(asked: &Explain) -> Option<(Kind, &str)> {
    let collection = asked.collection.as_deref().map(|it| (Kind::Collection, it));
    let site = asked.site.as_deref().map(|it| (Kind::Site, it));
    let key = asked.key.as_deref().map(|it| (Kind::Replica, it));
    collection.or(site).or(key)
}

fn explain_code(code: &str, asked: &Explain) -> Result<u8, Trouble> {
    if asked.at.is_some() || whom(asked).is_some() {
        return Err(Trouble::Input(format!(
            "{code} is a code; --at, --collection, --site and --key belong to a scenario"
        )));
    }
    let Some(text) = scenario::explain(code).or_else(|| preflight::explain(code)) else {
        return Err(Trouble::Input(format!("there is no code {code}")));
    };
    streams::say(&format!("{}\n", text.trim_end()))?;
    Ok(FINE)
}

fn explain_state(
    replayed: &Replayed,
    at: Moment,
    (kind, name): (Kind, &str),
) -> Result<String, Trouble> {
    let timeline = &replayed.timeline;
    let at = replay::time(&replayed.scenario, at)?;
    let until = timeline.until;
    if at > until {
        return Err(Trouble::Input(format!(
            "--at {at} is after the end of the run, {until}"
        )));
    }
    let Some(subject) = timeline.names.find(kind, name) else {
        return Err(Trouble::Input(unknown(&timeline.names, kind, name)));
    };
    Ok(match kind == Kind::Collection && name.contains('#') {
        true => report::explain_incarnation(timeline, subject, at),
        false => report::explain(timeline, subject, at),
    })
}

/// `E014`, `k003`, `w001`: a letter and three digits.
fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [b'E' | b'e' | b'K' | b'k' | b'W' | b'w', digits @ ..]
        if digits.len() == 3 && digits.iter().all(u8::is_ascii_digit))
}

/// All of a kind, by number.
fn subjects(names: &Names, kind: Kind) -> impl Iterator<Item = Subject> {
    (0..names.count(kind)).map(move |id| Subject::new(kind, id))
}

fn unknown(names: &Names, kind: Kind, wrong: &str) -> String {
    let near = subjects(names, kind)
        .take(MOST_COMPARED)
        .map(|it| names.text(it))
        .map(|name| (strsim::damerau_levenshtein(wrong, &name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.chars().count() / 3);
    let wrong = clean(wrong);
    let (what, form) = match kind {
        Kind::Site => ("site", "ORG/REGION"),
        Kind::Replica => ("key", "KEY/REGION"),
        Kind::Collection | Kind::Key | Kind::Region | Kind::Org => {
            ("collection", "ORG/REGION/NAME")
        }
    };
    match near {
        Some((_, near)) => format!("there is no {what} {wrong}; did you mean {near}?"),
        None => format!("there is no {what} {wrong}; a name is {form}"),
    }
}
