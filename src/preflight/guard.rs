//! Whether a mend does harm: what it changes for whom, found out by asking the policy before it and after it.

use std::collections::BTreeSet;

use crate::policy::{
    Answer, Asker, KNOWN_ACTIONS, Mark, Member, Node, Policy, Request, SERVICE_OPERATIONS, Value,
};
use crate::preflight::aim::Aim;
use crate::preflight::mend::Mend;
use crate::preflight::tree;

/// An account that nobody has, for those whom no policy names.
const STRANGER: &str = "000000000000";

/// Whether a mend changes more than it may: any answer to anybody but the service's account, or to the service one about
/// an operation that it does not need. Asked are the statements that differ, so that no other statement hides what they
/// do, about every action KMS knows, by everybody they name and by strangers.
pub(super) fn harms(before: &Node, after: &Node, mend: &Mend, aim: &Aim<'_>) -> bool {
    // What AWS refuses was never in force, so nobody loses or gains by it; but no statement may get lost.
    if Policy::from_node(before).is_err() {
        return tree::statements(after).len() < tree::statements(before).len();
    }
    let (Some(old), Some(new)) = (differing(before, after), differing(after, before)) else {
        return true;
    };
    let who = principals(&old, aim).into_iter();
    let all: BTreeSet<String> = who.chain(principals(&new, aim)).collect();
    let (Ok(old), Ok(new)) = (policy(before, old), policy(after, new)) else {
        return true;
    };
    let mut asked = all.iter().flat_map(|who| {
        KNOWN_ACTIONS
            .iter()
            .map(move |action| (who.as_str(), *action))
    });
    asked.any(|(who, action)| {
        let was = answers(old.as_ref(), who, action, aim);
        let is = answers(new.as_ref(), who, action, aim);
        was != is && !may_change(mend, old.as_ref(), (who, action), (&was, &is), aim)
    })
}

/// Whether an answer is one that this mend may change.
fn may_change(
    mend: &Mend,
    old: Option<&Policy>,
    (who, action): (&str, &str),
    (was, is): (&[Answer], &[Answer]),
    aim: &Aim<'_>,
) -> bool {
    let service = &aim.rules.service_account;
    let of_service = account(who) == Some(service);
    if of_service && SERVICE_OPERATIONS.contains(&action) {
        return true;
    }
    match mend {
        // What could not be told gets an answer, and nothing else does.
        Mend::Operator { .. } => {
            let mut both = was.iter().zip(is);
            both.all(|(was, is)| was == is || *was == Answer::CannotTell)
        }
        // What the author meant for the service goes from one account to the other.
        Mend::Account { wrong } => {
            let meant = || answers(old, &who.replace(service.as_str(), wrong), action, aim);
            account(who) == Some(wrong) || (of_service && is == meant())
        }
        Mend::Add(_)
        | Mend::Admit { .. }
        | Mend::AnyResource { .. }
        | Mend::Star { .. }
        | Mend::Spare { .. }
        | Mend::Fill { .. }
        | Mend::Drop { .. }
        | Mend::Action { .. }
        | Mend::Put { .. }
        | Mend::Slip { .. }
        | Mend::Wrap => false,
    }
}

/// The statements of one policy that the other does not have; `None` if one of the two says nothing as it is.
fn differing<'n>(of: &'n Node, other: &Node) -> Option<Vec<&'n Node>> {
    let mut there: Vec<String> = tree::statements(other)
        .into_iter()
        .map(tree::bare)
        .collect();
    tree::member(of, "Statement")?;
    let mine = tree::statements(of).into_iter().filter(|it| {
        let bare = tree::bare(it);
        match there.iter().position(|it| *it == bare) {
            Some(at) => {
                there.swap_remove(at);
                false
            }
            None => true,
        }
    });
    Some(mine.collect())
}

/// A policy of these statements alone; none of no statement.
fn policy(of: &Node, statements: Vec<&Node>) -> Result<Option<Policy>, ()> {
    if statements.is_empty() {
        return Ok(None);
    }
    let version = tree::member(of, "Version").map(|(member, node)| (member.clone(), node.clone()));
    let list = Node {
        mark: Mark::default(),
        value: Value::List(statements.into_iter().cloned().collect()),
    };
    let name = Member {
        name: "Statement".to_owned(),
        mark: Mark::default(),
    };
    let node = Node {
        mark: Mark::default(),
        value: Value::Map(version.into_iter().chain([(name, list)]).collect()),
    };
    Policy::from_node(&node).map(Some).map_err(|_| ())
}

/// Who is asked for: owner, service and a stranger, each as an account and as a role, and everybody who is named.
fn principals(statements: &[&Node], aim: &Aim<'_>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for account in [&aim.arn.account, &aim.rules.service_account, STRANGER] {
        let root = aim.root(account);
        all.insert(root.replace(":root", ":role/keyoutage-any"));
        all.insert(root);
    }
    for statement in statements {
        for who in ["Principal", "NotPrincipal"] {
            let listed = tree::named(statement, who);
            let node = tree::member(statement, who).map(|it| it.1);
            let services = node.map_or_else(Vec::new, |it| tree::element(it, "Service"));
            let known = listed.into_iter().chain(services).map(|it| it.0);
            all.extend(
                known
                    .filter(|it| Asker::read(it).is_ok())
                    .map(str::to_owned),
            );
        }
    }
    all
}

/// What somebody is answered: once with nothing known but who asks, and once with nothing else carried.
fn answers(policy: Option<&Policy>, who: &str, action: &str, aim: &Aim<'_>) -> Vec<Answer> {
    let (Some(policy), Ok(asker)) = (policy, Asker::read(who)) else {
        return vec![Answer::DeniedImplicitly; 2];
    };
    let mut closed = asker.context(action);
    if let Some(at) = aim.at {
        closed.at(at);
    }
    let asked = Request {
        principal: who,
        action,
        resource: &aim.arn.text(),
        context: &closed,
    };
    vec![
        aim.answer_to(policy, who, action),
        policy.decide(&asked).answer,
    ]
}

/// The account of a principal.
fn account(who: &str) -> Option<&str> {
    tree::account(who).or_else(|| who.split(':').nth(4))
}
