//! Subjects that differ alike, told together: how many there are, and the ranges of their times.

use std::collections::BTreeMap;

use crate::names::Kind;
use crate::report::gist;

use super::{Change, Of};

/// So many that differ alike are told one by one.
pub(super) const ALONE: usize = 3;

/// What makes two subjects differ alike.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Alike {
    kind: Kind,
    place: String,
    only: Option<usize>,
    begin: bool,
    changes: Vec<(u8, String)>,
    numbers: Vec<&'static str>,
}

/// The subjects in groups of those that differ alike, each group in the order of subjects; groups in the order of time.
pub(super) fn groups(subjects: &[Of]) -> Vec<Vec<&Of>> {
    let mut groups: Vec<Vec<&Of>> = Vec::new();
    let mut known: BTreeMap<Alike, usize> = BTreeMap::new();
    for of in subjects {
        let group = known.entry(alike(of)).or_insert(groups.len());
        match groups.get_mut(*group) {
            Some(members) => members.push(of),
            None => groups.push(vec![of]),
        }
    }
    let mut told: Vec<Vec<&Of>> = Vec::new();
    for group in groups {
        if group.len() > ALONE {
            told.push(group);
        } else {
            told.extend(group.into_iter().map(|of| vec![of]));
        }
    }
    // What is so at the start, or of all the run, stands before what happens in it.
    told.sort_by_key(|group| {
        let first = group.iter().filter_map(|of| {
            let times = of.changes.iter().flat_map(Change::sides).flatten();
            times.map(|it| it.time).min()
        });
        (first.min(), group[0].whom.kind)
    });
    told
}

fn alike(of: &Of) -> Alike {
    let changes = of.changes.iter().map(|change| {
        let way = match change {
            Change::Moved(..) => 0,
            Change::Changed(..) => 1,
            Change::Gone(_) => 2,
            Change::New(_) => 3,
        };
        (way, gist(&change.first().words).to_owned())
    });
    Alike {
        kind: of.whom.kind,
        place: place(of.whom.kind, &of.whom.name),
        only: of.only,
        begin: of.begin.is_some(),
        changes: changes.collect(),
        numbers: of.numbers.iter().map(|(name, _)| *name).collect(),
    }
}

/// Where somebody belongs, members of a `count` as one: the site of a collection, the region of a site.
fn place(kind: Kind, name: &str) -> String {
    let mut parts = name.split('/');
    let (first, region) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    match kind {
        Kind::Org => stem(first),
        Kind::Site | Kind::Collection => format!("{}/{region}", stem(first)),
        Kind::Key | Kind::Replica | Kind::Region => name.to_owned(),
    }
}

/// A name without the number of a member: `orders-*`.
fn stem(part: &str) -> String {
    let bare = part.split('#').next().unwrap_or(part);
    let name = bare.trim_end_matches(|it: char| it.is_ascii_digit());
    match name.strip_suffix('-') {
        Some(_) if name.len() < bare.len() => format!("{name}*"),
        _ => part.to_owned(),
    }
}

/// One name for several of one place: what they share, `*` for what they do not.
pub(super) fn title(group: &[&Of]) -> String {
    let names = group.iter().map(|of| of.whom.name.as_str());
    let shared = names.map(|it| it.split('/').map(str::to_owned).collect());
    let shared = shared.reduce(|so_far: Vec<String>, parts| {
        let both = so_far.into_iter().zip(parts);
        both.map(|(it, part)| share(it, &part)).collect()
    });
    shared.unwrap_or_default().join("/")
}

fn share(so_far: String, part: &str) -> String {
    let stem = stem(part);
    if so_far == part || so_far == stem {
        so_far
    } else if self::stem(&so_far) == stem {
        stem
    } else {
        "*".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{place, share, stem};
    use crate::names::Kind;

    #[test]
    fn members_of_a_count_belong_together() {
        for (kind, name, due) in [
            (
                Kind::Collection,
                "acme/us-east-1/orders-17",
                "acme/us-east-1",
            ),
            (
                Kind::Collection,
                "acme-3/us-east-1/orders#2",
                "acme-*/us-east-1",
            ),
            (Kind::Site, "acme-3/us-east-1", "acme-*/us-east-1"),
            (Kind::Replica, "main-1/us-east-1", "main-1/us-east-1"),
            (Kind::Org, "acme-3", "acme-*"),
        ] {
            assert_eq!(place(kind, name), due);
        }
        for (so_far, part, due) in [
            ("orders-1", "orders-2", "orders-*"),
            ("orders-*", "orders-3", "orders-*"),
            ("orders-*", "users", "*"),
            ("*", "users", "*"),
            ("us-east-1", "us-east-1", "us-east-1"),
        ] {
            assert_eq!(share(so_far.to_owned(), part), due);
        }
        assert_eq!(stem("17"), "17");
    }
}
