//! What a key must be when an org is created (R2, R3).

use crate::scenario::Scenario;
use crate::states::KeyState;
use crate::world::access::Judge;

/// Whether a key is one that R2 takes, and is in the region where the org is created.
pub(crate) fn breaks_r2(scenario: &Scenario, key: u32, region: u32) -> bool {
    let it = &scenario.keys[key as usize];
    let there = scenario.names.find_replica(key, region);
    it.spec != "SYMMETRIC_DEFAULT"
        || it.usage != "ENCRYPT_DECRYPT"
        || !it.multi_region
        || it.account == scenario.rules.service_account
        || there.is_none_or(|id| scenario.replicas[id as usize].state == KeyState::Absent)
}

/// Whether the policy of a key, where the org is created, lacks one of R3's four actions.
pub(crate) fn breaks_r3(scenario: &Scenario, key: u32, region: u32) -> bool {
    let Some(id) = scenario.names.find_replica(key, region) else {
        return true;
    };
    let policy = scenario.replicas[id as usize].policy;
    let judged = &scenario.policies[policy as usize];
    !Judge::new(scenario).allows_all(policy, judged, id)
}
