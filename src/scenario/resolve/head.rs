//! What a scenario says about the run as a whole: name, profile, start, end, seed, parameters.

use crate::chance::{Range, Seed};
use crate::profile::amount::whole;
use crate::profile::{Basis, Carried, Parameter, Profile, Reads, Rules};
use crate::scenario::codes::Code;
use crate::scenario::file::ScenarioFile;
use crate::scenario::render::quote;
use crate::scenario::resolve::scalars::{Clock, shortened, told};
use crate::scenario::resolve::{Desk, context};
use crate::time::{Calendar, LONGEST, Time};
use crate::yaml::{Branch, Mark, Text, Tree};

/// What is known before anybody has a name.
pub(super) struct Head {
    pub(super) name: String,
    pub(super) about: Option<String>,
    pub(super) profile: String,
    pub(super) rules: Rules,
    pub(super) clock: Clock,
    pub(super) seed: Seed,
    pub(super) assumptions: Vec<String>,
    /// What calls carry as the profile has it, and where that comes from.
    pub(super) carried: Vec<(Carried, Basis)>,
}

/// Reads the head of a file.
pub(super) fn head(file: &ScenarioFile, desk: &mut Desk<'_>) -> Head {
    if file.name.text.trim().is_empty() {
        desk.say(desk.problem(Code::BadName, file.name.mark, "the scenario has no name"));
    }
    let profile = profile(desk, &file.profile);
    let mut rules = profile.numbers();
    let mut given = Vec::new();
    for (name, value) in file.set.iter().flat_map(|it| &it.entries) {
        if let Some(parameter) = set(desk, &mut rules, name, value) {
            given.push((parameter, value.mark));
        }
    }
    reads_fit(desk, &rules, &given);
    context::context(file, desk, &mut rules);
    let start = file.start.as_ref().and_then(|it| start(desk, it));
    desk.start_unread = file.start.is_some() && start.is_none();
    let until = until(desk, start, &file.until);
    let seed = file.seed.as_ref().and_then(|it| {
        let read = whole(it.as_str(), u64::MAX);
        told(
            desk,
            Code::BadNumber,
            it,
            read,
            "a whole number from 0 to 18446744073709551615",
        )
    });
    Head {
        name: file.name.text.clone(),
        about: file.about.as_ref().map(|it| it.text.clone()),
        assumptions: assumptions(&profile, &rules, &given),
        carried: profile.carried,
        profile: profile.name,
        rules,
        clock: Clock { start, until },
        seed: Seed(seed.unwrap_or(0)),
    }
}

fn profile(desk: &mut Desk<'_>, name: &Text) -> Profile {
    if let Some(profile) = Profile::find(name.as_str()) {
        return profile;
    }
    let mut all = Profile::all();
    let known: Vec<String> = all.iter().map(|it| it.name.clone()).collect();
    let what = format!("there is no profile {}", quote(name.as_str()));
    let problem = desk.problem(Code::UnknownName, name.mark, what);
    desk.say(
        problem
            .near(name.as_str(), known.iter().map(String::as_str))
            .expected(format!("one of: {}", known.join(", "))),
    );
    all.swap_remove(0)
}

/// Reads one parameter into the rules; tells which it was.
fn set(desk: &mut Desk<'_>, rules: &mut Rules, name: &Text, value: &Tree) -> Option<Parameter> {
    let Some(parameter) = Parameter::find(name.as_str()) else {
        let what = format!("there is no parameter {}", quote(name.as_str()));
        let known: Vec<String> = Parameter::all().map(Parameter::name).collect();
        let problem = desk.problem(Code::UnknownParameter, name.mark, what);
        desk.say(
            problem
                .near(name.as_str(), known.iter().map(String::as_str))
                .help("`keyoutage profiles` lists the parameters"),
        );
        return None;
    };
    let text = match &value.branch {
        Branch::Map(entries) => match entries.as_slice() {
            [(key, of)] => of
                .scalar(desk.source)
                .map(|of| format!("{}: {of}", key.text)),
            _ => None,
        },
        _ => value.scalar(desk.source).map(str::to_owned),
    };
    let read = match &text {
        Some(text) => parameter
            .set(rules, text)
            .map_err(|why| shortened(&why, text)),
        None => Err("this is no value of a parameter".to_owned()),
    };
    if let Err(why) = read {
        let what = format!("{parameter}: {why}");
        let problem = desk.problem(Code::BadParameter, value.mark, what);
        desk.say(problem.expected(parameter.form()));
        return None;
    }
    Some(parameter)
}

