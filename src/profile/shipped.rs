//! The profiles that ship: one YAML file a service, embedded, every number with its source.

use serde::Deserialize;

use crate::chance::Range;
use crate::profile::parameter::Parameter;
use crate::profile::{
    CannotTell, Carried, InForce, OnUnreachable, PauseClock, Reads, RequiredActions, Rule, Rules,
};
use crate::states::Source;
use crate::time::{Rate, Span};
use crate::yaml::{self, Entries, Text};

/// A service: its name, its numbers and choices with their sources, and the sentences it promises.
#[derive(Clone, PartialEq, Debug)]
pub struct Profile {
    /// The name a scenario gives.
    pub name: String,
    /// Which service it is.
    pub about: String,
    /// Every parameter, in the order of [`Parameter::all`].
    pub rows: Vec<Row>,
    /// What the service's calls carry, for conditions of policies, and where that comes from.
    pub carried: Vec<(Carried, Basis)>,
    /// The sentences R1 to R10.
    pub rules: Vec<(Rule, String)>,
    /// What is not modelled, and why.
    pub not_modelled: Vec<(String, String)>,
}

/// One parameter of a profile.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Which.
    pub parameter: Parameter,
    /// Its value, as a scenario would write it.
    pub value: String,
    /// The range that sweeps take; never drawn by itself.
    pub range: Option<String>,
    /// Where the value comes from.
    pub basis: Basis,
}

/// Where a value comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Basis {
    /// Somebody published it: who.
    Source(String),
    /// Nobody did: what is known instead.
    Assumption(String),
}

const FILES: &[&str] = &[include_str!("rockset.yaml")];

impl Profile {
    /// All that ship, by name.
    pub fn all() -> Vec<Profile> {
        FILES.iter().map(|text| read(text)).collect()
    }

    /// The one of that name.
    pub fn find(name: &str) -> Option<Profile> {
        Profile::all().into_iter().find(|it| it.name == name)
    }

    /// Its numbers and choices; every rule is in force.
    pub fn numbers(&self) -> Rules {
        let mut rules = blank();
        for row in &self.rows {
            row.parameter
                .set(&mut rules, &row.value)
                .expect("a test reads every value of every shipped profile");
        }
        rules.carried = self.carried.iter().map(|(it, _)| it.clone()).collect();
        rules
    }

    /// The row of a parameter.
    pub fn row(&self, parameter: Parameter) -> Option<&Row> {
        self.rows.iter().find(|row| row.parameter == parameter)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    name: Text,
    about: Text,
    rules: Entries<Text>,
    not_modelled: Vec<Missing>,
    rows: Vec<RowFile>,
    context: Vec<CarriedFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarriedFile {
    key: Text,
    actions: Vec<Text>,
    values: Vec<Text>,
    source: Option<Text>,
    assumption: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Missing {
    what: Text,
    why: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RowFile {
    parameter: Text,
    value: Text,
    range: Option<Text>,
    source: Option<Text>,
    assumption: Option<Text>,
}

fn read(text: &str) -> Profile {
    let file: ProfileFile = yaml::read(text).expect("a test reads every shipped profile");
    let rules = file.rules.entries.into_iter().map(|(name, says)| {
        let rule = Rule::from_word(&name.text).expect("a shipped profile knows its rules");
        (rule, says.text)
    });
    let mut rows: Vec<Row> = file.rows.into_iter().map(row).collect();
    rows.sort_by_key(|row| Parameter::all().position(|it| it == row.parameter));
    Profile {
        name: file.name.text,
        about: file.about.text,
        rows,
        carried: file.context.into_iter().flat_map(carried).collect(),
        rules: rules.collect(),
        not_modelled: file
            .not_modelled
            .into_iter()
            .map(|it| (it.what.text, it.why.text))
            .collect(),
    }
}

fn row(file: RowFile) -> Row {
    let parameter = Parameter::find(&file.parameter.text);
    Row {
        parameter: parameter.expect("a shipped profile names its parameters right"),
        value: file.value.text,
        range: file.range.map(|it| it.text),
        basis: basis(file.source, file.assumption),
    }
}

fn basis(source: Option<Text>, assumption: Option<Text>) -> Basis {
    match (source, assumption) {
        (Some(source), _) => Basis::Source(source.text),
        (None, Some(known)) => Basis::Assumption(known.text),
        (None, None) => Basis::Assumption("nobody published it".to_owned()),
    }
}

fn carried(file: CarriedFile) -> Vec<(Carried, Basis)> {
    let basis = basis(file.source, file.assumption);
    let values: Vec<String> = file.values.into_iter().map(|it| it.text).collect();
    let actions = file.actions.into_iter();
    let of = actions.map(|action| Carried {
        key: file.key.text.clone(),
        action: action.text,
        values: values.clone(),
    });
    of.map(|it| (it, basis.clone())).collect()
}

/// A value for every parameter, before a profile gives its own.
fn blank() -> Rules {
    let none = Range::only(Span::ZERO);
    let tick = Range::only(Span::from_ms(1));
    Rules {
        required_actions: RequiredActions::Seed,
        service_account: "000000000000".to_owned(),
        cannot_tell: CannotTell::Error,
        visibility_lose: none,
        visibility_regain: none,
        cache_life: tick,
        cache_entries: Range::only(1),
        cache_reads: Reads::All,
        probe_interval: tick,
        commit_interval: tick,
        on_unreachable: OnUnreachable::Expire,
        unreachable_pauses: true,
        pause_after: tick,
        pause_clock: PauseClock::Continuous,
        pause_pausing: none,
        pause_resuming: none,
        support_delay: none,
        support_auto: false,
        ingest_catch_up: Range::only(Rate::ZERO),
        retention: [Span::ZERO; Source::ALL.len()],
        key_creating: none,
        key_updating: none,
        key_deletion_overrun: none,
        carried: Vec::new(),
        in_force: InForce::ALL,
    }
}

#[cfg(test)]
mod tests {
    use super::Profile;
    use crate::profile::Rule;
    use crate::profile::parameter::Parameter;

    #[test]
    fn every_profile_gives_every_parameter_once_and_prints_it_as_it_reads_it() {
        for profile in Profile::all() {
            let given: Vec<Parameter> = profile.rows.iter().map(|row| row.parameter).collect();
            assert_eq!(
                given,
                Parameter::all().collect::<Vec<_>>(),
                "{}",
                profile.name
            );
            let rules = profile.numbers();
            for row in &profile.rows {
                let mut again = rules.clone();
                for text in row.range.iter().chain([&row.value]) {
                    let read = row.parameter.set(&mut again, text);
                    assert_eq!(read, Ok(()), "{}: {text}", row.parameter);
                }
                let printed = row.parameter.text(&again);
                let bare = printed.trim_matches('"').trim_matches(['{', '}', ' ']);
                assert_eq!(row.parameter.set(&mut again, bare), Ok(()), "{printed}");
                assert_eq!(again, rules, "{}", row.parameter);
            }
            let told: Vec<Rule> = profile.rules.iter().map(|(rule, _)| *rule).collect();
            assert_eq!(told, Rule::ALL);
        }
        assert_eq!(Profile::find("nobody"), None);
    }
}
