//! A suite in the Test Anything Protocol, version 14: a point a scenario, with a YAML block below each that fails.

use std::fmt;

use crate::report::unmet::Miss;
use crate::text::clean;

use super::words::{again, broken_in_short, difference, for_seeds, of};
use super::{Broken, Case, Check, Fails, Fate, Judged, Suite};

/// Writes the stream.
///
/// # Errors
/// Those of the writer.
pub fn tap(suite: &Suite, out: &mut dyn fmt::Write) -> fmt::Result {
    writeln!(out, "TAP version 14")?;
    let points = suite.cases.len() + usize::from(suite.review.is_some());
    writeln!(out, "1..{points}")?;
    for (index, case) in suite.cases.iter().enumerate() {
        point(index + 1, case, out)?;
    }
    let Some(review) = &suite.review else {
        return Ok(());
    };
    let word = if review.holds { "ok" } else { "not ok" };
    writeln!(out, "{word} {points} - the suite itself")?;
    let mut lines = review.lines();
    lines.try_for_each(|line| writeln!(out, "{}", format!("# {line}").trim_end()))
}

fn point(number: usize, case: &Case, out: &mut dyn fmt::Write) -> fmt::Result {
    let (word, skip) = match &case.fate {
        Fate::Judged(judged) if judged.holds() => ("ok", ""),
        Fate::Judged(_) | Fate::Broken(_) => ("not ok", ""),
        Fate::Skipped => ("ok", " # SKIP after the first failure"),
    };
    writeln!(out, "{word} {number} - {}{skip}", plain(&case.file))?;
    let mut block = Vec::new();
    match &case.fate {
        Fate::Judged(judged) if !judged.holds() => failure(case, judged, &mut block),
        Fate::Judged(_) | Fate::Skipped => {}
        Fate::Broken(it) => broken(case, it, &mut block),
    }
    if block.is_empty() {
        return Ok(());
    }
    writeln!(out, "  ---")?;
    for line in block {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "  ...")
}

fn failure(case: &Case, judged: &Judged, block: &mut Vec<String>) {
    block.push(pair("message", &of(judged)));
    block.extend(case.name.iter().map(|it| pair("scenario", it)));
    block.extend(again(case, judged).map(|it| pair("again", &it)));
    if judged.failed() > 0 {
        block.push("failures:".to_owned());
    }
    for (check, fails) in judged.failing() {
        expectation(case, judged, check, fails, block);
    }
    if let Some(lines) = difference(case, judged) {
        block.push("golden:".to_owned());
        block.extend(lines.iter().map(|it| format!("  - {}", quoted(it))));
    }
}

fn expectation(
    case: &Case,
    judged: &Judged,
    check: &Check,
    fails: &Fails,
    block: &mut Vec<String>,
) {
    let at = format!("{}:{}:{}", case.file, check.line, check.column);
    block.push(format!("  - {}", pair("at", &at)));
    block.push(format!("    {}", pair("expected", &check.text)));
    let seeds = for_seeds(judged, fails);
    block.extend(seeds.map(|it| format!("    {}", pair("seeds", &it))));
    block.push(format!("    selected: {}", fails.unmet.selected));
    block.push(format!("    failed: {}", fails.unmet.failed));
    block.push("    subjects:".to_owned());
    for told in &fails.unmet.told {
        subject(told, block);
    }
}

fn subject(told: &Miss, block: &mut Vec<String>) {
    block.push(format!("      - {}", pair("subject", &told.who)));
    for (name, text) in told.parts() {
        block.push(format!("        {}", pair(name, &text)));
    }
}

fn broken(case: &Case, broken: &Broken, block: &mut Vec<String>) {
    block.push(pair("message", &broken_in_short(broken)));
    block.extend(case.name.iter().map(|it| pair("scenario", it)));
    let Broken::Problems(problems) = broken else {
        return;
    };
    block.push("problems:".to_owned());
    for it in problems {
        let at = format!("{}:{}:{}", it.file, it.line, it.column);
        block.push(format!("  - {}", pair("at", &at)));
        block.push(format!("    code: {}", it.code.word()));
        block.push(format!("    {}", pair("message", &it.message)));
        let more = [
            ("expected", it.expected.as_deref()),
            ("did you mean", it.did_you_mean.as_deref()),
            ("help", it.help.as_deref()),
        ];
        for (name, text) in more {
            block.extend(text.map(|text| format!("    {}", pair(name, text))));
        }
    }
}

/// `name: "text"`.
fn pair(name: &str, text: &str) -> String {
    format!("{name}: {}", quoted(text))
}

/// A text in double quotes, in which YAML and JSON are alike once nothing in it hides.
fn quoted(text: &str) -> String {
    let text = clean(text);
    let quoted = serde_json::Value::from(text.as_ref()).to_string();
    // The two that YAML takes only as escapes.
    quoted
        .replace('\u{fffe}', "\\ufffe")
        .replace('\u{ffff}', "\\uffff")
}

/// A description of a point, in which nothing is a directive.
fn plain(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace('#', "\\#")
}
