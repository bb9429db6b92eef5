//! One scenario: run as it is, under every mutant of the rules, and with every number otherwise.

use std::collections::BTreeSet;

use crate::chance::Seed;
use crate::engine;
use crate::expect::{Judgement, judge};
use crate::parallel;
use crate::profile::{Mutant, Parameter, Rules};
use crate::scenario::{Expectation, Scenario};

use super::Item;
use super::otherwise::otherwise;
use super::seen::{Shown, asserted};

/// What one scenario exercises and asserts. The rules are not among its items: they are told by the mutants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Looked {
    /// What its run shows, and the numbers that make a difference to it.
    pub exercised: BTreeSet<Item>,
    /// What its expectations rest on.
    pub asserted: BTreeSet<Item>,
    /// For each of [`Mutant::ALL`]: whether the run differs, and the lines of the expectations that held and no longer do.
    pub mutants: Vec<(bool, Vec<u32>)>,
}

/// Looks at a scenario as the dice of a seed fall, on up to so many threads; expectations that do not hold assert nothing.
/// Without `numbers` only the mutants are asked.
pub fn look(scenario: &Scenario, seed: Seed, numbers: bool, threads: usize) -> Looked {
    let timeline = engine::run(scenario, seed);
    let digest = timeline.digest();
    let verdicts = judge(&scenario.expectations, scenario.until, &timeline);
    let holding = verdicts
        .iter()
        .filter(|it| it.judgement == Judgement::Holds);
    let holding: Vec<Expectation> = holding
        .map(|it| scenario.expectations[it.expectation].clone())
        .collect();
    let shown = Shown::new(&timeline);
    let mut exercised = shown.exercised();
    let mut asserted = asserted(&timeline, &shown, holding.iter());
    drop((timeline, shown));
    let under = |rules: Rules| {
        if rules == scenario.rules {
            return (false, Vec::new());
        }
        let mut other = scenario.clone();
        other.rules = rules;
        let timeline = engine::run(&other, seed);
        let verdicts = judge(&holding, scenario.until, &timeline);
        let unmet = verdicts
            .iter()
            .filter(|it| it.judgement == Judgement::Fails);
        let unmet: Vec<u32> = unmet.map(|it| holding[it.expectation].line).collect();
        (!unmet.is_empty() || timeline.digest() != digest, unmet)
    };
    let mutants = parallel::map_in_order(Mutant::ALL.to_vec(), threads, |it| {
        under(it.apply(&scenario.rules))
    });
    let parameters = match numbers {
        true => Parameter::all().collect(),
        false => Vec::new(),
    };
    // Whether a number makes a difference, and whether an expectation notices; one that does need not be asked again.
    let seen = parallel::map_in_order(parameters, threads, |parameter| {
        let mut differs = false;
        for rules in otherwise(parameter, &scenario.rules) {
            let (other, unmet) = under(rules);
            differs |= other;
            if !unmet.is_empty() {
                return (parameter, differs, true);
            }
        }
        (parameter, differs, false)
    });
    for (parameter, differs, noticed) in seen {
        exercised.extend(differs.then_some(Item::Number(parameter)));
        asserted.extend(noticed.then_some(Item::Number(parameter)));
    }
    Looked {
        exercised,
        asserted,
        mutants,
    }
}
