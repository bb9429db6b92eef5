//! Suites made by hand, of whatever words.

use keyoutage::report::suite::{
    Broken, Came, Case, Check, Fails, Fate, Golden, Judged, Review, Seeds, Suite,
};
use keyoutage::report::{Link, Miss, Unmet};
use keyoutage::scenario::{Code, Problem, Problems};
use keyoutage::time::Time;
use keyoutage::yaml::Mark;

/// One case of every fate, with a word wherever free text can stand.
pub fn suite(word: &str) -> Suite {
    let golden = |came| {
        Some(Golden {
            file: format!("{word}.timeline"),
            came,
        })
    };
    let met = |line| check(word, line, None);
    let unmet = |line, seeds| check(word, line, Some(fails(word, seeds)));
    let cases = [
        judged(1, vec![met(3), met(4)], None),
        judged(1, vec![unmet(3, 1), met(4)], golden(Came::Same)),
        judged(
            1_000,
            vec![unmet(3, 12)],
            golden(Came::Differs(word.to_owned())),
        ),
        judged(
            1,
            vec![met(3)],
            golden(Came::Differs(format!("a\n  {word}\n"))),
        ),
        judged(1, Vec::new(), golden(Came::Written)),
        Fate::Broken(Broken::Problems(problems(word, Code::UnknownName))),
        Fate::Broken(Broken::Unread {
            said: word.to_owned(),
            machine: false,
        }),
        Fate::Skipped,
    ];
    let cases = cases.into_iter().enumerate().map(|(at, fate)| Case {
        file: format!("{at}{word}.yaml"),
        argument: format!("{at}{word}.yaml"),
        name: (at % 2 == 0).then(|| word.to_owned()),
        warnings: match &fate {
            Fate::Judged(_) => problems(word, Code::OddPolicy),
            Fate::Broken(_) | Fate::Skipped => Problems::default(),
        },
        fate,
    });
    Suite {
        cases: cases.collect(),
        unselected: 2,
        strays: vec![format!("stray{word}.timeline")],
        review: Some(Review {
            text: format!("\ncoverage: 1 of 2\n  {word}\n"),
            holds: word.len().is_multiple_of(2),
            objects: vec![("coverage", serde_json::json!({ "covered": word }))],
        }),
    }
}

fn judged(count: u64, checks: Vec<Check>, golden: Option<Golden>) -> Fate {
    let failing = checks.iter().filter_map(|it| it.fails.as_ref());
    let first = failing.clone().map(|it| it.first).min();
    Fate::Judged(Judged {
        seeds: Seeds {
            first: 5,
            count,
            failing: failing.map(|it| it.seeds).max().unwrap_or(0),
            first_failing: first,
        },
        checks,
        golden,
    })
}

fn check(word: &str, line: u32, fails: Option<Fails>) -> Check {
    Check {
        line,
        column: 5,
        text: format!("by: 1m, collections: {word}"),
        fails,
    }
}

fn fails(word: &str, seeds: u64) -> Fails {
    let link = |entry, text: &str| Link {
        entry,
        time: Time::from_ms(60_000),
        text: format!("#{entry} 1m {text}"),
    };
    let told = |because: Vec<Link>| Miss {
        who: format!("acme/us-east-1/{word}"),
        instant: Some(Time::from_ms(72_000)),
        was: format!("queries all at 1m12s {word}"),
        nearest: Some(word.to_owned()),
        from_start: because.is_empty(),
        because,
        more: format!("keyoutage explain {word}"),
    };
    Fails {
        seeds,
        first: 17,
        unmet: Unmet {
            selected: 9,
            failed: 4,
            told: vec![
                told(vec![link(2, word), link(0, "command")]),
                told(Vec::new()),
            ],
        },
    }
}

fn problems(word: &str, code: Code) -> Problems {
    let mark = Mark {
        line: 2,
        column: 1,
        length: 3,
    };
    let problem = Problem::new(code, "x.yaml", mark, word)
        .expected(word)
        .help(word);
    Problems::new(
        vec![problem],
        [("x.yaml".to_owned(), format!("a\n{word}\n"))].into(),
    )
}
