//! Throttling as a site meets it: when it holds, which calls it refuses, and which probe gets through (MODEL 8).
//!
//! A die is a matter of its label alone, so whether an attempt is refused can be asked at any time, before it is made or
//! after. Where nothing can be learned from a probe, none is an event.

use std::fmt::{self, Write};

use crate::chance::Chance;
use crate::scenario::Fraction;
use crate::time::{Span, Time};
use crate::world::Ref;
use crate::world::kms::{Down, Throttle};
use crate::world::place::{is_down, upcoming};

/// How often a call is tried.
pub(crate) const ATTEMPTS: u8 = 3;
/// How far apart the attempts of a call are.
pub(crate) const APART: Span = Span::from_ms(1_000);
/// From a call's first attempt to its last.
pub(crate) const ALL_ATTEMPTS: Span = Span::from_ms(2_000);

/// Throttling begins for a site, changes its share, or ends.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Change {
    pub(crate) time: Time,
    pub(crate) ends: bool,
    /// The `fault_began` or `fault_ended` that says so.
    pub(crate) entry: Ref,
}

/// A stretch `[from, to)` in which one share of the calls is refused.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Stretch {
    from: Time,
    to: Time,
    pub(crate) share: Fraction,
    /// When the throttling began of which this is a part.
    pub(crate) since: Time,
}

/// All the throttling of a site.
#[derive(Clone, Debug)]
pub(crate) struct Throttled {
    /// The site's name: its probes' dice carry it.
    pub(crate) name: String,
    pub(crate) changes: Vec<Change>,
    stretches: Vec<Stretch>,
    /// Stretches `[from, to)`, ascending and none over another, in which the KMS does not answer: what does not answer throttles
    /// nobody.
    silent: Vec<(Time, Time)>,
}

/// Which call a die is thrown for.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Call {
    /// The renewal of a cache entry, by its number.
    Renewal(u32),
    Commit,
    Probe,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Call::Renewal(entry) => write!(f, "renewal/{entry}"),
            Call::Commit => f.write_str("commit"),
            Call::Probe => f.write_str("probe"),
        }
    }
}

/// Who calls: a collection, or a site with its probes. Keeps the room of its dice's labels.
#[derive(Clone, Debug, Default)]
pub(crate) struct Caller {
    label: String,
    name: usize,
}

impl Caller {
    /// A caller of that name.
    pub(crate) fn named(name: &str) -> Caller {
        let mut caller = Caller::default();
        caller.rename(name);
        caller
    }

    /// From now on the calls are this one's.
    pub(crate) fn rename(&mut self, name: &str) {
        self.label.clear();
        self.label.push_str(name);
        self.name = self.label.len();
    }

    /// Whether the die of an attempt falls under the share: `throttle|SUBJECT|CALL|T_MS`, one of a million values.
    pub(crate) fn refused(
        &mut self,
        chance: &Chance,
        share: Fraction,
        call: Call,
        time: Time,
    ) -> bool {
        if share.0 >= Fraction::WHOLE {
            return true;
        }
        self.label.truncate(self.name);
        write!(self.label, "|{call}|{}", time.ms()).expect("a String takes all that is written");
        let mut die = chance.die("throttle", &self.label);
        die.roll(u64::from(Fraction::WHOLE)) < u64::from(share.0)
    }
}

/// A site's probes: at `first` + k × `interval`.
pub(crate) struct Probes<'a> {
    pub(crate) throttled: &'a Throttled,
    pub(crate) chance: &'a Chance,
    pub(crate) downs: &'a [Down],
    pub(crate) first: Time,
    pub(crate) interval: Span,
    pub(crate) until: Time,
}

