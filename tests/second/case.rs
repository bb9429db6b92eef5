//! A scenario in pieces: how it is written, and what smaller ones there are.

use std::fmt::Write;

/// A scenario in pieces, so that a smaller one can be tried.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which one it is, and the seed with which it is run.
    pub number: u64,
    pub until: u64,
    pub set: Vec<String>,
    pub keys: Vec<Key>,
    pub orgs: Vec<Org>,
    pub events: Vec<(u64, String)>,
}

#[derive(Clone, Debug)]
pub struct Key {
    pub head: String,
    pub replicas: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct Org {
    pub head: String,
    pub regions: usize,
    pub collections: Vec<(usize, String)>,
}

impl Case {
    /// As a scenario is written.
    pub fn yaml(&self) -> String {
        let mut out = format!(
            "name: Generated case {}\nprofile: rockset\nseed: {}\nstart: 2026-03-01T00:00:00Z\nuntil: {}ms\n",
            self.number, self.number, self.until
        );
        let mut list = |head: &str, lines: &[String]| {
            if !lines.is_empty() {
                let _ = writeln!(out, "{head}\n{}", lines.join("\n"));
            }
        };
        let set: Vec<String> = self.set.iter().map(|it| format!("  {it}")).collect();
        list("set:", &set);
        let keys = self.keys.iter().enumerate().map(|(at, key)| {
            let replicas = key.replicas.join(", ");
            format!("  k{at}: {{ {}, replicas: {{ {replicas} }} }}", key.head)
        });
        list("keys:", &keys.collect::<Vec<_>>());
        let orgs = self.orgs.iter().map(|org| {
            let all: Vec<&str> = org.collections.iter().map(|it| it.1.as_str()).collect();
            format!("  {}, collections: {{ {} }} }}", org.head, all.join(", "))
        });
        list("orgs:", &orgs.collect::<Vec<_>>());
        let events = self
            .events
            .iter()
            .map(|(at, what)| format!("  - {{ at: {at}ms, do: {what} }}"));
        list("events:", &events.collect::<Vec<_>>());
        out
    }

    /// Cases with one thing less.
    pub fn smaller(&self) -> Vec<Case> {
        let mut all = Vec::new();
        for at in 0..self.events.len() {
            let mut less = self.clone();
            less.events.remove(at);
            all.push(less);
        }
        for at in (0..self.orgs.len()).filter(|_| self.orgs.len() > 1) {
            let mut less = self.clone();
            less.orgs.remove(at);
            all.push(less);
        }
        for (org, of) in self.orgs.iter().enumerate() {
            for at in (0..of.collections.len()).filter(|_| of.collections.len() > 1) {
                let mut less = self.clone();
                less.orgs[org].collections.remove(at);
                all.push(less);
            }
        }
        for at in 0..self.set.len() {
            let mut less = self.clone();
            less.set.remove(at);
            all.push(less);
        }
        for (key, of) in self.keys.iter().enumerate() {
            for at in 0..of.replicas.len() {
                let mut less = self.clone();
                less.keys[key].replicas.remove(at);
                all.push(less);
            }
        }
        all
    }
}
