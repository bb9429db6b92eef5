//! What a policy asks of the requests it judges.

use super::document::Policy;
use super::pattern::Pattern;
use super::statement::Choice;

impl Policy {
    /// Whether the policy asks for nothing but who, what and which: no condition, no policy variable.
    pub fn asks_for_nothing(&self) -> bool {
        let variable = |which: &Option<Choice<Pattern>>| match which {
            Some(Choice::Only(list) | Choice::AllBut(list)) => {
                list.iter().any(|it| it.first_variable().is_some())
            }
            None => false,
        };
        let mut statements = self.statements.iter();
        statements.all(|one| one.conditions.is_empty() && !variable(&one.which))
    }

    /// Whether a condition of the policy asks for a key, such as `kms:ViaService`, in any case.
    pub fn asks_for(&self, key: &str) -> bool {
        let conditions = self.statements.iter().flat_map(|one| &one.conditions);
        conditions
            .map(|one| one.key_lower.as_str())
            .any(|it| it.eq_ignore_ascii_case(key))
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;

    #[test]
    fn a_policy_asks_for_what_its_conditions_name() {
        let policy = Policy::from_json(
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*",
            "Resource": "*", "Condition": {"StringEquals": {"KMS:viaservice": "s3.us-west-2.amazonaws.com"}}}]}"#,
        );
        let policy = policy.expect("AWS would take it");
        assert!(policy.asks_for("kms:ViaService"));
        assert!(!policy.asks_for("aws:SourceIp"));
        assert!(!policy.asks_for_nothing());
        assert!(Policy::vendor("111122223333", "318212636800").asks_for_nothing());
        let variable = Policy::from_json(
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*",
            "Resource": "arn:aws:kms:*:${aws:PrincipalAccount}:key/*"}]}"#,
        );
        assert!(!variable.expect("AWS took it once").asks_for_nothing());
    }
}
