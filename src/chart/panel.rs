//! Panels: which stretch of the run is drawn where, and its ticks. Integers only, so goldens are stable.

use crate::chart::fold::Lane;
use crate::time::{Span, Time};

/// A band under so many pixels is too small to be seen.
const SMALLEST: u64 = 6;
/// Space around what the left panel shows; bands further apart than three of it are not shown together.
const AROUND: Span = Span::from_ms(10 * 60_000);
/// The space between two panels.
pub(super) const GUTTER: i32 = 44;
/// The least space between two ticks.
const TICK_WIDTH: i32 = 50;
/// The most ticks of a panel.
const MOST_TICKS: u64 = 9;

/// The steps of ticks, in milliseconds.
const STEPS: [u64; 30] = [
    1,
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    14_400_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    604_800_000,
    2_419_200_000,
];

/// A stretch of the run, drawn from `left` on, `width` pixels wide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Panel {
    pub(super) name: String,
    pub(super) from: Time,
    pub(super) to: Time,
    pub(super) left: i32,
    pub(super) width: i32,
    pub(super) ticks: Vec<Time>,
}

impl Panel {
    fn new(name: String, from: Time, to: Time, left: i32, width: i32) -> Panel {
        let step = step(to.since(from), width);
        Panel {
            name,
            from,
            to,
            left,
            width,
            ticks: ticks(from, to, step),
        }
    }

    /// Where an instant is drawn; what lies outside is drawn at the edge.
    pub(super) fn x(&self, time: Time) -> i32 {
        let length = u128::from(self.to.since(self.from).ms().max(1));
        let after = u128::from(time.min(self.to).since(self.from).ms());
        self.left + (after * self.width as u128 / length) as i32
    }

    /// Whether an instant is in it.
    pub(super) fn shows(&self, time: Time) -> bool {
        time >= self.from && time <= self.to
    }
}

/// One panel, or two when some band would be too small to see in one: what happens first, and the whole.
pub(super) fn panels(
    lanes: &[Lane],
    first_fault: Option<Time>,
    until: Time,
    left: i32,
    width: i32,
) -> Vec<Panel> {
    let whole = |left, width| Panel::new("whole run".to_owned(), Time::START, until, left, width);
    let Some((start, end)) = close(lanes, first_fault, until, width) else {
        return vec![whole(left, width)];
    };
    let from = start.before(AROUND).unwrap_or(Time::START);
    let to = (end + AROUND).min(until);
    let near = (width - GUTTER) * 9 / 20;
    let step = Span::from_ms(step(to.since(from), near));
    let from = down(from, step);
    let to = up(to, step).min(until);
    if to.since(from).ms().saturating_mul(2) > until.ms() {
        return vec![whole(left, width)];
    }
    let what = if Some(start) == first_fault {
        "first minutes"
    } else {
        "closer"
    };
    let name = format!("{what}: {from} to {to}");
    vec![
        Panel::new(name, from, to, left, near),
        whole(left + near + GUTTER, width - GUTTER - near),
    ]
}

/// The stretch that the left panel must show: from the first fault to the end of the small bands that follow it closely;
/// without such, that of the first ones there are.
fn close(
    lanes: &[Lane],
    first_fault: Option<Time>,
    until: Time,
    width: i32,
) -> Option<(Time, Time)> {
    let small = small(lanes, until, width);
    let first = small.first()?.0;
    let start = match first_fault {
        Some(fault) if fault <= first && near(fault, first) => fault,
        _ => first,
    };
    let mut end = start;
    for (from, to) in small {
        if !near(end, from) {
            break;
        }
        end = end.max(to);
    }
    Some((start, end))
}

fn near(earlier: Time, later: Time) -> bool {
    later.since(earlier).ms() <= 3 * AROUND.ms()
}

/// The bands that one panel of that width would hide, ascending.
fn small(lanes: &[Lane], until: Time, width: i32) -> Vec<(Time, Time)> {
    let mut small: Vec<(Time, Time)> = lanes
        .iter()
        .flat_map(|lane| &lane.history.bands)
        .filter(|band| {
            let pixels = u128::from(band.to.since(band.from).ms()) * width as u128;
            pixels < u128::from(SMALLEST) * u128::from(until.ms())
        })
        .map(|band| (band.from, band.to))
        .collect();
    small.sort_unstable();
    small
}

