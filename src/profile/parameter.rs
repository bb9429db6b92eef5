//! The parameters of a service: a closed list of names, how each is read from text, and how it is written.

use std::fmt;

use crate::chance::Range;
use crate::profile::amount;
use crate::profile::{CannotTell, OnUnreachable, PauseClock, Reads, RequiredActions, Rules};
use crate::states::Source;
use crate::time::Span;

/// One number or choice of a service. The names are binding.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Parameter {
    /// `required_actions`
    RequiredActions,
    /// `service.account`
    ServiceAccount,
    /// `cannot_tell`
    CannotTell,
    /// `visibility.lose`
    VisibilityLose,
    /// `visibility.regain`
    VisibilityRegain,
    /// `cache.life`
    CacheLife,
    /// `cache.entries`
    CacheEntries,
    /// `cache.reads`
    CacheReads,
    /// `probe.interval`
    ProbeInterval,
    /// `commit.interval`
    CommitInterval,
    /// `on_unreachable`
    OnUnreachable,
    /// `unreachable.pauses`
    UnreachablePauses,
    /// `pause.after`
    PauseAfter,
    /// `pause.clock`
    PauseClock,
    /// `pause.pausing`
    PausePausing,
    /// `pause.resuming`
    PauseResuming,
    /// `support.delay`
    SupportDelay,
    /// `support.auto`
    SupportAuto,
    /// `ingest.catch_up`
    IngestCatchUp,
    /// `sources.<type>.retention`
    Retention(Source),
    /// `key.creating`
    KeyCreating,
    /// `key.updating`
    KeyUpdating,
    /// `key.deletion_overrun`
    KeyDeletionOverrun,
}

const SPELLED: &[(Parameter, &str)] = &[
    (Parameter::RequiredActions, "required_actions"),
    (Parameter::ServiceAccount, "service.account"),
    (Parameter::CannotTell, "cannot_tell"),
    (Parameter::VisibilityLose, "visibility.lose"),
    (Parameter::VisibilityRegain, "visibility.regain"),
    (Parameter::CacheLife, "cache.life"),
    (Parameter::CacheEntries, "cache.entries"),
    (Parameter::CacheReads, "cache.reads"),
    (Parameter::ProbeInterval, "probe.interval"),
    (Parameter::CommitInterval, "commit.interval"),
    (Parameter::OnUnreachable, "on_unreachable"),
    (Parameter::UnreachablePauses, "unreachable.pauses"),
    (Parameter::PauseAfter, "pause.after"),
    (Parameter::PauseClock, "pause.clock"),
    (Parameter::PausePausing, "pause.pausing"),
    (Parameter::PauseResuming, "pause.resuming"),
    (Parameter::SupportDelay, "support.delay"),
    (Parameter::SupportAuto, "support.auto"),
    (Parameter::IngestCatchUp, "ingest.catch_up"),
    (Parameter::KeyCreating, "key.creating"),
    (Parameter::KeyUpdating, "key.updating"),
    (Parameter::KeyDeletionOverrun, "key.deletion_overrun"),
];

impl Parameter {
    /// Every parameter, in the order of the table; the retentions come last.
    pub fn all() -> impl Iterator<Item = Parameter> {
        let retentions = Source::ALL.iter().map(|it| Parameter::Retention(*it));
        SPELLED.iter().map(|(it, _)| *it).chain(retentions)
    }

    /// The one of that name.
    pub fn find(name: &str) -> Option<Parameter> {
        Parameter::all().find(|it| it.name() == name)
    }

    /// Its name.
    pub fn name(self) -> String {
        match self {
            Parameter::Retention(source) => format!("sources.{source}.retention"),
            other => SPELLED
                .iter()
                .find(|(it, _)| *it == other)
                .map_or_else(String::new, |(_, name)| (*name).to_owned()),
        }
    }

