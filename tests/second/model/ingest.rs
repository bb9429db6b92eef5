//! Ingestion: what has arrived, how far it is committed, and what the source drops.

use keyoutage::states::Ingest as Word;

use super::NEVER;
use super::counting::DAY;

/// How the committed offset moves.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
enum Moves {
    /// It stays.
    Still,
    /// Each commit takes all that has arrived.
    Follows,
    /// Evenly, from an instant and a place on.
    Evenly(u64, u128),
}

/// One incarnation's ingestion. Amounts are bytes over [`DAY`].
pub struct Ingest {
    pub word: Word,
    moves: Moves,
    /// Bytes a day that arrive, from when on.
    pieces: Vec<(u64, u128)>,
    catch_up: u128,
    /// How long the source keeps what was not read.
    retention: u64,
    /// The offset at the last commit that is known, and since when regular ones may have moved it.
    last: u128,
    beat_since: u64,
    /// Where it was when it had caught up; a refused commit puts it back further.
    caught: u128,
    /// Since when it is halted.
    halted: u64,
    /// Whether the loss of this halt was told, and how much of it an outcome has told already.
    pub dropped: bool,
    pub accounted: u128,
    /// What the source dropped in the halts before.
    pub lost: u128,
    /// Commits of the lattice: interval and phase.
    pub interval: u64,
    pub phase: u64,
    /// When a regular probe or commit last was, before an instant: given by the caller where probes stand for commits.
    pub by_probe: bool,
    /// Whether the source is down, so that nothing is committed.
    blocked: bool,
}

impl Ingest {
    pub fn new(catch_up: u128, retention: u64, interval: u64, phase: u64) -> Ingest {
        Ingest {
            word: Word::Halted,
            moves: Moves::Still,
            pieces: Vec::new(),
            catch_up,
            retention,
            last: 0,
            beat_since: 0,
            caught: 0,
            halted: NEVER,
            dropped: false,
            accounted: 0,
            lost: 0,
            interval,
            phase,
            by_probe: false,
            blocked: false,
        }
    }

    /// Begins to read the source.
    pub fn begin(&mut self, now: u64, arrivals: u128) {
        self.pieces = vec![(now, arrivals)];
        self.word = Word::Running;
        self.moves = Moves::Follows;
        self.last = 0;
        self.beat_since = now;
    }

    pub fn reads(&self) -> bool {
        !self.pieces.is_empty()
    }

    /// Whether anything that has arrived is not committed, as the offset is known.
    pub fn waits(&self) -> bool {
        self.last < self.arrived(NEVER)
    }

    pub fn rate(&self) -> u128 {
        self.pieces.last().map_or(0, |it| it.1)
    }

    /// What has arrived by an instant.
    fn arrived(&self, at: u64) -> u128 {
        let mut sum = 0;
        for (index, (from, rate)) in self.pieces.iter().enumerate() {
            let to = self.pieces.get(index + 1).map_or(NEVER, |it| it.0).min(at);
            sum += rate * u128::from(to.saturating_sub(*from));
        }
        sum
    }

    /// Where the offset is after a commit at an instant, of the way it moves now.
    fn position(&self, at: u64) -> u128 {
        match self.moves {
            Moves::Still => self.last,
            Moves::Follows => self.arrived(at),
            Moves::Evenly(from, base) => base + self.catch_up * u128::from(at - from),
        }
    }

    /// The first commit of the lattice at an instant or later.
    pub fn lattice(&self, from: u64) -> u64 {
        let since = from.saturating_sub(self.phase);
        self.phase + since.div_ceil(self.interval) * self.interval
    }

    /// The last one before an instant.
    fn lattice_before(&self, before: u64) -> Option<u64> {
        let since = before.checked_sub(self.phase + 1)?;
        Some(self.phase + since / self.interval * self.interval)
    }

    /// Brings the known offset up to the last regular commit before an instant; `probe` is the last probe before it.
    fn settle(&mut self, before: u64, probe: Option<u64>) {
        let tick = match self.by_probe {
            _ if self.blocked => None,
            true => probe,
            false => self.lattice_before(before),
        };
        if let Some(tick) = tick.filter(|it| *it > self.beat_since && self.word != Word::Halted) {
            self.last = self.position(tick);
            self.beat_since = tick;
        }
    }

    /// Stops at an instant: a commit was refused or left out, or cannot be made. `tick` is the commit's own instant.
    pub fn halt(&mut self, now: u64, tick: u64, probe: Option<u64>) -> bool {
        if self.word == Word::Halted {
            return false;
        }
        self.settle(tick, probe);
        self.caught = 0;
        self.word = Word::Halted;
        self.moves = Moves::Still;
        self.halted = now;
        self.dropped = false;
        self.accounted = 0;
        true
    }

    /// A granted commit. Says how many bytes over [`DAY`] had been dropped in the halt that it ends, if it ends one.
    pub fn commit(&mut self, now: u64) -> Option<u128> {
        if self.word != Word::Halted {
            self.last = self.position(now);
            self.beat_since = now;
            return None;
        }
        let dropped = self.dropped_by(now);
        self.lost += dropped;
        self.last += dropped;
        self.beat_since = now;
        if self.last >= self.arrived(now) {
            self.word = Word::Running;
            self.moves = Moves::Follows;
        } else {
            self.word = Word::CatchingUp;
            self.moves = Moves::Evenly(now, self.last);
        }
        Some(dropped)
    }

