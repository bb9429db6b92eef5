//! The dates of policies: "one of the W3C implementations of the ISO 8601 date formats or epoch time" (IAM User Guide,
//! "Date condition operators").

use jiff::Timestamp;
use jiff::civil::Date;

use super::numbers::Number;

/// Reads a date as seconds since 1970-01-01T00:00:00Z: `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or with `Thh:mm`, `:ss` and a
/// fraction, and then the zone, `Z` or `+hh:mm`; or those seconds themselves. Without a time a date is its beginning in
/// UTC. Four digits alone are a year: AWS does not say which they are, and nobody means an hour of 1970.
pub(super) fn read(text: &str) -> Option<Number> {
    match text.len() {
        4 if digits(text) => start_of(text, 1, 1),
        7 if text.is_char_boundary(5) && fits(text, "0000-00") => start_of(text, two(text, 5)?, 1),
        10 if fits(text, "0000-00-00") => start_of(text, two(text, 5)?, two(text, 8)?),
        _ => instant(text).or_else(|| epoch(text)),
    }
}

fn epoch(text: &str) -> Option<Number> {
    let plain = |ch: char| ch.is_ascii_digit() || matches!(ch, '-' | '.');
    if text.chars().all(plain) {
        Number::read(text)
    } else {
        None
    }
}

fn start_of(text: &str, month: i8, day: i8) -> Option<Number> {
    let year = text.get(..4)?.parse().ok()?;
    let date = Date::new(year, month, day).ok()?;
    seconds(&format!("{date}T00:00:00Z"))
}

/// A date with time and zone, in exactly the documented shapes; the library would take more.
fn instant(text: &str) -> Option<Number> {
    let (start, rest) = text.split_at_checked(16)?;
    if !fits(start, "0000-00-00T00:00") {
        return None;
    }
    let zone = rest.find(['Z', '+', '-'])?;
    let (clock, zone) = rest.split_at(zone);
    let clock_fits = match clock.split_once('.') {
        None => clock.is_empty() || fits(clock, ":00"),
        Some((seconds, fraction)) => {
            fits(seconds, ":00") && (1..=9).contains(&fraction.len()) && digits(fraction)
        }
    };
    let zone_fits = zone == "Z" || fits(zone, "+00:00") || fits(zone, "-00:00");
    if clock_fits && zone_fits {
        seconds(text)
    } else {
        None
    }
}

fn seconds(text: &str) -> Option<Number> {
    let at: Timestamp = text.parse().ok()?;
    Some(Number::of_parts(at.as_nanosecond(), 9))
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text has the shape of another, in which `0` is any digit.
fn fits(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text
            .bytes()
            .zip(shape.bytes())
            .all(|(byte, want)| match want {
                b'0' => byte.is_ascii_digit(),
                _ => byte == want,
            })
}

fn two(text: &str, at: usize) -> Option<i8> {
    text.get(at..at + 2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn dates_are_read_as_w3c_writes_them() {
        let check = |text: &str, want: Option<i64>| {
            let ms = read(text).and_then(|it| it.thousandths()).map(|it| it.0);
            assert_eq!(ms, want, "{text}");
        };
        check("1970", Some(0));
        check("1970-02", Some(31 * 86_400_000));
        check("1970-01-02", Some(86_400_000));
        check("1970-01-01T00:01Z", Some(60_000));
        check("1970-01-01T00:01:01Z", Some(61_000));
        check("1970-01-01T00:00:01.5Z", Some(1_500));
        check("1970-01-01T01:00:00+01:00", Some(0));
        check("1969-12-31T19:00-05:00", Some(0));
        check("2026-07-01T00:00:00Z", Some(1_782_864_000_000));
        check("1782864000", Some(1_782_864_000_000));
        check("1782864000.25", Some(1_782_864_000_250));
        check("0", Some(0));
        check("-1", Some(-1000));
        for text in [
            "",
            "tomorrow",
            "2026-13",
            "2026-02-30",
            "2026-1-1",
            "2026-01-01T00:00:00",
            "2026-01-01 00:00:00Z",
            "2026-01-01T25:00Z",
            "2026-01-01T00:00:00z",
            "2026-01-01T00Z",
            "01/02/2026",
            "2026-01-*",
            "2026-01-01T00:00:00.Z",
            "é026-01",
            "2026-0é",
            "1e9",
        ] {
            check(text, None);
        }
    }
}
