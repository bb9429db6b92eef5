//! What a check offers as mended does no harm: nobody but the service's account is answered otherwise than before, the
//! service only about what it needs, and what is offered passes.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use keyoutage::policy::{
    Answer, Asker, Context, KNOWN_ACTIONS, Policy, Request, SERVICE_OPERATIONS,
};
use keyoutage::preflight::{Aim, Checked, FindingCode, KeyArn, check};
use keyoutage::profile::{Profile, Rules};

const ARN: &str = "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab";
const SERVICE: &str = "318212636800";
const NEAR: &str = "318212636801";

/// Whom the policies speak of, and strangers.
const ASKERS: [&str; 9] = [
    "arn:aws:iam::111122223333:root",
    "arn:aws:iam::111122223333:role/Ops",
    "arn:aws:iam::999999999999:root",
    "arn:aws:iam::999999999999:role/Ops",
    "arn:aws:iam::444455556666:root",
    "arn:aws:iam::318212636800:root",
    "arn:aws:iam::318212636800:role/Reader",
    "arn:aws:iam::318212636801:root",
    "logs.us-west-2.amazonaws.com",
];

/// The codes whose findings are told and not mended, each with its reason. Those of keys (K020 to K027) are about no
/// policy's text.
const UNMENDED: &[(&str, &str)] = &[
    (
        "K007",
        "what a condition means for the service only its author knows",
    ),
    ("K008", "whether the limit is meant only its author knows"),
    ("K009", "whether the end is meant only its author knows"),
    (
        "K011",
        "less for the service is a change of what it was given",
    ),
    ("K012", "who else relies on it nobody can tell"),
    ("K014", "whom a Deny spares is a change for others"),
    (
        "K016",
        "whom of the owner's account to admit is the owner's to say",
    ),
    ("K019", "another Version changes what every variable means"),
    ("K020", "a key, not a policy"),
    ("K021", "a key, not a policy"),
    ("K022", "a key, not a policy"),
    ("K023", "a key, not a policy"),
    ("K024", "a key, not a policy"),
    ("K025", "a key, not a policy"),
    ("K026", "a key, not a policy"),
    ("K027", "a key, not a policy"),
];

fn rules() -> Rules {
    Profile::all()[0].numbers()
}

fn checked(text: &str, rules: &Rules) -> Checked {
    let arn = KeyArn::read(ARN).expect("it is one");
    check(text, "policy.json", &Aim::working(rules, arn, None))
}

fn answers(policy: &Policy, who: &str, action: &str) -> Vec<Answer> {
    let asker = Asker::read(who).expect("somebody");
    let closed = asker.context(action);
    let mut open = Context::open();
    if let Asker::Identity { account, arn, kind } = &asker {
        open.set("aws:PrincipalArn", [arn]);
        open.set("aws:PrincipalAccount", [account]);
        open.set("aws:PrincipalType", [*kind]);
        open.set("kms:CallerAccount", [account]);
    }
    let ask = |context: &Context| {
        let asked = Request {
            principal: who,
            action,
            resource: ARN,
            context,
        };
        policy.decide(&asked).answer
    };
    // Of an AWS service an open request would not even tell that it has no account.
    if asker == Asker::Service {
        return vec![ask(&closed)];
    }
    vec![ask(&closed), ask(&open)]
}

