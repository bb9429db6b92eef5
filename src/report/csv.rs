//! The entries as CSV (RFC 4180, CRLF), safe to open in a spreadsheet: no cell can be taken for a formula.

use std::fmt;
use std::fmt::Write;

use crate::profile::amount;
use crate::text::clean;
use crate::timeline::{Counts, Entry, Fact, Timeline};

use super::Run;
use super::amounts::queries;
use super::phrase::causes;

/// The columns, in order; columns are only ever added at the end.
const COLUMNS: [&str; 25] = [
    "entry",
    "t_ms",
    "kind",
    "subject",
    "fact",
    "cause",
    "with",
    "milestones",
    "from",
    "to",
    "verb",
    "fields",
    "by",
    "code",
    "causes",
    "policy",
    "live",
    "issued",
    "served",
    "failed",
    "lag_ms",
    "lag_bytes",
    "queries",
    "arrivals",
    "bytes",
];

/// Where the columns begin that belong to the fact.
const DETAIL: usize = 8;

/// Writes a header row, and a row for each entry.
///
/// # Errors
/// Those of the writer.
pub fn csv(run: &Run<'_>, out: &mut dyn fmt::Write) -> fmt::Result {
    let mut line = COLUMNS.join(",");
    line.push_str("\r\n");
    out.write_str(&line)?;
    for (number, entry) in run.timeline.entries.iter().enumerate() {
        line.clear();
        row(run.timeline, number, entry, &mut line)?;
        out.write_str(&line)?;
    }
    Ok(())
}

fn row(timeline: &Timeline, number: usize, entry: &Entry, line: &mut String) -> fmt::Result {
    write!(
        line,
        "{number},{},{},",
        entry.time.ms(),
        entry.subject.kind.word()
    )?;
    timeline.names.write(entry.subject, line)?;
    write!(line, ",{},", entry.fact.word())?;
    if let Some(cause) = entry.cause {
        write!(line, "{cause}")?;
    }
    line.push(',');
    for (index, with) in entry.with.iter().enumerate() {
        let before = if index == 0 { "" } else { " " };
        write!(line, "{before}{with}")?;
    }
    line.push(',');
    for (index, milestone) in entry.milestones.iter().enumerate() {
        let before = if index == 0 { "" } else { " " };
        write!(line, "{before}{milestone}")?;
    }
    let cells = details(timeline, &entry.fact);
    for column in &COLUMNS[DETAIL..] {
        line.push(',');
        if let Some((_, cell)) = cells.iter().find(|(name, _)| name == column) {
            field(cell, line);
        }
    }
    line.push_str("\r\n");
    Ok(())
}

type Cells = Vec<(&'static str, String)>;

fn details(timeline: &Timeline, fact: &Fact) -> Cells {
    let word = |it: &str| it.to_owned();
    match *fact {
        Fact::Command { verb, fields, by } => vec![
            ("verb", word(verb)),
            ("fields", timeline.texts[fields as usize].clone()),
            ("by", word(by.word())),
        ],
        // AWS's message says no more than the code and the subject, which have their columns.
        Fact::Refused { verb, code, .. } => vec![("verb", word(verb)), ("code", word(code))],
        Fact::Turned { date } => vec![("to", date.to_string())],
        Fact::State { from, to } => vec![("from", word(from.word())), ("to", word(to.word()))],
        Fact::Visible { state, policy } => vec![
            ("to", word(state.word())),
            (
                "policy",
                timeline
                    .policies
                    .get(policy as usize)
                    .cloned()
                    .unwrap_or_default(),
            ),
        ],
        Fact::FaultBegan { verb } | Fact::FaultEnded { verb } => vec![("verb", word(verb))],
        Fact::OrgRefused { rule } => vec![("code", word(rule.word()))],
        Fact::Site { to } => vec![("to", word(to.word()))],
        Fact::Access { to, access } => {
            let access = &timeline.accesses[access as usize];
            vec![
                ("to", word(to.word())),
                ("code", word(access.error().unwrap_or("none"))),
                ("causes", causes(access)),
            ]
        }
        Fact::Queries { to, live, counts } => {
            let mut cells = counted(counts);
            cells.push(("to", word(to.word())));
            cells.push(("live", live.to_string()));
            cells
        }
        Fact::Ingest {
            to,
            lag_ms,
            lag_bytes,
        } => vec![
            ("to", word(to.word())),
            ("lag_ms", lag_ms.to_string()),
            ("lag_bytes", lag_bytes.to_string()),
        ],
        Fact::Status { from, to, counts } => {
            let mut cells = counted(counts);
            cells.push(("from", word(from.word())));
            cells.push(("to", word(to.word())));
            cells
        }
        Fact::Traffic {
            queries: asked,
            arrivals: arriving,
            counts,
        } => {
            let mut cells = counted(counts);
            cells.push(("queries", queries(asked)));
            cells.push(("arrivals", amount::text(arriving)));
            cells
        }
        Fact::Support { to } => vec![("to", word(to.word()))],
        Fact::Outcome { to, bytes } => vec![("to", word(to.word())), ("bytes", bytes.to_string())],
        Fact::Rotated | Fact::DataLost | Fact::Created | Fact::Recreated | Fact::Deleted => {
            Vec::new()
        }
    }
}

fn counted(counts: Counts) -> Cells {
    vec![
        ("issued", counts.issued.to_string()),
        ("served", counts.served().to_string()),
        ("failed", counts.failed.to_string()),
    ]
}

/// Adds a cell: quoted where it must be, with an apostrophe before what a spreadsheet would take for a formula.
fn field(text: &str, line: &mut String) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cleaned = clean(text);
    let quote = cleaned.contains(['"', ',', '\r', '\n']);
    if quote {
        line.push('"');
    }
    if formula {
        line.push('\'');
    }
    line.push_str(&cleaned.replace('"', "\"\""));
    if quote {
        line.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn cells_are_quoted_and_no_formula() {
        for (text, cell) in [
            ("plain", "plain"),
            ("key: main, region: x", "\"key: main, region: x\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("=1+1", "'=1+1"),
            ("@x", "'@x"),
            ("-1,2", "\"'-1,2\""),
            ("\tx", "'<U+0009>x"),
            ("a\u{202e}b", "a<U+202E>b"),
        ] {
            let mut line = String::new();
            field(text, &mut line);
            assert_eq!(line, cell);
        }
    }
}
