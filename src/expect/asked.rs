//! The things one expectation asks of a subject: since when each is so, and what it was at an instant.

use crate::names::{Kind, Subject};
use crate::scenario::{Lag, What};
use crate::states::{AccessWord, Ingest, KeyState, Outcome, Place, Queries, SiteState, Status};
use crate::time::Time;
use crate::timeline::{Step, Timeline, at};

use super::piece::Piece;

/// One thing that is expected.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Asked<'a> {
    Queries(Queries),
    Ingest(Ingest),
    Status(Status),
    Outcome(Outcome),
    Lag(Lag),
    Error(&'a str),
    Site(SiteState),
    Access(AccessWord),
    Key(KeyState),
    Readable(bool),
}

/// What was at an instant, and the entry that says so.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Was {
    pub(super) value: String,
    pub(super) entry: Option<u32>,
}

impl Asked<'_> {
    /// Every state that is named; courses and numbers are judged apart.
    pub(super) fn all(what: &What) -> Vec<Asked<'_>> {
        let What {
            queries,
            ingest,
            status,
            outcome,
            lag,
            error,
            site,
            access,
            key,
            readable,
            courses: _,
            measures: _,
        } = what;
        [
            queries.map(Asked::Queries),
            ingest.map(Asked::Ingest),
            status.map(Asked::Status),
            outcome.map(Asked::Outcome),
            lag.map(Asked::Lag),
            error.as_deref().map(Asked::Error),
            site.map(Asked::Site),
            access.map(Asked::Access),
            key.map(Asked::Key),
            readable.map(Asked::Readable),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// As the language writes it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Asked::Queries(_) => "queries",
            Asked::Ingest(_) => "ingest",
            Asked::Status(_) => "status",
            Asked::Outcome(_) => "outcome",
            Asked::Lag(_) => "lag",
            Asked::Error(_) => "error",
            Asked::Site(_) | Asked::Key(_) => "state",
            Asked::Access(_) => "access",
            Asked::Readable(_) => "readable",
        }
    }

    /// What is wanted, as the language writes it.
    pub(super) fn wanted(self) -> String {
        match self {
            Asked::Queries(it) => it.word().to_owned(),
            Asked::Ingest(it) => it.word().to_owned(),
            Asked::Status(it) => it.word().to_owned(),
            Asked::Outcome(it) => it.word().to_owned(),
            Asked::Lag(Lag::Under(bound)) => format!("under {bound}"),
            Asked::Lag(Lag::Over(bound)) => format!("over {bound}"),
            Asked::Error(it) => it.to_owned(),
            Asked::Site(it) => it.word().to_owned(),
            Asked::Access(it) => it.word().to_owned(),
            Asked::Key(it) => it.word().to_owned(),
            Asked::Readable(it) => yes(it).to_owned(),
        }
    }

    /// Whether this is still judged of a collection that is deleted.
    pub(super) const fn outlives(self) -> bool {
        matches!(self, Asked::Status(_) | Asked::Outcome(_))
    }

    /// Whether it is so, over time. Where only one instant is looked at, the lag is that of this instant all the time: to
    /// find when it was which takes a look at each commit of the run.
    pub(super) fn steps(
        self,
        timeline: &Timeline,
        piece: &Piece,
        only: Option<Time>,
    ) -> Vec<Step<bool>> {
        let subject = piece.subject;
        match self {
            Asked::Queries(it) => so(timeline.queries(subject), |value| value == it),
            Asked::Ingest(it) => so(timeline.ingests(subject), |value| value == it),
            Asked::Status(it) => so(timeline.statuses(subject), |value| value == it),
            Asked::Outcome(it) => so(timeline.outcomes(subject), |value| value == Some(it)),
            Asked::Lag(bound) => lag(timeline, piece, bound, only),
            Asked::Error(code) => so(timeline.accesses_of(site(timeline, subject)), |access| {
                error(timeline, access) == code
            }),
            Asked::Site(it) => so(timeline.site_states(subject.id), |value| value == it),
            Asked::Access(it) => so(timeline.accesses_of(subject.id), |access| {
                timeline.accesses[access as usize].word() == it
            }),
            Asked::Key(it) => so(timeline.key_states(subject.id), |value| value == it),
            Asked::Readable(it) => so(timeline.readable(subject.id, place(piece)), |value| {
                value == it
            }),
        }
    }

    /// What it was at an instant of the piece, after everything of that instant.
    pub(super) fn was(self, timeline: &Timeline, piece: &Piece, time: Time) -> Was {
        let subject = piece.subject;
        match self {
            Asked::Queries(_) => word(&timeline.queries(subject), time, |it| it.word()),
            Asked::Ingest(_) => word(&timeline.ingests(subject), time, |it| it.word()),
            Asked::Status(_) => word(&timeline.statuses(subject), time, |it| it.word()),
            Asked::Outcome(_) => word(&timeline.outcomes(subject), time, |it| {
                it.map_or("none yet", Outcome::word)
            }),
            Asked::Lag(_) => Was {
                value: timeline.lag_at(subject, time).to_string(),
                entry: at(&timeline.ingests(subject), time).and_then(|step| step.entry),
            },
            Asked::Error(_) => word(
                &timeline.accesses_of(site(timeline, subject)),
                time,
                |access| error(timeline, *access),
            ),
            Asked::Site(_) => word(&timeline.site_states(subject.id), time, |it| it.word()),
            Asked::Access(_) => word(&timeline.accesses_of(subject.id), time, |access| {
                timeline.accesses[*access as usize].word().word()
            }),
            Asked::Key(_) => word(&timeline.key_states(subject.id), time, |it| it.word()),
            Asked::Readable(_) => readable(timeline, subject.id, place(piece), time),
        }
    }
}

