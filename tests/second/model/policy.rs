//! Key policies, judged from their plain parts: what AWS documents of the elements that scenarios here use.

use keyoutage::policy::{Effect, Listed, Part, Policy};
use keyoutage::profile::Rules;
use keyoutage::scenario::Key;
use keyoutage::time::Calendar;

/// The seven operations behind the four actions of R3.
pub const OPERATIONS: [&str; 7] = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:DescribeKey",
];

/// What a policy says to a call.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Answer {
    Allowed,
    DeniedExplicitly,
    Denied,
    CannotTell,
}

/// A policy, as a list of statements that can lose actions and get them back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    statements: Vec<(Part, Vec<String>)>,
}

/// A call of the service: which operation, of which key where, and when in milliseconds of the calendar.
pub struct Call<'a> {
    pub operation: &'static str,
    pub rules: &'a Rules,
    pub key: &'a Key,
    pub region: &'a str,
    pub now_ms: Option<i64>,
}

/// Yes, no, or nobody knows.
type Maybe = Option<bool>;

impl Document {
    pub fn of(policy: &Policy) -> Document {
        let parts = policy.parts().into_iter();
        Document {
            statements: parts.map(|part| (part, Vec::new())).collect(),
        }
    }

    /// `RemoveActions`: literal members of every Allow statement for the service's principal.
    pub fn without(&self, account: &str, actions: &[String]) -> Document {
        let mut after = self.clone();
        for (part, taken) in &mut after.statements {
            let Some(list) = allowed(part, account) else {
                continue;
            };
            let gone = |text: &String| actions.iter().any(|it| it.eq_ignore_ascii_case(text));
            taken.extend(list.iter().filter(|it| gone(it)).cloned());
            list.retain(|it| !gone(it));
        }
        after
    }

    /// `RestoreActions`: back to where they were taken; what was taken from nowhere, to every Allow statement.
    pub fn with(&self, account: &str, actions: &[String]) -> Document {
        let mut after = self.clone();
        for action in actions {
            let same = |it: &String| it.eq_ignore_ascii_case(action);
            let mut back = false;
            for (part, taken) in &mut after.statements {
                let Some(list) = allowed(part, account) else {
                    continue;
                };
                if taken.iter().any(same) {
                    list.extend(taken.iter().filter(|it| same(it)).cloned());
                    taken.retain(|it| !same(it));
                    back = true;
                }
            }
            for (part, _) in &mut after.statements {
                if let (false, Some(list)) = (back, allowed(part, account))
                    && !list.iter().any(same)
                {
                    list.push(action.clone());
                }
            }
        }
        after
    }

    /// What it says, however it is written: one line for each principal, action and resource.
    pub fn meaning(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (part, _) in &self.statements {
            let (Some(what), Some(which)) = (&part.what, &part.which) else {
                continue;
            };
            let mut conditions = part.conditions.clone();
            conditions.iter_mut().for_each(|it| it.2.sort());
            conditions.sort();
            let frame = format!("{:?} {conditions:?}", part.effect);
            for who in parts_of(&part.who) {
                for action in parts_of(what) {
                    for resource in parts_of(which) {
                        let action = action.to_ascii_lowercase();
                        lines.push(format!("{frame} {who} {action} {resource}"));
                    }
                }
            }
        }
        lines.sort();
        lines.dedup();
        lines
    }

    /// The dates it names, in milliseconds of the calendar.
    pub fn dates(&self) -> Vec<i64> {
        let conditions = self
            .statements
            .iter()
            .flat_map(|(part, _)| &part.conditions);
        let dated = conditions.filter(|(operator, ..)| operator.starts_with("Date"));
        let values = dated.flat_map(|(.., values)| values);
        values
            .filter_map(|it| Calendar::parse(it).ok().map(Calendar::ms))
            .collect()
    }

