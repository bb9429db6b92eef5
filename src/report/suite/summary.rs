//! A suite as markdown, for the page that GitHub Actions shows of a job: what failed first, then the rest.

use std::fmt;

use crate::report::markdown::escaped;
use crate::text::xml;
use crate::text::{clean, counted};

use super::text::unmet;
use super::words::{headline, totals, why_broken};
use super::{Case, Fate, Suite, Totals};

/// So many bytes are told of what failed; GitHub takes a mebibyte of a step, and shows none of it where it is more.
const MOST: usize = 384 << 10;

/// So many of them are told of one case, so that there is room for others.
const MOST_OF_ONE: usize = 96 << 10;

/// Writes the page.
///
/// # Errors
/// Those of the writer.
pub fn summary(suite: &Suite, out: &mut dyn fmt::Write) -> fmt::Result {
    let all = Totals::new(suite);
    let review = suite.review.as_ref();
    let verdict = if all.failed + all.broken == 0 && review.is_none_or(|it| it.holds) {
        "ok"
    } else {
        "FAILED"
    };
    writeln!(out, "## keyoutage test: {verdict}\n")?;
    writeln!(out, "{}\n", escaped(&totals(&all)))?;
    let wrong = |it: &&Case| !it.holds() && !it.is_skipped();
    let mut blocks = suite.cases.iter().filter(wrong).map(block);
    within(&mut blocks, "more that failed", out)?;
    if let Some(review) = review {
        let text = preformatted("The suite itself", &review.text);
        within(
            &mut std::iter::once(text),
            "more, too long for this page",
            out,
        )?;
    }
    if all.ok > 0 {
        let title = format!("{} ok", counted(all.ok, "scenario"));
        writeln!(out, "<details><summary>{title}</summary>\n")?;
        let fine = suite.cases.iter().filter(|it| it.holds());
        let mut lines = fine.map(|it| format!("- {}\n", escaped(&headline(it))));
        within(&mut lines, "more", out)?;
        writeln!(out, "\n</details>")?;
    }
    Ok(())
}

/// Writes as many pieces as there is room for, and how many there are besides.
fn within(
    pieces: &mut dyn Iterator<Item = String>,
    rest: &str,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let (mut told, mut left) = (0, 0u64);
    for piece in pieces {
        if left == 0 && told + piece.len() <= MOST {
            told += piece.len();
            out.write_str(&piece)?;
        } else {
            left += 1;
        }
    }
    match left {
        0 => Ok(()),
        some => writeln!(out, "\n… and {some} {rest}\n"),
    }
}

/// One case that failed, with all that is said of it.
fn block(case: &Case) -> String {
    let mut said = String::new();
    match &case.fate {
        Fate::Judged(_) => unmet(case, &mut said).expect("writing to a String cannot fail"),
        Fate::Broken(broken) => said = why_broken(broken),
        Fate::Skipped => {}
    }
    preformatted(&headline(case), &said)
}

/// A title, and some lines as they are; of very many the first, and how many there are besides.
fn preformatted(title: &str, text: &str) -> String {
    let all: Vec<&str> = text.trim().lines().collect();
    let mut lines: Vec<String> = Vec::new();
    let mut room = MOST_OF_ONE;
    for line in &all {
        let line = xml::escaped(&clean(line)).to_string();
        match room.checked_sub(line.len() + 1) {
            Some(rest) => room = rest,
            None => break,
        }
        lines.push(line);
    }
    let left = (all.len() - lines.len()) as u64;
    if left > 0 {
        let left = counted(left, "more line");
        lines.push(format!("… and {left}, too long for this page"));
    }
    let title = escaped(title);
    format!("### {title}\n\n<pre>\n{}\n</pre>\n\n", lines.join("\n"))
}
