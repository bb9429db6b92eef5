//! What the service's calls carry, as the scenario says it over the profile: `context:`.

use crate::policy::{Policy, SERVICE_OPERATIONS, covers};
use crate::profile::{Basis, Carried, Rules};
use crate::scenario::codes::Code;
use crate::scenario::file::ScenarioFile;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::head::Head;
use crate::text::clean;
use crate::yaml::{Branch, Text, Tree};

const FORM: &str = "a text, a list of texts ([]: the calls do not carry it), or for some actions \
                    { kms:Decrypt: …, \"kms:GenerateDataKey*\": … }";

/// The longest value (AWS KMS Developer Guide, "Resource quotas": an encryption context of 8,192 characters).
const LONGEST: usize = 8_192;

/// Reads `context:` into the rules. Where the scenario speaks, its word counts, not the profile's.
pub(super) fn context(file: &ScenarioFile, desk: &mut Desk<'_>, rules: &mut Rules) {
    let mut seen: Vec<&Text> = Vec::new();
    for (key, value) in file.context.iter().flat_map(|it| &it.entries) {
        if let Some(first) = seen
            .iter()
            .find(|it| it.text.eq_ignore_ascii_case(&key.text))
        {
            let what = format!(
                "{} is {} again: case does not matter",
                quote(&key.text),
                quote(&first.text)
            );
            desk.say(desk.problem(Code::FieldTwice, key.mark, what));
        }
        seen.push(key);
        let known = is_key(desk, key);
        let Some(carried) = of(desk, key, value) else {
            continue;
        };
        if known {
            // A later row wins: what is said of some actions leaves the profile's word about the others.
            rules.carried.extend(carried);
        }
    }
}

/// What calls carry where nobody published it and some policy asks for it, as sentences.
pub(super) fn assumptions(head: &Head, policies: &[Policy]) -> Vec<String> {
    let asked = |it: &Carried| policies.iter().any(|policy| policy.asks_for(&it.key));
    let all = &head.rules.carried;
    let in_force = |at: usize, it: &Carried| {
        let mut operations = SERVICE_OPERATIONS.iter();
        operations.any(|operation| {
            let says = |row: &Carried| {
                row.key.eq_ignore_ascii_case(&it.key) && covers(&row.action, operation)
            };
            says(it) && !all[at + 1..].iter().any(says)
        })
    };
    let carried = all.iter().enumerate();
    let carried = carried.filter(|(at, it)| asked(it) && in_force(*at, it));
    let said = carried.filter_map(|(_, it)| {
        let (key, action) = (&it.key, &it.action);
        let values = match it.values.as_slice() {
            [] => "nothing".to_owned(),
            some => some.join(", "),
        };
        match head.carried.iter().find(|(row, _)| row == it) {
            None => Some(format!("{key} of {action} = {values}: set by the scenario")),
            Some((_, Basis::Assumption(known))) => Some(format!(
                "{key} of {action} = {values}: assumption ({known})"
            )),
            Some((_, Basis::Source(_))) => None,
        }
    });
    said.collect()
}

/// Whether a key is formed as AWS forms those of conditions.
fn is_key(desk: &mut Desk<'_>, key: &Text) -> bool {
    let formed = key.text.split_once(':').is_some_and(|(service, name)| {
        let plain = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
        let shows = clean(name) == name;
        !service.is_empty() && service.bytes().all(plain) && !name.is_empty() && shows
    });
    if !formed {
        let what = format!("{} is no key of a condition", quote(&key.text));
        let problem = desk.problem(Code::BadName, key.mark, what);
        desk.say(problem.expected("service:Name, such as aws:PrincipalOrgID or kms:ViaService"));
    }
    formed
}

fn of(desk: &mut Desk<'_>, key: &Text, value: &Tree) -> Option<Vec<Carried>> {
    let carried = |action: &str, values| Carried {
        key: key.text.clone(),
        action: action.to_owned(),
        values,
    };
    let Branch::Map(actions) = &value.branch else {
        return Some(vec![carried("*", values(desk, value)?)]);
    };
    let mut all = Vec::new();
    for (action, value) in actions {
        let values = values(desk, value);
        if !SERVICE_OPERATIONS.iter().any(|it| covers(&action.text, it)) {
            let what = format!("the service uses no action {}", quote(&action.text));
            let problem = desk.problem(Code::UnknownWord, action.mark, what);
            desk.say(
                problem
                    .near(&action.text, SERVICE_OPERATIONS)
                    .expected("such as kms:Decrypt, kms:GenerateDataKey* or \"*\""),
            );
        } else if let Some(values) = values {
            all.push(carried(&action.text, values));
        }
    }
    Some(all)
}

fn values(desk: &mut Desk<'_>, value: &Tree) -> Option<Vec<String>> {
    let source = desk.source;
    let read = match &value.branch {
        Branch::List(items) => items
            .iter()
            .map(|it| it.scalar(source).map(str::to_owned))
            .collect(),
        _ => value.scalar(source).map(|it| vec![it.to_owned()]),
    };
    let long = read.iter().flatten().any(|it| it.len() > LONGEST);
    if long {
        let what = format!("a value of more than {LONGEST} bytes, which no call carries");
        let problem = desk.problem(Code::TooLarge, value.mark, what);
        desk.say(problem.expected("an encryption context has at most 8,192 characters in all"));
        return None;
    }
    if read.is_none() {
        let problem = desk.problem(Code::WrongShape, value.mark, "this is no value of a key");
        desk.say(problem.expected(FORM));
    }
    read
}
