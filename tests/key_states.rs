//! Key states to the letter: AWS's table cell by cell, and small stories of what a key goes through.

#[path = "common/replay.rs"]
mod replay;

use keyoutage::states::KeyState;
use keyoutage::states::operations::{Operation, cell, refusal};
use keyoutage::timeline::Fact as What;
use replay::Fact;

/// The page "Key states of AWS KMS keys", transcribed from its text and not from the code: `ok` is its ✓, `?` its
/// question mark, a number alone its X with that note, `|` its "or", `,` its comma, `-` its N/A.
///
/// Enabled, Disabled, Pending deletion (or replica deletion), Pending import, Unavailable, Creating, Updating.
const PAGE: &str = "
CancelKeyDeletion                   4   4   ok  4   4,13 4  4
CreateAlias                         ok  ok  3   ok  ok   ok ok
CreateGrant                         ok  1   2|3 5   ok   14 ok
Decrypt                             ok  1   2|3 5   11   14 ok
DeleteAlias                         ok  ok  ok  ok  ok   ok ok
DeleteImportedKeyMaterial           ok9 ok9 ok9 ok- -    14 15
DescribeKey                         ok  ok  ok  ok  ok   ok ok
DisableKey                          ok  ok  3   5   ok12 14 15
DisableKeyRotation                  ?7  1|7 3|7 6   7    14 ?7
EnableKey                           ok  ok  3   5   ok12 14 15
EnableKeyRotation                   ?7  1|7 3|7 6   7    14 ?7
Encrypt                             ok  1   2|3 5   11   14 ok
GenerateDataKey                     ok  1   2|3 5   11   14 ok
GenerateDataKeyPair                 ok  1   2|3 5   11   14 ok
GenerateDataKeyPairWithoutPlaintext ok  1   2|3 5   11   14 ok
GenerateDataKeyWithoutPlaintext     ok  1   2|3 5   11   14 ok
GenerateMac                         ok  1   2|3 -   -    14 ok
GetKeyPolicy                        ok  ok  ok  ok  ok   ok ok
GetKeyRotationStatus                ?7  ?7  ?7  6   7    ?7 ?7
GetParametersForImport              ?9  ?9  8|9 ok  9    14 15
GetPublicKey                        ok  1   2|3 -   -    14 ok
ImportKeyMaterial                   ?9  ?9  8|9 ok  9    14 ok
ListAliases                         ok  ok  ok  ok  ok   ok ok
ListGrants                          ok  ok  ok  ok  ok   ok ok
ListKeyPolicies                     ok  ok  ok  ok  ok   ok ok
ListResourceTags                    ok  ok  ok  ok  ok   ok ok
PutKeyPolicy                        ok  ok  ok  ok  ok   ok ok
ReEncrypt                           ok  1   2|3 5   11   14 ok
ReplicateKey                        ok  1   2|3 5   -    14 15
RetireGrant                         ok  ok  ok  ok  ok   ok ok
RevokeGrant                         ok  ok  ok  ok  ok   ok ok
ScheduleKeyDeletion                 ok  ok  3   ok  ok   ok 15
Sign                                ok  1   2|3 -   -    14 ok
TagResource                         ok  ok  3   ok  ok   ok ok
UntagResource                       ok  ok  3   ok  ok   ok ok
UpdateAlias                         ok  ok  ?10 ok  ok   ok ok
UpdateKeyDescription                ok  ok  3   ok  ok   ok ok
UpdatePrimaryRegion                 ok  1   2|3 5   -    14 ok
Verify                              ok  1   2|3 -   -    14 ok
VerifyMac                           ok  1   2|3 -   -    14 ok
";

/// The states of each column of the page.
const COLUMNS: [&[KeyState]; 7] = [
    &[KeyState::Enabled],
    &[KeyState::Disabled],
    &[KeyState::PendingDeletion, KeyState::PendingReplicaDeletion],
    &[KeyState::PendingImport],
    &[KeyState::Unavailable],
    &[KeyState::Creating],
    &[KeyState::Updating],
];

const ORIGINS: [&str; 4] = ["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"];

fn page() -> Vec<(Operation, Vec<&'static str>)> {
    let rows = PAGE.lines().filter(|it| !it.is_empty()).map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next().expect("an operation");
        let operation = Operation::from_word(name).unwrap_or_else(|| panic!("{name}?"));
        (operation, words.collect())
    });
    rows.collect()
}

/// A cell as AWS's page writes it.
fn written(text: &str) -> String {
    let number = |text: &str| format!("[{text}]");
    match text {
        "ok" => "✓".to_owned(),
        "ok-" => "✓ (No effect)".to_owned(),
        "-" => "N/A".to_owned(),
        _ => {
            if let Some(note) = text.strip_prefix("ok") {
                format!("✓ {}", number(note))
            } else if let Some(note) = text.strip_prefix('?') {
                format!("? {}", number(note))
            } else if let Some((first, second)) = text.split_once('|') {
                format!("X {} or {}", number(first), number(second))
            } else if let Some((first, second)) = text.split_once(',') {
                format!("X {}, {}", number(first), number(second))
            } else {
                format!("X {}", number(text))
            }
        }
    }
}

