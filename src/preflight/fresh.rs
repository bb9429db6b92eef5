//! A policy to start from, where what was given holds no statement that could be kept.

use crate::policy::{Mark, Node, SERVICE_OPERATIONS, Value, covers};
use crate::preflight::aim::Aim;
use crate::preflight::mend::{owner, use_of_key};
use crate::preflight::splice::{Piece, Style};

/// A policy that is what R3 asks for, with AWS's default statement for the owner.
pub(super) fn policy(aim: &Aim<'_>) -> String {
    let nothing = Node {
        mark: Mark::default(),
        value: Value::Null,
    };
    let needed: Vec<&'static str> = SERVICE_OPERATIONS.to_vec();
    let statements = vec![owner(&nothing, aim), use_of_key(&nothing, aim, &needed)];
    let policy = Piece::Map(vec![
        ("Version", Piece::text("2012-10-17")),
        ("Statement", Piece::List(statements)),
    ]);
    format!("{}\n", policy.lines("", &Style::of("")))
}

/// Whether somebody who takes a new policy in place of a text loses nothing: it holds no statement at all, or one
/// fragment that says no more than the new policy's own statement for the service.
pub(super) fn loses_nothing(text: &str, aim: &Aim<'_>) -> bool {
    let statements = text.matches("\"Effect\"").count();
    let quoted: Vec<&str> = text.split('"').collect();
    let has = |word: &str| quoted.contains(&word);
    let needed = |it: &&str| {
        SERVICE_OPERATIONS
            .iter()
            .any(|operation| covers(it, operation))
    };
    let is_wide = |it: &str| it.contains('*') && it != "kms:GenerateDataKey*";
    let mut actions = quoted.iter().filter(|it| it.starts_with("kms:"));
    let mut identities = quoted
        .iter()
        .filter(|it| it.contains(":iam:") || it.contains(":sts:"));
    let service = aim.service();
    let only_service = identities.all(|it| *it == service)
        && actions.all(|it| needed(it) && !is_wide(it))
        && has("Allow")
        && !has("Condition")
        && !has("NotPrincipal")
        && !has("NotAction")
        && !has("Service");
    statements == 0 || (statements == 1 && has(&service) && only_service)
}
