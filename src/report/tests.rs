//! Renderers on a timeline made by hand, to the byte.

use super::{Origin, Run, chain, csv, failures, tally, text, why};
use crate::expect::made::{calm, clicks, counts, east, enter, finish, replica, time};
use crate::expect::{Judgement, Verdict, judge};
use crate::names::{Kind, Subject};
use crate::scenario::{Expectation, Selection, What, When, Who};
use crate::states::{AccessWord, Milestone, Queries, Status};
use crate::timeline::{By, Fact, Timeline};

/// `clicks` serves none from 1m12s on, because `main` is switched off at 1m.
fn outage(many: u32) -> Timeline {
    let mut timeline = calm(120_000, many);
    timeline.scenario = "an \u{1b}[31moutage".to_owned();
    timeline
        .texts
        .push("key: main, region: us-east-1".to_owned());
    let command = Fact::Command {
        verb: "DisableKey",
        fields: 0,
        by: By::Written,
    };
    let refused = Fact::Access {
        to: AccessWord::Refused,
        access: 1,
    };
    let none = Fact::Queries {
        to: Queries::None,
        live: 0,
        counts: counts(),
    };
    let command = enter(&mut timeline, 60_000, replica(), command, None);
    let access = enter(&mut timeline, 65_000, east(), refused, Some(command));
    let none = enter(&mut timeline, 72_000, clicks(), none, Some(access));
    let entry = &mut timeline.entries[none as usize];
    entry.milestones = entry.milestones.and(Milestone::AllQueriesFailing);
    entry.with = Box::new([command]);
    finish(&mut timeline);
    timeline
}

fn by(ms: u64) -> Expectation {
    let mut selection = Selection::default();
    selection.push(0);
    selection.push(1);
    Expectation {
        when: When::By(time(ms)),
        stays: None,
        other: What::default(),
        who: Who::Collections(selection, None),
        what: What {
            queries: Some(Queries::None),
            ..What::default()
        },
        line: 31,
        column: 5,
        text: "by 1m, collections acme/us-east-1/*: queries none".to_owned(),
    }
}

fn blocks(timeline: &Timeline, expectation: &Expectation) -> (Verdict, String) {
    let all = std::slice::from_ref(expectation);
    let verdict = judge(all, timeline.until, timeline).remove(0);
    let mut out = String::new();
    failures(
        timeline,
        expectation,
        &verdict,
        &Origin::file("x.yaml"),
        &mut out,
    )
    .expect("a String takes it");
    (verdict, out)
}

#[test]
fn a_failure_says_what_was_how_near_it_came_and_why() {
    let timeline = outage(1);
    let (verdict, said) = blocks(&timeline, &by(60_000));
    assert_eq!(
        said,
        "\
x.yaml:31:5: by 1m, collections acme/us-east-1/*: queries none
  does not hold for acme/us-east-1/clicks (2 of 2 selected)
    was: queries all at 1m
    nearest: queries became none at 1m12s, 12s after the bound
    because: #2 1m12s queries none ← #1 1m05s access refused (disabled) ← #0 1m command DisableKey key: main, region: us-east-1
    more: keyoutage explain x.yaml --at 1m --collection acme/us-east-1/clicks
  does not hold for acme/us-east-1/users (2 of 2 selected)
    was: queries all at 1m
    nearest: queries none at no time
    because: it was so from the start
    more: keyoutage explain x.yaml --at 1m --collection acme/us-east-1/users
"
    );
    assert_eq!(
        why(&timeline, &verdict).as_deref(),
        Some(
            "acme/us-east-1/clicks: queries all at 1m; queries became none at 1m12s, \
             12s after the bound (2 of 2 selected)"
        )
    );
}

#[test]
fn verdicts_are_counted() {
    let verdict = |judgement| Verdict {
        expectation: 0,
        judgement,
        selected: 1,
        failed: 0,
        failures: Vec::new(),
    };
    let one = |judgement| tally(&[verdict(judgement)]);
    assert_eq!(tally(&[]), "no expectations");
    assert_eq!(one(Judgement::Holds), "1 of 1 expectation holds");
    let some = [Judgement::Holds, Judgement::Fails, Judgement::NotJudged].map(verdict);
    assert_eq!(
        tally(&some),
        "1 of 3 expectations hold, 1 not judged (the run was made shorter)"
    );
}

