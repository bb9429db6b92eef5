//! How a finding is mended: the least change to the policy's own text, and none where the text does not tell what its
//! author meant.

use crate::policy::{
    Complaint, ComplaintKind, KNOWN_ACTIONS, Mark, Node, SERVICE_OPERATIONS, Value, covers,
};
use crate::preflight::aim::{Aim, KeyArn};
use crate::preflight::consequence::actions;
use crate::preflight::finding::is_list;
use crate::preflight::splice::{Edit, Ground, Piece};
use crate::preflight::{slip, spare, tree};

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
    /// The service's account in place of another, wherever that is named.
    Account { wrong: String },
    /// A Deny that spares the service.
    Spare { statement: usize },
    /// What a statement without effect lacks.
    Fill { statement: usize },
    /// A list of principals without a deleted one.
    Drop { statement: usize, id: Mark },
    /// Another action in place of one that KMS does not have, or none if the list has that already.
    Action {
        statement: usize,
        mark: Mark,
        text: String,
    },
    /// Another operator in place of one that AWS does not document.
    Operator { mark: Mark, text: String },
    /// Another text in place of the one that stands there.
    Put { mark: Mark, text: String },
    /// A slip of the pen undone, where a text is no JSON by it.
    Slip { mark: Mark },
    /// A policy around a statement.
    Wrap,
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
            ComplaintKind::NotJson => Some(Mend::Slip {
                mark: complaint.mark,
            }),
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
                Some(Mend::Fill { statement })
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
            ComplaintKind::OddAction => Some(Mend::Action {
                statement: holding(&["Action"])?,
                mark,
                text: complaint.did_you_mean.clone()?,
            }),
            ComplaintKind::UnknownOperator => Some(Mend::Operator {
                mark,
                text: complaint.did_you_mean.clone()?,
            }),
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

    /// The changes to a text whose tree is known; `None` where they would touch more than the service's own part.
    pub(super) fn edits(
        &self,
        ground: &Ground<'_>,
        tree: &Node,
        aim: &Aim<'_>,
    ) -> Option<Vec<Edit>> {
        let statements = tree::statements(tree);
        // A statement that allows something to the service and to nobody else.
        let own = |number: &usize| {
            let statement = statements.get(*number).copied()?;
            tree::allows_only(statement, &aim.rules.service_account).then_some(statement)
        };
        let unconditional =
            |it: &&Node| tree::member(it, "Condition").is_none_or(|it| is_empty(it.1));
        match self {
            Mend::Add(operations) => added(ground, tree, &use_of_key(tree, aim, operations)),
            Mend::Admit {
                statement,
                operations,
            } => {
                let statement = own(statement).filter(unconditional)?;
                let (_, node) = tree::member(statement, "Action")?;
                Some(vec![pushed(ground, node, &actions(operations))])
            }
            Mend::AnyResource { statement } => {
                let statement = own(statement).filter(|it| asks_no_more(it))?;
                let (_, node) = tree::member(statement, "Resource")?;
                Some(vec![ground.replace(node, &Piece::text("*"))])
            }
            Mend::Star { statement } => {
                let statement = own(statement).filter(unconditional)?;
                let written = tree::element(statement, "Action");
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
            Mend::Account { wrong } => Some(renamed(ground, &statements, wrong, aim)),
            Mend::Spare { statement } => {
                let node = statements.get(*statement)?;
                spare::spared(ground, tree, *statement, node, aim)
            }
            Mend::Fill { statement } => own(statement).map(|node| filled(ground, node)),
            Mend::Drop { statement, id } => {
                let statement = statements.get(*statement)?;
                let who = tree::member(statement, "Principal")
                    .or_else(|| tree::member(statement, "NotPrincipal"))?;
                let (_, node) = tree::member(who.1, "AWS")?;
                let Value::List(items) = &node.value else {
                    return None;
                };
                let at = items.iter().position(|it| it.mark == *id)?;
                Some(vec![ground.remove(node, at)?])
            }
            Mend::Action {
                statement,
                mark,
                text,
            } => {
                let (_, node) = tree::member(own(statement)?, "Action")?;
                let written = tree::texts(node);
                if !written.iter().any(|it| covers(it.0, text)) {
                    return Some(vec![(ground.token(*mark), Piece::text(text).line())]);
                }
                let gone: Vec<bool> = written.iter().map(|it| it.1 == *mark).collect();
                ground.without(node, &gone)
            }
            Mend::Put { mark, text } | Mend::Operator { mark, text } => {
                Some(vec![(ground.token(*mark), Piece::text(text).line())])
            }
            Mend::Slip { .. } | Mend::Wrap => None,
        }
    }

    /// The text after this mend alone; the tree is known where the text is JSON.
    pub(super) fn applied(&self, text: &str, tree: Option<&Node>, aim: &Aim<'_>) -> Option<String> {
        let ground = Ground::new(text);
        match (self, tree) {
            (Mend::Slip { mark }, None) => slip::undone(text, *mark),
            (Mend::Wrap, Some(_)) => Some(wrapped(text)),
            (mend, Some(tree)) => mend
                .edits(&ground, tree, aim)
                .map(|edits| ground.after(edits)),
            (_, None) => None,
        }
    }
}

/// A policy around a statement, each of its lines indented.
fn wrapped(statement: &str) -> String {
    let version = Piece::text("2012-10-17").line();
    let inner = statement.trim().lines().collect::<Vec<_>>().join("\n    ");
    format!("{{\n  \"Version\": {version},\n  \"Statement\": [\n    {inner}\n  ]\n}}\n")
}

fn is_empty(node: &Node) -> bool {
    matches!(&node.value, Value::Map(members) if members.is_empty())
}

/// Whether a statement lists its actions, and none that the service does not need.
fn asks_no_more(statement: &Node) -> bool {
    let written = tree::element(statement, "Action");
    let mut all = KNOWN_ACTIONS
        .iter()
        .filter(|action| written.iter().any(|it| covers(it.0, action)));
    !written.is_empty() && all.all(|action| SERVICE_OPERATIONS.contains(action))
}

/// The service's account in place of another, where that is allowed something or spared a Deny.
fn renamed(ground: &Ground<'_>, statements: &[&Node], wrong: &str, aim: &Aim<'_>) -> Vec<Edit> {
    let right = &aim.rules.service_account;
    let mut edits = Vec::new();
    for statement in statements {
        let denies = tree::element(statement, "Effect")
            .first()
            .is_some_and(|it| it.0 == "Deny");
        let written = tree::named(statement, if denies { "NotPrincipal" } else { "Principal" });
        let wrongs = written
            .iter()
            .filter(|it| tree::account(it.0) == Some(wrong));
        edits.extend(wrongs.map(|it| {
            let text = it.0.replace(wrong, right);
            (ground.token(it.1), Piece::text(&text).line())
        }));
    }
    edits
}

/// Several items more behind the last of a list, or of the text that stands for one.
pub(super) fn pushed(ground: &Ground<'_>, node: &Node, items: &[String]) -> Edit {
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

pub(super) fn use_of_key(tree: &Node, aim: &Aim<'_>, operations: &[&'static str]) -> Piece {
    allow(
        &free_sid(tree, "Allow use of the key"),
        &aim.service(),
        Piece::texts(&actions(operations)),
    )
}

pub(super) fn owner(tree: &Node, aim: &Aim<'_>) -> Piece {
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
pub(super) fn free_sid(tree: &Node, sid: &str) -> String {
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
