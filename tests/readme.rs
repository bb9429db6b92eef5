//! README keeps its word: its commands run, what it prints is printed, its tables and pictures are those of the program.
//!
//! The commands run in a folder that has what README shows of the repository's root: `scenarios/`, an empty `output/`,
//! and the scenarios of README under the names on their first lines.

mod common;

use std::fs;
use std::path::Path;

use common::{call, write};
use keyoutage::profile::{Basis, Profile};
use keyoutage::scenario::Quantity;
use keyoutage::scenario::verbs::{Opposite, Row, Verb};
use sha2::{Digest, Sha256};

const README: &str = include_str!("../README.md");

/// A fenced block: what stands after the fence, and its lines.
struct Block<'a> {
    info: &'a str,
    lines: Vec<&'a str>,
}

fn blocks(language: &str) -> Vec<Block<'static>> {
    let mut blocks = Vec::new();
    let mut lines = README.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|it| !it.is_empty()) else {
            continue;
        };
        let inside: Vec<&str> = lines.by_ref().take_while(|it| *it != "```").collect();
        if info.split(' ').next() == Some(language) {
            blocks.push(Block {
                info,
                lines: inside,
            });
        }
    }
    blocks
}

/// The scenario that README shows, and the variant of it that does not hold.
fn scenarios() -> [(&'static str, String); 2] {
    let shown = blocks("yaml");
    assert_eq!(
        shown.len(),
        4,
        "README shows one whole scenario, a part, more expectations, and what is given"
    );
    let text = shown[0].lines.join("\n") + "\n";
    assert_eq!(shown[0].lines[0], "# half-an-hour.yaml");
    assert_eq!(text.matches("by: 1h6m").count(), 1);
    let early = text.replace("by: 1h6m", "by: 1h4m");
    [("half-an-hour.yaml", text), ("too-early.yaml", early)]
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a file can be copied");
        }
    }
}

/// A folder that looks like the root of the repository, as far as README goes.
fn stage() -> tempfile::TempDir {
    let stage = tempfile::tempdir().expect("a folder can be made");
    copy(&root().join("scenarios"), &stage.path().join("scenarios"));
    fs::create_dir(stage.path().join("output")).expect("a folder can be made");
    for (name, text) in scenarios() {
        write(stage.path(), name, &text);
    }
    stage
}

/// The commands of a block, each with the lines that README prints after it.
fn commands<'a>(block: &Block<'a>) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in &block.lines {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, Vec::new())),
            (None, Some((_, printed))) => printed.push(line),
            (None, None) => panic!("a block of README prints before it calls: {line}"),
        }
    }
    commands
}

/// Whether the printed lines are the lines that came, `...` standing for any number of them.
fn agrees(printed: &[&str], came: &[&str]) -> bool {
    match printed.split_first() {
        None => came.is_empty(),
        Some((&"...", rest)) => (0..=came.len()).any(|skip| agrees(rest, &came[skip..])),
        Some((first, rest)) => came.first() == Some(first) && agrees(rest, &came[1..]),
    }
}

#[test]
fn every_command_runs_and_prints_what_readme_says() {
    let stage = stage();
    let mut called = 0;
    for block in blocks("console") {
        let code = block.info.strip_prefix("console exit=");
        let code: i32 = code.map_or(0, |it| it.parse().expect("an exit code"));
        for (command, printed) in commands(&block) {
            // `cargo test` is what runs this.
            if command == "cargo test" {
                continue;
            }
            let arguments = ["cargo run --release -- ", "keyoutage "]
                .iter()
                .find_map(|it| command.strip_prefix(it))
                .unwrap_or_else(|| panic!("README calls something else: {command}"));
            let arguments: Vec<&str> = arguments.split(' ').collect();
            let it = call(stage.path(), &arguments);
            assert_eq!(it.code, code, "{command}\n{}{}", it.out, it.err);
            let came: Vec<&str> = it.out.lines().collect();
            assert!(
                printed.is_empty() || agrees(&printed, &came),
                "after `{command}` README prints\n{}\n\nand the program\n{}",
                printed.join("\n"),
                it.out
            );
            called += 1;
        }
    }
    assert!(called >= 12, "only {called} commands were found");
    pictures_are_fresh(stage.path());
    the_digest_is_made_again(stage.path());
}

/// Every picture that README shows was rendered again by a command of README.
fn pictures_are_fresh(stage: &Path) {
    let pictures: Vec<&str> = README
        .split("](")
        .skip(1)
        .filter_map(|it| it.split(')').next())
        .filter(|it| it.ends_with(".svg"))
        .collect();
    assert!(!pictures.is_empty(), "README shows a picture");
    for picture in pictures {
        let made = fs::read(stage.join(picture));
        let made = made.unwrap_or_else(|_| panic!("no command of README makes {picture}"));
        let shown = fs::read(root().join(picture)).expect("the picture is there");
        assert!(
            made == shown,
            "{picture} is not what its command draws: make it again and look at it"
        );
    }
}

