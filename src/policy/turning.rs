//! The instants at which a policy may change its answer by itself: the dates its conditions compare with.

use super::document::Policy;
use super::numbers::Number;
use super::operator::Order;

impl Policy {
    /// The instants, in milliseconds since 1970-01-01T00:00:00Z, ascending, at which an answer may differ from the one a
    /// millisecond before because a condition compares `aws:CurrentTime` or `aws:EpochTime` with a date. Of statements
    /// without effect (P11) the dates do not count. An answer that hangs on a date's policy variable is
    /// [`Answer::CannotTell`](super::Answer::CannotTell) at every time, and so turns nowhere.
    pub fn turning_points(&self) -> Vec<i64> {
        let acting = self
            .statements
            .iter()
            .filter(|one| one.what.is_some() && one.which.is_some());
        let conditions = acting.flat_map(|one| &one.conditions);
        let mut turns: Vec<i64> = conditions
            .flat_map(|one| one.instants())
            .flat_map(|(order, seconds)| turns(order, seconds))
            .flatten()
            .collect();
        turns.sort_unstable();
        turns.dedup();
        turns
    }
}

/// The first milliseconds at which a comparison with a date comes out differently than before.
fn turns(order: Order, seconds: &Number) -> [Option<i64>; 2] {
    let Some((floor, exact)) = seconds.thousandths() else {
        return [None, None];
    };
    let after = floor.checked_add(1);
    let not_before = if exact { Some(floor) } else { after };
    match order {
        Order::Less | Order::GreaterOrEqual => [not_before, None],
        Order::LessOrEqual | Order::Greater => [after, None],
        // A date between two milliseconds equals none.
        Order::Equal if exact => [not_before, after],
        Order::Equal => [None, None],
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::Policy;

    #[test]
    fn a_date_turns_where_its_operator_does() {
        let check = |condition: &str, want: &[i64]| {
            let text = format!(
                "{{'Version': '2012-10-17', 'Statement': {{'Effect': 'Allow', 'Principal': '*', 'Action': '*', \
                 'Resource': '*', 'Condition': {condition}}}}}"
            );
            let policy = Policy::from_json(&text.replace('\'', "\""))
                .unwrap_or_else(|wrong| panic!("{text}: {wrong:#?}"));
            assert_eq!(policy.turning_points(), want, "{condition}");
        };
        check(
            "{'DateLessThan': {'aws:CurrentTime': '1970-01-02'}}",
            &[86_400_000],
        );
        check(
            "{'DateGreaterThanEqualsIfExists': {'AWS:currenttime': '1970-01-02'}}",
            &[86_400_000],
        );
        check(
            "{'DateLessThanEquals': {'aws:CurrentTime': '1970-01-02'}}",
            &[86_400_001],
        );
        check("{'DateGreaterThan': {'aws:EpochTime': '1'}}", &[1001]);
        check(
            "{'DateEquals': {'aws:EpochTime': ['1', '2']}}",
            &[1000, 1001, 2000, 2001],
        );
        check("{'NumericNotEquals': {'aws:EpochTime': 1}}", &[1000, 1001]);
        check("{'NumericLessThan': {'aws:EpochTime': 1.0005}}", &[1001]);
        check("{'NumericGreaterThan': {'aws:EpochTime': 1.0005}}", &[1001]);
        check("{'NumericEquals': {'aws:EpochTime': 1.0005}}", &[]);
        check(
            "{'NumericLessThan': {'aws:MultiFactorAuthAge': 1, 'aws:CurrentTime': 1}}",
            &[],
        );
        check("{'NumericLessThan': {'aws:EpochTime': '1e300'}}", &[]);
        check(
            "{'DateLessThan': {'aws:TokenIssueTime': '1970-01-02'}}",
            &[],
        );
        check(
            "{'DateLessThan': {'aws:CurrentTime': '${aws:TokenIssueTime}'}}",
            &[],
        );
        check(
            "{'DateLessThan': {'aws:CurrentTime': '1970-01-02'}, 'DateGreaterThan': {'aws:CurrentTime': ['1970', '1970-01-02']}}",
            &[1, 86_400_000, 86_400_001],
        );
        let lame = "{\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \
                    \"Condition\": {\"DateLessThan\": {\"aws:CurrentTime\": \"1970\"}}}}";
        assert!(Policy::from_json(lame).is_ok_and(|policy| policy.turning_points().is_empty()));
    }
}
