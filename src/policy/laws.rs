//! Laws that hold for every policy: each over a few hundred made-up ones.

use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, proptest,
};
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};

use super::{Answer, Context, Policy, Request, SERVICE_OPERATIONS};

const KEY: &str = "arn:aws:kms:us-west-2:111122223333:key/mrk-1";

const CALLERS: [&str; 4] = [
    "arn:aws:iam::318212636800:root",
    "arn:aws:iam::318212636800:role/Reader",
    "arn:aws:sts::318212636800:assumed-role/Reader/i-1",
    "s3.amazonaws.com",
];

/// Operators of every kind, and one that is none, each with values it can read.
fn operators() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("StringEquals", vec!["a", "b", "${aws:username}", "*"]),
        ("StringNotEqualsIgnoreCase", vec!["A", "b"]),
        (
            "StringLikeIfExists",
            vec!["a*", "?", "${aws:username, 'a'}"],
        ),
        ("ForAllValues:StringLike", vec!["a*", "b"]),
        ("ForAnyValue:StringNotEquals", vec!["a", "b"]),
        ("NumericLessThan", vec!["1", "2.5", "1700000000"]),
        ("NumericNotEquals", vec!["1", "1700000000.0005"]),
        ("DateLessThan", vec!["2023-11-14T22:13:20Z", "2024"]),
        ("DateEquals", vec!["2023-11-14T22:13:20Z", "1700000001"]),
        (
            "DateGreaterThanEqualsIfExists",
            vec!["1700000000.0005", "2023-11"],
        ),
        ("ForAnyValue:DateNotEquals", vec!["2024"]),
        ("Bool", vec!["true", "false"]),
        ("BinaryEquals", vec!["QQ==", ""]),
        ("NotIpAddress", vec!["10.0.0.0/8", "::1"]),
        ("ArnLike", vec!["arn:aws:iam::*:role/*", "*"]),
        (
            "ArnNotEquals",
            vec!["arn:aws:iam::318212636800:role/Reader"],
        ),
        ("Null", vec!["true", "false"]),
        ("Sometimes", vec!["a"]),
    ]
}

const KEYS: [&str; 8] = [
    "aws:CurrentTime",
    "aws:EpochTime",
    "kms:ViaService",
    "kms:EncryptionContextKeys",
    "aws:PrincipalArn",
    "AWS:SourceIp",
    "aws:MultiFactorAuthAge",
    "aws:SecureTransport",
];

/// A `Condition` of one or two operators with one or two keys each.
fn condition() -> impl Strategy<Value = Value> {
    let one = (
        select(operators()),
        subsequence(KEYS.to_vec(), 1..=2),
        1usize..3,
    );
    proptest::collection::vec(one, 1..=2).prop_map(|all| {
        let mut condition = json!({});
        for ((operator, values), keys, count) in all {
            let values: Vec<&str> = values.into_iter().take(count).collect();
            for key in keys {
                condition[operator][key] = json!(values);
            }
        }
        condition
    })
}

/// A context in which each key has values, is absent or is not known.
fn context() -> impl Strategy<Value = Context> {
    let values = vec![
        "a",
        "b",
        "1",
        "2.5",
        "true",
        "10.1.2.3",
        "QQ==",
        "2023-12-01",
        CALLERS[1],
        "",
    ];
    let given = proptest::option::of(proptest::option::of(subsequence(values, 0..=2)));
    let keys = proptest::collection::vec(given, KEYS.len() + 1);
    (
        any::<bool>(),
        keys,
        proptest::option::of(1_699_999_999_990i64..1_700_000_001_010),
    )
        .prop_map(|(closed, given, now)| {
            let mut context = if closed {
                Context::closed()
            } else {
                Context::open()
            };
            for (key, given) in KEYS.iter().chain(&["aws:username"]).zip(given) {
                match given {
                    Some(Some(values)) => context.set(key, values),
                    Some(None) => context.hide(key),
                    None => {}
                }
            }
            if let Some(now) = now {
                context.at(now);
            }
            context
        })
}