/// The note by which a call is refused, by what the notes say of origins.
fn refused_by(text: &str, state: KeyState, origin: &str) -> Option<u8> {
    let note = |text: &str| text.parse::<u8>().expect("a note");
    let speaks = |note: u8| match note {
        7 => origin != "AWS_KMS",
        9 => origin != "EXTERNAL",
        10 | 12 => false,
        _ => true,
    };
    match text {
        "ok" | "ok-" => None,
        "-" if state == KeyState::PendingImport => Some(5),
        "-" => Some(11),
        _ => {
            let perhaps = text.strip_prefix("ok").or(text.strip_prefix('?'));
            if let Some(one) = perhaps.map(note) {
                return speaks(one).then_some(one);
            }
            if let Some((first, second)) = text.split_once('|') {
                let (first, second) = (note(first), note(second));
                return Some(if speaks(second) { second } else { first });
            }
            Some(note(text.split(',').next().unwrap_or(text)))
        }
    }
}

/// The code and the message of a note, about a key in a state.
fn says(note: u8, state: KeyState, origin: &str) -> (&'static str, String) {
    const INVALID: &str = "KMSInvalidStateException";
    const UNSUPPORTED: &str = "UnsupportedOperationException";
    let waits = if state == KeyState::PendingReplicaDeletion {
        "is pending replica deletion."
    } else {
        "is pending deletion."
    };
    let origin = format!("origin is {origin} which is not valid for this operation.");
    let (code, text) = match note {
        1 => ("DisabledException", "is disabled."),
        2 => ("DisabledException", waits),
        3 | 8 => (INVALID, waits),
        4 => (INVALID, "is not pending deletion."),
        5 => (INVALID, "is pending import."),
        6 => (
            UNSUPPORTED,
            "origin is EXTERNAL which is not valid for this operation.",
        ),
        7 | 9 => (UNSUPPORTED, origin.as_str()),
        11 => (INVALID, "is unavailable."),
        14 => (INVALID, "is creating."),
        15 => (INVALID, "is updating."),
        other => panic!("[{other}] refuses nothing"),
    };
    (code, format!("ARN {text}"))
}

#[test]
fn every_cell_is_the_one_of_the_page() {
    for (operation, cells) in page() {
        for (text, states) in cells.iter().zip(COLUMNS) {
            for state in states {
                let found = cell(operation, *state).map(|it| it.to_string());
                assert_eq!(found, Some(written(text)), "{operation} in {state}");
                for origin in ORIGINS {
                    let found = refusal(operation, *state, origin)
                        .map(|it| (it.code(), it.message("ARN", *state, origin)));
                    let expected = refused_by(text, *state, origin);
                    let expected = expected.map(|note| says(note, *state, origin));
                    assert_eq!(found, expected, "{operation} in {state}, {origin}");
                }
            }
        }
    }
}

#[test]
fn the_table_is_whole() {
    let rows = page();
    assert!(rows.iter().all(|it| it.1.len() == COLUMNS.len()));
    // RotateKeyOnDemand is younger than the page.
    assert_eq!((rows.len(), Operation::ALL.len()), (40, 41));
    for (row, operation) in rows.iter().zip(Operation::ALL) {
        assert_eq!(row.0, *operation, "in the order of the page");
    }
    let states: usize = COLUMNS.iter().map(|it| it.len()).sum();
    assert_eq!((states, KeyState::ALL.len()), (8, 10));
    let cells = Operation::ALL
        .iter()
        .flat_map(|operation| KeyState::ALL.iter().map(|state| (*operation, *state)));
    let (on_page, not_found): (Vec<_>, Vec<_>) =
        cells.partition(|(operation, state)| cell(*operation, *state).is_some());
    assert_eq!((on_page.len(), not_found.len()), (41 * 8, 41 * 2));
    for (operation, state) in not_found {
        let found = refusal(operation, state, "AWS_KMS");
        let told = found.map(|it| (it.code(), it.message("ARN", state, "AWS_KMS")));
        let expected = Some(("NotFoundException", "Key 'ARN' does not exist".to_owned()));
        assert_eq!(told, expected, "{operation} in {state}");
    }
}

#[test]
fn a_rotation_on_demand_has_the_row_of_the_other_rotation_calls() {
    for state in KeyState::ALL {
        for origin in ORIGINS {
            assert_eq!(
                refusal(Operation::RotateKeyOnDemand, *state, origin),
                refusal(Operation::EnableKeyRotation, *state, origin),
                "{state} {origin}"
            );
        }
    }
}

const ID: &str = "mrk-1234abcd12ab34cd56ef1234567890ab";

