//! The policies of a run: those of the scenario, and those that its commands make by editing. Each has a number, and
//! what is the same has the same one, so that a million edits back and forth keep two policies.

use std::collections::BTreeMap;

use crate::policy::Policy;

/// Policies by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    policies: Vec<Policy>,
    by_meaning: BTreeMap<String, Meaning>,
    told: Vec<String>,
}

/// The policies of one meaning, and the number under which entries tell it, once one does.
#[derive(Clone, Debug, Default)]
struct Meaning {
    policies: Vec<u32>,
    told: Option<u32>,
}

impl Shelf {
    /// The scenario's policies, which keep their numbers.
    pub(crate) fn new(policies: &[Policy]) -> Shelf {
        let mut shelf = Shelf::default();
        for policy in policies {
            shelf.place(policy.clone());
        }
        shelf
    }

    /// A policy.
    pub(crate) fn policy(&self, number: u32) -> &Policy {
        &self.policies[number as usize]
    }

    /// The number of a policy; a new one where none is the same to the letter.
    pub(crate) fn number(&mut self, policy: Policy) -> u32 {
        let alike = self.by_meaning.get(policy.meaning());
        let known = alike.and_then(|it| {
            let mut alike = it.policies.iter().copied();
            alike.find(|number| *self.policy(*number) == policy)
        });
        known.unwrap_or_else(|| self.place(policy))
    }

    /// The number under which entries tell what a policy means.
    pub(crate) fn tell(&mut self, meaning: &str) -> u32 {
        let entry = self.by_meaning.entry(meaning.to_owned()).or_default();
        *entry.told.get_or_insert_with(|| {
            self.told.push(meaning.to_owned());
            self.told.len() as u32 - 1
        })
    }

    /// The meanings that were told, by number.
    pub(crate) fn into_told(self) -> Vec<String> {
        self.told
    }

    fn place(&mut self, policy: Policy) -> u32 {
        let number = self.policies.len() as u32;
        let meaning = policy.meaning().to_owned();
        let entry = self.by_meaning.entry(meaning).or_default();
        entry.policies.push(number);
        self.policies.push(policy);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::Shelf;
    use crate::policy::Policy;

    #[test]
    fn what_is_the_same_has_one_number() {
        let account = "318212636800";
        let vendor = Policy::vendor("111122223333", account);
        let mut shelf = Shelf::new(std::slice::from_ref(&vendor));
        let actions = ["kms:Decrypt".to_owned()];
        let mut number = 0;
        let mut seen = Vec::new();
        for _ in 0..50 {
            let less = shelf.policy(number).without_actions(account, &actions);
            number = shelf.number(less.expect("it allows it"));
            seen.push(number);
            let whole = shelf.policy(number).with_actions(account, &actions);
            number = shelf.number(whole.expect("it was taken"));
            seen.push(number);
        }
        seen.sort_unstable();
        seen.dedup();
        assert!(seen.len() <= 4, "{seen:?}");
        assert_eq!(shelf.tell("a"), shelf.tell("a"));
        assert_ne!(shelf.tell("a"), shelf.tell("b"));
        assert_eq!(shelf.into_told(), ["a", "b"]);
    }
}
