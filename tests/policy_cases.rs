//! Decisions others wrote down: AWS's documentation, and the suites of two other evaluators.
//!
//! They lie outside the repository, in the folder `KEYOUTAGE_DATA` names (else `../shared/data`), as
//! `policy-cases/`. Where it is not, the test says so and passes.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "the data is found by a variable, and what is skipped is said aloud"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use keyoutage::policy::{Answer, Context, Policy, Request};
use serde_json::{Map, Value, json};

/// The cases that are run, by their source.
const RUN: [(&str, usize); 3] = [("aws-docs", 22), ("iam-rs", 5), ("node-pbac", 10)];
/// The cases that are not, by their reason.
const NOT_APPLICABLE: [(NotApplicable, usize); 3] = [
    (NotApplicable::IdentityOnly, 0),
    (NotApplicable::NoWords, 0),
    (NotApplicable::NoVerdict, 0),
];

/// Why a case says nothing about resource policies.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum NotApplicable {
    /// It is about how identity policies combine with others (boundaries, sessions): a principal would change it.
    IdentityOnly,
    /// It uses elements that no policy of AWS has.
    NoWords,
    /// It expects something that is no decision, such as an error of its library.
    NoVerdict,
}

/// One case as a resource policy.
struct Case {
    source: &'static str,
    name: String,
    policy: Value,
    principal: String,
    action: String,
    resource: String,
    context: Context,
    want: Vec<Answer>,
}

/// The folder of cases, or a word to whoever reads the test's output.
fn data() -> Option<PathBuf> {
    let root = std::env::var_os("KEYOUTAGE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let found = root.join("policy-cases");
    if found.exists() {
        return Some(found);
    }
    let cases: usize = RUN.iter().map(|it| it.1).sum();
    aloud(&format!(
        "SKIPPED: {cases} cases; {} is not there",
        found.display()
    ));
    None
}

/// Past the harness, which keeps to itself what a passing test prints.
fn aloud(text: &str) {
    // Whoever does not listen does not make the test fail.
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn read(path: &Path) -> Value {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The JSON files of a folder, by name.
fn files(folder: &Path) -> Vec<(String, Value)> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|it| it == "json"))
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            (
                path.file_name()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned(),
                read(path),
            )
        })
        .collect()
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

/// A key of a request: one value or a list of them, as texts.
fn set(context: &mut Context, key: &str, value: &Value) {
    let one = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match value {
        Value::Array(values) => context.set(key, values.iter().map(one)),
        other => context.set(key, [one(other)]),
    }
}

/// The statements of some policies together, each for `"Principal": "*"`: these suites judge identity policies, which
/// have no principal and speak of whoever asks. That is the same question to the same statement.
fn for_everyone(policies: &[&Value]) -> Result<Value, NotApplicable> {
    let mut statements = Vec::new();
    for policy in policies {
        let Some(list) = policy["Statement"].as_array() else {
            return Err(NotApplicable::NoWords);
        };
        for statement in list {
            let mut statement: Map<String, Value> =
                statement.as_object().ok_or(NotApplicable::NoWords)?.clone();
            let before = statement.insert("Principal".to_owned(), json!("*"));
            if before.is_some() {
                return Err(NotApplicable::IdentityOnly);
            }
            statements.push(Value::Object(statement));
        }
    }
    Ok(json!({ "Version": "2012-10-17", "Statement": statements }))
}

fn aws_docs(folder: &Path) -> Vec<Result<Case, NotApplicable>> {
    let suite = read(&folder.join("aws-docs-decisions.json"));
    let cases = suite["cases"].as_array().expect("a list of cases");
    cases.iter().map(aws_doc).collect()
}

fn aws_doc(case: &Value) -> Result<Case, NotApplicable> {
    let want = match case["expected"].as_str() {
        Some("allow") => Answer::Allowed,
        Some("deny") => Answer::DeniedExplicitly,
        Some("implicit-deny") => Answer::DeniedImplicitly,
        _ => return Err(NotApplicable::NoVerdict),
    };
    let mut context = Context::closed();
    for (key, value) in case["context"].as_object().expect("an object") {
        set(&mut context, key, value);
    }
    Ok(Case {
        source: "aws-docs",
        name: text(&case["name"]),
        policy: case["policy"].clone(),
        principal: text(&case["principal"]),
        action: text(&case["action"]),
        resource: text(&case["resource"]),
        context,
        want: vec![want],
    })
}

