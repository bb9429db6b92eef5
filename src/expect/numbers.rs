//! Numbers of a run against their bounds: counts, measures, and when milestones were reached.
//!
//! A name without a number means all incarnations of a collection: queries, unavailable time and lost bytes are added up,
//! the greatest lag is the greatest and the slack of the source the least; of everything else the first that has it counts.

use crate::names::Subject;
use crate::scenario::{Bound, Expectation, Measured, Quantity, When};
use crate::states::{Ingest, Measure, Milestone, Queries, Status, Unit};
use crate::text::grouped;
use crate::time::{Span, Time};
use crate::timeline::{Entry, Fact, Timeline};

use super::{Failure, Judged};

/// A number, of whom it is, and the entry that shows it.
struct Number {
    value: Option<i128>,
    subject: Subject,
    entry: Option<u32>,
}

/// Whether all numbers are within their bounds.
pub(super) fn hold(asked: &Expectation, judged: Judged, timeline: &Timeline) -> bool {
    let lives = lives(judged, timeline);
    let fits = |it: &Measured| {
        let number = number(it.of, asked.when, &lives, timeline);
        it.bound.fits(number.value)
    };
    !lives.is_empty() && asked.what.measures.iter().all(fits)
}

/// The entries that show the numbers of a subject.
pub(super) fn showing(asked: &Expectation, judged: Judged, timeline: &Timeline) -> Vec<u32> {
    let lives = lives(judged, timeline);
    let of = |it: &Measured| number(it.of, asked.when, &lives, timeline).entry;
    match lives.is_empty() {
        true => Vec::new(),
        false => asked.what.measures.iter().filter_map(of).collect(),
    }
}

/// Why they are not.
pub(super) fn tell(asked: &Expectation, judged: Judged, timeline: &Timeline) -> Failure {
    let lives = lives(judged, timeline);
    if lives.is_empty() {
        return Failure {
            subject: judged.subject,
            place: None,
            instant: None,
            was: "it was never there in this run".to_owned(),
            nearest: None,
            entries: Vec::new(),
            from_start: false,
            chain: Vec::new(),
        };
    }
    let mut was = Vec::new();
    let mut missed = Vec::new();
    let mut entries = Vec::new();
    let mut subject = lives[0];
    for it in &asked.what.measures {
        let number = number(it.of, asked.when, &lives, timeline);
        let said = number
            .value
            .map_or("never".to_owned(), |it_| text(it.of.unit(), it_));
        was.push(format!("{} {said}", it.of.word()));
        if !it.bound.fits(number.value) {
            missed.push(miss(it, number.value));
            entries.extend(number.entry);
            subject = number.subject;
        }
    }
    entries.sort_unstable();
    entries.dedup();
    let last = entries.last().copied();
    // What never came has no entry, and no instant that shows it.
    let ever = asked.what.measures.iter().any(|it| {
        let value = number(it.of, asked.when, &lives, timeline).value;
        value.is_some() && !it.bound.fits(value)
    });
    let instant = match last {
        Some(at) => Some(timeline.entries[at as usize].time),
        None => ever.then_some(end(asked.when, timeline)),
    };
    Failure {
        subject,
        place: None,
        instant,
        was: format!("{}{}", was.join(", "), span(asked.when)),
        nearest: Some(missed.join("; ")),
        entries,
        from_start: false,
        chain: last.map_or(Vec::new(), |at| timeline.chain(at)),
    }
}

/// The last instant that is counted.
fn end(when: When, timeline: &Timeline) -> Time {
    match when {
        When::At(time) | When::During(_, time) => time,
        _ => timeline.until,
    }
}

/// Of which part of the run.
fn span(when: When) -> String {
    match when {
        When::At(time) => format!(" up to {time}"),
        When::During(from, to) => format!(" from {from} to {to}"),
        _ => " in the whole run".to_owned(),
    }
}

