//! The suite that ships: every scenario holds, and each of them would notice. It is run once as it is, once with nothing
//! ordered, and once as each mutant of its service would run it.

#[path = "common/replay.rs"]
mod replay;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use keyoutage::expect::{Judgement, judge};
use keyoutage::parallel::map_in_order;
use keyoutage::profile::{Mutant, Rule, Sentence};
use keyoutage::scenario::Scenario;
use keyoutage::scenario::verbs::Verb;

/// Scenarios whose expectations hold without their events, and why.
const HOLD_WITHOUT_EVENTS: &[(&str, &str)] = &[
    (
        "outage/baseline.yaml",
        "it has none: it is what a quiet run looks like",
    ),
    (
        "policy/permission-begins.yaml",
        "it has none: dates alone start the sites",
    ),
];

/// Scenarios that notice no mutant, and why.
const NOTICE_NO_MUTANT: &[(&str, &str)] = &[(
    "outage/baseline.yaml",
    "with no fault no rule shows (law 4)",
)];

/// Rules that a scenario names without noticing their absence, and why.
const NAMED_UNNOTICED: &[(&str, Rule, &str)] = &[
    (
        "outage/new-collection-in-outage.yaml",
        Rule::R5,
        "a new collection waits for every path, and R6 still refuses one",
    ),
    ("policy/mechanistic.yaml", Rule::R5, READING),
    ("policy/star-dropped-mechanistic.yaml", Rule::R5, READING),
    (
        "trouble/service-iam-denies-one-action-mechanistic.yaml",
        Rule::R5,
        READING,
    ),
    ("outage/flapping-continuous.yaml", Rule::R7, NEAR),
    ("outage/flapping-under-cache-life.yaml", Rule::R7, NEAR),
    ("recovery/one-minute-before-pause.yaml", Rule::R7, NEAR),
    ("recovery/one-minute-before-pause.yaml", Rule::R8, NEAR),
    ("trouble/unreachable-no-pause.yaml", Rule::R7, NEAR),
    ("trouble/region-down.yaml", Rule::R5, CONTRAST),
    ("trouble/region-down.yaml", Rule::R6, CONTRAST),
    ("trouble/region-down.yaml", Rule::R7, CONTRAST),
    ("trouble/source-down.yaml", Rule::R6, CONTRAST),
    ("trouble/source-down.yaml", Rule::R7, CONTRAST),
];

/// In the mechanistic reading a query asks for kms:Decrypt and nothing else.
const READING: &str = "it shows the reading of R5 in which queries stay";
/// A pause that just does not come does not come without R7 either.
const NEAR: &str = "it shows the near side of the rule: nothing is paused";
const CONTRAST: &str = "its second line names the rule as what has no part in it";

/// A shipped scenario, and what became of it under each change.
struct Played {
    name: String,
    text: String,
    about: bool,
    expectations: usize,
    verbs: Vec<Verb>,
    /// The lines of the expectations that do not hold: as it is, without events, under each mutant.
    as_it_is: Vec<u32>,
    without_events: Vec<u32>,
    mutants: Vec<Vec<u32>>,
}

impl Played {
    fn sees(&self, mutant: Mutant) -> bool {
        !self.mutants[mutant as usize].is_empty()
    }

    /// Whether it notices any way to break a rule.
    fn notices(&self, rule: Sentence) -> bool {
        Mutant::all_of(rule).any(|it| self.sees(it))
    }

    /// The rules its second line names.
    fn named(&self) -> Vec<Sentence> {
        let second = self.text.lines().nth(1).unwrap_or("");
        let words = second.split(|c: char| !c.is_ascii_alphanumeric());
        words.filter_map(Sentence::from_word).collect()
    }
}

static SUITE: LazyLock<Vec<Played>> = LazyLock::new(|| map_in_order(replay::shipped(), 2, play));

fn play((name, path): (String, PathBuf)) -> Played {
    let text = std::fs::read_to_string(&path).expect("it is text");
    let folder = path.parent().expect("it lies in a folder");
    let scenario = replay::read(&text, &name, folder)
        .unwrap_or_else(|problems| panic!("{}", problems.render(false)));
    Played {
        about: scenario.about.is_some(),
        expectations: scenario.expectations.len(),
        verbs: scenario
            .commands
            .iter()
            .map(|it| it.action.verb())
            .collect(),
        as_it_is: unmet(&scenario),
        without_events: unmet(&without_events(&scenario)),
        mutants: Mutant::ALL
            .iter()
            .map(|it| unmet(&mutated(&scenario, *it)))
            .collect(),
        name,
        text,
    }
}

/// The lines of the expectations that do not hold.
fn unmet(scenario: &Scenario) -> Vec<u32> {
    let timeline = replay::replay(scenario);
    let verdicts = judge(&scenario.expectations, scenario.until, &timeline);
    let failed = verdicts
        .iter()
        .filter(|it| it.judgement != Judgement::Holds);
    failed
        .map(|it| scenario.expectations[it.expectation].line)
        .collect()
}