    /// What it says to a call of the service.
    pub fn answer(&self, call: &Call<'_>) -> Answer {
        let mut allowed = Some(false);
        let mut denied = Some(false);
        for (part, _) in &self.statements {
            let holds = applies(part, call);
            match part.effect {
                Effect::Allow => allowed = or(allowed, holds),
                Effect::Deny => denied = or(denied, holds),
            }
        }
        match (denied, allowed) {
            (Some(true), _) => Answer::DeniedExplicitly,
            (_, Some(false)) => Answer::Denied,
            (Some(false), Some(true)) => Answer::Allowed,
            _ => Answer::CannotTell,
        }
    }
}

/// The action list of an Allow statement for the account, its root or everybody.
fn allowed<'a>(part: &'a mut Part, account: &str) -> Option<&'a mut Vec<String>> {
    let whom = part.who.texts.iter().any(|it| is_account(it, account));
    let named = whom && !part.who.all_but && part.effect == Effect::Allow && part.which.is_some();
    let what = part.what.as_mut().filter(|it| named && !it.all_but)?;
    Some(&mut what.texts)
}

fn is_account(principal: &str, account: &str) -> bool {
    principal == "*"
        || principal == account
        || principal
            .strip_suffix(":root")
            .is_some_and(|it| it.starts_with("arn:") && it.ends_with(&format!(":iam::{account}")))
}

/// The texts of an element; for its opposite one text that is all of them.
fn parts_of(listed: &Listed) -> Vec<String> {
    let mut texts = listed.texts.clone();
    // An account's id and its root ARN are one principal (P5).
    for text in &mut texts {
        if let Some(id) = text
            .strip_prefix("arn:aws:iam::")
            .and_then(|it| it.strip_suffix(":root"))
        {
            *text = id.to_owned();
        }
    }
    texts.sort();
    match listed.all_but {
        true => vec![format!("all but {texts:?}")],
        false => texts,
    }
}

fn or(a: Maybe, b: Maybe) -> Maybe {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

fn and(a: Maybe, b: Maybe) -> Maybe {
    or(a.map(|it| !it), b.map(|it| !it)).map(|it| !it)
}

/// Whether a statement speaks of a call.
fn applies(part: &Part, call: &Call<'_>) -> Maybe {
    // A statement without Action or Resource has no effect (P11).
    let (Some(what), Some(which)) = (&part.what, &part.which) else {
        return Some(false);
    };
    let account = &call.rules.service_account;
    let root = format!("arn:{}:iam::{account}:root", call.key.partition);
    let whom = |it: &String| it == "*" || it == account || *it == root;
    let arn = call.key.arn(call.region);
    let fits = part.who.texts.iter().any(whom) != part.who.all_but
        && what
            .texts
            .iter()
            .any(|it| like(&it.to_lowercase(), &call.operation.to_lowercase()))
            != what.all_but
        && which.texts.iter().any(|it| like(it, &arn)) != which.all_but;
    if !fits {
        return Some(false);
    }
    let mut all = Some(true);
    for (operator, key, values) in &part.conditions {
        all = and(all, holds(operator, key, values, call));
    }
    all
}

/// `*` is any run of characters, `?` is one.
fn like(pattern: &str, text: &str) -> bool {
    let mut chars = pattern.chars();
    match chars.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = chars.as_str();
            (0..=text.len()).any(|at| text.is_char_boundary(at) && like(rest, &text[at..]))
        }
        Some('?') => {
            let mut of = text.chars();
            of.next().is_some() && like(chars.as_str(), of.as_str())
        }
        Some(one) => text
            .strip_prefix(one)
            .is_some_and(|rest| like(chars.as_str(), rest)),
    }
}

