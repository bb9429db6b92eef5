//! One look at one subject: the instants at which it is judged, and those at which each thing expected of it is so.

use crate::time::Time;
use crate::timeline::{Step, Timeline};

use super::Judged;
use super::asked::{Asked, Was};
use super::piece::{Piece, pieces};
use super::spans::Spans;

/// What is known of one subject.
#[derive(Clone, Debug)]
pub(super) struct Look<'a> {
    /// Who is looked at.
    pub(super) judged: Judged,
    /// Who stands for it, over time.
    pub(super) pieces: Vec<Piece>,
    /// When it is judged: the pieces together.
    pub(super) domain: Spans,
    /// When each thing that is asked is so.
    pub(super) each: Vec<(Asked<'a>, Spans)>,
    /// When all of them are.
    pub(super) all: Spans,
    /// When what it is compared with is so: the end of `until`, the later one of `before`.
    pub(super) other: Spans,
    /// The last instant: the end of the run, which has the last state.
    pub(super) end: Time,
}

impl<'a> Look<'a> {
    /// A look at the whole run.
    pub(super) fn new(
        timeline: &Timeline,
        judged: Judged,
        asked: &[Asked<'a>],
        other: &[Asked<'_>],
    ) -> Look<'a> {
        Look::only(timeline, judged, (asked, other), None)
    }

    /// A look that only tells what was so at one instant, where that is all that is asked.
    pub(super) fn only(
        timeline: &Timeline,
        judged: Judged,
        (asked, other): (&[Asked<'a>], &[Asked<'_>]),
        only: Option<Time>,
    ) -> Look<'a> {
        let standing = |asked: &[Asked<'_>]| {
            let deleted_too = asked.iter().all(|it| it.outlives());
            pieces(timeline, judged, deleted_too)
        };
        let pieces = standing(asked);
        let domain = domain(&pieces);
        let mut all = domain.clone();
        let mut each = Vec::with_capacity(asked.len());
        for &it in asked {
            let so = so(it, timeline, &pieces, only);
            all = all.both(&so);
            each.push((it, so));
        }
        let mut others = Spans::default();
        if !other.is_empty() {
            // What it is compared with may be that it is deleted.
            let pieces = standing(other);
            let together =
                |so_far: Spans, it: &Asked<'_>| so_far.both(&so(*it, timeline, &pieces, only));
            others = other.iter().fold(self::domain(&pieces), together);
        }
        Look {
            judged,
            pieces,
            domain,
            each,
            all,
            other: others,
            end: timeline.until,
        }
    }

    /// The first instant from `from` on at which what ends it is so.
    pub(super) fn end_of(&self, from: Time) -> Option<Time> {
        let ends = self.other.each().iter().find(|span| span.1 > from)?;
        Some(ends.0.max(from))
    }

    /// The piece an instant lies in.
    pub(super) fn piece(&self, time: Time) -> Option<&Piece> {
        self.pieces
            .iter()
            .find(|piece| piece.from <= time && time < piece.to)
    }

    /// What each thing that is asked was at an instant; nothing when the subject is not judged then.
    pub(super) fn was(&self, timeline: &Timeline, time: Time) -> Vec<Was> {
        let Some(piece) = self.piece(time) else {
            return Vec::new();
        };
        self.each
            .iter()
            .map(|(asked, _)| asked.was(timeline, piece, time))
            .collect()
    }
}

/// The instants of all pieces together.
fn domain(pieces: &[Piece]) -> Spans {
    let mut domain = Spans::default();
    for piece in pieces {
        domain.push(piece.from, piece.to);
    }
    domain
}

/// The instants at which one thing is so.
fn so(asked: Asked<'_>, timeline: &Timeline, pieces: &[Piece], only: Option<Time>) -> Spans {
    let mut so = Spans::default();
    for piece in pieces {
        held(&asked.steps(timeline, piece, only), piece, &mut so);
    }
    so
}

/// Adds the instants of a piece at which something is so.
fn held(steps: &[Step<bool>], piece: &Piece, so: &mut Spans) {
    for (index, step) in steps.iter().enumerate() {
        if step.value {
            let next = steps.get(index + 1).map_or(piece.to, |next| next.from);
            so.push(step.from.max(piece.from), next.min(piece.to));
        }
    }
}
