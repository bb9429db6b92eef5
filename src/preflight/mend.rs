//! How a finding is mended: the least change to the policy's own text.

use crate::policy::{Complaint, ComplaintKind, Mark, Node, Value};
use crate::preflight::aim::{Aim, KeyArn};
use crate::preflight::consequence::actions;
use crate::preflight::finding::is_list;
use crate::preflight::splice::{Edit, Ground, Piece, Style};
use crate::preflight::tree;

/// R3's four actions.
const NEEDED: [&str; 4] = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:GenerateDataKey*",
    "kms:DescribeKey",
];

/// A change. Statements are counted from 0.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Mend {
    /// A statement that allows the service these operations.
    Add(Vec<&'static str>),
    /// These operations more in a statement.
    Admit {
        statement: usize,
        operations: Vec<&'static str>,
    },
    /// `"*"` as its `Resource`.
    AnyResource { statement: usize },
    /// The `*` behind `kms:GenerateDataKey`.
    Star { statement: usize },
    /// The service's account in place of another.
    Account { statement: usize, wrong: String },
    /// A Deny that spares the service.
    Spare { statement: usize },
    /// What a statement without effect lacks.
    Fill { statement: usize },
    /// R3's actions in place of all.
    Narrow { statement: usize },
    /// AWS's default statement for the key's own account.
    Owner,
    /// The accounts of those whom `NotPrincipal` lists.
    ListAccounts { statement: usize },
    /// A list of principals without a deleted one.
    Drop { statement: usize, id: Mark },
    /// Another text in place of the one that stands there.
    Put { mark: Mark, text: String },
    /// A policy around a statement.
    Wrap,
    /// A policy in place of what is none.
    Rewrite,
}

impl Mend {
    /// How what makes a text no policy is mended, where that is plain.
    pub(super) fn of_refusal(complaint: &Complaint) -> Option<Mend> {
        let put = |text: &str| Mend::Put {
            mark: complaint.mark,
            text: text.to_owned(),
        };
        match complaint.kind {
            ComplaintKind::BareStatement => Some(Mend::Wrap),
            ComplaintKind::NotJson
            | ComplaintKind::NotAnObject
            | ComplaintKind::MissingStatement => Some(Mend::Rewrite),
            ComplaintKind::BadVersion => Some(put("2012-10-17")),
            ComplaintKind::BadEffect | ComplaintKind::UnknownElement => {
                complaint.did_you_mean.as_deref().map(put)
            }
            _ => None,
        }
    }

    /// How what deserves a word is mended, where that is plain.
    pub(super) fn of_warning(tree: &Node, aim: &Aim<'_>, complaint: &Complaint) -> Option<Mend> {
        let mark = complaint.mark;
        let statements = tree::statements(tree);
        let holding = |names: &[&str]| {
            statements.iter().position(|it| {
                it.mark == mark
                    || names
                        .iter()
                        .any(|name| tree::element(it, name).iter().any(|it| it.1 == mark))
                    || tree::principals(it).iter().any(|it| it.1 == mark)
            })
        };
        match complaint.kind {
            ComplaintKind::MissingAction | ComplaintKind::MissingResource => {
                let statement = holding(&[])?;
                let says = tree::member(statements[statement], "Action").is_some()
                    || tree::member(statements[statement], "NotAction").is_some();
                // Which actions somebody else should have nobody can know.
                let service = tree::principals(statements[statement])
                    .iter()
                    .any(|it| tree::account(it.0) == Some(&aim.rules.service_account));
                (says || service).then_some(Mend::Fill { statement })
            }
            ComplaintKind::ArnResource => {
                let statement = holding(&["Resource"])?;
                let written = tree::element(statements[statement], "Resource");
                let ours = |text: &str| {
                    KeyArn::read(text)
                        .is_ok_and(|it| it.id == aim.arn.id && it.account == aim.arn.account)
                };
                let all = written.iter().all(|it| it.0 == "*" || ours(it.0));
                all.then_some(Mend::AnyResource { statement })
            }
            ComplaintKind::OddAction => complaint.did_you_mean.as_ref().map(|text| Mend::Put {
                mark,
                text: text.clone(),
            }),
            ComplaintKind::SparesNobody => {
                holding(&[]).map(|statement| Mend::ListAccounts { statement })
            }
            ComplaintKind::DeletedPrincipal => {
                let statement = holding(&[])?;
                let others = tree::principals(statements[statement]).len() > 1;
                others.then_some(Mend::Drop {
                    statement,
                    id: mark,
                })
            }
            _ => None,
        }
    }

