//! Traffic is arithmetic: how many queries came, were served and failed, to the unit.

use crate::names::Subject;
use crate::time::{Amount, Time};
use crate::timeline::{Counts, Life, Share, Timeline, TrafficFrom};

impl Timeline {
    /// Queries of an incarnation in `[from, to)`.
    pub fn traffic_in(&self, subject: Subject, from: Time, to: Time) -> Counts {
        let (first, last) = (self.counts_at(subject, from), self.counts_at(subject, to));
        Counts {
            issued: last.issued - first.issued,
            failed: last.failed - first.failed,
        }
    }

    /// Queries of an incarnation in `[0, time)`: since it was made, up to its deletion.
    pub fn counts_at(&self, subject: Subject, time: Time) -> Counts {
        match self.life(subject) {
            Some(life) => self.counts_of(life, time),
            None => self.counts_without_life(subject, time),
        }
    }

    /// Nothing ever happened to it: every query is served, or none is.
    fn counts_without_life(&self, subject: Subject, time: Time) -> Counts {
        let plain = self.plain(subject.id);
        if !plain.from_start {
            return Counts::default();
        }
        let issued = plain.queries.over(time.since_start()).ceil();
        let failed = if self.warm(subject) { 0 } else { issued };
        Counts { issued, failed }
    }

    fn counts_of(&self, life: &Life, time: Time) -> Counts {
        let time = time.min(life.deleted).max(life.created);
        let traffic = &self.traffic[super::track::range(life.traffic)];
        let shares = self.shares_of(life);
        let choices = Choices::new(life.entries, life.reads);
        let mut missed = 0u128;
        for (index, share) in shares
            .iter()
            .take_while(|share| share.from < time)
            .enumerate()
        {
            let end = shares
                .get(index + 1)
                .map_or(time, |next| next.from.min(time));
            let queries = issued(traffic, end) - issued(traffic, share.from);
            missed += u128::from(queries) * u128::from(choices.missing(share));
        }
        let failed = missed / u128::from(choices.all());
        Counts {
            issued: issued(traffic, time),
            failed: u64::try_from(failed).expect("no more queries fail than are issued"),
        }
    }
}

/// Whole queries issued before `time`.
pub(crate) fn issued(traffic: &[TrafficFrom], time: Time) -> u64 {
    asked(traffic, time).ceil()
}

/// The integral of the rate of queries up to `time`.
fn asked(traffic: &[TrafficFrom], time: Time) -> Amount {
    let after = traffic.partition_point(|it| it.from <= time);
    traffic[..after].last().map_or(Amount::ZERO, |it| {
        it.asked + it.queries.over(time - it.from)
    })
}

/// In how many ways a query's reads can fall on the cache entries: C(live, reads) of C(entries, reads) are served.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Choices {
    ways: Vec<u64>,
}

impl Choices {
    /// For so many entries, and so many distinct ones read by a query. The number of ways fits in 63 bits: scenarios
    /// in which it does not are refused.
    pub(crate) fn new(entries: u32, reads: u32) -> Choices {
        let mut ways = Vec::with_capacity(entries as usize + 1);
        for live in 0..=entries {
            ways.push(choose(live, reads));
        }
        Choices { ways }
    }

    /// All the ways there are.
    pub(crate) fn all(&self) -> u64 {
        self.ways
            .last()
            .copied()
            .expect("zero entries give one number of ways")
    }

    /// The ways that find every entry they need.
    pub(crate) fn found(&self, live: u32) -> u64 {
        self.ways[live as usize]
    }

    /// The ways that miss.
    pub(crate) fn missing(&self, share: &Share) -> u64 {
        self.all() - self.found(share.serving)
    }
}

/// C(n, k), for numbers of ways that fit in 63 bits.
fn choose(n: u32, k: u32) -> u64 {
    if k > n {
        return 0;
    }
    let k = k.min(n - k);
    let mut ways = 1u128;
    for step in 0..k {
        ways = ways * u128::from(n - step) / u128::from(step + 1);
    }
    u64::try_from(ways).expect("the ways to read the cache fit in 63 bits, as resolve has checked")
}

#[cfg(test)]
mod tests {
    use super::{Choices, choose};

    #[test]
    fn ways_are_binomials() {
        assert_eq!(
            [choose(5, 0), choose(5, 2), choose(5, 5), choose(2, 3)],
            [1, 10, 1, 0]
        );
        assert_eq!(choose(64, 32), 1_832_624_140_942_590_534);
        let choices = Choices::new(16, 1);
        assert_eq!((choices.all(), choices.found(4)), (16, 4));
    }
}
