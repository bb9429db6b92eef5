//! Conditions: from the tree to operators, keys and operands.

use super::clean::clean;
use super::complaint::{Complaint, ComplaintKind, Findings};
use super::operand::Operand;
use super::operator::{self, Operator};
use super::shape::{map, wrong_type};
use super::template;
use super::value::{Mark, Member, Node, Value};

/// One key under one operator, with the values it is compared to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// The operator as written, such as `StringEquals` or `ForAllValues:StringLikeIfExists`.
    pub operator: String,
    /// The operator; `None` if AWS documents none of that name.
    pub meant: Option<Operator>,
    /// The key as written, such as `kms:ViaService`.
    pub key: String,
    /// The key in lower case: case does not matter, and contexts are asked like that.
    pub key_lower: String,
    /// The values, in written order.
    pub values: Vec<Listed>,
}

/// A value a condition compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Listed {
    /// As text: JSON's `true` and `5` are the same to AWS as `"true"` and `"5"`.
    pub text: String,
    /// As its operator reads it.
    pub operand: Operand,
}

/// Reads a `Condition` element; `variables` says whether `${…}` is a variable (P15). An empty one, or an operator
/// without keys, is no condition.
pub(super) fn read(node: &Node, variables: bool, found: &mut Findings) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let Some(operators) = map(node, "Condition", found) else {
        return conditions;
    };
    for (operator, keys) in operators {
        let element = format!("Condition.{}", operator.name);
        let Some(keys) = map(keys, &element, found) else {
            continue;
        };
        let meant = Operator::read(&operator.name);
        if meant.is_none() {
            found.add(unknown(operator));
        }
        for (key, values) in keys {
            forbidden(operator, key, found);
            let element = format!("{element}.{}", key.name);
            let mut list = Vec::new();
            for (text, mark) in texts(values, &element, found) {
                match compile(meant, &text, variables) {
                    Ok(operand) => list.push(Listed { text, operand }),
                    Err(expected) => found.add(unreadable(operator, &text, mark, expected)),
                }
            }
            conditions.push(Condition {
                operator: operator.name.clone(),
                meant,
                key: key.name.clone(),
                key_lower: key.name.to_ascii_lowercase(),
                values: list,
            });
        }
    }
    conditions
}

/// What nobody can compare with is kept as the text it is.
fn compile(meant: Option<Operator>, text: &str, variables: bool) -> Result<Operand, &'static str> {
    meant.map_or_else(
        || Ok(Operand::Text(text.to_owned())),
        |operator| Operand::read(operator.test, text, variables),
    )
}

fn unknown(operator: &Member) -> Complaint {
    let what = format!(
        "AWS documents no operator \"{}\"; whether this condition holds cannot be told",
        clean(&operator.name)
    );
    let mut complaint = Complaint::new(ComplaintKind::UnknownOperator, operator.mark, what)
        .expected("such as StringEquals, ArnLike or ForAnyValue:StringLikeIfExists");
    complaint.did_you_mean = operator::meant(&operator.name);
    complaint
}

fn unreadable(operator: &Member, text: &str, mark: Mark, expected: &str) -> Complaint {
    let what = format!("{} cannot read \"{}\"", clean(&operator.name), clean(text));
    Complaint::new(ComplaintKind::BadCondition, mark, what).expected(expected)
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

/// The listed values as texts, with their places.
fn texts(node: &Node, element: &str, found: &mut Findings) -> Vec<(String, Mark)> {
    match &node.value {
        Value::List(values) => {
            if values.is_empty() {
                let what = format!("{} is an empty list, which no value fits", clean(element));
                let complaint = Complaint::new(ComplaintKind::NoValues, node.mark, what);
                found.add(complaint.expected("at least one value"));
            }
            values
                .iter()
                .filter_map(|value| text(value, element, found))
                .collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => {
            text(node, element, found).into_iter().collect()
        }
    }
}

fn text(node: &Node, element: &str, found: &mut Findings) -> Option<(String, Mark)> {
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
    Some((text, node.mark))
}
