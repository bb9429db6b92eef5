//! MODEL 10, 11 and 12: judging, entries and their causes, laws that a small scenario can show.

use crate::replay;
use crate::{DISABLE, ORDERS, REPLICA, Run, SITE, World, world};

const CONTACT: &str = "at: 3h, do: ContactSupport, collections: acme/us-west-2/orders";

/// A pause with everything that can follow: the first drop at 3h0m5s, resumed at 13h15m5s.
fn long() -> World {
    world()
        .set("pause.after: 1h, support.delay: 8h, pause.resuming: 15m, sources.kafka.retention: 2h")
        .event(&format!("{DISABLE}, for: 4h"))
        .event(CONTACT)
}

#[track_caller]
fn caused(run: &Run, subject: &str, effect: &str, by: &str, cause: &str) {
    let effects = run.find(subject, effect);
    assert!(
        !effects.is_empty(),
        "no `{effect}` of {subject}:\n{}",
        run.all()
    );
    for at in effects {
        let it = run.cause(at);
        let fits = it.subject == by && it.text.starts_with(cause);
        assert!(
            fits,
            "`{effect}` of {subject} because of `{}` of {}",
            it.text, it.subject
        );
    }
}

#[test]
fn every_effect_names_its_cause() {
    let run = long().run();
    for (subject, effect, by, cause) in [
        (REPLICA, "visible Disabled", REPLICA, "command DisableKey"),
        (REPLICA, "visible Enabled", REPLICA, "command EnableKey"),
        (REPLICA, "command EnableKey", REPLICA, "command DisableKey"),
        (SITE, "access refused", REPLICA, "visible Disabled"),
        (SITE, "access granted", REPLICA, "visible Enabled"),
        (ORDERS, "ingest halted", SITE, "access refused"),
        (ORDERS, "queries none", SITE, "access refused"),
        (
            ORDERS,
            "status ENCRYPTION_KEY_ERROR",
            SITE,
            "access refused",
        ),
        (
            ORDERS,
            "status PAUSING",
            ORDERS,
            "status ENCRYPTION_KEY_ERROR",
        ),
        (ORDERS, "status PAUSED", ORDERS, "status PAUSING"),
        (ORDERS, "data_lost", ORDERS, "ingest halted"),
        (ORDERS, "status RESUMING", ORDERS, "support working"),
        (ORDERS, "outcome resumed_with_gap", ORDERS, "status READY"),
    ] {
        caused(&run, subject, effect, by, cause);
    }
    let pausing = run.find(ORDERS, "status PAUSING")[0];
    let with: Vec<&str> = run.facts[pausing]
        .with
        .iter()
        .map(|at| run.facts[*at].text.as_str())
        .collect();
    assert_eq!(with, ["access refused DisabledException [disabled]"]);
}

#[test]
fn faults_and_traffic_are_causes_too() {
    let down = world()
        .event("at: 1h, do: RegionDown, region: us-west-2, for: 1h")
        .run();
    caused(
        &down,
        ORDERS,
        "queries none",
        "us-west-2",
        "fault_began RegionDown",
    );
    caused(
        &down,
        ORDERS,
        "queries all",
        "us-west-2",
        "fault_ended RegionDown",
    );
    let silent = world()
        .event("at: 1h, do: KmsUnreachable, region: us-west-2, for: 1h")
        .run();
    caused(
        &silent,
        SITE,
        "access refused",
        "us-west-2",
        "fault_began KmsUnreachable",
    );
    caused(
        &silent,
        SITE,
        "access granted",
        "us-west-2",
        "fault_ended KmsUnreachable",
    );
}

#[test]
fn every_chain_ends_at_a_command_or_the_start() {
    let run = long()
        .event("at: 20h, do: RegionDown, region: us-west-2, for: 1h")
        .run();
    for (at, fact) in run.facts.iter().enumerate() {
        let mut first = at;
        while let Some(cause) = run.facts[first].cause {
            assert!(cause < first && run.facts[cause].ms <= run.facts[first].ms);
            first = cause;
        }
        assert!(
            run.facts[first].text.starts_with("command"),
            "{} of {}",
            fact.text,
            fact.subject
        );
    }
}

#[test]
fn access_is_written_whenever_its_set_of_causes_changes() {
    let put = "at: 2h, do: PutKeyPolicy, key: main, region: us-west-2, policy: default";
    let run = world()
        .event(&format!("{DISABLE}, for: 2h"))
        .event(put)
        .run();
    run.only(SITE, "access", &["1h5s", "2h5s", "3h5s"]);
    run.says("2h5s", SITE, "access refused AccessDeniedException [denied");
    let second = run.says("2h5s", SITE, "access");
    assert!(
        run.facts[second].text.ends_with("[disabled]"),
        "{}",
        run.facts[second].text
    );
}

#[test]
fn what_is_so_after_the_start_is_no_entry() {
    assert!(world().run().facts.is_empty());
}

#[test]
fn an_entry_has_its_keys_in_order() {
    let run = long().run();
    for number in 0..run.timeline.entries.len() {
        let mut line = String::new();
        run.timeline
            .write_line(u32::try_from(number).expect("a few entries"), &mut line);
        let at = |key: &str| {
            line.find(&format!("\"{key}\":"))
                .unwrap_or_else(|| panic!("{key}: {line}"))
        };
        let keys = ["t_ms", "kind", "subject", "fact", "cause", "with"].map(at);
        assert!(line.starts_with("{\"t_ms\":") && keys.is_sorted(), "{line}");
    }
}

