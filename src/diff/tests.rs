//! Small runs, written as golden timelines and compared: what is told, and what counts as worse.

use super::{Regression, Tally, compare, json, text};
use crate::report::{Told, read_golden};

/// A run of a day in which these lines stand.
fn run(lines: &str) -> Told {
    let head = "# keyoutage golden timeline, form 1\n# A run\n# profile made, seed 0, until 1d\n";
    let digest = lines.bytes().fold(7u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let text = format!("{head}{lines}digest {digest:016x}\n");
    read_golden(&text).unwrap_or_else(|it| panic!("{it:?}\n{text}"))
}

fn told(a: &str, b: &str) -> String {
    let mut out = String::new();
    let difference = compare(&run(a), &run(b));
    text(&difference, ["a.timeline", "b.timeline"], &mut out).expect("a String takes it");
    out
}

fn worse(a: &str, b: &str) -> Vec<&'static str> {
    let all = compare(&run(a), &run(b)).worse;
    all.iter().map(|it| it.what.word()).collect()
}

const OUTAGE: &str = "\
1h       replica main/eu        state Enabled → Disabled
1h10s    collection acme/eu/x   ingest halted, lag 10s (10 bytes)  [ingest_halted]
1h20s    collection acme/eu/x   queries some (15 live)  [first_failed_query]
1h30s    collection acme/eu/x   queries none  [all_queries_failing]
2h       replica main/eu        state Disabled → Enabled
2h10s    collection acme/eu/x   queries all  [queries_recovered]
total    collection acme/eu/x   issued 100, served 50, failed 50, lost bytes 0
";

#[test]
fn what_is_the_same_is_said_in_one_line() {
    let out = told(OUTAGE, OUTAGE);
    assert!(out.starts_with("the same: 6 facts, digest "), "{out}");
    assert_eq!(out.lines().count(), 3, "{out}");
}

#[test]
fn a_difference_is_told_subject_by_subject() {
    let b = OUTAGE
        .replace("1h10s ", "1h12s ")
        .replace("lag 10s (10 bytes)", "lag 12s (12 bytes)")
        .replace(
            "1h30s    collection acme/eu/x   queries none  [all_queries_failing]\n",
            "",
        )
        .replace("some (15 live)", "some (14 live)")
        .replace("served 50, failed 50", "served 60, failed 40")
        .replace(
            "total ",
            "3h       site acme/eu            access refused (disabled)\ntotal ",
        );
    assert_eq!(
        told(OUTAGE, &b),
        "\
different: 1 fact later, 1 gone, 1 new, 1 changed; nothing got worse
  A a.timeline: A run (profile made, seed 0, until 1d)
  B b.timeline: A run (profile made, seed 0, until 1d)

collection acme/eu/x
  1h00m10s  2s later  ingest halted, lag 10s (10 bytes)  [ingest_halted]
            to        ingest halted, lag 12s (12 bytes)  [ingest_halted]
  1h00m20s  changed   queries some (15 live)  [first_failed_query]
            to        queries some (14 live)  [first_failed_query]
  1h00m30s  gone      queries none  [all_queries_failing]
  total               served 50 → 60, failed 50 → 40

site acme/eu
  3h  new  access refused (disabled)
"
    );
}

#[test]
fn what_only_the_digest_knows_is_a_difference_too() {
    let (a, mut b) = (run(OUTAGE), run(OUTAGE));
    b.digest = "0123456789abcdef".repeat(4);
    let difference = compare(&a, &b);
    assert!(!difference.is_same() && difference.subjects.is_empty());
    let mut out = String::new();
    text(&difference, ["a", "b"], &mut out).expect("a String takes it");
    assert!(
        out.contains("no line differs, but the digest does"),
        "{out}"
    );
    // As far as both are known they agree.
    b.digest = format!("{}{}", a.digest, "0".repeat(48));
    assert!(compare(&a, &b).is_same());
}

