//! An account whose id is like the service's, and which has access beside the service.

use crate::policy::{Answer, KNOWN_ACTIONS};
use crate::preflight::codes::FindingCode;
use crate::preflight::finding::{Counterexample, Found};
use crate::preflight::judge::is_near;
use crate::preflight::lens::Lens;
use crate::preflight::tree;
use crate::scenario::Severity;

/// A warning for each such account: nothing of the service's hangs on it, and somebody may use the key whom nobody
/// meant. What is said already as an error is not said again.
pub(super) fn beside(lens: &Lens<'_>, errors: &[Found]) -> Vec<Found> {
    let aim = lens.aim;
    let service = &aim.rules.service_account;
    let mut found: Vec<Found> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for part in &lens.parts {
        for (text, mark) in tree::principals(part.node) {
            let Some(account) = tree::account(text) else {
                continue;
            };
            let is_other = is_near(account, service) && account != aim.arn.account;
            if !is_other || seen.contains(&account) {
                continue;
            }
            let said = errors.iter().any(|it| it.code == FindingCode::OtherAccount);
            let root = aim.root(account);
            // The statement first, which is quickly asked; another one may still deny it.
            let allowed = |it: &&&str| {
                lens.admits(part, &root, it)
                    && aim.answer_to(&lens.whole, &root, it) == Answer::Allowed
            };
            let Some(action) = KNOWN_ACTIONS.iter().find(allowed).filter(|_| !said) else {
                continue;
            };
            seen.push(account);
            let what = format!(
                "the account {account} may use the key; its id is like the service's, {service}"
            );
            let mut one = Found::new(FindingCode::OtherAccount, mark, what)
                .because("if it is a slip of the pen, a stranger's account may use the key")
                .expected("no statement for this account, if it is not yours or one you know");
            one.severity = Severity::Warning;
            one.near = Some(service.clone());
            one.shown = Some(Counterexample {
                action,
                resource: aim.arn.text(),
                principal: root,
                answer: Answer::Allowed,
            });
            found.push(one);
        }
    }
    found
}
