//! Panels: which stretch of the run is drawn where, and its ticks. Integers only, so goldens are stable.

use crate::chart::fold::Lane;
use crate::chart::letters::{self, Size};
use crate::time::{Span, Time};

/// A band under so many pixels is too small to be looked at.
const SMALLEST: u64 = 15;
/// A band under so many pixels cannot be seen.
const SEEN: u64 = 6;
/// Space around what the left panel shows; bands further apart than three of it are not shown together.
const AROUND: Span = Span::from_ms(10 * 60_000);
/// The space between two panels.
pub(super) const GUTTER: i32 = 44;
/// The least space between two ticks.
const TICK_WIDTH: i32 = 50;
/// The most ticks of a panel.
const MOST_TICKS: u64 = 9;

/// The steps of ticks, in milliseconds.
const STEPS: [u64; 35] = [
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
    1_209_600_000,
    2_419_200_000,
    4_320_000_000,
    8_640_000_000,
    17_280_000_000,
    43_200_000_000,
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
        let step = step(from, to, width);
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
    let near = near_width(width);
    let (from, to) = aligned(from, to, until, near);
    if to.since(from).ms().saturating_mul(2) > until.ms() {
        return vec![whole(left, width)];
    }
    let short = to.since(from) < Span::from_ms(2 * 3_600_000);
    let what = if short && Some(start) == first_fault {
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

/// The width of the left one of two panels.
const fn near_width(width: i32) -> i32 {
    (width - GUTTER) * 9 / 20
}

/// The stretch that the left panel must show: from the first fault to the end of the small bands that follow it closely,
/// as far as an eighth of the run; without such, that of the first ones there are. What was before the first fault needs
/// no closer look.
fn close(
    lanes: &[Lane],
    first_fault: Option<Time>,
    until: Time,
    width: i32,
) -> Option<(Time, Time)> {
    let mut small = small(lanes, until, width);
    small.retain(|(from, _)| first_fault.is_none_or(|fault| *from >= fault));
    let first = small.first()?.0;
    let start = match first_fault {
        Some(fault) if near(fault, first) => fault,
        _ => first,
    };
    let far = first + Span::from_ms(until.ms() / 8);
    let mut end = start;
    for (from, to) in small {
        if !near(end, from) || (to > far && end > first) {
            break;
        }
        end = end.max(to);
    }
    Some((start, end))
}

fn near(earlier: Time, later: Time) -> bool {
    later.since(earlier).ms() <= 3 * AROUND.ms()
}

/// The bands that one panel of that width would hide and the left one of two would show, ascending.
fn small(lanes: &[Lane], until: Time, width: i32) -> Vec<(Time, Time)> {
    let under = |least: u64, length: Span, whole: Span, width: i32| {
        let pixels = u128::from(length.ms()) * width as u128;
        pixels < u128::from(least) * u128::from(whole.ms())
    };
    let mut small: Vec<(Time, Time)> = lanes
        .iter()
        .flat_map(|lane| &lane.history.bands)
        .filter(|band| {
            let length = band.to.since(band.from);
            let closer = AROUND + length + AROUND;
            under(SMALLEST, length, until.since(Time::START), width)
                && !under(SEEN, length, closer, near_width(width))
        })
        .map(|band| (band.from, band.to))
        .collect();
    small.sort_unstable();
    small
}

/// The steps of ticks, the smallest first, without end.
fn steps() -> impl Iterator<Item = u64> {
    let doubled =
        std::iter::successors(Some(2 * STEPS[STEPS.len() - 1]), |step| step.checked_mul(2));
    STEPS.into_iter().chain(doubled)
}

/// The smallest step that gives few enough ticks.
fn step(from: Time, to: Time, width: i32) -> u64 {
    let mut steps = steps();
    let found = steps.find(|step| few(from, to, *step, width));
    found.unwrap_or(u64::MAX)
}

/// The stretch, widened so that it begins and ends with a tick.
fn aligned(from: Time, to: Time, until: Time, width: i32) -> (Time, Time) {
    let widened = steps().map(|step| {
        let step = Span::from_ms(step);
        (down(from, step), up(to, step).min(until), step.ms())
    });
    let mut fitting = widened.filter(|it| few(it.0, it.1, it.2, width));
    fitting.next().map_or((from, to), |it| (it.0, it.1))
}

/// Whether ticks of that step are few enough, and their labels narrow enough, for a panel.
fn few(from: Time, to: Time, step: u64, width: i32) -> bool {
    let count = to.since(from).ms() / step;
    if count >= MOST_TICKS {
        return false;
    }
    let labels = ticks(from, to, step);
    let widest = labels
        .iter()
        .map(|it| letters::width(&it.to_string(), Size::Small));
    let room = TICK_WIDTH.max(widest.max().unwrap_or(0) + 10);
    let most = u64::try_from(width / room).unwrap_or(1).max(1);
    count < most
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
            count: None,
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
            let step = step(Time::START, Time::START + length, width);
            assert_eq!(Span::from_ms(step).to_string(), expected);
            assert!(ticks(Time::START, Time::START + length, step).len() <= 9);
        }
        let century = Span::parse("36500d").expect("a length");
        let end = Time::START + century;
        assert!(ticks(Time::START, end, step(Time::START, end, 300)).len() <= 9);
        let end = Time::from_ms(1);
        assert_eq!(
            ticks(Time::START, end, step(Time::START, end, 300)).len(),
            2
        );
        let years = step(Time::START, time("1100d"), 400);
        assert_eq!(Span::from_ms(years).to_string(), "200d");
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
    fn a_closer_look_begins_at_the_fault() {
        let deleted = lane(&[
            ("0s", "1h", Look::Serving),
            ("1h", "1h5m", Look::FromCache),
            ("1h5m", "9d", Look::Down),
        ]);
        let two = panels(&[deleted], Some(time("1h")), time("9d"), 0, 750);
        assert_eq!((two[0].from, two[0].to), (time("50m"), time("1h15m")));
    }

    #[test]
    fn a_closer_look_needs_something_to_see() {
        let back = lane(&[
            ("0s", "1h", Look::Serving),
            ("1h", "7h", Look::Down),
            ("7h", "7h4s", Look::Serving),
            ("7h4s", "12h", Look::CatchingUp),
        ]);
        assert_eq!(
            panels(&[back], Some(time("1h")), time("12h"), 0, 750).len(),
            1
        );
    }

    #[test]
    fn of_much_that_is_small_the_first_is_looked_at() {
        let mut bands = vec![("0s".to_owned(), "1h".to_owned(), Look::Serving)];
        for minute in 60..240 {
            let look = [Look::FromCache, Look::Serving][minute % 2];
            bands.push((format!("{minute}m"), format!("{}m", minute + 1), look));
        }
        let bands: Vec<(&str, &str, Look)> = bands
            .iter()
            .map(|(from, to, look)| (from.as_str(), to.as_str(), *look))
            .collect();
        let two = panels(&[lane(&bands)], Some(time("1h")), time("6h"), 0, 750);
        assert_eq!((two[0].from, two[0].to), (time("45m"), time("2h")));
    }

    #[test]
    fn instants_have_their_pixels() {
        let panel = Panel::new(String::new(), time("1h"), time("2h"), 100, 600);
        let xs = ["30m", "1h", "1h30m", "2h", "3h"].map(|text| panel.x(time(text)));
        assert_eq!(xs, [100, 100, 400, 700, 700]);
    }
}
