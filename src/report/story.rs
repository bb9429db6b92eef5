//! What became of one site, in short sentences; the summary and the markdown tell it in the same words.

use crate::profile::Rule;
use crate::states::{Measure, Milestone, Outcome, SiteState};
use crate::text::{clean, counted, grouped};
use crate::time::{Span, Time};
use crate::timeline::{Fact, Timeline};

use super::again::Again;
use super::amounts::{bytes, of};
use super::measures::Value;
use super::phrase::{causes, phrase};
use super::view::{Refusal, SiteView, Spread};

/// How many refusals are told one by one.
const TOLD: usize = 3;

/// The sentences, each without its end.
pub(super) fn story(timeline: &Timeline, site: &SiteView) -> Vec<String> {
    let mut said = vec![access(timeline, site)];
    said.extend(began(timeline, site));
    said.extend(queries(site));
    said.extend(ingest(site));
    said.extend(pause(timeline, site));
    said.extend(data_lost(site));
    said.extend(outcomes(site));
    said.extend(recreated(site));
    said.extend(end(site));
    said.push(counts(site));
    said
}

fn access(timeline: &Timeline, site: &SiteView) -> String {
    let (state, since) = site.state;
    if site.since > timeline.until {
        return "was never added in this run".to_owned();
    }
    if state == SiteState::CannotOperate {
        let why = match refused_org(timeline, site.site) {
            Some(rule) => format!("the org was refused ({rule})"),
            None => format!(
                "its key was never granted ({})",
                last_causes(timeline, site)
            ),
        };
        return if since == Time::START {
            format!("never operated: {why}")
        } else {
            format!("cannot operate since {since}: {why}")
        };
    }
    match site.refusals.as_slice() {
        [] => "access granted throughout".to_owned(),
        [one] => format!("access refused {}", refusal(timeline, one)),
        many => {
            let mut text = format!(
                "access refused {}, {} in all",
                counted(many.len() as u64, "time"),
                total(timeline, many)
            );
            for (index, one) in many.iter().take(TOLD).enumerate() {
                text.push_str(if index == 0 { ": " } else { "; " });
                text.push_str(&refusal(timeline, one));
            }
            if many.len() > TOLD {
                text.push_str("; …");
            }
            text
        }
    }
}

fn refused_org(timeline: &Timeline, site: u32) -> Option<Rule> {
    let (group, member, _) = timeline.names.site(site);
    let org = timeline.names.org_members(group).start + member;
    timeline
        .about(crate::names::Kind::Org, org)
        .iter()
        .find_map(|at| match timeline.entries[*at as usize].fact {
            Fact::OrgRefused { rule } => Some(rule),
            _ => None,
        })
}

fn last_causes(timeline: &Timeline, site: &SiteView) -> String {
    let last = site.refusals.last().and_then(|it| it.accesses.last());
    last.map_or_else(
        || "no refusal was seen".to_owned(),
        |access| causes(&timeline.accesses[*access as usize]),
    )
}

/// `from 1h00m05s until 6h00m05s, 5h (disabled)`.
fn refusal(timeline: &Timeline, refusal: &Refusal) -> String {
    let begin = refusal.from.unwrap_or(Time::START);
    let end = refusal.to.unwrap_or(timeline.until);
    let from = match refusal.from {
        Some(from) => format!("from {from}"),
        None => "from the start".to_owned(),
    };
    let to = match refusal.to {
        Some(to) => format!("until {to}"),
        None => "to the end".to_owned(),
    };
    let mut whys: Vec<String> = Vec::new();
    for access in &refusal.accesses {
        let why = causes(&timeline.accesses[*access as usize]);
        if whys.last() != Some(&why) {
            whys.push(why);
        }
    }
    let more = if whys.len() > TOLD { ", then …" } else { "" };
    whys.truncate(TOLD);
    format!(
        "{from} {to}, {} ({}{more})",
        end.since(begin),
        whys.join(", then ")
    )
}

fn total(timeline: &Timeline, refusals: &[Refusal]) -> Span {
    refusals.iter().fold(Span::ZERO, |sum, it| {
        let end = it.to.unwrap_or(timeline.until);
        sum + end.since(it.from.unwrap_or(Time::START))
    })
}

fn began(timeline: &Timeline, site: &SiteView) -> Option<String> {
    let entry = &timeline.entries[site.began? as usize];
    if let Fact::Command { verb, fields, .. } = entry.fact {
        let fields = clean(&timeline.texts[fields as usize]);
        return Some(format!("began with {verb} ({fields}) at {}", entry.time));
    }
    Some(format!(
        "began with {} at {}",
        phrase(timeline, entry),
        entry.time
    ))
}

fn spread(site: &SiteView, milestone: Milestone) -> Option<&Spread> {
    site.milestones.iter().find(|it| it.milestone == milestone)
}

/// When, and for how many where not for all: `at 1h`, `from 1h to 1h05m (1 of 2)`.
fn when(site: &SiteView, spread: &Spread) -> String {
    let time = if spread.first == spread.last {
        format!("at {}", spread.first)
    } else {
        format!("between {} and {}", spread.first, spread.last)
    };
    if spread.collections == site.collections {
        time
    } else {
        format!("{time} ({})", of(spread.collections, site.collections))
    }
}

