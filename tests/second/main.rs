//! A second model of the same scenarios, written from the documents, against the engine.
//!
//! `model/` works a scenario out again, in plain loops; `generate` makes scenarios; `compare` holds what the two say side
//! by side. Where they differ, the documents decide which of the two is mended; `mended` keeps what the engine had wrong.

mod case;
mod compare;
mod generate;
mod mended;
mod model;
mod policies;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use keyoutage::engine;
use keyoutage::scenario::verbs::Verb;
use keyoutage::scenario::{Scenario, load};
use keyoutage::timeline::{Fact, Timeline};

use case::Case;
use model::Fault;

/// How many generated scenarios each test runs over.
const CASES: usize = 300;

/// The first difference between the engine and the second model over a scenario, with its own seed.
fn differs(scenario: &Scenario, fault: Fault) -> Option<String> {
    let seed = scenario.seed;
    let engine = compare::told(&engine::run(scenario, seed));
    compare::difference(&engine, &model::run(scenario, seed, fault))
}

/// A smaller case that still differs, and how.
fn smallest(case: &Case) -> (Case, String) {
    let told = |case: &Case| {
        let scenario = generate::read(&case.yaml())?;
        differs(&scenario, Fault::None)
    };
    let mut text = told(case).expect("it differs");
    let mut case = case.clone();
    loop {
        let mut less = case.smaller().into_iter();
        match less.find_map(|it| told(&it).map(|now| (it, now))) {
            Some(smaller) => (case, text) = smaller,
            None => return (case, text),
        }
    }
}

/// How many differences are told at most.
const TOLD: usize = 5;

/// Holds the two side by side over so many cases; tells the first differences, each over the smallest scenario that shows
/// it.
fn agree(many: usize) {
    let mut told = Vec::new();
    for (case, scenario) in generate::cases().take(many) {
        if told.len() < TOLD && differs(&scenario, Fault::None).is_some() {
            let (case, text) = smallest(&case);
            told.push(format!("{}\n{text}", case.yaml()));
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n\n"));
}

#[test]
fn both_models_tell_the_same_of_generated_scenarios() {
    agree(CASES);
}

/// The campaign: `cargo test --test second -- --ignored`, over as many cases as `KEYOUTAGE_CASES` says.
#[test]
#[ignore = "takes minutes"]
#[expect(
    clippy::disallowed_methods,
    reason = "how many are tried changes no answer"
)]
fn both_models_tell_the_same_of_ten_thousand() {
    let many = std::env::var("KEYOUTAGE_CASES");
    agree(many.map_or(10_000, |it| {
        it.parse().expect("KEYOUTAGE_CASES is a number")
    }));
}

#[test]
fn both_models_tell_the_same_of_every_shipped_scenario() {
    for path in shipped() {
        let yaml = std::fs::read(&path).expect("a scenario can be read");
        let folder = path.parent().expect("it lies in a folder");
        let mut files = |name: &str| std::fs::read(folder.join(name)).map_err(|it| it.to_string());
        let loaded = load(&yaml, "scenario.yaml", &mut files);
        let scenario = loaded
            .unwrap_or_else(|it| panic!("{}", it.render(false)))
            .scenario;
        if let Some(text) = differs(&scenario, Fault::None) {
            panic!("{}: {text}", path.display());
        }
    }
}

/// The scenarios that ship.
fn shipped() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml")
                && !path.ends_with("exempt.yaml")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 50, "{}", found.len());
    found
}

/// What the engine once had wrong stays right.
#[test]
fn what_was_mended_stays_mended() {
    for (why, yaml) in mended::MENDED {
        let scenario = generate::read(yaml).unwrap_or_else(|| panic!("does not load:\n{yaml}"));
        if let Some(text) = differs(&scenario, Fault::None) {
            panic!("{why}: {text}");
        }
    }
}

/// A mistake in the model is found: it differs from the engine over some scenario of the same 300.
#[test]
fn each_planted_fault_is_found() {
    for fault in [
        Fault::LongLease,
        Fault::ClockKeepsItsSum,
        Fault::NothingIsDropped,
    ] {
        let mut cases = generate::cases().take(CASES);
        let found = cases.any(|(_, scenario)| differs(&scenario, fault).is_some());
        assert!(found, "{fault:?} is not found");
    }
}

/// Every verb is ordered among them, and carried out at least once.
#[test]
fn every_verb_is_carried_out_in_some_generated_scenario() {
    let mut done: BTreeSet<&'static str> = BTreeSet::new();
    for (_, scenario) in generate::cases().take(CASES) {
        let timeline = engine::run(&scenario, scenario.seed);
        done.extend(carried_out(&timeline));
    }
    // The service refuses these two always (R1).
    let refused = [Verb::ChangeKey, Verb::UnlinkKey];
    let missing: Vec<&Verb> = Verb::ALL
        .iter()
        .filter(|it| !refused.contains(it) && !done.contains(it.word()))
        .collect();
    assert!(missing.is_empty(), "never carried out: {missing:?}");
}

/// Every mode and number that is varied takes each of its values among them.
#[test]
fn every_setting_takes_each_of_its_values() {
    let cases = generate::cases().take(CASES);
    let set: BTreeSet<String> = cases.flat_map(|(case, _)| case.set).collect();
    for (name, values) in generate::SETTINGS {
        for value in values {
            let line = format!("{name}: {value}");
            assert!(set.contains(&line), "never: {line}");
        }
    }
}

/// The verbs of the commands that were written, and that nobody refused.
fn carried_out(timeline: &Timeline) -> BTreeSet<&'static str> {
    let refused: BTreeSet<u32> = timeline
        .entries
        .iter()
        .filter(|it| matches!(it.fact, Fact::Refused { .. }))
        .filter_map(|it| it.cause)
        .collect();
    let commands = timeline.entries.iter().enumerate();
    let taken = commands.filter_map(|(at, it)| match it.fact {
        Fact::Command { verb, by, .. } => {
            let written = by == keyoutage::timeline::By::Written;
            (written && !refused.contains(&(at as u32))).then_some(verb)
        }
        _ => None,
    });
    taken.collect()
}
