//! The texts of a run that the scenario does not write, by number. What is the same has the same one, so that a million
//! refusals keep a few messages.

use std::collections::BTreeMap;

/// Texts by number, counted on from those that the scenario writes.
#[derive(Debug, Default)]
pub(super) struct Texts {
    written: u32,
    all: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl Texts {
    /// None yet, after so many that the scenario writes.
    pub(super) fn after(written: usize) -> Texts {
        Texts {
            written: written as u32,
            ..Texts::default()
        }
    }

    /// The number of a text.
    pub(super) fn number(&mut self, text: String) -> u32 {
        if let Some(known) = self.numbers.get(&text) {
            return *known;
        }
        let number = self.written + self.all.len() as u32;
        self.all.push(text.clone());
        self.numbers.insert(text, number);
        number
    }

    /// The texts, in the order of their numbers.
    pub(super) fn into_all(self) -> Vec<String> {
        self.all
    }
}

#[cfg(test)]
mod tests {
    use super::Texts;

    #[test]
    fn what_is_the_same_has_one_number_and_they_count_on() {
        let mut texts = Texts::after(7);
        let numbers = ["a", "b", "a"].map(|it| texts.number(it.to_owned()));
        assert_eq!(numbers, [7, 8, 7]);
        assert_eq!(texts.into_all(), ["a", "b"]);
    }
}
