//! The policies everybody needs.

use super::document::Policy;
use super::pattern::Pattern;
use super::principal::Principal;
use super::statement::{Choice, Effect, Statement};

/// The actions a customer must allow the service, as R3 names them.
const SERVICE_ACTIONS: [&str; 4] = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:GenerateDataKey*",
    "kms:DescribeKey",
];

impl Policy {
    /// AWS's default statement for the owner and the service's own (R3), both with `Resource` `"*"`.
    pub fn vendor(owner_account: &str, service_account: &str) -> Policy {
        let service = allow(
            "Allow the service to use the key",
            service_account,
            &SERVICE_ACTIONS,
        );
        Policy::of(vec![owner(owner_account), service], Vec::new())
    }

    /// What AWS gives a key that is created or replicated without a policy: everything to the owner's account, nothing
    /// to anyone else.
    pub fn aws_default(owner_account: &str) -> Policy {
        Policy::of(vec![owner(owner_account)], Vec::new())
    }
}

fn owner(account: &str) -> Statement {
    allow("Enable IAM User Permissions", account, &["kms:*"])
}

fn allow(sid: &str, account: &str, actions: &[&str]) -> Statement {
    Statement {
        line: 0,
        sid: Some(sid.to_owned()),
        effect: Effect::Allow,
        who: Choice::Only(vec![Principal::Account(account.to_owned())]),
        what: Some(Choice::Only(
            actions
                .iter()
                .map(|action| Pattern::of_action(action))
                .collect(),
        )),
        which: Some(Choice::Only(vec![Pattern::of_resource("*", true)])),
        conditions: Vec::new(),
        variables: true,
        taken: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::{Answer, Policy, Request, SERVICE_OPERATIONS};

    #[test]
    fn the_service_may_what_it_needs_and_no_more() {
        let check = |policy: &Policy, account: &str, action: &str, want: Answer| {
            let principal = format!("arn:aws:iam::{account}:root");
            let resource = "arn:aws:kms:us-west-2:111122223333:key/mrk-1";
            assert_eq!(
                policy
                    .decide(&Request {
                        principal: &principal,
                        action,
                        resource,
                        context: &crate::policy::Context::open(),
                    })
                    .answer,
                want,
                "{action}"
            );
        };
        let vendor = Policy::vendor("111122223333", "318212636800");
        let default = Policy::aws_default("111122223333");
        for action in SERVICE_OPERATIONS {
            check(&vendor, "318212636800", action, Answer::Allowed);
            check(&default, "318212636800", action, Answer::DeniedImplicitly);
            check(&default, "111122223333", action, Answer::Allowed);
        }
        check(
            &vendor,
            "318212636800",
            "kms:PutKeyPolicy",
            Answer::DeniedImplicitly,
        );
        check(&vendor, "111122223333", "kms:PutKeyPolicy", Answer::Allowed);
        check(
            &vendor,
            "444455556666",
            "kms:Decrypt",
            Answer::DeniedImplicitly,
        );
    }

    #[test]
    fn a_malformed_account_is_no_panic() {
        assert!(Policy::vendor("", "x").warnings().is_empty());
    }
}
