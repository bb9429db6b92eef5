//! Coverage and mutants in text, for people.

use std::fmt;

use crate::report::aligned;
use crate::text::{clean, counted};

use super::{Coverage, Exemption, Group, Line, Noticed, Threshold};

/// About so many characters of ids stand on a line.
const WIDTH: usize = 100;

/// Writes how much is covered, by kind; what is exercised and not asserted; what is not even exercised; what need not be.
///
/// # Errors
/// Those of the writer.
pub fn coverage(
    it: &Coverage,
    threshold: Option<Threshold>,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let (covered, all) = it.count(None);
    writeln!(
        out,
        "\ncoverage: {covered} of {all}, {}",
        percent(covered, all)
    )?;
    let groups = Group::ALL.iter().map(|group| {
        let (covered, all) = it.count(Some(*group));
        let of = format!("{covered} of {all}");
        vec![group.word().to_owned(), of, percent(covered, all)]
    });
    aligned(&groups.collect::<Vec<_>>(), "  ", out)?;
    let open = |line: &&Line| !line.covered();
    let exercised = it.lines.iter().filter(open).filter_map(|line| {
        let first = line.exercised.as_ref()?;
        Some(vec![line.item.id(), format!("first in {}", clean(first))])
    });
    part(
        "exercised, and asserted by no expectation",
        exercised.collect(),
        out,
    )?;
    part("not exercised", absent(it), out)?;
    let exempt = it.lines.iter().filter_map(|line| {
        let exempt = line.exempt.as_ref().filter(|_| line.asserted.is_none())?;
        Some(vec![line.item.id(), clean(&exempt.reason).into_owned()])
    });
    part("exempt", exempt.collect(), out)?;
    needless(&it.needless, out)?;
    match threshold {
        Some(due) if !due.met(covered, all) => writeln!(out, "less than {due} is covered"),
        Some(_) | None => Ok(()),
    }
}

/// Writes what became of each mutant, and those that nobody notices.
///
/// # Errors
/// Those of the writer.
pub fn mutants(it: &Coverage, out: &mut dyn fmt::Write) -> fmt::Result {
    let noticed = it.mutants.iter().filter(|it| it.expectations > 0);
    let of = counted(it.mutants.len() as u64, "mutant");
    writeln!(
        out,
        "\n{of} of the rules, {} noticed",
        noticed.clone().count()
    )?;
    let rows = noticed.map(|it| {
        let mut row = named(it);
        row.push(counted(it.expectations as u64, "expectation"));
        row.extend(
            it.first
                .as_ref()
                .map(|(file, line)| format!("first {}:{line}", clean(file))),
        );
        row
    });
    aligned(&rows.collect::<Vec<_>>(), "  ", out)?;
    let exempt = it.mutants.iter().filter(|it| it.expectations == 0);
    let exempt = exempt.filter_map(|it| {
        let mut row = named(it);
        row.push(clean(&it.exempt.as_ref()?.reason).into_owned());
        Some(row)
    });
    part("exempt", exempt.collect(), out)?;
    let unnoticed = it.unnoticed().map(|it| {
        let mut row = named(it);
        row.push(match &it.exercised {
            Some(first) => format!("runs otherwise in {}", clean(first)),
            None => "no scenario runs otherwise".to_owned(),
        });
        row
    });
    part("noticed by no expectation", unnoticed.collect(), out)
}

/// Exemptions that are no longer needed.
///
/// # Errors
/// Those of the writer.
pub(super) fn needless(needless: &[Exemption], out: &mut dyn fmt::Write) -> fmt::Result {
    let rows = needless.iter().map(|it| {
        let place = format!("{}:{}:{}", clean(&it.file), it.line, it.column);
        vec![it.item.id(), place]
    });
    part(
        "exempt, and asserted all the same: strike it out",
        rows.collect(),
        out,
    )
}

/// What is not even exercised, group by group, in lines of some width.
fn absent(it: &Coverage) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for group in Group::ALL {
        let of = |line: &&Line| line.item.group() == *group;
        let absent = it.lines.iter().filter(of);
        let absent = absent.filter(|line| !line.covered() && line.exercised.is_none());
        let mut name = group.word();
        let mut text = String::new();
        for id in absent.map(|line| line.item.id()) {
            if !text.is_empty() && text.chars().count() + id.chars().count() > WIDTH {
                rows.push(vec![name.to_owned(), std::mem::take(&mut text)]);
                name = "";
            }
            text.push_str(if text.is_empty() { "" } else { ", " });
            text.push_str(&id);
        }
        if !text.is_empty() {
            rows.push(vec![name.to_owned(), text]);
        }
    }
    rows
}

fn named(it: &Noticed) -> Vec<String> {
    vec![
        it.mutant.of().word().to_owned(),
        it.mutant.says().to_owned(),
    ]
}

fn part(title: &str, rows: Vec<Vec<String>>, out: &mut dyn fmt::Write) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}:")?;
    aligned(&rows, "  ", out)
}

/// In tenths of a percent, rounded down: only all is 100%.
fn percent(covered: usize, all: usize) -> String {
    let mille = super::json::per_mille(covered, all);
    format!("{}.{}%", mille / 10, mille % 10)
}
