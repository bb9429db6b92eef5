//! Whether a condition holds for a request.
//!
//! The answers are three: it holds, it does not, or nobody can tell, because the request's value is not known or AWS
//! does not say what the condition means.

use super::condition::Condition;
use super::context::{CURRENT_TIME, Context, EPOCH_TIME, Seen};
use super::dates;
use super::numbers::Number;
use super::operand::{self, Operand};
use super::operator::{Operator, Order, Over, Test};
use super::pattern::Fit;

/// Whether something is so.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Holds<'a> {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Nobody can tell; with the policy variable on which it hangs, if that is why.
    Open(Option<&'a str>),
}

impl Holds<'_> {
    const fn not(self) -> Self {
        match self {
            Holds::Yes => Holds::No,
            Holds::No => Holds::Yes,
            Holds::Open(why) => Holds::Open(why),
        }
    }
}

/// "Or" over three answers: one yes is enough; else what is open stays open.
fn any<'a>(all: impl Iterator<Item = Holds<'a>>) -> Holds<'a> {
    let mut open = None;
    for one in all {
        match one {
            Holds::Yes => return Holds::Yes,
            Holds::No => {}
            Holds::Open(_) => open = open.or(Some(one)),
        }
    }
    open.unwrap_or(Holds::No)
}

/// One value of a request.
#[derive(Copy, Clone)]
enum Value<'v> {
    Text(&'v str),
    /// The time, in milliseconds since 1970, under one of its two keys.
    Now(i64),
}

impl Condition {
    /// Whether this condition holds.
    pub(super) fn holds<'a>(&'a self, context: &'a Context) -> Holds<'a> {
        let Some(operator) = self.meant else {
            return Holds::Open(None);
        };
        match context.see(&self.key_lower) {
            seen if operator.test == Test::Null => self.null(seen, context),
            Seen::Unknown => Holds::Open(None),
            Seen::Absent => absent(operator),
            // Sets that "resolve to a null data set, such as an empty string" are as good as empty (IAM User Guide,
            // "Multivalued context keys"); but the key is there, whatever `IfExists` says of one that is not.
            Seen::Values(values)
                if operator.over != Over::Plain && values.iter().all(String::is_empty) =>
            {
                yes(operator.over == Over::All)
            }
            Seen::Values(values) => {
                let values = values.iter().map(|value| Value::Text(value));
                self.over(operator, values, context)
            }
            Seen::Now(ms) => self.over(operator, std::iter::once(Value::Now(ms)), context),
        }
    }

    /// All or any of the request's values, each of which fits one of the listed values, or none of them if the operator
    /// is negated.
    ///
    /// AWS leaves open what an operator without prefix does with a key of several values, and says not to write
    /// that. It is read here as "any of them fits", and negated as the contrary of that: none of them fits.
    fn over<'a, 'v>(
        &'a self,
        operator: Operator,
        values: impl Iterator<Item = Value<'v>>,
        context: &'a Context,
    ) -> Holds<'a> {
        let fits = |value: Value<'v>| {
            any(self
                .values
                .iter()
                .map(|one| fit(operator.test, &one.operand, value, &self.key_lower, context)))
        };
        match (operator.over, operator.negated) {
            (Over::Plain | Over::Any, false) => any(values.map(fits)),
            (Over::Any, true) => any(values.map(|value| fits(value).not())),
            (Over::All, false) => any(values.map(|value| fits(value).not())).not(),
            (Over::Plain | Over::All, true) => any(values.map(fits)).not(),
        }
    }

    /// `Null`: `true` holds where the key is missing, `false` where it is there.
    fn null<'a>(&'a self, seen: Seen<'_>, context: &'a Context) -> Holds<'a> {
        let missing = match seen {
            Seen::Values(_) | Seen::Now(_) => false,
            Seen::Absent => true,
            Seen::Unknown => return Holds::Open(None),
        };
        any(self.values.iter().map(|one| match &one.operand {
            Operand::Bool(value) => yes(*value == missing),
            Operand::Later(pattern) => match pattern.text(context) {
                Ok(text) => yes(operand::truth(&text) == Some(missing)),
                Err(None) => Holds::No,
                Err(name) => Holds::Open(name),
            },
            Operand::Text(_)
            | Operand::Pattern(_)
            | Operand::Number(_)
            | Operand::Bytes(_)
            | Operand::Net(_)
            | Operand::Arn(_) => Holds::No,
        }))
    }
}

const fn absent(operator: Operator) -> Holds<'static> {
    yes(operator.holds_when_absent())
}

