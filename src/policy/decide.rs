//! The decision: AWS's order of evaluation, with "cannot tell" as a third answer.

use super::caller::Caller;
use super::clean::clean;
use super::condition::Condition;
use super::context::Context;
use super::document::Policy;
use super::holds::Holds;
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
    /// It hangs on a condition, or on a policy variable, of which nobody can tell.
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
    /// It applies if a policy variable, in its `Resource` or in a condition, has the right value, which is not known.
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

/// What a statement does to a request, without words. From this the answer and its reasons follow.
#[derive(Copy, Clone)]
enum Verdict<'a> {
    Acts,
    NoEffect,
    OtherPrincipal,
    OtherAction,
    OtherResource,
    Fails(&'a Condition),
    Condition(&'a Condition),
    Variable(&'a str),
}

impl Verdict<'_> {
    const fn applies(self) -> Applies {
        match self {
            Verdict::Acts => Applies::Yes,
            Verdict::Condition(_) | Verdict::Variable(_) => Applies::Perhaps,
            Verdict::NoEffect
            | Verdict::OtherPrincipal
            | Verdict::OtherAction
            | Verdict::OtherResource
            | Verdict::Fails(_) => Applies::No,
        }
    }

    fn why(self, effect: Effect) -> Why {
        match (self, effect) {
            (Verdict::Acts, Effect::Allow) => Why::Allows,
            (Verdict::Acts, Effect::Deny) => Why::Denies,
            (Verdict::NoEffect, _) => Why::NoEffect,
            (Verdict::OtherPrincipal, _) => Why::OtherPrincipal,
            (Verdict::OtherAction, _) => Why::OtherAction,
            (Verdict::OtherResource, _) => Why::OtherResource,
            (Verdict::Fails(condition), _) => Why::ConditionFails {
                key: clean(&condition.key),
                operator: clean(&condition.operator),
            },
            (Verdict::Condition(condition), _) => Why::Condition {
                key: clean(&condition.key),
                operator: clean(&condition.operator),
            },
            (Verdict::Variable(name), _) => Why::Variable { name: clean(name) },
        }
    }
}

/// Which kinds of statements there are for a request, from which its answer follows.
#[derive(Copy, Clone, Default)]
struct Tally {
    denies: bool,
    might_deny: bool,
    allows: bool,
    might_allow: bool,
}

impl Tally {
    const fn count(&mut self, effect: Effect, applies: Applies) {
        match (effect, applies) {
            (Effect::Deny, Applies::Yes) => self.denies = true,
            (Effect::Deny, Applies::Perhaps) => self.might_deny = true,
            (Effect::Allow, Applies::Yes) => self.allows = true,
            (Effect::Allow, Applies::Perhaps) => self.might_allow = true,
            (Effect::Deny | Effect::Allow, Applies::No) => {}
        }
    }

    /// Default is deny, and an explicit deny wins, whatever the order of statements (P1). What is open may be so or
    /// not: where both outcomes give the same answer that is the answer, else nobody can tell.
    const fn answer(self) -> Answer {
        if self.denies {
            Answer::DeniedExplicitly
        } else if !self.allows && !self.might_allow {
            Answer::DeniedImplicitly
        } else if self.allows && !self.might_deny {
            Answer::Allowed
        } else {
            Answer::CannotTell
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
        let verdicts: Vec<(usize, &Statement, Verdict<'_>)> = self
            .statements
            .iter()
            .enumerate()
            .map(|(at, one)| (at, one, verdict(one, request, &caller)))
            .collect();
        let mut tally = Tally::default();
        for (_, one, verdict) in &verdicts {
            tally.count(one.effect, verdict.applies());
        }
        let answer = tally.answer();
        let pick = |effect: Effect, applies: Applies| {
            verdicts
                .iter()
                .filter(move |it| it.1.effect == effect && it.2.applies() == applies)
                .map(reason)
        };
        let because = match answer {
            Answer::DeniedExplicitly => pick(Effect::Deny, Applies::Yes).collect(),
            Answer::Allowed => pick(Effect::Allow, Applies::Yes).collect(),
            Answer::DeniedImplicitly => verdicts.iter().map(reason).collect(),
            // What is open comes first: mending anything else would not settle the question.
            Answer::CannotTell => pick(Effect::Deny, Applies::Perhaps)
                .chain(pick(Effect::Allow, Applies::Perhaps))
                .chain(pick(Effect::Allow, Applies::Yes))
                .collect(),
        };
        Decision { answer, because }
    }

    /// The answer of [`Policy::decide`] alone, for callers who ask very often.
    pub fn answer(&self, request: &Request<'_>) -> Answer {
        let caller = Caller::new(request.principal);
        let mut tally = Tally::default();
        for one in &self.statements {
            tally.count(one.effect, verdict(one, request, &caller).applies());
        }
        tally.answer()
    }
}

fn reason((at, statement, verdict): &(usize, &Statement, Verdict<'_>)) -> Reason {
    Reason {
        statement: *at,
        sid: statement.sid.as_deref().map(clean),
        line: statement.line,
        effect: statement.effect,
        why: verdict.why(statement.effect),
    }
}

/// What a statement does to a request, or the first thing for which it does not apply.
fn verdict<'a>(
    statement: &'a Statement,
    request: &Request<'a>,
    caller: &Caller<'_>,
) -> Verdict<'a> {
    let (Some(what), Some(which)) = (&statement.what, &statement.which) else {
        return Verdict::NoEffect;
    };
    if !speaks_of(statement, caller) {
        return Verdict::OtherPrincipal;
    }
    if !covers(what, request.action) {
        return Verdict::OtherAction;
    }
    let reaches = reaches(which, request.resource, request.context);
    if reaches == Fit::No {
        return Verdict::OtherResource;
    }
    let mut open = None;
    for condition in &statement.conditions {
        match condition.holds(request.context) {
            Holds::Yes => {}
            Holds::No => return Verdict::Fails(condition),
            Holds::Open(None) => open = open.or(Some(Verdict::Condition(condition))),
            Holds::Open(Some(name)) => open = open.or(Some(Verdict::Variable(name))),
        }
    }
    match (open, reaches) {
        (Some(open), _) => open,
        (None, Fit::Perhaps(name)) => Verdict::Variable(name),
        (None, Fit::Yes | Fit::No) => Verdict::Acts,
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

/// Whether a resource is among the chosen ones (P10), or on which variable that hangs.
fn reaches<'a>(which: &'a Choice<Pattern>, resource: &str, context: &'a Context) -> Fit<'a> {
    let (list, opposite) = match which {
        Choice::Only(list) => (list, false),
        Choice::AllBut(list) => (list, true),
    };
    let mut open = Fit::No;
    for pattern in list {
        match (pattern.fits(resource, context), open) {
            (Fit::Yes, _) => return if opposite { Fit::No } else { Fit::Yes },
            (perhaps @ Fit::Perhaps(_), Fit::No) => open = perhaps,
            (Fit::Perhaps(_) | Fit::No, _) => {}
        }
    }
    match (open, opposite) {
        (Fit::No, true) => Fit::Yes,
        (open, _) => open,
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
