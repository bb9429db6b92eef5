//! `keyoutage test`: judging every scenario below some paths.

mod coverage;

use std::path::Path;

use crate::cli::arguments::{Replay, Test};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::input;
use crate::cli::load;
use crate::cli::replay::{self, Replayed};
use crate::cli::streams::{self, Colors};
use crate::cli::walk;
use crate::expect::Judgement;
use crate::parallel;
use crate::report;
use crate::text::counted;

/// What became of one scenario.
struct Judged {
    /// For standard output.
    text: String,
    /// For standard error.
    aside: String,
    /// How many expectations it has.
    expectations: usize,
    code: u8,
}

/// Judges all of them, in parallel; tells them in order.
pub(super) fn test(asked: &Test, colors: Colors) -> Result<u8, Trouble> {
    let paths = walk::scenarios(&asked.paths)?;
    let threads = asked
        .threads
        .and_then(|threads| usize::try_from(threads).ok())
        .unwrap_or_else(parallel::cores);
    let judged = parallel::map_in_order(paths.clone(), threads, |path| judge(&path, colors));
    let mut worst = FINE;
    for one in &judged {
        streams::say(&one.text)?;
        streams::tell(&one.aside);
        worst = worst.max(one.code);
    }
    streams::say(&totals(&judged))?;
    if coverage::is_asked(&asked.cover) {
        let seen = coverage::look(&paths, &asked.paths, None, threads)?;
        streams::say_all(&|out| coverage::text(&asked.cover, &seen, out))?;
        worst = worst.max(coverage::code(&asked.cover, &seen));
    }
    if worst == FINE && judged.iter().all(|one| one.expectations == 0) {
        return Err(Trouble::Input(
            "nothing was judged: no scenario has an `expect:`".to_owned(),
        ));
    }
    Ok(worst)
}

fn judge(path: &Path, colors: Colors) -> Judged {
    let name = input::name(path);
    let alone = Replay {
        seed: None,
        until: None,
        threads: Some(1),
    };
    let loaded = load::load(path, colors.err);
    let aside = match &loaded {
        Ok(loaded) if !loaded.warnings.is_empty() => loaded.warnings.render(colors.err),
        _ => String::new(),
    };
    match loaded.and_then(|loaded| replay::run(loaded, &alone)) {
        Err(trouble) => Judged {
            text: format!("broken {name}\n"),
            aside: aside + &trouble.text(),
            expectations: 0,
            code: trouble.code(),
        },
        Ok(it) => {
            let expectations = it.scenario.expectations.len();
            let failed = it
                .verdicts
                .iter()
                .filter(|verdict| verdict.judgement == Judgement::Fails)
                .count();
            let of = counted(expectations as u64, "expectation");
            let (text, code) = if failed == 0 {
                (format!("ok {name} ({of})\n"), FINE)
            } else {
                let why = indented(&why(&it, &name));
                (format!("FAILED {name} ({failed} of {of})\n{why}"), UNMET)
            };
            Judged {
                text,
                aside,
                expectations,
                code,
            }
        }
    }
}

/// What does not hold, and why.
fn why(it: &Replayed, name: &str) -> String {
    let mut text = String::new();
    for verdict in &it.verdicts {
        let expectation = &it.scenario.expectations[verdict.expectation];
        report::failures(&it.timeline, expectation, verdict, name, &mut text)
            .expect("writing to a String cannot fail");
    }
    text
}

/// `12 scenarios, 60 expectations: 10 ok, 1 failed, 1 broken`.
fn totals(judged: &[Judged]) -> String {
    let with = |code: u8| judged.iter().filter(|one| one.code == code).count();
    let (ok, failed) = (with(FINE), with(UNMET));
    let broken = judged.len() - ok - failed;
    let expectations: usize = judged.iter().map(|one| one.expectations).sum();
    let scenarios = counted(judged.len() as u64, "scenario");
    let expectations = counted(expectations as u64, "expectation");
    format!("{scenarios}, {expectations}: {ok} ok, {failed} failed, {broken} broken\n")
}

fn indented(text: &str) -> String {
    let mut indented = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        if !line.is_empty() {
            indented.push_str("  ");
            indented.push_str(line);
        }
        indented.push('\n');
    }
    indented
}
