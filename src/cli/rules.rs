//! `keyoutage rules`: what a service promises, as numbered sentences, the model's own rules, and what is not modelled.

use crate::cli::exit::{FINE, Trouble};
use crate::cli::profiles::table;
use crate::cli::streams;
use crate::profile::{Own, Profile};

/// Prints the rules of every profile that ships, and the model's own.
pub(super) fn rules() -> Result<u8, Trouble> {
    let mut texts: Vec<String> = Profile::all().iter().map(of).collect();
    texts.push(own());
    texts.extend(Profile::all().iter().map(missing));
    streams::say(&texts.join("\n"))?;
    Ok(FINE)
}

fn of(profile: &Profile) -> String {
    let rules = profile
        .rules
        .iter()
        .map(|(rule, says)| vec![rule.word().to_owned(), says.clone()]);
    format!("{}\n\n{}", profile.name, table(&rules.collect::<Vec<_>>()))
}

fn own() -> String {
    let rules = Own::ALL
        .iter()
        .map(|it| vec![it.word().to_owned(), it.says().to_owned()]);
    let rules = table(&rules.collect::<Vec<_>>());
    format!("The model's own, of every service\n\n{rules}")
}

fn missing(profile: &Profile) -> String {
    let missing = profile
        .not_modelled
        .iter()
        .map(|(what, why)| format!("- {what}: {why}\n"));
    format!("Not modelled:\n{}", missing.collect::<String>())
}
