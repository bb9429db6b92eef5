//! `keyoutage check`: what `run` does up to the run, and whether every org can begin.

use std::path::Path;

use crate::cli::arguments::Check;
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::input;
use crate::cli::load;
use crate::cli::preflight::preflight;
use crate::cli::streams::{self, Colors};
use crate::cli::walk;
use crate::names::Kind;
use crate::scenario::Scenario;
use crate::text::counted;

/// Reads every scenario and tells all that is wrong with it.
pub(super) fn check(asked: &Check, colors: Colors) -> Result<u8, Trouble> {
    let mut worst = FINE;
    for path in walk::scenarios(&asked.paths)? {
        worst = worst.max(one(&path, colors)?);
    }
    Ok(worst)
}

fn one(path: &Path, colors: Colors) -> Result<u8, Trouble> {
    let name = input::name(path);
    match load::load(path, colors.err) {
        Ok(loaded) => {
            let warnings = &loaded.warnings;
            if !warnings.is_empty() {
                streams::tell(&warnings.render(colors.err));
            }
            let what = contents(&loaded.scenario);
            let found = preflight(&loaded.scenario);
            if found.is_empty() {
                streams::say(&format!("ok {name} ({what})\n"))?;
                return Ok(FINE);
            }
            let found = found.join("\n  ");
            streams::say(&format!("FAILED {name} ({what})\n  {found}\n"))?;
            Ok(UNMET)
        }
        Err(trouble) => {
            streams::tell(&trouble.text());
            streams::say(&format!("broken {name}\n"))?;
            Ok(trouble.code())
        }
    }
}

/// `1 key, 1 org, 3 collections, 2 commands, 6 expectations`.
fn contents(scenario: &Scenario) -> String {
    let names = &scenario.names;
    let parts = [
        counted(u64::from(names.count(Kind::Key)), "key"),
        counted(u64::from(names.count(Kind::Org)), "org"),
        counted(u64::from(names.count(Kind::Collection)), "collection"),
        counted(scenario.commands.len() as u64, "command"),
        counted(scenario.expectations.len() as u64, "expectation"),
    ];
    parts.join(", ")
}
