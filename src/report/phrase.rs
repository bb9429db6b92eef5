//! One entry in a few words, the same in every output that people read.

use crate::profile::amount;
use crate::states::{AccessWord, Queries, Side};
use crate::text::clean;
use crate::timeline::{Access, By, Entry, Fact, Tables, Timeline};

use super::amounts::{bytes, queries};

/// What happened: `status PAUSING → PAUSED`.
pub fn phrase(timeline: &Timeline, entry: &Entry) -> String {
    said(timeline.tables(), &entry.fact)
}

/// The same of a fact of any run, by the tables that its numbers point into.
pub fn said(tables: Tables<'_>, fact: &Fact) -> String {
    match *fact {
        Fact::Command { verb, fields, by } => {
            let fields = clean(&tables.texts[fields as usize]).into_owned();
            let planned = match by {
                By::Written => "",
                By::Planned => " (planned)",
            };
            format!("command {verb} {fields}{planned}")
        }
        Fact::Refused {
            verb,
            code,
            message,
        } => match message {
            Some(message) => {
                let message = clean(&tables.texts[message as usize]);
                format!("refused {verb}: {code}: {message}")
            }
            None => format!("refused {verb}: {code}"),
        },
        Fact::Turned { date } => format!("a date in the policy came: {date}"),
        Fact::State { from, to } => format!("state {from} → {to}"),
        Fact::Visible { state, policy } => format!(
            "visible {state}, policy {}",
            tables
                .policies
                .get(policy as usize)
                .map_or("none", String::as_str)
        ),
        Fact::Rotated => "rotated".to_owned(),
        Fact::FaultBegan { verb } => format!("fault began: {verb}"),
        Fact::FaultEnded { verb } => format!("fault ended: {verb}"),
        Fact::OrgRefused { rule } => format!("org refused ({rule})"),
        Fact::Site { to } => format!("site {to}"),
        Fact::Access { to, access } => match to {
            AccessWord::Granted => "access granted".to_owned(),
            AccessWord::Refused => {
                format!(
                    "access refused ({})",
                    causes(&tables.accesses[access as usize])
                )
            }
        },
        Fact::Queries { to, live, .. } => match to {
            Queries::Some => format!("queries some ({live} live)"),
            Queries::All | Queries::None => format!("queries {to}"),
        },
        Fact::Ingest {
            to,
            lag_ms,
            lag_bytes,
        } => format!(
            "ingest {to}, lag {} ({})",
            crate::time::Span::from_ms(lag_ms),
            bytes(lag_bytes)
        ),
        Fact::Status { from, to, .. } => format!("status {from} → {to}"),
        Fact::Traffic {
            queries: asked,
            arrivals: arriving,
            ..
        } => format!(
            "traffic queries {}, arrivals {}",
            queries(asked),
            amount::text(arriving)
        ),
        Fact::Support { to } => format!("support {to}"),
        Fact::DataLost => "data lost".to_owned(),
        Fact::Outcome { to, bytes: 0 } => format!("outcome {to}"),
        Fact::Outcome { to, bytes: lost } => format!("outcome {to} ({} dropped)", bytes(lost)),
        Fact::Created | Fact::Recreated | Fact::Deleted => fact.word().to_owned(),
    }
}

/// What of a phrase stays the same when only its numbers, reasons or fields change: `ingest halted`, `access refused`,
/// `command PutKeyPolicy`. Two phrases with one gist tell the same fact.
pub fn gist(phrase: &str) -> &str {
    let first = phrase.split(' ').next().unwrap_or("");
    let cut = |mark: &str| phrase.find(mark).unwrap_or(phrase.len());
    match first {
        "command" | "refused" => {
            let second = phrase[first.len()..].trim_start();
            let verb = second.split([' ', ':']).next().unwrap_or("");
            let end = phrase.len() - second.len() + verb.len();
            &phrase[..end]
        }
        "traffic" => first,
        "a" => &phrase[..cut(": ")],
        "fault" => &phrase[..cut(": …")],
        _ => &phrase[..cut(", ").min(cut(" (")).min(cut(": …"))],
    }
}

/// Every cause, with the actions it refuses: `disabled, denied kms:Decrypt`.
pub fn causes(access: &Access) -> String {
    let mut text = String::new();
    for cause in &access.causes {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&cause.cause.word().replace('_', " "));
        for (index, action) in cause.actions.iter().enumerate() {
            text.push_str(if index == 0 { " " } else { " + " });
            text.push_str(action);
        }
        if cause.side == Side::Service {
            text.push_str(" by the service's own permissions");
        }
    }
    text
}

/// An entry as a chain names it: `#14 1h06m12s queries none`.
pub(super) fn link(timeline: &Timeline, number: u32) -> String {
    let entry = &timeline.entries[number as usize];
    format!("#{number} {} {}", entry.time, phrase(timeline, entry))
}

