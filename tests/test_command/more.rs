//! Every failure names a command that shows more, and that command works.

use crate::common::{HOLDS, call, folder, write};

/// Nothing of it holds: of a collection, a site, its places, a key, and a collection that is deleted by then.
const WRONG: &str = "  - { at: 2h, collections: acme/us-east-1/clicks, queries: all }
  - { always: true, sites: acme/us-east-1, access: granted }
  - { at: 2h, sites: acme/us-east-1, error: none }
  - { at: 3h, places: acme/us-east-1/storage, readable: yes }
  - { at: 3h, places: acme/us-east-1/cache, readable: yes }
  - { never: true, keys: main/us-east-1, state: Disabled }
  - { at: 20h, collections: acme/us-east-1/users, queries: all }
";

fn wrong() -> String {
    let delete = "  - { at: 19h, do: DeleteCollection, org: acme, name: us-east-1/users }\n";
    let text = HOLDS.replace("events:\n", &format!("events:\n{delete}"));
    let (head, _) = text.split_once("expect:\n").expect("it has expectations");
    format!("{head}expect:\n{WRONG}")
}

#[test]
fn the_command_that_shows_more_shows_it() {
    let folder = folder();
    let at = folder.path();
    write(at, "it is wrong.yaml", &wrong());
    for seed in [None, Some("7")] {
        let seeds = seed.map_or(Vec::new(), |seed| vec!["--seed", seed]);
        let it = call(at, &[&["test", "it is wrong.yaml"], &seeds[..]].concat());
        assert_eq!(it.code, 1, "{}{}", it.out, it.err);
        let lines = it.out.lines();
        let commands: Vec<&str> = lines
            .filter_map(|it| it.trim().strip_prefix("more: keyoutage "))
            .collect();
        assert_eq!(commands.len(), WRONG.lines().count(), "{}", it.out);
        for option in ["--collection", "--site", "--key"] {
            assert!(commands.iter().any(|it| it.contains(option)), "{option}");
        }
        assert!(
            commands.iter().any(|it| it.starts_with("run ")),
            "who was not there has no instant"
        );
        for command in commands {
            assert_eq!(command.ends_with(" --seed 7"), seed.is_some(), "{command}");
            let (verb, rest) = command
                .split_once(" 'it is wrong.yaml'")
                .expect("it is quoted");
            let rest: Vec<&str> = rest.split_whitespace().collect();
            let shown = call(at, &[&[verb, "it is wrong.yaml"], &rest[..]].concat());
            let due = if verb == "run" { 1 } else { 0 };
            assert_eq!((shown.code, shown.err.as_str()), (due, ""), "{command}");
            if verb == "explain" {
                assert!(shown.out.contains("\nwhy "), "{command}\n{}", shown.out);
                let instant = rest[1];
                let head = shown.out.lines().next().expect("a line");
                assert!(head.ends_with(&format!(" at {instant}")), "{head}");
            }
        }
    }
}

#[test]
fn a_site_and_a_key_are_explained_to_their_causes() {
    let folder = folder();
    let at = folder.path();
    let explain = |who: [&str; 2]| {
        let it = call(at, &["explain", "holds.yaml", "--at", "2h", who[0], who[1]]);
        assert_eq!((it.code, it.err.as_str()), (0, ""), "{who:?}");
        it.out
    };
    let site = explain(["--site", "acme/us-east-1"]);
    for part in [
        "  access   refused (disabled): DisabledException",
        "  storage  not readable",
        "why access: refused (disabled)",
        "command DisableKey key: main, region: us-east-1",
        "access granted at 6h00m05s, in 4h00m05s",
    ] {
        assert!(site.contains(part), "{part}\n{site}");
    }
    let key = explain(["--key", "main/us-east-1"]);
    for part in [
        "  state                     Disabled",
        "  visible                   Disabled, policy ",
        "  access of acme/us-east-1  refused (disabled): DisabledException",
        "state Disabled → Enabled at 6h, in 4h",
    ] {
        assert!(key.contains(part), "{part}\n{key}");
    }
}