/// A key in us-west-2 with what is written of it, an org that uses it in two regions, and events. `visibility.*`,
/// `key.creating` and `key.updating` are 5 s; a deletion takes its window and no more.
fn world(until: &str, key: &str, events: &[&str]) -> String {
    let mut text = format!(
        "name: A key\nprofile: rockset\nuntil: {until}\nset: {{ key.deletion_overrun: 0s }}\nkeys:\n  main:\n    \
         arn: arn:aws:kms:us-west-2:111122223333:key/{ID}\n"
    );
    for line in key.lines() {
        text.push_str(&format!("    {line}\n"));
    }
    text.push_str("orgs:\n  acme:\n    key: main\n    regions: [us-west-2, us-east-1]\n");
    text.push_str("    collections: { us-west-2/orders: { source: kafka } }\n");
    if !events.is_empty() {
        text.push_str("events:\n");
    }
    for event in events {
        text.push_str(&format!("  - {{ {event} }}\n"));
    }
    text
}

const TWO: &str = "replicas:\n  us-east-1: { policy: vendor }";
const THREE: &str = "replicas:\n  us-east-1: { policy: vendor }\n  eu-west-1: { policy: vendor }";
const WEST: &str = "main/us-west-2";
const EAST: &str = "main/us-east-1";

/// The entries about a subject that begin with a word, as `when text`.
fn told(facts: &[Fact], subject: &str, word: &str) -> Vec<String> {
    let about = facts
        .iter()
        .filter(|it| it.subject == subject && it.text.starts_with(word));
    about.map(|it| format!("{} {}", it.at, it.text)).collect()
}

/// The refusals of a run, as `when verb: code: message`, with the key's ARN in a region as `REGION`.
fn refusals(text: &str) -> Vec<String> {
    let timeline = replay::replay(&replay::good(text));
    let mut all = Vec::new();
    for entry in &timeline.entries {
        if let What::Refused {
            verb,
            code,
            message,
        } = entry.fact
        {
            let message = &timeline.texts[message.expect("AWS says something") as usize];
            let message = message.replace("arn:aws:kms:", "");
            let message = message.replace(&format!(":111122223333:key/{ID}"), "");
            all.push(format!("{} {verb}: {code}: {message}", entry.time));
        }
    }
    all
}

#[test]
fn a_refused_call_says_aws_own_words_and_changes_nothing() {
    let events = [
        "at: 1h, do: DisableKey, key: main, region: us-east-1",
        "at: 2h, do: CancelKeyDeletion, key: main, region: us-east-1",
        "at: 3h, do: ScheduleKeyDeletion, key: main, region: us-west-2",
        "at: 4h, do: EnableKey, key: main, region: us-west-2",
        "at: 5h, do: ReplicateKey, key: main, region: eu-west-1",
        "at: 6h, do: RotateKeyOnDemand, key: main",
        "at: 7h, do: DisableKey, key: main, region: eu-west-1",
        "at: 8h, do: ImportKeyMaterial, key: main, region: us-east-1",
    ];
    let text = world("2d", TWO, &events);
    assert_eq!(
        refusals(&text),
        [
            "2h CancelKeyDeletion: KMSInvalidStateException: us-east-1 is not pending deletion.",
            "4h EnableKey: KMSInvalidStateException: us-west-2 is pending replica deletion.",
            "5h ReplicateKey: KMSInvalidStateException: us-west-2 is pending replica deletion.",
            "6h RotateKeyOnDemand: KMSInvalidStateException: us-west-2 is pending replica deletion.",
            "7h DisableKey: NotFoundException: Key 'eu-west-1' does not exist",
            "8h ImportKeyMaterial: UnsupportedOperationException: us-east-1 origin is AWS_KMS which is not valid for this operation.",
        ]
    );
    let facts = replay::facts(&text);
    assert_eq!(told(&facts, EAST, "state"), ["1h state Disabled"]);
    assert_eq!(
        told(&facts, WEST, "state"),
        ["3h state PendingReplicaDeletion"]
    );
    assert!(told(&facts, "main/eu-west-1", "state").is_empty());
}

#[test]
fn a_million_refusals_would_keep_one_message() {
    let event = "at: 1h, do: CancelKeyDeletion, key: main, region: us-west-2, repeat: { every: 1m, times: 50 }";
    let timeline = replay::replay(&replay::good(&world("2d", TWO, &[event])));
    let scenario = replay::good(&world("2d", TWO, &[event]));
    assert_eq!(timeline.texts.len(), scenario.commands.len() + 1);
}

// Which replica is the primary.

#[test]
fn another_primary_is_updating_and_usable() {
    let events = ["at: 1h, do: UpdatePrimaryRegion, key: main, region: us-east-1"];
    let facts = replay::facts(&world("2d", TWO, &events));
    for subject in [WEST, EAST] {
        assert_eq!(
            told(&facts, subject, "state"),
            ["1h state Updating", "1h00m05s state Enabled"],
            "{subject}"
        );
    }
    assert!(
        facts.iter().all(|it| !it.text.starts_with("access")),
        "{facts:#?}"
    );
}

