//! Every form of a suite, read back: nothing in a name breaks it, and all forms say the same.

use std::collections::BTreeMap;
use std::fmt;

use keyoutage::report::suite::{self, Fate, Suite, Totals};
use keyoutage::text::clean;
use proptest::prelude::{any, proptest};
use proptest::test_runner::Config;
use quick_junit::{NonSuccessKind, Report, TestCaseStatus};
use serde_json::Value as Json;

use crate::hostile::{NAMES, hides};
use crate::made::suite;

/// A renderer.
type Renders = fn(&Suite, &mut dyn fmt::Write) -> fmt::Result;

fn told(suite: &Suite, renders: Renders) -> String {
    let mut text = String::new();
    renders(suite, &mut text).expect("a String takes it");
    assert!(!text.contains(hides), "something hides in {text:?}");
    assert!(text.ends_with('\n'));
    text
}

fn text(suite: &Suite, out: &mut dyn fmt::Write) -> fmt::Result {
    for case in &suite.cases {
        suite::case(case, out)?;
    }
    suite::totals(suite, out)
}

/// How many cases came out how, as a form says it: ok, failed, broken, skipped.
type Counts = [u64; 4];

fn counts(suite: &Suite) -> Counts {
    let totals = Totals::new(suite);
    [totals.ok, totals.failed, totals.broken, totals.skipped]
}

fn as_text(suite: &Suite) -> Counts {
    let told = told(suite, text);
    let mut counts = [0; 4];
    let (told, review) = told.split_once("\n\n").unwrap_or((&told, ""));
    assert_eq!(
        suite.review.is_some(),
        review.starts_with("coverage: 1 of 2\n")
    );
    let mut lines: Vec<&str> = told.lines().collect();
    let last = lines.pop().expect("totals");
    for line in lines {
        match line.split(' ').next() {
            Some("ok") => counts[0] += 1,
            Some("FAILED") => counts[1] += 1,
            Some("broken") => counts[2] += 1,
            Some("") => assert!(line.starts_with("  "), "{line:?}"),
            _ => panic!("no line of a suite: {line:?}"),
        }
    }
    // The skipped ones are only counted.
    let number = last.split(", ").find_map(|it| it.strip_suffix(" skipped"));
    counts[3] = number.map_or(0, |it| it.parse().expect("a number"));
    counts
}

fn as_json(suite: &Suite) -> Counts {
    let told = told(suite, suite::json);
    let json: Json = serde_json::from_str(&told).expect("it is JSON");
    assert_eq!(json["schema"], "keyoutage/test/1");
    let mut counts = [0; 4];
    let cases = json["cases"].as_array().expect("a list");
    assert_eq!(cases.len(), suite.cases.len());
    for (it, case) in cases.iter().zip(&suite.cases) {
        let words = ["holds", "fails", "broken", "skipped"];
        let at = words.iter().position(|word| it["result"] == *word);
        counts[at.expect("one of four")] += 1;
        assert_eq!(it["file"], case.file.as_str(), "it comes back as it was");
        assert_eq!(it["name"], Json::from(case.name.clone()));
        if let Fate::Judged(judged) = &case.fate {
            let differs = judged.differs().map(|(_, text)| text);
            assert_eq!(it["golden"]["differs"].as_str(), differs);
        }
        let unmet = it["expectations"].as_array().expect("a list");
        let unmet = unmet.iter().filter(|it| it["holds"] == false).count() as u64;
        match &case.fate {
            Fate::Judged(judged) => assert_eq!(unmet, judged.failed()),
            Fate::Broken(_) | Fate::Skipped => assert_eq!(unmet, 0),
        }
    }
    if let Some(review) = &suite.review {
        assert_eq!(json["coverage"], review.objects[0].1);
    }
    let totals = ["ok", "failed", "broken", "skipped"].map(|it| json["totals"][it].as_u64());
    assert_eq!(totals, counts.map(Some));
    counts
}

