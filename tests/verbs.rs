//! Every verb does something: a fact of somebody else is there with the command and not without it, or it is refused by
//! its code. What this version cannot do is said at load.

#[path = "common/replay.rs"]
mod replay;

use keyoutage::scenario::verbs::Verb;
use replay::Fact;

/// Two keys of AWS's material and one of the owner's; an org on each of two of them, and one without a key.
const WORLD: &str = "\
name: A verb
profile: rockset
until: 2d
keys:
  main:
    arn: arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab
    policy: vendor
    replicas:
      us-east-1: { policy: vendor }
  other:
    arn: arn:aws:kms:us-west-2:111122223333:key/mrk-9876fedc98fe76dc54ba9876543210fe
    policy: vendor
  ours:
    arn: arn:aws:kms:us-west-2:111122223333:key/mrk-0011aabb22cc33dd44ee55ff66778899
    origin: EXTERNAL
    policy: vendor
orgs:
  acme:
    key: main
    regions: [us-west-2]
    collections:
      us-west-2/orders: { source: kafka, queries: 20/s, arrivals: 1 MiB/s }
  own:
    key: ours
    regions: [us-west-2]
    collections:
      us-west-2/orders: { source: kafka, queries: 20/s, arrivals: 1 MiB/s }
  plain:
    key: none
    regions: [us-west-2]
    collections:
      us-west-2/orders: { source: kafka, queries: 20/s, arrivals: 1 MiB/s }
events:
";

const DISABLED: &str = "at: 1h, do: DisableKey, key: main, region: us-west-2";
const DELETED: &str = "at: 1h, do: ScheduleKeyDeletion, key: main, region: us-east-1";
const MISSING: &str = "at: 1h, do: DeleteImportedKeyMaterial, key: ours, region: us-west-2";
const ORDERS: &str = "acme/us-west-2/orders";
const SITE: &str = "acme/us-west-2";

