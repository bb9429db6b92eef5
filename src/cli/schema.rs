//! `keyoutage schema`: the scenario language for editors.

use crate::cli::exit::{FINE, Trouble};
use crate::cli::streams;
use crate::scenario;

/// Prints the JSON Schema.
pub(super) fn schema() -> Result<u8, Trouble> {
    let mut text = scenario::schema();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    streams::say(&text)?;
    Ok(FINE)
}