/// Whether a condition holds for a call (`domain.md` 2b).
fn holds(operator: &str, key: &str, values: &[String], call: &Call<'_>) -> Maybe {
    let (operator, if_exists) = match operator.strip_suffix("IfExists") {
        Some(plain) => (plain, true),
        None => (operator, false),
    };
    if let Some(test) = operator.strip_prefix("Date") {
        return dated(test, key, values, call.now_ms?);
    }
    let carried = carried(key, call)?;
    if operator == "Null" {
        return Some(values.iter().any(|it| (it == "true") == carried.is_empty()));
    }
    let (positive, test): (bool, fn(&str, &str) -> bool) = match operator {
        "StringEquals" => (true, |a, b| a == b),
        "StringNotEquals" => (false, |a, b| a == b),
        "StringEqualsIgnoreCase" | "Bool" => (true, |a, b| a.eq_ignore_ascii_case(b)),
        "StringLike" | "ArnLike" | "ArnEquals" => (true, like),
        "IpAddress" => (true, within),
        "NotIpAddress" => (false, within),
        "StringNotLike" | "ArnNotLike" | "ArnNotEquals" => (false, like),
        _ => return None,
    };
    if carried.is_empty() {
        return Some(if_exists || !positive);
    }
    let any = carried
        .iter()
        .any(|it| values.iter().any(|value| test(value, it)));
    Some(any == positive)
}

/// Whether an address lies in a network, `203.0.113.0/24`, or is the address itself.
fn within(network: &str, address: &str) -> bool {
    use std::net::Ipv4Addr;
    let (base, bits) = network.split_once('/').unwrap_or((network, "32"));
    let (Ok(base), Ok(address)) = (base.parse::<Ipv4Addr>(), address.parse::<Ipv4Addr>()) else {
        return false;
    };
    let apart = bits.parse::<u32>().map_or(u32::MAX, |it| 32 - it.min(32));
    let first = |it: Ipv4Addr| u64::from(u32::from(it)) >> apart.min(63);
    first(base) == first(address)
}

fn dated(test: &str, key: &str, values: &[String], now: i64) -> Maybe {
    if !key.eq_ignore_ascii_case("aws:CurrentTime") {
        return None;
    }
    let mut any = false;
    for value in values {
        let date = Calendar::parse(value).ok()?.ms();
        any |= match test {
            "LessThan" => now < date,
            "LessThanEquals" => now <= date,
            "GreaterThan" => now > date,
            "GreaterThanEquals" => now >= date,
            _ => return None,
        };
    }
    Some(any)
}

/// What a call carries under a key: nothing, some values, or nobody knows.
fn carried(key: &str, call: &Call<'_>) -> Option<Vec<String>> {
    let key = key.to_ascii_lowercase();
    let of_context = key.starts_with("kms:encryptioncontext");
    let describes = call.operation == "kms:DescribeKey";
    let rows = call.rules.carried.iter().rev();
    let mut rows = rows.filter(|it| {
        it.key.eq_ignore_ascii_case(&key)
            && like(&it.action.to_lowercase(), &call.operation.to_lowercase())
    });
    if let (Some(row), false) = (rows.next(), of_context && describes) {
        let values = row.values.iter();
        return Some(
            values
                .map(|it| it.replace("{region}", call.region))
                .collect(),
        );
    }
    let one = |text: &str| Some(vec![text.to_owned()]);
    match key.as_str() {
        "aws:principalaccount" | "kms:calleraccount" => one(&call.rules.service_account),
        "aws:principalisawsservice" => one("false"),
        "aws:securetransport" => one("true"),
        "aws:requestedregion" => one(call.region),
        "aws:resourceaccount" => one(&call.key.account),
        "kms:keyspec" => one(&call.key.spec),
        "kms:keyusage" => one(&call.key.usage),
        "kms:keyorigin" => one(&call.key.origin),
        "kms:multiregion" => one(if call.key.multi_region {
            "true"
        } else {
            "false"
        }),
        "kms:grantisforawsresource" => Some(Vec::new()),
        "kms:encryptioncontextkeys" if describes => Some(Vec::new()),
        _ => None,
    }
}
