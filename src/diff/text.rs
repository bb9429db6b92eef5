//! A difference for people: first how much differs and whether it got worse, then subject by subject what.

use std::fmt;

use crate::report::{NUMBERS, Number, Said, gist};
use crate::text::{clean, counted, grouped};
use crate::time::{Span, Time};

use super::fold::{groups, title};
use super::{About, Change, Difference, Of, Regression, Unclear, Worse};

/// So many groups of subjects are told; of the others only how many there are.
const TOLD: usize = 40;

/// So many facts of a subject are told; of the others only how many there are.
const ROWS: usize = 40;

/// For so many it is told one by one that they got worse in one way.
const WORSE: usize = 6;

/// Writes it; `names` are those of the two runs.
///
/// # Errors
/// Those of the writer.
pub fn text(it: &Difference, names: [&str; 2], out: &mut dyn fmt::Write) -> fmt::Result {
    verdict(it, out)?;
    for (letter, name, head) in [("A", names[0], &it.heads[0]), ("B", names[1], &it.heads[1])] {
        let (scenario, profile) = (clean(&head.scenario), clean(&head.profile));
        let name = clean(name);
        writeln!(
            out,
            "  {letter} {name}: {scenario} (profile {profile}, seed {}, until {})",
            head.seed, head.until
        )?;
    }
    asked(it, out)?;
    worse(&it.worse, out)?;
    unclear(&it.unclear, out)?;
    let groups = groups(&it.subjects);
    for group in groups.iter().take(TOLD) {
        block(group, out)?;
    }
    let rest: usize = groups.iter().skip(TOLD).map(Vec::len).sum();
    if rest > 0 {
        let rest = counted(rest as u64, "more subject");
        writeln!(out, "\n… and {rest}; --format json tells them all")?;
    }
    Ok(())
}

/// The first line: `different: 2 facts earlier, 3 later; worse: earlier_pause`.
fn verdict(it: &Difference, out: &mut dyn fmt::Write) -> fmt::Result {
    let digest = it.digests[1].get(..16).unwrap_or(&it.digests[1]);
    if it.is_same() {
        let facts = counted(it.facts[1] as u64, "fact");
        return writeln!(out, "the same: {facts}, digest {digest}");
    }
    let tally = it.tally();
    let mut parts = Vec::new();
    for (number, way) in [
        (tally.earlier, "earlier"),
        (tally.later, "later"),
        (tally.gone, "gone"),
        (tally.new, "new"),
        (tally.changed, "changed"),
    ] {
        if number > 0 {
            let noun = match (parts.is_empty(), number) {
                (false, _) => "",
                (true, 1) => " fact",
                (true, _) => " facts",
            };
            parts.push(format!("{}{noun} {way}", grouped(number as u64)));
        }
    }
    let begins = it.subjects.iter().filter(|of| of.begin.is_some()).count();
    if begins > 0 {
        parts.push(format!(
            "{} otherwise at the start",
            counted(begins as u64, "subject")
        ));
    }
    if parts.is_empty() {
        parts.push(match it.subjects.is_empty() {
            true => "no line differs, but the digest does: counts, causes or folded facts differ"
                .to_owned(),
            false => "the same facts, other numbers".to_owned(),
        });
    }
    let is_so = |what: &&Regression| it.worse.iter().any(|worse| worse.what == **what);
    let ways: Vec<&str> = Regression::ALL
        .iter()
        .filter(is_so)
        .map(|it| it.word())
        .collect();
    let judged = match ways.as_slice() {
        [] if !it.unclear.is_empty() => "whether it got worse cannot be told".to_owned(),
        [] => "nothing got worse".to_owned(),
        some => format!("worse: {}", some.join(", ")),
    };
    writeln!(out, "different: {}; {judged}", parts.join(", "))
}

fn asked(it: &Difference, out: &mut dyn fmt::Write) -> fmt::Result {
    if it.asked.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nasked otherwise")?;
    for asked in &it.asked {
        let [a, b] = &asked.values;
        let short = |it: &Option<String>| match (it, asked.about) {
            (Some(text), About::File) => text.get(..16).unwrap_or(text).to_owned(),
            (Some(text), About::Run | About::Setting) => clean(text).into_owned(),
            (None, About::Setting) => "as the profile has it".to_owned(),
            (None, About::Run | About::File) => "none".to_owned(),
        };
        writeln!(out, "  {}: {} → {}", clean(&asked.name), short(a), short(b))?;
    }
    Ok(())
}