#[test]
fn each_replica_is_updating_for_its_own_draw() {
    let events = ["at: 1h, do: UpdatePrimaryRegion, key: main, region: us-east-1"];
    let text = world("2d", TWO, &events).replace("0s }", "0s, key.updating: 1s..10m }");
    let facts = replay::facts(&text);
    let ends = [WEST, EAST].map(|it| told(&facts, it, "state Enabled"));
    assert_eq!(ends.each_ref().map(Vec::len), [1, 1]);
    assert_ne!(ends[0], ends[1]);
}

#[test]
fn while_updating_a_key_is_not_managed_but_may_move_on() {
    let events = [
        "at: 1h, do: UpdatePrimaryRegion, key: main, region: us-east-1",
        "at: 1h1s, do: DisableKey, key: main, region: us-west-2",
        "at: 1h2s, do: ScheduleKeyDeletion, key: main, region: us-east-1",
        "at: 1h3s, do: ReplicateKey, key: main, region: ap-south-1",
        "at: 1h4s, do: UpdatePrimaryRegion, key: main, region: eu-west-1",
    ];
    let text = world("2d", THREE, &events);
    assert_eq!(
        refusals(&text),
        [
            "1h00m01s DisableKey: KMSInvalidStateException: us-west-2 is updating.",
            "1h00m02s ScheduleKeyDeletion: KMSInvalidStateException: us-east-1 is updating.",
            "1h00m03s ReplicateKey: KMSInvalidStateException: us-east-1 is updating.",
        ]
    );
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, WEST, "state"),
        ["1h state Updating", "1h00m05s state Enabled"]
    );
    // It was the primary for four seconds, and is updated anew.
    assert_eq!(
        told(&facts, EAST, "state"),
        ["1h state Updating", "1h00m09s state Enabled"]
    );
    assert_eq!(
        told(&facts, "main/eu-west-1", "state"),
        ["1h00m04s state Updating", "1h00m09s state Enabled"]
    );
}

#[test]
fn who_cannot_be_the_primary() {
    let events = [
        "at: 1h, do: UpdatePrimaryRegion, key: main, region: us-west-2",
        "at: 2h, do: UpdatePrimaryRegion, key: main, region: eu-west-1",
        "at: 3h, do: DisableKey, key: main, region: us-east-1, for: 1h",
        "at: 3h30m, do: UpdatePrimaryRegion, key: main, region: us-east-1",
        "at: 5h, do: DisableKey, key: main, region: us-west-2, for: 1h",
        "at: 5h30m, do: UpdatePrimaryRegion, key: main, region: us-east-1",
        "at: 7h, do: ReplicateKey, key: main, region: eu-west-1",
        "at: 7h1s, do: UpdatePrimaryRegion, key: main, region: eu-west-1",
    ];
    assert_eq!(
        refusals(&world("2d", TWO, &events)),
        [
            "1h UpdatePrimaryRegion: UnsupportedOperationException: us-west-2 is the primary key already.",
            "2h UpdatePrimaryRegion: NotFoundException: Key 'eu-west-1' does not exist",
            "3h30m UpdatePrimaryRegion: DisabledException: us-east-1 is disabled.",
            "5h30m UpdatePrimaryRegion: DisabledException: us-west-2 is disabled.",
            "7h00m01s UpdatePrimaryRegion: KMSInvalidStateException: eu-west-1 is creating.",
        ]
    );
}

#[test]
fn a_single_region_key_has_no_other_primary_and_no_replica() {
    let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let events = [
        "at: 1h, do: UpdatePrimaryRegion, key: main, region: us-east-1",
        "at: 2h, do: ReplicateKey, key: main, region: us-east-1",
    ];
    let text = world("2d", "multi_region: false", &events).replace(ID, id);
    let found: Vec<String> = refusals(&text)
        .iter()
        .map(|it| it.replace(&format!(":111122223333:key/{id}"), ""))
        .collect();
    assert_eq!(
        found,
        [
            "1h UpdatePrimaryRegion: UnsupportedOperationException: us-east-1 is not a multi-Region key.",
            "2h ReplicateKey: UnsupportedOperationException: us-west-2 is not a multi-Region primary key.",
        ]
    );
}

