//! Drawing a picture: plain data in, SVG out.

use crate::chart::WIDTH;
use crate::chart::describe;
use crate::chart::layout::{CHARACTER, Picture, shortened};
use crate::chart::look::Look;
use crate::chart::palette::{
    DEADLINE, FAILED, FAULT, GRID, HALTED, INK, ON_DARK, PAPER, QUIET, Rgb, color, hatched, height,
    text,
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
        for (from, to, what) in
            strokes(panel, row.bands.iter().map(|it| (it.from, it.to, &it.what)))
        {
            sheet.fill((from, top), (to, top + rows::FAULT), FAULT);
            if fits(what, to - from) {
                let at = ((from + to) / 2, top + rows::FAULT / 2 + 1);
                sheet.text(what, at, Stand::Middle, Size::Small, ON_DARK);
            }
        }
    }
}

fn lanes(sheet: &mut Sheet<'_>, rows: &Rows, panel: &Panel, picture: &Picture) {
    for (index, lane) in picture.lanes.iter().enumerate() {
        let bottom = rows.lane(index);
        let bands = lane.history.bands.iter();
        for (from, to, look) in strokes(panel, bands.map(|it| (it.from, it.to, it.look))) {
            band(sheet, look, (from, to), bottom);
        }
        let halts = lane.history.halts.iter();
        for (from, to, ()) in strokes(panel, halts.map(|it| (it.0, it.1, ()))) {
            sheet.fill((from, bottom + 1), (to, bottom + 1 + STRIP), HALTED);
        }
    }
}

fn band(sheet: &mut Sheet<'_>, look: Look, (from, to): (i32, i32), bottom: i32) {
    let high = LANE * height(look) / 100;
    let top = bottom - high;
    bar(sheet, look, (from, top), (to, bottom));
    let Some(word) = word(look, to - from) else {
        return;
    };
    let middle = (from + to) / 2;
    if hatched(look) || high < 14 {
        sheet.text(word, (middle, top - 6), Stand::Middle, Size::Small, INK);
    } else {
        let at = (middle, (top + bottom) / 2 + 1);
        sheet.text(word, at, Stand::Middle, Size::Small, text(look));
    }
}

/// What is written at a band of that width: its word, or the part of it before the comma, or nothing.
fn word(look: Look, width: i32) -> Option<&'static str> {
    let word = look.word();
    let short = word.split_once(',').map_or(word, |(first, _)| first);
    [word, short].into_iter().find(|word| fits(word, width))
}

/// Slanting lines from edge to edge, as one path: what joins them lies on the outline.
fn hatch(sheet: &mut Sheet<'_>, from: (i32, i32), to: (i32, i32), color: Rgb) {
    let mut path = Vec::new();
    let mut x = from.0 + HATCH;
    while x < to.0 {
        let (head, foot) = ((x, from.1), (x - HATCH, to.1));
        if path.len() % 4 == 0 {
            path.extend([head, foot]);
        } else {
            path.extend([foot, head]);
        }
        x += HATCH;
    }
    if !path.is_empty() {
        sheet.path(path, color);
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
        let fits = x + 4 + long <= panel.left + panel.width;
        let (x, stand) = if fits {
            (x + 4, Stand::Right)
        } else {
            (x - 4, Stand::Left)
        };
        sheet.text(&it.name, (x, y), stand, Size::Small, DEADLINE);
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

/// Where stretches are drawn in a panel, each at least two pixels wide. Of those that begin on one pixel the worst is
/// drawn, so that a picture stays small however much happens, and shows what hurt most.
fn strokes<T: Ord>(
    panel: &Panel,
    stretches: impl Iterator<Item = (Time, Time, T)>,
) -> Vec<(i32, i32, T)> {
    let mut strokes: Vec<(i32, i32, T)> = Vec::new();
    for (from, to, what) in stretches {
        if to <= panel.from || from >= panel.to {
            continue;
        }
        let left = panel.x(from).min(panel.left + panel.width - 2);
        let right = panel.x(to).max(left + 2);
        match strokes.last_mut() {
            Some(last) if last.0 == left => {
                last.1 = last.1.max(right);
                if what > last.2 {
                    last.2 = what;
                }
            }
            _ => strokes.push((left, right, what)),
        }
    }
    strokes
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
