//! Whether a policy allows the service what R3 asks for: decided on concrete requests, never by comparing words.

use crate::policy::{Answer, Effect, Mark, Why, named};
use crate::preflight::aim::Aim;
use crate::preflight::codes::FindingCode;
use crate::preflight::consequence::{are, listed, perhaps, refused};
use crate::preflight::finding::{Counterexample, Found};
use crate::preflight::lens::{Lens, Part};
use crate::preflight::mend::Mend;
use crate::preflight::{foreign, tree};
use crate::profile::CannotTell;
use crate::scenario::Severity;

type Operation = &'static str;

/// Why an operation is not allowed: the statement that comes nearest to allowing it, and what keeps it from that. The
/// nearest comes first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Gap {
    /// A condition does not hold.
    Condition {
        part: usize,
        key: String,
        operator: String,
    },
    /// It names another resource.
    Resource { part: usize },
    /// It does not say which actions or resources.
    NoEffect { part: usize },
    /// It allows `kms:GenerateDataKey`, and nothing that begins so.
    Star { part: usize },
    /// It speaks of one identity of the service's account.
    Identity { part: usize, principal: String },
    /// It speaks of the service's account in another partition than the key's.
    Partition { part: usize, principal: String },
    /// It speaks of an account whose id is like the service's.
    Account { part: usize, account: String },
    /// It speaks of the service, but not of this action.
    Action { part: usize },
    /// Nothing comes near.
    Nothing,
}

/// What keeps the service from what it needs, or may.
pub(super) fn judge(lens: &Lens<'_>) -> Vec<Found> {
    let mut found = denied(lens);
    let mut gaps: Vec<(Gap, Vec<Operation>)> = Vec::new();
    let mut open: Vec<(usize, Why, Vec<Operation>)> = Vec::new();
    for operation in lens.aim.operations() {
        let allows = parts(lens, Effect::Allow).map(|part| (part, lens.does(part, operation)));
        let allows: Vec<(&Part<'_>, Why)> = allows.collect();
        if allows.iter().any(|it| it.1 == Why::Allows) {
            continue;
        }
        if let Some((part, why)) = allows.iter().find(|it| is_open(&it.1)) {
            gather(&mut open, part.number, why, operation);
            continue;
        }
        let gap = allows
            .iter()
            .map(|(part, why)| gap(lens, part, why, operation));
        let gap = gap.min().unwrap_or(Gap::Nothing);
        match gaps.iter_mut().find(|it| it.0 == gap) {
            Some((_, operations)) => operations.push(operation),
            None => gaps.push((gap, vec![operation])),
        }
    }
    for (part, why, operations) in open {
        let mend = Mend::Add(operations.clone());
        found.push(cannot_tell(
            lens,
            &lens.parts[part],
            &why,
            &operations,
            mend,
        ));
    }
    found.extend(
        gaps.iter()
            .map(|(gap, operations)| told(lens, gap, operations)),
    );
    found
}

fn parts<'l>(lens: &'l Lens<'_>, effect: Effect) -> impl Iterator<Item = &'l Part<'l>> {
    lens.parts.iter().filter(move |part| part.effect == effect)
}

fn is_open(why: &Why) -> bool {
    match why {
        Why::Condition { .. } | Why::Variable { .. } => true,
        Why::Allows
        | Why::Denies
        | Why::NoEffect
        | Why::OtherPrincipal
        | Why::OtherAction
        | Why::OtherResource
        | Why::ConditionFails { .. } => false,
    }
}

fn gather(
    open: &mut Vec<(usize, Why, Vec<Operation>)>,
    part: usize,
    why: &Why,
    operation: Operation,
) {
    match open.iter_mut().find(|it| it.0 == part && it.1 == *why) {
        Some((_, _, operations)) => operations.push(operation),
        None => open.push((part, why.clone(), vec![operation])),
    }
}

/// The statements that deny the service something, or may.
fn denied(lens: &Lens<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open = Vec::new();
    for part in parts(lens, Effect::Deny) {
        let mut hit = Vec::new();
        for operation in lens.aim.operations() {
            match lens.does(part, operation) {
                Why::Denies => hit.push(operation),
                why if is_open(&why) => gather(&mut open, part.number, &why, operation),
                _ => {}
            }
        }
        if !hit.is_empty() {
            let what = format!(
                "this statement denies {} to {}",
                listed(&named(&hit)),
                lens.aim.service()
            );
            let mark = tree::place(part.node, &["Effect"]);
            let mut one = Found::new(FindingCode::DeniedExplicitly, mark, what)
                .because(refused(lens.aim, &hit))
                .expected(
                    "a Deny that spares the service's account: an explicit Deny beats every Allow",
                )
                .mended(Mend::Spare {
                    statement: part.number,
                });
            one.shown = Some(shown(lens.aim, hit[0], Answer::DeniedExplicitly));
            found.push(one);
        }
    }
    for (part, why, operations) in open {
        let mend = Mend::Spare { statement: part };
        found.push(cannot_tell(
            lens,
            &lens.parts[part],
            &why,
            &operations,
            mend,
        ));
    }
    found
}

