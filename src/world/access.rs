//! May the service use this replica now, and if not, why: every cause, the first being the error shown.

use std::collections::BTreeMap;

use crate::policy::{Answer, Policy, SERVICE_OPERATIONS, named};
use crate::profile::{COMMITS_WITH, CannotTell, Clause, READS_WITH, RequiredActions, Rules};
use crate::scenario::{Scenario, ServiceCalls, turns};
use crate::states::{Cause, KeyState, Side};
use crate::time::Time;
use crate::timeline::{Access, AccessCause};

/// What a call asks (MODEL 2): renewals ask to read, commits ask to commit.
pub(crate) const READ: usize = 0;

/// How many paths there are, and which one a commit asks. R5 and R6 speak of one and the same path as the page has it;
/// a service without one of the two has two.
pub(crate) fn paths(rules: &Rules) -> usize {
    let one = rules.required_actions == RequiredActions::Seed
        && rules.has(Clause::QueriesNeedKey) == rules.has(Clause::CommitsNeedKey);
    if one { 1 } else { 2 }
}

/// Some of [`SERVICE_OPERATIONS`].
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct Operations(u8);

impl Operations {
    pub(crate) const NONE: Operations = Operations(0);

    pub(crate) fn of<'a>(some: impl Iterator<Item = &'a str>) -> Operations {
        let bit = |name: &str| SERVICE_OPERATIONS.iter().position(|it| *it == name);
        Operations(some.filter_map(bit).fold(0, |all, at| all | 1 << at))
    }

    pub(crate) fn and(self, others: Operations) -> Operations {
        Operations(self.0 | others.0)
    }

    fn has(self, operation: usize) -> bool {
        self.0 & (1 << operation) != 0
    }
}

/// What callers see of a replica.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct View {
    pub(crate) state: KeyState,
    pub(crate) policy: u32,
    pub(crate) unreachable: bool,
    /// Only in a service without R10: rotation has made the replica unusable.
    pub(crate) broken: bool,
    /// What the service's own permissions lack.
    pub(crate) denied: Operations,
    /// The instant at which dates in the policy are judged.
    pub(crate) clock: Time,
}

impl View {
    /// What callers see when nothing is wrong but the state and the policy.
    pub(crate) fn new(state: KeyState, policy: u32) -> View {
        View {
            state,
            policy,
            unreachable: false,
            broken: false,
            denied: Operations::NONE,
            clock: Time::START,
        }
    }
}

/// The answer for a started site, for one that is to start, and for each path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Answers {
    pub(crate) started: Access,
    pub(crate) starting: Access,
    pub(crate) read: bool,
    pub(crate) commit: bool,
}

/// A policy's answer to each of [`SERVICE_OPERATIONS`].
type Decisions = [Answer; SERVICE_OPERATIONS.len()];

