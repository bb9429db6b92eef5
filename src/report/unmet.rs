//! Why one expectation does not hold, as plain values: for whom, what was, how near it came, by what, and what shows more.

use crate::chance::Seed;
use crate::expect::{Failure, Judgement, Verdict};
use crate::names::{Kind, Subject};
use crate::text::{clean, grouped};
use crate::time::Time;
use crate::timeline::Timeline;

use super::explain::numbered;
use super::phrase::link;

/// Where a run came from, as commands that show more of it name it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Origin<'a> {
    /// The scenario, as messages call it.
    pub file: &'a str,
    /// The scenario, as the command line takes it; not yet quoted for a shell.
    pub argument: &'a str,
    /// The seed, where it is not the file's own.
    pub seed: Option<Seed>,
}

impl<'a> Origin<'a> {
    /// A file that is called alike everywhere, run with its own seed.
    pub const fn file(file: &'a str) -> Origin<'a> {
        Origin {
            file,
            argument: file,
            seed: None,
        }
    }

    /// `keyoutage VERB FILE …`, with the seed where it is not the file's own.
    pub fn command(&self, verb: &str, options: &str) -> String {
        let mut text = format!("keyoutage {verb} {}", shell(self.argument));
        if !options.is_empty() {
            text.push(' ');
            text.push_str(options);
        }
        if let Some(Seed(seed)) = self.seed {
            text.push_str(&format!(" --seed {seed}"));
        }
        text
    }
}

/// Why one expectation does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unmet {
    /// How many subjects were selected.
    pub selected: u64,
    /// For how many of them it does not hold.
    pub failed: u64,
    /// The first few of those.
    pub told: Vec<Miss>,
}

/// Why it does not hold for one subject.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Miss {
    /// The subject's name, with its place where that was judged.
    pub who: String,
    /// The instant that was looked at; `None` where the subject was not there.
    pub instant: Option<Time>,
    /// What was, at that instant.
    pub was: String,
    /// How near it came to hold, or how far it went wrong.
    pub nearest: Option<String>,
    /// The entry that shows it and the chain of its causes; empty where nothing made it so.
    pub because: Vec<Link>,
    /// Nothing made it so: it was so from the start.
    pub from_start: bool,
    /// The command that shows more.
    pub more: String,
}

/// One entry of a chain of causes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Its number on the timeline.
    pub entry: u32,
    /// When it happened.
    pub time: Time,
    /// `#14 1h06m12s queries none`.
    pub text: String,
}

impl Unmet {
    /// Of a verdict; `None` unless it fails.
    pub fn new(timeline: &Timeline, verdict: &Verdict, origin: &Origin<'_>) -> Option<Unmet> {
        match verdict.judgement {
            Judgement::Holds | Judgement::NotJudged => None,
            Judgement::Fails => Some(Unmet {
                selected: verdict.selected as u64,
                failed: verdict.failed as u64,
                told: verdict
                    .failures
                    .iter()
                    .map(|failure| Miss::new(timeline, failure, origin))
                    .collect(),
            }),
        }
    }

    /// All of it in one sentence: the first subject, and of how many.
    pub fn sentence(&self) -> String {
        let mut text = String::new();
        if let Some(first) = self.told.first() {
            text = format!("{}: {}", first.who, first.was);
            if let Some(nearest) = &first.nearest {
                text.push_str(&format!("; {nearest}"));
            }
        }
        if self.selected > 1 {
            text.push_str(&format!(
                " ({} of {} selected)",
                grouped(self.failed),
                grouped(self.selected)
            ));
        }
        text
    }

    /// `does not hold for acme/us-east-1/clicks (1 of 2 selected)`.
    pub fn for_whom(&self, told: &Miss) -> String {
        format!(
            "does not hold for {} ({} of {} selected)",
            told.who,
            grouped(self.failed),
            grouped(self.selected)
        )
    }

