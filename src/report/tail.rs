//! What stands after the entries in JSON and NDJSON: milestones, measures and verdicts, one JSON object each.

use std::fmt;

use crate::expect::Judgement;
use crate::text::quoted;
use crate::timeline::Timeline;

use super::Run;
use super::measures::{Value, listed};
use super::verdicts::why;

/// The first of each milestone of each subject.
pub(super) fn milestones(
    timeline: &Timeline,
    each: &mut dyn FnMut(&str) -> fmt::Result,
) -> fmt::Result {
    for it in timeline.milestones() {
        each(&format!(
            "{{\"subject\":{},\"name\":\"{}\",\"t_ms\":{}}}",
            quoted(&timeline.names.text(it.subject)),
            it.milestone,
            it.time.ms()
        ))?;
    }
    Ok(())
}

/// The measures of each incarnation of a collection from which something was taken.
pub(super) fn measures(
    timeline: &Timeline,
    each: &mut dyn FnMut(&str) -> fmt::Result,
) -> fmt::Result {
    for life in &timeline.lives {
        let measures = timeline.measures(life.subject);
        if measures.fault.is_none() {
            continue;
        }
        let mut text = format!(
            "{{\"subject\":{}",
            quoted(&timeline.names.text(life.subject))
        );
        for (name, value) in listed(&measures) {
            let unit = match value {
                Some(Value::Bytes(_)) => "",
                Some(Value::At(_) | Value::For(_) | Value::Signed(_)) | None => "_ms",
            };
            text.push_str(&format!(",\"{name}{unit}\":{}", number(value)));
        }
        text.push('}');
        each(&text)?;
    }
    Ok(())
}

fn number(value: Option<Value>) -> String {
    match value {
        None => "null".to_owned(),
        Some(Value::At(time)) => time.ms().to_string(),
        Some(Value::For(span)) => span.ms().to_string(),
        Some(Value::Signed(ms)) => ms.to_string(),
        Some(Value::Bytes(bytes)) => bytes.to_string(),
    }
}

/// Each verdict: the line of the expectation, whether it holds (`null` when it was not judged), and why not.
pub(super) fn verdicts(run: &Run<'_>, each: &mut dyn FnMut(&str) -> fmt::Result) -> fmt::Result {
    for verdict in run.verdicts {
        let holds = match verdict.judgement {
            Judgement::Holds => "true",
            Judgement::Fails => "false",
            Judgement::NotJudged => "null",
        };
        let why = match why(run.timeline, verdict) {
            Some(why) => quoted(&why),
            None => "null".to_owned(),
        };
        each(&format!(
            "{{\"line\":{},\"holds\":{holds},\"why\":{why},\"selected\":{},\"failed\":{}}}",
            run.expectations[verdict.expectation].line, verdict.selected, verdict.failed
        ))?;
    }
    Ok(())
}
