//! The same service with one number or choice otherwise: doubled and halved, or each other word.

use crate::chance::Range;
use crate::profile::{
    CannotTell, OnUnreachable, Parameter, PauseClock, Reads, RequiredActions, Rules,
};
use crate::time::{Rate, Span};

/// What stands for twice nothing.
const HOUR: Span = Span::from_ms(3_600_000);
/// The most entries there can be.
const MOST_ENTRIES: u32 = 65_535;

/// Other values of a parameter, each in rules that are else the same.
pub(super) fn otherwise(parameter: Parameter, rules: &Rules) -> Vec<Rules> {
    let with = |change: &dyn Fn(&mut Rules)| {
        let mut other = rules.clone();
        change(&mut other);
        other
    };
    let spans = |of: fn(&mut Rules) -> &mut Range<Span>| {
        let twice = with(&|it| {
            let range = of(it);
            match range.high {
                Span::ZERO => *range = Range::only(HOUR),
                _ => both(range, double),
            }
        });
        let half = with(&|it| both(of(it), half));
        vec![twice, half]
    };
    let all = match parameter {
        Parameter::RequiredActions => vec![with(&|it| {
            it.required_actions = match it.required_actions {
                RequiredActions::Seed => RequiredActions::Mechanistic,
                RequiredActions::Mechanistic => RequiredActions::Seed,
            };
        })],
        // Nobody's.
        Parameter::ServiceAccount => vec![with(&|it| it.service_account = "000000000000".into())],
        Parameter::CannotTell => [CannotTell::Error, CannotTell::Deny, CannotTell::Allow]
            .map(|word| with(&|it| it.cannot_tell = word))
            .to_vec(),
        Parameter::VisibilityLose => spans(|it| &mut it.visibility_lose),
        Parameter::VisibilityRegain => spans(|it| &mut it.visibility_regain),
        Parameter::CacheLife => spans(|it| &mut it.cache_life),
        Parameter::CacheEntries => vec![
            with(&|it| both(&mut it.cache_entries, |n| (n * 2).min(MOST_ENTRIES))),
            with(&|it| both(&mut it.cache_entries, |n| (n / 2).max(1))),
        ],
        Parameter::CacheReads => match rules.cache_reads {
            Reads::All => vec![with(&|it| it.cache_reads = Reads::Some(Range::only(1)))],
            Reads::Some(range) => vec![
                with(&|it| it.cache_reads = Reads::All),
                with(&|it| {
                    let mut twice = range;
                    both(&mut twice, |n| (n * 2).min(MOST_ENTRIES));
                    it.cache_reads = Reads::Some(twice);
                }),
            ],
        },
        Parameter::ProbeInterval => spans(|it| &mut it.probe_interval),
        Parameter::CommitInterval => spans(|it| &mut it.commit_interval),
        Parameter::OnUnreachable => [
            OnUnreachable::Expire,
            OnUnreachable::Extend,
            OnUnreachable::ExtendUntil(HOUR),
        ]
        .map(|word| with(&|it| it.on_unreachable = word))
        .to_vec(),
        Parameter::UnreachablePauses => {
            vec![with(&|it| it.unreachable_pauses = !it.unreachable_pauses)]
        }
        Parameter::PauseAfter => spans(|it| &mut it.pause_after),
        Parameter::PauseClock => vec![with(&|it| {
            it.pause_clock = match it.pause_clock {
                PauseClock::Continuous => PauseClock::Cumulative,
                PauseClock::Cumulative => PauseClock::Continuous,
            };
        })],
        Parameter::PausePausing => spans(|it| &mut it.pause_pausing),
        Parameter::PauseResuming => spans(|it| &mut it.pause_resuming),
        Parameter::SupportDelay => spans(|it| &mut it.support_delay),
        Parameter::SupportAuto => vec![with(&|it| it.support_auto = !it.support_auto)],
        Parameter::IngestCatchUp => vec![
            with(&|it| both(&mut it.ingest_catch_up, |rate| times(rate, 2, 1))),
            with(&|it| both(&mut it.ingest_catch_up, |rate| times(rate, 1, 2))),
        ],
        Parameter::Retention(source) => {
            let at = source as usize;
            vec![
                with(&|it| {
                    it.retention[at] = match it.retention[at] {
                        Span::ZERO => HOUR,
                        span => double(span),
                    };
                }),
                with(&|it| it.retention[at] = half(it.retention[at])),
            ]
        }
        Parameter::KeyCreating => spans(|it| &mut it.key_creating),
        Parameter::KeyUpdating => spans(|it| &mut it.key_updating),
        Parameter::KeyDeletionOverrun => spans(|it| &mut it.key_deletion_overrun),
    };
    all.into_iter().filter(|it| it != rules).collect()
}

fn both<T: Copy>(range: &mut Range<T>, change: impl Fn(T) -> T) {
    range.low = change(range.low);
    range.high = change(range.high);
}

/// Twice as long. What is for ever stays so.
fn double(span: Span) -> Span {
    match span {
        Span::FOREVER => span,
        span => span + span,
    }
}

/// Half as long, and a tick at least; an hour for what is for ever.
fn half(span: Span) -> Span {
    match span {
        Span::ZERO => span,
        Span::FOREVER => HOUR,
        span => Span::from_ms((span.ms() / 2).max(1)),
    }
}

/// A rate, so many times; a byte a day where it is nothing, so that there is another one.
fn times(rate: Rate, by: u64, over: u64) -> Rate {
    let day = Span::from_days(1);
    let count = (rate.per_day() / over).saturating_mul(by).max(1);
    Rate::new(count, day).unwrap_or(rate)
}

#[cfg(test)]
mod tests {
    use super::otherwise;
    use crate::profile::{Parameter, Profile};

    #[test]
    fn every_parameter_has_other_values_and_only_it_is_otherwise() {
        for profile in Profile::all() {
            let mut rules = profile.numbers();
            // What a range may begin with, too.
            let read = Parameter::VisibilityLose.set(&mut rules, "0s..5m");
            assert_eq!(read, Ok(()));
            for parameter in Parameter::all() {
                let others = otherwise(parameter, &rules);
                assert!(!others.is_empty(), "{parameter}");
                for other in others {
                    let changed = Parameter::all().filter(|it| it.text(&rules) != it.text(&other));
                    let changed: Vec<Parameter> = changed.collect();
                    assert_eq!(changed, [parameter], "{}", parameter.text(&other));
                    assert_eq!(other.in_force, rules.in_force);
                    let mut again = rules.clone();
                    let text = parameter.text(&other);
                    let bare = text.trim_matches('"').trim_matches(['{', '}', ' ']);
                    assert_eq!(
                        parameter.set(&mut again, bare),
                        Ok(()),
                        "{parameter}: {text}"
                    );
                }
            }
        }
    }
}
