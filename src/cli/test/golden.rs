//! Golden timelines: `NAME.timeline` beside `NAME.yaml` says what happened when somebody last looked; `--update` writes it.

use std::path::{Path, PathBuf};

use crate::cli::exit::Trouble;
use crate::cli::input;
use crate::cli::replay::Replayed;
use crate::cli::save;
use crate::cli::saved;
use crate::diff;
use crate::report::{Run, Told, golden};

/// Whether golden timelines are written.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Update {
    /// No: they are compared.
    No,
    /// Those that are there: for a scenario that was found in a folder.
    Present,
    /// And the one that is missing: for a scenario that was named itself.
    Missing,
}

/// What became of the golden timeline of a scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Golden {
    /// There is none, or this run is not the one it is kept of.
    Absent,
    /// It says what happened.
    Same,
    /// It says something else: what differs from it, in words.
    Differs(String),
    /// It was written.
    Written,
}

/// Where the golden timeline of a scenario lies; none of what is no file, or is itself called so.
pub(super) fn beside(scenario: &Path) -> Option<PathBuf> {
    let golden = scenario.with_extension("timeline");
    (!input::is_stdin(scenario) && golden != scenario).then_some(golden)
}

/// Compares a run with the golden timeline of its scenario, or writes that.
///
/// # Errors
/// A golden timeline that cannot be read or is none (unless it is to be written anew), or cannot be written.
pub(super) fn judge(path: &Path, it: &Replayed, update: Update) -> Result<Golden, Trouble> {
    // Other dice, other facts: it is kept of the seed that its file gives.
    if it.timeline.seed != it.scenario.seed {
        return Ok(Golden::Absent);
    }
    let Some(kept) = beside(path) else {
        return Ok(Golden::Absent);
    };
    let found = input::read_if_there(&kept)?;
    let writes = match update {
        Update::No => false,
        Update::Present => found.is_some(),
        Update::Missing => true,
    };
    if found.is_none() && !writes {
        return Ok(Golden::Absent);
    }
    alone(path)?;
    let digest = it.timeline.digest();
    let told = Told::of(&Run {
        timeline: &it.timeline,
        expectations: &it.scenario.expectations,
        verdicts: &it.verdicts,
        digest: &digest,
    });
    if writes {
        return write(&kept, found.as_deref(), &told, &it.files);
    }
    let name = input::name(&kept);
    let was = read(found.as_deref().unwrap_or_default(), &kept)?;
    let differs = diff::compare(&was, &told);
    if differs.is_same() {
        return Ok(Golden::Same);
    }
    let mut text = String::new();
    diff::text(&differs, [&name, "this run"], &mut text).expect("writing to a String cannot fail");
    Ok(Golden::Differs(text))
}

/// Two scenarios of one name would share their golden timeline, and each would undo what the other wrote.
fn alone(path: &Path) -> Result<(), Trouble> {
    for ending in ["yaml", "yml", "json"] {
        let other = path.with_extension(ending);
        if other != path && input::is_file(&other) {
            let (one, other) = (input::name(path), input::name(&other));
            return Err(Trouble::Input(format!(
                "{one} and {other} would share one golden timeline; give one of them another name"
            )));
        }
    }
    Ok(())
}

fn write(
    kept: &Path,
    found: Option<&[u8]>,
    told: &Told,
    inputs: &[PathBuf],
) -> Result<Golden, Trouble> {
    let mut text = String::new();
    golden(told, &mut text).expect("writing to a String cannot fail");
    if found == Some(text.as_bytes()) {
        return Ok(Golden::Same);
    }
    save::save(&|out| out.write_str(&text), Some(kept), inputs)?;
    Ok(Golden::Written)
}

