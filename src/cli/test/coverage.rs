//! What the scenarios exercise and assert (`--coverage`), and which mutants of the rules they notice (`--mutate-rules`).

use std::fmt;
use std::path::{Path, PathBuf};

use crate::chance::Seed;
use crate::cli::arguments::{Cover, Test};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::input;
use crate::cli::load;
use crate::cli::walk;
use crate::coverage::{self, Coverage, Exemption};
use crate::parallel;
use crate::report::suite::Review;

/// Whether anything of it is asked for.
pub(super) const fn is_asked(asked: &Cover) -> bool {
    is_coverage_asked(asked) || asked.mutate_rules
}

/// A threshold asks for the coverage, too.
const fn is_coverage_asked(asked: &Cover) -> bool {
    asked.coverage || asked.coverage_threshold.is_some()
}

/// What is said of the suite: what it covers and notices, and whether that is enough.
///
/// # Errors
/// Those of [`look`].
pub(super) fn review(asked: &Test, paths: &[PathBuf], threads: usize) -> Result<Review, Trouble> {
    let cover = &asked.cover;
    let seen = look(paths, &asked.paths, asked.seed, cover, threads)?;
    let mut said = String::new();
    text(cover, &seen, &mut said).expect("writing to a String cannot fail");
    let mut objects = Vec::new();
    if is_coverage_asked(cover) {
        let covered = coverage::coverage_json(&seen, cover.coverage_threshold);
        objects.push(("coverage", covered));
    }
    if cover.mutate_rules {
        objects.push(("mutants", coverage::mutants_json(&seen)));
    }
    Ok(Review {
        text: said,
        holds: code(cover, &seen) == FINE,
        objects,
    })
}

/// Looks at all scenarios, in parallel; `given` are the paths as they were given. A file that is no scenario covers
/// nothing: what is wrong with it is told where it is judged.
fn look(
    paths: &[PathBuf],
    given: &[PathBuf],
    seed: Option<u64>,
    cover: &Cover,
    threads: usize,
) -> Result<Coverage, Trouble> {
    let mut exemptions = Vec::new();
    for path in walk::exemptions(given)? {
        exemptions.extend(exempt(&path)?);
    }
    let numbers = is_coverage_asked(cover);
    let looked = parallel::map_in_order(paths.to_vec(), threads, |path| {
        let scenario = load::load(&path, false).ok()?.scenario;
        let seed = seed.map_or(scenario.seed, Seed);
        Some((
            input::name(&path),
            coverage::look(&scenario, seed, numbers, threads),
        ))
    });
    let looked: Vec<_> = looked.into_iter().flatten().collect();
    Ok(Coverage::new(&looked, &exemptions))
}

fn exempt(path: &Path) -> Result<Vec<Exemption>, Trouble> {
    let bytes = input::read_plain(path)?;
    let read = coverage::read_exemptions(&bytes, &input::name(path));
    read.map_err(|problems| Trouble::Problems(problems.render(false)))
}

/// Writes what was asked for, for people.
fn text(asked: &Cover, it: &Coverage, out: &mut dyn fmt::Write) -> fmt::Result {
    if is_coverage_asked(asked) {
        coverage::coverage_text(it, asked.coverage_threshold, out)?;
    }
    if asked.mutate_rules {
        coverage::mutants_text(it, out)?;
    }
    coverage::needless_text(it, !is_coverage_asked(asked), out)
}

/// How the command ends for its sake.
fn code(asked: &Cover, it: &Coverage) -> u8 {
    let (covered, all) = it.count(None);
    let below = asked
        .coverage_threshold
        .is_some_and(|due| !due.met(covered, all));
    let unnoticed = asked.mutate_rules && it.unnoticed().next().is_some();
    let needless = it.needless(!is_coverage_asked(asked)).next().is_some();
    if below || unnoticed || needless {
        UNMET
    } else {
        FINE
    }
}
