//! Where things stand in a panel, in pixels: bands, the words at them, and marks.

use crate::chart::WIDTH;
use crate::chart::layout::Mark;
use crate::chart::letters::{Size, width};
use crate::chart::panel::Panel;
use crate::time::Time;

/// The space between a word and what is beside it.
const BESIDE: i32 = 3;

/// Where stretches are drawn in a panel, ascending, each at least two pixels wide. What has less room gives way: of two
/// that would be drawn over each other the worse is in front, and what it hides altogether is left out, so that a
/// picture stays small however much happens, and shows what hurt most.
pub(super) fn strokes<T: Ord>(
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
            Some(last) if left < last.1 => {
                let right = right.max(last.1);
                if what == last.2 || (what > last.2 && left == last.0) {
                    *last = (last.0, right, what);
                } else if what > last.2 {
                    last.1 = left;
                    strokes.push((left, right, what));
                } else if right > last.1 {
                    let left = last.1;
                    strokes.push((left, right, what));
                }
            }
            _ => strokes.push((left, right, what)),
        }
    }
    strokes
}

/// The middle of a small word between two edges: their middle, or, where something is drawn across that, the middle of
/// the widest free stretch. `None` where it does not fit.
pub(super) fn word(word: &str, (from, to): (i32, i32), across: &[(i32, i32)]) -> Option<i32> {
    let long = width(word, Size::Small) + 2 * BESIDE;
    let middle = (from + to) / 2;
    let around = (middle - long / 2, middle - long / 2 + long);
    if long > to - from {
        return None;
    }
    let free = free(from, to, across);
    if free.iter().any(|it| it.0 <= around.0 && around.1 <= it.1) {
        return Some(middle);
    }
    let widest = free.iter().rev().max_by_key(|it| it.1 - it.0)?;
    (widest.1 - widest.0 >= long).then_some((widest.0 + widest.1) / 2)
}

/// What is left between two edges.
fn free(from: i32, to: i32, across: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut across: Vec<(i32, i32)> = across.to_vec();
    across.sort_unstable();
    let mut free = Vec::with_capacity(across.len() + 1);
    let mut left = from;
    for (start, end) in across {
        if start > left {
            free.push((left, start.min(to)));
        }
        left = left.max(end);
    }
    free.push((left, to));
    free.retain(|it| it.0 < it.1);
    free
}

/// Failed expectations of one lane that would be drawn over each other, as one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Flag {
    /// The middle.
    pub(super) x: i32,
    pub(super) lane: Option<usize>,
    pub(super) at: Time,
    /// `✗ 1, 4`.
    pub(super) text: String,
}

impl Flag {
    /// Where it begins and ends.
    pub(super) fn edges(&self) -> (i32, i32) {
        let half = width(&self.text, Size::Plain) / 2 + 1;
        (self.x - half, self.x + half)
    }
}

/// The marks that a panel shows.
pub(super) fn flags(panel: &Panel, marks: &[Mark]) -> Vec<Flag> {
    let mut flags: Vec<(Flag, Vec<usize>)> = Vec::new();
    let mut marks: Vec<&Mark> = marks.iter().filter(|it| panel.shows(it.at)).collect();
    marks.sort_by_key(|it| (it.lane, it.at, it.number));
    for mark in marks {
        let x = panel.x(mark.at);
        match flags.last_mut() {
            Some((last, numbers)) if last.lane == mark.lane && x < last.edges().1 + 8 => {
                if !numbers.contains(&mark.number) {
                    numbers.push(mark.number);
                    last.text.push_str(&format!(", {}", mark.number));
                    last.x = last.x.min(rightmost(&last.text));
                }
            }
            _ => {
                let text = format!("✗ {}", mark.number);
                let flag = Flag {
                    x: x.min(rightmost(&text)),
                    lane: mark.lane,
                    at: mark.at,
                    text,
                };
                flags.push((flag, vec![mark.number]));
            }
        }
    }
    flags.into_iter().map(|(flag, _)| flag).collect()
}

/// The last middle with which the text of a flag is still in the picture.
fn rightmost(text: &str) -> i32 {
    WIDTH - 3 - width(text, Size::Plain) / 2
}

