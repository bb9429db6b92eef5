//! Trouble that is not the customer's: when each fault holds. Faults are seen, and ended, at their instant.

use keyoutage::scenario::{Action, Command, Scenario};

use super::NEVER;

/// From when to when a command holds.
fn span(command: &Command) -> (u64, u64) {
    let from = command.at.ms();
    (
        from,
        command
            .lasts
            .map_or(NEVER, |it| from.saturating_add(it.ms())),
    )
}

/// The spans of all commands of which `of` makes something.
pub fn spans<T>(scenario: &Scenario, of: impl Fn(&Action) -> Option<T>) -> Vec<(u64, u64, T)> {
    let mut all = Vec::new();
    for command in &scenario.commands {
        if let Some(what) = of(&command.action) {
            let (from, to) = span(command);
            all.push((from, to, what));
        }
    }
    all
}

/// Since when it holds at an instant without a break, if it does.
pub fn since<T>(spans: &[(u64, u64, T)], at: u64) -> Option<u64> {
    let mut first = None;
    let mut reach = at;
    // Each round reaches further back, over spans that touch.
    loop {
        let before = spans
            .iter()
            .filter(|(from, to, _)| *from <= reach && *to > reach);
        let earlier = before.map(|it| it.0).min();
        match earlier {
            None => return first,
            Some(from) => {
                first = Some(from);
                if from == 0 {
                    return first;
                }
                // What ended at `from` and began again there holds on.
                reach = from - 1;
            }
        }
    }
}

/// Where something begins or ends.
pub fn edges<T>(spans: &[(u64, u64, T)]) -> impl Iterator<Item = u64> + '_ {
    spans.iter().flat_map(|(from, to, _)| [*from, *to])
}