#[test]
fn what_asks_for_the_primary_asks_the_new_one() {
    let events = [
        "at: 1h, do: UpdatePrimaryRegion, key: main, region: us-east-1",
        // The old one is a replica now, and goes without waiting for anybody.
        "at: 2h, do: DisableKey, key: main, region: us-west-2",
        "at: 3h, do: ReplicateKey, key: main, region: eu-west-1",
        "at: 4h, do: RotateKeyOnDemand, key: main",
        "at: 5h, do: ScheduleKeyDeletion, key: main, region: us-west-2, window: 7d",
        "at: 6h, do: ScheduleKeyDeletion, key: main, region: us-east-1, window: 7d",
        "at: 7h, do: RotateKeyOnDemand, key: main",
    ];
    let text = world("20d", TWO, &events);
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, WEST, "state Pending"),
        ["5h state PendingDeletion"]
    );
    assert_eq!(told(&facts, WEST, "state Deleted"), ["7d05h state Deleted"]);
    assert_eq!(
        told(&facts, EAST, "state Pending"),
        ["6h state PendingReplicaDeletion"]
    );
    assert_eq!(told(&facts, "main", "rotated"), ["4h rotated"]);
    assert_eq!(
        refusals(&text),
        ["7h RotateKeyOnDemand: KMSInvalidStateException: us-east-1 is pending replica deletion."]
    );
}

// Imported material.

const EXTERNAL: &str = "origin: EXTERNAL\nreplicas:\n  us-east-1: { policy: vendor }";
const EMPTY: &str =
    "origin: EXTERNAL\nstate: PendingImport\nreplicas:\n  us-east-1: { policy: vendor }";

#[test]
fn an_import_makes_the_key_usable_after_the_delay() {
    let events = ["at: 1h, do: ImportKeyMaterial, key: main, region: us-west-2"];
    let facts = replay::facts(&world("2d", EMPTY, &events));
    assert_eq!(told(&facts, WEST, "state"), ["1h state Enabled"]);
    assert_eq!(
        told(&facts, "acme/us-west-2", "site"),
        ["1h01m site operating"]
    );
}

#[test]
fn deleted_material_is_missing_after_the_delay_and_the_same_again_restores_the_key() {
    let events = [
        "at: 1h, do: DeleteImportedKeyMaterial, key: main, region: us-west-2",
        // It has no effect where nothing is left.
        "at: 2h, do: DeleteImportedKeyMaterial, key: main, region: us-west-2",
        "at: 3h, do: ImportKeyMaterial, key: main, region: us-west-2",
    ];
    let text = world("2d", EXTERNAL, &events);
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, WEST, "state"),
        ["1h state PendingImport", "3h state Enabled"]
    );
    assert_eq!(
        told(&facts, "acme/us-west-2", "access"),
        [
            "1h00m05s access refused KMSInvalidStateException [pending_import]",
            "3h00m05s access granted none"
        ]
    );
    assert!(refusals(&text).is_empty());
    // Each replica has its own material.
    assert!(told(&facts, EAST, "state").is_empty());
}

#[test]
fn an_expiry_comes_by_itself_and_is_seen_at_once() {
    let events = [
        "at: 1h, do: ImportKeyMaterial, key: main, region: us-west-2, expires: 2h",
        "at: 3h, do: ImportKeyMaterial, key: main, region: us-west-2",
    ];
    let facts = replay::facts(&world("2d", EXTERNAL, &events));
    assert_eq!(
        told(&facts, WEST, "state"),
        ["2h state PendingImport", "3h state Enabled"]
    );
    assert_eq!(
        told(&facts, "acme/us-west-2", "access"),
        [
            "2h access refused KMSInvalidStateException [pending_import]",
            "3h00m05s access granted none"
        ]
    );
}

#[test]
fn an_expiry_is_not_seen_before_the_import_that_began_it() {
    let events = ["at: 1h, do: ImportKeyMaterial, key: main, region: us-west-2, expires: 1h2s"];
    let facts = replay::facts(&world("2d", EMPTY, &events));
    assert_eq!(
        told(&facts, WEST, "state"),
        ["1h state Enabled", "1h00m02s state PendingImport"]
    );
    assert!(
        told(&facts, WEST, "visible Enabled").is_empty(),
        "{facts:#?}"
    );
    assert!(told(&facts, "acme/us-west-2", "access").is_empty());
}

#[test]
fn the_last_import_says_when_it_expires() {
    for (again, expected) in [
        (", expires: 5h", vec!["5h state PendingImport"]),
        ("", vec![]),
    ] {
        let again = format!("at: 2h, do: ImportKeyMaterial, key: main, region: us-west-2{again}");
        let events = [
            "at: 1h, do: ImportKeyMaterial, key: main, region: us-west-2, expires: 3h",
            &again,
        ];
        let facts = replay::facts(&world("2d", EXTERNAL, &events));
        assert_eq!(told(&facts, WEST, "state"), expected, "{again}");
    }
}

#[test]
fn material_that_was_deleted_does_not_expire_under_its_successor() {
    let events = [
        "at: 1h, do: ImportKeyMaterial, key: main, region: us-west-2, expires: 5h",
        "at: 2h, do: DeleteImportedKeyMaterial, key: main, region: us-west-2",
        "at: 3h, do: ImportKeyMaterial, key: main, region: us-west-2",
    ];
    let facts = replay::facts(&world("2d", EXTERNAL, &events));
    assert_eq!(
        told(&facts, WEST, "state"),
        ["2h state PendingImport", "3h state Enabled"]
    );
}

