//! A run as markdown, for a pull request: what a person reads first, and what does not hold.

use std::fmt;

use crate::expect::Judgement;
use crate::text::{clean, counted};

use super::Run;
use super::story::story;
use super::summary::{head, milestone_rows, more_sites, name, untouched};
use super::verdicts::{tally, why};
use super::view::View;

/// How many sites are told one by one.
const SITES: usize = 12;

/// Writes the page.
///
/// # Errors
/// Those of the writer.
pub fn markdown(run: &Run<'_>, view: &View, out: &mut dyn fmt::Write) -> fmt::Result {
    let timeline = run.timeline;
    let mut first = String::new();
    head(timeline, &mut first)?;
    let mut lines = first.lines();
    writeln!(out, "## {}\n", escaped(lines.next().unwrap_or_default()))?;
    let rest = lines.next().unwrap_or_default();
    writeln!(out, "{}, digest `{}`\n", escaped(rest), run.short_digest())?;
    writeln!(out, "**{}**\n", tally(run.verdicts))?;
    for site in view.sites.iter().take(SITES) {
        let title = format!(
            "{} ({})",
            name(timeline, site.site),
            counted(site.collections, "collection")
        );
        writeln!(out, "### {}\n", escaped(&title))?;
        for said in story(timeline, site) {
            writeln!(out, "- {}", escaped(&said))?;
        }
        writeln!(out)?;
    }
    let mut rest = String::new();
    more_sites(view, &mut rest)?;
    untouched(timeline, view, &mut rest)?;
    for line in rest.lines() {
        writeln!(out, "{}\n", escaped(line))?;
    }
    let rows = milestone_rows(timeline, view);
    let titles = ["site", "milestone", "first at", "last at", "collections"];
    table("Milestones", &titles, &rows, out)?;
    table(
        "Expectations",
        &["line", "expected", "verdict"],
        &verdicts(run),
        out,
    )?;
    assumptions(run, out)
}

fn verdicts(run: &Run<'_>) -> Vec<Vec<String>> {
    let mut rows = Vec::with_capacity(run.verdicts.len());
    for verdict in run.verdicts {
        let expectation = &run.expectations[verdict.expectation];
        let said = match verdict.judgement {
            Judgement::Holds => "holds".to_owned(),
            Judgement::NotJudged => why(run.timeline, verdict).unwrap_or_default(),
            Judgement::Fails => {
                format!(
                    "**does not hold**: {}",
                    escaped(&why(run.timeline, verdict).unwrap_or_default())
                )
            }
        };
        rows.push(vec![
            expectation.line.to_string(),
            escaped(&expectation.text),
            said,
        ]);
    }
    rows
}

fn table(
    title: &str,
    heads: &[&str],
    rows: &[Vec<String>],
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "### {title}\n")?;
    writeln!(out, "| {} |", heads.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(heads.len()))?;
    for row in rows {
        writeln!(out, "| {} |", row.join(" | "))?;
    }
    writeln!(out)
}

fn assumptions(run: &Run<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
    let all = &run.timeline.assumptions;
    if all.is_empty() {
        return Ok(());
    }
    let title = format!("{} in force", counted(all.len() as u64, "assumption"));
    writeln!(out, "<details><summary>{title}</summary>\n")?;
    for assumption in all {
        writeln!(out, "- {}", escaped(assumption))?;
    }
    writeln!(out, "\n</details>")
}

/// Free text as markdown shows it: no markup, no link, no mention, no reference to an issue.
pub(super) fn escaped(text: &str) -> String {
    let cleaned = clean(text);
    let mut safe = String::with_capacity(cleaned.len() + 8);
    let mut letters = cleaned.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => {
                safe.push('\\');
                safe.push(letter);
            }
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '@' | '#' => {
                safe.push(letter);
                safe.push_str("<!-- -->");
            }
            ':' if letters.peek() == Some(&'/') => safe.push_str(":<!-- -->"),
            _ => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_in_free_text_is_markup() {
        for (text, safe) in [
            ("plain: text", "plain: text"),
            ("a|b", "a\\|b"),
            ("<img src=x>", "&lt;img src=x&gt;"),
            ("@someone #12", "@<!-- -->someone #<!-- -->12"),
            (
                "[x](https://e.example)",
                "\\[x\\](https:<!-- -->//e.example)",
            ),
            ("recreate_with_loss", "recreate\\_with\\_loss"),
            ("a\u{202e}b", "a&lt;U+202E&gt;b"),
        ] {
            assert_eq!(escaped(text), safe);
        }
    }
}
