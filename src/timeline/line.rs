//! The one line an entry is in NDJSON: what is hashed, and what is written. Keys in the order of MODEL 11.

use std::fmt::Write;

use crate::names::{Kind, Subject};
use crate::states::Side;
use crate::time::{Rate, Span};
use crate::timeline::{AccessCause, Counts, Entry, Fact, Tables, Timeline};

impl Timeline {
    /// Writes an entry as one line of NDJSON, without the line's end.
    pub fn write_line(&self, entry: u32, out: &mut String) {
        let it = &self.entries[entry as usize];
        write_entry(self.tables(), it, |out| self.name(it.subject, out), out);
    }

    /// Writes the totals at the end of one incarnation of a collection as one line of NDJSON, without the line's end.
    pub fn write_totals(&self, subject: Subject, out: &mut String) {
        let counts = self.counts_at(subject, self.until);
        let lost = self.life(subject).map_or(0, |life| life.lost_bytes);
        write_total(|out| self.name(subject, out), counts, lost, out);
    }

    /// Calls for each incarnation of each collection that ever was, in the order of subjects.
    pub fn each_total(&self, mut call: impl FnMut(&Timeline, Subject)) {
        for id in 0..self.names.count(Kind::Collection) {
            if self.about(Kind::Collection, id).is_empty() {
                if self.plain(id).from_start {
                    call(self, Subject::new(Kind::Collection, id));
                }
            } else {
                for subject in self.incarnations(id) {
                    call(self, subject);
                }
            }
        }
    }

    fn name(&self, subject: Subject, out: &mut String) {
        // Names match [a-z0-9][a-z0-9._-]*, so nothing in them needs an escape.
        self.names
            .write(subject, out)
            .expect("writing to a String cannot fail");
    }
}

/// The line of an entry; `name` writes its subject.
pub(super) fn write_entry(
    tables: Tables<'_>,
    it: &Entry,
    name: impl FnOnce(&mut String),
    out: &mut String,
) {
    out.push_str("{\"t_ms\":");
    number(out, it.time.ms());
    out.push_str(",\"kind\":\"");
    out.push_str(it.subject.kind.word());
    out.push_str("\",\"subject\":\"");
    name(out);
    out.push_str("\",\"fact\":\"");
    out.push_str(it.fact.word());
    out.push_str("\",\"cause\":");
    match it.cause {
        Some(cause) => number(out, u64::from(cause)),
        None => out.push_str("null"),
    }
    out.push_str(",\"with\":[");
    for (at, other) in it.with.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        number(out, u64::from(*other));
    }
    out.push(']');
    fields(tables, &it.fact, out);
    if !it.milestones.is_empty() {
        out.push_str(",\"milestones\":[");
        for (at, milestone) in it.milestones.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            quoted(out, milestone.word());
        }
        out.push(']');
    }
    out.push('}');
}

/// The line of one collection's totals; `name` writes whose.
pub(super) fn write_total(
    name: impl FnOnce(&mut String),
    counts: Counts,
    lost_bytes: u64,
    out: &mut String,
) {
    out.push_str("{\"subject\":\"");
    name(out);
    out.push('"');
    write_counts(counts, out);
    field(out, "lost_bytes", lost_bytes);
    out.push('}');
}

