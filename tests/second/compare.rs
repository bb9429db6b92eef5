//! The engine's timeline against the second model, subject by subject; the first difference in words.

use std::fmt::Write;

use keyoutage::names::{Kind, Subject};
use keyoutage::states::{Milestone, Place, Side, Status};
use keyoutage::time::{Span, Time};
use keyoutage::timeline::{Access, Counts, Fact, Timeline};

use crate::model::{OPEN, Told, Totals, samples};

/// The engine's timeline in the words of the second model.
pub fn told(timeline: &Timeline) -> Told {
    let mut told = Told::new(timeline.until.ms());
    for entry in &timeline.entries {
        // `SourceDown` is told of each collection; what it does to it is compared.
        let kind_of = entry.subject.kind;
        let owners = matches!(kind_of, Kind::Key | Kind::Replica);
        if let Some((kind, what)) = words(timeline, &entry.fact)
            && !(kind_of == Kind::Collection && kind == "fault")
            && (owners || kind != "command")
        {
            told.say(
                entry.time.ms(),
                &timeline.names.text(entry.subject),
                kind,
                what,
            );
        }
    }
    // Faults of one region and instant are told in no order of their own.
    for ((_, kind), course) in &mut told.facts {
        if *kind == "fault" {
            course.sort();
        }
    }
    for id in 0..timeline.names.count(Kind::Collection) {
        for subject in timeline.incarnations(id) {
            let counts = timeline.counts_at(subject, timeline.until);
            let totals = Totals {
                issued: counts.issued,
                failed: counts.failed,
                lost_bytes: timeline.life(subject).map_or(0, |life| life.lost_bytes),
            };
            let name = timeline.names.text(subject);
            let reached = Milestone::ALL.iter().filter_map(|it| {
                let time = timeline.milestone(subject, *it)?;
                Some((time.ms(), it.word()))
            });
            let mut reached: Vec<(u64, &str)> = reached.collect();
            reached.sort_unstable();
            for (at, milestone) in reached {
                told.say(at, &name, "milestone", milestone);
            }
            told.totals.insert(name, totals);
        }
    }
    sampled(timeline, &mut told);
    places(timeline, &mut told);
    told
}

/// Everything that is counted, at instants at which nothing needs to happen.
fn sampled(timeline: &Timeline, told: &mut Told) {
    for at in samples(timeline.until.ms()) {
        let time = Time::from_ms(at);
        for id in 0..timeline.names.count(Kind::Collection) {
            let Some(now) = timeline.collection_at(id, time) else {
                continue;
            };
            if now.status == Status::Deleted {
                continue;
            }
            let counts = timeline.counts_at(now.subject, time);
            let lag = (now.lag.ms(), timeline.lag_bytes_at(now.subject, time));
            let text = format!(
                "lag {} {}, {} issued, {} failed, {} live",
                lag.0, lag.1, counts.issued, counts.failed, now.live.0
            );
            told.say(at, &timeline.names.text(now.subject), "sample", text);
        }
    }
}

/// Which places of a site with a key are readable.
fn places(timeline: &Timeline, told: &mut Told) {
    for site in 0..timeline.names.count(Kind::Site) {
        if timeline.site_replicas[site as usize].is_none() {
            continue;
        }
        let name = timeline.names.text(Subject::new(Kind::Site, site));
        for (place, kind) in [(Place::Storage, "storage"), (Place::Cache, "cache")] {
            for step in timeline.readable(site, place) {
                told.say(step.from.ms(), &name, kind, step.value.to_string());
            }
        }
    }
}

