//! All that can be covered, and how people write it: `R7`, `number cache.life`, `status READY → PAUSING`.

use crate::profile::{Parameter, Sentence};
use crate::scenario::verbs::Verb;
use crate::states::{
    AccessWord, Cause, INGEST_MOVES, Ingest, KEY_MOVES, KeyState, Milestone, Outcome, Queries,
    STATUS_MOVES, SiteState, Status, Support, words,
};

words! {
    /// A kind of thing that can be covered.
    Group {
        /// The page's rules and the model's own.
        Rules = "rules",
        /// The parameters of the profile.
        Numbers = "numbers",
        /// States of collections, sites and replicas.
        States = "states",
        /// Moves from one state to another.
        Moves = "moves",
        /// The KMS's error codes.
        Errors = "errors",
        /// How a collection's data comes out.
        Outcomes = "outcomes",
        /// What Support answers.
        Support = "support",
        /// Facts that are asked for by name.
        Milestones = "milestones",
        /// What a scenario can order.
        Verbs = "verbs",
    }
}

/// One thing that can be covered.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Item {
    /// A rule.
    Rule(Sentence),
    /// A number or choice of the profile.
    Number(Parameter),
    /// A status of a collection.
    Status(Status),
    /// What is served of a collection's queries.
    Queries(Queries),
    /// What a collection's ingestion does.
    Ingest(Ingest),
    /// A state of a replica.
    Key(KeyState),
    /// A state of a site.
    Site(SiteState),
    /// Whether the key may be used.
    Access(AccessWord),
    /// A move of a status.
    StatusMove(Status, Status),
    /// A move of what is served.
    QueriesMove(Queries, Queries),
    /// A move of ingestion.
    IngestMove(Ingest, Ingest),
    /// A move of a replica's state.
    KeyMove(KeyState, KeyState),
    /// A move of a site.
    SiteMove(SiteState, SiteState),
    /// A move of a site's access.
    AccessMove(AccessWord, AccessWord),
    /// A code of the KMS, or `none`.
    Error(&'static str),
    /// An outcome.
    Outcome(Outcome),
    /// A word of Support.
    Support(Support),
    /// A milestone.
    Milestone(Milestone),
    /// A verb.
    Verb(Verb),
}

impl Item {
    /// Every one, group by group.
    pub fn all() -> Vec<Item> {
        let mut all: Vec<Item> = Sentence::all().map(Item::Rule).collect();
        all.extend(Parameter::all().map(Item::Number));
        all.extend(Status::ALL.iter().map(|it| Item::Status(*it)));
        all.extend(Queries::ALL.iter().map(|it| Item::Queries(*it)));
        all.extend(Ingest::ALL.iter().map(|it| Item::Ingest(*it)));
        all.extend(KeyState::ALL.iter().map(|it| Item::Key(*it)));
        all.extend(SiteState::ALL.iter().map(|it| Item::Site(*it)));
        all.extend(AccessWord::ALL.iter().map(|it| Item::Access(*it)));
        all.extend(STATUS_MOVES.iter().map(|it| Item::StatusMove(it.0, it.1)));
        let living = Status::ALL.iter().filter(|it| **it != Status::Deleted);
        all.extend(living.map(|it| Item::StatusMove(*it, Status::Deleted)));
        all.extend(pairs(Queries::ALL).map(|it| Item::QueriesMove(it.0, it.1)));
        all.extend(INGEST_MOVES.iter().map(|it| Item::IngestMove(it.0, it.1)));
        all.extend(KEY_MOVES.iter().map(|it| Item::KeyMove(it.0, it.1)));
        // A started site stays so.
        all.push(Item::SiteMove(
            SiteState::CannotOperate,
            SiteState::Operating,
        ));
        all.extend(pairs(AccessWord::ALL).map(|it| Item::AccessMove(it.0, it.1)));
        all.extend(codes().into_iter().map(Item::Error));
        all.extend(Outcome::ALL.iter().map(|it| Item::Outcome(*it)));
        all.extend(Support::ALL.iter().map(|it| Item::Support(*it)));
        all.extend(Milestone::ALL.iter().map(|it| Item::Milestone(*it)));
        all.extend(Verb::ALL.iter().map(|it| Item::Verb(*it)));
        all
    }

