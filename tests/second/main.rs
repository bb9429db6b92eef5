//! A second model of the same scenarios, written from the documents, against the engine.

mod compare;
mod generate;
mod model;
mod policies;

use std::path::{Path, PathBuf};

use keyoutage::chance::Seed;
use keyoutage::engine;
use keyoutage::scenario::{Scenario, load};

use generate::Case;
use model::Fault;

/// The seed of all runs.
const SEED: Seed = Seed(7);

/// The first difference between the engine and the second model over a scenario.
fn differs(scenario: &Scenario, seed: Seed, fault: Fault) -> Option<String> {
    let engine = compare::told(&engine::run(scenario, seed));
    compare::difference(&engine, &model::run(scenario, seed, fault))
}

/// A smaller case that still differs, and how.
fn smallest(case: &Case, fault: Fault) -> (Case, String) {
    let told = |case: &Case| {
        let scenario = generate::read(&case.yaml()).ok()?;
        std::panic::catch_unwind(|| differs(&scenario, SEED, fault)).unwrap_or_else(|_| Some("panic".to_owned()))
    };
    let mut text = told(case).expect("it differs");
    let mut case = case.clone();
    while let Some((less, now)) = case.smaller().into_iter().find_map(|it| told(&it).map(|now| (it, now))) {
        (case, text) = (less, now);
    }
    (case, text)
}

#[test]
fn explore() {
    let many: usize = std::env::var("KEYOUTAGE_CASES").map_or(300, |it| it.parse().expect("a number"));
    let skip: usize = std::env::var("SKIP").map_or(0, |it| it.parse().expect("a number"));
    let show: usize = std::env::var("SHOW").map_or(1, |it| it.parse().expect("a number"));
    let mut wrong = 0;
    let mut kinds: std::collections::BTreeMap<String, usize> = Default::default();
    let mut last = 0;
    for (n, case, scenario) in generate::cases().skip(skip).take(many) {
        last = n;
        if std::env::var("TRACE").is_ok() { std::fs::write("/tmp/second-case.yaml", case.yaml()).unwrap(); eprintln!("{n}"); }
        let begun = std::time::Instant::now();
        let text = std::panic::catch_unwind(|| differs(&scenario, SEED, Fault::None)).unwrap_or_else(|_| Some("panic".to_owned()));
        if begun.elapsed().as_millis() > 500 { eprintln!("slow {n} {:?}", begun.elapsed()); }
        if let Some(text) = text {
            wrong += 1;
            let kind = text.split(' ').next().unwrap_or_default().to_owned();
            let seen = kinds.entry(kind).or_default();
            *seen += 1;
            if *seen <= show {
                let (case, text) = smallest(&case, Fault::None);
                println!("{n}\n{}{text}", case.yaml());
            }
        }
    }
    println!("{wrong} of {many} up to {last}: {kinds:?}");
    assert_eq!(wrong, 0);
}

#[test]
fn every_shipped_scenario_is_told_alike() {
    let mut different = Vec::new();
    for path in shipped() {
        let yaml = std::fs::read(&path).expect("a scenario can be read");
        let folder = path.parent().expect("it lies in a folder");
        let mut files = |name: &str| std::fs::read(folder.join(name)).map_err(|it| it.to_string());
        let loaded = load(&yaml, "scenario.yaml", &mut files).unwrap_or_else(|it| panic!("{}", it.render(false)));
        let b=std::time::Instant::now(); let _ = keyoutage::engine::run(&loaded.scenario, loaded.scenario.seed); let e=b.elapsed();
        let b=std::time::Instant::now(); let _ = model::run(&loaded.scenario, loaded.scenario.seed, Fault::None);
        if b.elapsed().as_millis()>50 {eprintln!("slow {} {e:?} {:?}", path.display(), b.elapsed());}
        if let Some(text) = differs(&loaded.scenario, loaded.scenario.seed, Fault::None) {
            different.push(format!("{}: {text}", path.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// The scenarios that ship.
fn shipped() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 50, "{}", found.len());
    found
}