#[test]
fn milestones_are_written_on_their_entries() {
    let run = long().run();
    for (milestone, at) in [
        ("key_error", "1h00m05s"),
        ("ingest_halted", "1h00m05s"),
        ("first_failed_query", "1h00m05s"),
        ("all_queries_failing", "1h00m05s"),
        ("pausing", "2h00m05s"),
        ("paused", "2h05m05s"),
        ("data_lost", "3h00m05s"),
        ("queries_recovered", "13h15m05s"),
        ("resumed", "13h15m05s"),
    ] {
        assert_eq!(run.reached(milestone), [at], "{milestone}");
    }
    assert_eq!(run.reached("ingest_recovered").len(), 1);
}

#[test]
fn a_subject_is_judged_from_its_creation_and_a_name_means_who_lives_then() {
    world()
        .event(DISABLE)
        .event("at: 30m, do: RecreateCollection, collections: acme/us-west-2/orders")
        .event("at: 2h, do: CreateCollection, org: acme, name: us-west-2/new")
        .expect("always: true, collections: acme/us-west-2/new, status: CREATED")
        .expect("throughout: 30m..1h4s, collections: acme/us-west-2/orders, status: READY")
        .expect("at: 3h, collections: \"acme/us-west-2/orders#1\", status: DELETED")
        .expect("at: 3h, collections: acme/us-west-2/orders, status: ENCRYPTION_KEY_ERROR")
        .holds();
}

#[test]
fn the_state_at_an_instant_is_after_everything_of_that_instant() {
    world()
        .event(&format!("{DISABLE}, for: 1h"))
        .expect("at: 1h4s999ms, collections: acme/us-west-2/orders, queries: all")
        .expect("at: 1h5s, collections: acme/us-west-2/orders, queries: none, ingest: halted, status: ENCRYPTION_KEY_ERROR")
        .expect("at: 2h4s999ms, collections: acme/us-west-2/orders, queries: none")
        .expect("at: 2h5s, collections: acme/us-west-2/orders, queries: all, ingest: catching_up, status: READY")
        .holds();
}

#[test]
fn within_is_the_first_such_instant_and_all_whats_hold_together() {
    let judged = |expect: &str| {
        replay::judged(
            &world()
                .event(&format!("{DISABLE}, for: 1h"))
                .expect(expect)
                .yaml(),
        )[0]
    };
    let who = "collections: acme/us-west-2/orders";
    assert!(judged(&format!(
        "within: 1h5s..1h5s, {who}, queries: none, ingest: halted"
    )));
    assert!(!judged(&format!(
        "within: 1h6s..2h, {who}, queries: none, ingest: halted"
    )));
    assert!(!judged(&format!(
        "by: 2d, {who}, queries: all, ingest: halted"
    )));
    assert!(judged(&format!(
        "within: 2h5s..2h5s, {who}, queries: all, ingest: catching_up"
    )));
}

#[test]
fn before_it_is_written_no_outcome_is_so() {
    long()
        .expect("never: true, collections: acme/us-west-2/orders, outcome: resumed")
        .expect("within: 13h15m5s..13h15m5s, collections: acme/us-west-2/orders, outcome: resumed_with_gap")
        .holds();
}

#[test]
fn an_outage_is_the_sum_of_its_parts() {
    // Law 7, with equal delays: [1h, 2h) and [2h, 3h) are [1h, 3h), but for the commands' own entries.
    let own = |run: &Run| -> Vec<(u64, String, String)> {
        let rest = run.facts.iter().filter(|it| it.subject != REPLICA);
        rest.map(|it| (it.ms, it.subject.clone(), it.text.clone()))
            .collect()
    };
    let whole = world().event(&format!("{DISABLE}, for: 2h")).run();
    let again = "at: 2h, do: DisableKey, key: main, region: us-west-2, for: 1h";
    let parts = world()
        .event(&format!("{DISABLE}, for: 1h"))
        .event(again)
        .run();
    assert_eq!(own(&whole), own(&parts));
}

#[test]
fn a_shorter_run_is_a_prefix_of_a_longer_one() {
    let (short, long) = (long().until("4h").run(), long().run());
    assert_eq!(short.facts, long.facts[..short.facts.len()]);
    assert!(long.facts[short.facts.len()].ms >= 4 * 3_600_000);
}

#[test]
fn incarnations_are_counted_beyond_16_bits() {
    let run = world()
        .until("1d")
        .event("at: 1h, do: RecreateCollection, collections: acme/us-west-2/orders, repeat: { every: 1s, times: 65537 }")
        .run();
    let timeline = &run.timeline;
    let last = timeline.entries.last().expect("much happened").subject;
    assert_eq!(last.incarnation, 65_538);
    assert_eq!(timeline.incarnations(last.id).len(), 65_538);
    let effects = timeline.entries.iter().enumerate();
    assert!(
        effects
            .filter_map(|(at, it)| Some((at, it.cause?)))
            .all(|(at, cause)| (cause as usize) < at)
    );
    let recreated = timeline.milestones();
    let recreated = recreated
        .iter()
        .filter(|it| it.milestone.word() == "recreated");
    assert_eq!(recreated.count(), 65_537);
}
