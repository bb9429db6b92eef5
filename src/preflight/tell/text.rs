//! For people: the place, the line with a mark under it, what follows, and the mended policy as a diff.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::preflight::finding::Finding;
use crate::scenario::{Snip, snip};
use crate::text::{clean, lines};

/// So many findings are told; of the rest only how many they are.
const TOLD: usize = 40;

/// All findings, with the texts of the files they lie in.
pub fn text(findings: &[Finding], sources: &BTreeMap<String, String>, color: bool) -> String {
    let mut out = String::new();
    for finding in findings.iter().take(TOLD) {
        let source = sources.get(&finding.place.file).map_or("", String::as_str);
        let line = lines(source).nth(finding.place.line.saturating_sub(1) as usize);
        out.push_str(&one(finding, line.unwrap_or(""), color));
        out.push_str("\n\n");
    }
    if findings.len() > TOLD {
        let _ = writeln!(out, "… and {} more\n", findings.len() - TOLD);
    }
    out
}

fn one(finding: &Finding, line: &str, color: bool) -> String {
    let mut notes = Vec::new();
    if let Some(shown) = &finding.counterexample {
        notes.push(("shown by", shown.sentence()));
    }
    if let Some(consequence) = &finding.consequence {
        notes.push(("consequence", consequence.clone()));
    }
    if let Some(expected) = &finding.expected {
        notes.push(("expected", expected.clone()));
    }
    let shown = Snip {
        severity: finding.severity,
        code: finding.code.word(),
        file: &finding.place.file,
        line: finding.place.line,
        column: finding.place.column,
        length: finding.place.length,
        message: &finding.what,
        notes,
        did_you_mean: finding.did_you_mean.as_deref(),
        help: None,
    };
    snip(&shown, line, color)
}

/// A diff that is safe to show: what could move a cursor or turn the text around is spelt out. The CR of a line that ends
/// with CR and LF stays, so that `patch` can apply it.
pub fn diff(diff: &str) -> String {
    let safe = |line: &str| {
        let (line, end) = match line.strip_suffix('\r') {
            Some(line) => (line, "\r"),
            None => (line, ""),
        };
        let parts: Vec<String> = line.split('\t').map(|it| clean(it).into_owned()).collect();
        parts.join("\t") + end
    };
    let told: Vec<String> = diff.split('\n').map(safe).collect();
    told.join("\n")
}
