//! What a policy costs: one decision over a typical one, and reading it.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use keyoutage::policy::{Answer, Context, Policy, Request};

/// The owner's and the service's statement, and six with conditions, as owners add them over the years.
const TYPICAL: &str = r#"{
  "Version": "2012-10-17",
  "Id": "key-policy",
  "Statement": [
    { "Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111122223333:root" },
      "Action": "kms:*", "Resource": "*" },
    { "Sid": "Allow the service to use the key", "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::318212636800:root" },
      "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*" },
    { "Sid": "Only through storage", "Effect": "Deny", "Principal": { "AWS": "arn:aws:iam::318212636800:root" },
      "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*",
      "Condition": { "StringNotLikeIfExists": { "kms:ViaService": ["s3.*.amazonaws.com", "dynamodb.*.amazonaws.com"] } } },
    { "Sid": "Not over plain text", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*",
      "Condition": { "Bool": { "aws:SecureTransport": "false" } } },
    { "Sid": "Until the contract ends", "Effect": "Deny", "Principal": { "AWS": "318212636800" }, "Action": "kms:*",
      "Resource": "*", "Condition": { "DateGreaterThanEquals": { "aws:CurrentTime": "2030-01-01T00:00:00Z" } } },
    { "Sid": "Not from there", "Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*",
      "Condition": { "IpAddress": { "aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24", "2001:db8::/32"] } } },
    { "Sid": "Grants for services", "Effect": "Allow", "Principal": { "AWS": "318212636800" }, "Action": "kms:CreateGrant",
      "Resource": "*", "Condition": { "Bool": { "kms:GrantIsForAWSResource": true } } },
    { "Sid": "Their own context", "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "kms:Decrypt", "Resource": "*",
      "Condition": { "StringEquals": { "kms:CallerAccount": "444455556666" },
                     "ArnLike": { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::${aws:PrincipalAccount}-data/*" } } }
  ]
}"#;

fn policies(criterion: &mut Criterion) {
    let policy = Policy::from_json(TYPICAL).expect("it is a policy");
    let mut context = Context::closed();
    context.set("kms:ViaService", ["s3.us-west-2.amazonaws.com"]);
    context.set("kms:CallerAccount", ["318212636800"]);
    context.set("aws:PrincipalAccount", ["318212636800"]);
    context.set("aws:SecureTransport", ["true"]);
    context.set("aws:SourceIp", ["198.51.100.7"]);
    context.set(
        "kms:EncryptionContext:aws:s3:arn",
        ["arn:aws:s3:::318212636800-data/a/b"],
    );
    context.at(1_782_864_000_000);
    let request = Request {
        principal: "arn:aws:iam::318212636800:root",
        action: "kms:Decrypt",
        resource: "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        context: &context,
    };
    assert_eq!(policy.decide(&request).answer, Answer::Allowed);
    let mut group = criterion.benchmark_group("policy");
    group.bench_function("decide", |bench| {
        bench.iter(|| policy.decide(black_box(&request)));
    });
    group.bench_function("answer", |bench| {
        bench.iter(|| policy.answer(black_box(&request)));
    });
    group.bench_function("read", |bench| {
        bench.iter(|| Policy::from_json(black_box(TYPICAL)));
    });
    group.finish();
}

criterion_group!(benches, policies);
criterion_main!(benches);
