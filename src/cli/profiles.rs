//! `keyoutage profiles`: the services that ship, and where each of their numbers comes from.

use crate::cli::arguments::Profiles;
use crate::cli::exit::{FINE, Trouble};
use crate::cli::streams;
use crate::profile::{Basis, Profile, Row};
use crate::text::clean;

/// Lists the profiles, or one profile's numbers.
pub(super) fn profiles(asked: &Profiles) -> Result<u8, Trouble> {
    let text = match asked.name.as_deref() {
        None => list(&Profile::all()),
        Some(name) => match Profile::find(name) {
            Some(profile) => numbers(&profile),
            None => return Err(Trouble::Input(unknown(name))),
        },
    };
    streams::say(&text)?;
    Ok(FINE)
}

fn list(profiles: &[Profile]) -> String {
    let lines = profiles
        .iter()
        .map(|it| vec![it.name.clone(), it.about.clone()]);
    table(&lines.collect::<Vec<_>>())
}

fn numbers(profile: &Profile) -> String {
    let mut lines = vec![
        ["parameter", "value", "range", "where it comes from"]
            .map(str::to_owned)
            .to_vec(),
    ];
    lines.extend(profile.rows.iter().map(line));
    let mut carried = vec![
        ["its calls carry", "in", "values", "where it comes from"]
            .map(str::to_owned)
            .to_vec(),
    ];
    carried.extend(profile.carried.iter().map(|(it, basis)| {
        let values = match it.values.as_slice() {
            [] => "nothing".to_owned(),
            some => some.join(", "),
        };
        vec![it.key.clone(), it.action.clone(), values, words(basis)]
    }));
    format!(
        "{}: {}\n\n{}\n{}",
        profile.name,
        profile.about,
        table(&lines),
        table(&carried)
    )
}

fn words(basis: &Basis) -> String {
    match basis {
        Basis::Source(source) => source.clone(),
        Basis::Assumption(known) => format!("assumption: {known}"),
    }
}

fn line(row: &Row) -> Vec<String> {
    let range = row.range.clone().unwrap_or_default();
    vec![
        row.parameter.name(),
        row.value.clone(),
        range,
        words(&row.basis),
    ]
}

/// Columns, each as wide as its widest cell; the last is free.
pub(super) fn table(lines: &[Vec<String>]) -> String {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let mut row = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            row.push_str(&format!("{cell:<width$}  "));
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

fn unknown(name: &str) -> String {
    let known: Vec<String> = Profile::all().into_iter().map(|it| it.name).collect();
    let name = clean(name);
    format!("there is no profile {name}; there is: {}", known.join(", "))
}
