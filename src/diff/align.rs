//! Which fact of one run is which of the other, within one subject.
//!
//! Facts with one gist may be the same fact. Of all ways to pair them in order the best has the most pairs, of those the
//! least movement in all, of those the most pairs in the same words; of the rest the choice is the same whichever run
//! comes first. It is found exactly (longest common subsequence) as long as the table for it is small; where a subject has
//! so many facts that it is not, the first of a gist is paired with the first, the second with the second, and so on.

use std::collections::BTreeMap;

use crate::report::{Said, gist};

/// How many cells the table may have.
const CELLS: usize = 1 << 20;

/// A pair, or a fact without one, by position; in an order that keeps both sides ascending.
pub(super) type Pair = (Option<usize>, Option<usize>);

/// Pairs the facts of one subject, `a` and `b` in order.
pub(super) fn align(a: &[&Said], b: &[&Said]) -> Vec<Pair> {
    let least = a.len().min(b.len());
    let before = (0..least).take_while(|at| a[*at] == b[*at]).count();
    let after = (0..least - before)
        .take_while(|at| a[a.len() - 1 - at] == b[b.len() - 1 - at])
        .count();
    let (inner_a, inner_b) = (&a[before..a.len() - after], &b[before..b.len() - after]);
    let inner = if (inner_a.len() + 1).saturating_mul(inner_b.len() + 1) <= CELLS {
        exactly(inner_a, inner_b)
    } else {
        by_number(inner_a, inner_b)
    };
    let same = |at: usize| (Some(at), Some(at));
    let mut pairs: Vec<Pair> = (0..before).map(same).collect();
    let moved = |at: Option<usize>| at.map(|at| at + before);
    pairs.extend(inner.into_iter().map(|(x, y)| (moved(x), moved(y))));
    let ends = (0..after)
        .rev()
        .map(|at| (Some(a.len() - 1 - at), Some(b.len() - 1 - at)));
    pairs.extend(ends);
    pairs
}

/// How good a pairing is, the greater the better: pairs, less movement, same words.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Score {
    pairs: u32,
    still: i64,
    same: u32,
}

fn apart(x: &Said, y: &Said) -> i64 {
    // No run is as long as 2^42 ms, and no table has more than 2^20 pairs: the sum is a number.
    let apart = x.time.ms().abs_diff(y.time.ms()).min(1 << 42);
    i64::try_from(apart).expect("it is at most 2^42")
}

fn exactly(a: &[&Said], b: &[&Said]) -> Vec<Pair> {
    let gists = |all: &[&Said]| -> Vec<String> {
        all.iter().map(|it| gist(&it.words).to_owned()).collect()
    };
    let (gist_a, gist_b) = (gists(a), gists(b));
    let width = b.len() + 1;
    let mut table = vec![Score::default(); (a.len() + 1) * width];
    let paired = |table: &[Score], x: usize, y: usize| {
        if gist_a[x] != gist_b[y] {
            return None;
        }
        let before = table[x * width + y];
        Some(Score {
            pairs: before.pairs + 1,
            still: before.still - apart(a[x], b[y]),
            same: before.same + u32::from(a[x].words == b[y].words),
        })
    };
    for x in 0..a.len() {
        for y in 0..b.len() {
            let apart = table[x * width + y + 1].max(table[(x + 1) * width + y]);
            let best = paired(&table, x, y).map_or(apart, |it| it.max(apart));
            table[(x + 1) * width + y + 1] = best;
        }
    }
    let mut pairs = Vec::with_capacity(a.len().max(b.len()));
    let (mut x, mut y) = (a.len(), b.len());
    while x > 0 && y > 0 {
        let here = table[x * width + y];
        if paired(&table, x - 1, y - 1) == Some(here) {
            (x, y) = (x - 1, y - 1);
            pairs.push((Some(x), Some(y)));
            continue;
        }
        let (without_a, without_b) = (table[(x - 1) * width + y], table[x * width + y - 1]);
        let later = |it: &Said| (it.time, it.words.clone());
        let leave_a = match without_a.cmp(&without_b) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => later(a[x - 1]) > later(b[y - 1]),
        };
        if leave_a {
            x -= 1;
            pairs.push((Some(x), None));
        } else {
            y -= 1;
            pairs.push((None, Some(y)));
        }
    }
    pairs.extend((0..x).rev().map(|x| (Some(x), None)));
    pairs.extend((0..y).rev().map(|y| (None, Some(y))));
    pairs.reverse();
    pairs
}

/// The first of a gist with the first, the second with the second.
fn by_number(a: &[&Said], b: &[&Said]) -> Vec<Pair> {
    let mut of: BTreeMap<&str, std::collections::VecDeque<usize>> = BTreeMap::new();
    for (y, it) in b.iter().enumerate() {
        of.entry(gist(&it.words)).or_default().push_back(y);
    }
    let mut pairs: Vec<Pair> = Vec::with_capacity(a.len().max(b.len()));
    for (x, it) in a.iter().enumerate() {
        let found = of.get_mut(gist(&it.words)).and_then(|all| all.pop_front());
        pairs.push((Some(x), found));
    }
    pairs.extend(of.into_values().flatten().map(|y| (None, Some(y))));
    pairs
}

#[cfg(test)]
mod tests {
    use super::{align, by_number, exactly};
    use crate::names::Kind;
    use crate::report::{Said, Whom};
    use crate::time::Time;
    use crate::timeline::Milestones;

