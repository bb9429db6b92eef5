//! Who stands for a subject when: of a collection the incarnation that lives.

use crate::names::{Kind, Subject};
use crate::states::Place;
use crate::time::Time;
use crate::timeline::Timeline;

use super::Judged;

/// A stretch of time in which one incarnation stands for the subject.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    /// Which.
    pub(super) subject: Subject,
    /// Which place of it.
    pub(super) place: Option<Place>,
    /// From then on.
    pub(super) from: Time,
    /// Until then, not included.
    pub(super) to: Time,
}

/// Who stands for the subject when, up to the end of the run and with it.
pub(super) fn pieces(timeline: &Timeline, judged: Judged, deleted_too: bool) -> Vec<Piece> {
    let Judged { subject, place, .. } = judged;
    let end = timeline.until.next();
    match subject.kind {
        Kind::Collection => incarnations(timeline, judged, deleted_too),
        Kind::Site => {
            let since = timeline.sites[subject.id as usize].since;
            if since > timeline.until {
                return Vec::new();
            }
            vec![Piece {
                subject,
                place,
                from: since,
                to: end,
            }]
        }
        Kind::Replica | Kind::Key | Kind::Region | Kind::Org => vec![Piece {
            subject,
            place,
            from: Time::START,
            to: end,
        }],
    }
}

fn incarnations(timeline: &Timeline, judged: Judged, deleted_too: bool) -> Vec<Piece> {
    let end = timeline.until.next();
    let all = timeline.incarnations(judged.subject.id);
    let mut pieces = Vec::with_capacity(all.len());
    for (index, &subject) in all.iter().enumerate() {
        if judged.certain && subject != judged.subject {
            continue;
        }
        let next = match all.get(index + 1) {
            Some(next) if !judged.certain => timeline.made(*next),
            Some(_) | None => end,
        };
        let deleted = timeline.life(subject).map_or(end, |life| life.deleted);
        let from = timeline.made(subject);
        let to = if deleted_too { next } else { next.min(deleted) };
        let to = to.min(end);
        if from < to {
            pieces.push(Piece {
                subject,
                place: judged.place,
                from,
                to,
            });
        }
    }
    pieces
}
