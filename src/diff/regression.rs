//! What counts as having got worse, declared: a closed list, judged of each collection, site by site.
//!
//! A collection is judged with all its incarnations together, and only if both runs have it: of what one run alone has
//! there is no before and after.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::Kind;
use crate::report::{Number, Numbers, Said, Told, Whom, bare, gist, halts, number};
use crate::states::{Outcome, SiteState, words};
use crate::text::grouped;
use crate::time::{Span, Time};

use super::collect::natural;

/// How the name of those that a golden timeline tells together ends.
pub(super) const FOLDED: &str = "/*";

words! {
    /// A way in which a run got worse.
    Regression {
        /// More queries failed.
        MoreFailed = "more_queries_failed",
        /// The pause (`PAUSING`) comes earlier, or it comes and did not.
        EarlierPause = "earlier_pause",
        /// Ingestion was halted longer, in all.
        LongerHalt = "longer_halt",
        /// The greatest lag is greater.
        GreaterLag = "greater_lag",
        /// The source drops what was not committed earlier, or it does and did not.
        EarlierLoss = "earlier_loss",
        /// More bytes were lost.
        MoreLost = "more_lost",
        /// The worst outcome is worse: `resumed` (or none), `resumed_with_gap`, `recreate_from_source`,
        /// `recreate_with_loss`.
        WorseOutcome = "worse_outcome",
        /// The restore deadline is earlier, or there is one and there was none.
        EarlierDeadline = "earlier_restore_deadline",
        /// A site that could operate cannot at the end.
        CannotOperate = "cannot_operate",
    }
}

impl Regression {
    /// What it says of a subject.
    pub const fn says(self) -> &'static str {
        match self {
            Regression::MoreFailed => "more queries failed",
            Regression::EarlierPause => "it is paused earlier",
            Regression::LongerHalt => "ingestion is halted longer",
            Regression::GreaterLag => "the greatest lag is greater",
            Regression::EarlierLoss => "data is lost earlier",
            Regression::MoreLost => "more data is lost",
            Regression::WorseOutcome => "the outcome is worse",
            Regression::EarlierDeadline => "the restore deadline is earlier",
            Regression::CannotOperate => "it cannot operate any more",
        }
    }
}

/// Something that got worse.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Worse {
    /// What.
    pub what: Regression,
    /// For whom.
    pub whom: Whom,
    /// How it was in A, and how it is in B.
    pub values: [String; 2],
}

/// What the judgement needs of one collection or site, all incarnations together.
#[derive(Clone, Default)]
struct Fate {
    failed: u64,
    lost: u64,
    lag: Option<Span>,
    deadline: Option<Time>,
    pausing: Option<Time>,
    dropped: Option<Time>,
    outcome: Option<Outcome>,
    halted: Span,
    site: Option<String>,
}

/// The sites whose collections either run folds.
pub(super) fn folded_in(a: &Told, b: &Told) -> BTreeSet<String> {
    folded(a).chain(folded(b)).collect()
}

/// What seems worse from `a` to `b`, `folded` sites as one; in no order.
pub(super) fn worse(a: &Told, b: &Told, folded: &BTreeSet<String>) -> Vec<Worse> {
    let (before, after) = (fates(a, folded), fates(b, folded));
    let mut all = Vec::new();
    for (whom, is) in &after {
        // What a golden timeline does not name was well.
        let well = Fate::default();
        let was = match before.get(whom) {
            Some(was) => was,
            None if a.golden => &well,
            None => continue,
        };
        judge(whom, was, is, &mut all);
    }
    all
}

/// Way by way, each in the order of subjects.
pub(super) fn sort(all: &mut [Worse]) {
    all.sort_by_cached_key(|it| (it.what, it.whom.kind, natural(&it.whom.name)));
}

