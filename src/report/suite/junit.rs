//! A suite as JUnit XML: a test suite a scenario, a test case an expectation. There are no times in it: a run has no clock
//! but its own, and the same suite gives the same file.

use std::fmt;

use crate::text::clean;
use crate::text::xml::{attribute, escaped};

use super::text::one;
use super::words::{again, broken_in_short, difference, why_broken};
use super::{Broken, Case, Check, Fails, Fate, Judged, Review, Suite, Totals};

/// Writes the document.
///
/// # Errors
/// Those of the writer.
pub fn junit(suite: &Suite, out: &mut dyn fmt::Write) -> fmt::Result {
    let totals = Totals::new(suite);
    let review = suite.review.as_ref();
    let reviews = u64::from(review.is_some());
    let failing = u64::from(review.is_some_and(|it| !it.holds));
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"keyoutage\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        totals.expectations + totals.goldens + totals.broken + totals.skipped + reviews,
        totals.unmet + totals.differing + failing,
        totals.broken,
        totals.skipped
    )?;
    for it in &suite.cases {
        case(it, out)?;
    }
    if let Some(review) = review {
        of_itself(review, out)?;
    }
    writeln!(out, "</testsuites>")
}

/// What is said of the suite itself.
fn of_itself(review: &Review, out: &mut dyn fmt::Write) -> fmt::Result {
    let failures = u64::from(!review.holds);
    let name = "the suite itself";
    writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"1\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">\n    \
         <testcase name=\"what it covers and notices\" classname=\"{name}\">"
    )?;
    if !review.holds {
        let message = "it covers or notices less than it should";
        element("failure", "coverage", message, &review.text, out)?;
    }
    writeln!(out, "    </testcase>\n  </testsuite>")
}

fn case(case: &Case, out: &mut dyn fmt::Write) -> fmt::Result {
    let (tests, failures, errors, skipped) = match &case.fate {
        Fate::Judged(judged) => {
            let goldens = u64::from(judged.golden.is_some());
            let differing = u64::from(judged.differs().is_some());
            let tests = judged.checks.len() as u64 + goldens;
            (tests, judged.failed() + differing, 0, 0)
        }
        Fate::Broken(_) => (1, 0, 1, 0),
        Fate::Skipped => (1, 0, 0, 1),
    };
    writeln!(
        out,
        "  <testsuite name={} tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">",
        attribute(&case.file)
    )?;
    match &case.fate {
        Fate::Judged(judged) => {
            properties(case, judged, out)?;
            for check in &judged.checks {
                expectation(case, judged, check, out)?;
            }
            golden(case, judged, out)?;
        }
        Fate::Broken(it) => broken(case, it, out)?,
        Fate::Skipped => {
            opening(case, "the scenario", 1, ">", out)?;
            writeln!(out, "      <skipped message=\"after the first failure\"/>")?;
            writeln!(out, "    </testcase>")?;
        }
    }
    writeln!(out, "  </testsuite>")
}

/// The scenario's name, its seeds, and how the first failing one is repeated.
fn properties(case: &Case, judged: &Judged, out: &mut dyn fmt::Write) -> fmt::Result {
    let name = case.name.clone().map(|it| ("scenario", it));
    let seeds = [
        ("seed", judged.seeds.first.to_string()),
        ("seeds", judged.seeds.count.to_string()),
    ];
    let again = again(case, judged).map(|it| ("again", it));
    writeln!(out, "    <properties>")?;
    for (name, value) in name.into_iter().chain(seeds).chain(again) {
        let value = attribute(&value);
        writeln!(out, "      <property name=\"{name}\" value={value}/>")?;
    }
    writeln!(out, "    </properties>")
}

fn expectation(
    case: &Case,
    judged: &Judged,
    check: &Check,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let name = format!("{} (line {})", check.text, check.line);
    match &check.fails {
        None => opening(case, &name, check.line, "/>", out),
        Some(fails) => {
            opening(case, &name, check.line, ">", out)?;
            failure(case, judged, check, fails, out)?;
            writeln!(out, "    </testcase>")
        }
    }
}

fn golden(case: &Case, judged: &Judged, out: &mut dyn fmt::Write) -> fmt::Result {
    let Some(golden) = &judged.golden else {
        return Ok(());
    };
    let name = format!("golden timeline {}", golden.file);
    match difference(case, judged) {
        None => opening(case, &name, 1, "/>", out),
        Some(lines) => {
            opening(case, &name, 1, ">", out)?;
            let message = "the run is not what the golden timeline says";
            element("failure", "golden", message, &lines.join("\n"), out)?;
            writeln!(out, "    </testcase>")
        }
    }
}

fn failure(
    case: &Case,
    judged: &Judged,
    check: &Check,
    fails: &Fails,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let mut said = String::new();
    one(case, judged, check, fails, &mut said)?;
    element(
        "failure",
        "expectation",
        &fails.unmet.sentence(),
        &said,
        out,
    )
}

fn broken(case: &Case, broken: &Broken, out: &mut dyn fmt::Write) -> fmt::Result {
    let (code, line) = match broken {
        Broken::Problems(problems) => {
            let first = problems.iter().next();
            first.map_or(("broken", 1), |it| (it.code.word(), it.line))
        }
        Broken::Unread { .. } => ("unread", 1),
    };
    opening(case, "the scenario", line, ">", out)?;
    let said = why_broken(broken);
    element("error", code, &broken_in_short(broken), &said, out)?;
    writeln!(out, "    </testcase>")
}

fn opening(case: &Case, name: &str, line: u32, end: &str, out: &mut dyn fmt::Write) -> fmt::Result {
    let file = attribute(&case.file);
    let name = attribute(name);
    writeln!(
        out,
        "    <testcase name={name} classname={file} file={file} line=\"{line}\"{end}"
    )
}

/// What went wrong with a test case: its kind, one sentence, and all of it.
fn element(
    tag: &str,
    kind: &str,
    message: &str,
    text: &str,
    out: &mut dyn fmt::Write,
) -> fmt::Result {
    let lines: Vec<String> = text
        .trim_end()
        .lines()
        .map(|it| clean(it).into_owned())
        .collect();
    writeln!(
        out,
        "      <{tag} type={} message={}>{}</{tag}>",
        attribute(kind),
        attribute(message),
        escaped(&lines.join("\n"))
    )
}
