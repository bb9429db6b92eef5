//! Drawing a picture: plain data in, SVG out.

use crate::chart::WIDTH;
use crate::chart::describe;
use crate::chart::history::Band;
use crate::chart::layout::{CHARACTER, Picture, shortened};
use crate::chart::look::Look;
use crate::chart::palette::{
    DEADLINE, FAILED, FAULT, GRID, HALTED, INK, ON_DARK, PAPER, QUIET, color, hatched, height, text,
};
use crate::chart::panel::Panel;
use crate::chart::rows::{self, LANE, LEFT, MOST_FAILURES, Rows, STRIP, SWATCH};
use crate::chart::sheet::{Sheet, Size, Stand, with_words};
use crate::time::Time;

/// From one line of a hatch to the next.
const HATCH: i32 = 7;

/// The picture as SVG.
pub(super) fn draw(picture: &Picture) -> String {
    let rows = Rows::new(picture);
    let mut drawn = String::new();
    let mut sheet = Sheet::new(&mut drawn, WIDTH, rows.height);
    sheet.fill((0, 0), (WIDTH, rows.height), PAPER);
    sheet.text(
        &cut(&picture.title, 100),
        (LEFT, 24),
        Stand::Right,
        Size::Title,
        INK,
    );
    for panel in &picture.panels {
        axis(&mut sheet, &rows, panel);
        faults(&mut sheet, &rows, panel, picture);
        lanes(&mut sheet, &rows, panel, picture);
    }
    for panel in &picture.panels {
        deadlines(&mut sheet, &rows, panel, picture);
        marks(&mut sheet, &rows, panel, picture);
    }
    names(&mut sheet, &rows, picture);
    legend(&mut sheet, &rows);
    notes(&mut sheet, &rows, picture);
    sheet.finish();
    let id = format!("keyoutage-{}", picture.digest);
    with_words(&drawn, &id, &picture.title, &describe::picture(picture))
}

fn axis(sheet: &mut Sheet<'_>, rows: &Rows, panel: &Panel) {
    let (left, right) = (panel.left, panel.left + panel.width);
    let at = (left, rows.panel_names);
    sheet.text(&panel.name, at, Stand::Right, Size::Plain, QUIET);
    for tick in &panel.ticks {
        let x = panel.x(*tick);
        sheet.line((x, rows.top), (x, rows.axis + 4), GRID);
        let at = (x, rows.axis + 13);
        sheet.text(&tick.to_string(), at, Stand::Middle, Size::Small, QUIET);
    }
    sheet.line((left, rows.axis), (right, rows.axis), QUIET);
}

fn faults(sheet: &mut Sheet<'_>, rows: &Rows, panel: &Panel, picture: &Picture) {
    for (index, row) in picture.faults.iter().enumerate() {
        let top = rows.fault(index);
        for band in &row.bands {
            let Some((from, to)) = pixels(panel, band.from, band.to) else {
                continue;
            };
            sheet.fill((from, top), (to, top + rows::FAULT), FAULT);
            if fits(&band.what, to - from) {
                let at = ((from + to) / 2, top + rows::FAULT / 2 + 1);
                sheet.text(&band.what, at, Stand::Middle, Size::Small, ON_DARK);
            }
        }
    }
}

fn lanes(sheet: &mut Sheet<'_>, rows: &Rows, panel: &Panel, picture: &Picture) {
    for (index, lane) in picture.lanes.iter().enumerate() {
        let bottom = rows.lane(index);
        for it in &lane.history.bands {
            band(sheet, panel, it, bottom);
        }
        for (from, to) in &lane.history.halts {
            if let Some((from, to)) = pixels(panel, *from, *to) {
                sheet.fill((from, bottom + 1), (to, bottom + 1 + STRIP), HALTED);
            }
        }
    }
}

fn band(sheet: &mut Sheet<'_>, panel: &Panel, band: &Band, bottom: i32) {
    let Some((from, to)) = pixels(panel, band.from, band.to) else {
        return;
    };
    let high = LANE * height(band.look) / 100;
    let top = bottom - high;
    bar(sheet, band.look, (from, top), (to, bottom));
    let Some(word) = word(band.look, to - from) else {
        return;
    };
    let middle = (from + to) / 2;
    if hatched(band.look) || high < 14 {
        sheet.text(word, (middle, top - 6), Stand::Middle, Size::Small, INK);
    } else {
        let at = (middle, (top + bottom) / 2 + 1);
        sheet.text(word, at, Stand::Middle, Size::Small, text(band.look));
    }
}

/// What is written at a band of that width: its word, or the part of it before the comma, or nothing.
fn word(look: Look, width: i32) -> Option<&'static str> {
    let word = look.word();
    let short = word.split_once(',').map_or(word, |(first, _)| first);
    [word, short].into_iter().find(|word| fits(word, width))
}

fn hatch(sheet: &mut Sheet<'_>, from: (i32, i32), to: (i32, i32), color: (u8, u8, u8)) {
    let mut x = from.0 + HATCH;
    while x < to.0 {
        let foot = x - (to.1 - from.1).min(x - from.0).min(HATCH);
        sheet.line((x, from.1), (foot, to.1), color);
        x += HATCH;
    }
}