fn judge(whom: &Whom, was: &Fate, is: &Fate, all: &mut Vec<Worse>) {
    let mut add = |what, holds: bool, values: [String; 2]| {
        if holds {
            let whom = whom.clone();
            all.push(Worse { what, whom, values });
        }
    };
    let counts = |a: u64, b: u64| [grouped(a), grouped(b)];
    let times = |a: Option<Time>, b: Option<Time>| {
        [a, b].map(|it| it.map_or("never".to_owned(), |it| it.to_string()))
    };
    let earlier = |a: Option<Time>, b: Option<Time>| b.is_some_and(|b| a.is_none_or(|a| b < a));
    let grew = |a: Option<Span>, b: Option<Span>| b.is_some_and(|b| b > a.unwrap_or(Span::ZERO));
    let (a, b) = (was, is);
    add(
        Regression::MoreFailed,
        b.failed > a.failed,
        counts(a.failed, b.failed),
    );
    let pausing = times(a.pausing, b.pausing);
    add(
        Regression::EarlierPause,
        earlier(a.pausing, b.pausing),
        pausing,
    );
    let halts = [a.halted, b.halted].map(|it| it.to_string());
    add(Regression::LongerHalt, b.halted > a.halted, halts);
    let lags = [a.lag, b.lag].map(|it| it.unwrap_or(Span::ZERO).to_string());
    add(Regression::GreaterLag, grew(a.lag, b.lag), lags);
    let dropped = times(a.dropped, b.dropped);
    add(
        Regression::EarlierLoss,
        earlier(a.dropped, b.dropped),
        dropped,
    );
    add(
        Regression::MoreLost,
        b.lost > a.lost,
        counts(a.lost, b.lost),
    );
    let outcomes = [a.outcome, b.outcome];
    let said = outcomes.map(|it| it.map_or("none", Outcome::word).to_owned());
    add(
        Regression::WorseOutcome,
        rank(b.outcome) > rank(a.outcome),
        said,
    );
    let deadlines = times(a.deadline, b.deadline);
    add(
        Regression::EarlierDeadline,
        earlier(a.deadline, b.deadline),
        deadlines,
    );
    let cannot = |it: &Fate| it.site.as_deref() == Some(SiteState::CannotOperate.word());
    let sites = [a, b].map(|it| {
        it.site
            .clone()
            .unwrap_or(SiteState::Operating.word().to_owned())
    });
    add(Regression::CannotOperate, cannot(b) && !cannot(a), sites);
}

/// A number of the site whose folded collections have this name.
pub(super) fn of_site(told: &Told, folded: &str, name: &str) -> Option<Number> {
    let site = folded.strip_suffix(FOLDED)?;
    let is_it = |it: &&(Whom, Numbers)| it.0.kind == Kind::Site && it.0.name == site;
    number(&told.numbers.iter().find(is_it)?.1, name)
}

/// How bad an outcome is; none yet is as good as `resumed`.
pub(super) fn rank(outcome: Option<Outcome>) -> usize {
    match outcome {
        None | Some(Outcome::Resumed) => 0,
        Some(Outcome::ResumedWithGap) => 1,
        Some(Outcome::RecreateFromSource) => 2,
        Some(Outcome::RecreateWithLoss) => 3,
    }
}

/// Sites of which a golden timeline tells some collections together, as `acme/us-east-1/*`.
fn folded(told: &Told) -> impl Iterator<Item = String> + '_ {
    let facts = told.facts.iter().map(|it| &it.whom);
    let all = facts.chain(told.numbers.iter().map(|(whom, _)| whom));
    all.filter(|it| it.name.ends_with(FOLDED))
        .map(|it| it.name.clone())
}

/// Who is judged: a collection without its incarnation; those of a folded site together.
fn judged(whom: &Whom, folded: &BTreeSet<String>) -> Whom {
    let bare = bare(&whom.name);
    let site = bare.rsplit_once('/').map_or(bare, |(site, _)| site);
    let together = || format!("{site}{FOLDED}");
    let is_folded = !folded.is_empty() && whom.kind == Kind::Collection;
    let together = is_folded.then(together).filter(|it| folded.contains(it));
    let name = together.unwrap_or_else(|| bare.to_owned());
    Whom {
        kind: whom.kind,
        name,
    }
}

fn fates(told: &Told, folded: &BTreeSet<String>) -> BTreeMap<Whom, Fate> {
    let mut all: BTreeMap<Whom, Fate> = BTreeMap::new();
    let collections = |it: &&(Whom, Numbers)| it.0.kind == Kind::Collection;
    for (whom, numbers) in told.numbers.iter().filter(collections) {
        let fate = all.entry(judged(whom, folded)).or_default();
        let many = |name| match number(numbers, name) {
            Some(Number::Count(it) | Number::Bytes(it)) => it,
            Some(Number::At(_) | Number::For(_) | Number::Signed(_)) | None => 0,
        };
        fate.failed = fate.failed.saturating_add(many("failed"));
        fate.lost = fate.lost.saturating_add(many("lost_bytes"));
        if let Some(Number::For(lag)) = number(numbers, "greatest_lag") {
            fate.lag = fate.lag.max(Some(lag));
        }
        if let Some(Number::At(deadline)) = number(numbers, "restore_deadline") {
            fate.deadline = Some(fate.deadline.map_or(deadline, |it| it.min(deadline)));
        }
    }
    for begin in &told.begins {
        let fate = all.entry(judged(&begin.whom, folded)).or_default();
        match begin.whom.kind {
            Kind::Site => fate.site = state_of(&begin.words),
            Kind::Key | Kind::Replica | Kind::Region | Kind::Org | Kind::Collection => {}
        }
    }
    for it in &told.facts {
        let whom = || judged(&it.whom, folded);
        match it.whom.kind {
            Kind::Site => {
                if let Some(state) = state_of(&it.words) {
                    all.entry(whom()).or_default().site = Some(state);
                }
            }
            Kind::Collection if counts(&it.words) => live(all.entry(whom()).or_default(), it),
            Kind::Key | Kind::Replica | Kind::Region | Kind::Org | Kind::Collection => {}
        }
    }
    for (name, halted) in halts(told) {
        let name = name.to_owned();
        let kind = Kind::Collection;
        let fate = all.entry(judged(&Whom { kind, name }, folded)).or_default();
        fate.halted = fate.halted + halted;
    }
    for name in folded {
        // Of what is folded it is not known who came back when; the whole site's sum is kept.
        if let Some(Number::For(halted)) = of_site(told, name, "halted") {
            let (kind, name) = (Kind::Collection, name.clone());
            all.entry(Whom { kind, name }).or_default().halted = halted;
        }
    }
    all
}

