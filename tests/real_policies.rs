//! Real key policies, each as the policy of the primary and of the replica of a scenario: it is replayed, or a message says
//! where and why not.
//!
//! They lie outside the repository, in the folder `KEYOUTAGE_DATA` names (else `../shared/data`). Where they are not, the
//! tests say so and pass.

#[path = "common/replay.rs"]
mod replay;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use keyoutage::scenario::{Problem, Problems, Scenario, load};

/// Whole policies: files, those that are replayed, and those that are when what cannot be evaluated is a refusal.
const WHOLE: (usize, usize, usize) = (42, 26, 27);
/// Single statements as people paste them, and texts that are no JSON: none is a policy.
const FRAGMENTS: usize = 11;
const MALFORMED: usize = 12;

const VENDOR: &str = "318212636800";

/// The files of a folder of policies, by name; none, aloud, where there is no data.
#[expect(
    clippy::disallowed_methods,
    reason = "where the data lies, no run depends on"
)]
fn policies(folder: &str, cases: usize) -> Vec<(String, String)> {
    let root = std::env::var_os("KEYOUTAGE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let folder = root.join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        aloud(&format!(
            "SKIPPED: {cases} policies; {} is not there",
            folder.display()
        ));
        return Vec::new();
    };
    let files = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file());
    let mut all: Vec<(String, String)> = files
        .map(|path| {
            let name = path
                .file_name()
                .expect("it has a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(&path).expect("it is text"))
        })
        .collect();
    all.sort();
    assert_eq!(all.len(), cases, "{}", folder.display());
    all
}

/// Past the harness, which keeps to itself what a passing test prints.
fn aloud(text: &str) {
    // Whoever does not listen does not make the test fail.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The account of another's root that a policy names, if it names one; else the vendor's.
fn account(policy: &str) -> String {
    let of_root = policy
        .match_indices("arn:aws:iam::")
        .filter_map(|(at, found)| {
            let rest = &policy[at + found.len()..];
            let digits = rest
                .get(..12)
                .filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()))?;
            rest[12..].starts_with(":root").then(|| digits.to_owned())
        });
    let mut of_root = of_root.filter(|it| it != "111122223333");
    of_root.next().unwrap_or_else(|| VENDOR.to_owned())
}

/// Where the policy under test lies.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Place {
    Primary,
    Replica,
}

/// A scenario around a policy, in which both keys are disabled and enabled again.
fn scenario(
    name: &str,
    policy: &str,
    place: Place,
    cannot_tell: &str,
) -> (String, Result<Scenario, Problems>) {
    let file = format!("{{ file: {name} }}");
    let (primary, replica) = match place {
        Place::Primary => (file.as_str(), "vendor"),
        Place::Replica => ("vendor", file.as_str()),
    };
    let account = account(policy);
    let text = format!(
        "\
name: Around a real policy
profile: rockset
until: 12h
set: {{ service.account: \"{account}\", cannot_tell: {cannot_tell} }}
keys:
  main:
    arn: arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab
    policy: {primary}
    replicas:
      us-east-1: {{ policy: {replica} }}
orgs:
  acme:
    key: main
    regions: [us-west-2, us-east-1]
    collections:
      us-west-2/orders: {{ source: kafka, queries: 20/s, arrivals: 1 MiB/s }}
      us-east-1/users: {{ source: dynamodb, queries: 1/s, arrivals: 10 KiB/s }}
events:
  - {{ at: 1h, do: DisableKey, key: main, region: us-west-2, for: 6h }}
  - {{ at: 2h, do: DisableKey, key: main, region: us-east-1, for: 1h }}
"
    );
    let loaded = load(text.as_bytes(), "around.yaml", &mut |path| {
        assert_eq!(path, name, "nothing else is read");
        Ok(policy.as_bytes().to_vec())
    });
    (text, loaded.map(|it| it.scenario))
}

/// A message says where: within the file it names.
fn check_place(problem: &Problem, text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    let line = problem.line as usize;
    assert!((1..=lines.len()).contains(&line), "{problem:?}");
    let width = lines[line - 1].chars().count();
    assert!(
        (1..=width + 1).contains(&(problem.column as usize)),
        "{problem:?} of {width}"
    );
    assert!(!problem.message.is_empty(), "{problem:?}");
}

/// Whether a policy is replayed; if not, where the message stands was checked.
fn replayed((name, policy): &(String, String), place: Place, cannot_tell: &str) -> bool {
    let (text, loaded) = scenario(name, policy, place, cannot_tell);
    match loaded {
        Ok(scenario) => {
            let facts = replay::told(&replay::replay(&scenario));
            let disabled = facts
                .iter()
                .filter(|it| it.text == "state Disabled")
                .count();
            assert_eq!(disabled, 2, "{name} as the {place:?}'s");
            true
        }
        Err(problems) => {
            let texts = BTreeMap::from([
                ("around.yaml", text.as_str()),
                (name.as_str(), policy.as_str()),
            ]);
            let errors = problems.iter().filter(|it| !it.code.is_warning()).count();
            assert!(errors > 0, "{name}: no scenario without a reason");
            for problem in &problems {
                let text = texts.get(problem.file.as_str());
                check_place(
                    problem,
                    text.unwrap_or_else(|| panic!("{name}: {problem:?}")),
                );
            }
            false
        }
    }
}

#[test]
fn every_whole_policy_is_replayed_or_a_message_says_where_it_is_wrong() {
    let all = policies("policies", WHOLE.0);
    for place in [Place::Primary, Place::Replica] {
        for (cannot_tell, good) in [("error", WHOLE.1), ("deny", WHOLE.2)] {
            let ran: Vec<&str> = all
                .iter()
                .filter(|it| replayed(it, place, cannot_tell))
                .map(|it| it.0.as_str())
                .collect();
            assert!(
                all.is_empty() || ran.len() == good,
                "{place:?} {cannot_tell} {}: {ran:#?}",
                ran.len()
            );
        }
    }
}

#[test]
fn what_is_no_policy_is_said_with_its_place() {
    for (folder, cases) in [
        ("policies/fragments", FRAGMENTS),
        ("policies/malformed", MALFORMED),
    ] {
        for it in &policies(folder, cases) {
            for place in [Place::Primary, Place::Replica] {
                assert!(
                    !replayed(it, place, "error"),
                    "{folder}/{} was replayed",
                    it.0
                );
            }
        }
    }
}
