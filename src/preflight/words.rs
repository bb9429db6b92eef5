//! What a statement did to a request, in words.

use crate::policy::{Answer, Why};

/// What a statement did, or why it did nothing: a sentence without its subject, "it allows the request".
pub fn why(why: &Why) -> String {
    match why {
        Why::Allows => "it allows the request".to_owned(),
        Why::Denies => "it denies the request".to_owned(),
        Why::NoEffect => "it has no Action or no Resource, and so no effect".to_owned(),
        Why::OtherPrincipal => "it speaks of another principal".to_owned(),
        Why::OtherAction => "it speaks of other actions".to_owned(),
        Why::OtherResource => "it speaks of another resource".to_owned(),
        Why::ConditionFails { key, operator } => {
            format!("its condition on {key} ({operator}) does not hold")
        }
        Why::Condition { key, operator } => {
            format!("whether its condition on {key} ({operator}) holds cannot be told")
        }
        Why::Variable { name } => {
            format!("it hangs on the policy variable {name}, whose value is not known")
        }
    }
}

/// An answer as programs read it.
pub fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Allowed => "allow",
        Answer::DeniedExplicitly => "deny",
        Answer::DeniedImplicitly => "implicit_deny",
        Answer::CannotTell => "cannot_tell",
    }
}
