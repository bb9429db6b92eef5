//! Traffic is arithmetic: what was asked, what was missed, counted where something changes and nowhere else.

use crate::time::{Amount, Rate, Time};
use crate::timeline::{Counts, Share, TrafficFrom};

/// The running counts of one incarnation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    issued: u64,
    /// Missed queries, as a numerator over all the ways to read.
    missed: u128,
    /// Ways that miss at present, and all the ways.
    missing: u64,
    ways: u64,
}

impl Tally {
    /// Nothing asked yet; `ways` is the number of all the ways to read.
    pub(crate) fn new(ways: u64) -> Tally {
        Tally {
            issued: 0,
            missed: 0,
            missing: 0,
            ways,
        }
    }

    /// The counts in `[0, time)`.
    pub(crate) fn at(&mut self, traffic: &TrafficFrom, time: Time) -> Counts {
        let issued = asked(traffic, time).ceil();
        self.missed += u128::from(issued - self.issued) * u128::from(self.missing);
        self.issued = issued;
        let failed = self.missed / u128::from(self.ways);
        Counts {
            issued,
            failed: u64::try_from(failed).expect("no more queries fail than are issued"),
        }
    }

    /// From `time` on another share is served.
    pub(crate) fn share(&mut self, traffic: &TrafficFrom, time: Time, missing: u64) {
        self.at(traffic, time);
        self.missing = missing;
    }
}

fn asked(traffic: &TrafficFrom, time: Time) -> Amount {
    traffic.asked + traffic.queries.over(time - traffic.from)
}

/// What had arrived by an instant.
pub(crate) fn arrived(traffic: &TrafficFrom, time: Time) -> Amount {
    traffic.arrived + traffic.arrivals.over(time - traffic.from)
}

/// The traffic from an instant on, after what was before.
pub(crate) fn change(
    before: &TrafficFrom,
    time: Time,
    queries: Rate,
    arrivals: Rate,
) -> TrafficFrom {
    TrafficFrom {
        from: time,
        queries,
        arrivals,
        asked: asked(before, time),
        arrived: arrived(before, time),
    }
}

/// Adds a change of the share; of several at one instant the last is what holds.
pub(crate) fn push_share(shares: &mut Vec<Share>, first: usize, share: Share) {
    match shares[first..].last_mut() {
        Some(last) if last.from == share.from => *last = share,
        Some(last) if (last.live, last.serving) == (share.live, share.serving) => {}
        _ => shares.push(share),
    }
}
