//! All scenarios of a suite together: what is covered, what is not, and what need not be.

use crate::profile::{Mutant, Sentence};

use super::{Exemption, Group, Item, Looked};

/// The coverage of a suite.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Coverage {
    /// Everything that can be covered, in the order of [`Item::all`].
    pub lines: Vec<Line>,
    /// Every mutant, in the order of [`Mutant::ALL`].
    pub mutants: Vec<Noticed>,
    needless: Vec<Exemption>,
}

/// One thing that can be covered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Which.
    pub item: Item,
    /// The first scenario that exercises it.
    pub exercised: Option<String>,
    /// The first scenario that asserts it; of a rule, every mutant is noticed by some.
    pub asserted: Option<String>,
    /// Why it need not be.
    pub exempt: Option<Exemption>,
}

impl Line {
    /// Whether it is asserted, or need not be.
    pub const fn covered(&self) -> bool {
        self.asserted.is_some() || self.exempt.is_some()
    }
}

/// What became of a mutant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Noticed {
    /// Which.
    pub mutant: Mutant,
    /// The first scenario that it runs otherwise.
    pub exercised: Option<String>,
    /// How many expectations no longer hold.
    pub expectations: usize,
    /// The first of them: its file and its line.
    pub first: Option<(String, u32)>,
    /// Why nobody need notice it: its rule is exempted.
    pub exempt: Option<Exemption>,
}

impl Coverage {
    /// Sums up what was seen in each scenario, by the name of its file, in order.
    pub fn new(looked: &[(String, Looked)], exemptions: &[Exemption]) -> Coverage {
        let exempt = |item: Item| exemptions.iter().find(|it| it.item == item).cloned();
        let first = |has: &dyn Fn(&Looked) -> bool| {
            let found = looked.iter().find(|(_, it)| has(it));
            found.map(|(file, _)| file.clone())
        };
        let mutants: Vec<Noticed> = Mutant::ALL
            .iter()
            .map(|&mutant| {
                let at = mutant as usize;
                let unmet = looked.iter().map(|(file, it)| (file, &it.mutants[at].1));
                let unmet = unmet.filter(|(_, lines)| !lines.is_empty());
                Noticed {
                    mutant,
                    exercised: first(&|it| it.mutants[at].0),
                    expectations: unmet.clone().map(|(_, lines)| lines.len()).sum(),
                    first: unmet
                        .clone()
                        .next()
                        .map(|(file, all)| (file.clone(), all[0])),
                    exempt: exempt(Item::Rule(mutant.of())),
                }
            })
            .collect();
        let lines: Vec<Line> = Item::all()
            .into_iter()
            .map(|item| {
                let (exercised, asserted) = match item {
                    Item::Rule(rule) => of_rule(rule, &mutants),
                    _ => (
                        first(&|it| it.exercised.contains(&item)),
                        first(&|it| it.asserted.contains(&item)),
                    ),
                };
                Line {
                    item,
                    exercised,
                    asserted,
                    exempt: exempt(item),
                }
            })
            .collect();
        let asserted = |item: Item| {
            lines
                .iter()
                .any(|it| it.item == item && it.asserted.is_some())
        };
        let needless = exemptions.iter().filter(|it| asserted(it.item)).cloned();
        Coverage {
            needless: needless.collect(),
            lines,
            mutants,
        }
    }

    /// How many of a group, or of all, are covered, and how many there are.
    pub fn count(&self, group: Option<Group>) -> (usize, usize) {
        let of = |it: &&Line| group.is_none_or(|group| it.item.group() == group);
        let all: Vec<&Line> = self.lines.iter().filter(of).collect();
        let covered = all.iter().filter(|it| it.covered()).count();
        (covered, all.len())
    }

    /// Exemptions of what is asserted anyway: all, or those of rules alone.
    pub fn needless(&self, rules_only: bool) -> impl Iterator<Item = &Exemption> {
        let all = self.needless.iter();
        all.filter(move |it| !rules_only || it.item.group() == Group::Rules)
    }

    /// The mutants that no expectation notices, and should.
    pub fn unnoticed(&self) -> impl Iterator<Item = &Noticed> {
        let all = self.mutants.iter();
        all.filter(|it| it.expectations == 0 && it.exempt.is_none())
    }
}

/// A rule is exercised where one of its mutants makes a difference, and asserted where all are noticed.
fn of_rule(rule: Sentence, mutants: &[Noticed]) -> (Option<String>, Option<String>) {
    let mut exercised = None;
    let mut asserted = None;
    let mut all = true;
    for it in mutants.iter().filter(|it| it.mutant.of() == rule) {
        exercised = exercised.or_else(|| it.exercised.clone());
        all &= it.first.is_some();
        asserted = asserted.or_else(|| it.first.as_ref().map(|(file, _)| file.clone()));
    }
    (exercised, asserted.filter(|_| all))
}

/// How much of all must be covered, in hundredths of a percent.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Threshold(u32);

impl Threshold {
    /// Reads `95%` or `99.5%`; without its sign a share could be meant of one.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Threshold, String> {
        let wrong = || format!("`{text}` is no share: such as 95% or 99.5%");
        let bare = text.strip_suffix('%').ok_or_else(wrong)?;
        let (whole, part) = bare.split_once('.').unwrap_or((bare, "0"));
        let digits = |it: &str, most: usize| {
            let fits = (1..=most).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_digit());
            it.parse::<u32>().ok().filter(|_| fits)
        };
        let whole = digits(whole, 3).ok_or_else(wrong)?;
        let tenths = digits(part, 2).ok_or_else(wrong)?;
        let hundredths = whole * 100 + if part.len() == 1 { tenths * 10 } else { tenths };
        match hundredths {
            0..=10_000 => Ok(Threshold(hundredths)),
            _ => Err(format!("`{text}` is more than all: at most 100%")),
        }
    }

    /// Whether so many of so many are enough.
    pub const fn met(self, covered: usize, all: usize) -> bool {
        covered as u64 * 10_000 >= self.0 as u64 * all as u64
    }
}

impl std::fmt::Display for Threshold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 % 100 {
            0 => write!(f, "{}%", self.0 / 100),
            part if part % 10 == 0 => write!(f, "{}.{}%", self.0 / 100, part / 10),
            part => write!(f, "{}.{part:02}%", self.0 / 100),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Threshold;

    #[test]
    fn a_threshold_is_exact() {
        for (text, shown) in [
            ("95%", "95%"),
            ("99.5%", "99.5%"),
            ("99.05%", "99.05%"),
            ("100%", "100%"),
            ("0%", "0%"),
        ] {
            let read = Threshold::parse(text).map(|it| it.to_string());
            assert_eq!(read.as_deref(), Ok(shown), "{text}");
        }
        for text in [
            "", "%", "-1", "100.01%", "101%", "95", "0.5", "0", "9.555%", "a%", "1e2%", ".5%",
            "5.%",
        ] {
            assert!(Threshold::parse(text).is_err(), "{text}");
        }
        let due = Threshold::parse("99.5%").expect("it is one");
        assert!(due.met(199, 200) && !due.met(198, 199));
    }
}
