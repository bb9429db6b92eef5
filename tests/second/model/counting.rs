//! Counting queries: whole queries issued in stretches of equal share, and the exact part of them that failed.

/// The denominator of rates: milliseconds of a day.
pub const DAY: u128 = 86_400_000;

/// How many queries came and failed so far.
pub struct Counting {
    from: u64,
    /// Queries a day.
    pub rate: u128,
    /// The integral of the rate, over [`DAY`].
    asked: u128,
    /// Ways to choose what a query needs, of all entries and of those that serve.
    choices: u128,
    served: u128,
    /// Failed queries, over `choices`.
    failed: u128,
}

impl Counting {
    pub fn new(from: u64, rate: u128, choices: u128, served: u128) -> Counting {
        Counting {
            from,
            rate,
            asked: 0,
            choices,
            served,
            failed: 0,
        }
    }

    /// Counts up to an instant; what serves or comes changes there.
    pub fn settle(&mut self, now: u64) {
        let asked = self.asked + self.rate * u128::from(now - self.from);
        let whole = asked.div_ceil(DAY) - self.asked.div_ceil(DAY);
        self.failed += whole * (self.choices - self.served);
        self.asked = asked;
        self.from = now;
    }

    pub fn serve(&mut self, served: u128) {
        self.served = served;
    }

    pub fn issued(&self) -> u64 {
        self.asked.div_ceil(DAY) as u64
    }

    pub fn failed(&self) -> u64 {
        (self.failed / self.choices) as u64
    }
}

/// In how many ways `few` can be chosen of `many`.
pub fn choose(many: u64, few: u64) -> u128 {
    if few > many {
        return 0;
    }
    let mut ways = 1u128;
    for at in 0..few.min(many - few) {
        ways = ways * u128::from(many - at) / u128::from(at + 1);
    }
    ways
}
