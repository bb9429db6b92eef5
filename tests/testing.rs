//! Expectations as assertions of Rust tests: what they say is what the command says.

mod common;

use common::{HOLDS, call, folder};
use keyoutage::scenario::When;
use keyoutage::states::{AccessWord, KeyState, Place, Queries, SiteState, Status};
use keyoutage::testing::{Unmet, check, check_own};
use keyoutage::time::Time;
use keyoutage::{Scenario, Timeline, assert_expect, run};

/// The example of the language, without its expectations, and its run.
fn outage() -> (Scenario, Timeline) {
    let scenario = Scenario::from_yaml(HOLDS).unwrap_or_else(|problems| panic!("{problems}"));
    let timeline = run(&scenario, scenario.seed);
    (scenario, timeline)
}

fn time(text: &str) -> Time {
    text.parse().expect("a time")
}

#[test]
fn what_holds_passes_and_the_scenarios_own_do() {
    let (scenario, timeline) = outage();
    assert_expect!(scenario, timeline);
    assert_expect!(
        scenario,
        timeline,
        "[{ by: 1h6m, collections: acme/us-east-1/*, queries: none }]"
    );
}

#[test]
fn a_failure_reads_as_the_command_prints_it() {
    let folder = folder();
    let printed = call(folder.path(), &["test", "fails.yaml"]).out;
    let text = std::fs::read_to_string(folder.path().join("fails.yaml")).expect("it is there");
    let scenario = Scenario::from_yaml(&text).expect("it loads");
    let timeline = run(&scenario, scenario.seed);
    let Err(Unmet::Failures(told)) = check_own(&scenario, &timeline) else {
        panic!("it fails");
    };
    // The block of the failure, without how far it is set in and without what the file is called.
    let block = |text: &str, name: &str| {
        let lines = text.lines().map(|line| line.trim().replace(name, "FILE"));
        let from = lines.skip_while(|line| !line.starts_with("FILE:"));
        let block: Vec<String> = from
            .take_while(|line| !line.starts_with("1 scenario"))
            .collect();
        block
    };
    let told = block(&told, "scenario.yaml");
    assert!(
        told.iter().any(|line| line.starts_with("nearest: ")),
        "{told:#?}"
    );
    assert_eq!(told, block(&printed, "fails.yaml"));
}

#[test]
#[should_panic(
    expected = "nearest: queries became none at 1h04m54s031ms, 54s031ms after the bound"
)]
fn the_macro_panics_with_the_reasons() {
    let (scenario, timeline) = outage();
    assert_expect!(
        scenario,
        timeline,
        "[{ by: 1h4m, collections: acme/us-east-1/clicks, queries: none }]"
    );
}

#[test]
fn what_cannot_be_read_or_decided_is_told_with_its_place() {
    let (scenario, timeline) = outage();
    for (text, due) in [
        (
            "[{ at: 2h, collections: acme/us-east-1/click, queries: all }]",
            "did you mean `acme/us-east-1/clicks`?",
        ),
        (
            "[{ at: 25h, sites: acme/*, access: granted }]",
            "is after the end of the run",
        ),
        (
            "[{ from: 1h, sites: acme/*, access: granted }]",
            "`from` has no `until`",
        ),
        ("{ at: 2h }", "a list is due here"),
    ] {
        let Err(Unmet::Problems(problems)) = check(&scenario, &timeline, text) else {
            panic!("{text} is wrong");
        };
        let told = problems.to_string();
        assert!(
            told.contains(due) && told.contains("--> expectations:1:"),
            "{told}"
        );
    }
}

#[test]
fn expectations_are_plain_values_too() {
    let (scenario, _) = outage();
    let all = scenario.expecting("[{ always: true, sites: acme/us-west-2, access: granted }]");
    let all = all.expect("it can be read");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].when, When::Always);
}

#[test]
fn an_instant_is_asked_by_names() {
    let (_, timeline) = outage();
    let before = timeline.at(time("59m"));
    let during = timeline.at(time("2h"));
    let clicks = during
        .collection("acme/us-east-1/clicks")
        .expect("it was made");
    assert_eq!(
        (clicks.queries, clicks.status),
        (Queries::None, Status::EncryptionKeyError)
    );
    let first = during
        .collection("acme/us-east-1/clicks#1")
        .expect("it was made");
    assert_eq!(first, clicks);
    let site = during.site("acme/us-east-1").expect("it is there");
    assert_eq!(
        (site.state, site.access),
        (SiteState::Operating, AccessWord::Refused)
    );
    assert_eq!(site.causes.error(), Some("DisabledException"));
    assert_eq!(before.key("main/us-east-1"), Some(KeyState::Enabled));
    assert_eq!(during.key("main/us-east-1"), Some(KeyState::Disabled));
    let readable = |place| during.readable("acme/us-east-1", place);
    let all = [Place::Storage, Place::Cache, Place::Transit].map(readable);
    assert_eq!(all, [Some(false), Some(false), Some(true)]);
    for (nothing, name) in [
        (
            during.collection("acme/us-east-1/nobody").is_none(),
            "a collection",
        ),
        (
            during.collection("acme/us-east-1/clicks#2").is_none(),
            "a second incarnation",
        ),
        (during.site("acme/eu-west-1").is_none(), "a site"),
        (during.key("main").is_none(), "a key without its region"),
    ] {
        assert!(nothing, "{name} that is not there");
    }
}
