//! `keyoutage diff` from outside: what can be compared, what is told, exit codes; and the saved forms of what ships.

mod common;
#[path = "common/replay.rs"]
mod replay;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use common::{Ended, HOLDS, call, call_with, write};
use keyoutage::diff::compare;
use keyoutage::report::{Run, Told, golden, json, ndjson, read_golden};
use keyoutage::timeline::read;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A scenario, a worse one (the outage is longer), one that is only titled otherwise, and runs of the first that were saved.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let at = folder.path();
    write(at, "one.yaml", HOLDS);
    write(at, "worse.yaml", &HOLDS.replace("for: 5h", "for: 6h"));
    let titled = HOLDS.replace(
        "name: The us-east-1 replica",
        "name: Another title, the replica",
    );
    write(at, "titled.yaml", &titled);
    write(at, "broken.yaml", "name: x\n");
    for format in ["ndjson", "json", "timeline"] {
        for scenario in ["one", "worse"] {
            let (yaml, saved) = (format!("{scenario}.yaml"), format!("{scenario}.{format}"));
            let it = call(at, &["run", &yaml, "--format", format, "-o", &saved]);
            assert!(it.code < 2, "{}", it.err);
        }
    }
    folder
}

fn diff(folder: &Path, arguments: &str) -> Ended {
    let all: Vec<&str> = std::iter::once("diff")
        .chain(arguments.split(' '))
        .collect();
    call(folder, &all)
}

#[test]
fn exit_codes_say_whether_they_differ() {
    let folder = folder();
    for (code, arguments) in [
        (0, "one.yaml one.yaml"),
        (0, "one.yaml titled.yaml"),
        (1, "one.yaml worse.yaml"),
        (1, "worse.yaml one.yaml"),
        (1, "one.yaml worse.yaml --fail-on regression"),
        (0, "worse.yaml one.yaml --fail-on regression"),
        (0, "one.yaml one.yaml --fail-on regression"),
        (1, "one.yaml --seed 1"),
        (0, "one.yaml --seed 0"),
        (1, "one.yaml --seed 1 --seed 2"),
        (0, "one.yaml --seed 3 --seed 3"),
        (0, "one.yaml --profile rockset"),
        (0, "one.yaml --profile rockset --profile rockset"),
        (1, "one.yaml --set cache.life=2m"),
        (0, "one.yaml --set cache.life=5m"),
        // Which of two is meant nobody can tell.
        (2, "one.yaml --set cache.life=2m --set cache.life=5m"),
        (
            0,
            "worse.yaml one.yaml --set support.auto=false --fail-on regression",
        ),
        // An improvement is a difference, and no regression.
        (1, "one.yaml --set pause.after=6h"),
        (0, "one.yaml --set pause.after=6h --fail-on regression"),
        // What was asked otherwise and changed nothing is told, and is no difference.
        (0, "one.yaml --set key.creating=7s"),
        (2, "one.yaml"),
        (2, "one.ndjson"),
        (2, "- -"),
        (2, "one.yaml missing.yaml"),
        (2, "one.yaml broken.yaml"),
        (2, "broken.yaml one.yaml"),
        (2, "one.yaml ."),
        (2, "one.yaml --seed 1 --seed 2 --seed 3"),
        (2, "one.yaml --profile rocket"),
        (2, "one.yaml --set cache.lief=2m"),
        (2, "one.yaml --set cache.life=soon"),
        (2, "one.yaml --set cache.life"),
        (2, "one.yaml --set cache.reads=17"),
        (2, "one.yaml one.ndjson --seed 1"),
        (2, "one.yaml one.json --set cache.life=2m"),
        (2, "one.timeline one.yaml --seed 1 --seed 1"),
        (2, "one.yaml worse.yaml -o one.yaml"),
        (2, "one.yaml worse.yaml -o worse.yaml"),
    ] {
        let it = diff(folder.path(), arguments);
        assert_eq!(it.code, code, "{arguments}\n{}{}", it.out, it.err);
        assert_eq!(it.code == 2, !it.err.is_empty(), "{arguments}: {}", it.err);
        let first = it.out.lines().next().unwrap_or("");
        if code < 2 {
            let same = first.starts_with("the same: ");
            assert!(
                same || first.starts_with("different: "),
                "{arguments}: {first}"
            );
            assert!(code == 0 || !same, "{arguments}: {first}");
        } else {
            assert_eq!(first, "", "{arguments}: nothing is told");
        }
    }
}

