//! `keyoutage decide`: one request, one policy, and nothing that was not said.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::cli::arguments::{Decide, Plain};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::policy_file::{self, odd};
use crate::cli::streams::{self, Colors};
use crate::policy::{
    Answer, Asker, Context, Decision, Effect, Policy, Reason, Request, Why, action_form,
    resource_form,
};
use crate::preflight;
use crate::text::quoted;

/// Decides, and says why.
pub(super) fn decide(asked: &Decide, colors: Colors) -> Result<u8, Trouble> {
    let request = Asked::read(asked)?;
    let file = policy_file::read(&asked.policy, colors.err)?;
    let policy = Policy::from_json(&file.text);
    let policy = policy.map_err(|complaints| file.refused(&complaints, colors.err))?;
    let decision = policy.decide(&Request {
        principal: &asked.principal,
        action: &asked.action,
        resource: &asked.arn,
        context: &request.context,
    });
    let told = match asked.format {
        Plain::Text => text(asked, &decision),
        Plain::Json => format!("{:#}\n", as_json(&decision)),
    };
    streams::say(&told)?;
    Ok(match decision.answer {
        Answer::Allowed => FINE,
        Answer::DeniedExplicitly | Answer::DeniedImplicitly | Answer::CannotTell => UNMET,
    })
}

/// What the request carries: the pairs that were given, and what follows from the principal.
struct Asked {
    context: Context,
}

impl Asked {
    fn read(asked: &Decide) -> Result<Asked, Trouble> {
        resource_form(&asked.arn).map_err(|due| odd("--arn", &asked.arn, &due))?;
        action_form(&asked.action).map_err(|due| odd("--action", &asked.action, &due))?;
        let asker = Asker::read(&asked.principal);
        let asker = asker.map_err(|due| odd("--principal", &asked.principal, &due))?;
        let mut context = asker.context(&asked.action);
        let mut given: Vec<(&str, Vec<&str>)> = Vec::new();
        for pair in &asked.context {
            let (key, value) = pair
                .split_once('=')
                .filter(|(key, _)| !key.is_empty())
                .ok_or_else(|| {
                    odd(
                        "--context",
                        pair,
                        "KEY=VALUE, such as kms:ViaService=s3.us-west-2.amazonaws.com",
                    )
                })?;
            match given.iter_mut().find(|it| it.0.eq_ignore_ascii_case(key)) {
                Some((_, values)) => values.push(value),
                None => given.push((key, vec![value])),
            }
        }
        for (key, values) in given {
            context.set(key, values);
        }
        Ok(Asked { context })
    }
}

fn as_json(decision: &Decision) -> Json {
    let because: Vec<Json> = decision.because.iter().map(reason).collect();
    json!({ "decision": preflight::answer(decision.answer), "because": because })
}

fn reason(reason: &Reason) -> Json {
    const ELEMENTS: [&str; 4] = ["principal", "action", "resource", "condition"];
    // A statement is read in this order, and what is named is the first for which it does not apply.
    let of_condition = |key: &str, operator: &str| {
        let failed = json!({ "element": "condition", "key": key, "operator": operator });
        (3, failed)
    };
    let element = |at: usize| (at, json!({ "element": ELEMENTS[at] }));
    let (matched, failed) = match &reason.why {
        Why::Allows | Why::Denies => (ELEMENTS.len(), Json::Null),
        Why::NoEffect => (0, json!({ "element": "statement" })),
        Why::OtherPrincipal => element(0),
        Why::OtherAction => element(1),
        Why::OtherResource => element(2),
        Why::ConditionFails { key, operator } | Why::Condition { key, operator } => {
            of_condition(key, operator)
        }
        Why::Variable { name } => (2, json!({ "element": "resource", "key": name })),
    };
    let effect = match reason.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    json!({
        "statement": reason.statement,
        "sid": reason.sid,
        "line": reason.line,
        "effect": effect,
        "matched": ELEMENTS[..matched],
        "failed": failed,
        "why": preflight::why(&reason.why),
    })
}

fn text(asked: &Decide, decision: &Decision) -> String {
    let mut out = String::new();
    let answer = preflight::answer(decision.answer).replace('_', " ");
    let _ = writeln!(
        out,
        "{answer}: {} on {} by {}",
        asked.action, asked.arn, asked.principal
    );
    for reason in &decision.because {
        let sid = reason.sid.as_ref();
        let sid = sid.map_or_else(String::new, |sid| format!(" {}", quoted(sid)));
        let _ = writeln!(
            out,
            "  statement {}{sid} (line {}): {}",
            reason.statement + 1,
            reason.line,
            preflight::why(&reason.why)
        );
    }
    out
}
