//! Key ARNs: `arn:aws:kms:REGION:ACCOUNT:key/ID`.

use crate::scenario::codes::Code;
use crate::scenario::problem::Problem;
use crate::scenario::render::quote;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::scalars::is_name;
use crate::yaml::Text;

/// The parts of a key ARN.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Arn {
    pub(crate) partition: String,
    pub(crate) region: String,
    pub(crate) account: String,
    pub(crate) id: String,
}

const FORM: &str = "arn:aws:kms:REGION:ACCOUNT:key/mrk-… with an account of 12 digits";

/// The parts of an ARN, or `None` after saying what is wrong with it.
pub(super) fn arn(desk: &mut Desk<'_>, text: &Text) -> Option<Arn> {
    match parse(text.as_str()) {
        Ok(arn) => Some(arn),
        Err((what, help)) => {
            let mut problem: Problem = desk.problem(Code::BadArn, text.mark, what).expected(FORM);
            if let Some(help) = help {
                problem = problem.help(help);
            }
            desk.say(problem);
            None
        }
    }
}

/// What is wrong, and what may help.
type Wrong = (String, Option<&'static str>);

/// The parts of a key's ARN.
pub(crate) fn parse(text: &str) -> Result<Arn, Wrong> {
    let plain = |what: String| (what, None);
    if !text.starts_with("arn:") {
        let id = text.starts_with("mrk-") || is_uuid(text);
        let help = id.then_some("a key id alone does not say in which region and account it is");
        return Err((format!("{} is not an ARN", quote(text)), help));
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [_, partition, service, region, account, resource] = parts.as_slice() else {
        return Err(plain(format!("{} is not a whole ARN", quote(text))));
    };
    if !["aws", "aws-cn", "aws-us-gov"].contains(partition) {
        let what = format!("{} is not a partition of AWS", quote(partition));
        return Err((what, Some("aws, aws-cn or aws-us-gov")));
    }
    if *service != "kms" {
        let what = format!("this is an ARN of {}, not of kms", quote(service));
        return Err(plain(what));
    }
    if !is_name(region) {
        let small = is_name(&region.to_ascii_lowercase());
        let help = small.then_some("AWS writes regions in small letters");
        return Err((format!("{} is not a region", quote(region)), help));
    }
    if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
        let what = format!("{} is not an account id of 12 digits", quote(account));
        return Err(plain(what));
    }
    if resource.starts_with("alias/") {
        let help = "an alias can be moved to another key, so the service does not take one: give the key's own ARN";
        return Err(("this is the ARN of an alias".to_owned(), Some(help)));
    }
    let Some(id) = resource.strip_prefix("key/") else {
        return Err(plain(format!("{} names no key", quote(resource))));
    };
    if !is_multi(id) && !is_uuid(id) {
        let what = format!("{} is not a key id", quote(id));
        let small = id.to_ascii_lowercase();
        let help = if is_multi(&small) || is_uuid(&small) {
            "AWS writes key ids in small letters"
        } else {
            "a multi-Region key's id is `mrk-` and 32 hex digits, another's a UUID"
        };
        return Err((what, Some(help)));
    }
    Ok(Arn {
        partition: (*partition).to_owned(),
        region: (*region).to_owned(),
        account: (*account).to_owned(),
        id: id.to_owned(),
    })
}

/// Whether an id is a multi-Region key's, whole or shortened.
pub(super) fn is_multi(id: &str) -> bool {
    id.strip_prefix("mrk-")
        .is_some_and(|rest| !rest.is_empty() && rest.len() <= 32 && rest.bytes().all(is_hex))
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}

fn is_uuid(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => is_hex(byte),
        })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn arns_are_taken_or_refused_with_their_reason() {
        let id = "mrk-1234abcd12ab34cd56ef1234567890ab";
        for (text, due) in [
            (format!("arn:aws:kms:us-west-2:111122223333:key/{id}"), ""),
            (
                format!("arn:aws-cn:kms:cn-north-1:011122223333:key/{id}"),
                "",
            ),
            (
                "arn:aws:kms:us-west-2:111122223333:key/mrk-1234".to_owned(),
                "",
            ),
            (
                "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
                    .to_owned(),
                "",
            ),
            (id.to_owned(), "not an ARN"),
            ("arn:aws:kms:us-west-2".to_owned(), "whole ARN"),
            (
                format!("arn:ibm:kms:us-west-2:111122223333:key/{id}"),
                "partition",
            ),
            (
                format!("arn:aws:s3:us-west-2:111122223333:key/{id}"),
                "not of kms",
            ),
            (
                format!("arn:aws:kms::111122223333:key/{id}"),
                "not a region",
            ),
            (
                format!("arn:aws:kms:us-west-2:1111222233:key/{id}"),
                "12 digits",
            ),
            (
                "arn:aws:kms:us-west-2:111122223333:alias/a".to_owned(),
                "alias",
            ),
            (
                "arn:aws:kms:us-west-2:111122223333:key/mrk-xyz".to_owned(),
                "not a key id",
            ),
        ] {
            let told = parse(&text).map_or_else(|(what, _)| what, |_| String::new());
            assert!(
                told.contains(due) && told.is_empty() == due.is_empty(),
                "{text}: {told}"
            );
        }
    }
}