/// `site operating`, as the state; nothing of other words.
fn state_of(words: &str) -> Option<String> {
    gist(words).strip_prefix("site ").map(str::to_owned)
}

/// Whether a fact of a collection is of a kind that decides its fate.
fn counts(words: &str) -> bool {
    let first = words.split(' ').next().unwrap_or("");
    ["status", "data", "outcome"].contains(&first)
}

/// What one fact does to a collection's fate.
fn live(fate: &mut Fate, it: &Said) {
    let first = |so_far: Option<Time>| so_far.or(Some(it.time));
    let mut words = gist(&it.words).split(' ');
    match (words.next(), words.next_back()) {
        (Some("status"), Some("PAUSING")) => fate.pausing = first(fate.pausing),
        (Some("data"), Some("lost")) => fate.dropped = first(fate.dropped),
        (Some("outcome"), Some(word)) => {
            let outcome = Outcome::from_word(word);
            if rank(outcome) >= rank(fate.outcome) {
                fate.outcome = outcome;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, counts, live, state_of};
    use crate::names::Kind;
    use crate::report::{Said, Told, Whom, halts, read_golden, said};
    use crate::states::{Ingest, Outcome, SiteState, Status};
    use crate::time::{Span, Time};
    use crate::timeline::{Fact, Milestones, Tables};

    fn words(fact: &Fact) -> String {
        let tables = Tables {
            texts: &[],
            policies: &[],
            accesses: &[],
        };
        said(tables, fact)
    }

    fn fate(fact: &Fact) -> Fate {
        let mut fate = Fate::default();
        let it = Said {
            time: Time::from_ms(7),
            whom: Whom {
                kind: Kind::Collection,
                name: "a/b/c".to_owned(),
            },
            words: words(fact),
            milestones: Milestones::NONE,
        };
        if counts(&it.words) {
            live(&mut fate, &it);
        }
        fate
    }

    /// The judgement reads words back: these are the words in which facts are told.
    #[test]
    fn every_fact_that_is_judged_is_understood_as_it_is_told() {
        let at = Some(Time::from_ms(7));
        for to in Status::ALL.iter().copied() {
            let from = Status::Ready;
            let fact = Fact::Status {
                from,
                to,
                counts: Default::default(),
            };
            let due = at.filter(|_| to == Status::Pausing);
            assert_eq!(fate(&fact).pausing, due, "{to}");
        }
        assert_eq!(fate(&Fact::DataLost).dropped, at);
        for to in Outcome::ALL.iter().copied() {
            for bytes in [0, 1_500] {
                let fact = Fact::Outcome { to, bytes };
                assert_eq!(fate(&fact).outcome, Some(to), "{to} {bytes}");
            }
        }
        for to in SiteState::ALL.iter().copied() {
            let state = state_of(&words(&Fact::Site { to }));
            assert_eq!(state.as_deref(), Some(to.word()));
        }
    }

    #[test]
    fn every_state_of_ingestion_and_the_end_of_a_collection_count_for_its_halts() {
        let ingest = |to| {
            words(&Fact::Ingest {
                to,
                lag_ms: 9_000,
                lag_bytes: 1,
            })
        };
        let told = |end: &str| -> Told {
            let text = format!(
                "# keyoutage golden timeline, form 1\n# A\n# profile p, seed 0, until 1d\n\
                 1h  collection a/b/c  {}\n2h  collection a/b/c  {end}\ndigest {:016x}\n",
                ingest(Ingest::Halted),
                0
            );
            read_golden(&text).expect("it is one")
        };
        let ends = Ingest::ALL.iter().filter(|it| **it != Ingest::Halted);
        for end in ends.map(|it| ingest(*it)).chain([words(&Fact::Deleted)]) {
            let told = told(&end);
            assert_eq!(
                halts(&told).get("a/b/c"),
                Some(&Span::from_ms(3_600_000)),
                "{end}"
            );
        }
        let whole = told(&ingest(Ingest::Halted));
        assert_eq!(
            halts(&whole).get("a/b/c"),
            Some(&Span::from_ms(23 * 3_600_000))
        );
    }
}