    /// Of which kind it is.
    pub const fn group(self) -> Group {
        match self {
            Item::Rule(_) => Group::Rules,
            Item::Number(_) => Group::Numbers,
            Item::Status(_)
            | Item::Queries(_)
            | Item::Ingest(_)
            | Item::Key(_)
            | Item::Site(_)
            | Item::Access(_) => Group::States,
            Item::StatusMove(..)
            | Item::QueriesMove(..)
            | Item::IngestMove(..)
            | Item::KeyMove(..)
            | Item::SiteMove(..)
            | Item::AccessMove(..) => Group::Moves,
            Item::Error(_) => Group::Errors,
            Item::Outcome(_) => Group::Outcomes,
            Item::Support(_) => Group::Support,
            Item::Milestone(_) => Group::Milestones,
            Item::Verb(_) => Group::Verbs,
        }
    }

    /// Its id, as people write it.
    pub fn id(self) -> String {
        match self {
            Item::Rule(it) => it.word().to_owned(),
            Item::Number(it) => format!("number {it}"),
            Item::Status(it) => format!("status {it}"),
            Item::Queries(it) => format!("queries {it}"),
            Item::Ingest(it) => format!("ingest {it}"),
            Item::Key(it) => format!("key {it}"),
            Item::Site(it) => format!("site {it}"),
            Item::Access(it) => format!("access {it}"),
            Item::StatusMove(from, to) => format!("status {from} → {to}"),
            Item::QueriesMove(from, to) => format!("queries {from} → {to}"),
            Item::IngestMove(from, to) => format!("ingest {from} → {to}"),
            Item::KeyMove(from, to) => format!("key {from} → {to}"),
            Item::SiteMove(from, to) => format!("site {from} → {to}"),
            Item::AccessMove(from, to) => format!("access {from} → {to}"),
            Item::Error(code) => format!("error {code}"),
            Item::Outcome(it) => format!("outcome {it}"),
            Item::Support(it) => format!("support {it}"),
            Item::Milestone(it) => format!("milestone {it}"),
            Item::Verb(it) => format!("verb {it}"),
        }
    }

    /// The item of an error code.
    pub fn error(code: &str) -> Option<Item> {
        codes().into_iter().find(|it| *it == code).map(Item::Error)
    }

    /// The one of that id; `->` is an arrow, too.
    pub fn from_id(id: &str) -> Option<Item> {
        let id = id.replace("->", "→");
        Item::all().into_iter().find(|it| it.id() == id)
    }
}

/// Each with each other.
fn pairs<T: Copy + PartialEq>(all: &'static [T]) -> impl Iterator<Item = (T, T)> {
    let from = all
        .iter()
        .flat_map(move |a| all.iter().map(move |b| (*a, *b)));
    from.filter(|(a, b)| a != b)
}

/// `none`, and the codes of all causes, each once.
fn codes() -> Vec<&'static str> {
    let mut codes = vec!["none"];
    for cause in Cause::ALL {
        if !codes.contains(&cause.code()) {
            codes.push(cause.code());
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Group, Item};

    #[test]
    fn every_item_has_an_id_of_its_own_by_which_it_is_found() {
        let all = Item::all();
        let ids: BTreeSet<String> = all.iter().map(|it| it.id()).collect();
        assert_eq!(ids.len(), all.len());
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        for item in &all {
            assert_eq!(Item::from_id(&item.id()), Some(*item));
        }
        for group in Group::ALL {
            assert!(all.iter().any(|it| it.group() == *group), "{group}");
        }
        let arrow = Item::from_id("status PAUSED -> RESUMING").map(Item::id);
        assert_eq!(arrow.as_deref(), Some("status PAUSED → RESUMING"));
        assert_eq!(Item::from_id("status PAUSED → READY"), None, "no such move");
    }
}
