//! Whether the service may use a replica, as a course: at each instant where something changes, what calls would meet
//! after the faults of the instant, and after all that becomes visible at it.

use keyoutage::names::Kind;
use keyoutage::profile::{OnUnreachable, RequiredActions};
use keyoutage::scenario::Action;
use keyoutage::states::{Cause, KeyState};

use super::faults::{edges, since, spans};
use super::keys::Keys;
use super::policy::{Answer, Call, OPERATIONS};
use super::sight::{Seen, taken};
use super::{Ground, NEVER};

/// Who uses which key where.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    /// The replica, or nothing where the vendor manages the key.
    pub replica: Option<u32>,
    pub region: u32,
}

/// What calls meet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct View {
    /// The region is down: no calls are made.
    pub down: bool,
    /// The first cause for which a read is refused.
    pub reads: Option<Cause>,
    /// The first cause for which a commit is refused.
    pub commits: Option<Cause>,
    /// All causes, for a site that runs, and for one that wants to start; with the actions and whose side it is.
    pub running: Vec<Reason>,
    pub starting: Vec<Reason>,
    /// The share of the calls that are refused for their number, in millionths.
    pub throttled: Option<u32>,
    /// Whether a lease that is over holds on, because the KMS does not answer, or because calls are throttled (then only
    /// one whose renewal is tried).
    pub extended: bool,
}

/// One cause: what, which operations (none: all), and whether it is the service's side.
pub type Reason = (Cause, Vec<&'static str>, bool);

/// An instant of the course.
#[derive(Clone, Debug)]
pub struct Moment {
    pub at: u64,
    /// After the faults of the instant.
    pub first: View,
    /// After all of it.
    pub then: View,
}

struct Looks<'a> {
    ground: &'a Ground<'a>,
    place: Place,
    seen: &'a [Seen],
    down: Vec<(u64, u64, ())>,
    silent: Vec<(u64, u64, ())>,
    throttled: Vec<(u64, u64, u32)>,
    denied: Vec<(u64, u64, Vec<&'static str>)>,
}

/// The course of what is met at a place. The first moment is the start, before every fault.
pub fn course(ground: &Ground<'_>, keys: &Keys, place: Place) -> Vec<Moment> {
    let key = place.replica.map(|id| ground.scenario.names.replica(id).0);
    let ours = |region: u32, of: &Option<u32>| {
        region == place.region && key.is_some() && of.is_none_or(|it| Some(it) == key)
    };
    let scenario = ground.scenario;
    let looks = Looks {
        ground,
        place,
        seen: place.replica.map_or(&[], |id| &keys.seen[id as usize]),
        down: spans(scenario, |it| match it {
            Action::RegionDown(region) if *region == place.region => Some(()),
            _ => None,
        }),
        silent: spans(scenario, |it| match it {
            Action::KmsUnreachable(region, of) if ours(*region, of) => Some(()),
            _ => None,
        }),
        throttled: spans(scenario, |it| match it {
            Action::KmsThrottled(region, share, of) if ours(*region, of) => Some(share.0),
            _ => None,
        }),
        denied: spans(scenario, |it| match it {
            Action::ServiceIamDenies(region, actions) if *region == place.region => {
                Some(operations(actions))
            }
            _ => None,
        }),
    };
    looks.course()
}

/// The operations that some actions cover, as a policy writes them.
fn operations(actions: &[String]) -> Vec<&'static str> {
    let covers = |operation: &str| {
        actions.iter().any(|it| match it.strip_suffix('*') {
            Some(start) => operation.to_lowercase().starts_with(&start.to_lowercase()),
            None => operation.eq_ignore_ascii_case(it),
        })
    };
    OPERATIONS.into_iter().filter(|it| covers(it)).collect()
}

