//! Whole courses of states: `exactly: { status: [READY, ENCRYPTION_KEY_ERROR, READY] }`.

use crate::scenario::codes::Code;
use crate::scenario::file::CourseFile;
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::what::{fitting, is_word, misfit};
use crate::scenario::{Aspect, Course};
use crate::yaml::{Items, Mark, Placed, Text};

/// The courses, or `None` after saying what is wrong with them.
pub(super) fn courses(
    desk: &mut Desk<'_>,
    who: &str,
    exactly: &Placed<CourseFile>,
) -> Option<Vec<Course>> {
    let mut courses = Vec::new();
    let mut good = true;
    let mut any = false;
    for (name, items) in exactly.value.courses() {
        let Some(items) = items else { continue };
        any = true;
        match course(desk, who, name, items) {
            Some(course) => courses.push(course),
            None => good = false,
        }
    }
    if !any {
        let problem = desk.problem(Code::BadWhat, exactly.mark, "`exactly` does not say what");
        desk.say(problem.expected(format!("of {who}: {}", fitting(who).join(", "))));
    }
    (any && good).then_some(courses)
}

fn course(
    desk: &mut Desk<'_>,
    who: &str,
    name: &'static str,
    items: &Items<Text>,
) -> Option<Course> {
    if !fitting(who).contains(&name) {
        misfit(desk, who, name, items.mark);
        return None;
    }
    let mut good = true;
    let mut values: Vec<String> = Vec::with_capacity(items.items.len());
    for text in &items.items {
        let before_any = name == "outcome" && text.as_str() == "none";
        if !before_any && is_word(desk, who, name, text).is_none() {
            good = false;
        } else if values.last() == Some(&text.text) {
            twice(desk, name, text.mark);
            good = false;
        }
        values.push(text.text.clone());
    }
    if values.is_empty() {
        let what = format!("the course of `{name}` is empty");
        let problem = desk.problem(Code::BadWhat, items.mark, what);
        desk.say(problem.expected("the values it has, one after the other"));
        return None;
    }
    let of = aspect(who, name)?;
    good.then_some(Course { of, values })
}

fn twice(desk: &mut Desk<'_>, name: &str, mark: Mark) {
    let what = format!("`{name}` does not change from a value to the same value");
    let problem = desk.problem(Code::BadWhat, mark, what);
    desk.say(problem.expected("each value once for each time it comes"));
}

fn aspect(who: &str, name: &str) -> Option<Aspect> {
    Some(match (name, who) {
        ("queries", _) => Aspect::Queries,
        ("ingest", _) => Aspect::Ingest,
        ("status", _) => Aspect::Status,
        ("outcome", _) => Aspect::Outcome,
        ("error", _) => Aspect::Error,
        ("state", "sites") => Aspect::Site,
        ("state", _) => Aspect::Key,
        ("access", _) => Aspect::Access,
        ("readable", _) => Aspect::Readable,
        _ => return None,
    })
}