fn read(bytes: &[u8], kept: &Path) -> Result<Told, Trouble> {
    let name = input::name(kept);
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Trouble::Input(format!("{name} is not UTF-8 text")))?;
    saved::golden(text, kept).map_err(|trouble| match trouble {
        Trouble::Input(why) => Trouble::Input(format!(
            "{why} (`keyoutage test FILE --update` writes it anew)"
        )),
        other => other,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Golden, Update, beside, judge};
    use crate::cli::arguments::Replay;
    use crate::cli::exit::Trouble;
    use crate::cli::input;
    use crate::cli::load;
    use crate::cli::replay::{Replayed, run};
    use crate::cli::save;

    const SCENARIO: &str = include_str!("../../../scenarios/recovery/half-fix.yaml");

    fn replayed(path: &Path, seed: Option<u64>) -> Replayed {
        let asked = Replay {
            seed,
            until: None,
            threads: Some(1),
        };
        let loaded = load::load(path, false).expect("it is a scenario");
        run(loaded, &asked).expect("it runs")
    }

    fn put(path: &Path, text: &str) {
        let done = save::save(&|out| out.write_str(text), Some(path), &[]);
        done.expect("it can be written");
    }

    fn text(path: &Path) -> String {
        let bytes = input::read(path).expect("it was written");
        String::from_utf8(bytes).expect("it is text")
    }

    fn scenario(folder: &Path, text: &str) -> std::path::PathBuf {
        let path = folder.join("fix.yaml");
        put(&path, text);
        path
    }

    #[test]
    fn it_is_written_where_it_is_due_and_compared_from_then_on() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = scenario(folder.path(), SCENARIO);
        let it = replayed(&path, None);
        let kept = beside(&path).expect("a file has a place beside it");
        let ask = |it: &Replayed, update| judge(&path, it, update).expect("it can be judged");
        assert_eq!(ask(&it, Update::No), Golden::Absent);
        assert_eq!(ask(&it, Update::Present), Golden::Absent);
        assert!(!kept.exists(), "nobody asked for it");
        assert_eq!(ask(&it, Update::Missing), Golden::Written);
        assert_eq!(ask(&it, Update::No), Golden::Same);
        assert_eq!(ask(&it, Update::Missing), Golden::Same, "nothing to write");
        // Windows' line ends are no difference.
        put(&kept, &text(&kept).replace('\n', "\r\n"));
        assert_eq!(ask(&it, Update::No), Golden::Same);
        // Other dice are not what it is kept of.
        let other = replayed(&path, Some(it.scenario.seed.0 + 1));
        assert_eq!(ask(&other, Update::No), Golden::Absent);
        assert_eq!(ask(&other, Update::Missing), Golden::Absent);
    }

    #[test]
    fn a_difference_is_told_in_words_and_an_update_takes_it() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = scenario(folder.path(), SCENARIO);
        let ask = |update| judge(&path, &replayed(&path, None), update);
        assert_eq!(ask(Update::Missing), Ok(Golden::Written));
        assert_eq!(SCENARIO.matches("until: ").count(), 1);
        let later = SCENARIO.replace("at: 2h, do", "at: 2h1m, do");
        assert_ne!(later, SCENARIO);
        scenario(folder.path(), &later);
        let told = match ask(Update::No) {
            Ok(Golden::Differs(told)) => told,
            other => panic!("a minute later is a difference: {other:?}"),
        };
        let first = told.lines().next().unwrap_or("");
        assert!(
            first.starts_with("different: ") && first.contains(" later"),
            "{told}"
        );
        assert!(told.contains("1m later"), "{told}");
        assert_eq!(ask(Update::Present), Ok(Golden::Written));
        assert_eq!(ask(Update::No), Ok(Golden::Same));
    }

    #[test]
    fn a_file_that_is_no_golden_timeline_is_bad_input_until_it_is_written_anew() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = scenario(folder.path(), SCENARIO);
        let it = replayed(&path, None);
        let kept = beside(&path).expect("a file has a place beside it");
        judge(&path, &it, Update::Missing).expect("it can be written");
        let whole = text(&kept);
        for (broken, due) in [
            (String::new(), "fix.timeline:1:1:"),
            ("hello\n".to_owned(), "fix.timeline:1:1:"),
            (whole.replace("\n1h ", "\nsoon "), "a time is due"),
            (whole[..whole.len() - 24].to_owned(), "is missing"),
        ] {
            put(&kept, &broken);
            match judge(&path, &it, Update::No) {
                Err(Trouble::Input(told)) => assert!(told.contains(due), "{told}"),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(judge(&path, &it, Update::Present), Ok(Golden::Written));
        put(&folder.path().join("fix.yml"), SCENARIO);
        assert!(
            judge(&path, &it, Update::No).is_err(),
            "two scenarios, one golden timeline"
        );
    }
}
