//! The shape of a scenario file, and nothing of its meaning: every scalar is still the text that was written.

mod expect;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use crate::yaml::{Entries, Items, Placed, Text, Tree};

pub use expect::{CourseFile, ExpectFile, GivenFile, StateFile};
pub(in crate::scenario) use expect::{States, Whos};

/// A field that may be left out, but not be null.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// A scenario: who there is, what happens, and what is expected.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// What the scenario is called, as a sentence.
    pub name: Text,
    /// What it is about, in a few words.
    #[serde(default, deserialize_with = "given")]
    pub about: Option<Text>,
    /// Which service is simulated: the name of a profile.
    #[schemars(schema_with = "crate::scenario::schema::profile")]
    pub profile: Text,
    /// The calendar instant of T+0, RFC 3339 with a zone; it allows calendar instants everywhere.
    #[serde(default, deserialize_with = "given")]
    pub start: Option<Text>,
    /// The end: a run is [0, until).
    #[schemars(schema_with = "crate::scenario::schema::instant")]
    pub until: Text,
    /// What the dice are thrown with, 0 when left out; `--seed` wins.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::whole")]
    pub seed: Option<Text>,
    /// Parameters over the profile's numbers.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::parameters")]
    pub set: Option<Entries<Tree>>,
    /// What the service's calls carry, for conditions of policies: a value, a list, or either by action.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::context")]
    pub context: Option<Entries<Tree>>,
    /// The customers' keys, by name.
    #[serde(default, deserialize_with = "given")]
    pub keys: Option<Entries<Placed<KeyFile>>>,
    /// The customers of the service, by name.
    pub orgs: Entries<Placed<OrgFile>>,
    /// What happens.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::events")]
    pub events: Option<Items<Placed<EventFile>>>,
    /// What must be so at the instant before the first event.
    #[serde(default, deserialize_with = "given")]
    pub given: Option<Items<Placed<GivenFile>>>,
    /// What should hold.
    #[serde(default, deserialize_with = "given")]
    pub expect: Option<Items<Placed<ExpectFile>>>,
}

/// A customer's key, and its replicas.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// The ARN of the primary: arn:aws:kms:REGION:ACCOUNT:key/ID.
    #[schemars(schema_with = "crate::scenario::schema::arn")]
    pub arn: Text,
    /// The policy of the primary; `vendor` when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::policy")]
    pub policy: Option<Tree>,
    /// The key spec; the service takes SYMMETRIC_DEFAULT.
    #[serde(default, deserialize_with = "given")]
    pub spec: Option<Text>,
    /// The key usage; the service takes ENCRYPT_DECRYPT.
    #[serde(default, deserialize_with = "given")]
    pub usage: Option<Text>,
    /// Where the key material comes from, such as AWS_KMS.
    #[serde(default, deserialize_with = "given")]
    pub origin: Option<Text>,
    /// Whether it is a multi-Region key; true when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::truth")]
    pub multi_region: Option<Text>,
    /// The state of the primary at T+0; Enabled when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::start_state")]
    pub state: Option<Text>,
    /// Its replicas at T+0, by region.
    #[serde(default, deserialize_with = "given")]
    pub replicas: Option<Entries<Placed<ReplicaFile>>>,
}

/// A replica of a key.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct ReplicaFile {
    /// Its policy, which stands alone; `vendor` when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::policy")]
    pub policy: Option<Tree>,
    /// Its state at T+0; Enabled when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::start_state")]
    pub state: Option<Text>,
}

/// A customer of the service.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct OrgFile {
    /// The name of its key, or `none` for one managed by the vendor.
    pub key: Text,
    /// The regions it uses; the first is where it was created.
    pub regions: Items<Text>,
    /// How many such orgs there are: NAME-1, NAME-2, ….
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::whole")]
    pub count: Option<Text>,
    /// Its collections, by region/name.
    #[serde(default, deserialize_with = "given")]
    pub collections: Option<Entries<CollectionFile>>,
}

/// A collection.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct CollectionFile {
    /// Where its data comes from; write-api when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::source")]
    pub source: Option<Text>,
    /// Queries, such as 20/s; 0 when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::rate")]
    pub queries: Option<Text>,
    /// Bytes that arrive at its source, such as 1 MiB/s; 0 when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::bytes")]
    pub arrivals: Option<Text>,
    /// How many such collections there are: NAME-1, NAME-2, ….
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::whole")]
    pub count: Option<Text>,
}

/// Something that happens. Which fields belong to which `do` says the table of verbs.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct EventFile {
    /// When it happens.
    #[schemars(schema_with = "crate::scenario::schema::instant")]
    pub at: Text,
    /// What happens.
    #[serde(rename = "do")]
    #[schemars(schema_with = "crate::scenario::schema::verb")]
    pub verb: Text,
    /// After how long its opposite comes.
    #[serde(default, rename = "for", deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::length")]
    pub lasts: Option<Text>,
    /// How often it happens.
    #[serde(default, deserialize_with = "given")]
    pub repeat: Option<Placed<RepeatFile>>,
    /// The name of a key.
    #[serde(default, deserialize_with = "given")]
    pub key: Option<Text>,
    /// A region.
    #[serde(default, deserialize_with = "given")]
    pub region: Option<Text>,
    /// How long a deletion waits, 7 to 30 days; 30d when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::length")]
    pub window: Option<Text>,
    /// A key policy.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::policy")]
    pub policy: Option<Tree>,
    /// Actions of a key policy, as they stand there.
    #[serde(default, deserialize_with = "given")]
    pub actions: Option<Items<Text>>,
    /// How often a key rotates, 90 to 2560 days; 365d when left out.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::length")]
    pub period: Option<Text>,
    /// When imported key material expires.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::instant")]
    pub expires: Option<Text>,
    /// Which share of the calls is refused, such as 30%.
    #[serde(default, deserialize_with = "given")]
    pub share: Option<Text>,
    /// Collections: a glob over org/region/name.
    #[serde(default, deserialize_with = "given")]
    pub collections: Option<Text>,
    /// The name of an org.
    #[serde(default, deserialize_with = "given")]
    pub org: Option<Text>,
    /// A collection: region/name.
    #[serde(default, deserialize_with = "given")]
    pub name: Option<Text>,
    /// Where a collection's data comes from.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::source")]
    pub source: Option<Text>,
    /// Queries, such as 20/s.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::rate")]
    pub queries: Option<Text>,
    /// Bytes that arrive, such as 1 MiB/s.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::bytes")]
    pub arrivals: Option<Text>,
    /// How many collections.
    #[serde(default, deserialize_with = "given")]
    #[schemars(schema_with = "crate::scenario::schema::whole")]
    pub count: Option<Text>,
}

/// How often something happens.
#[derive(Deserialize, JsonSchema, Debug)]
#[serde(deny_unknown_fields)]
pub struct RepeatFile {
    /// From one time to the next.
    #[schemars(schema_with = "crate::scenario::schema::length")]
    pub every: Text,
    /// How many times, the first included.
    #[schemars(schema_with = "crate::scenario::schema::whole")]
    pub times: Text,
}
