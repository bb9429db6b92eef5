//! One instant of a run, asked by names.

use crate::names::Kind;
use crate::states::{AccessWord, KeyState, Place, SiteState};
use crate::time::Time;
use crate::timeline::{Access, CollectionNow, Timeline, at};

/// Everything as it is after all that happens at an instant; at the end of the run, as it was left.
#[derive(Copy, Clone, Debug)]
pub struct Now<'a> {
    timeline: &'a Timeline,
    time: Time,
}

/// A site at one instant.
#[derive(Copy, Clone, PartialEq, Debug)]
pub struct SiteNow<'a> {
    /// Whether it works.
    pub state: SiteState,
    /// Whether its key may be used.
    pub access: AccessWord,
    /// Why not: every cause, the first being the error shown.
    pub causes: &'a Access,
}

impl Timeline {
    /// The run at an instant.
    pub fn at(&self, time: Time) -> Now<'_> {
        Now {
            timeline: self,
            time,
        }
    }
}

impl<'a> Now<'a> {
    /// A collection by its name, `org/region/name`: the incarnation that lives then, or with `#2` behind it that one. `None`
    /// where the scenario names no such collection, or it was not made yet.
    pub fn collection(self, name: &str) -> Option<CollectionNow> {
        let timeline = self.timeline;
        let subject = timeline.names.find(Kind::Collection, name)?;
        if name.contains('#') {
            let was = timeline.incarnations(subject.id).contains(&subject);
            return (was && timeline.made(subject) <= self.time)
                .then(|| timeline.incarnation_now(subject, self.time))?;
        }
        timeline.collection_at(subject.id, self.time)
    }

    /// A site by its name, `org/region`. `None` where the scenario names no such site, or it is not there yet.
    pub fn site(self, name: &str) -> Option<SiteNow<'a>> {
        let timeline = self.timeline;
        let site = timeline.names.find(Kind::Site, name)?.id;
        let access = at(&timeline.accesses_of(site), self.time)?.value;
        let causes = &timeline.accesses[access as usize];
        Some(SiteNow {
            state: at(&timeline.site_states(site), self.time)?.value,
            access: causes.word(),
            causes,
        })
    }

    /// The state of a replica as it was commanded, by its name, `key/region`. `None` where the scenario names no such replica.
    pub fn key(self, name: &str) -> Option<KeyState> {
        let replica = self.timeline.names.find(Kind::Replica, name)?.id;
        Some(at(&self.timeline.key_states(replica), self.time)?.value)
    }

    /// Whether a place of a site, `org/region`, can be read (R9's matrix). `None` where the site is not there.
    pub fn readable(self, site: &str, place: Place) -> Option<bool> {
        let site = self.timeline.names.find(Kind::Site, site)?.id;
        Some(at(&self.timeline.readable(site, place), self.time)?.value)
    }
}