#[test]
fn a_disabled_key_stays_so_under_an_import_and_loses_its_material_like_any() {
    let events = [
        "at: 1h, do: DisableKey, key: main, region: us-west-2",
        "at: 2h, do: ImportKeyMaterial, key: main, region: us-west-2, expires: 4h",
        "at: 5h, do: EnableKey, key: main, region: us-west-2",
        "at: 6h, do: ImportKeyMaterial, key: main, region: us-west-2",
    ];
    let text = world("2d", EXTERNAL, &events);
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, WEST, "state"),
        [
            "1h state Disabled",
            "4h state PendingImport",
            "6h state Enabled"
        ]
    );
    assert_eq!(
        refusals(&text),
        ["5h EnableKey: KMSInvalidStateException: us-west-2 is pending import."]
    );
}

#[test]
fn a_key_that_waits_for_its_deletion_may_lose_its_material_and_cannot_get_it_back() {
    for goes in [
        "at: 2h, do: DeleteImportedKeyMaterial, key: main, region: us-east-1",
        "at: 30m, do: ImportKeyMaterial, key: main, region: us-east-1, expires: 2h",
    ] {
        let events = [
            goes,
            "at: 1h, do: ScheduleKeyDeletion, key: main, region: us-east-1",
            "at: 3h, do: ImportKeyMaterial, key: main, region: us-east-1",
            "at: 4h, do: CancelKeyDeletion, key: main, region: us-east-1",
        ];
        let text = world("2d", EXTERNAL, &events);
        let facts = replay::facts(&text);
        assert_eq!(
            told(&facts, EAST, "state"),
            ["1h state PendingDeletion", "4h state PendingImport"],
            "{goes}"
        );
        assert_eq!(
            refusals(&text),
            ["3h ImportKeyMaterial: KMSInvalidStateException: us-east-1 is pending deletion."]
        );
    }
}

#[test]
fn a_new_replica_waits_for_its_own_import() {
    let events = [
        "at: 1h, do: ReplicateKey, key: main, region: eu-west-1, policy: vendor",
        "at: 1h3s, do: ImportKeyMaterial, key: main, region: eu-west-1",
        "at: 2h, do: ImportKeyMaterial, key: main, region: eu-west-1",
    ];
    let text = world("2d", EXTERNAL, &events);
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, "main/eu-west-1", "state"),
        [
            "1h state Creating",
            "1h00m05s state PendingImport",
            "2h state Enabled"
        ]
    );
    assert_eq!(
        refusals(&text),
        ["1h00m03s ImportKeyMaterial: KMSInvalidStateException: eu-west-1 is creating."]
    );
}

#[test]
fn material_may_expire_while_a_key_is_updating() {
    let events = [
        "at: 30m, do: ImportKeyMaterial, key: main, region: us-west-2, expires: 1h2s",
        "at: 1h, do: UpdatePrimaryRegion, key: main, region: us-east-1",
    ];
    let facts = replay::facts(&world("2d", EXTERNAL, &events));
    assert_eq!(
        told(&facts, WEST, "state"),
        ["1h state Updating", "1h00m02s state PendingImport"]
    );
    assert_eq!(
        told(&facts, EAST, "state"),
        ["1h state Updating", "1h00m05s state Enabled"]
    );
}

#[test]
fn a_run_begins_without_material_only_where_it_is_imported() {
    assert_eq!(
        replay::wrong(&world("2d", "state: PendingImport", &[])),
        ["E019"]
    );
    let replica = "replicas:\n  us-east-1: { state: PendingImport }";
    assert_eq!(replay::wrong(&world("2d", replica, &[])), ["E019"]);
    assert!(replay::wrong(&world("2d", EMPTY, &[])).is_empty());
}

// Rotation.

#[test]
fn imported_and_asymmetric_keys_do_not_rotate() {
    for (key, why) in [
        ("origin: EXTERNAL", "origin is EXTERNAL"),
        ("spec: RSA_2048", "key spec is RSA_2048"),
    ] {
        let events = [
            "at: 1h, do: EnableKeyRotation, key: main, period: 90d",
            "at: 2h, do: RotateKeyOnDemand, key: main",
            "at: 3h, do: DisableKeyRotation, key: main",
        ];
        let why = format!(
            "UnsupportedOperationException: us-west-2 {why} which is not valid for this operation."
        );
        assert_eq!(
            refusals(&world("2d", key, &events)),
            [
                format!("1h EnableKeyRotation: {why}"),
                format!("2h RotateKeyOnDemand: {why}"),
                format!("3h DisableKeyRotation: {why}")
            ]
        );
    }
}