impl Looks<'_> {
    fn course(&self) -> Vec<Moment> {
        let mut times: Vec<u64> = edges(&self.down)
            .chain(edges(&self.silent))
            .chain(edges(&self.throttled))
            .chain(edges(&self.denied))
            .chain(self.seen.iter().map(|it| it.from))
            .collect();
        if let OnUnreachable::ExtendUntil(long) = self.ground.scenario.rules.on_unreachable {
            let starts = edges(&self.silent).chain(edges(&self.throttled));
            times.extend(
                starts
                    .collect::<Vec<u64>>()
                    .iter()
                    .map(|it| it.saturating_add(long.ms())),
            );
        }
        if let Some(start) = self.ground.scenario.start {
            let dates = self.seen.iter().flat_map(|it| it.policy.dates());
            let after = dates.filter_map(|it| u64::try_from(it - start.ms()).ok());
            times.extend(after.flat_map(|it| [it, it + 1]));
        }
        times.sort_unstable();
        times.dedup();
        let start = self.start();
        let mut course = vec![Moment {
            at: 0,
            first: start.clone(),
            then: start,
        }];
        for at in times.into_iter().filter(|it| *it < NEVER) {
            let before = at.saturating_sub(1);
            course.push(Moment {
                at,
                first: self.view(at, self.seen_at(before, at == 0), before),
                then: self.view(at, self.seen_at(at, false), at),
            });
        }
        course
    }

    fn seen_at(&self, at: u64, start: bool) -> Option<&Seen> {
        if start {
            return self.seen.first();
        }
        self.seen.iter().rev().find(|it| it.from <= at)
    }

    /// At T+0, before every fault and every command.
    fn start(&self) -> View {
        let mut view = View::default();
        self.judge(&mut view, self.seen.first(), 0, false, &[]);
        view
    }

    /// What is met at an instant, with what is seen then and the date as it is at `now`.
    fn view(&self, at: u64, seen: Option<&Seen>, now: u64) -> View {
        let mut view = View {
            down: since(&self.down, at).is_some(),
            ..View::default()
        };
        let silent = since(&self.silent, at);
        let denied = self
            .denied
            .iter()
            .filter(|(from, to, _)| *from <= at && at < *to);
        let denied: Vec<&'static str> = denied.flat_map(|it| it.2.clone()).collect();
        self.judge(&mut view, seen, now, silent.is_some(), &denied);
        let unanswered = view.reads == Some(Cause::Unreachable);
        if let (false, Some(_)) = (silent.is_some(), since(&self.throttled, at)) {
            let now = self
                .throttled
                .iter()
                .filter(|(from, to, _)| *from <= at && at < *to);
            view.throttled = now.map(|it| it.2).max();
        }
        let began = match (unanswered, view.throttled) {
            (true, _) => silent,
            (false, Some(_)) => since(&self.throttled, at),
            (false, None) => None,
        };
        view.extended = match (self.ground.scenario.rules.on_unreachable, began) {
            (OnUnreachable::Expire, _) | (_, None) => false,
            (OnUnreachable::Extend, Some(_)) => true,
            (OnUnreachable::ExtendUntil(long), Some(began)) => at < began.saturating_add(long.ms()),
        };
        view
    }

    /// Fills in for which causes calls are refused.
    fn judge(&self, view: &mut View, seen: Option<&Seen>, now: u64, silent: bool, denied: &[&str]) {
        let Some(seen) = seen else { return };
        let scenario = self.ground.scenario;
        let rules = &scenario.rules;
        let (key, region) = scenario
            .names
            .replica(self.place.replica.expect("what is seen is a replica"));
        let absent = matches!(seen.state, KeyState::Absent | KeyState::Deleted);
        let answer = |operation: &'static str| {
            let call = Call {
                operation,
                rules,
                key: &scenario.keys[key as usize],
                region: scenario.names.region(region),
                now_ms: scenario.start.map(|it| it.ms() + now as i64),
            };
            taken(rules, seen.policy.answer(&call))
        };
        let state = match seen.state {
            KeyState::Disabled => Some(Cause::Disabled),
            KeyState::PendingDeletion => Some(Cause::PendingDeletion),
            KeyState::PendingReplicaDeletion => Some(Cause::PendingReplicaDeletion),
            KeyState::PendingImport => Some(Cause::PendingImport),
            KeyState::Unavailable => Some(Cause::Unavailable),
            KeyState::Creating => Some(Cause::Creating),
            KeyState::Enabled | KeyState::Updating | KeyState::Absent | KeyState::Deleted => None,
        };
        let reasons = |asked: &[&'static str]| {
            let of = |want: Answer| -> Vec<&'static str> {
                let refused = asked.iter().filter(|it| answer(it) == want);
                refused.copied().collect()
            };
            let mut all: Vec<Reason> = Vec::new();
            if absent {
                all.push((Cause::NotFound, Vec::new(), false));
            }
            if silent {
                all.push((Cause::Unreachable, Vec::new(), false));
            }
            if !absent {
                for (want, cause) in [
                    (Answer::DeniedExplicitly, Cause::DeniedExplicitly),
                    (Answer::Denied, Cause::Denied),
                ] {
                    let refused = of(want);
                    if !refused.is_empty() {
                        all.push((cause, refused, false));
                    }
                }
            }
            let service: Vec<&'static str> = asked
                .iter()
                .filter(|it| denied.contains(it))
                .copied()
                .collect();
            if !service.is_empty() {
                all.push((Cause::Denied, service, true));
            }
            if let Some(state) = state {
                all.push((state, Vec::new(), false));
            }
            all
        };
        let first = |reasons: &[Reason]| reasons.first().map(|it| it.0);
        match rules.required_actions {
            RequiredActions::Seed => {
                view.running = reasons(&OPERATIONS);
                view.starting = view.running.clone();
                view.reads = first(&view.running);
                view.commits = view.reads;
            }
            RequiredActions::Mechanistic => {
                view.reads = first(&reasons(&["kms:Decrypt"]));
                view.commits = first(&reasons(&["kms:GenerateDataKey"]));
                view.running = reasons(&["kms:Decrypt", "kms:GenerateDataKey"]);
                view.starting = reasons(&["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"]);
            }
        }
    }
}

