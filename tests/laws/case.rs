//! A generator of valid scenarios: small worlds in which much goes wrong, as values that print themselves as YAML.

use std::fmt::Write;

use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;

/// A whole scenario.
#[derive(Clone, Debug)]
pub struct Case {
    pub until_s: u64,
    pub set: Vec<(&'static str, String)>,
    pub keys: Vec<Key>,
    pub orgs: Vec<Org>,
    pub events: Vec<Event>,
}

#[derive(Clone, Debug)]
pub struct Key {
    pub name: String,
    pub policy: &'static str,
    pub replica: Option<&'static str>,
    pub state: &'static str,
    pub imported: bool,
}

impl Key {
    /// Only imported material can be missing.
    fn origin(&self) -> &'static str {
        if self.imported || self.state == "PendingImport" {
            "EXTERNAL"
        } else {
            "AWS_KMS"
        }
    }
}

#[derive(Clone, Debug)]
pub struct Org {
    pub name: String,
    pub key: Option<usize>,
    pub regions: usize,
    pub count: Option<u32>,
    pub collections: Vec<Collection>,
}

#[derive(Clone, Debug)]
pub struct Collection {
    pub region: usize,
    pub source: &'static str,
    pub queries: &'static str,
    pub arrivals: &'static str,
    pub count: Option<u32>,
}

/// A policy that allows the service everything, and forbids it one thing.
const DENIES: &str = r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: "318212636800" }, Action: "kms:*", Resource: "*" }, { Effect: Deny, Principal: "*", Action: "kms:Decrypt", Resource: "*" } ] }"#;

/// A permission that begins half an hour after the start and ends an hour later, by itself.
const DATED: &str = r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: "318212636800" }, Action: "kms:*", Resource: "*", Condition: { DateGreaterThanEquals: { "aws:CurrentTime": "2026-03-01T00:30:00Z" }, DateLessThan: { "aws:CurrentTime": "2026-03-01T01:30:00Z" } } } ] }"#;

#[derive(Clone, Debug)]
pub struct Event {
    pub at_ms: u64,
    pub what: What,
    pub lasts_s: Option<u64>,
}

