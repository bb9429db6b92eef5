//! Law 12, every output can be read back, for the forms that `diff` compares; and what must hold of comparing.

use keyoutage::chance::Seed;
use keyoutage::diff::{Change, Difference, Of, compare};
use keyoutage::engine::run;
use keyoutage::report::{Run, Told, golden, json, ndjson, read_golden};
use keyoutage::timeline::{Timeline, read};

use crate::laws::{generated, parse, play};

fn told(timeline: &Timeline, tell: impl Fn(&Run<'_>, &mut String)) -> (Told, String) {
    let digest = timeline.digest();
    let run = Run {
        timeline,
        expectations: &[],
        verdicts: &[],
        digest: &digest,
    };
    let mut text = String::new();
    tell(&run, &mut text);
    (Told::of(&run), text)
}

#[test]
fn law_12_saved_runs_are_read_back() {
    for case in generated(121, 100) {
        let timeline = play(&case.yaml());
        let (due, lines) = told(&timeline, |run, out| ndjson(run, out).expect("a String"));
        let saved = read(&lines).unwrap_or_else(|it| panic!("{it:?}\n{lines}"));
        assert_eq!(Told::again(&saved).as_ref(), Ok(&due), "{}", case.yaml());
        // Nothing is lost on the way: the same lines can be written again.
        let mut again = String::new();
        for entry in 0..saved.entries.len() as u32 {
            saved.write_line(entry, &mut again);
            again.push('\n');
        }
        for total in 0..saved.totals.len() {
            saved.write_total(total, &mut again);
            again.push('\n');
        }
        let all: Vec<&str> = lines.split_inclusive('\n').collect();
        assert_eq!(again, all[1..all.len() - 1].concat());
        let (_, document) = told(&timeline, |run, out| json(run, out).expect("a String"));
        assert_eq!(read(&document), Ok(saved));
    }
}

#[test]
fn law_12_golden_timelines_are_read_back() {
    for case in generated(122, 100) {
        let (whole, text) = told(&play(&case.yaml()), |run, out| {
            golden(&Told::of(run), out).expect("a String");
        });
        let kept = read_golden(&text).unwrap_or_else(|it| panic!("{it:?}\n{text}"));
        let mut again = String::new();
        golden(&kept, &mut again).expect("a String takes it");
        assert_eq!(again, text);
        for difference in [compare(&kept, &whole), compare(&whole, &kept)] {
            assert!(difference.is_same(), "{difference:?}\n{text}");
        }
    }
}

/// A byte of a saved run may have become any other: it is read, or refused with its reason, and can be compared and told.
#[test]
fn a_saved_run_with_another_byte_is_read_or_refused() {
    let (mut readable, mut refused) = (0, 0);
    for case in generated(125, 6) {
        let timeline = play(&case.yaml());
        let (whole, document) = told(&timeline, |run, out| json(run, out).expect("a String"));
        let (_, kept) = told(&timeline, |run, out| {
            golden(&Told::of(run), out).expect("a String");
        });
        for text in [document, kept] {
            let step = (text.len() / 400).max(1);
            for (at, byte) in (0..text.len())
                .step_by(step)
                .zip(b"90-\"{ x,\n\xff".iter().cycle())
            {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = *byte;
                let Ok(changed) = String::from_utf8(bytes) else {
                    continue;
                };
                let again = if changed.starts_with('#') {
                    read_golden(&changed).ok()
                } else {
                    read(&changed)
                        .ok()
                        .and_then(|saved| Told::again(&saved).ok())
                };
                let Some(again) = again else {
                    refused += 1;
                    continue;
                };
                readable += 1;
                for difference in [compare(&again, &whole), compare(&whole, &again)] {
                    let mut out = String::new();
                    keyoutage::diff::text(&difference, ["a", "b"], &mut out).expect("a String");
                    keyoutage::diff::json(&difference, ["a", "b"], &mut out).expect("a String");
                }
            }
        }
    }
    assert!(readable > 300 && refused > 300, "{readable} {refused}");
}

/// The pairs of runs that are compared: other dice, and one event less.
fn pairs(law: u8) -> Vec<[Told; 2]> {
    let of = |timeline: &Timeline| told(timeline, |_, _| ()).0;
    let mut pairs = Vec::new();
    for case in generated(law, 60) {
        let scenario = parse(&case.yaml()).expect("it loads");
        let one = of(&run(&scenario, Seed(7)));
        pairs.push([one.clone(), of(&run(&scenario, Seed(8)))]);
        let mut less = case.clone();
        less.events.pop();
        if let Some(less) = parse(&less.yaml()) {
            pairs.push([one, of(&run(&less, Seed(7)))]);
        }
    }
    pairs
}

#[test]
fn a_run_differs_in_nothing_from_itself() {
    for [a, _] in pairs(123) {
        let difference = compare(&a, &a);
        assert!(
            difference.is_same() && difference.worse.is_empty(),
            "{difference:?}"
        );
        assert!(difference.asked.is_empty());
    }
}

/// Everything that differs, seen from the other run.
fn mirrored(of: &Of) -> Of {
    let changes = of.changes.iter().cloned().map(|change| match change {
        Change::Moved(a, b) => Change::Moved(b, a),
        Change::Changed(a, b) => Change::Changed(b, a),
        Change::Gone(a) => Change::New(a),
        Change::New(b) => Change::Gone(b),
    });
    let numbers = of.numbers.iter().map(|(name, [a, b])| (*name, [*b, *a]));
    sorted(Of {
        whom: of.whom.clone(),
        only: of.only.map(|side| 1 - side),
        begin: of.begin.clone().map(|[a, b]| [b, a]),
        changes: changes.collect(),
        numbers: numbers.collect(),
    })
}

fn sorted(mut of: Of) -> Of {
    of.changes.sort_by_key(|change| format!("{change:?}"));
    of
}

#[test]
fn from_the_other_side_earlier_is_later_and_gone_is_new() {
    let (mut differing, mut facts) = (0, 0);
    for [a, b] in pairs(124) {
        let (there, back): (Difference, Difference) = (compare(&a, &b), compare(&b, &a));
        let seen: Vec<Of> = there.subjects.iter().map(mirrored).collect();
        let due: Vec<Of> = back.subjects.into_iter().map(sorted).collect();
        assert_eq!(seen, due);
        let (one, other) = (there.tally(), compare(&b, &a).tally());
        assert_eq!(
            (one.earlier, one.gone, one.changed),
            (other.later, other.new, other.changed)
        );
        differing += usize::from(!there.is_same());
        facts += one.earlier + one.later + one.gone + one.new + one.changed;
        // Nothing is left out and nothing told twice: what is paired or alone adds up to what there is.
        let count = |a: usize, b: usize| a as i64 - b as i64;
        assert_eq!(
            count(one.gone, one.new),
            count(a.facts.len(), b.facts.len())
        );
    }
    assert!(differing > 40 && facts > 1_000, "{differing} {facts}");
}
