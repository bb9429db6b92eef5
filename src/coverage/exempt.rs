//! What need not be covered, and why: `exempt.yaml`, a map from an item's id to the reason.

use std::collections::BTreeMap;

use crate::scenario::codes::Code;
use crate::scenario::{Problem, Problems, read_form};
use crate::text::clean;
use crate::yaml::{Entries, Text};

use super::Item;

/// Something that need not be covered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exemption {
    /// What.
    pub item: Item,
    /// Why.
    pub reason: String,
    /// The file that says so.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

/// Reads the exemptions of a file; `name` is how messages call it.
///
/// # Errors
/// All problems at once; of form, the first.
pub fn read(bytes: &[u8], name: &str) -> Result<Vec<Exemption>, Problems> {
    let (entries, source): (Entries<Text>, &str) = read_form(bytes, name)?;
    let known: Vec<String> = Item::all().into_iter().map(Item::id).collect();
    let mut exemptions: Vec<Exemption> = Vec::new();
    let mut problems = Vec::new();
    for (id, reason) in entries.entries {
        let Some(item) = Item::from_id(&id.text) else {
            let what = format!("`{}` is nothing that can be covered", clean(&id.text));
            let problem = Problem::new(Code::UnknownWord, name, id.mark, what);
            problems.push(
                problem
                    .expected("such as R7, `number cache.life` or `status PAUSED → RESUMING`")
                    .near(&id.text, known.iter().map(String::as_str)),
            );
            continue;
        };
        if exemptions.iter().any(|it| it.item == item) {
            let what = format!("{} is exempted here for the second time", item.id());
            problems.push(Problem::new(Code::FieldTwice, name, id.mark, what));
            continue;
        }
        if reason.text.trim().is_empty() {
            let what = format!("no reason is given for {}", item.id());
            let problem = Problem::new(Code::WrongShape, name, reason.mark, what);
            problems.push(problem.expected("why no expectation need cover it"));
            continue;
        }
        exemptions.push(Exemption {
            item,
            reason: reason.text.trim().to_owned(),
            file: name.to_owned(),
            line: id.mark.line,
            column: id.mark.column,
        });
    }
    if problems.is_empty() {
        Ok(exemptions)
    } else {
        let sources = BTreeMap::from([(name.to_owned(), source.to_owned())]);
        Err(Problems::new(problems, sources))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn exemptions_keep_their_places_and_reasons() {
        let text = "# why\nR7: nobody pauses here\n\"status PAUSED -> RESUMING\": never\n";
        let read = read(text.as_bytes(), "exempt.yaml").expect("it is right");
        let told: Vec<String> = read
            .iter()
            .map(|it| format!("{}:{} {} {}", it.file, it.line, it.item.id(), it.reason))
            .collect();
        assert_eq!(
            told,
            [
                "exempt.yaml:2 R7 nobody pauses here",
                "exempt.yaml:3 status PAUSED → RESUMING never"
            ]
        );
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_with_its_place() {
        let text = "R11: x\nstatus PAUSD: y\nR7: ''\nM1: a\n";
        let problems = read(text.as_bytes(), "exempt.yaml").expect_err("it is wrong");
        let told: Vec<(u32, Option<&str>)> = problems
            .iter()
            .map(|it| (it.line, it.did_you_mean.as_deref()))
            .collect();
        assert_eq!(
            told,
            [(1, Some("M11")), (2, Some("status PAUSED")), (3, None)]
        );
        for wrong in ["- R7", "R7: { a: b }", "R7: x\nR7: y", "R7:", "{"] {
            assert!(read(wrong.as_bytes(), "exempt.yaml").is_err(), "{wrong}");
        }
    }
}
