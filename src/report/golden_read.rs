//! The golden form read back.

use std::collections::BTreeSet;

use crate::names::Kind;
use crate::states::Milestone;
use crate::text::clean;
use crate::time::{Calendar, Span, Time};
use crate::timeline::Milestones;

use super::golden::{FIRST, START, TOTAL};
use super::told::{Begun, Head, NUMBERS, Number, Numbers, Said, Told, Whom};

/// Why a text is no golden timeline: line, column (both from 1) and what was expected there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Amiss {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
    /// What is wrong, and what was expected.
    pub why: String,
}

/// Whether a text says of itself that it is a golden timeline.
pub fn is_golden(text: &str) -> bool {
    text.starts_with(FIRST)
}

/// Reads the golden form.
///
/// # Errors
/// The first place that is not as it is written, and what was expected there.
pub fn read_golden(text: &str) -> Result<Told, Amiss> {
    let mut lines = text.lines().enumerate();
    let mut next = |due: &str| match lines.next() {
        Some((at, line)) => Ok((at + 1, line)),
        None => Err(amiss(text.lines().count() + 1, 1, due)),
    };
    let first_due = format!("`{FIRST}` is due");
    let (line, first) = next(&first_due)?;
    if first != FIRST {
        return Err(amiss(line, 1, &first_due));
    }
    let (line, name) = next("the scenario's name, after `# `, is due")?;
    let scenario =
        after(name, "# ").ok_or_else(|| amiss(line, 1, "the scenario's name, after `# `, is due"));
    let scenario = scenario?.to_owned();
    let (line, about) = next(HEAD)?;
    let head = head(about, scenario).ok_or_else(|| amiss(line, 1, HEAD))?;
    let mut told = Told {
        head,
        golden: true,
        measured: true,
        begins: Vec::new(),
        facts: Vec::new(),
        numbers: Vec::new(),
        digest: String::new(),
    };
    let mut before = ([0, 0, 0], BTreeSet::new());
    for (line, whole) in joined(lines)? {
        if !told.digest.is_empty() {
            return Err(amiss(line, 1, "nothing is due after the digest"));
        }
        if let Some(digest) = after(&whole, "digest ") {
            let hex = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
            if digest.len() != 16 || !digest.bytes().all(hex) {
                return Err(amiss(line, 8, "a digest of 16 hex digits is due"));
            }
            told.digest = digest.to_owned();
        } else {
            row(line, &whole, &mut told)?;
            in_order(line, &told, &mut before)?;
        }
    }
    if told.digest.is_empty() {
        let end = text.lines().count() + 1;
        return Err(amiss(
            end,
            1,
            "the last line, `digest …`, is missing: the file was cut off",
        ));
    }
    Ok(told)
}

/// Whether the line that was read last stands where it is written: what was so at the start, facts in the order of time,
/// totals, each once. `before` are the numbers of each before that line, `counted` of whom there were totals.
fn in_order(
    line: usize,
    told: &Told,
    (before, counted): &mut ([usize; 3], BTreeSet<Whom>),
) -> Result<(), Amiss> {
    let now = [told.begins.len(), told.facts.len(), told.numbers.len()];
    let grew = |at: usize| now[at] > before[at];
    let why = if grew(0) && (now[1] > 0 || now[2] > 0) {
        Some("what was so at the start stands before all that happened".to_owned())
    } else if grew(1) && now[2] > 0 {
        Some("what happened stands before the totals".to_owned())
    } else if let (true, [.., last, this]) = (grew(1), told.facts.as_slice())
        && this.time < last.time
    {
        let last = last.time;
        Some(format!(
            "this line is earlier than the one before it, of {last}; lines in the order of time are due"
        ))
    } else if let (true, Some((this, _))) = (grew(2), told.numbers.last())
        && !counted.insert(this.clone())
    {
        let (kind, name) = (this.kind.word(), &this.name);
        Some(format!(
            "the totals of {kind} {name} stand here for the second time"
        ))
    } else {
        None
    };
    *before = now;
    why.map_or(Ok(()), |why| Err(amiss(line, 1, &why)))
}

const HEAD: &str = "`# profile NAME, seed N, until T` is due";

fn amiss(line: usize, column: usize, why: &str) -> Amiss {
    Amiss {
        line,
        column,
        why: why.to_owned(),
    }
}

fn after<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.strip_prefix(mark)
}

fn head(line: &str, scenario: String) -> Option<Head> {
    let rest = after(line, "# profile ")?;
    let (rest, start) = match rest.rsplit_once(", start ") {
        Some((rest, start)) => (rest, Some(Calendar::parse(start).ok()?)),
        None => (rest, None),
    };
    let (rest, until) = rest.rsplit_once(", until ")?;
    let (profile, seed) = rest.rsplit_once(", seed ")?;
    Some(Head {
        scenario,
        profile: profile.to_owned(),
        seed: seed.parse().ok()?,
        start,
        until: time(until)?,
        set: None,
        files: None,
    })
}

