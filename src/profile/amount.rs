//! Whole numbers and rates, as the scenario language writes them: `16`, `20/s`, `1 MiB/s`, `0`.

use crate::time::{Rate, Span};

const UNITS: [(&str, u64); 4] = [
    ("B", 1),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];
const TIMES: [(&str, u64); 4] = [
    ("s", 1_000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];

/// A whole number in plain decimal digits, up to `most`.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn whole(text: &str, most: u64) -> Result<u64, String> {
    let short = short(text);
    if text.is_empty() {
        return Err("a whole number is missing".to_owned());
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!(
            "`{short}` is not a whole number in plain decimal digits"
        ));
    }
    if text.len() > 1 && text.starts_with('0') {
        return Err(format!(
            "`{short}` begins with a 0: write the number without it"
        ));
    }
    text.parse::<u64>()
        .ok()
        .filter(|n| *n <= most)
        .ok_or_else(|| format!("`{short}` is more than {most}, the most there can be"))
}

/// Queries in a time: `20/s`, `5/m`, or `0`.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn queries(text: &str) -> Result<Rate, String> {
    if text == "0" {
        return Ok(Rate::ZERO);
    }
    let (count, per) = parts(text)?;
    if let Some(unit) = unit_of(count) {
        return Err(format!(
            "`{}` counts {unit}: queries are counted without a unit",
            short(text)
        ));
    }
    rate(text, number(count, text, "0.5/s is 30/m", "a rate")?, per)
}

/// Bytes in a time: `1 MiB/s`, `64 B/s`, or `0`.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn bytes(text: &str) -> Result<Rate, String> {
    if text == "0" {
        return Ok(Rate::ZERO);
    }
    let (count, per) = parts(text)?;
    let count = in_bytes(count, text, "1.5 MiB/s is 1536 KiB/s", "a rate")?;
    let count = count.ok_or_else(|| too_much(text))?;
    rate(text, count, per)
}

/// A number of bytes: `10 MiB`, `64 B`, or `0`.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn size(text: &str) -> Result<u64, String> {
    if text == "0" {
        return Ok(0);
    }
    in_bytes(text, text, "1.5 GiB is 1536 MiB", "a number of bytes")?
        .ok_or_else(|| format!("`{}` is more than can be counted: 2^64", short(text)))
}

/// A count of bytes with its unit, as it stands in a text that is `what`; `None` where it is more than can be counted.
fn in_bytes(count: &str, text: &str, example: &str, what: &str) -> Result<Option<u64>, String> {
    let digits = count
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b'.');
    let (digits, unit) = count.split_at(digits.count());
    let unit = unit.trim();
    let Some((_, size)) = UNITS.iter().find(|(name, _)| *name == unit) else {
        return Err(if unit.is_empty() {
            format!("`{}` has no unit: B, KiB, MiB or GiB", short(text))
        } else {
            format!(
                "`{}` is not a unit of bytes: B, KiB, MiB or GiB (1 KiB is 1024 B)",
                short(unit)
            )
        });
    };
    Ok(number(digits, text, example, what)?.checked_mul(*size))
}

/// A rate of bytes as it is written, in the largest unit that is exact.
pub fn text(rate: Rate) -> String {
    for (time, ms) in TIMES {
        let each = 86_400_000 / ms;
        if !rate.per_day().is_multiple_of(each) {
            continue;
        }
        let count = rate.per_day() / each;
        if count == 0 {
            return "0".to_owned();
        }
        let fit = UNITS
            .iter()
            .rev()
            .find(|(_, size)| count.is_multiple_of(*size));
        let (unit, size) = fit.copied().unwrap_or(UNITS[0]);
        return format!("{} {unit}/{time}", count / size);
    }
    format!("{} B/d", rate.per_day())
}

