//! What would be too much to count or to hold, said before anything runs: nothing counted wraps around, and no run takes
//! all the memory of a machine.

use std::collections::BTreeMap;

use crate::names::{Kind, Names};
use crate::profile::Clause;
use crate::profile::amount::{bytes, queries};
use crate::scenario::codes::Code;
use crate::scenario::file::ScenarioFile;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::against::Against;
use crate::scenario::resolve::cast::Cast;
use crate::scenario::resolve::events::{Drawn, selection};
use crate::scenario::resolve::head::Head;
use crate::scenario::{Action, Lag, What, When, Who};
use crate::text::grouped;
use crate::time::{Rate, Span, Time};
use crate::yaml::{Mark, Text};

/// The most that is counted of anything.
const COUNTED: u128 = 1 << 63;
/// The most entries that the commands may make by a rough estimate: some 20 GB of them.
const ENTRIES: u64 = 200_000_000;
/// The most calls that are made one by one, while they are throttled: some minutes of a machine.
const CALLS: u64 = 100_000_000;
/// The most commits between which lags are looked at one by one.
const COMMITS: u64 = 5_000_000;
/// Of at most so many that fail it is told when it was otherwise.
const TOLD: u64 = 3;
/// So many entries an outage makes of a collection that it reaches, begun and ended, halted, paused and resumed.
const OUTAGE: u64 = 10;

/// Says which rates would come to more than can be counted, one by one and all together.
pub(super) fn rates(file: &ScenarioFile, desk: &mut Desk<'_>, head: &Head, cast: &Cast) {
    let until = head.clock.until;
    let plain = file.orgs.entries.iter().map(|(_, org)| &org.value);
    let plain = plain.flat_map(|org| org.collections.iter().flat_map(|it| &it.entries));
    let plain = plain.map(|(_, it)| (&it.queries, &it.arrivals));
    let events = file.events.iter().flat_map(|it| &it.items);
    let events = events.map(|it| (&it.value.queries, &it.value.arrivals));
    let mut highest: Option<(Rate, Mark)> = None;
    let mut said = false;
    for (rate, arrivals) in plain.chain(events) {
        if let Some((rate, text)) = read(rate, queries) {
            said |= too_much(desk, rate, text, until, "queries");
            if highest.is_none_or(|it| it.0 < rate) {
                highest = Some((rate, text.mark));
            }
        }
        if let Some((rate, text)) = read(arrivals, bytes) {
            said |= too_much(desk, rate, text, until, "bytes");
        }
    }
    let Some((rate, mark)) = highest.filter(|_| !said) else {
        return;
    };
    let collections = u128::from(cast.names.count(Kind::Collection));
    let total = rate
        .over(until.since_start())
        .wholes()
        .saturating_mul(collections);
    if total >= COUNTED {
        let what = format!(
            "{collections} collections asked as often as this come to more queries than can be counted: 2^63"
        );
        let problem = desk.problem(Code::TooLarge, mark, what);
        desk.say(problem.expected("a smaller rate, fewer collections or a shorter run"));
    }
}

fn read(text: &Option<Text>, rate: impl Fn(&str) -> Result<Rate, String>) -> Option<(Rate, &Text)> {
    let text = text.as_ref()?;
    Some((rate(text.as_str()).ok()?, text))
}

fn too_much(desk: &mut Desk<'_>, rate: Rate, text: &Text, until: Time, of: &str) -> bool {
    if rate.over(until.since_start()).wholes() < COUNTED {
        return false;
    }
    let rate = quote(text.as_str());
    let what = format!("{rate} comes to more {of} in a run of {until} than can be counted: 2^63");
    let problem = desk.problem(Code::TooLarge, text.mark, what);
    desk.say(problem.expected("a smaller rate or a shorter run"));
    true
}

/// Says when the commands would make more entries than a machine can hold.
pub(super) fn commands(file: &ScenarioFile, desk: &mut Desk<'_>, cast: &Cast, commands: &[Drawn]) {
    let reach = Reach::new(cast);
    let mut total = 0u64;
    let mut of_event: BTreeMap<usize, u64> = BTreeMap::new();
    for drawn in commands {
        let turns = if drawn.command.lasts.is_some() { 2 } else { 1 };
        let entries = reach.entries(&drawn.command.action).saturating_mul(turns);
        let sum = of_event.entry(drawn.event).or_insert(0);
        *sum = sum.saturating_add(entries);
        total = total.saturating_add(entries);
    }
    if let Some((event, _)) = of_event
        .iter()
        .max_by_key(|it| it.1)
        .filter(|_| total > ENTRIES)
    {
        let what = format!(
            "the commands would make some {} entries, most of them by this; at most {} are taken",
            grouped(total),
            grouped(ENTRIES)
        );
        let problem = desk.problem(Code::TooLarge, mark(file, *event), what);
        desk.say(problem.expected("fewer collections, or fewer commands that reach them"));
    }
}

/// Where an event says what is done.
fn mark(file: &ScenarioFile, event: usize) -> Mark {
    let events = file.events.as_ref().map(|it| &it.items);
    events
        .and_then(|it| it.get(event))
        .map_or(Mark::START, |it| it.value.verb.mark)
}