#[test]
fn a_key_is_rotated_on_demand_twenty_five_times() {
    let event = "at: 1h, do: RotateKeyOnDemand, key: main, repeat: { every: 1h, times: 26 }";
    let text = world("2d", TWO, &[event]);
    let facts = replay::facts(&text);
    assert_eq!(told(&facts, "main", "rotated").len(), 25);
    assert_eq!(
        refusals(&text),
        [
            "1d02h RotateKeyOnDemand: LimitExceededException: us-west-2 has had its 25 rotations on demand."
        ]
    );
}

#[test]
fn none_on_demand_in_the_twenty_minutes_before_an_automatic_one() {
    let events = [
        "at: 0s, do: EnableKeyRotation, key: main, period: 90d",
        "at: 89d23h39m59s, do: RotateKeyOnDemand, key: main",
        "at: 89d23h40m, do: RotateKeyOnDemand, key: main",
        "at: 90d, do: RotateKeyOnDemand, key: main",
        "at: 90d1s, do: RotateKeyOnDemand, key: main",
        "at: 100d, do: DisableKeyRotation, key: main",
    ];
    let text = world("200d", TWO, &events);
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, "main", "rotated"),
        [
            "89d23h39m59s rotated",
            "90d rotated",
            "90d00h00m01s rotated"
        ]
    );
    let why = "RotateKeyOnDemand: ConflictException: An automatic rotation of us-west-2 is scheduled to begin within 20 minutes.";
    assert_eq!(
        refusals(&text),
        [format!("89d23h40m {why}"), format!("90d {why}")]
    );
}

#[test]
fn a_disabled_key_rotates_when_it_is_enabled_and_an_updating_one_in_its_turn() {
    let events = [
        "at: 0s, do: EnableKeyRotation, key: main, period: 90d",
        "at: 89d, do: DisableKey, key: main, region: us-west-2",
        "at: 90d12h, do: RotateKeyOnDemand, key: main",
        "at: 91d, do: EnableKey, key: main, region: us-west-2",
        "at: 180d23h59m58s, do: UpdatePrimaryRegion, key: main, region: us-east-1",
    ];
    let text = world("200d", TWO, &events);
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, "main", "rotated"),
        ["91d rotated", "181d rotated"]
    );
    assert_eq!(
        refusals(&text),
        ["90d12h RotateKeyOnDemand: DisabledException: us-west-2 is disabled."]
    );
}

#[test]
fn periods_and_windows_are_those_that_aws_takes() {
    for (field, expected) in [
        ("period: 89d", 1),
        ("period: 90d", 0),
        ("period: 2560d", 0),
        ("period: 2561d", 1),
    ] {
        let event = format!("at: 1h, do: EnableKeyRotation, key: main, {field}");
        assert_eq!(
            replay::wrong(&world("2d", TWO, &[&event])).len(),
            expected,
            "{field}"
        );
    }
    for (field, expected) in [
        ("window: 6d", 1),
        ("window: 7d", 0),
        ("window: 30d", 0),
        ("window: 31d", 1),
    ] {
        let event =
            format!("at: 1h, do: ScheduleKeyDeletion, key: main, region: us-west-2, {field}");
        assert_eq!(
            replay::wrong(&world("2d", TWO, &[&event])).len(),
            expected,
            "{field}"
        );
    }
}

// Deletion.

#[test]
fn a_deletion_takes_its_window_and_up_to_a_day() {
    let event = "at: 1h, do: ScheduleKeyDeletion, key: main, region: us-east-1, window: 7d";
    let text = world("60d", TWO, &[event]).replace("overrun: 0s", "overrun: 0s..24h");
    for seed in 0..20 {
        let timeline = replay::replay_with(&replay::good(&text), seed);
        let facts = replay::told(&timeline);
        let gone = facts
            .iter()
            .find(|it| it.subject == EAST && it.text == "state Deleted");
        let ms = gone.expect("it is deleted").ms;
        let (least, most) = ((7 * 24 + 1) * 3_600_000, (8 * 24 + 1) * 3_600_000);
        assert!((least..=most).contains(&ms), "seed {seed}: {ms}");
    }
    // Thirty days when nothing is said.
    let event = "at: 1h, do: ScheduleKeyDeletion, key: main, region: us-east-1";
    let facts = replay::facts(&world("60d", TWO, &[event]));
    assert_eq!(
        told(&facts, EAST, "state Deleted"),
        ["30d01h state Deleted"]
    );
}

#[test]
fn a_cancelled_deletion_leaves_the_key_disabled() {
    let events = [
        "at: 1h, do: ScheduleKeyDeletion, key: main, region: us-east-1, window: 7d",
        "at: 2h, do: CancelKeyDeletion, key: main, region: us-east-1",
        "at: 3h, do: ScheduleKeyDeletion, key: main, region: us-west-2, window: 7d",
        "at: 4h, do: CancelKeyDeletion, key: main, region: us-west-2",
    ];
    let facts = replay::facts(&world("60d", TWO, &events));
    assert_eq!(
        told(&facts, EAST, "state"),
        ["1h state PendingDeletion", "2h state Disabled"]
    );
    assert_eq!(
        told(&facts, WEST, "state"),
        ["3h state PendingReplicaDeletion", "4h state Disabled"]
    );
}

