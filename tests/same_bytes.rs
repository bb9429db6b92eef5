//! The same bytes: whoever runs a scenario, wherever, on however many threads, gets the same.

mod common;
#[path = "common/replay.rs"]
mod replay;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use keyoutage::scenario::Scenario;

/// Six scenarios that reach every part of the model, each with a seed and the digest every build must give.
#[rustfmt::skip]
const PINNED: [(&str, u64, &str); 6] = [
    ("outage/disabled-replica.yaml", 0, "fc48aa27e26590ce175cd7a5b238d16bb4118e6b19b683aca489ac2e5e5066f0"),
    ("outage/kill-switch-drill.yaml", 7, "0102a101d35d94daaee451de1ea4c1978c4206732dd92b309038c8279dd60f64"),
    ("outage/flapping-cumulative.yaml", 1, "82c94fed6103fbc7fd5f10bf6c82db51b1ea9b31cf32370a6401bb862be7896e"),
    ("policy/mechanistic.yaml", 18_446_744_073_709_551_615, "e28602cb34a4bace5f0a0f4868b11c0dc49519dc192f06ffc8bc62484e864ccd"),
    ("recovery/support-is-needed.yaml", 2, "871f2d05c0d8b2ab77877bb321a9b33ee6bd9ea5864d4e9bf455c0013d4d96da"),
    ("trouble/key-unreachable.yaml", 3, "e9b1c797bc8e297524b8d7b7fcb04822f4e9bb6af02fa42a72318947993706eb"),
];

/// Every way to tell a run, and its picture.
const TOLD: [&[&str]; 7] = [
    &["run", "--format", "json"],
    &["run", "--format", "text"],
    &["run", "--format", "csv"],
    &["run", "--format", "ndjson"],
    &["run", "--format", "markdown"],
    &["run", "--format", "timeline"],
    &["chart", "-o", "-"],
];

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

fn loaded(path: &str) -> Scenario {
    let file = scenarios().join(path);
    let text = std::fs::read_to_string(&file).expect("it is text");
    let folder = file.parent().expect("it lies in a folder");
    replay::read(&text, path, folder).unwrap_or_else(|it| panic!("{}", it.render(false)))
}

/// What a call writes, to both streams.
fn output(command: &mut Command) -> (Vec<u8>, Vec<u8>) {
    let output = command.output().expect("the program starts");
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{command:?}\n{errors}");
    (output.stdout, output.stderr)
}

/// The program in the folder of the crate, told to tell a scenario.
fn call(told: &[&str], path: &str, more: &[&str]) -> Command {
    let mut command = common::program(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.args(told).arg(scenarios().join(path)).args(more);
    command
}

#[test]
fn every_build_gives_the_pinned_digests() {
    let found = PINNED.map(|(path, seed, _)| {
        (
            path,
            seed,
            replay::replay_with(&loaded(path), seed).digest(),
        )
    });
    let pinned = PINNED.map(|(path, seed, digest)| (path, seed, digest.to_owned()));
    assert_eq!(found, pinned);
}

#[test]
fn two_runs_and_any_number_of_blocks_are_one() {
    for (path, ..) in PINNED {
        let scenario = loaded(path);
        let once = replay::replay(&scenario);
        assert_eq!(once, replay::replay(&scenario), "{path}");
        for blocks in [1, 2, 3, 7] {
            assert_eq!(
                replay::digest_in_blocks(&scenario, blocks),
                once.digest(),
                "{path} in {blocks} blocks"
            );
        }
    }
}

#[test]
fn who_lived_before_in_the_same_block_does_not_show() {
    // Under `support.auto` each collection has a ticket of its own; seven blocks hold one collection each.
    let scenario = loaded("recovery/mixed-sources.yaml");
    let once = replay::digest_in_blocks(&scenario, 1);
    assert_eq!(replay::digest_in_blocks(&scenario, 7), once);
}

#[test]
fn a_seed_that_is_given_is_the_seed_that_is_not() {
    for (path, ..) in PINNED {
        let scenario = loaded(path);
        let seed = scenario.seed.0;
        assert_eq!(
            replay::replay_with(&scenario, seed),
            replay::replay(&scenario),
            "{path}"
        );
        let given = seed.to_string();
        for told in TOLD {
            let same = output(&mut call(told, path, &["--seed", &given]));
            assert_eq!(same, output(&mut call(told, path, &[])), "{path} {told:?}");
        }
    }
}

/// What may differ from one machine to the next, by name.
fn surroundings(command: &mut Command, which: &str, folder: &Path) {
    match which {
        "again" => command,
        "another zone" => command.env("TZ", "Asia/Kathmandu"),
        "another language" => command
            .env("LANG", "tr_TR.UTF-8")
            .env("LC_ALL", "de_DE.UTF-8"),
        "another folder" => command.current_dir(folder),
        "an older processor" => command.env("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-FMA"),
        "odd surroundings" => command.env("KEYOUTAGE_ODD", "x".repeat(4_099)),
        "no surroundings" => command.env_clear(),
        threads => command.args(["--threads", threads]),
    };
}

#[test]
fn surroundings_and_threads_do_not_show() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (path, ..) in PINNED {
        for told in TOLD {
            let once = output(&mut call(told, path, &[]));
            assert!(once.0.len() > 1_000, "{path} {told:?}");
            for which in [
                "again",
                "another zone",
                "another language",
                "another folder",
                "an older processor",
                "odd surroundings",
                "no surroundings",
                "1",
                "2",
                "3",
                "7",
            ] {
                let mut command = call(told, path, &[]);
                surroundings(&mut command, which, folder.path());
                assert!(
                    output(&mut command) == once,
                    "{path} {told:?} differs with: {which}"
                );
            }
        }
    }
}

