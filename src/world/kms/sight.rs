//! What callers see of a replica: the net result of an instant, and the step on the tape.

use crate::agenda::Rank;
use crate::names::Kind;
use crate::profile::Clause;
use crate::states::Cause;
use crate::timeline::Fact;
use crate::world::Ref;
use crate::world::access::View;
use crate::world::kms::{Event, Keys, TapeStep, Thing};

impl Keys<'_> {
    pub(super) fn becomes_visible(&mut self, id: usize, thing: Thing, number: u32, cause: Ref) {
        let it = &mut self.replicas[id];
        let which = match thing {
            Thing::State(_) => 0,
            Thing::Policy(_) => 1,
        };
        if it.seen[which] > number {
            return;
        }
        it.seen[which] = number;
        match thing {
            Thing::State(state) => it.view.state = state,
            Thing::Policy(policy) => it.view.policy = policy,
        }
        it.visible_causes.push(cause);
        self.touch(id);
    }

    pub(super) fn touch(&mut self, id: usize) {
        self.touched.push(id as u32);
        if !self.stand_alone() && self.primary(self.key_of(id)) == id {
            let (key, _) = self.scenario.names.replica(id as u32);
            self.touched.extend(self.scenario.names.replicas_of(key));
        }
    }

    /// Whether no replica follows another (DESIGN 2).
    fn stand_alone(&self) -> bool {
        let rules = &self.scenario.rules;
        rules.has(Clause::OwnState) && rules.has(Clause::OwnPolicy)
    }

    /// What counts for callers of a replica: its own state and policy, where replicas stand alone; else the primary's.
    fn counts(&self, id: usize) -> View {
        let own = self.replicas[id].view;
        if self.stand_alone() || own.state.refuses() == Some(Cause::NotFound) {
            return own;
        }
        let rules = &self.scenario.rules;
        let primary = self.replicas[self.primary(self.key_of(id))].view;
        View {
            state: match rules.has(Clause::OwnState) {
                true => own.state,
                false => primary.state,
            },
            policy: match rules.has(Clause::OwnPolicy) {
                true => own.policy,
                false => primary.policy,
            },
            ..own
        }
    }

    /// The end of an instant: the net result is what callers see.
    pub(super) fn settle(&mut self) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for id in touched.drain(..) {
            self.settle_replica(id as usize);
        }
        self.touched = touched;
    }

    pub(super) fn settle_replica(&mut self, id: usize) {
        let causes = std::mem::take(&mut self.replicas[id].visible_causes);
        let mut seen = None;
        let mut view = self.replicas[id].view;
        view.clock = self.now().time;
        self.replicas[id].view = view;
        let meaning = self.shelf.policy(view.policy).meaning().to_owned();
        let told = (view.state, meaning);
        if let (Some((last, others)), true) = (causes.split_last(), told != self.replicas[id].told)
        {
            let policy = self.shelf.tell(&told.1);
            let mut with = others.to_vec();
            with.retain(|it| it != last);
            with.dedup();
            let subject = self.replicas[id].subject;
            let fact = Fact::Visible {
                state: view.state,
                policy,
            };
            let entry = self.record(subject, fact, Some(*last), &with);
            seen = Some(entry);
            self.replicas[id].told = told;
        }
        let mut changed = std::mem::take(&mut self.replicas[id].changed);
        changed.sort();
        changed.dedup();
        // What became visible changed it, before what came by itself.
        changed.splice(0..0, self.turned(id));
        changed.splice(0..0, seen);
        let by_fault = changed.iter().any(|entry| entry.kind == Kind::Region);
        let before = View {
            unreachable: view.unreachable,
            denied: view.denied,
            ..self.replicas[id].settled
        };
        let early = by_fault.then(|| {
            let policy = self.shelf.policy(before.policy);
            self.judge.answer(before, policy, id as u32)
        });
        self.replicas[id].settled = view;
        let mut changed = changed.into_iter();
        let mut step = self.step(id, changed.next(), changed.collect());
        step.early = early;
        let last = self.tape.replicas[id]
            .last()
            .expect("every replica has its start");
        if (&step.answers, step.unreachable) != (&last.answers, last.unreachable) {
            self.tape.replicas[id].push(step);
        }
        self.plan_turn(id);
    }

    /// A date in the policy that callers saw already has come, and changed what it says to the service.
    fn turned(&mut self, id: usize) -> Option<Ref> {
        let (was, is) = (self.replicas[id].settled, self.replicas[id].view);
        if was.policy != is.policy || is.state.refuses() == Some(Cause::NotFound) {
            return None;
        }
        let policy = self.shelf.policy(is.policy);
        let turned = self
            .judge
            .turned(is.policy, policy, id as u32, (was.clock, is.clock))?;
        let start = self
            .scenario
            .start
            .expect("a date is counted from the start");
        let date = start.after(turned).expect("it is a date of the calendar");
        let subject = self.replicas[id].subject;
        Some(self.record(subject, Fact::Turned { date }, None, &[]))
    }

    /// Plans the next date of the visible policy.
    pub(super) fn plan_turn(&mut self, id: usize) {
        let policy = self.replicas[id].view.policy;
        let now = self.now().time;
        let next = self.judge.next_turn(policy, self.shelf.policy(policy), now);
        if let Some(next) = next.filter(|it| *it != self.replicas[id].turns) {
            self.replicas[id].turns = next;
            let subject = self.replicas[id].subject;
            self.agenda.plan(next, Rank::Visible, subject, Event::Turns);
        }
    }

    pub(super) fn step(&mut self, id: usize, cause: Option<Ref>, with: Vec<Ref>) -> TapeStep {
        let it = &self.replicas[id];
        let view = self.counts(id);
        let policy = self.shelf.policy(view.policy);
        let answers = self.judge.answer(view, policy, id as u32);
        let first = answers.starting.causes.first().map(|it| it.cause);
        let unreachable = it
            .unreachable_since
            .filter(|_| first == Some(Cause::Unreachable));
        TapeStep {
            time: self.now().time,
            answers,
            unreachable,
            early: None,
            cause,
            with,
        }
    }
}
