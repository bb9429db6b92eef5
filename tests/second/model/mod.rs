//! The second model: what a scenario means, worked out again from the documents, in plain loops.
//!
//! It shares with the program the scenario it is given, the words of states, and the dice; nothing of how the program
//! works it out. It may be slow, and is written to be read beside the documents.

mod access;
mod collection;
mod counting;
mod faults;
mod ingest;
mod keys;
mod leases;
mod operations;
mod orgs;
mod pause;
mod policy;
mod sight;
mod site;
mod told;

pub use told::{OPEN, Told, Totals, samples};

use keyoutage::chance::{Chance, Seed};
use keyoutage::names::{Kind, Subject};
use keyoutage::scenario::Scenario;

/// Later than everything.
pub const NEVER: u64 = u64::MAX;

/// A mistake planted in the model, to show that the comparison would find it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// None.
    None,
    /// A lease lasts a millisecond longer than `cache.life`.
    LongLease,
    /// The pause clock keeps its sum when it should return to 0.
    ClockKeepsItsSum,
    /// What the source drops is never noticed.
    NothingIsDropped,
}

/// What every part of the model needs.
pub struct Ground<'a> {
    /// What is asked.
    pub scenario: &'a Scenario,
    /// The dice.
    pub chance: Chance,
    /// The mistake that is planted.
    pub fault: Fault,
}

impl Ground<'_> {
    /// A subject's name.
    pub fn name(&self, kind: Kind, id: u32) -> String {
        self.scenario.names.text(Subject::new(kind, id))
    }
}

/// Works a scenario out.
pub fn run(scenario: &Scenario, seed: Seed, fault: Fault) -> Told {
    let ground = Ground {
        scenario,
        chance: Chance::new(seed),
        fault,
    };
    let mut told = Told::new(scenario.until.ms());
    faults::tell(&ground, &mut told);
    let keys = keys::live(&ground, &mut told);
    let orgs = orgs::judge(&ground, &keys, &mut told);
    let mut sites = Vec::new();
    for id in 0..scenario.names.count(Kind::Site) {
        sites.push(site::live(&ground, &keys, &orgs, id, &mut told));
    }
    for id in 0..scenario.names.count(Kind::Collection) {
        let site = &sites[scenario.names.home(id).site as usize];
        collection::live(&ground, &keys, site, id, &mut told);
    }
    for site in sites.iter().filter(|it| it.key.is_some()) {
        told.say_cache(&site.name, site.since);
    }
    told
}
