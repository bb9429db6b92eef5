//! The decision: AWS's order of evaluation, with "cannot tell" as a third answer.

use super::caller::Caller;
use super::clean::clean;
use super::context::Context;
use super::document::Policy;
use super::pattern::{Fit, Pattern};
use super::principal::Principal;
use super::statement::{Choice, Effect, Statement};

/// What is asked.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// Who asks: an ARN such as `arn:aws:iam::318212636800:root`, a role's, a user's or an assumed role's, or a
    /// service principal such as `s3.amazonaws.com`. Its own IAM permissions are taken to allow everything (P3).
    pub principal: &'a str,
    /// One operation, such as `kms:Decrypt`; no wildcards.
    pub action: &'a str,
    /// The key's ARN, in the Region where it is asked.
    pub resource: &'a str,
    /// What else the request carries.
    pub context: &'a Context,
}

/// The answer of a policy.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// A statement allows it and none denies it.
    Allowed,
    /// A statement denies it.
    DeniedExplicitly,
    /// No statement allows it (P1).
    DeniedImplicitly,
    /// It hangs on a condition, or on a policy variable, that was not evaluated.
    CannotTell,
}

/// The answer and the statements that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The answer.
    pub answer: Answer,
    /// The statements that decided, the weightiest first. If nothing allowed it: every statement, and why it did not.
    pub because: Vec<Reason>,
}

/// What one statement had to do with the decision. Its texts are safe to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Which statement, from 0.
    pub statement: usize,
    /// Its name.
    pub sid: Option<String>,
    /// The line it begins on; 0 if the policy was never written anywhere.
    pub line: u32,
    /// What it would do.
    pub effect: Effect,
    /// What it did, or why it did not.
    pub why: Why,
}

/// What a statement did, or the first thing for which it did not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It applies, and allows.
    Allows,
    /// It applies, and denies.
    Denies,
    /// It has no `Action` or no `Resource`, and so no effect (P11).
    NoEffect,
    /// It speaks of another principal.
    OtherPrincipal,
    /// It speaks of other actions.
    OtherAction,
    /// It speaks of another resource, such as the same key in another Region (P10).
    OtherResource,
    /// A condition does not hold. This is the first that does not.
    ConditionFails {
        /// The condition's key, such as `kms:ViaService`.
        key: String,
        /// The condition's operator, such as `StringEquals`.
        operator: String,
    },
    /// It applies if a condition holds, which nobody can tell. This is the first such.
    Condition {
        /// The condition's key, such as `kms:ViaService`.
        key: String,
        /// The condition's operator, such as `StringEquals`.
        operator: String,
    },
    /// It applies if a policy variable in its `Resource` has the right value.
    Variable {
        /// The variable's name.
        name: String,
    },
}

/// How far a statement applies.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Applies {
    Yes,
    Perhaps,
    No,
}

impl Why {
    const fn applies(&self) -> Applies {
        match self {
            Why::Allows | Why::Denies => Applies::Yes,
            Why::Condition { .. } | Why::Variable { .. } => Applies::Perhaps,
            Why::NoEffect
            | Why::OtherPrincipal
            | Why::OtherAction
            | Why::OtherResource
            | Why::ConditionFails { .. } => Applies::No,
        }
    }
}

