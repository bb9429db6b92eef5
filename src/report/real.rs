//! The example of DESIGN 3, built by hand and really run: renderers are tested on what the engine writes.

use crate::chance::{Range, Seed};
use crate::expect::made::rules;
use crate::names::{Names, OrgGroup};
use crate::policy::Policy;
use crate::scenario::{
    Action, Collection, Command, Expectation, Input, Key, Org, Replica, Scenario, Selection, Since,
    What, When, Who,
};
use crate::states::{Ingest, KeyState, Outcome, Queries, Source, Status};
use crate::time::{Rate, Span, Time};

/// `us-east-1/clicks` and `users`, `us-west-2/orders`, and `many` members of `us-east-1/crowd`; the us-east-1 replica is
/// disabled from 1h to 6h, and support is asked at 6h10m.
pub(super) fn scenario(many: u32) -> Scenario {
    let acme = OrgGroup::new(
        "acme".to_owned(),
        None,
        vec![0, 1],
        vec![
            (0, "clicks".to_owned(), None),
            (0, "crowd".to_owned(), Some(many)),
            (0, "users".to_owned(), None),
            (1, "orders".to_owned(), None),
        ],
    );
    let regions = vec!["us-east-1".to_owned(), "us-west-2".to_owned()];
    let names = Names::new(
        vec!["main".to_owned()],
        regions,
        vec![(0, 0), (0, 1)],
        vec![acme],
    );
    let mut rules = rules();
    rules.ingest_catch_up = Range::only(bytes(6 << 20));
    rules.retention[Source::WriteApi as usize] = Span::ZERO;
    rules.retention[Source::DynamoDb as usize] = Span::from_days(1);
    Scenario {
        name: "The us-east-1 replica is disabled for five hours".to_owned(),
        about: None,
        profile: "example".to_owned(),
        rules,
        start: None,
        until: Time::from_ms(hours(24)),
        seed: Seed(0),
        names,
        keys: vec![key()],
        replicas: vec![
            Replica {
                state: KeyState::Enabled,
                policy: 0,
            };
            2
        ],
        orgs: vec![Org {
            key: Some(0),
            first: 1,
            since: vec![Since::Start; 2],
            collections: vec![
                collection(Source::WriteApi, 5, 64 << 10),
                collection(Source::Kafka, 1, 1 << 10),
                collection(Source::DynamoDb, 1, 10 << 10),
                collection(Source::Kafka, 20, 1 << 20),
            ],
        }],
        policies: vec![Policy::vendor("111122223333", "318212636800")],
        commands: commands(many),
        expectations: expectations(many),
        inputs: vec![Input {
            name: "five-hours.yaml".to_owned(),
            sha256: "ab".repeat(32),
        }],
        assumptions: vec!["visibility.lose: a change is seen 5s later".to_owned()],
    }
}

fn hours(n: u64) -> u64 {
    n * 3_600_000
}

fn bytes(a_second: u64) -> Rate {
    Rate::new(a_second, Span::from_ms(1_000)).expect("a second divides a day")
}

fn key() -> Key {
    Key {
        partition: "aws".to_owned(),
        account: "111122223333".to_owned(),
        id: "mrk-1234abcd12ab34cd56ef1234567890ab".to_owned(),
        primary: 1,
        spec: "SYMMETRIC_DEFAULT".to_owned(),
        usage: "ENCRYPT_DECRYPT".to_owned(),
        origin: "AWS_KMS".to_owned(),
        multi_region: true,
        primary_moves: false,
    }
}

fn collection(source: Source, queries: u64, arrivals: u64) -> Collection {
    Collection {
        source,
        queries: bytes(queries),
        arrivals: bytes(arrivals),
        since: Since::Start,
    }
}

fn east(many: u32) -> Selection {
    Selection {
        ranges: std::iter::once(0..many + 2).collect(),
    }
}

fn commands(many: u32) -> Vec<Command> {
    vec![
        Command {
            at: Time::from_ms(hours(1)),
            action: Action::DisableKey(0),
            lasts: Some(Span::from_ms(hours(5))),
            line: 22,
            fields: "key: main, region: us-east-1".to_owned(),
        },
        Command {
            at: Time::from_ms(hours(6) + 600_000),
            action: Action::ContactSupport(east(many)),
            lasts: None,
            line: 23,
            fields: "collections: acme/us-east-1/*".to_owned(),
        },
    ]
}

fn expectations(many: u32) -> Vec<Expectation> {
    let expect = |when, who, what, line, text: &str| Expectation {
        when,
        stays: None,
        other: What::default(),
        who,
        what,
        line,
        column: 5,
        text: text.to_owned(),
    };
    let one = |id| {
        Who::Collections(
            Selection {
                ranges: std::iter::once(id..id + 1).collect(),
            },
            None,
        )
    };
    let minutes = |n: u64| Time::from_ms(n * 60_000);
    let suffers = What {
        queries: Some(Queries::None),
        ingest: Some(Ingest::Halted),
        ..What::default()
    };
    let calm = What {
        queries: Some(Queries::All),
        ingest: Some(Ingest::Running),
        ..What::default()
    };
    let lost = What {
        outcome: Some(Outcome::RecreateWithLoss),
        ..What::default()
    };
    let paused = What {
        status: Some(Status::Paused),
        ..What::default()
    };
    vec![
        expect(
            When::By(minutes(62)),
            Who::Collections(east(many), None),
            suffers,
            25,
            "by 1h2m, collections acme/us-east-1/*: queries none, ingest halted",
        ),
        expect(
            When::Within(minutes(305), minutes(312)),
            Who::Collections(east(many), None),
            paused,
            26,
            "within 5h5m..5h12m, collections acme/us-east-1/*: status PAUSED",
        ),
        expect(
            When::Always,
            one(many + 2),
            calm,
            27,
            "always, collections acme/us-west-2/*: queries all, ingest running",
        ),
        expect(
            When::At(Time::from_ms(hours(24))),
            one(0),
            lost,
            28,
            "at 1d, collections acme/us-east-1/clicks: outcome recreate_with_loss",
        ),
    ]
}
