//! The house checks itself: the map of `src/ARCHITECTURE.md` is whole, imports go down, and what should not be there is not.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::call;
use keyoutage::profile::Profile;

const PAGE: &str = include_str!("../src/ARCHITECTURE.md");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder of the repository, without what cargo and git keep there, by their paths from the root.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).expect("the folder can be read") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            let name = path.to_string_lossy().replace('\\', "/");
            if entry.file_type().expect("a type").is_dir() {
                if ![".git", "target"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if name != ".git" {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}

/// The Rust files of `src`, by their paths below it, each with its code: no comments.
fn sources() -> Vec<(String, String)> {
    let names = files("src").into_iter().filter(|it| it.ends_with(".rs"));
    names
        .map(|name| {
            let text = fs::read_to_string(root().join(&name)).expect("a source file");
            let code = text.lines().filter(|it| !it.trim_start().starts_with("//"));
            let code: Vec<&str> = code.collect();
            (name["src/".len()..].to_owned(), code.join("\n"))
        })
        .collect()
}

/// The room of a file: the first part of its path.
fn room(file: &str) -> &str {
    file.split('/')
        .next()
        .unwrap_or(file)
        .trim_end_matches(".rs")
}

/// What stands between backticks.
fn ticked(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The lines of one section of the page.
fn section(heading: &str) -> Vec<&'static str> {
    let lines = PAGE.lines().skip_while(|it| *it != heading).skip(1);
    let lines: Vec<&str> = lines.take_while(|it| !it.starts_with("## ")).collect();
    assert!(!lines.is_empty(), "{heading} is not in src/ARCHITECTURE.md");
    lines
}

/// The map: a file of the ground floor or a folder, and the words between backticks that stand with it.
fn map() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut map = BTreeMap::new();
    let text = section("## The map").join("\n");
    let leaked: &'static str = Box::leak(text.into_boxed_str());
    for item in leaked.split("\n- **`").skip(1) {
        let (place, says) = item
            .split_once("`**")
            .expect("an item begins with its place");
        map.insert(place, ticked(says).collect());
    }
    map
}

fn is_test(stem: &str) -> bool {
    stem == "tests" || stem.ends_with("_tests") || stem == "laws"
}

#[test]
fn every_source_file_is_on_the_map() {
    let map = map();
    let mut missing = Vec::new();
    for (file, _) in sources() {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", &file));
        let stem = name.trim_end_matches(".rs");
        let named = match (folder, stem) {
            ("", _) => map.contains_key(file.as_str()),
            (_, "mod") => map.contains_key(format!("{folder}/").as_str()),
            (_, stem) if is_test(stem) => true,
            (folder, stem) => map
                .get(format!("{folder}/").as_str())
                .is_some_and(|words| words.contains(stem)),
        };
        if !named {
            missing.push(file);
        }
    }
    assert!(
        missing.is_empty(),
        "not on the map of src/ARCHITECTURE.md, say what each is for: {missing:?}"
    );
}

#[test]
fn every_place_on_the_map_is_there() {
    for place in map().keys() {
        assert!(
            root().join("src").join(place).exists(),
            "the map of src/ARCHITECTURE.md names src/{place}, which is gone"
        );
    }
}

/// The floors, from the table of the page.
fn floors() -> BTreeMap<&'static str, u32> {
    let mut floors = BTreeMap::new();
    for line in section("## The floors") {
        let mut cells = line.split('|').map(str::trim).skip(1);
        if let (Some(Ok(floor)), Some(rooms)) = (cells.next().map(str::parse), cells.next()) {
            for room in ticked(rooms) {
                assert!(
                    floors.insert(room, floor).is_none(),
                    "{room} has two floors"
                );
            }
        }
    }
    floors
}

