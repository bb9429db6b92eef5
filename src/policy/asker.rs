//! What follows from who asks: the keys of a request that its principal alone decides, and how a request is written.

use super::caller::{Kind, parse_arn};
use super::context::Context;
use super::principal::is_account;

/// Who can ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// An account, an identity or a session of one.
    Identity {
        /// Its account, 12 digits.
        account: String,
        /// `aws:PrincipalArn`: of a session, the role's.
        arn: String,
        /// `aws:PrincipalType`.
        kind: &'static str,
    },
    /// An AWS service.
    Service,
}

impl Asker {
    /// Who a principal is: an account's id, the ARN of an account, a role, a user or a session, or a service's name.
    ///
    /// # Errors
    ///
    /// What is due, if it is none of these.
    pub fn read(text: &str) -> Result<Asker, String> {
        if is_account(text) {
            return Ok(Asker::identity(
                text,
                format!("arn:aws:iam::{text}:root"),
                "Account",
            ));
        }
        if let Some(arn) = parse_arn(text).filter(|_| is_plain(text)) {
            let whole = || text.to_owned();
            // IAM User Guide, "AWS global condition context keys": `aws:PrincipalArn` of a session is its role's ARN
            // (whose path a session does not tell), and `aws:PrincipalType` of a role is `AssumedRole`.
            let (principal, kind) = match arn.kind {
                Kind::Root => (whole(), "Account"),
                Kind::User => (whole(), "User"),
                Kind::FederatedUser => (whole(), "FederatedUser"),
                Kind::Role(_) => (whole(), "AssumedRole"),
                Kind::Session(role) => {
                    let partition = text.split(':').nth(1).unwrap_or("aws");
                    let role = format!("arn:{partition}:iam::{}:role/{role}", arn.account);
                    (role, "AssumedRole")
                }
            };
            return Ok(Asker::identity(arn.account, principal, kind));
        }
        if is_service(text) {
            return Ok(Asker::Service);
        }
        Err("12 digits, the ARN of an account (arn:aws:iam::111122223333:root), a role, a user or a session, or a \
             service such as s3.amazonaws.com"
            .to_owned())
    }

    fn identity(account: &str, arn: String, kind: &'static str) -> Asker {
        Asker::Identity {
            account: account.to_owned(),
            arn,
            kind,
        }
    }

    /// A closed request for an action that carries what follows from who asks, and nothing else. `aws:userid` does not
    /// follow, and is absent.
    pub fn context(&self, action: &str) -> Context {
        let mut context = Context::closed();
        self.tell(action, &mut context);
        context
    }

    /// Says in a request for an action what follows from who asks.
    pub fn tell(&self, action: &str, context: &mut Context) {
        match self {
            Asker::Identity { account, arn, kind } => {
                context.set("aws:PrincipalArn", [arn]);
                context.set("aws:PrincipalAccount", [account]);
                context.set("aws:PrincipalType", [*kind]);
                context.set("aws:PrincipalIsAWSService", ["false"]);
                if is_of_kms(action) {
                    context.set("kms:CallerAccount", [account]);
                }
            }
            Asker::Service => context.set("aws:PrincipalIsAWSService", ["true"]),
        }
    }
}

fn is_of_kms(action: &str) -> bool {
    action
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("kms:"))
}

/// Whether a text is the name of an AWS service: `s3.amazonaws.com`, `delivery.logs.amazonaws.com.cn`.
fn is_service(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let part = |it: &&str| {
        !it.is_empty()
            && it
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    parts.len() >= 3 && parts.iter().all(part) && parts.contains(&"amazonaws")
}

/// Whether nothing in a text is a wildcard, a blank or hidden.
fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'*' | b'?'))
}

/// Whether a text is one operation of a service: `kms:Decrypt`, with no wildcard.
///
/// # Errors
///
/// What is due.
pub fn action_form(text: &str) -> Result<(), String> {
    let due = || "one operation, such as kms:Decrypt, with no wildcard".to_owned();
    let (service, name) = text.split_once(':').ok_or_else(due)?;
    let service_fits = service
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let name_fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if service.is_empty() || name.is_empty() || !service_fits || !name_fits {
        return Err(due());
    }
    Ok(())
}

