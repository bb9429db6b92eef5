//! The preflight of R1 to R4: whether every org can begin where the scenario puts it, before anything happens.

use crate::engine;
use crate::names::{Kind, Subject};
use crate::report;
use crate::scenario::Scenario;
use crate::states::SiteState;
use crate::time::Time;
use crate::timeline::{Fact, Timeline};

/// What stands in the way: a line for each org that is refused and each site that cannot operate.
pub(super) fn preflight(scenario: &Scenario) -> Vec<String> {
    let mut start = scenario.clone();
    start.until = Time::START.next().min(start.until);
    let timeline = engine::run(&start, start.seed);
    let mut lines = refused(&timeline);
    lines.extend(idle(&timeline));
    lines
}

fn refused(timeline: &Timeline) -> Vec<String> {
    let line = |entry: &crate::timeline::Entry| match entry.fact {
        Fact::OrgRefused { rule } => {
            let name = timeline.names.text(entry.subject);
            Some(format!("{rule}: {name} is not created"))
        }
        _ => None,
    };
    timeline.entries.iter().filter_map(line).collect()
}

fn idle(timeline: &Timeline) -> Vec<String> {
    let mut lines = Vec::new();
    for (site, start) in timeline.sites.iter().enumerate() {
        if start.since == Time::START && start.state == SiteState::CannotOperate {
            let name = timeline.names.text(Subject::new(Kind::Site, site as u32));
            let access = &timeline.accesses[start.access as usize];
            let why = match access.error() {
                Some(_) => report::causes(access),
                None => "its org is not created".to_owned(),
            };
            lines.push(format!("{name} cannot operate: {why}"));
        }
    }
    lines
}