    /// How many more subjects there are than are told; `None` where all are.
    pub fn nor_for(&self) -> Option<String> {
        let more = self.failed - self.told.len() as u64;
        (more > 0).then(|| format!("… nor for {} more", grouped(more)))
    }
}

impl Miss {
    fn new(timeline: &Timeline, failure: &Failure, origin: &Origin<'_>) -> Miss {
        let name = timeline.names.text(failure.subject);
        let links = failure.chain.iter().map(|&entry| Link {
            entry,
            time: timeline.entries[entry as usize].time,
            text: link(timeline, entry),
        });
        Miss {
            who: match failure.place {
                Some(place) => format!("{name}/{place}"),
                None => name,
            },
            instant: failure.instant,
            was: failure.was.clone(),
            nearest: failure.nearest.clone(),
            because: links.collect(),
            from_start: failure.from_start,
            more: more(timeline, failure, origin),
        }
    }

    /// The chain of causes in words; `None` where nobody was there, and where nothing happened that shows a number.
    pub fn why(&self) -> Option<String> {
        if self.because.is_empty() {
            return self
                .from_start
                .then(|| "it was so from the start".to_owned());
        }
        let links: Vec<&str> = self.because.iter().map(|it| it.text.as_str()).collect();
        Some(links.join(" ← "))
    }

    /// Each thing that is told of it, under its name, in the order in which it is told.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts = vec![("was", self.was.clone())];
        parts.extend(self.nearest.clone().map(|it| ("nearest", it)));
        parts.extend(self.why().map(|it| ("because", it)));
        parts.push(("more", self.more.clone()));
        parts
    }
}

/// The command that shows more: why it was so then, or the whole run where there is no instant to ask about.
fn more(timeline: &Timeline, failure: &Failure, origin: &Origin<'_>) -> String {
    let plain = Subject::new(failure.subject.kind, failure.subject.id);
    let option = match plain.kind {
        Kind::Collection => "collection",
        Kind::Site => "site",
        Kind::Replica => "key",
        Kind::Key | Kind::Region | Kind::Org => return origin.command("run", ""),
    };
    match failure.instant {
        Some(instant) => {
            // A name alone means who is there then.
            let meant = match plain.kind {
                Kind::Collection => timeline.incarnation_at(plain.id, instant),
                _ => Some(plain),
            };
            let name = match meant == Some(failure.subject) {
                true => timeline.names.text(plain),
                false => numbered(timeline, failure.subject),
            };
            let name = shell(&name);
            origin.command("explain", &format!("--at {instant} --{option} {name}"))
        }
        None => origin.command("run", ""),
    }
}

/// A name as a shell takes it.
pub(super) fn shell(name: &str) -> String {
    let name = clean(name);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._/+-".contains(letter);
    // What begins with a dash would be an option; the dash alone is standard input.
    let prefix = if name.len() > 1 && name.starts_with('-') {
        "./"
    } else {
        ""
    };
    if !name.is_empty() && name.chars().all(plain) {
        format!("{prefix}{name}")
    } else {
        format!("'{prefix}{}'", name.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, shell};
    use crate::chance::Seed;

    #[test]
    fn a_shell_takes_every_name_as_one_word() {
        for (name, word) in [
            ("outage/a.yaml", "outage/a.yaml"),
            ("my file.yaml", "'my file.yaml'"),
            ("it's.yaml", "'it'\\''s.yaml'"),
            ("-x.yaml", "./-x.yaml"),
            ("-$x", "'./-$x'"),
            ("-", "-"),
            ("", "''"),
            ("a\u{202e}b", "'a<U+202E>b'"),
        ] {
            assert_eq!(shell(name), word);
        }
    }

    #[test]
    fn a_command_says_the_seed_that_is_not_the_files() {
        let mut origin = Origin::file("a.yaml");
        assert_eq!(origin.command("run", ""), "keyoutage run a.yaml");
        origin.seed = Some(Seed(7));
        assert_eq!(
            origin.command("explain", "--at 1h"),
            "keyoutage explain a.yaml --at 1h --seed 7"
        );
    }
}
