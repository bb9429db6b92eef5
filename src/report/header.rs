//! What stands before the entries in JSON and NDJSON: which run this is, and what was so at its start.

use crate::names::{Kind, Subject};
use crate::states::{Ingest, Queries, SiteState, Status};
use crate::text::{clean, quoted};
use crate::time::Time;
use crate::timeline::{Begin, So, Timeline};

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

/// What was so of somebody after the start, in words.
pub(super) fn begin_words(begin: &Begin) -> String {
    match &begin.so {
        So::Replica(state) => format!("state {state}"),
        So::Site(state, access, None) => format!("site {state}, access {access}"),
        So::Site(state, access, Some(error)) => {
            format!("site {state}, access {access} ({})", clean(error))
        }
        So::Collection(source, status, queries, ingest) => {
            format!("status {status}, queries {queries}, ingest {ingest}, source {source}")
        }
    }
}

fn begin_json(begin: &Begin) -> String {
    let (name, count) = (quoted(&begin.name), begin.count);
    match &begin.so {
        So::Replica(state) => format!("{{\"subject\":{name},\"state\":\"{state}\"}}"),
        So::Site(state, access, error) => format!(
            "{{\"subject\":{name},\"count\":{count},\"state\":\"{state}\",\"access\":\"{access}\",\
             \"error\":{}}}",
            error.as_deref().map_or("null".to_owned(), quoted)
        ),
        So::Collection(source, status, queries, ingest) => format!(
            "{{\"subject\":{name},\"count\":{count},\"source\":\"{source}\",\"status\":\"{status}\",\
             \"queries\":\"{queries}\",\"ingest\":\"{ingest}\"}}"
        ),
    }
}

/// What was so after the start, as a JSON object: replicas, sites, collections.
pub(super) fn start(timeline: &Timeline) -> String {
    let all = begins(timeline);
    let of = |kind: Kind| {
        let some = all.iter().filter(|it| it.kind == kind);
        some.map(begin_json).collect::<Vec<_>>().join(",")
    };
    format!(
        "{{\"replicas\":[{}],\"sites\":[{}],\"collections\":[{}]}}",
        of(Kind::Replica),
        of(Kind::Site),
        of(Kind::Collection)
    )
}

/// What was so after the start: replicas, sites, collections.
pub(super) fn begins(timeline: &Timeline) -> Vec<Begin> {
    let mut all = Vec::new();
    for (id, state) in timeline.replicas.iter().enumerate() {
        all.push(Begin {
            kind: Kind::Replica,
            name: timeline.names.text(Subject::new(Kind::Replica, id as u32)),
            count: 1,
            so: So::Replica(*state),
        });
    }
    sites(timeline, &mut all);
    collections(timeline, &mut all);
    all
}

fn sites(timeline: &Timeline, all: &mut Vec<Begin>) {
    for (group, org) in timeline.names.orgs().iter().enumerate() {
        for site in timeline.names.sites_of(group, 0) {
            let start = timeline.sites[site as usize];
            if start.since != Time::START {
                continue;
            }
            let (_, _, region) = timeline.names.site(site);
            let access = &timeline.accesses[start.access as usize];
            all.push(Begin {
                kind: Kind::Site,
                name: format!(
                    "{}/{}",
                    members(&org.name, org.count),
                    timeline.names.region(region)
                ),
                count: u64::from(org.count.unwrap_or(1)),
                so: So::Site(
                    start.state,
                    access.word(),
                    access.error().map(str::to_owned),
                ),
            });
        }
    }
}

fn collections(timeline: &Timeline, all: &mut Vec<Begin>) {
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
            all.push(Begin {
                kind: Kind::Collection,
                name: format!(
                    "{}/{}/{}",
                    members(&org.name, org.count),
                    timeline.names.region(region),
                    members(&collection.name, collection.count)
                ),
                count: u64::from(org.count.unwrap_or(1)) * u64::from(collection.count.unwrap_or(1)),
                so: So::Collection(plain.source, status, queries, ingest),
            });
        }
    }
}

/// `name`, or `name-[1..3]` for the members of a `count`.
fn members(name: &str, count: Option<u32>) -> String {
    match count {
        None => name.to_owned(),
        Some(count) => format!("{name}-[1..{count}]"),
    }
}
