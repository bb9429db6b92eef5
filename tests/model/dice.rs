//! MODEL 9: order and dice. The dice are thrown here anew, by the text's own recipe.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

use crate::{DISABLE, ORDERS, REPLICA, SITE, world};

/// The words of a label under a seed, each as one of `n` values.
pub(crate) fn throw(seed: u64, label: &str, n: u64, words: usize) -> Vec<u64> {
    let mut hash = Sha256::new();
    hash.update(b"keyoutage/1");
    hash.update([0]);
    hash.update(seed.to_le_bytes());
    let mut dice = ChaCha8Rng::from_seed(hash.finalize().into());
    let mut stream: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in label.bytes() {
        stream = (stream ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    dice.set_stream(stream);
    (0..words)
        .map(|_| ((u128::from(dice.next_u64()) * u128::from(n)) >> 64) as u64)
        .collect()
}

#[test]
fn a_range_is_drawn_by_parameter_and_subject_with_both_ends() {
    let lose = 1_000 + throw(0, "visibility.lose|main/us-west-2", 4_001, 1)[0];
    let run = world().set("visibility.lose: 1s..5s").event(DISABLE).run();
    run.only(
        REPLICA,
        "visible Disabled",
        &[&format!("{}ms", 3_600_000 + lose)],
    );
}

#[test]
fn both_ends_of_a_range_are_drawn_and_nothing_else() {
    let orgs = "  many:\n    key: main\n    regions: [us-west-2]\n    count: 40\n    collections:\n      us-west-2/it: { source: kafka, queries: 1/s, arrivals: 1 MiB/s }\n";
    let run = world()
        .set("pause.after: 1h, pause.pausing: 0ms..2ms")
        .orgs(orgs)
        .event(DISABLE)
        .run();
    let mut drawn = [0; 3];
    for member in 1..=40 {
        let site = format!("many-{member}/us-west-2");
        let at = run.find(&format!("{site}/it"), "status PAUSED");
        let after = run.facts[at[0]].ms - (2 * 3_600_000 + 5_000);
        assert_eq!(
            after,
            throw(0, &format!("pause.pausing|{site}"), 3, 1)[0],
            "{site}"
        );
        drawn[usize::try_from(after).expect("a few milliseconds")] += 1;
    }
    assert!(drawn.iter().all(|it| *it > 0), "{drawn:?}");
}

#[test]
fn the_phase_of_commits_is_a_die_of_the_collection() {
    let phase = throw(0, &format!("commit|{ORDERS}"), 60_000, 1)[0];
    let run = world().set("commit.interval: 1m").event(DISABLE).run();
    let seen: u64 = 3_605_000;
    let due = seen + (phase + 60_000 - seen % 60_000) % 60_000;
    run.only(ORDERS, "ingest halted", &[&format!("{due}ms")]);
}

#[test]
fn the_seed_is_a_part_of_every_die() {
    let scenario =
        crate::replay::good(&world().set("visibility.lose: 1s..5s").event(DISABLE).yaml());
    for seed in [1, 7, u64::MAX] {
        let lose = 1_000 + throw(seed, "visibility.lose|main/us-west-2", 4_001, 1)[0];
        let facts = crate::replay::told(&crate::replay::replay_with(&scenario, seed));
        let seen = facts
            .iter()
            .find(|it| it.text.starts_with("visible"))
            .expect("it is seen");
        assert_eq!(seen.ms, 3_600_000 + lose, "{seed}");
    }
}

#[test]
fn a_member_of_a_count_draws_as_if_its_name_had_been_written() {
    let plain = "source: kafka, queries: 20/s, arrivals: 1 MiB/s";
    let dice = "commit.interval: 1s..1m, cache.life: 1m..5m";
    let counted = world()
        .set(dice)
        .collection(&format!("{plain}, count: 3"))
        .event(DISABLE);
    let written = world().set(dice).event(DISABLE).yaml().replace(
        &format!("      us-west-2/orders: {{ {plain} }}\n"),
        &(1..=3)
            .map(|it| format!("      us-west-2/orders-{it}: {{ {plain} }}\n"))
            .collect::<String>(),
    );
    assert_eq!(counted.run().facts, crate::replay::facts(&written));
}

#[test]
fn members_of_a_count_stand_by_number_and_names_by_their_bytes() {
    let run = world()
        .collection("source: kafka, queries: 1/s, arrivals: 1 MiB/s, count: 11")
        .event(DISABLE)
        .run();
    let halts = run
        .facts
        .iter()
        .filter(|it| it.text.starts_with("ingest halted"));
    let order: Vec<String> = halts
        .map(|it| it.subject.replace("acme/us-west-2/orders-", ""))
        .collect();
    assert_eq!(order, (1..=11).map(|it| it.to_string()).collect::<Vec<_>>());
}

#[test]
fn planned_opposites_come_before_written_commands() {
    let again = "at: 2h, do: DisableKey, key: main, region: us-west-2";
    let run = world()
        .event(&format!("{DISABLE}, for: 1h"))
        .event(again)
        .run();
    let at_two: Vec<&str> = run
        .find(REPLICA, "state")
        .iter()
        .map(|it| run.facts[*it].text.as_str())
        .collect();
    assert_eq!(
        at_two,
        ["state Disabled", "state Enabled", "state Disabled"]
    );
    run.only(SITE, "access", &["1h5s"]);
}

#[test]
fn of_planned_opposites_the_one_begun_last_comes_first() {
    // Both policies end at 3h: the one begun at 2h puts back `default`, then the one begun at 1h puts back `vendor`.
    let put = "do: PutKeyPolicy, key: main, region: us-west-2, policy: default";
    let run = world()
        .event(&format!("at: 1h, {put}, for: 2h"))
        .event(&format!("at: 2h, {put}, for: 1h"))
        .run();
    run.only(SITE, "access refused", &["1h5s"]);
    run.only(SITE, "access granted", &["3h5s"]);
}

#[test]
fn written_commands_come_in_the_order_of_the_table_of_verbs() {
    let run = world()
        .event(
            "at: 1h, do: RemoveActions, key: main, region: us-west-2, actions: [\"kms:Encrypt\"]",
        )
        .event(DISABLE)
        .run();
    let said: Vec<&str> = run
        .find(REPLICA, "command")
        .iter()
        .map(|it| run.facts[*it].text.as_str())
        .collect();
    assert!(
        said[0].starts_with("command DisableKey") && said[1].starts_with("command RemoveActions"),
        "{said:?}"
    );
}

#[test]
fn written_commands_come_before_what_becomes_visible() {
    // The key is seen as disabled at 1h0m5s: a collection made up to and with that instant still finds it.
    for (at, ready) in [("1h4s999ms", 1), ("1h5s", 1), ("1h5s001ms", 0)] {
        let create = format!("at: {at}, do: CreateCollection, org: acme, name: us-west-2/new");
        let run = world().event(DISABLE).event(&create).run();
        assert_eq!(
            run.find("acme/us-west-2/new", "status READY").len(),
            ready,
            "{at}"
        );
    }
}
