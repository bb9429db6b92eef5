//! Runs that were saved, told apart from scenarios by what is in them.

use std::path::Path;

use crate::cli::exit::Trouble;
use crate::cli::input;
use crate::report::{Told, is_golden, read_golden};
use crate::timeline;

/// Reads a saved run; `None` if these are the bytes of something else.
///
/// # Errors
/// Where it is not as a saved run is written: the file, the line and column where they can be told, what was expected.
pub(super) fn read(bytes: &[u8], path: &Path) -> Result<Option<Told>, Trouble> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(None);
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if is_golden(text) {
        return golden(text, path).map(Some);
    }
    if !is_ours(text) {
        return Ok(None);
    }
    let name = input::name(path);
    let saved = timeline::read(text).map_err(|it| {
        let mut place = name.clone();
        for part in [it.line, it.column].into_iter().flatten() {
            place.push_str(&format!(":{part}"));
        }
        Trouble::Input(format!("{place}: {}", it.why))
    })?;
    let told = Told::again(&saved).map_err(|why| Trouble::Input(format!("{name}: {why}")))?;
    Ok(Some(told))
}

/// Reads a golden timeline.
pub(super) fn golden(text: &str, path: &Path) -> Result<Told, Trouble> {
    read_golden(text).map_err(|it| {
        let name = input::name(path);
        let (line, column, why) = (it.line, it.column, it.why);
        Trouble::Input(format!("{name}:{line}:{column}: {why}"))
    })
}

/// Whether a text is JSON that names a form of this program; a scenario in JSON names none. Within JSON's own strings the
/// quotes of such a name have a `\` before them.
fn is_ours(text: &str) -> bool {
    let ours = |it: &str| {
        let value = it.trim_start().strip_prefix(':');
        value.is_some_and(|it| it.trim_start().starts_with("\"keyoutage/"))
    };
    text.trim_start().starts_with('{') && text.split("\"schema\"").skip(1).any(ours)
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn what_a_file_is_its_content_says() {
        for (text, due) in [
            ("{\"schema\":\"keyoutage/timeline/1\",", true),
            ("\n{\n  \"schema\": \"keyoutage/timeline/1\"", true),
            (
                "{ \"digest\": \"ab\", \"schema\" : \"keyoutage/diff/1\" }",
                true,
            ),
            (
                "{ \"name\": \"a scenario in JSON\", \"profile\": \"x\" }",
                false,
            ),
            ("{ \"$schema\": \"../schema.json\" }", false),
            (
                "{ \"about\": \"\\\"schema\\\":\\\"keyoutage/timeline/1\\\"\" }",
                false,
            ),
            (
                "name: a scenario\nabout: '\"schema\":\"keyoutage/timeline/1\"'",
                false,
            ),
            ("", false),
        ] {
            assert_eq!(is_ours(text), due, "{text}");
        }
    }
}