fn queries(site: &SiteView) -> Option<String> {
    let failed = spread(site, Milestone::FirstFailedQuery)?;
    let mut text = format!("queries: first failed {}", when(site, failed));
    match spread(site, Milestone::AllQueriesFailing) {
        Some(all) => text.push_str(&format!("; all failing {}", when(site, all))),
        None => text.push_str("; some were served throughout"),
    }
    if let Some(back) = spread(site, Milestone::QueriesRecovered) {
        let word = first_of(site.queries_again);
        text.push_str(&format!("; {word}all served again {}", when(site, back)));
    }
    if let Some(again) = site.queries_again {
        text.push_str(&repeated(again, "failing", "served"));
    }
    Some(text)
}

fn ingest(site: &SiteView) -> Option<String> {
    let halted = spread(site, Milestone::IngestHalted)?;
    let mut text = format!("ingestion: halted {}", when(site, halted));
    match spread(site, Milestone::IngestRecovered) {
        Some(back) => {
            let word = first_of(site.ingest_again);
            text.push_str(&format!("; {word}running again {}", when(site, back)));
        }
        None => text.push_str("; not running again"),
    }
    if let Some(again) = site.ingest_again {
        text.push_str(&repeated(again, "halted", "running"));
    }
    Some(text)
}

/// What came back once may have failed again since.
fn first_of(again: Option<Again>) -> &'static str {
    if again.is_some() { "first " } else { "" }
}

/// `; failing 31 times in all, last served again at 5h59m56s`.
fn repeated(again: Again, fails: &str, well: &str) -> String {
    let mut text = format!("; {fails} {} in all", counted(again.times, "time"));
    if let Some(back) = again.back {
        text.push_str(&format!(", last {well} again at {back}"));
    }
    if again.failing > 0 {
        text.push_str(&format!(", {} {fails} at the end", grouped(again.failing)));
    }
    text
}

fn pause(timeline: &Timeline, site: &SiteView) -> Option<String> {
    let deadline = site
        .measures
        .iter()
        .find(|it| it.of == Measure::RestoreDeadline)
        .map(|it| match it.least.value {
            Value::At(time) if time > timeline.until => "beyond the end".to_owned(),
            Value::At(time) => time.to_string(),
            Value::For(_) | Value::Signed(_) | Value::Bytes(_) => "unknown".to_owned(),
        });
    let begun = spread(site, Milestone::Pausing);
    if begun.is_none() && deadline.is_none() {
        return None;
    }
    let mut text = match (begun, spread(site, Milestone::Paused)) {
        (None, _) => "pause: none was paused".to_owned(),
        (Some(begun), None) => format!("pause: pausing {}", when(site, begun)),
        (Some(_), Some(paused)) => format!("pause: paused {}", when(site, paused)),
    };
    if let Some(back) = spread(site, Milestone::Resumed) {
        text.push_str(&format!("; resumed {}", when(site, back)));
    }
    if let Some(deadline) = deadline {
        text.push_str(&format!("; restore deadline {deadline}"));
    }
    Some(text)
}

fn data_lost(site: &SiteView) -> Option<String> {
    let lost = spread(site, Milestone::DataLost)?;
    Some(format!(
        "sources dropped uncommitted data {}",
        when(site, lost)
    ))
}

fn recreated(site: &SiteView) -> Option<String> {
    let made = spread(site, Milestone::Recreated)?;
    Some(format!("recreated {}", when(site, made)))
}

fn outcomes(site: &SiteView) -> Option<String> {
    if site.outcomes.is_empty() {
        return None;
    }
    let mut parts = Vec::with_capacity(site.outcomes.len());
    for &(outcome, number, first, last, lost) in &site.outcomes {
        let how = match outcome {
            Outcome::Resumed => "resumed whole",
            Outcome::ResumedWithGap => "resumed with a gap",
            Outcome::RecreateFromSource => "must be recreated from the source",
            Outcome::RecreateWithLoss => "must be recreated with loss",
        };
        let time = if first == last {
            format!("at {first}")
        } else {
            format!("between {first} and {last}")
        };
        let lost = if lost == 0 {
            String::new()
        } else {
            format!(" ({} dropped)", bytes(lost))
        };
        parts.push(format!("{} {how}, settled {time}{lost}", grouped(number)));
    }
    Some(format!("outcome: {}", parts.join("; ")))
}

fn end(site: &SiteView) -> Option<String> {
    if site.statuses.is_empty() {
        return None;
    }
    let mut parts = Vec::with_capacity(site.statuses.len());
    for (status, number) in &site.statuses {
        parts.push(format!("{} {status}", grouped(*number)));
    }
    Some(format!("at the end: {}", parts.join(", ")))
}

fn counts(site: &SiteView) -> String {
    format!(
        "queries in all: {} issued, {} served, {} failed",
        grouped(site.counts.issued),
        grouped(site.counts.served()),
        grouped(site.counts.failed)
    )
}