const fn yes(it: bool) -> Holds<'static> {
    if it { Holds::Yes } else { Holds::No }
}

const fn perhaps(fit: Fit<'_>) -> Holds<'_> {
    match fit {
        Fit::Yes => Holds::Yes,
        Fit::No => Holds::No,
        Fit::Perhaps(name) => Holds::Open(Some(name)),
    }
}

/// Whether one value of the request fits one listed value. A value the operator cannot read fits none.
fn fit<'a>(
    test: Test,
    listed: &'a Operand,
    value: Value<'_>,
    key: &str,
    context: &'a Context,
) -> Holds<'a> {
    let text = match value {
        Value::Text(text) => text,
        Value::Now(ms) => return fit_now(test, listed, ms, key),
    };
    match listed {
        Operand::Text(want) => yes(want == text),
        Operand::Pattern(pattern) => perhaps(pattern.fits(text, context)),
        Operand::Arn(pattern) => pattern
            .fits_arn(text, context)
            .map_or(Holds::Open(None), perhaps),
        Operand::Number(want) => yes(match test {
            Test::Number(order) => {
                Number::read(text).is_some_and(|number| stands(order, &number, want))
            }
            Test::Date(order) => {
                dates::read(text).is_some_and(|number| stands(order, &number, want))
            }
            Test::Text
            | Test::AnyCase
            | Test::Like
            | Test::Bool
            | Test::Binary
            | Test::Ip
            | Test::Arn
            | Test::Null => false,
        }),
        Operand::Bool(want) => yes(operand::truth(text) == Some(*want)),
        Operand::Bytes(want) => yes(operand::bytes(text).as_ref() == Some(want)),
        Operand::Net(net) => yes(text
            .parse()
            .is_ok_and(|address: core::net::IpAddr| net.contains(&address))),
        Operand::Later(pattern) => match pattern.text(context) {
            Err(None) => Holds::No,
            Err(name) => Holds::Open(name),
            Ok(filled) => match Operand::plain(test, &filled) {
                Err(_) => Holds::No,
                Ok(listed) => match fit(test, &listed, value, key, context) {
                    Holds::Yes => Holds::Yes,
                    Holds::No => Holds::No,
                    Holds::Open(_) => Holds::Open(None),
                },
            },
        },
    }
}

/// The same for the time of the request. It is compared as a date, and under `aws:EpochTime` as a number as well; how
/// AWS writes it for other operators is not documented. Neither are variables in dates, and which instants they
/// would be is not in the policy, so they stay open too.
fn fit_now<'a>(test: Test, listed: &'a Operand, ms: i64, key: &str) -> Holds<'a> {
    match (test, listed) {
        (_, Operand::Later(pattern)) => Holds::Open(pattern.first_variable()),
        (Test::Date(order), Operand::Number(want)) => yes(stands(order, &now(ms), want)),
        (Test::Number(order), Operand::Number(want)) if key == EPOCH_TIME => {
            yes(stands(order, &now(ms), want))
        }
        (
            Test::Text
            | Test::AnyCase
            | Test::Like
            | Test::Number(_)
            | Test::Date(_)
            | Test::Bool
            | Test::Binary
            | Test::Ip
            | Test::Arn
            | Test::Null,
            _,
        ) => Holds::Open(None),
    }
}

fn now(ms: i64) -> Number {
    Number::of_parts(i128::from(ms), 3)
}

fn stands(order: Order, number: &Number, want: &Number) -> bool {
    match order {
        Order::Equal => number == want,
        Order::Less => number < want,
        Order::LessOrEqual => number <= want,
        Order::Greater => number > want,
        Order::GreaterOrEqual => number >= want,
    }
}

impl Condition {
    /// The orders and numbers of seconds with which this compares the time of the request.
    pub(super) fn instants(&self) -> impl Iterator<Item = (Order, &Number)> {
        let clock = match (self.meant.map(|it| it.test), self.key_lower.as_str()) {
            (Some(Test::Date(order)), CURRENT_TIME | EPOCH_TIME)
            | (Some(Test::Number(order)), EPOCH_TIME) => Some(order),
            _ => None,
        };
        self.values
            .iter()
            .filter_map(move |one| match &one.operand {
                Operand::Number(number) => clock.map(|order| (order, number)),
                Operand::Text(_)
                | Operand::Pattern(_)
                | Operand::Bool(_)
                | Operand::Bytes(_)
                | Operand::Net(_)
                | Operand::Arn(_)
                | Operand::Later(_) => None,
            })
    }
}