/// What shows that a verb did something.
enum Shown {
    /// At that instant, of that subject, which is another than the command's own.
    Elsewhere(&'static str, &'static str, &'static str),
    /// Collections never meet, so an order about one shows on it alone: at that instant, of that collection.
    OnItself(&'static str, &'static str, &'static str),
    /// It is refused with that code, when the others have come before.
    Refused(&'static str, &'static str),
}

use Shown::{Elsewhere, OnItself, Refused};

/// A verb, the others that come before or after it, the command itself, and what shows it. Instants: `visibility.*` is
/// 5 s, the commits are once a second, the probes on the minute.
#[rustfmt::skip]
const ROWS: &[(Verb, &[&str], &str, Shown)] = &[
    (Verb::DisableKey, &[], DISABLED,
        Elsewhere("1h00m05s", SITE, "access refused DisabledException [disabled]")),
    (Verb::EnableKey, &[DISABLED], "at: 2h, do: EnableKey, key: main, region: us-west-2",
        Elsewhere("2h00m05s", SITE, "access granted none")),
    (Verb::ScheduleKeyDeletion, &[], "at: 1h, do: ScheduleKeyDeletion, key: main, region: us-west-2",
        Elsewhere("1h00m05s", SITE, "access refused KMSInvalidStateException [pending_replica_deletion]")),
    (Verb::CancelKeyDeletion, &[DELETED, "at: 3h, do: EnableKey, key: main, region: us-east-1", "at: 4h, do: AddRegion, org: acme, region: us-east-1"],
        "at: 2h, do: CancelKeyDeletion, key: main, region: us-east-1",
        Elsewhere("4h", "acme/us-east-1", "site operating")),
    (Verb::PutKeyPolicy, &[], "at: 1h, do: PutKeyPolicy, key: main, region: us-west-2, policy: default",
        Elsewhere("1h00m05s", SITE, "access refused AccessDeniedException [denied kms:Encrypt kms:Decrypt kms:GenerateDataKey* kms:DescribeKey]")),
    (Verb::RemoveActions, &[], "at: 1h, do: RemoveActions, key: main, region: us-west-2, actions: [\"kms:Encrypt\"]",
        Elsewhere("1h00m05s", SITE, "access refused AccessDeniedException [denied kms:Encrypt]")),
    (Verb::RestoreActions, &["at: 1h, do: RemoveActions, key: main, region: us-west-2, actions: [\"kms:Encrypt\"]"],
        "at: 2h, do: RestoreActions, key: main, region: us-west-2, actions: [\"kms:Encrypt\"]",
        Elsewhere("2h00m05s", SITE, "access granted none")),
    (Verb::ReplicateKey, &["at: 1h, do: AddRegion, org: acme, region: eu-west-1"],
        "at: 1h30m, do: ReplicateKey, key: main, region: eu-west-1, policy: vendor",
        Elsewhere("1h31m", "acme/eu-west-1", "site operating")),
    (Verb::RotateKeyOnDemand, &[DISABLED], "at: 2h, do: RotateKeyOnDemand, key: main",
        Refused("main", "DisabledException")),
    (Verb::EnableKeyRotation, &[DISABLED], "at: 2h, do: EnableKeyRotation, key: main, period: 90d",
        Refused("main", "DisabledException")),
    (Verb::DisableKeyRotation, &[DISABLED], "at: 2h, do: DisableKeyRotation, key: main",
        Refused("main", "DisabledException")),
    // The old primary is updated too; it is the command's subject that becomes the primary.
    (Verb::UpdatePrimaryRegion, &[], "at: 1h, do: UpdatePrimaryRegion, key: main, region: us-east-1",
        Elsewhere("1h", "main/us-west-2", "state Updating")),
    (Verb::ImportKeyMaterial, &[MISSING], "at: 2h, do: ImportKeyMaterial, key: ours, region: us-west-2",
        Elsewhere("2h00m05s", "own/us-west-2", "access granted none")),
    (Verb::DeleteImportedKeyMaterial, &[], MISSING,
        Elsewhere("1h00m05s", "own/us-west-2", "access refused KMSInvalidStateException [pending_import]")),
    (Verb::KmsUnreachable, &[], "at: 1h, do: KmsUnreachable, region: us-west-2",
        Elsewhere("1h", SITE, "access refused DependencyTimeoutException [unreachable]")),
    (Verb::KmsThrottled, &[], "at: 1h, do: KmsThrottled, region: us-west-2, share: 100%, for: 1h",
        Elsewhere("", ORDERS, "ingest halted")),
    (Verb::ServiceIamDenies, &[], "at: 1h, do: ServiceIamDenies, actions: [\"kms:Decrypt\"], region: us-west-2",
        Elsewhere("1h", SITE, "access refused AccessDeniedException [denied kms:Decrypt]")),
    (Verb::RegionDown, &[], "at: 1h, do: RegionDown, region: us-west-2",
        Elsewhere("1h", "plain/us-west-2/orders", "queries none")),
    (Verb::SourceDown, &[], "at: 1h, do: SourceDown, collections: acme/us-west-2/orders, for: 1h",
        OnItself("", ORDERS, "ingest halted")),
    (Verb::AddRegion, &["at: 2h, do: CreateCollection, org: acme, name: us-east-1/new"],
        "at: 1h, do: AddRegion, org: acme, region: us-east-1",
        Elsewhere("2h", "acme/us-east-1/new", "status READY")),
    (Verb::CreateCollection, &[], "at: 1h, do: CreateCollection, org: acme, name: us-west-2/new",
        OnItself("1h", "acme/us-west-2/new", "created")),
    (Verb::DeleteCollection, &[], "at: 1h, do: DeleteCollection, org: acme, name: us-west-2/orders",
        OnItself("1h", ORDERS, "deleted")),
    (Verb::ContactSupport, &["at: 1h, do: DisableKey, key: main, region: us-west-2, for: 6h"],
        "at: 8h, do: ContactSupport, collections: acme/us-west-2/orders",
        OnItself("16h", ORDERS, "status RESUMING")),
    (Verb::RecreateCollection, &[], "at: 1h, do: RecreateCollection, collections: acme/us-west-2/orders",
        OnItself("1h", "acme/us-west-2/orders#2", "status READY")),
    (Verb::SetTraffic, &[DISABLED], "at: 30m, do: SetTraffic, collections: acme/us-west-2/orders, queries: 0/s, arrivals: 0 MiB/s",
        OnItself("1h01m", ORDERS, "status ENCRYPTION_KEY_ERROR")),
    (Verb::ChangeKey, &[], "at: 1h, do: ChangeKey, org: acme, key: other", Refused("acme", "R1")),
    (Verb::UnlinkKey, &[], "at: 1h, do: UnlinkKey, org: acme", Refused("acme", "R1")),
];

fn scenario(events: &[&str]) -> String {
    let lines = events.iter().map(|event| format!("  - {{ {event} }}\n"));
    format!("{WORLD}{}", lines.collect::<String>())
        .replace("until: 2d\n", "until: 2d\nset: { commit.interval: 1s }\n")
}

/// What happens with the command, and what happens when its hour never comes; all that it names stays known.
fn with_and_without(verb: Verb, others: &[&str], command: &str) -> [Vec<Fact>; 2] {
    let events: Vec<&str> = others.iter().copied().chain([command]).collect();
    let with = replay::good(&scenario(&events));
    let mut without = with.clone();
    for it in &mut without.commands {
        if it.action.verb() == verb {
            it.at = without.until;
        }
    }
    [with, without].map(|it| replay::told(&replay::replay(&it)))
}

fn has(facts: &[Fact], at: &str, subject: &str, text: &str) -> bool {
    let mut facts = facts.iter();
    facts.any(|it| {
        (at.is_empty() || it.at == at) && it.subject == subject && it.text.starts_with(text)
    })
}

/// Whom a command's own entries are about.
fn own(facts: &[Fact], verb: Verb) -> Vec<&str> {
    let about = format!("command {verb} ");
    let of = facts.iter().filter(|it| it.text.starts_with(&about));
    of.map(|it| it.subject.as_str()).collect()
}

#[test]
fn every_verb_has_its_row() {
    for row in Verb::table() {
        let rows = ROWS.iter().filter(|it| it.0 == row.verb).count();
        assert_eq!(rows, 1, "{}", row.verb);
    }
}

#[test]
fn a_verb_shows_on_somebody_else_or_is_refused() {
    for (verb, others, command, shown) in ROWS {
        let [with, without] = with_and_without(*verb, others, command);
        assert!(command.contains(&format!("do: {verb}")), "{verb}");
        assert!(
            own(&without, *verb).is_empty(),
            "{verb}: it was ordered all the same"
        );
        let (at, subject, text) = match shown {
            Elsewhere(at, subject, text) => {
                assert!(
                    !own(&with, *verb).contains(subject),
                    "{verb}: {subject} is its own subject"
                );
                (*at, *subject, (*text).to_owned())
            }
            OnItself(at, subject, text) => (*at, *subject, (*text).to_owned()),
            Refused(subject, code) => ("", *subject, format!("refused {verb} {code}")),
        };
        assert!(
            has(&with, at, subject, &text),
            "{verb}: no `{text}` of {subject} at {at}\n{with:#?}"
        );
        assert!(
            !has(&without, at, subject, &text),
            "{verb}: `{text}` is there without it"
        );
    }
}

#[test]
fn a_refused_command_shows_on_nobody() {
    for (verb, others, command, shown) in ROWS {
        if let Refused(..) = shown {
            let [with, without] = with_and_without(*verb, others, command);
            let rest: Vec<&Fact> = with
                .iter()
                .filter(|it| !it.text.contains(verb.word()))
                .collect();
            let texts = |facts: &[&Fact]| -> Vec<(String, String, String)> {
                facts
                    .iter()
                    .map(|it| (it.at.clone(), it.subject.clone(), it.text.clone()))
                    .collect()
            };
            assert_eq!(
                texts(&rest),
                texts(&without.iter().collect::<Vec<_>>()),
                "{verb}"
            );
        }
    }
}

#[test]
fn rotation_shows_on_its_key_alone() {
    let on_demand = "at: 1h, do: RotateKeyOnDemand, key: main";
    let [with, without] = with_and_without(Verb::RotateKeyOnDemand, &[], on_demand);
    assert!(has(&with, "1h", "main", "rotated"));
    assert!(with.iter().all(|it| it.subject == "main"), "{with:#?}");
    assert!(without.is_empty(), "{without:#?}");
}
