//! Whom a statement speaks of (P5, P6, P7).

use super::caller::{Kind, parse_arn};
use super::clean::clean;
use super::complaint::{Complaint, ComplaintKind, Findings};
use super::shape::{map, texts};
use super::template;
use super::value::{Mark, Node, Value};

/// One principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Principal {
    /// `"*"`, the same as `{"AWS": "*"}`.
    Anyone,
    /// An account by its bare id, in whatever partition the key is.
    Account(String),
    /// An account by its root ARN, which names a partition: an account of `aws-cn` is none of `aws`.
    AccountIn {
        /// The partition.
        partition: String,
        /// The account.
        account: String,
    },
    /// A role, a user, or a session, by its ARN.
    Identity(String),
    /// The unique id that is left of a deleted role or user; it matches nobody (P7).
    Deleted(String),
    /// An AWS service.
    Service(String),
    /// An identity provider.
    Federated(String),
    /// An account's canonical id, as S3 uses it.
    CanonicalUser(String),
}

/// The kinds of principals, as AWS writes them.
const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];

/// Reads `Principal` or `NotPrincipal`.
pub(super) fn read(node: &Node, element: &str, found: &mut Findings) -> Vec<Principal> {
    match &node.value {
        Value::Text(text) if text == "*" => return vec![Principal::Anyone],
        Value::Text(text) => {
            found.add(bare_text(text, element, node.mark));
            return Vec::new();
        }
        Value::List(_) => {
            let what = format!("{element} is a list");
            found.add(bad(node.mark, what).expected("\"*\", or an object such as {\"AWS\": […]}"));
            return Vec::new();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Map(_) => {}
    }
    let Some(members) = map(node, element, found) else {
        return Vec::new();
    };
    if members.is_empty() {
        let what = format!("{element} names nobody");
        found.add(
            Complaint::new(ComplaintKind::EmptyList, node.mark, what)
                .expected("such as {\"AWS\": \"*\"}"),
        );
    }
    let mut principals = Vec::new();
    for (member, value) in members {
        let Some(kind) = KINDS.into_iter().find(|kind| *kind == member.name) else {
            let what = format!("\"{}\" is no kind of principal", clean(&member.name));
            let one_of = format!("one of {}", KINDS.join(", "));
            found.add(
                bad(member.mark, what)
                    .expected(one_of)
                    .nearest(&member.name, &KINDS),
            );
            continue;
        };
        for (text, mark) in texts(value, &format!("{element}.{kind}"), found) {
            match one(kind, text, mark) {
                Ok(principal) => {
                    deleted(&principal, mark, found);
                    principals.push(principal);
                }
                Err(complaint) => found.add(complaint),
            }
        }
    }
    principals
}

/// P7: the unique id of a deleted role or user stays in the policy, and matches nobody, not even a new one of its name.
fn deleted(principal: &Principal, mark: Mark, found: &mut Findings) {
    if let Principal::Deleted(id) = principal {
        let what = format!(
            "\"{}\" was a role or user; it is deleted and matches nobody",
            clean(id)
        );
        found.add(
            Complaint::new(ComplaintKind::DeletedPrincipal, mark, what)
                .expected("the ARN of one that exists"),
        );
    }
}

fn bad(mark: Mark, what: impl Into<String>) -> Complaint {
    Complaint::new(ComplaintKind::BadPrincipal, mark, what)
}

/// A principal that is a text, and not `"*"`.
fn bare_text(text: &str, element: &str, mark: Mark) -> Complaint {
    if let Some(complaint) = template::placeholder(text, mark) {
        return complaint;
    }
    let what = format!(
        "{element} is the text \"{}\"; only \"*\" may stand there as a text",
        clean(text)
    );
    let meant = if aws(text, mark).is_ok() {
        clean(text)
    } else {
        "arn:aws:iam::111122223333:root".to_owned()
    };
    bad(mark, what).expected(format!("such as {{\"AWS\": \"{meant}\"}}"))
}

/// One principal of a kind.
fn one(kind: &str, text: &str, mark: Mark) -> Result<Principal, Complaint> {
    if let Some(complaint) = template::placeholder(text, mark) {
        return Err(complaint);
    }
    match kind {
        "AWS" => aws(text, mark),
        "Service" if is_service(text) => Ok(Principal::Service(text.to_owned())),
        "Service" => {
            let what = format!("\"{}\" is no name of an AWS service", clean(text));
            Err(bad(mark, what).expected("such as \"s3.amazonaws.com\", in lower case"))
        }
        _ if text.is_empty() || text.contains('*') => Err(bad(
            mark,
            format!("\"{}\" names no {kind} principal", clean(text)),
        )),
        "Federated" => Ok(Principal::Federated(text.to_owned())),
        _ => Ok(Principal::CanonicalUser(text.to_owned())),
    }
}

fn is_service(text: &str) -> bool {
    text.contains('.')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-')
}

/// A principal under `"AWS"`: `"*"`, an account id, an ARN, or what is left of a deleted one (P5, P7).
fn aws(text: &str, mark: Mark) -> Result<Principal, Complaint> {
    if text == "*" {
        return Ok(Principal::Anyone);
    }
    if is_account(text) {
        return Ok(Principal::Account(text.to_owned()));
    }
    if is_unique_id(text) {
        return Ok(Principal::Deleted(text.to_owned()));
    }
    if text.contains(['*', '?']) {
        // P5: no partial wildcards.
        let what = format!(
            "a wildcard inside \"{}\": AWS takes none in a principal",
            clean(text)
        );
        return Err(bad(mark, what).expected(
            "\"*\" alone, or a whole ARN; a condition on aws:PrincipalArn takes wildcards",
        ));
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let what = format!(
            "\"{}\" has {} digits; an account id has 12",
            clean(text),
            text.len()
        );
        return Err(bad(mark, what).expected("12 digits"));
    }
    match parse_arn(text) {
        Some(arn) if arn.kind == Kind::Root => Ok(Principal::AccountIn {
            partition: arn.partition.to_owned(),
            account: arn.account.to_owned(),
        }),
        Some(_) => Ok(Principal::Identity(text.to_owned())),
        None => Err(no_arn(text, mark)),
    }
}

/// Neither an ARN nor anything else that AWS takes. Most often the account in it is a word that stands for a number.
fn no_arn(text: &str, mark: Mark) -> Complaint {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    if let ["arn", _, "iam" | "sts", "", account, _] = parts.as_slice()
        && !is_account(account)
    {
        let what = format!(
            "\"{}\" in \"{}\" is no account id",
            clean(account),
            clean(text)
        );
        return bad(mark, what).expected("12 digits");
    }
    bad(mark, format!("\"{}\" is no AWS principal", clean(text)))
        .expected("\"*\", 12 digits, or an ARN such as arn:aws:iam::111122223333:root, …:role/NAME or …:user/NAME")
}

/// Whether a text is an account id.
pub(super) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `AROA…` was a role, `AIDA…` a user.
fn is_unique_id(text: &str) -> bool {
    (text.starts_with("AROA") || text.starts_with("AIDA"))
        && (16..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
