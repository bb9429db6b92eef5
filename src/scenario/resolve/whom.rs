//! Of whom something is expected: globs over names, and the incarnation of a collection.

use crate::names::{Names, Subject};
use crate::scenario::Who;
use crate::scenario::codes::Code;
use crate::scenario::file::Whos;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::against::{Against, one};
use crate::scenario::resolve::events::select;
use crate::scenario::resolve::globs;
use crate::states::Place;
use crate::yaml::{Mark, Text};

/// Who is meant, and the field that says it.
pub(super) fn whom<'f>(
    desk: &mut Desk<'_>,
    against: &mut Against<'_>,
    mark: Mark,
    whos: &Whos<'f>,
) -> Option<(Who, &'f Text)> {
    let Against { names, effort, .. } = against;
    let names: &Names = names;
    let marks = whos.map(|(name, text)| (name, text.map(|it| it.mark)));
    let name = one(desk, Code::BadWho, mark, "of whom", &marks)?;
    let text = whos
        .iter()
        .find_map(|(it, text)| text.filter(|_| *it == name))?;
    let glob = text.as_str();
    let parts: Vec<&str> = glob.split('/').collect();
    let who = match (name, parts.as_slice()) {
        ("collections", _) => {
            let (glob, incarnation) = incarnation(desk, text)?;
            let selection = select(desk, names, text, glob, effort)?;
            return Some((Who::Collections(selection, incarnation), text));
        }
        ("sites", [org, region]) => {
            let selection = globs::sites(names, [org, region], effort);
            (Who::Sites(selection), "site")
        }
        ("keys", [key, region]) => {
            let selection = globs::replicas(names, [key, region]);
            (Who::Keys(selection), "replica")
        }
        ("places", [org, region, place]) => {
            let selection = globs::sites(names, [org, region], effort);
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
            let known = known(names, name);
            problem.did_you_mean = globs::meant(&parts, &known);
            problem.expected = globs::there_is(&parts, &known);
        }
        desk.say(problem);
        return None;
    }
    Some((who, text))
}

fn known(names: &Names, who: &str) -> Vec<Vec<String>> {
    let [orgs, regions, _] = globs::known(names);
    match who {
        "keys" => {
            let count = names.count(crate::names::Kind::Key);
            let keys = (0..count).map(|it| names.key(it).to_owned());
            let count = names.count(crate::names::Kind::Region);
            let regions = (0..count).map(|it| names.region(it).to_owned());
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
pub(super) fn name(names: &Names, kind: crate::names::Kind, id: u32) -> String {
    names.text(Subject::new(kind, id))
}
