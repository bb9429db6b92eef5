//! Of whom a golden timeline says too little to tell whether anything got worse: what it folds is judged together, by sums
//! and extremes, and these may hide what happened to one collection.

use std::collections::BTreeSet;

use crate::names::Kind;
use crate::report::{Number, Told, Whom, gist};
use crate::states::Outcome;
use crate::text::grouped;
use crate::time::{Span, Time};

use super::regression::{FOLDED, Regression, Worse, of_site, rank};

/// Somebody of whom it cannot be told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unclear {
    /// Of whom.
    pub whom: Whom,
    /// Why, in words.
    pub why: String,
}

/// Those of the folded sites of whom it cannot be told, in order. What is not known to be worse is taken from `worse`.
pub(super) fn unclear(
    a: &Told,
    b: &Told,
    folded: &BTreeSet<String>,
    worse: &mut Vec<Worse>,
) -> Vec<Unclear> {
    let mut all = Vec::new();
    for name in folded {
        let whom = Whom {
            kind: Kind::Collection,
            name: name.clone(),
        };
        if let Some(why) = why(a, b, &whom, worse) {
            all.push(Unclear { whom, why });
        }
    }
    all
}

fn why(a: &Told, b: &Told, whom: &Whom, worse: &mut Vec<Worse>) -> Option<String> {
    let counts = [a, b].map(|it| match of_site(it, &whom.name, "collections") {
        Some(Number::Count(count)) => Some(count),
        _ => None,
    });
    let old = |told: &Told, count: Option<u64>| count.is_none() && folds(told, &whom.name);
    if old(a, counts[0]) || old(b, counts[1]) {
        return Some(
            "its golden timeline does not say how long they were halted; write it anew".to_owned(),
        );
    }
    if let [Some(before), Some(after)] = counts
        && before != after
    {
        // Sums of more collections grow with them, and the first of more comes earlier.
        if after > before {
            worse.retain(|it| it.whom != *whom);
        }
        let (before, after) = (grouped(before), grouped(after));
        return Some(format!(
            "{before} collections are told together in A, {after} in B"
        ));
    }
    for what in [
        Regression::EarlierPause,
        Regression::EarlierLoss,
        Regression::WorseOutcome,
    ] {
        let told = |it: &Worse| it.what == what && it.whom == *whom;
        if !worse.iter().any(told) && may_hide(a, b, &whom.name, what) {
            return Some(format!(
                "the lines that are folded differ, and may hide that for one of them {}",
                what.says()
            ));
        }
    }
    None
}

fn folds(told: &Told, name: &str) -> bool {
    let facts = told.facts.iter().map(|it| &it.whom.name);
    let mut all = facts.chain(told.numbers.iter().map(|it| &it.0.name));
    all.any(|it| it == name)
}

/// How many lines say that something bad came, the first and the last of them.
type Pack = Option<(u64, Time, Time)>;

/// Whether somebody may have got worse in this way, though the worst of all did not.
fn may_hide(a: &Told, b: &Told, name: &str, what: Regression) -> bool {
    let kinds = [a, b].map(|it| gists(it, name, what));
    kinds[1].iter().any(|gist| {
        let [a, b] = [a, b].map(|it| pack(it, name, gist));
        match (a, b) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some((before, first, last)), Some((after, then, end))) => {
                let later = what == Regression::WorseOutcome || (then >= first && end >= last);
                after > before || !later
            }
        }
    })
}

/// The gists of what is bad in this way, of those that are folded.
fn gists<'a>(told: &'a Told, name: &str, what: Regression) -> BTreeSet<&'a str> {
    let of = told
        .facts
        .iter()
        .filter(|it| it.whom.kind == Kind::Collection && it.whom.name == name);
    of.map(|it| gist(&it.words))
        .filter(|it| is_bad(it, what))
        .collect()
}

fn is_bad(gist: &str, what: Regression) -> bool {
    match what {
        Regression::EarlierPause => gist.starts_with("status ") && gist.ends_with(" PAUSING"),
        Regression::EarlierLoss => gist == "data lost",
        Regression::WorseOutcome => {
            let word = gist.strip_prefix("outcome ").and_then(Outcome::from_word);
            rank(word) > 0
        }
        Regression::MoreFailed
        | Regression::LongerHalt
        | Regression::GreaterLag
        | Regression::MoreLost
        | Regression::EarlierDeadline
        | Regression::CannotOperate => false,
    }
}

fn pack(told: &Told, name: &str, of: &str) -> Pack {
    let site = name.strip_suffix(FOLDED)?;
    let mut pack: Pack = None;
    for it in &told.facts {
        let here = it
            .whom
            .name
            .rsplit_once('/')
            .is_some_and(|(its, _)| its == site);
        if it.whom.kind != Kind::Collection || !here || gist(&it.words) != of {
            continue;
        }
        // `… and 17 more like it, the last at 5h05m`.
        let more = it
            .words
            .split_once(": … and ")
            .filter(|_| it.whom.name == name);
        let more = more.and_then(|(_, rest)| {
            let (number, rest) = rest.split_once(' ')?;
            let last = rest.rsplit_once(" at ")?.1;
            let number = number.replace(',', "").parse().ok()?;
            Some((number, Time::START + Span::parse(last).ok()?))
        });
        let (number, last) = more.unwrap_or((1u64, it.time));
        pack = Some(match pack {
            None => (number, it.time, last),
            Some((so_far, first, end)) => (so_far.saturating_add(number), first, end.max(last)),
        });
    }
    pack
}
