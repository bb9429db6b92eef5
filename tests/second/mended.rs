//! What the second model once found in the engine: why each was wrong, and the smallest scenario that showed it. They
//! must be told alike for ever.

/// Why it was wrong, and a scenario.
pub const MENDED: [(&str, &str); 6] = [
    (
        "a throttling, however late, makes sites ask a second time at 0s, after its faults",
        r#"name: x
profile: rockset
until: 4h
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: k0, regions: [us-west-2], collections: { us-west-2/c: { source: write-api, queries: 7/h, arrivals: 10 B/s } } } }
events:
  - { at: 0s, do: ServiceIamDenies, actions: ["kms:GenerateDataKey"], region: us-west-2, for: 1h }
  - { at: 2h, do: KmsThrottled, region: us-west-2, share: 30%, for: 2m }
"#,
    ),
    (
        "an order for a collection that is not there, or deleted, is lost while its region is down",
        r#"name: x
profile: rockset
until: 4h
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: none, regions: [us-west-2], collections: { us-west-2/c: { source: s3, queries: 0, arrivals: 0 } } } }
events:
  - { at: 1h, do: RegionDown, region: us-west-2, for: 1h }
  - { at: 90m, do: RecreateCollection, collections: "*/*/*" }
  - { at: 3h, do: CreateCollection, org: o0, name: us-west-2/new, source: s3, queries: 0, arrivals: 0 }
"#,
    ),
    (
        "UpdatePrimaryRegion at the very end of another: the old primary is Enabled before the command",
        r#"name: x
profile: rockset
until: 4h
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: k0, regions: [us-west-2], collections: { us-west-2/c: { source: s3, queries: 0, arrivals: 0 } } } }
events:
  - { at: 100m, do: UpdatePrimaryRegion, key: k0, region: us-east-1 }
  - { at: 100m5s, do: UpdatePrimaryRegion, key: k0, region: us-west-2 }
"#,
    ),
    (
        "without a key and arrivals, what waits is committed at once, not at the next commit",
        r#"name: x
profile: rockset
until: 4h
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: none, regions: [us-west-2], collections: { us-west-2/c: { source: s3, queries: 20/s, arrivals: 7 MiB/m } } } }
events:
  - { at: 10m, do: SourceDown, collections: "*/*/*", for: 20m }
  - { at: 15m, do: SetTraffic, collections: "*/*/*", arrivals: 0 }
"#,
    ),
    (
        "after a second unreachability `extend_until` does not end while the collection is paused",
        r#"name: x
profile: rockset
until: 4h
set: { on_unreachable: { extend_until: 1h }, pause.after: 7m }
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", replicas: { us-east-1: {} } } }
orgs: { o0: { key: k0, regions: [us-west-2], collections: { us-west-2/c: { source: write-api, queries: 7/h, arrivals: 3 B/m } } } }
events:
  - { at: 16m, do: KmsUnreachable, region: us-west-2, for: 4m }
  - { at: 45m, do: KmsUnreachable, region: us-west-2 }
"#,
    ),
    (
        "a collection that is never READY lags as soon as anything happens to it",
        r#"name: x
profile: rockset
until: 1h
keys: { k0: { arn: "arn:aws:kms:us-west-2:111122223333:key/mrk-0000000000000000000000000000000a", state: Disabled } }
orgs: { o0: { key: k0, regions: [us-west-2], collections: { us-west-2/c: { source: s3, queries: 0, arrivals: 64 KiB/s } } } }
events:
  - { at: 30m, do: ContactSupport, collections: "*/*/*" }
"#,
    ),
];