#[test]
fn what_changed_places_is_moved_not_gone_and_new() {
    let a = "1h  site acme/eu  access granted\n2h  site acme/eu  site operating\n";
    let b = "1h  site acme/eu  site operating\n2h  site acme/eu  access granted\n";
    let due = Tally {
        earlier: 1,
        later: 1,
        ..Tally::default()
    };
    assert_eq!(compare(&run(a), &run(b)).tally(), due);
}

#[test]
fn many_that_differ_alike_are_one_block() {
    let lines = |second: u64, last: u64| -> String {
        let one = |n: u64| {
            format!(
                "1h{:02}s  collection acme-{n}/eu/x-7  queries none\n",
                second + n
            )
        };
        (1..=last).map(one).collect()
    };
    assert_eq!(
        told(&lines(0, 9), &lines(20, 9)).split("\n\n").nth(1),
        Some("collection acme-*/eu/x-7 (9 alike)\n  1h00m01s..1h00m09s  20s later  queries none\n")
    );
    // Three are told one by one.
    let out = told(&lines(0, 3), &lines(20, 3));
    assert_eq!(out.matches("20s later").count(), 3, "{out}");
    // Many groups are cut short, and what is left out is counted.
    let lines = |way: &str| -> String {
        (1..=50)
            .map(|n| format!("{n}m  site acme/r{way}{n}x  access granted\n"))
            .collect()
    };
    let out = told(&lines("a"), &lines("b"));
    assert!(
        out.ends_with("\n… and 60 more subjects; --format json tells them all\n"),
        "{out}"
    );
}

#[test]
fn a_long_block_is_cut_and_what_one_run_alone_has_is_told_short() {
    let lines = |second: u64| -> String {
        let one = |n: u64| format!("{n}m{second:02}s  site acme/eu  access granted\n");
        (1..=50).map(one).collect()
    };
    let out = told(&lines(1), &lines(2));
    assert_eq!(out.matches("1s later").count(), 40, "{out}");
    assert!(
        out.ends_with("  …                 and 10 more facts of it that differ\n"),
        "{out}"
    );
    let whole = |name: &str, failed: u64| {
        let line = format!(
            "total  collection acme/eu/{name}  issued 9, served {}, failed {failed}, lost bytes 0\n",
            9 - failed
        );
        let mut told = run(&format!("1h  collection acme/eu/{name}  created\n{line}"));
        told.golden = false;
        told
    };
    let mut out = String::new();
    text(
        &compare(&whole("x", 2), &whole("y", 3)),
        ["a", "b"],
        &mut out,
    )
    .expect("a String takes it");
    let due = "\ncollection acme/eu/y: only in B\n  all    1 fact\n  total  issued 9, served 6, failed 3, lost bytes 0\n";
    assert!(out.ends_with(due), "{out}");
    assert!(
        out.contains("\ncollection acme/eu/x: only in A\n") && out.contains("nothing got worse")
    );
}

