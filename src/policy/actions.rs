//! The actions KMS knows.

use super::pattern::Pattern;

/// The concrete operations behind R3's four actions: `kms:Encrypt`, `kms:Decrypt`, `kms:GenerateDataKey*` (which is
/// satisfied only by all four operations that begin so) and `kms:DescribeKey`.
pub const SERVICE_OPERATIONS: [&str; 7] = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:DescribeKey",
];

/// The actions of KMS (Service Authorization Reference, "Actions defined by AWS Key Management Service").
pub const KNOWN: [&str; 55] = [
    "kms:CancelKeyDeletion",
    "kms:ConnectCustomKeyStore",
    "kms:CreateAlias",
    "kms:CreateCustomKeyStore",
    "kms:CreateGrant",
    "kms:CreateKey",
    "kms:Decrypt",
    "kms:DeleteAlias",
    "kms:DeleteCustomKeyStore",
    "kms:DeleteImportedKeyMaterial",
    "kms:DeriveSharedSecret",
    "kms:DescribeCustomKeyStores",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:DisconnectCustomKeyStore",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:GenerateMac",
    "kms:GenerateRandom",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:GetParametersForImport",
    "kms:GetPublicKey",
    "kms:ImportKeyMaterial",
    "kms:ListAliases",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListKeys",
    "kms:ListResourceTags",
    "kms:ListRetirableGrants",
    "kms:PutKeyPolicy",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:ReplicateKey",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:Sign",
    "kms:SynchronizeMultiRegionKey",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateCustomKeyStore",
    "kms:UpdateKeyDescription",
    "kms:UpdatePrimaryRegion",
    "kms:Verify",
    "kms:VerifyMac",
];

/// Whether an action as policies write it, `*` and `?` included, covers an operation (P8).
pub fn covers(written: &str, operation: &str) -> bool {
    Pattern::of_action(written).fits_action(operation)
}

/// Operations of the service as the page names them: all four behind `kms:GenerateDataKey*` by that name.
pub fn named(operations: &[&str]) -> Vec<String> {
    const PREFIX: &str = "kms:GenerateDataKey";
    let of_prefix = |some: &[&str]| some.iter().filter(|it| it.starts_with(PREFIX)).count();
    let whole = of_prefix(operations) == of_prefix(&SERVICE_OPERATIONS);
    let mut named: Vec<String> = Vec::new();
    for operation in operations {
        let name = if whole && operation.starts_with(PREFIX) {
            format!("{PREFIX}*")
        } else {
            (*operation).to_owned()
        };
        if !named.contains(&name) {
            named.push(name);
        }
    }
    named
}