/// A chain of causes on one line: `#14 1h06m12s queries none ← #9 1h00m05s access refused (disabled) ← …`.
pub fn chain(timeline: &Timeline, entries: &[u32]) -> String {
    let links: Vec<String> = entries.iter().map(|it| link(timeline, *it)).collect();
    links.join(" ← ")
}

#[cfg(test)]
mod tests {
    use super::{causes, gist, phrase};
    use crate::expect::made::{calm, clicks, counts, east, enter, replica};
    use crate::states::{AccessWord, Cause, Ingest, KeyState, Outcome, Queries, Status};
    use crate::timeline::{Access, AccessCause, By, Fact};

    #[test]
    fn every_entry_says_what_happened() {
        let mut timeline = calm(10_000, 1);
        timeline
            .texts
            .push("key: main,\u{1b} region: us-east-1".to_owned());
        let command = |by| Fact::Command {
            verb: "DisableKey",
            fields: 0,
            by,
        };
        let queries = |to, live| Fact::Queries {
            to,
            live,
            counts: counts(),
        };
        for (subject, fact, text) in [
            (
                replica(),
                command(By::Written),
                "command DisableKey key: main,<U+001B> region: us-east-1",
            ),
            (
                replica(),
                command(By::Planned),
                "command DisableKey key: main,<U+001B> region: us-east-1 (planned)",
            ),
            (
                replica(),
                Fact::State {
                    from: KeyState::Enabled,
                    to: KeyState::Disabled,
                },
                "state Enabled → Disabled",
            ),
            (
                east(),
                Fact::Access {
                    to: AccessWord::Refused,
                    access: 1,
                },
                "access refused (disabled)",
            ),
            (
                east(),
                Fact::Access {
                    to: AccessWord::Granted,
                    access: 0,
                },
                "access granted",
            ),
            (clicks(), queries(Queries::Some, 3), "queries some (3 live)"),
            (clicks(), queries(Queries::None, 0), "queries none"),
            (
                clicks(),
                Fact::Ingest {
                    to: Ingest::Halted,
                    lag_ms: 9_000,
                    lag_bytes: 1,
                },
                "ingest halted, lag 9s (1 byte)",
            ),
            (
                clicks(),
                Fact::Status {
                    from: Status::Pausing,
                    to: Status::Paused,
                    counts: counts(),
                },
                "status PAUSING → PAUSED",
            ),
            (
                clicks(),
                Fact::Outcome {
                    to: Outcome::Resumed,
                    bytes: 0,
                },
                "outcome resumed",
            ),
            (
                clicks(),
                Fact::Outcome {
                    to: Outcome::RecreateWithLoss,
                    bytes: 1_500,
                },
                "outcome recreate_with_loss (1,500 bytes dropped)",
            ),
            (clicks(), Fact::DataLost, "data lost"),
        ] {
            let at = enter(&mut timeline, 5, subject, fact, None);
            assert_eq!(phrase(&timeline, &timeline.entries[at as usize]), text);
        }
    }

    #[test]
    fn the_gist_of_a_phrase_has_no_numbers_in_it() {
        for (phrase, due) in [
            (
                "command DisableKey key: main, region: us-east-1 (planned)",
                "command DisableKey",
            ),
            ("command UnlinkKey", "command UnlinkKey"),
            (
                "refused UpdatePrimaryRegion: DisabledException: arn is disabled.",
                "refused UpdatePrimaryRegion",
            ),
            (
                "a date in the policy came: 2026-03-01T10:00:00Z",
                "a date in the policy came",
            ),
            ("state Enabled → Disabled", "state Enabled → Disabled"),
            (
                "visible Disabled, policy c159c2356e0b0299",
                "visible Disabled",
            ),
            ("fault began: KmsThrottled", "fault began: KmsThrottled"),
            ("org refused (R2)", "org refused"),
            ("site operating", "site operating"),
            (
                "access refused (disabled, denied kms:Decrypt)",
                "access refused",
            ),
            ("queries some (3 live)", "queries some"),
            ("queries none", "queries none"),
            ("ingest halted, lag 9s (1 byte)", "ingest halted"),
            ("traffic queries 5/s, arrivals 1 KiB/s", "traffic"),
            (
                "outcome recreate_with_loss (1,500 bytes dropped)",
                "outcome recreate_with_loss",
            ),
            (
                "queries none: … and 996 more like it, the last at 1h",
                "queries none",
            ),
            ("data lost", "data lost"),
        ] {
            assert_eq!(gist(phrase), due);
        }
    }

    #[test]
    fn all_causes_are_named() {
        let denied = AccessCause {
            cause: Cause::DeniedExplicitly,
            actions: vec!["kms:Decrypt".to_owned(), "kms:Encrypt".to_owned()],
            side: crate::states::Side::Customer,
        };
        let disabled = AccessCause {
            cause: Cause::Disabled,
            actions: Vec::new(),
            side: crate::states::Side::Customer,
        };
        let access = Access {
            causes: vec![denied, disabled],
        };
        assert_eq!(
            causes(&access),
            "denied explicitly kms:Decrypt + kms:Encrypt, disabled"
        );
    }
}
