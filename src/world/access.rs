//! May the service use this replica now, and if not, why: every cause, the first being the error shown.

use std::collections::BTreeMap;

use crate::policy::{Answer, Policy, Request, SERVICE_OPERATIONS};
use crate::profile::{CannotTell, RequiredActions, Rule, Rules};
use crate::states::{Cause, KeyState, Side};
use crate::timeline::{Access, AccessCause};

/// What a call asks (MODEL 2): renewals ask to read, commits ask to commit.
pub(crate) const READ: usize = 0;

/// How many paths there are, and which one a commit asks. R5 and R6 speak of one and the same path as the page has it;
/// a service without one of the two has two.
pub(crate) fn paths(rules: &Rules) -> usize {
    let one = rules.required_actions == RequiredActions::Seed
        && rules.has(Rule::R5) == rules.has(Rule::R6);
    if one { 1 } else { 2 }
}

/// What callers see of a replica.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct View {
    pub(crate) state: KeyState,
    pub(crate) policy: u32,
    pub(crate) unreachable: bool,
    /// Only in a service without R10: rotation has made the replica unusable.
    pub(crate) broken: bool,
}

impl View {
    /// What callers see when nothing is wrong but the state and the policy.
    pub(crate) fn new(state: KeyState, policy: u32) -> View {
        View {
            state,
            policy,
            unreachable: false,
            broken: false,
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

/// Decides about views, and remembers what each policy allows.
pub(crate) struct Judge<'a> {
    rules: &'a Rules,
    service: String,
    allowed: BTreeMap<(u32, String), Vec<(&'static str, Answer)>>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(rules: &'a Rules) -> Judge<'a> {
        let service = format!("arn:aws:iam::{}:root", rules.service_account);
        Judge {
            rules,
            service,
            allowed: BTreeMap::new(),
        }
    }

    /// What a policy answers to each of the service's operations (R3).
    fn decisions(&mut self, id: u32, policy: &Policy, arn: &str) -> &[(&'static str, Answer)] {
        let key = (id, arn.to_owned());
        let (rules, service) = (self.rules, &self.service);
        self.allowed.entry(key).or_insert_with(|| {
            SERVICE_OPERATIONS
                .iter()
                .map(|action| {
                    let request = Request {
                        principal: service,
                        action,
                        resource: arn,
                        context: &crate::policy::Context::open(),
                    };
                    let answer = match policy.decide(&request).answer {
                        Answer::CannotTell => match rules.cannot_tell {
                            CannotTell::Allow => Answer::Allowed,
                            CannotTell::Error | CannotTell::Deny => Answer::DeniedImplicitly,
                        },
                        told => told,
                    };
                    (*action, answer)
                })
                .collect()
        })
    }

    /// Whether one policy permits something that another does not (MODEL 1: judged alone).
    pub(crate) fn permits_less(
        &mut self,
        (new_id, new): (u32, &Policy),
        (old_id, old): (u32, &Policy),
        arn: &str,
    ) -> bool {
        let old: Vec<Answer> = self
            .decisions(old_id, old, arn)
            .iter()
            .map(|it| it.1)
            .collect();
        let new = self.decisions(new_id, new, arn);
        old.iter()
            .zip(new)
            .any(|(old, new)| *old == Answer::Allowed && new.1 != Answer::Allowed)
    }

    /// Whether a policy allows all four actions (R3).
    pub(crate) fn allows_all(&mut self, id: u32, policy: &Policy, arn: &str) -> bool {
        self.decisions(id, policy, arn)
            .iter()
            .all(|it| it.1 == Answer::Allowed)
    }

    /// The answer to a view (R5: a disabled replica, or any action missing).
    pub(crate) fn answer(&mut self, view: View, policy: &Policy, arn: &str) -> Answers {
        let exists = view.state.refuses() != Some(Cause::NotFound);
        let decided = if exists && self.rules.has(Rule::R3) {
            self.decisions(view.policy, policy, arn).to_vec()
        } else {
            Vec::new()
        };
        let access = |needed: &dyn Fn(&str) -> bool| {
            let refused = |answer: Answer| {
                let actions = decided.iter().filter(|it| it.1 == answer && needed(it.0));
                collapse(actions.map(|it| it.0).collect())
            };
            let mut causes = Vec::new();
            let mut add = |cause, actions| {
                causes.push(AccessCause {
                    cause,
                    actions,
                    side: Side::Customer,
                })
            };
            if view.unreachable {
                add(Cause::Unreachable, Vec::new());
            }
            for (cause, answer) in [
                (Cause::DeniedExplicitly, Answer::DeniedExplicitly),
                (Cause::Denied, Answer::DeniedImplicitly),
            ] {
                let actions = refused(answer);
                if !actions.is_empty() {
                    add(cause, actions);
                }
            }
            if let Some(cause) = view.state.refuses() {
                add(cause, Vec::new());
            } else if view.broken {
                add(Cause::Unavailable, Vec::new());
            }
            causes.sort();
            Access { causes }
        };
        let any = |_: &str| true;
        let read = |action: &str| action == "kms:Decrypt";
        let commit = |action: &str| action == "kms:GenerateDataKey";
        let granted = |access: &Access| access.causes.is_empty();
        let (started, starting, reads, commits) = match self.rules.required_actions {
            RequiredActions::Seed => {
                let all = access(&any);
                let granted = granted(&all);
                (all.clone(), all, granted, granted)
            }
            RequiredActions::Mechanistic => (
                access(&|action| read(action) || commit(action)),
                access(&|action| read(action) || commit(action) || action == "kms:DescribeKey"),
                granted(&access(&read)),
                granted(&access(&commit)),
            ),
        };
        Answers {
            started,
            starting,
            read: reads || !self.rules.has(Rule::R5),
            commit: commits || !self.rules.has(Rule::R6),
        }
    }
}

/// All operations behind `kms:GenerateDataKey*` are named as the page names them.
fn collapse(actions: Vec<&'static str>) -> Vec<String> {
    const PREFIX: &str = "kms:GenerateDataKey";
    let of_prefix = |actions: &[&str]| actions.iter().filter(|it| it.starts_with(PREFIX)).count();
    let whole = of_prefix(&actions) == of_prefix(&SERVICE_OPERATIONS);
    let mut named: Vec<String> = Vec::new();
    for action in actions {
        let name = if whole && action.starts_with(PREFIX) {
            format!("{PREFIX}*")
        } else {
            action.to_owned()
        };
        if !named.contains(&name) {
            named.push(name);
        }
    }
    named
}
