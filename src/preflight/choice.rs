//! Which mends a finding has, and which of them are safe.

use crate::policy::{Effect, Node, Why, look};
use crate::preflight::aim::Aim;
use crate::preflight::codes::FindingCode;
use crate::preflight::finding::Found;
use crate::preflight::guard;
use crate::preflight::lens::Lens;
use crate::preflight::mend::Mend;
use crate::preflight::tree;

/// What is due where a Deny cannot be mended without lifting more of it.
pub(super) const DENY: &str = "a Deny without the operations that the service needs, or one that spares its account; \
    none is offered, since what this one covers beyond them would change with it";

/// The mends of a finding, the least change first. The lens is there where the text is a policy.
pub(super) fn mends(one: &Found, lens: Option<&Lens<'_>>) -> Vec<Mend> {
    let own = one.mend.iter().cloned();
    match one.code {
        // Where the author set a limit, only the author knows whether it is meant.
        FindingCode::CannotTell | FindingCode::ConditionFails | FindingCode::EndsByItself => {
            Vec::new()
        }
        // What one statement cannot take without harm, a new one gives to the service alone.
        FindingCode::ActionMissing | FindingCode::OtherResource | FindingCode::StarDropped => {
            let missing = lens.map_or_else(Vec::new, missing);
            let add = (!missing.is_empty()).then_some(Mend::Add(missing));
            let limited = lens.is_some_and(is_limited);
            own.chain(add)
                .filter(|mend| !limited || !matches!(mend, Mend::Add(_)))
                .collect()
        }
        FindingCode::IdentityOnly => {
            let limited = lens.is_some_and(is_limited);
            own.filter(|_| !limited).collect()
        }
        FindingCode::DeniedExplicitly
        | FindingCode::OtherAccount
        | FindingCode::NoEffect
        | FindingCode::WiderActions
        | FindingCode::AnyPrincipal
        | FindingCode::ArnResource
        | FindingCode::SparesNobody
        | FindingCode::DeletedPrincipal
        | FindingCode::LockedOut
        | FindingCode::Refused
        | FindingCode::OddAction
        | FindingCode::LiteralVariable
        | FindingCode::WrongRegion
        | FindingCode::NotSymmetric
        | FindingCode::WrongUsage
        | FindingCode::SingleRegion
        | FindingCode::ServicesOwn
        | FindingCode::ReplicaMissing
        | FindingCode::NotEnabled
        | FindingCode::ImportedMaterial
        | FindingCode::OddCondition => own.collect(),
    }
}

/// The text after a mend that changes it and harms nobody.
pub(super) fn safe(mend: &Mend, text: &str, tree: Option<&Node>, aim: &Aim<'_>) -> Option<String> {
    let after = mend.applied(text, tree, aim).filter(|it| it != text)?;
    let looked = look(&after).ok();
    match (tree, looked) {
        (Some(before), Some(looked)) => {
            (!guard::harms(before, &looked.tree, mend, aim)).then_some(after)
        }
        (Some(_), None) => None,
        // What was no JSON may need more than one slip undone.
        (None, _) => Some(after),
    }
}

/// What no statement allows to the service, nor would if a condition held.
fn missing(lens: &Lens<'_>) -> Vec<&'static str> {
    let allows = || lens.parts.iter().filter(|it| it.effect == Effect::Allow);
    let reached = |operation: &&str| {
        allows().any(|part| match lens.does(part, operation) {
            Why::Allows
            | Why::Condition { .. }
            | Why::Variable { .. }
            | Why::ConditionFails { .. } => true,
            Why::Denies
            | Why::NoEffect
            | Why::OtherPrincipal
            | Why::OtherAction
            | Why::OtherResource => false,
        })
    };
    lens.aim.operations().filter(|it| !reached(it)).collect()
}

/// Whether a statement allows the service's account, or somebody of it, something under a condition: a grant beside it
/// would lift that limit.
fn is_limited(lens: &Lens<'_>) -> bool {
    let service = &lens.aim.rules.service_account;
    let names = |node: &Node| {
        let who = tree::principals(node);
        who.iter().any(|it| {
            tree::account(it.0) == Some(service) || it.0.split(':').nth(4) == Some(service)
        })
    };
    let mut allows = lens.parts.iter().filter(|it| it.effect == Effect::Allow);
    allows.any(|it| tree::member(it.node, "Condition").is_some() && names(it.node))
}
