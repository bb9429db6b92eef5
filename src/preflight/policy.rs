//! A policy's text under check: all findings, the mended text, and the difference of the two.

use similar::TextDiff;

use crate::policy::{Complaint, Node, Policy, look};
use crate::preflight::aim::{Aim, Stage};
use crate::preflight::codes::FindingCode;
use crate::preflight::finding::{Finding, Found, Place};
use crate::preflight::lens::Lens;
use crate::preflight::mend::Mend;
use crate::preflight::{choice, fresh, judge, key, stranger, width};
use crate::scenario::Severity;

/// So many changes are made to one policy at most: what needs more is not a policy with slips, and none is offered.
const MOST_CHANGES: usize = 64;

/// What a check of a policy found.
#[derive(Clone, PartialEq, Debug)]
pub struct Checked {
    /// All findings, by their places.
    pub findings: Vec<Finding>,
    /// Whether AWS would refuse the policy.
    pub refused: bool,
    /// The policy's own text, without what was wrapped around it.
    pub text: String,
    /// Whether something was wrapped around it, as `aws kms get-key-policy` does.
    pub wrapped: bool,
    /// The text after all mends, if any of them changes it and the outcome passes.
    pub repaired: Option<String>,
    /// A new policy to start from, where the text holds no statement that it would lose; never beside
    /// [`Checked::repaired`].
    pub fresh: Option<String>,
}

impl Checked {
    /// Whether nothing keeps the service from using the key.
    pub fn passes(&self) -> bool {
        passes(&self.findings)
    }

    /// The mended text as a unified diff of the policy's own text, as `patch -p1` takes it if the text is that of a file
    /// of this name; empty if there is none.
    pub fn diff(&self, name: &str) -> String {
        let Some(repaired) = &self.repaired else {
            return String::new();
        };
        let diff = TextDiff::from_lines(&self.text, repaired);
        let (old, new) = if self.wrapped {
            let of = format!("the policy within {name}");
            (of.clone(), of)
        } else if name == STANDARD_INPUT {
            (name.to_owned(), name.to_owned())
        } else {
            // A name with a blank in it ends at a tab.
            let tab = if name.contains(' ') { "\t" } else { "" };
            let path = name.trim_start_matches('/');
            (format!("a/{path}{tab}"), format!("b/{path}{tab}"))
        };
        diff.unified_diff().header(&old, &new).to_string()
    }
}

/// How messages call what comes through a pipe: no file that a diff could be applied to.
const STANDARD_INPUT: &str = "standard input";

fn passes(findings: &[Finding]) -> bool {
    let error = |it: &Finding| it.severity == Severity::Error;
    !findings.iter().any(error)
}

/// Checks a policy's text; `file` is how places call it.
pub fn check(text: &str, file: &str, aim: &Aim<'_>) -> Checked {
    let (mut found, own) = match look(text) {
        Ok(looked) => (findings(&looked.tree, aim), looked.text),
        // Of a statement that was cut out of a page the policy's own reader knows all that is missing.
        Err(complaint) => {
            let complaints = Policy::from_json(text).err();
            let found = refused(&complaints.unwrap_or_else(|| vec![complaint]));
            (found, text.to_owned())
        }
    };
    let repaired = repaired(&own, aim);
    settle(&mut found, &own, repaired.is_some(), aim);
    let refused = found.iter().any(|it| it.code == FindingCode::Refused);
    let mut findings: Vec<Finding> = found.into_iter().map(|it| it.within(file)).collect();
    if aim.stage == Stage::Running {
        let place = Place {
            file: file.to_owned(),
            line: 1,
            column: 1,
            length: 1,
        };
        findings.extend(key::of_arn(aim, &place));
    }
    sort(&mut findings);
    let start = refused && repaired.is_none() && fresh::loses_nothing(&own, aim);
    Checked {
        fresh: start.then(|| fresh::policy(aim)),
        repaired,
        wrapped: own != text,
        text: own,
        findings,
        refused,
    }
}

pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (&a.place, a.code, &a.what).cmp(&(&b.place, b.code, &b.what)));
}

/// The findings in a policy whose tree is known.
pub(super) fn findings(tree: &Node, aim: &Aim<'_>) -> Vec<Found> {
    match Lens::new(tree, aim) {
        Ok(lens) => {
            let mut found = judge::judge(&lens);
            let mut warnings = width::warnings(&lens, &found);
            warnings.extend(stranger::beside(&lens, &found));
            found.extend(warnings);
            found
        }
        Err(complaints) => refused(&complaints),
    }
}

/// What makes a text no policy.
fn refused(complaints: &[Complaint]) -> Vec<Found> {
    let errors = complaints.iter().filter(|it| !it.kind.is_warning());
    errors
        .map(|complaint| {
            let mut one = width::of_complaint(complaint);
            one.mend = Mend::of_refusal(complaint);
            one
        })
        .collect()
}

/// The text after all mends: one after the other, each judged anew, until none is left. `None` if nothing changes, or
/// if it would still not pass.
fn repaired(text: &str, aim: &Aim<'_>) -> Option<String> {
    let mut now = text.to_owned();
    let mut found = anew(&now, aim);
    for _ in 0..MOST_CHANGES {
        match step(&now, &found, aim) {
            Some(next) => (now, found) = next,
            None => {
                let good = found.iter().all(|it| it.severity != Severity::Error);
                return (good && now != text).then_some(now);
            }
        }
    }
    None
}

/// The text after the first mend that helps, and what is found in it.
fn step(now: &str, found: &[Found], aim: &Aim<'_>) -> Option<(String, Vec<Found>)> {
    let looked = look(now).ok();
    let tree = looked.as_ref().map(|it| &it.tree);
    let lens = tree.and_then(|it| Lens::new(it, aim).ok());
    found.iter().find_map(|it| {
        choice::mends(it, lens.as_ref()).iter().find_map(|mend| {
            let text = choice::safe(mend, now, tree, aim)?;
            let left = anew(&text, aim);
            let of_kind = |found: &[Found]| found.iter().filter(|one| one.code == it.code).count();
            // A mend that leaves as much of its kind has not found the cause. What makes a text no policy may only show
            // itself when something else of it is mended.
            let helps = it.code == FindingCode::Refused || of_kind(&left) < of_kind(found);
            helps.then_some((text, left))
        })
    })
}

/// The findings in a text; what keeps the service out comes first: mending it may take what is only odd with it.
fn anew(text: &str, aim: &Aim<'_>) -> Vec<Found> {
    let mut found = match look(text) {
        Ok(looked) => findings(&looked.tree, aim),
        Err(complaint) => refused(&[complaint]),
    };
    found.sort_by_key(|it| (it.severity, it.mark.line, it.mark.column));
    found
}

/// Leaves each finding only the mend that is safe, and none where no mended policy is offered; a Deny without a safe one
/// says what is to be done.
fn settle(found: &mut [Found], own: &str, offered: bool, aim: &Aim<'_>) {
    let looked = look(own).ok();
    let tree = looked.as_ref().map(|it| &it.tree);
    let lens = tree.and_then(|it| Lens::new(it, aim).ok());
    // In the text itself, since in what was wrapped around it the places are others.
    let twins = match &looked {
        Some(looked) => findings(&looked.tree, aim),
        None => found.to_vec(),
    };
    for (one, twin) in found.iter_mut().zip(&twins) {
        let mut mends = choice::mends(twin, lens.as_ref()).into_iter();
        let safe = mends.find(|mend| choice::safe(mend, own, tree, aim).is_some());
        let known = safe.is_some();
        one.mend = safe.filter(|_| offered);
        if !known && one.code == FindingCode::DeniedExplicitly {
            one.expected = Some(choice::DENY.to_owned());
        }
    }
}
