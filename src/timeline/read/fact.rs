//! One entry read back: its fact, with what the fact's numbers stand for put into the tables.

use serde_json::{Map, Value};

use crate::names::{Kind, Subject};
use crate::profile::{Rule, amount};
use crate::scenario::verbs::Verb;
use crate::states::{
    AccessWord, Cause, Ingest, KeyState, Milestone, Outcome, Queries, Side, SiteState, Status,
    Support,
};
use crate::time::Calendar;
use crate::timeline::{Access, AccessCause, By, Entry, Fact, Milestones, Saved};

use super::fields::{Fields, number, object, text, word};

/// The codes that calls are refused with, besides those of [`Cause::code`] and the rules.
const CODES: [&str; 5] = [
    // The service's own.
    "NOTFOUND",
    "AlreadyExistsException",
    "ConflictException",
    "LimitExceededException",
    "UnsupportedOperationException",
];

/// Reads one entry and puts it behind those that were read before.
pub(super) fn entry(map: &Map<String, Value>, saved: &mut Saved) -> Result<(), String> {
    let fields = Fields::of(map);
    let before = saved.entries.len() as u64;
    let earlier = |value: &Value, name: &str| match number(value, name)? {
        at if at < before => Ok(at as u32),
        at => Err(format!(
            "`{name}`: entry {at} does not stand before this one"
        )),
    };
    let cause = match fields.get("cause")? {
        Value::Null => None,
        value => Some(earlier(value, "cause")?),
    };
    let with = fields.list("with")?.iter();
    let with = with
        .map(|it| earlier(it, "with"))
        .collect::<Result<Box<[u32]>, _>>()?;
    let mut milestones = Milestones::NONE;
    if map.contains_key("milestones") {
        for it in fields.list("milestones")? {
            let found = text(it, "milestones")?;
            milestones = milestones.and(word(found, "milestones", Milestone::from_word)?);
        }
    }
    let time = fields.time("t_ms")?;
    if saved.entries.last().is_some_and(|last| last.time > time) {
        return Err("`t_ms`: this is earlier than the entry before it".to_owned());
    }
    let kind = fields.word("kind", |it| {
        Kind::ALL.iter().copied().find(|kind| kind.word() == it)
    })?;
    let id = saved.number_of(kind, fields.name("subject")?);
    let fact = fact(&fields, saved)?;
    saved.entries.push(Entry {
        time,
        subject: Subject::new(kind, id),
        fact,
        cause,
        with,
        milestones,
    });
    Ok(())
}

fn fact(of: &Fields<'_>, saved: &mut Saved) -> Result<Fact, String> {
    let verb = || of.word("verb", Verb::from_word).map(Verb::word);
    Ok(match of.text("fact")? {
        "command" => Fact::Command {
            verb: verb()?,
            fields: put(&mut saved.texts, of.text("fields")?.to_owned()),
            by: of.word("by", |it| {
                [By::Written, By::Planned]
                    .into_iter()
                    .find(|by| by.word() == it)
            })?,
        },
        "refused" => Fact::Refused {
            verb: verb()?,
            code: of.word("code", code)?,
            message: match of.get("message") {
                Ok(message) => {
                    let message = text(message, "message")?.to_owned();
                    Some(put(&mut saved.texts, message))
                }
                Err(_) => None,
            },
        },
        "state" => Fact::State {
            from: of.word("from", KeyState::from_word)?,
            to: of.word("to", KeyState::from_word)?,
        },
        "visible" => Fact::Visible {
            state: of.word("state", KeyState::from_word)?,
            policy: put(&mut saved.policies, meaning(of.text("policy")?)?),
        },
        "turned" => Fact::Turned {
            date: Calendar::parse(of.text("date")?)?,
        },
        "rotated" => Fact::Rotated,
        "fault_began" => Fact::FaultBegan { verb: verb()? },
        "fault_ended" => Fact::FaultEnded { verb: verb()? },
        "org_refused" => Fact::OrgRefused {
            rule: of.word("rule", Rule::from_word)?,
        },
        "site" => Fact::Site {
            to: of.word("to", SiteState::from_word)?,
        },
        "access" => {
            let to = of.word("to", AccessWord::from_word)?;
            let access = access(of)?;
            if access.word() != to {
                return Err("`to` and `causes` do not agree".to_owned());
            }
            Fact::Access {
                to,
                access: put(&mut saved.accesses, access),
            }
        }
        "queries" => Fact::Queries {
            to: of.word("to", Queries::from_word)?,
            live: u32::try_from(of.number("live")?)
                .map_err(|_| "`live` is too large".to_owned())?,
            counts: of.counts()?,
        },
        "ingest" => Fact::Ingest {
            to: of.word("to", Ingest::from_word)?,
            lag_ms: of.number("lag_ms")?,
            lag_bytes: of.number("lag_bytes")?,
        },
        "status" => Fact::Status {
            from: of.word("from", Status::from_word)?,
            to: of.word("to", Status::from_word)?,
            counts: of.counts()?,
        },
        "traffic" => Fact::Traffic {
            queries: amount::queries(of.text("queries")?)?,
            // Bytes are written as queries are, without a unit.
            arrivals: amount::queries(of.text("arrivals")?)?,
            counts: of.counts()?,
        },
        "support" => Fact::Support {
            to: of.word("to", Support::from_word)?,
        },
        "data_lost" => Fact::DataLost,
        "outcome" => Fact::Outcome {
            to: of.word("to", Outcome::from_word)?,
            bytes: of.number("bytes")?,
        },
        "created" => Fact::Created,
        "recreated" => Fact::Recreated,
        "deleted" => Fact::Deleted,
        other => return word(other, "fact", |_| None),
    })
}

/// What a policy means, as 16 hex digits.
fn meaning(found: &str) -> Result<String, String> {
    if found.len() == 16 && found.bytes().all(|it| it.is_ascii_hexdigit()) {
        Ok(found.to_owned())
    } else {
        Err("`policy`: 16 hex digits are due".to_owned())
    }
}

/// An operation of AWS, or several: `kms:GenerateDataKey*`.
fn action(value: &Value) -> Result<String, String> {
    let found = text(value, "actions")?;
    if found.chars().all(|it| it.is_ascii_graphic()) {
        Ok(found.to_owned())
    } else {
        Err("`actions`: the names of operations are due".to_owned())
    }
}

fn code(found: &str) -> Option<&'static str> {
    let causes = Cause::ALL.iter().map(|it| it.code());
    let rules = Rule::ALL.iter().map(|it| it.word());
    let mut all = CODES.into_iter().chain(causes).chain(rules);
    all.find(|it| *it == found)
}

fn access(of: &Fields<'_>) -> Result<Access, String> {
    let mut causes = Vec::new();
    for it in of.list("causes")? {
        let it = Fields::of(object(it, "causes")?);
        let actions = it.list("actions")?.iter().map(action);
        causes.push(AccessCause {
            cause: it.word("cause", Cause::from_word)?,
            actions: actions.collect::<Result<_, _>>()?,
            side: match it.get("side") {
                Ok(_) => it.word("side", Side::from_word)?,
                Err(_) => Side::Customer,
            },
        });
    }
    Ok(Access { causes })
}

/// Puts something into a table, once as long as it comes again soon, and gives its number.
fn put<T: PartialEq>(table: &mut Vec<T>, it: T) -> u32 {
    const NEAR: usize = 64;
    let from = table.len().saturating_sub(NEAR);
    let at = match table[from..].iter().position(|known| *known == it) {
        Some(at) => from + at,
        None => {
            table.push(it);
            table.len() - 1
        }
    };
    at as u32
}