fn parts(text: &str) -> Result<(&str, Span), String> {
    let Some((count, per)) = text.split_once('/') else {
        return Err(format!(
            "`{}` has no time: write how much comes in each s, m, h or d, as in 20/s",
            short(text)
        ));
    };
    let Some((_, ms)) = TIMES.iter().find(|(name, _)| *name == per.trim()) else {
        return Err(format!(
            "`{}` is not a time of a rate: s, m, h or d",
            short(per.trim())
        ));
    };
    Ok((count.trim(), Span::from_ms(*ms)))
}

fn unit_of(count: &str) -> Option<&str> {
    let at = count.find(|c: char| c.is_ascii_alphabetic())?;
    let unit = &count[at..];
    UNITS.iter().any(|(name, _)| *name == unit).then_some(unit)
}

fn number(digits: &str, text: &str, example: &str, what: &str) -> Result<u64, String> {
    let fraction = digits.split_once('.').is_some_and(|(a, b)| {
        [a, b]
            .iter()
            .all(|it| !it.is_empty() && it.bytes().all(|b| b.is_ascii_digit()))
    });
    if fraction {
        return Err(format!(
            "`{}` has a fraction: write it in a smaller unit{} ({example})",
            short(text),
            if text.contains('/') {
                " or over a longer time"
            } else {
                ""
            }
        ));
    }
    whole(digits, u64::MAX).map_err(|_| format!("`{}` is not {what}", short(text)))
}

fn rate(text: &str, count: u64, per: Span) -> Result<Rate, String> {
    Rate::new(count, per).ok_or_else(|| too_much(text))
}

fn too_much(text: &str) -> String {
    format!("`{}` is more than can be counted: 2^63 a day", short(text))
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::{bytes, queries, size, text, whole};

    fn check<T: std::fmt::Debug>(
        read: impl Fn(&str) -> Result<T, String>,
        table: &[(&str, &str)],
        show: impl Fn(T) -> String,
    ) {
        for (written, due) in table {
            let told = read(written).map_or_else(|why| why, &show);
            assert!(told.contains(due), "{written}: {told}");
        }
    }

    #[test]
    fn rates_and_numbers_are_read_or_refused_with_their_reason() {
        check(
            queries,
            &[
                ("20/s", "1728000"),
                ("5/m", "7200"),
                ("0", "0"),
                ("0/s", "0"),
                ("20", "has no time"),
                ("20/w", "is not a time of a rate"),
                ("1 MiB/s", "counts MiB"),
                ("0.5/s", "has a fraction"),
                ("-1/s", "is not a rate"),
                ("1_000/s", "is not a rate"),
                ("99999999999999999999/s", "is not a rate"),
                ("9999999999999999999/s", "more than can be counted"),
            ],
            |rate| rate.per_day().to_string(),
        );
        check(
            bytes,
            &[
                ("1 MiB/s", "1 MiB/s"),
                ("64 B/s", "64 B/s"),
                ("1024 KiB/s", "1 MiB/s"),
                ("1 KiB/m", "1 KiB/m"),
                ("0", "0"),
                ("1 MB/s", "`MB` is not a unit of bytes"),
                ("5/s", "has no unit"),
                ("1.5 MiB/s", "1536 KiB/s"),
            ],
            text,
        );
        check(
            size,
            &[
                ("10 MiB", "10485760"),
                ("64B", "64"),
                ("0", "0"),
                ("10", "has no unit"),
                ("1 MB", "`MB` is not a unit of bytes"),
                (
                    "1.5 GiB",
                    "write it in a smaller unit (1.5 GiB is 1536 MiB)",
                ),
                ("-1 B", "is not a unit of bytes"),
                ("007 B", "is not a number of bytes"),
                ("17179869184 GiB", "more than can be counted: 2^64"),
            ],
            |n| n.to_string(),
        );
        check(
            |it| whole(it, 100),
            &[
                ("7", "7"),
                ("0777", "begins with a 0"),
                ("1_0", "plain decimal"),
                ("1e3", "plain decimal"),
                ("101", "more than 100"),
                ("", "missing"),
            ],
            |n| n.to_string(),
        );
    }
}
