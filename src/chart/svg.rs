//! Drawing a picture: plain data in, SVG out.

use crate::chart::WIDTH;
use crate::chart::describe;
use crate::chart::layout::{Picture, WIDEST_NAME};
use crate::chart::letters::{Size, cut, shortened, width};
use crate::chart::look::Look;
use crate::chart::palette::{
    DEADLINE, FAILED, FAULT, GRID, HALTED, INK, ON_DARK, PAPER, QUIET, Rgb, color, hatched, height,
    text,
};
use crate::chart::panel::Panel;
use crate::chart::place::{self, Flag, flags, strokes, word};
use crate::chart::rows::{self, LANE, LEFT, MOST_FAILURES, Rows, STRIP, SWATCH};
use crate::chart::sheet::{Sheet, Stand, with_words};
use crate::time::Time;

/// From one line of a hatch to the next.
const HATCH: i32 = 7;
/// A band narrower than that has no outline, which would hide its color.
const OUTLINED: i32 = 8;
/// From one line at the left of a lane to the next.
const NAME_LINE: i32 = 13;

/// The picture as SVG.
pub(super) fn draw(picture: &Picture) -> String {
    let rows = Rows::new(picture);
    let mut drawn = String::new();
    let mut sheet = Sheet::new(&mut drawn, WIDTH, rows.height);
    sheet.fill((0, 0), (WIDTH, rows.height), PAPER);
    sheet.text(
        &cut(&picture.title, Size::Title, WIDTH - 2 * LEFT),
        (LEFT, 24),
        Stand::Right,
        Size::Title,
        INK,
    );
    for panel in &picture.panels {
        axis(&mut sheet, &rows, panel);
        let flags = flags(panel, &picture.marks);
        faults(&mut sheet, &rows, panel, picture);
        lanes(&mut sheet, &rows, panel, picture, &flags);
        deadlines(&mut sheet, &rows, panel, picture);
        marks(&mut sheet, &rows, picture, &flags);
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
    }
    for (x, label) in place::labels(panel) {
        let at = (x, rows.axis + 13);
        sheet.text(&label, at, Stand::Middle, Size::Small, QUIET);
    }
    sheet.line((left, rows.axis), (right, rows.axis), QUIET);
}

/// A row that can say its word in none of its bands says it beside them.
fn faults(sheet: &mut Sheet<'_>, rows: &Rows, panel: &Panel, picture: &Picture) {
    let lines = lines(panel, picture, None);
    for (index, row) in picture.faults.iter().enumerate() {
        let top = rows.fault(index);
        let y = top + rows::FAULT / 2 + 1;
        let bands = row.bands.iter().map(|it| (it.from, it.to, &it.what));
        let bands = strokes(panel, bands);
        let mut said = false;
        let mut end = i32::MIN;
        for (from, to, what) in &bands {
            // However short a good while was, it shows.
            let gap = i32::from(*from == end);
            sheet.fill((*from + gap, top), (*to, top + rows::FAULT), FAULT);
            end = *to;
            if let Some(middle) = word(what, (*from, *to), &lines) {
                sheet.text(what, (middle, y), Stand::Middle, Size::Small, ON_DARK);
                said = true;
            }
        }
        if let (false, Some(first), Some(last)) = (said, bands.first(), bands.last()) {
            let long = width(last.2, Size::Small) + 5;
            let (x, stand) = if last.1 + long <= panel.left + panel.width {
                (last.1 + 5, Stand::Right)
            } else {
                (first.0 - 5, Stand::Left)
            };
            sheet.text(last.2, (x, y), stand, Size::Small, INK);
        }
    }
}

/// Where deadlines cross a lane, or with `None` the rows above all lanes.
fn lines(panel: &Panel, picture: &Picture, lane: Option<usize>) -> Vec<(i32, i32)> {
    let deadlines = picture.deadlines.iter();
    deadlines
        .filter(|it| {
            panel.shows(it.at) && lane.is_none_or(|lane| it.lanes.0 <= lane && lane <= it.lanes.1)
        })
        .map(|it| (panel.x(it.at) - 1, panel.x(it.at) + 2))
        .collect()
}

fn lanes(sheet: &mut Sheet<'_>, rows: &Rows, panel: &Panel, picture: &Picture, flags: &[Flag]) {
    for (index, lane) in picture.lanes.iter().enumerate() {
        let bottom = rows.lane(index);
        let lines = lines(panel, picture, Some(index));
        let flags = flags.iter().filter(|it| it.lane == Some(index));
        let above: Vec<(i32, i32)> = lines
            .iter()
            .copied()
            .chain(flags.map(Flag::edges))
            .collect();
        let bands = lane.history.bands.iter();
        for (from, to, look) in strokes(panel, bands.map(|it| (it.from, it.to, it.look))) {
            let top = bottom - LANE * height(look) / 100;
            bar(sheet, look, (from, top), (to, bottom));
            if hatched(look) || bottom - top < 14 {
                if let Some((word, x)) = said(look, (from, to), &above) {
                    sheet.text(word, (x, top - 6), Stand::Middle, Size::Small, INK);
                }
            } else if let Some((word, x)) = said(look, (from, to), &lines) {
                let at = (x, (top + bottom) / 2 + 1);
                sheet.text(word, at, Stand::Middle, Size::Small, text(look));
            }
        }
        let halts = lane.history.halts.iter();
        for (from, to, ()) in strokes(panel, halts.map(|it| (it.0, it.1, ()))) {
            sheet.fill((from, bottom + 1), (to, bottom + 1 + STRIP), HALTED);
        }
    }
}

