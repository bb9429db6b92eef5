//! A scenario under check: can every organization begin where the scenario puts it (R1 to R4), and what would the
//! policies do that its commands put?

use std::collections::BTreeMap;

use crate::policy::{Answer, Mark as PolicyMark, named};
use crate::preflight::aim::{Aim, KeyArn, Stage};
use crate::preflight::codes::FindingCode;
use crate::preflight::consequence::{cannot_operate, listed, not_created, refused};
use crate::preflight::finding::{Counterexample, Finding, Found, Place};
use crate::preflight::key::finding;
use crate::preflight::policy::{findings, sort};
use crate::scenario::{Action, Marks, Scenario, Severity, Since};
use crate::states::KeyState;
use crate::time::Calendar;
use crate::yaml::Mark;

/// The findings in a scenario. What loading has said as a warning is not said again.
pub fn check_scenario(scenario: &Scenario, marks: &Marks) -> Vec<Finding> {
    let desk = Desk { scenario, marks };
    let mut found = Vec::new();
    for (key, uses) in desk.uses() {
        desk.key(key, &uses, &mut found);
        for (region, used) in &uses {
            desk.replica(key, *region, used, &mut found);
        }
    }
    found.extend(desk.commanded());
    sort(&mut found);
    found.dedup();
    found
}

/// Which orgs use a key in a region from T+0 on.
#[derive(Default)]
struct Used {
    /// Those that are created there.
    created: Vec<String>,
    /// Those that use it as a further region.
    further: Vec<String>,
    /// Where the first of them says so.
    mark: Option<Mark>,
}

struct Desk<'a> {
    scenario: &'a Scenario,
    marks: &'a Marks,
}

