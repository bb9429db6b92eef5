//! What follows from a finding, in the words of the model and with the profile's numbers.

use std::fmt::Display;

use crate::chance::Range;
pub(super) use crate::policy::named as actions;
use crate::preflight::aim::{Aim, Stage};
use crate::profile::{RequiredActions, Rules};
use crate::time::Span;

/// What follows if the service is refused some operations.
pub(super) fn refused(aim: &Aim<'_>, operations: &[&str]) -> String {
    match &aim.stage {
        Stage::Running => outage(aim.rules, &aim.arn.region, operations),
        Stage::Creation(orgs) => not_created(orgs),
        Stage::Region(orgs) => cannot_operate(orgs, &aim.arn.region),
    }
}

/// The same where it is not known whether it is refused.
pub(super) fn perhaps(aim: &Aim<'_>, operations: &[&str]) -> String {
    format!("if it is refused, {}", refused(aim, operations))
}

pub(super) fn not_created(orgs: &[String]) -> String {
    let be = if orgs.len() == 1 { "is" } else { "are" };
    format!("{} {be} not created", organizations(orgs))
}

pub(super) fn cannot_operate(orgs: &[String], region: &str) -> String {
    format!("{} cannot operate in {region}", organizations(orgs))
}

/// `the organization acme`; of very many only the first.
fn organizations(orgs: &[String]) -> String {
    const MOST: usize = 5;
    let plural = if orgs.len() == 1 { "" } else { "s" };
    let (shown, more) = orgs.split_at(orgs.len().min(MOST));
    let mut shown = shown.to_vec();
    if !more.is_empty() {
        shown.push(format!("{} more", more.len()));
    }
    format!("the organization{plural} {}", listed(&shown))
}

/// What happens to what runs in a region (R5 to R7) when a command takes these operations from the service.
pub(super) fn outage(rules: &Rules, region: &str, operations: &[&str]) -> String {
    lost(rules, region, operations, Some(rules.visibility_lose))
}

/// The same where a date does: the service sees at once that it has come.
pub(super) fn dated_outage(rules: &Rules, region: &str, operations: &[&str]) -> String {
    lost(rules, region, operations, None)
}

fn lost(rules: &Rules, region: &str, operations: &[&str], seen: Option<Range<Span>>) -> String {
    let all = rules.required_actions == RequiredActions::Seed;
    let reads = all || operations.contains(&"kms:Decrypt");
    let commits = all || operations.contains(&"kms:GenerateDataKey");
    let delay = seen.map_or(Span::ZERO, |it| it.high);
    let mut parts = Vec::new();
    if reads {
        let life = rules.cache_life;
        let last = delay + life.high;
        let life = ranged(life);
        let seen = seen.map_or_else(String::new, |it| format!("visibility {} + ", ranged(it)));
        parts.push(format!(
            "queries in {region} fail within {last} ({seen}cache.life {life})"
        ));
    }
    if commits {
        let last = delay + rules.commit_interval.high;
        let place = if reads { "" } else { " in " };
        let region = if reads { "" } else { region };
        parts.push(format!("ingestion{place}{region} halts within {last}"));
    }
    if reads || commits {
        // The clock starts with the first refusal (R7); PAUSING takes its time before PAUSED.
        let (after, pausing) = (rules.pause_after, rules.pause_pausing);
        let single = after.single().is_some() && pausing.single().is_some();
        let after = both(after.low + pausing.low, after.high + pausing.high, single);
        parts.push(format!(
            "collections are paused {after} after the first refusal"
        ));
        return listed(&parts);
    }
    if operations.contains(&"kms:DescribeKey") {
        return format!(
            "what runs in {region} goes on, but no organization can begin to use {region}"
        );
    }
    format!("what runs in {region} goes on: the service's calls need none of this")
}

/// The verb for so many operations as are told.
pub(super) fn are(operations: &[&str]) -> &'static str {
    if actions(operations).len() == 1 {
        "is"
    } else {
        "are"
    }
}

/// `5m`, or `1m to 10m` where the profile gives a range.
fn ranged(range: Range<Span>) -> String {
    both(range.low, range.high, range.single().is_some())
}

fn both(low: impl Display, high: impl Display, single: bool) -> String {
    if single {
        low.to_string()
    } else {
        format!("{low} to {high}")
    }
}

/// `a, b and c`.
pub(super) fn listed<S: AsRef<str>>(parts: &[S]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}