fn run<'a>(timeline: &'a Timeline) -> Run<'a> {
    Run {
        timeline,
        expectations: &[],
        verdicts: &[],
        digest: "0123456789abcdef0123456789abcdef",
    }
}

#[test]
fn a_timeline_is_told_in_columns_and_nothing_escapes() {
    let timeline = outage(1);
    let mut out = String::new();
    text(&run(&timeline), &mut out).expect("a String takes it");
    assert_eq!(
        out,
        "\
an <U+001B>[31moutage
profile example, seed 7, until 2m

#0  1m     replica main/us-east-1            command DisableKey key: main, region: us-east-1
#1  1m05s  site acme/us-east-1               access refused (disabled)  ← #0
#2  1m12s  collection acme/us-east-1/clicks  queries none  [all_queries_failing]  ← #1, #0

3 entries, digest 0123456789abcdef
"
    );
}

#[test]
fn many_alike_are_folded_and_counted() {
    let mut timeline = calm(120_000, 1_000);
    for id in 3..1_003 {
        let paused = Fact::Status {
            from: Status::Pausing,
            to: Status::Paused,
            counts: counts(),
        };
        let subject = Subject::new(Kind::Collection, id);
        enter(&mut timeline, u64::from(id) * 10, subject, paused, None);
    }
    finish(&mut timeline);
    let mut out = String::new();
    text(&run(&timeline), &mut out).expect("a String takes it");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3 + 3 + 1 + 2);
    assert_eq!(
        lines[6],
        "…      60ms      collection acme/us-west-2/*           \
         status PAUSING → PAUSED: … and 997 more like it, the last at 10s020ms"
    );
}

#[test]
fn a_table_has_a_row_an_entry_and_ends_lines_as_the_rfc_says() {
    let timeline = outage(1);
    let mut out = String::new();
    csv(&run(&timeline), &mut out).expect("a String takes it");
    let rows: Vec<&str> = out.split("\r\n").collect();
    assert_eq!(rows.len(), 5, "a header, three entries, and the end");
    assert_eq!(
        rows[1],
        "0,60000,replica,main/us-east-1,command,,,,,,DisableKey,\"key: main, region: us-east-1\",written,,,,,,,,,,,,"
    );
    assert_eq!(
        rows[3],
        "2,72000,collection,acme/us-east-1/clicks,queries,1,0,all_queries_failing,,none,,,,,,,0,0,0,0,,,,,"
    );
    let columns = rows[0].split(',').count();
    assert_eq!(rows[3].split(',').count(), columns);
}

#[test]
fn a_chain_goes_back_to_the_command() {
    let timeline = outage(1);
    assert!(chain(&timeline, &timeline.chain(2)).ends_with("key: main, region: us-east-1"));
}

/// What failed again since it first came back did not end there.
#[test]
fn what_failed_more_than_once_is_counted_with_its_last_end() {
    let mut timeline = outage(1);
    let turn = |to| Fact::Queries {
        to,
        live: 0,
        counts: counts(),
    };
    for (ms, to) in [(80_000, Queries::All), (90_000, Queries::Some)] {
        enter(&mut timeline, ms, clicks(), turn(to), None);
    }
    finish(&mut timeline);
    let failing = super::View::new(&timeline).sites[0].queries_again;
    let failing = failing.expect("it failed twice");
    assert_eq!((failing.times, failing.failing), (2, 1));
    assert_eq!(failing.back, Some(time(80_000)));
    enter(&mut timeline, 95_000, clicks(), turn(Queries::None), None);
    enter(&mut timeline, 100_000, clicks(), turn(Queries::All), None);
    finish(&mut timeline);
    let view = super::View::new(&timeline);
    let over = view.sites[0].queries_again.expect("it failed twice");
    assert_eq!((over.times, over.failing), (2, 0), "worse is not once more");
    assert_eq!(over.back, Some(time(100_000)));
    assert_eq!(view.sites[0].ingest_again, None);
}
