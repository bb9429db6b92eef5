//! Why a collection, a site or a replica is as it is at an instant: its state, the chain of causes of each part of it, and
//! what comes next.

use std::fmt;
use std::fmt::Write;

use crate::names::{Kind, Subject};
use crate::time::Time;
use crate::timeline::{Entry, Fact, Timeline};

use super::columns::aligned;
use super::parts::{Part, of_collection, of_replica, of_site};
use super::phrase::phrase;

/// How many things to come are told.
const NEXT: usize = 4;

/// Tells what a collection, a site or a replica is at an instant, after everything of it, and why; of a collection the
/// incarnation that lives then.
pub fn explain(timeline: &Timeline, subject: Subject, time: Time) -> String {
    let mut text = String::new();
    let time = time.min(timeline.until);
    write_explain(timeline, subject, time, &mut text).expect("writing to a String cannot fail");
    text
}

/// The same of just this incarnation of a collection, whether another lives then or not.
pub fn explain_incarnation(timeline: &Timeline, subject: Subject, time: Time) -> String {
    let mut text = String::new();
    let time = time.min(timeline.until);
    write_incarnation(timeline, subject, time, &mut text).expect("writing to a String cannot fail");
    text
}

fn write_incarnation(
    timeline: &Timeline,
    subject: Subject,
    time: Time,
    out: &mut String,
) -> fmt::Result {
    let name = numbered(timeline, subject);
    let was = timeline.incarnations(subject.id).contains(&subject);
    let made = was.then(|| timeline.made(subject));
    let now = made.filter(|made| *made <= time);
    let Some(now) = now.and_then(|_| timeline.incarnation_now(subject, time)) else {
        return absent(timeline, &name, made, time, out);
    };
    told(
        timeline,
        &name,
        &of_collection(timeline, &now, time),
        time,
        out,
    )?;
    next(timeline, timeline.about_one(subject), time, out)?;
    deadline(timeline, subject, time, out)
}

/// Its name, always with the number of the incarnation.
pub(super) fn numbered(timeline: &Timeline, subject: Subject) -> String {
    let first = Subject::new(subject.kind, subject.id);
    format!("{}#{}", timeline.names.text(first), subject.incarnation)
}

fn write_explain(
    timeline: &Timeline,
    subject: Subject,
    time: Time,
    out: &mut String,
) -> fmt::Result {
    let name = timeline.names.text(subject);
    let about = timeline.about(subject.kind, subject.id);
    match subject.kind {
        Kind::Collection => match timeline.collection_at(subject.id, time) {
            None => {
                let first = timeline.incarnations(subject.id).first().copied();
                let made = first.map(|first| timeline.made(first));
                absent(timeline, &name, made, time, out)
            }
            Some(now) => {
                let parts = of_collection(timeline, &now, time);
                let name = timeline.names.text(now.subject);
                told(timeline, &name, &parts, time, out)?;
                next(timeline, about, time, out)?;
                deadline(timeline, now.subject, time, out)
            }
        },
        Kind::Site if timeline.sites[subject.id as usize].since > time => {
            let since = timeline.sites[subject.id as usize].since;
            absent(timeline, &name, Some(since), time, out)
        }
        Kind::Site => {
            let parts = of_site(timeline, subject.id, time);
            told(timeline, &name, &parts, time, out)?;
            next(timeline, about, time, out)
        }
        Kind::Replica => {
            let parts = of_replica(timeline, subject.id, time);
            told(timeline, &name, &parts, time, out)?;
            next(timeline, about, time, out)
        }
        Kind::Key | Kind::Region | Kind::Org => {
            unreachable!("collections, sites and replicas are explained")
        }
    }
}

/// Of who is not there yet, when it will be.
fn absent(
    timeline: &Timeline,
    name: &str,
    made: Option<Time>,
    time: Time,
    out: &mut String,
) -> fmt::Result {
    match made.filter(|made| *made <= timeline.until) {
        Some(made) => writeln!(out, "{name} is not there at {time}; it is made at {made}"),
        None => writeln!(out, "{name} is never there in this run"),
    }
}

/// Its state part by part, and why each is so.
fn told(
    timeline: &Timeline,
    name: &str,
    parts: &[Part],
    time: Time,
    out: &mut String,
) -> fmt::Result {
    writeln!(out, "{name} at {time}\n")?;
    let mut rows = Vec::with_capacity(parts.len());
    for part in parts {
        let since = match part.entry {
            None if part.since == Time::START => "from the start".to_owned(),
            Some(_) | None => format!("since {}", part.since),
        };
        rows.push(vec![part.name.clone(), part.is.clone(), since]);
    }
    aligned(&rows, "  ", out)?;
    whys(timeline, parts, out)
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
fn next(timeline: &Timeline, about: &[u32], time: Time, out: &mut String) -> fmt::Result {
    let later: Vec<u32> = about
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
