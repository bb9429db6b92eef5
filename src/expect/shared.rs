//! One answer for all that never changed: a million collections to which nothing happened are looked at once.

use std::collections::BTreeMap;

use crate::names::Kind;
use crate::timeline::Timeline;

use super::Judged;
use super::asked::Asked;

/// Everything an untouched collection's states depend on.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Start {
    from_start: bool,
    warm: bool,
    incarnation: u32,
    /// The site, where its access is asked for.
    site: Option<u32>,
}

/// The answers so far.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    usable: bool,
    by_site: bool,
    answers: BTreeMap<Start, bool>,
}

impl Shared {
    /// For these questions. The lag of a collection rolls its own die even when nothing happens, so it is never shared.
    pub(super) fn new<'a>(asked: impl Iterator<Item = &'a Asked<'a>> + Clone) -> Shared {
        let mut all = asked.clone();
        let mut some = asked;
        Shared {
            usable: !all.any(|it| matches!(it, Asked::Lag(_))),
            by_site: some.any(|it| matches!(it, Asked::Error(_))),
            answers: BTreeMap::new(),
        }
    }

    /// The answer for a subject: a shared one where it may be shared, else its own.
    pub(super) fn answer(
        &mut self,
        timeline: &Timeline,
        judged: Judged,
        look: impl FnOnce() -> bool,
    ) -> bool {
        match self.start(timeline, judged) {
            Some(start) => *self.answers.entry(start).or_insert_with(look),
            None => look(),
        }
    }

    fn start(&self, timeline: &Timeline, judged: Judged) -> Option<Start> {
        let subject = judged.subject;
        let untouched = self.usable
            && subject.kind == Kind::Collection
            && timeline.about(Kind::Collection, subject.id).is_empty();
        if !untouched {
            return None;
        }
        let home = timeline.names.home(subject.id);
        let mut first = subject;
        first.incarnation = 1;
        Some(Start {
            from_start: timeline.plain[home.group][home.collection].from_start,
            warm: timeline.warm(first),
            incarnation: subject.incarnation,
            site: self.by_site.then_some(home.site),
        })
    }
}
