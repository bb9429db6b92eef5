//! The codes of what can be wrong with a scenario, and the page that explains each, for `keyoutage explain E014`.

use crate::states::words;

words! {
    /// What is wrong, by a code that never changes its meaning.
    Code {
        /// The bytes are no UTF-8 text.
        NotText = "E001",
        /// The text is no YAML.
        NotYaml = "E002",
        /// The file is larger, deeper or fuller than what is read.
        TooMuchText = "E003",
        /// A second document follows the first.
        SecondDocument = "E004",
        /// A value has another shape than is due there.
        WrongShape = "E005",
        /// A field is not known there.
        UnknownField = "E006",
        /// A field is missing.
        MissingField = "E007",
        /// A field stands there twice.
        FieldTwice = "E008",
        /// A tag has no meaning here.
        UnknownTag = "E009",
        /// A name is not formed as names are.
        BadName = "E010",
        /// A length of time or an instant cannot be read.
        BadTime = "E011",
        /// A rate cannot be read.
        BadRate = "E012",
        /// A whole number cannot be read.
        BadNumber = "E013",
        /// A name stands for nothing in the file.
        UnknownName = "E014",
        /// A word is not of the closed list that is due.
        UnknownWord = "E015",
        /// A parameter of that name does not exist.
        UnknownParameter = "E016",
        /// A parameter cannot have that value.
        BadParameter = "E017",
        /// A key ARN is not what is taken.
        BadArn = "E018",
        /// What is said of a key does not fit together.
        BadKey = "E019",
        /// Two things have one name.
        NameTwice = "E020",
        /// A region is not one of the org's.
        NotInOrg = "E021",
        /// A policy document is wrong.
        BadPolicy = "E022",
        /// A file could not be read.
        Unreadable = "E023",
        /// A policy cannot be decided.
        CannotTell = "E024",
        /// An instant lies outside the run.
        OutsideRun = "E025",
        /// A field does not belong to what is done.
        NotItsField = "E026",
        /// What is done needs a field.
        NeedsField = "E027",
        /// There is no opposite to plan.
        NoOpposite = "E028",
        /// A repetition cannot be.
        BadRepeat = "E029",
        /// Two commands of one instant have no order.
        OneInstant = "E030",
        /// There is nothing to remove or restore.
        NothingThere = "E031",
        /// Nothing is selected.
        SelectsNothing = "E032",
        /// An expectation does not say when, or says it twice.
        BadWhen = "E033",
        /// An expectation does not say of whom, or says it twice.
        BadWho = "E034",
        /// An expectation says nothing, or what does not fit its who.
        BadWhat = "E035",
        /// An expectation can never be decided.
        NeverDecided = "E036",
        /// Two expectations contradict each other.
        Contradiction = "E037",
        /// There would be too much to simulate.
        TooLarge = "E038",
        /// A calendar instant has nothing to be counted from.
        NoStart = "E040",
        /// A window of a deletion or a period of a rotation is out of bounds.
        BadWindow = "E041",
        /// What a number should be is not said.
        BadBound = "E042",
        /// A key id is shorter than AWS makes them.
        ShortId = "W001",
        /// A policy says something without effect, or something unusual.
        OddPolicy = "W002",
    }
}

impl Code {
    /// Whether this is a warning: said, but no reason not to run.
    pub fn is_warning(self) -> bool {
        self.word().starts_with('W')
    }
}

const PAGES: &str = include_str!("codes.md");

/// The page of one code: what it means, a wrong and a right example. The code is taken in any case: `e014`.
pub fn explain(code: &str) -> Option<&'static str> {
    let code = Code::from_word(&code.trim().to_ascii_uppercase())?;
    let heading = format!("## {code} ");
    let from = PAGES.find(&heading)?;
    let page = &PAGES[from..];
    let end = page[3..].find("\n## ").map_or(page.len(), |at| at + 3);
    Some(page[3..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::{Code, explain};

    #[test]
    fn every_code_has_its_page() {
        for code in Code::ALL {
            let page = explain(code.word()).unwrap_or_else(|| panic!("{code} has no page"));
            assert!(page.starts_with(code.word()));
            assert!(page.contains("Wrong:") && page.contains("Right:"), "{code}");
        }
        assert_eq!(explain("e014"), explain("E014"));
        assert_eq!(explain("E999"), None);
    }
}
