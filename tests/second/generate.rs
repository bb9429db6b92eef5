//! Generated scenarios, the same ones on every machine.

use keyoutage::scenario::{Scenario, load};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::case::cases;

/// So many scenarios that load, each as YAML and read.
pub fn scenarios(many: usize, mut each: impl FnMut(&str, &Scenario)) {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[52; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = cases();
    let mut made = 0;
    while made < many {
        let case = strategy.new_tree(&mut runner).expect("a case").current();
        let yaml = case.yaml();
        if let Some(scenario) = read(&yaml) {
            made += 1;
            each(&yaml, &scenario);
        }
    }
}

/// The scenario, unless loading finds that its commands cannot stand together.
pub fn read(yaml: &str) -> Option<Scenario> {
    let mut no_files = |name: &str| Err(format!("{name} is not there"));
    let loaded = load(yaml.as_bytes(), "case.yaml", &mut no_files);
    loaded.ok().map(|it| it.scenario)
}