#[test]
fn every_form_can_be_compared_with_every_other() {
    let folder = folder();
    let forms = ["yaml", "ndjson", "json", "timeline"];
    for a in forms {
        for b in forms {
            let it = diff(folder.path(), &format!("one.{a} one.{b}"));
            assert!(
                it.code == 0 && it.out.starts_with("the same: "),
                "{a} {b}: {}",
                it.out
            );
            let it = diff(folder.path(), &format!("one.{a} worse.{b}"));
            let first = it.out.lines().next().unwrap_or("");
            assert!(
                it.code == 1 && first.contains("more_queries_failed"),
                "{a} {b}: {}",
                it.out
            );
            assert!(it.out.contains("1h later"), "{a} {b}: {}", it.out);
        }
    }
    // What a file is its content says, not its name; and one of them may come from standard input.
    fs::rename(
        folder.path().join("one.ndjson"),
        folder.path().join("one.yml"),
    )
    .expect("it is there");
    assert_eq!(diff(folder.path(), "one.yml one.json").code, 0);
    for form in ["yaml", "json", "timeline"] {
        let bytes = fs::read(folder.path().join(format!("one.{form}"))).expect("it is there");
        for arguments in [["diff", "-", "one.yml"], ["diff", "one.yml", "-"]] {
            let it = call_with(folder.path(), &arguments, &bytes);
            assert_eq!(it.code, 0, "{form} {arguments:?}: {}{}", it.out, it.err);
        }
    }
    let it = call_with(
        folder.path(),
        &["diff", "-", "--seed", "1"],
        HOLDS.as_bytes(),
    );
    assert_eq!(it.code, 1, "{}{}", it.out, it.err);
}

#[test]
fn it_is_told_in_the_words_of_the_model() {
    let folder = folder();
    let it = diff(folder.path(), "one.yaml worse.yaml");
    let first = it.out.lines().next().unwrap_or("");
    assert!(
        first.starts_with("different: ") && first.contains(" later"),
        "{}",
        it.out
    );
    assert!(it.out.contains("\nreplica main/us-east-1\n"), "{}", it.out);
    let moved = "  6h        1h later  command EnableKey key: main, region: us-east-1 (planned)\n";
    assert!(it.out.contains(moved), "{}", it.out);
    // What was asked otherwise is told with its values.
    let it = diff(folder.path(), "one.yaml --set pause.after=6h --seed 0");
    assert!(
        it.out
            .contains("\nasked otherwise\n  pause.after: 4h → 6h\n"),
        "{}",
        it.out
    );
    assert!(
        it.out
            .contains("  B one.yaml --seed 0 --set pause.after=6h: "),
        "{}",
        it.out
    );
    let to = folder.path().join("difference.json");
    let it = diff(
        folder.path(),
        "one.yaml worse.yaml --format json -o difference.json",
    );
    assert_eq!((it.code, it.out.as_str()), (1, ""));
    let text = fs::read_to_string(to).expect("it was written");
    let whole: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(whole["schema"], "keyoutage/diff/1");
    assert_eq!(
        (&whole["same"], &whole["regression"]),
        (&false.into(), &true.into())
    );
}

