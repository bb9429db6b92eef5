//! MODEL 1: commands and visibility.

use crate::replay;
use crate::{DISABLE, ORDERS, REPLICA, SITE, World, world};

const ENABLE: &str = "do: EnableKey, key: main, region: us-west-2";
const PUT: &str = "do: PutKeyPolicy, key: main, region: us-west-2";
const REMOVE: &str = "do: RemoveActions, key: main, region: us-west-2, actions: [\"kms:Encrypt\"]";
const RESTORE: &str =
    "do: RestoreActions, key: main, region: us-west-2, actions: [\"kms:Encrypt\"]";

fn slow_to_lose() -> World {
    world().set("visibility.lose: 10s, visibility.regain: 2s")
}

fn slow_to_regain() -> World {
    world().set("visibility.lose: 3s, visibility.regain: 7s")
}

#[test]
fn a_command_is_visible_lose_later_if_it_permits_less_else_regain_later() {
    let run = slow_to_regain()
        .event(DISABLE)
        .event(&format!("at: 2h, {ENABLE}"))
        .run();
    run.only(REPLICA, "visible Disabled", &["1h3s"]);
    run.only(REPLICA, "visible Enabled", &["2h7s"]);
}

#[test]
fn the_one_thing_it_changes_is_judged_alone() {
    // A policy that permits less of a disabled key, and a state that permits more under a policy that permits nothing.
    let run = slow_to_regain()
        .event(DISABLE)
        .event(&format!("at: 2h, {PUT}, policy: default"))
        .event(&format!("at: 3h, {ENABLE}"))
        .run();
    run.only(REPLICA, "visible", &["1h3s", "2h3s", "3h7s"]);
}

#[test]
fn it_is_judged_against_what_was_commanded_just_before() {
    // When `vendor` comes back callers still see it; it permits more than `default`, which was commanded before.
    let run = slow_to_regain()
        .event(&format!("at: 1h, {PUT}, policy: default"))
        .event(&format!("at: 1h1s, {PUT}, policy: vendor"))
        .run();
    run.only(REPLICA, "visible", &["1h3s", "1h8s"]);
}

#[test]
fn a_change_visible_after_a_later_change_of_the_same_thing_never_is() {
    let run = slow_to_lose()
        .event(DISABLE)
        .event(&format!("at: 1h5s, {ENABLE}"))
        .run();
    run.only(REPLICA, "state", &["1h", "1h5s"]);
    run.never(REPLICA, "visible");
    run.never(SITE, "access");
}

#[test]
fn a_later_change_of_another_thing_hides_nothing() {
    let run = slow_to_lose()
        .event(&format!("at: 30m, {REMOVE}"))
        .event(DISABLE)
        .event(&format!("at: 1h5s, {RESTORE}"))
        .run();
    run.only(REPLICA, "visible Enabled", &["30m10s", "1h7s"]);
    run.only(REPLICA, "visible Disabled", &["1h10s"]);
}

#[test]
fn of_changes_visible_at_one_instant_only_the_net_result_is_a_fact() {
    let both = world().set("visibility.lose: 10s, visibility.regain: 5s");
    let run = both
        .event(DISABLE)
        .event(&format!("at: 1h5s, {ENABLE}"))
        .run();
    run.never(REPLICA, "visible");
    run.never(SITE, "access");
}

/// A region that waits for its replica, and probes each millisecond.
fn replica_made_in(creating: &str) -> World {
    world()
        .set(&format!("key.creating: {creating}, probe.interval: 1ms"))
        .event("at: 30m, do: AddRegion, org: acme, region: eu-west-1")
        .event("at: 1h, do: ReplicateKey, key: main, region: eu-west-1, policy: vendor")
}

#[test]
fn what_comes_by_itself_is_visible_at_once() {
    let run = replica_made_in("8s").run();
    run.only("main/eu-west-1", "state", &["1h", "1h8s"]);
    run.only("main/eu-west-1", "visible", &["1h5s"]);
    run.only("acme/eu-west-1", "site operating", &["1h8s"]);
}

#[test]
fn but_not_before_the_command_that_began_it() {
    let run = replica_made_in("2s").run();
    run.never("main/eu-west-1", "visible Creating");
    run.only("acme/eu-west-1", "site operating", &["1h5s"]);
}

#[test]
fn the_commanded_state_does_not_wait_for_what_is_visible() {
    let run = replica_made_in("2s").run();
    run.only("main/eu-west-1", "state", &["1h", "1h2s"]);
}

