//! One statement: whom, what and which key it speaks of.

use super::actions::KNOWN;
use super::clean::clean;
use super::complaint::{Complaint, ComplaintKind, Findings};
use super::condition::{self, Condition};
use super::pattern::Pattern;
use super::principal::{self, Principal};
use super::shape::{Placed, known, map, member, text, texts};
use super::template;
use super::value::{Mark, Member, Node};

/// What a statement does when it applies.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
}

/// An element or its opposite: `Action` or `NotAction`, and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Choice<T> {
    /// These.
    Only(Vec<T>),
    /// Everything but these (P9).
    AllBut(Vec<T>),
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Statement {
    /// The line it begins on; 0 if it was never written anywhere.
    pub line: u32,
    /// Its name.
    pub sid: Option<String>,
    /// What it does.
    pub effect: Effect,
    /// Whom it speaks of.
    pub who: Choice<Principal>,
    /// Which actions; `None` if it does not say (P11).
    pub what: Option<Choice<Pattern>>,
    /// Which resources; `None` if it does not say (P11).
    pub which: Option<Choice<Pattern>>,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
    /// Whether `${…}` is a variable (P15).
    pub variables: bool,
    /// What [`super::Policy::without_actions`] took away, so that it can come back to where it was.
    pub taken: Vec<Pattern>,
}

/// The elements of a statement, as AWS writes them.
pub(super) const ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Reads a statement. `variables` says whether `${…}` is a variable (P15). What was complained of may be missing.
pub(super) fn read(node: &Node, variables: bool, found: &mut Findings) -> Option<Statement> {
    let members = map(node, "a statement", found)?;
    known(members, &ELEMENTS, "a statement", found);
    let sid = member(members, "Sid")
        .and_then(|(_, sid)| text(sid, "Sid", found))
        .map(|(sid, _)| sid.to_owned());
    let effect = effect(members, node.mark, found);
    let who = who(members, node.mark, found);
    let what = what(members, node.mark, found);
    let which = which(members, node.mark, variables, found);
    let conditions = member(members, "Condition")
        .map(|(_, node)| condition::read(node, variables, found))
        .unwrap_or_default();
    if !variables {
        literal_variables(members, found);
    }
    let statement = Statement {
        line: node.mark.line,
        sid,
        effect: effect?,
        who: who?,
        what,
        which,
        conditions,
        variables,
        taken: Vec::new(),
    };
    spares_nobody(&statement, node.mark, found);
    Some(statement)
}

fn effect(members: &[(Member, Node)], place: Mark, found: &mut Findings) -> Option<Effect> {
    let Some((_, node)) = member(members, "Effect") else {
        let complaint = Complaint::new(
            ComplaintKind::MissingEffect,
            place,
            "this statement has no Effect",
        );
        found.add(complaint.expected("\"Effect\": \"Allow\" or \"Effect\": \"Deny\""));
        return None;
    };
    match text(node, "Effect", found)? {
        ("Allow", _) => Some(Effect::Allow),
        ("Deny", _) => Some(Effect::Deny),
        (other, mark) => {
            let what = format!("Effect is \"{}\"", clean(other));
            found.add(
                Complaint::new(ComplaintKind::BadEffect, mark, what)
                    .expected("exactly Allow or Deny")
                    .nearest(other, &["Allow", "Deny"]),
            );
            None
        }
    }
}

/// The node of an element or of its opposite, whichever is there; `true` means the opposite.
fn either<'a>(
    members: &'a [(Member, Node)],
    element: &str,
    opposite: &str,
    found: &mut Findings,
) -> Option<(&'a Node, bool)> {
    match (member(members, element), member(members, opposite)) {
        (Some(_), Some((second, _))) => {
            let what = format!("{element} and {opposite} in one statement");
            found.add(
                Complaint::new(ComplaintKind::BothForms, second.mark, what)
                    .expected("one of the two"),
            );
            None
        }
        (Some((_, node)), None) => Some((node, false)),
        (None, Some((_, node))) => Some((node, true)),
        (None, None) => None,
    }
}

fn choose<T>(opposite: bool, list: Vec<T>) -> Choice<T> {
    if opposite {
        Choice::AllBut(list)
    } else {
        Choice::Only(list)
    }
}

fn absent(members: &[(Member, Node)], element: &str, opposite: &str) -> bool {
    member(members, element).is_none() && member(members, opposite).is_none()
}

/// A key policy must say whom it speaks of (P5); a policy for IAM, which says it by where it is attached, is none.
fn who(members: &[(Member, Node)], place: Mark, found: &mut Findings) -> Option<Choice<Principal>> {
    if absent(members, "Principal", "NotPrincipal") {
        let what = "this statement has no Principal, which a key policy needs; an IAM policy is no key policy";
        let complaint = Complaint::new(ComplaintKind::MissingPrincipal, place, what);
        found.add(
            complaint
                .expected("such as \"Principal\": {\"AWS\": \"arn:aws:iam::111122223333:root\"}"),
        );
        return None;
    }
    let (node, opposite) = either(members, "Principal", "NotPrincipal", found)?;
    let element = if opposite {
        "NotPrincipal"
    } else {
        "Principal"
    };
    Some(choose(opposite, principal::read(node, element, found)))
}