/// Whether a text is the ARN of one resource. Of KMS, a key's: what is asked by an alias is judged by its key's ARN.
///
/// # Errors
///
/// What is due.
pub fn resource_form(text: &str) -> Result<(), String> {
    let due =
        || "a whole ARN, such as arn:aws:kms:REGION:ACCOUNT:key/ID, with no wildcard".to_owned();
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, region, account, resource] = parts.as_slice() else {
        return Err(due());
    };
    let is_name = |it: &str| {
        it.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let fits = *arn == "arn"
        && (*partition == "aws" || partition.starts_with("aws-"))
        && is_name(partition)
        && !service.is_empty()
        && is_name(service)
        && is_name(region)
        && (account.is_empty() || is_account(account))
        && !resource.is_empty()
        && is_plain(text);
    if !fits {
        return Err(due());
    }
    if *service == "kms" {
        let key = resource.strip_prefix("key/").unwrap_or("");
        if resource.starts_with("alias/") {
            return Err(
                "the ARN of the key itself: AWS judges a request that names an alias by it"
                    .to_owned(),
            );
        }
        if region.is_empty() || account.is_empty() || key.is_empty() || key.contains(['/', ':']) {
            return Err(due());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Asker, action_form, resource_form};
    use crate::policy::Given;

    #[test]
    fn what_follows_from_who_asks() {
        let check = |text: &str, key: &str, want: Option<&str>| {
            let asker = Asker::read(text).expect(text);
            let context = asker.context("kms:Decrypt");
            let found = match context.get(key) {
                Given::Values(values) => Some(values[0].as_str()),
                Given::Absent | Given::Unknown => None,
            };
            assert_eq!(found, want, "{key} of {text}");
        };
        let root = "arn:aws:iam::111122223333:root";
        check("111122223333", "aws:PrincipalArn", Some(root));
        check(root, "aws:PrincipalType", Some("Account"));
        check(root, "kms:CallerAccount", Some("111122223333"));
        check(root, "aws:userid", None);
        let session = "arn:aws-cn:sts::111122223333:assumed-role/Ops/me";
        let role = "arn:aws-cn:iam::111122223333:role/Ops";
        check(session, "aws:PrincipalArn", Some(role));
        check(role, "aws:PrincipalType", Some("AssumedRole"));
        check(
            "arn:aws:iam::111122223333:user/a/b",
            "aws:PrincipalType",
            Some("User"),
        );
        check(
            "s3.amazonaws.com",
            "aws:PrincipalIsAWSService",
            Some("true"),
        );
        check("s3.amazonaws.com", "aws:PrincipalAccount", None);
        let other = Asker::read(root)
            .expect("an account")
            .context("s3:GetObject");
        assert_eq!(other.get("kms:CallerAccount"), Given::Absent);
    }

    #[test]
    fn what_is_malformed_is_refused() {
        for text in [
            "",
            "*",
            "11112222333",
            "arn:aws:iam::1:root",
            "arn:aws:iam::111122223333:role/",
            "someone",
            "arn:aws:iam::111122223333:role/a*",
            "s3.example.com",
            "S3.amazonaws.com",
        ] {
            assert!(Asker::read(text).is_err(), "{text}");
        }
        for (text, fits) in [
            ("kms:Decrypt", true),
            ("KMS:decrypt", true),
            ("s3:GetObject", true),
            ("kms:*", false),
            ("kms:", false),
            (":Decrypt", false),
            ("Decrypt", false),
            ("kms:De crypt", false),
        ] {
            assert_eq!(action_form(text).is_ok(), fits, "{text}");
        }
        for (text, fits) in [
            ("arn:aws:kms:us-west-2:111122223333:key/mrk-1234", true),
            ("arn:aws:s3:::bucket/a", true),
            ("arn:aws:kms:us-west-2:111122223333:alias/a", false),
            ("arn:aws:kms::111122223333:key/a", false),
            ("arn:aws:kms:us-west-2:111122223333:key/*", false),
            ("arn:aws:kms:us-west-2:11112222333:key/a", false),
            ("arn:aws:kms:us-west-2", false),
            ("mrk-1234", false),
            ("*", false),
        ] {
            assert_eq!(resource_form(text).is_ok(), fits, "{text}");
        }
    }
}
