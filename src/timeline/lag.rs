//! How far ingestion is behind, at any instant.
//!
//! Arrivals flow evenly, so what has arrived is a line with corners where the traffic changes, and the committed offset is
//! one with corners where ingestion changes. The lag is the distance between the two, read along time.

use crate::names::Subject;
use crate::time::{Amount, Span, Time};
use crate::timeline::track::range;
use crate::timeline::{Life, Moves, Offset, Step, Timeline, TrafficFrom};

/// A collection's flow: what arrives, and what is committed. Both begin when it was made.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Flow<'a> {
    pub(crate) traffic: &'a [TrafficFrom],
    pub(crate) offsets: &'a [Offset],
    /// `commit.interval` and the phase of its lattice.
    pub(crate) commit: (Span, Span),
}

impl Flow<'_> {
    /// What has arrived by an instant.
    pub(crate) fn arrived(&self, time: Time) -> Amount {
        let after = self.traffic.partition_point(|it| it.from <= time);
        match self.traffic[..after].last() {
            Some(it) => it.arrived + it.arrivals.over(time - it.from),
            None => Amount::ZERO,
        }
    }

    /// Where the committed offset is, after everything of an instant.
    pub(crate) fn offset(&self, time: Time) -> Amount {
        let after = self.offsets.partition_point(|it| it.from <= time);
        let Some(it) = self.offsets[..after].last() else {
            return Amount::ZERO;
        };
        match it.moves {
            Moves::Not => it.at,
            Moves::At(rate) => (it.at + rate.over(time - it.from)).min(self.arrived(time)),
            Moves::WithCommits => match self.last_commit(time) {
                last if last < it.from => it.at,
                last => self.arrived(last),
            },
        }
    }

    /// The last instant of the commit lattice up to and with `time`; the start before the first.
    pub(crate) fn last_commit(&self, time: Time) -> Time {
        let (interval, phase) = self.commit;
        match time.before(phase) {
            Some(after) => {
                let whole = after.ms() / interval.ms() * interval.ms();
                Time::from_ms(whole) + phase
            }
            None => Time::START,
        }
    }

    /// The last instant at which no more than `amount` had arrived; `None` when it never is exceeded.
    pub(crate) fn instant_of(&self, amount: Amount) -> Option<Time> {
        let after = self.traffic.partition_point(|it| it.arrived <= amount);
        let it = self.traffic[..after].last()?;
        let next = self.traffic.get(after).map(|next| next.from);
        match (it.arrivals.time_within(amount.less(it.arrived)), next) {
            (Some(span), Some(next)) => Some((it.from + span).min(next)),
            (Some(span), None) => Some(it.from + span),
            (None, Some(next)) => Some(next),
            (None, None) => None,
        }
    }

    /// The age of the oldest uncommitted arrival, after everything of an instant; zero when nothing waits.
    pub(crate) fn lag(&self, time: Time) -> Span {
        let offset = self.offset(time);
        if offset >= self.arrived(time) {
            return Span::ZERO;
        }
        self.instant_of(offset)
            .map_or(Span::ZERO, |oldest| time.since(oldest))
    }

    /// What has arrived and is not committed.
    pub(crate) fn waiting(&self, time: Time) -> Amount {
        self.arrived(time).less(self.offset(time))
    }
}

impl Timeline {
    /// The age of the oldest uncommitted arrival, after everything of that instant; zero when nothing waits. At the end of
    /// the run it is the last one.
    pub fn lag_at(&self, subject: Subject, time: Time) -> Span {
        self.with_flow(subject, |flow| flow.lag(time.min(self.last())))
    }

    /// Bytes arrived and not committed, rounded down. At the end of the run they are the last ones.
    pub fn lag_bytes_at(&self, subject: Subject, time: Time) -> u64 {
        self.with_flow(subject, |flow| flow.waiting(time.min(self.last())).floor())
    }

    /// The last instant of which anything is told: the run ends with the next.
    fn last(&self) -> Time {
        self.until.before(Span::from_ms(1)).unwrap_or(Time::START)
    }

    /// Whether the lag is more than a bound (`over`), or less than it (not `over`), over time.
    pub fn lag_beyond(&self, subject: Subject, bound: Span, over: bool) -> Vec<Step<bool>> {
        self.with_flow(subject, |flow| {
            let holds = |time: Time| {
                let lag = flow.lag(time);
                if over { lag > bound } else { lag < bound }
            };
            let made = self.made(subject);
            let mut steps: Vec<Step<bool>> = Vec::new();
            let mut add = |from: Time, value: bool| {
                if steps.last().is_none_or(|last| last.value != value) {
                    steps.push(Step {
                        from,
                        value,
                        entry: None,
                    });
                }
            };
            // A bound below the commit interval is crossed between any two commits.
            let each_commit = bound <= flow.commit.0;
            for (from, to) in self.stretches(&flow, made, each_commit) {
                add(from, holds(from));
                let turned = first_other(from, to, &holds);
                if let Some(turned) = turned {
                    add(turned, holds(turned));
                }
            }
            steps
        })
    }

