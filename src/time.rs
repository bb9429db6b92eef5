//! Time as integers: only this file knows that one tick is a millisecond.
//!
//! A [`Time`] is a point, counted from the start of the run; a [`Span`] is a length. A [`Rate`] is how much of something
//! comes in a time, kept as an exact fraction, so that whole things can be counted without rounding.

mod calendar;

use std::fmt;
use std::ops::{Add, Sub};

pub use calendar::Calendar;

/// Ticks in a day: the common denominator of all rates the language can write (`/s`, `/m`, `/h`, `/d`).
const DAY: u64 = 86_400_000;

/// The longest time the language can write: 36,500 days, a hundred years (an assumption: nobody plans an outage beyond it).
pub const LONGEST: Span = Span(36_500 * DAY);

/// A point in simulated time: ticks (milliseconds) from the start of the run.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Time(u64);

/// A length of simulated time, in ticks (milliseconds).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Span(u64);

impl Time {
    /// The start of the run, T+0.
    pub const START: Time = Time(0);
    /// A point after every other: what never comes.
    pub const NEVER: Time = Time(u64::MAX);

    /// The point that many milliseconds after the start.
    pub const fn from_ms(ms: u64) -> Time {
        Time(ms)
    }

    /// Milliseconds from the start.
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// How long after the start this is.
    pub const fn since_start(self) -> Span {
        Span(self.0)
    }

    /// The length from `earlier` to this point; zero when `earlier` is the later of the two.
    pub const fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// One tick later.
    pub const fn next(self) -> Time {
        Time(self.0.saturating_add(1))
    }

    /// This point moved back by `span`, or `None` before the start.
    pub const fn before(self, span: Span) -> Option<Time> {
        match self.0.checked_sub(span.0) {
            Some(ms) => Some(Time(ms)),
            None => None,
        }
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// Longer than any run: what is never over.
    pub const FOREVER: Span = Span(u64::MAX);

    /// A length of that many milliseconds.
    pub const fn from_ms(ms: u64) -> Span {
        Span(ms)
    }

    /// A length of that many days.
    pub const fn from_days(days: u64) -> Span {
        Span(days * DAY)
    }

    /// Milliseconds.
    pub const fn ms(self) -> u64 {
        self.0
    }

    /// The shorter remainder of `self` after `other`; zero when `other` is longer.
    pub const fn less(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }

    /// Reads a length as the scenario language writes it: integers with `d h m s ms`, descending, such as `2h30m`.
    ///
    /// # Errors
    /// A sentence that says what is wrong, when the text is not such a length or is longer than [`LONGEST`].
    pub fn parse(text: &str) -> Result<Span, String> {
        const UNITS: [(&str, u64); 5] = [
            ("d", DAY),
            ("h", 3_600_000),
            ("m", 60_000),
            ("s", 1_000),
            ("ms", 1),
        ];
        let mut rest = text;
        let mut total: u64 = 0;
        let mut allowed = 0;
        if rest.is_empty() {
            return Err("a length of time is missing".to_owned());
        }
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number = &rest[..digits];
            let after = &rest[digits..];
            let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
            let unit = &after[..letters];
            if digits == 0 {
                return Err(format!("`{text}` is not a length of time"));
            }
            if unit.is_empty() {
                return Err(match after.chars().next() {
                    None => format!("`{text}` has no unit: d, h, m, s or ms"),
                    Some('.') => {
                        format!(
                            "`{text}` has a fraction: write it in a smaller unit, as 1h30m or 500ms"
                        )
                    }
                    Some(_) => format!("`{text}` is not a length of time"),
                });
            }
            let Some(at) = UNITS.iter().position(|(name, _)| *name == unit) else {
                return Err(format!("`{unit}` is not a unit of time: d, h, m, s or ms"));
            };
            if at < allowed {
                return Err(format!(
                    "`{text}` is out of order: units go down, d h m s ms, each once"
                ));
            }
            allowed = at + 1;
            total = number
                .parse::<u64>()
                .ok()
                .and_then(|n| n.checked_mul(UNITS[at].1))
                .and_then(|n| n.checked_add(total))
                .filter(|n| *n <= LONGEST.0)
                .ok_or_else(|| {
                    format!("`{text}` is longer than {LONGEST}, the longest time there is")
                })?;
            rest = &after[letters..];
        }
        Ok(Span(total))
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl Sub for Time {
    type Output = Span;
    fn sub(self, earlier: Time) -> Span {
        assert!(
            self >= earlier,
            "a length is measured from the earlier point"
        );
        Span(self.0 - earlier.0)
    }
}

impl fmt::Display for Span {
    /// As the language writes it: `5h05m10s`, every unit after the first with two digits; zero is `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Span::FOREVER {
            return f.write_str("forever");
        }
        let parts = [
            (self.0 / DAY, "d"),
            (self.0 / 3_600_000 % 24, "h"),
            (self.0 / 60_000 % 60, "m"),
            (self.0 / 1_000 % 60, "s"),
        ];
        let ms = self.0 % 1_000;
        let mut first = true;
        let last = if ms > 0 {
            parts.len()
        } else {
            parts
                .iter()
                .rposition(|(n, _)| *n > 0)
                .map_or(0, |at| at + 1)
        };
        for (n, unit) in &parts[..last] {
            if first && *n == 0 {
                continue;
            }
            if first {
                write!(f, "{n}{unit}")?;
            } else {
                write!(f, "{n:02}{unit}")?;
            }
            first = false;
        }
        match (ms, first) {
            (0, true) => f.write_str("0s"),
            (0, false) => Ok(()),
            (_, true) => write!(f, "{ms}ms"),
            (_, false) => write!(f, "{ms:03}ms"),
        }
    }
}

