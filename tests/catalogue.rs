//! The catalogue of outages: each of its rows is shown by a scenario that ships, which says so in its second line.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the shipped scenarios are files"
)]

#[path = "common/replay.rs"]
mod replay;

use std::collections::BTreeMap;

/// How many rows the catalogue has.
const ROWS: u32 = 55;

/// The row that a second line such as `# Catalogue 47, with 34 …` says its scenario shows; what is only beside the catalogue
/// (`# Extra to catalogue 2`) shows none.
fn row(text: &str) -> Option<u32> {
    let second = text.lines().nth(1)?.strip_prefix("# Catalogue ")?;
    let end = second.find(|it: char| !it.is_ascii_digit())?;
    second[..end].parse().ok()
}

#[test]
fn every_row_of_the_catalogue_is_shown() {
    let mut shown: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for (name, path) in replay::shipped() {
        let text = std::fs::read_to_string(&path).expect("it is text");
        if let Some(row) = row(&text) {
            shown.entry(row).or_default().push(name);
        }
    }
    let missing: Vec<u32> = (1..=ROWS).filter(|it| !shown.contains_key(it)).collect();
    assert!(
        missing.is_empty(),
        "no scenario shows {missing:?}: {shown:#?}"
    );
    let beyond: Vec<_> = shown.range(ROWS + 1..).chain(shown.range(..1)).collect();
    assert!(beyond.is_empty(), "no rows of the catalogue: {beyond:?}");
    // Rows of several faults have a scenario for each.
    for (row, least) in [(25, 3), (36, 2), (14, 2), (43, 4)] {
        assert!(shown[&row].len() >= least, "{row}: {:?}", shown[&row]);
    }
}