    fn said(text: &str) -> Vec<Said> {
        let facts = text.split(' ').filter(|it| !it.is_empty());
        let one = |it: &str| {
            let (words, at) = it.split_at(1);
            Said {
                time: Time::from_ms(at.parse().expect("a number")),
                whom: Whom {
                    kind: Kind::Site,
                    name: "acme/us-east-1".to_owned(),
                },
                words: words.to_owned(),
                milestones: Milestones::NONE,
            }
        };
        facts.map(one).collect()
    }

    /// Pairs as `x=y`, and the facts without one as `x-` and `+y`.
    fn told(a: &str, b: &str) -> String {
        let (a, b) = (said(a), said(b));
        let (a, b): (Vec<&Said>, Vec<&Said>) = (a.iter().collect(), b.iter().collect());
        let name = |it: &Said| format!("{}{}", it.words, it.time.ms());
        let words = align(&a, &b).into_iter().map(|pair| match pair {
            (Some(x), Some(y)) => format!("{}={}", name(a[x]), name(b[y])),
            (Some(x), None) => format!("{}-", name(a[x])),
            (None, Some(y)) => format!("+{}", name(b[y])),
            (None, None) => panic!("a pair of nothing"),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_same_fact_is_found_wherever_it_moved() {
        for (a, b, due) in [
            ("", "", ""),
            ("a1", "", "a1-"),
            ("a1 b2", "a1 b2", "a1=a1 b2=b2"),
            ("a1 b2", "a3 b9", "a1=a3 b2=b9"),
            // The second outage is the one that is left, not the first moved.
            (
                "s1 n2 a3 s10 n11 a12",
                "s10 n11 a12",
                "s1- n2- a3- s10=s10 n11=n11 a12=a12",
            ),
            (
                "s1 n2 a3 s10 n11 a12",
                "s2 n3 a4",
                "s1=s2 n2=n3 a3=a4 s10- n11- a12-",
            ),
            // As many pairs as can be.
            ("a1 b2 c3", "c1 a2 b3", "+c1 a1=a2 b2=b3 c3-"),
            // What cannot be told apart is left the same way from both sides.
            ("a1 b2", "b1 a2", "+b1 a1=a2 b2-"),
        ] {
            assert_eq!(told(a, b), due, "{a} | {b}");
        }
    }

    #[test]
    fn the_order_of_the_runs_does_not_matter() {
        for (a, b) in [
            ("a1 b2", "b1 a2"),
            ("a1 b1 a2 b2", "b1 a1 b2 a2"),
            ("a1 a2 a3", "a2 a3"),
            ("a1 b2 a3 b4 c5", "b1 c2 a3 a4 b5"),
        ] {
            let (a, b) = (said(a), said(b));
            let (a, b): (Vec<&Said>, Vec<&Said>) = (a.iter().collect(), b.iter().collect());
            for how in [exactly, by_number] {
                let mut there = how(&a, &b);
                let mut back: Vec<_> = how(&b, &a).into_iter().map(|(y, x)| (x, y)).collect();
                there.sort_unstable();
                back.sort_unstable();
                assert_eq!(there, back);
            }
        }
    }

    /// The most pairs there can be, found the slow way.
    fn most(a: &[&Said], b: &[&Said]) -> usize {
        let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) else {
            return 0;
        };
        let apart = most(rest_a, b).max(most(a, rest_b));
        if x.words == y.words {
            apart.max(1 + most(rest_a, rest_b))
        } else {
            apart
        }
    }

    #[test]
    fn no_other_way_pairs_more() {
        let short = |bits: usize| -> Vec<Said> {
            let letter = |at: usize| if bits >> at & 1 == 0 { "a" } else { "b" };
            let facts = (0..5).map(|at| format!("{}{}", letter(at), at * (bits % 3 + 1)));
            said(&facts.collect::<Vec<_>>().join(" "))
        };
        for one in 0..32 {
            for other in 0..32 {
                let (a, b) = (short(one), short(other));
                let (a, b): (Vec<&Said>, Vec<&Said>) = (a.iter().collect(), b.iter().collect());
                let pairs = align(&a, &b);
                let paired = pairs.iter().filter(|it| it.0.is_some() && it.1.is_some());
                assert_eq!(paired.count(), most(&a, &b), "{one} {other}");
                let all = |side: Vec<Option<usize>>| side.into_iter().flatten().collect::<Vec<_>>();
                let (x, y) = pairs.into_iter().unzip();
                assert_eq!(
                    (all(x), all(y)),
                    ((0..5).collect(), (0..5).collect()),
                    "in order, each once"
                );
            }
        }
    }

    #[test]
    fn more_facts_than_a_table_holds_are_paired_by_number() {
        let many = |from: u64| -> Vec<Said> {
            let letters = ["a", "b", "c"];
            let facts = (0..3_000).map(|n| format!("{}{}", letters[n as usize % 3], from + n));
            said(&facts.collect::<Vec<_>>().join(" "))
        };
        let (a, b) = (many(0), many(7_000));
        let (a, b): (Vec<&Said>, Vec<&Said>) = (a.iter().collect(), b.iter().collect());
        let due: Vec<_> = (0..3_000).map(|at| (Some(at), Some(at))).collect();
        assert_eq!(align(&a, &b), due);
    }
}