    /// What its values look like, as a sentence says it.
    pub const fn form(self) -> &'static str {
        match self {
            Parameter::RequiredActions => "seed or mechanistic",
            Parameter::ServiceAccount => "an account id of 12 digits, in quotes",
            Parameter::CannotTell => "error, deny or allow",
            Parameter::CacheLife
            | Parameter::ProbeInterval
            | Parameter::CommitInterval
            | Parameter::PauseAfter => {
                "a length of time of at least 1ms, such as 5m, or a range such as 2m..5m"
            }
            Parameter::VisibilityLose
            | Parameter::VisibilityRegain
            | Parameter::PausePausing
            | Parameter::PauseResuming
            | Parameter::SupportDelay
            | Parameter::KeyCreating
            | Parameter::KeyUpdating
            | Parameter::KeyDeletionOverrun => {
                "a length of time such as 5s, or a range such as 0s..5m"
            }
            Parameter::CacheEntries => "a whole number from 1 to 65535, or a range such as 8..16",
            Parameter::CacheReads => "a whole number from 1 to the cache.entries, a range, or all",
            Parameter::OnUnreachable => "expire, extend or { extend_until: 2h }",
            Parameter::UnreachablePauses | Parameter::SupportAuto => "true or false",
            Parameter::PauseClock => "continuous or cumulative",
            Parameter::IngestCatchUp => {
                "bytes in a time, such as 6 MiB/s, or a range such as 1 MiB/s..6 MiB/s"
            }
            Parameter::Retention(_) => "a length of time such as 24h, or forever",
        }
    }

    /// Reads a value into the rules.
    ///
    /// # Errors
    /// A sentence that says what is wrong; the rules are then as before.
    pub fn set(self, rules: &mut Rules, text: &str) -> Result<(), String> {
        match self {
            Parameter::RequiredActions => put(
                &mut rules.required_actions,
                word(
                    text,
                    &[
                        ("seed", RequiredActions::Seed),
                        ("mechanistic", RequiredActions::Mechanistic),
                    ],
                ),
            ),
            Parameter::ServiceAccount => put(&mut rules.service_account, account(text)),
            Parameter::CannotTell => put(
                &mut rules.cannot_tell,
                word(
                    text,
                    &[
                        ("error", CannotTell::Error),
                        ("deny", CannotTell::Deny),
                        ("allow", CannotTell::Allow),
                    ],
                ),
            ),
            Parameter::VisibilityLose => put(&mut rules.visibility_lose, spans(text, 0)),
            Parameter::VisibilityRegain => put(&mut rules.visibility_regain, spans(text, 0)),
            Parameter::CacheLife => put(&mut rules.cache_life, spans(text, 1)),
            Parameter::CacheEntries => put(&mut rules.cache_entries, numbers(text)),
            Parameter::CacheReads => put(&mut rules.cache_reads, reads(text)),
            Parameter::ProbeInterval => put(&mut rules.probe_interval, spans(text, 1)),
            Parameter::CommitInterval => put(&mut rules.commit_interval, spans(text, 1)),
            Parameter::OnUnreachable => put(&mut rules.on_unreachable, unreachable(text)),
            Parameter::UnreachablePauses => put(&mut rules.unreachable_pauses, truth(text)),
            Parameter::PauseAfter => put(&mut rules.pause_after, spans(text, 1)),
            Parameter::PauseClock => put(
                &mut rules.pause_clock,
                word(
                    text,
                    &[
                        ("continuous", PauseClock::Continuous),
                        ("cumulative", PauseClock::Cumulative),
                    ],
                ),
            ),
            Parameter::PausePausing => put(&mut rules.pause_pausing, spans(text, 0)),
            Parameter::PauseResuming => put(&mut rules.pause_resuming, spans(text, 0)),
            Parameter::SupportDelay => put(&mut rules.support_delay, spans(text, 0)),
            Parameter::SupportAuto => put(&mut rules.support_auto, truth(text)),
            Parameter::IngestCatchUp => put(&mut rules.ingest_catch_up, range(text, amount::bytes)),
            Parameter::Retention(source) => {
                put(&mut rules.retention[source as usize], retention(text))
            }
            Parameter::KeyCreating => put(&mut rules.key_creating, spans(text, 0)),
            Parameter::KeyUpdating => put(&mut rules.key_updating, spans(text, 0)),
            Parameter::KeyDeletionOverrun => put(&mut rules.key_deletion_overrun, spans(text, 0)),
        }
    }

    /// The value in the rules, as it is written.
    pub fn text(self, rules: &Rules) -> String {
        match self {
            Parameter::RequiredActions => match rules.required_actions {
                RequiredActions::Seed => "seed".to_owned(),
                RequiredActions::Mechanistic => "mechanistic".to_owned(),
            },
            Parameter::ServiceAccount => format!("\"{}\"", rules.service_account),
            Parameter::CannotTell => match rules.cannot_tell {
                CannotTell::Error => "error".to_owned(),
                CannotTell::Deny => "deny".to_owned(),
                CannotTell::Allow => "allow".to_owned(),
            },
            Parameter::VisibilityLose => shown(rules.visibility_lose),
            Parameter::VisibilityRegain => shown(rules.visibility_regain),
            Parameter::CacheLife => shown(rules.cache_life),
            Parameter::CacheEntries => shown(rules.cache_entries),
            Parameter::CacheReads => match rules.cache_reads {
                Reads::All => "all".to_owned(),
                Reads::Some(range) => shown(range),
            },
            Parameter::ProbeInterval => shown(rules.probe_interval),
            Parameter::CommitInterval => shown(rules.commit_interval),
            Parameter::OnUnreachable => match rules.on_unreachable {
                OnUnreachable::Expire => "expire".to_owned(),
                OnUnreachable::Extend => "extend".to_owned(),
                OnUnreachable::ExtendUntil(span) => format!("{{ extend_until: {span} }}"),
            },
            Parameter::UnreachablePauses => rules.unreachable_pauses.to_string(),
            Parameter::PauseAfter => shown(rules.pause_after),
            Parameter::PauseClock => match rules.pause_clock {
                PauseClock::Continuous => "continuous".to_owned(),
                PauseClock::Cumulative => "cumulative".to_owned(),
            },
            Parameter::PausePausing => shown(rules.pause_pausing),
            Parameter::PauseResuming => shown(rules.pause_resuming),
            Parameter::SupportDelay => shown(rules.support_delay),
            Parameter::SupportAuto => rules.support_auto.to_string(),
            Parameter::IngestCatchUp => {
                let Range { low, high } = rules.ingest_catch_up;
                if low == high {
                    amount::text(low)
                } else {
                    format!("{}..{}", amount::text(low), amount::text(high))
                }
            }
            Parameter::Retention(source) => rules.retention(source).to_string(),
            Parameter::KeyCreating => shown(rules.key_creating),
            Parameter::KeyUpdating => shown(rules.key_updating),
            Parameter::KeyDeletionOverrun => shown(rules.key_deletion_overrun),
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

fn put<T>(place: &mut T, value: Result<T, String>) -> Result<(), String> {
    *place = value?;
    Ok(())
}

fn shown<T: Copy + PartialEq + fmt::Display>(range: Range<T>) -> String {
    match range.single() {
        Some(one) => one.to_string(),
        None => format!("{}..{}", range.low, range.high),
    }
}

fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(it, _)| *it == text);
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| format!("`{text}` is none of its words"))
}