/// Whether the lag is within its bound, over time or at the only instant that is looked at.
fn lag(timeline: &Timeline, piece: &Piece, bound: Lag, only: Option<Time>) -> Vec<Step<bool>> {
    let Some(time) = only else {
        return match bound {
            Lag::Under(bound) => timeline.lag_beyond(piece.subject, bound, false),
            Lag::Over(bound) => timeline.lag_beyond(piece.subject, bound, true),
        };
    };
    if !(piece.from..piece.to).contains(&time) {
        return Vec::new();
    }
    let lag = timeline.lag_at(piece.subject, time);
    let value = match bound {
        Lag::Under(bound) => lag < bound,
        Lag::Over(bound) => lag > bound,
    };
    vec![Step {
        from: piece.from,
        value,
        entry: None,
    }]
}

/// Whether a place was readable; a cache that is empty is so because of its site's access.
fn readable(timeline: &Timeline, site: u32, place: Place, time: Time) -> Was {
    let was = word(&timeline.readable(site, place), time, |it| yes(*it));
    let access = at(&timeline.accesses_of(site), time).and_then(|step| step.entry);
    Was {
        entry: was.entry.or(access),
        ..was
    }
}

fn so<T: Copy>(steps: Vec<Step<T>>, is: impl Fn(T) -> bool) -> Vec<Step<bool>> {
    steps
        .into_iter()
        .map(|step| Step {
            from: step.from,
            value: is(step.value),
            entry: step.entry,
        })
        .collect()
}

fn word<T>(steps: &[Step<T>], time: Time, say: impl Fn(&T) -> &'static str) -> Was {
    match at(steps, time) {
        Some(step) => Was {
            value: say(&step.value).to_owned(),
            entry: step.entry,
        },
        None => Was {
            value: "not there".to_owned(),
            entry: None,
        },
    }
}

/// The site whose access counts.
pub(super) fn site(timeline: &Timeline, subject: Subject) -> u32 {
    match subject.kind {
        Kind::Collection => timeline.names.home(subject.id).site,
        Kind::Site | Kind::Key | Kind::Replica | Kind::Region | Kind::Org => subject.id,
    }
}

pub(super) fn error(timeline: &Timeline, access: u32) -> &'static str {
    timeline.accesses[access as usize].error().unwrap_or("none")
}

pub(super) fn place(piece: &Piece) -> Place {
    piece
        .place
        .expect("`readable` is asked of places, as resolve has checked")
}

pub(super) const fn yes(it: bool) -> &'static str {
    if it { "yes" } else { "no" }
}