/// The same with nothing ordered: every command comes when the run is over, so that all it names is still known.
fn without_events(scenario: &Scenario) -> Scenario {
    let mut still = scenario.clone();
    for command in &mut still.commands {
        command.at = still.until;
    }
    still
}

fn mutated(scenario: &Scenario, mutant: Mutant) -> Scenario {
    let mut other = scenario.clone();
    other.rules = mutant.apply(&scenario.rules);
    other
}

/// Compares a list of exceptions with what is so: each is needed, and no other is.
fn only_these(what: &str, listed: &[(&str, &str)], found: &[String]) {
    for (name, why) in listed {
        assert!(!why.is_empty(), "{name}: no reason");
        assert!(
            found.iter().any(|it| it == name),
            "{name} needs no exception any more: {what}"
        );
    }
    let others: Vec<&String> = found
        .iter()
        .filter(|it| !listed.iter().any(|(name, _)| name == it))
        .collect();
    assert!(others.is_empty(), "{what}: {others:#?}");
}

#[test]
fn every_shipped_scenario_holds() {
    assert!(SUITE.len() >= 90, "{}", SUITE.len());
    for it in SUITE.iter() {
        assert!(
            it.as_it_is.is_empty(),
            "{}: lines {:?}",
            it.name,
            it.as_it_is
        );
    }
}

#[test]
fn without_its_events_a_scenario_does_not_hold() {
    let idle = SUITE.iter().filter(|it| it.without_events.is_empty());
    let found: Vec<String> = idle.map(|it| it.name.clone()).collect();
    only_these("holds without its events", HOLD_WITHOUT_EVENTS, &found);
}

#[test]
fn every_scenario_notices_a_mutant() {
    let blind = SUITE
        .iter()
        .filter(|it| Mutant::ALL.iter().all(|mutant| !it.sees(*mutant)));
    let found: Vec<String> = blind.map(|it| it.name.clone()).collect();
    only_these("notices no mutant", NOTICE_NO_MUTANT, &found);
}

#[test]
fn every_mutant_is_noticed_and_every_rule_named() {
    let unseen = Mutant::ALL.iter().copied();
    let unseen = unseen.filter(|mutant| !SUITE.iter().any(|it| it.sees(*mutant)));
    let unseen: Vec<String> = unseen
        .map(|mutant| format!("{}: {mutant}", mutant.of()))
        .collect();
    assert!(unseen.is_empty(), "nobody notices: {unseen:#?}");
    for rule in Rule::ALL {
        let named = SUITE
            .iter()
            .filter(|it| it.named().contains(&Sentence::Page(*rule)))
            .count();
        assert!(named > 0, "nobody names {rule}");
    }
}

#[test]
fn a_scenario_notices_the_rules_it_names() {
    let mut found: Vec<String> = Vec::new();
    for it in SUITE.iter() {
        let deaf = it.named().into_iter().filter(|rule| !it.notices(*rule));
        found.extend(deaf.map(|rule| format!("{} {rule}", it.name)));
    }
    let listed = NAMED_UNNOTICED
        .iter()
        .map(|(name, rule, why)| (format!("{name} {rule}"), *why));
    let listed: Vec<(String, &str)> = listed.collect();
    let listed: Vec<(&str, &str)> = listed
        .iter()
        .map(|(name, why)| (name.as_str(), *why))
        .collect();
    only_these(
        &format!("names a rule it does not notice\n{}", table()),
        &listed,
        &found,
    );
}

/// Which scenario notices which rule: `x` noticed, `-` named only.
fn table() -> String {
    let mut table = String::new();
    for it in SUITE.iter() {
        let marks =
            Sentence::all().map(
                |rule| match (it.notices(rule), it.named().contains(&rule)) {
                    (true, true) => " X",
                    (true, false) => " x",
                    (false, true) => " -",
                    (false, false) => " .",
                },
            );
        writeln!(table, "{:44}{}", it.name, marks.collect::<String>()).expect("a String takes all");
    }
    table
}

#[test]
fn every_scenario_begins_with_its_schema_says_what_it_is_about_and_expects_something() {
    for it in SUITE.iter() {
        let up = "../".repeat(it.name.matches('/').count());
        let first = format!("# yaml-language-server: $schema={up}schema.json");
        assert_eq!(it.text.lines().next(), Some(first.as_str()), "{}", it.name);
        assert!(it.about && it.expectations > 0, "{}", it.name);
    }
}

#[test]
fn the_schema_that_scenarios_name_is_there() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/schema.json");
    assert!(schema.exists(), "there is no {}", schema.display());
}

#[test]
fn every_verb_is_in_some_scenario() {
    let mut users: BTreeMap<Verb, usize> = BTreeMap::new();
    for verb in SUITE.iter().flat_map(|it| &it.verbs) {
        *users.entry(*verb).or_default() += 1;
    }
    for row in Verb::table() {
        assert!(
            users.contains_key(&row.verb),
            "no scenario orders {}",
            row.verb
        );
    }
}
