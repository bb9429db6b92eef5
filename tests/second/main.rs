//! A second model of the same scenarios, written from the documents, against the engine.

mod compare;
mod generate;
mod model;
mod policies;

use keyoutage::chance::Seed;
use keyoutage::engine;
use keyoutage::scenario::Scenario;

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
