//! Two runs, compared in the words of the model: facts earlier, later, gone and new, by subject.
//!
//! Both runs are taken as [`Told`]: the words every output has. Where one of them is a golden timeline, which folds and
//! leaves out, the other is put into that form first, so that both say as much.

mod align;
mod collect;
mod fold;
mod json;
mod regression;
#[cfg(test)]
mod tests;
mod text;
mod unclear;

use crate::report::{Begun, Head, Number, Said, Told, Whom, golden, read_golden};

pub use json::json;
pub use regression::{Regression, Worse};
pub use text::text;
pub use unclear::Unclear;

/// What differs between a run A and a run B.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// What was run.
    pub heads: [Head; 2],
    /// How many facts each has; folded ones of a golden timeline count once.
    pub facts: [usize; 2],
    /// The digests, as far as both are known: 64 hex digits, or 16.
    pub digests: [String; 2],
    /// What was asked otherwise. It is told, but by itself it is no difference: what happened may be the same.
    pub asked: Vec<Asked>,
    /// Those for whom anything differs, in the order of kinds and names.
    pub subjects: Vec<Of>,
    /// What got worse from A to B.
    pub worse: Vec<Worse>,
    /// Of whom that cannot be told, as a golden timeline folds them.
    pub unclear: Vec<Unclear>,
}

/// Something of the head that differs: its name, and its value in each run that has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// What kind of thing it is.
    pub about: About,
    /// Its name: `until`, `cache.life`, `policies/vendor.json`.
    pub name: String,
    /// Its value in A and in B.
    pub values: [Option<String>; 2],
}

/// What a head is made of.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum About {
    /// Profile, seed, start, end.
    Run,
    /// A parameter; one that a run does not name is as its profile has it.
    Setting,
    /// A file besides the scenario, by its SHA-256.
    File,
}

impl About {
    /// As it is written in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            About::Run => "run",
            About::Setting => "setting",
            About::File => "file",
        }
    }
}

/// What differs for one subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Of {
    /// Whom.
    pub whom: Whom,
    /// The run in which alone it is (0 is A), where that can be told: of collections.
    pub only: Option<usize>,
    /// What was so of it at the start, in A and in B, where that differs.
    pub begin: Option<[Option<String>; 2]>,
    /// What happened, in the order of time.
    pub changes: Vec<Change>,
    /// The numbers that differ.
    pub numbers: Vec<(&'static str, [Option<Number>; 2])>,
}

/// How one fact differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// It comes at another time in B, perhaps in other words.
    Moved(Said, Said),
    /// It comes at the same time, in other words.
    Changed(Said, Said),
    /// It is in A only.
    Gone(Said),
    /// It is in B only.
    New(Said),
}

impl Change {
    /// The fact in A and in B.
    pub fn sides(&self) -> [Option<&Said>; 2] {
        match self {
            Change::Moved(a, b) | Change::Changed(a, b) => [Some(a), Some(b)],
            Change::Gone(a) => [Some(a), None],
            Change::New(b) => [None, Some(b)],
        }
    }

    /// The fact in A, or in B where A has none.
    pub fn first(&self) -> &Said {
        match self {
            Change::Moved(a, _) | Change::Changed(a, _) | Change::Gone(a) => a,
            Change::New(b) => b,
        }
    }
}

/// How many facts differ in which way.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Facts that come earlier in B.
    pub earlier: usize,
    /// Facts that come later in B.
    pub later: usize,
    /// Facts that B lacks.
    pub gone: usize,
    /// Facts that A lacks.
    pub new: usize,
    /// Facts at the same time, in other words.
    pub changed: usize,
}

impl Difference {
    /// Whether the same happened in both.
    pub fn is_same(&self) -> bool {
        self.subjects.is_empty() && self.same_digest()
    }

    /// Whether the digests agree, as far as both are known.
    pub fn same_digest(&self) -> bool {
        let [a, b] = &self.digests;
        a.starts_with(b.as_str()) || b.starts_with(a.as_str())
    }

    /// How many facts differ in which way.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for change in self.subjects.iter().flat_map(|it| &it.changes) {
            match change {
                Change::Moved(a, b) if b.time < a.time => tally.earlier += 1,
                Change::Moved(..) => tally.later += 1,
                Change::Changed(..) => tally.changed += 1,
                Change::Gone(_) => tally.gone += 1,
                Change::New(_) => tally.new += 1,
            }
        }
        tally
    }
}

/// Compares two runs.
pub fn compare(a: &Told, b: &Told) -> Difference {
    if a.golden != b.golden {
        return compare(&as_golden(a), &as_golden(b));
    }
    if a.measured != b.measured {
        return compare(&counted(a), &counted(b));
    }
    let folded = regression::folded_in(a, b);
    let mut worse = regression::worse(a, b, &folded);
    let unclear = unclear::unclear(a, b, &folded, &mut worse);
    regression::sort(&mut worse);
    let mut difference = Difference {
        heads: [a.head.clone(), b.head.clone()],
        facts: [a.facts.len(), b.facts.len()],
        digests: [a.digest.clone(), b.digest.clone()],
        asked: asked(&a.head, &b.head),
        subjects: collect::subjects(a, b),
        worse,
        unclear,
    };
    // What is the same is no worse, however much of it is folded.
    if difference.is_same() {
        difference.unclear.clear();
    }
    difference
}

/// A run as a golden timeline keeps it.
fn as_golden(told: &Told) -> Told {
    if told.golden {
        return told.clone();
    }
    let mut text = String::new();
    golden(told, &mut text).expect("writing to a String cannot fail");
    let mut golden =
        read_golden(&text).expect("what is written as a golden timeline is read as one");
    golden.measured = told.measured;
    golden
}

/// A run with what was counted, and without measures: an older file has none.
fn counted(told: &Told) -> Told {
    let mut told = told.clone();
    told.measured = false;
    for (_, numbers) in &mut told.numbers {
        numbers.retain(|(name, _)| {
            [
                "collections",
                "halted",
                "issued",
                "served",
                "failed",
                "lost_bytes",
            ]
            .contains(name)
        });
    }
    told
}

/// What was asked otherwise. The name of the scenario is a title, and the seed stands in the head.
fn asked(a: &Head, b: &Head) -> Vec<Asked> {
    let mut all = Vec::new();
    let mut add = |about: About, name: &str, values: [Option<String>; 2]| {
        if values[0] != values[1] {
            all.push(Asked {
                about,
                name: name.to_owned(),
                values,
            });
        }
    };
    let texts = |of: fn(&Head) -> String| [a, b].map(|it| Some(of(it)));
    add(About::Run, "profile", texts(|it| it.profile.clone()));
    add(About::Run, "seed", texts(|it| it.seed.to_string()));
    add(About::Run, "until", texts(|it| it.until.to_string()));
    add(
        About::Run,
        "start",
        [a, b].map(|it| it.start.map(|at| at.to_string())),
    );
    for (about, lists) in [
        (About::Setting, [&a.set, &b.set]),
        (About::File, [&a.files, &b.files]),
    ] {
        let [Some(one), Some(other)] = lists else {
            continue;
        };
        let of = |list: &[(String, String)], name: &str| {
            let found = list.iter().find(|(it, _)| it == name);
            found.map(|(_, value)| value.clone())
        };
        let mut names: Vec<&String> = one.iter().chain(other).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            add(about, name, [of(one, name), of(other, name)]);
        }
    }
    all
}

/// Whether two sayings of the start are the same.
fn same_begin(a: Option<&Begun>, b: Option<&Begun>) -> bool {
    a.map(|it| &it.words) == b.map(|it| &it.words)
}
