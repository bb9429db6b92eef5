//! What a person reads first.

use std::fmt;

use crate::names::{Kind, Subject};
use crate::text::{clean, counted};
use crate::time::Time;
use crate::timeline::Timeline;

use super::Run;
use super::amounts::{bytes, of, signed};
use super::columns::aligned;
use super::measures::{Extreme, MeasureRange, Value};
use super::story::story;
use super::verdicts::tally;
use super::view::{SiteView, View};

/// How many sites are told one by one.
const SITES: usize = 12;

/// How many names are listed.
const NAMES: usize = 6;

/// Writes the summary: the sites, the milestones, the measures, the assumptions, the digest, the verdicts.
///
/// # Errors
/// Those of the writer.
pub fn summary(run: &Run<'_>, view: &View, out: &mut dyn fmt::Write) -> fmt::Result {
    let timeline = run.timeline;
    head(timeline, out)?;
    for site in view.sites.iter().take(SITES) {
        let name = name(timeline, site.site);
        let collections = counted(site.collections, "collection");
        writeln!(out, "\n{name} ({collections})")?;
        for said in story(timeline, site) {
            writeln!(out, "  {said}")?;
        }
    }
    if view.sites.len() > SITES || !view.untouched.is_empty() {
        writeln!(out)?;
    }
    more_sites(view, out)?;
    untouched(timeline, view, out)?;
    milestones(timeline, view, out)?;
    measures(timeline, view, out)?;
    if !timeline.assumptions.is_empty() {
        writeln!(out, "\nassumptions in force")?;
        for assumption in &timeline.assumptions {
            writeln!(out, "  {}", clean(assumption))?;
        }
    }
    writeln!(out, "\ndigest {}", run.short_digest())?;
    writeln!(out, "{}", tally(run.verdicts))
}

/// What was run.
pub(super) fn head(timeline: &Timeline, out: &mut dyn fmt::Write) -> fmt::Result {
    writeln!(out, "{}", clean(&timeline.scenario))?;
    write!(
        out,
        "profile {}, seed {}, until {}",
        clean(&timeline.profile),
        timeline.seed.0,
        timeline.until
    )?;
    match timeline.start {
        Some(start) => writeln!(out, ", start {start}"),
        None => writeln!(out),
    }
}

pub(super) fn name(timeline: &Timeline, site: u32) -> String {
    timeline.names.text(Subject::new(Kind::Site, site))
}

/// How many sites are left out.
pub(super) fn more_sites(view: &View, out: &mut dyn fmt::Write) -> fmt::Result {
    match view.sites.len().checked_sub(SITES) {
        None | Some(0) => Ok(()),
        Some(more) => writeln!(
            out,
            "… and {} that something happened to",
            counted(more as u64, "more site")
        ),
    }
}

/// The sites to which nothing happened, on one line.
pub(super) fn untouched(timeline: &Timeline, view: &View, out: &mut dyn fmt::Write) -> fmt::Result {
    if view.untouched.is_empty() {
        return Ok(());
    }
    let mut names: Vec<String> = Vec::new();
    for site in view.untouched.iter().take(NAMES) {
        names.push(name(timeline, *site));
    }
    let more = view.untouched.len() - names.len();
    if more > 0 {
        names.push(format!("… and {}", counted(more as u64, "more site")));
    }
    writeln!(out, "untouched: {}", names.join(", "))
}

/// The rows of the table of milestones: site, milestone, first, last, how many.
pub(super) fn milestone_rows(timeline: &Timeline, view: &View) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for site in view.sites.iter().take(SITES) {
        for spread in &site.milestones {
            rows.push(vec![
                name(timeline, site.site),
                spread.milestone.word().to_owned(),
                spread.first.to_string(),
                spread.last.to_string(),
                of(spread.collections, site.collections),
            ]);
        }
    }
    rows
}

fn milestones(timeline: &Timeline, view: &View, out: &mut dyn fmt::Write) -> fmt::Result {
    let mut rows = milestone_rows(timeline, view);
    if rows.is_empty() {
        return Ok(());
    }
    let titles = ["site", "milestone", "first at", "last at", "collections"];
    rows.insert(0, titles.map(str::to_owned).to_vec());
    writeln!(out, "\nmilestones")?;
    aligned(&rows, "  ", out)
}

fn measures(timeline: &Timeline, view: &View, out: &mut dyn fmt::Write) -> fmt::Result {
    for site in view.sites.iter().take(SITES) {
        if site.measures.is_empty() {
            continue;
        }
        writeln!(out, "\nmeasures of {}", name(timeline, site.site))?;
        aligned(&measure_rows(timeline, site), "  ", out)?;
    }
    Ok(())
}

fn measure_rows(timeline: &Timeline, site: &SiteView) -> Vec<Vec<String>> {
    let spread = site
        .measures
        .iter()
        .any(|it| it.least.value != it.greatest.value);
    let titles: &[&str] = if spread {
        &["measure", "least", "of", "greatest", "of"]
    } else {
        &["measure", "", "of"]
    };
    let mut rows = vec![titles.iter().map(|it| (*it).to_owned()).collect()];
    for MeasureRange {
        of: measure,
        least,
        greatest,
        collections,
    } in &site.measures
    {
        let mut row = vec![measure.word().replace('_', " "), value(least.value)];
        if least.value == greatest.value {
            row.push(of(*collections, site.collections));
        } else {
            row.push(short(timeline, least));
            row.push(value(greatest.value));
            row.push(short(timeline, greatest));
        }
        rows.push(row);
    }
    rows
}

/// A collection's own name, without its org and region.
fn short(timeline: &Timeline, extreme: &Extreme) -> String {
    let name = timeline.names.text(extreme.subject);
    name.rsplit('/').next().unwrap_or(&name).to_owned()
}

/// A measure, exactly.
pub(super) fn value(value: Value) -> String {
    match value {
        Value::At(Time::NEVER) => "never".to_owned(),
        Value::At(time) => format!("at {time}"),
        Value::For(span) => span.to_string(),
        Value::Signed(ms) => signed(ms),
        Value::Bytes(number) => bytes(number),
    }
}