/// A query reads no more entries than there are, and in countably many ways.
fn reads_fit(desk: &mut Desk<'_>, rules: &Rules, given: &[(Parameter, Mark)]) {
    let Reads::Some(reads) = rules.cache_reads else {
        return;
    };
    let entries = rules.cache_entries;
    let of = |it: Parameter| given.iter().find(|(parameter, _)| *parameter == it);
    let place = of(Parameter::CacheReads).or_else(|| of(Parameter::CacheEntries));
    let mark = place.map_or(Mark::START, |(_, mark)| *mark);
    if reads.high > entries.low {
        let what = format!(
            "a query cannot need {} distinct entries of {}",
            reads.high, entries.low
        );
        let problem = desk.problem(Code::BadParameter, mark, what);
        desk.say(problem.expected("cache.reads no more than cache.entries, or `all`"));
    } else if !countable(entries.high, reads) {
        let what = format!(
            "choosing {} of {} entries has more than 2^63 ways, too many to count exactly",
            shown(reads),
            entries.high
        );
        let problem = desk.problem(Code::BadParameter, mark, what);
        desk.say(problem.expected("fewer cache.entries, or cache.reads near 1, or `all`"));
    }
}

fn shown(range: Range<u32>) -> String {
    match range.single() {
        Some(one) => one.to_string(),
        None => format!("{}..{}", range.low, range.high),
    }
}

/// Whether C(n, r) stays below 2^63 for every r of the range.
fn countable(n: u32, reads: Range<u32>) -> bool {
    let worst = (n / 2).clamp(reads.low, reads.high);
    let r = u128::from(worst.min(n - worst));
    let mut ways: u128 = 1;
    for k in 1..=r {
        ways = ways * (u128::from(n) - r + k) / k;
        if ways >= 1 << 63 {
            return false;
        }
    }
    true
}

fn start(desk: &mut Desk<'_>, text: &Text) -> Option<Calendar> {
    let read = Calendar::parse(text.as_str());
    told(
        desk,
        Code::BadTime,
        text,
        read,
        "an RFC 3339 instant with a zone, such as 2026-03-01T09:00:00Z",
    )
}

fn until(desk: &mut Desk<'_>, start: Option<Calendar>, text: &Text) -> Time {
    let longest = Time::START + LONGEST;
    let clock = Clock {
        start,
        until: longest,
    };
    let Some(until) = clock.instant(desk, text) else {
        return longest;
    };
    if until == Time::START {
        let what = "the run would end where it begins";
        let problem = desk.problem(Code::OutsideRun, text.mark, what);
        desk.say(problem.expected("an end after the start, such as 24h"));
        return longest;
    }
    if until > longest {
        let what = format!("the run would be longer than {LONGEST}, the longest time there is");
        desk.say(desk.problem(Code::OutsideRun, text.mark, what));
        return longest;
    }
    until
}

/// The numbers and choices without a source, as sentences.
fn assumptions(profile: &Profile, rules: &Rules, given: &[(Parameter, Mark)]) -> Vec<String> {
    let mut all = Vec::new();
    for row in &profile.rows {
        let parameter = row.parameter;
        let value = parameter.text(rules);
        if given.iter().any(|(it, _)| *it == parameter) {
            all.push(format!("{parameter} = {value}: set by the scenario"));
        } else if let Basis::Assumption(known) = &row.basis {
            all.push(format!("{parameter} = {value}: assumption ({known})"));
        }
    }
    all
}