fn what(members: &[(Member, Node)], place: Mark, found: &mut Findings) -> Option<Choice<Pattern>> {
    if absent(members, "Action", "NotAction") {
        found.add(no_effect(ComplaintKind::MissingAction, place, "Action"));
        return None;
    }
    let (node, opposite) = either(members, "Action", "NotAction", found)?;
    let actions = texts(node, if opposite { "NotAction" } else { "Action" }, found);
    let patterns: Vec<Pattern> = actions
        .iter()
        .map(|(action, _)| Pattern::of_action(action))
        .collect();
    for (action, pattern) in actions.iter().zip(&patterns) {
        odd_action(*action, pattern, found);
    }
    Some(choose(opposite, patterns))
}

/// P11: AWS kept such statements until 18 August 2025, and they do nothing.
fn no_effect(kind: ComplaintKind, place: Mark, element: &str) -> Complaint {
    let what = format!(
        "this statement has no {element}, and so no effect; AWS refuses it in new policies"
    );
    Complaint::new(kind, place, what).expected(format!("a statement with {element}"))
}

/// An action that cannot match anything KMS does: most often a slip of the pen.
fn odd_action((action, mark): Placed<'_>, pattern: &Pattern, found: &mut Findings) {
    if let Some(complaint) = template::in_text(action, mark) {
        found.add(complaint);
        return;
    }
    let plain = KNOWN.iter().any(|known| pattern.is_written(known));
    if plain || KNOWN.iter().any(|known| pattern.fits_action(known)) {
        return;
    }
    let what = format!("\"{}\" matches no action of KMS", clean(action));
    found.add(
        Complaint::new(ComplaintKind::OddAction, mark, what)
            .expected("such as kms:Decrypt")
            .nearest(action, &KNOWN),
    );
}

fn which(
    members: &[(Member, Node)],
    place: Mark,
    variables: bool,
    found: &mut Findings,
) -> Option<Choice<Pattern>> {
    if absent(members, "Resource", "NotResource") {
        found.add(no_effect(ComplaintKind::MissingResource, place, "Resource"));
        return None;
    }
    let (node, opposite) = either(members, "Resource", "NotResource", found)?;
    let resources = texts(
        node,
        if opposite { "NotResource" } else { "Resource" },
        found,
    );
    for resource in &resources {
        odd_resource(*resource, found);
    }
    let patterns = resources
        .iter()
        .map(|(resource, _)| Pattern::of_resource(resource, variables))
        .collect();
    Some(choose(opposite, patterns))
}

/// P10, P11: in a key policy a resource other than `"*"` works only for the one ARN it names, in the one Region it
/// names, and AWS takes it no longer.
fn odd_resource((resource, mark): Placed<'_>, found: &mut Findings) {
    if resource == "*" {
        return;
    }
    if let Some(complaint) = template::in_text(resource, mark) {
        found.add(complaint);
        return;
    }
    let what = if resource.contains(":alias/") {
        "an alias as Resource matches no key"
    } else {
        "a Resource other than \"*\" matches only keys of this very ARN, and AWS announced to take none but \"*\" in new policies"
    };
    found.add(
        Complaint::new(ComplaintKind::ArnResource, mark, what).expected("\"*\", which is this key"),
    );
}

/// P15: in version 2008-10-17, and without a version, `${…}` is plain text.
fn literal_variables(members: &[(Member, Node)], found: &mut Findings) {
    for (member, node) in members {
        if matches!(
            member.name.as_str(),
            "Resource" | "NotResource" | "Condition"
        ) && let Some(mark) = node.first_text_with("${")
        {
            let what =
                "${…} is plain text in version 2008-10-17, which a policy without Version has too";
            let complaint = Complaint::new(ComplaintKind::LiteralVariable, mark, what);
            found.add(complaint.expected("\"Version\": \"2012-10-17\", if a variable is meant"));
        }
    }
}

/// P9: with `Deny`, `NotPrincipal` must list the account of whom it spares.
fn spares_nobody(statement: &Statement, place: Mark, found: &mut Findings) {
    let (Effect::Deny, Choice::AllBut(list)) = (statement.effect, &statement.who) else {
        return;
    };
    for principal in list {
        if let Principal::Identity(arn) = principal
            && let Some(account) = arn.split(':').nth(4)
            && !list.iter().any(|it| match it {
                Principal::Account(id) | Principal::AccountIn { account: id, .. } => id == account,
                _ => false,
            })
        {
            let what = format!(
                "this denies {} too: NotPrincipal does not list its account",
                clean(arn)
            );
            let complaint = Complaint::new(ComplaintKind::SparesNobody, place, what);
            found.add(complaint.expected(format!("arn:aws:iam::{account}:root beside it")));
        }
    }
}
