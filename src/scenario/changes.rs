//! What somebody changes about a scenario before it is read: another service, other numbers.

use crate::profile::{Parameter, Profile};
use crate::scenario::file::ScenarioFile;
use crate::yaml::{Branch, Entries, Text, Tree};

/// Changes to a scenario's head, as if they were written in its file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changes {
    /// The name of a profile, in place of the file's.
    pub profile: Option<String>,
    /// Parameters and their values, over those of the file.
    pub set: Vec<(Parameter, String)>,
}

impl Changes {
    /// Reads `cache.life=2m`: a parameter and its value, as `set:` takes them.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn setting(text: &str) -> Result<(Parameter, String), String> {
        let Some((name, value)) = text.split_once('=') else {
            return Err("a parameter and its value are due, as in cache.life=2m".to_owned());
        };
        let (name, value) = (name.trim(), value.trim());
        let Some(parameter) = Parameter::find(name) else {
            let near = Parameter::all().map(|it| it.name());
            let near = near
                .map(|it| (strsim::damerau_levenshtein(name, &it), it))
                .min();
            let near = near.filter(|(distance, it)| *distance <= it.len() / 3);
            return Err(match near {
                Some((_, near)) => format!("there is no parameter {name}; did you mean {near}?"),
                None => format!("there is no parameter {name}; `keyoutage profiles` lists them"),
            });
        };
        // `{ extend_until: 2h }` is a map in YAML, and `extend_until: 2h` what its parameter reads.
        let bare = value.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
        let value = bare.map_or(value, str::trim).to_owned();
        let mut rules = Profile::all().swap_remove(0).numbers();
        parameter
            .set(&mut rules, &value)
            .map_err(|why| format!("{why}; {} is due", parameter.form()))?;
        Ok((parameter, value))
    }

    /// Writes the changes into the file's shape. Their places are that of what they replace, or of `profile:`.
    pub(super) fn apply(&self, file: &mut ScenarioFile) {
        if let Some(profile) = &self.profile {
            file.profile.text.clone_from(profile);
        }
        let place = &file.profile;
        let (mark, raw) = (place.mark, place.raw.clone());
        for (parameter, value) in &self.set {
            let set = file.set.get_or_insert_with(|| Entries {
                mark,
                entries: Vec::new(),
            });
            let branch = Branch::Text(value.clone());
            let name = parameter.name();
            match set.entries.iter_mut().find(|(it, _)| it.text == name) {
                Some((_, old)) => old.branch = branch,
                None => {
                    let raw = raw.clone();
                    let tree = Tree {
                        mark,
                        raw: raw.clone(),
                        branch,
                    };
                    let text = name;
                    set.entries.push((Text { text, mark, raw }, tree));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Changes;

    #[test]
    fn a_setting_is_read_as_the_language_reads_it() {
        for (text, due) in [
            ("cache.life=2m", "2m"),
            ("cache.life = 2m..5m", "2m..5m"),
            ("on_unreachable={ extend_until: 2h }", "extend_until: 2h"),
            ("ingest.catch_up=1 MiB/s", "1 MiB/s"),
            ("cache.life", "a parameter and its value are due"),
            ("cache.lief=2m", "did you mean cache.life?"),
            ("colour=blue", "`keyoutage profiles` lists them"),
            ("cache.life=2 minutes", "a length of time of at least 1ms"),
            ("cache.life=0s", "too short"),
        ] {
            let told = Changes::setting(text).map_or_else(|why| why, |(_, value)| value);
            assert!(told.contains(due), "{text}: {told}");
        }
    }
}
