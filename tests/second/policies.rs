//! The policies that generated scenarios use.

/// As a scenario writes them; `vendor` and `default` are its own words.
pub const POLICIES: [&str; 12] = [
    "vendor",
    "vendor",
    "default",
    // Everything, and one thing forbidden.
    r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: "318212636800" }, Action: "kms:*", Resource: "*" }, { Effect: Deny, Principal: "*", Action: "kms:Decrypt", Resource: "*" } ] }"#,
    // From half an hour after the start, for an hour.
    r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: "318212636800" }, Action: "kms:*", Resource: "*", Condition: { DateGreaterThanEquals: { "aws:CurrentTime": "2026-03-01T00:30:00Z" }, DateLessThan: { "aws:CurrentTime": "2026-03-01T01:30:00Z" } } } ] }"#,
    // A Deny that begins after two hours.
    r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: "*", Action: "kms:*", Resource: "*" }, { Effect: Deny, NotPrincipal: { AWS: "111122223333" }, Action: ["kms:GenerateDataKey*", "kms:Encrypt"], Resource: "*", Condition: { DateGreaterThan: { "aws:CurrentTime": "2026-03-01T02:00:00Z" } } } ] }"#,
    // All but one.
    r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: "arn:aws:iam::318212636800:root" }, NotAction: "kms:Describe*", Resource: "*" } ] }"#,
    // Split over statements, and in other words.
    r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: ["318212636800", "111122223333"] }, Action: ["kms:encrypt", "kms:?ecrypt"], Resource: "*" }, { Effect: Allow, Principal: { AWS: "arn:aws:iam::318212636800:root" }, Action: ["kms:GenerateDataKey", "kms:GenerateDataKeyW*", "kms:GenerateDataKeyPair*", "kms:DescribeKey"], Resource: "*" } ] }"#,
    // Only through Amazon S3: DescribeKey is asked directly.
    r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: "318212636800" }, Action: "kms:*", Resource: "*", Condition: { StringEquals: { "kms:ViaService": ["s3.us-west-2.amazonaws.com", "s3.us-east-1.amazonaws.com"] } } } ] }"#,
    // The key of one region, pasted everywhere.
    r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: "318212636800" }, Action: "kms:*", Resource: "arn:aws:kms:us-west-2:111122223333:key/*" } ] }"#,
    // Nobody can tell where the calls come from.
    r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: "318212636800" }, Action: "kms:*", Resource: "*", Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } } ] }"#,
    // A role of the service's account is not its root.
    r#"{ Version: "2012-10-17", Statement: [ { Effect: Allow, Principal: { AWS: "arn:aws:iam::318212636800:role/reader" }, Action: "kms:*", Resource: "*" }, { Effect: Allow, Principal: { AWS: "318212636800" }, Action: ["kms:Decrypt", "kms:DescribeKey"], Resource: "*" } ] }"#,
];
