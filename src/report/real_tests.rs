//! Renderers on a real run: they agree with each other, can be read back, and say what happened.

use std::fmt;

use sha2::{Digest, Sha256};

use super::real::scenario;
use super::{Origin, Run, View, explain, json, markdown, ndjson, summary, whole};
use crate::engine;
use crate::expect::{Verdict, judge};
use crate::names::{Kind, Subject};
use crate::scenario::Scenario;
use crate::time::Time;
use crate::timeline::Timeline;

/// A real run with its verdicts.
struct Told {
    scenario: Scenario,
    timeline: Timeline,
    verdicts: Vec<Verdict>,
    digest: String,
}

impl Told {
    fn new(many: u32) -> Told {
        let scenario = scenario(many);
        let timeline = engine::run(&scenario, scenario.seed);
        let verdicts = judge(&scenario.expectations, scenario.until, &timeline);
        let digest = timeline.digest();
        Told {
            scenario,
            timeline,
            verdicts,
            digest,
        }
    }

    fn tell(&self, write: impl Fn(&Run<'_>, &mut dyn fmt::Write) -> fmt::Result) -> String {
        let run = Run {
            timeline: &self.timeline,
            expectations: &self.scenario.expectations,
            verdicts: &self.verdicts,
            digest: &self.digest,
        };
        let mut out = String::new();
        write(&run, &mut out).expect("a String takes it");
        out
    }
}

#[test]
fn json_reads_back_and_its_lines_are_those_of_ndjson() {
    let told = Told::new(3);
    let document = told.tell(json);
    let value: serde_json::Value = serde_json::from_str(&document).expect("it is JSON");
    assert_eq!(value["schema"], "keyoutage/timeline/1");
    assert_eq!(value["digest"], told.digest.as_str());
    assert_eq!(
        value["entries"].as_array().map(Vec::len),
        Some(told.timeline.entries.len())
    );
    assert_eq!(value["totals"].as_array().map(Vec::len), Some(6));
    assert_eq!(value["measures"].as_array().map(Vec::len), Some(5));
    assert_eq!(value["expectations"][0]["holds"], false);
    assert_eq!(value["expectations"][1]["why"], serde_json::Value::Null);
    assert!(
        !document.contains('.') || !has_fraction(&value),
        "integers only"
    );
    let lines = told.tell(ndjson);
    let mut body: Vec<&str> = lines.lines().skip(1).collect();
    let trailer: serde_json::Value =
        serde_json::from_str(body.pop().unwrap_or_default()).expect("it is JSON");
    assert_eq!(trailer["digest"], told.digest.as_str());
    for line in &body {
        assert!(document.contains(line), "{line}");
    }
}

fn has_fraction(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Number(number) => number.is_f64(),
        serde_json::Value::Array(items) => items.iter().any(has_fraction),
        serde_json::Value::Object(fields) => fields.values().any(has_fraction),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::String(_) => {
            false
        }
    }
}

#[test]
fn the_digest_is_that_of_the_lines_between_header_and_trailer() {
    let told = Told::new(2);
    let lines = told.tell(ndjson);
    let all: Vec<&str> = lines.split_inclusive('\n').collect();
    let body = all[1..all.len() - 1].concat();
    let hash = Sha256::digest(body.as_bytes());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, told.digest);
}

#[test]
fn a_summary_says_what_a_person_asks_first() {
    let said = Told::new(1).tell(|run, out| summary(run, &View::new(run.timeline), out));
    for line in [
        "acme/us-east-1 (3 collections)",
        "  access refused from 1h00m05s until 6h00m05s, 5h (disabled)",
        "  began with DisableKey (key: main, region: us-east-1) at 1h",
        "  pause: paused between 5h05m06s118ms and 5h05m09s483ms; resumed at 14h25m (2 of 3); restore deadline 5h00m01s118ms",
        "  at the end: 2 READY, 1 PAUSED",
        "untouched: acme/us-west-2",
        "3 of 4 expectations hold",
    ] {
        assert!(said.lines().any(|it| it == line), "{line}\n{said}");
    }
}

#[test]
fn a_whole_text_ends_with_what_does_not_hold() {
    let told = Told::new(1);
    let said = told.tell(|run, out| {
        whole(
            run,
            &View::new(run.timeline),
            &Origin::file("my file.yaml"),
            out,
        )
    });
    assert!(said.ends_with("\n\n3 of 4 expectations hold\n"));
    assert!(said.contains("my file.yaml:25:5: by 1h2m"));
    assert!(
        said.contains("explain 'my file.yaml' --at 1h02m"),
        "a shell takes it"
    );
}

#[test]
fn a_page_has_whole_tables() {
    let told = Told::new(1);
    let page = told.tell(|run, out| markdown(run, &View::new(run.timeline), out));
    let mut columns = 0;
    for line in page.lines() {
        if !line.starts_with('|') {
            columns = 0;
            continue;
        }
        let these = line.replace("\\|", "").matches('|').count();
        assert!(columns == 0 || these == columns, "{line}");
        columns = these;
    }
    assert!(page.contains("| 26 |"));
    assert!(page.contains("**does not hold**: acme/us-east-1/clicks"));
}

#[test]
fn an_explanation_goes_back_to_the_command_and_on_to_what_comes() {
    let told = Told::new(1);
    let clicks = Subject::new(Kind::Collection, 0);
    let at = |time| explain(&told.timeline, clicks, Time::from_ms(time));
    let said = at(3_720_000);
    for part in [
        "acme/us-east-1/clicks at 1h02m\n",
        "status   ENCRYPTION_KEY_ERROR ",
        "queries  some, 10 of 16 cache entries live",
        "access refused (disabled), the KMS answers DisabledException",
        "#0 1h replica main/us-east-1: command DisableKey key: main, region: us-east-1",
        "queries none at 1h04m54s031ms, in 2m54s031ms (#16)",
        "restore deadline 5h00m01s552ms, in 3h58m01s552ms",
    ] {
        assert!(said.contains(part), "{part}\n{said}");
    }
    assert!(at(0).contains("status   READY"), "before the fault");
    let end = at(u64::MAX);
    assert!(end.contains("nothing more, up to the end at 1d"));
    assert!(end.contains("outcome  recreate_with_loss"));
}

#[test]
fn a_site_and_a_key_are_explained_as_a_collection_is() {
    let told = Told::new(1);
    let names = &told.timeline.names;
    let find = |kind, name: &str| {
        let mut all = (0..names.count(kind)).map(|id| Subject::new(kind, id));
        all.find(|it| names.text(*it) == name).expect("it is there")
    };
    let hour = Time::from_ms(2 * 3_600_000);
    let site = explain(&told.timeline, find(Kind::Site, "acme/us-east-1"), hour);
    for part in [
        "acme/us-east-1 at 2h\n",
        "state    operating ",
        "access   refused (disabled): DisabledException  since 1h00m05s",
        "storage  not readable",
        "cache    not readable",
        "transit  readable",
        "why access: refused (disabled)",
        "#0 1h replica main/us-east-1: command DisableKey",
        "access granted at 6h00m05s",
    ] {
        assert!(site.contains(part), "{part}\n{site}");
    }
    let key = explain(&told.timeline, find(Kind::Replica, "main/us-east-1"), hour);
    for part in [
        "main/us-east-1 at 2h\n",
        "state                     Disabled",
        "visible                   Disabled, policy ",
        "access of acme/us-east-1  refused (disabled): DisabledException",
        "why state: Disabled",
        "command EnableKey",
    ] {
        assert!(key.contains(part), "{part}\n{key}");
    }
}
