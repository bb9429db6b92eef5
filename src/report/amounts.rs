//! Rates and amounts as the language writes them.

use crate::text::{counted, grouped};
use crate::time::Rate;

/// The units of time a rate can have, by how many of them a day has.
const PER: [(u64, &str); 4] = [(86_400, "s"), (1_440, "m"), (24, "h"), (1, "d")];

/// Queries in a time, in the shortest unit in which the number is whole: `20/s`.
pub(super) fn queries(rate: Rate) -> String {
    let (number, unit) = whole(rate);
    format!("{number}/{unit}")
}

/// Bytes, to the unit: `589,824 bytes`.
pub(super) fn bytes(number: u64) -> String {
    counted(number, "byte")
}

/// A length that may be negative, from milliseconds.
pub(super) fn signed(ms: i64) -> String {
    let length = crate::time::Span::from_ms(ms.unsigned_abs());
    if ms < 0 {
        format!("-{length}")
    } else {
        length.to_string()
    }
}

/// `2 of 5`, or `all 5`, or `it` where there is only one.
pub(super) fn of(number: u64, all: u64) -> String {
    if number == all {
        format!("all {}", grouped(all))
    } else {
        format!("{} of {}", grouped(number), grouped(all))
    }
}

fn whole(rate: Rate) -> (u64, &'static str) {
    let day = rate.per_day();
    let (each, unit) = PER
        .iter()
        .find(|(each, _)| day.is_multiple_of(*each))
        .unwrap_or(&PER[3]);
    (day / each, unit)
}

#[cfg(test)]
mod tests {
    use super::{of, queries, signed};
    use crate::time::{Rate, Span};

    fn rate(count: u64, per: u64) -> Rate {
        Rate::new(count, Span::from_ms(per)).expect("a rate")
    }

    #[test]
    fn rates_are_written_as_they_are_read() {
        for (count, per, text) in [
            (20, 1_000, "20/s"),
            (5, 60_000, "5/m"),
            (7, 3_600_000, "7/h"),
            (1, 86_400_000, "1/d"),
            (0, 1_000, "0/s"),
        ] {
            assert_eq!(queries(rate(count, per)), text);
        }
    }

    #[test]
    fn small_words() {
        assert_eq!(signed(-90_000), "-1m30s");
        assert_eq!(
            (of(2, 2), of(1, 2_000)),
            ("all 2".to_owned(), "1 of 2,000".to_owned())
        );
    }
}
