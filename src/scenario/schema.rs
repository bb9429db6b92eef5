//! The JSON Schema of the language, from the types that read it and the tables they read.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::profile::{Parameter, Profile};
use crate::scenario::file::{EventFile, ScenarioFile};
use crate::scenario::verbs::{Field, Opposite, Verb};
use crate::states::{AccessWord, Ingest, Outcome, Queries, Source, Status};
use crate::yaml::{Entries, Items, Placed, Text};

/// The JSON Schema of a scenario, as text.
pub fn schema() -> String {
    let mut value = schemars::schema_for!(ScenarioFile).to_value();
    without_null(&mut value);
    let mut text = serde_json::to_string_pretty(&value)
        .expect("a schema has only texts as names of its members");
    text.push('\n');
    text
}

/// A field may be left out, but it may not be null.
fn without_null(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Array(kinds)) = map.get_mut("type") {
                kinds.retain(|it| it != "null");
                if let [one] = kinds.as_slice() {
                    let one = one.clone();
                    map.insert("type".to_owned(), one);
                }
            }
            if let Some(Value::Array(some)) = map.get_mut("anyOf") {
                some.retain(|it| it != &json!({"type": "null"}));
                if let [Value::Object(one)] = some.as_slice() {
                    let one = one.clone();
                    map.remove("anyOf");
                    map.extend(one);
                }
            }
            map.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        _ => {}
    }
}

impl JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

impl<T: JsonSchema> JsonSchema for Placed<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }
    fn inline_schema() -> bool {
        T::inline_schema()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("EntriesOf{}", T::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "additionalProperties": generator.subschema_for::<T>(),
        })
    }
}

impl<T: JsonSchema> JsonSchema for Items<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("ItemsOf{}", T::schema_name()).into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": generator.subschema_for::<T>() })
    }
}

/// A time from the start, or an instant of the calendar.
pub(super) fn instant(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "pattern": r"^((\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?|\d{4}-\d\d-\d\dT.+)$",
    })
}

/// A length of time.
pub(super) fn length(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": r"^(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$" })
}

/// A whole number.
pub(super) fn whole(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["integer", "string"], "minimum": 0, "pattern": r"^(0|[1-9]\d*)$" })
}

/// A rate of queries.
pub(super) fn rate(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": ["string", "integer"], "pattern": r"^(0|\d+ ?/ ?[smhd])$", "maximum": 0 })
}

/// A rate of bytes.
pub(super) fn bytes(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": ["string", "integer"],
        "pattern": r"^(0|\d+ ?(B|KiB|MiB|GiB) ?/ ?[smhd])$",
        "maximum": 0,
    })
}

/// `true` or `false`.
pub(super) fn truth(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "boolean" })
}

/// `true`.
pub(super) fn yes(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "const": true })
}

/// `yes` or `no`; YAML 1.1 readers take them for true and false.
pub(super) fn yes_or_no(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": ["yes", "no"] })
}

/// The state of a replica at T+0.
pub(super) fn start_state(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "enum": ["Enabled", "Disabled", "PendingImport", "Unavailable"] })
}

/// A source type.
pub(super) fn source(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<&str> = Source::ALL.iter().map(|it| it.word()).collect();
    json_schema!({ "enum": words })
}

/// Gives the schema of a closed set of words.
macro_rules! words_of {
    ($($(#[$doc:meta])* $name:ident = $words:ty;)+) => {$(
        $(#[$doc])*
        pub(super) fn $name(_: &mut SchemaGenerator) -> Schema {
            let words: Vec<&str> = <$words>::ALL.iter().map(|it| it.word()).collect();
            json_schema!({ "enum": words })
        }
    )+};
}

words_of! {
    /// How many queries are served.
    queries = Queries;
    /// What ingestion does.
    ingest = Ingest;
    /// The status of a collection.
    status = Status;
    /// How a pause or a gap ended.
    outcome = Outcome;
    /// Whether a key may be used.
    access = AccessWord;
}

/// The name of a profile.
pub(super) fn profile(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<String> = Profile::all().into_iter().map(|it| it.name).collect();
    json_schema!({ "enum": names })
}

/// The ARN of a key.
pub(super) fn arn(_: &mut SchemaGenerator) -> Schema {
    let id = "(mrk-[0-9a-f]{1,32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})";
    let pattern = format!("^arn:aws(-cn|-us-gov)?:kms:[a-z0-9][a-z0-9._-]*:[0-9]{{12}}:key/{id}$");
    json_schema!({ "type": "string", "pattern": pattern })
}

/// A window of an expectation.
pub(super) fn window(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": r"^[^.]+.*\.\..+$" })
}

/// A bound of the lag.
pub(super) fn lag(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "pattern": r"^(under|over) +\d" })
}

/// What may stand before the number of a bound, or instead of one.
const BOUNDS: &str = "((at most|at least|under|over) +)?";