/// A run, one that is worse, and in which ways. The other way round nothing is worse.
#[test]
fn what_counts_as_worse_is_judged_one_way() {
    let x = |lines: &str| -> String {
        let line = |it: &str| it.replacen("  ", "  collection acme/eu/x  ", 1) + "\n";
        lines.split('|').map(line).collect()
    };
    for (better, is_worse, ways) in [
        (
            x("total  issued 9, served 5, failed 4, lost bytes 0"),
            x("total  issued 9, served 4, failed 5, lost bytes 0"),
            &[Regression::MoreFailed][..],
        ),
        (
            x("total  issued 9, served 9, failed 0, lost bytes 7"),
            x("total  issued 9, served 9, failed 0, lost bytes 8"),
            &[Regression::MoreLost],
        ),
        (
            x("total  issued 9, served 9, failed 0, lost bytes 0, greatest lag 10s"),
            x("total  issued 9, served 9, failed 0, lost bytes 0, greatest lag 10s001ms"),
            &[Regression::GreaterLag],
        ),
        (
            x("total  issued 9, served 9, failed 0, lost bytes 0, restore deadline 5h"),
            x("total  issued 9, served 9, failed 0, lost bytes 0, restore deadline 4h"),
            &[Regression::EarlierDeadline],
        ),
        (
            String::new(),
            x("total  issued 9, served 9, failed 0, lost bytes 0, restore deadline 4h"),
            &[Regression::EarlierDeadline],
        ),
        (
            x("5h  status ENCRYPTION_KEY_ERROR → PAUSING  [pausing]"),
            x("4h59m59s999ms  status ENCRYPTION_KEY_ERROR → PAUSING  [pausing]"),
            &[Regression::EarlierPause],
        ),
        (
            String::new(),
            x("5h  status ENCRYPTION_KEY_ERROR → PAUSING  [pausing]"),
            &[Regression::EarlierPause],
        ),
        (
            x("1h  data lost  [data_lost]"),
            x("30m  data lost  [data_lost]"),
            &[Regression::EarlierLoss],
        ),
        (
            x("1h  ingest halted, lag 1s (1 byte)|2h  ingest running, lag 0s (0 bytes)"),
            x("1h  ingest halted, lag 1s (1 byte)|2h1s  ingest running, lag 0s (0 bytes)"),
            &[Regression::LongerHalt],
        ),
        (
            // Two halts of half an hour are as long as one of an hour; to the end it is longer.
            x("1h  ingest halted, lag 1s (1 byte)|2h  ingest catching_up, lag 1h (1 byte)"),
            x("1h  ingest halted, lag 1s (1 byte)"),
            &[Regression::LongerHalt],
        ),
        (
            x("1h  outcome resumed"),
            x("1h  outcome resumed_with_gap (1 byte dropped)"),
            &[Regression::WorseOutcome],
        ),
        (
            x("1h  outcome resumed_with_gap (1 byte dropped)"),
            x("1h  outcome recreate_from_source"),
            &[Regression::WorseOutcome],
        ),
        (
            x("1h  outcome recreate_from_source"),
            x("1h  outcome recreate_with_loss"),
            &[Regression::WorseOutcome],
        ),
        (
            "1h  site acme/eu  site operating\n".to_owned(),
            "start  site acme/eu  site cannot_operate, access refused (NotFoundException)\n"
                .to_owned(),
            &[Regression::CannotOperate],
        ),
    ] {
        let due: Vec<&str> = ways.iter().map(|it| it.word()).collect();
        assert_eq!(worse(&better, &is_worse), due, "{better} | {is_worse}");
        assert_eq!(worse(&is_worse, &better), [""; 0], "{is_worse} | {better}");
        assert_eq!(worse(&is_worse, &is_worse), [""; 0]);
    }
}

#[test]
fn what_is_no_worse_is_not_called_so() {
    let two = "1h  collection a/b/c  ingest halted, lag 1s (1 byte)\n1h30m  collection a/b/c  ingest running, lag 0s (0 bytes)\n";
    let halves = format!(
        "{two}{}",
        two.replace("1h30m", "2h30m").replace("1h ", "2h ")
    );
    let hour = two.replace("1h30m", "2h");
    assert_eq!(worse(&hour, &halves), [""; 0], "as long in all");
    let none = "";
    let resumed = "1h  collection a/b/c  outcome resumed\n";
    assert_eq!(
        worse(none, resumed),
        [""; 0],
        "to be resumed is as good as not to be paused"
    );
    // All incarnations are one collection.
    let first = "total  collection a/b/c  issued 9, served 2, failed 7, lost bytes 0\n";
    let both = "total  collection a/b/c  issued 9, served 6, failed 3, lost bytes 0\ntotal  collection a/b/c#2  issued 9, served 5, failed 4, lost bytes 0\n";
    assert_eq!(worse(first, both), [""; 0]);
    assert_eq!(worse(both, first), [""; 0]);
    // Where one of them tells several together, the whole site is judged together.
    let apart = "total  collection a/b/c  issued 9, served 0, failed 9, lost bytes 0\n";
    let folded = "total  collection a/b/d  issued 9, served 6, failed 3, lost bytes 0\ntotal  collection a/b/*  collections 9, issued 9, served 5, failed 4, lost bytes 0\n";
    assert_eq!(worse(apart, folded), [""; 0]);
}

