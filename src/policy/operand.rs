//! The values a condition compares with, read once so that a decision need not.

use core::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ipnet::IpNet;

use super::dates;
use super::numbers::Number;
use super::operator::Test;
use super::pattern::{Pattern, Style};

/// A listed value, as its operator reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    /// This very text.
    Text(String),
    /// A text with wildcards, variables, or in any case.
    Pattern(Pattern),
    /// A number, or a date as seconds since 1970.
    Number(Number),
    /// True or false.
    Bool(bool),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A network, or one address.
    Net(IpNet),
    /// The pattern of an ARN.
    Arn(Pattern),
    /// Not a text, and with a policy variable in it: read when the variable has its value.
    Later(Pattern),
}

impl Operand {
    /// Reads a listed value; `variables` says whether `${…}` is a variable (P15).
    ///
    /// # Errors
    ///
    /// What should stand there, if the operator cannot read it.
    pub(super) fn read(test: Test, text: &str, variables: bool) -> Result<Operand, &'static str> {
        let style = |wildcards: bool, any_case: bool| Style {
            wildcards,
            variables,
            any_case,
        };
        let variable = variables && text.contains("${");
        match test {
            Test::Text if !variable => Ok(Operand::Text(text.to_owned())),
            Test::Text => Ok(Operand::Pattern(Pattern::new(text, style(false, false)))),
            Test::AnyCase => Ok(Operand::Pattern(Pattern::new(text, style(false, true)))),
            Test::Like => Ok(Operand::Pattern(Pattern::new(text, style(true, false)))),
            Test::Arn => Ok(Operand::Arn(Pattern::new(text, style(true, false)))),
            Test::Number(_) | Test::Date(_) | Test::Bool | Test::Binary | Test::Ip | Test::Null => {
                let later = Pattern::new(text, style(false, false));
                if later.first_variable().is_some() {
                    return Ok(Operand::Later(later));
                }
                Operand::plain(test, text)
            }
        }
    }

    /// Reads a value without variables, of an operator that is not about texts.
    pub(super) fn plain(test: Test, text: &str) -> Result<Operand, &'static str> {
        match test {
            Test::Text | Test::AnyCase | Test::Like | Test::Arn => Operand::read(test, text, false),
            Test::Number(_) => Number::read(text)
                .map(Operand::Number)
                .ok_or("a number such as 10 or 0.5"),
            Test::Date(_) => dates::read(text)
                .map(Operand::Number)
                .ok_or("a date such as 2026-07-01T00:00:00Z, 2026-07-01, or seconds since 1970"),
            Test::Bool | Test::Null => truth(text).map(Operand::Bool).ok_or("true or false"),
            Test::Binary => bytes(text).map(Operand::Bytes).ok_or("base64"),
            Test::Ip => network(text)
                .map(Operand::Net)
                .ok_or("an address or a network such as 203.0.113.0/24 or 2001:db8::/32"),
        }
    }
}

/// `true` or `false`; templates and other languages write them with capitals.
pub(super) fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// The bytes of a text in base64.
pub(super) fn bytes(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// A network; an address alone is the network of that address, /32 or /128.
fn network(text: &str) -> Option<IpNet> {
    let net = text.parse::<IpNet>().ok();
    net.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

#[cfg(test)]
mod tests {
    use super::Operand;
    use crate::policy::operator::{Order, Test};

    #[test]
    fn what_an_operator_cannot_read_is_said() {
        let check = |test: Test, good: &[&str], bad: &[&str]| {
            for text in good {
                assert!(Operand::read(test, text, true).is_ok(), "{test:?} {text}");
            }
            for text in bad {
                assert!(Operand::read(test, text, true).is_err(), "{test:?} {text}");
            }
            assert!(
                Operand::read(test, "${aws:username}", true).is_ok(),
                "{test:?}"
            );
        };
        check(
            Test::Number(Order::Equal),
            &["1", "-0.5"],
            &["", "x", "1,5"],
        );
        check(
            Test::Date(Order::Less),
            &["2026-07-01", "1700000000"],
            &["soon", "2026-7-1"],
        );
        check(Test::Bool, &["true", "False"], &["yes", "1", ""]);
        check(Test::Null, &["true"], &["null"]);
        check(
            Test::Binary,
            &["", "QmFzZTY0"],
            &["Qm=", "ä", "not base64!!"],
        );
        check(
            Test::Ip,
            &["203.0.113.9", "203.0.113.9/24", "2001:db8::1", "::/0"],
            &[
                "203.0.113",
                "203.0.113.0/33",
                "203.0.113.*",
                "localhost",
                "",
            ],
        );
        assert!(Operand::read(Test::Bool, "${aws:username}", false).is_err());
    }
}
