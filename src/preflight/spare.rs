//! How a Deny that hits the service is made to spare it: only what the service needs is taken out, so that everything
//! else it denies stays denied, to the service as to everybody.

use crate::policy::{KNOWN_ACTIONS, Node, SERVICE_OPERATIONS, covers};
use crate::preflight::aim::Aim;
use crate::preflight::finding::is_list;
use crate::preflight::mend::{free_sid, pushed, use_of_key};
use crate::preflight::splice::{Edit, Ground, Piece};
use crate::preflight::tree;

const OPERATOR: &str = "StringNotEquals";
const KEY: &str = "aws:PrincipalAccount";

/// The changes to a Deny; `None` where its actions are not a list of which some can be taken out alone.
pub(super) fn spared(
    ground: &Ground<'_>,
    tree: &Node,
    number: usize,
    statement: &Node,
    aim: &Aim<'_>,
) -> Option<Vec<Edit>> {
    let service = &aim.rules.service_account;
    let (_, list) = tree::member(tree, "Statement")?;
    let (_, action) = tree::member(statement, "Action")?;
    let written = tree::texts(action);
    let needed = |text: &str| SERVICE_OPERATIONS.iter().any(|it| covers(text, it));
    let wide = |text: &str| {
        let mut all = KNOWN_ACTIONS.iter().filter(|it| covers(text, it));
        all.any(|it| !SERVICE_OPERATIONS.contains(it))
    };
    if written.iter().any(|it| needed(it.0) && wide(it.0)) {
        return None;
    }
    let (taken, kept): (Vec<&str>, Vec<&str>) =
        written.iter().map(|it| it.0).partition(|it| needed(it));
    let who = tree::principals(statement);
    let of_service = |text: &str| {
        tree::account(text) == Some(service) || text.split(':').nth(4) == Some(service)
    };
    let only_service = !who.is_empty() && who.iter().all(|it| of_service(it.0));
    let gone: Vec<bool> = written.iter().map(|it| needed(it.0)).collect();
    match (only_service, taken.is_empty(), kept.is_empty()) {
        (_, true, _) => None,
        (true, false, true) => Some(vec![ground.remove(list, number).unwrap_or_else(|| {
            // The only one: in its place what the policy lacks.
            ground.replace_wide(statement, &use_of_key(tree, aim, &SERVICE_OPERATIONS))
        })]),
        (true, false, false) => ground.without(action, &gone),
        (false, false, true) => Some(vec![excepted(ground, statement, service)]),
        (false, false, false) => {
            let mut edits = ground.without(action, &gone)?;
            let copy = exception(ground, tree, statement, action, &taken, service);
            edits.extend(ground.follow(list, statement, &copy));
            Some(edits)
        }
    }
}

/// A second Deny for what was taken out of the first: the same, but for the service's account.
fn exception(
    ground: &Ground<'_>,
    tree: &Node,
    statement: &Node,
    action: &Node,
    taken: &[&str],
    service: &str,
) -> String {
    let piece = Piece::texts(taken);
    let mut edits = vec![
        if is_list(&action.value) {
            ground.replace_wide(action, &piece)
        } else {
            ground.replace(action, &piece)
        },
        excepted(ground, statement, service),
    ];
    if let Some((sid, mark)) = tree::element(statement, "Sid").first() {
        let sid = free_sid(tree, sid);
        edits.push((ground.token(*mark), Piece::text(&sid).line()));
    }
    ground.remade(statement, edits)
}

/// A condition that excepts an account.
fn excepted(ground: &Ground<'_>, statement: &Node, service: &str) -> Edit {
    let account = Piece::text(service);
    let key = || Piece::Map(vec![(KEY, account.clone())]);
    let Some((_, conditions)) = tree::member(statement, "Condition") else {
        let condition = Piece::Map(vec![(OPERATOR, key())]);
        return ground.add(statement, "Condition", &condition);
    };
    let Some((_, keys)) = tree::member(conditions, OPERATOR) else {
        return ground.add(conditions, OPERATOR, &key());
    };
    let written = tree::members(keys).iter();
    let written = written.map(|it| (&it.0.name, &it.1));
    let mut same = written.filter(|it| it.0.eq_ignore_ascii_case(KEY));
    match same.next() {
        Some((_, values)) => pushed(ground, values, std::slice::from_ref(&service.to_owned())),
        None => ground.add(keys, KEY, &account),
    }
}