#[test]
fn a_wrong_name_gets_a_suggestion_and_one_subject_is_enough() {
    let folder = folder();
    let at = folder.path();
    for (who, said) in [
        (
            &["--site", "acme/us-est-1"][..],
            "there is no site acme/us-est-1; did you mean acme/us-east-1?",
        ),
        (&["--site", "x"], "there is no site x; a name is ORG/REGION"),
        (
            &["--key", "main/us-eats-1"],
            "there is no key main/us-eats-1; did you mean main/us-east-1?",
        ),
        (&["--key", "x"], "there is no key x; a name is KEY/REGION"),
        (
            &["--collection", "x"],
            "there is no collection x; a name is ORG/REGION/NAME",
        ),
        (
            &["--site", "acme/us-east-1", "--key", "main/us-east-1"],
            "cannot be used with",
        ),
        (&[], "say when and whom: --at T, and --collection"),
    ] {
        let it = call(
            at,
            &[&["explain", "holds.yaml", "--at", "2h"], who].concat(),
        );
        assert_eq!(it.code, 2, "{who:?}");
        assert!(it.err.contains(said), "{who:?}: {}", it.err);
    }
    let it = call(at, &["explain", "E014", "--site", "acme/us-east-1"]);
    assert_eq!(it.code, 2, "{}", it.err);
}

#[test]
fn a_site_is_explained_from_when_it_is_there() {
    let folder = folder();
    let at = folder.path();
    let add = "events:\n  - { at: 3h, do: AddRegion, org: acme, region: eu-west-1 }\n";
    write(at, "added.yaml", &HOLDS.replace("events:\n", add));
    let explain = |instant| {
        let it = call(
            at,
            &[
                "explain",
                "added.yaml",
                "--at",
                instant,
                "--site",
                "acme/eu-west-1",
            ],
        );
        assert_eq!((it.code, it.err.as_str()), (0, ""));
        it.out
    };
    assert_eq!(
        explain("2h59m59s999ms"),
        "acme/eu-west-1 is not there at 2h59m59s999ms; it is made at 3h\n"
    );
    let there = explain("3h");
    for part in [
        "  state    cannot_operate                          since 3h\n",
        "why state: cannot_operate\n",
        "command AddRegion org: acme, region: eu-west-1",
    ] {
        assert!(there.contains(part), "{part}\n{there}");
    }
}

#[test]
fn an_incarnation_is_explained_where_it_is_asked_for() {
    let folder = folder();
    let at = folder.path();
    let anew =
        "events:\n  - { at: 30m, do: RecreateCollection, collections: acme/us-east-1/clicks }\n";
    write(at, "anew.yaml", &HOLDS.replace("events:\n", anew));
    let explain = |name| {
        let asked = ["explain", "anew.yaml", "--at", "40m", "--collection", name];
        let it = call(at, &asked);
        assert_eq!((it.code, it.err.as_str()), (0, ""), "{name}");
        it.out
    };
    let first = explain("acme/us-east-1/clicks#1");
    assert!(
        first.starts_with("acme/us-east-1/clicks#1 at 40m\n"),
        "{first}"
    );
    assert!(first.contains("why status: DELETED\n"), "{first}");
    assert!(
        first.contains("next\n  nothing more, up to the end at"),
        "{first}"
    );
    for name in ["acme/us-east-1/clicks", "acme/us-east-1/clicks#2"] {
        let second = explain(name);
        assert!(
            second.starts_with("acme/us-east-1/clicks#2 at 40m\n"),
            "{second}"
        );
        assert!(!second.contains("DELETED"), "{second}");
    }
    assert_eq!(
        explain("acme/us-east-1/clicks#3"),
        "acme/us-east-1/clicks#3 is never there in this run\n"
    );
}