#[test]
fn a_saved_run_that_was_changed_is_bad_input_with_its_place() {
    let folder = folder();
    let at = folder.path();
    let lines = fs::read_to_string(at.join("one.ndjson")).expect("it is there");
    let document = fs::read_to_string(at.join("one.json")).expect("it is there");
    let kept = fs::read_to_string(at.join("one.timeline")).expect("it is there");
    let all: Vec<&str> = lines.lines().collect();
    let last = all.len();
    let without = |line: usize| {
        let rest = all.iter().enumerate().filter(|(at, _)| *at != line);
        rest.map(|(_, it)| format!("{it}\n")).collect::<String>()
    };
    let swap = |a: &str, b: &str| {
        assert!(lines.contains(a), "{a}");
        lines.replacen(a, b, 1)
    };
    for (text, due) in [
        (without(last - 1), format!("x:{}: the last line", last - 1)),
        (
            without(last - 2),
            format!(
                "x:{}: the lines before it do not give this digest",
                last - 1
            ),
        ),
        (
            swap("\"failed\":0", "\"failed\":1"),
            "x:6: `issued` is not".to_owned(),
        ),
        (
            swap("\"live\":15", "\"live\":14"),
            format!("x:{last}: the lines before"),
        ),
        (
            swap("\"DisableKey\"", "\"DisableKeys\""),
            "x:2: `verb`: `DisableKeys` is no word".to_owned(),
        ),
        (
            swap("\"kind\":\"site\"", "\"kind\":\"town\""),
            "x:5: `kind`: `town` is no word".to_owned(),
        ),
        (
            swap("\"cause\":0", "\"cause\":99"),
            "x:3: `cause`: entry 99".to_owned(),
        ),
        (
            swap("\"t_ms\":3605000", "\"t_ms\":1"),
            "x:4: `t_ms`".to_owned(),
        ),
        (
            swap("\"t_ms\":3605000", "\"t_ms\":-1"),
            "x:4: `t_ms`: a whole number is due".to_owned(),
        ),
        (
            swap("main/us-east-1\",\"fact\"", "main us-east-1\",\"fact\""),
            "x:2: `subject`".to_owned(),
        ),
        (
            swap("\"until_ms\":86400000,", ""),
            "x:1: `until_ms` is missing".to_owned(),
        ),
        (
            swap("timeline/1", "timeline/2"),
            "x:1: this is `keyoutage/timeline/2`".to_owned(),
        ),
        (
            swap("\"by\":\"written\"}", "\"by\":\"written\""),
            "x:2:".to_owned(),
        ),
        (document[..document.len() / 2].to_owned(), "x:".to_owned()),
        (
            document
                .replace("\"fact\":\"site\"", "\"fact\":\"sight\"")
                .replacen("\"queries\",\"cause\"", "\"querys\",\"cause\"", 1),
            "x: entry 5: `fact`".to_owned(),
        ),
        (
            kept.replacen("\n1h ", "\nsoon ", 1),
            "x:4:1: a time is due".to_owned(),
        ),
        (
            kept.replacen("replica main", "replika main", 1),
            "x:4:17: a subject is due".to_owned(),
        ),
        (
            kept.replacen("main/us-east-1 ", "main\u{1b}[2J/us-east-1 ", 1),
            "x:4:17: a subject is due".to_owned(),
        ),
        (
            swap("\"policy\":\"c", "\"policy\":\"\\u001b"),
            "x:4: `policy`: 16 hex digits".to_owned(),
        ),
        (
            kept.replacen("failed ", "filed ", 1),
            "numbers are due".to_owned(),
        ),
        (
            kept.replacen("digest ", "digest z", 1),
            "a digest of 16 hex digits is due".to_owned(),
        ),
        (
            kept[..kept.len() - 25].to_owned(),
            "is missing: the file was cut off".to_owned(),
        ),
    ] {
        write(at, "x", &text);
        let it = diff(at, "x one.yaml");
        assert_eq!(it.code, 2, "{due}\n{}", it.out);
        assert!(it.err.contains(&due), "{due}: {}", it.err);
    }
    // A document that another program wrote anew is the same document.
    let value: Value = serde_json::from_str(&document).expect("it is JSON");
    let pretty = serde_json::to_string_pretty(&value).expect("it is JSON");
    write(at, "x", &pretty);
    assert_eq!(diff(at, "x one.yaml").code, 0);
}

#[test]
fn nothing_that_hides_gets_from_a_saved_run_to_the_screen() {
    let folder = folder();
    let at = folder.path();
    let kept = fs::read_to_string(at.join("one.timeline")).expect("it is there");
    let hostile = kept
        .replacen("# The us-east-1", "# \u{1b}[2J\u{202e}", 1)
        .replacen("state Enabled", "state \u{1b}[2JEn\u{202e}abled", 1);
    write(at, "x", &hostile);
    for format in ["text", "json"] {
        let it = diff(at, &format!("x one.yaml --format {format}"));
        assert_eq!(it.code, 1, "{}", it.err);
        assert!(!it.out.contains(['\u{1b}', '\u{202e}']), "{:?}", it.out);
    }
}

#[test]
fn a_golden_timeline_is_known_whatever_ends_its_lines() {
    let folder = folder();
    let kept = fs::read_to_string(folder.path().join("one.timeline")).expect("it is there");
    let commented = kept.replacen("\n1h ", "\n\n# what follows is known\n1h ", 1);
    for text in [kept.replace('\n', "\r\n"), commented] {
        write(folder.path(), "x", &text);
        let it = diff(folder.path(), "x one.yaml");
        assert_eq!(it.code, 0, "{}{}", it.out, it.err);
    }
}

