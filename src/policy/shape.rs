//! The shapes policies are made of: objects with known members, and "a text or a list of texts".

use super::clean::clean;
use super::complaint::{Complaint, ComplaintKind, Findings};
use super::template;
use super::value::{Mark, Member, Node, Value};

/// A text and where it stands.
pub(super) type Placed<'a> = (&'a str, Mark);

/// The members of an object, or a complaint that it is none.
pub(super) fn map<'a>(
    node: &'a Node,
    element: &str,
    found: &mut Findings,
) -> Option<&'a [(Member, Node)]> {
    if let Some(complaint) = template::intrinsic(node) {
        found.add(complaint);
        return None;
    }
    match &node.value {
        Value::Map(members) => {
            twins(members, found);
            Some(members)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => {
            found.add(wrong_type(node, element, "an object"));
            None
        }
    }
}

/// Complains of names that occur twice in one object (P14). AWS refuses them; whoever takes the first or the last
/// instead judges another policy than the one its author sees.
fn twins(members: &[(Member, Node)], found: &mut Findings) {
    let mut names: Vec<&Member> = members.iter().map(|(member, _)| member).collect();
    names.sort_by(|a, b| a.name.cmp(&b.name));
    for pair in names.windows(2) {
        if let [first, second] = pair
            && first.name == second.name
        {
            let what = format!(
                "\"{}\" stands twice in one object; the first is on line {}",
                clean(&second.name),
                first.mark.line
            );
            found.add(
                Complaint::new(ComplaintKind::Duplicate, second.mark, what)
                    .expected("each name once"),
            );
        }
    }
}

/// Complains of members whose names are not known.
pub(super) fn known(members: &[(Member, Node)], known: &[&str], whose: &str, found: &mut Findings) {
    for (member, _) in members {
        if !known.contains(&member.name.as_str()) {
            let what = format!("{whose} has no element \"{}\"", clean(&member.name));
            found.add(
                Complaint::new(ComplaintKind::UnknownElement, member.mark, what)
                    .expected(format!("one of {}", known.join(", ")))
                    .nearest(&member.name, known),
            );
        }
    }
}

/// The member of that name; the first, if there are several.
pub(super) fn member<'a>(members: &'a [(Member, Node)], name: &str) -> Option<&'a (Member, Node)> {
    members.iter().find(|(member, _)| member.name == name)
}

/// A text, or a complaint that it is none.
pub(super) fn text<'a>(node: &'a Node, element: &str, found: &mut Findings) -> Option<Placed<'a>> {
    if let Value::Text(text) = &node.value {
        return Some((text, node.mark));
    }
    found.add(template::intrinsic(node).unwrap_or_else(|| wrong_type(node, element, "a text")));
    None
}

/// The texts of a list, or of a text that stands for a list of one. Every other thing in there is complained of.
pub(super) fn texts<'a>(node: &'a Node, element: &str, found: &mut Findings) -> Vec<Placed<'a>> {
    match &node.value {
        Value::List(members) if members.is_empty() => {
            let what = format!("{element} is an empty list");
            found.add(
                Complaint::new(ComplaintKind::EmptyList, node.mark, what)
                    .expected("at least one text"),
            );
            Vec::new()
        }
        Value::List(members) => members
            .iter()
            .filter_map(|member| text(member, element, found))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => {
            text(node, element, found).into_iter().collect()
        }
    }
}

/// The complaint that something is not of the wanted kind.
pub(super) fn wrong_type(node: &Node, element: &str, wanted: &str) -> Complaint {
    let what = format!(
        "{} is {} where {wanted} belongs",
        clean(element),
        node.value.noun()
    );
    let complaint = Complaint::new(ComplaintKind::WrongType, node.mark, what);
    match &node.value {
        // An account id that is written as a number loses its leading zeros.
        Value::Number(number) if wanted == "a text" => {
            complaint.expected(format!("\"{}\", in quotes", clean(number)))
        }
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_)
        | Value::Map(_) => complaint.expected(wanted),
    }
}