impl Policy {
    /// Judges a request.
    ///
    /// Default is deny, and an explicit deny wins, whatever the order of statements (P1); for a KMS key its policy
    /// must allow, by name or by delegating to an account (P2). A statement whose conditions are open may do its work
    /// or not: where both outcomes give the same answer that is the answer, else nobody can tell.
    pub fn decide(&self, request: &Request<'_>) -> Decision {
        let caller = Caller::new(request.principal);
        let reasons: Vec<Reason> = self
            .statements
            .iter()
            .enumerate()
            .map(|(at, one)| reason(at, one, request, &caller))
            .collect();
        let pick = |effect: Effect, applies: Applies| {
            reasons
                .iter()
                .filter(move |r| r.effect == effect && r.why.applies() == applies)
                .cloned()
        };
        let denies: Vec<Reason> = pick(Effect::Deny, Applies::Yes).collect();
        if !denies.is_empty() {
            return Decision {
                answer: Answer::DeniedExplicitly,
                because: denies,
            };
        }
        let allows: Vec<Reason> = pick(Effect::Allow, Applies::Yes).collect();
        let might_allow: Vec<Reason> = pick(Effect::Allow, Applies::Perhaps).collect();
        if allows.is_empty() && might_allow.is_empty() {
            return Decision {
                answer: Answer::DeniedImplicitly,
                because: reasons,
            };
        }
        let open: Vec<Reason> = pick(Effect::Deny, Applies::Perhaps).collect();
        if open.is_empty() && !allows.is_empty() {
            return Decision {
                answer: Answer::Allowed,
                because: allows,
            };
        }
        // What is open comes first: mending anything else would not settle the question.
        let because = open.into_iter().chain(might_allow).chain(allows).collect();
        Decision {
            answer: Answer::CannotTell,
            because,
        }
    }
}

fn reason(at: usize, statement: &Statement, request: &Request<'_>, caller: &Caller<'_>) -> Reason {
    Reason {
        statement: at,
        sid: statement.sid.as_deref().map(clean),
        line: statement.line,
        effect: statement.effect,
        why: why(statement, request, caller),
    }
}

/// What a statement does to a request, or the first thing for which it does not apply.
fn why(statement: &Statement, request: &Request<'_>, caller: &Caller<'_>) -> Why {
    let (Some(what), Some(which)) = (&statement.what, &statement.which) else {
        return Why::NoEffect;
    };
    if !speaks_of(statement, caller) {
        return Why::OtherPrincipal;
    }
    if !covers(what, request.action) {
        return Why::OtherAction;
    }
    let (fit, variable) = reaches(which, request.resource);
    match (fit, statement.conditions.first(), statement.effect) {
        (Fit::No, _, _) => Why::OtherResource,
        (Fit::Yes | Fit::Perhaps, Some(first), _) => Why::Condition {
            key: clean(&first.key),
            operator: clean(&first.operator),
        },
        (Fit::Perhaps, None, _) => Why::Variable {
            name: variable.map(clean).unwrap_or_default(),
        },
        (Fit::Yes, None, Effect::Allow) => Why::Allows,
        (Fit::Yes, None, Effect::Deny) => Why::Denies,
    }
}

/// Whether the statement speaks of the caller (P5, P6, P9).
fn speaks_of(statement: &Statement, caller: &Caller<'_>) -> bool {
    let named = |list: &[Principal]| list.iter().any(|principal| caller.is(principal));
    match (&statement.who, statement.effect) {
        (Choice::Only(list), Effect::Allow | Effect::Deny) => named(list),
        (Choice::AllBut(list), Effect::Allow) => !named(list),
        (Choice::AllBut(list), Effect::Deny) => !caller.is_spared_by(list),
    }
}

/// Whether an action is among the chosen ones (P8, P9).
fn covers(what: &Choice<Pattern>, action: &str) -> bool {
    let named = |list: &[Pattern]| list.iter().any(|pattern| pattern.fits_action(action));
    match what {
        Choice::Only(list) => named(list),
        Choice::AllBut(list) => !named(list),
    }
}

/// Whether a resource is among the chosen ones (P10), and the variable on which it hangs.
fn reaches<'a>(which: &'a Choice<Pattern>, resource: &str) -> (Fit, Option<&'a str>) {
    let (list, opposite) = match which {
        Choice::Only(list) => (list, false),
        Choice::AllBut(list) => (list, true),
    };
    let mut open = None;
    for pattern in list {
        match pattern.fits_resource(resource) {
            Fit::Yes => return (if opposite { Fit::No } else { Fit::Yes }, None),
            Fit::Perhaps => open = open.or(pattern.variable.as_deref()),
            Fit::No => {}
        }
    }
    match (open, opposite) {
        (Some(_), _) => (Fit::Perhaps, open),
        (None, true) => (Fit::Yes, None),
        (None, false) => (Fit::No, None),
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
