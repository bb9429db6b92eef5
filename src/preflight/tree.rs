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
    let Some((_, node)) = member(statement, "Principal") else {
        return Vec::new();
    };
    match &node.value {
        Value::Map(_) => element(node, "AWS"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
            texts(node)
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
