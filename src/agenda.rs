//! The future: what is still to come, in the one order in which it will.
//!
//! At one instant: the start, planned opposites, written commands, changes that become visible, timers, the pause's last
//! probe, renewals and commits, queries. Then by subject, then by who was planned first (opposites: begun last first).

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::names::Subject;
use crate::time::Time;

/// Who goes first at one instant.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rank {
    /// Orgs are judged, sites started, collections warm: before everything of instant 0.
    Start,
    /// The planned opposites of commands.
    Opposite,
    /// Written commands.
    Command,
    /// Changes that become visible, and what comes by itself in a key.
    Visible,
    /// Expiries, probes, and the service's own delays.
    Timer,
    /// The last probe before a pause.
    PauseProbe,
    /// Renewals and commits.
    Call,
    /// Queries: no event, but what is told of them is told after everything of the instant.
    Query,
}

/// A point in the declared order.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment {
    /// When.
    pub time: Time,
    /// Who goes first.
    pub rank: Rank,
}

impl Moment {
    /// Before everything.
    pub const START: Moment = Moment {
        time: Time::START,
        rank: Rank::Start,
    };
}

#[derive(Clone, Debug)]
struct Planned<E> {
    moment: Moment,
    subject: Subject,
    serial: u64,
    event: E,
}

impl<E> Planned<E> {
    fn key(&self) -> (Moment, Subject, u64) {
        (self.moment, self.subject, self.serial)
    }
}

impl<E> PartialEq for Planned<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}
impl<E> Eq for Planned<E> {}
impl<E> PartialOrd for Planned<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Planned<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// Events to come. Nothing is ever taken back: an event finds on arrival whether it still applies.
#[derive(Clone, Debug)]
pub struct Agenda<E> {
    heap: BinaryHeap<Reverse<Planned<E>>>,
    now: Moment,
    subject: Option<Subject>,
    planned: u64,
    until: Time,
}

impl<E> Agenda<E> {
    /// Nothing to come, of a run that ends at `until`.
    pub fn new(until: Time) -> Agenda<E> {
        Agenda {
            heap: BinaryHeap::new(),
            now: Moment::START,
            subject: None,
            planned: 0,
            until,
        }
    }

    /// Begins anew, keeping the room.
    pub fn clear(&mut self) {
        self.heap.clear();
        self.now = Moment::START;
        self.planned = 0;
    }

    /// The present.
    pub fn now(&self) -> Moment {
        self.now
    }

    /// Whom the event is about that was taken last.
    pub fn subject(&self) -> Subject {
        self.subject.expect("asked only after an event was taken")
    }

    /// Plans an event. What is planned for this very instant comes no earlier than what is going on, whatever its rank;
    /// what is planned past the end never comes.
    pub fn plan(&mut self, time: Time, rank: Rank, subject: Subject, event: E) {
        if time >= self.until {
            return;
        }
        assert!(time >= self.now.time, "nothing is planned into the past");
        let rank = if time == self.now.time {
            rank.max(self.now.rank)
        } else {
            rank
        };
        self.planned += 1;
        let serial = if rank == Rank::Opposite {
            u64::MAX - self.planned
        } else {
            self.planned
        };
        self.heap.push(Reverse(Planned {
            moment: Moment { time, rank },
            subject,
            serial,
            event,
        }));
    }

    /// Takes the next event, and moves the present to it.
    pub fn take(&mut self) -> Option<E> {
        let Reverse(next) = self.heap.pop()?;
        assert!(next.moment >= self.now, "time runs forward");
        self.now = next.moment;
        self.subject = Some(next.subject);
        Some(next.event)
    }

    /// When the next event comes.
    pub fn next_time(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse(next)| next.moment.time)
    }
}

#[cfg(test)]
mod tests {
    use super::{Agenda, Rank};
    use crate::names::{Kind, Subject};
    use crate::time::Time;

    fn take_all(agenda: &mut Agenda<&'static str>) -> Vec<&'static str> {
        std::iter::from_fn(|| agenda.take()).collect()
    }

    #[test]
    fn one_instant_has_one_order() {
        let mut agenda = Agenda::new(Time::from_ms(10));
        let at = |ms, rank, id, name: &'static str, agenda: &mut Agenda<&'static str>| {
            agenda.plan(
                Time::from_ms(ms),
                rank,
                Subject::new(Kind::Replica, id),
                name,
            );
        };
        at(5, Rank::Call, 0, "call", &mut agenda);
        at(5, Rank::PauseProbe, 0, "pause probe", &mut agenda);
        at(5, Rank::Timer, 1, "timer of the second", &mut agenda);
        at(5, Rank::Timer, 0, "timer of the first", &mut agenda);
        at(5, Rank::Visible, 0, "visible", &mut agenda);
        at(5, Rank::Command, 0, "command", &mut agenda);
        at(5, Rank::Opposite, 0, "begun first", &mut agenda);
        at(5, Rank::Opposite, 0, "begun last", &mut agenda);
        at(4, Rank::Call, 0, "earlier", &mut agenda);
        at(10, Rank::Command, 0, "at the end", &mut agenda);
        assert_eq!(
            take_all(&mut agenda),
            [
                "earlier",
                "begun last",
                "begun first",
                "command",
                "visible",
                "timer of the first",
                "timer of the second",
                "pause probe",
                "call"
            ]
        );
    }

    #[test]
    fn what_is_planned_for_now_comes_no_earlier_than_now() {
        let mut agenda = Agenda::new(Time::from_ms(10));
        let who = Subject::new(Kind::Collection, 0);
        agenda.plan(Time::from_ms(5), Rank::Call, who, "call");
        assert_eq!(agenda.take(), Some("call"));
        agenda.plan(Time::from_ms(5), Rank::Timer, who, "at once");
        agenda.plan(Time::from_ms(6), Rank::Timer, who, "later");
        assert_eq!(take_all(&mut agenda), ["at once", "later"]);
    }
}