#[test]
fn a_primary_waits_until_the_last_replica_is_gone_and_only_then_counts_its_window() {
    let events = [
        "at: 1h, do: ScheduleKeyDeletion, key: main, region: us-west-2, window: 8d",
        "at: 2h, do: ScheduleKeyDeletion, key: main, region: us-east-1, window: 7d",
        "at: 3h, do: ScheduleKeyDeletion, key: main, region: eu-west-1, window: 30d",
        "at: 39d, do: ReplicateKey, key: main, region: us-east-1",
    ];
    let text = world("60d", THREE, &events);
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, WEST, "state"),
        [
            "1h state PendingReplicaDeletion",
            "30d03h state PendingDeletion",
            "38d03h state Deleted"
        ]
    );
    // A key whose primary is deleted cannot be replicated.
    assert_eq!(
        refusals(&text),
        ["39d ReplicateKey: NotFoundException: Key 'us-west-2' does not exist"]
    );
}

#[test]
fn a_replica_comes_once_a_region_and_again_from_a_living_primary() {
    let events = [
        "at: 1h, do: ReplicateKey, key: main, region: us-east-1",
        "at: 2h, do: ScheduleKeyDeletion, key: main, region: us-east-1, window: 7d",
        "at: 3h, do: ReplicateKey, key: main, region: us-east-1",
        "at: 8d, do: ReplicateKey, key: main, region: us-east-1, policy: vendor",
    ];
    let text = world("20d", TWO, &events);
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, EAST, "state"),
        [
            "2h state PendingDeletion",
            "7d02h state Deleted",
            "8d state Creating",
            "8d00h00m05s state Enabled"
        ]
    );
    let why = "ReplicateKey: AlreadyExistsException: Key 'us-east-1' already exists";
    assert_eq!(refusals(&text), [format!("1h {why}"), format!("3h {why}")]);
}

#[test]
fn disabling_one_replica_does_nothing_to_the_others() {
    let events = ["at: 1h, do: DisableKey, key: main, region: us-west-2"];
    let facts = replay::facts(&world("2d", TWO, &events));
    assert!(told(&facts, EAST, "").is_empty());
    assert!(told(&facts, "acme/us-east-1", "access").is_empty());
}

#[test]
fn aws_material_takes_no_import_in_any_state() {
    let events = [
        "at: 1h, do: UpdatePrimaryRegion, key: main, region: us-east-1",
        "at: 1h2s, do: ImportKeyMaterial, key: main, region: us-west-2, expires: 2h",
    ];
    let text = world("2d", TWO, &events);
    let refused = refusals(&text);
    assert!(
        refused[0].starts_with("1h00m02s ImportKeyMaterial: UnsupportedOperationException: "),
        "{refused:?}"
    );
    assert_eq!(
        told(&replay::facts(&text), WEST, "state"),
        ["1h state Updating", "1h00m05s state Enabled"]
    );
}

#[test]
fn an_expiry_is_seen_no_earlier_than_the_import_that_set_it() {
    let events = ["at: 1h, do: ImportKeyMaterial, key: main, region: us-west-2, expires: 1h2s"];
    let text = world("2d", EXTERNAL, &events).replace("0s }", "0s, visibility.regain: 5s }");
    let facts = replay::facts(&text);
    assert_eq!(
        told(&facts, WEST, "state"),
        ["1h00m02s state PendingImport"]
    );
    let seen = told(&facts, WEST, "visible PendingImport");
    assert_eq!(seen, told(&facts, WEST, "visible"), "{seen:?}");
    assert!(
        told(&facts, "acme/us-west-2", "access refused")[0].starts_with("1h00m05s "),
        "{facts:#?}"
    );
}

#[test]
fn the_end_of_an_update_follows_from_the_command_that_began_it_anew() {
    let events = [
        "at: 1h, do: UpdatePrimaryRegion, key: main, region: us-east-1",
        "at: 1h2s, do: UpdatePrimaryRegion, key: main, region: us-west-2",
    ];
    let timeline = replay::replay(&replay::good(&world("2d", TWO, &events)));
    for (number, entry) in timeline.entries.iter().enumerate() {
        if entry.time.to_string() == "1h00m07s" && entry.fact.word() == "state" {
            let cause = entry.cause.expect("it has a cause");
            let cause = &timeline.entries[cause as usize];
            assert_eq!(cause.time.to_string(), "1h00m02s", "#{number}");
        }
    }
    let ends = timeline
        .entries
        .iter()
        .filter(|it| it.time.to_string() == "1h00m07s");
    assert!(ends.filter(|it| it.fact.word() == "state").count() == 2);
}
