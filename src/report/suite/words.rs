//! The words in which every form tells a case.

use crate::report::unmet::shell;
use crate::text::{clean, counted, grouped};

use super::{Broken, Came, Case, Fails, Fate, Judged, Totals};

/// How a case came out, for programs.
pub(super) fn result(case: &Case) -> &'static str {
    match &case.fate {
        Fate::Judged(judged) if judged.holds() => "holds",
        Fate::Judged(_) => "fails",
        Fate::Broken(_) => "broken",
        Fate::Skipped => "skipped",
    }
}

/// How a case came out, on one line: `FAILED too-early.yaml (1 of 5 expectations)`.
pub(super) fn headline(case: &Case) -> String {
    let file = clean(&case.file);
    match &case.fate {
        Fate::Judged(judged) => {
            let word = if judged.holds() { "ok" } else { "FAILED" };
            format!("{word} {file} ({})", of(judged))
        }
        Fate::Broken(_) => format!("broken {file}"),
        Fate::Skipped => format!("skipped {file}"),
    }
}

/// `5 expectations`, `1 of 5 expectations`, and with several seeds `12 of 1,000 seeds`.
pub(super) fn of(judged: &Judged) -> String {
    let part = |number: u64, all: u64, noun| {
        let all = counted(all, noun);
        match number {
            0 => all,
            some => format!("{} of {all}", grouped(some)),
        }
    };
    let mut text = part(judged.failed(), judged.checks.len() as u64, "expectation");
    let seeds = judged.seeds;
    if seeds.count > 1 {
        text.push_str(", ");
        text.push_str(&part(seeds.failing, seeds.count, "seed"));
    }
    match judged.golden.as_ref().map(|it| &it.came) {
        None | Some(Came::Same) => {}
        Some(Came::Differs(_)) => text.push_str(", the golden timeline differs"),
        Some(Came::Written) => text.push_str(", golden timeline written"),
    }
    text
}

/// With which seeds an expectation does not hold; `None` where there is one seed.
pub(super) fn for_seeds(judged: &Judged, fails: &Fails) -> Option<String> {
    let all = judged.seeds.count;
    (all > 1).then(|| {
        format!(
            "does not hold with {} of {}, first with {}",
            grouped(fails.seeds),
            counted(all, "seed"),
            fails.first
        )
    })
}

/// The command that repeats the first failing one of several seeds.
pub(super) fn again(case: &Case, judged: &Judged) -> Option<String> {
    let seeds = judged.seeds;
    let seed = seeds.first_failing.filter(|_| seeds.count > 1)?;
    Some(case.origin(Some(seed)).command("test", ""))
}

/// What differs from the golden timeline, and the command that takes it as it is now; a line each.
pub(super) fn difference(case: &Case, judged: &Judged) -> Option<Vec<String>> {
    let (golden, text) = judged.differs()?;
    let mut lines = vec![format!(
        "{}: the run is not what it says",
        clean(&golden.file)
    )];
    lines.extend(text.lines().map(|it| format!("  {}", clean(it))));
    let more = format!(
        "keyoutage diff {} {}",
        shell(&golden.file),
        shell(&case.argument)
    );
    let update = case.origin(None).command("test", "--update");
    lines.push(format!("  more: {more}"));
    lines.push(format!("  update: {update}"));
    Some(lines)
}

/// What is said of a golden timeline that belongs to no scenario.
pub fn stray_in_words(file: &str) -> String {
    let file = clean(file);
    format!("{file} is a golden timeline, and no scenario of its name lies beside it")
}

/// Why there is no scenario, as text without color.
pub(super) fn why_broken(broken: &Broken) -> String {
    match broken {
        Broken::Problems(problems) => problems.render(false),
        Broken::Unread { said, .. } => format!("error: {said}\n"),
    }
}

/// Why there is no scenario, in one sentence.
pub(super) fn broken_in_short(broken: &Broken) -> String {
    match broken {
        Broken::Problems(problems) => {
            let first = problems.iter().next();
            let said = first.map_or(String::new(), |it| clean(&it.message).into_owned());
            match problems.len() {
                0 | 1 => said,
                all => format!("{said} (and {} more)", grouped(all as u64 - 1)),
            }
        }
        Broken::Unread { said, .. } => clean(said).into_owned(),
    }
}

/// `12 scenarios, 60 expectations: 10 ok, 1 failed, 1 broken`, and what was left out.
pub(super) fn totals(totals: &Totals) -> String {
    let goldens = match totals.goldens {
        0 => String::new(),
        some => format!(", {}", counted(some, "golden timeline")),
    };
    let mut text = format!(
        "{}, {}{goldens}: {} ok, {} failed, {} broken",
        counted(totals.scenarios, "scenario"),
        counted(totals.expectations, "expectation"),
        grouped(totals.ok),
        grouped(totals.failed),
        grouped(totals.broken)
    );
    for (number, word) in [
        (totals.skipped, "skipped"),
        (totals.unselected, "not selected"),
        (totals.written, "written"),
    ] {
        if number > 0 {
            text.push_str(&format!(", {} {word}", grouped(number)));
        }
    }
    text
}
