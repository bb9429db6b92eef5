//! Generated scenarios: small worlds in which much goes wrong at once, often at the very same instant. Case `n` is the
//! same on every machine, whatever else is run.

use keyoutage::chance::{Chance, Die, Seed};
use keyoutage::scenario::{Scenario, load};

use crate::case::{Case, Key, Org};
use crate::policies::POLICIES;

const REGIONS: [&str; 3] = ["us-west-2", "us-east-1", "eu-west-1"];
const SOURCES: [&str; 8] = [
    "kafka",
    "kinesis",
    "dynamodb",
    "mysql",
    "s3",
    "write-api",
    "snowflake",
    "file-upload",
];
const ACTIONS: [&str; 5] = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:GenerateDataKey*",
    "kms:DescribeKey",
    "kms:GenerateDataKey",
];
const MINUTE: u64 = 60_000;
const DAY: u64 = 86_400_000;

/// Parameters and values for them.
pub const SETTINGS: [(&str, &[&str]); 27] = [
    ("required_actions", &["seed", "mechanistic", "mechanistic"]),
    ("cannot_tell", &["deny", "allow"]),
    ("visibility.lose", &["0s", "5s", "40s", "0s..1m", "5m"]),
    ("visibility.regain", &["0s", "5s", "40s", "1s..2m"]),
    ("cache.life", &["1m", "5m", "90s", "20m", "2m..9m", "1s"]),
    ("cache.entries", &["1", "3", "16", "4..20"]),
    ("cache.reads", &["1", "2", "all", "1..3"]),
    ("probe.interval", &["10s", "1m", "11m", "20s..3m"]),
    ("commit.interval", &["3s", "10s", "45s", "2s..1m", "1s"]),
    (
        "on_unreachable",
        &[
            "expire",
            "extend",
            "{ extend_until: 9m }",
            "{ extend_until: 1h }",
        ],
    ),
    ("unreachable.pauses", &["true", "false"]),
    ("pause.after", &["7m", "30m", "1h", "20m..2h", "2h"]),
    ("pause.clock", &["cumulative", "continuous"]),
    ("pause.pausing", &["0s", "30s", "5m", "1s..10m"]),
    ("pause.resuming", &["0s", "2m", "15m"]),
    ("support.delay", &["0s", "10m", "1h", "1m..3h"]),
    ("support.auto", &["true", "false"]),
    (
        "ingest.catch_up",
        &["100 KiB/s", "6 MiB/s", "64 KiB/s..1 MiB/s"],
    ),
    ("key.creating", &["0s", "5s", "1m"]),
    ("key.updating", &["5s", "2m"]),
    ("key.deletion_overrun", &["0h", "0h..24h"]),
    ("sources.kafka.retention", &["10m", "1h", "0s"]),
    ("sources.kinesis.retention", &["30m"]),
    ("sources.dynamodb.retention", &["5m", "2h"]),
    ("sources.mysql.retention", &["0s", "20m"]),
    ("sources.snowflake.retention", &["1h"]),
    ("sources.write-api.retention", &["0s", "5m"]),
];

/// One of some values.
fn pick<T: Copy>(die: &mut Die, of: &[T]) -> T {
    of[die.roll(of.len() as u64) as usize]
}

/// Whether something with so many chances of a hundred happens.
fn chance(die: &mut Die, percent: u64) -> bool {
    die.roll(100) < percent
}

/// Case `n`, which may not load: commands can contradict each other.
pub fn case(n: u64) -> Case {
    let mut die = Chance::new(Seed(52)).die("case", &n.to_string());
    let die = &mut die;
    let until = match die.roll(10) {
        0..4 => 10 * MINUTE + die.roll(6 * 60 * MINUTE),
        4..8 => 6 * 60 * MINUTE + die.roll(2 * DAY),
        8 => 7 * DAY + die.roll(12 * DAY),
        _ => 90 * DAY + die.roll(110 * DAY),
    };
    let mut set = Vec::new();
    for (name, values) in SETTINGS {
        if chance(die, 40) {
            set.push(format!("{name}: {}", pick(die, values)));
        }
    }
    let keys: Vec<Key> = (0..1 + die.roll(2)).map(|at| key(die, at)).collect();
    let orgs: Vec<Org> = (0..1 + die.roll(3))
        .map(|at| org(die, at, keys.len() as u64))
        .collect();
    let mut case = Case {
        number: n,
        until,
        set,
        keys,
        orgs,
        events: Vec::new(),
    };
    let mut times: Vec<u64> = vec![0];
    for at in 0..1 + n % 9 {
        let when = time(die, until, &times);
        times.push(when);
        let event = event(die, &case, when, at);
        case.events.push((when, event));
    }
    case.events.sort_by_key(|it| it.0);
    case
}

