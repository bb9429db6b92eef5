//! `keyoutage run`: a summary, the timeline, the verdicts.

use crate::cli::arguments::{Format, Run};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::replay::{self, Replayed};
use crate::cli::save;
use crate::cli::streams::Colors;
use crate::expect;
use crate::report;

/// Replays a scenario and tells it.
pub(super) fn run(asked: &Run, colors: Colors) -> Result<u8, Trouble> {
    let output = asked.output.as_deref();
    save::check(output, std::slice::from_ref(&asked.file))?;
    let replayed = replay::replay(&asked.file, &asked.replay, colors)?;
    let text = tell(&replayed, asked.format);
    save::save(text.as_bytes(), output, &replayed.files)?;
    Ok(if expect::all_hold(&replayed.verdicts) {
        FINE
    } else {
        UNMET
    })
}

fn tell(replayed: &Replayed, format: Format) -> String {
    let Replayed {
        scenario,
        timeline,
        verdicts,
        ..
    } = replayed;
    match format {
        Format::Text => report::whole(timeline, &scenario.expectations, verdicts),
        Format::Json => report::json(timeline, &scenario.expectations, verdicts),
        Format::Ndjson => report::ndjson(timeline, &scenario.expectations, verdicts),
        Format::Csv => report::csv(timeline),
        Format::Markdown => report::markdown(timeline, &scenario.expectations, verdicts),
    }
}
