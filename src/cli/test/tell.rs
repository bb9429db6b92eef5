//! A suite told: on standard output in the form that was asked for, on standard error what is wrong with files, in the
//! JUnit file, and on the page of the job.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::cli::Surroundings;
use crate::cli::arguments::{SuiteFormat, Test};
use crate::cli::exit::{FINE, Trouble};
use crate::cli::save;
use crate::cli::streams::{self, Colors};
use crate::report::suite::{self, Broken, Case, Fate, Suite};

/// Tells it everywhere. What cannot be written is said on standard error and does not keep the rest from being told; the
/// worst exit code of all that comes back.
pub(super) fn tell(
    suite: &Suite,
    asked: &Test,
    colors: Colors,
    surroundings: &Surroundings,
    inputs: &[PathBuf],
) -> u8 {
    let junit = |path| {
        let text = |out: &mut dyn fmt::Write| suite::junit(suite, out);
        save::save(&text, Some(path), inputs)
    };
    // By the time the page is written the JUnit file is there.
    let mut kept = inputs.to_vec();
    kept.extend(asked.junit.clone());
    let page = |path| {
        let mut text = String::new();
        suite::summary(suite, &mut text).expect("writing to a String cannot fail");
        save::append(&text, Path::new(path), &kept)
    };
    [
        printed(suite, asked.format, colors),
        asked.junit.as_deref().map_or(Ok(()), junit),
        surroundings.step_summary.as_ref().map_or(Ok(()), page),
    ]
    .into_iter()
    .map(|done| match done {
        Ok(()) => FINE,
        Err(trouble) => {
            streams::tell(&trouble.text());
            trouble.code()
        }
    })
    .max()
    .unwrap_or(FINE)
}

fn printed(suite: &Suite, format: SuiteFormat, colors: Colors) -> Result<(), Trouble> {
    let each = |of: &dyn Fn(&Case) -> Result<(), Trouble>| {
        suite.cases.iter().try_for_each(|case| {
            of(case)?;
            streams::tell(&aside(case, colors));
            Ok(())
        })
    };
    for stray in &suite.strays {
        streams::tell(&format!("warning: {}\n", suite::stray_in_words(stray)));
    }
    match format {
        SuiteFormat::Text => {
            each(&|case| streams::say_all(&|out| suite::case(case, out)))?;
            streams::say_all(&|out| suite::totals(suite, out))
        }
        SuiteFormat::Json => {
            each(&|_| Ok(()))?;
            streams::say_all(&|out| suite::json(suite, out))
        }
        SuiteFormat::Tap => {
            each(&|_| Ok(()))?;
            streams::say_all(&|out| suite::tap(suite, out))
        }
        SuiteFormat::Github => {
            each(&|_| Ok(()))?;
            streams::say_all(&|out| suite::github(suite, out))
        }
    }
}

/// What standard error says of a case: its warnings, or why it is no scenario.
fn aside(case: &Case, colors: Colors) -> String {
    match &case.fate {
        Fate::Broken(Broken::Problems(problems)) => problems.render(colors.err),
        Fate::Broken(Broken::Unread { said, .. }) => format!("error: {said}\n"),
        Fate::Judged(_) | Fate::Skipped => case.warnings.render(colors.err),
    }
}
