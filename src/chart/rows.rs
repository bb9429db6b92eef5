//! Where the rows of the picture stand, from top to bottom, in whole pixels.

use crate::chart::WIDTH;
use crate::chart::layout::Picture;
use crate::chart::letters::{Size, width};
use crate::chart::look::Look;

/// The height of a band of height 1.
pub(super) const LANE: i32 = 30;
/// The strip under a band.
pub(super) const STRIP: i32 = 4;
/// From one lane to the next.
const LANE_PITCH: i32 = 50;
/// The height of a fault's band.
pub(super) const FAULT: i32 = 17;
const FAULT_PITCH: i32 = 21;
/// From one line of text to the next.
pub(super) const LINE: i32 = 15;
/// The space at the left of everything.
pub(super) const LEFT: i32 = 14;
/// A swatch of the legend, and the space after it.
pub(super) const SWATCH: i32 = 16;
const AFTER_SWATCH: i32 = 6;
const LEGEND_LINE: i32 = 22;
/// What the strip under a band says.
const STRIP_WORD: &str = "ingest halted, queries served";
/// Failures told under the picture, at most.
pub(super) const MOST_FAILURES: usize = 5;

/// An entry of the legend: a swatch, and its word after it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Entry {
    /// The look; `None` for the strip.
    pub(super) look: Option<Look>,
    pub(super) word: &'static str,
    /// The left of the swatch.
    pub(super) x: i32,
    /// The middle of the line.
    pub(super) y: i32,
    /// Where the word begins.
    pub(super) word_x: i32,
}

/// The vertical places of one picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Rows {
    /// The middle of the line of panel names.
    pub(super) panel_names: i32,
    /// The first line of deadlines' names.
    pub(super) deadlines: i32,
    /// Where the lines of ticks begin.
    pub(super) top: i32,
    faults: i32,
    lanes: i32,
    /// Where the lines of ticks end.
    pub(super) axis: i32,
    /// The legend.
    pub(super) legend: Vec<Entry>,
    /// The middle of the line about lanes that are left out.
    pub(super) left_out: i32,
    /// The middle of the first line of failures.
    pub(super) failures: i32,
    /// The middle of the small print.
    pub(super) small_print: i32,
    /// The height of the picture.
    pub(super) height: i32,
}

impl Rows {
    /// The places for a picture.
    pub(super) fn new(picture: &Picture) -> Rows {
        let panel_names = 50;
        let deadlines = panel_names + 17;
        let top = deadlines + picture.deadlines.len() as i32 * LINE;
        let faults = top + 4;
        let lanes = faults + picture.faults.len() as i32 * FAULT_PITCH + 10;
        let axis = lanes + picture.lanes.len() as i32 * LANE_PITCH + 2;
        let left_out = axis + 30;
        let first = axis + if picture.left_out > 0 { 52 } else { 38 };
        let legend = legend(picture, first);
        let failures = legend.last().map_or(first, |last| last.y) + 24;
        let noted = failure_lines(picture) as i32 * LINE;
        let small_print = failures + noted + if noted > 0 { 8 } else { 0 };
        Rows {
            panel_names,
            deadlines,
            top,
            faults,
            lanes,
            axis,
            legend,
            left_out,
            failures,
            small_print,
            height: small_print + 16,
        }
    }

    /// The top of a fault's band.
    pub(super) const fn fault(&self, index: usize) -> i32 {
        self.faults + index as i32 * FAULT_PITCH
    }

    /// The bottom of a lane's bands.
    pub(super) const fn lane(&self, index: usize) -> i32 {
        self.lanes + index as i32 * LANE_PITCH + 12 + LANE
    }

    /// A little over a lane's bands.
    pub(super) const fn over(&self, index: usize) -> i32 {
        self.lane(index) - LANE - 6
    }

    /// The middle of a line of deadlines' names.
    pub(super) const fn deadline(&self, index: usize) -> i32 {
        self.deadlines + index as i32 * LINE
    }

    /// The middle of a line of failures.
    pub(super) const fn failure(&self, index: usize) -> i32 {
        self.failures + index as i32 * LINE
    }
}

/// One entry for each look that occurs, in as many lines as they need.
fn legend(picture: &Picture, first: i32) -> Vec<Entry> {
    let looks = picture.looks().into_iter();
    let mut words: Vec<(Option<Look>, &'static str)> =
        looks.map(|look| (Some(look), look.word())).collect();
    if picture.halts() {
        words.push((None, STRIP_WORD));
    }
    let (mut x, mut y) = (LEFT, first);
    let mut entries = Vec::with_capacity(words.len());
    for (look, word) in words {
        let wide = SWATCH + AFTER_SWATCH + width(word, Size::Small);
        if x + wide > WIDTH - LEFT {
            (x, y) = (LEFT, y + LEGEND_LINE);
        }
        let word_x = x + SWATCH + AFTER_SWATCH;
        entries.push(Entry {
            look,
            word,
            x,
            y,
            word_x,
        });
        x += wide + 12;
    }
    entries
}

/// How many lines the failures take.
pub(super) fn failure_lines(picture: &Picture) -> usize {
    picture.notes.len().min(MOST_FAILURES + 1)
}