fn shown(aim: &Aim<'_>, action: Operation, answer: Answer) -> Counterexample {
    Counterexample {
        action,
        resource: aim.arn.text(),
        principal: aim.service(),
        answer,
    }
}

/// A statement of which nobody can tell whether it applies.
fn cannot_tell(
    lens: &Lens<'_>,
    part: &Part<'_>,
    why: &Why,
    operations: &[Operation],
    mend: Mend,
) -> Found {
    let (mark, on, key) = match why {
        Why::Condition { key, operator } => (
            tree::condition(part.node, operator, key),
            format!("{key} ({operator})"),
            key.as_str(),
        ),
        Why::Variable { name } => (
            variable(part.node, name),
            format!("the policy variable {name}"),
            name.as_str(),
        ),
        _ => (part.node.mark, "a condition".to_owned(), ""),
    };
    let what = format!(
        "whether {} may {} cannot be told: it hangs on {on}",
        lens.aim.service(),
        listed(&named(operations)),
    );
    let is_time = ["aws:CurrentTime", "aws:EpochTime"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(key));
    let expected = if is_time && lens.aim.at.is_none() {
        lens.aim.instant_due
    } else {
        "a statement for the service's account that hangs on nothing but what its calls are known to carry"
    };
    let mut found = Found::new(FindingCode::CannotTell, mark, what)
        .because(perhaps(lens.aim, operations))
        .expected(expected)
        .mended(mend);
    if lens.aim.rules.cannot_tell == CannotTell::Allow {
        found.severity = Severity::Warning;
    }
    found.shown = Some(shown(lens.aim, operations[0], Answer::CannotTell));
    found
}

/// What keeps one statement from allowing an operation.
fn gap(lens: &Lens<'_>, part: &Part<'_>, why: &Why, operation: Operation) -> Gap {
    let allows = |why: &Why| *why == Why::Allows || is_open(why);
    let number = part.number;
    match why {
        Why::ConditionFails { key, operator } => Gap::Condition {
            part: number,
            key: key.clone(),
            operator: operator.clone(),
        },
        Why::OtherResource => Gap::Resource { part: number },
        Why::NoEffect if allows(&lens.would(part, operation)) => Gap::NoEffect { part: number },
        Why::OtherAction => {
            let plain = lens.does(part, "kms:GenerateDataKey");
            if operation.starts_with("kms:GenerateDataKey") && plain == Why::Allows {
                Gap::Star { part: number }
            } else {
                Gap::Action { part: number }
            }
        }
        Why::OtherPrincipal => {
            let service = &lens.aim.rules.service_account;
            let admits = |who: &str| allows(&lens.does_to(part, who, operation));
            for (text, _) in tree::principals(part.node) {
                if let Some(account) = tree::account(text) {
                    if account == service && text != account && admits(text) {
                        return Gap::Partition {
                            part: number,
                            principal: text.to_owned(),
                        };
                    }
                    if is_near(account, service) && admits(&lens.aim.root(account)) {
                        let account = account.to_owned();
                        return Gap::Account {
                            part: number,
                            account,
                        };
                    }
                } else if text.split(':').nth(4) == Some(service) && admits(text) {
                    return Gap::Identity {
                        part: number,
                        principal: text.to_owned(),
                    };
                }
            }
            Gap::Nothing
        }
        Why::NoEffect
        | Why::Allows
        | Why::Denies
        | Why::Condition { .. }
        | Why::Variable { .. } => Gap::Nothing,
    }
}

/// Whether one id may be a slip of the pen for another: one or two digits, or two changed about.
pub(super) fn is_near(one: &str, other: &str) -> bool {
    one != other && strsim::damerau_levenshtein(one, other) <= 2
}

