//! The scenario language through its face: what is read, and what becomes of it.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "a glob over a million members is bounded in time"
)]

use keyoutage::names::{Kind, Subject};
use keyoutage::policy::Given;
use keyoutage::profile::About;
use keyoutage::scenario::{Loaded, Problems, Since, When, Who, load};
use keyoutage::states::KeyState;
use keyoutage::time::Span;

const EXAMPLE: &str = r#"
name: The us-east-1 replica is disabled for five hours
about: One replica goes, one region suffers, the other does not notice.
profile: rockset
until: 24h                                           # a run is [0, until)
set: { cache.life: 5m, pause.after: 4h }             # over the profile's numbers

keys:
  main:
    arn: arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab
    policy: { file: policies/vendor.json }           # or inline, or: vendor | default
    replicas:
      us-east-1: { policy: vendor }                  # each replica's policy stands alone
orgs:
  acme:
    key: main                                        # or none: vendor-managed
    regions: [us-west-2, us-east-1]                  # the first is where it was created
    collections:
      us-west-2/orders: { source: kafka, queries: 20/s, arrivals: 1 MiB/s }
      us-east-1/clicks: { source: write-api, queries: 5/s, arrivals: 64 KiB/s }
      us-east-1/users:  { source: dynamodb, queries: 1/s, arrivals: 10 KiB/s }
