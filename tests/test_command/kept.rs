//! What `test` must not touch, and what lies beside scenarios that is not as it should be.

use std::fs;
use std::path::Path;

use crate::common::{Ended, HOLDS, call, call_with, ended, files, folder, program, write};

fn with_page(at: &Path, page: &str, arguments: &[&str]) -> Ended {
    let mut command = program(at);
    command.env("GITHUB_STEP_SUMMARY", page).args(arguments);
    ended(command.output().expect("it starts"))
}

/// A folder with a suite: a scenario, its golden timeline, what it need not cover, a golden timeline of nobody.
fn suite() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = folder.path();
    write(at, "suite/one.yaml", HOLDS);
    write(at, "suite/other.yaml", HOLDS);
    assert_eq!(call(at, &["test", "suite/one.yaml", "--update"]).code, 0);
    write(at, "suite/exempt.yaml", "R11x: why\n");
    fs::copy(
        at.join("suite/one.timeline"),
        at.join("suite/gone.timeline"),
    )
    .expect("it can be");
    folder
}

#[test]
fn no_output_touches_a_file_that_is_read() {
    let folder = suite();
    let at = folder.path();
    let names = files(&at.join("suite"));
    let text = |name: &String| fs::read(at.join("suite").join(name)).expect("it is there");
    let before: Vec<Vec<u8>> = names.iter().map(text).collect();
    assert_eq!(names.len(), 5);
    for name in &names {
        let path = format!("./suite/{name}");
        // Selected or not.
        for run in ["", "one"] {
            let it = call(at, &["test", "suite", "--run", run, "--junit", &path]);
            assert_eq!(it.code, 2, "{name}: {}", it.out);
            assert!(it.err.contains("is an input of this run"), "{}", it.err);
            let it = with_page(at, &path, &["test", "suite", "--run", run]);
            assert_eq!(it.code, 2, "{name}: {}", it.err);
            assert!(
                it.err.contains("is a file that this run reads or writes"),
                "{}",
                it.err
            );
            assert!(it.out.starts_with("ok suite/one.yaml"), "{}", it.out);
        }
    }
    let after: Vec<Vec<u8>> = names.iter().map(text).collect();
    assert!(before == after && files(&at.join("suite")) == names);

    // Nor the one output the other.
    let it = with_page(at, "x.xml", &["test", "suite", "--junit", "./x.xml"]);
    assert_eq!(it.code, 2, "{}", it.err);
    let xml = fs::read_to_string(at.join("x.xml")).expect("it was written");
    assert!(xml.trim_end().ends_with("</testsuites>"), "{xml}");
}

#[test]
fn a_golden_timeline_is_read_as_strictly_as_it_is_written() {
    let folder = suite();
    let at = folder.path();
    let whole = fs::read_to_string(at.join("suite/one.timeline")).expect("it is there");
    let lines: Vec<&str> = whole.lines().collect();
    let of = |begin: &str| {
        lines
            .iter()
            .position(|it| it.starts_with(begin))
            .expect("it is there")
    };
    let (total, digest) = (of("total "), of("digest "));
    let swapped = |x: usize, y: usize| {
        let mut lines = lines.clone();
        lines.swap(x, y);
        lines.join("\n") + "\n"
    };
    // A line goes on below where it is wide.
    let goes_on = lines[total + 1..]
        .iter()
        .take_while(|it| it.starts_with(' '));
    let one = lines[total..=total + goes_on.count()].join("\n");
    let doubled = whole.replacen(&one, &format!("{one}\n{one}"), 1);
    let late = whole.replacen(
        lines[digest],
        &format!("{}\n{}", lines[3], lines[digest]),
        1,
    );
    for (text, due) in [
        (
            swapped(3, total - 1),
            "this line is earlier than the one before it",
        ),
        (late, "what happened stands before the totals"),
        (
            format!("{whole}{}\n", lines[digest]),
            "nothing is due after the digest",
        ),
        (doubled, "stand here for the second time"),
        (
            String::new(),
            "one.timeline:1:1: `# keyoutage golden timeline, form 1` is due",
        ),
    ] {
        write(at, "suite/one.timeline", &text);
        let it = call(at, &["test", "suite/one.yaml"]);
        assert_eq!(it.code, 2, "{due}\n{}", it.out);
        assert!(it.err.contains(due), "{due}\n{}", it.err);
    }
}

#[test]
fn standard_input_has_no_golden_timeline_that_could_be_written() {
    let folder = folder();
    let it = call_with(folder.path(), &["test", "-", "--update"], HOLDS.as_bytes());
    assert_eq!((it.code, it.out.as_str()), (2, ""));
    assert!(
        it.err.contains("--update needs the name of a file"),
        "{}",
        it.err
    );
}

#[test]
fn what_need_not_be_covered_is_found_by_either_ending_and_must_be_a_file() {
    let folder = suite();
    let at = folder.path();
    fs::rename(at.join("suite/exempt.yaml"), at.join("suite/exempt.yml")).expect("it can be");
    assert_eq!(call(at, &["test", "suite"]).code, 0, "it is no scenario");
    let it = call(at, &["test", "suite", "--mutate-rules"]);
    assert!(
        it.code == 2 && it.err.contains("exempt.yml:1:1"),
        "{}",
        it.err
    );
    fs::remove_file(at.join("suite/exempt.yml")).expect("it is there");
    fs::create_dir(at.join("suite/exempt.yaml")).expect("it can be");
    let it = call(at, &["test", "suite", "--mutate-rules"]);
    assert!(
        it.code == 2 && it.err.contains("exempt.yaml is a folder"),
        "{}",
        it.err
    );
}

#[cfg(unix)]
#[test]
fn what_leads_nowhere_is_told() {
    use std::os::unix::fs::symlink;

    let folder = suite();
    let at = folder.path();
    symlink("nowhere", at.join("suite/dangling.yaml")).expect("it can be");
    let it = call(at, &["test", "suite"]);
    assert_eq!(it.code, 2, "{}", it.out);
    assert!(
        it.out.contains("broken suite/dangling.yaml\n"),
        "{}",
        it.out
    );
    assert!(
        it.err.contains("dangling.yaml: there is no such file"),
        "{}",
        it.err
    );
    fs::remove_file(at.join("suite/dangling.yaml")).expect("it is there");
    // Linked folders are passed over, as before.
    symlink("..", at.join("suite/up.yaml")).expect("it can be");
    assert_eq!(call(at, &["test", "suite"]).code, 0);
    fs::remove_file(at.join("suite/exempt.yaml")).expect("it is there");
    symlink("nowhere", at.join("suite/exempt.yaml")).expect("it can be");
    let it = call(at, &["test", "suite", "--mutate-rules"]);
    assert!(
        it.code == 2 && it.err.contains("exempt.yaml: there is no such file"),
        "{}",
        it.err
    );
    // What is no plain file is not waited for.
    fs::remove_file(at.join("suite/one.timeline")).expect("it is there");
    symlink("/dev/zero", at.join("suite/one.timeline")).expect("it can be");
    for more in [&[][..], &["--update"]] {
        let it = call(at, &[&["test", "suite/one.yaml"], more].concat());
        assert_eq!(it.code, 2, "{}", it.out);
        assert!(
            it.err.contains("one.timeline is no plain file"),
            "{}",
            it.err
        );
    }
}
