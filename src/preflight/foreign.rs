//! Why a `Resource` does not reach a key.

use crate::preflight::aim::KeyArn;
use crate::text::clean;

/// A sentence that says what a `Resource` names instead of this key.
pub(super) fn why(written: &str, key: &KeyArn) -> String {
    let shown = clean(written);
    let Ok(other) = KeyArn::read(written) else {
        if written.contains(":alias/") {
            return format!(
                "Resource names the alias {shown}; a policy is asked about its key's ARN, never an alias"
            );
        }
        return format!(
            "Resource {shown} does not match this key, so this statement does not reach it"
        );
    };
    let (here, there) = (&key.region, &other.region);
    if other.id == key.id && other.account == key.account && there != here {
        return format!(
            "Resource names the key in {there}, but this is the policy of the key in {here}: the ARN of the {there} \
             key was pasted into the {here} policy, and the statement does not reach this key"
        );
    }
    let also = if there == here {
        String::new()
    } else {
        format!(" in {there}, and this key is in {here}")
    };
    format!("Resource names another key, {shown}{also}; the statement does not reach this key")
}
