//! States over time: for one subject, each value it had and since when.

use std::ops::Range;

use crate::chance::Chance;
use crate::names::{Kind, Subject};
use crate::profile::RequiredActions;
use crate::states::{Ingest, KeyState, Outcome, Place, Queries, SiteState, Status};
use crate::time::{Span, Time};
use crate::timeline::{Access, Entry, Fact, Life, Timeline};

/// A value, since when it holds, and the entry that says so (`None` for what is so from the start).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Step<T> {
    /// From then on.
    pub from: Time,
    /// The value.
    pub value: T,
    /// The entry.
    pub entry: Option<u32>,
}

/// A collection at one instant.
#[derive(Clone, PartialEq, Debug)]
pub struct CollectionNow {
    /// Which incarnation lives.
    pub subject: Subject,
    /// Its status.
    pub status: Status,
    /// What is served.
    pub queries: Queries,
    /// Live cache entries and how many there are.
    pub live: (u32, u32),
    /// Its ingestion.
    pub ingest: Ingest,
    /// Its lag.
    pub lag: Span,
    /// How its data came out, once that is certain.
    pub outcome: Option<Outcome>,
}

impl Timeline {
    /// The incarnations of a collection that ever were, in order; none when it was never made.
    pub fn incarnations(&self, id: u32) -> Vec<Subject> {
        let first = Subject::new(Kind::Collection, id);
        let mut all = Vec::new();
        if self.plain(id).from_start {
            all.push(first);
        }
        for &at in self.about(Kind::Collection, id) {
            let entry = &self.entries[at as usize];
            match entry.fact {
                Fact::Created | Fact::Recreated => all.push(entry.subject),
                _ => {}
            }
        }
        all
    }

    /// The incarnation of a collection that lives at an instant (the last one, when it is deleted and not made anew).
    pub fn incarnation_at(&self, id: u32, time: Time) -> Option<Subject> {
        self.incarnations(id)
            .into_iter()
            .rfind(|subject| self.made(*subject) <= time)
    }

    /// When an incarnation of a collection was made.
    pub fn made(&self, subject: Subject) -> Time {
        self.life(subject).map_or(Time::START, |life| life.created)
    }

    /// The plain data of an incarnation; `None` when nothing ever happened to it.
    pub fn life(&self, subject: Subject) -> Option<&Life> {
        let at = self
            .lives
            .binary_search_by_key(&subject, |life| life.subject)
            .ok()?;
        Some(&self.lives[at])
    }

    /// The status of an incarnation over time, from when it was made.
    pub fn statuses(&self, subject: Subject) -> Vec<Step<Status>> {
        let first = if self.warm(subject) {
            Status::Ready
        } else {
            Status::Created
        };
        self.track(subject, first, |fact| match fact {
            Fact::Status { to, .. } => Some(*to),
            Fact::Deleted => Some(Status::Deleted),
            _ => None,
        })
    }

    /// What is served of an incarnation's queries over time; up to its deletion.
    pub fn queries(&self, subject: Subject) -> Vec<Step<Queries>> {
        let first = if self.warm(subject) {
            Queries::All
        } else {
            Queries::None
        };
        self.track(subject, first, |fact| match fact {
            Fact::Queries { to, .. } => Some(*to),
            _ => None,
        })
    }

    /// An incarnation's ingestion over time; up to its deletion.
    pub fn ingests(&self, subject: Subject) -> Vec<Step<Ingest>> {
        let first = if self.warm(subject) {
            Ingest::Running
        } else {
            Ingest::Halted
        };
        self.track(subject, first, |fact| match fact {
            Fact::Ingest { to, .. } => Some(*to),
            _ => None,
        })
    }

    /// How an incarnation's data came out, over time; `None` before it is certain.
    pub fn outcomes(&self, subject: Subject) -> Vec<Step<Option<Outcome>>> {
        self.track(subject, None, |fact| match fact {
            Fact::Outcome { to, .. } => Some(Some(*to)),
            _ => None,
        })
    }