events:
  - { at: 1h, do: DisableKey, key: main, region: us-east-1, for: 5h }
  - { at: 6h10m, do: ContactSupport, collections: acme/us-east-1/* }
expect:
  - { at: 59m,           collections: acme/us-east-1/*, queries: all }
  - { by: 1h6m,          collections: acme/us-east-1/*, queries: none, ingest: halted }
  - { within: 5h5m..5h12m, collections: acme/us-east-1/*, status: PAUSED }
  - { always: true,      collections: acme/us-west-2/*, queries: all, ingest: running }
  - { at: 24h,           collections: acme/us-east-1/clicks, outcome: recreate_with_loss }
  - { at: 24h,           collections: acme/us-east-1/users, outcome: resumed, status: READY }
"#;

const VENDOR: &str = r#"{"Version": "2012-10-17", "Statement": [
  {"Sid": "owner", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
  {"Sid": "use", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::318212636800:root"},
   "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"}]}"#;

fn read(text: &str) -> Result<Loaded, Problems> {
    load(text.as_bytes(), "scenario.yaml", &mut |path| match path {
        "policies/vendor.json" => Ok(VENDOR.as_bytes().to_vec()),
        other => Err(format!("there is no file {other}")),
    })
}

fn good(text: &str) -> Loaded {
    read(text).unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

#[test]
fn the_example_of_the_design_loads() {
    let it = good(EXAMPLE);
    assert!(it.warnings.is_empty(), "{}", it.warnings.render(false));
    let scenario = it.scenario;
    assert_eq!(scenario.until.to_string(), "1d");
    assert_eq!(scenario.keys.len(), 1);
    assert_eq!(scenario.replicas.len(), 2);
    assert!(
        scenario
            .replicas
            .iter()
            .all(|it| it.state == KeyState::Enabled)
    );
    assert_eq!(scenario.orgs[0].first, 1, "us-west-2 comes second by name");
    assert_eq!(scenario.orgs[0].since, [Since::Start, Since::Start]);
    let text = |id| scenario.names.text(Subject::new(Kind::Collection, id));
    assert_eq!(text(0), "acme/us-east-1/clicks");
    assert_eq!(text(2), "acme/us-west-2/orders");
    assert_eq!(scenario.commands.len(), 2);
    assert_eq!(scenario.commands[0].fields, "key: main, region: us-east-1");
    assert_eq!(
        scenario.commands[0].lasts,
        Some(Span::from_ms(5 * 3_600_000))
    );
    assert_eq!(scenario.commands[0].line, 23);
    assert_eq!(scenario.commands[1].fields, "collections: acme/us-east-1/*");
    assert_eq!(scenario.expectations.len(), 6);
    let first = &scenario.expectations[0];
    assert_eq!(
        first.text,
        "at: 59m, collections: acme/us-east-1/*, queries: all"
    );
    assert_eq!((first.line, first.column), (26, 5));
    assert!(matches!(first.when, When::At(at) if at.ms() == 59 * 60_000));
    let Who::Collections(selection, None) = &first.who else {
        panic!("collections are meant: {:?}", first.who);
    };
    assert_eq!(selection.iter().collect::<Vec<_>>(), [0, 1]);
    assert_eq!(scenario.inputs.len(), 2);
    assert_eq!(scenario.inputs[1].name, "policies/vendor.json");
    let has = |sentence: &str| scenario.assumptions.iter().any(|it| it == sentence);
    assert!(
        has("pause.after = 4h: set by the scenario"),
        "{:?}",
        scenario.assumptions
    );
    assert!(has(
        "support.delay = 8h: assumption (the page says only that Support must be contacted)"
    ));
}

/// The example's keys and orgs, with events and expectations of one's own.
fn with(events: &[&str], expect: &[&str]) -> String {
    let list = |name: &str, items: &[&str]| -> String {
        let lines: String = items.iter().map(|it| format!("  - {it}\n")).collect();
        if lines.is_empty() {
            String::new()
        } else {
            format!("{name}:\n{lines}")
        }
    };
    let (head, _) = EXAMPLE
        .split_once("events:")
        .expect("the example has events");
    format!("{head}{}{}", list("events", events), list("expect", expect))
}

fn codes(text: &str) -> Vec<&'static str> {
    match read(text) {
        Ok(_) => Vec::new(),
        Err(problems) => {
            let mut all: Vec<&str> = problems.iter().map(|it| it.code.word()).collect();
            all.sort_unstable();
            all
        }
    }
}

#[test]
fn what_may_stand_at_one_instant() {
    const PLACE: &str = ", key: main, region: us-east-1";
    for (first, second, due) in [
        ("DisableKey, K", "PutKeyPolicy, K, policy: default", ""),
        (
            "DisableKey, K",
            "RemoveActions, K, actions: [kms:Decrypt]",
            "",
        ),
        (
            "RemoveActions, K, actions: [kms:Decrypt]",
            "RemoveActions, K, actions: [kms:Encrypt]",
            "",
        ),
        ("DisableKey, K", "DisableKey, K", "E030"),
        ("DisableKey, K", "ScheduleKeyDeletion, K", "E030"),
        (
            "PutKeyPolicy, K, policy: default",
            "RemoveActions, K, actions: [kms:Decrypt]",
            "E030 E031",
        ),
        (
            "PutKeyPolicy, K, policy: default",
            "PutKeyPolicy, K, policy: vendor",
            "E030",
        ),
        (
            "RotateKeyOnDemand, key: main",
            "EnableKeyRotation, key: main",
            "E030",
        ),
        ("RotateKeyOnDemand, key: main", "DisableKey, K", ""),
        (
            "DisableKey, key: main, region: us-west-2",
            "DisableKey, K",
            "",
        ),
        (
            "ReplicateKey, key: main, region: eu-west-1",
            "DisableKey, K",
            "",
        ),
        (
            "ReplicateKey, key: main, region: eu-west-1",
            "DisableKey, key: main, region: us-west-2",
            "E030",
        ),
        (
            "AddRegion, org: acme, region: eu-west-1",
            "CreateCollection, org: acme, name: eu-west-1/x",
            "",
        ),
        (
            "SetTraffic, collections: acme/*/users, queries: 0",
            "SetTraffic, collections: acme/*/clicks, queries: 0",
            "",
        ),
        (
            "SetTraffic, collections: acme/*/users, queries: 0",
            "SetTraffic, collections: acme/*/*, queries: 0",
            "E030",
        ),
        (
            "ContactSupport, collections: acme/*/*",
            "ContactSupport, collections: acme/*/*",
            "",
        ),
        (
            "ContactSupport, collections: acme/*/*",
            "RecreateCollection, collections: acme/*/users",
            "E030",
        ),
        (
            "RegionDown, region: us-east-1",
            "RegionDown, region: us-east-1",
            "",
        ),
    ] {
        let line = |it: &str| format!("{{ at: 1h, do: {} }}", it.replace(", K", PLACE));
        for pair in [[first, second], [second, first]] {
            let lines: Vec<String> = pair.iter().map(|it| line(it)).collect();
            let found = codes(&with(&[&lines[0], &lines[1]], &[])).join(" ");
            assert_eq!(found, due, "{pair:?}");
        }
    }
}

#[test]
fn an_opposite_and_a_command_of_one_instant_are_no_error() {
    let text = with(
        &[
            "{ at: 1h, do: DisableKey, key: main, region: us-east-1, for: 1h, repeat: { every: 1h, times: 3 } }",
        ],
        &[],
    );
    let it = good(&text).scenario;
    let times: Vec<u64> = it
        .commands
        .iter()
        .map(|it| it.at.ms() / 3_600_000)
        .collect();
    assert_eq!(times, [1, 2, 3]);
}

