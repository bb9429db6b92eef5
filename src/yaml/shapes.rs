//! How places and the text of scalars come out of the library that reads YAML.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::{Branch, Entries, Items, Mark, Placed, Text, Tree};

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text, D::Error> {
        let it = Spanned::<String>::deserialize(deserializer)?;
        Ok(Text {
            mark: Mark::of(it.referenced),
            raw: raw(it.defined),
            text: it.value,
        })
    }
}

fn raw(location: Location) -> Range<usize> {
    let span = location.span();
    let (start, len) = (span.byte_offset(), span.byte_len());
    let small = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    small(start)..small(start).saturating_add(small(len))
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Placed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Placed<T>, D::Error> {
        let it = Spanned::<T>::deserialize(deserializer)?;
        Ok(Placed {
            mark: Mark::of(it.referenced),
            value: it.value,
        })
    }
}

/// A list without its place.
struct Bare<T>(Vec<T>);
/// A map without its place.
struct Pairs<T>(Vec<(Text, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Bare<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bare<T>, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Bare<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bare<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Bare(items))
            }
        }
        deserializer.deserialize_seq(List(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Items<T>, D::Error> {
        let it = Placed::<Bare<T>>::deserialize(deserializer)?;
        Ok(Items {
            mark: it.mark,
            items: it.value.0,
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs<T>, D::Error> {
        struct Map<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Map<T> {
            type Value = Pairs<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(name) = map.next_key::<Text>()? {
                    entries.push((name, map.next_value()?));
                }
                Ok(Pairs(entries))
            }
        }
        deserializer.deserialize_map(Map(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries<T>, D::Error> {
        let it = Placed::<Pairs<T>>::deserialize(deserializer)?;
        Ok(Entries {
            mark: it.mark,
            entries: it.value.0,
        })
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Tree, D::Error> {
        let it = Spanned::<Branch>::deserialize(deserializer)?;
        Ok(Tree {
            mark: Mark::of(it.referenced),
            raw: raw(it.defined),
            branch: it.value,
        })
    }
}

impl<'de> Deserialize<'de> for Branch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Branch, D::Error> {
        deserializer.deserialize_any(AnyShape)
    }
}

struct AnyShape;

impl<'de> Visitor<'de> for AnyShape {
    type Value = Branch;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Branch, E> {
        Ok(Branch::Null)
    }
    fn visit_none<E>(self) -> Result<Branch, E> {
        Ok(Branch::Null)
    }
    fn visit_bool<E>(self, it: bool) -> Result<Branch, E> {
        Ok(Branch::Bool(it))
    }
    fn visit_u64<E>(self, _: u64) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_u128<E>(self, _: u128) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_i128<E>(self, _: i128) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Branch, E> {
        Ok(Branch::Number)
    }
    fn visit_str<E>(self, it: &str) -> Result<Branch, E> {
        Ok(Branch::Text(it.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Branch, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Branch::List(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Branch, A::Error> {
        let mut entries = Vec::new();
        while let Some(name) = map.next_key::<Text>()? {
            entries.push((name, map.next_value()?));
        }
        Ok(Branch::Map(entries))
    }
}