impl std::str::FromStr for Time {
    type Err = String;

    /// An instant as the scenario language writes it, from the start of the run: `1h6m`.
    fn from_str(text: &str) -> Result<Time, String> {
        Span::parse(text).map(|span| Time::START + span)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Time::NEVER {
            return f.write_str("never");
        }
        self.since_start().fmt(f)
    }
}

/// How much comes in a time, exactly: queries or bytes a day, as an integer.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Rate {
    per_day: u64,
}

/// An exact amount that has come at some rates: a numerator over [`Amount::WHOLE`].
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Amount(u128);

impl Rate {
    /// Nothing comes.
    pub const ZERO: Rate = Rate { per_day: 0 };

    /// `count` things in each `per` (a second, a minute, an hour or a day), or `None` when `per` does not divide a day
    /// or the number is beyond counting (2^63 a day).
    pub fn new(count: u64, per: Span) -> Option<Rate> {
        if per.0 == 0 || !DAY.is_multiple_of(per.0) {
            return None;
        }
        let per_day = count.checked_mul(DAY / per.0)?;
        (per_day <= u64::MAX / 2).then_some(Rate { per_day })
    }

    /// Whether nothing comes.
    pub const fn is_zero(self) -> bool {
        self.per_day == 0
    }

    /// Things a day.
    pub const fn per_day(self) -> u64 {
        self.per_day
    }

    /// What comes in `span`.
    pub const fn over(self, span: Span) -> Amount {
        Amount(self.per_day as u128 * span.0 as u128)
    }

    /// How long `amount` takes at this rate, rounded up to the tick; `None` when it never comes.
    pub fn time_for(self, amount: Amount) -> Option<Span> {
        if amount.0 == 0 {
            return Some(Span::ZERO);
        }
        if self.per_day == 0 {
            return None;
        }
        u64::try_from(amount.0.div_ceil(u128::from(self.per_day)))
            .ok()
            .map(Span)
    }

    /// The last tick at which no more than `amount` has come, starting from nothing; `None` when it never exceeds it.
    pub fn time_within(self, amount: Amount) -> Option<Span> {
        if self.per_day == 0 {
            return None;
        }
        u64::try_from(amount.0 / u128::from(self.per_day))
            .ok()
            .map(Span)
    }

    /// This rate less `other`, or zero.
    pub const fn less(self, other: Rate) -> Rate {
        Rate {
            per_day: self.per_day.saturating_sub(other.per_day),
        }
    }
}