#[test]
fn policies_are_followed_through_their_opposites() {
    let remove = |at: &str, rest: &str| {
        format!(
            "{{ at: {at}, do: RemoveActions, key: main, region: us-east-1, actions: [kms:Decrypt]{rest} }}"
        )
    };
    let put =
        "{ at: 1h, do: PutKeyPolicy, key: main, region: us-east-1, policy: default, for: 1h }";
    for (events, due) in [
        (vec![remove("1h", ", for: 1h"), remove("2h", "")], ""),
        (vec![remove("1h", ", for: 1h"), remove("119m", "")], "E031"),
        (vec![put.to_owned(), remove("90m", "")], "E031"),
        (vec![put.to_owned(), remove("2h", "")], ""),
        (vec![remove("1h", "").replace("us-east-1", "us-west-2")], ""),
        (
            vec![remove("1h", "").replace("kms:Decrypt", "kms:Decrypt, kms:GenerateDataKey*")],
            "",
        ),
        (
            vec![remove("1h", "").replace("kms:Decrypt", "kms:Decrypt, kms:Nothing")],
            "E031",
        ),
    ] {
        let lines: Vec<&str> = events.iter().map(String::as_str).collect();
        let text = with(&lines, &[]).replace(
            "[kms:Decrypt, kms:GenerateDataKey*]",
            "[kms:Decrypt, \"kms:GenerateDataKey*\"]",
        );
        assert_eq!(codes(&text).join(" "), due, "{events:?}");
    }
}

#[test]
fn json_and_a_byte_order_mark_are_taken() {
    let json = r#"{"name": "x", "profile": "rockset", "until": "1h", "seed": 7,
        "orgs": {"acme": {"key": "none", "regions": ["us-west-2"], "count": 3, "collections": {"us-west-2/a": {"count": 2}}}}}"#;
    let it = good(&format!("\u{feff}{json}")).scenario;
    assert_eq!(it.seed.0, 7);
    assert_eq!(it.names.count(Kind::Collection), 6);
    assert!(it.keys.is_empty() && it.commands.is_empty());
}

#[test]
fn the_key_of_the_page_is_taken_with_a_warning() {
    let text = EXAMPLE.replace("mrk-1234abcd12ab34cd56ef1234567890ab", "mrk-1234");
    let warnings = good(&text).warnings;
    let found: Vec<&str> = warnings.iter().map(|it| it.code.word()).collect();
    assert_eq!(found, ["W001"]);
}

#[test]
fn what_events_add_is_known_from_its_command_on() {
    let text = with(
        &[
            "{ at: 3h, do: CreateCollection, org: acme, name: eu-west-1/late, source: s3 }",
            "{ at: 1h, do: ReplicateKey, key: main, region: eu-west-1, policy: vendor }",
            "{ at: 2h, do: AddRegion, org: acme, region: eu-west-1 }",
        ],
        &[
            "{ at: 3h, collections: acme/eu-west-1/late, status: READY }",
            "{ at: 1h, keys: main/eu-west-1, state: Creating }",
            "{ at: 2h, collections: acme/*/*, queries: all }",
        ],
    );
    let it = good(&text).scenario;
    assert_eq!(
        it.orgs[0].since,
        [Since::Command(1), Since::Start, Since::Start]
    );
    assert_eq!(it.orgs[0].collections[0].since, Since::Command(2));
    assert_eq!(it.replicas.len(), 3);
    assert_eq!(it.replicas[0].state, KeyState::Absent);
    assert_eq!(
        it.commands[0].fields,
        "key: main, region: eu-west-1, policy: vendor"
    );
}

#[test]
fn a_million_members_are_selected_at_once() {
    let text = with(
        &["{ at: 1h, do: ContactSupport, collections: acme-*/*/* }"],
        &["{ at: 1h, collections: acme-*/us-east-1/clicks-7, queries: all }"],
    )
    .replace("key: main                 ", "count: 1000\n    key: main ")
    .replace("source: write-api,", "source: write-api, count: 1000,");
    let begun = std::time::Instant::now();
    let it = good(&text).scenario;
    assert_eq!(it.names.count(Kind::Collection), 1_002_000);
    assert!(begun.elapsed().as_millis() < 500, "{:?}", begun.elapsed());
    let Who::Collections(selection, _) = &it.expectations[0].who else {
        panic!("collections are meant");
    };
    assert_eq!(selection.len(), 1_000);
}

#[test]
fn the_order_of_the_file_changes_nothing() {
    let lines = [
        "{ at: 1h, do: DisableKey, key: main, region: us-west-2 }",
        "{ at: 1h, do: RegionDown, region: us-west-2, for: 1h }",
        "{ at: 1h, do: DisableKey, key: main, region: us-east-1 }",
        "{ at: 30m, do: SetTraffic, collections: acme/*/users, queries: 0 }",
    ];
    let order = |text: String| -> Vec<String> {
        let it = good(&text).scenario;
        it.commands
            .iter()
            .map(|it| format!("{} {:?} {}", it.at, it.action, it.fields))
            .collect()
    };
    let mut back = lines;
    back.reverse();
    assert_eq!(order(with(&lines, &[])), order(with(&back, &[])));
}

