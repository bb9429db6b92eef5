//! Exact decimal numbers, of any length.
//!
//! Policies compare `5`, `5.0` and `"5"`, and seconds with fractions; a float would make 0.1 something else, and a
//! fixed width would refuse what AWS takes. A comparison is all that is needed, so this is shorter than a library.

use std::cmp::Ordering;

/// A decimal number: `0.d₁d₂d₃… × 10^exponent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Number {
    negative: bool,
    exponent: i64,
    /// The digits 0 to 9 with neither leading nor trailing zeros; zero has none.
    digits: Vec<u8>,
}

impl Number {
    /// Reads `-1`, `0.5`, `1e3`; no spaces, no separators.
    pub(super) fn read(text: &str) -> Option<Number> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, exponent(power)?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let none = whole.is_empty() && fraction.is_empty();
        if none || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let digits = whole.bytes().chain(fraction.bytes());
        let digits = digits.map(|byte| byte - b'0').collect();
        let length = i64::try_from(whole.len()).ok()?;
        Some(Number::of(negative, length.saturating_add(power), digits))
    }

    /// So many units of `10^-places`, such as milliseconds (3) as seconds.
    pub(super) fn of_parts(parts: i128, places: i64) -> Number {
        let digits: Vec<u8> = parts
            .unsigned_abs()
            .to_string()
            .bytes()
            .map(|byte| byte - b'0')
            .collect();
        // Thirty-nine digits at most.
        let length = digits.len() as i64;
        Number::of(parts < 0, length - places, digits)
    }

    fn of(negative: bool, exponent: i64, mut digits: Vec<u8>) -> Number {
        let leading = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..leading);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        if digits.is_empty() {
            return Number {
                negative: false,
                exponent: 0,
                digits,
            };
        }
        Number {
            negative,
            exponent: exponent.saturating_sub(leading as i64),
            digits,
        }
    }

    /// The number times a thousand, rounded down, and whether that is exact; `None` if it does not fit.
    pub(super) fn thousandths(&self) -> Option<(i64, bool)> {
        let places = self.exponent.saturating_add(3);
        let mut whole: i64 = 0;
        for at in 0..places.max(0) {
            if whole == 0 && at > 64 {
                return None;
            }
            let digit = usize::try_from(at)
                .ok()
                .and_then(|at| self.digits.get(at))
                .copied();
            whole = whole
                .checked_mul(10)?
                .checked_add(i64::from(digit.unwrap_or(0)))?;
        }
        let exact = i64::try_from(self.digits.len()).is_ok_and(|length| length <= places)
            || self.digits.is_empty();
        match (self.negative, exact) {
            (false, _) => Some((whole, exact)),
            (true, true) => Some((-whole, true)),
            (true, false) => Some((-whole - 1, false)),
        }
    }

    fn magnitude(&self, other: &Number) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self
                .exponent
                .cmp(&other.exponent)
                .then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Number) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The power of ten after `e`; one so large that it does not fit is no number anybody compares with.
fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::Number;

    #[test]
    fn numbers_are_compared_exactly() {
        let check = |a: &str, b: &str, want: Ordering| {
            let number = |text: &str| Number::read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(number(a).cmp(&number(b)), want, "{a} {b}");
            assert_eq!(number(b).cmp(&number(a)), want.reverse(), "{b} {a}");
        };
        check("5", "5.0", Ordering::Equal);
        check("005", "5", Ordering::Equal);
        check("0", "-0", Ordering::Equal);
        check(
            "0.1",
            "0.10000000000000000000000000000000000001",
            Ordering::Less,
        );
        check("10", "9", Ordering::Greater);
        check("-10", "-9", Ordering::Less);
        check("-1", "1", Ordering::Less);
        check("0", "0.001", Ordering::Less);
        check("1e3", "1000", Ordering::Equal);
        check("1.5E-1", "0.15", Ordering::Equal);
        check(
            "99999999999999999999999",
            "99999999999999999999998",
            Ordering::Greater,
        );
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "-",
            ".",
            "1,000",
            "0x10",
            " 1",
            "1 ",
            "1e",
            "1e+",
            "NaN",
            "1.2.3",
            "--1",
            "e3",
            "1e99999999999999999999",
        ] {
            assert_eq!(Number::read(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_become_milliseconds() {
        let check = |text: &str, want: Option<(i64, bool)>| {
            assert_eq!(
                Number::read(text).and_then(|it| it.thousandths()),
                want,
                "{text}"
            );
        };
        check("0", Some((0, true)));
        check("1700000000", Some((1_700_000_000_000, true)));
        check("1.5", Some((1500, true)));
        check("0.0015", Some((1, false)));
        check("0.0001", Some((0, false)));
        check("0.00001", Some((0, false)));
        check("-0.0001", Some((-1, false)));
        check("-1", Some((-1000, true)));
        check("1e400", None);
        check("1e9000000000000000000", None);
        let of = |ms: i128| Number::of_parts(ms, 3);
        assert_eq!(Number::read("1.5"), Some(of(1500)));
        assert_eq!(Number::read("-0.001"), Some(of(-1)));
        assert_eq!(Number::read("0"), Some(of(0)));
    }
}
