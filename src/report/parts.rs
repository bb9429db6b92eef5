//! What a collection, a site or a replica is at an instant, part by part, each with the entry since which it is so.

use crate::names::{Kind, Subject};
use crate::states::Place;
use crate::time::Time;
use crate::timeline::{CollectionNow, Step, Timeline, at};

use super::amounts::bytes;
use super::phrase::causes;

/// So many sites of a replica are told.
const SITES: usize = 4;

/// One part of a state.
pub(super) struct Part {
    /// What it is called.
    pub(super) name: String,
    /// What it is.
    pub(super) is: String,
    /// Since when.
    pub(super) since: Time,
    /// The entry that made it so; `None` from the start.
    pub(super) entry: Option<u32>,
}

fn part<T>(name: impl Into<String>, is: String, steps: &[Step<T>], time: Time) -> Part {
    let step = at(steps, time);
    Part {
        name: name.into(),
        is,
        since: step.map_or(Time::START, |step| step.from),
        entry: step.and_then(|step| step.entry),
    }
}

/// Of a collection: the access of its site, its status, its queries, its ingestion, its outcome.
pub(super) fn of_collection(timeline: &Timeline, now: &CollectionNow, time: Time) -> Vec<Part> {
    let subject = now.subject;
    let (live, entries) = now.live;
    let lag = format!(
        "{}, lag {} ({})",
        now.ingest,
        now.lag,
        bytes(timeline.lag_bytes_at(subject, time))
    );
    let queries = format!("{}, {live} of {entries} cache entries live", now.queries);
    let mut parts = vec![
        access(
            "access",
            timeline,
            timeline.names.home(subject.id).site,
            time,
        ),
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

/// Of a site: whether it operates, its access with all causes, and which of its places can be read.
pub(super) fn of_site(timeline: &Timeline, site: u32, time: Time) -> Vec<Part> {
    let states = timeline.site_states(site);
    let state = at(&states, time).map_or("", |step| step.value.word());
    let access = access("access", timeline, site, time);
    let refused = access.entry;
    let mut parts = vec![part("state", state.to_owned(), &states, time), access];
    for place in Place::ALL {
        let steps = timeline.readable(site, *place);
        let readable = at(&steps, time).is_some_and(|step| step.value);
        let is = if readable { "readable" } else { "not readable" };
        let mut part = part(place.word(), is.to_owned(), &steps, time);
        // The last lease of a cache ends without an entry of its own: access was refused before.
        if !readable {
            part.entry = part.entry.or(refused);
        }
        parts.push(part);
    }
    parts
}

/// Of a replica: its state as it was ordered, what callers see of it, and the access of the sites that use it.
pub(super) fn of_replica(timeline: &Timeline, replica: u32, time: Time) -> Vec<Part> {
    let states = timeline.key_states(replica);
    let state = at(&states, time).map_or("", |step| step.value.word());
    let visible = timeline.visible(replica);
    let seen = at(&visible, time).map_or_else(String::new, |step| {
        let (state, policy) = step.value;
        match policy.and_then(|it| timeline.policies.get(it as usize)) {
            Some(policy) => format!("{state}, policy {policy}"),
            None => state.to_string(),
        }
    });
    let mut parts = vec![
        part("state", state.to_owned(), &states, time),
        part("visible", seen, &visible, time),
    ];
    let sites = timeline.site_replicas.iter().enumerate();
    let its = sites.filter(|(_, it)| **it == Some(replica));
    for (site, _) in its.take(SITES) {
        let name = timeline.names.text(Subject::new(Kind::Site, site as u32));
        parts.push(access(
            &format!("access of {name}"),
            timeline,
            site as u32,
            time,
        ));
    }
    parts
}

/// Whether calls of a site are granted, and all causes why not.
fn access(name: &str, timeline: &Timeline, site: u32, time: Time) -> Part {
    let accesses = timeline.accesses_of(site);
    let is = at(&accesses, time).map_or_else(
        || "no site yet".to_owned(),
        |step| {
            let access = &timeline.accesses[step.value as usize];
            match access.error() {
                Some(code) => format!("{} ({}): {code}", access.word(), causes(access)),
                None => access.word().word().to_owned(),
            }
        },
    );
    part(name, is, &accesses, time)
}
