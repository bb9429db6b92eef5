//! Taking actions away from a policy, and giving them back.

use super::document::Policy;
use super::pattern::Pattern;
use super::principal::Principal;
use super::statement::{Choice, Effect, Statement};

impl Policy {
    /// This policy without some actions: those members (literally, in any case) are taken from every `Allow` statement
    /// that names the account, by its root ARN, its id or `"*"`. `None` if no such statement has any of them.
    pub fn without_actions(&self, account: &str, actions: &[String]) -> Option<Policy> {
        let mut statements = self.statements.clone();
        let mut any = false;
        for statement in &mut statements {
            let Some(list) = actions_for(statement, account) else {
                continue;
            };
            let (taken, left): (Vec<Pattern>, Vec<Pattern>) = list
                .drain(..)
                .partition(|pattern| actions.iter().any(|action| pattern.is_written(action)));
            *list = left;
            any |= !taken.is_empty();
            statement.taken.extend(taken);
        }
        any.then(|| Policy::of(statements, self.warnings().to_vec()))
    }

    /// This policy with some actions back: each returns to the `Allow` statements for the account it was taken from
    /// by [`Policy::without_actions`]; one that was taken from none is added to every `Allow` statement for the
    /// account. `None` if there is no such statement.
    pub fn with_actions(&self, account: &str, actions: &[String]) -> Option<Policy> {
        let mut statements = self.statements.clone();
        let mut any = false;
        for action in actions {
            // Every one of them gets it back; `any` would stop at the first.
            let back = statements
                .iter_mut()
                .filter_map(|one| give_back(one, account, action))
                .count();
            for statement in &mut statements {
                let Some(list) = actions_for(statement, account) else {
                    continue;
                };
                any = true;
                if back == 0 && !list.iter().any(|pattern| pattern.is_written(action)) {
                    list.push(Pattern::of_action(action));
                }
            }
        }
        any.then(|| Policy::of(statements, self.warnings().to_vec()))
    }
}

impl Policy {
    /// This policy without its `Deny` statements.
    pub fn without_denies(&self) -> Policy {
        let mut statements = self.statements.clone();
        statements.retain(|it| it.effect != Effect::Deny);
        Policy::of(statements, self.warnings().to_vec())
    }
}

/// The action list of a statement that allows something to the account; a statement without effect (P11) does not, and
/// one with `NotAction` has no list to change.
fn actions_for<'a>(statement: &'a mut Statement, account: &str) -> Option<&'a mut Vec<Pattern>> {
    let named = match &statement.who {
        Choice::Only(list) => list
            .iter()
            .any(|principal| names_account(principal, account)),
        Choice::AllBut(_) => false,
    };
    if !named || statement.effect != Effect::Allow || statement.which.is_none() {
        return None;
    }
    match &mut statement.what {
        Some(Choice::Only(list)) => Some(list),
        Some(Choice::AllBut(_)) | None => None,
    }
}

fn names_account(principal: &Principal, account: &str) -> bool {
    match principal {
        Principal::Anyone => true,
        Principal::Account(id) | Principal::AccountIn { account: id, .. } => id == account,
        Principal::Identity(_)
        | Principal::Deleted(_)
        | Principal::Service(_)
        | Principal::Federated(_)
        | Principal::CanonicalUser(_) => false,
    }
}

/// Puts an action back where it was taken; `None` if it was not taken here.
fn give_back(statement: &mut Statement, account: &str, action: &str) -> Option<()> {
    actions_for(statement, account)?;
    let (back, kept): (Vec<Pattern>, Vec<Pattern>) = statement
        .taken
        .drain(..)
        .partition(|pattern| pattern.is_written(action));
    statement.taken = kept;
    let any = !back.is_empty();
    actions_for(statement, account)?.extend(back);
    any.then_some(())
}

#[cfg(test)]
#[path = "edit_tests.rs"]
mod tests;