#[test]
fn the_end_of_a_window_comes_by_itself() {
    let schedule = "at: 1h, do: ScheduleKeyDeletion, key: main, region: us-east-1, window: 7d";
    let add = "at: 30m, do: AddRegion, org: acme, region: us-east-1";
    let run = world()
        .until("8d")
        .set("key.deletion_overrun: 0h")
        .event(schedule)
        .event(add)
        .run();
    run.only("main/us-east-1", "state Deleted", &["7d1h"]);
    run.only(
        "acme/us-east-1",
        "access refused KMSInvalidStateException",
        &["1h5s"],
    );
    run.only(
        "acme/us-east-1",
        "access refused NotFoundException",
        &["7d1h"],
    );
}

#[test]
fn faults_are_seen_and_ended_at_their_instant() {
    let run = world()
        .event("at: 1h, do: KmsUnreachable, region: us-west-2, for: 1h")
        .run();
    run.only(SITE, "access refused DependencyTimeoutException", &["1h"]);
    run.only(SITE, "access granted", &["2h"]);
}

#[test]
fn the_state_of_a_key_is_the_commanded_one_and_access_follows_the_visible_one() {
    world()
        .event(DISABLE)
        .expect("within: 1h..1h, keys: main/us-west-2, state: Disabled")
        .expect("throughout: 0s..1h4s999ms, sites: acme/us-west-2, access: granted, error: none")
        .expect(
            "within: 1h5s..1h5s, sites: acme/us-west-2, access: refused, error: DisabledException",
        )
        .holds();
}

#[test]
fn two_commands_of_one_instant_are_an_error_if_both_set_one_thing_or_one_needs_the_other() {
    let traffic = "do: SetTraffic, collections: acme/us-west-2/orders, queries: 1/s";
    let create = "do: CreateCollection, org: acme, name: us-west-2/new";
    let replicate = "do: ReplicateKey, key: main, region: eu-west-1";
    let disable = "do: DisableKey, key: main, region: us-west-2";
    let rotate = "do: EnableKeyRotation, key: main, period: 90d";
    let put = &format!("{PUT}, policy: default");
    for (one, other, wrong) in [
        (disable, ENABLE, true),
        (put, &*format!("{PUT}, policy: vendor"), true),
        (put, REMOVE, true),
        (REMOVE, RESTORE, true),
        (rotate, "do: DisableKeyRotation, key: main", true),
        (
            traffic,
            "do: SetTraffic, collections: acme/us-west-2/*, queries: 2/s",
            true,
        ),
        (
            create,
            "do: DeleteCollection, org: acme, name: us-west-2/new",
            true,
        ),
        (replicate, disable, true),
        (
            REMOVE,
            "do: RemoveActions, key: main, region: us-west-2, actions: [\"kms:Decrypt\"]",
            false,
        ),
        (
            "do: AddRegion, org: acme, region: us-east-1",
            "do: CreateCollection, org: acme, name: us-east-1/new",
            false,
        ),
        (disable, put, false),
        (disable, REMOVE, false),
    ] {
        let found = world()
            .event(&format!("at: 1h, {one}"))
            .event(&format!("at: 1h, {other}"))
            .wrong();
        assert_eq!(
            found.iter().any(|it| it == "E030"),
            wrong,
            "{one} with {other}: {found:?}"
        );
        assert!(wrong || found.is_empty(), "{one} with {other}: {found:?}");
    }
}

#[test]
fn a_refused_command_plans_no_opposite() {
    let run = world()
        .event("at: 1h, do: ScheduleKeyDeletion, key: main, region: us-east-1")
        .event("at: 2h, do: DisableKey, key: main, region: us-east-1, for: 1h")
        .run();
    run.only(
        "main/us-east-1",
        "refused DisableKey KMSInvalidStateException",
        &["2h"],
    );
    run.never("main/us-east-1", "command EnableKey");
}

#[test]
fn a_fault_holds_while_any_command_of_it_does() {
    let run = world()
        .event("at: 1h, do: KmsUnreachable, region: us-west-2, for: 2h")
        .event("at: 2h, do: KmsUnreachable, region: us-west-2, for: 2h")
        .run();
    run.only("us-west-2", "fault_began", &["1h"]);
    run.only("us-west-2", "fault_ended", &["4h"]);
    run.only(SITE, "access", &["1h", "4h"]);
}