fn worse(all: &[Worse], out: &mut dyn fmt::Write) -> fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nworse")?;
    for what in Regression::ALL {
        let of = || all.iter().filter(|it| it.what == *what);
        for it in of().take(WORSE) {
            let [a, b] = &it.values;
            let (kind, name) = (it.whom.kind.word(), &it.whom.name);
            writeln!(out, "  {kind} {name}: {} ({a} → {b})", what.says())?;
        }
        let more = of().count().saturating_sub(WORSE) as u64;
        if more > 0 {
            let (more, says) = (grouped(more), what.says());
            writeln!(out, "  … and {more} more: {says}")?;
        }
    }
    Ok(())
}

fn unclear(all: &[Unclear], out: &mut dyn fmt::Write) -> fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\ncannot be told; two scenarios, or runs saved as NDJSON, tell it"
    )?;
    for it in all.iter().take(WORSE) {
        let (kind, name) = (it.whom.kind.word(), &it.whom.name);
        writeln!(out, "  {kind} {name}: {}", it.why)?;
    }
    let more = all.len().saturating_sub(WORSE) as u64;
    if more > 0 {
        writeln!(out, "  … and {} more", grouped(more))?;
    }
    Ok(())
}

/// One subject, or several that differ alike.
fn block(group: &[&Of], out: &mut dyn fmt::Write) -> fmt::Result {
    let first = group[0];
    let kind = first.whom.kind.word();
    write!(out, "\n{kind} {}", title(group))?;
    if group.len() > 1 {
        write!(out, " ({} alike)", grouped(group.len() as u64))?;
    }
    match first.only {
        Some(0) => writeln!(out, ": only in A")?,
        Some(_) => writeln!(out, ": only in B")?,
        None => writeln!(out)?,
    }
    let mut rows = Vec::new();
    if let Some(words) = &first.begin {
        let words = words.each_ref().map(Option::as_deref);
        rows.extend(begin(words));
    }
    if first.only.is_none() {
        for at in 0..first.changes.len().min(ROWS) {
            let alike: Vec<&Change> = group.iter().map(|of| &of.changes[at]).collect();
            rows.extend(change(&alike));
        }
        let more = first.changes.len().saturating_sub(ROWS) as u64;
        if more > 0 {
            let more = format!("and {} of it that differ", counted(more, "more fact"));
            rows.push(["…".to_owned(), "".to_owned(), more]);
        }
    } else {
        let facts: usize = group.iter().map(|of| of.changes.len()).sum();
        let facts = counted(facts as u64, "fact");
        rows.push(["all".to_owned(), "".to_owned(), facts]);
    }
    rows.extend(totals(group));
    columns(&rows, out)
}

type Row = [String; 3];

