//! One word for what a policy means, however it is written.
//!
//! Every statement is taken apart into triples (one principal, one action, one resource) under its effect and its
//! conditions. The set of triples of a policy does not know how they were spread over statements, in which order they
//! stood or what the statements were called.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::condition::Condition;
use super::operand::Operand;
use super::pattern::Pattern;
use super::principal::Principal;
use super::statement::{Choice, Statement};

/// With more triples than this, statements are compared whole instead, so that no policy takes long. A real policy has
/// some dozens; 32,768 bytes can be made to hold billions.
const MOST_TRIPLES: usize = 1 << 18;

/// A statement in canonical words: its effect with its conditions, and three sorted lists.
struct Row {
    frame: String,
    lists: [Vec<String>; 3],
}

/// The first 16 hex digits of the SHA-256 of the canonical form.
pub(super) fn word(statements: &[Statement]) -> String {
    let rows: Vec<Row> = statements.iter().filter_map(row).collect();
    let triples = rows
        .iter()
        .map(|row| {
            row.lists
                .iter()
                .map(Vec::len)
                .fold(1, usize::saturating_mul)
        })
        .fold(0, usize::saturating_add);
    let mut hash = Sha256::new();
    hash.update(b"keyoutage/policy/1\0");
    if triples <= MOST_TRIPLES {
        hash_triples(&rows, &mut hash)
    } else {
        hash_rows(&rows, &mut hash)
    }
    let mut word = String::new();
    for byte in hash.finalize().iter().take(8) {
        // Writing to a string cannot fail.
        let _ = write!(word, "{byte:02x}");
    }
    word
}

fn hash_triples(rows: &[Row], hash: &mut Sha256) {
    let mut names: Vec<&str> = rows.iter().flat_map(Row::names).collect();
    names.sort_unstable();
    names.dedup();
    let number = |name: &str| names.binary_search(&name).unwrap_or_default() as u64;
    let mut triples = Vec::new();
    for row in rows {
        let [who, what, which] = row.lists.each_ref().map(|list| {
            let numbers = list.iter().map(|name| number(name));
            numbers.collect::<Vec<u64>>()
        });
        let frame = number(&row.frame);
        for who in &who {
            for what in &what {
                triples.extend(which.iter().map(|which| [frame, *who, *what, *which]));
            }
        }
    }
    triples.sort_unstable();
    triples.dedup();
    for name in names {
        hash.update(name);
        hash.update(b"\n");
    }
    for number in triples.iter().flatten() {
        hash.update(number.to_le_bytes());
    }
}

fn hash_rows(rows: &[Row], hash: &mut Sha256) {
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| row.names().collect::<Vec<&str>>().join("\n"))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    hash.update(lines.join("\n\n"));
}

impl Row {
    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.frame)
            .chain(self.lists.iter().flatten())
            .map(String::as_str)
    }
}

/// The canonical words of a statement; none, if it cannot do anything (P11).
fn row(statement: &Statement) -> Option<Row> {
    let (what, which) = (statement.what.as_ref()?, statement.which.as_ref()?);
    let lists = [
        names(&statement.who, principal),
        names(what, action),
        names(which, resource),
    ];
    if lists.iter().any(Vec::is_empty) {
        return None;
    }
    let conditions = sorted(
        statement
            .conditions
            .iter()
            .map(|one| condition(one, statement.variables))
            .collect(),
    );
    Some(Row {
        frame: format!("{:?} if {conditions:?}", statement.effect),
        lists,
    })
}

fn sorted(mut list: Vec<String>) -> Vec<String> {
    list.sort_unstable();
    list.dedup();
    list
}

/// The words of a list. "All but these" cannot be taken apart, so it is one word.
fn names<T>(choice: &Choice<T>, name: impl Fn(&T) -> String) -> Vec<String> {
    match choice {
        Choice::Only(list) => sorted(list.iter().map(name).collect()),
        Choice::AllBut(list) => vec![format!(
            "all but {:?}",
            sorted(list.iter().map(name).collect())
        )],
    }
}

/// Names are written with `{:?}`, so that nothing in them can look like the words around them.
fn principal(principal: &Principal) -> String {
    match principal {
        // The same as its id, wherever both can be asked.
        Principal::AccountIn { partition, account } if partition == "aws" => {
            format!("{:?}", Principal::Account(account.clone()))
        }
        other => format!("{other:?}"),
    }
}

fn action(pattern: &Pattern) -> String {
    format!("do {:?}", pattern.written.to_ascii_lowercase())
}

fn resource(pattern: &Pattern) -> String {
    format!("on {:?} {}", pattern.written, pattern.special)
}

/// The key's case does not matter, the order of values neither, nor which of two names one operator has, nor the case
/// of true and false.
fn condition(condition: &Condition, variables: bool) -> String {
    let values = condition.values.iter().map(|value| match value.operand {
        Operand::Bool(truth) => truth.to_string(),
        Operand::Text(_)
        | Operand::Pattern(_)
        | Operand::Number(_)
        | Operand::Bytes(_)
        | Operand::Net(_)
        | Operand::Arn(_)
        | Operand::Later(_) => value.text.clone(),
    });
    let values = sorted(values.collect());
    let special = variables && values.iter().any(|value| value.contains("${"));
    let operator = condition.meant.map(|operator| operator.name());
    format!(
        "{:?} {:?} {values:?} {special}",
        operator.as_ref().unwrap_or(&condition.operator),
        condition.key.to_lowercase()
    )
}

#[cfg(test)]
#[path = "meaning_tests.rs"]
mod tests;
