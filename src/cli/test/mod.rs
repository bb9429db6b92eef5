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
use crate::cli::streams::Colors;
use crate::cli::walk;
use crate::parallel;
use crate::report::suite::{Broken, Case, Fate, Suite};
use crate::text::{clean, counted};

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
    if let Some(junit) = &asked.junit {
        if input::is_stdin(junit) {
            return Err(Trouble::Input(
                "--junit stands beside what is printed; it needs the name of a file".to_owned(),
            ));
        }
        save::check(Some(junit), &paths)?;
    }
    let threads = asked
        .threads
        .and_then(|threads| usize::try_from(threads).ok())
        .unwrap_or_else(parallel::cores);
    coverage::check(&asked.cover, &paths)?;
    let judge = judge::Judge::new(asked, threads);
    let numbered: Vec<(usize, &PathBuf)> = paths.iter().enumerate().collect();
    let cases = parallel::map_in_order(numbered, threads, |(at, path)| judge.case(at, path));
    let selected = cases.iter().zip(&paths).filter(|(case, _)| case.is_some());
    let selected: Vec<PathBuf> = selected.map(|(_, path)| path.clone()).collect();
    let suite = gathered(cases, asked.fail_fast);
    if suite.cases.is_empty() {
        return Err(Trouble::Input(none_matches(asked, &paths)));
    }
    let judged = suite.cases.iter().zip(selected);
    let judged = judged.filter(|(case, _)| matches!(case.fate, Fate::Judged(_)));
    let seen = coverage::look(asked, judged.map(|(_, path)| path).collect(), threads);
    let told = tell::tell(&suite, &seen, asked, colors, surroundings, &paths);
    let worst = suite.cases.iter().map(code).max().unwrap_or(FINE).max(told);
    let expects = |case: &Case| match &case.fate {
        Fate::Judged(judged) => !judged.checks.is_empty(),
        Fate::Broken(_) | Fate::Skipped => false,
    };
    if worst == FINE && !suite.cases.iter().any(expects) {
        return Err(Trouble::Input(
            "nothing was judged: no scenario has an `expect:`".to_owned(),
        ));
    }
    Ok(worst)
}

/// The cases in order; how far others had come when the first one failed does not show.
fn gathered(cases: Vec<Option<Case>>, fail_fast: bool) -> Suite {
    let mut suite = Suite::default();
    let mut stopped = false;
    for case in cases {
        let Some(case) = case else {
            suite.unselected += 1;
            continue;
        };
        let fails = !case.holds();
        suite
            .cases
            .push(if stopped { case.skipped() } else { case });
        stopped |= fail_fast && fails;
    }
    suite
}

fn code(case: &Case) -> u8 {
    match &case.fate {
        Fate::Skipped => FINE,
        Fate::Judged(judged) if judged.failed() == 0 => FINE,
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
