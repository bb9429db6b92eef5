//! How long ingestion was halted, read from what is told of a run.

use std::collections::BTreeMap;

use crate::names::Kind;
use crate::time::{Span, Time};

use super::phrase::gist;
use super::told::Told;

/// The name of a collection without its incarnation.
pub fn bare(name: &str) -> &str {
    name.split('#').next().unwrap_or(name)
}

/// How long ingestion of each collection was halted in all, its incarnations together; who never halted is left out. What
/// a golden timeline folds is not seen here: it has the sum of each such site.
pub fn halts(told: &Told) -> BTreeMap<&str, Span> {
    let mut since: BTreeMap<&str, Time> = BTreeMap::new();
    let mut all: BTreeMap<&str, Span> = BTreeMap::new();
    let mut add = |whom, span: Span| {
        let so_far = all.entry(whom).or_insert(Span::ZERO);
        *so_far = *so_far + span;
    };
    for begin in &told.begins {
        if begin.whom.kind == Kind::Collection && !begin.well {
            since.insert(bare(&begin.whom.name), Time::START);
        }
    }
    for it in told
        .facts
        .iter()
        .filter(|it| it.whom.kind == Kind::Collection && !it.whom.name.ends_with("/*"))
    {
        let whom = bare(&it.whom.name);
        let mut words = gist(&it.words).split(' ');
        match (words.next(), words.next_back()) {
            (Some("ingest"), Some("halted")) => {
                since.entry(whom).or_insert(it.time);
            }
            (Some("ingest" | "deleted"), _) => {
                if let Some(since) = since.remove(whom) {
                    add(whom, it.time.since(since));
                }
            }
            _ => {}
        }
    }
    for (whom, since) in since {
        add(whom, told.head.until.since(since));
    }
    all
}
