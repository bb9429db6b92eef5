//! From text or a tree to a policy, or to everything that is wrong with it.

use super::clean::{clean, code_point};
use super::complaint::{Complaint, ComplaintKind, Findings};
use super::cut;
use super::json::{DEEPEST, MOST_BYTES, fits, read_source};
use super::meaning;
use super::scan;
use super::shape::{known, map, member, text};
use super::source::Source;
use super::statement::{self, ELEMENTS, Statement};
use super::template;
use super::value::{Mark, Member, Node, Value};

/// A key policy that AWS would take, or would have taken once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub(super) statements: Vec<Statement>,
    warnings: Vec<Complaint>,
    meaning: String,
}

/// Most bytes of a text around a policy: each character of a policy in a string may be an escape of six.
const MOST_WRAPPED_BYTES: usize = 8 * MOST_BYTES;

impl Policy {
    /// Reads a policy as JSON text. What `aws kms get-key-policy` prints, `{"Policy": "…", "PolicyName": "…"}` or the
    /// string alone, is unwrapped; the places in complaints are always those of the given text.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in the order of the text; only the first trouble if the text is no JSON, or all that is
    /// missing if it was cut off.
    pub fn from_json(text: &str) -> Result<Policy, Vec<Complaint>> {
        let (node, source) = read_policy_text(text).map_err(|complaint| match complaint.kind {
            ComplaintKind::NotJson => cut::look(text).unwrap_or_else(|| vec![complaint]),
            _ => vec![complaint],
        })?;
        let mut found = Findings::default();
        found.errors.extend(bad_character(&source));
        from_root(&node, found)
    }

    /// Makes a policy of a tree, however that was read.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, in the order of the text.
    pub fn from_node(node: &Node) -> Result<Policy, Vec<Complaint>> {
        let mut found = Findings::default();
        let bytes = measure(node, 0, &mut found);
        if bytes > MOST_BYTES {
            let what = format!("this policy has {bytes} bytes as JSON, more than AWS takes");
            let complaint = Complaint::new(ComplaintKind::TooLarge, node.mark, what);
            found.add(complaint.expected(format!("at most {MOST_BYTES} bytes")));
        }
        if found.errors.is_empty() {
            from_root(node, found)
        } else {
            Err(found.errors)
        }
    }

    /// How many statements there are.
    pub fn statements(&self) -> usize {
        self.statements.len()
    }

    /// What AWS takes, or once took, and what still deserves a word: statements without effect (P11), a `Resource`
    /// that is an ARN (P10), and so on. A caller who puts a new policy turns [`ComplaintKind::MissingAction`] and
    /// [`ComplaintKind::MissingResource`] into errors, as AWS does.
    pub fn warnings(&self) -> &[Complaint] {
        &self.warnings
    }

    /// One word for what the policy means: 16 hex digits, the same for other Sids, another order of statements or
    /// members, split or merged statements, another case of actions, an account's id or its root ARN.
    pub fn meaning(&self) -> &str {
        &self.meaning
    }

    /// A policy of these statements.
    pub(super) fn of(statements: Vec<Statement>, warnings: Vec<Complaint>) -> Policy {
        let meaning = meaning::word(&statements);
        Policy {
            statements,
            warnings,
            meaning,
        }
    }
}

/// Reads the text down to the policy in it.
pub(super) fn read_policy_text(text: &str) -> Result<(Node, Source), Complaint> {
    let outer = Source::of_text(text);
    if outer.bytes() > MOST_WRAPPED_BYTES {
        fits(&outer)?;
    }
    let node = read_source(&outer)?;
    let Some(mark) = wrapped(&node) else {
        fits(&outer)?;
        return Ok((node, outer));
    };
    let from = outer.find(mark).unwrap_or_default();
    let (chars, _) = scan::string(&outer, from)?;
    let inner = Source::of_string(chars, mark);
    fits(&inner)?;
    Ok((read_source(&inner)?, inner))
}

/// Where the string is that holds the policy, if one does.
fn wrapped(node: &Node) -> Option<Mark> {
    match &node.value {
        Value::Text(_) => Some(node.mark),
        Value::Map(members) => {
            let only = members
                .iter()
                .all(|(member, _)| matches!(member.name.as_str(), "Policy" | "PolicyName"));
            let (_, policy) = member(members, "Policy").filter(|_| only)?;
            matches!(policy.value, Value::Text(_)).then_some(policy.mark)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) => None,
    }
}

/// The characters AWS takes in a policy (P14).
const fn is_allowed(ch: char) -> bool {
    matches!(ch, '\t' | '\n' | '\r' | ' '..='\u{ff}')
}

fn character_complaint(ch: char, mark: Mark) -> Complaint {
    let what = format!(
        "the character {}, which AWS does not take in a policy",
        code_point(ch)
    );
    Complaint::new(ComplaintKind::BadCharacter, mark, what)
        .expected("tab, line breaks, and U+0020 to U+00FF")
}

/// The first character of a text that AWS does not take.
fn bad_character(source: &Source) -> Option<Complaint> {
    let at = source
        .chars()
        .iter()
        .position(|placed| !is_allowed(placed.ch))?;
    source
        .at(at)
        .map(|placed| character_complaint(placed.ch, source.mark(at, at + 1)))
}