    /// The source goes down, or is back, at an instant; `before` it, the regular commits were granted.
    pub fn source(&mut self, (now, before): (u64, u64), down: bool, probe: Option<u64>) {
        if down {
            self.settle(before, probe);
        } else {
            self.beat_since = self.beat_since.max(now.saturating_sub(1));
        }
        self.blocked = down;
    }

    /// Whether the source is known to be down.
    pub fn is_blocked(&self) -> bool {
        self.blocked
    }

    /// A commit that was tried again takes all that has come.
    pub fn take_all(&mut self, now: u64) {
        self.last = self.arrived(now);
        self.beat_since = now;
        self.word = Word::Running;
        self.moves = Moves::Follows;
    }

    /// Whether nothing arrives any more, and nothing waits that the source still has.
    pub fn nothing_comes(&self, now: u64) -> bool {
        let waits = self
            .arrived(now)
            .saturating_sub(self.last + self.dropped_by(now));
        self.reads() && self.rate() == 0 && waits == 0
    }

    /// When it has caught up, as it stands at an instant.
    pub fn caught_up(&self, now: u64) -> u64 {
        if self.word != Word::CatchingUp {
            return NEVER;
        }
        let missing = self.arrived(now).saturating_sub(self.position(now));
        let rate = self.rate();
        match (missing, self.catch_up > rate) {
            (0, _) => now,
            (_, true) => now + missing.div_ceil(self.catch_up - rate) as u64,
            (_, false) => NEVER,
        }
    }

    /// It runs again.
    pub fn run(&mut self, now: u64, probe: Option<u64>) {
        self.settle(now, probe);
        self.caught = self.arrived(now);
        self.word = Word::Running;
        self.moves = Moves::Follows;
    }

    /// Other arrivals from an instant on; `before` it, the commits of the lattice were granted.
    pub fn arrive(
        &mut self,
        (now, before): (u64, u64),
        arrivals: u128,
        keyed: bool,
        probe: Option<u64>,
    ) {
        if !self.reads() {
            return;
        }
        self.settle(before, probe);
        self.pieces.push((now, arrivals));
        let by_probe = arrivals == 0 && keyed;
        if by_probe != self.by_probe {
            self.by_probe = by_probe;
            self.beat_since = self.beat_since.max(now.saturating_sub(1));
        }
    }

    /// The lag between two commits: what the last one before an instant did not take.
    pub fn lag_between(&self, now: u64, before: u64, probe: Option<u64>) -> (u64, u64) {
        if self.word != Word::Running {
            return self.lag(now);
        }
        let tick = match self.by_probe {
            _ if self.blocked => None,
            true => probe,
            false => self.lattice_before(before),
        };
        let at = match tick {
            Some(tick) if tick > self.beat_since => self.arrived(tick),
            _ => self.last.max(self.caught),
        };
        self.behind(now, at)
    }

    /// The age of the oldest arrival that is not committed, in milliseconds, and how many bytes are not.
    pub fn lag(&self, now: u64) -> (u64, u64) {
        let at = match self.moves {
            Moves::Still => self.last,
            Moves::Follows => self.arrived(now),
            Moves::Evenly(..) => self.position(now),
        };
        self.behind(now, at)
    }

    fn behind(&self, now: u64, at: u128) -> (u64, u64) {
        let waits = self.arrived(now).saturating_sub(at);
        if waits == 0 {
            return (0, 0);
        }
        let reached = self.reached(at).expect("something waits");
        (now - reached, Self::bytes(waits))
    }

    /// The last instant by which no more had arrived than an amount; nothing if no more ever arrives.
    fn reached(&self, amount: u128) -> Option<u64> {
        for (index, (from, rate)) in self.pieces.iter().enumerate() {
            let to = self.pieces.get(index + 1).map_or(NEVER, |it| it.0);
            if *rate > 0 && (to == NEVER || self.arrived(to) > amount) {
                let fits = (amount.saturating_sub(self.arrived(*from)) / rate) as u64;
                return Some(from.saturating_add(fits));
            }
        }
        None
    }

    /// What the source dropped in this halt, by an instant.
    pub fn dropped_by(&self, now: u64) -> u128 {
        if self.word != Word::Halted || self.retention == NEVER || now < self.retention {
            return 0;
        }
        self.arrived(now - self.retention).saturating_sub(self.last)
    }

    /// When the source first drops something in this halt.
    pub fn first_drop(&self) -> u64 {
        if self.word != Word::Halted || self.retention == NEVER {
            return NEVER;
        }
        let Some(reached) = self.reached(self.last) else {
            return NEVER;
        };
        let dropped = reached.saturating_add(1).saturating_add(self.retention);
        dropped.max(self.halted)
    }

    /// Bytes of an amount.
    pub fn bytes(amount: u128) -> u64 {
        (amount / DAY) as u64
    }
}