    /// The state of a site over time, from when it was there.
    pub fn site_states(&self, site: u32) -> Vec<Step<SiteState>> {
        let start = self.sites[site as usize];
        self.steps(
            Subject::new(Kind::Site, site),
            start.since,
            start.state,
            |entry| match entry.fact {
                Fact::Site { to } => Some(to),
                _ => None,
            },
        )
    }

    /// The access of a site over time, as numbers of [`Timeline::accesses`]; from when the site was there.
    pub fn accesses_of(&self, site: u32) -> Vec<Step<u32>> {
        let start = self.sites[site as usize];
        self.steps(
            Subject::new(Kind::Site, site),
            start.since,
            start.access,
            |entry| match entry.fact {
                Fact::Access { access, .. } => Some(access),
                _ => None,
            },
        )
    }

    /// The commanded state of a replica over time.
    pub fn key_states(&self, replica: u32) -> Vec<Step<KeyState>> {
        let first = self.replicas[replica as usize];
        self.steps(
            Subject::new(Kind::Replica, replica),
            Time::START,
            first,
            |entry| match entry.fact {
                Fact::State { to, .. } => Some(to),
                _ => None,
            },
        )
    }

    /// What callers see of a replica over time: its state and its policy, a number of [`Timeline::policies`], which is
    /// `None` up to the first change.
    pub fn visible(&self, replica: u32) -> Vec<Step<(KeyState, Option<u32>)>> {
        let first = self.replicas[replica as usize];
        self.steps(
            Subject::new(Kind::Replica, replica),
            Time::START,
            (first, None),
            |entry| match entry.fact {
                Fact::Visible { state, policy } => Some((state, Some(policy))),
                _ => None,
            },
        )
    }

    /// Whether a place of a site is readable, over time (R9's matrix, MODEL 3); from when the site was there.
    pub fn readable(&self, site: u32, place: Place) -> Vec<Step<bool>> {
        let since = self.sites[site as usize].since;
        let always = vec![Step {
            from: since,
            value: true,
            entry: None,
        }];
        if self.site_replicas[site as usize].is_none() {
            return always;
        }
        match place {
            Place::Transit => always,
            Place::Storage => {
                let granted = |access: u32| self.storage_readable(&self.accesses[access as usize]);
                changes(self.accesses_of(site).into_iter().map(|step| Step {
                    from: step.from,
                    value: granted(step.value),
                    entry: step.entry,
                }))
            }
            Place::Cache => self.cache_readable(site, since),
        }
    }

    /// A collection at one instant, after everything of that instant; `None` before it was made.
    pub fn collection_at(&self, id: u32, time: Time) -> Option<CollectionNow> {
        self.incarnation_now(self.incarnation_at(id, time)?, time)
    }

    /// An incarnation that was made, at one instant; `None` before that.
    pub(crate) fn incarnation_now(&self, subject: Subject, time: Time) -> Option<CollectionNow> {
        let (live, entries) = self.live_at(subject, time);
        Some(CollectionNow {
            subject,
            status: at(&self.statuses(subject), time)?.value,
            queries: at(&self.queries(subject), time)?.value,
            live: (live, entries),
            ingest: at(&self.ingests(subject), time)?.value,
            lag: self.lag_at(subject, time),
            outcome: at(&self.outcomes(subject), time)?.value,
        })
    }

    /// Whether an incarnation began `READY`, with everything warm.
    pub fn warm(&self, subject: Subject) -> bool {
        let site = self.names.home(subject.id).site;
        subject.incarnation == 1
            && self.plain(subject.id).from_start
            && self.sites[site as usize].since == Time::START
            && self.sites[site as usize].state == SiteState::Operating
    }

    /// What a collection begins with.
    pub fn plain(&self, id: u32) -> crate::timeline::Plain {
        let home = self.names.home(id);
        self.plain[home.group][home.collection]
    }

    /// The shares of a life.
    pub fn shares_of(&self, life: &Life) -> &[crate::timeline::Share] {
        &self.shares[range(life.shares)]
    }