/// The labels of a panel's ticks and their middles. None is far outside its panel, and none touches the one before it.
pub(super) fn labels(panel: &Panel) -> Vec<(i32, String)> {
    /// How far outside a label may stand.
    const OUTSIDE: i32 = 18;
    let mut labels: Vec<(i32, String)> = Vec::with_capacity(panel.ticks.len());
    let mut end = i32::MIN;
    for tick in &panel.ticks {
        let label = tick.to_string();
        let half = width(&label, Size::Small) / 2;
        let least = panel.left - OUTSIDE + half;
        let most = panel.left + panel.width + OUTSIDE - half;
        let x = panel.x(*tick).min(most).max(least);
        if x - half > end {
            end = x + half + 2 * BESIDE;
            labels.push((x, label));
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::{flags, labels, strokes, word};
    use crate::chart::layout::Mark;
    use crate::chart::panel::Panel;
    use crate::time::{Span, Time};

    fn time(text: &str) -> Time {
        Time::START + Span::parse(text).expect("a length")
    }

    fn panel(from: &str, to: &str, ticks: &[&str]) -> Panel {
        Panel {
            name: String::new(),
            from: time(from),
            to: time(to),
            left: 100,
            width: 600,
            ticks: ticks.iter().map(|it| time(it)).collect(),
        }
    }

    #[test]
    fn a_word_stands_where_no_line_crosses_it() {
        assert_eq!(word("serving", (0, 30), &[]), None);
        assert_eq!(word("serving", (0, 200), &[]), Some(100));
        assert_eq!(word("serving", (0, 200), &[(20, 24)]), Some(100));
        assert_eq!(word("serving", (0, 200), &[(98, 102)]), Some(49));
        assert_eq!(word("serving", (0, 200), &[(78, 82)]), Some(141));
        assert_eq!(word("serving", (0, 60), &[(28, 32)]), None);
    }

    #[test]
    fn marks_in_one_place_are_one() {
        let mark = |at: &str, number, lane| Mark {
            at: time(at),
            number,
            lane: Some(lane),
        };
        let marks = [
            mark("1h", 1, 0),
            mark("1h", 1, 1),
            mark("1h1m", 2, 0),
            mark("1h1m", 2, 0),
            mark("8h", 2, 0),
        ];
        let flags = flags(&panel("0s", "10h", &[]), &marks);
        let told: Vec<(Option<usize>, &str)> =
            flags.iter().map(|it| (it.lane, it.text.as_str())).collect();
        assert_eq!(
            told,
            [(Some(0), "✗ 1, 2"), (Some(0), "✗ 2"), (Some(1), "✗ 1")]
        );
    }

    #[test]
    fn labels_of_ticks_stay_apart_and_at_home() {
        let plain = labels(&panel("0s", "4h", &["0s", "1h", "4h"]));
        assert_eq!(
            plain.iter().map(|it| it.0).collect::<Vec<_>>(),
            [100, 250, 700]
        );
        let long = labels(&panel("999d", "1000d", &["999d", "999d23h50m", "1000d"]));
        assert_eq!(
            long.len(),
            2,
            "the last would touch the one before it: {long:?}"
        );
    }

    #[test]
    fn of_what_is_too_small_the_worst_is_drawn() {
        let drawn = |stretches: &[(&str, &str, u8)]| {
            let stretches = stretches
                .iter()
                .map(|(from, to, what)| (time(from), time(to), *what));
            strokes(&panel("0s", "10h", &[]), stretches)
        };
        let small = [
            ("0s", "1s", 1),
            ("1s", "2s", 3),
            ("2s", "3s", 2),
            ("5h", "6h", 1),
        ];
        assert_eq!(drawn(&small), [(100, 102, 3), (400, 460, 1)]);
        let then_long = [("0s", "1s", 2), ("1s", "6h", 1), ("6h", "6h1s", 2)];
        assert_eq!(
            drawn(&then_long),
            [(100, 102, 2), (102, 460, 1), (460, 462, 2)],
            "what is over is not drawn on"
        );
        let gap = [("0s", "1h", 1), ("1h1m", "2h", 1)];
        assert_eq!(drawn(&gap), [(100, 160, 1), (161, 220, 1)]);
    }
}
