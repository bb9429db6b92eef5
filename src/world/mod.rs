//! The present, in two halves. The keys: commands in, the *tape* out (what is visible when). The service: sites, and
//! collections that live along the tape. Nothing in the service's half acts on the keys' half.

pub(crate) mod access;
pub(crate) mod attempts;
pub(crate) mod calls;
pub(crate) mod collection;
pub(crate) mod kms;
pub(crate) mod lease;
pub(crate) mod orders;
pub(crate) mod place;
pub(crate) mod requirements;
pub(crate) mod shelf;
pub(crate) mod site;
pub(crate) mod tally;
pub(crate) mod throttled;

use crate::agenda::Moment;
use crate::names::{Kind, Subject};
use crate::timeline::{Fact, Milestones};

/// An entry before its number is known: whose it is, and the how-manieth about that subject.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Ref {
    pub(crate) kind: Kind,
    pub(crate) id: u32,
    pub(crate) serial: u32,
}

/// An entry before its number is known.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) moment: Moment,
    pub(crate) subject: Subject,
    pub(crate) serial: u32,
    pub(crate) fact: Fact,
    pub(crate) cause: Option<Ref>,
    pub(crate) with: Box<[Ref]>,
    pub(crate) milestones: Milestones,
}

/// Writes drafts about subjects that come one after the other, each once.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    pub(crate) drafts: Vec<Draft>,
    serial: u32,
    last: Option<Ref>,
}

impl Recorder {
    /// From now on about the next subject.
    pub(crate) fn turn(&mut self) {
        self.serial = 0;
        self.last = None;
    }

    /// The entry about the subject that was written last.
    pub(crate) fn last(&self) -> Option<Ref> {
        self.last
    }

    /// Writes what happened to the subject.
    pub(crate) fn record(
        &mut self,
        moment: Moment,
        subject: Subject,
        fact: Fact,
        cause: Option<Ref>,
        with: &[Ref],
    ) -> Ref {
        let serial = self.serial;
        self.serial += 1;
        let milestones = Milestones::NONE;
        let with = with.into();
        self.drafts.push(Draft {
            moment,
            subject,
            serial,
            fact,
            cause,
            with,
            milestones,
        });
        let entry = Ref {
            kind: subject.kind,
            id: subject.id,
            serial,
        };
        self.last = Some(entry);
        entry
    }

    /// Makes an entry a milestone, by its place among the drafts.
    pub(crate) fn mark_at(&mut self, at: usize, milestone: crate::states::Milestone) {
        let draft = &mut self.drafts[at];
        draft.milestones = draft.milestones.and(milestone);
    }

    /// Makes the entry just written a milestone.
    pub(crate) fn mark(&mut self, milestone: crate::states::Milestone) {
        let last = self
            .drafts
            .last_mut()
            .expect("a milestone is an entry that was just written");
        last.milestones = last.milestones.and(milestone);
    }
}
