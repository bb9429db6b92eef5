//! `keyoutage check`: what `run` does up to the run, and whether every org can begin.

use std::path::Path;

use crate::cli::arguments::{Check, FindingFormat};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::input;
use crate::cli::load;
use crate::cli::streams::{self, Colors};
use crate::cli::walk;
use crate::names::Kind;
use crate::preflight::tell::{self, Told};
use crate::preflight::{self, Finding};
use crate::scenario::{Scenario, Severity};
use crate::text::counted;

/// Reads every scenario and tells all that is wrong with it.
pub(super) fn check(asked: &Check, colors: Colors) -> Result<u8, Trouble> {
    let mut worst = FINE;
    let mut all = Vec::new();
    for path in walk::scenarios(&asked.paths)? {
        let (file, code) = one(&path, colors)?;
        worst = worst.max(code);
        if asked.format == FindingFormat::Text {
            streams::say(&file.told)?;
        }
        all.push(file);
    }
    let files: Vec<(&str, &[Finding], bool)> = all
        .iter()
        .map(|it| (it.name.as_str(), it.findings.as_slice(), it.passes))
        .collect();
    match asked.format {
        FindingFormat::Text => {}
        FindingFormat::Json => streams::say(&tell::json_of_files(&files))?,
        FindingFormat::Github => {
            for (_, findings, _) in files {
                streams::say(&tell::github(findings))?;
            }
        }
        FindingFormat::Sarif => {
            let findings = files.iter().flat_map(|it| it.1.iter().cloned());
            let findings: Vec<Finding> = findings.collect();
            streams::say(&tell::sarif(&Told {
                file: "",
                arn: None,
                findings: &findings,
                passes: worst == FINE,
                policy: None,
            }))?;
        }
    }
    Ok(worst)
}

/// What came of one scenario.
struct Outcome {
    name: String,
    findings: Vec<Finding>,
    passes: bool,
    told: String,
}

fn one(path: &Path, colors: Colors) -> Result<(Outcome, u8), Trouble> {
    let name = input::name(path);
    match load::load(path, colors.err) {
        Ok(loaded) => {
            let warnings = &loaded.warnings;
            if !warnings.is_empty() {
                streams::tell(&warnings.render(colors.err));
            }
            let what = contents(&loaded.scenario);
            let findings = preflight::check_scenario(&loaded.scenario, &loaded.marks);
            let passes = findings.iter().all(|it| it.severity == Severity::Warning);
            let text = tell::text(&findings, &loaded.sources, colors.out);
            let (word, code) = if passes {
                ("ok", FINE)
            } else {
                ("FAILED", UNMET)
            };
            let told = format!("{text}{word} {name} ({what})\n");
            let outcome = Outcome {
                name,
                findings,
                passes,
                told,
            };
            Ok((outcome, code))
        }
        Err(trouble) => {
            streams::tell(&trouble.text());
            let outcome = Outcome {
                told: format!("broken {name}\n"),
                name,
                findings: Vec::new(),
                passes: false,
            };
            Ok((outcome, trouble.code()))
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
