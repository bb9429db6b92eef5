//! Whether an org is created at all: its key is judged at T+0 by R2 and R3.

use keyoutage::names::Kind;
use keyoutage::scenario::Action;
use keyoutage::states::KeyState;

use super::Ground;
use super::keys::Keys;
use super::policy::{Answer, Call, OPERATIONS};
use super::sight::taken;
use super::told::Told;

/// For each org of the file: the rule its key breaks, if one.
pub fn judge(ground: &Ground<'_>, keys: &Keys, told: &mut Told) -> Vec<Option<&'static str>> {
    let names = &ground.scenario.names;
    let groups = 0..names.orgs().len();
    refuse_other_keys(ground, told);
    let rules: Vec<Option<&'static str>> = groups.map(|it| broken(ground, keys, it)).collect();
    for (group, rule) in rules.iter().enumerate() {
        for org in names.org_members(group) {
            if let Some(rule) = rule {
                told.say(0, &ground.name(Kind::Org, org), "org_refused", *rule);
            }
        }
    }
    rules
}

fn broken(ground: &Ground<'_>, keys: &Keys, group: usize) -> Option<&'static str> {
    let scenario = ground.scenario;
    let org = &scenario.orgs[group];
    let number = org.key?;
    let key = &scenario.keys[number as usize];
    let region = scenario.names.orgs()[group].regions[org.first as usize];
    let replica = scenario.names.find_replica(number, region);
    let start = replica.map(|it| &keys.seen[it as usize][0]);
    let there = start.filter(|it| it.state != KeyState::Absent);
    let fit = key.spec == "SYMMETRIC_DEFAULT"
        && key.usage == "ENCRYPT_DECRYPT"
        && key.multi_region
        && key.account != scenario.rules.service_account;
    let Some(there) = there.filter(|_| fit) else {
        return Some("R2");
    };
    let allowed = |operation| {
        let call = Call {
            operation,
            rules: &scenario.rules,
            key,
            region: scenario.names.region(region),
            now_ms: scenario.start.map(keyoutage::time::Calendar::ms),
        };
        taken(&scenario.rules, there.policy.answer(&call)) == Answer::Allowed
    };
    let all = OPERATIONS.iter().all(|it| allowed(it));
    (!all).then_some("R3")
}

/// R1: the key is linked for ever.
fn refuse_other_keys(ground: &Ground<'_>, told: &mut Told) {
    for command in &ground.scenario.commands {
        if let Action::ChangeKey(group, _) | Action::UnlinkKey(group) = command.action {
            for org in ground.scenario.names.org_members(group as usize) {
                let what = format!("{} R1", command.action.verb());
                told.say(
                    command.at.ms(),
                    &ground.name(Kind::Org, org),
                    "refused",
                    what,
                );
            }
        }
    }
}
