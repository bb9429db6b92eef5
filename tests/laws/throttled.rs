//! What holds of throttling whatever else goes wrong (MODEL 8).

use keyoutage::names::Kind;
use keyoutage::time::Time;
use keyoutage::timeline::{Fact, Timeline};

use crate::case::{Case, Event, What};
use crate::laws::{generated, parse, play};

/// Cases in which everybody asks: at rate 0 the share under throttling is another.
fn asked(law: u8) -> Vec<Case> {
    let mut all = generated(law, 150);
    for case in &mut all {
        let everybody = case.orgs.iter_mut().flat_map(|org| &mut org.collections);
        everybody
            .filter(|it| it.queries == "0")
            .for_each(|it| it.queries = "1/m");
        case.events.retain(|event| match event.what {
            What::Throttled(..) => false,
            What::Traffic(_, queries, _) => queries != "0",
            _ => true,
        });
    }
    all.retain(|case| parse(&case.yaml()).is_some());
    all
}

fn throttled(case: &Case, share: &'static str) -> Option<Timeline> {
    let mut case = case.clone();
    let (from, length) = (case.until_s / 5, (case.until_s / 2).min(9_000));
    let regions = if case.yaml().contains("us-east-1") {
        2
    } else {
        1
    };
    for region in 0..regions {
        // A millisecond that no other event of the generator has.
        case.events.push(Event {
            at_ms: from * 1_000 + 777 + region as u64,
            what: What::Throttled(region, share, None),
            lasts_s: Some(length),
        });
    }
    parse(&case.yaml()).map(|_| play(&case.yaml()))
}

fn told(timeline: &Timeline) -> Vec<(u64, String, String)> {
    let entries = timeline.entries.iter().filter(|it| {
        !matches!(it.fact, Fact::Command { .. } | Fact::Refused { .. })
            && it.subject.kind != Kind::Region
    });
    let each = entries.map(|it| {
        let name = timeline.names.text(it.subject);
        (
            it.time.ms(),
            name,
            format!("{:?} {:?}", it.fact, it.milestones),
        )
    });
    each.collect()
}

#[test]
fn a_throttling_that_refuses_hardly_anybody_changes_nothing() {
    let mut many = 0;
    for case in asked(80) {
        let Some(with) = throttled(&case, "0.0001%") else {
            continue;
        };
        many += 1;
        let yaml = case.yaml();
        let without = play(&yaml);
        assert_eq!(told(&without), told(&with), "{yaml}");
        without.each_total(|without, subject| {
            for part in 0..=40 {
                let time = Time::from_ms(without.until.ms() / 40 * part);
                let counts = |it: &Timeline| it.counts_at(subject, time);
                assert_eq!(counts(without), counts(&with), "{time}\n{yaml}");
                let lag =
                    |it: &Timeline| (it.lag_at(subject, time), it.lag_bytes_at(subject, time));
                assert_eq!(lag(without), lag(&with), "{time}\n{yaml}");
            }
        });
    }
    assert!(many > 80, "{many}");
}

#[test]
fn a_throttling_moves_no_status_where_access_is_granted() {
    for mut case in asked(81) {
        case.events
            .retain(|it| matches!(it.what, What::Rotation(..) | What::Traffic(..)));
        for key in &mut case.keys {
            (key.policy, key.state, key.replica) = ("vendor", "Enabled", Some("us-east-1"));
        }
        if parse(&case.yaml()).is_none() {
            continue;
        }
        let without = play(&case.yaml());
        for share in ["30%", "100%"] {
            let with = throttled(&case, share).expect("it loads");
            let status = |it: &keyoutage::timeline::Entry| matches!(it.fact, Fact::Status { .. });
            assert!(!with.entries.iter().any(status), "{}", case.yaml());
            without.each_total(|without, subject| {
                let (until, id) = (without.until, subject);
                let failed = |it: &Timeline| it.counts_at(id, until).failed;
                assert_eq!(failed(without), 0, "{}", case.yaml());
                assert!(
                    with.counts_at(id, until).issued == without.counts_at(id, until).issued,
                    "{}",
                    case.yaml()
                );
            });
        }
    }
}

#[test]
fn two_that_touch_are_one() {
    // Their own commands apart: nothing shows of where one ends and the next begins.
    for case in asked(82) {
        let mut whole = case.clone();
        let mut parts = case.clone();
        let (from, length) = (case.until_s / 5, (case.until_s / 2).min(6_000) / 2);
        let event = |at_s: u64, lasts: u64| Event {
            at_ms: at_s * 1_000 + 777,
            what: What::Throttled(0, "30%", None),
            lasts_s: Some(lasts),
        };
        whole.events.push(event(from, 2 * length));
        parts.events.push(event(from, length));
        parts.events.push(event(from + length, length));
        if parse(&whole.yaml()).is_none() || parse(&parts.yaml()).is_none() {
            continue;
        }
        assert_eq!(
            told(&play(&whole.yaml())),
            told(&play(&parts.yaml())),
            "{}",
            whole.yaml()
        );
    }
}

#[test]
fn a_longer_one_serves_no_more() {
    for mut case in generated(83, 100) {
        case.events.clear();
        for key in &mut case.keys {
            (key.policy, key.state, key.replica) = ("vendor", "Enabled", Some("us-east-1"));
        }
        let length = (case.until_s / 4).min(4_000);
        let with = |lasts: u64| {
            let mut case = case.clone();
            case.events.push(Event {
                at_ms: case.until_s * 200,
                what: What::Throttled(0, "90%", None),
                lasts_s: Some(lasts),
            });
            play(&case.yaml())
        };
        let (shorter, longer) = (with(length), with(2 * length));
        shorter.each_total(|shorter, subject| {
            for part in 1..=20 {
                let time = Time::from_ms(shorter.until.ms() / 20 * part);
                let served = |it: &Timeline| it.counts_at(subject, time).served();
                assert!(
                    served(&longer) <= served(shorter),
                    "{time}\n{}",
                    case.yaml()
                );
            }
        });
    }
}
