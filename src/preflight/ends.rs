//! K009: permissions that end by themselves, because a condition compares the time with a date.
//!
//! What a statement does to a call changes only at its own dates, so each statement is asked at these alone, and the
//! policy's answer is put together from its statements' as AWS does (P1). A policy is small, but may be all dates.

use crate::policy::{Effect, SERVICE_OPERATIONS, Why};
use crate::preflight::codes::FindingCode;
use crate::preflight::consequence::{are, dated_outage, listed};
use crate::preflight::finding::{Counterexample, Found};
use crate::preflight::lens::{Lens, Part};
use crate::preflight::tree;
use crate::profile::CannotTell;
use crate::time::Calendar;

/// How many calls are asked about.
const CALLS: usize = SERVICE_OPERATIONS.len();

/// Whether a statement does its work for a call.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Works {
    No,
    Perhaps,
    Yes,
}

impl Works {
    fn of(why: &Why) -> Works {
        match why {
            Why::Allows | Why::Denies => Works::Yes,
            Why::Condition { .. } | Why::Variable { .. } => Works::Perhaps,
            Why::NoEffect
            | Why::OtherPrincipal
            | Why::OtherAction
            | Why::OtherResource
            | Why::ConditionFails { .. } => Works::No,
        }
    }
}

/// What one statement does to each call, from one of its dates to the next.
struct Course<'l> {
    part: &'l Part<'l>,
    /// Its dates after the instant that is judged.
    turns: Vec<i64>,
    now: [Works; CALLS],
    /// A call for which it once did its work, and what it did for all calls then.
    model: Option<(usize, [Works; CALLS])>,
    told: bool,
}

impl<'l> Course<'l> {
    fn new(lens: &Lens<'_>, part: &'l Part<'l>) -> Course<'l> {
        let mut turns = part.turning_points();
        let after = lens.aim.at.unwrap_or(i64::MIN);
        turns.drain(..turns.partition_point(|it| *it <= after));
        let before = turns.first().map_or(lens.aim.at, |it| it.checked_sub(1));
        let mut course = Course {
            part,
            turns,
            now: [Works::No; CALLS],
            model: None,
            told: false,
        };
        course.come(lens, before);
        course
    }

    /// An instant comes. What a statement compares with the time is the same for every call, and it does no more for a
    /// call than its other conditions let it: where it once did its work for one call, what it did for the others is
    /// the most it ever does, and what it does for that one tells the rest.
    fn come(&mut self, lens: &Lens<'_>, at: Option<i64>) {
        let ask = |call: usize| Works::of(&lens.does_at(self.part, SERVICE_OPERATIONS[call], at));
        if let Some((model, most)) = self.model {
            let now = ask(model);
            self.now = most.map(|it| it.min(now));
            return;
        }
        self.now = std::array::from_fn(ask);
        let model = self.now.iter().position(|it| *it == Works::Yes);
        self.model = model.map(|it| (it, self.now));
    }
}

/// The first loss by each statement with a date.
pub(super) fn ends(lens: &Lens<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    if lens.whole.turning_points().is_empty() {
        return found;
    }
    let mut courses: Vec<Course<'_>> = lens.parts.iter().map(|it| Course::new(lens, it)).collect();
    // What other statements allow for ever no Allow with a date can take away.
    let lasting = courses.iter().filter(|it| it.turns.is_empty());
    let lasting = lasting.filter(|it| it.part.effect == Effect::Allow);
    let lasts = |call: usize| lasting.clone().any(|it| it.now[call] == Works::Yes);
    if (0..CALLS).all(lasts) {
        let dated = courses.iter_mut();
        let dated = dated.filter(|it| it.part.effect == Effect::Allow);
        dated.for_each(|it| it.turns.clear());
    }
    let mut turns: Vec<(i64, usize)> = Vec::new();
    for (number, course) in courses.iter().enumerate() {
        turns.extend(course.turns.iter().map(|turn| (*turn, number)));
    }
    turns.sort_unstable();
    let mut untold = courses.iter().filter(|it| !it.turns.is_empty()).count();
    let mut allowed = permitted(lens, &courses);
    for at_once in turns.chunk_by(|one, other| one.0 == other.0) {
        if untold == 0 {
            break;
        }
        let before: Vec<[Works; CALLS]> = at_once.iter().map(|it| courses[it.1].now).collect();
        for (turn, number) in at_once {
            courses[*number].come(lens, Some(*turn));
        }
        let after = permitted(lens, &courses);
        for ((turn, number), before) in at_once.iter().zip(before) {
            let course = &mut courses[*number];
            let lost: Vec<&'static str> = (0..CALLS)
                .filter(|it| allowed[*it] && !after[*it] && before[*it] != course.now[*it])
                .map(|it| SERVICE_OPERATIONS[it])
                .collect();
            if !lost.is_empty() && !course.told {
                course.told = true;
                untold -= 1;
                found.push(ended(lens, course.part, *turn, &lost));
            }
        }
        allowed = after;
    }
    found
}

/// Which calls the whole policy permits now.
fn permitted(lens: &Lens<'_>, courses: &[Course<'_>]) -> [bool; CALLS] {
    let open_permits = lens.aim.rules.cannot_tell == CannotTell::Allow;
    let most = |effect: Effect, call: usize| {
        let some = courses.iter().filter(|it| it.part.effect == effect);
        some.map(|it| it.now[call]).max().unwrap_or(Works::No)
    };
    std::array::from_fn(
        |call| match (most(Effect::Deny, call), most(Effect::Allow, call)) {
            (Works::Yes, _) | (_, Works::No) => false,
            (Works::No, Works::Yes) => true,
            (Works::Perhaps, _) | (_, Works::Perhaps) => open_permits,
        },
    )
}

fn ended(lens: &Lens<'_>, part: &Part<'_>, turn: i64, lost: &[&'static str]) -> Found {
    let aim = lens.aim;
    let what = format!(
        "from {} on {} {} no longer allowed to {}, with no command at all",
        date(turn),
        listed(&crate::policy::named(lost)),
        are(lost),
        aim.service()
    );
    let consequence = dated_outage(aim.rules, &aim.arn.region, lost);
    let mut one = Found::new(FindingCode::EndsByItself, dated(part), what)
        .because(format!("from then on {consequence}"))
        .expected("a permission that does not end by itself");
    one.shown = Some(Counterexample {
        action: lost[0],
        resource: aim.arn.text(),
        principal: aim.service(),
        answer: aim.answer(&lens.whole, lost[0], Some(turn)),
    });
    one
}

/// The statement's first condition on the time.
fn dated(part: &Part<'_>) -> crate::policy::Mark {
    let found = tree::member(part.node, "Condition").and_then(|(_, conditions)| {
        let keys = tree::members(conditions).iter().map(|it| &it.1);
        let mut keys = keys.flat_map(tree::members);
        let of_time = |name: &str| {
            name.eq_ignore_ascii_case("aws:CurrentTime")
                || name.eq_ignore_ascii_case("aws:EpochTime")
        };
        keys.find(|it| of_time(&it.0.name)).map(|it| it.0.mark)
    });
    found.unwrap_or(part.node.mark)
}

/// An instant in words.
fn date(ms: i64) -> String {
    let date = Calendar::of_ms(ms);
    date.map_or_else(|| format!("{ms} ms after 1970"), |it| it.to_string())
}