#[test]
fn imports_go_down() {
    let floors = floors();
    let mut wrong = BTreeSet::new();
    for (file, code) in sources() {
        if file == "lib.rs" {
            continue;
        }
        let own = room(&file);
        let floor = *floors
            .get(own)
            .unwrap_or_else(|| panic!("{own} has no floor in src/ARCHITECTURE.md"));
        assert!(
            !code.contains("crate::{"),
            "{file}: one room a `use`, so that each arrow can be read"
        );
        for path in ["crate::", "keyoutage::"] {
            for after in code.split(path).skip(1) {
                let end = after.find(|it: char| !it.is_alphanumeric() && it != '_');
                let other = &after[..end.unwrap_or(after.len())];
                if other != own && floors.get(other).is_some_and(|it| *it >= floor) {
                    wrong.insert(format!("{file} imports {other}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that do not go down: {wrong:#?}");
}

#[test]
fn judges_and_tellers_read_the_timeline_and_nothing_else() {
    for (file, code) in sources() {
        let (_, stem) = file.rsplit_once('/').unwrap_or(("", &file));
        let teller = ["expect", "report", "chart"].contains(&room(&file));
        if teller && !is_test(stem.trim_end_matches(".rs")) {
            for other in ["engine", "world", "agenda"] {
                assert!(
                    !code.contains(&format!("crate::{other}")),
                    "{file} asks {other}"
                );
            }
        }
    }
}

#[test]
fn every_room_has_a_floor_and_stands_in_order() {
    let floors = floors();
    let rooms: BTreeSet<String> = sources()
        .iter()
        .map(|(file, _)| room(file).to_owned())
        .collect();
    let named: BTreeSet<String> = floors.keys().map(|it| (*it).to_owned()).collect();
    assert_eq!(&rooms - &BTreeSet::from(["lib".to_owned()]), named);
    let lib = include_str!("../src/lib.rs").lines();
    let order = lib.filter_map(|line| {
        let line = line.split(';').next()?;
        line.trim_start_matches("pub ").strip_prefix("mod ")
    });
    let order: Vec<u32> = order.map(|room| floors[room]).collect();
    assert!(
        order.is_sorted(),
        "lib.rs lists the rooms from the ground up: {order:?}"
    );
}

/// What is banned, and the files that may.
const BANNED: &[(&[&str], &[&str])] = &[
    (&["println!", "print!", "eprintln!", "eprint!", "dbg!"], &[]),
    (
        &["std::fs", "File::open"],
        &["cli/input.rs", "cli/save.rs", "cli/walk.rs"],
    ),
    (&["std::env"], &["main.rs"]),
    (
        &[
            "std::time::",
            "Instant::now",
            "SystemTime",
            "Timestamp::now",
            "Zoned::now",
        ],
        &[],
    ),
    (&["std::thread", "rayon"], &["parallel.rs"]),
    (&["std::net", "process::Command"], &[]),
    (&["HashMap", "HashSet"], &[]),
    (
        &["f32", "f64"],
        &["chart/", "policy/complaint.rs", "yaml.rs", "yaml/"],
    ),
    // A library is known in one place.
    (&["serde_saphyr"], &["yaml.rs", "yaml/"]),
    (&["jiff"], &["time/calendar.rs", "policy/dates.rs"]),
    (&["ipnet", "base64"], &["policy/operand.rs"]),
    (&["plotters"], &["chart/"]),
    (&["rand_chacha", "rand::"], &["chance.rs"]),
];

/// Whether a word stands in the code, not as a part of a longer one.
fn has_word(code: &str, word: &str) -> bool {
    let part = |it: char| it.is_alphanumeric() || it == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back().is_some_and(part);
        let ends = word.chars().next_back().is_some_and(part);
        let after = code[at + word.len()..].chars().next().is_some_and(part);
        !(before || ends && after)
    })
}

#[test]
fn what_should_not_be_there_is_not() {
    let mut found = Vec::new();
    for (file, code) in sources() {
        for (words, allowed) in BANNED {
            let may = allowed
                .iter()
                .any(|it| file == *it || it.ends_with('/') && file.starts_with(it));
            let words = words.iter().filter(|word| !may && has_word(&code, word));
            found.extend(words.map(|word| format!("{file}: {word}")));
        }
    }
    assert!(
        found.is_empty(),
        "banned there (src/ARCHITECTURE.md): {found:#?}"
    );
}

#[test]
fn no_vendor_is_named_in_rust() {
    let names: Vec<String> = Profile::all()
        .into_iter()
        .map(|it| it.name.to_lowercase())
        .collect();
    assert!(!names.is_empty());
    for (file, _) in sources() {
        let text = fs::read_to_string(root().join("src").join(&file)).expect("a source file");
        for name in &names {
            // The one line that embeds its file.
            let text = text
                .to_lowercase()
                .replace(&format!("include_str!(\"{name}.yaml\")"), "");
            assert!(
                !text.contains(name),
                "{file} names {name}; a service is a file, profile/*.yaml"
            );
        }
    }
}

#[test]
fn the_schema_that_ships_is_the_one_of_the_types() {
    let printed = call(root(), &["schema"]).out;
    let ships = fs::read_to_string(root().join("scenarios/schema.json")).expect("it ships");
    assert!(
        printed == ships,
        "scenarios/schema.json is old: cargo run -- schema > scenarios/schema.json"
    );
}

#[test]
fn scenarios_name_the_schema_for_editors() {
    let scenario = |it: &&String| it.ends_with(".yaml") && !it.ends_with("/exempt.yaml");
    for file in files("scenarios").iter().filter(scenario) {
        let text = fs::read_to_string(root().join(file)).expect("a scenario");
        let first = text.lines().next().unwrap_or("");
        let schema = first.strip_prefix("# yaml-language-server: $schema=");
        let schema = schema.unwrap_or_else(|| panic!("{file} does not name its schema on line 1"));
        let folder = Path::new(file).parent().expect("it lies in a folder");
        assert!(
            root().join(folder).join(schema).is_file(),
            "{file} names {schema}"
        );
    }
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let homes = ["work", "root", "home", "Users"].map(|it| format!("/{it}/"));
    for file in files("") {
        let bytes = fs::read(root().join(&file)).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        for home in &homes {
            assert!(
                !text.contains(home),
                "{file} has a path of some machine: {home}"
            );
        }
    }
}
