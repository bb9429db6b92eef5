//! Conditions, kept as data. Nothing here decides whether one holds.

use super::clean::clean;
use super::complaint::{Complaint, ComplaintKind, Findings};
use super::shape::{map, wrong_type};
use super::template;
use super::value::{Mark, Member, Node, Value};

/// One key under one operator, with the values it is compared to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// The operator as written, such as `StringEquals` or `ForAllValues:StringLikeIfExists`; it may be unknown.
    pub operator: String,
    /// Where the operator stands.
    pub operator_mark: Mark,
    /// The key as written, such as `kms:ViaService`.
    pub key: String,
    /// Where the key stands.
    pub key_mark: Mark,
    /// The values, in written order.
    pub values: Vec<Operand>,
}

/// A value a condition compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operand {
    /// As text: JSON's `true` and `5` are the same to AWS as `"true"` and `"5"`.
    pub text: String,
    /// Where it stands.
    pub mark: Mark,
}

/// Reads a `Condition` element. An empty one, or an operator without keys, is no condition.
pub(super) fn read(node: &Node, found: &mut Findings) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let Some(operators) = map(node, "Condition", found) else {
        return conditions;
    };
    for (operator, keys) in operators {
        let element = format!("Condition.{}", operator.name);
        let Some(keys) = map(keys, &element, found) else {
            continue;
        };
        for (key, values) in keys {
            forbidden(operator, key, found);
            conditions.push(Condition {
                operator: operator.name.clone(),
                operator_mark: operator.mark,
                key: key.name.clone(),
                key_mark: key.mark,
                values: operands(values, &format!("{element}.{}", key.name), found),
            });
        }
    }
    conditions
}

/// KMS refuses `ForAllValues` with `kms:EncryptionContext:…` (Developer Guide, "Policy conditions").
fn forbidden(operator: &Member, key: &Member, found: &mut Findings) {
    let starts = |text: &str, prefix: &str| {
        text.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if starts(&operator.name, "ForAllValues:") && starts(&key.name, "kms:EncryptionContext:") {
        let what = format!(
            "KMS does not take ForAllValues with \"{}\"",
            clean(&key.name)
        );
        found.add(
            Complaint::new(ComplaintKind::BadCondition, key.mark, what)
                .expected("ForAllValues with kms:EncryptionContextKeys, or an operator without it"),
        );
    }
}

fn operands(node: &Node, element: &str, found: &mut Findings) -> Vec<Operand> {
    match &node.value {
        Value::List(values) => values
            .iter()
            .filter_map(|value| operand(value, element, found))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => {
            operand(node, element, found).into_iter().collect()
        }
    }
}

fn operand(node: &Node, element: &str, found: &mut Findings) -> Option<Operand> {
    let text = match &node.value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.clone(),
        Value::Text(text) => {
            if let Some(complaint) = template::in_text(text, node.mark) {
                found.add(complaint);
                return None;
            }
            text.clone()
        }
        Value::Null | Value::List(_) | Value::Map(_) => {
            let complaint =
                template::intrinsic(node).unwrap_or_else(|| wrong_type(node, element, "a value"));
            found.add(complaint);
            return None;
        }
    };
    Some(Operand {
        text,
        mark: node.mark,
    })
}