impl Amount {
    /// The denominator: one whole thing.
    pub const WHOLE: u128 = DAY as u128;
    /// Nothing.
    pub const ZERO: Amount = Amount(0);

    /// Whole things that have come: the integral, rounded down; scenarios in which it would not fit are refused.
    pub const fn floor(self) -> u64 {
        narrowed(self.0 / Self::WHOLE)
    }

    /// The integral, rounded up: query k = 0, 1, 2 … is issued when the integral reaches k.
    pub const fn ceil(self) -> u64 {
        narrowed(self.wholes())
    }

    /// The integral, rounded up, however large it is.
    pub const fn wholes(self) -> u128 {
        self.0.div_ceil(Self::WHOLE)
    }

    /// This amount less `other`, or nothing.
    pub const fn less(self, other: Amount) -> Amount {
        Amount(self.0.saturating_sub(other.0))
    }

    /// Whether this is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// The number, or the largest there is.
const fn narrowed(number: u128) -> u64 {
    if number > u64::MAX as u128 {
        u64::MAX
    } else {
        number as u64
    }
}

impl Add for Amount {
    type Output = Amount;
    fn add(self, other: Amount) -> Amount {
        Amount(self.0.saturating_add(other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{Amount, LONGEST, Rate, Span};

    #[test]
    fn lengths_read_and_print() {
        for (text, ms) in [
            ("0s", 0),
            ("5m", 300_000),
            ("2h30m", 9_000_000),
            ("1d2h3m4s5ms", 93_784_005),
            ("90s", 90_000),
            ("36500d", LONGEST.ms()),
        ] {
            assert_eq!(Span::parse(text), Ok(Span::from_ms(ms)), "{text}");
        }
        for (ms, text) in [
            (0, "0s"),
            (7, "7ms"),
            (18_310_000, "5h05m10s"),
            (3_600_000, "1h"),
            (3_600_007, "1h00m00s007ms"),
            (86_460_000, "1d00h01m"),
        ] {
            let span = Span::from_ms(ms);
            assert_eq!(span.to_string(), text);
            assert_eq!(Span::parse(text), Ok(span), "what is printed can be read");
        }
    }

    #[test]
    fn what_is_no_length_is_refused_with_its_reason() {
        for (text, word) in [
            ("", "missing"),
            ("90", "no unit"),
            ("-5m", "not a length"),
            ("1.5h", "fraction"),
            ("5 minutes", "not a length"),
            ("5minuets", "not a unit"),
            ("30m1h", "out of order"),
            ("1h1h", "out of order"),
            ("9999999999999d", "longer than"),
            ("99999999999999999999s", "longer than"),
            ("1M", "not a unit"),
        ] {
            let message = Span::parse(text).expect_err(text);
            assert!(message.contains(word), "{text}: {message}");
        }
    }

    #[test]
    fn rates_are_exact() {
        let five_a_minute = Rate::new(5, Span::from_ms(60_000)).expect("a minute divides a day");
        let came = five_a_minute.over(Span::from_ms(12_000));
        assert_eq!((came.floor(), came.ceil()), (1, 1));
        let came = five_a_minute.over(Span::from_ms(12_001));
        assert_eq!((came.floor(), came.ceil()), (1, 2));
        assert_eq!(five_a_minute.time_for(came), Some(Span::from_ms(12_001)));
        assert_eq!(Rate::ZERO.time_for(came), None);
        assert_eq!(Rate::ZERO.time_for(Amount::ZERO), Some(Span::ZERO));
        assert_eq!(Rate::new(1, Span::from_ms(7)), None);
        assert_eq!(Rate::new(u64::MAX, Span::from_ms(1_000)), None);
    }

    #[test]
    fn what_comes_never_wraps_around() {
        let fast = Rate::new(u64::MAX / 2, Span::from_days(1)).expect("the fastest");
        let came = fast.over(Span::from_days(36_500));
        assert_eq!((came.floor(), came.ceil()), (u64::MAX, u64::MAX));
        assert!(came.wholes() > u128::from(u64::MAX));
    }
}