/// One statement of many kinds.
fn statement() -> impl Strategy<Value = Value> {
    let principals = vec!["*", "318212636800", "111122223333", CALLERS[1], CALLERS[2]];
    let actions = vec![
        "kms:Decrypt",
        "kms:*",
        "kms:GenerateDataKey*",
        "KMS:encrypt",
        "kms:DescribeKey",
        "kms:Sign",
    ];
    let resources = vec![
        "*",
        KEY,
        "arn:aws:kms:us-east-1:*:key/*",
        "arn:aws:kms:*:${aws:PrincipalAccount}:key/*",
    ];
    (
        select(vec!["Allow", "Deny"]),
        (
            select(vec!["Principal", "Principal", "Principal", "NotPrincipal"]),
            subsequence(principals, 1..=3),
        ),
        (
            select(vec!["Action", "Action", "Action", "NotAction"]),
            subsequence(actions, 1..=4),
        ),
        (
            select(vec!["Resource", "Resource", "NotResource"]),
            subsequence(resources, 1..=2),
        ),
        any::<[bool; 3]>(),
        condition(),
    )
        .prop_map(
            |(effect, who, what, which, [condition, action, resource], when)| {
                let mut one = json!({ "Effect": effect, who.0: { "AWS": who.1 } });
                if action || condition {
                    one[what.0] = json!(what.1);
                }
                if resource || condition {
                    one[which.0] = json!(which.1);
                }
                if condition && action {
                    one["Condition"] = when;
                }
                one
            },
        )
}

fn statements() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(statement(), 1..5)
}

fn policy(statements: &[Value]) -> Policy {
    let text = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
    Policy::from_json(&text).unwrap_or_else(|wrong| panic!("{text}: {wrong:#?}"))
}

/// The statement taken apart: one for each of the members of its action list, or of its principals.
fn split(statement: &Value) -> Vec<Value> {
    let mut parts = Vec::new();
    if let Some(actions) = statement.get("Action").and_then(Value::as_array) {
        for action in actions {
            let mut part = statement.clone();
            part["Action"] = action.clone();
            parts.push(part);
        }
    } else if let Some(principals) = statement
        .pointer("/Principal/AWS")
        .and_then(Value::as_array)
    {
        for principal in principals {
            let mut part = statement.clone();
            part["Principal"] = json!({ "AWS": principal });
            parts.push(part);
        }
    } else {
        parts.push(statement.clone());
    }
    parts
}

