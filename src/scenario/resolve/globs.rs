//! Globs: `*` and `?` over names, never over `/`; the members of a `count` are matched without writing their names,
//! where the pattern allows it.

use std::ops::Range;

use crate::names::{Kind, Names};
use crate::scenario::Selection;
use crate::scenario::render::quote;

/// How many names of members may be written out and matched, in all.
const PATIENCE: u64 = 5_000_000;

/// What is left of the patience, and whether it ran out.
pub(super) struct Effort {
    left: u64,
}

impl Effort {
    pub(super) fn new() -> Effort {
        Effort { left: PATIENCE }
    }

    /// Whether the globs asked for too much; what they selected is then not whole.
    pub(super) fn spent(&self) -> bool {
        self.left == 0
    }
}

/// Whether a pattern matches a whole text.
pub(super) fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                back = Some((p + 1, t));
                p += 1;
            }
            Some(byte) if *byte == b'?' || *byte == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match back {
                Some((after, at)) => {
                    p = after;
                    t = at + 1;
                    back = Some((after, at + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

fn wild(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

/// Which members (from 0) of a name with its count a pattern selects: ascending ranges that do not touch.
pub(super) fn members(
    pattern: &str,
    name: &str,
    count: Option<u32>,
    effort: &mut Effort,
) -> Vec<Range<u32>> {
    let Some(count) = count else {
        let hit = matches(pattern.as_bytes(), name.as_bytes());
        return hit.then_some(0..1).into_iter().collect();
    };
    let stem = format!("{name}-");
    if !wild(pattern) {
        let number = pattern.strip_prefix(&stem).and_then(canonical);
        let member = number.filter(|it| (1..=count).contains(it));
        return member.map(|it| it - 1..it).into_iter().collect();
    }
    let begin = pattern.find(['*', '?']).unwrap_or(0);
    let literal = &pattern[..begin];
    if !stem.starts_with(literal) && !literal.starts_with(&stem) {
        return Vec::new();
    }
    if pattern[begin..].bytes().all(|byte| byte == b'*') && stem.starts_with(literal) {
        return Some(0..count).into_iter().collect();
    }
    written_out(pattern, &stem, count, effort)
}

fn canonical(digits: &str) -> Option<u32> {
    let plain = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    digits.parse().ok().filter(|_| plain)
}

fn written_out(pattern: &str, stem: &str, count: u32, effort: &mut Effort) -> Vec<Range<u32>> {
    use std::fmt::Write;
    let mut selection = Selection::default();
    let mut text = stem.to_owned();
    for member in 0..count {
        if effort.left == 0 {
            break;
        }
        effort.left -= 1;
        text.truncate(stem.len());
        write!(text, "{}", member + 1).expect("writing to a String cannot fail");
        if matches(pattern.as_bytes(), text.as_bytes()) {
            selection.push(member);
        }
    }
    selection.ranges
}

/// Adds a range that begins no earlier than the last one ends.
fn add(selection: &mut Selection, range: Range<u32>) {
    if range.is_empty() {
        return;
    }
    match selection.ranges.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => selection.ranges.push(range),
    }
}

/// The collections that `org/region/name` selects.
pub(super) fn collections(
    names: &Names,
    [org, region, name]: [&str; 3],
    effort: &mut Effort,
) -> Selection {
    let mut selection = Selection::default();
    for (index, group) in names.orgs().iter().enumerate() {
        let orgs = members(org, &group.name, group.count, effort);
        if orgs.is_empty() || group.collections.is_empty() {
            continue;
        }
        let mut inner: Vec<(usize, Vec<Range<u32>>)> = Vec::new();
        for (at, it) in group.collections.iter().enumerate() {
            let of = names.region(group.regions[it.site as usize]);
            if matches(region.as_bytes(), of.as_bytes()) {
                let some = members(name, &it.name, it.count, effort);
                if !some.is_empty() {
                    inner.push((at, some));
                }
            }
        }
        let whole = inner.len() == group.collections.len()
            && inner.iter().all(|(at, some)| {
                let count = group.collections[*at].count.unwrap_or(1);
                some.len() == 1 && some[0] == (0..count)
            });
        let last = group.collections.len() - 1;
        for range in orgs {
            if whole {
                let from = names.collections_of(index, range.start, 0).start;
                let to = names.collections_of(index, range.end - 1, last).end;
                add(&mut selection, from..to);
                continue;
            }
            if inner.is_empty() {
                continue;
            }
            for member in range {
                if effort.left == 0 {
                    return selection;
                }
                effort.left -= 1;
                for (at, some) in &inner {
                    let first = names.collections_of(index, member, *at).start;
                    for part in some {
                        add(&mut selection, first + part.start..first + part.end);
                    }
                }
            }
        }
    }
    selection
}

/// The sites that `org/region` selects.
pub(super) fn sites(names: &Names, [org, region]: [&str; 2], effort: &mut Effort) -> Selection {
    let mut selection = Selection::default();
    for (index, group) in names.orgs().iter().enumerate() {
        let hits: Vec<u32> = (0u32..)
            .zip(&group.regions)
            .filter(|(_, it)| matches(region.as_bytes(), names.region(**it).as_bytes()))
            .map(|(at, _)| at)
            .collect();
        if hits.is_empty() {
            continue;
        }
        for range in members(org, &group.name, group.count, effort) {
            if hits.len() == group.regions.len() {
                let from = names.sites_of(index, range.start).start;
                let to = names.sites_of(index, range.end - 1).end;
                add(&mut selection, from..to);
                continue;
            }
            for member in range {
                if effort.left == 0 {
                    return selection;
                }
                effort.left -= 1;
                let first = names.sites_of(index, member).start;
                for at in &hits {
                    add(&mut selection, first + at..first + at + 1);
                }
            }
        }
    }
    selection
}

/// The replicas that `key/region` selects.
pub(super) fn replicas(names: &Names, [key, region]: [&str; 2]) -> Selection {
    let mut selection = Selection::default();
    for id in 0..names.count(Kind::Replica) {
        let (k, r) = names.replica(id);
        let hit = matches(key.as_bytes(), names.key(k).as_bytes())
            && matches(region.as_bytes(), names.region(r).as_bytes());
        if hit {
            selection.push(id);
        }
    }
    selection
}

/// What a glob that selects nothing may have meant: every part that fits nothing, replaced by the nearest name.
pub(super) fn meant(parts: &[&str], known: &[Vec<String>]) -> Option<String> {
    let mut changed = false;
    let mut out = Vec::new();
    for (part, names) in parts.iter().zip(known) {
        if names
            .iter()
            .any(|it| matches(part.as_bytes(), it.as_bytes()))
        {
            out.push((*part).to_owned());
            continue;
        }
        let near = crate::scenario::problem::nearest(part, names.iter().map(String::as_str));
        out.push(near?.to_owned());
        changed = true;
    }
    changed.then(|| out.join("/"))
}

/// What a glob that selects nothing could have selected: for the first part that fits nothing, the names there are.
pub(super) fn there_is(parts: &[&str], known: &[Vec<String>]) -> Option<String> {
    const MOST: usize = 12;
    let none = |(part, names): &(&&str, &Vec<String>)| {
        let fits = |it: &String| matches(part.as_bytes(), it.as_bytes());
        !names.iter().any(fits)
    };
    let (part, names) = parts.iter().zip(known).find(none)?;
    let few = !names.is_empty() && names.len() <= MOST;
    few.then(|| format!("in place of {}: {}", quote(part), names.join(", ")))
}

/// The names there are at each part of `org/region/name`, without writing out all members of a count.
pub(super) fn known(names: &Names) -> [Vec<String>; 3] {
    let mut all = [Vec::new(), Vec::new(), Vec::new()];
    let member = |name: &str, count: Option<u32>| match count {
        None => name.to_owned(),
        Some(_) => format!("{name}-1"),
    };
    for group in names.orgs() {
        all[0].push(member(&group.name, group.count));
        all[1].extend(group.regions.iter().map(|it| names.region(*it).to_owned()));
        all[2].extend(
            group
                .collections
                .iter()
                .map(|it| member(&it.name, it.count)),
        );
    }
    for list in &mut all {
        list.sort();
        list.dedup();
        list.truncate(2_000);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{Effort, matches, members};
    use std::ops::Range;

    #[test]
    fn patterns_match_whole_texts() {
        for (pattern, text, hit) in [
            ("*", "", true),
            ("*", "abc", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*c*e", "abcde", true),
            ("*b", "aab", true),
            ("*b", "aba", false),
            ("abc", "abc", true),
            ("abc", "abcd", false),
        ] {
            assert_eq!(
                matches(pattern.as_bytes(), text.as_bytes()),
                hit,
                "{pattern} {text}"
            );
        }
    }

    #[test]
    #[allow(clippy::single_range_in_vec_init)]
    fn members_of_a_count_are_found_by_number() {
        let check = |pattern: &str, due: &[Range<u32>]| {
            let found = members(pattern, "c", Some(12), &mut Effort::new());
            assert_eq!(found, due, "{pattern}");
        };
        check("*", &[0..12]);
        check("c-*", &[0..12]);
        check("c-1", &[0..1]);
        check("c-12", &[11..12]);
        check("c-13", &[]);
        check("c-01", &[]);
        check("c", &[]);
        check("c-1*", &[0..1, 9..12]);
        check("?-2", &[1..2]);
        check("d*", &[]);
    }
}
