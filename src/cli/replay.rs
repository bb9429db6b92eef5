//! Running what was loaded, with what the command line changes about it.

use std::path::{Path, PathBuf};

use crate::chance::Seed;
use crate::cli::arguments::{Moment, Replay};
use crate::cli::exit::Trouble;
use crate::cli::load::{self, Loaded};
use crate::cli::streams::{self, Colors};
use crate::engine;
use crate::expect::{self, Verdict};
use crate::names::Kind;
use crate::parallel;
use crate::scenario::Scenario;
use crate::time::Time;
use crate::timeline::Timeline;

/// So many collections at least are worth a thread of their own.
const LEAST_BLOCK: u32 = 4096;

/// A run with all that is told about it.
pub(super) struct Replayed {
    pub(super) scenario: Scenario,
    pub(super) timeline: Timeline,
    pub(super) verdicts: Vec<Verdict>,
    /// The files it was made of.
    pub(super) files: Vec<PathBuf>,
}

/// Loads, runs and judges; warnings go to standard error.
pub(super) fn replay(path: &Path, asked: &Replay, colors: Colors) -> Result<Replayed, Trouble> {
    let loaded = load::load(path, colors.err)?;
    if !loaded.warnings.is_empty() {
        streams::tell(&loaded.warnings.render(colors.err));
    }
    run(loaded, asked)
}

/// Runs and judges what was loaded.
pub(super) fn run(loaded: Loaded, asked: &Replay) -> Result<Replayed, Trouble> {
    let Loaded {
        mut scenario,
        files,
        ..
    } = loaded;
    let end = scenario.until;
    if let Some(until) = asked.until {
        scenario.until = shortened(&scenario, until)?;
    }
    let seed = asked.seed.map_or(scenario.seed, Seed);
    let timeline = on_threads(&scenario, seed, asked.threads);
    let verdicts = expect::judge(&scenario.expectations, end, &timeline);
    Ok(Replayed {
        scenario,
        timeline,
        verdicts,
        files,
    })
}

/// Runs the collections in blocks, one a thread; a few collections are done sooner than a thread is made.
fn on_threads(scenario: &Scenario, seed: Seed, threads: Option<u64>) -> Timeline {
    let most = scenario.names.count(Kind::Collection) / LEAST_BLOCK;
    let threads = threads.map_or_else(parallel::cores, |threads| threads as usize);
    let blocks = u32::try_from(threads)
        .unwrap_or(u32::MAX)
        .clamp(1, most.max(1));
    engine::run_in_blocks(scenario, seed, blocks, &|ranges, block| {
        parallel::map_in_order(ranges, blocks as usize, block)
    })
}

/// The time of a run that the user means.
pub(super) fn time(scenario: &Scenario, moment: Moment) -> Result<Time, Trouble> {
    match (moment, scenario.start) {
        (Moment::After(span), _) => Ok(Time::START + span),
        (Moment::On(instant), Some(start)) => match instant.since(start) {
            Some(span) => Ok(Time::START + span),
            None => Err(Trouble::Input(format!(
                "{instant} is before the start of the scenario, {start}"
            ))),
        },
        (Moment::On(instant), None) => Err(Trouble::Input(format!(
            "{instant} has no meaning here: the scenario has no `start:`; give a time from its start, such as 5h05m"
        ))),
    }
}

fn shortened(scenario: &Scenario, until: Moment) -> Result<Time, Trouble> {
    let until = time(scenario, until)?;
    let end = scenario.until;
    if until > end {
        return Err(Trouble::Input(format!(
            "--until {until} is after the end of the scenario, {end}; it only shortens"
        )));
    }
    if until == Time::START {
        return Err(Trouble::Input(
            "--until 0s leaves nothing to run".to_owned(),
        ));
    }
    Ok(until)
}