fn deadlines(sheet: &mut Sheet<'_>, rows: &Rows, panel: &Panel, picture: &Picture) {
    for (index, it) in picture.deadlines.iter().enumerate() {
        if !panel.shows(it.at) {
            continue;
        }
        let (x, y) = (panel.x(it.at), rows.deadline(index));
        sheet.line((x, y - 5), (x, rows.lane(it.lane) + STRIP + 2), DEADLINE);
        let long = it.name.chars().count() as i32 * CHARACTER;
        let last = panel.left + panel.width - long;
        let at = ((x + 4).min(last).max(panel.left), y);
        sheet.text(&it.name, at, Stand::Right, Size::Small, DEADLINE);
    }
}

fn marks(sheet: &mut Sheet<'_>, rows: &Rows, panel: &Panel, picture: &Picture) {
    for mark in &picture.marks {
        if !panel.shows(mark.at) {
            continue;
        }
        let y = match mark.lane {
            Some(lane) => above(picture, lane, mark.at, rows.lane(lane)),
            None => rows.axis - 8,
        };
        let x = panel.x(mark.at).min(panel.left + panel.width - 2);
        let text = format!("✗ {}", mark.number);
        sheet.text(&text, (x, y), Stand::Middle, Size::Plain, FAILED);
    }
}

/// A line above what a lane shows at an instant: in the free upper part of the lane when its band is low.
fn above(picture: &Picture, lane: usize, at: Time, bottom: i32) -> i32 {
    let bands = &picture.lanes[lane].history.bands;
    let high = bands
        .iter()
        .rfind(|band| band.from <= at)
        .map_or(0, |band| height(band.look));
    if high <= 40 {
        bottom - LANE + 4
    } else {
        bottom - LANE * high / 100 - 7
    }
}

fn names(sheet: &mut Sheet<'_>, rows: &Rows, picture: &Picture) {
    for (index, row) in picture.faults.iter().enumerate() {
        let at = (LEFT, rows.fault(index) + rows::FAULT / 2 + 1);
        sheet.text(&shortened(&row.name), at, Stand::Right, Size::Plain, QUIET);
    }
    for (index, lane) in picture.lanes.iter().enumerate() {
        let at = (LEFT, rows.lane(index) - LANE / 2 + 1);
        sheet.text(&shortened(&lane.name), at, Stand::Right, Size::Plain, INK);
    }
    if picture.left_out > 0 {
        let text = format!("and {} more lanes", picture.left_out);
        let at = (LEFT, rows.left_out);
        sheet.text(&text, at, Stand::Right, Size::Plain, QUIET);
    }
}

/// A small band of each look that occurs, and its word.
fn legend(sheet: &mut Sheet<'_>, rows: &Rows) {
    for entry in &rows.legend {
        let (left, right, bottom) = (entry.x, entry.x + SWATCH, entry.y + 7);
        match entry.look {
            None => sheet.fill((left, bottom - STRIP), (right, bottom), HALTED),
            Some(look) => {
                let top = bottom - 14 * height(look) / 100;
                bar(sheet, look, (left, top), (right, bottom));
            }
        }
        let at = (entry.word_x, entry.y + 1);
        sheet.text(entry.word, at, Stand::Right, Size::Small, INK);
    }
}

/// A band's body: filled, hatched where it is on its way, outlined.
fn bar(sheet: &mut Sheet<'_>, look: Look, from: (i32, i32), to: (i32, i32)) {
    sheet.fill(from, to, color(look));
    if hatched(look) {
        hatch(sheet, from, to, text(look));
    }
    sheet.outline(from, to, INK);
}

fn notes(sheet: &mut Sheet<'_>, rows: &Rows, picture: &Picture) {
    let mut say = |index: usize, text: &str| {
        let at = (LEFT, rows.failure(index));
        sheet.text(&cut(text, 150), at, Stand::Right, Size::Plain, FAILED);
    };
    for (index, mark) in picture.marks.iter().take(MOST_FAILURES).enumerate() {
        say(
            index,
            &format!("✗ {} at {}: {}", mark.number, mark.at, mark.text),
        );
    }
    if picture.marks.len() > MOST_FAILURES {
        let more = picture.marks.len() - MOST_FAILURES;
        say(MOST_FAILURES, &format!("✗ and {more} more"));
    }
    let at = (LEFT, rows.small_print);
    sheet.text(&picture.small_print, at, Stand::Right, Size::Small, QUIET);
}

/// Where a stretch is drawn in a panel, at least two pixels wide; `None` when it lies outside.
fn pixels(panel: &Panel, from: Time, to: Time) -> Option<(i32, i32)> {
    if to <= panel.from || from >= panel.to {
        return None;
    }
    let (left, right) = (panel.x(from), panel.x(to));
    let left = left.min(panel.left + panel.width - 2);
    Some((left, right.max(left + 2)))
}

fn fits(text: &str, width: i32) -> bool {
    text.chars().count() as i32 * 11 / 2 + 2 <= width
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars()
        .take(most - 1)
        .chain(std::iter::once('…'))
        .collect()
}
