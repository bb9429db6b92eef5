//! A suite for GitHub Actions: the lines of the text, and a remark at the line of every expectation that does not hold and
//! of every problem. A remark says all there is to say, so the log is not folded into groups that must be opened first.

use std::borrow::Cow;
use std::fmt;

use crate::preflight::tell::{self, Remark};
use crate::scenario::Problems;
use crate::text::clean;
use crate::text::workflow::{Place, command, plain};

use super::words::{again, difference, for_seeds, headline, stray_in_words, totals};
use super::{Broken, Case, Check, Fails, Fate, Judged, Suite, Totals};

/// Writes the log.
///
/// # Errors
/// Those of the writer.
pub fn github(suite: &Suite, out: &mut dyn fmt::Write) -> fmt::Result {
    for case in suite.cases.iter().filter(|it| !it.is_skipped()) {
        writeln!(out, "{}", plain(&headline(case)))?;
        remarks(&case.warnings, out)?;
        match &case.fate {
            Fate::Judged(judged) => {
                for (check, fails) in judged.failing() {
                    out.write_str(&remark(case, judged, check, fails))?;
                }
                if let (Some(lines), Some((golden, _))) =
                    (difference(case, judged), judged.differs())
                {
                    let place = Place {
                        file: &golden.file,
                        line: 1,
                        column: 1,
                        length: None,
                    };
                    let title = "the golden timeline differs";
                    out.write_str(&command("error", Some(place), title, &lines.join("\n")))?;
                }
            }
            Fate::Broken(Broken::Problems(problems)) => remarks(problems, out)?,
            Fate::Broken(Broken::Unread { said, .. }) => {
                let place = place(case, 1, 1);
                out.write_str(&command("error", place, "cannot be judged", &clean(said)))?;
            }
            Fate::Skipped => {}
        }
    }
    for stray in &suite.strays {
        let place = Place {
            file: stray,
            line: 1,
            column: 1,
            length: None,
        };
        let title = "a golden timeline without its scenario";
        out.write_str(&command(
            "warning",
            Some(place),
            title,
            &stray_in_words(stray),
        ))?;
    }
    writeln!(out, "{}", totals(&Totals::new(suite)))?;
    let Some(review) = &suite.review else {
        return Ok(());
    };
    for line in review.lines() {
        writeln!(out, "{}", plain(&line))?;
    }
    if review.holds {
        return Ok(());
    }
    let lines: Vec<Cow<'_, str>> = review.lines().collect();
    let title = "the suite covers or notices less than it should";
    out.write_str(&command("error", None, title, &lines.join("\n")))
}

fn remarks(problems: &Problems, out: &mut dyn fmt::Write) -> fmt::Result {
    let remarks: Vec<Remark> = problems.iter().map(Remark::from).collect();
    out.write_str(&tell::github(&remarks))
}

/// What came on standard input has no place in the repository.
fn place(case: &Case, line: u32, column: u32) -> Option<Place<'_>> {
    (case.argument != "-").then_some(Place {
        file: &case.file,
        line,
        column,
        length: None,
    })
}

fn remark(case: &Case, judged: &Judged, check: &Check, fails: &Fails) -> String {
    let unmet = &fails.unmet;
    let mut lines: Vec<String> = for_seeds(judged, fails).into_iter().collect();
    for told in &unmet.told {
        lines.push(unmet.for_whom(told));
        let parts = told.parts().into_iter();
        lines.extend(parts.map(|(name, text)| format!("{name}: {text}")));
    }
    lines.extend(unmet.nor_for());
    lines.extend(again(case, judged).map(|it| format!("again: {it}")));
    let lines: Vec<Cow<'_, str>> = lines.iter().map(|it| clean(it)).collect();
    let place = place(case, check.line, check.column);
    command("error", place, &clean(&check.text), &lines.join("\n"))
}
