//! `keyoutage decide`: one request, one policy, and nothing that was not said.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::cli::arguments::{Decide, Plain};
use crate::cli::exit::{FINE, Trouble, UNMET};
use crate::cli::policy_file::{self, odd};
use crate::cli::streams::{self, Colors};
use crate::policy::{
    Answer, Asker, Context, Decision, Effect, Given, Policy, Reason, Request, Why, action_form,
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
        Plain::Text => text(asked, &request.context, &policy, &decision),
        Plain::Json => format!("{:#}\n", as_json(&request.context, &decision)),
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

/// Whether a condition fails because the request carries no such key: said of no other failure.
fn absent(context: &Context, why: &Why) -> bool {
    match why {
        Why::ConditionFails { key, .. } => context.get(key) == Given::Absent,
        Why::Allows
        | Why::Denies
        | Why::NoEffect
        | Why::OtherPrincipal
        | Why::OtherAction
        | Why::OtherResource
        | Why::Condition { .. }
        | Why::Variable { .. } => false,
    }
}

/// What a statement did, or why it did nothing, and whether the request lacks what it asks for.
fn why(context: &Context, why: &Why) -> String {
    let told = preflight::why(why);
    match why {
        Why::ConditionFails { key, .. } if absent(context, why) => {
            format!("{told}: the request carries no {key}")
        }
        _ => told,
    }
}

fn as_json(context: &Context, decision: &Decision) -> Json {
    let because = decision.because.iter().map(|it| reason(context, it));
    let because: Vec<Json> = because.collect();
    json!({ "decision": preflight::answer(decision.answer), "because": because })
}

fn reason(context: &Context, reason: &Reason) -> Json {
    const ELEMENTS: [&str; 4] = ["principal", "action", "resource", "condition"];
    // A statement is read in this order, and what is named is the first for which it does not apply.
    let of_condition = |key: &str, operator: &str| {
        let absent = absent(context, &reason.why);
        let failed =
            json!({ "element": "condition", "key": key, "operator": operator, "absent": absent });
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
        "why": why(context, &reason.why),
    })
}

fn text(asked: &Decide, context: &Context, policy: &Policy, decision: &Decision) -> String {
    let statements = policy.statements();
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
            "  statement {} of {statements}{sid} (line {}): {}",
            reason.statement + 1,
            reason.line,
            why(context, &reason.why)
        );
    }
    out
}