    /// The greatest lag up to the end, or to its deletion.
    pub fn greatest_lag(&self, subject: Subject) -> Span {
        self.with_flow(subject, |flow| {
            let made = self.made(subject);
            let last = self.ends(subject).before(Span::from_ms(1));
            let last = last.unwrap_or(Time::START);
            let ends = self.stretches(&flow, made, false).into_iter();
            let lags = ends
                .filter(|(from, _)| *from <= last)
                .flat_map(|(from, to)| [flow.lag(from), flow.lag(to.min(last))]);
            lags.max().unwrap_or(Span::ZERO)
        })
    }

    /// Stretches `[from, to]`, both ends included, in which the lag goes one way. Where it goes up and down with the
    /// commits, two rounds of them stand for all, but where each commit is asked for.
    fn stretches(&self, flow: &Flow<'_>, made: Time, each_commit: bool) -> Vec<(Time, Time)> {
        let Some(last) = self.until.before(Span::from_ms(1)) else {
            return Vec::new();
        };
        let mut corners: Vec<Time> = vec![made, self.until];
        corners.extend(flow.traffic.iter().map(|it| it.from));
        for (index, offset) in flow.offsets.iter().enumerate() {
            corners.push(offset.from);
            let to = flow
                .offsets
                .get(index + 1)
                .map_or(self.until, |next| next.from);
            match offset.moves {
                Moves::Not => {}
                Moves::At(_) => corners.extend(self.arrival_corners(flow, offset, to)),
                Moves::WithCommits => {
                    // The saw of the commits begins anew with each change of traffic.
                    let changes = flow.traffic.iter().map(|it| it.from);
                    let inside = changes.filter(|time| *time > offset.from && *time < to);
                    for from in inside.chain([offset.from]) {
                        corners.extend(commit_corners(flow, from, to, each_commit));
                    }
                }
            }
        }
        corners.sort_unstable();
        corners.dedup();
        corners.retain(|time| *time >= made && *time <= self.until);
        corners
            .windows(2)
            .map(|pair| {
                (
                    pair[0],
                    pair[1]
                        .before(Span::from_ms(1))
                        .unwrap_or(pair[0])
                        .min(last),
                )
            })
            .filter(|(from, to)| from <= to)
            .collect()
    }

    /// Where the offset, as it moves, passes arrivals at which the traffic changed.
    fn arrival_corners(&self, flow: &Flow<'_>, offset: &Offset, to: Time) -> Vec<Time> {
        let Moves::At(rate) = offset.moves else {
            return Vec::new();
        };
        let passes = flow.traffic.iter().filter(|it| it.arrived >= offset.at);
        let times = passes.filter_map(|it| rate.time_for(it.arrived.less(offset.at)));
        times
            .map(|span| offset.from + span)
            .filter(|time| *time < to)
            .collect()
    }

    fn with_flow<T>(&self, subject: Subject, ask: impl FnOnce(Flow<'_>) -> T) -> T {
        match self.life(subject) {
            Some(life) => ask(self.flow_of(life)),
            None => {
                let (traffic, offsets, commit) = self.steady(subject);
                ask(Flow {
                    traffic: &traffic,
                    offsets: &offsets,
                    commit,
                })
            }
        }
    }

    pub(crate) fn flow_of(&self, life: &Life) -> Flow<'_> {
        Flow {
            traffic: &self.traffic[range(life.traffic)],
            offsets: &self.offsets[range(life.offsets)],
            commit: life.commit,
        }
    }

    /// The flow of a collection to which nothing ever happened.
    fn steady(&self, subject: Subject) -> (Vec<TrafficFrom>, Vec<Offset>, (Span, Span)) {
        let plain = self.plain(subject.id);
        let warm = self.warm(subject);
        let traffic = TrafficFrom {
            from: Time::START,
            queries: plain.queries,
            arrivals: if warm {
                plain.arrivals
            } else {
                crate::time::Rate::ZERO
            },
            asked: Amount::ZERO,
            arrived: Amount::ZERO,
        };
        let offset = Offset {
            from: Time::START,
            at: Amount::ZERO,
            moves: Moves::WithCommits,
        };
        let name = self.names.text(subject);
        let chance = crate::chance::Chance::new(self.seed);
        let interval = chance.span(self.rules.commit_interval, "commit.interval", &name);
        let phase = Span::from_ms(chance.die("commit", &name).roll(interval.ms()));
        (vec![traffic], vec![offset], (interval, phase))
    }
}

/// Commits after `from` and before `to`: the first rounds and the last, or each.
fn commit_corners(flow: &Flow<'_>, from: Time, to: Time, each: bool) -> Vec<Time> {
    let (interval, phase) = flow.commit;
    let first = match from < Time::START + phase {
        true => Time::START + phase,
        false => flow.last_commit(from) + interval,
    };
    let all = std::iter::successors(Some(first), |time| Some(*time + interval));
    let mut corners: Vec<Time> = all
        .take_while(|it| *it < to)
        .take(if each { usize::MAX } else { 3 })
        .collect();
    corners.push(flow.last_commit(to));
    corners.retain(|time| *time > from && *time < to);
    corners
}

/// The first instant in `[from, to]` at which a one-way question is answered otherwise than at `from`.
fn first_other(from: Time, to: Time, holds: &impl Fn(Time) -> bool) -> Option<Time> {
    let first = holds(from);
    if holds(to) == first {
        return None;
    }
    let (mut same, mut other) = (from.ms(), to.ms());
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        if holds(Time::from_ms(middle)) == first {
            same = middle;
        } else {
            other = middle;
        }
    }
    Some(Time::from_ms(other))
}