/// How much an answer lets through.
fn rank(answer: Answer) -> u8 {
    match answer {
        Answer::DeniedExplicitly | Answer::DeniedImplicitly => 0,
        Answer::CannotTell => 1,
        Answer::Allowed => 2,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn meaning_outlives_names_order_and_splitting(
        (list, shuffled) in statements().prop_flat_map(|list| {
            let parts: Vec<Value> = list.iter().flat_map(split).enumerate().map(|(at, mut part)| {
                part["Sid"] = json!(format!("part {at}"));
                part
            }).collect();
            (Just(list), Just(parts).prop_shuffle())
        }),
        context in context(),
    ) {
        let (before, after) = (policy(&list), policy(&shuffled));
        prop_assert_eq!(before.meaning(), after.meaning());
        for principal in CALLERS {
            for action in SERVICE_OPERATIONS {
                let request = Request { principal, action, resource: KEY, context: &context };
                prop_assert_eq!(before.decide(&request).answer, after.decide(&request).answer);
            }
        }
    }

    #[test]
    fn another_deny_never_allows_more(list in statements(), mut deny in statement(), at in any::<proptest::sample::Index>(), context in context()) {
        deny["Effect"] = json!("Deny");
        let mut more = list.clone();
        more.insert(at.index(list.len() + 1), deny);
        let (before, after) = (policy(&list), policy(&more));
        for principal in CALLERS {
            for action in SERVICE_OPERATIONS {
                let request = Request { principal, action, resource: KEY, context: &context };
                prop_assert!(rank(after.decide(&request).answer) <= rank(before.decide(&request).answer));
            }
        }
    }

    #[test]
    fn an_answer_without_reasons_is_the_same(list in statements(), context in context()) {
        let policy = policy(&list);
        for principal in CALLERS {
            let request = Request { principal, action: "kms:Decrypt", resource: KEY, context: &context };
            let decision = policy.decide(&request);
            prop_assert_eq!(decision.answer, policy.answer(&request));
            prop_assert!(decision.because.len() <= list.len());
        }
    }

    /// What is learned about a request never turns one sure answer into another.
    #[test]
    fn what_is_sure_stays_when_more_is_known(list in statements(), context in context(), key in select(KEYS.to_vec()), value in select(vec!["a", "1", "true"])) {
        let policy = policy(&list);
        let mut hidden = context.clone();
        hidden.hide(key);
        let mut given = context.clone();
        given.set(key, [value]);
        let mut absent = context;
        absent.set(key, Vec::<String>::new());
        let answer = |context: &Context| rank(policy.answer(&Request { principal: CALLERS[0], action: "kms:Decrypt", resource: KEY, context }));
        let before = answer(&hidden);
        if before != 1 {
            prop_assert_eq!(answer(&given), before);
            prop_assert_eq!(answer(&absent), before);
        }
    }

    #[test]
    fn answers_turn_at_turning_points_only(list in statements(), context in context()) {
        let policy = policy(&list);
        let turns = policy.turning_points();
        prop_assert!(turns.is_sorted_by(|a, b| a < b));
        let answers = |ms: i64| {
            let mut context = context.clone();
            context.at(ms);
            CALLERS.map(|principal| policy.answer(&Request { principal, action: "kms:Decrypt", resource: KEY, context: &context }))
        };
        // Both ends of each stretch between two neighbours, and something in the middle.
        let mut ends = vec![i64::MIN];
        ends.extend(&turns);
        ends.push(i64::MAX);
        for pair in ends.windows(2) {
            let [from, to] = pair else { unreachable!("two at a time") };
            let last = if *to == i64::MAX { *to } else { to - 1 };
            let middle = i64::midpoint(*from, last);
            prop_assert_eq!(answers(*from), answers(last), "{} to {} of {:?}", from, last, turns);
            prop_assert_eq!(answers(*from), answers(middle), "{} to {} of {:?}", from, middle, turns);
        }
    }

    #[test]
    fn what_is_taken_comes_back(list in statements(), action in select(vec!["kms:Decrypt", "KMS:*", "kms:Encrypt"])) {
        let actions = [action.to_owned()];
        let before = policy(&list);
        if let Some(without) = before.without_actions("318212636800", &actions) {
            prop_assert!(without.without_actions("318212636800", &actions).is_none());
            let back = without.with_actions("318212636800", &actions);
            prop_assert_eq!(back.as_ref().map(Policy::meaning), Some(before.meaning()));
        }
    }

    #[test]
    fn no_tree_makes_it_panic(tree in tree(), list in statements(), at in any::<proptest::sample::Index>(), context in context()) {
        let near = near(&list, at, tree.clone());
        for tree in [tree, near] {
            let Ok(policy) = Policy::from_json(&tree.to_string()) else { continue };
            for principal in CALLERS {
                let request = Request { principal, action: "kms:Decrypt", resource: KEY, context: &context };
                prop_assert_eq!(policy.decide(&request).answer, policy.answer(&request));
            }
            policy.turning_points();
        }
    }
}

/// Any JSON, its names and texts being those of policies more often than not.
fn tree() -> impl Strategy<Value = Value> {
    const WORDS: [&str; 16] = [
        "Statement",
        "Version",
        "2012-10-17",
        "Effect",
        "Allow",
        "Principal",
        "AWS",
        "Action",
        "kms:*",
        "Resource",
        "*",
        "Condition",
        "StringLike",
        "DateLessThan",
        "aws:CurrentTime",
        "${aws:username, 'x'}",
    ];
    let word = || proptest::prop_oneof![select(WORDS.to_vec()).prop_map(str::to_owned), ".{0,8}"];
    let leaf = proptest::prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|it| json!(it)),
        any::<i64>().prop_map(|it| json!(it)),
        word().prop_map(|it| json!(it)),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        proptest::prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::vec((word(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A good policy with something else in place of one element, or of one part of its conditions.
fn near(list: &[Value], at: proptest::sample::Index, tree: Value) -> Value {
    let mut list = list.to_vec();
    if let Some(statement) = list.first_mut().and_then(Value::as_object_mut) {
        let names: Vec<String> = statement.keys().cloned().collect();
        let name = &names[at.index(names.len())];
        let element = statement.entry(name.clone()).or_insert(Value::Null);
        match element
            .as_object_mut()
            .and_then(|members| members.values_mut().next())
        {
            Some(inner) if name == "Condition" => *inner = tree,
            _ => *element = tree,
        }
    }
    json!({ "Version": "2012-10-17", "Statement": list })
}
