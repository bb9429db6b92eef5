//! The scenario language through its face: what is read, and what becomes of it.

use keyoutage::names::{Kind, Subject};
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