fn the_digest_is_made_again(stage: &Path) {
    let text = fs::read_to_string(stage.join("output/disabled-replica.ndjson"));
    let text = text.expect("a command of README makes it");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let between = lines[1..lines.len() - 1].concat();
    let digest = Sha256::digest(between.as_bytes());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let last = lines[lines.len() - 1];
    assert!(last.contains(&digest), "{digest} is not in {last}");
}

#[test]
fn the_scenario_of_readme_holds() {
    let stage = stage();
    let it = call(stage.path(), &["run", "half-an-hour.yaml"]);
    assert_eq!((it.code, it.err.as_str()), (0, ""), "{}", it.out);
}

#[test]
fn the_part_of_a_scenario_fits_into_the_whole() {
    let stage = stage();
    let part = blocks("yaml")[1].lines.join("\n") + "\n";
    let [(_, whole), _] = scenarios();
    let at = whole.find("\nkeys:").expect("it has keys") + 1;
    let both = format!("{}{part}{}", &whole[..at], &whole[at..]);
    fs::write(stage.path().join("both.yaml"), both).expect("it can be written");
    let it = call(stage.path(), &["test", "both.yaml"]);
    assert_eq!((it.code, it.err.as_str()), (0, ""), "{}", it.out);
}

#[test]
fn the_expectations_of_readme_hold_of_its_scenario() {
    let stage = stage();
    let part = |at: usize| blocks("yaml")[at].lines.join("\n") + "\n";
    let [(_, whole), _] = scenarios();
    let more = whole + &part(2) + &part(3);
    fs::write(stage.path().join("more.yaml"), more).expect("it can be written");
    let it = call(stage.path(), &["test", "more.yaml"]);
    assert_eq!((it.code, it.err.as_str()), (0, ""), "{}", it.out);
    let when_and_what = README.split("### What can be expected").nth(1);
    let when_and_what = when_and_what.expect("README has that part");
    for quantity in Quantity::all() {
        let name = format!("`{}`", quantity.word());
        assert!(when_and_what.contains(&name), "README does not say {name}");
    }
}

#[test]
fn the_tables_of_readme_are_those_of_the_program() {
    let profile = Profile::find("rockset").expect("it ships");
    let missing = profile.not_modelled.iter();
    let missing: String = missing
        .map(|(what, why)| format!("- {what}: {why}.\n"))
        .collect();
    for text in [verbs(), parameters(&profile), carried(&profile), missing] {
        assert!(README.contains(&text), "README should contain\n\n{text}");
    }
}

fn verbs() -> String {
    let lines: String = Verb::table().map(|row| verb(&row)).collect();
    format!(
        "| `do:` | fields besides `at` | `for:` plans | what it does |\n|---|---|---|---|\n{lines}"
    )
}

fn verb(row: &Row) -> String {
    let fields: Vec<String> = row
        .fields()
        .map(|field| {
            if row.required.contains(&field) {
                format!("`{field}`")
            } else {
                format!("(`{field}`)")
            }
        })
        .collect();
    let opposite = match row.opposite {
        Opposite::None => "–".to_owned(),
        Opposite::Verb(verb) => format!("`{verb}`"),
        Opposite::PolicyBefore => "the policy before".to_owned(),
        Opposite::ItsEnd => "its end".to_owned(),
    };
    let (verb, does) = (row.verb, row.does.trim_end_matches('.'));
    format!(
        "| `{verb}` | {} | {opposite} | {does} |\n",
        fields.join(" ")
    )
}

fn carried(profile: &Profile) -> String {
    let mut table = "| key | in | values | where it comes from |\n|---|---|---|---|\n".to_owned();
    for (it, basis) in &profile.carried {
        let values: Vec<String> = it.values.iter().map(|it| format!("`{it}`")).collect();
        let values = match values.as_slice() {
            [] => "nothing".to_owned(),
            some => some.join(", "),
        };
        let (key, action, basis) = (&it.key, &it.action, words(basis));
        table += &format!("| `{key}` | `{action}` | {values} | {basis} |\n");
    }
    table
}

fn words(basis: &Basis) -> String {
    match basis {
        Basis::Source(source) => source.clone(),
        Basis::Assumption(known) => format!("**assumption**: {known}"),
    }
}

fn parameters(profile: &Profile) -> String {
    let mut table =
        "| parameter | value | range | where it comes from |\n|---|---|---|---|\n".to_owned();
    for row in &profile.rows {
        let basis = words(&row.basis);
        let range = row.range.as_deref().unwrap_or("");
        let (name, value) = (row.parameter.name(), &row.value);
        table.push_str(&format!("| `{name}` | {value} | {range} | {basis} |\n"));
    }
    table
}

#[test]
fn what_readme_points_at_is_there() {
    for link in README.split("](").skip(1) {
        let link = link.split(')').next().unwrap_or("");
        assert!(root().join(link).is_file(), "README points at {link}");
    }
}