fn key(die: &mut Die, at: u64) -> Key {
    let state = match die.roll(14) {
        0 => "Disabled",
        1 => "PendingImport",
        2 if chance(die, 30) => "Unavailable",
        _ => "Enabled",
    };
    let origin = match state == "PendingImport" || chance(die, 25) {
        true => "EXTERNAL",
        false => "AWS_KMS",
    };
    let kind = match die.roll(40) {
        0 => ", multi_region: false",
        1 => ", spec: RSA_2048",
        2 => ", usage: GENERATE_VERIFY_MAC",
        _ => "",
    };
    let id = match kind {
        ", multi_region: false" => format!("1234abcd-12ab-34cd-56ef-1234567890a{at}"),
        _ => format!("mrk-{:032x}", at + 10),
    };
    let policy = if chance(die, 80) {
        "vendor"
    } else {
        pick(die, &POLICIES)
    };
    let head = format!(
        "arn: \"arn:aws:kms:us-west-2:111122223333:key/{id}\", policy: {policy}, state: {state}, origin: {origin}{kind}"
    );
    let mut replicas = Vec::new();
    for region in &REGIONS[1..] {
        if chance(die, 60) && !kind.contains("multi") {
            let policy = if chance(die, 80) {
                "vendor"
            } else {
                pick(die, &POLICIES)
            };
            let state = if chance(die, 90) {
                "Enabled"
            } else {
                "Disabled"
            };
            replicas.push(format!("{region}: {{ policy: {policy}, state: {state} }}"));
        }
    }
    Key { head, replicas }
}

fn org(die: &mut Die, at: u64, keys: u64) -> Org {
    let key = match chance(die, 85) {
        true => format!("k{}", die.roll(keys)),
        false => "none".to_owned(),
    };
    let regions = 1 + die.roll(2) as usize;
    let count = if chance(die, 10) { ", count: 2" } else { "" };
    let names = REGIONS[..regions].join(", ");
    let mut collections = Vec::new();
    for at in 0..1 + die.roll(3) {
        let region = die.roll(regions as u64) as usize;
        let count = if chance(die, 12) { ", count: 3" } else { "" };
        let text = format!(
            "{}/c{at}: {{ source: {}, queries: {}, arrivals: {}{count} }}",
            REGIONS[region],
            pick(die, &SOURCES),
            pick(die, &["0", "1/m", "3/s", "20/s", "7/h"]),
            pick(die, &["0", "10 B/s", "64 KiB/s", "7 MiB/m", "3 B/m"]),
        );
        collections.push((region, text));
    }
    Org {
        head: format!("o{at}: {{ key: {key}, regions: [{names}]{count}"),
        regions,
        collections,
    }
}

/// An instant: anywhere, on a round one, or beside another by what delays there are.
fn time(die: &mut Die, until: u64, others: &[u64]) -> u64 {
    let early = if chance(die, 40) {
        until.min(4 * 60 * MINUTE)
    } else {
        until
    };
    let at = match die.roll(4) {
        0 => die.roll(early),
        1 => die.roll(early) / MINUTE * MINUTE,
        2 => pick(die, others) + pick(die, &[0, 1, 5_000, 4_999, 40_000, MINUTE, 30 * MINUTE]),
        _ => pick(die, others) + die.roll(40 * MINUTE),
    };
    at.min(until - 1)
}

/// `for:`, where the verb takes it.
fn lasts(die: &mut Die, short: bool) -> String {
    let ms = match die.roll(5) {
        _ if short => 20_000 + die.roll(40 * MINUTE),
        0 => pick(
            die,
            &[
                1,
                1_000,
                5_000,
                40_000,
                5 * MINUTE,
                30 * MINUTE,
                60 * MINUTE,
            ],
        ),
        1 => die.roll(10 * MINUTE) + 1,
        2 | 3 => die.roll(12 * 60 * MINUTE) + 1,
        _ => return String::new(),
    };
    format!(", for: {ms}ms")
}

