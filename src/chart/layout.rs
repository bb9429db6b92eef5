//! The picture as plain data: what is drawn, in which rows and panels, before a pixel is made.

use crate::chart::fault::{self, FaultRow};
use crate::chart::fold::{self, Lane};
use crate::chart::letters::{Size, width};
use crate::chart::look::Look;
use crate::chart::panel::{Panel, panels};
use crate::chart::{Failed, WIDTH};
use crate::names::{Kind, Subject};
use crate::text::clean;
use crate::time::Time;
use crate::timeline::Timeline;

/// More lanes than that are only counted.
const MOST_DRAWN: usize = 40;
/// The widest a name at the left may be, in pixels.
pub(super) const WIDEST_NAME: i32 = 270;
const RIGHT_MARGIN: i32 = 24;

/// A named instant: a dashed line over the lanes it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Deadline {
    pub(super) at: Time,
    pub(super) name: String,
    /// The first and the last of the lanes it is about.
    pub(super) lanes: (usize, usize),
}

/// Where an expectation failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mark {
    pub(super) at: Time,
    pub(super) number: usize,
    pub(super) lane: Option<usize>,
}

/// An expectation that failed, told in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Note {
    pub(super) number: usize,
    /// The first instant that shows it.
    pub(super) at: Time,
    pub(super) text: String,
    /// For how many subjects, and of how many.
    pub(super) of: (usize, usize),
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
    pub(super) notes: Vec<Note>,
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
        let over = fault::last(&faults).unwrap_or(timeline.until);
        let deadlines = deadlines(timeline, &lanes, over);
        let left_out = lanes.len().saturating_sub(MOST_DRAWN);
        lanes.truncate(MOST_DRAWN);
        let left = margin(&faults, &lanes);
        let wide = WIDTH - RIGHT_MARGIN - left;
        let first = fault::first(&faults).or_else(|| first_change(&lanes));
        let digest = timeline.digest().chars().take(16).collect::<String>();
        Picture {
            title: clean(&timeline.scenario).into_owned(),
            panels: panels(&lanes, first, timeline.until, left, wide),
            marks: marks(&lanes, failed),
            notes: notes(failed),
            faults,
            deadlines: deadlines
                .into_iter()
                .filter(|it| it.lanes.1 < lanes.len())
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

fn margin(faults: &[FaultRow], lanes: &[Lane]) -> i32 {
    let plain = |name: &str| width(name, Size::Plain);
    let faults = faults.iter().map(|row| plain(&row.name));
    let lanes = lanes.iter().flat_map(|lane| {
        let lines = lane.lines();
        let quiet = lines.iter().skip(1).map(|it| width(it, Size::Small)).max();
        [plain(&lane.name), quiet.unwrap_or(0)]
    });
    faults.chain(lanes).max().unwrap_or(0).min(WIDEST_NAME) + 28
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

/// For each region: by when its caches were gone, and by when its key had to be restored. A deadline that comes when all
/// faults are over was met, and warns of nothing.
fn deadlines(timeline: &Timeline, lanes: &[Lane], over: Time) -> Vec<Deadline> {
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
                    lanes: (first, last),
                });
            }
        };
        let gone = lanes.iter().filter_map(|lane| lane.caches_gone).max();
        add(gone, "caches gone by", later_second);
        let restore = restore_by(timeline, lanes).filter(|at| *at < over);
        add(restore, "restore by", earlier_second);
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
    };
    failed.iter().map(mark).collect()
}

/// One for each expectation that failed, however many subjects show it.
fn notes(failed: &[Failed]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for it in failed {
        match notes.iter_mut().find(|note| note.number == it.number) {
            Some(note) => note.at = note.at.min(it.at),
            None => notes.push(Note {
                number: it.number,
                at: it.at,
                text: clean(&it.text).into_owned(),
                of: it.of,
            }),
        }
    }
    notes
}
