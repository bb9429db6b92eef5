//! What callers see of a replica: the net result of an instant, and the step on the tape.

use crate::names::Kind;
use crate::states::Cause;
use crate::timeline::Fact;
use crate::world::Ref;
use crate::world::access::View;
use crate::world::kms::{Keys, TapeStep, Thing};

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
        let view = self.replicas[id].view;
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
        changed.splice(0..0, seen);
        let by_fault = changed.iter().any(|entry| entry.kind == Kind::Region);
        let before = View {
            unreachable: view.unreachable,
            ..self.replicas[id].settled
        };
        let early = by_fault.then(|| {
            let policy = self.shelf.policy(before.policy);
            self.judge.answer(before, policy, &self.replicas[id].arn)
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
    }

    pub(super) fn step(&mut self, id: usize, cause: Option<Ref>, with: Vec<Ref>) -> TapeStep {
        let it = &self.replicas[id];
        let policy = self.shelf.policy(it.view.policy);
        let answers = self.judge.answer(it.view, policy, &it.arn);
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
