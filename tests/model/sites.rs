//! MODEL 7, and R1 to R4: orgs and sites.

use crate::{DISABLE, ORDERS, SITE, World, world};

const ADDED: &str = "acme/eu-west-1";
const NEW: &str = "acme/us-west-2/new";
const CREATE: &str = "do: CreateCollection, org: acme, name: us-west-2/new, source: kafka, queries: 1/s, arrivals: 1 MiB/s";
const REPLICATE: &str = "do: ReplicateKey, key: main, region: eu-west-1, policy: vendor";

fn added(at: &str) -> World {
    world().event(&format!(
        "at: {at}, do: AddRegion, org: acme, region: eu-west-1"
    ))
}

#[test]
fn probes_are_at_the_creation_of_the_site_and_every_interval() {
    // The replica is there at 1h0m5s; the site's probes are 7 s after each minute.
    let run = added("30m7s").event(&format!("at: 1h, {REPLICATE}")).run();
    run.only(ADDED, "site", &["30m7s", "1h7s"]);
    run.only(ADDED, "site operating", &["1h7s"]);
}

#[test]
fn a_probe_at_the_very_instant_finds_what_has_just_become_visible() {
    for (at, operating) in [
        ("59m54s999ms", "1h"),
        ("59m55s", "1h"),
        ("59m55s001ms", "1h1m"),
    ] {
        let run = added("30m").event(&format!("at: {at}, {REPLICATE}")).run();
        run.only(ADDED, "site operating", &[operating]);
    }
}

#[test]
fn a_region_added_at_the_instant_of_a_fault_asks_after_it() {
    let lose = "visibility.lose: 0s, visibility.regain: 0s";
    for fault in [
        "do: KmsUnreachable, region: us-east-1",
        "do: ServiceIamDenies, region: us-east-1, actions: [\"kms:Decrypt\"]",
        "do: DisableKey, key: main, region: us-east-1",
    ] {
        let run = world()
            .set(lose)
            .event("at: 1h, do: AddRegion, org: acme, region: us-east-1")
            .event("at: 1h, do: CreateCollection, org: acme, name: us-east-1/new, queries: 1/s")
            .event(&format!("at: 1h, {fault}, for: 90s"))
            .run();
        run.only("acme/us-east-1", "site cannot_operate", &["1h"]);
        run.only("acme/us-east-1", "access refused", &["1h"]);
        run.only("acme/us-east-1", "access granted", &["1h1m30s"]);
        run.only("acme/us-east-1", "site operating", &["1h2m"]);
        run.only("acme/us-east-1/new", "status READY", &["1h2m"]);
    }
}

#[test]
fn a_region_added_at_the_instant_at_which_access_comes_back_operates_at_once() {
    let run = world()
        .set("visibility.lose: 0s, visibility.regain: 0s")
        .event("at: 30m, do: KmsUnreachable, region: us-east-1, for: 30m")
        .event("at: 40m, do: DisableKey, key: main, region: us-east-1, for: 20m")
        .event("at: 1h, do: AddRegion, org: acme, region: us-east-1")
        .event("at: 1h, do: CreateCollection, org: acme, name: us-east-1/new, queries: 1/s")
        .run();
    run.only("acme/us-east-1", "site operating", &["1h"]);
    run.never("acme/us-east-1", "access");
    run.only("acme/us-east-1/new", "status READY", &["1h"]);
    run.only("acme/us-east-1/new", "queries all", &["1h"]);
    assert!(run.reached("first_failed_query").is_empty());
}

#[test]
fn a_started_site_stays_operating() {
    let run = world().event(DISABLE).run();
    run.never(SITE, "site");
    run.only(SITE, "access refused", &["1h5s"]);
}

#[test]
fn a_refused_org_stays_refused() {
    let put = "at: 1h, do: PutKeyPolicy, key: main, region: us-west-2, policy: vendor";
    let run = world().key("policy: default").event(put).run();
    run.only("acme", "org_refused R3", &["0s"]);
    run.never(SITE, "site");
    run.never(ORDERS, "status");
}

#[test]
fn the_key_is_judged_by_its_kind_first() {
    for key in [
        "policy: default, multi_region: false",
        "policy: vendor, usage: SIGN_VERIFY, spec: RSA_2048",
        "policy: vendor, spec: HMAC_256, usage: GENERATE_VERIFY_MAC",
    ] {
        let own = world().key(key).yaml();
        let id = if key.contains("multi_region") {
            "1234abcd-12ab-34cd-56ef-1234567890ab"
        } else {
            "mrk-1234abcd12ab34cd56ef1234567890ab"
        };
        let facts = crate::replay::facts(&own.replace("mrk-1234abcd12ab34cd56ef1234567890ab", id));
        assert!(
            facts
                .iter()
                .any(|it| it.subject == "acme" && it.text == "org_refused R2"),
            "{key}: {facts:#?}"
        );
    }
}

#[test]
fn an_added_region_without_access_cannot_operate_and_others_are_untouched() {
    let run = added("1h").run();
    run.only(ADDED, "site cannot_operate", &["1h"]);
    run.only(
        ADDED,
        "access refused NotFoundException [not_found]",
        &["1h"],
    );
    run.never(SITE, "");
    run.never(ORDERS, "");
}

