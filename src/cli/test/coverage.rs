//! What the scenarios exercise and assert (`--coverage`), and which mutants of the rules they notice (`--mutate-rules`).

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::chance::Seed;
use crate::cli::arguments::{Cover, Test};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::input;
use crate::cli::load;
use crate::cli::walk;
use crate::coverage::{self, Coverage, Exemption, Threshold};
use crate::parallel;

/// What was seen of the suite itself, as far as it was asked for.
pub(super) struct Seen {
    asked: Asked,
    seen: Result<Option<Coverage>, Trouble>,
}

/// What of it is told.
#[derive(Copy, Clone)]
struct Asked {
    coverage: bool,
    threshold: Option<Threshold>,
    mutants: bool,
}

impl Asked {
    const fn new(cover: &Cover) -> Asked {
        Asked {
            coverage: cover.coverage || cover.coverage_threshold.is_some(),
            threshold: cover.coverage_threshold,
            mutants: cover.mutate_rules,
        }
    }

    const fn any(self) -> bool {
        self.coverage || self.mutants
    }
}

/// Says it before anything runs when a scenario could not be read again.
pub(super) fn check(cover: &Cover, paths: &[PathBuf]) -> Result<(), Trouble> {
    if Asked::new(cover).any() && paths.iter().any(|path| input::is_stdin(path)) {
        return Err(Trouble::Input(
            "--coverage and --mutate-rules read each scenario again; standard input cannot be, name a file".to_owned(),
        ));
    }
    Ok(())
}

/// Looks at the scenarios that were judged, in parallel, with the seed they were judged with first.
pub(super) fn look(asked: &Test, judged: Vec<PathBuf>, threads: usize) -> Seen {
    let cover = Asked::new(&asked.cover);
    let seen = if cover.any() {
        look_at(asked, judged, threads).map(Some)
    } else {
        Ok(None)
    };
    Seen { asked: cover, seen }
}

fn look_at(asked: &Test, judged: Vec<PathBuf>, threads: usize) -> Result<Coverage, Trouble> {
    let mut exemptions = Vec::new();
    for path in walk::exemptions(&asked.paths)? {
        exemptions.extend(exempt(&path)?);
    }
    let looked = parallel::map_in_order(judged, threads, |path| {
        let scenario = load::load(&path, false)?.scenario;
        let seed = asked.seed.map_or(scenario.seed, Seed);
        Ok((input::name(&path), coverage::look(&scenario, seed)))
    });
    let looked = looked.into_iter().collect::<Result<Vec<_>, Trouble>>()?;
    Ok(Coverage::new(&looked, &exemptions))
}

fn exempt(path: &Path) -> Result<Vec<Exemption>, Trouble> {
    let bytes = input::read(path)?;
    let read = coverage::read_exemptions(&bytes, &input::name(path));
    read.map_err(|problems| Trouble::Problems(problems.render(false)))
}

impl Seen {
    /// Writes it for people, each line after a mark.
    pub(super) fn text(&self, mark: &str, out: &mut dyn fmt::Write) -> fmt::Result {
        let Ok(Some(seen)) = &self.seen else {
            return Ok(());
        };
        let mut text = String::new();
        if self.asked.coverage {
            coverage::coverage_text(seen, self.asked.threshold, &mut text)?;
        }
        if self.asked.mutants {
            coverage::mutants_text(seen, &mut text)?;
        }
        for line in text.lines() {
            writeln!(out, "{}", format!("{mark}{line}").trim_end())?;
        }
        Ok(())
    }

    /// The same for programs, by name.
    pub(super) fn json(&self) -> Vec<(&'static str, Json)> {
        let mut all = Vec::new();
        if let Ok(Some(seen)) = &self.seen {
            if self.asked.coverage {
                let coverage = coverage::coverage_json(seen, self.asked.threshold);
                all.push(("coverage", coverage));
            }
            if self.asked.mutants {
                all.push(("mutants", coverage::mutants_json(seen)));
            }
        }
        all
    }

    /// Why nothing was seen.
    pub(super) const fn trouble(&self) -> Option<&Trouble> {
        match &self.seen {
            Ok(_) => None,
            Err(trouble) => Some(trouble),
        }
    }

    /// How the command ends for its sake.
    pub(super) fn code(&self) -> u8 {
        let seen = match &self.seen {
            Ok(None) => return FINE,
            Ok(Some(seen)) => seen,
            Err(trouble) => return trouble.code(),
        };
        let (covered, all) = seen.count(None);
        let met = |due: Threshold| due.met(covered, all);
        let below = !self.asked.threshold.is_none_or(met);
        let unnoticed = self.asked.mutants && seen.unnoticed().next().is_some();
        if below || unnoticed || !seen.needless.is_empty() {
            UNMET
        } else {
            FINE
        }
    }
}
