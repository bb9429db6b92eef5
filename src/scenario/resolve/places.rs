//! Where the things of a scenario are written, by their numbers.

use std::collections::BTreeMap;

use crate::names::Names;
use crate::scenario::file::{KeyFile, ScenarioFile};
use crate::scenario::marks::{KeyMarks, Marks, ReplicaMarks, Written};
use crate::scenario::resolve::events::Drawn;
use crate::yaml::{Mark, Text};

/// The places, where all that is named has its number.
pub(super) fn places(
    file: &ScenarioFile,
    name: &str,
    names: &Names,
    drawn: &[Drawn],
    policies: Vec<Option<Written>>,
) -> Marks {
    let written = file.keys.iter().flat_map(|it| &it.entries);
    let keys: BTreeMap<&str, (Mark, &KeyFile)> = written
        .map(|(text, key)| (text.as_str(), (text.mark, &key.value)))
        .collect();
    let count = names.count(crate::names::Kind::Key);
    let all = (0..count).filter_map(|it| keys.get(names.key(it)));
    let replicas = (0..names.count(crate::names::Kind::Replica)).map(|it| {
        let (key, region) = names.replica(it);
        let (mark, key) = keys.get(names.key(key))?;
        replica(*mark, key, names.region(region))
    });
    let regions = names.orgs().iter().map(|group| {
        let of = file.orgs.entries.iter().find(|it| it.0.text == group.name);
        let written = of.map_or(&[][..], |(_, org)| &org.value.regions.items);
        let place = |region: &u32| {
            let mut same = written.iter().filter(|it| it.text == names.region(*region));
            same.next().map(|it| it.mark)
        };
        group.regions.iter().map(place).collect()
    });
    let events = file.events.as_ref().map_or(&[][..], |it| &it.items);
    let commands = drawn.iter().map(|it| {
        let event = events.get(it.event);
        let policy = event.and_then(|it| it.value.policy.as_ref());
        policy.map_or(it.mark, |it| it.mark)
    });
    Marks {
        file: name.to_owned(),
        keys: all.map(|(_, key)| of_key(key)).collect(),
        replicas: replicas.collect(),
        regions: regions.collect(),
        commands: commands.collect(),
        policies,
    }
}

fn of_key(key: &KeyFile) -> KeyMarks {
    let arn = key.arn.mark;
    let or_arn = |text: &Option<Text>| text.as_ref().map_or(arn, |it| it.mark);
    KeyMarks {
        arn,
        spec: or_arn(&key.spec),
        usage: or_arn(&key.usage),
        origin: or_arn(&key.origin),
        multi_region: or_arn(&key.multi_region),
    }
}

/// A replica's own places; the primary's are beside the key's ARN.
fn replica(key_mark: Mark, key: &KeyFile, region: &str) -> Option<ReplicaMarks> {
    let entries = key.replicas.iter().flat_map(|it| &it.entries);
    let mut own = entries.filter(|it| it.0.text == region);
    let (mark, policy, state) = match own.next() {
        Some((text, it)) => (text.mark, &it.value.policy, &it.value.state),
        None if key.arn.as_str().split(':').nth(3) == Some(region) => {
            (key_mark, &key.policy, &key.state)
        }
        None => return None,
    };
    Some(ReplicaMarks {
        policy: policy.as_ref().map_or(mark, |it| it.mark),
        state: state.as_ref().map_or(mark, |it| it.mark),
    })
}
