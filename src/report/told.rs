//! A run as every saved form has it: who, when, in which words, with which numbers. What two runs are compared by.

use crate::names::{Kind, Subject};
use crate::states::Measure;
use crate::text::{clean, grouped};
use crate::time::{Calendar, Span, Time};
use crate::timeline::{Begin, Counts, Milestones, Timeline};

use super::Run;
use super::amounts::signed;
use super::header::{begin_words, begins};
use super::measures::{Value, listed};
use super::phrase::said;

/// A run, told.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// Which run it is.
    pub head: Head,
    /// Whether lines that are alike are folded, and quiet collections left out.
    pub golden: bool,
    /// Whether the numbers have the measures among them, or only what was counted.
    pub measured: bool,
    /// What was so at the start: whose state, in words. Members of a `count` are one, `name-[1..1000]`.
    pub begins: Vec<Begun>,
    /// What happened, in order.
    pub facts: Vec<Said>,
    /// The numbers of collections, one incarnation each, in the order of subjects; in the golden form also those of a
    /// site of which some are folded.
    pub numbers: Vec<(Whom, Numbers)>,
    /// The digest: 64 hex digits, or the first 16 of them.
    pub digest: String,
}

/// What was run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// The scenario's name, made safe to show.
    pub scenario: String,
    /// The profile's name.
    pub profile: String,
    /// The seed.
    pub seed: u64,
    /// `start:`, where it was given.
    pub start: Option<Calendar>,
    /// The end.
    pub until: Time,
    /// The numbers and choices that nobody published or that the scenario set, each with its value; `None` where the
    /// form does not keep them.
    pub set: Option<Vec<(String, String)>>,
    /// The other files that were read (policies), by name, with their SHA-256; `None` where the form does not keep them.
    pub files: Option<Vec<(String, String)>>,
}

/// A subject, by kind and name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Whom {
    /// What it is.
    pub kind: Kind,
    /// Its name: `acme/us-east-1/clicks#2`.
    pub name: String,
}

/// What was so of somebody at the start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Begun {
    /// Of whom.
    pub whom: Whom,
    /// In words.
    pub words: String,
    /// Whether it is what one hopes for; the golden form keeps only the rest.
    pub well: bool,
}

impl Begun {
    pub(super) fn of(begin: &Begin) -> Begun {
        Begun {
            whom: Whom {
                kind: begin.kind,
                name: begin.name.clone(),
            },
            words: begin_words(begin),
            well: begin.so.is_well(),
        }
    }
}

/// One thing that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Said {
    /// When.
    pub time: Time,
    /// To whom.
    pub whom: Whom,
    /// What, in the words of every output.
    pub words: String,
    /// Which milestones it is.
    pub milestones: Milestones,
}

/// A number of a collection.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Number {
    /// So many.
    Count(u64),
    /// So many bytes.
    Bytes(u64),
    /// An instant.
    At(Time),
    /// A length.
    For(Span),
    /// A length in milliseconds that may be negative.
    Signed(i64),
}

