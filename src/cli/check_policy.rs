//! `keyoutage check-policy`: would this policy, put now on a key in use, keep the service out?

use std::collections::BTreeMap;

use crate::cli::arguments::{CheckPolicy, FindingFormat};
use crate::cli::exit::{FINE, INPUT, Trouble, UNMET};
use crate::cli::policy_file::{self, odd, wrong};
use crate::cli::streams::{self, Colors};
use crate::preflight::tell::{self, Remark, Told};
use crate::preflight::{self, Aim, Checked, KeyArn};
use crate::profile::{Profile, Rules};
use crate::text::{clean, counted};
use crate::time::Calendar;

/// Checks one policy.
pub(super) fn check_policy(asked: &CheckPolicy, colors: Colors) -> Result<u8, Trouble> {
    let rules = rules(asked)?;
    let arn = KeyArn::of_a_key(&asked.arn).map_err(|what| wrong("--arn", &asked.arn, &what))?;
    let at = asked.at.map(Calendar::ms);
    let file = policy_file::read(&asked.file, colors.err)?;
    let aim = Aim::working(&rules, arn, at);
    let checked = preflight::check(&file.text, &file.name, &aim);
    let remarks: Vec<Remark> = checked.findings.iter().map(Remark::from).collect();
    if aim.arn.is_shortened() {
        streams::tell(&format!(
            "warning: --arn: the key id {} is shorter than AWS makes them: `mrk-` and 32 hex digits\n",
            aim.arn.id
        ));
    }
    let told = Told {
        file: &file.name,
        arn: Some(&asked.arn),
        remarks: &remarks,
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
        FindingFormat::Github => streams::say(&tell::github(&remarks))?,
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
        let what = match account.bytes().find(|it| !it.is_ascii_digit()) {
            Some(_) => Some("an account id is 12 digits, and nothing else".to_owned()),
            None if account.len() == 12 => None,
            None => Some(format!(
                "an account id has 12 digits, and this has {}",
                account.len()
            )),
        };
        if let Some(what) = what {
            return Err(wrong("--service-account", account, &what));
        }
        rules.service_account.clone_from(account);
    }
    Ok(rules)
}