fn truth(text: &str) -> Result<bool, String> {
    word(text, &[("true", true), ("false", false)])
}

fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` is no account id"))
    }
}

/// One value, or two with `..` between them.
fn range<T: Copy + PartialOrd>(
    text: &str,
    one: impl Fn(&str) -> Result<T, String>,
) -> Result<Range<T>, String> {
    let Some((low, high)) = text.split_once("..") else {
        return Ok(Range {
            low: one(text)?,
            high: one(text)?,
        });
    };
    let (low, high) = (one(low.trim())?, one(high.trim())?);
    if low > high {
        return Err(format!("the range `{text}` ends before it begins"));
    }
    Ok(Range { low, high })
}

fn spans(text: &str, least: u64) -> Result<Range<Span>, String> {
    let it = range(text, Span::parse)?;
    if it.low.ms() < least {
        return Err(format!("`{text}` is too short: it would never end"));
    }
    Ok(it)
}

fn numbers(text: &str) -> Result<Range<u32>, String> {
    let it = range(text, |one| {
        amount::whole(one, 65_535).map(|n| u32::try_from(n).unwrap_or(u32::MAX))
    })?;
    if it.low == 0 {
        return Err("0 is too few".to_owned());
    }
    Ok(it)
}

fn reads(text: &str) -> Result<Reads, String> {
    match text {
        "all" => Ok(Reads::All),
        other => numbers(other).map(Reads::Some),
    }
}

fn unreachable(text: &str) -> Result<OnUnreachable, String> {
    match text {
        "expire" => Ok(OnUnreachable::Expire),
        "extend" => Ok(OnUnreachable::Extend),
        other => match other.strip_prefix("extend_until:") {
            Some(span) => Span::parse(span.trim()).map(OnUnreachable::ExtendUntil),
            None => Err(format!("`{other}` is none of its words")),
        },
    }
}

fn retention(text: &str) -> Result<Span, String> {
    match text {
        "forever" => Ok(Span::FOREVER),
        other => Span::parse(other),
    }
}
