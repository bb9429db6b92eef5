//! What differs, gathered by subject.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::align::align;
use super::{Change, Of, same_begin};
use crate::report::{Begun, NUMBERS, Number, Numbers, Said, Told, Whom, gist, number};

/// What the two runs say of one subject.
#[derive(Default)]
struct Both<'a> {
    begins: [Option<&'a Begun>; 2],
    facts: [Vec<&'a Said>; 2],
    numbers: [Option<&'a Numbers>; 2],
}

/// Those for whom anything differs, in the order of kinds and names.
pub(super) fn subjects(a: &Told, b: &Told) -> Vec<Of> {
    let mut all: BTreeMap<&Whom, Both<'_>> = BTreeMap::new();
    for (side, told) in [a, b].into_iter().enumerate() {
        for it in &told.begins {
            all.entry(&it.whom).or_default().begins[side] = Some(it);
        }
        for it in &told.facts {
            all.entry(&it.whom).or_default().facts[side].push(it);
        }
        for (whom, numbers) in &told.numbers {
            all.entry(whom).or_default().numbers[side] = Some(numbers);
        }
    }
    let whole = !a.golden;
    let found = all.into_iter().map(|(whom, both)| of(whom, &both, whole));
    let mut found: Vec<Of> = found.filter(differs).collect();
    // Only what differs is put in the order of people.
    found.sort_by_cached_key(|it| (it.whom.kind, natural(&it.whom.name)));
    found
}

/// A name in which numbers stand in the order of numbers: `orders-2` before `orders-10`.
pub(super) fn natural(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 16);
    let mut rest = name;
    while let Some(at) = rest.find(|it: char| it.is_ascii_digit()) {
        let digits = rest[at..].bytes().take_while(u8::is_ascii_digit).count();
        let number = &rest[at..at + digits];
        text.push_str(&rest[..at]);
        // How many digits, then the digits, then how they were written: numbers in order, no two names alike.
        let plain = number.trim_start_matches('0');
        text.push_str(&format!("{:03}{plain}", plain.len()));
        text.push_str(&"0".repeat(number.len() - plain.len()));
        rest = &rest[at + digits..];
    }
    text.push_str(rest);
    text
}

fn differs(of: &Of) -> bool {
    of.only.is_some() || of.begin.is_some() || !of.changes.is_empty() || !of.numbers.is_empty()
}

fn of(whom: &Whom, both: &Both<'_>, whole: bool) -> Of {
    let [begin_a, begin_b] = both.begins;
    let words = |it: Option<&Begun>| it.map(|it| it.words.clone());
    let begin = (!same_begin(begin_a, begin_b)).then(|| [words(begin_a), words(begin_b)]);
    // Whole forms have numbers of each collection that ever was.
    let only = match both.numbers {
        [Some(_), None] if whole => Some(0),
        [None, Some(_)] if whole => Some(1),
        _ => None,
    };
    Of {
        whom: whom.clone(),
        only,
        begin,
        changes: changes(&both.facts),
        numbers: numbers(both.numbers),
    }
}

fn changes([a, b]: &[Vec<&Said>; 2]) -> Vec<Change> {
    let mut changes = Vec::new();
    for pair in align(a, b) {
        match pair {
            (Some(x), Some(y)) => {
                let (x, y) = (a[x], b[y]);
                if x.time != y.time {
                    changes.push(Change::Moved(x.clone(), y.clone()));
                } else if x != y {
                    changes.push(Change::Changed(x.clone(), y.clone()));
                }
            }
            (Some(x), None) => changes.push(Change::Gone(a[x].clone())),
            (None, Some(y)) => changes.push(Change::New(b[y].clone())),
            (None, None) => {}
        }
    }
    let alike = |it: &Said| (it.time, fact(it).to_owned());
    let changes = meet(changes, alike);
    // What changed places with another fact could not be paired in order: it is the same fact all the same.
    let mut changes = meet(changes, |it| gist(&it.words).to_owned());
    let first = |it: &Change| it.sides().into_iter().flatten().map(|it| it.time).min();
    changes.sort_by_key(first);
    changes
}

/// The first word of what happened: which kind of fact it is.
fn fact(it: &Said) -> &str {
    it.words.split(' ').next().unwrap_or("")
}

/// What is gone and what is new with the same key is one fact; the first of a key meets the first, the second the second.
fn meet<K: Ord>(changes: Vec<Change>, key: impl Fn(&Said) -> K) -> Vec<Change> {
    let mut new: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
    for (at, change) in changes.iter().enumerate() {
        if let Change::New(it) = change {
            new.entry(key(it)).or_default().push_back(at);
        }
    }
    let mut partner: BTreeMap<usize, Said> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (at, change) in changes.iter().enumerate() {
        if let Change::Gone(it) = change
            && let Some(other) = new.get_mut(&key(it)).and_then(VecDeque::pop_front)
        {
            partner.insert(at, changes[other].first().clone());
            taken.insert(other);
        }
    }
    let mut met = Vec::with_capacity(changes.len());
    for (at, change) in changes.into_iter().enumerate() {
        match (change, partner.remove(&at)) {
            (Change::Gone(a), Some(b)) if a == b => {}
            (Change::Gone(a), Some(b)) if a.time == b.time => met.push(Change::Changed(a, b)),
            (Change::Gone(a), Some(b)) => met.push(Change::Moved(a, b)),
            (_, None) if taken.contains(&at) => {}
            (change, _) => met.push(change),
        }
    }
    met
}

fn numbers(both: [Option<&Numbers>; 2]) -> Vec<(&'static str, [Option<Number>; 2])> {
    let mut all = Vec::new();
    for (name, _) in NUMBERS {
        let values = both.map(|it| it.and_then(|it| number(it, name)));
        if values[0] != values[1] {
            all.push((name, values));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn members_stand_in_the_order_of_their_numbers() {
        let mut names = ["a-10", "a-2", "a-02", "a", "b-1", "a-1/x-3", "a-1/x-20"];
        names.sort_by_key(|it| natural(it));
        assert_eq!(
            names,
            ["a", "a-1/x-3", "a-1/x-20", "a-2", "a-02", "a-10", "b-1"]
        );
    }
}
