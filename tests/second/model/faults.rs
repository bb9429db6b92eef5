//! Trouble that is not the customer's: when each fault holds. Faults are seen, and ended, at their instant.

use keyoutage::names::Kind;
use keyoutage::scenario::{Action, Command, Scenario};

use super::told::Told;
use super::{Ground, NEVER};

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

/// A fault of a region: whom it is about, what it is, and from when to when its commands hold.
type Fault<'a> = (String, &'a Action, Vec<(u64, u64)>);

/// Says when faults of regions begin and end: one holds while any command of it does.
pub fn tell(ground: &Ground<'_>, told: &mut Told) {
    let mut faults: Vec<Fault<'_>> = Vec::new();
    for command in &ground.scenario.commands {
        for subject in subjects(ground, &command.action) {
            let known = faults.iter_mut();
            let known = known
                .into_iter()
                .find(|it| it.0 == subject && *it.1 == command.action);
            match known {
                Some((.., spans)) => spans.push(span(command)),
                None => faults.push((subject, &command.action, vec![span(command)])),
            }
        }
    }
    let mut said: Vec<(u64, String, String)> = Vec::new();
    for (subject, action, spans) in faults {
        let verb = action.verb().word();
        let mut times: Vec<u64> = spans.iter().flat_map(|it| [it.0, it.1]).collect();
        times.sort_unstable();
        times.dedup();
        for at in times {
            let held = spans.iter().any(|(from, to)| *from < at && at <= *to);
            let goes_on = spans.iter().any(|(from, to)| *from < at && at < *to);
            let begins = spans.iter().any(|(from, _)| *from == at);
            if held && !goes_on {
                said.push((at, subject.clone(), format!("{verb} ended")));
            }
            if begins && !goes_on {
                said.push((at, subject.clone(), format!("{verb} began")));
            }
        }
    }
    said.sort();
    for (at, subject, what) in said {
        told.say(at, &subject, "fault", what);
    }
}

/// What a fault of a region is about, by name; nothing for what is none.
fn subjects(ground: &Ground<'_>, action: &Action) -> Vec<String> {
    match action {
        Action::KmsUnreachable(region, _)
        | Action::KmsThrottled(region, ..)
        | Action::RegionDown(region)
        | Action::ServiceIamDenies(region, _) => vec![ground.name(Kind::Region, *region)],
        _ => Vec::new(),
    }
}
