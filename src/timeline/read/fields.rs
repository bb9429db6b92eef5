//! Fields of a JSON object, each with what is due where it is not that.

use serde_json::{Map, Value};

use crate::text::clean;
use crate::time::{LONGEST, Time};
use crate::timeline::Counts;

/// The fields of one object.
pub(super) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(super) const fn of(map: &'a Map<String, Value>) -> Fields<'a> {
        Fields(map)
    }

    pub(super) fn get(&self, name: &str) -> Result<&'a Value, String> {
        self.0
            .get(name)
            .ok_or_else(|| format!("`{name}` is missing"))
    }

    pub(super) fn text(&self, name: &str) -> Result<&'a str, String> {
        text(self.get(name)?, name)
    }

    /// The name of a subject: letters, digits and what names are made of.
    pub(super) fn name(&self, name: &str) -> Result<String, String> {
        let found = self.text(name)?;
        let part = |it: char| it.is_ascii_alphanumeric() || "._-/#[]".contains(it);
        if found.is_empty() || !found.chars().all(part) {
            let found = clean(found);
            return Err(format!("`{name}`: `{found}` is not the name of a subject"));
        }
        Ok(found.to_owned())
    }

    pub(super) fn number(&self, name: &str) -> Result<u64, String> {
        number(self.get(name)?, name)
    }

    /// A point of a run, in milliseconds from its start.
    pub(super) fn time(&self, name: &str) -> Result<Time, String> {
        let time = Time::from_ms(self.number(name)?);
        if time > Time::START + LONGEST {
            return Err(format!("`{name}`: no run is longer than {LONGEST}"));
        }
        Ok(time)
    }

    pub(super) fn list(&self, name: &str) -> Result<&'a [Value], String> {
        list(self.get(name)?, name)
    }

    pub(super) fn object(&self, name: &str) -> Result<&'a Map<String, Value>, String> {
        object(self.get(name)?, name)
    }

    /// One of a closed set of words.
    pub(super) fn word<T>(&self, name: &str, of: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        word(self.text(name)?, name, of)
    }

    /// Queries so far.
    pub(super) fn counts(&self) -> Result<Counts, String> {
        let (issued, served) = (self.number("issued")?, self.number("served")?);
        let failed = self.number("failed")?;
        if served.checked_add(failed) != Some(issued) {
            return Err("`issued` is not `served` and `failed` together".to_owned());
        }
        Ok(Counts { issued, failed })
    }
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str, String> {
    value
        .as_str()
        .ok_or_else(|| format!("`{name}`: a text is due"))
}

pub(super) fn number(value: &Value, name: &str) -> Result<u64, String> {
    let found = value.as_u64();
    found.ok_or_else(|| format!("`{name}`: a whole number is due"))
}

pub(super) fn list<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], String> {
    let found = value.as_array().map(Vec::as_slice);
    found.ok_or_else(|| format!("`{name}`: a list is due"))
}

pub(super) fn object<'a>(value: &'a Value, name: &str) -> Result<&'a Map<String, Value>, String> {
    let found = value.as_object();
    found.ok_or_else(|| format!("`{name}`: a JSON object is due"))
}

pub(super) fn word<T>(
    found: &str,
    name: &str,
    of: impl Fn(&str) -> Option<T>,
) -> Result<T, String> {
    of(found).ok_or_else(|| format!("`{name}`: `{}` is no word of this version", clean(found)))
}
