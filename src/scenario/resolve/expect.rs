//! What should hold: each line of `expect:` says when, of whom, and what; each of `given:` of whom and what.

use crate::scenario::codes::Code;
use crate::scenario::file::{CourseFile, ExpectFile, GivenFile, StateFile};
use crate::scenario::resolve::Desk;
use crate::scenario::resolve::against::Against;
use crate::scenario::resolve::{bound, contradict, course, judge, size, what, when, whom};
use crate::scenario::{Command, Expectation, What, When};
use crate::time::{Span, Time};
use crate::yaml::{Items, Mark, Placed, Text};

/// Reads what a file takes for granted, then what it expects.
pub(super) fn expectations(
    desk: &mut Desk<'_>,
    against: &mut Against<'_>,
    given: Option<&Items<Placed<GivenFile>>>,
    expect: Option<&Items<Placed<ExpectFile>>>,
) -> Vec<Expectation> {
    let mut all = Vec::new();
    if let Some(given) = given {
        let at = before_all(desk, &against.commands, given.mark);
        for it in &given.items {
            all.extend(granted(desk, against, it.mark, &it.value, at));
        }
    }
    for it in expect.iter().flat_map(|it| &it.items) {
        all.extend(expected(desk, against, it.mark, &it.value));
    }
    if against.effort.spent() {
        let lists = [given.map(|it| it.mark), expect.map(|it| it.mark)];
        let mark = lists.into_iter().flatten().next().unwrap_or(Mark::START);
        let what = "the globs would have to try too many names";
        desk.say(desk.problem(Code::TooLarge, mark, what));
    }
    contradict::contradictions(desk, &against.commands, &all);
    all
}

/// The instant before the first event; T+0 where nothing is ordered. Said where there is none.
fn before_all(desk: &mut Desk<'_>, commands: &[&Command], mark: Mark) -> Option<Time> {
    let Some(first) = commands.iter().map(|it| it.at).min() else {
        return Some(Time::START);
    };
    let before = first.before(Span::from_ms(1));
    if before.is_none() {
        let what =
            "this can never be decided: the first event is at 0s, and no instant is before it";
        let problem = desk.problem(Code::NeverDecided, mark, what);
        desk.say(problem.help("let the first event come later"));
    }
    before
}

fn granted(
    desk: &mut Desk<'_>,
    against: &mut Against<'_>,
    mark: Mark,
    it: &GivenFile,
    at: Option<Time>,
) -> Option<Expectation> {
    let whom = whom::whom(desk, against, mark, &it.whos());
    let (who, _) = it.whos().into_iter().find(|(_, text)| text.is_some())?;
    let what = what::some(desk, mark, who, &it.states(), "this")?;
    let (who, by) = whom?;
    let at = at?;
    let when = When::Given(at);
    judge::decidable(desk, against, (by, &when, &who));
    judge::lag(desk, against, &it.states(), &what);
    size::lag(desk, against, mark, (&when, &who), &what);
    let mut text = String::from("given: ");
    text.push_str(&in_order(fields(it.whos()).chain(fields(it.states()))));
    Some(Expectation {
        when,
        stays: None,
        other: What::default(),
        who,
        what,
        line: mark.line,
        column: mark.column,
        text,
    })
}

fn expected(
    desk: &mut Desk<'_>,
    against: &mut Against<'_>,
    mark: Mark,
    it: &ExpectFile,
) -> Option<Expectation> {
    let when = when::when(desk, against, mark, it);
    let whom = whom::whom(desk, against, mark, &it.whos());
    let named = it.whos().into_iter().find(|(_, text)| text.is_some());
    let what = named.and_then(|(who, _)| all(desk, against, mark, who, it));
    let other = [("`until`", &it.until), ("`before`", &it.before)]
        .into_iter()
        .find_map(|(name, other)| Some((name, other.as_ref()?)));
    let other = match (named, other) {
        (Some((who, _)), Some((name, other))) => {
            what::some(desk, other.mark, who, &other.value.states(), name)
        }
        _ => Some(What::default()),
    };
    let (when, (who, by), what, other) = (when?, whom?, what?, other?);
    judge::decidable(desk, against, (by, &when.when, &who));
    judge::lag(desk, against, &it.states(), &what);
    if let Some(compared) = it.until.as_ref().or(it.before.as_ref()) {
        judge::lag(desk, against, &compared.value.states(), &other);
        judge::compared(desk, compared.mark, &when.when, (&what, &other));
    }
    size::lag(desk, against, mark, (&when.when, &who), &what);
    size::lag(desk, against, mark, (&when.when, &who), &other);
    Some(Expectation {
        when: when.when,
        stays: when.stays,
        other,
        who,
        what,
        line: mark.line,
        column: mark.column,
        text: text(it),
    })
}

