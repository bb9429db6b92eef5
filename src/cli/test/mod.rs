//! `keyoutage test`: judging every scenario below some paths.

mod coverage;
mod golden;
mod judge;
mod pattern;
mod seeds;
mod tell;

use std::path::PathBuf;

use crate::cli::Surroundings;
use crate::cli::arguments::Test;
use crate::cli::exit::{FINE, INPUT, MACHINE, Trouble, UNMET};
use crate::cli::input;
use crate::cli::save;
use crate::cli::streams::{self, Colors};
use crate::cli::walk;
use crate::parallel;
use crate::report::suite::{Broken, Case, Fate, Suite};
use crate::text::{clean, counted};

use judge::Looked;

pub(super) use pattern::Pattern;

/// So many of the scenarios that were there are named where none was selected.
const NAMED: usize = 5;

/// Judges all of them, in parallel; tells them in order.
pub(super) fn test(
    asked: &Test,
    colors: Colors,
    surroundings: &Surroundings,
) -> Result<u8, Trouble> {
    let paths = walk::scenarios(&asked.paths)?;
    let strays = walk::strays(&asked.paths)?;
    // Whatever lies below the folders is kept, be it selected or not.
    let mut inputs: Vec<PathBuf> = paths.clone();
    inputs.extend(paths.iter().filter_map(|it| golden::beside(it)));
    inputs.extend(strays.iter().cloned());
    inputs.extend(walk::exemptions(&asked.paths)?);
    if asked.update && paths.iter().any(|it| input::is_stdin(it)) {
        return Err(Trouble::Input(
            "no golden timeline lies beside standard input; --update needs the name of a file"
                .to_owned(),
        ));
    }
    if let Some(junit) = &asked.junit {
        if input::is_stdin(junit) {
            return Err(Trouble::Input(
                "--junit stands beside what is printed; it needs the name of a file".to_owned(),
            ));
        }
        save::check(Some(junit), &inputs)?;
    }
    let threads = asked
        .threads
        .and_then(|threads| usize::try_from(threads).ok())
        .unwrap_or_else(parallel::cores);
    let judge = judge::Judge::new(asked, threads);
    if coverage::is_asked(&asked.cover) && paths.iter().any(|it| input::is_stdin(it)) {
        return Err(Trouble::Input(
            "standard input can be read once, and what a suite covers asks for more; give the name of a file"
                .to_owned(),
        ));
    }
    let numbered: Vec<(usize, &PathBuf)> = paths.iter().enumerate().collect();
    let cases = parallel::map_in_order(numbered, threads, |(at, path)| judge.case(at, path));
    let selected = paths.iter().zip(&cases).filter(|it| it.1.is_some());
    let selected: Vec<PathBuf> = selected.map(|(path, _)| path.clone()).collect();
    let (mut suite, read) = gathered(cases, asked.fail_fast);
    inputs.extend(read);
    if suite.cases.is_empty() {
        return Err(Trouble::Input(none_matches(asked, &paths)));
    }
    suite.strays = strays.iter().map(|it| input::name(it)).collect();
    let mut worst = suite.cases.iter().map(code).max().unwrap_or(FINE);
    if coverage::is_asked(&asked.cover) {
        match coverage::review(asked, &selected, threads) {
            Ok(review) => {
                worst = worst.max(if review.holds { FINE } else { UNMET });
                suite.review = Some(review);
            }
            Err(trouble) => {
                streams::tell(&trouble.text());
                worst = worst.max(trouble.code());
            }
        }
    }
    worst = worst.max(tell::tell(&suite, asked, colors, surroundings, &inputs));
    let expects = |case: &Case| match &case.fate {
        Fate::Judged(judged) => !judged.checks.is_empty() || judged.golden.is_some(),
        Fate::Broken(_) | Fate::Skipped => false,
    };
    if worst == FINE && !suite.cases.iter().any(expects) {
        return Err(Trouble::Input(
            "nothing was judged: no scenario has an `expect:` or a golden timeline".to_owned(),
        ));
    }
    Ok(worst)
}

/// The cases in order, and all files that were read; how far others had come when the first one failed does not show.
fn gathered(cases: Vec<Option<Looked>>, fail_fast: bool) -> (Suite, Vec<PathBuf>) {
    let mut suite = Suite::default();
    let mut inputs = Vec::new();
    let mut stopped = false;
    for case in cases {
        let Some(Looked { case, files }) = case else {
            suite.unselected += 1;
            continue;
        };
        inputs.extend(files);
        let fails = !case.holds();
        suite
            .cases
            .push(if stopped { case.skipped() } else { case });
        stopped |= fail_fast && fails;
    }
    (suite, inputs)
}

fn code(case: &Case) -> u8 {
    match &case.fate {
        Fate::Skipped => FINE,
        Fate::Judged(judged) if judged.holds() => FINE,
        Fate::Judged(_) => UNMET,
        Fate::Broken(Broken::Unread { machine: true, .. }) => MACHINE,
        Fate::Broken(Broken::Problems(_) | Broken::Unread { machine: false, .. }) => INPUT,
    }
}

/// That nothing was selected, and what there was.
fn none_matches(asked: &Test, paths: &[PathBuf]) -> String {
    let pattern = asked.run.as_ref().map_or("", Pattern::text);
    let mut names: Vec<String> = paths.iter().take(NAMED).map(|it| input::name(it)).collect();
    if paths.len() > NAMED {
        names.push("…".to_owned());
    }
    let all = match paths.len() {
        1 => "the one scenario does not match".to_owned(),
        some => format!("none of {} matches", counted(some as u64, "scenario")),
    };
    format!("{all} `{}`: {}", clean(pattern), names.join(", "))
}
