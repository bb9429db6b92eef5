//! What a scenario file means. All problems are found at once: whoever meets one says it and goes on with what is left.

mod against;
mod arn;
mod bound;
mod cast;
mod commanded;
mod context;
mod contradict;
mod course;
mod events;
mod expect;
mod globs;
mod head;
mod instants;
mod judge;
mod keys;
mod orgs;
mod places;
mod policies;
mod reading;
mod repeat;
mod scalars;
mod size;
mod undecided;
mod what;
mod when;
mod whom;

pub(crate) use arn::parse as key_arn;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::scenario::codes::Code;
use crate::scenario::file::{ExpectFile, ScenarioFile};
use crate::scenario::problem::Problem;
use crate::scenario::{Expectation, Input, Marks, Scenario};
use crate::yaml::{Items, Mark, Placed};

use against::Against;
use globs::Effort;
use scalars::Clock;

/// Gives the bytes of a policy file.
pub(super) type Read<'a> = dyn FnMut(&str) -> Result<Vec<u8>, String> + 'a;

/// After so many problems no near names are looked for: it would take long, and nobody reads so far.
const SUGGESTED: usize = 100;

/// Where problems are gathered.
pub(super) struct Desk<'a> {
    /// How messages call the scenario's file.
    pub(super) file: &'a str,
    /// Its text.
    pub(super) source: &'a str,
    problems: Vec<Problem>,
    texts: BTreeMap<String, String>,
    /// Whether there is a `start:` that could not be read: what is missing then is said once.
    pub(super) start_unread: bool,
}

impl<'a> Desk<'a> {
    /// An empty desk for a file.
    pub(super) fn new(file: &'a str, source: &'a str) -> Desk<'a> {
        Desk {
            file,
            source,
            problems: Vec::new(),
            texts: BTreeMap::from([(file.to_owned(), source.to_owned())]),
            start_unread: false,
        }
    }

    /// A problem at a place of the scenario, not yet said.
    fn problem(&self, code: Code, mark: Mark, what: impl Into<String>) -> Problem {
        Problem::new(code, self.file, mark, what).hushed(!self.suggests())
    }

    /// Whether near names are still looked for.
    fn suggests(&self) -> bool {
        self.problems.len() < SUGGESTED
    }

    /// Says a problem.
    fn say(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Remembers the text of another file, for messages about it.
    fn remember(&mut self, file: &str, text: &str) {
        self.texts.insert(file.to_owned(), text.to_owned());
    }

    /// Whether anything was said that keeps the scenario from running.
    fn failed(&self) -> bool {
        self.problems.iter().any(|it| !it.code.is_warning())
    }

    /// Everything that was said, and the texts it is about. That nothing is selected is not said where it follows from a
    /// thing whose own problem is said.
    pub(super) fn close(self) -> (Vec<Problem>, BTreeMap<String, String>) {
        let consequence = self.problems.iter().any(|it| {
            matches!(
                it.code,
                Code::BadName | Code::NotInOrg | Code::BadArn | Code::NameTwice
            )
        });
        let mut problems = self.problems;
        if consequence {
            problems.retain(|it| it.code != Code::SelectsNothing);
        }
        if self.start_unread {
            problems.retain(|it| it.code != Code::NoStart);
        }
        (problems, self.texts)
    }
}

/// The scenario that a file means, or `None` after saying why there is none.
pub(super) fn resolve(
    file: &ScenarioFile,
    desk: &mut Desk<'_>,
    read: &mut Read<'_>,
) -> Option<(Scenario, Marks)> {
    let head = head::head(file, desk);
    let mut policies = policies::Policies::new(&head.rules);
    let drafts = keys::keys(file, desk, &mut policies, read);
    let orgs = orgs::orgs(file, desk, &head, &drafts);
    let mut cast = cast::cast(file, desk, &head, drafts, orgs)?;
    cast.judge_policies(desk, &head, &policies);
    let drawn = events::events(file, desk, &head, &cast, &mut policies, read)?;
    size::rates(file, desk, &head, &cast);
    size::commands(file, desk, &cast, &drawn);
    size::throttling(file, desk, &head, &cast, &drawn);
    instants::check(desk, &cast, &drawn);
    commanded::check(desk, &head, &cast, &policies, &drawn);
    cast.number(&drawn);
    let mut against = Against {
        clock: head.clock,
        rules: &head.rules,
        names: &cast.names,
        orgs: &cast.orgs,
        commands: drawn.iter().map(|it| &it.command).collect(),
        effort: Effort::new(),
    };
    let (given, expect) = (file.given.as_ref(), file.expect.as_ref());
    let expectations = expect::expectations(desk, &mut against, given, expect);
    if desk.failed() {
        return None;
    }
    let mut assumptions = head.assumptions.clone();
    assumptions.extend(context::assumptions(&head, &policies.list));
    assumptions.extend(orgs::unsaid_source(file));
    let mut inputs = vec![Input {
        name: bare(desk.file),
        sha256: sha256(desk.source.as_bytes()),
    }];
    inputs.extend(policies.inputs());
    let written = policies.written();
    let marks = places::places(file, desk.file, &cast.names, &drawn, written);
    let scenario = Scenario {
        name: head.name,
        about: head.about,
        profile: head.profile,
        rules: head.rules,
        start: head.clock.start,
        until: head.clock.until,
        seed: head.seed,
        names: cast.names,
        keys: cast.keys,
        replicas: cast.replicas,
        orgs: cast.orgs,
        policies: policies.list,
        commands: drawn.into_iter().map(|it| it.command).collect(),
        expectations,
        inputs,
        assumptions,
    };
    Some((scenario, marks))
}

/// Reads a list of expectations about a scenario that is resolved.
pub(super) fn expectations(
    scenario: &Scenario,
    list: &Items<Placed<ExpectFile>>,
    desk: &mut Desk<'_>,
) -> Vec<Expectation> {
    let mut against = Against {
        clock: Clock {
            start: scenario.start,
            until: scenario.until,
        },
        rules: &scenario.rules,
        names: &scenario.names,
        orgs: &scenario.orgs,
        commands: scenario.commands.iter().collect(),
        effort: Effort::new(),
    };
    expect::expectations(desk, &mut against, None, Some(list))
}

/// A file name without its folders.
fn bare(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