impl Throttled {
    /// The throttling that `parts` tell of, each ascending and from its `since` up to its `to`; `None` when there is none.
    pub(crate) fn new<'a>(
        name: impl FnOnce() -> String,
        parts: impl Iterator<Item = (&'a [Throttle], Time, Time)>,
        silent: impl FnOnce() -> Vec<(Time, Time)>,
    ) -> Option<Throttled> {
        let mut told: Vec<Throttle> = Vec::new();
        for (throttles, from, to) in parts {
            let before = throttles.partition_point(|it| it.from <= from);
            let at_first = throttles[..before]
                .last()
                .map(|it| Throttle { from, ..*it });
            // One link may end inside a throttling, and the next begin outside of any.
            let ended = told.last().copied().filter(|it| it.share.is_some());
            let outside = ended.map(|it| Throttle {
                from,
                share: None,
                ..it
            });
            told.extend(
                at_first
                    .or(outside)
                    .filter(|it| it.share.is_some() || ended.is_some()),
            );
            told.extend(throttles[before..].iter().take_while(|it| it.from < to));
        }
        if told.is_empty() {
            return None;
        }
        let mut since = None;
        let mut stretches = Vec::new();
        for (at, it) in told.iter().enumerate() {
            let Some(share) = it.share else {
                since = None;
                continue;
            };
            stretches.push(Stretch {
                from: it.from,
                to: told.get(at + 1).map_or(Time::NEVER, |next| next.from),
                share,
                since: *since.get_or_insert(it.from),
            });
        }
        let change = |it: &Throttle| Change {
            time: it.from,
            ends: it.share.is_none(),
            entry: it.entry,
        };
        Some(Throttled {
            name: name(),
            changes: told.iter().map(change).collect(),
            stretches,
            silent: silent(),
        })
    }

    /// The stretch of throttling an instant lies in, whether or not the KMS answers.
    pub(crate) fn in_force(&self, time: Time) -> Option<&Stretch> {
        let after = self.stretches.partition_point(|it| it.from <= time);
        self.stretches[..after].last().filter(|it| time < it.to)
    }

    /// The stretch in which a call of that instant is throttled.
    pub(crate) fn of_call(&self, time: Time) -> Option<&Stretch> {
        let is_silent = || {
            let begun = self.silent.partition_point(|it| it.0 <= time);
            self.silent[..begun].last().is_some_and(|it| time < it.1)
        };
        self.in_force(time).filter(|_| !is_silent())
    }
}

