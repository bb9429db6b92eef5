//! Why a collection is as it is at an instant: its state, the chain of causes of each part of it, and what comes next.

use std::fmt;
use std::fmt::Write;

use crate::names::{Kind, Subject};
use crate::time::Time;
use crate::timeline::{CollectionNow, Entry, Fact, Step, Timeline, at};

use super::amounts::bytes;
use super::columns::aligned;
use super::phrase::{causes, phrase};

/// How many things to come are told.
const NEXT: usize = 4;

/// Tells what a collection (by its number) is at an instant, after everything of it, and why: the incarnation that lives
/// then.
pub fn explain(timeline: &Timeline, id: u32, time: Time) -> String {
    let mut text = String::new();
    let time = time.min(timeline.until);
    write_explain(timeline, id, time, &mut text).expect("writing to a String cannot fail");
    text
}

fn write_explain(timeline: &Timeline, id: u32, time: Time, out: &mut String) -> fmt::Result {
    let Some(now) = timeline.collection_at(id, time) else {
        let name = timeline.names.text(Subject::new(Kind::Collection, id));
        return match timeline.incarnations(id).first() {
            Some(first) => writeln!(
                out,
                "{name} is not there at {time}; it is made at {}",
                timeline.made(*first)
            ),
            None => writeln!(out, "{name} is never there in this run"),
        };
    };
    let name = timeline.names.text(now.subject);
    writeln!(out, "{name} at {time}\n")?;
    let parts = parts(timeline, &now, time);
    let mut rows = Vec::with_capacity(parts.len());
    for part in &parts {
        let since = match part.entry {
            Some(_) => format!("since {}", part.since),
            None => "from the start".to_owned(),
        };
        rows.push(vec![part.name.to_owned(), part.is.clone(), since]);
    }
    aligned(&rows, "  ", out)?;
    whys(timeline, &parts, out)?;
    next(timeline, now.subject, time, out)?;
    deadline(timeline, now.subject, time, out)
}

/// One part of the state.
struct Part {
    name: &'static str,
    is: String,
    since: Time,
    entry: Option<u32>,
}

fn part<T>(name: &'static str, is: String, steps: &[Step<T>], time: Time) -> Part {
    let step = at(steps, time);
    Part {
        name,
        is,
        since: step.map_or(Time::START, |step| step.from),
        entry: step.and_then(|step| step.entry),
    }
}

fn parts(timeline: &Timeline, now: &CollectionNow, time: Time) -> Vec<Part> {
    let subject = now.subject;
    let site = timeline.names.home(subject.id).site;
    let accesses = timeline.accesses_of(site);
    let access = at(&accesses, time).map_or_else(
        || "no site yet".to_owned(),
        |step| {
            let access = &timeline.accesses[step.value as usize];
            match access.error() {
                Some(code) => format!("{} ({}): {code}", access.word(), causes(access)),
                None => access.word().word().to_owned(),
            }
        },
    );
    let (live, entries) = now.live;
    let lag = format!(
        "{}, lag {} ({})",
        now.ingest,
        now.lag,
        bytes(timeline.lag_bytes_at(subject, time))
    );
    let queries = format!("{}, {live} of {entries} cache entries live", now.queries);
    let mut parts = vec![
        part("access", access, &accesses, time),
        part(
            "status",
            now.status.word().to_owned(),
            &timeline.statuses(subject),
            time,
        ),
        part("queries", queries, &timeline.queries(subject), time),
        part("ingest", lag, &timeline.ingests(subject), time),
    ];
    let outcomes = timeline.outcomes(subject);
    if let Some(outcome) = now.outcome {
        parts.push(part("outcome", outcome.word().to_owned(), &outcomes, time));
    }
    parts
}

/// The chain of causes of each part; what two chains have in common is told once.
fn whys(timeline: &Timeline, parts: &[Part], out: &mut String) -> fmt::Result {
    let mut told: Vec<u32> = Vec::new();
    for part in parts {
        let Some(entry) = part.entry else { continue };
        writeln!(out, "\nwhy {}: {}", part.name, part.is)?;
        for number in timeline.chain(entry) {
            let entry = &timeline.entries[number as usize];
            if told.contains(&number) {
                writeln!(out, "  #{number} {} (as above)", entry.time)?;
                break;
            }
            told.push(number);
            writeln!(out, "  {}", line(timeline, number, entry))?;
            for with in &entry.with {
                let other = &timeline.entries[*with as usize];
                writeln!(out, "    with {}", line(timeline, *with, other))?;
            }
        }
    }
    Ok(())
}

fn line(timeline: &Timeline, number: u32, entry: &Entry) -> String {
    let mut text = format!(
        "#{number} {} {} {}: {}",
        entry.time,
        entry.subject.kind.word(),
        timeline.names.text(entry.subject),
        phrase(timeline, entry)
    );
    if let Fact::Access { access, .. } = entry.fact
        && let Some(code) = timeline.accesses[access as usize].error()
    {
        text.push_str(", the KMS answers ");
        text.push_str(code);
    }
    text
}

/// What comes next, and after which later command.
fn next(timeline: &Timeline, subject: Subject, time: Time, out: &mut String) -> fmt::Result {
    let later: Vec<u32> = timeline
        .about(Kind::Collection, subject.id)
        .iter()
        .copied()
        .filter(|at| timeline.entries[*at as usize].time > time)
        .collect();
    writeln!(out, "\nnext")?;
    if later.is_empty() {
        return writeln!(out, "  nothing more, up to the end at {}", timeline.until);
    }
    for &number in later.iter().take(NEXT) {
        let entry = &timeline.entries[number as usize];
        let after = match command_after(timeline, number, time) {
            Some(command) => {
                let it = &timeline.entries[command as usize];
                format!(", after #{command} {} {}", it.time, phrase(timeline, it))
            }
            None => String::new(),
        };
        let until = entry.time.since(time);
        let said = phrase(timeline, entry);
        writeln!(
            out,
            "  {said} at {}, in {until} (#{number}){after}",
            entry.time
        )?;
    }
    if later.len() > NEXT {
        writeln!(out, "  … and {} more", later.len() - NEXT)?;
    }
    Ok(())
}

/// The first entry of the chain of causes, when it comes after the instant: without it, this would not come.
fn command_after(timeline: &Timeline, entry: u32, time: Time) -> Option<u32> {
    let root = timeline.chain(entry).last().copied()?;
    (root != entry && timeline.entries[root as usize].time > time).then_some(root)
}

fn deadline(timeline: &Timeline, subject: Subject, time: Time, out: &mut String) -> fmt::Result {
    let Some(deadline) = timeline.measures(subject).restore_deadline else {
        return Ok(());
    };
    let distance = if deadline >= time {
        format!("in {}", deadline.since(time))
    } else {
        format!("gone for {}", time.since(deadline))
    };
    writeln!(out, "\nrestore deadline {deadline}, {distance}")
}
