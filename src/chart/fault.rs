//! The rows above the lanes: what was refused or down, and when.

use std::collections::BTreeMap;

use crate::names::{Kind, Subject};
use crate::scenario::verbs::Verb;
use crate::states::{Cause, Side};
use crate::time::Time;
use crate::timeline::{Access, Fact, Timeline};

/// What went wrong with one thing: `main/us-east-1`, and when, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FaultRow {
    pub(super) name: String,
    pub(super) bands: Vec<FaultBand>,
}

/// A stretch in which something was wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FaultBand {
    pub(super) from: Time,
    pub(super) to: Time,
    pub(super) what: String,
}

/// The rows: replicas that refuse the service, then regions and sources that are down.
pub(super) fn rows(timeline: &Timeline) -> Vec<FaultRow> {
    let mut rows = refusals(timeline);
    rows.extend(outages(timeline));
    rows.retain(|row| !row.bands.is_empty());
    rows
}

/// When the last fault was over.
pub(super) fn last(rows: &[FaultRow]) -> Option<Time> {
    rows.iter()
        .flat_map(|row| &row.bands)
        .map(|band| band.to)
        .max()
}

/// When the first fault began.
pub(super) fn first(rows: &[FaultRow]) -> Option<Time> {
    rows.iter()
        .flat_map(|row| &row.bands)
        .map(|band| band.from)
        .min()
}

fn refusals(timeline: &Timeline) -> Vec<FaultRow> {
    let mut sites: BTreeMap<u32, u32> = BTreeMap::new();
    for (site, replica) in timeline.site_replicas.iter().enumerate() {
        if let Some(replica) = replica
            && timeline.sites[site].since < timeline.until
        {
            sites.entry(*replica).or_insert(site as u32);
        }
    }
    let row = |(replica, site): (u32, u32)| FaultRow {
        name: timeline.names.text(Subject::new(Kind::Replica, replica)),
        bands: refused(timeline, site),
    };
    sites.into_iter().map(row).collect()
}

fn refused(timeline: &Timeline, site: u32) -> Vec<FaultBand> {
    let steps = timeline.accesses_of(site);
    let mut bands: Vec<FaultBand> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let to = steps
            .get(index + 1)
            .map_or(timeline.until, |next| next.from.min(timeline.until));
        let Some(what) = reason(&timeline.accesses[step.value as usize]) else {
            continue;
        };
        match bands.last_mut() {
            Some(last) if last.what == what && last.to == step.from => last.to = to,
            _ if step.from < to => bands.push(FaultBand {
                from: step.from,
                to,
                what,
            }),
            _ => {}
        }
    }
    bands
}

/// `disabled`, `kms:Decrypt denied`, `unreachable (+1)`; `None` while every call is granted.
fn reason(access: &Access) -> Option<String> {
    let first = access.causes.first()?;
    let word = first.cause.word().replace('_', " ");
    let mut text = match (first.cause, first.actions.as_slice()) {
        (Cause::Denied | Cause::DeniedExplicitly, [action]) => format!("{action} {word}"),
        (Cause::Denied | Cause::DeniedExplicitly, [action, more @ ..]) if more.len() < 3 => {
            format!("{action} and {} more {word}", more.len())
        }
        _ => word,
    };
    if first.side == Side::Service {
        text.push_str(" by the service");
    }
    if access.causes.len() > 1 {
        text.push_str(&format!(" (+{})", access.causes.len() - 1));
    }
    Some(text)
}

/// The faults of a region that its sites' access does not tell.
const UNSEEN: [&str; 2] = [Verb::RegionDown.word(), Verb::KmsThrottled.word()];

/// Regions and sources that were down, one row each; what access tells already is not told again.
fn outages(timeline: &Timeline) -> Vec<FaultRow> {
    let mut rows: BTreeMap<(String, &'static str), Union> = BTreeMap::new();
    for entry in &timeline.entries {
        let (verb, began) = match entry.fact {
            Fact::FaultBegan { verb } => (verb, true),
            Fact::FaultEnded { verb } => (verb, false),
            _ => continue,
        };
        let name = match entry.subject.kind {
            Kind::Region if UNSEEN.contains(&verb) => timeline.names.text(entry.subject),
            Kind::Collection => "sources".to_owned(),
            Kind::Region | Kind::Key | Kind::Replica | Kind::Org | Kind::Site => continue,
        };
        rows.entry((name, verb))
            .or_default()
            .step(began, entry.time);
    }
    rows.into_iter()
        .map(|((name, verb), union)| FaultRow {
            name,
            bands: union.bands(verb, timeline.until),
        })
        .collect()
}

/// The instants at which at least one of several faults holds.
#[derive(Default)]
struct Union {
    depth: u32,
    since: Time,
    over: Vec<(Time, Time)>,
}

impl Union {
    fn step(&mut self, began: bool, time: Time) {
        if began {
            if self.depth == 0 {
                self.since = time;
            }
            self.depth += 1;
        } else {
            self.depth = self.depth.saturating_sub(1);
            if self.depth == 0 {
                self.over.push((self.since, time));
            }
        }
    }

    fn bands(mut self, verb: &str, until: Time) -> Vec<FaultBand> {
        if self.depth > 0 {
            self.over.push((self.since, until));
        }
        let band = |(from, to)| FaultBand {
            from,
            to,
            what: words(verb),
        };
        self.over.into_iter().map(band).collect()
    }
}

/// `region down` of `RegionDown`.
fn words(verb: &str) -> String {
    let mut words = String::with_capacity(verb.len() + 2);
    for letter in verb.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    // The one abbreviation among the verbs.
    if let Some(rest) = words.strip_prefix("kms ") {
        words = format!("KMS {rest}");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_fault_is_told_in_words() {
        assert_eq!(words("RegionDown"), "region down");
        assert_eq!(words("SourceDown"), "source down");
        assert_eq!(words("KmsThrottled"), "KMS throttled");
    }
}