/// How far a number is from its bound.
fn miss(it: &Measured, value: Option<i128>) -> String {
    let name = it.of.word();
    let (never, ever) = match it.of {
        Quantity::Milestone(_) => ("never came", "came, and must never come"),
        Quantity::Measure(_) => ("is not there to be measured", "is there, and must not be"),
    };
    let Some(value) = value else {
        return format!("{name} {never}");
    };
    if it.bound == Bound::Never {
        return format!("{name} {ever}");
    }
    // Under and over are told by the number that is written, which itself does not fit.
    let by = match it.bound {
        Bound::Under(bound) | Bound::Over(bound) => value - bound,
        _ => it.bound.missed_by(value),
    };
    let few = matches!(it.bound, Bound::Over(_)) || by < 0;
    if by == 0 {
        let word = if few { "over" } else { "under" };
        return format!("{name} is just that, and not {word} it");
    }
    let distance = text(length_of(it.of.unit()), by.abs());
    let too = match (it.of.unit(), few) {
        (Unit::Instant, true) => "too early",
        (Unit::Instant, false) => "too late",
        (Unit::Count, true) => "too few",
        (Unit::Count, false) => "too many",
        (Unit::Bytes | Unit::Length, true) => "too little",
        (Unit::Bytes | Unit::Length, false) => "too much",
    };
    format!("{name} is {distance} {too}")
}

/// The unit of a difference.
const fn length_of(unit: Unit) -> Unit {
    match unit {
        Unit::Instant => Unit::Length,
        Unit::Count | Unit::Bytes | Unit::Length => unit,
    }
}

/// A number in its unit.
fn text(unit: Unit, value: i128) -> String {
    let size = u64::try_from(value.unsigned_abs()).unwrap_or(u64::MAX);
    let sign = if value < 0 { "-" } else { "" };
    match unit {
        Unit::Count => format!("{sign}{}", grouped(size)),
        Unit::Bytes => format!("{sign}{} B", grouped(size)),
        Unit::Length => format!("{sign}{}", Span::from_ms(size)),
        Unit::Instant => Time::from_ms(size).to_string(),
    }
}

/// The incarnations that are meant.
fn lives(judged: Judged, timeline: &Timeline) -> Vec<Subject> {
    let mut all = timeline.incarnations(judged.subject.id);
    if judged.certain {
        all.retain(|it| *it == judged.subject);
    }
    all
}

/// A number of some incarnations, of which there is one at least.
fn number(of: Quantity, when: When, lives: &[Subject], timeline: &Timeline) -> Number {
    let measure = match of {
        Quantity::Milestone(it) => {
            return first(lives, timeline, &Shows::Milestone(it), |subject| {
                timeline
                    .milestone(subject, it)
                    .map(|time| i128::from(time.ms()))
            });
        }
        Quantity::Measure(it) => it,
    };
    let from = match when {
        When::During(from, _) => from,
        _ => Time::START,
    };
    let to = end(when, timeline).next().min(timeline.until);
    let counts = |subject| timeline.traffic_in(subject, from.min(to), to);
    let sum = |value: &dyn Fn(Subject) -> u64| {
        let all = lives.iter().map(|it| i128::from(value(*it)));
        Some(all.sum())
    };
    let whole = |subject: &Subject| timeline.measure(*subject, measure);
    let value = match measure {
        Measure::QueriesIssued => sum(&|it| counts(it).issued),
        Measure::QueriesServed => sum(&|it| counts(it).served()),
        Measure::QueriesFailed => sum(&|it| counts(it).failed),
        Measure::Unavailable | Measure::LostBytes => Some(lives.iter().filter_map(whole).sum()),
        Measure::GreatestLag => lives.iter().filter_map(whole).max(),
        Measure::SourceSlack => lives.iter().filter_map(whole).min(),
        Measure::Fault
        | Measure::ToFirstFailedQuery
        | Measure::CacheGrace
        | Measure::ToHalt
        | Measure::ToPause
        | Measure::RestoreDeadline
        | Measure::CatchUp => {
            let shows = shows(measure, when, timeline);
            return first(lives, timeline, &shows, |subject| whole(&subject));
        }
    };
    let (subject, entry) = shown(lives, timeline, &shows(measure, when, timeline));
    Number {
        value,
        subject,
        entry,
    }
}