fn columns(rows: &[Row], out: &mut dyn fmt::Write) -> fmt::Result {
    let width = |at: usize| {
        rows.iter()
            .map(|row| row[at].chars().count())
            .max()
            .unwrap_or(0)
    };
    let (time, way) = (width(0), width(1));
    for [when, how, what] in rows {
        let line = if way == 0 {
            format!("  {when:<time$}  {what}")
        } else {
            format!("  {when:<time$}  {how:<way$}  {what}")
        };
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn begin(words: [Option<&str>; 2]) -> Vec<Row> {
    let row = |way: &str, words: &str| ["start".to_owned(), way.to_owned(), words.to_owned()];
    match words {
        [Some(a), Some(b)] => vec![
            row("changed", a),
            ["".to_owned(), "to".to_owned(), b.to_owned()],
        ],
        [Some(a), None] => vec![row("gone", a)],
        [None, Some(b)] => vec![row("new", b)],
        [None, None] => Vec::new(),
    }
}

/// One change of one subject or of several that differ alike.
fn change(alike: &[&Change]) -> Vec<Row> {
    let side =
        |side: usize| -> Vec<&Said> { alike.iter().filter_map(|it| it.sides()[side]).collect() };
    let (a, b) = (side(0), side(1));
    let row = |when: &[&Said], way: String, what: &[&Said]| [times(when), way, words(what)];
    match alike[0] {
        Change::Gone(_) => vec![row(&a, "gone".to_owned(), &a)],
        Change::New(_) => vec![row(&b, "new".to_owned(), &b)],
        Change::Changed(..) => vec![
            row(&a, "changed".to_owned(), &a),
            ["".to_owned(), "to".to_owned(), words(&b)],
        ],
        Change::Moved(..) => {
            let mut rows = vec![row(&a, moved(&a, &b), &a)];
            let (was, is) = (words(&a), words(&b));
            if was != is {
                rows.push(["".to_owned(), "to".to_owned(), is]);
            }
            rows
        }
    }
}

/// `1h`, or `1h..1h05m` where they differ.
fn times(all: &[&Said]) -> String {
    let times = || all.iter().map(|it| it.time);
    match (times().min(), times().max()) {
        (Some(first), Some(last)) if first != last => format!("{first}..{last}"),
        (Some(first), _) => first.to_string(),
        (None, _) => String::new(),
    }
}

/// `30m later`, `2s..4s earlier`, or both where some go this way and some that.
fn moved(a: &[&Said], b: &[&Said]) -> String {
    let pairs = || a.iter().zip(b);
    let by = |from: Time, to: Time| to.since(from);
    let earlier: Vec<Span> = pairs()
        .filter(|(a, b)| b.time < a.time)
        .map(|(a, b)| by(b.time, a.time))
        .collect();
    let later: Vec<Span> = pairs()
        .filter(|(a, b)| b.time > a.time)
        .map(|(a, b)| by(a.time, b.time))
        .collect();
    let range = |all: &[Span], way: &str| {
        let (least, most) = (all.iter().min()?, all.iter().max()?);
        Some(if least == most {
            format!("{least} {way}")
        } else {
            format!("{least}..{most} {way}")
        })
    };
    let both = [range(&earlier, "earlier"), range(&later, "later")];
    both.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What they say, with the milestones; where they differ, what they share.
fn words(all: &[&Said]) -> String {
    let first = all[0];
    let marks = first.marks();
    if all.iter().all(|it| it.words == first.words) {
        format!("{}{marks}", first.words)
    } else {
        format!("{} …{marks}", gist(&first.words))
    }
}

/// The numbers, one row for what was counted and one for what was measured; what follows from the facts above is left
/// to JSON.
fn totals(group: &[&Of]) -> Vec<Row> {
    let (mut counted, mut measured) = (Vec::new(), Vec::new());
    for (at, (name, values)) in group[0].numbers.iter().enumerate() {
        let counts = matches!(
            values[0].or(values[1]),
            Some(Number::Count(_) | Number::Bytes(_))
        );
        if counts {
            counted.push(numbers(group, at));
        } else if *name == "unavailable" || NUMBERS.contains(&(*name, true)) {
            measured.push(numbers(group, at));
        }
    }
    let rows = [("total", counted), ("measures", measured)];
    let rows = rows.into_iter().filter(|(_, all)| !all.is_empty());
    rows.map(|(what, all)| [what.to_owned(), "".to_owned(), all.join(", ")])
        .collect()
}

/// One number: `failed 1,200 → 1,300`; of several in all, or their range. Of what one run alone has, its value there.
fn numbers(group: &[&Of], at: usize) -> String {
    let name = group[0].numbers[at].0.replace('_', " ");
    let side = |side: usize| {
        let all: Vec<Number> = group
            .iter()
            .filter_map(|of| of.numbers[at].1[side])
            .collect();
        several(&all)
    };
    match group[0].only {
        Some(only) => format!("{name} {}", side(only)),
        None => format!("{name} {} → {}", side(0), side(1)),
    }
}

fn several(all: &[Number]) -> String {
    let sum = || {
        let mut each = all.iter().map(|it| match it {
            Number::Count(it) | Number::Bytes(it) => Some(*it),
            Number::At(_) | Number::For(_) | Number::Signed(_) => None,
        });
        each.try_fold(0u64, |sum, it| Some(sum.saturating_add(it?)))
    };
    match (all.iter().min(), all.iter().max(), sum()) {
        (None, ..) | (_, None, _) => "none".to_owned(),
        (_, _, Some(sum)) => grouped(sum),
        (Some(least), Some(most), None) if least == most => least.to_string(),
        (Some(least), Some(most), None) => format!("{least}..{most}"),
    }
}
