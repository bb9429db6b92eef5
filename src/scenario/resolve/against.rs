//! What expectations are read against: a scenario that is being resolved, or one that is.

use crate::names::Names;
use crate::profile::Rules;
use crate::scenario::codes::Code;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::globs::Effort;
use crate::scenario::resolve::scalars::Clock;
use crate::scenario::{Command, Org};
use crate::yaml::Mark;

/// The world that expectations speak of, and how hard their globs have tried so far.
pub(super) struct Against<'a> {
    pub(super) clock: Clock,
    pub(super) rules: &'a Rules,
    pub(super) names: &'a Names,
    pub(super) orgs: &'a [Org],
    pub(super) commands: Vec<&'a Command>,
    pub(super) effort: Effort,
}

/// The one of some fields that is given, or `None` after saying that none or several are.
pub(super) fn one(
    desk: &mut Desk<'_>,
    code: Code,
    mark: Mark,
    question: &str,
    fields: &[(&'static str, Option<Mark>)],
) -> Option<&'static str> {
    let mut given = fields
        .iter()
        .filter_map(|(name, mark)| Some((*name, (*mark)?)));
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let Some(first) = given.next() else {
        let what = format!("this expectation does not say {question}");
        let problem = desk.problem(code, mark, what);
        desk.say(problem.expected(format!("one of: {}", names.join(", "))));
        return None;
    };
    if let Some((second, place)) = given.next() {
        let what = format!(
            "this expectation says {question} twice: `{}` and `{second}`",
            first.0
        );
        let problem = desk.problem(code, place, what);
        desk.say(problem.expected("one of them; write another line for the other"));
        return None;
    }
    Some(first.0)
}
