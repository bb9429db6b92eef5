//! What the service's calls carry, for the conditions of policies: what its profile and the scenario say, and what
//! follows from the key, the region and the caller.

use crate::policy::{Context, covers};
use crate::profile::Rules;

/// What calls carry under one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Carried {
    /// The key of the condition, such as `kms:ViaService`.
    pub key: String,
    /// Which calls: an action as policies write it, `*` and `?` included.
    pub action: String,
    /// The values, `{region}` standing for the region of the call; none: such calls do not carry the key.
    pub values: Vec<String>,
}

/// The key a call is about, as conditions can ask for it.
#[derive(Copy, Clone, Debug)]
pub struct About<'a> {
    /// The region of the call.
    pub region: &'a str,
    /// The account of the key.
    pub account: &'a str,
    /// `kms:KeySpec`.
    pub spec: &'a str,
    /// `kms:KeyUsage`.
    pub usage: &'a str,
    /// `kms:KeyOrigin`.
    pub origin: &'a str,
    /// `kms:MultiRegion`.
    pub multi_region: bool,
    /// Whether the replica is the primary, for `kms:MultiRegionKeyType`; `None` where that changes or is not known.
    pub primary: Option<bool>,
}

/// How the keys of encryption contexts begin.
const PAIRS: &str = "kms:EncryptionContext";

/// The operations that take an encryption context (AWS KMS Developer Guide, "Encryption context": the cryptographic
/// operations with a symmetric key).
fn is_cryptographic(operation: &str) -> bool {
    operation != "kms:DescribeKey"
}

impl Rules {
    /// What one of the service's calls carries. What is not known is left open.
    pub fn context(&self, operation: &str, about: &About<'_>) -> Context {
        let mut context = Context::open();
        // The caller is an identity of the service's account (R3); which one, nobody published.
        context.set("aws:PrincipalAccount", [&self.service_account]);
        context.set("kms:CallerAccount", [&self.service_account]);
        context.set("aws:PrincipalIsAWSService", ["false"]);
        // KMS takes calls over TLS only (Developer Guide, "Infrastructure security").
        context.set("aws:SecureTransport", ["true"]);
        context.set("aws:RequestedRegion", [about.region]);
        context.set("aws:ResourceAccount", [about.account]);
        // Developer Guide, "AWS KMS condition keys": what the key itself is.
        context.set("kms:KeySpec", [about.spec]);
        context.set("kms:KeyUsage", [about.usage]);
        context.set("kms:KeyOrigin", [about.origin]);
        context.set("kms:MultiRegion", [about.multi_region.to_string()]);
        if !about.multi_region {
            context.set("kms:MultiRegionKeyType", Vec::<String>::new());
        } else if let Some(primary) = about.primary {
            let kind = if primary { "PRIMARY" } else { "REPLICA" };
            context.set("kms:MultiRegionKeyType", [kind]);
        }
        // Only CreateGrant, ListGrants and RevokeGrant carry it (Developer Guide, the same page).
        context.set("kms:GrantIsForAWSResource", Vec::<String>::new());
        if is_cryptographic(operation) {
            if about.spec == "SYMMETRIC_DEFAULT" {
                context.set("kms:EncryptionAlgorithm", ["SYMMETRIC_DEFAULT"]);
            }
        } else {
            context.set("kms:EncryptionAlgorithm", Vec::<String>::new());
            context.set("kms:EncryptionContextKeys", Vec::<String>::new());
        }
        let carried = self.carried.iter().filter(|it| {
            let pairs = it.key.get(..PAIRS.len());
            let pairs = pairs.is_some_and(|start| start.eq_ignore_ascii_case(PAIRS));
            covers(&it.action, operation) && (is_cryptographic(operation) || !pairs)
        });
        for carried in carried {
            let values = carried.values.iter();
            let values = values.map(|it| it.replace("{region}", about.region));
            context.set(&carried.key, values);
        }
        context
    }
}