#[test]
fn the_opposite_of_a_policy_puts_back_what_that_command_replaced() {
    // The first replaced `vendor` and puts it back at 4h; the second replaced `default` and puts that back at 5h.
    let run = world()
        .event(&format!("at: 1h, {PUT}, policy: default, for: 3h"))
        .event(&format!("at: 2h, {PUT}, policy: default, for: 3h"))
        .run();
    run.only(SITE, "access refused", &["1h5s", "5h5s"]);
    run.only(SITE, "access granted", &["4h5s"]);
}

#[test]
fn to_remove_what_no_such_statement_has_is_an_error_judged_on_the_commanded_policy() {
    let absent = "at: 1h, do: RemoveActions, key: main, region: us-west-2, actions: [\"kms:Sign\"]";
    assert_eq!(world().event(absent).wrong(), ["E031"]);
    let before = world().event(&format!("at: 1h, {PUT}, policy: default"));
    assert_eq!(before.event(&format!("at: 2h, {REMOVE}")).wrong(), ["E031"]);
    let twice = world().event(&format!("at: 1h, {REMOVE}"));
    assert_eq!(
        twice.clone().event(&format!("at: 2h, {REMOVE}")).wrong(),
        ["E031"]
    );
    let again = twice
        .event(&format!("at: 90m, {RESTORE}"))
        .event(&format!("at: 2h, {REMOVE}"));
    assert!(again.wrong().is_empty());
}

#[test]
fn policy_commands_are_taken_in_every_state_but_of_what_is_absent() {
    let run = world()
        .event("at: 1h, do: ScheduleKeyDeletion, key: main, region: us-west-2")
        .event(&format!("at: 2h, {PUT}, policy: default"))
        .event("at: 3h, do: PutKeyPolicy, key: main, region: eu-west-1, policy: default")
        .event("at: 4h, do: AddRegion, org: acme, region: eu-west-1")
        .run();
    run.never(REPLICA, "refused");
    run.only(REPLICA, "visible", &["1h5s", "2h5s"]);
    run.only(
        "main/eu-west-1",
        "refused PutKeyPolicy NotFoundException",
        &["3h"],
    );
}

#[test]
fn vendor_names_every_resource_and_the_account_of_the_service() {
    let add = "at: 1h, do: AddRegion, org: acme, region: us-east-1";
    let run = world()
        .set("service.account: \"123456789012\"")
        .event(add)
        .run();
    run.never("acme", "org_refused");
    run.only("acme/us-east-1", "site operating", &["1h"]);
}

/// A policy whose only grant for the service hangs on a condition.
const CONDITIONAL: &str = "policy: { Version: \"2012-10-17\", Statement: [{ Effect: Allow, Action: \"kms:*\", Resource: \"*\", \
     Principal: { AWS: \"arn:aws:iam::318212636800:root\" }, Condition: { StringEquals: { \"aws:PrincipalOrgID\": \"o-1\" } } }] }";

#[test]
fn what_cannot_be_told_is_an_error_a_refusal_or_a_grant() {
    let under = |set: &str| world().key(CONDITIONAL).set(set);
    assert_eq!(under("").wrong(), ["E024"]);
    assert_eq!(under("cannot_tell: error").wrong(), ["E024"]);
    under("cannot_tell: deny")
        .run()
        .only("acme", "org_refused R3", &["0s"]);
    under("cannot_tell: allow")
        .run()
        .never("acme", "org_refused");
}

#[test]
fn a_statement_without_action_is_a_warning_at_the_start_and_bad_input_in_a_call() {
    let odd = "{ Version: \"2012-10-17\", Statement: [{ Effect: Allow, Resource: \"*\", Principal: \"*\" }] }";
    let start = world().key(&format!("policy: {odd}"));
    assert_eq!(replay::warned(&start.yaml()), ["W002"]);
    start.run().only("acme", "org_refused R3", &["0s"]);
    for call in [
        format!("at: 1h, {PUT}, policy: {odd}"),
        format!("at: 1h, do: ReplicateKey, key: main, region: eu-west-1, policy: {odd}"),
    ] {
        assert_eq!(world().event(&call).wrong(), ["E022"], "{call}");
    }
}

#[test]
fn a_disabled_key_stops_what_depends_on_it_at_the_instant_it_is_visible() {
    let run = world().event(DISABLE).run();
    run.only(ORDERS, "queries none", &["1h5s"]);
    run.only(ORDERS, "ingest halted", &["1h5s"]);
    run.only(ORDERS, "status ENCRYPTION_KEY_ERROR", &["1h5s"]);
}
