//! What the tests of the program share: calling it, and a small scenario in a folder of its own.

#![allow(dead_code, reason = "each test program uses its part")]

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How a call ended.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The program, in a folder, with no color by default.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyoutage"));
    command.current_dir(folder).stdin(Stdio::null());
    // Where these tests run is no business of theirs.
    command.env_remove("GITHUB_STEP_SUMMARY");
    command
}

/// Calls it, and checks what holds for every call: an exit code that is promised, and no word of a panic.
pub fn call<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Ended {
    let mut command = program(folder);
    command.args(arguments);
    ended(command.output().expect("the program starts"))
}

/// Calls it with something on standard input.
pub fn call_with<S: AsRef<OsStr>>(folder: &Path, arguments: &[S], input: &[u8]) -> Ended {
    let mut command = program(folder);
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut stdin = child.stdin.take().expect("it has standard input");
    // It may have stopped reading already.
    let _ = stdin.write_all(input);
    drop(stdin);
    ended(child.wait_with_output().expect("the program ends"))
}

/// What came out.
pub fn ended(output: std::process::Output) -> Ended {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("all output is UTF-8");
    let ended = Ended {
        code: output.status.code().expect("no signal ends it"),
        out: text(output.stdout),
        err: text(output.stderr),
    };
    assert!(
        (0..=3).contains(&ended.code),
        "{}\n{}",
        ended.code,
        ended.err
    );
    for word in ["panicked", "RUST_BACKTRACE", "our mistake", "unwrap"] {
        assert!(!ended.err.contains(word), "{}", ended.err);
    }
    ended
}

/// A scenario that holds: the example of the language.
pub const HOLDS: &str = "\
name: The us-east-1 replica is disabled for five hours
profile: rockset
until: 24h
keys:
  main:
    arn: arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab
    policy: vendor
    replicas:
      us-east-1: { policy: vendor }
orgs:
  acme:
    key: main
    regions: [us-west-2, us-east-1]
    collections:
      us-west-2/orders: { source: kafka, queries: 20/s, arrivals: 1 MiB/s }
      us-east-1/clicks: { source: write-api, queries: 5/s, arrivals: 64 KiB/s }
      us-east-1/users:  { source: dynamodb, queries: 1/s, arrivals: 10 KiB/s }
events:
  - { at: 1h, do: DisableKey, key: main, region: us-east-1, for: 5h }
  - { at: 6h10m, do: ContactSupport, collections: acme/us-east-1/* }
expect:
  - { at: 59m,           collections: acme/us-east-1/*, queries: all }
  - { by: 1h6m,          collections: acme/us-east-1/*, queries: none, ingest: halted }
  - { within: 5h5m..5h12m, collections: acme/us-east-1/*, status: PAUSED }
  - { always: true,      collections: acme/us-west-2/*, queries: all, ingest: running }
  - { at: 24h,           collections: acme/us-east-1/clicks, outcome: recreate_with_loss }
  - { at: 24h,           collections: acme/us-east-1/users, outcome: resumed, status: READY }
";

/// The same with an expectation that does not hold.
pub fn fails() -> String {
    format!("{HOLDS}  - {{ at: 2h, collections: acme/us-east-1/clicks, queries: all }}\n")
}

/// A folder with the scenarios `holds.yaml`, `fails.yaml` and `broken.yaml`.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder can be made");
    write(folder.path(), "holds.yaml", HOLDS);
    write(folder.path(), "fails.yaml", &fails());
    let broken = HOLDS.replace("DisableKey", "DisabelKey");
    write(folder.path(), "broken.yaml", &broken);
    folder
}

/// Writes a file below a folder.
pub fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    let parent = path.parent().expect("it lies in a folder");
    std::fs::create_dir_all(parent).expect("a folder can be made");
    std::fs::write(&path, text).expect("a file can be written");
    path
}

/// The files of a folder, by name.
pub fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}