    /// The changes to a text whose tree is known.
    pub(super) fn edits(
        &self,
        ground: &Ground<'_>,
        tree: &Node,
        aim: &Aim<'_>,
    ) -> Option<Vec<Edit>> {
        let statements = tree::statements(tree);
        let of = |number: &usize| statements.get(*number).copied();
        match self {
            Mend::Add(operations) => added(ground, tree, &use_of_key(tree, aim, operations)),
            Mend::Owner => added(ground, tree, &owner(tree, aim)),
            Mend::Admit {
                statement,
                operations,
            } => match tree::member(of(statement)?, "Action") {
                Some((_, node)) => Some(
                    // One after the other behind the last: in reverse, as each goes to the same place.
                    vec![pushed(ground, node, &actions(operations))],
                ),
                None => added(ground, tree, &use_of_key(tree, aim, operations)),
            },
            Mend::AnyResource { statement } => {
                let (_, node) = tree::member(of(statement)?, "Resource")?;
                Some(vec![ground.replace(node, &Piece::text("*"))])
            }
            Mend::Star { statement } => {
                let written = tree::element(of(statement)?, "Action");
                let written = written.iter();
                let plain = written.filter(|it| it.0.eq_ignore_ascii_case("kms:GenerateDataKey"));
                let star = |it: &(&str, Mark)| {
                    (
                        ground.token(it.1),
                        Piece::text(&format!("{}*", it.0)).line(),
                    )
                };
                Some(plain.map(star).collect())
            }
            Mend::Account { statement, wrong } => {
                let right = &aim.rules.service_account;
                let written = tree::principals(of(statement)?);
                let wrongs = written
                    .iter()
                    .filter(|it| tree::account(it.0) == Some(wrong));
                let edit = |it: &(&str, Mark)| {
                    let text = it.0.replace(wrong, right);
                    (ground.token(it.1), Piece::text(&text).line())
                };
                Some(wrongs.map(edit).collect())
            }
            Mend::Spare { statement } => spared(ground, tree, *statement, aim),
            Mend::Fill { statement } => {
                let node = of(statement)?;
                Some(filled(ground, node))
            }
            Mend::Narrow { statement } => {
                let statement = of(statement)?;
                let (_, node) = tree::member(statement, "Action")?;
                let piece = Piece::texts(&NEEDED);
                Some(vec![if is_list(&node.value) {
                    ground.replace_wide(node, &piece)
                } else {
                    ground.replace(node, &piece)
                }])
            }
            Mend::ListAccounts { statement } => {
                let (_, who) = tree::member(of(statement)?, "NotPrincipal")?;
                let (_, node) = tree::member(who, "AWS")?;
                let accounts = missing_accounts(node, aim);
                Some(vec![pushed(ground, node, &accounts)])
            }
            Mend::Drop { statement, id } => {
                let statement = of(statement)?;
                let who = tree::member(statement, "Principal")
                    .or_else(|| tree::member(statement, "NotPrincipal"))?;
                let (_, node) = tree::member(who.1, "AWS")?;
                let Value::List(items) = &node.value else {
                    return None;
                };
                let at = items.iter().position(|it| it.mark == *id)?;
                Some(vec![ground.remove(node, at)?])
            }
            Mend::Put { mark, text } => Some(vec![(ground.token(*mark), Piece::text(text).line())]),
            Mend::Wrap | Mend::Rewrite => None,
        }
    }
}

/// Several items more behind the last of a list, or of the text that stands for one.
fn pushed(ground: &Ground<'_>, node: &Node, items: &[String]) -> Edit {
    let mut range = None;
    let mut written = String::new();
    if let (false, [(old, _)]) = (is_list(&node.value), tree::texts(node).as_slice()) {
        let all: Vec<&str> = std::iter::once(*old)
            .chain(items.iter().map(String::as_str))
            .collect();
        return ground.replace(node, &Piece::texts(&all));
    }
    for item in items {
        let (place, text) = ground.push(node, &Piece::text(item));
        range.get_or_insert(place);
        written.push_str(&text);
    }
    (range.unwrap_or(0..0), written)
}

/// A statement behind the last one.
fn added(ground: &Ground<'_>, tree: &Node, statement: &Piece) -> Option<Vec<Edit>> {
    let (_, list) = tree::member(tree, "Statement")?;
    Some(vec![ground.push(list, statement)])
}

fn use_of_key(tree: &Node, aim: &Aim<'_>, operations: &[&'static str]) -> Piece {
    allow(
        &free_sid(tree, "Allow use of the key"),
        &aim.service(),
        Piece::texts(&actions(operations)),
    )
}

fn owner(tree: &Node, aim: &Aim<'_>) -> Piece {
    allow(
        &free_sid(tree, "Enable IAM User Permissions"),
        &aim.root(&aim.arn.account),
        Piece::text("kms:*"),
    )
}

