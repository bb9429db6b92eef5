//! A second model of the same scenarios, written from the documents, against the engine.

#[path = "../laws/case.rs"]
mod case;
mod compare;
mod generate;
mod model;

use keyoutage::chance::Seed;
use keyoutage::engine;
use keyoutage::scenario::Scenario;
use model::Fault;

/// The first difference between the engine and the second model over a scenario.
fn differs(scenario: &Scenario, seed: Seed, fault: Fault) -> Option<String> {
    let engine = compare::told(&engine::run(scenario, seed));
    compare::difference(&engine, &model::run(scenario, seed, fault))
}

#[test]
fn explore() {
    let many = std::env::var("KEYOUTAGE_CASES").map_or(300, |it| it.parse().expect("a number"));
    let mut wrong = 0;
    let mut kinds: std::collections::BTreeMap<String, usize> = Default::default();
    let mut shown = Vec::new();
    let mut at = 0;
    generate::scenarios(many, |yaml, scenario| {
        at += 1;
        if std::env::var("TRACE").is_ok() { std::fs::write("/tmp/second-case.yaml", yaml).unwrap(); eprintln!("{at}"); }
        let begun = std::time::Instant::now();
        let text = std::panic::catch_unwind(|| differs(scenario, Seed(7), Fault::None)).unwrap_or_else(|_| Some("panic".to_owned()));
        if begun.elapsed().as_millis() > 500 { eprintln!("slow {at} {:?}", begun.elapsed()); }
        if let Some(text) = text {
            wrong += 1;
            *kinds.entry(text.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1;
            shown.push((yaml.len(), yaml.to_owned(), text));
        }
    });
    shown.sort();
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for (_, yaml, text) in &shown {
        let kind = text.split(' ').next().unwrap_or_default().to_owned();
        let n = seen.entry(kind).or_default();
        *n += 1;
        if *n <= std::env::var("SHOW").map_or(1, |it| it.parse().unwrap()) {
            println!("{yaml}\n{text}\n");
        }
    }
    println!("{wrong} of {many}: {kinds:?}");
    assert_eq!(wrong, 0);
}
