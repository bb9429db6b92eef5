//! The golden form of a run: a text that is kept beside its scenario, read by people and read back by `golden_read`.
//!
//! A comment header; who did not begin well; one fact a line with its milestones; the numbers of each collection that
//! had a failure, a loss or a key error; the digest. No entry has a number and none names its cause, so that a line that
//! comes in between changes no other; the digest covers both.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::names::Kind;
use crate::text::{clean, grouped};
use crate::time::{Span, Time};

use super::halts::{bare, halts};
use super::phrase::gist;
use super::told::{NUMBERS, Number, Numbers, Said, Told, suffered};

/// The first line.
pub(super) const FIRST: &str = "# keyoutage golden timeline, form 1";

/// The columns that a line may have; a longer one goes on below.
const WIDEST: usize = 160;

/// From how many lines on that say the same of collections of one site they are folded into the first few.
const FOLD: u64 = 12;

/// How many of them are shown.
const SHOWN: u64 = 3;

/// How the column of times calls the start, and a row of numbers.
pub(super) const START: &str = "start";
pub(super) const TOTAL: &str = "total";

/// How a folded line goes on after what it says.
pub(super) const FOLDED: &str = ": … and ";

/// Writes the golden form.
///
/// # Errors
/// Those of the writer.
pub fn golden(told: &Told, out: &mut dyn fmt::Write) -> fmt::Result {
    let head = &told.head;
    writeln!(out, "{FIRST}")?;
    writeln!(out, "# {}", clean(&head.scenario))?;
    let (profile, seed, until) = (clean(&head.profile), head.seed, head.until);
    write!(out, "# profile {profile}, seed {seed}, until {until}")?;
    match head.start {
        Some(start) => writeln!(out, ", start {start}")?,
        None => writeln!(out)?,
    }
    rows(&lines(told), out)?;
    writeln!(
        out,
        "digest {}",
        told.digest.get(..16).unwrap_or(&told.digest)
    )
}

/// A line: when, whom, what.
struct Line {
    time: String,
    whom: String,
    words: String,
}

fn lines(told: &Told) -> Vec<Line> {
    let mut lines = Vec::new();
    for it in told.begins.iter().filter(|it| !it.well) {
        lines.push(line(START, it.whom.kind, &it.whom.name, it.words.clone()));
    }
    if told.golden {
        lines.extend(told.facts.iter().map(fact));
        let all = told.numbers.iter();
        lines.extend(all.map(|(whom, it)| line(TOTAL, whom.kind, &whom.name, numbers(it))));
    } else {
        facts(&told.facts, &mut lines);
        totals(told, &mut lines);
        sites(told, &mut lines);
    }
    lines
}

fn line(time: &str, kind: Kind, name: &str, words: String) -> Line {
    Line {
        time: time.to_owned(),
        whom: format!("{} {name}", kind.word()),
        words,
    }
}

fn fact(it: &Said) -> Line {
    let words = format!("{}{}", it.words, it.marks());
    line(&it.time.to_string(), it.whom.kind, &it.whom.name, words)
}

/// The site of a collection: all of its name but the last part.
fn site(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(site, _)| site)
}

/// What makes two lines say the same: the site, and the gist.
fn alike(it: &Said) -> Option<(&str, &str)> {
    (it.whom.kind == Kind::Collection).then(|| (site(&it.whom.name), gist(&it.words)))
}

/// The facts, those that are alike folded.
fn facts(facts: &[Said], lines: &mut Vec<Line>) {
    let mut groups: BTreeMap<(&str, &str), (u64, Time)> = BTreeMap::new();
    for it in facts {
        if let Some(key) = alike(it) {
            let (number, last) = groups.entry(key).or_insert((0, it.time));
            *number += 1;
            *last = it.time;
        }
    }
    let mut seen: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for it in facts {
        let key = alike(it).filter(|key| groups[key].0 > FOLD);
        let Some(key) = key else {
            lines.push(fact(it));
            continue;
        };
        let nth = seen.entry(key).or_insert(0);
        *nth += 1;
        if *nth <= SHOWN {
            lines.push(fact(it));
        } else if *nth == SHOWN + 1 {
            let (number, last) = groups[&key];
            let more = grouped(number - SHOWN);
            let words = format!("{}{FOLDED}{more} more like it, the last at {last}", key.1);
            let name = format!("{}/*", key.0);
            lines.push(line(&it.time.to_string(), Kind::Collection, &name, words));
        }
    }
}

/// The numbers of those that suffered; of many of one site the first few, and the rest together.
fn totals(told: &Told, lines: &mut Vec<Line>) {
    let mut sites: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, (whom, numbers)) in told.numbers.iter().enumerate() {
        if suffered(numbers) {
            match sites.last_mut() {
                Some((of, all)) if *of == site(&whom.name) => all.push(at),
                _ => sites.push((site(&whom.name), vec![at])),
            }
        }
    }
    for (site, all) in sites {
        let alone = if all.len() as u64 > FOLD {
            SHOWN as usize
        } else {
            all.len()
        };
        for at in &all[..alone] {
            let (whom, it) = &told.numbers[*at];
            lines.push(line(TOTAL, whom.kind, &whom.name, numbers(it)));
        }
        if alone < all.len() {
            let rest: Vec<&Numbers> = all[alone..].iter().map(|at| &told.numbers[*at].1).collect();
            let words = numbers(&together(&rest));
            lines.push(line(TOTAL, Kind::Collection, &format!("{site}/*"), words));
        }
    }
}

