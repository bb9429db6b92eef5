//! `keyoutage rules`: what a service promises, as numbered sentences, and what is not modelled.

use crate::cli::exit::{FINE, Trouble};
use crate::cli::profiles::table;
use crate::cli::streams;
use crate::profile::Profile;

/// Prints the rules of every profile that ships.
pub(super) fn rules() -> Result<u8, Trouble> {
    let texts: Vec<String> = Profile::all().iter().map(of).collect();
    streams::say(&texts.join("\n"))?;
    Ok(FINE)
}

fn of(profile: &Profile) -> String {
    let rules = profile
        .rules
        .iter()
        .map(|(rule, says)| vec![rule.word().to_owned(), says.clone()]);
    let rules = table(&rules.collect::<Vec<_>>());
    let missing = profile
        .not_modelled
        .iter()
        .map(|(what, why)| format!("- {what}: {why}\n"))
        .collect::<String>();
    format!("{}\n\n{rules}\nNot modelled:\n{missing}", profile.name)
}