fn allow(sid: &str, who: &str, what: Piece) -> Piece {
    Piece::Map(vec![
        ("Sid", Piece::text(sid)),
        ("Effect", Piece::text("Allow")),
        ("Principal", Piece::Map(vec![("AWS", Piece::text(who))])),
        ("Action", what),
        ("Resource", Piece::text("*")),
    ])
}

/// A Sid that no statement has yet.
fn free_sid(tree: &Node, sid: &str) -> String {
    let statements = tree::statements(tree);
    let taken = |sid: &str| {
        let mut sids = statements.iter().flat_map(|it| tree::element(it, "Sid"));
        sids.any(|it| it.0 == sid)
    };
    let numbered = (2u32..).map(|number| format!("{sid} {number}"));
    let mut names = std::iter::once(sid.to_owned()).chain(numbered);
    names
        .find(|it| !taken(it))
        .unwrap_or_else(|| sid.to_owned())
}

/// A policy that is what R3 asks for, with AWS's default statement for the owner.
pub(super) fn fresh(aim: &Aim<'_>) -> String {
    let nothing = Node {
        mark: Mark::default(),
        value: Value::Null,
    };
    let needed: Vec<&'static str> = crate::policy::SERVICE_OPERATIONS.to_vec();
    let statements = vec![owner(&nothing, aim), use_of_key(&nothing, aim, &needed)];
    let policy = Piece::Map(vec![
        ("Version", Piece::text("2012-10-17")),
        ("Statement", Piece::List(statements)),
    ]);
    format!("{}\n", policy.lines("", &Style::of("")))
}

/// A Deny that hits the service: gone if it speaks of nobody else, else with a condition that spares the account.
fn spared(ground: &Ground<'_>, tree: &Node, number: usize, aim: &Aim<'_>) -> Option<Vec<Edit>> {
    let service = &aim.rules.service_account;
    let (_, list) = tree::member(tree, "Statement")?;
    let statement = *tree::statements(tree).get(number)?;
    let of_service = |text: &str| {
        tree::account(text) == Some(service) || text.split(':').nth(4) == Some(service)
    };
    let who = tree::principals(statement);
    if !who.is_empty() && who.iter().all(|it| of_service(it.0)) {
        if let Some(edit) = ground.remove(list, number) {
            return Some(vec![edit]);
        }
        // The only one: in its place what the policy lacks.
        let all = crate::policy::SERVICE_OPERATIONS;
        return Some(vec![
            ground.replace_wide(statement, &use_of_key(tree, aim, &all)),
        ]);
    }
    const OPERATOR: &str = "StringNotEquals";
    const KEY: &str = "aws:PrincipalAccount";
    let account = Piece::text(service);
    let key = || Piece::Map(vec![(KEY, account.clone())]);
    let Some((_, conditions)) = tree::member(statement, "Condition") else {
        let condition = Piece::Map(vec![(OPERATOR, key())]);
        return Some(vec![ground.add(statement, "Condition", &condition)]);
    };
    let Some((_, keys)) = tree::member(conditions, OPERATOR) else {
        return Some(vec![ground.add(conditions, OPERATOR, &key())]);
    };
    let written = tree::members(keys).iter();
    let written = written.map(|it| (&it.0.name, &it.1));
    let mut same = written.filter(|it| it.0.eq_ignore_ascii_case(KEY));
    Some(vec![match same.next() {
        Some((_, values)) => pushed(ground, values, std::slice::from_ref(service)),
        None => ground.add(keys, KEY, &account),
    }])
}

/// What a statement without effect lacks.
fn filled(ground: &Ground<'_>, statement: &Node) -> Vec<Edit> {
    let lacks = |name: &str, opposite: &str| {
        tree::member(statement, name).is_none() && tree::member(statement, opposite).is_none()
    };
    let action = Piece::texts(&NEEDED);
    let mut edits = Vec::new();
    if lacks("Action", "NotAction") {
        edits.push(ground.add(statement, "Action", &action));
    }
    if lacks("Resource", "NotResource") {
        let edit = ground.add(statement, "Resource", &Piece::text("*"));
        // Both go behind the same member.
        match edits.last_mut() {
            Some((_, text)) => text.push_str(&edit.1),
            None => edits.push(edit),
        }
    }
    edits
}

/// The accounts of the identities of a list that are not themselves in it.
fn missing_accounts(list: &Node, aim: &Aim<'_>) -> Vec<String> {
    let written = tree::texts(list);
    let mut missing: Vec<String> = Vec::new();
    for (text, _) in &written {
        let account = text
            .split(':')
            .nth(4)
            .filter(|_| tree::account(text).is_none());
        let Some(account) = account else { continue };
        let root = aim.root(account);
        let there = written
            .iter()
            .any(|it| tree::account(it.0) == Some(account));
        if !there && !missing.contains(&root) {
            missing.push(root);
        }
    }
    missing
}
