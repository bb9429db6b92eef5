//! A policy as plain data, as it was written: for whoever judges it otherwise than this room does.

use super::document::Policy;
use super::principal::Principal;
use super::statement::{Choice, Effect};

/// A statement as it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// What it does.
    pub effect: Effect,
    /// `Principal`, or `NotPrincipal`: `AWS` principals as they are written, others with their kind before a colon.
    pub who: Listed,
    /// `Action` or `NotAction`; `None` where it says neither.
    pub what: Option<Listed>,
    /// `Resource` or `NotResource`; `None` where it says neither.
    pub which: Option<Listed>,
    /// `Condition`: operator, key, and the values under it.
    pub conditions: Vec<(String, String, Vec<String>)>,
}

/// The texts of an element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Whether it is the opposite (`NotAction`): everything but these.
    pub all_but: bool,
    /// As they are written.
    pub texts: Vec<String>,
}

impl Policy {
    /// Its statements, in written order.
    pub fn parts(&self) -> Vec<Part> {
        let parts = self.statements.iter().map(|one| Part {
            effect: one.effect,
            who: listed(&one.who, principal),
            what: one
                .what
                .as_ref()
                .map(|it| listed(it, |it| it.written.clone())),
            which: one
                .which
                .as_ref()
                .map(|it| listed(it, |it| it.written.clone())),
            conditions: one
                .conditions
                .iter()
                .map(|it| {
                    let values = it.values.iter().map(|it| it.text.clone());
                    (it.operator.clone(), it.key.clone(), values.collect())
                })
                .collect(),
        });
        parts.collect()
    }
}

fn listed<T>(choice: &Choice<T>, text: impl Fn(&T) -> String) -> Listed {
    let (all_but, list) = match choice {
        Choice::Only(list) => (false, list),
        Choice::AllBut(list) => (true, list),
    };
    Listed {
        all_but,
        texts: list.iter().map(text).collect(),
    }
}

fn principal(one: &Principal) -> String {
    match one {
        Principal::Anyone => "*".to_owned(),
        Principal::Account(id) | Principal::Identity(id) | Principal::Deleted(id) => id.clone(),
        Principal::AccountIn { partition, account } => {
            format!("arn:{partition}:iam::{account}:root")
        }
        Principal::Service(name) => format!("Service:{name}"),
        Principal::Federated(name) => format!("Federated:{name}"),
        Principal::CanonicalUser(name) => format!("CanonicalUser:{name}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::{Effect, Policy};

    #[test]
    fn what_was_written_comes_back() {
        let policy = Policy::from_json(
            r#"{"Statement": [{"Effect": "Deny", "NotPrincipal": {"AWS": ["318212636800"], "Service": "s3.amazonaws.com"},
            "NotAction": "kms:List*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": false}}}]}"#,
        );
        let parts = policy.expect("AWS would take it").parts();
        let [part] = parts.as_slice() else {
            panic!("one statement: {parts:?}");
        };
        assert_eq!(part.effect, Effect::Deny);
        assert!(part.who.all_but);
        assert_eq!(part.who.texts, ["318212636800", "Service:s3.amazonaws.com"]);
        let what = part.what.as_ref().expect("it says what");
        assert_eq!(
            (what.all_but, what.texts.as_slice()),
            (true, &["kms:List*".to_owned()][..])
        );
        let condition = (
            "Bool".to_owned(),
            "aws:SecureTransport".to_owned(),
            vec!["false".to_owned()],
        );
        assert_eq!(part.conditions, [condition]);
    }
}
