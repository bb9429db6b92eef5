//! Policy variables: `${aws:username}` takes its value from the request, `${aws:username, 'nobody'}` has a default.

use super::context::{Context, Seen};

/// A policy variable as a policy names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    /// The key of the request it stands for, as written.
    pub name: String,
    /// The key in lower case, as contexts are asked.
    key: String,
    default: Option<String>,
}

/// What stands in a variable's place.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Filled<'a> {
    /// This text, its `*` and `?` being plain characters.
    Text(&'a str),
    /// Nothing: whatever the variable is part of matches nothing.
    Nothing,
    /// Nobody knows.
    Unknown,
}

impl Variable {
    /// Reads what stands between `${` and `}`. A default that is not in single quotes is no default (IAM User Guide,
    /// "Specifying default values").
    pub(super) fn read(inner: &str) -> Variable {
        let (name, default) = match inner.split_once(',') {
            Some((name, rest)) => (name, quoted(rest.trim())),
            None => (inner, None),
        };
        let name = name.trim();
        Variable {
            name: name.to_owned(),
            key: name.to_ascii_lowercase(),
            default: default.map(str::to_owned),
        }
    }

    /// Its value in a request. A key with several values cannot be a variable (IAM User Guide, "Where you can use
    /// policy variables": only single-valued keys), and so is as good as absent, even where there is a default. How AWS
    /// would write the time in a text is not documented, so such a variable is not known.
    pub(super) fn fill<'a>(&'a self, context: &'a Context) -> Filled<'a> {
        match (context.see(&self.key), &self.default) {
            (Seen::Values([value]), _) => Filled::Text(value),
            (Seen::Values(_), _) | (Seen::Absent, None) => Filled::Nothing,
            (Seen::Absent, Some(default)) => Filled::Text(default),
            (Seen::Now(_) | Seen::Unknown, _) => Filled::Unknown,
        }
    }
}

fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}

/// The inside of the `${…}` a text begins with, and what follows it.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("${")?.split_once('}')
}

#[cfg(test)]
mod tests {
    use super::{Filled, Variable};
    use crate::policy::Context;

    #[test]
    fn a_variable_takes_one_value_or_its_default() {
        let mut context = Context::closed();
        context.set("aws:username", ["ann"]);
        context.set("aws:TagKeys", ["a", "b"]);
        context.hide("aws:userid");
        context.at(0);
        let check = |inner: &str, want: Filled<'_>| {
            assert_eq!(Variable::read(inner).fill(&context), want, "{inner}");
        };
        check("aws:username", Filled::Text("ann"));
        check("AWS:UserName", Filled::Text("ann"));
        check("aws:username, 'x'", Filled::Text("ann"));
        check("aws:SourceVpc", Filled::Nothing);
        check("aws:SourceVpc, 'none'", Filled::Text("none"));
        check("aws:SourceVpc,''", Filled::Text(""));
        check("aws:SourceVpc, none", Filled::Nothing);
        check("aws:TagKeys", Filled::Nothing);
        check("aws:userid", Filled::Unknown);
        check("aws:CurrentTime", Filled::Unknown);
    }
}
