//! What should hold: each line of `expect:` says when, of whom, and what.

use crate::names::Subject;
use crate::scenario::codes::Code;
use crate::scenario::file::{ExpectFile, ScenarioFile};
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::cast::Cast;
use crate::scenario::resolve::events::{Drawn, select};
use crate::scenario::resolve::globs::{self, Effort};
use crate::scenario::resolve::head::Head;
use crate::scenario::resolve::judge;
use crate::scenario::resolve::scalars::truth;
use crate::scenario::resolve::size;
use crate::scenario::resolve::what::what;
use crate::scenario::{Expectation, When, Who};
use crate::states::Place;
use crate::time::Time;
use crate::yaml::{Mark, Text};

/// Reads the expectations of a file.
pub(super) fn expectations(
    file: &ScenarioFile,
    desk: &mut Desk<'_>,
    head: &Head,
    cast: &Cast,
    commands: &[Drawn],
) -> Vec<Expectation> {
    let mut all = Vec::new();
    let mut effort = Effort::new();
    for it in file.expect.iter().flat_map(|it| &it.items) {
        let (mark, line) = (it.mark, &it.value);
        let when = when(desk, head, mark, line);
        let who = who(desk, cast, mark, line, &mut effort);
        let what = what(desk, mark, line);
        let (Some(when), Some((who, by)), Some(what)) = (when, who, what) else {
            continue;
        };
        judge::decidable(desk, head, cast, commands, (by, &when, &who));
        size::lag(desk, head, mark, &who, &what);
        all.push(Expectation {
            when,
            who,
            what,
            line: mark.line,
            column: mark.column,
            text: text(line),
        });
    }
    if effort.spent() {
        let mark = file.expect.as_ref().map_or(Mark::START, |it| it.mark);
        let what = "the globs would have to try too many names";
        desk.say(desk.problem(Code::TooLarge, mark, what));
    }
    judge::contradictions(desk, &all);
    all
}

type Named<'f> = [(&'static str, Option<&'f Text>); 6];

fn whens(it: &ExpectFile) -> Named<'_> {
    [
        ("at", it.at.as_ref()),
        ("by", it.by.as_ref()),
        ("within", it.within.as_ref()),
        ("throughout", it.throughout.as_ref()),
        ("always", it.always.as_ref()),
        ("never", it.never.as_ref()),
    ]
}

