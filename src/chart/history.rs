//! One collection's life as bands: from the states of all its incarnations to one row of looks.

use crate::chart::look::{Facts, Look};
use crate::names::Subject;
use crate::states::Place;
use crate::time::Time;
use crate::timeline::{Step, Timeline, at};

/// A stretch of one look, `[from, to)`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Band {
    pub(super) from: Time,
    pub(super) to: Time,
    pub(super) look: Look,
}

/// A collection's bands, and the stretches in which nothing is ingested though queries are served.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct History {
    pub(super) bands: Vec<Band>,
    pub(super) halts: Vec<(Time, Time)>,
}

impl History {
    fn add(&mut self, from: Time, to: Time, facts: Facts) {
        if from >= to {
            return;
        }
        if let Some(look) = facts.look() {
            match self.bands.last_mut() {
                Some(last) if last.look == look && last.to == from => last.to = to,
                _ => self.bands.push(Band { from, to, look }),
            }
        }
        if facts.halted() {
            match self.halts.last_mut() {
                Some(last) if last.1 == from => last.1 = to,
                _ => self.halts.push((from, to)),
            }
        }
    }
}

/// The history of a collection, all its incarnations one after the other; `readable` is its site's storage over time.
pub(super) fn of(timeline: &Timeline, id: u32, readable: &[Step<bool>]) -> History {
    let mut history = History::default();
    let lives = timeline.incarnations(id);
    for (index, subject) in lives.iter().enumerate() {
        let end = lives
            .get(index + 1)
            .map_or(timeline.until, |next| timeline.made(*next));
        add_life(&mut history, timeline, *subject, end, readable);
    }
    history
}

fn add_life(
    history: &mut History,
    timeline: &Timeline,
    subject: Subject,
    end: Time,
    readable: &[Step<bool>],
) {
    let statuses = timeline.statuses(subject);
    let queries = timeline.queries(subject);
    let ingests = timeline.ingests(subject);
    let outcomes = timeline.outcomes(subject);
    let made = timeline.made(subject);
    let mut turns = vec![made];
    turns.extend(froms(&statuses));
    turns.extend(froms(&queries));
    turns.extend(froms(&ingests));
    turns.extend(froms(&outcomes));
    turns.extend(froms(readable));
    turns.retain(|turn| *turn >= made && *turn < end);
    turns.sort_unstable();
    turns.dedup();
    for (index, from) in turns.iter().enumerate() {
        let to = turns.get(index + 1).copied().unwrap_or(end);
        let (Some(status), Some(queries), Some(ingest)) = (
            at(&statuses, *from),
            at(&queries, *from),
            at(&ingests, *from),
        ) else {
            continue;
        };
        let facts = Facts {
            status: status.value,
            queries: queries.value,
            ingest: ingest.value,
            outcome: at(&outcomes, *from).and_then(|step| step.value),
            readable: at(readable, *from).is_none_or(|step| step.value),
        };
        history.add(*from, to, facts);
    }
}

/// The storage of a site over time: whether reads are granted there.
pub(super) fn readable(timeline: &Timeline, site: u32) -> Vec<Step<bool>> {
    timeline.readable(site, Place::Storage)
}

fn froms<T>(steps: &[Step<T>]) -> impl Iterator<Item = Time> + '_ {
    steps.iter().map(|step| step.from)
}
