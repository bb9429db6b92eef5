//! What stands before the entries in JSON and NDJSON: which run this is, and what was so at its start.

use std::fmt;
use std::fmt::Write;

use crate::names::{Kind, Subject};
use crate::states::{Ingest, Queries, SiteState, Status};
use crate::text::quoted;
use crate::time::Time;
use crate::timeline::Timeline;

/// The name of this form; fields are only ever added to it.
pub(super) const SCHEMA: &str = "keyoutage/timeline/1";

/// The inputs, as a JSON array.
pub(super) fn inputs(timeline: &Timeline) -> String {
    let mut items = Vec::with_capacity(timeline.inputs.len());
    for input in &timeline.inputs {
        items.push(format!(
            "{{\"name\":{},\"sha256\":{}}}",
            quoted(&input.name),
            quoted(&input.sha256)
        ));
    }
    format!("[{}]", items.join(","))
}

/// The assumptions, as a JSON array.
pub(super) fn assumptions(timeline: &Timeline) -> String {
    let items: Vec<String> = timeline.assumptions.iter().map(|it| quoted(it)).collect();
    format!("[{}]", items.join(","))
}

/// `start:`, as JSON.
pub(super) fn start_time(timeline: &Timeline) -> String {
    match timeline.start {
        Some(start) => quoted(&start.to_string()),
        None => "null".to_owned(),
    }
}

/// What was so after the start, as a JSON object: replicas, sites, collections. The members of a `count` are one element,
/// named `name-[1..65536]`, because they begin alike.
pub(super) fn start(timeline: &Timeline) -> String {
    let mut text = String::from("{\"replicas\":[");
    replicas(timeline, &mut text).expect("writing to a String cannot fail");
    text.push_str("],\"sites\":[");
    sites(timeline, &mut text).expect("writing to a String cannot fail");
    text.push_str("],\"collections\":[");
    collections(timeline, &mut text).expect("writing to a String cannot fail");
    text.push_str("]}");
    text
}

fn replicas(timeline: &Timeline, out: &mut String) -> fmt::Result {
    let mut list = Vec::new();
    for (id, state) in timeline.replicas.iter().enumerate() {
        let name = timeline.names.text(Subject::new(Kind::Replica, id as u32));
        list.push(format!(
            "{{\"subject\":{},\"state\":\"{state}\"}}",
            quoted(&name)
        ));
    }
    out.write_str(&list.join(","))
}

fn sites(timeline: &Timeline, out: &mut String) -> fmt::Result {
    let mut list = Vec::new();
    for (group, org) in timeline.names.orgs().iter().enumerate() {
        for site in timeline.names.sites_of(group, 0) {
            let start = timeline.sites[site as usize];
            if start.since != Time::START {
                continue;
            }
            let (_, _, region) = timeline.names.site(site);
            let name = format!(
                "{}/{}",
                members(&org.name, org.count),
                timeline.names.region(region)
            );
            let access = &timeline.accesses[start.access as usize];
            list.push(format!(
                "{{\"subject\":{},\"count\":{},\"state\":\"{}\",\"access\":\"{}\",\"error\":{}}}",
                quoted(&name),
                org.count.unwrap_or(1),
                start.state,
                access.word(),
                access.error().map_or("null".to_owned(), quoted)
            ));
        }
    }
    out.write_str(&list.join(","))
}

fn collections(timeline: &Timeline, out: &mut String) -> fmt::Result {
    let mut list = Vec::new();
    for (group, org) in timeline.names.orgs().iter().enumerate() {
        for (at, collection) in org.collections.iter().enumerate() {
            let first = timeline.names.collections_of(group, 0, at).start;
            let site = timeline.names.home(first).site;
            let plain = timeline.plain[group][at];
            if !plain.from_start || timeline.sites[site as usize].since != Time::START {
                continue;
            }
            let operating = timeline.sites[site as usize].state == SiteState::Operating;
            let (status, queries, ingest) = if operating {
                (Status::Ready, Queries::All, Ingest::Running)
            } else {
                (Status::Created, Queries::None, Ingest::Halted)
            };
            let (_, _, region) = timeline.names.site(site);
            let name = format!(
                "{}/{}/{}",
                members(&org.name, org.count),
                timeline.names.region(region),
                members(&collection.name, collection.count)
            );
            let count =
                u64::from(org.count.unwrap_or(1)) * u64::from(collection.count.unwrap_or(1));
            list.push(format!(
                "{{\"subject\":{},\"count\":{count},\"source\":\"{}\",\"status\":\"{status}\",\
                 \"queries\":\"{queries}\",\"ingest\":\"{ingest}\"}}",
                quoted(&name),
                plain.source
            ));
        }
    }
    out.write_str(&list.join(","))
}

/// `name`, or `name-[1..3]` for the members of a `count`.
fn members(name: &str, count: Option<u32>) -> String {
    match count {
        None => name.to_owned(),
        Some(count) => format!("{name}-[1..{count}]"),
    }
}
