//! Broken scenarios and what is said about them: every `tests/broken/*.yaml` has its message beside it as `.txt`.
//! `KEYOUTAGE_OVERWRITE=1 cargo test --test broken` writes them anew.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "no bad input may take over a second, and goldens are written on demand"
)]

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

fn lies_within(problem: &Problem, lines: &[&str]) -> bool {
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
    let lines: Vec<&str> = keyoutage::text::lines(text).collect();
    for problem in problems {
        if problem.file == name {
            assert!(lies_within(problem, &lines), "{name}: {problem:?}");
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

/// The example of the design, without its policy file.
const WHOLE: &str = include_str!("broken/whole.in");

#[test]
fn no_bomb_takes_a_second() {
    let policy =
        |text: &str| WHOLE.replace("us-east-1: {}", &format!("us-east-1: {{ policy: {text} }}"));
    let laughs: String = ('b'..='i')
        .zip('a'..)
        .map(|(name, of)| {
            format!(
                "{name}: &{name} [{}]\n",
                vec![format!("*{of}"); 10].join(",")
            )
        })
        .collect();
    let laughs = format!("a: &a [x,x,x,x,x,x,x,x,x,x]\n{laughs}");
    let indented: String = laughs
        .lines()
        .map(|it| format!("          {it}\n"))
        .collect();
    let block: String = (0..3_000)
        .map(|n| format!("{}a:\n", " ".repeat(n)))
        .collect();
    for (name, text) in [
        ("brackets", "[".repeat(100_000)),
        ("brackets in a policy", policy(&"[".repeat(100_000))),
        ("dashes", "- ".repeat(20_000)),
        ("question marks", "? ".repeat(5_000)),
        ("blocks", block),
        ("maps", "{a: ".repeat(50_000)),
        ("maps in a policy", policy(&"{a: ".repeat(50_000))),
        ("laughs", laughs),
        (
            "laughs in a policy",
            WHOLE.replace(
                "us-east-1: {}",
                &format!("us-east-1:\n        policy:\n{indented}"),
            ),
        ),
        (
            "aliases",
            policy(&format!(
                "{{ a: &a {}, b: [{}] }}",
                "x".repeat(100_000),
                "*a,".repeat(20_000)
            )),
        ),
        (
            "anchors",
            policy(&format!(
                "[{}]",
                (0..200_000)
                    .map(|n| format!("&a{n} x,"))
                    .collect::<String>()
            )),
        ),
        (
            "a long list",
            policy(&format!("[{}]", "1,".repeat(3_000_000))),
        ),
        ("a long line", format!("name: {}", "x".repeat(20_000_000))),
        ("a long name", WHOLE.replace("acme", &"a".repeat(4_000))),
        (
            "a long glob",
            WHOLE.replace(
                "acme/us-east-1/*",
                &format!("acme/us-east-1/{}b", "*a".repeat(20_000)),
            ),
        ),
        (
            "many regions",
            WHOLE.replace(
                "regions: [us-west-2, us-east-1]",
                &format!("regions: [{} moon]", (0..95_000).map(|n| format!("r{n}, ")).collect::<String>()),
            ),
        ),
        (
            "many keys and orgs without them",
            WHOLE
                .replace("orgs:\n", &format!("orgs:\n{}", (0..6_000).map(|n| format!("  o{n}: {{ key: nobody-{n}, regions: [r] }}\n")).collect::<String>()))
                .replace("keys:\n", &format!("keys:\n{}", (0..6_000).map(|n| format!("  k{n}: {{ arn: arn:aws:kms:us-west-2:111122223333:key/mrk-{n:032} }}\n")).collect::<String>())),
        ),
        (
            "a slow glob over millions",
            WHOLE
                .replace("queries: 5/s }", "queries: 5/s, count: 9000000 }")
                .replace("acme/us-east-1/*", "acme/us-east-1/*1*2*3*4*5*6"),
        ),
    ] {
        let begun = Instant::now();
        let found = problems(text.as_bytes(), name);
        let told = found.render(false);
        assert!(
            begun.elapsed() < Duration::from_secs(if cfg!(debug_assertions) { 5 } else { 1 }),
            "{name}: {:?}",
            begun.elapsed()
        );
        check(name, text.as_bytes(), &told, &found);
    }
}

/// One change of a text: what is done, where, and with what.
fn mutate(text: &str, (kind, at, with): (u8, usize, usize)) -> String {
    const PIECES: [&str; 25] = [
        ":",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "'",
        "\"",
        "#",
        "*",
        "&a ",
        "!x ",
        "|",
        "\n",
        "\t",
        "\r",
        "  ",
        "\u{202e}",
        "\u{0}",
        "null",
        "-1",
        "99999999999999999999",
        "é",
        "/",
        "~",
    ];
    let places: Vec<usize> = text
        .char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect();
    let at = places[at % places.len()];
    let piece = PIECES[with % PIECES.len()];
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let line = with % lines.len().max(1);
    match kind % 6 {
        0 => text[..at].to_owned(),
        1 => format!("{}{piece}{}", &text[..at], &text[at..]),
        2 => text[at..].to_owned(),
        3 => text
            .chars()
            .enumerate()
            .filter(|(n, _)| *n != at)
            .map(|(_, c)| c)
            .collect(),
        4 => lines
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != line)
            .map(|(_, it)| *it)
            .collect(),
        _ => lines
            .iter()
            .enumerate()
            .flat_map(|(n, it)| std::iter::repeat_n(*it, if n == line { 2 } else { 1 }))
            .collect(),
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 1500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_mutation_panics_and_every_problem_lies_in_its_file(
        steps in proptest::collection::vec((0u8..6, 0usize..4_000, 0usize..100), 1..4)
    ) {
        let text = steps.iter().fold(WHOLE.to_owned(), |text, step| mutate(&text, *step));
        let mut read = |_: &str| Err("there are no files".to_owned());
        if let Err(problems) = load(text.as_bytes(), "mutant.yaml", &mut read) {
            check("mutant.yaml", text.as_bytes(), &problems.render(false), &problems);
        }
    }
}

#[test]
fn color_changes_nothing_but_color() {
    let bytes = WHOLE.replace("us-east-1, for", "us-esat-1, for");
    let found = problems(bytes.as_bytes(), "colored.yaml");
    let (plain, colored) = (found.render(false), found.render(true));
    assert!(colored.contains('\u{1b}') && !plain.contains('\u{1b}'));
    let mut bare = String::new();
    let mut inside = false;
    for c in colored.chars() {
        match c {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            c if !inside => bare.push(c),
            _ => {}
        }
    }
    assert_eq!(bare, plain);
}
