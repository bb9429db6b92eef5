//! The timeline as text: one entry a line, in columns, with the number of the entry and of those that caused it.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write;

use crate::names::Kind;
use crate::text::grouped;
use crate::time::Time;
use crate::timeline::{Entry, Fact, Timeline};

use super::Run;
use super::phrase::phrase;
use super::summary::head;

/// From how many lines on that say the same of collections of one site they are folded into the first few.
const FOLD: u64 = 40;

/// How many of them are shown.
const SHOWN: u64 = 3;

/// Writes the timeline, with what was run before it and the digest after it.
///
/// # Errors
/// Those of the writer.
pub fn text(run: &Run<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
    head(run.timeline, out)?;
    writeln!(out)?;
    entries(run.timeline, out)?;
    let number = run.timeline.entries.len() as u64;
    let noun = if number == 1 { "entry" } else { "entries" };
    writeln!(
        out,
        "\n{} {noun}, digest {}",
        grouped(number),
        run.short_digest()
    )
}

/// The entries, those that are alike folded.
pub(super) fn entries(timeline: &Timeline, out: &mut dyn fmt::Write) -> fmt::Result {
    let alike = alike(timeline);
    let widths = widths(timeline);
    let mut seen: BTreeMap<Alike, u64> = BTreeMap::new();
    for (number, entry) in timeline.entries.iter().enumerate() {
        if let Some(many) = key(timeline, entry).and_then(|it| alike.get_key_value(&it)) {
            let (key, group) = many;
            if group.number > FOLD {
                let nth = seen.entry(*key).or_insert(0);
                *nth += 1;
                if *nth > SHOWN + 1 {
                    continue;
                }
                if *nth == SHOWN + 1 {
                    folded(timeline, group, entry, &widths, out)?;
                    continue;
                }
            }
        }
        line(timeline, number, entry, &widths, out)?;
    }
    if timeline.entries.is_empty() {
        writeln!(out, "nothing happened")?;
    }
    Ok(())
}

/// How wide the columns are: the number, the time, the subject.
struct Widths {
    number: usize,
    time: usize,
    subject: usize,
}

fn widths(timeline: &Timeline) -> Widths {
    let mut widths = Widths {
        number: timeline.entries.len().to_string().len() + 1,
        time: 0,
        subject: 0,
    };
    let mut text = String::new();
    for entry in &timeline.entries {
        text.clear();
        write!(text, "{}", entry.time).expect("writing to a String cannot fail");
        widths.time = widths.time.max(text.len());
        text.clear();
        subject(timeline, entry, &mut text);
        widths.subject = widths.subject.max(text.len());
    }
    widths
}

fn subject(timeline: &Timeline, entry: &Entry, text: &mut String) {
    text.push_str(entry.subject.kind.word());
    text.push(' ');
    timeline
        .names
        .write(entry.subject, text)
        .expect("writing to a String cannot fail");
}

fn line(
    timeline: &Timeline,
    number: usize,
    entry: &Entry,
    widths: &Widths,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let mut whom = String::new();
    subject(timeline, entry, &mut whom);
    write!(
        out,
        "{:<n$}  {:<t$}  {whom:<s$}  {}",
        format!("#{number}"),
        entry.time.to_string(),
        phrase(timeline, entry),
        n = widths.number,
        t = widths.time,
        s = widths.subject
    )?;
    if !entry.milestones.is_empty() {
        let words: Vec<&str> = entry.milestones.iter().map(|it| it.word()).collect();
        write!(out, "  [{}]", words.join(" "))?;
    }
    for (index, cause) in entry.cause.iter().chain(&entry.with).enumerate() {
        let before = if index == 0 { "  ← " } else { ", " };
        write!(out, "{before}#{cause}")?;
    }
    writeln!(out)
}

fn folded(
    timeline: &Timeline,
    group: &Group,
    entry: &Entry,
    widths: &Widths,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let home = timeline.names.home(entry.subject.id);
    let site = super::summary::name(timeline, home.site);
    let words = class_words(entry);
    let whom = format!("collection {site}/*");
    writeln!(
        out,
        "{:<n$}  {:<t$}  {whom:<s$}  {words}: … and {} more like it, the last at {}",
        "…",
        entry.time.to_string(),
        grouped(group.number - SHOWN),
        group.last,
        n = widths.number,
        t = widths.time,
        s = widths.subject
    )
}

/// What makes two entries say the same: site, fact and its words.
type Alike = (u32, &'static str, &'static str, &'static str);

/// Entries that say the same.
struct Group {
    number: u64,
    last: Time,
}

fn alike(timeline: &Timeline) -> BTreeMap<Alike, Group> {
    let mut groups: BTreeMap<Alike, Group> = BTreeMap::new();
    for entry in &timeline.entries {
        if let Some(key) = key(timeline, entry) {
            let group = groups.entry(key).or_insert(Group {
                number: 0,
                last: entry.time,
            });
            group.number += 1;
            group.last = entry.time;
        }
    }
    groups
}

fn key(timeline: &Timeline, entry: &Entry) -> Option<Alike> {
    if entry.subject.kind != Kind::Collection {
        return None;
    }
    let site = timeline.names.home(entry.subject.id).site;
    let (from, to) = class(&entry.fact);
    Some((site, entry.fact.word(), from, to))
}

/// The words of a collection's fact that do not differ from one collection to the next.
fn class(fact: &Fact) -> (&'static str, &'static str) {
    match fact {
        Fact::Command { verb, .. } | Fact::FaultBegan { verb } | Fact::FaultEnded { verb } => {
            (verb, "")
        }
        Fact::Refused { verb, code, .. } => (verb, code),
        Fact::Status { from, to, .. } => (from.word(), to.word()),
        Fact::Queries { to, .. } => (to.word(), ""),
        Fact::Ingest { to, .. } => (to.word(), ""),
        Fact::Support { to } => (to.word(), ""),
        Fact::Outcome { to, .. } => (to.word(), ""),
        Fact::State { .. }
        | Fact::Visible { .. }
        | Fact::Turned { .. }
        | Fact::Rotated
        | Fact::OrgRefused { .. }
        | Fact::Site { .. }
        | Fact::Access { .. }
        | Fact::Traffic { .. }
        | Fact::DataLost
        | Fact::Created
        | Fact::Recreated
        | Fact::Deleted => ("", ""),
    }
}

fn class_words(entry: &Entry) -> String {
    let (from, to) = class(&entry.fact);
    let fact = entry.fact.word();
    match (from, to) {
        ("", "") => fact.to_owned(),
        (one, "") => format!("{fact} {one}"),
        (from, to) => format!("{fact} {from} → {to}"),
    }
}