fn iam_rs(folder: &Path) -> Vec<Result<Case, NotApplicable>> {
    files(&folder.join("iam-rs"))
        .into_iter()
        .map(|(name, case)| {
            // Nothing speaks of the request: a policy of a resource denies that implicitly.
            let want = match case["result"].as_str() {
                Some("Allow") => Answer::Allowed,
                Some("NotApplicable") => Answer::DeniedImplicitly,
                Some("Deny") => Answer::DeniedExplicitly,
                _ => return Err(NotApplicable::NoVerdict),
            };
            let request = &case["request"];
            let mut context = Context::closed();
            for (key, value) in request["Context"].as_object().expect("an object") {
                set(&mut context, key, value);
            }
            Ok(Case {
                source: "iam-rs",
                name,
                policy: for_everyone(&[&case["policy"]])?,
                principal: text(&request["Principal"]["AWS"]),
                action: text(&request["Action"]),
                resource: text(&request["Resource"]),
                context,
                want: vec![want],
            })
        })
        .collect()
}

fn node_pbac(folder: &Path) -> Vec<Result<Case, NotApplicable>> {
    let mut cases = Vec::new();
    for (file, suites) in files(&folder.join("node-pbac")) {
        for suite in suites.as_array().expect("a list of suites") {
            let policies: Vec<&Value> = suite["policies"]
                .as_array()
                .expect("policies")
                .iter()
                .collect();
            for (number, test) in suite["tests"].as_array().expect("tests").iter().enumerate() {
                let name = format!("{file}: {} {number}", text(&suite["name"]));
                cases.push(node_pbac_case(name, &policies, test));
            }
        }
    }
    cases
}

/// `{service: {key: values}}` is the key `service:key`; a request without a resource is for one nobody named.
fn node_pbac_case(name: String, policies: &[&Value], test: &Value) -> Result<Case, NotApplicable> {
    let want = match test["result"].as_bool() {
        Some(true) => vec![Answer::Allowed],
        // Its `false` is any kind of denial.
        Some(false) => vec![Answer::DeniedExplicitly, Answer::DeniedImplicitly],
        None => return Err(NotApplicable::NoVerdict),
    };
    let params = &test["params"];
    let mut context = Context::closed();
    for (service, keys) in params["variables"].as_object().into_iter().flatten() {
        for (key, value) in keys.as_object().expect("an object") {
            set(&mut context, &format!("{service}:{key}"), value);
        }
    }
    Ok(Case {
        source: "node-pbac",
        name,
        policy: for_everyone(policies)?,
        principal: "arn:aws:iam::111122223333:root".to_owned(),
        action: text(&params["action"]),
        resource: params["resource"].as_str().unwrap_or("none").to_owned(),
        context,
        want,
    })
}

#[test]
fn what_others_decided_is_decided_the_same() {
    let Some(folder) = data() else {
        return;
    };
    let all = [aws_docs(&folder), iam_rs(&folder), node_pbac(&folder)];
    let mut ran: BTreeMap<&str, usize> = BTreeMap::new();
    let mut left: BTreeMap<NotApplicable, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in all.into_iter().flatten() {
        match case {
            Ok(case) => {
                *ran.entry(case.source).or_default() += 1;
                let policy = Policy::from_json(&case.policy.to_string())
                    .unwrap_or_else(|wrong| panic!("{}: {wrong:#?}", case.name));
                let decision = policy.decide(&Request {
                    principal: &case.principal,
                    action: &case.action,
                    resource: &case.resource,
                    context: &case.context,
                });
                if !case.want.contains(&decision.answer) {
                    wrong.push(format!("{}: {decision:#?}, not {:?}", case.name, case.want));
                }
            }
            Err(reason) => *left.entry(reason).or_default() += 1,
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    aloud(&format!(
        "policy cases run: {ran:?}; not applicable: {left:?}"
    ));
    assert_eq!(ran, BTreeMap::from(RUN));
    let none_left = NOT_APPLICABLE.into_iter().filter(|it| it.1 > 0);
    assert_eq!(left, none_left.collect());
}