/// Whether what is offered for a text does no harm; returns the codes that are mended in it.
fn harmless(name: &str, text: &str, rules: &Rules) -> BTreeSet<&'static str> {
    let before = checked(text, rules);
    assert!(
        before.repaired.is_none() || before.fresh.is_none(),
        "{name}"
    );
    if let Some(fresh) = &before.fresh {
        assert!(checked(fresh, rules).findings.is_empty(), "{name}");
    }
    let Some(mended) = &before.repaired else {
        return BTreeSet::new();
    };
    let after = checked(mended, rules);
    assert!(after.passes(), "{name}: {mended}");
    assert_eq!(after.repaired, None, "{name}: once is enough");
    let new = Policy::from_json(mended).expect("it is a policy");
    let codes = before.findings.iter();
    let found: BTreeSet<&str> = codes.clone().map(|it| it.code.word()).collect();
    let offered = codes.filter(|it| it.is_mended());
    let offered = offered.map(|it| it.code.word()).collect();
    let Ok(old) = Policy::from_json(&before.text) else {
        let kept = |text: &str| text.matches("\"Effect\"").count();
        assert!(kept(mended) >= kept(&before.text), "{name}: {mended}");
        return offered;
    };
    for who in ASKERS {
        for action in KNOWN_ACTIONS {
            let (was, is) = (answers(&old, who, action), answers(&new, who, action));
            if was == is || (who.contains(SERVICE) && SERVICE_OPERATIONS.contains(&action)) {
                continue;
            }
            // An operator that AWS does not document told nothing; the one that was meant does.
            let told = was.iter().zip(&is);
            let told = told
                .clone()
                .all(|(was, is)| was == is || *was == Answer::CannotTell);
            // What was written for an account by a slip of the pen is the service's.
            let meant = || is == answers(&old, &format!("arn:aws:iam::{NEAR}:root"), action);
            let slip = who.contains(NEAR) || (who.contains(SERVICE) && meant());
            let fine = (found.contains("K028") && told) || (found.contains("K006") && slip);
            assert!(fine, "{name}: {action} by {who}: {was:?}, {is:?}\n{mended}");
        }
    }
    offered
}

#[test]
fn what_is_offered_for_each_code_does_no_harm() {
    let rules = rules();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check_policy");
    let mut mended = BTreeSet::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a text");
        mended.extend(harmless(&path.to_string_lossy(), &text, &rules));
        count += 1;
    }
    assert!(count >= 40, "{count}");
    let unmended: BTreeSet<&str> = UNMENDED.iter().map(|it| it.0).collect();
    let all = FindingCode::ALL.iter().map(|it| it.word());
    let due: BTreeSet<&str> = all.filter(|it| !unmended.contains(it)).collect();
    assert_eq!(mended, due, "every other code is mended in some policy");
    assert!(UNMENDED.iter().all(|it| !it.1.is_empty()));
}

/// Statements of every kind that a mend may meet.
const STATEMENTS: [&str; 22] = [
    r#"{"Sid": "own", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:*", "Resource": "*"}"#,
    r#"{"Sid": "all", "Effect": "Allow", "Principal": {"AWS": "318212636800"}, "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"}"#,
    r#"{"Effect": "Allow", "Principal": "*", "Action": ["kms:Encrypt"], "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": ["999999999999", "318212636800"]}, "Action": ["kms:DescribeKey"], "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": "318212636800"}, "Action": ["kms:Decrpyt", "kms:Encrypt", "kms:CreateGrnt"], "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": "318212636800"}, "Action": "kms:*", "Resource": "arn:aws:kms:us-east-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": ["111122223333", "318212636800"]}, "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": "318212636800"}, "Action": ["kms:Decrypt", "kms:CreateGrant"]}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "kms:Decrpyt", "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": "999999999999"}, "Action": "kms:Decrypt"}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": "318212636801"}, "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": ["318212636801"]}, "Action": ["kms:CreateGrant", "kms:ListGrants"], "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": "318212636800"}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": "318212636800"}, "Action": "kms:*", "Resource": "*", "Condition": {"StringEqual": {"kms:CallerAccount": "318212636800"}}}"#,
    r#"{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::318212636800:role/Reader"}, "Action": "kms:Decrypt", "Resource": "*"}"#,
    r#"{"Sid": "d", "Effect": "Deny", "Principal": {"AWS": "318212636800"}, "Action": ["kms:Decrypt", "kms:CreateGrant", "kms:GenerateDataKey*"], "Resource": "*"}"#,
    r#"{"Sid": "d", "Effect": "Deny", "Principal": "*", "Action": ["kms:ScheduleKeyDeletion", "kms:Decrypt", "kms:Encrypt"], "Resource": "*"}"#,
    r#"{"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}}"#,
    r#"{"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": ["kms:Decrypt", "kms:Sign"], "Resource": "*", "Condition": {"StringNotEquals": {"aws:PrincipalAccount": ["999999999999"]}}}"#,
    r#"{"Effect": "Deny", "Principal": {"AWS": "318212636800"}, "NotAction": "kms:Decrypt", "Resource": "*"}"#,
    r#"{"Effect": "Allow", "Principal": {"Service": "logs.us-west-2.amazonaws.com", "AWS": "318212636800"}, "Action": "kms:Decrypt", "Resource": "*"}"#,
];