/// Twenty collections of which some are folded, halted so long in all, the last of those folded at this time.
fn twenty(collections: u64, halted: &str, more: u64, last: &str) -> String {
    format!(
        "1h       collection a/b/c-1  status ENCRYPTION_KEY_ERROR → PAUSING\n\
         1h       collection a/b/*    status ENCRYPTION_KEY_ERROR → PAUSING: … and {more} more like it, the last at {last}\n\
         total    site a/b            collections {collections}, halted {halted}\n"
    )
}

#[test]
fn what_is_folded_is_judged_by_what_is_kept_or_said_to_be_unclear() {
    let base = twenty(20, "10h", 19, "5h");
    for (other, ways, unclear) in [
        (twenty(20, "10h1ms", 19, "5h"), &["longer_halt"][..], ""),
        (twenty(20, "9h", 19, "5h"), &[], ""),
        (twenty(20, "9h", 18, "5h"), &[], ""),
        (twenty(20, "10h", 19, "4h59m"), &[], "it is paused earlier"),
        (twenty(20, "10h", 20, "5h"), &[], "it is paused earlier"),
        (
            twenty(21, "11h", 20, "5h"),
            &[],
            "20 collections are told together in A, 21 in B",
        ),
        (
            twenty(19, "11h", 18, "5h"),
            &["longer_halt"],
            "20 collections are told together in A, 19 in B",
        ),
        (
            base.lines().take(2).map(|it| format!("{it}\n")).collect(),
            &[],
            "does not say how long they were halted",
        ),
    ] {
        assert_eq!(worse(&base, &other), ways, "{other}");
        let difference = compare(&run(&base), &run(&other));
        let why: Vec<&str> = difference
            .unclear
            .iter()
            .map(|it| it.why.as_str())
            .collect();
        assert_eq!(
            why.len(),
            usize::from(!unclear.is_empty()),
            "{other}: {why:?}"
        );
        assert!(
            why.iter().all(|it| it.contains(unclear)),
            "{other}: {why:?}"
        );
        let out = told(&base, &other);
        let verdict = out.lines().next().unwrap_or("");
        let due = match (ways, unclear) {
            ([], "") => "; nothing got worse",
            ([], _) => "; whether it got worse cannot be told",
            ([..], _) => "; worse: longer_halt",
        };
        assert!(verdict.ends_with(due), "{out}");
        assert!(compare(&run(&other), &run(&other)).unclear.is_empty());
    }
}

#[test]
fn the_document_has_everything_and_is_json() {
    let b = OUTAGE
        .replace("1h10s ", "1h12s ")
        .replace("served 50, failed 50", "served 40, failed 60");
    let mut out = String::new();
    json(
        &compare(&run(OUTAGE), &run(&b)),
        ["a\u{202e}\"", "b"],
        &mut out,
    )
    .expect("a String takes it");
    let it: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(it["schema"], "keyoutage/diff/1");
    assert_eq!(it["a"]["name"], "a\u{202e}\"", "read back as it was");
    assert!(!out.contains('\u{202e}'), "nothing in it hides");
    assert_eq!(
        (&it["same"], &it["regression"]),
        (&false.into(), &true.into())
    );
    assert_eq!(it["facts"]["later"], 1);
    let subject = &it["subjects"][0];
    assert_eq!(subject["subject"], "acme/eu/x");
    assert_eq!(subject["changes"][0]["way"], "later");
    assert_eq!(subject["changes"][0]["b"]["t_ms"], 3_612_000);
    assert_eq!(subject["changes"][0]["a"]["milestones"][0], "ingest_halted");
    assert_eq!(subject["numbers"]["failed"]["b"], 60);
    assert_eq!(it["worse"][0]["what"], "more_queries_failed");
    assert_eq!(it["subjects"].as_array().map(Vec::len), Some(1));
}
