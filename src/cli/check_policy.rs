//! `keyoutage check-policy`: would this policy, put now on a key in use, keep the service out?

use std::collections::BTreeMap;

use crate::cli::arguments::{CheckPolicy, FindingFormat};
use crate::cli::exit::{FINE, INPUT, Trouble, UNMET};
use crate::cli::policy_file::{self, odd};
use crate::cli::streams::{self, Colors};
use crate::policy::Asker;
use crate::preflight::tell::{self, Told};
use crate::preflight::{self, Aim, Checked, KeyArn};
use crate::profile::{Profile, Rules};
use crate::text::{clean, counted};
use crate::time::Calendar;

/// Checks one policy.
pub(super) fn check_policy(asked: &CheckPolicy, colors: Colors) -> Result<u8, Trouble> {
    let rules = rules(asked)?;
    let arn = KeyArn::read(&asked.arn).map_err(|due| odd("--arn", &asked.arn, &due))?;
    let at = asked.at.map(since_1970).transpose()?;
    let file = policy_file::read(&asked.file, colors.err)?;
    let aim = Aim::working(&rules, arn, at);
    let checked = preflight::check(&file.text, &file.name, &aim);
    let told = Told {
        file: &file.name,
        arn: Some(&asked.arn),
        findings: &checked.findings,
        passes: checked.passes(),
        policy: Some(&checked),
    };
    match asked.format {
        FindingFormat::Text => {
            let sources = BTreeMap::from([(file.name.clone(), file.text.clone())]);
            let text = tell::text(&checked.findings, &sources, colors.out);
            streams::say(&format!("{text}{}", end(&file.name, &asked.arn, &checked)))?;
        }
        FindingFormat::Json => streams::say(&tell::json(&told))?,
        FindingFormat::Github => streams::say(&tell::github(&checked.findings))?,
        FindingFormat::Sarif => streams::say(&tell::sarif(&told))?,
    }
    Ok(match (checked.refused, checked.passes()) {
        (true, _) => INPUT,
        (false, false) => UNMET,
        (false, true) => FINE,
    })
}

/// What stands below the findings: the mended policy, and how it ends.
fn end(name: &str, arn: &str, checked: &Checked) -> String {
    let mut out = String::new();
    let diff = checked.diff(name);
    if !diff.is_empty() {
        let of = if checked.wrapped {
            " (of the policy within what was given)"
        } else {
            ""
        };
        out.push_str(&format!(
            "the policy, mended{of}:\n\n{}\n",
            tell::diff(&diff)
        ));
    }
    if let Some(fresh) = &checked.fresh {
        out.push_str(&format!("a new policy to start from:\n\n{fresh}\n"));
    }
    let found = counted(checked.findings.len() as u64, "finding");
    let word = if checked.passes() { "ok" } else { "FAILED" };
    out.push_str(&format!("{word} {name} for {} ({found})\n", clean(arn)));
    out
}

fn rules(asked: &CheckPolicy) -> Result<Rules, Trouble> {
    let profile = match &asked.profile {
        Some(name) => Profile::find(name).ok_or_else(|| {
            let known: Vec<String> = Profile::all().into_iter().map(|it| it.name).collect();
            odd("--profile", name, &format!("one of {}", known.join(", ")))
        })?,
        None => Profile::all().swap_remove(0),
    };
    let mut rules = profile.numbers();
    if let Some(account) = &asked.service_account {
        let digits = account.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || Asker::read(account).is_err() {
            return Err(odd(
                "--service-account",
                account,
                "an account id of 12 digits",
            ));
        }
        rules.service_account.clone_from(account);
    }
    Ok(rules)
}

/// Milliseconds since 1970; earlier there were no policies.
fn since_1970(instant: Calendar) -> Result<i64, Trouble> {
    let epoch = Calendar::parse("1970-01-01T00:00:00Z").ok();
    let since = epoch.and_then(|epoch| instant.since(epoch));
    since
        .and_then(|it| i64::try_from(it.ms()).ok())
        .ok_or_else(|| Trouble::Input(format!("--at {instant}: an instant after 1970 is due")))
}
