//! A saved run, told as one at hand is.

use crate::names::Kind;
use crate::text::clean;
use crate::time::{Span, Time};
use crate::timeline::Saved;

use super::phrase::said;
use super::told::{
    Begun, Head, NUMBERS, Number, Numbers, Said, Told, Whom, in_order, settings, totals,
};

impl Told {
    /// A run that was saved and read back.
    ///
    /// # Errors
    /// A measure that is none of this version's, or that no run can have.
    pub fn again(saved: &Saved) -> Result<Told, String> {
        let facts = saved.entries.iter().map(|entry| {
            let (kind, name) = saved.names[entry.subject.id as usize].clone();
            Said {
                time: entry.time,
                whom: Whom { kind, name },
                words: said(saved.tables(), &entry.fact).trim_end().to_owned(),
                milestones: entry.milestones,
            }
        });
        let mut numbers: Vec<(Whom, Numbers)> = Vec::with_capacity(saved.totals.len());
        for total in &saved.totals {
            let whom = Whom {
                kind: Kind::Collection,
                name: total.name.clone(),
            };
            numbers.push((whom, totals(total.counts, total.lost_bytes)));
        }
        if let Some(measures) = &saved.measures {
            measured(measures, &mut numbers)?;
        }
        let files = saved.inputs.iter().skip(1);
        Ok(Told {
            head: Head {
                scenario: clean(&saved.scenario).into_owned(),
                profile: clean(&saved.profile).into_owned(),
                seed: saved.seed,
                start: saved.start,
                until: saved.until,
                set: Some(settings(&saved.assumptions)),
                files: Some(
                    files
                        .map(|it| (it.name.clone(), it.sha256.clone()))
                        .collect(),
                ),
            },
            golden: false,
            measured: saved.measures.is_some(),
            begins: saved.begins.iter().map(Begun::of).collect(),
            facts: facts.collect(),
            numbers,
            digest: saved.digest.clone(),
        })
    }
}

/// Puts measures with the totals of whom they are of; both are in the order of subjects.
fn measured(
    measures: &[crate::timeline::Measured],
    numbers: &mut [(Whom, Numbers)],
) -> Result<(), String> {
    let mut rest = numbers.iter_mut();
    for (name, measured) in measures {
        let found = rest.find(|(whom, _)| whom.name == *name);
        let Some((_, numbers)) = found else {
            return Err(format!(
                "`measures`: {name} has no totals, or stands out of order"
            ));
        };
        for (measure, value) in measured {
            let bare = measure.strip_suffix("_ms").unwrap_or(measure);
            let known = NUMBERS.iter().find(|(it, _)| *it == bare);
            // A later version may measure more; what is null does not apply.
            if let (Some((known, _)), Some(value), true) = (known, value, bare != "lost_bytes") {
                let number = number(known, *value);
                let number =
                    number.ok_or_else(|| format!("`{measure}` of {name}: no run has this"))?;
                numbers.push((known, number));
            }
        }
        *numbers = in_order(std::mem::take(numbers));
    }
    Ok(())
}

fn number(name: &str, value: i128) -> Option<Number> {
    let ms = u64::try_from(value);
    match name {
        "fault" | "restore_deadline" => Some(Number::At(Time::from_ms(ms.ok()?))),
        "source_slack" => i64::try_from(value).ok().map(Number::Signed),
        _ => Some(Number::For(Span::from_ms(ms.ok()?))),
    }
}
