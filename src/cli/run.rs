//! `keyoutage run`: a summary, the timeline, the verdicts.

use std::fmt;

use crate::cli::arguments::{self, Format};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::input;
use crate::cli::replay;
use crate::cli::save;
use crate::cli::streams::Colors;
use crate::expect;
use crate::report::{self, Origin, Run, Told, View};

/// Replays a scenario and tells it.
pub(super) fn run(asked: &arguments::Run, colors: Colors) -> Result<u8, Trouble> {
    let output = asked.output.as_deref();
    save::check(output, std::slice::from_ref(&asked.file))?;
    let replayed = replay::replay(&asked.file, &asked.replay, colors)?;
    let digest = replayed.timeline.digest();
    let run = Run {
        timeline: &replayed.timeline,
        expectations: &replayed.scenario.expectations,
        verdicts: &replayed.verdicts,
        digest: &digest,
    };
    let name = input::name(&asked.file);
    let argument = asked.file.to_string_lossy();
    let seed = replayed.timeline.seed;
    let origin = Origin {
        file: &name,
        argument: &argument,
        seed: (seed != replayed.scenario.seed).then_some(seed),
    };
    let text = |out: &mut dyn fmt::Write| tell(&run, asked.format, &origin, out);
    save::save(&text, output, &replayed.files)?;
    Ok(if expect::all_hold(&replayed.verdicts) {
        FINE
    } else {
        UNMET
    })
}

fn tell(
    run: &Run<'_>,
    format: Format,
    origin: &Origin<'_>,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    match format {
        Format::Text => report::whole(run, &View::new(run.timeline), origin, out),
        Format::Json => report::json(run, out),
        Format::Ndjson => report::ndjson(run, out),
        Format::Csv => report::csv(run, out),
        Format::Markdown => report::markdown(run, &View::new(run.timeline), out),
        Format::Timeline => report::golden(&Told::of(run), out),
    }
}