/// Decides about views, and remembers what each policy allows.
pub(crate) struct Judge<'a> {
    scenario: &'a Scenario,
    rules: &'a Rules,
    calls: BTreeMap<u32, ServiceCalls<'a>>,
    /// For each policy, when its answers may change by themselves.
    turns: BTreeMap<u32, Vec<Time>>,
    /// By policy, by replica, and by how many of the policy's dates have come.
    decided: BTreeMap<(u32, u32, usize), Decisions>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(scenario: &'a Scenario) -> Judge<'a> {
        Judge {
            scenario,
            rules: &scenario.rules,
            calls: BTreeMap::new(),
            turns: BTreeMap::new(),
            decided: BTreeMap::new(),
        }
    }

    fn turns(&mut self, id: u32, policy: &Policy) -> &[Time] {
        let start = self.scenario.start;
        self.turns.entry(id).or_insert_with(|| turns(policy, start))
    }

    /// The next instant after `now` at which a policy's answers may change by themselves.
    pub(crate) fn next_turn(&mut self, id: u32, policy: &Policy, now: Time) -> Option<Time> {
        let turns = self.turns(id, policy);
        turns.get(turns.partition_point(|it| *it <= now)).copied()
    }

    /// The last date up to `to` that changed what a policy says to the service since `from`, if any did.
    pub(crate) fn turned(
        &mut self,
        id: u32,
        policy: &Policy,
        replica: u32,
        (from, to): (Time, Time),
    ) -> Option<Time> {
        let turns = self.turns(id, policy);
        let come = turns.partition_point(|it| *it <= to);
        let last = *turns[..come].last().filter(|it| **it > from)?;
        let before = self.decisions(id, policy, replica, from);
        (before != self.decisions(id, policy, replica, to)).then_some(last)
    }

    /// What a policy answers to each of the service's operations at an instant (R3).
    fn decisions(&mut self, id: u32, policy: &Policy, replica: u32, clock: Time) -> Decisions {
        let clock = match self.rules.has(Clause::DatesTurn) {
            true => clock,
            false => Time::START,
        };
        let come = self.turns(id, policy).partition_point(|it| *it <= clock);
        if let Some(known) = self.decided.get(&(id, replica, come)) {
            return *known;
        }
        let scenario = self.scenario;
        let calls = self.calls.entry(replica).or_insert_with(|| {
            let (key, region) = scenario.names.replica(replica);
            let it = &scenario.keys[key as usize];
            let name = scenario.names.region(region);
            ServiceCalls::new(&scenario.rules, it, name, it.in_primary(region))
        });
        calls.at(scenario.start, clock);
        let allowing = (!self.rules.has(Clause::DenyWins)).then(|| policy.without_denies());
        let policy = allowing.as_ref().unwrap_or(policy);
        let decided = std::array::from_fn(|operation| {
            match (calls.answer(policy, operation), self.rules.cannot_tell) {
                (Answer::CannotTell, CannotTell::Allow) => Answer::Allowed,
                (Answer::CannotTell, CannotTell::Error | CannotTell::Deny) => {
                    Answer::DeniedImplicitly
                }
                (told, _) => told,
            }
        });
        self.decided.insert((id, replica, come), decided);
        decided
    }

    /// Whether one policy permits less than another (MODEL 1: judged alone).
    pub(crate) fn permits_less(
        &mut self,
        (new_id, new): (u32, &Policy),
        (old_id, old): (u32, &Policy),
        replica: u32,
        clock: Time,
    ) -> bool {
        let old = self.decisions(old_id, old, replica, clock);
        let new = self.decisions(new_id, new, replica, clock);
        let mut both = old.iter().zip(new);
        both.any(|(old, new)| *old == Answer::Allowed && new != Answer::Allowed)
    }

    /// Whether a policy allows all four actions at T+0 (R3).
    pub(crate) fn allows_all(&mut self, id: u32, policy: &Policy, replica: u32) -> bool {
        let decided = self.decisions(id, policy, replica, Time::START);
        decided.iter().all(|it| *it == Answer::Allowed)
    }

    /// The answer to a view (R5: a disabled replica, or any action missing).
    pub(crate) fn answer(&mut self, view: View, policy: &Policy, replica: u32) -> Answers {
        let exists = view.state.refuses() != Some(Cause::NotFound);
        let asked = exists && self.rules.has(Clause::PolicyAsked);
        let own = self.rules.has(Clause::ServicePermissions);
        let decided = asked.then(|| self.decisions(view.policy, policy, replica, view.clock));
        let access = |needed: &dyn Fn(&str) -> bool| {
            let among = |refuses: &dyn Fn(usize) -> bool| {
                let all = SERVICE_OPERATIONS.iter().enumerate();
                let refused = all.filter(|(at, it)| needed(it) && refuses(*at));
                named(&refused.map(|(_, it)| *it).collect::<Vec<_>>())
            };
            let of = |answer: Answer| among(&|at| decided.is_some_and(|it| it[at] == answer));
            let mut causes = Vec::new();
            let mut add = |cause, actions, side| {
                causes.push(AccessCause {
                    cause,
                    actions,
                    side,
                });
            };
            if view.unreachable && self.rules.has(Clause::SilenceRefuses) {
                add(Cause::Unreachable, Vec::new(), Side::Customer);
            }
            let denied = [
                (
                    Cause::DeniedExplicitly,
                    of(Answer::DeniedExplicitly),
                    Side::Customer,
                ),
                (Cause::Denied, of(Answer::DeniedImplicitly), Side::Customer),
                (
                    Cause::Denied,
                    among(&|at| own && view.denied.has(at)),
                    Side::Service,
                ),
            ];
            for (cause, actions, side) in denied {
                if !actions.is_empty() {
                    add(cause, actions, side);
                }
            }
            if let Some(cause) = view.state.refuses() {
                add(cause, Vec::new(), Side::Customer);
            } else if view.broken {
                add(Cause::Unavailable, Vec::new(), Side::Customer);
            }
            causes.sort_by_key(|it| (it.cause, it.side));
            Access { causes }
        };
        let any = |_: &str| true;
        let read = |action: &str| action == READS_WITH;
        let commit = |action: &str| action == COMMITS_WITH;
        let granted = |access: &Access| access.causes.is_empty();
        let (started, starting, reads, commits) = match self.rules.required_actions {
            RequiredActions::Seed => {
                let all = access(&any);
                let granted = granted(&all);
                (all.clone(), all, granted, granted)
            }
            RequiredActions::Mechanistic => (
                access(&|action| read(action) || commit(action)),
                access(&|action| self.rules.uses(action)),
                granted(&access(&read)),
                granted(&access(&commit)),
            ),
        };
        Answers {
            started,
            starting,
            read: reads || !self.rules.has(Clause::QueriesNeedKey),
            commit: commits || !self.rules.has(Clause::CommitsNeedKey),
        }
    }
}
