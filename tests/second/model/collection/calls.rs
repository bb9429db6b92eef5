//! The calls of an incarnation: probes, renewals, commits, and what each answer means.

use keyoutage::profile::RequiredActions;
use keyoutage::states::{Cause, Ingest as Word, Outcome, Status};

use super::{Life, Path};
use crate::model::access::View;
use crate::model::leases::Fetch;
use crate::model::site::thrown;

impl Life<'_> {
    /// Where there is no key, and nothing arrives or waits, ingestion runs as soon as nothing hinders it.
    pub(super) fn run_idle(&mut self, now: u64) {
        if !self.keyed() && self.ingest.nothing_comes(now) && self.ingest.word == Word::Halted {
            self.commit(now, false);
        }
    }

    /// The site's probe, if one gets through at this instant.
    pub(super) fn probe(
        &mut self,
        now: u64,
        view: &View,
        (source_down, source_back): (bool, bool),
        back: bool,
    ) {
        if back && self.made_in_down {
            self.ask(now, view);
        }
        if source_back && !source_down && !view.down {
            self.run_idle(now);
        }
        let own = self.asks_at == Some(now);
        let probe = self.keyed() && self.site.probe(self.ground, now) == Some(now);
        if view.down || !(own || probe || (!self.keyed() && self.status == Status::Created)) {
            return;
        }
        if self.status == Status::Created {
            self.asked(now, view);
            self.quiet[1] = view.throttled.is_none();
            return;
        }
        if !probe || !self.calls(view) {
            self.quiet[1] |= probe && view.throttled.is_none();
            return;
        }
        self.quiet[1] = view.throttled.is_none();
        for (path, cause) in [(Path::Reads, view.reads), (Path::Commits, view.commits)] {
            match cause {
                None => self.granted(now, path),
                Some(_) => self.refused(now, path),
            }
        }
        // Where nothing arrives the probe stands for the commit.
        if self.ingest.by_probe {
            match view.commits {
                None if source_down => {}
                None => self.commit(now, false),
                Some(_) => self.halt(now, now),
            }
        }
    }

    /// A collection that was never READY is asked for.
    pub(super) fn asked(&mut self, now: u64, view: &View) {
        if self.site.started > now {
            return;
        }
        self.once[0] |= view.reads.is_none();
        self.once[1] |= view.commits.is_none();
        if self.once == [true; 2] {
            self.become_(now, Status::Ready);
            // While calls are throttled each is fetched by a call of its own.
            match view.throttled {
                None => self.leases.fetch_all(self.ground, now),
                Some(_) => self.fetch_dead = true,
            }
            self.ingest.begin(now, self.rates.1);
            self.by_probe();
            self.say_ingest(now);
        }
    }

    /// The last probe before the pause.
    pub(super) fn last_probe(&mut self, now: u64, view: &View) {
        let (first, due) = match self.pause.last_probe {
            Some((first, next)) => (first, next),
            None => (now, self.pause_due()),
        };
        if due != now || view.down || self.status != Status::EncryptionKeyError {
            return;
        }
        if self.site.die(self.ground, now) {
            if now - first >= 2_000 {
                self.pausing(now);
            } else {
                self.pause.last_probe = Some((first, now + 1_000));
            }
            return;
        }
        self.pause.last_probe = None;
        let mechanistic =
            self.ground.scenario.rules.required_actions == RequiredActions::Mechanistic;
        let commits = if mechanistic {
            view.commits
        } else {
            view.reads
        };
        for (path, cause) in [(Path::Reads, view.reads), (Path::Commits, commits)] {
            if self.flags[self.path(path)] && cause.is_none() {
                self.granted(now, path);
            }
        }
        if self.status == Status::EncryptionKeyError {
            self.pausing(now);
        }
    }

    /// Renewals, fetches and commits.
    pub(super) fn call(
        &mut self,
        now: u64,
        before: &View,
        view: &View,
        source_down: bool,
        back: bool,
    ) {
        if self.keyed() {
            let readable = before.reads.is_some() && view.reads.is_none();
            let dead = self.fetch_dead || back || readable;
            let fetch = match (before.throttled.is_some() && view.throttled.is_none(), dead) {
                (true, _) => Fetch::Missing,
                (false, true) => Fetch::Dead,
                (false, false) => Fetch::No,
            };
            let silent = |it: &View| it.reads == Some(Cause::Unreachable);
            self.renew(now, view, fetch, silent(before) && !silent(view));
        }
        self.fetch_dead = false;
        let due = match self.trying {
            Some((.., next)) => next == now,
            None => self.commits(view) && self.ingest.lattice(now) == now,
        };
        if due {
            self.try_commit(now, view, source_down);
        }
    }

    pub(super) fn try_commit(&mut self, now: u64, view: &View, source_down: bool) {
        let (first, tries) = self.trying.take().map_or((now, 0), |it| (it.0, it.1));
        // One that is being tried goes on, even where nothing arrives any more.
        let goes_on = tries > 0 && self.serves() && !view.down;
        if !goes_on && !self.commits(view) {
            return;
        }
        self.quiet[0] = view.throttled.is_none();
        if source_down {
            self.halt(now, first);
            return;
        }
        if self.keyed() && thrown(self.ground, view, &self.name, "commit", now) {
            match tries {
                2 => self.halt(now, first),
                _ => self.trying = Some((first, tries + 1, now + 1_000)),
            }
            return;
        }
        match view.commits.filter(|_| self.keyed()) {
            None => {
                self.granted(now, Path::Commits);
                self.commit(now, tries > 0);
            }
            Some(_) => {
                self.halt(now, first);
                self.refused(now, Path::Commits);
            }
        }
    }

    /// A commit was granted.
    pub(super) fn commit(&mut self, now: u64, again: bool) {
        let accounted = self.ingest.accounted;
        // While a commit is tried again nothing is committed: only now is it told that it has caught up.
        if again && self.ingest.caught_up(now) == now {
            self.ingest.take_all(now);
            self.say_ingest(now);
            return;
        }
        let Some(dropped) = self.ingest.commit(now) else {
            return;
        };
        self.say_ingest(now);
        if dropped > accounted {
            self.outcome(now, Outcome::ResumedWithGap, self.ingest.lost);
        }
    }
}