#[test]
fn what_is_offered_for_statements_together_does_no_harm() {
    let rules = rules();
    let mut mended = 0;
    let mut judge = |statements: &[&str]| {
        let wide = statements.join(",\n    ");
        let text = format!(
            "{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {wide}\n  ]\n}}\n"
        );
        mended += u32::from(!harmless("generated", &text, &rules).is_empty());
    };
    for (first, one) in STATEMENTS.iter().enumerate() {
        judge(&[one]);
        for (second, other) in STATEMENTS.iter().enumerate().skip(first + 1) {
            judge(&[other, one]);
            // Every seventh of three: all of them take long.
            for third in STATEMENTS.iter().skip(second + 1 + first % 3).step_by(7) {
                judge(&[one, other, third]);
            }
        }
    }
    assert!(mended > 150, "{mended}");
}

fn meaning(text: &str) -> String {
    let policy = Policy::from_json(text).expect("it is a policy");
    policy.meaning().to_owned()
}

#[test]
fn what_is_no_json_is_mended_where_it_slips_or_not_at_all() {
    let rules = rules();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check_policy");
    let good = fs::read_to_string(folder.join("good.json")).expect("it is there");
    let slips = [
        good.replacen("\n    }\n  ]", "\n    },\n  ]", 1),
        good.replacen("kms:Encrypt\",", "kms:Encrypt\"", 1),
        good.replacen("\"Version\"", "// of 2026\n  \"Version\"", 1),
        good.trim_end().trim_end_matches('}').to_owned(),
    ];
    for text in slips {
        assert!(checked(&text, &rules).refused, "{text}");
        assert!(!harmless("a slip", &text, &rules).is_empty(), "{text}");
        let mended = checked(&text, &rules).repaired.expect("it is mended");
        assert_eq!(meaning(&mended), meaning(&good), "{text}");
    }
    for (text, fresh) in [
        ("", true),
        ("Version: 2012-10-17\nStatement: []\n", true),
        ("{\"Version\": \"2012-10-17\", \"Statement\": []}", true),
        (&good[..good.len() / 2], false),
        (&good.replace(':', " "), false),
    ] {
        let it = checked(text, &rules);
        assert_eq!((it.repaired, it.fresh.is_some()), (None, fresh), "{text}");
        assert!(it.findings.iter().all(|it| !it.is_mended()), "{text}");
    }
}

/// Real policies, fragments and what is malformed: all of them, counted.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "where the data lies, no check depends on"
)]
fn what_is_offered_for_real_policies_does_no_harm() {
    let root = std::env::var_os("KEYOUTAGE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    let rules = rules();
    for (folder, count) in [
        ("policies", 42),
        ("policies/fragments", 11),
        ("policies/malformed", 12),
    ] {
        let Ok(entries) = fs::read_dir(root.join(folder)) else {
            // Past the harness, which keeps to itself what a passing test prints.
            let _ = writeln!(std::io::stderr(), "SKIPPED: {folder} is not there");
            continue;
        };
        let mut files = 0;
        for entry in entries {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                files += 1;
                let bytes = fs::read(&path).expect("it can be read");
                let text = String::from_utf8_lossy(&bytes);
                harmless(&path.to_string_lossy(), &text, &rules);
            }
        }
        assert_eq!(files, count, "{folder}");
    }
}