/// A policy for the service that hangs on a condition.
const OPEN: &str = r#"{ Version: "2012-10-17", Statement: [ { Sid: use, Effect: Allow, Principal: { AWS: "318212636800" }, Action: "kms:*", Resource: "*", Condition: { StringEquals: { aws:PrincipalOrgID: o-1a2b3c4d5e } } } ] }"#;

#[test]
fn a_policy_that_hangs_on_a_condition_needs_a_word() {
    let text = EXAMPLE.replace("policy: vendor }  ", &format!("policy: {OPEN} }}  "));
    assert_eq!(codes(&text), ["E024"]);
    for word in ["deny", "allow"] {
        let taken = text.replace(
            "pause.after: 4h",
            &format!("pause.after: 4h, cannot_tell: {word}"),
        );
        assert_eq!(codes(&taken), Vec::<&str>::new());
    }
    let absent = with(
        &[
            &format!(
                "{{ at: 1h, do: ReplicateKey, key: main, region: eu-west-1, policy: {OPEN} }}"
            ),
            &format!(
                "{{ at: 2h, do: PutKeyPolicy, key: main, region: us-east-1, policy: {OPEN} }}"
            ),
        ],
        &[],
    );
    assert_eq!(codes(&absent), ["E024", "E024"]);
}

#[test]
fn what_the_scenario_leaves_open_is_said() {
    let said = |text: &str| {
        let it = good(text).scenario;
        it.assumptions
            .iter()
            .any(|it| it.starts_with("source = write-api: assumption"))
    };
    assert!(!said(EXAMPLE));
    assert!(said(&EXAMPLE.replace("source: kafka, ", "")));
}

#[test]
fn account_ids_keep_their_zeros() {
    let text = EXAMPLE.replace("111122223333", "011122223333").replace(
        "pause.after: 4h",
        "pause.after: 4h, service.account: 001122223333",
    );
    let it = good(&text).scenario;
    assert_eq!(it.keys[0].account, "011122223333");
    assert_eq!(it.rules.service_account, "001122223333");
}

#[test]
fn modes_are_read_in_every_form() {
    use keyoutage::profile::{OnUnreachable, Reads};
    let set = |text: &str| {
        good(&EXAMPLE.replace("pause.after: 4h", text))
            .scenario
            .rules
    };
    let hours = Span::from_ms(2 * 3_600_000);
    let rules =
        set("on_unreachable: { extend_until: 2h }, cache.reads: all, visibility.lose: 0s..5m");
    assert_eq!(rules.on_unreachable, OnUnreachable::ExtendUntil(hours));
    assert_eq!(rules.cache_reads, Reads::All);
    assert_eq!(rules.visibility_lose.high, Span::from_ms(300_000));
    assert_eq!(
        set("sources.s3.retention: 2h").retention(keyoutage::states::Source::S3),
        hours
    );
    assert_eq!(
        set("sources.mysql.retention: forever").retention(keyoutage::states::Source::MySql),
        Span::FOREVER
    );
}

#[test]
fn what_is_said_of_one_kind_of_call_leaves_the_others_as_they_are() {
    let carried = |context: &str, operation: &str| {
        let text = EXAMPLE.replace("keys:\n", &format!("context: {{ {context} }}\nkeys:\n"));
        let scenario = good(&text).scenario;
        let about = About {
            region: "us-east-1",
            account: "111122223333",
            spec: "SYMMETRIC_DEFAULT",
            usage: "ENCRYPT_DECRYPT",
            origin: "AWS_KMS",
            multi_region: true,
            primary: None,
        };
        let context = scenario.rules.context(operation, &about);
        match context.get("kms:viaservice") {
            Given::Values(values) => values.join(" "),
            Given::Absent => "absent".to_owned(),
            Given::Unknown => "unknown".to_owned(),
        }
    };
    let (decrypt, describe) = ("kms:Decrypt", "kms:DescribeKey");
    let s3 = "s3.us-east-1.amazonaws.com";
    for (context, of_decrypt, of_describe) in [
        ("aws:SourceIp: 192.0.2.7", s3, "absent"),
        (
            "kms:ViaService: { \"kms:DescribeKey\": \"rds.{region}.amazonaws.com\" }",
            s3,
            "rds.us-east-1.amazonaws.com",
        ),
        ("KMS:viaservice: { \"kms:D*\": [x, y] }", "x y", "x y"),
        ("kms:ViaService: []", "absent", "absent"),
        ("kms:ViaService: x", "x", "x"),
    ] {
        assert_eq!(carried(context, decrypt), of_decrypt, "{context}");
        assert_eq!(carried(context, describe), of_describe, "{context}");
    }
}