fn time(text: &str) -> Option<Time> {
    if text == "never" {
        return Some(Time::NEVER);
    }
    Some(Time::START + Span::parse(text).ok()?)
}

/// The lines, each with those that go on below it; comments and empty lines are passed over.
fn joined<'a>(
    lines: impl Iterator<Item = (usize, &'a str)>,
) -> Result<Vec<(usize, String)>, Amiss> {
    let mut all: Vec<(usize, String)> = Vec::new();
    for (at, line) in lines {
        let line = line.trim_end_matches(' ');
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if !line.starts_with(' ') {
            all.push((at + 1, line.to_owned()));
            continue;
        }
        let Some((_, last)) = all.last_mut() else {
            return Err(amiss(at + 1, 1, "a line that begins with its time is due"));
        };
        last.push(' ');
        last.push_str(line.trim_start_matches(' '));
    }
    Ok(all)
}

/// One line: when, whom, what.
fn row(line: usize, whole: &str, told: &mut Told) -> Result<(), Amiss> {
    let column = |rest: &str| {
        let before = &whole[..whole.len() - rest.len()];
        before.chars().count() + 1
    };
    let (when, rest) = cell(whole);
    let (who, words) = cell(rest);
    let whom = whom(who).ok_or_else(|| {
        let due = "a subject is due, its kind and its name, as in `site acme/us-east-1`";
        amiss(line, column(rest), due)
    })?;
    if words.is_empty() {
        return Err(amiss(line, column(words), "what happened is due"));
    }
    if when == START {
        let words = clean(words).into_owned();
        told.begins.push(Begun {
            whom,
            words,
            well: false,
        });
    } else if when == TOTAL {
        let numbers = numbers(words).map_err(|why| amiss(line, column(words), &why))?;
        told.numbers.push((whom, numbers));
    } else {
        let due = "a time is due, as in 1h05m10s, or `start`, `total` or `digest`";
        let time = time(when).ok_or_else(|| amiss(line, 1, due))?;
        let (words, milestones) = marks(words, whom.kind);
        let words = clean(words).into_owned();
        told.facts.push(Said {
            time,
            whom,
            words,
            milestones,
        });
    }
    Ok(())
}

/// A cell and what follows it, two spaces or more behind it.
fn cell(text: &str) -> (&str, &str) {
    let (cell, rest) = text.split_once("  ").unwrap_or((text, &text[text.len()..]));
    (cell, rest.trim_start_matches(' '))
}

fn whom(text: &str) -> Option<Whom> {
    let (kind, name) = text.split_once(' ')?;
    let kind = Kind::ALL.iter().find(|it| it.word() == kind)?;
    let part = |it: char| it.is_ascii_alphanumeric() || "._-/#[]*".contains(it);
    let named = !name.is_empty() && name.chars().all(part);
    named.then(|| Whom {
        kind: *kind,
        name: name.to_owned(),
    })
}

/// What happened, and the milestones behind it. Commands are none, and may say anything.
fn marks(words: &str, kind: Kind) -> (&str, Milestones) {
    let parts = words.strip_suffix(']').and_then(|it| it.rsplit_once("  ["));
    let Some((said, marks)) =
        parts.filter(|_| kind == Kind::Collection && !words.starts_with("command "))
    else {
        return (words, Milestones::NONE);
    };
    let mut all = Milestones::NONE;
    for word in marks.split(' ') {
        match Milestone::from_word(word) {
            Some(milestone) => all = all.and(milestone),
            None => return (words, Milestones::NONE),
        }
    }
    (said, all)
}

fn numbers(words: &str) -> Result<Numbers, String> {
    let mut all = Vec::new();
    for part in words.split(", ") {
        let known = NUMBERS.iter().find_map(|(name, _)| {
            let spoken = name.replace('_', " ");
            let value = part.strip_prefix(spoken.as_str())?.strip_prefix(' ')?;
            Some((*name, value))
        });
        let Some((name, value)) = known else {
            return Err("numbers are due, as in `failed 1,200, lost bytes 0`".to_owned());
        };
        let digits = || value.replace(',', "").parse::<u64>().ok();
        let number = match name {
            "lost_bytes" => digits().map(Number::Bytes),
            "restore_deadline" => time(value).map(Number::At),
            "greatest_lag" | "halted" => Span::parse(value).ok().map(Number::For),
            _ => digits().map(Number::Count),
        };
        let number = number.ok_or_else(|| {
            format!(
                "after `{}` a number or a time is due",
                name.replace('_', " ")
            )
        })?;
        all.push((name, number));
    }
    Ok(all)
}