/// The numbers of each site of which something is folded: how many collections it has, those that were well too, and how
/// long they were halted in all, which nobody could add up from folded lines.
fn sites(told: &Told, lines: &mut Vec<Line>) {
    let folded = |it: &Line| {
        it.whom
            .strip_prefix("collection ")?
            .strip_suffix("/*")
            .map(str::to_owned)
    };
    let folded: BTreeSet<String> = lines.iter().filter_map(folded).collect();
    let halts = halts(told);
    for of in folded {
        let names = told.numbers.iter().map(|(whom, _)| bare(&whom.name));
        let names: BTreeSet<&str> = names.filter(|it| site(it) == of).collect();
        let halted = names.iter().filter_map(|it| halts.get(it));
        let halted = halted.fold(Span::ZERO, |sum, it| sum + *it);
        let words = numbers(&vec![
            ("collections", Number::Count(names.len() as u64)),
            ("halted", Number::For(halted)),
        ]);
        lines.push(line(TOTAL, Kind::Site, &of, words));
    }
}

/// The numbers of several as one: how many, counts added, the greatest lag, the earliest deadline.
fn together(all: &[&Numbers]) -> Numbers {
    let mut sum: Numbers = vec![("collections", Number::Count(all.len() as u64))];
    for (name, number) in all.iter().copied().flatten() {
        let Some((_, so_far)) = sum.iter_mut().find(|(it, _)| it == name) else {
            sum.push((name, *number));
            continue;
        };
        *so_far = match (*so_far, *number) {
            (Number::Count(a), Number::Count(b)) => Number::Count(a.saturating_add(b)),
            (Number::Bytes(a), Number::Bytes(b)) => Number::Bytes(a.saturating_add(b)),
            (Number::For(a), Number::For(b)) => Number::For(a.max(b)),
            (Number::At(a), Number::At(b)) => Number::At(a.min(b)),
            (a, _) => a,
        };
    }
    super::told::in_order(sum)
}

/// `issued 432,000, served 18,848, failed 413,152, lost bytes 5,426,153,521, greatest lag 10s`.
fn numbers(all: &Numbers) -> String {
    let mut said = Vec::new();
    for (name, number) in all {
        if NUMBERS.contains(&(name, true)) {
            said.push(format!("{} {}", name.replace('_', " "), number));
        }
    }
    said.join(", ")
}

/// The lines in columns. What is wider than a screen goes on below, under the words.
fn rows(lines: &[Line], out: &mut dyn fmt::Write) -> fmt::Result {
    let width = |text: &String| text.chars().count();
    let time = lines.iter().map(|it| width(&it.time)).max().unwrap_or(0);
    let whom = lines.iter().map(|it| width(&it.whom)).max().unwrap_or(0);
    let indent = time + whom + 4;
    for line in lines {
        let (when, who) = (&line.time, &line.whom);
        write!(out, "{when:<time$}  {who:<whom$}  ")?;
        let mut rest = line.words.as_str();
        while let Some(at) = fold_at(rest, WIDEST.saturating_sub(indent).max(40)) {
            writeln!(out, "{}", &rest[..at])?;
            write!(out, "{:indent$}", "")?;
            rest = &rest[at + 1..];
        }
        writeln!(out, "{rest}")?;
    }
    Ok(())
}

/// Where a text that is too wide goes on below: at the last single space that fits, which is left out.
fn fold_at(text: &str, widest: usize) -> Option<usize> {
    let end = text.char_indices().nth(widest).map(|(at, _)| at)?;
    let bytes = text.as_bytes();
    let single = |at: &usize| {
        let beside = [bytes.get(at.wrapping_sub(1)), bytes.get(at + 1)];
        bytes[*at] == b' ' && beside.iter().all(|it| it.is_some_and(|it| *it != b' '))
    };
    (1..=end).rev().find(single)
}

#[cfg(test)]
mod tests {
    use super::fold_at;

    #[test]
    fn a_wide_text_breaks_at_its_last_single_space_that_fits() {
        for (text, widest, due) in [
            ("ab cd ef", 8, None),
            ("ab cd ef", 7, Some(5)),
            ("ab cd ef", 5, Some(5)),
            ("ab cd ef", 4, Some(2)),
            ("abcdefgh", 4, None),
            ("ab  cd", 4, None),
            ("ä→ cd", 4, Some("ä→".len())),
        ] {
            assert_eq!(fold_at(text, widest), due, "{text} {widest}");
        }
    }
}
