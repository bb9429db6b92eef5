//! A mutant is a service like any: it can be run on any scenario, and counts and causes come out right.

use keyoutage::coverage::look;
use keyoutage::engine::run;
use keyoutage::profile::Mutant;

use crate::laws::{generated, parse};

#[test]
fn every_scenario_can_be_looked_at_with_every_number_otherwise() {
    for case in generated(111, 25) {
        let scenario = parse(&case.yaml()).expect("it was generated so");
        let looked = look(&scenario, scenario.seed, true, 1);
        // Nothing is asserted that nobody expects, and these expect nothing.
        assert!(looked.asserted.is_empty());
        assert!(!looked.exercised.is_empty());
        assert!(looked.mutants.iter().all(|(_, lines)| lines.is_empty()));
    }
}

#[test]
fn every_mutant_runs_every_scenario() {
    let mut otherwise = vec![0; Mutant::ALL.len()];
    for case in generated(110, 60) {
        let mut scenario = parse(&case.yaml()).expect("it was generated so");
        let rules = scenario.rules.clone();
        let digest = run(&scenario, scenario.seed).digest();
        for mutant in Mutant::ALL {
            scenario.rules = mutant.apply(&rules);
            let timeline = run(&scenario, scenario.seed);
            otherwise[*mutant as usize] += u32::from(timeline.digest() != digest);
            for entry in 0..timeline.entries.len() as u32 {
                // It says so itself when a cause does not stand before its effect.
                timeline.chain(entry);
            }
            for life in &timeline.lives {
                let counts = timeline.counts_at(life.subject, timeline.until);
                assert!(counts.failed <= counts.issued, "{mutant}\n{}", case.yaml());
            }
        }
    }
    // What generated scenarios have no part in is seen by those that ship.
    let seen = otherwise.iter().filter(|many| **many > 0).count();
    assert!(seen >= 30, "{otherwise:?}");
}