/// Says when throttling would make more calls, each an event, than a machine gets through.
pub(super) fn throttling(
    file: &ScenarioFile,
    desk: &mut Desk<'_>,
    head: &Head,
    cast: &Cast,
    commands: &[Drawn],
) {
    let rules = &head.rules;
    let entries = u64::from(rules.cache_entries.high);
    let renewed = rules
        .has(Clause::CachesExpire)
        .then_some(rules.cache_life.low);
    let mut total = 0u64;
    let mut most: Option<(u64, usize)> = None;
    let mut reach = None;
    for drawn in commands {
        let Action::KmsThrottled(..) = drawn.command.action else {
            continue;
        };
        let left = head.clock.until.since(drawn.command.at);
        let span = drawn.command.lasts.map_or(left, |it| it.min(left));
        let times = |interval: Span| span.ms() / interval.ms().max(1);
        let each = entries
            .saturating_mul(renewed.map_or(0, times))
            .saturating_add(times(rules.commit_interval.low))
            .saturating_add(times(rules.probe_interval.low));
        let reach = reach.get_or_insert_with(|| Reach::new(cast));
        let calls = reach
            .collections(&drawn.command.action)
            .saturating_mul(each);
        total = total.saturating_add(calls);
        if most.is_none_or(|it| it.0 < calls) {
            most = Some((calls, drawn.event));
        }
    }
    if let Some((_, event)) = most.filter(|_| total > CALLS) {
        let what = format!(
            "throttling would make some {} calls one by one, most of them by this; at most {} are taken",
            grouped(total),
            grouped(CALLS)
        );
        let problem = desk.problem(Code::TooLarge, mark(file, event), what);
        desk.say(problem.expected("fewer collections, or a shorter throttling"));
    }
}

/// How many collections lie in each region, and under each replica.
struct Reach<'c> {
    names: &'c Names,
    regions: BTreeMap<u32, u64>,
    replicas: BTreeMap<(u32, u32), u64>,
}

impl Reach<'_> {
    fn new(cast: &Cast) -> Reach<'_> {
        let mut regions = BTreeMap::new();
        let mut replicas = BTreeMap::new();
        for (org, group) in cast.orgs.iter().zip(cast.names.orgs()) {
            for collection in &group.collections {
                let region = group.regions[collection.site as usize];
                let number =
                    u64::from(group.count.unwrap_or(1)) * u64::from(collection.count.unwrap_or(1));
                *regions.entry(region).or_insert(0) += number;
                if let Some(key) = org.key {
                    *replicas.entry((key, region)).or_insert(0) += number;
                }
            }
        }
        Reach {
            names: &cast.names,
            regions,
            replicas,
        }
    }

    /// About how many entries a command makes.
    fn entries(&self, action: &Action) -> u64 {
        if let Some(selection) = selection(action) {
            return selection.ranges.iter().map(|it| it.len() as u64).sum();
        }
        self.collections(action).saturating_mul(OUTAGE)
    }

    /// How many collections lie under what a command of the keys' half is about.
    fn collections(&self, action: &Action) -> u64 {
        let collections = match action {
            Action::DisableKey(it)
            | Action::EnableKey(it)
            | Action::ScheduleKeyDeletion(it, _)
            | Action::CancelKeyDeletion(it)
            | Action::UpdatePrimaryRegion(it)
            | Action::ImportKeyMaterial(it, _)
            | Action::DeleteImportedKeyMaterial(it)
            | Action::PutKeyPolicy(it, _)
            | Action::RemoveActions(it, _)
            | Action::RestoreActions(it, _)
            | Action::ReplicateKey(it, _) => self.replicas.get(&self.names.replica(*it)),
            Action::KmsUnreachable(region, Some(key))
            | Action::KmsThrottled(region, _, Some(key)) => self.replicas.get(&(*key, *region)),
            Action::KmsUnreachable(region, None)
            | Action::KmsThrottled(region, _, None)
            | Action::ServiceIamDenies(region, _)
            | Action::RegionDown(region) => self.regions.get(region),
            Action::RotateKeyOnDemand(_)
            | Action::EnableKeyRotation(..)
            | Action::DisableKeyRotation(_)
            | Action::SourceDown(_)
            | Action::AddRegion(..)
            | Action::CreateCollection(..)
            | Action::DeleteCollection(..)
            | Action::ContactSupport(_)
            | Action::RecreateCollection(_)
            | Action::SetTraffic(..)
            | Action::ChangeKey(..)
            | Action::UnlinkKey(_) => None,
        };
        collections.copied().unwrap_or(0)
    }
}

/// Says it when a lag is asked for that comes and goes between any two commits of too many.
pub(super) fn lag(
    desk: &mut Desk<'_>,
    against: &Against<'_>,
    mark: Mark,
    (when, who): (&When, &Who),
    what: &What,
) {
    let (Some(Lag::Under(bound) | Lag::Over(bound)), Who::Collections(selection, _)) =
        (what.lag, who)
    else {
        return;
    };
    let interval = against.rules.commit_interval;
    let commits = against.clock.until.ms() / interval.low.ms().max(1);
    let all = selection.len() as u64;
    let looked_at = commits.saturating_mul(match when {
        // One instant is looked at, and the whole run only of the few that are told.
        When::At(_) | When::Given(_) => all.min(TOLD),
        When::By(_)
        | When::Within(..)
        | When::Throughout(..)
        | When::Always
        | When::Never
        | When::Until(_)
        | When::Before
        | When::During(..)
        | When::Whole => all,
    });
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
