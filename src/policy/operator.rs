//! The operators of conditions, as AWS documents them (IAM User Guide, "Condition operators").

use super::complaint::nearest;

/// An operator: what is compared how, and what is done about missing keys and several values.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Operator {
    /// How several values of the request are judged.
    pub over: Over,
    /// The comparison with one listed value.
    pub test: Test,
    /// Whether it holds where no listed value fits, as `StringNotEquals` does.
    pub negated: bool,
    /// Whether a missing key is fine: `…IfExists`.
    pub if_exists: bool,
}

/// How several values of the request are judged.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// No prefix: the key has one value.
    Plain,
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// A comparison of a value of the request with a listed one.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Test {
    /// The same text.
    Text,
    /// The same text but for its case.
    AnyCase,
    /// A pattern with `*` and `?`.
    Like,
    /// An order of numbers.
    Number(Order),
    /// An order of dates.
    Date(Order),
    /// Both true or both false.
    Bool,
    /// The same bytes, both in base64.
    Binary,
    /// An address in a network.
    Ip,
    /// An ARN that fits a pattern part by part. `ArnEquals` and `ArnLike` are the same, says AWS.
    Arn,
    /// `Null`: the key is missing (`true`) or there (`false`).
    Null,
}

/// How a value of the request stands to the listed one.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The same.
    Equal,
    /// Before it.
    Less,
    /// Before it, or the same.
    LessOrEqual,
    /// After it.
    Greater,
    /// After it, or the same.
    GreaterOrEqual,
}

use Order::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};

/// Every operator by its name: its comparison, and whether it is negated.
const NAMES: [(&str, Test, bool); 27] = [
    ("StringEquals", Test::Text, false),
    ("StringNotEquals", Test::Text, true),
    ("StringEqualsIgnoreCase", Test::AnyCase, false),
    ("StringNotEqualsIgnoreCase", Test::AnyCase, true),
    ("StringLike", Test::Like, false),
    ("StringNotLike", Test::Like, true),
    ("NumericEquals", Test::Number(Equal), false),
    ("NumericNotEquals", Test::Number(Equal), true),
    ("NumericLessThan", Test::Number(Less), false),
    ("NumericLessThanEquals", Test::Number(LessOrEqual), false),
    ("NumericGreaterThan", Test::Number(Greater), false),
    (
        "NumericGreaterThanEquals",
        Test::Number(GreaterOrEqual),
        false,
    ),
    ("DateEquals", Test::Date(Equal), false),
    ("DateNotEquals", Test::Date(Equal), true),
    ("DateLessThan", Test::Date(Less), false),
    ("DateLessThanEquals", Test::Date(LessOrEqual), false),
    ("DateGreaterThan", Test::Date(Greater), false),
    ("DateGreaterThanEquals", Test::Date(GreaterOrEqual), false),
    ("Bool", Test::Bool, false),
    ("BinaryEquals", Test::Binary, false),
    ("IpAddress", Test::Ip, false),
    ("NotIpAddress", Test::Ip, true),
    // Of two names for one thing, the first is what `name` gives.
    ("ArnLike", Test::Arn, false),
    ("ArnNotLike", Test::Arn, true),
    ("ArnEquals", Test::Arn, false),
    ("ArnNotEquals", Test::Arn, true),
    ("Null", Test::Null, false),
];

const IF_EXISTS: &str = "IfExists";

impl Operator {
    /// Reads an operator's name, `None` if AWS documents none such. Names are taken by their case, as AWS writes them;
    /// `Null` takes no `IfExists`, and a prefix of it is not documented.
    pub(super) fn read(written: &str) -> Option<Operator> {
        let (prefix, name, if_exists) = parts(written);
        let over = match prefix {
            "" => Over::Plain,
            "ForAllValues:" => Over::All,
            "ForAnyValue:" => Over::Any,
            _ => return None,
        };
        let (_, test, negated) = NAMES.into_iter().find(|known| known.0 == name)?;
        if test == Test::Null && (if_exists || over != Over::Plain) {
            return None;
        }
        Some(Operator {
            over,
            test,
            negated,
            if_exists,
        })
    }

    /// The name AWS has for it, one for operators that are the same.
    pub(super) fn name(&self) -> String {
        let prefix = match self.over {
            Over::Plain => "",
            Over::All => "ForAllValues:",
            Over::Any => "ForAnyValue:",
        };
        let mut names = NAMES.into_iter();
        let known = names.find(|known| (known.1, known.2) == (self.test, self.negated));
        let name = known.map_or("", |known| known.0);
        let suffix = if self.if_exists { IF_EXISTS } else { "" };
        format!("{prefix}{name}{suffix}")
    }

    /// Whether an absent key of the request makes the condition hold (IAM User Guide, "Condition operators" and
    /// "Multivalued context keys").
    pub(super) const fn holds_when_absent(&self) -> bool {
        match (self.if_exists, self.over) {
            (true, _) | (false, Over::All) => true,
            (false, Over::Any) => false,
            (false, Over::Plain) => self.negated,
        }
    }
}

/// The nearest operator to one that is none.
pub(super) fn meant(written: &str) -> Option<String> {
    let (prefix, name, if_exists) = parts(written);
    let names = NAMES.map(|known| known.0);
    let name = nearest(name, &names)?;
    let prefix = if prefix.is_empty() || name == "Null" {
        ""
    } else {
        nearest(prefix, &["ForAllValues:", "ForAnyValue:"])?
    };
    let suffix = if if_exists && name != "Null" {
        IF_EXISTS
    } else {
        ""
    };
    let meant = format!("{prefix}{name}{suffix}");
    (meant != written).then_some(meant)
}

/// The prefix with its colon, the name itself, and whether `IfExists` follows.
fn parts(written: &str) -> (&str, &str, bool) {
    let start = written.find(':').map_or(0, |colon| colon + 1);
    let (prefix, rest) = written.split_at(start);
    match rest.strip_suffix(IF_EXISTS) {
        Some(name) => (prefix, name, true),
        None => (prefix, rest, false),
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Operator, Over, Test, meant};

    #[test]
    fn every_documented_operator_is_known_with_its_marks() {
        for (name, test, negated) in NAMES {
            for (prefix, over) in [
                ("", Over::Plain),
                ("ForAllValues:", Over::All),
                ("ForAnyValue:", Over::Any),
            ] {
                for (suffix, if_exists) in [("", false), ("IfExists", true)] {
                    let read = Operator::read(&format!("{prefix}{name}{suffix}"));
                    let marked = if_exists || over != Over::Plain;
                    let want = Operator {
                        over,
                        test,
                        negated,
                        if_exists,
                    };
                    assert_eq!(
                        read,
                        (test != Test::Null || !marked).then_some(want),
                        "{prefix}{name}{suffix}"
                    );
                }
            }
        }
        for none in [
            "",
            "stringEquals",
            "StringEqualsifexists",
            "ForEach:StringEquals",
            "ForAllValues:",
            "IfExists",
            "BoolNot",
        ] {
            assert_eq!(Operator::read(none), None, "{none}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_recognized() {
        let check = |written: &str, want: Option<&str>| {
            assert_eq!(meant(written).as_deref(), want, "{written}")
        };
        check("StringEqual", Some("StringEquals"));
        check("stringlike", Some("StringLike"));
        check("ForAnyValues:StringLike", Some("ForAnyValue:StringLike"));
        check(
            "ForAllValue:StringEqualIfExists",
            Some("ForAllValues:StringEqualsIfExists"),
        );
        check("NullIfExists", Some("Null"));
        check("Whatever", None);
    }
}
