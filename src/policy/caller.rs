//! Who calls, and whether a principal of a policy means them (P5, P6, P7, P9).

use super::principal::{Principal, is_account};

/// The ARN of an account or of something in it that can call.
#[derive(Copy, Clone, Debug)]
pub(super) struct Arn<'a> {
    pub partition: &'a str,
    /// The account it is in.
    pub account: &'a str,
    /// What it is.
    pub kind: Kind<'a>,
}

/// What can call.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// The account itself.
    Root,
    /// A role, by the last part of its path: names are unique in an account whatever their path.
    Role(&'a str),
    /// A user, with its path.
    User,
    /// A session of the role of that name.
    Session(&'a str),
    /// A session of a federated user.
    FederatedUser,
}

/// Takes an ARN of `iam` or `sts` apart, if it is one that can be a principal.
pub(super) fn parse_arn(text: &str) -> Option<Arn<'_>> {
    let mut parts = text.splitn(6, ':');
    let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    let is_aws = partition == "aws" || partition.starts_with("aws-");
    if arn != "arn" || !is_aws || !region.is_empty() || !is_account(account) {
        return None;
    }
    let kind = match (service, resource.split_once('/')) {
        ("iam", None) if resource == "root" => Kind::Root,
        ("iam", Some(("role", path))) => Kind::Role(last(path)?),
        ("iam", Some(("user", path))) => last(path).map(|_| Kind::User)?,
        ("sts", Some(("assumed-role", path))) => {
            let (role, session) = path.split_once('/')?;
            last(session).map(|_| Kind::Session(role))?
        }
        ("sts", Some(("federated-user", path))) => last(path).map(|_| Kind::FederatedUser)?,
        _ => return None,
    };
    Some(Arn {
        partition,
        account,
        kind,
    })
}

fn last(path: &str) -> Option<&str> {
    path.rsplit('/').next().filter(|name| !name.is_empty())
}

/// The caller of a request.
pub(super) struct Caller<'a> {
    text: &'a str,
    arn: Option<Arn<'a>>,
    account: Option<&'a str>,
}

impl<'a> Caller<'a> {
    /// The caller a request names. A bare account id is the account itself (P5).
    pub(super) fn new(text: &'a str) -> Caller<'a> {
        let arn = parse_arn(text);
        let account = arn
            .map(|arn| arn.account)
            .or(is_account(text).then_some(text));
        Caller { text, arn, account }
    }

    /// Whether this principal means the caller. An account means every identity in it, whose own permissions are
    /// taken to be there (P3, P5); a role means its sessions; neither a role nor a user means the rest of its
    /// account (P6); what was deleted means nobody (P7).
    pub(super) fn is(&self, principal: &Principal) -> bool {
        match principal {
            Principal::Anyone => true,
            Principal::Account(id) => self.account == Some(id),
            Principal::AccountIn { partition, account } => {
                self.account == Some(account) && self.arn.is_none_or(|it| it.partition == partition)
            }
            Principal::Identity(arn) => arn == self.text || self.is_session_of(arn),
            Principal::Deleted(_) => false,
            Principal::Service(name)
            | Principal::Federated(name)
            | Principal::CanonicalUser(name) => name == self.text,
        }
    }

    fn is_session_of(&self, role: &str) -> bool {
        let (Some(caller), Some(role)) = (self.arn, parse_arn(role)) else {
            return false;
        };
        match (caller.kind, role.kind) {
            (Kind::Session(of), Kind::Role(name)) => {
                of == name && caller.account == role.account && caller.partition == role.partition
            }
            (
                Kind::Root | Kind::Role(_) | Kind::User | Kind::Session(_) | Kind::FederatedUser,
                _,
            ) => false,
        }
    }

    /// Whether a `NotPrincipal` with `Deny` spares the caller. It denies every principal of the caller that is not
    /// listed: the account, the role and the session are three, and so each must be (P9; AWS's own example lists
    /// account, role and session to spare one session). Listing the account alone therefore spares none of its
    /// identities.
    pub(super) fn is_spared_by(&self, list: &[Principal]) -> bool {
        let lists = |want: &dyn Fn(&Principal) -> bool| list.iter().any(want);
        if lists(&|p| *p == Principal::Anyone) {
            return true;
        }
        if self.account.is_none() {
            return lists(&|p| self.is(p));
        }
        let is_account = |p: &Principal| {
            matches!(p, Principal::Account(_) | Principal::AccountIn { .. }) && self.is(p)
        };
        let account_listed = lists(&is_account);
        let itself_listed = lists(&|p| matches!(p, Principal::Identity(arn) if arn == self.text));
        match self.arn.map(|arn| arn.kind) {
            None | Some(Kind::Root) => account_listed,
            Some(Kind::Role(_) | Kind::User | Kind::FederatedUser) => {
                account_listed && itself_listed
            }
            Some(Kind::Session(_)) => {
                let role_listed =
                    lists(&|p| matches!(p, Principal::Identity(arn) if self.is_session_of(arn)));
                account_listed && role_listed && itself_listed
            }
        }
    }
}

#[cfg(test)]
#[path = "caller_tests.rs"]
mod tests;