/// States, or courses, or numbers: what a line asks.
fn all(
    desk: &mut Desk<'_>,
    against: &Against<'_>,
    mark: Mark,
    who: &str,
    it: &ExpectFile,
) -> Option<What> {
    let states = it.states();
    let quantities = it.quantities();
    let stated = states.iter().find(|(_, text)| text.is_some());
    let counted = quantities.iter().find(|(_, text)| text.is_some());
    let kinds = [
        stated.map(|(name, text)| (*name, text.map(|it| it.mark))),
        it.exactly.as_ref().map(|it| ("exactly", Some(it.mark))),
        counted.map(|(name, text)| (*name, text.map(|it| it.mark))),
    ];
    let mut kinds = kinds.into_iter().flatten();
    let first = kinds.next();
    if let (Some((first, _)), Some((second, place))) = (first, kinds.next()) {
        let what = format!("`{first}` and `{second}` are not asked in one line");
        let problem = desk.problem(Code::BadWhat, place.unwrap_or(mark), what);
        desk.say(problem.expected(
            "states, or courses (`exactly`), or numbers; write another line for the other",
        ));
        return None;
    }
    if let Some(exactly) = &it.exactly {
        return course::courses(desk, who, exactly).map(|courses| What {
            courses,
            ..What::default()
        });
    }
    if counted.is_some() {
        return bound::measures(desk, against, who, &quantities).map(|measures| What {
            measures,
            ..What::default()
        });
    }
    what::some(desk, mark, who, &states, "this expectation")
}

/// A field as it is told, and where it stands.
type Said = (Mark, String);

/// Fields with a text.
fn fields<'f>(
    fields: impl IntoIterator<Item = (&'static str, Option<&'f Text>)>,
) -> impl Iterator<Item = Said> {
    let given = fields
        .into_iter()
        .filter_map(|(name, text)| Some((name, text?)));
    given.map(|(name, text)| (text.mark, format!("{name}: {}", text.text)))
}

/// Fields on one line, in the order of the file.
fn in_order(said: impl Iterator<Item = Said>) -> String {
    let mut said: Vec<Said> = said.collect();
    said.sort_by_key(|(mark, _)| (mark.line, mark.column));
    let texts: Vec<String> = said.into_iter().map(|it| it.1).collect();
    texts.join(", ")
}

/// A whole line as the file says it.
fn text(it: &ExpectFile) -> String {
    let nested = |name: &str, it: &Option<Placed<StateFile>>| {
        let it = it.as_ref()?;
        let states = in_order(fields(it.value.states()));
        Some((it.mark, format!("{name}: {{ {states} }}")))
    };
    let texts = fields(when::whens(it))
        .chain(fields([("stays", it.stays.as_ref())]))
        .chain(fields(it.whos()))
        .chain(fields(it.states()))
        .chain(fields(it.quantities()));
    let courses = it
        .exactly
        .iter()
        .map(|it| (it.mark, course_text(&it.value)));
    let compared = [nested("until", &it.until), nested("before", &it.before)];
    in_order(texts.chain(courses).chain(compared.into_iter().flatten()))
}

fn course_text(it: &CourseFile) -> String {
    let courses = it.courses().into_iter().filter_map(|(name, items)| {
        let items = items?;
        let words: Vec<&str> = items.items.iter().map(Text::as_str).collect();
        Some((items.mark, format!("{name}: [{}]", words.join(", "))))
    });
    format!("exactly: {{ {} }}", in_order(courses))
}