/// What is written at a band, and where: its word, or its short word, or nothing. A line may cross only what stands
/// nowhere else.
fn said(look: Look, edges: (i32, i32), across: &[(i32, i32)]) -> Option<(&'static str, i32)> {
    let place = |text, across| word(text, edges, across).map(|x| (text, x));
    let (whole, short) = (look.word(), look.short());
    place(whole, across)
        .or_else(|| place(short, across))
        .or_else(|| place(short, &[]))
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

/// A line is interrupted by the lanes it is not about. The lines first: where one crosses the name of another, the name is in front.
fn deadlines(sheet: &mut Sheet<'_>, rows: &Rows, panel: &Panel, picture: &Picture) {
    let deadlines = picture.deadlines.iter().enumerate();
    let shown = deadlines.filter(|(_, it)| panel.shows(it.at));
    let shown: Vec<_> = shown.collect();
    for (index, it) in &shown {
        let (x, y) = (panel.x(it.at), rows.deadline(*index));
        let (first, last) = it.lanes;
        let foot = rows.lane(last) + STRIP + 2;
        if first == 0 {
            sheet.line((x, y - 5), (x, foot), DEADLINE);
        } else {
            sheet.line((x, y - 5), (x, rows.over(0)), DEADLINE);
            sheet.line((x, rows.over(first)), (x, foot), DEADLINE);
        }
    }
    for (index, it) in &shown {
        let (x, y) = (panel.x(it.at), rows.deadline(*index));
        let long = width(&it.name, Size::Small);
        let right = x + 4 + long <= panel.left + panel.width + 18;
        let left = if right { x + 4 } else { x - 4 - long };
        let half = rows::LINE / 2;
        sheet.fill((left - 1, y - half), (left + long, y + half), PAPER);
        let (at, stand) = if right {
            ((x + 4, y), Stand::Right)
        } else {
            ((x - 4, y), Stand::Left)
        };
        sheet.text(&it.name, at, stand, Size::Small, DEADLINE);
    }
}

fn marks(sheet: &mut Sheet<'_>, rows: &Rows, picture: &Picture, flags: &[Flag]) {
    for flag in flags {
        let y = match flag.lane {
            Some(lane) => above(picture, lane, flag.at, rows.lane(lane)),
            None => rows.axis - 8,
        };
        let (from, to) = flag.edges();
        sheet.fill((from, y - 6), (to, y + 6), PAPER);
        sheet.text(&flag.text, (flag.x, y), Stand::Middle, Size::Plain, FAILED);
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
        let name = shortened(&row.name, Size::Plain, WIDEST_NAME);
        sheet.text(&name, at, Stand::Right, Size::Plain, QUIET);
    }
    for (index, lane) in picture.lanes.iter().enumerate() {
        let lines = lane.lines();
        let mut y = rows.lane(index) - LANE / 2 + 1 - (lines.len() as i32 - 1) * NAME_LINE / 2;
        for (line, text) in lines.iter().enumerate() {
            let (size, color) = match line {
                0 => (Size::Plain, INK),
                _ => (Size::Small, QUIET),
            };
            let text = shortened(text, size, WIDEST_NAME);
            sheet.text(&text, (LEFT, y), Stand::Right, size, color);
            y += NAME_LINE;
        }
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
    if to.0 - from.0 >= OUTLINED {
        sheet.outline(from, to, INK);
    }
}

fn notes(sheet: &mut Sheet<'_>, rows: &Rows, picture: &Picture) {
    let mut say = |index: usize, text: &str| {
        let at = (LEFT, rows.failure(index));
        let text = cut(text, Size::Plain, WIDTH - 2 * LEFT);
        sheet.text(&text, at, Stand::Right, Size::Plain, FAILED);
    };
    for (index, it) in picture.notes.iter().take(MOST_FAILURES).enumerate() {
        let (failed, of) = it.of;
        say(
            index,
            &format!(
                "✗ {} at {} ({failed} of {of}): {}",
                it.number, it.at, it.text
            ),
        );
    }
    if picture.notes.len() > MOST_FAILURES {
        let more = picture.notes.len() - MOST_FAILURES;
        say(MOST_FAILURES, &format!("✗ and {more} more"));
    }
    let at = (LEFT, rows.small_print);
    sheet.text(&picture.small_print, at, Stand::Right, Size::Small, QUIET);
}
