//! The picture as plain data: what is drawn, in which rows and panels, before a pixel is made.

use crate::chart::fault::{self, FaultRow};
use crate::chart::fold::{self, Lane};
use crate::chart::look::Look;
use crate::chart::panel::{Panel, panels};
use crate::chart::{Failed, WIDTH};
use crate::names::{Kind, Subject};
use crate::text::clean;
use crate::time::Time;
use crate::timeline::Timeline;

/// More lanes than that are only counted.
const MOST_DRAWN: usize = 40;
/// The widest a name at the left may be, in characters.
pub(super) const LONGEST_NAME: usize = 44;
/// About the width of a character of the small text.
pub(super) const CHARACTER: i32 = 6;
const RIGHT_MARGIN: i32 = 24;

/// A named instant: a dashed line over the lanes it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Deadline {
    pub(super) at: Time,
    pub(super) name: String,
    /// The last of the lanes it is about.
    pub(super) lane: usize,
}

/// Where an expectation failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    pub(super) at: Time,
    pub(super) number: usize,
    pub(super) lane: Option<usize>,
    pub(super) text: String,
}

/// All that is drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Picture {
    pub(super) title: String,
    pub(super) panels: Vec<Panel>,
    pub(super) faults: Vec<FaultRow>,
    pub(super) lanes: Vec<Lane>,
    /// Lanes that found no place.
    pub(super) left_out: usize,
    pub(super) deadlines: Vec<Deadline>,
    pub(super) marks: Vec<Mark>,
    pub(super) until: Time,
    pub(super) small_print: String,
    /// 16 hex digits.
    pub(super) digest: String,
}

impl Picture {
    /// The picture of a run.
    pub(super) fn new(timeline: &Timeline, failed: &[Failed]) -> Picture {
        let faults = fault::rows(timeline);
        let mut lanes = fold::lanes(timeline);
        let deadlines = deadlines(timeline, &lanes);
        let left_out = lanes.len().saturating_sub(MOST_DRAWN);
        lanes.truncate(MOST_DRAWN);
        let left = margin(&faults, &lanes);
        let width = WIDTH - RIGHT_MARGIN - left;
        let first = fault::first(&faults).or_else(|| first_change(&lanes));
        let digest = timeline.digest().chars().take(16).collect::<String>();
        Picture {
            title: clean(&timeline.scenario).into_owned(),
            panels: panels(&lanes, first, timeline.until, left, width),
            marks: marks(&lanes, failed),
            faults,
            deadlines: deadlines
                .into_iter()
                .filter(|it| it.lane < lanes.len())
                .collect(),
            lanes,
            left_out,
            until: timeline.until,
            small_print: small_print(timeline, &digest),
            digest,
        }
    }

    /// The looks that occur, in their order.
    pub(super) fn looks(&self) -> Vec<Look> {
        let bands = self.lanes.iter().flat_map(|lane| &lane.history.bands);
        let mut looks: Vec<Look> = bands.map(|band| band.look).collect();
        looks.sort_unstable();
        looks.dedup();
        looks
    }

    /// Whether somewhere nothing is ingested while queries are served.
    pub(super) fn halts(&self) -> bool {
        self.lanes.iter().any(|lane| !lane.history.halts.is_empty())
    }
}

/// A name that is too long is cut in the middle, where names of one org or region are alike.
pub(super) fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST_NAME {
        return name.to_owned();
    }
    let head = LONGEST_NAME / 2;
    let tail = LONGEST_NAME - head - 1;
    let first = name.chars().take(head);
    let last = name.chars().skip(length - tail);
    first.chain(std::iter::once('…')).chain(last).collect()
}

fn margin(faults: &[FaultRow], lanes: &[Lane]) -> i32 {
    let names = faults
        .iter()
        .map(|row| &row.name)
        .chain(lanes.iter().map(|lane| &lane.name));
    let longest = names.map(|name| shortened(name).chars().count()).max();
    longest.unwrap_or(0) as i32 * CHARACTER + 28
}

fn first_change(lanes: &[Lane]) -> Option<Time> {
    let seconds = lanes.iter().filter_map(|lane| lane.history.bands.get(1));
    seconds.map(|band| band.from).min()
}

fn small_print(timeline: &Timeline, digest: &str) -> String {
    format!(
        "{} · seed {} · digest {digest} · keyoutage",
        timeline.profile, timeline.seed.0
    )
}

/// For each region: by when its caches were gone, and by when its key had to be restored.
fn deadlines(timeline: &Timeline, lanes: &[Lane]) -> Vec<Deadline> {
    let mut deadlines: Vec<Deadline> = Vec::new();
    let regions = by_region(timeline, lanes);
    for (region, range) in &regions {
        let of = if regions.len() > 1 {
            format!("{region}: ")
        } else {
            String::new()
        };
        let first = range.start;
        let lanes = &lanes[range.clone()];
        let hurt = lanes.iter().rposition(|lane| lane.history.bands.len() > 1);
        let last = first + hurt.unwrap_or(0);
        let mut add = |at: Option<Time>, name: &str, told: fn(Time) -> Time| {
            if let Some(at) = at.filter(|at| *at < timeline.until) {
                deadlines.push(Deadline {
                    at,
                    name: format!("{of}{name} {}", told(at)),
                    lane: last,
                });
            }
        };
        let gone = lanes.iter().filter_map(|lane| lane.caches_gone).max();
        add(gone, "caches gone by", later_second);
        add(restore_by(timeline, lanes), "restore by", earlier_second);
    }
    deadlines.sort_by(|a, b| (a.at, &a.name).cmp(&(b.at, &b.name)));
    deadlines
}

/// Names in a picture have whole seconds: a deadline to keep is told early, one that is over is told late.
fn earlier_second(time: Time) -> Time {
    if time.ms() < 60_000 {
        time
    } else {
        Time::from_ms(time.ms() / 1_000 * 1_000)
    }
}

fn later_second(time: Time) -> Time {
    if time.ms() < 60_000 {
        time
    } else {
        Time::from_ms(time.ms().div_ceil(1_000) * 1_000)
    }
}

/// The regions with a deadline, and their lanes.
fn by_region(timeline: &Timeline, lanes: &[Lane]) -> Vec<(String, std::ops::Range<usize>)> {
    let mut regions: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    for (index, lane) in lanes.iter().enumerate() {
        let site = timeline.names.home(lane.members[0]).site;
        let name = timeline.names.region(timeline.names.site(site).2);
        match regions.last_mut() {
            Some((last, range)) if last == name => range.end = index + 1,
            _ => regions.push((name.to_owned(), index..index + 1)),
        }
    }
    regions.retain(|(_, range)| {
        lanes[range.clone()]
            .iter()
            .any(|lane| lane.history.bands.len() > 1)
    });
    regions
}

fn restore_by(timeline: &Timeline, lanes: &[Lane]) -> Option<Time> {
    let members = lanes.iter().flat_map(|lane| &lane.members);
    members
        .filter_map(|id| {
            let subject = Subject::new(Kind::Collection, *id);
            timeline.measures(subject).restore_deadline
        })
        .min()
}

fn marks(lanes: &[Lane], failed: &[Failed]) -> Vec<Mark> {
    let lane_of = |subject: Subject| {
        lanes.iter().position(|lane| {
            subject.kind == Kind::Collection && lane.members.binary_search(&subject.id).is_ok()
        })
    };
    let mark = |it: &Failed| Mark {
        at: it.at,
        number: it.number,
        lane: it.subject.and_then(lane_of),
        text: clean(&it.text).into_owned(),
    };
    failed.iter().map(mark).collect()
}