#[test]
fn a_collection_is_created_until_its_site_has_started() {
    let run = added("1h")
        .event("at: 2h, do: CreateCollection, org: acme, name: eu-west-1/new")
        .event(&format!("at: 5h, {REPLICATE}"))
        .run();
    run.only("acme/eu-west-1/new", "status", &["5h1m"]);
    run.only("acme/eu-west-1/new", "status READY", &["5h1m"]);
}

#[test]
fn or_until_each_of_its_paths_was_granted_once_and_no_pause_clock_runs_before() {
    // Made in an outage of 20 hours; the probes are on the minute.
    let run = world()
        .event(&format!("{DISABLE}, for: 20h"))
        .event(&format!("at: 2h, {CREATE}"))
        .run();
    run.only(NEW, "created", &["2h"]);
    run.only(NEW, "status", &["21h1m"]);
    run.only(NEW, "status READY", &["21h1m"]);
    run.only(NEW, "ingest running lag_ms=0 lag_bytes=0", &["21h1m"]);
}

#[test]
fn paths_are_granted_one_after_the_other() {
    // Reads come back at 3h0m5s while commits are away, commits at 5h0m5s while reads are away.
    let actions = |verb: &str, at: &str, action: &str| {
        format!("at: {at}, do: {verb}, key: main, region: us-west-2, actions: [\"{action}\"]")
    };
    let run = world()
        .set("required_actions: mechanistic")
        .event(&actions("RemoveActions", "1h", "kms:Decrypt"))
        .event(&actions("RemoveActions", "1h", "kms:GenerateDataKey*"))
        .event(&format!("at: 2h, {CREATE}"))
        .event(&actions("RestoreActions", "3h", "kms:Decrypt"))
        .event(&actions("RemoveActions", "4h", "kms:Decrypt"))
        .event(&actions("RestoreActions", "5h", "kms:GenerateDataKey*"))
        .run();
    run.only(NEW, "status READY", &["5h1m"]);
    // Its reads are refused: the cache was filled at that instant, and lasts a millisecond.
    assert!(
        !run.find(NEW, "status ENCRYPTION_KEY_ERROR").is_empty(),
        "{}",
        run.all()
    );
}

#[test]
fn its_source_is_read_from_there() {
    // Ready at 1h; of the hour before nothing counts as arrived, so an outage of ten minutes leaves ten.
    let run = world()
        .event(&format!("at: 1h, {CREATE}"))
        .event("at: 2h, do: DisableKey, key: main, region: us-west-2, for: 10m")
        .run();
    run.only(NEW, "ingest running", &["1h", "2h12m5s001ms"]);
}

#[test]
fn an_org_without_a_key_never_asks_a_kms() {
    let orgs = "  plain:\n    key: none\n    regions: [us-west-2]\n    collections:\n      us-west-2/it: { source: kafka, queries: 1/s, arrivals: 1 MiB/s }\n";
    let run = world()
        .orgs(orgs)
        .event(DISABLE)
        .event("at: 2h, do: KmsUnreachable, region: us-west-2, for: 1h")
        .event("at: 5h, do: RegionDown, region: us-west-2, for: 1h")
        .event("at: 8h, do: SourceDown, collections: plain/us-west-2/it, for: 1h")
        .run();
    run.only("plain/us-west-2/it", "queries", &["5h", "6h"]);
    run.only("plain/us-west-2/it", "ingest halted", &["5h", "8h"]);
    run.never("plain/us-west-2/it", "status");
    run.never("plain/us-west-2", "");
}

#[test]
fn change_unlink_and_late_add_of_a_key_are_refused() {
    let orgs = "  plain:\n    key: none\n    regions: [us-west-2]\n";
    let run = world()
        .orgs(orgs)
        .event("at: 1h, do: ChangeKey, org: acme, key: main")
        .event("at: 2h, do: UnlinkKey, org: acme")
        .event("at: 3h, do: ChangeKey, org: plain, key: main")
        .run();
    run.only("acme", "refused ChangeKey R1", &["1h"]);
    run.only("acme", "refused UnlinkKey R1", &["2h"]);
    run.only("plain", "refused ChangeKey R1", &["3h"]);
}

#[test]
fn rotation_never_changes_availability_and_a_disabled_key_does_not_rotate() {
    // Due at 91d, while it is disabled; overdue, it rotates at once when it is enabled.
    let run = world()
        .until("100d")
        .event("at: 1d, do: EnableKeyRotation, key: main, period: 90d")
        .event("at: 90d, do: DisableKey, key: main, region: us-west-2, for: 2d")
        .run();
    run.only("main", "rotated", &["92d"]);
    run.only(SITE, "access", &["90d5s", "92d5s"]);
}

#[test]
fn a_primary_waits_for_its_last_replica() {
    let delete = |at: &str, region: &str| {
        format!("at: {at}, do: ScheduleKeyDeletion, key: main, region: {region}, window: 7d")
    };
    let run = world()
        .until("20d")
        .set("key.deletion_overrun: 0h")
        .event(&delete("1h", "us-west-2"))
        .event(&delete("2d", "us-east-1"))
        .run();
    run.only("main/us-west-2", "state PendingReplicaDeletion", &["1h"]);
    run.only("main/us-east-1", "state Deleted", &["9d"]);
    run.only("main/us-west-2", "state PendingDeletion", &["9d"]);
    run.only("main/us-west-2", "state Deleted", &["16d"]);
}