/// A fact as the second model says it; nothing for what it does not say.
fn words(timeline: &Timeline, fact: &Fact) -> Option<(&'static str, String)> {
    let said = match *fact {
        Fact::Turned { .. } => return None,
        // Of commands those of the owner of a key are compared, and when their opposites come.
        Fact::Command { verb, by, .. } => ("command", format!("{verb} {}", by.word())),
        Fact::FaultBegan { verb } => ("fault", format!("{verb} began")),
        Fact::FaultEnded { verb } => ("fault", format!("{verb} ended")),
        Fact::Refused { verb, code, .. } => ("refused", format!("{verb} {code}")),
        Fact::State { to, .. } => ("state", to.to_string()),
        Fact::Visible { state, .. } => ("visible", state.to_string()),
        Fact::Rotated => ("rotated", String::new()),
        Fact::OrgRefused { rule } => ("org_refused", rule.to_string()),
        Fact::Site { to } => ("site", to.to_string()),
        Fact::Access { access, .. } => ("access", causes(&timeline.accesses[access as usize])),
        Fact::Queries { to, live, counts } => {
            ("queries", format!("{to} of {live}{}", counted(counts)))
        }
        Fact::Ingest {
            to,
            lag_ms,
            lag_bytes,
        } => ("ingest", format!("{to} {lag_ms} {lag_bytes}")),
        Fact::Status { to, counts, .. } => ("status", format!("{to}{}", counted(counts))),
        Fact::Traffic {
            queries,
            arrivals,
            counts,
        } => {
            let rates = (queries.per_day(), arrivals.per_day());
            (
                "traffic",
                format!("{} {}{}", rates.0, rates.1, counted(counts)),
            )
        }
        Fact::Support { to } => ("support", to.to_string()),
        Fact::DataLost => ("data_lost", String::new()),
        Fact::Outcome { to, bytes } => ("outcome", format!("{to} {bytes}")),
        Fact::Created => ("life", "created".to_owned()),
        Fact::Recreated => ("life", "recreated".to_owned()),
        Fact::Deleted => ("life", "deleted".to_owned()),
    };
    Some(said)
}

/// Queries so far, as the second model says them.
fn counted(counts: Counts) -> String {
    format!(" ({} issued, {} failed)", counts.issued, counts.failed)
}

fn causes(access: &Access) -> String {
    let Some(error) = access.error() else {
        return "granted".to_owned();
    };
    let each = access.causes.iter().map(|it| {
        let side = match it.side {
            Side::Customer => "",
            Side::Service => "/service",
        };
        let actions = match it.actions.is_empty() {
            true => String::new(),
            false => format!("({})", it.actions.join(",")),
        };
        format!("{}{side}{actions}", it.cause)
    });
    format!("refused {error}: {}", each.collect::<Vec<_>>().join(" "))
}

/// Whether they differ only in a lag that the second model leaves open.
fn agrees(a: &(u64, String), b: &(u64, String)) -> bool {
    let rest = |text: &str| text.split_once(", ").map(|it| it.1.to_owned());
    b.1.starts_with(&format!("lag {OPEN},")) && a.0 == b.0 && rest(&a.1) == rest(&b.1)
}

/// Where one course first differs from another: an index of both.
fn parting(a: &[(u64, String)], b: &[(u64, String)]) -> Option<usize> {
    let same = a
        .iter()
        .zip(b)
        .take_while(|(a, b)| a == b || agrees(a, b))
        .count();
    (same < a.len() || same < b.len()).then_some(same)
}

/// The first difference, told: who, what, and both courses around it.
pub fn difference(engine: &Told, model: &Told) -> Option<String> {
    let none = Vec::new();
    let mut first: Option<(u64, String)> = None;
    let keys: std::collections::BTreeSet<_> =
        engine.facts.keys().chain(model.facts.keys()).collect();
    for key in keys {
        let theirs = engine.facts.get(key).unwrap_or(&none);
        let ours = model.facts.get(key).unwrap_or(&none);
        let Some(at) = parting(theirs, ours) else {
            continue;
        };
        let when = [theirs.get(at), ours.get(at)]
            .into_iter()
            .flatten()
            .map(|it| it.0)
            .min();
        let when = when.expect("one of them goes on");
        if first.as_ref().is_none_or(|it| when < it.0) {
            let text = format!(
                "{} of {} at {}:\n  engine: {}\n  second: {}\n",
                key.1,
                key.0,
                Span::from_ms(when),
                around(theirs, at),
                around(ours, at)
            );
            first = Some((when, text));
        }
    }
    if let Some((_, text)) = first {
        return Some(text);
    }
    let totals: std::collections::BTreeSet<_> =
        engine.totals.keys().chain(model.totals.keys()).collect();
    totals.into_iter().find_map(|name| {
        let (theirs, ours) = (engine.totals.get(name), model.totals.get(name));
        (theirs != ours)
            .then(|| format!("totals of {name}:\n  engine: {theirs:?}\n  second: {ours:?}\n"))
    })
}

/// A course around one of its places.
fn around(course: &[(u64, String)], at: usize) -> String {
    let mut text = String::new();
    let from = at.saturating_sub(3);
    if from > 0 {
        text.push_str("… ");
    }
    for (index, (ms, what)) in course.iter().enumerate().skip(from).take(6) {
        let mark = if index == at { ">>" } else { "" };
        let _ = write!(text, "{mark}{} {what} · ", Span::from_ms(*ms));
    }
    text
}
