//! `keyoutage check`: what `run` does up to the run, and whether every org can begin.

use std::path::Path;

use crate::cli::arguments::{Check, FindingFormat};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::input;
use crate::cli::load::{self, Unloaded};
use crate::cli::streams::{self, Colors};
use crate::cli::walk;
use crate::names::Kind;
use crate::preflight::tell::{self, Remark, Told};
use crate::preflight::{self, FindingCode, Place};
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
    let files: Vec<(&str, &[Remark], bool)> = all
        .iter()
        .map(|it| (it.name.as_str(), it.remarks.as_slice(), it.passes))
        .collect();
    match asked.format {
        FindingFormat::Text => {}
        FindingFormat::Json => streams::say(&tell::json_of_files(&files))?,
        FindingFormat::Github => {
            for (_, remarks, _) in files {
                streams::say(&tell::github(remarks))?;
            }
        }
        FindingFormat::Sarif => {
            let remarks = files.iter().flat_map(|it| it.1.iter().cloned());
            let remarks: Vec<Remark> = remarks.collect();
            streams::say(&tell::sarif(&Told {
                file: "",
                arn: None,
                remarks: &remarks,
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
    remarks: Vec<Remark>,
    passes: bool,
    told: String,
}

fn one(path: &Path, colors: Colors) -> Result<(Outcome, u8), Trouble> {
    let name = input::name(path);
    match load::look(path) {
        Ok(loaded) => {
            let what = contents(&loaded.scenario);
            let findings = preflight::check_scenario(&loaded.scenario, &loaded.marks);
            // That a Resource does not reach its key says more than that it is not "*".
            let warnings = loaded.warnings.without(|problem| {
                let same = |place: &Place| {
                    (place.file.as_str(), place.line, place.column)
                        == (problem.file.as_str(), problem.line, problem.column)
                };
                let mut foreign = findings.iter();
                foreign.any(|it| it.code == FindingCode::OtherResource && same(&it.place))
            });
            if !warnings.is_empty() {
                streams::tell(&warnings.render(colors.err));
            }
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
                remarks: findings.iter().map(Remark::from).collect(),
                passes,
                told,
            };
            Ok((outcome, code))
        }
        Err(unloaded) => {
            let (trouble, remarks) = match unloaded {
                Unloaded::Problems(problems) => {
                    let remarks = problems.iter().map(Remark::from).collect();
                    (Trouble::Problems(problems.render(colors.err)), remarks)
                }
                Unloaded::Trouble(trouble) => (trouble, Vec::new()),
            };
            streams::tell(&trouble.text());
            if is_policy(path) {
                streams::tell(&format!(
                    "help: {name} is a key policy; `keyoutage check-policy {name} --arn ARN` checks it\n"
                ));
            }
            let outcome = Outcome {
                told: format!("broken {name}\n"),
                name,
                remarks,
                passes: false,
            };
            Ok((outcome, trouble.code()))
        }
    }
}

/// Whether what was given as a scenario is a policy, however wrong.
fn is_policy(path: &Path) -> bool {
    let json = path
        .extension()
        .is_some_and(|it| it.eq_ignore_ascii_case("json"));
    let text = json.then(|| input::read(path).ok()).flatten();
    let text = text.and_then(|it| String::from_utf8(it).ok());
    text.is_some_and(|it| {
        ["\"Statement\"", "\"Effect\""]
            .iter()
            .any(|name| it.contains(name))
    })
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
