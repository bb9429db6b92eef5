//! Every roll in the house starts here: a seed and a label give a die, and nobody else's rolls move it.
//!
//! A die is a ChaCha8 stream keyed by SHA-256 of `keyoutage/1`, a 0 byte and the seed (8 bytes, little-endian); the number
//! of the stream is the 64-bit FNV-1a of the label. So adding, reordering or renaming strangers changes nobody's luck.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

use crate::time::{Rate, Span};

/// What makes one run differ from another of the same scenario.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Seed(pub u64);

/// A value, or a range from which one is drawn for each subject; both ends are included.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Range<T> {
    /// The least value.
    pub low: T,
    /// The greatest value.
    pub high: T,
}

impl<T: Copy + PartialEq> Range<T> {
    /// One value, drawn by nobody.
    pub const fn only(value: T) -> Range<T> {
        Range {
            low: value,
            high: value,
        }
    }

    /// The value, where there is only one.
    pub fn single(self) -> Option<T> {
        (self.low == self.high).then_some(self.low)
    }
}

/// All the chance of one run.
#[derive(Clone, Debug)]
pub struct Chance {
    base: ChaCha8Rng,
}

/// One roller's own stream.
#[derive(Clone, Debug)]
pub struct Die {
    stream: ChaCha8Rng,
}

impl Chance {
    /// The chance of the run with this seed.
    pub fn new(seed: Seed) -> Chance {
        let mut hash = Sha256::new();
        hash.update(b"keyoutage/1\0");
        hash.update(seed.0.to_le_bytes());
        Chance {
            base: ChaCha8Rng::from_seed(hash.finalize().into()),
        }
    }

    /// The die of one roller: `parameter|subject`.
    pub fn die(&self, parameter: &str, subject: &str) -> Die {
        let label = [parameter.as_bytes(), b"|", subject.as_bytes()];
        let mut stream = self.base.clone();
        stream.set_stream(fnv1a(label.iter().flat_map(|part| part.iter().copied())));
        Die { stream }
    }

    /// One length from a range, by the die `parameter|subject`; no die is made where there is one value.
    pub fn span(&self, range: Range<Span>, parameter: &str, subject: &str) -> Span {
        range.single().unwrap_or_else(|| {
            let values = range.high.ms() - range.low.ms() + 1;
            Span::from_ms(range.low.ms() + self.die(parameter, subject).roll(values))
        })
    }

    /// One number from a range, by the die `parameter|subject`; no die is made where there is one value.
    pub fn number(&self, range: Range<u32>, parameter: &str, subject: &str) -> u32 {
        range.single().unwrap_or_else(|| {
            let values = u64::from(range.high - range.low) + 1;
            let above = self.die(parameter, subject).roll(values);
            range.low + u32::try_from(above).unwrap_or(u32::MAX)
        })
    }

    /// One rate from a range, in steps of one thing a second, by the die `parameter|subject`.
    pub fn rate(&self, range: Range<Rate>, parameter: &str, subject: &str) -> Rate {
        const SECOND: Span = Span::from_ms(1_000);
        range.single().unwrap_or_else(|| {
            let (low, high) = (
                range.low.over(SECOND).floor(),
                range.high.over(SECOND).floor(),
            );
            let drawn = low + self.die(parameter, subject).roll(high - low + 1);
            Rate::new(drawn, SECOND).unwrap_or(range.high)
        })
    }
}

impl Die {
    /// The next of `n` values 0 … n − 1: (word × n) >> 64. `n` is at least 1.
    pub fn roll(&mut self, n: u64) -> u64 {
        let word = self.stream.next_u64();
        ((u128::from(word) * u128::from(n)) >> 64) as u64
    }
}

fn fnv1a(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::{Chance, Range, Seed, fnv1a};
    use crate::time::Span;

    /// Pinned: a change here is a change of every timeline there is.
    #[test]
    fn the_first_words_never_change() {
        let chance = Chance::new(Seed(0));
        let mut die = chance.die("cache", "acme/us-east-1/clicks");
        let words: Vec<u64> = (0..3).map(|_| die.roll(300_000)).collect();
        assert_eq!(words, PINNED);
        assert_eq!(fnv1a(b"a".iter().copied()), 0xaf63_dc4c_8601_ec8c);
    }
    const PINNED: [u64; 3] = [153_725, 230_081, 25_810];

    #[test]
    fn a_range_reaches_both_ends_and_one_value_rolls_nothing() {
        let chance = Chance::new(Seed(7));
        let range = Range {
            low: Span::from_ms(3),
            high: Span::from_ms(5),
        };
        let drawn: Vec<u64> = (0..100)
            .map(|n| chance.span(range, "probe.interval", &format!("s{n}")).ms())
            .collect();
        assert!([3, 4, 5].iter().all(|ms| drawn.contains(ms)), "{drawn:?}");
        assert!(drawn.iter().all(|ms| (3..=5).contains(ms)));
        let one = Range::only(Span::from_ms(9));
        assert_eq!(chance.span(one, "x", "y").ms(), 9);
    }

    #[test]
    fn labels_and_seeds_give_other_streams() {
        let roll = |seed, subject| {
            Chance::new(Seed(seed))
                .die("commit", subject)
                .roll(u64::MAX)
        };
        assert_ne!(roll(0, "a"), roll(0, "b"));
        assert_ne!(roll(0, "a"), roll(1, "a"));
        assert_eq!(roll(1, "a"), roll(1, "a"));
    }
}
