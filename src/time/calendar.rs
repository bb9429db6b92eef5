//! Instants of the calendar, as RFC 3339 writes them.

use std::fmt;

use super::{Span, Time};

/// An instant of the calendar, for scenarios that give `start:`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Calendar(jiff::Timestamp);

impl Calendar {
    /// Reads an RFC 3339 instant, with a zone, such as `2026-03-01T09:00:00Z`.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Calendar, String> {
        if !is_rfc_3339(text) {
            return Err(format!(
                "`{text}` is not an RFC 3339 instant such as 2026-03-01T09:00:00Z"
            ));
        }
        let seconds = &text[17..19];
        if seconds == "60" {
            return Err(format!(
                "`{text}` is a leap second, which is not counted here"
            ));
        }
        let instant = text.parse::<jiff::Timestamp>().map_err(|_| {
            format!("`{text}` is not an instant of the calendar such as 2026-03-01T09:00:00Z")
        })?;
        if instant.subsec_nanosecond() % 1_000_000 != 0 {
            return Err(format!(
                "`{text}` is finer than a millisecond, the finest that is counted"
            ));
        }
        Ok(Calendar(instant))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub fn ms(self) -> i64 {
        self.0.as_millisecond()
    }

    /// The instant so many milliseconds after 1970-01-01T00:00:00Z; `None` outside the calendar.
    pub fn of_ms(ms: i64) -> Option<Calendar> {
        jiff::Timestamp::from_millisecond(ms).ok().map(Calendar)
    }

    /// How long after `start` this is; `None` before it.
    pub fn since(self, start: Calendar) -> Option<Span> {
        u64::try_from(self.0.as_millisecond() - start.0.as_millisecond())
            .ok()
            .map(Span)
    }

    /// This instant moved on by a simulated time; `None` past the end of the calendar.
    pub fn after(self, time: Time) -> Option<Calendar> {
        let ms = self
            .0
            .as_millisecond()
            .checked_add(i64::try_from(time.ms()).ok()?)?;
        Calendar::of_ms(ms)
    }
}

/// Whether a text has the form `YYYY-MM-DDThh:mm:ss`, perhaps a fraction, and a zone: `Z` or `±hh:mm`.
fn is_rfc_3339(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00";
    const ZONE: &[u8] = b"00:00";
    let fits = |text: &[u8], form: &[u8]| {
        text.len() == form.len()
            && text.iter().zip(form).all(|(it, due)| match due {
                b'0' => it.is_ascii_digit(),
                due => it.eq_ignore_ascii_case(due),
            })
    };
    let bytes = text.as_bytes();
    let Some((instant, rest)) = bytes.split_at_checked(FORM.len()) else {
        return false;
    };
    let fraction = match rest {
        [b'.', digits @ ..] => 1 + digits.iter().take_while(|it| it.is_ascii_digit()).count(),
        _ => 0,
    };
    let zone = &rest[fraction..];
    fits(instant, FORM)
        && fraction != 1
        && match zone {
            [b'Z' | b'z'] => true,
            [b'+' | b'-', offset @ ..] => {
                fits(offset, ZONE) && offset[..2] < b"24"[..] && offset[3..] < b"60"[..]
            }
            _ => false,
        }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Span, Time};
    use super::Calendar;

    #[test]
    fn calendar_instants_are_distances() {
        let start = Calendar::parse("2026-03-01T09:00:00Z").expect("an instant");
        let later = Calendar::parse("2026-03-01T11:30:00+01:00").expect("an instant");
        assert_eq!(later.since(start), Some(Span::from_ms(5_400_000)));
        assert_eq!(start.since(later), None);
        assert_eq!(start.after(Time::from_ms(5_400_000)), Some(later));
        assert!(Calendar::parse("2026-02-31T00:00:00Z").is_err());
        for (text, word) in [
            ("2026-02-28", "RFC 3339"),
            ("2026-03-01 09:00:00Z", "RFC 3339"),
            ("2026-03-01T09:00Z", "RFC 3339"),
            ("2026-03-01T09:00:00", "RFC 3339"),
            ("2026-03-01T09:00:00.Z", "RFC 3339"),
            ("2026-03-01T09:00:00Z[UTC]", "RFC 3339"),
            ("2026-03-01T09:00:00+1:00", "RFC 3339"),
            ("2026-03-01T09:00:00+24:00", "RFC 3339"),
            ("2026-03-01T09:00:00-01:60", "RFC 3339"),
            ("20260301T090000Z", "RFC 3339"),
            ("-009999-01-02T01:59:59Z", "RFC 3339"),
            ("2026-03-01T09:00:é", "RFC 3339"),
            ("2026-13-01T09:00:00Z", "calendar"),
            ("2016-12-31T23:59:60Z", "leap second"),
            ("2026-03-01T09:00:00.0005Z", "finer"),
        ] {
            let told = Calendar::parse(text).expect_err(text);
            assert!(told.contains(word), "{text}: {told}");
        }
        let exact = Calendar::parse("2026-03-01t09:00:00.500z").expect("an instant");
        assert_eq!(exact.since(start), Some(Span::from_ms(500)));
    }
}
