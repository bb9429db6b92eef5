//! Broken scenarios and what is said about them: every `tests/broken/*.yaml` has its message beside it as `.txt`.
//! `KEYOUTAGE_OVERWRITE=1 cargo test --test broken` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use keyoutage::scenario::{Problem, Problems, load};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken")
}

fn problems(bytes: &[u8], name: &str) -> Problems {
    let mut read =
        |path: &str| fs::read(folder().join(path)).map_err(|_| "there is no such file".to_owned());
    match load(bytes, name, &mut read) {
        Ok(loaded) => panic!("{name} loads: {}", loaded.warnings.render(false)),
        Err(problems) => problems,
    }
}

fn lies_within(problem: &Problem, text: &str) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let line = problem.line as usize;
    let last = lines.get(line.wrapping_sub(1)).copied().unwrap_or("");
    line >= 1 && line <= lines.len() && (problem.column as usize) <= last.chars().count() + 1
}

fn check(name: &str, bytes: &[u8], told: &str, problems: &Problems) {
    assert!(!problems.is_empty());
    for word in [
        "panicked", "Option<", "struct ", "serde", "u64", "usize", "::de",
    ] {
        assert!(!told.contains(word), "{name}: `{word}` in {told}");
    }
    for part in told.split("\n\n") {
        assert!(
            part.lines().count() <= 24,
            "{name}: too many lines:\n{part}"
        );
    }
    for line in told.lines() {
        assert!(line.chars().count() <= 120, "{name}: too wide: {line}");
        let shown = |c: char| {
            !c.is_control()
                && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        };
        assert!(line.chars().all(shown), "{name}: {line:?}");
    }
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    for problem in problems {
        if problem.file == name {
            assert!(lies_within(problem, text), "{name}: {problem:?}");
        }
    }
}

#[test]
fn every_broken_scenario_is_told_as_it_is_pinned() {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder is there")
        .map(|it| it.expect("an entry").path())
        .filter(|it| it.extension().is_some_and(|it| it == "yaml"))
        .collect();
    files.sort();
    assert!(files.len() >= 80, "only {} files", files.len());
    let overwrite = std::env::var_os("KEYOUTAGE_OVERWRITE").is_some();
    let mut wrong = Vec::new();
    for path in files {
        let name = path.file_name().and_then(|it| it.to_str()).expect("a name");
        let bytes = fs::read(&path).expect("a file");
        let begun = Instant::now();
        let problems = problems(&bytes, name);
        let told = problems.render(false);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(1), "{name} took {took:?}");
        let pinned = path.with_extension("txt");
        if overwrite {
            fs::write(&pinned, &told).expect("the folder can be written");
        } else if fs::read_to_string(&pinned).unwrap_or_default() != told {
            wrong.push(format!("{name}:\n{told}"));
        }
        check(name, &bytes, &told, &problems);
    }
    assert!(
        wrong.is_empty(),
        "told otherwise than pinned:\n{}",
        wrong.join("\n")
    );
}