/// So many collections that the program really makes a block for each thread.
const MANY: &str = "\
name: Many
profile: rockset
until: 90m
set: { cache.life: 1m..10m, commit.interval: 1s..1m }
keys:
  main:
    arn: arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab
    policy: vendor
    replicas:
      eu-west-1: { policy: vendor }
      us-east-1: { policy: vendor }
      us-west-2: { policy: vendor }
orgs:
  acme:
    key: main
    regions: [eu-central-1, eu-west-1, us-east-1, us-west-2]
    collections:
      eu-central-1/still: { source: kafka, queries: 20/s, arrivals: 1 MiB/s, count: 14000 }
      eu-west-1/orders: { source: kafka, queries: 20/s, arrivals: 1 MiB/s, count: 700 }
      us-east-1/still: { source: kafka, queries: 20/s, arrivals: 1 MiB/s, count: 14000 }
      us-west-2/users: { source: dynamodb, queries: 1/m, arrivals: 10 KiB/s, count: 700 }
events:
  - { at: 1h, do: DisableKey, key: main, region: eu-west-1, for: 10m }
  - { at: 1h, do: DisableKey, key: main, region: us-west-2, for: 10m }
";

#[test]
fn threads_do_not_show_where_there_is_work_for_them() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    common::write(folder.path(), "many.yaml", MANY);
    let digest = |threads: &str| {
        let arguments = [
            "run",
            "many.yaml",
            "--format",
            "ndjson",
            "--threads",
            threads,
        ];
        output(common::program(folder.path()).args(arguments))
    };
    let once = digest("1");
    for threads in ["2", "3", "7"] {
        assert!(digest(threads) == once, "{threads} threads");
    }
}

/// The program of the other build, where it is there and younger than everything it is made of.
fn other_build() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_BIN_EXE_keyoutage"));
    let target = own.parent()?.parent()?;
    let other = if own.parent()?.ends_with("release") {
        "debug"
    } else {
        "release"
    };
    let other = target.join(other).join(own.file_name()?);
    let built = other.metadata().ok()?.modified().ok()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let newest = youngest(&root.join("src")).max(youngest(&root.join("Cargo.lock")));
    (built > newest).then_some(other)
}

/// When something below a path was written last.
fn youngest(path: &Path) -> SystemTime {
    let own = path
        .metadata()
        .and_then(|it| it.modified())
        .expect("it can be asked");
    let below = std::fs::read_dir(path).into_iter().flatten();
    below
        .map(|entry| youngest(&entry.expect("an entry").path()))
        .fold(own, SystemTime::max)
}

#[test]
fn debug_and_release_give_the_same() {
    let Some(other) = other_build() else {
        // Past the harness, which keeps to itself what a passing test prints.
        let text = "SKIPPED: there is no other build as young as the sources; the pinned digests stand for it";
        let _ = writeln!(std::io::stderr(), "{text}");
        return;
    };
    for (path, ..) in PINNED {
        for told in TOLD {
            let mut command = Command::new(&other);
            command.current_dir(env!("CARGO_MANIFEST_DIR"));
            command.args(told).arg(scenarios().join(path));
            assert!(
                output(&mut command) == output(&mut call(told, path, &[])),
                "{path} {told:?}"
            );
        }
    }
}