/// Numbers by name, in the order of [`NUMBERS`]; what does not apply is left out.
pub type Numbers = Vec<(&'static str, Number)>;

/// The names there are, and whether the golden form keeps them.
pub const NUMBERS: [(&str, bool); 16] = [
    // These two only where the golden form tells several as one: how many, and how long they were halted in all.
    ("collections", true),
    ("halted", true),
    ("issued", true),
    ("served", true),
    ("failed", true),
    ("lost_bytes", true),
    ("fault", false),
    ("to_first_failed_query", false),
    ("cache_grace", false),
    ("to_halt", false),
    ("to_pause", false),
    ("unavailable", false),
    ("greatest_lag", true),
    ("catch_up", false),
    ("source_slack", false),
    ("restore_deadline", true),
];

/// Whether a collection had a failure, a loss or a key error: whether its numbers are worth a line.
pub(super) fn suffered(numbers: &Numbers) -> bool {
    numbers.iter().any(|(name, number)| match *name {
        "failed" | "lost_bytes" => !matches!(number, Number::Count(0) | Number::Bytes(0)),
        "restore_deadline" => true,
        _ => false,
    })
}

/// The number of that name.
pub fn number(numbers: &Numbers, name: &str) -> Option<Number> {
    let found = numbers.iter().find(|(it, _)| *it == name);
    found.map(|(_, number)| *number)
}

impl Told {
    /// A run that is at hand.
    pub fn of(run: &Run<'_>) -> Told {
        let timeline = run.timeline;
        let whom = |subject: Subject| Whom {
            kind: subject.kind,
            name: timeline.names.text(subject),
        };
        let mut numbers = Vec::new();
        timeline.each_total(|timeline, subject| {
            numbers.push((whom(subject), numbers_of(timeline, subject)));
        });
        let facts = timeline.entries.iter().map(|entry| Said {
            time: entry.time,
            whom: whom(entry.subject),
            words: said(timeline.tables(), &entry.fact).trim_end().to_owned(),
            milestones: entry.milestones,
        });
        Told {
            head: head(timeline),
            golden: false,
            measured: true,
            begins: begins(timeline).iter().map(Begun::of).collect(),
            facts: facts.collect(),
            numbers,
            digest: run.digest.to_owned(),
        }
    }
}

fn head(timeline: &Timeline) -> Head {
    Head {
        scenario: clean(&timeline.scenario).into_owned(),
        profile: clean(&timeline.profile).into_owned(),
        seed: timeline.seed.0,
        start: timeline.start,
        until: timeline.until,
        set: Some(settings(&timeline.assumptions)),
        files: Some(
            timeline
                .inputs
                .iter()
                .skip(1)
                .map(|it| (it.name.clone(), it.sha256.clone()))
                .collect(),
        ),
    }
}

/// `cache.life = 5m: set by the scenario`, as its name and its value.
pub(super) fn settings(assumptions: &[String]) -> Vec<(String, String)> {
    let mut all = Vec::with_capacity(assumptions.len());
    for text in assumptions {
        let (name, rest) = text.split_once(" = ").unwrap_or((text, ""));
        let value = rest
            .rfind(": set by the scenario")
            .or_else(|| rest.find(": assumption ("))
            .map_or(rest, |at| &rest[..at]);
        all.push((clean(name).into_owned(), clean(value).into_owned()));
    }
    all
}

/// The numbers that every run has of a collection.
pub(super) fn totals(counts: Counts, lost_bytes: u64) -> Numbers {
    vec![
        ("issued", Number::Count(counts.issued)),
        ("served", Number::Count(counts.served())),
        ("failed", Number::Count(counts.failed)),
        ("lost_bytes", Number::Bytes(lost_bytes)),
    ]
}

fn numbers_of(timeline: &Timeline, subject: Subject) -> Numbers {
    let counts = timeline.counts_at(subject, timeline.until);
    let life = timeline.life(subject);
    let mut given = totals(counts, life.map_or(0, |it| it.lost_bytes));
    if life.is_some() {
        let measures = timeline.measures(subject);
        if measures.fault.is_some() {
            for (of, value) in listed(&measures) {
                if let Some(value) = value.filter(|_| of != Measure::LostBytes) {
                    given.push((of.word(), value.into()));
                }
            }
        }
    }
    in_order(given)
}

/// Numbers in the order of their names.
pub(super) fn in_order(mut given: Numbers) -> Numbers {
    let place = |name: &str| NUMBERS.iter().position(|(it, _)| *it == name);
    given.sort_by_key(|(name, _)| place(name).expect("the table has every name"));
    given
}

impl From<Value> for Number {
    fn from(value: Value) -> Number {
        match value {
            Value::At(time) => Number::At(time),
            Value::For(span) => Number::For(span),
            Value::Signed(ms) => Number::Signed(ms),
            Value::Bytes(bytes) => Number::Bytes(bytes),
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Number::Count(number) | Number::Bytes(number) => f.write_str(&grouped(number)),
            Number::At(time) => time.fmt(f),
            Number::For(span) => span.fmt(f),
            Number::Signed(ms) => f.write_str(&signed(ms)),
        }
    }
}

impl Said {
    /// Its milestones as they stand behind a line: `  [pausing]`; nothing without any.
    pub fn marks(&self) -> String {
        if self.milestones.is_empty() {
            return String::new();
        }
        let words: Vec<&str> = self.milestones.iter().map(|it| it.word()).collect();
        format!("  [{}]", words.join(" "))
    }
}