/// The first incarnation's number that there is.
fn first(
    lives: &[Subject],
    timeline: &Timeline,
    shows: &Shows,
    value: impl Fn(Subject) -> Option<i128>,
) -> Number {
    let found = lives.iter().find_map(|it| Some((*it, value(*it)?)));
    let subject = found.map_or(lives[0], |it| it.0);
    Number {
        value: found.map(|it| it.1),
        subject,
        entry: shown(&[subject], timeline, shows).1,
    }
}

/// Which entry shows a number.
#[derive(Copy, Clone, Debug)]
enum Shows {
    /// The first that is a milestone.
    Milestone(Milestone),
    /// The first that took something: not every query served, ingestion halted, or the key's error.
    Fault,
    /// The first after which not every query was served.
    Unserved,
    /// The last up to then that made more or fewer queries come.
    Issued(Time),
    /// The last up to then that made more or fewer queries come, or be served.
    Served(Time),
}

impl Shows {
    fn is(self, entry: &Entry) -> bool {
        let served = matches!(entry.fact, Fact::Queries { .. } | Fact::Status { .. });
        let issued = matches!(
            entry.fact,
            Fact::Traffic { .. } | Fact::Deleted | Fact::Created | Fact::Recreated
        );
        match self {
            Shows::Milestone(it) => entry.milestones.has(it),
            Shows::Fault => match entry.fact {
                Fact::Queries { to, .. } => to != Queries::All,
                Fact::Ingest { to, .. } => to == Ingest::Halted,
                Fact::Status { to, .. } => to == Status::EncryptionKeyError,
                _ => false,
            },
            Shows::Unserved => {
                matches!(entry.fact, Fact::Queries { to, .. } if to != Queries::All)
            }
            Shows::Issued(time) => issued && entry.time <= time,
            Shows::Served(time) => (issued || served) && entry.time <= time,
        }
    }
}

/// The entry that shows a measure.
fn shows(measure: Measure, when: When, timeline: &Timeline) -> Shows {
    Shows::Milestone(match measure {
        Measure::QueriesIssued => return Shows::Issued(end(when, timeline)),
        // Of a part of the run, what was last so in it; of the whole, when they first failed.
        Measure::QueriesServed | Measure::QueriesFailed if when != When::Whole => {
            return Shows::Served(end(when, timeline));
        }
        Measure::Unavailable => return Shows::Unserved,
        Measure::Fault => return Shows::Fault,
        Measure::QueriesServed | Measure::QueriesFailed | Measure::ToFirstFailedQuery => {
            Milestone::FirstFailedQuery
        }
        Measure::CacheGrace => Milestone::AllQueriesFailing,
        Measure::ToHalt | Measure::GreatestLag | Measure::SourceSlack => Milestone::IngestHalted,
        Measure::ToPause => Milestone::Pausing,
        Measure::RestoreDeadline => Milestone::KeyError,
        Measure::CatchUp => Milestone::IngestRecovered,
        Measure::LostBytes => Milestone::DataLost,
    })
}

/// The entry that shows a number, and of whom: of those that say until when, the last; of the others the first.
fn shown(lives: &[Subject], timeline: &Timeline, shows: &Shows) -> (Subject, Option<u32>) {
    let is = |at: &&u32| shows.is(&timeline.entries[**at as usize]);
    let found = |subject: Subject| {
        let mut about = timeline.about_one(subject).iter();
        let at = match shows {
            Shows::Issued(_) | Shows::Served(_) => about.rfind(is),
            Shows::Milestone(_) | Shows::Fault | Shows::Unserved => about.find(is),
        };
        at.map(|at| (subject, Some(*at)))
    };
    let mut all = lives.iter().copied();
    let found = match shows {
        Shows::Issued(_) | Shows::Served(_) => all.rev().find_map(found),
        Shows::Milestone(_) | Shows::Fault | Shows::Unserved => all.find_map(found),
    };
    found.unwrap_or((lives[0], None))
}
