//! The generator reaches what it is meant to reach: a law that is never put to the test holds for nothing.

use std::collections::BTreeSet;

use keyoutage::scenario::verbs::Verb;
use keyoutage::states::{Cause, Ingest, Milestone, Outcome, Queries, Status, Support};
use keyoutage::timeline::Fact;

use crate::laws::{generated, play};

#[test]
fn each_verb_status_outcome_cause_and_ingest_state_occurs() {
    let mut seen: BTreeSet<&'static str> = BTreeSet::new();
    for case in generated(100, 700) {
        let timeline = play(&case.yaml());
        for entry in &timeline.entries {
            seen.insert(entry.fact.word());
            seen.extend(entry.milestones.iter().map(Milestone::word));
            match entry.fact {
                Fact::Command { verb, .. } => seen.insert(verb),
                Fact::Status { to, .. } => seen.insert(to.word()),
                Fact::Ingest { to, .. } => seen.insert(to.word()),
                Fact::Outcome { to, .. } => seen.insert(to.word()),
                Fact::Queries { to, .. } => seen.insert(to.word()),
                Fact::Support { to } => seen.insert(to.word()),
                _ => false,
            };
        }
        for access in &timeline.accesses {
            seen.extend(access.causes.iter().map(|it| it.cause.word()));
        }
    }
    let mut expected: Vec<&'static str> = Verb::ALL.iter().map(|it| it.word()).collect();
    expected.push("turned");
    // RestoreActions and the rest come as opposites or by name; a collection is CREATED and DELETED by other facts.
    let by_facts = [Status::Created, Status::Deleted];
    expected.extend(
        Status::ALL
            .iter()
            .filter(|it| !by_facts.contains(it))
            .map(|it| it.word()),
    );
    expected.extend(Ingest::ALL.iter().map(|it| it.word()));
    expected.extend(Outcome::ALL.iter().map(|it| it.word()));
    expected.extend(Queries::ALL.iter().map(|it| it.word()));
    expected.extend(Support::ALL.iter().map(|it| it.word()));
    expected.extend(Milestone::ALL.iter().map(|it| it.word()));
    // No verb of this version makes a key unavailable.
    expected.extend(
        Cause::ALL
            .iter()
            .filter(|it| **it != Cause::Unavailable)
            .map(|it| it.word()),
    );
    let missing: Vec<_> = expected
        .into_iter()
        .filter(|word| !seen.contains(word))
        .collect();
    assert!(missing.is_empty(), "never seen: {missing:?}");
}
