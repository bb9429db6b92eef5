//! The policies as commanded, followed through the run: what is removed or restored must be there (MODEL 1).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::names::{Kind, Subject};
use crate::policy::Policy;
use crate::scenario::Action;
use crate::scenario::codes::Code;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::cast::Cast;
use crate::scenario::resolve::events::Drawn;
use crate::scenario::resolve::head::Head;
use crate::scenario::resolve::policies::Policies;
use crate::scenario::resolve::undecided::{self, Whose};
use crate::states::KeyState;
use crate::time::Time;

/// Says which commands remove or restore what is not there. Every call is taken to succeed. Nothing is said while a
/// policy could not be read, for nobody knows then what is in it.
pub(super) fn check(
    desk: &mut Desk<'_>,
    head: &Head,
    cast: &Cast,
    policies: &Policies,
    commands: &[Drawn],
) {
    if policies.unread {
        return;
    }
    let mut of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, drawn) in commands.iter().enumerate() {
        if let Action::PutKeyPolicy(replica, _)
        | Action::RemoveActions(replica, _)
        | Action::RestoreActions(replica, _)
        | Action::ReplicateKey(replica, _) = &drawn.command.action
        {
            of.entry(*replica).or_default().push(index);
        }
    }
    let mut forms = Forms::new(head, policies);
    let mut said = BTreeSet::new();
    for (replica, indexes) in of {
        let edits = indexes.iter().any(|it| {
            let action = &commands[*it].command.action;
            matches!(
                action,
                Action::RemoveActions(..) | Action::RestoreActions(..)
            )
        });
        if !edits {
            continue;
        }
        let found = follow(&mut forms, head, cast, commands, replica, &indexes);
        for failed in found.failed {
            let drawn = &commands[failed];
            if said.insert(drawn.event) {
                say(desk, head, cast, drawn, replica);
            }
        }
        let mut calls = cast.calls(head, replica);
        for (form, (command, at)) in found.made {
            let made = (&forms.list[form as usize], Whose::Made(at));
            undecided::check(desk, head, made, &mut calls, commands[command].mark);
        }
    }
}

fn say(desk: &mut Desk<'_>, head: &Head, cast: &Cast, drawn: &Drawn, replica: u32) {
    let name = cast.names.text(Subject::new(Kind::Replica, replica));
    let (Action::RemoveActions(_, actions) | Action::RestoreActions(_, actions)) =
        &drawn.command.action
    else {
        return;
    };
    let account = &head.rules.service_account;
    let list = actions.join(", ");
    let at = drawn.command.at;
    let what = if matches!(drawn.command.action, Action::RemoveActions(..)) {
        format!(
            "at {at} no Allow statement for the service's account {account} in the policy of {name} says {list}"
        )
    } else {
        format!(
            "at {at} the policy of {name} has no Allow statement for the service's account {account} to put {list} into"
        )
    };
    let problem = desk.problem(Code::NothingThere, drawn.mark, what);
    desk.say(problem.help("actions are removed as they are written: kms:GenerateDataKey* is one"));
}

/// The policies that come about, each once.
struct Forms {
    list: Vec<Policy>,
    by_meaning: BTreeMap<String, u32>,
    edits: BTreeMap<(u32, bool, Vec<String>), Option<u32>>,
    account: String,
}

impl Forms {
    fn new(head: &Head, policies: &Policies) -> Forms {
        Forms {
            list: policies.list.clone(),
            by_meaning: BTreeMap::new(),
            edits: BTreeMap::new(),
            account: head.rules.service_account.clone(),
        }
    }

    /// A policy without some actions (or with them), or `None` where there is nothing to remove (or to put them into).
    fn edit(&mut self, policy: u32, remove: bool, actions: &[String]) -> Option<u32> {
        let asked = (policy, remove, actions.to_vec());
        if let Some(known) = self.edits.get(&asked) {
            return *known;
        }
        let from = &self.list[policy as usize];
        let account = &self.account;
        let has = |it: &String| {
            from.without_actions(account, std::slice::from_ref(it))
                .is_some()
        };
        let edited = if remove {
            let whole = actions.iter().all(has);
            whole
                .then(|| from.without_actions(account, actions))
                .flatten()
        } else {
            from.with_actions(&self.account, actions)
        };
        let number = edited.map(|it| {
            let next = self.list.len() as u32;
            let number = *self
                .by_meaning
                .entry(it.meaning().to_owned())
                .or_insert(next);
            if number == next {
                self.list.push(it);
            }
            number
        });
        self.edits.insert(asked, number);
        number
    }
}

/// What happens to the policy of one replica: a command, or the opposite of one.
struct Step {
    at: Time,
    written: bool,
    order: Reverse<usize>,
    command: usize,
}

/// What following one replica's policy found.
#[derive(Default)]
struct Found {
    /// The commands that find nothing.
    failed: Vec<usize>,
    /// The policies that came about by editing, each with the first command that made it, and when.
    made: BTreeMap<u32, (usize, Time)>,
}

/// Follows one replica's policy.
fn follow(
    forms: &mut Forms,
    head: &Head,
    cast: &Cast,
    commands: &[Drawn],
    replica: u32,
    indexes: &[usize],
) -> Found {
    let mut steps = Vec::new();
    for index in indexes {
        let command = &commands[*index].command;
        steps.push(Step {
            at: command.at,
            written: true,
            order: Reverse(usize::MAX - index),
            command: *index,
        });
        let end = command.lasts.map(|it| command.at + it);
        if let Some(at) = end.filter(|at| *at < head.clock.until) {
            steps.push(Step {
                at,
                written: false,
                order: Reverse(*index),
                command: *index,
            });
        }
    }
    steps.sort_by_key(|it| (it.at, it.written, it.order));
    let start = &cast.replicas[replica as usize];
    let mut now = (start.state != KeyState::Absent).then_some(start.policy);
    let mut before: BTreeMap<usize, u32> = BTreeMap::new();
    let mut found = Found::default();
    for step in steps {
        let action = &commands[step.command].command.action;
        let Some(policy) = now else {
            if let (Action::ReplicateKey(_, policy), true) = (action, step.written) {
                now = Some(*policy);
            }
            continue;
        };
        match (action, step.written) {
            (Action::PutKeyPolicy(_, next), true) => {
                before.insert(step.command, policy);
                now = Some(*next);
            }
            (Action::PutKeyPolicy(..), false) => {
                now = before.remove(&step.command).or(now);
            }
            (Action::RemoveActions(_, actions) | Action::RestoreActions(_, actions), written) => {
                let remove = matches!(action, Action::RemoveActions(..)) == written;
                match forms.edit(policy, remove, actions) {
                    Some(next) => {
                        found.made.entry(next).or_insert((step.command, step.at));
                        now = Some(next);
                    }
                    None if written => found.failed.push(step.command),
                    None => {}
                }
            }
            _ => {}
        }
    }
    found
}