fn told(lens: &Lens<'_>, gap: &Gap, operations: &[Operation]) -> Found {
    let aim = lens.aim;
    let service = aim.service();
    let (all, be) = (listed(&named(operations)), are(operations));
    let node = |part: &usize| lens.parts[*part].node;
    let at = |part: &usize, names: &[&str]| tree::place(node(part), names);
    let add = || Mend::Add(operations.to_vec());
    let found = |code, mark: Mark, what: String, mend| Found::new(code, mark, what).mended(mend);
    let mut one = match gap {
        Gap::Condition {
            part,
            key,
            operator,
        } => {
            let mark = tree::condition(node(part), operator, key);
            let what = format!(
                "{all} {be} not allowed to {service}: the condition on {key} ({operator}) does not hold for its calls"
            );
            found(FindingCode::ConditionFails, mark, what, add())
                .expected("a statement for the service's account without this condition")
        }
        Gap::Resource { part } => {
            let resources = tree::element(node(part), "Resource");
            let first = resources.first();
            let mark = first.map_or_else(|| at(part, &["NotResource"]), |it| it.1);
            let what = match first {
                Some((text, _)) => foreign::why(text, &aim.arn),
                None => "NotResource leaves out this very key, so this statement does not reach it"
                    .to_owned(),
            };
            let mend = match first {
                Some(_) => Mend::AnyResource { statement: *part },
                None => add(),
            };
            found(FindingCode::OtherResource, mark, what, mend)
                .expected("\"*\", which in a key policy is this key, in every Region")
        }
        Gap::NoEffect { part } => {
            let what = format!(
                "nothing allows {all} to {service}: this statement would, if it had an effect"
            );
            let mend = Mend::Fill { statement: *part };
            found(FindingCode::ActionMissing, node(part).mark, what, mend)
                .expected("a statement with Action and Resource")
        }
        Gap::Star { part } => {
            let written = tree::element(node(part), "Action");
            let mark = written
                .iter()
                .find(|it| it.0.eq_ignore_ascii_case("kms:GenerateDataKey"));
            let mend = match mark {
                Some(_) => Mend::Star { statement: *part },
                None => add(),
            };
            let mark = mark.map_or_else(|| at(part, &["Action"]), |it| it.1);
            let what = format!(
                "kms:GenerateDataKey without its `*` does not allow {} to {service}",
                listed(operations)
            );
            found(FindingCode::StarDropped, mark, what, mend).expected("kms:GenerateDataKey*")
        }
        Gap::Identity { part, principal } => {
            let mark = placed(node(part), principal);
            let what = format!(
                "{all} {be} allowed to one identity of the service's account, and not to the account"
            );
            found(FindingCode::IdentityOnly, mark, what, add()).expected(service.clone())
        }
        Gap::Partition { part, principal } => {
            let mark = placed(node(part), principal);
            let written = principal.split(':').nth(1).unwrap_or("");
            let what = format!(
                "{all} {be} allowed to the service's account id in the partition {written}, where it is another \
                 account; the key is in {}",
                aim.arn.partition
            );
            found(FindingCode::OtherAccount, mark, what, add()).expected(service.clone())
        }
        Gap::Account { part, account } => {
            let written = tree::principals(node(part));
            let mark = written
                .iter()
                .find(|it| tree::account(it.0) == Some(account));
            let mark = mark.map_or(node(part).mark, |it| it.1);
            let what =
                format!("{all} {be} allowed to the account {account}, which is not the service's");
            let mend = Mend::Account {
                wrong: account.clone(),
            };
            let mut one = found(FindingCode::OtherAccount, mark, what, mend);
            one.near = Some(aim.rules.service_account.clone());
            one.expected(service.clone())
        }
        Gap::Action { part } => {
            let what = format!("this statement does not allow {all} to {service}");
            let mend = Mend::Admit {
                statement: *part,
                operations: operations.to_vec(),
            };
            found(
                FindingCode::ActionMissing,
                at(part, &["Action", "NotAction"]),
                what,
                mend,
            )
            .expected("kms:Encrypt, kms:Decrypt, kms:GenerateDataKey* and kms:DescribeKey")
        }
        Gap::Nothing => {
            let mark =
                tree::member(lens.tree, "Statement").map_or(lens.tree.mark, |(it, _)| it.mark);
            let what = format!("no statement of this policy allows {all} to {service}");
            found(FindingCode::ActionMissing, mark, what, add()).expected(
                "a statement that allows the service's account kms:Encrypt, kms:Decrypt, kms:GenerateDataKey* and \
                 kms:DescribeKey",
            )
        }
    };
    one.shown = Some(shown(aim, operations[0], Answer::DeniedImplicitly));
    one.because(refused(aim, operations))
}

/// Where a principal's text stands.
fn placed(statement: &crate::policy::Node, principal: &str) -> Mark {
    let written = tree::principals(statement);
    let found = written.iter().find(|it| it.0 == principal);
    found.map_or(statement.mark, |it| it.1)
}

/// Where a policy variable stands: in the resources or under a condition's key, by that key; else where the statement
/// begins.
fn variable(statement: &crate::policy::Node, name: &str) -> Mark {
    let written = |text: &str| {
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            rest = &rest[at + 2..];
            let inner = rest.split(['}', ',']).next().unwrap_or(rest);
            if inner.trim().eq_ignore_ascii_case(name) {
                return true;
            }
        }
        false
    };
    let resources = ["Resource", "NotResource"].into_iter();
    let mut resources = resources.flat_map(|it| tree::element(statement, it));
    if let Some((_, mark)) = resources.find(|(text, _)| written(text)) {
        return mark;
    }
    let conditions = tree::member(statement, "Condition");
    let operators = conditions.into_iter().flat_map(|it| tree::members(it.1));
    let mut keys = operators.flat_map(|it| tree::members(&it.1));
    let found = keys.find(|(_, values)| tree::texts(values).iter().any(|it| written(it.0)));
    found.map_or(statement.mark, |(member, _)| member.mark)
}