fn fields(tables: Tables<'_>, fact: &Fact, out: &mut String) {
    match fact {
        Fact::Command { verb, fields, by } => {
            word(out, "verb", verb);
            out.push_str(",\"fields\":");
            out.push_str(&json(&tables.texts[*fields as usize]));
            word(out, "by", by.word());
        }
        Fact::Refused {
            verb,
            code,
            message,
        } => {
            word(out, "verb", verb);
            word(out, "code", code);
            if let Some(message) = message {
                out.push_str(",\"message\":");
                out.push_str(&json(&tables.texts[*message as usize]));
            }
        }
        Fact::Turned { date } => word(out, "date", &date.to_string()),
        Fact::State { from, to } => {
            word(out, "from", from.word());
            word(out, "to", to.word());
        }
        Fact::Visible { state, policy } => {
            word(out, "state", state.word());
            word(out, "policy", &tables.policies[*policy as usize]);
        }
        Fact::FaultBegan { verb } | Fact::FaultEnded { verb } => word(out, "verb", verb),
        Fact::OrgRefused { rule } => word(out, "rule", rule.word()),
        Fact::Site { to } => word(out, "to", to.word()),
        Fact::Access { to, access } => {
            let access = &tables.accesses[*access as usize];
            word(out, "to", to.word());
            word(out, "error", access.error().unwrap_or("none"));
            causes(&access.causes, out);
        }
        Fact::Queries { to, live, counts } => {
            word(out, "to", to.word());
            field(out, "live", u64::from(*live));
            write_counts(*counts, out);
        }
        Fact::Ingest {
            to,
            lag_ms,
            lag_bytes,
        } => {
            word(out, "to", to.word());
            field(out, "lag_ms", *lag_ms);
            field(out, "lag_bytes", *lag_bytes);
        }
        Fact::Status { from, to, counts } => {
            word(out, "from", from.word());
            word(out, "to", to.word());
            write_counts(*counts, out);
        }
        Fact::Traffic {
            queries,
            arrivals,
            counts,
        } => {
            word(out, "queries", &rate(*queries));
            word(out, "arrivals", &rate(*arrivals));
            write_counts(*counts, out);
        }
        Fact::Support { to } => word(out, "to", to.word()),
        Fact::Outcome { to, bytes } => {
            word(out, "to", to.word());
            field(out, "bytes", *bytes);
        }
        Fact::Rotated | Fact::DataLost | Fact::Created | Fact::Recreated | Fact::Deleted => {}
    }
}

fn write_counts(counts: Counts, out: &mut String) {
    field(out, "issued", counts.issued);
    field(out, "served", counts.served());
    field(out, "failed", counts.failed);
}

fn causes(causes: &[AccessCause], out: &mut String) {
    out.push_str(",\"causes\":[");
    for (at, cause) in causes.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str("{\"cause\":");
        quoted(out, cause.cause.word());
        out.push_str(",\"actions\":");
        out.push_str(&json(&cause.actions));
        if cause.side == Side::Service {
            word(out, "side", cause.side.word());
        }
        out.push('}');
    }
    out.push(']');
}

/// A rate in the largest unit of time in which it is whole: `20/s`, `5/m`, `1/h`, `1/d`.
fn rate(rate: Rate) -> String {
    let per = [
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
        ("d", 86_400_000),
    ];
    let whole = per.iter().find_map(|(unit, ms)| {
        let came = rate.over(Span::from_ms(*ms));
        (came.floor() == came.ceil()).then(|| format!("{}/{unit}", came.floor()))
    });
    whole.unwrap_or_else(|| format!("{}/d", rate.per_day()))
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("text is always JSON")
}

fn word(out: &mut String, name: &str, value: &str) {
    write!(out, ",\"{name}\":\"{value}\"").expect("writing to a String cannot fail");
}

fn field(out: &mut String, name: &str, value: u64) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
    number(out, value);
}

fn quoted(out: &mut String, value: &str) {
    out.push('"');
    out.push_str(value);
    out.push('"');
}

/// Digits by hand: lines are written by the million.
fn number(out: &mut String, mut value: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[at..]).expect("digits are ASCII"));
}

#[cfg(test)]
mod tests {
    use super::{number, rate};
    use crate::time::{Rate, Span};

    #[test]
    fn numbers_and_rates_are_written_as_people_write_them() {
        for value in [0, 7, 10, 1_234_567, u64::MAX] {
            let mut text = String::new();
            number(&mut text, value);
            assert_eq!(text, value.to_string());
        }
        let of = |count, ms| rate(Rate::new(count, Span::from_ms(ms)).expect("a rate"));
        assert_eq!(
            [of(20, 1_000), of(5, 60_000), of(120, 60_000), of(0, 1_000)],
            ["20/s", "5/m", "2/s", "0/s"]
        );
    }
}
