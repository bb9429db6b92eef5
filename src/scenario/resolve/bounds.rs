//! What would be beyond counting, or beyond memory: refused before any work, with the estimate.

use crate::scenario::codes::Code;
use crate::scenario::file::ScenarioFile;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::cast::Cast;
use crate::scenario::resolve::events::Drawn;
use crate::scenario::resolve::head::Head;
use crate::scenario::{Action, Lag, What, Who};
use crate::text::grouped;
use crate::time::{Rate, Span};
use crate::yaml::Mark;

/// The most queries, and the most bytes, of a whole run: they are counted in 63 bits.
const COUNTED: u128 = 1 << 63;

/// The most commits between which lags are looked at one by one.
const COMMITS: u64 = 5_000_000;

/// Says it when the queries or the arrivals of the run could not be counted.
pub(super) fn traffic(
    file: &ScenarioFile,
    desk: &mut Desk<'_>,
    head: &Head,
    cast: &Cast,
    drawn: &[Drawn],
) {
    let (mut queries, mut arrivals) = (0u128, 0u128);
    let mut add = |many: u64, asked: Rate, arriving: Rate| {
        queries += u128::from(many) * u128::from(asked.per_day());
        arrivals += u128::from(many) * u128::from(arriving.per_day());
    };
    for (org, group) in cast.orgs.iter().zip(cast.names.orgs()) {
        let members = u64::from(group.count.unwrap_or(1));
        for (it, named) in org.collections.iter().zip(&group.collections) {
            add(
                members * u64::from(named.count.unwrap_or(1)),
                it.queries,
                it.arrivals,
            );
        }
    }
    for it in drawn {
        if let Action::SetTraffic(selection, asked, arriving) = &it.command.action {
            let many = selection.len() as u64;
            add(
                many,
                asked.unwrap_or(Rate::ZERO),
                arriving.unwrap_or(Rate::ZERO),
            );
        }
    }
    let days = u128::from(head.clock.until.ms().div_ceil(Span::from_days(1).ms()));
    for (what, a_day) in [("queries", queries), ("arriving bytes", arrivals)] {
        let all = a_day.saturating_mul(days);
        if all >= COUNTED {
            let most = grouped(u64::MAX / 2);
            let all = u64::try_from(all).map_or_else(|_| "more than 2^64".to_owned(), grouped);
            let what =
                format!("the {what} of the whole run would be {all}; at most {most} are counted");
            desk.say(desk.problem(Code::TooLarge, file.orgs.mark, what));
        }
    }
}

/// Says it when a lag is asked for that comes and goes between any two commits of too many.
pub(super) fn lag(desk: &mut Desk<'_>, head: &Head, mark: Mark, who: &Who, what: &What) {
    let (Some(Lag::Under(bound) | Lag::Over(bound)), Who::Collections(selection, _)) =
        (what.lag, who)
    else {
        return;
    };
    let interval = head.rules.commit_interval;
    let commits = head.clock.until.ms() / interval.low.ms().max(1);
    let looked_at = commits.saturating_mul(selection.len() as u64);
    if bound <= interval.high && looked_at > COMMITS {
        let what = format!(
            "a lag of {bound} comes and goes with each commit, of which there would be {}; at most {} are looked at",
            grouped(looked_at),
            grouped(COMMITS)
        );
        let problem = desk.problem(Code::TooLarge, mark, what);
        desk.say(problem.help(
            "ask for more than commit.interval, for fewer collections, or for a shorter run",
        ));
    }
}
