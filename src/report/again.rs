//! What failed more than once, as under throttling: how often, and when it last came back.

use crate::states::{Ingest, Queries};
use crate::time::Time;
use crate::timeline::{Life, Step, Timeline};

/// Failures of a site's collections, of which one at least failed more than once.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Again {
    /// How often in all.
    pub times: u64,
    /// When the last of them was over; `None` while no collection was ever well again.
    pub back: Option<Time>,
    /// How many collections are not well at the end.
    pub failing: u64,
}

/// Of queries: from a failed one until all are served again.
pub(super) fn queries(timeline: &Timeline, lives: &[&Life]) -> Option<Again> {
    let tracks = lives.iter().map(|life| timeline.queries(life.subject));
    again(
        timeline,
        lives,
        tracks,
        |it| *it == Queries::All,
        |it| *it != Queries::All,
    )
}

/// Of ingestion: from a halt until it is running again, all that has gathered read.
pub(super) fn ingest(timeline: &Timeline, lives: &[&Life]) -> Option<Again> {
    let tracks = lives.iter().map(|life| timeline.ingests(life.subject));
    again(
        timeline,
        lives,
        tracks,
        |it| *it == Ingest::Running,
        |it| *it == Ingest::Halted,
    )
}

fn again<T>(
    timeline: &Timeline,
    lives: &[&Life],
    tracks: impl Iterator<Item = Vec<Step<T>>>,
    well: impl Fn(&T) -> bool,
    fails: impl Fn(&T) -> bool,
) -> Option<Again> {
    let mut all = Again {
        times: 0,
        back: None,
        failing: 0,
    };
    let mut most = 0;
    for (life, track) in lives.iter().zip(tracks) {
        // What is new has never been well yet; what is there from T+0 on should be.
        let from_start =
            timeline.plain(life.subject.id).from_start && life.subject.incarnation == 1;
        let mut was_well = from_start;
        let (mut failed, mut halted) = (false, false);
        let mut times = 0;
        for step in &track {
            // Ingestion may halt again while it catches up.
            if fails(&step.value) && !halted && (was_well || times > 0) {
                failed = true;
                times += 1;
            }
            halted = fails(&step.value);
            if well(&step.value) {
                if failed {
                    all.back = all.back.max(Some(step.from));
                }
                (was_well, failed) = (true, false);
            }
        }
        all.times += times;
        all.failing += u64::from(failed && life.deleted >= timeline.until);
        most = most.max(times);
    }
    (most > 1).then_some(all)
}
