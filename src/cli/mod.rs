//! The command line: one file a subcommand. The only room that reads files, prints, and chooses exit codes.

mod arguments;
mod chart;
mod check;
mod check_policy;
mod decide;
mod diff;
mod exit;
mod explain;
mod input;
mod load;
mod policy_file;
mod profiles;
mod replay;
mod rules;
mod run;
mod save;
mod saved;
mod schema;
mod streams;
mod test;
mod walk;

use std::ffi::OsString;

use clap::Parser;

use arguments::{Arguments, Command};
use exit::Trouble;
use streams::Colors;

use crate::text;

pub use exit::MACHINE;

/// What the environment says, which only `main` reads. Nothing of it changes what is found out, only where it is told.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Surroundings {
    /// The file to which GitHub Actions wants a page about the step appended (`GITHUB_STEP_SUMMARY`).
    pub step_summary: Option<OsString>,
}

/// Does what the arguments say (the program's own name first) and gives the exit code.
pub fn main(arguments: &[OsString], surroundings: &Surroundings) -> u8 {
    match Arguments::try_parse_from(arguments) {
        Ok(parsed) => end(dispatch(&parsed, surroundings)),
        Err(error) => end(usage(&error, arguments)),
    }
}

/// Says on standard error what went wrong within, for `main`'s panic hook.
pub fn tell_mistake(text: &str) {
    streams::tell(text);
}

fn dispatch(arguments: &Arguments, surroundings: &Surroundings) -> Result<u8, Trouble> {
    let colors = Colors::new(arguments.color);
    match &arguments.command {
        Command::Run(it) => run::run(it, colors),
        Command::Test(it) => test::test(it, colors, surroundings),
        Command::Check(it) => check::check(it, colors),
        Command::CheckPolicy(it) => check_policy::check_policy(it, colors),
        Command::Decide(it) => decide::decide(it, colors),
        Command::Chart(it) => chart::chart(it, colors),
        Command::Explain(it) => explain::explain(it, colors),
        Command::Diff(it) => diff::diff(it, colors),
        Command::Profiles(it) => profiles::profiles(it),
        Command::Rules => rules::rules(),
        Command::Schema => schema::schema(),
    }
}

fn end(result: Result<u8, Trouble>) -> u8 {
    match result {
        Ok(code) => code,
        Err(trouble) => {
            streams::tell(&trouble.text());
            trouble.code()
        }
    }
}

/// What clap has to say: help and version on standard output, everything else on standard error.
fn usage(error: &clap::Error, arguments: &[OsString]) -> Result<u8, Trouble> {
    let colors = Colors::guess(arguments);
    // An argument that could move the cursor or turn the text around is told without color, and made harmless.
    let hides = |it: &OsString| {
        let text = it.to_string_lossy();
        text::clean(&text) != text
    };
    let hides = arguments.iter().any(hides);
    let text = |color: bool| {
        let told = error.render();
        match (hides, color) {
            (true, _) => {
                let plain = told.to_string();
                let lines = plain.split('\n').map(text::clean);
                lines.collect::<Vec<_>>().join("\n")
            }
            (false, true) => told.ansi().to_string(),
            (false, false) => told.to_string(),
        }
    };
    if error.use_stderr() {
        Err(Trouble::Problems(text(colors.err)))
    } else {
        streams::say(&text(colors.out))?;
        Ok(exit::FINE)
    }
}
