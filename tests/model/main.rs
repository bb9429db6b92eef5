//! The fine print of the model (MODEL.md), a sentence a test. Expected values are worked out by hand from the text.
//!
//! The world of these tests has no dice: a commit each millisecond, leases of one millisecond, so what is refused is
//! refused at the very instant. Where dice matter they are thrown here, by the text's own recipe (`dice`).

#[path = "../common/replay.rs"]
mod replay;

mod attempts;
mod commands;
mod counting;
mod dice;
mod entries;
mod leases;
mod outcomes;
mod overlap;
mod second;
mod sites;
mod status;
mod throttle;
mod trouble;

use keyoutage::time::Span;
use keyoutage::timeline::Timeline;
use replay::Fact;

/// The collection, the site and the replica that things happen to.
const ORDERS: &str = "acme/us-west-2/orders";
const SITE: &str = "acme/us-west-2";
const REPLICA: &str = "main/us-west-2";

const DISABLE: &str = "at: 1h, do: DisableKey, key: main, region: us-west-2";

/// A small world, its parts to be replaced.
#[derive(Clone)]
struct World {
    until: &'static str,
    set: String,
    key: String,
    collection: String,
    orgs: String,
    events: Vec<String>,
    expect: Vec<String>,
}

/// The world as most tests need it.
fn world() -> World {
    World {
        until: "2d",
        set: String::new(),
        key: "policy: vendor, replicas: { us-east-1: { policy: vendor } }".to_owned(),
        collection: "source: kafka, queries: 20/s, arrivals: 1 MiB/s".to_owned(),
        orgs: String::new(),
        events: Vec::new(),
        expect: Vec::new(),
    }
}

impl World {
    fn until(mut self, until: &'static str) -> World {
        self.until = until;
        self
    }

    /// Over the numbers of the profile and of these tests; later ones count.
    fn set(mut self, set: &str) -> World {
        self.set = set.to_owned();
        self
    }

    fn key(mut self, key: &str) -> World {
        self.key = key.to_owned();
        self
    }

    fn collection(mut self, collection: &str) -> World {
        self.collection = collection.to_owned();
        self
    }

    /// More orgs, as lines of YAML.
    fn orgs(mut self, orgs: &str) -> World {
        self.orgs = orgs.to_owned();
        self
    }

    fn event(mut self, event: &str) -> World {
        self.events.push(event.to_owned());
        self
    }

    fn expect(mut self, expect: &str) -> World {
        self.expect.push(expect.to_owned());
        self
    }

    fn yaml(&self) -> String {
        let mut set = vec!["commit.interval: 1ms", "cache.life: 1ms"];
        let name = |it: &str| it.split(':').next().unwrap_or("").trim().to_owned();
        let own: Vec<&str> = self.set.split(", ").filter(|it| !it.is_empty()).collect();
        set.retain(|it| !own.iter().any(|own| name(own) == name(it)));
        set.extend(own);
        let lines = |what: &str, all: &[String]| match all {
            [] => String::new(),
            _ => format!(
                "{what}:\n{}",
                all.iter()
                    .map(|it| format!("  - {{ {it} }}\n"))
                    .collect::<String>()
            ),
        };
        format!(
            "\
name: A sentence
profile: rockset
until: {}
set: {{ {} }}
keys:
  main: {{ arn: \"arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab\", {} }}
orgs:
  acme:
    key: main
    regions: [us-west-2]
    collections:
      us-west-2/orders: {{ {} }}
{}{}{}",
            self.until,
            set.join(", "),
            self.key,
            self.collection,
            self.orgs,
            lines("events", &self.events),
            lines("expect", &self.expect),
        )
    }

    fn run(&self) -> Run {
        let timeline = replay::replay(&replay::good(&self.yaml()));
        Run {
            facts: replay::told(&timeline),
            timeline,
        }
    }

    /// Every expectation must hold.
    fn holds(&self) {
        let judged = replay::judged(&self.yaml());
        assert!(
            judged.iter().all(|it| *it),
            "{judged:?}\n{:#?}",
            self.run().facts
        );
    }

    /// The codes of what is wrong with it.
    fn wrong(&self) -> Vec<String> {
        replay::wrong(&self.yaml())
    }
}

/// What happened.
struct Run {
    facts: Vec<Fact>,
    timeline: Timeline,
}

fn ms(time: &str) -> u64 {
    Span::parse(time)
        .unwrap_or_else(|why| panic!("{time}: {why}"))
        .ms()
}

impl Run {
    /// The numbers of a subject's facts that begin so.
    fn find(&self, subject: &str, text: &str) -> Vec<usize> {
        let fits = |it: &Fact| it.subject == subject && it.text.starts_with(text);
        (0..self.facts.len())
            .filter(|at| fits(&self.facts[*at]))
            .collect()
    }

    /// A fact of a subject that begins so is there at that instant.
    #[track_caller]
    fn says(&self, at: &str, subject: &str, text: &str) -> usize {
        let found = self
            .find(subject, text)
            .into_iter()
            .find(|it| self.facts[*it].ms == ms(at));
        found.unwrap_or_else(|| panic!("no `{text}` of {subject} at {at}:\n{}", self.all()))
    }

    /// A subject's facts that begin so are at these instants, and no other is there.
    #[track_caller]
    fn only(&self, subject: &str, text: &str, at: &[&str]) {
        let found: Vec<u64> = self
            .find(subject, text)
            .into_iter()
            .map(|it| self.facts[it].ms)
            .collect();
        let due: Vec<u64> = at.iter().map(|it| ms(it)).collect();
        assert_eq!(found, due, "`{text}` of {subject}:\n{}", self.all());
    }

    /// A subject has no fact that begins so.
    #[track_caller]
    fn never(&self, subject: &str, text: &str) {
        self.only(subject, text, &[]);
    }

    /// The fact that a fact says caused it.
    fn cause(&self, of: usize) -> &Fact {
        &self.facts[self.facts[of].cause.expect("it has a cause")]
    }

    /// When a collection reached a milestone, each time.
    fn reached(&self, milestone: &str) -> Vec<String> {
        let has = |it: &&Fact| it.milestones.iter().any(|one| one == milestone);
        self.facts
            .iter()
            .filter(has)
            .map(|it| it.at.clone())
            .collect()
    }

    fn all(&self) -> String {
        let line = |it: &Fact| format!("{:>14} {:24} {}\n", it.at, it.subject, it.text);
        self.facts.iter().map(line).collect()
    }
}
