//! Policies that cannot be decided for the service: which operation hangs on what, and what helps.

use std::iter;

use crate::policy::{Answer, Policy, Reason, SERVICE_OPERATIONS, Why};
use crate::profile::CannotTell;
use crate::scenario::codes::Code;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::head::Head;
use crate::scenario::{ServiceCalls, turns};
use crate::time::Time;
use crate::yaml::Mark;

/// Where a policy comes from.
#[derive(Copy, Clone)]
pub(super) enum Whose<'a> {
    /// A replica has it at T+0, where an org's creation asks for all four actions (R3).
    Start(Option<&'a str>),
    /// A command puts it; with the file it stands in.
    Put(Option<&'a str>),
    /// A command makes it of another at an instant.
    Made(Time),
}

/// Says it when a policy cannot be decided for the service, at T+0 or after one of its dates.
pub(super) fn check(
    desk: &mut Desk<'_>,
    head: &Head,
    (policy, whose): (&Policy, Whose<'_>),
    calls: &mut ServiceCalls<'_>,
    mark: Mark,
) {
    let all = matches!(whose, Whose::Start(_));
    let Some((action, reasons)) = first(head, policy, calls, all) else {
        return;
    };
    let (which, file) = match whose {
        Whose::Start(file) | Whose::Put(file) => ("this policy".to_owned(), file),
        Whose::Made(at) => (format!("the policy that this leaves at {at}"), None),
    };
    let why = why(&reasons, file);
    let what = format!("whether {which} allows {action} cannot be told: {why}");
    let problem = desk.problem(Code::CannotTell, mark, what);
    desk.say(problem.help(help(&reasons, head)));
}

/// The first of the service's operations that a policy leaves open, and why; nothing where the scenario says how to take
/// that.
fn first(
    head: &Head,
    policy: &Policy,
    calls: &mut ServiceCalls<'_>,
    all: bool,
) -> Option<(&'static str, Vec<Reason>)> {
    if head.rules.cannot_tell != CannotTell::Error {
        return None;
    }
    let start = head.clock.start;
    let dates = turns(policy, start).into_iter();
    let dates = dates.take_while(|it| *it < head.clock.until);
    iter::once(Time::START).chain(dates).find_map(|at| {
        calls.at(start, at);
        let operations = SERVICE_OPERATIONS.iter().enumerate();
        let mut needed = operations.filter(|(_, it)| all || head.rules.uses(it));
        needed.find_map(|(operation, action)| {
            let decision = calls.decide(policy, operation);
            (decision.answer == Answer::CannotTell).then_some((*action, decision.because))
        })
    })
}

/// Why a policy cannot be decided, and where that stands.
fn why(reasons: &[Reason], file: Option<&str>) -> String {
    let open = reasons.iter().find_map(|it| Some((it, hangs_on(&it.why)?)));
    let Some((reason, on)) = open else {
        return "it hangs on a condition".to_owned();
    };
    let sid = reason.sid.as_ref().map_or_else(
        || format!("statement {}", reason.statement + 1),
        |sid| format!("the statement {}", quote(sid)),
    );
    let place = match (file, reason.line) {
        (_, 0) => String::new(),
        (Some(file), line) => format!(", line {line} of {file}"),
        (None, line) => format!(", line {line} of the policy"),
    };
    format!("it hangs on {on} of {sid}{place}")
}

/// What a decision hangs on.
fn hangs_on(why: &Why) -> Option<String> {
    match why {
        Why::Condition { key, operator } => Some(format!("the condition `{key}` ({operator})")),
        Why::Variable { name } => Some(format!("the variable `{name}`")),
        Why::Allows
        | Why::Denies
        | Why::NoEffect
        | Why::OtherPrincipal
        | Why::OtherAction
        | Why::OtherResource
        | Why::ConditionFails { .. } => None,
    }
}

/// What helps where a policy cannot be decided.
fn help(reasons: &[Reason], head: &Head) -> String {
    let on = reasons.iter().find_map(|it| match &it.why {
        Why::Condition { key, .. } => Some(key.as_str()),
        Why::Variable { name } => Some(name.as_str()),
        _ => None,
    });
    let times = ["aws:CurrentTime", "aws:EpochTime"];
    let time = |key: &str| times.iter().any(|it| it.eq_ignore_ascii_case(key));
    match on {
        Some(key) if head.clock.start.is_none() && time(key) => {
            format!("say when the run starts, for {key}: start: 2026-03-01T00:00:00Z")
        }
        Some(key) => format!(
            "say what the service's calls carry, context: {{ \"{key}\": … }}, or take it one way: set: {{ cannot_tell: deny }} or allow"
        ),
        None => "to take it one way: set: { cannot_tell: deny } or allow".to_owned(),
    }
}
