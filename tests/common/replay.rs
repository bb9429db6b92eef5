//! From the text of a scenario to what happened in it: the one place where these tests touch the library's interface.

#![allow(dead_code, reason = "each test program uses its part")]

use std::fmt::Write;
use std::path::{Path, PathBuf};

use keyoutage::chance::Seed;
use keyoutage::engine;
use keyoutage::expect::{Judgement, judge};
use keyoutage::names::{Kind, Subject};
use keyoutage::scenario::{Problems, Scenario, load};
use keyoutage::timeline::Timeline;
use serde_json::Value;

/// One thing that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// When, as the language writes it, and in milliseconds.
    pub at: String,
    pub ms: u64,
    /// To whom.
    pub subject: String,
    /// What, as `said` tells it.
    pub text: String,
    /// Why, by number.
    pub cause: Option<usize>,
    /// What had a part in it, by number.
    pub with: Vec<usize>,
    /// The milestones it is.
    pub milestones: Vec<String>,
    /// Queries issued and failed so far, where it carries them.
    pub counts: Option<(u64, u64)>,
}

/// The codes of what a scenario that needs no file is warned of.
pub fn warned(text: &str) -> Vec<String> {
    let loaded = load(text.as_bytes(), "scenario.yaml", &mut |_| {
        Err("no file is needed".to_owned())
    });
    let warnings = loaded
        .unwrap_or_else(|problems| panic!("{}", problems.render(false)))
        .warnings;
    warnings.iter().map(|it| it.code.to_string()).collect()
}

/// Whether each expectation of a scenario holds, in order.
pub fn judged(text: &str) -> Vec<bool> {
    let scenario = good(text);
    let timeline = replay(&scenario);
    let verdicts = judge(&scenario.expectations, scenario.until, &timeline);
    verdicts
        .iter()
        .map(|it| it.judgement == Judgement::Holds)
        .collect()
}

/// Reads a scenario whose policies lie in a folder.
pub fn read(text: &str, name: &str, folder: &Path) -> Result<Scenario, Problems> {
    let mut policy = |path: &str| std::fs::read(folder.join(path)).map_err(|it| it.to_string());
    load(text.as_bytes(), name, &mut policy).map(|loaded| loaded.scenario)
}

/// Reads a scenario that needs no file and must be right.
pub fn good(text: &str) -> Scenario {
    read(text, "scenario.yaml", Path::new(""))
        .unwrap_or_else(|problems| panic!("{}\n{text}", problems.render(false)))
}

/// The codes of what is wrong with a scenario that needs no file; none when it loads.
pub fn wrong(text: &str) -> Vec<String> {
    let problems = read(text, "scenario.yaml", Path::new("")).err();
    let problems = problems.iter().flat_map(Problems::iter);
    problems.map(|it| it.code.to_string()).collect()
}

/// Replays a scenario.
pub fn replay(scenario: &Scenario) -> Timeline {
    engine::run(scenario, scenario.seed)
}

/// Replays it with other dice.
pub fn replay_with(scenario: &Scenario, seed: u64) -> Timeline {
    engine::run(scenario, Seed(seed))
}

/// Replays it in blocks, and says what everybody compares.
pub fn digest_in_blocks(scenario: &Scenario, blocks: u32) -> String {
    engine::run_in_blocks(scenario, scenario.seed, blocks, &|ranges, block| {
        ranges.into_iter().map(block).collect()
    })
    .digest()
}

/// What happened in a scenario that needs no file.
pub fn facts(text: &str) -> Vec<Fact> {
    told(&replay(&good(text)))
}

/// What happened, in order.
pub fn told(timeline: &Timeline) -> Vec<Fact> {
    let mut facts = Vec::with_capacity(timeline.entries.len());
    for (number, entry) in (0u32..).zip(&timeline.entries) {
        let mut line = String::new();
        timeline.write_line(number, &mut line);
        let value: Value = serde_json::from_str(&line).expect("an entry is one line of JSON");
        facts.push(Fact {
            at: entry.time.to_string(),
            ms: entry.time.ms(),
            subject: text(&value["subject"]),
            text: said(&value),
            cause: value["cause"].as_u64().map(|at| at as usize),
            with: numbers(&value["with"]),
            milestones: list(&value["milestones"]),
            counts: value["issued"].as_u64().zip(value["failed"].as_u64()),
        });
    }
    facts
}

/// A fact in the words of the model: the fact, then its fields, without totals and hashes.
fn said(entry: &Value) -> String {
    let mut said = text(&entry["fact"]);
    for field in [
        "verb", "fields", "by", "code", "rule", "state", "to", "error",
    ] {
        if let Some(value) = entry[field].as_str() {
            write!(said, " {value}").expect("writing to a String cannot fail");
        }
    }
    for cause in entry["causes"].as_array().into_iter().flatten() {
        write!(said, " [{}", text(&cause["cause"])).expect("writing to a String cannot fail");
        for action in list(&cause["actions"]) {
            write!(said, " {action}").expect("writing to a String cannot fail");
        }
        said.push(']');
    }
    for field in ["lag_ms", "lag_bytes", "bytes"] {
        if let Some(value) = entry[field].as_u64() {
            write!(said, " {field}={value}").expect("writing to a String cannot fail");
        }
    }
    for field in ["queries", "arrivals"] {
        if let Some(value) = entry[field].as_str() {
            write!(said, " {field}={value}").expect("writing to a String cannot fail");
        }
    }
    said
}

fn text(value: &Value) -> String {
    value.as_str().expect("a word").to_owned()
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

fn numbers(value: &Value) -> Vec<usize> {
    let all = value.as_array().into_iter().flatten();
    all.map(|it| it.as_u64().expect("a number") as usize)
        .collect()
}

/// A collection by its full name, `#2` and so on for a later incarnation.
pub fn collection(timeline: &Timeline, name: &str) -> Subject {
    (0..timeline.names.count(Kind::Collection))
        .flat_map(|id| timeline.incarnations(id))
        .find(|subject| timeline.names.text(*subject) == name)
        .unwrap_or_else(|| panic!("there is no collection {name}"))
}

/// The scenarios that ship, by their path below `scenarios/`, in order.
pub fn shipped() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut all = Vec::new();
    walk(&root, &root, &mut all);
    all.sort();
    all
}

fn walk(root: &Path, folder: &Path, all: &mut Vec<(String, PathBuf)>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if !path.ends_with("policies") {
                walk(root, &path, all);
            }
        } else if !path.ends_with("exempt.yaml")
            && path
                .extension()
                .is_some_and(|it| it == "yaml" || it == "yml")
        {
            let below = path
                .strip_prefix(root)
                .expect("it lies below")
                .to_string_lossy();
            all.push((below.replace('\\', "/"), path.clone()));
        }
    }
}