    /// Storage is readable while reads are granted: `Decrypt`, or all four where the rules ask for them (MODEL 3).
    fn storage_readable(&self, access: &Access) -> bool {
        access
            .causes
            .iter()
            .all(|cause| match self.rules.required_actions {
                RequiredActions::Seed => false,
                RequiredActions::Mechanistic => {
                    !cause.actions.is_empty()
                        && cause.actions.iter().all(|action| action != "kms:Decrypt")
                }
            })
    }

    fn cache_readable(&self, site: u32, since: Time) -> Vec<Step<bool>> {
        let mut moves: Vec<(Time, i64)> = Vec::new();
        let mut living = 0i64;
        for id in self.names.collections_in(site) {
            for subject in self.incarnations(id) {
                let mut alive = self.warm(subject);
                if alive {
                    living += 1;
                }
                let Some(life) = self.life(subject) else {
                    continue;
                };
                for share in self.shares_of(life) {
                    if (share.live > 0) != alive {
                        alive = share.live > 0;
                        moves.push((share.from, if alive { 1 } else { -1 }));
                    }
                }
            }
        }
        moves.sort_unstable();
        let mut steps = vec![Step {
            from: since,
            value: living > 0,
            entry: None,
        }];
        for (index, (from, change)) in moves.iter().enumerate() {
            living += change;
            if moves.get(index + 1).is_none_or(|next| next.0 != *from) {
                steps.push(Step {
                    from: *from,
                    value: living > 0,
                    entry: None,
                });
            }
        }
        changes(steps.into_iter())
    }

    /// Live entries of an incarnation, and how many it has.
    fn live_at(&self, subject: Subject, time: Time) -> (u32, u32) {
        match self.life(subject) {
            None => {
                let name = self.names.text(subject);
                let chance = Chance::new(self.seed);
                let entries = chance.number(self.rules.cache_entries, "cache.entries", &name);
                (if self.warm(subject) { entries } else { 0 }, entries)
            }
            Some(life) => {
                let shares = self.shares_of(life);
                let after = shares.partition_point(|share| share.from <= time);
                (
                    shares[..after].last().map_or(0, |share| share.live),
                    life.entries,
                )
            }
        }
    }

    fn track<T: Copy + PartialEq>(
        &self,
        subject: Subject,
        first: T,
        value: impl Fn(&Fact) -> Option<T>,
    ) -> Vec<Step<T>> {
        let made = self.made(subject);
        self.steps(subject, made, first, |entry| value(&entry.fact))
    }

    fn steps<T: Copy + PartialEq>(
        &self,
        subject: Subject,
        since: Time,
        first: T,
        value: impl Fn(&Entry) -> Option<T>,
    ) -> Vec<Step<T>> {
        let mut steps = vec![Step {
            from: since,
            value: first,
            entry: None,
        }];
        for &at in self.about_one(subject) {
            let entry = &self.entries[at as usize];
            if let Some(value) = value(entry) {
                let step = Step {
                    from: entry.time,
                    value,
                    entry: Some(at),
                };
                match steps.last_mut() {
                    Some(last) if last.from == entry.time => *last = step,
                    _ => steps.push(step),
                }
            }
        }
        steps
    }
}

/// The step that holds at an instant; `None` before the first.
pub fn at<T>(steps: &[Step<T>], time: Time) -> Option<&Step<T>> {
    let after = steps.partition_point(|step| step.from <= time);
    steps[..after].last()
}

/// A range of a flat vector.
pub(crate) fn range((from, to): (u32, u32)) -> Range<usize> {
    from as usize..to as usize
}

/// Only the steps at which the value changes.
fn changes<T: PartialEq>(steps: impl Iterator<Item = Step<T>>) -> Vec<Step<T>> {
    let mut kept: Vec<Step<T>> = Vec::new();
    for step in steps {
        match kept.last_mut() {
            Some(last) if last.value == step.value => {}
            Some(last) if last.from == step.from => *last = step,
            _ => kept.push(step),
        }
    }
    kept
}