/// What a form of XML can carry of a text.
fn in_xml(text: &str) -> quick_junit::XmlString {
    let legal = clean(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    quick_junit::XmlString::new(legal)
}

fn as_junit(suite: &Suite) -> Counts {
    let told = told(suite, suite::junit);
    let report = Report::deserialize_from_str(&told);
    let report = report.unwrap_or_else(|error| panic!("{error}\n{told}"));
    let reviews = usize::from(suite.review.is_some());
    assert_eq!(report.test_suites.len(), suite.cases.len() + reviews);
    assert!(report.time.is_none() && report.timestamp.is_none());
    let mut counts = [0; 4];
    let (mut tests, mut failures, mut errors) = (0, 0, 0);
    for (it, case) in report.test_suites.iter().zip(&suite.cases) {
        assert_eq!(it.name, in_xml(&case.file));
        tests += it.test_cases.len();
        assert_eq!(it.tests, it.test_cases.len());
        let (mut failing, mut wrong, mut skipped) = (0, 0, 0);
        for test in &it.test_cases {
            match &test.status {
                TestCaseStatus::Success { .. } => {}
                TestCaseStatus::NonSuccess {
                    kind, description, ..
                } => {
                    assert!(description.is_some(), "it says all there is to say");
                    match kind {
                        NonSuccessKind::Failure => failing += 1,
                        NonSuccessKind::Error => wrong += 1,
                    }
                }
                TestCaseStatus::Skipped { .. } => skipped += 1,
            }
        }
        assert_eq!(
            (it.failures, it.errors, it.skipped),
            (failing, wrong, skipped)
        );
        failures += failing;
        errors += wrong;
        counts[3] += skipped as u64;
        match &case.fate {
            Fate::Judged(judged) => {
                let names = it.test_cases.iter().map(|it| it.name.clone());
                let checks = judged.checks.iter();
                let texts = checks.map(|it| in_xml(&format!("{} (line {})", it.text, it.line)));
                let golden = judged.golden.as_ref();
                let golden = golden.map(|it| in_xml(&format!("golden timeline {}", it.file)));
                let texts = texts.chain(golden);
                assert!(names.eq(texts), "a test case an expectation, with its line");
                counts[usize::from(failing > 0)] += 1;
            }
            Fate::Broken(_) => counts[2] += u64::from(wrong == 1),
            Fate::Skipped => {}
        }
    }
    if let Some(review) = &suite.review {
        let last = report.test_suites.last().expect("it is told");
        assert_eq!((last.tests, last.failures), (1, usize::from(!review.holds)));
        tests += last.tests;
        failures += last.failures;
    }
    assert_eq!(
        (report.tests, report.failures, report.errors),
        (tests, failures, errors)
    );
    counts
}

/// A value of YAML as a test needs it.
fn yaml(text: &str) -> BTreeMap<String, Json> {
    serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn as_tap(suite: &Suite) -> Counts {
    let told = told(suite, suite::tap);
    let mut lines = told.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let points = suite.cases.len() + usize::from(suite.review.is_some());
    assert_eq!(lines.next(), Some(&*format!("1..{points}")));
    let mut counts = [0; 4];
    let mut block: Option<String> = None;
    let mut at = 0;
    for line in lines {
        match (&mut block, line) {
            (Some(text), "  ...") => {
                let read = yaml(text);
                assert!(read.contains_key("message"));
                let failed = ["failures", "golden"]
                    .iter()
                    .any(|it| read.get(*it).is_some_and(Json::is_array));
                counts[if failed { 1 } else { 2 }] += 1;
                block = None;
            }
            (Some(text), line) => {
                text.push_str(line.strip_prefix("  ").expect("it is indented"));
                text.push('\n');
            }
            (None, "  ---") => block = Some(String::new()),
            (None, line) if at == suite.cases.len() => {
                let word = match &suite.review {
                    Some(review) if review.holds => "ok",
                    Some(_) => "not ok",
                    None => panic!("after the last point: {line}"),
                };
                let due = format!("{word} {points} - the suite itself");
                assert!(line == due || line.starts_with('#'), "{line}");
            }
            (None, line) => {
                let case = &suite.cases[at];
                at += 1;
                let (word, rest) = line.split_once(&format!(" {at} - ")).expect("a point");
                let (name, skipped) = match rest.strip_suffix(" # SKIP after the first failure") {
                    Some(name) => (name, true),
                    None => (rest, false),
                };
                let name = name.replace("\\#", "#").replace("\\\\", "\\");
                assert_eq!(name, clean(&case.file));
                assert!(!bare(
                    rest.strip_suffix(" # SKIP after the first failure")
                        .unwrap_or(rest)
                ));
                match (word, skipped) {
                    ("ok", true) => counts[3] += 1,
                    ("ok", false) => counts[0] += 1,
                    ("not ok", false) => {}
                    other => panic!("no point: {other:?} in {line}"),
                }
            }
        }
    }
    assert!(block.is_none() && at == suite.cases.len());
    counts
}

/// Whether a `#` stands there that is not escaped: it would begin a directive.
fn bare(description: &str) -> bool {
    let mut escaped = false;
    for letter in description.chars() {
        match letter {
            '\\' => escaped = !escaped,
            '#' if !escaped => return true,
            _ => escaped = false,
        }
    }
    false
}

/// A command that GitHub's runner finds in a line of a log: its level, its properties and its message.
#[derive(Debug, PartialEq)]
struct Command {
    level: String,
    properties: BTreeMap<String, String>,
    message: String,
}

/// As the runner reads a line: a command of the second form begins the trimmed line, one of the first stands anywhere.
fn runner(line: &str) -> Option<Command> {
    let Some(rest) = line.trim().strip_prefix("::") else {
        assert!(!line.contains("##["), "a command of the first form: {line}");
        return None;
    };
    let (head, message) = rest.split_once("::").expect("a command has an end");
    let (level, properties) = head.split_once(' ').unwrap_or((head, ""));
    let back = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n");
        text.replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    let properties = properties.split(',').map(|it| {
        let (name, value) = it.split_once('=').expect("a property has a value");
        (name.to_owned(), back(value))
    });
    Some(Command {
        level: level.to_owned(),
        properties: properties.collect(),
        message: message
            .replace("%0D", "\r")
            .replace("%0A", "\n")
            .replace("%25", "%"),
    })
}

fn as_github(suite: &Suite) -> Counts {
    let told = told(suite, suite::github);
    let mut counts = [0; 4];
    let mut commands = Vec::new();
    for line in told.lines() {
        match (runner(line), line.split(' ').next()) {
            (Some(command), _) => commands.push(command),
            (None, Some("ok")) => counts[0] += 1,
            (None, Some("FAILED")) => counts[1] += 1,
            (None, Some("broken")) => counts[2] += 1,
            (None, _) => {
                let number = line.split(", ").find_map(|it| it.strip_suffix(" skipped"));
                if let Some(number) = number {
                    counts[3] = number.parse().expect("a number");
                }
            }
        }
    }
    if suite.review.as_ref().is_some_and(|it| !it.holds) {
        let last = commands.pop().expect("the suite has a remark of its own");
        assert_eq!(last.properties.into_keys().collect::<Vec<_>>(), ["title"]);
    }
    let errors = commands.iter().filter(|it| it.level == "error").count() as u64;
    let totals = Totals::new(suite);
    assert_eq!(
        errors,
        totals.unmet + totals.differing + totals.broken,
        "here each broken file has one problem"
    );
    for command in &commands {
        let mut names: Vec<&str> = command.properties.keys().map(String::as_str).collect();
        names.retain(|it| *it != "endColumn");
        assert_eq!(names, ["col", "file", "line", "title"]);
        assert!(["error", "warning"].contains(&command.level.as_str()));
    }
    for case in &suite.cases {
        let Fate::Judged(judged) = &case.fate else {
            continue;
        };
        for (check, fails) in judged.failing() {
            let here = commands.iter().any(|it| {
                it.properties["file"] == clean(&case.file)
                    && it.properties["line"] == check.line.to_string()
                    && it.properties["title"] == clean(&check.text)
                    && it.message.contains(&*clean(&fails.unmet.told[0].more))
            });
            assert!(here, "{} has its remark:\n{told}", check.text);
        }
    }
    counts
}

fn as_page(suite: &Suite) -> Counts {
    let told = told(suite, suite::summary);
    let totals = Totals::new(suite);
    let reviews = u64::from(suite.review.is_some());
    let wrong = totals.failed + totals.broken + reviews;
    for (tag, many) in [("pre", wrong), ("details", u64::from(totals.ok > 0))] {
        assert_eq!(
            told.matches(&format!("<{tag}>")).count() as u64,
            many,
            "{told}"
        );
        assert_eq!(
            told.matches(&format!("</{tag}>")).count() as u64,
            many,
            "{told}"
        );
    }
    // Outside of what is preformatted no name is markup.
    let mut inside = false;
    let mut counts = [0; 4];
    for line in told.lines() {
        inside = (inside || line == "<pre>") && line != "</pre>";
        if inside || line == "</pre>" {
            assert!(
                !line.contains('<') || ["<pre>", "</pre>"].contains(&line),
                "{line}"
            );
            continue;
        }
        let ours = ["<details><summary>", "</summary>", "</details>", "<!-- -->"];
        let rest = ours
            .iter()
            .fold(line.to_owned(), |rest, it| rest.replace(it, ""));
        assert!(!rest.contains('<'), "{line}");
        let begins = |it: &str| u64::from(line.starts_with(it));
        counts[0] += begins("- ok ");
        counts[1] += begins("### FAILED ");
        counts[2] += begins("### broken ");
    }
    counts[3] = totals.skipped;
    counts
}

fn all_forms_agree(suite: &Suite) {
    let due = counts(suite);
    for (form, found) in [
        ("text", as_text(suite)),
        ("json", as_json(suite)),
        ("junit", as_junit(suite)),
        ("tap", as_tap(suite)),
        ("github", as_github(suite)),
        ("page", as_page(suite)),
    ] {
        assert_eq!(found, due, "{form} says: ok, failed, broken, skipped");
    }
}

#[test]
fn forty_hostile_names_are_told_in_every_form() {
    for name in NAMES {
        all_forms_agree(&suite(name));
    }
}

proptest! {
    #![proptest_config(Config { cases: 128, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_name_is_told_in_every_form(name in any::<String>()) {
        all_forms_agree(&suite(&name));
    }

    #[test]
    fn names_made_of_hostile_parts_are_told_in_every_form(
        parts in proptest::collection::vec(proptest::sample::select(NAMES.to_vec()), 1..4),
    ) {
        all_forms_agree(&suite(&parts.concat()));
    }
}

#[test]
fn a_suite_of_nothing_is_told_too() {
    let none = Suite::default();
    assert_eq!(counts(&none), [0; 4]);
    all_forms_agree(&none);
}

#[test]
fn a_page_stays_below_what_github_takes() {
    let mut long = suite(&"name ".repeat(2_000));
    let one = long.cases.clone();
    for _ in 0..40 {
        long.cases.extend(one.clone());
    }
    let page = told(&long, suite::summary);
    assert!(page.len() < 1 << 20, "{} bytes", page.len());
    assert!(
        page.contains(" more that failed") && page.contains(" more\n"),
        "what is left out is counted"
    );
    let pre = |tag| page.matches(tag).count();
    assert_eq!(pre("<pre>"), pre("</pre>"));
}

#[test]
fn a_scenario_with_very_many_failures_is_cut_inside() {
    let mut one = suite("plain");
    one.cases.truncate(2);
    let Fate::Judged(judged) = &mut one.cases[1].fate else {
        panic!("it was judged");
    };
    let failing = judged.checks[0].clone();
    judged.checks = vec![failing; 10_000];
    let page = told(&one, suite::summary);
    assert!(page.len() < 1 << 18, "{} bytes", page.len());
    assert!(page.contains("### FAILED 1plain.yaml"), "it is named");
    assert!(
        page.contains("1plain.yaml:3:5: by: 1m"),
        "the first are told"
    );
    assert!(
        page.contains(" more lines, too long for this page\n</pre>"),
        "the rest is counted"
    );
}
