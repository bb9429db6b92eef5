//! What single scalars mean: names, instants, lengths, numbers, words.

use crate::scenario::codes::Code;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::time::{Calendar, Span, Time};
use crate::yaml::Text;

/// The longest name, in characters.
const LONGEST_NAME: usize = 128;

/// How instants are read: from the start of the run, or by the calendar.
#[derive(Copy, Clone, Debug)]
pub(super) struct Clock {
    /// The calendar instant of T+0.
    pub(super) start: Option<Calendar>,
    /// The end of the run.
    pub(super) until: Time,
}

impl Clock {
    /// The instant that a text means.
    pub(super) fn instant(&self, desk: &mut Desk<'_>, text: &Text) -> Option<Time> {
        let written = text.as_str();
        if !by_calendar(written) {
            return length(desk, text).map(|span| Time::START + span);
        }
        let instant = match Calendar::parse(written) {
            Ok(instant) => instant,
            Err(why) => {
                let zoned = Calendar::parse(&format!("{written}Z")).is_ok();
                let why = if zoned {
                    format!("{} has no zone", quote(written))
                } else {
                    shortened(&why, written)
                };
                let problem = desk.problem(Code::BadTime, text.mark, why);
                desk.say(problem.expected(
                    "a time from the start such as 2h30m, or an instant such as 2026-03-01T09:00:00Z",
                ));
                return None;
            }
        };
        let Some(start) = self.start else {
            let what = "a calendar instant has nothing to be counted from";
            let problem = desk.problem(Code::NoStart, text.mark, what);
            desk.say(problem.help("say when the run starts: start: 2026-03-01T00:00:00Z"));
            return None;
        };
        let since = instant.since(start);
        if since.is_none() {
            let what = format!("{} is before the start, {start}", quote(written));
            desk.say(desk.problem(Code::OutsideRun, text.mark, what));
        }
        since.map(|span| Time::START + span)
    }

    /// The instant that a text means, if the run includes it: `[0, until)` for what happens.
    pub(super) fn within(&self, desk: &mut Desk<'_>, text: &Text) -> Option<Time> {
        let at = self.instant(desk, text)?;
        if at >= self.until {
            let what = format!(
                "{} is not before the end of the run, {}",
                quote(text.as_str()),
                self.until
            );
            let problem = desk.problem(Code::OutsideRun, text.mark, what);
            desk.say(problem.expected(format!(
                "an instant from 0s up to, not including, {}",
                self.until
            )));
            return None;
        }
        Some(at)
    }
}

/// Whether a text is meant as an instant of the calendar.
fn by_calendar(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits >= 4 && text[digits..].starts_with('-')
}

/// A length of time.
pub(super) fn length(desk: &mut Desk<'_>, text: &Text) -> Option<Span> {
    match Span::parse(text.as_str()) {
        Ok(span) => Some(span),
        Err(why) => {
            let why = shortened(&why, text.as_str());
            let problem = desk.problem(Code::BadTime, text.mark, why);
            desk.say(problem.expected("whole numbers with d h m s ms, such as 2h30m"));
            None
        }
    }
}

/// A sentence that quotes a text, with the text cut where it is long.
pub(super) fn shortened(sentence: &str, text: &str) -> String {
    if text.len() <= 60 {
        return sentence.to_owned();
    }
    let quoted = quote(text);
    sentence.replace(&format!("`{text}`"), &quoted)
}

/// Whether a text is formed as names are.
pub(super) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    chars.next().is_some_and(good)
        && chars.all(|c| good(c) || matches!(c, '.' | '_' | '-'))
        && text.len() <= LONGEST_NAME
}

/// A name, or `None` after saying what is wrong with it.
pub(super) fn name<'t>(desk: &mut Desk<'_>, what: &str, text: &'t Text) -> Option<&'t str> {
    if is_name(text.as_str()) {
        return Some(text.as_str());
    }
    let said = if text.text.is_empty() {
        format!("the name of {what} is empty")
    } else {
        format!("{} is no name of {what}", quote(text.as_str()))
    };
    let problem = desk.problem(Code::BadName, text.mark, said);
    desk.say(problem.expected(
        "small letters, digits, `.`, `_` and `-`, beginning with a letter or a digit, at most 128",
    ));
    None
}

/// The member of a closed list of words that a text names.
pub(super) fn word<T: Copy>(
    desk: &mut Desk<'_>,
    what: &str,
    text: &Text,
    words: &[(&'static str, T)],
) -> Option<T> {
    if let Some((_, it)) = words.iter().find(|(word, _)| *word == text.as_str()) {
        return Some(*it);
    }
    let said = format!("{} is no {what}", quote(text.as_str()));
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let list = known.join(", ");
    let problem = desk.problem(Code::UnknownWord, text.mark, said);
    desk.say(
        problem
            .near(text.as_str(), known)
            .expected(format!("one of: {list}")),
    );
    None
}

/// `true` or `false`.
pub(super) fn truth(desk: &mut Desk<'_>, what: &str, text: &Text) -> Option<bool> {
    word(desk, what, text, &[("true", true), ("false", false)])
}

/// The result of reading a number or a rate, or `None` after saying what is wrong.
pub(super) fn told<T>(
    desk: &mut Desk<'_>,
    code: Code,
    text: &Text,
    read: Result<T, String>,
    expected: &str,
) -> Option<T> {
    match read {
        Ok(it) => Some(it),
        Err(why) => {
            let problem = desk.problem(code, text.mark, shortened(&why, text.as_str()));
            desk.say(problem.expected(expected));
            None
        }
    }
}