/// A shipped scenario, played, and told in a form.
fn told(name: &str, path: &Path, tell: fn(&Run<'_>, &mut String)) -> (Told, String) {
    let text = fs::read_to_string(path).expect("it is text");
    let folder = path.parent().expect("it lies in a folder");
    let scenario = replay::read(&text, name, folder);
    let scenario = scenario.unwrap_or_else(|it| panic!("{}", it.render(false)));
    let timeline = replay::replay(&scenario);
    let digest = timeline.digest();
    let run = Run {
        timeline: &timeline,
        expectations: &[],
        verdicts: &[],
        digest: &digest,
    };
    let mut out = String::new();
    tell(&run, &mut out);
    (Told::of(&run), out)
}

#[test]
fn every_scenario_that_ships_is_read_back_from_what_was_saved() {
    for (name, path) in replay::shipped() {
        let (due, lines) = told(&name, &path, |run, out| ndjson(run, out).expect("a String"));
        let saved = read(&lines).unwrap_or_else(|it| panic!("{name}: {it:?}"));
        assert_eq!(Told::again(&saved), Ok(due.clone()), "{name}");
        let (_, document) = told(&name, &path, |run, out| json(run, out).expect("a String"));
        assert_eq!(read(&document), Ok(saved), "{name}");
        let (_, kept) = told(&name, &path, |run, out| {
            golden(&Told::of(run), out).expect("a String");
        });
        let kept = read_golden(&kept).unwrap_or_else(|it| panic!("{name}: {it:?}"));
        let difference = compare(&kept, &due);
        assert!(difference.is_same(), "{name}: {difference:?}");
    }
}

#[test]
fn golden_timelines_that_ship_are_fresh_and_fit_on_two_screens() {
    let mut found = 0;
    for (name, path) in replay::shipped() {
        let kept = path.with_extension("timeline");
        let Ok(text) = fs::read_to_string(&kept) else {
            continue;
        };
        found += 1;
        let (_, due) = told(&name, &path, |run, out| {
            golden(&Told::of(run), out).expect("a String");
        });
        assert!(
            text == due,
            "{}: write it anew, and look at it",
            kept.display()
        );
        assert!(
            text.lines().count() <= 100,
            "{name}: {} lines",
            text.lines().count()
        );
        let wide = text.lines().map(|line| line.chars().count()).max();
        assert!(wide <= Some(160), "{name}: {wide:?} columns");
    }
    assert!(found >= 8, "only {found} golden timelines ship");
}

/// Every code that the program refuses a call with is known to who reads it back.
#[test]
fn every_code_of_a_refused_call_is_read_back() {
    let mut codes = vec!["NOTFOUND".to_owned(), "R1".to_owned()];
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let quoted = text.split('"').skip(1).step_by(2);
                let code = |it: &&str| {
                    it.ends_with("Exception") && it.chars().all(|it| it.is_ascii_alphabetic())
                };
                codes.extend(quoted.filter(code).map(str::to_owned));
            }
        }
    }
    codes.sort();
    codes.dedup();
    assert!(codes.len() >= 9, "{codes:?}");
    for code in codes {
        let entries = "{\"t_ms\":0,\"kind\":\"replica\",\"subject\":\"a/b\",\"fact\":\"command\",\"cause\":null,\"with\":[],\"verb\":\"EnableKey\",\"fields\":\"\",\"by\":\"written\"}\n".to_owned()
            + &format!("{{\"t_ms\":0,\"kind\":\"replica\",\"subject\":\"a/b\",\"fact\":\"refused\",\"cause\":0,\"with\":[],\"verb\":\"EnableKey\",\"code\":\"{code}\"}}\n");
        let mut digest = String::new();
        for byte in Sha256::digest(entries.as_bytes()) {
            write!(digest, "{byte:02x}").expect("a String takes it");
        }
        let text = "{\"schema\":\"keyoutage/timeline/1\",\"scenario\":\"x\",\"profile\":\"x\",\"seed\":0,\"inputs\":[],\"start_time\":null,\"until_ms\":1,\"assumptions\":[],\"start\":{\"replicas\":[],\"sites\":[],\"collections\":[]}}\n".to_owned()
            + &entries
            + &format!("{{\"digest\":\"{digest}\",\"expectations\":[]}}\n");
        assert!(read(&text).is_ok(), "{code}: {:?}", read(&text).err());
    }
}

/// Ten thousand collections on both sides.
const MANY: &str = "\
name: Many
profile: rockset
until: 6h
keys:
  main:
    arn: arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab
    policy: vendor
orgs:
  acme:
    key: main
    regions: [us-west-2]
    collections:
      us-west-2/orders: { source: kafka, queries: 20/s, arrivals: 1 MiB/s, count: 10000 }
events:
  - { at: 1h, do: DisableKey, key: main, region: us-west-2, for: 30m }
";

#[test]
fn ten_thousand_collections_are_one_short_text() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    write(folder.path(), "many.yaml", MANY);
    write(
        folder.path(),
        "later.yaml",
        &MANY.replace("at: 1h,", "at: 1h5m,"),
    );
    let it = diff(folder.path(), "many.yaml later.yaml");
    assert_eq!(it.code, 1, "{}", it.err);
    assert!(
        it.out.lines().count() < 150,
        "{} lines",
        it.out.lines().count()
    );
    assert!(
        it.out.contains("collection acme/us-west-2/orders-* ("),
        "{}",
        it.out
    );
}
