//! The elements of a policy's tree, each with its place.

use crate::policy::{Mark, Member, Node, Value};

/// The member of that name.
pub(super) fn member<'n>(node: &'n Node, name: &str) -> Option<(&'n Member, &'n Node)> {
    let found = members(node).iter().find(|(member, _)| member.name == name);
    found.map(|(member, node)| (member, node))
}

/// The members of an object; none of what is no object.
pub(super) fn members(node: &Node) -> &[(Member, Node)] {
    match &node.value {
        Value::Map(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => &[],
    }
}

/// The statements: AWS takes one without the list around it.
pub(super) fn statements(tree: &Node) -> Vec<&Node> {
    match member(tree, "Statement") {
        Some((_, node)) => match &node.value {
            Value::List(list) => list.iter().collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => {
                vec![node]
            }
        },
        None => Vec::new(),
    }
}

/// The texts of a list, or the one text that stands for a list of one.
pub(super) fn texts(node: &Node) -> Vec<(&str, Mark)> {
    match &node.value {
        Value::Text(text) => vec![(text, node.mark)],
        Value::List(list) => list.iter().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Map(_) => Vec::new(),
    }
}

/// The texts of an element of a statement.
pub(super) fn element<'n>(statement: &'n Node, name: &str) -> Vec<(&'n str, Mark)> {
    member(statement, name).map_or_else(Vec::new, |(_, node)| texts(node))
}

/// Whom `Principal` names: under `AWS`, and `*` however it is written. Services and the like are not told.
pub(super) fn principals(statement: &Node) -> Vec<(&str, Mark)> {
    named(statement, "Principal")
}

/// The same of `Principal` or `NotPrincipal`.
pub(super) fn named<'n>(statement: &'n Node, who: &str) -> Vec<(&'n str, Mark)> {
    let Some((_, node)) = member(statement, who) else {
        return Vec::new();
    };
    match &node.value {
        Value::Map(_) => element(node, "AWS"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
            texts(node)
        }
    }
}

/// Whether a statement says `Allow`, and to nobody but this account as a whole.
pub(super) fn allows_only(statement: &Node, account_id: &str) -> bool {
    let effect = element(statement, "Effect");
    let who = principals(statement);
    let alone = member(statement, "Principal").is_some_and(|(_, node)| {
        let kinds = members(node);
        !kinds.is_empty() && kinds.iter().all(|it| it.0.name == "AWS")
    });
    let is_theirs = |it: &(&str, Mark)| account(it.0) == Some(account_id);
    effect.first().is_some_and(|it| it.0 == "Allow")
        && alone
        && !who.is_empty()
        && who.iter().all(is_theirs)
}

/// The value as text, without its places: equal for equal values.
pub(super) fn bare(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Number(it) => it.clone(),
        Value::Text(it) => format!("{it:?}"),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(bare).collect();
            format!("[{}]", items.join(","))
        }
        Value::Map(members) => {
            let member =
                |(member, node): &(Member, Node)| format!("{:?}:{}", member.name, bare(node));
            let members: Vec<String> = members.iter().map(member).collect();
            format!("{{{}}}", members.join(","))
        }
    }
}

/// Where a condition's key stands, under its operator; else where the statement begins.
pub(super) fn condition(statement: &Node, operator: &str, key: &str) -> Mark {
    let place = || {
        let (_, conditions) = member(statement, "Condition")?;
        let (_, keys) = member(conditions, operator)?;
        Some(member(keys, key)?.0.mark)
    };
    place().unwrap_or(statement.mark)
}

/// Where an element stands, by its value; else where the statement begins.
pub(super) fn place(statement: &Node, names: &[&str]) -> Mark {
    let found = names.iter().find_map(|name| member(statement, name));
    found.map_or(statement.mark, |(_, node)| node.mark)
}

/// The account a principal's text names as a whole: a bare id or a root ARN.
pub(super) fn account(text: &str) -> Option<&str> {
    let is_account = |it: &&str| it.len() == 12 && it.bytes().all(|byte| byte.is_ascii_digit());
    let of_root = || {
        let text = text.strip_suffix(":root")?;
        text.starts_with("arn:").then(|| text.rsplit(':').next())?
    };
    Some(text).filter(is_account).or_else(of_root)
}
