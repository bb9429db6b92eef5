//! Whether a key is of the kind that R2 asks for.

use crate::preflight::aim::Aim;
use crate::preflight::codes::FindingCode;
use crate::preflight::finding::{Finding, Place};

/// A finding about a key.
pub(super) fn finding(
    code: FindingCode,
    place: &Place,
    what: String,
    consequence: String,
) -> Finding {
    Finding {
        code,
        severity: code.severity(),
        place: place.clone(),
        what,
        consequence: Some(consequence),
        expected: None,
        did_you_mean: None,
        counterexample: None,
        mend: None,
    }
}

/// What the ARN alone tells.
pub(super) fn of_arn(aim: &Aim<'_>, place: &Place) -> Vec<Finding> {
    let refused = || "the service does not take it: no organization is created with it".to_owned();
    let mut found = Vec::new();
    if !aim.arn.is_multi_region() {
        let what = format!(
            "the key {} is a single-Region key; the service takes multi-Region keys only, whose ids begin with mrk-",
            aim.arn.text()
        );
        found.push(finding(FindingCode::SingleRegion, place, what, refused()));
    }
    if aim.arn.account == aim.rules.service_account {
        let what = format!(
            "the key {} is in the service's own account, not in one of yours",
            aim.arn.text()
        );
        found.push(finding(FindingCode::ServicesOwn, place, what, refused()));
    }
    found
}