impl Probes<'_> {
    /// When a probe of that instant gets through: at its first attempt that is not refused for the number of calls.
    pub(crate) fn through(&self, caller: &mut Caller, time: Time) -> Option<Time> {
        let mut at = time;
        for _ in 0..ATTEMPTS {
            if is_down(self.downs, at).is_some() {
                return None;
            }
            match self.throttled.of_call(at) {
                Some(it) if caller.refused(self.chance, it.share, Call::Probe, at) => {
                    at = at + APART;
                }
                Some(_) | None => return Some(at),
            }
        }
        None
    }

    /// The first instant from `from` on at which a probe gets through; never, when none does before the end.
    pub(crate) fn next(&self, caller: &mut Caller, from: Time) -> Time {
        let earliest = from.before(ALL_ATTEMPTS).unwrap_or(Time::START);
        let mut probe = upcoming(self.first, self.interval, earliest);
        let mut best = Time::NEVER;
        while probe < best && probe < self.until {
            if let Some(at) = self.through(caller, probe).filter(|at| *at >= from) {
                best = best.min(at);
            }
            probe = upcoming(self.first, self.interval, self.hindered_to(probe));
        }
        best
    }

    /// Until when surely no later probe than this one gets through.
    fn hindered_to(&self, probe: Time) -> Time {
        let after = probe.next();
        if let Some(down) = is_down(self.downs, probe) {
            return after.max(down.to);
        }
        match self.throttled.of_call(probe) {
            Some(it) if it.share.0 >= Fraction::WHOLE => {
                let silent = &self.throttled.silent;
                let begun = silent.partition_point(|it| it.0 <= probe);
                let to = silent.get(begun).map_or(it.to, |next| it.to.min(next.0));
                match to {
                    Time::NEVER => to,
                    to => after.max(to.before(ALL_ATTEMPTS).unwrap_or(after)),
                }
            }
            Some(_) | None => after,
        }
    }

    /// The last instant up to and with `upto`, and after `after`, at which a probe got through.
    pub(crate) fn last(&self, caller: &mut Caller, after: Time, upto: Time) -> Option<Time> {
        let mut probe = upto;
        loop {
            if probe < self.first {
                return None;
            }
            let steps = (probe - self.first).ms() / self.interval.ms();
            let lattice = self.first + Span::from_ms(steps * self.interval.ms());
            if lattice <= after.before(ALL_ATTEMPTS).unwrap_or(Time::START) {
                return None;
            }
            let through = self.through(caller, lattice);
            if let Some(at) = through.filter(|at| *at > after && *at <= upto) {
                return Some(at);
            }
            probe = lattice.before(Span::from_ms(1))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Caller, Probes, Throttled};
    use crate::chance::{Chance, Seed};
    use crate::names::Kind;
    use crate::scenario::Fraction;
    use crate::time::{Span, Time};
    use crate::world::Ref;
    use crate::world::kms::Throttle;

    const ENTRY: Ref = Ref {
        kind: Kind::Region,
        id: 0,
        serial: 0,
    };

    fn throttle(from: u64, share: Option<u32>) -> Throttle {
        Throttle {
            from: Time::from_ms(from),
            share: share.map(Fraction),
            entry: ENTRY,
        }
    }

    fn throttled(all: &[Throttle], from: u64, to: u64) -> Option<Throttled> {
        let part = (all, Time::from_ms(from), Time::from_ms(to));
        Throttled::new(|| "site".to_owned(), [part].into_iter(), Vec::new)
    }

    #[test]
    fn a_stretch_is_half_open_and_knows_when_the_throttling_began() {
        let all = [
            throttle(100, Some(300_000)),
            throttle(200, Some(1_000_000)),
            throttle(300, None),
        ];
        let it = throttled(&all, 0, 1_000).expect("there is some");
        let seen = |ms| {
            it.in_force(Time::from_ms(ms))
                .map(|it| (it.share.0, it.since.ms()))
        };
        assert_eq!([99, 300].map(seen), [None, None]);
        assert_eq!(seen(100), Some((300_000, 100)));
        assert_eq!(seen(299), Some((1_000_000, 100)));
        assert!(throttled(&all, 300, 1_000).is_none(), "it is over");
        let late = throttled(&all, 250, 1_000).expect("it still holds");
        assert_eq!(late.changes.len(), 2);
        assert_eq!(
            late.in_force(Time::from_ms(250)).map(|it| it.share.0),
            Some(1_000_000)
        );
    }

    #[test]
    fn no_probe_gets_through_a_whole_throttling_but_by_its_last_attempts() {
        let chance = Chance::new(Seed(0));
        let it = throttled(
            &[throttle(0, Some(1_000_000)), throttle(61_500, None)],
            0,
            1 << 40,
        );
        let it = it.expect("there is some");
        let probes = Probes {
            throttled: &it,
            chance: &chance,
            downs: &[],
            first: Time::from_ms(60_000),
            interval: Span::from_ms(60_000),
            until: Time::from_ms(1 << 40),
        };
        let mut caller = Caller::named("site");
        let next = |caller: &mut Caller, ms| probes.next(caller, Time::from_ms(ms)).ms();
        assert_eq!(next(&mut caller, 0), 62_000, "the third attempt");
        assert_eq!(next(&mut caller, 62_001), 120_000);
        let last = probes.last(&mut caller, Time::START, Time::from_ms(100_000));
        assert_eq!(last, Some(Time::from_ms(62_000)));
        assert_eq!(
            probes.last(&mut caller, Time::START, Time::from_ms(61_999)),
            None
        );
    }
}
