//! The picture in words: the text that stands for it where it cannot be seen, one sentence a lane.

use crate::chart::fault::FaultRow;
use crate::chart::fold::Lane;
use crate::chart::layout::Picture;
use crate::time::{Span, Time};

/// The whole description, one sentence a line.
pub(super) fn picture(picture: &Picture) -> String {
    let mut lines = vec![format!(
        "Lanes over time, from 0s to {}, one for each collection.",
        picture.until
    )];
    lines.extend(picture.faults.iter().map(|row| fault(row, picture.until)));
    for it in &picture.deadlines {
        lines.push(format!("Deadline: {}.", it.name));
    }
    for it in &picture.lanes {
        lines.push(lane(it, picture.until));
    }
    if picture.left_out > 0 {
        lines.push(format!("{} more lanes are not drawn.", picture.left_out));
    }
    for it in &picture.notes {
        lines.push(format!(
            "Expectation {} does not hold at {}: {}; for {} of {}.",
            it.number, it.at, it.text, it.of.0, it.of.1
        ));
    }
    lines.join("\n")
}

fn fault(row: &FaultRow, until: Time) -> String {
    let parts = row.bands.iter().map(|band| {
        let to = end(band.to, until);
        format!("{} from {} {to}", band.what, band.from)
    });
    format!("Fault: {}: {}.", row.name, join(parts))
}

fn lane(lane: &Lane, until: Time) -> String {
    let bands = lane.history.bands.iter().map(|band| {
        let to = end(band.to, until);
        format!("{} from {} {to}", band.look.word(), band.from)
    });
    let mut text = format!("{}: {}.", lane.told(), join(bands));
    if !lane.history.halts.is_empty() {
        let halts = lane.history.halts.iter();
        let halts = halts.map(|(from, to)| format!("from {from} {}", end(*to, until)));
        text.push_str(&format!(
            " Ingest halted while queries were served {}.",
            join(halts)
        ));
    }
    if lane.spread > Span::ZERO {
        let spread = lane.spread;
        text.push_str(&format!(
            " This is the first of them; the others differ by up to {spread}."
        ));
    }
    text
}

fn end(to: Time, until: Time) -> String {
    if to >= until {
        "to the end".to_owned()
    } else {
        format!("to {to}")
    }
}

/// All of a few; of many, the first and the last ones.
fn join(parts: impl Iterator<Item = String>) -> String {
    const MOST: usize = 12;
    let mut parts: Vec<String> = parts.collect();
    if parts.len() > MOST {
        let more = parts.len() - MOST;
        parts.splice(
            MOST / 2..MOST / 2 + more,
            [format!("{more} more such changes")],
        );
    }
    parts.join(", ")
}
