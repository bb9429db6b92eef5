//! What a failure says.

use super::{collections, failure, holds, outage, queries, verdict};
use crate::expect::TOLD;
use crate::expect::made::{calm, time};
use crate::names::Kind;
use crate::scenario::{Selection, When, Who};
use crate::states::Queries;

#[test]
fn a_miss_says_by_how_much_and_why() {
    let timeline = outage();
    let none = || queries(Queries::None);
    let who = || collections(&[0, 1]);
    let told = verdict(&timeline, When::By(time(1_988)), who(), none());
    assert_eq!((told.selected, told.failed, told.failures.len()), (2, 2, 2));
    let clicks = &told.failures[0];
    assert_eq!(clicks.was, "queries some at 1s988ms");
    assert_eq!(
        clicks.nearest.as_deref(),
        Some("queries became none at 2s, 12ms after the bound")
    );
    assert_eq!(
        (clicks.entries.as_slice(), clicks.chain.as_slice()),
        (&[5][..], &[5, 2, 0][..])
    );
    let quiet = &told.failures[1];
    assert_eq!(quiet.nearest.as_deref(), Some("queries none at no time"));
    assert_eq!((quiet.entries.len(), quiet.chain.len()), (0, 0));
    for (when, what, nearest) in [
        (
            When::Within(time(2_500), time(2_600)),
            none(),
            "queries became none at 2s, 500ms before the window",
        ),
        (
            When::Within(time(100), time(200)),
            none(),
            "queries became none at 2s, 1s800ms after the window",
        ),
        (
            When::At(time(1_500)),
            none(),
            "queries became none at 2s, 500ms later",
        ),
        (
            When::At(time(3_000)),
            none(),
            "it was so from 2s until 3s, up to this very instant",
        ),
        (
            When::At(time(3_001)),
            none(),
            "it was so from 2s until 3s, 1ms earlier",
        ),
        (When::Never, none(), "it was so from 2s until 3s"),
        (
            When::Always,
            queries(Queries::All),
            "it was not so from 1s500ms until 3s: 1s500ms in all",
        ),
        (
            When::Throughout(time(1_600), time(1_700)),
            queries(Queries::All),
            "not once in there; it was so from 0s until 1s500ms, 100ms earlier",
        ),
        (
            When::Always,
            none(),
            "it was not so from 0s until 2s, and 1 time more: 9s in all",
        ),
    ] {
        let told = failure(&timeline, when, collections(&[0]), what);
        assert_eq!(told.nearest.as_deref(), Some(nearest), "{when:?}");
    }
}

#[test]
fn only_a_handful_of_failures_is_told_and_a_million_untouched_are_judged_at_once() {
    let timeline = calm(10_000, 1_000_000);
    let mut everyone = Selection::default();
    everyone
        .ranges
        .push(0..timeline.names.count(Kind::Collection));
    let who = || Who::Collections(everyone.clone(), None);
    assert!(holds(&timeline, When::Always, who(), queries(Queries::All)));
    let told = verdict(&timeline, When::Never, who(), queries(Queries::All));
    assert_eq!((told.selected, told.failed), (1_000_003, 1_000_003));
    assert_eq!(told.failures.len(), TOLD);
}