/// How many bytes the tree has at least as JSON, on the way complaining of its characters and its depth.
fn measure(node: &Node, depth: usize, found: &mut Findings) -> usize {
    if depth > DEEPEST {
        let what = format!("this nests deeper than {DEEPEST}, no policy does");
        found.add(Complaint::new(ComplaintKind::TooDeep, node.mark, what));
        return 0;
    }
    let quoted = |text: &str, mark: Mark, found: &mut Findings| {
        if let Some(ch) = text.chars().find(|ch| !is_allowed(*ch)) {
            found.add(character_complaint(ch, mark));
        }
        text.len() + 2
    };
    match &node.value {
        Value::Null => 4,
        Value::Bool(value) => value.to_string().len(),
        Value::Number(number) => number.len(),
        Value::Text(text) => quoted(text, node.mark, found),
        Value::List(members) => {
            2 + members
                .iter()
                .map(|member| measure(member, depth + 1, found) + 1)
                .sum::<usize>()
                .saturating_sub(1)
        }
        Value::Map(members) => {
            let mut bytes = 2;
            for (member, value) in members {
                bytes +=
                    quoted(&member.name, member.mark, found) + 2 + measure(value, depth + 1, found);
            }
            bytes.saturating_sub(usize::from(!members.is_empty()))
        }
    }
}

/// The policy whose outermost object this is.
fn from_root(node: &Node, mut found: Findings) -> Result<Policy, Vec<Complaint>> {
    let statements = root(node, &mut found);
    if found.errors.is_empty() {
        found
            .warnings
            .sort_by_key(|complaint| (complaint.mark.line, complaint.mark.column));
        return Ok(Policy::of(statements, found.warnings));
    }
    found
        .errors
        .sort_by_key(|complaint| (complaint.mark.line, complaint.mark.column));
    Err(found.errors)
}

fn root(node: &Node, found: &mut Findings) -> Vec<Statement> {
    let Value::Map(members) = &node.value else {
        let what = format!("a policy is an object, and this is {}", node.value.noun());
        let complaint = Complaint::new(ComplaintKind::NotAnObject, node.mark, what);
        found.add(complaint.expected("{\"Version\": \"2012-10-17\", \"Statement\": […]}"));
        return Vec::new();
    };
    if let Some(complaint) = something_else(node, members) {
        found.add(complaint);
        return Vec::new();
    }
    map(node, "a policy", found);
    known(members, &["Version", "Id", "Statement"], "a policy", found);
    if let Some((_, id)) = member(members, "Id") {
        text(id, "Id", found);
    }
    let variables = version(members, found);
    statements(members, node.mark, variables, found)
}

/// Recognizes what people give in place of a policy.
fn something_else(node: &Node, members: &[(Member, Node)]) -> Option<Complaint> {
    if let Some(complaint) = template::intrinsic(node) {
        return Some(complaint);
    }
    let has = |name: &str| member(members, name).is_some();
    if has("AWSTemplateFormatVersion") || (has("Resources") && !has("Statement")) {
        let what = "this is a CloudFormation template, not a policy: render it first";
        return Some(
            Complaint::new(ComplaintKind::Template, node.mark, what)
                .expected("the key policy alone"),
        );
    }
    // "Condition" alone would be an odd statement, but it is no policy either.
    if !has("Statement") && ELEMENTS.iter().any(|element| has(element)) {
        let what = "this is a single statement, not a policy";
        let complaint = Complaint::new(ComplaintKind::BareStatement, node.mark, what);
        return Some(
            complaint.expected("{\"Version\": \"2012-10-17\", \"Statement\": [ … ]} around it"),
        );
    }
    None
}

/// Whether `${…}` is a variable: in version 2012-10-17 only; a policy without `Version` has the older one (P15).
fn version(members: &[(Member, Node)], found: &mut Findings) -> bool {
    let Some((_, node)) = member(members, "Version") else {
        return false;
    };
    let Some((version, mark)) = text(node, "Version", found) else {
        return false;
    };
    match version {
        "2012-10-17" => true,
        "2008-10-17" => false,
        other => {
            let what = format!("AWS knows no policy version \"{}\"", clean(other));
            let complaint = Complaint::new(ComplaintKind::BadVersion, mark, what);
            found.add(complaint.expected("\"2012-10-17\", whatever the year"));
            false
        }
    }
}

fn statements(
    members: &[(Member, Node)],
    place: Mark,
    variables: bool,
    found: &mut Findings,
) -> Vec<Statement> {
    let missing = |mark: Mark, what: &str| {
        Complaint::new(ComplaintKind::MissingStatement, mark, what)
            .expected("\"Statement\": [ { … } ]")
    };
    let Some((_, node)) = member(members, "Statement") else {
        found.add(missing(place, "this policy has no Statement"));
        return Vec::new();
    };
    match &node.value {
        Value::List(list) if list.is_empty() => {
            found.add(missing(node.mark, "Statement is an empty list"));
            Vec::new()
        }
        Value::List(list) => list
            .iter()
            .filter_map(|node| statement::read(node, variables, found))
            .collect(),
        // AWS takes a single statement without the list around it.
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => {
            statement::read(node, variables, found)
                .into_iter()
                .collect()
        }
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
