//! What a request carries besides who, what and which: the keys that conditions and policy variables ask for.

use std::collections::BTreeMap;

/// The keys of one request.
///
/// Keys are compared without their case. A key that nobody gave is *absent* in a closed world ([`Context::closed`]: the
/// request is known to the letter) and *unknown* in an open one ([`Context::open`]: a service's calls carry more than
/// anybody wrote down).
///
/// ```
/// use keyoutage::policy::{Context, Given};
///
/// let mut context = Context::open();
/// context.set("kms:ViaService", ["s3.us-west-2.amazonaws.com"]);
/// assert!(matches!(context.get("KMS:viaservice"), Given::Values(_)));
/// assert_eq!(context.get("aws:SourceIp"), Given::Unknown);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    closed: bool,
    keys: BTreeMap<String, Option<Vec<String>>>,
    now_ms: Option<i64>,
}

/// What a request has under one key.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Given<'a> {
    /// These values, at least one.
    Values(&'a [String]),
    /// Nothing: the request does not carry the key.
    Absent,
    /// Nobody said.
    Unknown,
}

/// What a request has under one key, the time it is made included.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen<'a> {
    /// These values, at least one.
    Values(&'a [String]),
    /// The key is one of the two that tell the time, and the request is made so many milliseconds after 1970.
    Now(i64),
    /// Nothing: the request does not carry the key.
    Absent,
    /// Nobody said.
    Unknown,
}

/// The keys that tell when a request is made, in lower case: as a date, and as seconds since 1970.
pub(super) const CURRENT_TIME: &str = "aws:currenttime";
/// See [`CURRENT_TIME`].
pub(super) const EPOCH_TIME: &str = "aws:epochtime";

impl Context {
    /// A request that carries nothing but what is set.
    pub const fn closed() -> Context {
        Context {
            closed: true,
            keys: BTreeMap::new(),
            now_ms: None,
        }
    }

    /// A request of which only what is set is known.
    pub const fn open() -> Context {
        Context {
            closed: false,
            keys: BTreeMap::new(),
            now_ms: None,
        }
    }

    /// The request carries these values under a key; no value: it does not carry the key.
    pub fn set<I, S>(&mut self, key: &str, values: I)
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        let values = values.into_iter().map(Into::into).collect();
        self.keys.insert(key.to_ascii_lowercase(), Some(values));
    }

    /// What the request carries under a key is not known, even in a closed world.
    pub fn hide(&mut self, key: &str) {
        self.keys.insert(key.to_ascii_lowercase(), None);
    }

    /// The request is made so many milliseconds after 1970-01-01T00:00:00Z: `aws:CurrentTime` and `aws:EpochTime`.
    pub fn at(&mut self, ms: i64) {
        self.now_ms = Some(ms);
    }

    /// When the request is made, in milliseconds since 1970-01-01T00:00:00Z.
    pub const fn now_ms(&self) -> Option<i64> {
        self.now_ms
    }

    /// What the request carries under a key. Of encryption contexts, a name that `kms:EncryptionContextKeys` does not
    /// list is absent. The time is not told here unless it was [set](Context::set), see [`Context::now_ms`].
    pub fn get(&self, key: &str) -> Given<'_> {
        self.carried(&key.to_ascii_lowercase())
    }

    /// The same of a key in lower case, and with the time. What was set or hidden under its keys wins over
    /// [`Context::at`].
    pub(super) fn see(&self, key: &str) -> Seen<'_> {
        if let Some(now) = self.now_ms
            && matches!(key, CURRENT_TIME | EPOCH_TIME)
            && !self.keys.contains_key(key)
        {
            return Seen::Now(now);
        }
        match self.carried(key) {
            Given::Values(values) => Seen::Values(values),
            Given::Absent => Seen::Absent,
            Given::Unknown => Seen::Unknown,
        }
    }

    fn carried(&self, key: &str) -> Given<'_> {
        const PAIR: &str = "kms:encryptioncontext:";
        match self.keys.get(key) {
            Some(Some(values)) if values.is_empty() => return Given::Absent,
            Some(Some(values)) => return Given::Values(values),
            Some(None) => return Given::Unknown,
            None if self.closed => return Given::Absent,
            None => {}
        }
        let names = self.keys.get("kms:encryptioncontextkeys");
        match (key.strip_prefix(PAIR), names) {
            (Some(name), Some(Some(names)))
                if !names.iter().any(|it| it.eq_ignore_ascii_case(name)) =>
            {
                Given::Absent
            }
            _ => Given::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Context, Given};

    #[test]
    fn what_nobody_gave_is_absent_or_unknown() {
        assert_eq!(Context::closed().get("aws:SourceIp"), Given::Absent);
        let mut open = Context::open();
        assert_eq!(open.get("kms:EncryptionContext:a"), Given::Unknown);
        open.set("kms:EncryptionContextKeys", ["B"]);
        assert_eq!(open.get("kms:EncryptionContext:a"), Given::Absent);
        assert_eq!(open.get("kms:EncryptionContext:b"), Given::Unknown);
        open.set("kms:ViaService", Vec::<String>::new());
        assert_eq!(open.get("kms:viaservice"), Given::Absent);
        let mut closed = Context::closed();
        closed.hide("x:Y");
        assert_eq!(closed.get("X:y"), Given::Unknown);
    }
}