pub(super) fn whos(it: &ExpectFile) -> [(&'static str, Option<&Text>); 4] {
    [
        ("collections", it.collections.as_ref()),
        ("sites", it.sites.as_ref()),
        ("keys", it.keys.as_ref()),
        ("places", it.places.as_ref()),
    ]
}

pub(super) fn whats(it: &ExpectFile) -> [(&'static str, Option<&Text>); 9] {
    [
        ("queries", it.queries.as_ref()),
        ("ingest", it.ingest.as_ref()),
        ("status", it.status.as_ref()),
        ("outcome", it.outcome.as_ref()),
        ("lag", it.lag.as_ref()),
        ("error", it.error.as_ref()),
        ("state", it.state.as_ref()),
        ("access", it.access.as_ref()),
        ("readable", it.readable.as_ref()),
    ]
}

/// As the file says it, on one line.
fn text(it: &ExpectFile) -> String {
    let whens = whens(it);
    let whos = whos(it);
    let whats = whats(it);
    let all = whens.iter().chain(&whos).chain(&whats);
    let given: Vec<String> = all
        .filter_map(|(name, text)| Some(format!("{name}: {}", (*text)?.text)))
        .collect();
    given.join(", ")
}

/// The one of some fields that is given, or `None` after saying that none or several are.
fn one<'f>(
    desk: &mut Desk<'_>,
    code: Code,
    mark: Mark,
    question: &str,
    fields: &[(&'static str, Option<&'f Text>)],
) -> Option<(&'static str, &'f Text)> {
    let mut given = fields
        .iter()
        .filter_map(|(name, text)| Some((*name, (*text)?)));
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let Some(first) = given.next() else {
        let what = format!("this expectation does not say {question}");
        let problem = desk.problem(code, mark, what);
        desk.say(problem.expected(format!("one of: {}", names.join(", "))));
        return None;
    };
    if let Some((second, text)) = given.next() {
        let what = format!(
            "this expectation says {question} twice: `{}` and `{second}`",
            first.0
        );
        let problem = desk.problem(code, text.mark, what);
        desk.say(problem.expected("one of them; write another line for the other"));
        return None;
    }
    Some(first)
}

fn when(desk: &mut Desk<'_>, head: &Head, mark: Mark, it: &ExpectFile) -> Option<When> {
    let (name, text) = one(desk, Code::BadWhen, mark, "when", &whens(it))?;
    Some(match name {
        "at" => When::At(instant(desk, head, text, &text.text)?),
        "by" => When::By(instant(desk, head, text, &text.text)?),
        "within" => {
            let (from, to) = window(desk, head, text)?;
            When::Within(from, to)
        }
        "throughout" => {
            let (from, to) = window(desk, head, text)?;
            When::Throughout(from, to)
        }
        other => {
            if !truth(desk, "value of always or never", text)? {
                let what = format!("`{other}: false` says nothing");
                let problem = desk.problem(Code::BadWhen, text.mark, what);
                desk.say(problem.expected(format!("`{other}: true`")));
                return None;
            }
            if other == "always" {
                When::Always
            } else {
                When::Never
            }
        }
    })
}

/// An instant of an expectation: `[0, until]`.
fn instant(desk: &mut Desk<'_>, head: &Head, text: &Text, part: &str) -> Option<Time> {
    let part = Text {
        text: part.to_owned(),
        mark: text.mark,
        raw: text.raw.clone(),
    };
    let at = head.clock.instant(desk, &part)?;
    if at > head.clock.until {
        let what = format!(
            "{} is after the end of the run, {}",
            quote(&part.text),
            head.clock.until
        );
        let problem = desk.problem(Code::OutsideRun, text.mark, what);
        let due = format!("an instant from 0s to {}, both included", head.clock.until);
        desk.say(problem.expected(due));
        return None;
    }
    Some(at)
}

fn window(desk: &mut Desk<'_>, head: &Head, text: &Text) -> Option<(Time, Time)> {
    let Some((from, to)) = text.text.split_once("..") else {
        let what = format!("{} is not a window", quote(text.as_str()));
        let problem = desk.problem(Code::BadTime, text.mark, what);
        desk.say(problem.expected("two instants with `..` between them, such as 5h5m..5h12m"));
        return None;
    };
    let from = instant(desk, head, text, from.trim());
    let to = instant(desk, head, text, to.trim());
    let (from, to) = (from?, to?);
    if from > to {
        let what = format!("the window {} ends before it begins", quote(text.as_str()));
        let problem = desk.problem(Code::OutsideRun, text.mark, what);
        desk.say(problem.expected("the earlier instant before the `..`, the later one after it"));
        return None;
    }
    Some((from, to))
}

/// Who is meant, and the field that says it.
fn who<'f>(
    desk: &mut Desk<'_>,
    cast: &Cast,
    mark: Mark,
    it: &'f ExpectFile,
    effort: &mut Effort,
) -> Option<(Who, &'f Text)> {
    let (name, text) = one(desk, Code::BadWho, mark, "of whom", &whos(it))?;
    let glob = text.as_str();
    let parts: Vec<&str> = glob.split('/').collect();
    let who = match (name, parts.as_slice()) {
        ("collections", _) => {
            let (glob, incarnation) = incarnation(desk, text)?;
            let selection = select(desk, cast, text, glob, effort)?;
            return Some((Who::Collections(selection, incarnation), text));
        }
        ("sites", [org, region]) => {
            let selection = globs::sites(&cast.names, [org, region], effort);
            (Who::Sites(selection), "site")
        }
        ("keys", [key, region]) => {
            let selection = globs::replicas(&cast.names, [key, region]);
            (Who::Keys(selection), "replica")
        }
        ("places", [org, region, place]) => {
            let selection = globs::sites(&cast.names, [org, region], effort);
            let places: Vec<Place> = Place::ALL
                .iter()
                .filter(|it| globs::matches(place.as_bytes(), it.word().as_bytes()))
                .copied()
                .collect();
            (Who::Places(selection, places), "place")
        }
        _ => {
            let what = format!("{} does not select {name}", quote(glob));
            let form = match name {
                "sites" => "org/region, such as acme/us-east-1",
                "keys" => "key/region, such as main/us-east-1",
                _ => "org/region/ and storage, cache or transit, such as acme/us-east-1/cache",
            };
            desk.say(
                desk.problem(Code::SelectsNothing, text.mark, what)
                    .expected(form),
            );
            return None;
        }
    };
    let (who, kind) = who;
    let empty = match &who {
        Who::Collections(it, _) | Who::Sites(it) | Who::Keys(it) => it.is_empty(),
        Who::Places(it, places) => it.is_empty() || places.is_empty(),
    };
    if empty && !effort.spent() {
        let what = format!("{} selects no {kind}", quote(glob));
        let mut problem = desk.problem(Code::SelectsNothing, text.mark, what);
        if desk.suggests() {
            let known = known(cast, name);
            problem.did_you_mean = globs::meant(&parts, &known);
            problem.expected = globs::there_is(&parts, &known);
        }
        desk.say(problem);
        return None;
    }
    Some((who, text))
}

fn known(cast: &Cast, who: &str) -> Vec<Vec<String>> {
    let [orgs, regions, _] = globs::known(&cast.names);
    match who {
        "keys" => {
            let count = cast.names.count(crate::names::Kind::Key);
            let keys = (0..count).map(|it| cast.names.key(it).to_owned());
            let count = cast.names.count(crate::names::Kind::Region);
            let regions = (0..count).map(|it| cast.names.region(it).to_owned());
            vec![keys.collect(), regions.collect()]
        }
        _ => {
            let places = Place::ALL.iter().map(|it| it.word().to_owned());
            vec![orgs, regions, places.collect()]
        }
    }
}

/// A glob, and the incarnation that `#N` behind it asks for.
fn incarnation<'t>(desk: &mut Desk<'_>, text: &'t Text) -> Option<(&'t str, Option<u32>)> {
    let Some((glob, number)) = text.text.rsplit_once('#') else {
        return Some((text.as_str(), None));
    };
    let last = glob.rsplit('/').next().unwrap_or("");
    let plain = number.bytes().all(|it| it.is_ascii_digit()) && !number.starts_with('0');
    let number = number.parse::<u32>().ok().filter(|_| plain);
    if let (Some(number), false) = (number, last.contains(['*', '?', '#'])) {
        return Some((glob, Some(number)));
    }
    let what = format!("{} does not name an incarnation", quote(text.as_str()));
    let problem = desk.problem(Code::SelectsNothing, text.mark, what);
    desk.say(problem.expected("a collection's name, without * or ?, and #1, #2, …"));
    None
}

/// A subject's name, for messages.
pub(super) fn name(cast: &Cast, kind: crate::names::Kind, id: u32) -> String {
    cast.names.text(Subject::new(kind, id))
}