#[derive(Clone, Debug)]
pub enum What {
    Key(&'static str, usize, usize),
    Actions(&'static str, usize, usize, &'static str),
    Policy(usize, usize, &'static str),
    Rotation(&'static str, usize),
    Region(&'static str, usize, Option<usize>),
    Throttled(usize, &'static str, Option<usize>),
    Collections(&'static str, String),
    Traffic(String, &'static str, &'static str),
    AddRegion(usize, usize),
    Create(usize, usize, &'static str),
    Delete(usize, usize),
    ChangeKey(usize, usize),
    UnlinkKey(usize),
}

pub const REGIONS: [&str; 3] = ["us-west-2", "us-east-1", "eu-west-1"];
const SOURCES: [&str; 6] = ["kafka", "kinesis", "dynamodb", "mysql", "s3", "write-api"];

/// Scenarios with all kinds of trouble.
pub fn cases() -> impl Strategy<Value = Case> {
    let until =
        prop_oneof![2 => 600u64..20_000, 2 => 20_000u64..200_000, 1 => 700_000u64..1_500_000];
    (until, settings(), proptest::collection::vec(key(), 1..=2)).prop_flat_map(
        |(until_s, set, keys)| {
            let named: Vec<Key> = keys
                .into_iter()
                .enumerate()
                .map(|(at, key)| Key {
                    name: format!("k{at}"),
                    ..key
                })
                .collect();
            let orgs = proptest::collection::vec(org(named.len()), 1..=3);
            let events = proptest::collection::vec(event(until_s, named.len()), 0..=7);
            (orgs, events).prop_map(move |(orgs, mut events)| {
                let orgs: Vec<Org> = orgs
                    .into_iter()
                    .enumerate()
                    .map(|(at, org)| Org {
                        name: format!("o{at}"),
                        ..org
                    })
                    .collect();
                // Two orders of one instant may contradict each other; a millisecond keeps them apart.
                for (at, event) in events.iter_mut().enumerate() {
                    event.at_ms = (event.at_ms / 16 * 16 + at as u64).min(until_s * 1_000 - 1);
                }
                events.sort_by_key(|event| event.at_ms);
                events.dedup_by_key(|event| event.at_ms);
                events.retain(|event| possible(event, &orgs, &named));
                let mut made: Vec<String> = Vec::new();
                events.retain(|event| match &event.what {
                    What::AddRegion(org, region) => {
                        once(&mut made, format!("a{}/{region}", org % orgs.len()))
                    }
                    What::Create(org, region, _) => {
                        once(&mut made, format!("c{}/{region}", org % orgs.len()))
                    }
                    What::Delete(org, at) => once(&mut made, format!("d{}/{at}", org % orgs.len())),
                    _ => true,
                });
                Case {
                    until_s,
                    set: set.clone(),
                    keys: named.clone(),
                    orgs,
                    events,
                }
            })
        },
    )
}

fn once(made: &mut Vec<String>, what: String) -> bool {
    let new = !made.contains(&what);
    made.push(what);
    new
}

/// Whether the file can say it: what is added is new, and what is taken away is there.
fn possible(event: &Event, orgs: &[Org], keys: &[Key]) -> bool {
    let named = |region: usize| {
        orgs.iter().any(|org| region < org.regions)
            || keys.iter().any(|key| key.replica == Some(REGIONS[region]))
            || region == 0
    };
    match &event.what {
        What::AddRegion(org, region) => *region >= orgs[org % orgs.len()].regions,
        What::Create(org, region, _) => *region < orgs[org % orgs.len()].regions,
        What::Delete(org, at) => *at < orgs[org % orgs.len()].collections.len(),
        What::Region(_, region, _) | What::Throttled(region, ..) => named(*region),
        What::Key(verb, _, region) => *verb == "ReplicateKey" || named(*region),
        What::Policy(_, region, _) => named(*region),
        What::Actions(_, key, region, _) => {
            let key = &keys[key % keys.len()];
            key.policy == "vendor" && (*region == 0 || key.replica == Some(REGIONS[*region]))
        }
        What::Rotation(..)
        | What::Collections(..)
        | What::Traffic(..)
        | What::ChangeKey(..)
        | What::UnlinkKey(_) => true,
    }
}

fn settings() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let one = |name: &'static str, values: &'static [&'static str]| {
        proptest::option::weighted(0.5, select(values))
            .prop_map(move |it| it.map(|value| (name, value.to_owned())))
    };
    let groups = (
        (
            one("cache.life", &["1m", "90s", "5m", "20m", "2m..9m"]),
            one("cache.entries", &["1", "3", "16", "2..20"]),
            one("cache.reads", &["1", "all"]),
            one("pause.after", &["7m", "30m", "1h", "20m..2h"]),
            one("pause.clock", &["cumulative", "continuous"]),
            one("pause.pausing", &["0s", "30s", "5m"]),
        ),
        (
            one("pause.resuming", &["0s", "2m"]),
            one("support.delay", &["0s", "10m", "1h"]),
            one("support.auto", &["true", "false"]),
            one("visibility.lose", &["0s", "40s", "0s..1m"]),
            one("visibility.regain", &["0s", "40s"]),
            one("probe.interval", &["10s", "1m", "11m"]),
        ),
        (
            one("commit.interval", &["3s", "10s", "45s"]),
            one("required_actions", &["mechanistic", "seed"]),
            one(
                "on_unreachable",
                &["extend", "{ extend_until: 9m }", "expire"],
            ),
            one("unreachable.pauses", &["false", "true"]),
            one("ingest.catch_up", &["100 KiB/s", "6 MiB/s"]),
            one("sources.kafka.retention", &["10m", "1h"]),
        ),
        one("sources.dynamodb.retention", &["5m", "2h"]),
    );
    groups.prop_map(|(a, b, c, d)| {
        [
            a.0, a.1, a.2, a.3, a.4, a.5, b.0, b.1, b.2, b.3, b.4, b.5, c.0, c.1, c.2, c.3, c.4,
            c.5, d,
        ]
        .into_iter()
        .flatten()
        .collect()
    })
}

fn key() -> impl Strategy<Value = Key> {
    (
        prop_oneof![6 => Just("vendor"), 1 => Just("default")],
        proptest::option::weighted(0.8, Just("us-east-1")),
        prop_oneof![8 => Just("Enabled"), 1 => Just("Disabled"), 1 => Just("PendingImport")],
        proptest::bool::weighted(0.2),
    )
        .prop_map(|(policy, replica, state, imported)| Key {
            name: String::new(),
            policy,
            replica,
            state,
            imported,
        })
}

fn org(keys: usize) -> impl Strategy<Value = Org> {
    let collections = proptest::collection::vec(collection(), 1..=3);
    (
        proptest::option::weighted(0.85, 0..keys),
        1..=2usize,
        collections,
        proptest::option::weighted(0.1, Just(2)),
    )
        .prop_map(|(key, regions, collections, count)| {
            let collections = collections
                .into_iter()
                .map(|it| Collection {
                    region: it.region % regions,
                    ..it
                })
                .collect();
            Org {
                name: String::new(),
                key,
                regions,
                count,
                collections,
            }
        })
}

fn collection() -> impl Strategy<Value = Collection> {
    (
        0..2usize,
        select(&SOURCES[..]),
        select(&["0", "1/m", "3/s", "20/s"][..]),
        select(&["0", "10 B/s", "64 KiB/s", "7 MiB/m"][..]),
        proptest::option::weighted(0.15, Just(3)),
    )
        .prop_map(|(region, source, queries, arrivals, count)| Collection {
            region,
            source,
            queries,
            arrivals,
            count,
        })
}

fn event(until_s: u64, keys: usize) -> impl Strategy<Value = Event> {
    let everyone = || {
        select(&["*/*/*", "o0/*/*", "*/us-east-1/*", "*/us-west-2/c0"][..]).prop_map(str::to_owned)
    };
    let actions = select(
        &[
            "kms:Encrypt",
            "kms:Decrypt",
            "kms:GenerateDataKey*",
            "kms:DescribeKey",
        ][..],
    );
    let what = prop_oneof![
        6 => (0..keys, 0..2usize).prop_map(|(key, region)| What::Key("DisableKey", key, region)),
        2 => (0..keys, 0..2usize).prop_map(|(key, region)| What::Key("EnableKey", key, region)),
        1 => (0..keys, 0..2usize).prop_map(|(key, region)| What::Key("ScheduleKeyDeletion", key, region)),
        1 => (0..keys, 0..2usize).prop_map(|(key, region)| What::Key("CancelKeyDeletion", key, region)),
        3 => (0..keys, 1..3usize).prop_map(|(key, region)| What::Key("ReplicateKey", key, region)),
        1 => (0..keys, 0..3usize).prop_map(|(key, region)| What::Key("UpdatePrimaryRegion", key, region)),
        2 => (0..keys, 0..2usize).prop_map(|(key, region)| What::Key("ImportKeyMaterial", key, region)),
        1 => (0..keys, 0..2usize).prop_map(|(key, region)| What::Key("DeleteImportedKeyMaterial", key, region)),
        3 => (0..keys, 0..2usize, actions).prop_map(|(key, region, action)| What::Actions("RemoveActions", key, region, action)),
        2 => (0..keys, 0..2usize, select(&["vendor", "default", DENIES, DATED][..])).prop_map(|(key, region, policy)| What::Policy(key, region, policy)),
        1 => (select(&["RotateKeyOnDemand", "EnableKeyRotation", "DisableKeyRotation"][..]), 0..keys).prop_map(|(verb, key)| What::Rotation(verb, key)),
        3 => (select(&["KmsUnreachable", "RegionDown", "ServiceIamDenies"][..]), 0..2usize).prop_map(|(verb, region)| What::Region(verb, region, None)),
        1 => (0..2usize, 0..keys).prop_map(|(region, key)| What::Region("KmsUnreachable", region, Some(key))),
        3 => (0..2usize, select(&["100%", "30%", "90%"][..]), proptest::option::weighted(0.3, 0..keys)).prop_map(|(region, share, key)| What::Throttled(region, share, key)),
        2 => everyone().prop_map(|who| What::Collections("SourceDown", who)),
        3 => everyone().prop_map(|who| What::Collections("ContactSupport", who)),
        2 => everyone().prop_map(|who| What::Collections("RecreateCollection", who)),
        2 => (everyone(), select(&["0", "2/s"][..]), select(&["0", "1 KiB/s"][..])).prop_map(|(who, queries, arrivals)| What::Traffic(who, queries, arrivals)),
        1 => (0..3usize, 1..3usize).prop_map(|(org, region)| What::AddRegion(org, region)),
        1 => (0..3usize, 0..2usize, select(&SOURCES[..])).prop_map(|(org, region, source)| What::Create(org, region, source)),
        1 => (0..3usize, 0..2usize).prop_map(|(org, at)| What::Delete(org, at)),
        1 => (0..3usize, 0..keys).prop_map(|(org, key)| What::ChangeKey(org, key)),
        1 => (0..3usize).prop_map(What::UnlinkKey),
    ];
    let early = any::<bool>();
    (
        0..until_s * 1_000,
        early,
        what,
        proptest::option::weighted(0.6, 20u64..40_000),
    )
        .prop_map(|(at_ms, early, what, lasts_s)| {
            let at_ms = if early { at_ms / 10 } else { at_ms };
            let lasting = matches!(
                what,
                What::Key("DisableKey" | "EnableKey" | "ScheduleKeyDeletion", ..)
                    | What::Actions(..)
                    | What::Policy(..)
                    | What::Region(..)
                    | What::Collections("SourceDown", _)
            );
            // While calls are throttled each is an event: a long throttling takes long.
            let throttled = matches!(what, What::Throttled(..));
            let short = lasts_s.unwrap_or(600) % 3_000 + 20;
            Event {
                at_ms,
                what,
                lasts_s: match throttled {
                    true => Some(short),
                    false => lasts_s.filter(|_| lasting),
                },
            }
        })
}

impl Case {
    /// The scenario as YAML.
    pub fn yaml(&self) -> String {
        let mut out = format!(
            "name: generated\nprofile: rockset\nstart: 2026-03-01T00:00:00Z\nuntil: {}s\n",
            self.until_s
        );
        let set: Vec<String> = self
            .set
            .iter()
            .map(|(name, value)| format!("  {name}: {value}\n"))
            .collect();
        if !set.is_empty() {
            let _ = write!(out, "set:\n{}", set.concat());
        }
        out.push_str("keys:\n");
        for (at, key) in self.keys.iter().enumerate() {
            let id = format!("{:032x}", at + 10);
            let _ = write!(
                out,
                "  {}:\n    arn: arn:aws:kms:us-west-2:111122223333:key/mrk-{id}\n    policy: {}\n    state: {}\n    origin: {}\n",
                key.name,
                key.policy,
                key.state,
                key.origin()
            );
            if let Some(region) = key.replica {
                let _ = write!(out, "    replicas:\n      {region}: {{ policy: vendor }}\n");
            }
        }
        out.push_str("orgs:\n");
        for org in &self.orgs {
            let key = org.key.map_or("none", |key| self.keys[key].name.as_str());
            let _ = write!(
                out,
                "  {}:\n    key: {key}\n    regions: [{}]\n",
                org.name,
                REGIONS[..org.regions].join(", ")
            );
            if let Some(count) = org.count {
                let _ = writeln!(out, "    count: {count}");
            }
            out.push_str("    collections:\n");
            for (at, it) in org.collections.iter().enumerate() {
                let _ = write!(
                    out,
                    "      {}/c{at}: {{ source: {}, queries: {}, arrivals: {}",
                    REGIONS[it.region], it.source, it.queries, it.arrivals
                );
                if let Some(count) = it.count {
                    let _ = write!(out, ", count: {count}");
                }
                out.push_str(" }\n");
            }
        }
        if !self.events.is_empty() {
            out.push_str("events:\n");
        }
        for event in &self.events {
            let _ = writeln!(out, "  - {}", self.event(event));
        }
        out
    }

    fn event(&self, event: &Event) -> String {
        let key = |at: &usize| &self.keys[at % self.keys.len()].name;
        let org = |at: &usize| &self.orgs[at % self.orgs.len()];
        let region = |at: &usize| REGIONS[*at];
        let what = match &event.what {
            // Material that is brought to the primary's region expires; an hour may be long or short here.
            What::Key("ImportKeyMaterial", k, 0) => format!(
                "do: ImportKeyMaterial, key: {}, region: {}, expires: {}ms",
                key(k),
                region(&0),
                event.at_ms + 3_600_000
            ),
            What::Key(verb, k, r) => format!("do: {verb}, key: {}, region: {}", key(k), region(r)),
            What::Actions(verb, k, r, action) => {
                format!(
                    "do: {verb}, key: {}, region: {}, actions: [\"{action}\"]",
                    key(k),
                    region(r)
                )
            }
            What::Policy(k, r, policy) => {
                format!(
                    "do: PutKeyPolicy, key: {}, region: {}, policy: {policy}",
                    key(k),
                    region(r)
                )
            }
            What::Rotation(verb, k) => format!("do: {verb}, key: {}", key(k)),
            What::Region("ServiceIamDenies", r, _) => format!(
                "do: ServiceIamDenies, region: {}, actions: [\"kms:GenerateDataKey*\"]",
                region(r)
            ),
            What::Region(verb, r, None) => format!("do: {verb}, region: {}", region(r)),
            What::Region(verb, r, Some(k)) => {
                format!("do: {verb}, region: {}, key: {}", region(r), key(k))
            }
            What::Throttled(r, share, k) => {
                let of = k.map_or(String::new(), |k| format!(", key: {}", key(&k)));
                format!(
                    "do: KmsThrottled, region: {}, share: {share}{of}",
                    region(r)
                )
            }
            What::Collections(verb, who) => format!("do: {verb}, collections: \"{who}\""),
            What::Traffic(who, queries, arrivals) => {
                format!(
                    "do: SetTraffic, collections: \"{who}\", queries: {queries}, arrivals: {arrivals}"
                )
            }
            What::AddRegion(o, r) => {
                format!("do: AddRegion, org: {}, region: {}", org(o).name, region(r))
            }
            What::Create(o, r, source) => format!(
                "do: CreateCollection, org: {}, name: {}/new, source: {source}, queries: 1/s, arrivals: 1 KiB/s",
                org(o).name,
                region(r)
            ),
            What::Delete(o, at) => {
                let it = &org(o).collections[*at];
                format!(
                    "do: DeleteCollection, org: {}, name: {}/c{at}",
                    org(o).name,
                    REGIONS[it.region]
                )
            }
            What::ChangeKey(o, k) => {
                format!("do: ChangeKey, org: {}, key: {}", org(o).name, key(k))
            }
            What::UnlinkKey(o) => format!("do: UnlinkKey, org: {}", org(o).name),
        };
        let lasts = event
            .lasts_s
            .map_or(String::new(), |s| format!(", for: {s}s"));
        format!("{{ at: {}ms, {what}{lasts} }}", event.at_ms)
    }
}