/// A place's causes in words: the error shown, then each cause.
pub fn words(reasons: &[Reason]) -> String {
    let Some((first, ..)) = reasons.first() else {
        return "granted".to_owned();
    };
    let mut causes: Vec<String> = Vec::new();
    for (cause, actions, service) in reasons {
        let side = if *service { "/service" } else { "" };
        causes.push(format!("{cause}{side}{}", named(actions)));
    }
    format!("refused {}: {}", code(*first), causes.join(" "))
}

/// The replica a site uses.
pub fn place(ground: &Ground<'_>, key: Option<u32>, region: u32) -> Place {
    let names = &ground.scenario.names;
    debug_assert!(region < names.count(Kind::Region));
    Place {
        replica: key.map(|key| {
            let replica = names.find_replica(key, region);
            replica.expect("the names have a replica of each key in each region of its orgs")
        }),
        region,
    }
}

/// Operations as the page names them: all four behind `kms:GenerateDataKey*` by that name.
fn named(operations: &[&str]) -> String {
    const START: &str = "kms:GenerateDataKey";
    let four = operations.iter().filter(|it| it.starts_with(START)).count() == 4;
    let mut names: Vec<&str> = Vec::new();
    for operation in operations {
        let name = match four && operation.starts_with(START) {
            true => "kms:GenerateDataKey*",
            false => operation,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.is_empty() {
        true => String::new(),
        false => format!("({})", names.join(",")),
    }
}

/// The error code the KMS answers with (`domain.md` 1a and 3).
pub fn code(cause: Cause) -> &'static str {
    match cause {
        Cause::NotFound => "NotFoundException",
        Cause::Unreachable => "DependencyTimeoutException",
        Cause::DeniedExplicitly | Cause::Denied => "AccessDeniedException",
        Cause::Disabled => "DisabledException",
        _ => "KMSInvalidStateException",
    }
}
