//! Decisions of ours, as a table: `policy_table.json`, written from AWS's rules and not from what the evaluator says.
//!
//! A case asks a policy (one of its own, or a shared one by name) about a request in a closed world, unless it says
//! `"world": "open"`. A value `null` in its context is not known; `now` is the time in milliseconds since 1970. It names
//! the decision, and of each statement that made it the index or Sid, why, and the key it hangs on.

use std::collections::BTreeMap;

use keyoutage::policy::{Answer, Context, Policy, Reason, Request, Why};
use serde::Deserialize;
use serde_json::Value;

/// At least so many cases.
const CASES: usize = 80;

#[derive(Deserialize)]
struct Table {
    policies: BTreeMap<String, Value>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    policy: Value,
    principal: String,
    action: String,
    resource: String,
    context: BTreeMap<String, Value>,
    #[serde(default)]
    now: Option<i64>,
    #[serde(default)]
    world: World,
    decision: Decision,
    because: Vec<Because>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum World {
    #[default]
    Closed,
    Open,
}

#[derive(Copy, Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Allow,
    Deny,
    ImplicitDeny,
    CannotTell,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Because {
    statement: Which,
    why: String,
    #[serde(default)]
    key: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Which {
    Index(usize),
    Sid(String),
}

impl Because {
    fn is(&self, reason: &Reason) -> bool {
        let statement = match &self.statement {
            Which::Index(index) => *index == reason.statement,
            Which::Sid(sid) => reason.sid.as_ref() == Some(sid),
        };
        let (why, key) = words(&reason.why);
        statement && self.why == why && self.key.as_deref() == key
    }
}

/// The word of a reason, and the key it names.
fn words(why: &Why) -> (&'static str, Option<&str>) {
    match why {
        Why::Allows => ("allows", None),
        Why::Denies => ("denies", None),
        Why::NoEffect => ("no_effect", None),
        Why::OtherPrincipal => ("other_principal", None),
        Why::OtherAction => ("other_action", None),
        Why::OtherResource => ("other_resource", None),
        Why::ConditionFails { key, .. } => ("condition_fails", Some(key)),
        Why::Condition { key, .. } => ("condition", Some(key)),
        Why::Variable { name } => ("variable", Some(name)),
    }
}

fn context(case: &Case) -> Context {
    let mut context = match case.world {
        World::Closed => Context::closed(),
        World::Open => Context::open(),
    };
    for (key, value) in &case.context {
        match value {
            Value::Null => context.hide(key),
            Value::String(text) => context.set(key, [text]),
            Value::Array(values) => {
                let texts = values.iter().map(|it| it.as_str().expect("a text"));
                context.set(key, texts);
            }
            Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
                panic!("{}: {key} is {value}", case.name)
            }
        }
    }
    if let Some(now) = case.now {
        context.at(now);
    }
    context
}

#[test]
fn every_case_is_decided_for_its_reasons() {
    let table: Table =
        serde_json::from_str(include_str!("policy_table.json")).expect("it is a table");
    assert!(table.cases.len() >= CASES);
    let mut wrong = Vec::new();
    for case in &table.cases {
        let policy = match &case.policy {
            Value::String(name) => table
                .policies
                .get(name)
                .unwrap_or_else(|| panic!("no policy {name}")),
            own => own,
        };
        let policy = Policy::from_json(&policy.to_string())
            .unwrap_or_else(|wrong| panic!("{}: {wrong:#?}", case.name));
        let context = context(case);
        let request = Request {
            principal: &case.principal,
            action: &case.action,
            resource: &case.resource,
            context: &context,
        };
        let decision = policy.decide(&request);
        assert_eq!(policy.answer(&request), decision.answer, "{}", case.name);
        let answer = match decision.answer {
            Answer::Allowed => Decision::Allow,
            Answer::DeniedExplicitly => Decision::Deny,
            Answer::DeniedImplicitly => Decision::ImplicitDeny,
            Answer::CannotTell => Decision::CannotTell,
        };
        let reasons = decision.because.len() == case.because.len()
            && case
                .because
                .iter()
                .zip(&decision.because)
                .all(|(want, it)| want.is(it));
        if answer != case.decision || !reasons {
            wrong.push(format!(
                "{}: {decision:#?}, not {:?} because {:?}",
                case.name, case.decision, case.because
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
