//! What is judged: the policy of which key, for which service, and at which moment of an organization's life.

use crate::policy::{Answer, Asker, Context, Policy, Request, SERVICE_OPERATIONS, resource_form};
use crate::profile::{About, Rules};
use crate::scenario::key_arn;

/// The ARN of a key, in its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyArn {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// The Region of the key, or of the replica.
    pub region: String,
    /// The account that owns it, 12 digits.
    pub account: String,
    /// The key id.
    pub id: String,
}

impl KeyArn {
    /// Reads a key's ARN.
    ///
    /// # Errors
    /// What is due.
    pub fn read(text: &str) -> Result<KeyArn, String> {
        resource_form(text)?;
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts.as_slice() {
            [_, partition, "kms", region, account, resource] => Ok(KeyArn {
                partition: (*partition).to_owned(),
                region: (*region).to_owned(),
                account: (*account).to_owned(),
                id: resource.trim_start_matches("key/").to_owned(),
            }),
            _ => Err("the ARN of a key, arn:aws:kms:REGION:ACCOUNT:key/ID".to_owned()),
        }
    }

    /// Reads the ARN of a key as AWS makes them: `mrk-` and up to 32 hex digits, or a UUID.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of_a_key(text: &str) -> Result<KeyArn, String> {
        let it = key_arn(text).map_err(|(what, help)| match help {
            Some(help) => format!("{what}: {help}"),
            None => what,
        })?;
        Ok(KeyArn {
            partition: it.partition,
            region: it.region,
            account: it.account,
            id: it.id,
        })
    }

    /// Whether the id of a multi-Region key has fewer digits than AWS gives it, as in examples.
    pub fn is_shortened(&self) -> bool {
        self.is_multi_region() && self.id.len() < "mrk-".len() + 32
    }

    /// As AWS writes it.
    pub fn text(&self) -> String {
        let KeyArn {
            partition,
            region,
            account,
            id,
        } = self;
        format!("arn:{partition}:kms:{region}:{account}:key/{id}")
    }

    /// Whether the id is a multi-Region key's.
    pub fn is_multi_region(&self) -> bool {
        self.id.starts_with("mrk-")
    }
}

/// When in an organization's life a policy matters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stage {
    /// It is put on a key that the service uses.
    Running,
    /// The organizations of these names are created with the key (R2, R3).
    Creation(Vec<String>),
    /// The organizations of these names start to use the key's Region (R4).
    Region(Vec<String>),
}

/// A key, the service that wants to use it, and when.
#[derive(Clone, Debug)]
pub struct Aim<'a> {
    /// How the service behaves.
    pub rules: &'a Rules,
    /// The key.
    pub arn: KeyArn,
    /// Its key spec, such as `SYMMETRIC_DEFAULT`.
    pub spec: &'a str,
    /// Its key usage, such as `ENCRYPT_DECRYPT`.
    pub usage: &'a str,
    /// Where its material comes from, such as `AWS_KMS`.
    pub origin: &'a str,
    /// Whether it is a multi-Region key.
    pub multi_region: bool,
    /// Whether it is the primary, where that is known.
    pub primary: Option<bool>,
    /// The instant of the requests, in milliseconds since 1970-01-01T00:00:00Z, where it is known.
    pub at: Option<i64>,
    /// What to give where an instant is due and none is known, in the words of who asks.
    pub instant_due: &'a str,
    /// What depends on it.
    pub stage: Stage,
}

impl<'a> Aim<'a> {
    /// A key such as R2 asks for, in use.
    pub fn working(rules: &'a Rules, arn: KeyArn, at: Option<i64>) -> Aim<'a> {
        Aim {
            rules,
            multi_region: arn.is_multi_region(),
            arn,
            spec: "SYMMETRIC_DEFAULT",
            usage: "ENCRYPT_DECRYPT",
            origin: "AWS_KMS",
            primary: None,
            at,
            instant_due: "an instant to judge it at: --at 2026-03-01T09:00:00Z",
            stage: Stage::Running,
        }
    }

    /// The operations that matter: all behind R3's four actions; but a service that asks only for what it uses
    /// (`required_actions: mechanistic`) needs all of them no more than once, where an organization is created (R3).
    pub(super) fn operations(&self) -> impl Iterator<Item = &'static str> + use<'a> {
        let all = match self.stage {
            Stage::Running | Stage::Region(_) => false,
            Stage::Creation(_) => true,
        };
        let rules = self.rules;
        SERVICE_OPERATIONS
            .into_iter()
            .filter(move |it| all || rules.uses(it))
    }

    /// The service's principal (R3), in the partition of the key.
    pub(super) fn service(&self) -> String {
        self.root(&self.rules.service_account)
    }

    /// An account's principal, in the partition of the key.
    pub(super) fn root(&self, account: &str) -> String {
        format!("arn:{}:iam::{account}:root", self.arn.partition)
    }

    /// What one of the service's calls carries, at an instant.
    pub(super) fn context(&self, operation: &str, at: Option<i64>) -> Context {
        let about = About {
            region: &self.arn.region,
            account: &self.arn.account,
            spec: self.spec,
            usage: self.usage,
            origin: self.origin,
            multi_region: self.multi_region,
            primary: self.primary,
        };
        let mut context = self.rules.context(operation, &about);
        if let Some(at) = at {
            context.at(at);
        }
        context
    }

    /// What a policy answers to one of the service's calls, at an instant.
    pub(super) fn answer(&self, policy: &Policy, operation: &str, at: Option<i64>) -> Answer {
        let asked = Request {
            principal: &self.service(),
            action: operation,
            resource: &self.arn.text(),
            context: &self.context(operation, at),
        };
        policy.answer(&asked)
    }

    /// What a policy answers to somebody else, of whose request no more is known than who it is.
    pub(super) fn answer_to(&self, policy: &Policy, principal: &str, operation: &str) -> Answer {
        let Ok(asker) = Asker::read(principal) else {
            return Answer::CannotTell;
        };
        let asked = Request {
            principal,
            action: operation,
            resource: &self.arn.text(),
            context: &self.of(&asker, operation),
        };
        policy.answer(&asked)
    }

    /// An open request of somebody: what follows from who it is, and nothing else is known.
    fn of(&self, asker: &Asker, operation: &str) -> Context {
        let mut context = Context::open();
        asker.tell(operation, &mut context);
        context.set("aws:RequestedRegion", [&self.arn.region]);
        if operation == "kms:PutKeyPolicy" {
            context.set("kms:ViaService", Vec::<String>::new());
        }
        if let Some(at) = self.at {
            context.at(at);
        }
        context
    }
}