/// The smallest step that gives few enough ticks.
fn step(length: Span, width: i32) -> u64 {
    let room = u64::try_from(width / TICK_WIDTH).unwrap_or(1);
    let most = room.clamp(1, MOST_TICKS);
    let listed = STEPS.iter().copied();
    let doubled =
        std::iter::successors(Some(2 * STEPS[STEPS.len() - 1]), |step| step.checked_mul(2));
    listed
        .chain(doubled)
        .find(|step| length.ms() / step < most)
        .unwrap_or(u64::MAX)
}

fn ticks(from: Time, to: Time, step: u64) -> Vec<Time> {
    let first = from.ms().div_ceil(step);
    let last = to.ms() / step;
    (first..=last).map(|n| Time::from_ms(n * step)).collect()
}

fn down(time: Time, step: Span) -> Time {
    Time::from_ms(time.ms() / step.ms() * step.ms())
}

fn up(time: Time, step: Span) -> Time {
    Time::from_ms(time.ms().div_ceil(step.ms()).saturating_mul(step.ms()))
}

#[cfg(test)]
mod tests {
    use super::{Panel, panels, step, ticks};
    use crate::chart::fold::Lane;
    use crate::chart::history::{Band, History};
    use crate::chart::look::Look;
    use crate::time::{Span, Time};

    fn time(text: &str) -> Time {
        Time::START + Span::parse(text).expect("a length")
    }

    fn lane(bands: &[(&str, &str, Look)]) -> Lane {
        let bands = bands.iter().map(|(from, to, look)| Band {
            from: time(from),
            to: time(to),
            look: *look,
        });
        Lane {
            name: "a/b/c".to_owned(),
            history: History {
                bands: bands.collect(),
                halts: Vec::new(),
            },
            spread: Span::ZERO,
            caches_gone: None,
            members: vec![0],
        }
    }

    #[test]
    fn ticks_are_few_and_round() {
        for (length, width, expected) in [("24h", 424, "4h"), ("25m", 320, "5m"), ("7d", 750, "1d")]
        {
            let length = Span::parse(length).expect("a length");
            let step = step(length, width);
            assert_eq!(Span::from_ms(step).to_string(), expected);
            assert!(ticks(Time::START, Time::START + length, step).len() <= 9);
        }
        let century = Span::parse("36500d").expect("a length");
        assert!(ticks(Time::START, Time::START + century, step(century, 300)).len() <= 9);
        assert_eq!(
            ticks(Time::START, Time::from_ms(1), step(Span::from_ms(1), 300)).len(),
            2
        );
    }

    #[test]
    fn minutes_stand_beside_hours_only_where_a_band_would_be_too_small() {
        let plain = lane(&[("0s", "12h", Look::Serving), ("12h", "24h", Look::Down)]);
        let one = panels(&[plain], Some(time("12h")), time("24h"), 0, 750);
        assert_eq!(one.len(), 1);
        let outage = lane(&[
            ("0s", "1h", Look::Serving),
            ("1h", "1h5m", Look::FromCache),
            ("1h5m", "5h", Look::Down),
            ("5h", "24h", Look::Paused),
        ]);
        let two = panels(&[outage], Some(time("1h")), time("24h"), 0, 750);
        let shown: Vec<(Time, Time)> = two.iter().map(|panel| (panel.from, panel.to)).collect();
        assert_eq!(
            shown,
            [(time("50m"), time("1h15m")), (Time::START, time("24h"))]
        );
    }

    #[test]
    fn instants_have_their_pixels() {
        let panel = Panel::new(String::new(), time("1h"), time("2h"), 100, 600);
        let xs = ["30m", "1h", "1h30m", "2h", "3h"].map(|text| panel.x(time(text)));
        assert_eq!(xs, [100, 100, 400, 700, 700]);
    }
}