impl Desk<'_> {
    /// For each key: its regions, and the orgs in them.
    fn uses(&self) -> BTreeMap<u32, BTreeMap<u32, Used>> {
        let mut uses: BTreeMap<u32, BTreeMap<u32, Used>> = BTreeMap::new();
        let groups = self.scenario.names.orgs().iter();
        for (number, (group, org)) in groups.zip(&self.scenario.orgs).enumerate() {
            let Some(key) = org.key else { continue };
            for (at, region) in group.regions.iter().enumerate() {
                if org.since[at] != Since::Start {
                    continue;
                }
                let used = uses.entry(key).or_default().entry(*region).or_default();
                let orgs = if org.first as usize == at {
                    &mut used.created
                } else {
                    &mut used.further
                };
                orgs.push(group.name.clone());
                let marks = self.marks.regions.get(number);
                let mark = marks.and_then(|it| it.get(at).copied().flatten());
                used.mark = used.mark.or(mark);
            }
        }
        uses
    }

    fn place(&self, mark: Mark) -> Place {
        Place {
            file: self.marks.file.clone(),
            line: mark.line,
            column: mark.column,
            length: mark.length,
        }
    }

    /// What the key is, whatever its regions (R2).
    fn key(&self, key: u32, uses: &BTreeMap<u32, Used>, found: &mut Vec<Finding>) {
        let it = &self.scenario.keys[key as usize];
        let Some(marks) = self.marks.keys.get(key as usize) else {
            return;
        };
        let name = self.scenario.names.key(key);
        let created = uses.values().flat_map(|it| it.created.iter().cloned());
        let consequence = not_created(&created.collect::<Vec<_>>());
        let mut say = |code, mark, what: String| {
            found.push(finding(code, &self.place(mark), what, consequence.clone()));
        };
        if it.spec != "SYMMETRIC_DEFAULT" {
            let what = format!(
                "the key {name} is {}; the service takes symmetric keys, SYMMETRIC_DEFAULT, only (R2)",
                it.spec
            );
            say(FindingCode::NotSymmetric, marks.spec, what);
        }
        if it.usage != "ENCRYPT_DECRYPT" {
            let what = format!(
                "the key {name} is for {}; the service takes keys for ENCRYPT_DECRYPT only (R2)",
                it.usage
            );
            say(FindingCode::WrongUsage, marks.usage, what);
        }
        if !it.multi_region {
            let what = format!(
                "the key {name} is a single-Region key; the service takes multi-Region keys only (R2)"
            );
            say(FindingCode::SingleRegion, marks.multi_region, what);
        }
        if it.account == self.scenario.rules.service_account {
            let what = format!("the key {name} is in the service's own account (R2)");
            say(FindingCode::ServicesOwn, marks.arn, what);
        }
        if it.origin == "EXTERNAL" {
            let what = format!(
                "the material of the key {name} is imported: each replica needs it imported for itself"
            );
            let consequence =
                "where it is missing or expired, the replica is PendingImport, which is an outage";
            let place = self.place(marks.origin);
            found.push(finding(
                FindingCode::ImportedMaterial,
                &place,
                what,
                consequence.to_owned(),
            ));
        }
    }

    /// What is so of a key in one region (R2 to R4).
    fn replica(&self, key: u32, region: u32, used: &Used, found: &mut Vec<Finding>) {
        let names = &self.scenario.names;
        let (key_name, name) = (names.key(key), names.region(region));
        let mark = used.mark.unwrap_or(Mark::START);
        let id = names.find_replica(key, region);
        let state = id.map_or(KeyState::Absent, |id| {
            self.scenario.replicas[id as usize].state
        });
        if state == KeyState::Absent {
            let there = listed(&self.present(key));
            if !used.created.is_empty() {
                let what = format!("the key {key_name} is in {there} and not in {name} (R2)");
                let follows = not_created(&used.created);
                found.push(finding(
                    FindingCode::WrongRegion,
                    &self.place(mark),
                    what,
                    follows,
                ));
            }
            if !used.further.is_empty() {
                let what = format!("the key {key_name} has no replica in {name} (R4)");
                let follows = cannot_operate(&used.further, name);
                found.push(finding(
                    FindingCode::ReplicaMissing,
                    &self.place(mark),
                    what,
                    follows,
                ));
            }
            return;
        }
        let Some(id) = id else { return };
        let places = self.marks.replicas.get(id as usize).cloned().flatten();
        if state != KeyState::Enabled {
            let what = format!("the replica of {key_name} in {name} is {state} at the start");
            let orgs: Vec<String> = used.created.iter().chain(&used.further).cloned().collect();
            let mark = places.as_ref().map_or(mark, |it| it.state);
            let follows = cannot_operate(&orgs, name);
            found.push(finding(
                FindingCode::NotEnabled,
                &self.place(mark),
                what,
                follows,
            ));
        }
        let mark = places.map_or(mark, |it| it.policy);
        let policy = self.scenario.replicas[id as usize].policy;
        for (orgs, stage) in [
            (&used.created, Stage::Creation as fn(Vec<String>) -> Stage),
            (&used.further, Stage::Region),
        ] {
            if !orgs.is_empty() {
                let aim = self.aim(key, region, stage(orgs.clone()));
                found.extend(self.policy(policy, mark, &aim));
            }
        }
    }

    /// The regions in which a key is at T+0.
    fn present(&self, key: u32) -> Vec<&str> {
        let names = &self.scenario.names;
        let there = names.replicas_of(key).filter(|id| {
            let replica = &self.scenario.replicas[*id as usize];
            replica.state != KeyState::Absent
        });
        there.map(|id| names.region(names.replica(id).1)).collect()
    }

    fn aim(&self, key: u32, region: u32, stage: Stage) -> Aim<'_> {
        let it = &self.scenario.keys[key as usize];
        Aim {
            rules: &self.scenario.rules,
            arn: KeyArn {
                partition: it.partition.clone(),
                region: self.scenario.names.region(region).to_owned(),
                account: it.account.clone(),
                id: it.id.clone(),
            },
            spec: &it.spec,
            usage: &it.usage,
            origin: &it.origin,
            multi_region: it.multi_region,
            primary: it.in_primary(region),
            at: self.scenario.start.map(Calendar::ms),
            instant_due: "`start:` in the scenario, the instant of T+0: 2026-03-01T09:00:00Z",
            stage,
        }
    }

    /// The findings in one of the policies; one that is written nowhere has them where it is named.
    fn policy(&self, number: u32, mark: Mark, aim: &Aim<'_>) -> Vec<Finding> {
        let written = self.marks.policies.get(number as usize);
        if let Some(Some(written)) = written {
            let found = findings(&written.tree, aim).into_iter();
            let found = found.filter(|it| !is_said(it.code));
            return found.map(|it| it.within(&written.file)).collect();
        }
        let policy = &self.scenario.policies[number as usize];
        let answer = |it: &&'static str| aim.answer(policy, it, aim.at);
        let missing: Vec<&'static str> = aim
            .operations()
            .filter(|it| answer(it) != Answer::Allowed)
            .collect();
        let Some(first) = missing.first() else {
            return Vec::new();
        };
        let what = format!(
            "this policy does not allow {} to {}",
            listed(&named(&missing)),
            aim.service()
        );
        let place = PolicyMark {
            line: mark.line,
            column: mark.column,
            len: mark.length,
        };
        let mut one = Found::new(FindingCode::ActionMissing, place, what)
            .because(refused(aim, &missing))
            .expected("policy: vendor, or one that allows the service's account R3's four actions");
        one.shown = Some(Counterexample {
            action: first,
            resource: aim.arn.text(),
            principal: aim.service(),
            answer: answer(first),
        });
        vec![one.within(&self.marks.file)]
    }

    /// What the policies do that commands put, where an org uses the replica; the scenario means it, so it only is
    /// told.
    fn commanded(&self) -> Vec<Finding> {
        let mut seen = BTreeMap::new();
        for (command, mark) in self.scenario.commands.iter().zip(&self.marks.commands) {
            if let Action::PutKeyPolicy(replica, policy) | Action::ReplicateKey(replica, policy) =
                &command.action
            {
                seen.entry((*replica, *policy)).or_insert(*mark);
            }
        }
        let mut found = Vec::new();
        for ((replica, policy), mark) in seen {
            let (key, region) = self.scenario.names.replica(replica);
            if !self.is_used(key, region) {
                continue;
            }
            let aim = self.aim(key, region, Stage::Running);
            let told = self.policy(policy, mark, &aim).into_iter();
            let told = told
                .filter(|it| it.severity == Severity::Error || it.code == FindingCode::LockedOut);
            found.extend(told.map(|it| Finding {
                severity: Severity::Warning,
                ..it
            }));
        }
        found
    }

    /// Whether any org ever uses a key in a region.
    fn is_used(&self, key: u32, region: u32) -> bool {
        let groups = self.scenario.names.orgs().iter();
        let mut orgs = groups.zip(&self.scenario.orgs);
        orgs.any(|(group, org)| org.key == Some(key) && group.regions.contains(&region))
    }
}

/// Whether loading has said it as a warning about the policy.
fn is_said(code: FindingCode) -> bool {
    match code {
        FindingCode::NoEffect
        | FindingCode::ArnResource
        | FindingCode::SparesNobody
        | FindingCode::DeletedPrincipal
        | FindingCode::OddAction
        | FindingCode::LiteralVariable
        | FindingCode::OddCondition => true,
        FindingCode::ActionMissing
        | FindingCode::DeniedExplicitly
        | FindingCode::OtherResource
        | FindingCode::StarDropped
        | FindingCode::IdentityOnly
        | FindingCode::OtherAccount
        | FindingCode::CannotTell
        | FindingCode::ConditionFails
        | FindingCode::EndsByItself
        | FindingCode::WiderActions
        | FindingCode::AnyPrincipal
        | FindingCode::LockedOut
        | FindingCode::Refused
        | FindingCode::WrongRegion
        | FindingCode::NotSymmetric
        | FindingCode::WrongUsage
        | FindingCode::SingleRegion
        | FindingCode::ServicesOwn
        | FindingCode::ReplicaMissing
        | FindingCode::NotEnabled
        | FindingCode::ImportedMaterial => false,
    }
}