/// Gives the schema of a bound, by what a number of it looks like.
macro_rules! bounds_of {
    ($($(#[$doc:meta])* $name:ident = $number:literal;)+) => {$(
        $(#[$doc])*
        pub(super) fn $name(_: &mut SchemaGenerator) -> Schema {
            let number = $number;
            let pattern = format!("^({BOUNDS}{number}|{number} *[.][.] *{number}|never)$");
            json_schema!({ "type": ["string", "integer"], "minimum": 0, "pattern": pattern })
        }
    )+};
}

bounds_of! {
    /// A bound of a count.
    bound_of_count = "(0|[1-9][0-9]*)";
    /// A bound of a number of bytes.
    bound_of_size = "[0-9]+ ?(B|KiB|MiB|GiB)";
    /// A bound of a length of time.
    bound_of_length = "([0-9]+(d|h|m|s|ms))+";
    /// A bound of a length of time that may be less than nothing.
    bound_of_slack = "-?([0-9]+(d|h|m|s|ms))+";
    /// A bound of an instant.
    bound_of_instant = r"([0-9]+(d|h|m|s|ms)|\d{4}-\d\d-\d\dT[^ ]+)+";
}

/// Gives the schema of a course of a closed set of words.
macro_rules! courses_of {
    ($($(#[$doc:meta])* $name:ident = $words:ty;)+) => {$(
        $(#[$doc])*
        pub(super) fn $name(_: &mut SchemaGenerator) -> Schema {
            let words: Vec<&str> = <$words>::ALL.iter().map(|it| it.word()).collect();
            json_schema!({ "type": "array", "minItems": 1, "items": { "enum": words } })
        }
    )+};
}

courses_of! {
    /// A course of what is served.
    course_of_queries = Queries;
    /// A course of what ingestion does.
    course_of_ingest = Ingest;
    /// A course of a status.
    course_of_status = Status;
}

/// A course of words that depend on of whom they are asked.
pub(super) fn course_of_words(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "minItems": 1, "items": { "type": "string" } })
}

/// A verb.
pub(super) fn verb(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<&str> = Verb::ALL.iter().map(|it| it.word()).collect();
    json_schema!({ "enum": words })
}

/// A key policy.
pub(super) fn policy(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "anyOf": [
            { "enum": ["vendor", "default"] },
            {
                "type": "object",
                "required": ["file"],
                "properties": { "file": { "type": "string" } },
                "additionalProperties": false,
            },
            { "type": "object", "required": ["Statement"] },
            { "type": "string", "pattern": r"^\s*\{" },
        ]
    })
}

/// The parameters of a profile.
pub(super) fn parameters(_: &mut SchemaGenerator) -> Schema {
    let members = Parameter::all().map(|it| {
        let about = json!({ "description": it.form() });
        (it.name(), about)
    });
    let members: serde_json::Map<String, Value> = members.collect();
    json_schema!({ "type": "object", "properties": members, "additionalProperties": false })
}

/// What calls carry: a text or a list of texts under each key, or either for each action.
pub(super) fn context(_: &mut SchemaGenerator) -> Schema {
    let one = json!({ "type": ["string", "boolean", "number"] });
    let values = json!({ "anyOf": [one, { "type": "array", "items": one }] });
    let either = json!({ "anyOf": [values, { "type": "object", "additionalProperties": values }] });
    json_schema!({
        "type": "object",
        "propertyNames": { "pattern": "^[A-Za-z0-9-]+:." },
        "additionalProperties": either
    })
}

/// The events: for each verb the fields that the table of verbs gives it.
pub(super) fn events(generator: &mut SchemaGenerator) -> Schema {
    let all = EventFile::json_schema(generator).to_value();
    let property = |name: &str| all["properties"][name].clone();
    let one = |verb: Verb| {
        let row = verb.row();
        let mut properties = serde_json::Map::new();
        properties.insert("at".to_owned(), property("at"));
        properties.insert("do".to_owned(), json!({ "const": verb.word() }));
        properties.insert("repeat".to_owned(), property("repeat"));
        if row.opposite != Opposite::None {
            properties.insert("for".to_owned(), property("for"));
        }
        for field in row.fields() {
            properties.insert(field.word().to_owned(), property(field.word()));
        }
        let required: Vec<&str> = ["at", "do"]
            .into_iter()
            .chain(row.required.iter().copied().map(Field::word))
            .collect();
        json!({
            "type": "object",
            "description": row.does,
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    };
    let some: Vec<Value> = Verb::ALL.iter().map(|it| one(*it)).collect();
    json_schema!({ "type": "array", "items": { "oneOf": some } })
}

#[cfg(test)]
mod tests {
    use super::schema;

    #[test]
    fn the_schema_knows_every_verb_and_no_null() {
        let text = schema();
        assert!(text.contains("\"ScheduleKeyDeletion\""));
        assert!(!text.contains("\"null\""), "{text}");
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(
            value["required"],
            serde_json::json!(["name", "profile", "until", "orgs"])
        );
    }
}