fn event(die: &mut Die, case: &Case, at: u64, serial: u64) -> String {
    let key = format!("key: k{}", die.roll(case.keys.len() as u64));
    let number = die.roll(case.orgs.len() as u64) as usize;
    let org = &case.orgs[number];
    let region = pick(die, &[0, 0, 0, 1, 1, 2]);
    let place = format!("{key}, region: {}", REGIONS[region]);
    let ours = REGIONS[die.roll(org.regions as u64) as usize];
    let whom = match die.roll(4) {
        0 => "*/*/*".to_owned(),
        1 => format!("o{number}*/*/*"),
        2 => format!("*/{}/*", REGIONS[region.min(1)]),
        _ => format!("*/{ours}/c0*"),
    };
    let whom = format!("collections: \"{whom}\"");
    let action = pick(die, &ACTIONS);
    let policy = pick(die, &POLICIES);
    let limited = if chance(die, 30) {
        format!(", {key}")
    } else {
        String::new()
    };
    match die.roll(100) {
        0..12 => format!("DisableKey, {place}{}", lasts(die, false)),
        12..17 => format!("EnableKey, {place}{}", lasts(die, false)),
        17..21 => format!(
            "ScheduleKeyDeletion, {place}, window: 7d{}",
            lasts(die, false)
        ),
        21..24 => format!("CancelKeyDeletion, {place}"),
        24..30 => format!(
            "PutKeyPolicy, {place}, policy: {policy}{}",
            lasts(die, false)
        ),
        30..36 => format!(
            "RemoveActions, {place}, actions: [\"{action}\"]{}",
            lasts(die, false)
        ),
        36..38 => format!(
            "RestoreActions, {place}, actions: [\"{action}\"]{}",
            lasts(die, false)
        ),
        38..40 => format!("ReplicateKey, {place}, policy: {policy}"),
        40..43 => format!("ReplicateKey, {place}"),
        43..46 => format!("UpdatePrimaryRegion, {place}"),
        46 => format!("RotateKeyOnDemand, {key}"),
        47..49 => format!("EnableKeyRotation, {key}, period: {}d", 90 + die.roll(30)),
        49 => format!("DisableKeyRotation, {key}"),
        50..53 => match chance(die, 60) {
            true => format!(
                "ImportKeyMaterial, {place}, expires: {}ms",
                at + 1 + die.roll(5 * 60 * MINUTE)
            ),
            false => format!("ImportKeyMaterial, {place}"),
        },
        53..55 => format!("DeleteImportedKeyMaterial, {place}"),
        55..60 => format!(
            "KmsUnreachable, region: {}{limited}{}",
            REGIONS[region],
            lasts(die, false)
        ),
        60..65 => {
            let share = pick(die, &["100%", "30%", "90%", "60%"]);
            let lasts = lasts(die, true);
            format!(
                "KmsThrottled, region: {}, share: {share}{limited}{lasts}",
                REGIONS[region]
            )
        }
        65..70 => format!(
            "RegionDown, region: {}{}",
            REGIONS[region],
            lasts(die, false)
        ),
        70..74 => format!("SourceDown, {whom}{}", lasts(die, false)),
        74..77 => match chance(die, 50) {
            true => format!(
                "ServiceIamDenies, actions: [\"{action}\"]{}",
                lasts(die, false)
            ),
            false => format!(
                "ServiceIamDenies, actions: [\"{action}\"], region: {}{}",
                REGIONS[region],
                lasts(die, false)
            ),
        },
        77..79 => format!(
            "AddRegion, org: o{number}, region: {}",
            REGIONS[org.regions]
        ),
        79..82 => format!(
            "CreateCollection, org: o{number}, name: {ours}/new{serial}, source: {}, queries: 1/s, arrivals: {}",
            pick(die, &SOURCES),
            pick(die, &["0", "1 KiB/s"])
        ),
        82..85 => {
            let (region, text) = &org.collections[die.roll(org.collections.len() as u64) as usize];
            let name = text.split([':', '/']).nth(1).expect("region/name");
            format!(
                "DeleteCollection, org: o{number}, name: {}/{name}",
                REGIONS[*region]
            )
        }
        85..91 => format!("ContactSupport, {whom}"),
        91..95 => format!("RecreateCollection, {whom}"),
        95..98 => {
            let queries = pick(die, &["queries: 0", "queries: 2/s", "arrivals: 1 B/s"]);
            let arrivals = pick(die, &["", "", ", arrivals: 0", ", arrivals: 5 KiB/s"]);
            let arrivals = if queries.starts_with('a') {
                ""
            } else {
                arrivals
            };
            format!("SetTraffic, {whom}, {queries}{arrivals}")
        }
        98 => format!("ChangeKey, org: o{number}, {key}"),
        _ => format!("UnlinkKey, org: o{number}"),
    }
}

/// The scenario, unless loading finds that its commands cannot stand together.
pub fn read(yaml: &str) -> Option<Scenario> {
    let mut no_files = |name: &str| Err(format!("{name} is not there"));
    let loaded = load(yaml.as_bytes(), "case.yaml", &mut no_files);
    loaded.ok().map(|it| it.scenario)
}

/// The cases that load, from the first on.
pub fn cases() -> impl Iterator<Item = (Case, Scenario)> {
    (0..).filter_map(|n| {
        let case = case(n);
        let scenario = read(&case.yaml())?;
        Some((case, scenario))
    })
}
