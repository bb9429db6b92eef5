//! `keyoutage chart`: a run as a picture.

use crate::chart;
use crate::cli::arguments::{Chart, Picture};
use crate::cli::exit::{FINE, Trouble};
use crate::cli::replay;
use crate::cli::save;
use crate::cli::streams::Colors;

/// Replays a scenario and draws it. A mark shows where an expectation does not hold; the picture is fine all the same.
pub(super) fn chart(asked: &Chart, colors: Colors) -> Result<u8, Trouble> {
    let output = asked.output.as_deref();
    save::check(output, std::slice::from_ref(&asked.file))?;
    let it = replay::replay(&asked.file, &asked.replay, colors)?;
    let svg = match asked.kind {
        Picture::Lanes => chart::lanes(&it.timeline, &it.scenario.expectations, &it.verdicts),
    };
    save::save(&|out| out.write_str(&svg), output, &it.files)?;
    Ok(FINE)
}
