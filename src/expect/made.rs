//! Small timelines made by hand, for the tests of those who read timelines.

use crate::chance::{Range, Seed};
use crate::names::{Kind, Names, OrgGroup, Subject};
use crate::profile::{
    CannotTell, InForce, OnUnreachable, PauseClock, Reads, RequiredActions, Rules,
};
use crate::scenario::Input;
use crate::states::{Cause, KeyState, Queries, SiteState, Source};
use crate::time::{Amount, Rate, Span, Time};
use crate::timeline::{
    Access, AccessCause, Counts, Entry, Fact, Life, Milestones, Moves, Offset, Plain, Share,
    SiteStart, Timeline, TrafficFrom,
};

/// How many entries the caches of the hand-made collections have.
const ENTRIES: u32 = 16;

pub(crate) fn time(ms: u64) -> Time {
    Time::from_ms(ms)
}

pub(crate) fn counts() -> Counts {
    Counts::default()
}

/// `main` in both regions; `acme` in both: `us-east-1/clicks`, `us-east-1/users`, `us-west-2/orders`, and `many` members
/// of `us-west-2/quiet`. All warm; nothing happens yet.
pub(crate) fn calm(until: u64, many: u32) -> Timeline {
    let acme = OrgGroup::new(
        "acme".to_owned(),
        None,
        vec![0, 1],
        vec![
            (0, "clicks".to_owned(), None),
            (0, "users".to_owned(), None),
            (1, "orders".to_owned(), None),
            (1, "quiet".to_owned(), Some(many)),
        ],
    );
    let regions = vec!["us-east-1".to_owned(), "us-west-2".to_owned()];
    let names = Names::new(
        vec!["main".to_owned()],
        regions,
        vec![(0, 0), (0, 1)],
        vec![acme],
    );
    let site = SiteStart {
        since: Time::START,
        state: SiteState::Operating,
        access: 0,
    };
    let mut timeline = Timeline {
        scenario: "made by hand".to_owned(),
        profile: "example".to_owned(),
        rules: rules(),
        seed: Seed(7),
        start: None,
        until: time(until),
        inputs: vec![Input {
            name: "made.yaml".to_owned(),
            sha256: "ab".repeat(32),
        }],
        assumptions: vec!["cache.entries: 16 entries a collection".to_owned()],
        names,
        entries: Vec::new(),
        texts: Vec::new(),
        policies: Vec::new(),
        accesses: vec![Access::default(), refusal(Cause::Disabled)],
        replicas: vec![KeyState::Enabled; 2],
        site_replicas: vec![Some(0), Some(1)],
        sites: vec![site; 2],
        plain: vec![vec![
            plain(Source::WriteApi),
            plain(Source::DynamoDb),
            plain(Source::Kafka),
            plain(Source::S3),
        ]],
        lives: Vec::new(),
        shares: Vec::new(),
        traffic: Vec::new(),
        offsets: Vec::new(),
        index: Vec::new(),
        by_subject: Vec::new(),
    };
    finish(&mut timeline);
    timeline
}

fn plain(source: Source) -> Plain {
    Plain {
        source,
        queries: Rate::new(1, Span::from_ms(1_000)).expect("a second divides a day"),
        arrivals: Rate::ZERO,
        from_start: true,
    }
}

fn refusal(cause: Cause) -> Access {
    Access {
        causes: vec![AccessCause {
            cause,
            actions: Vec::new(),
            side: crate::states::Side::Customer,
        }],
    }
}

/// `acme/us-east-1/clicks`.
pub(crate) fn clicks() -> Subject {
    Subject::new(Kind::Collection, 0)
}

/// `acme/us-east-1/users`.
pub(crate) fn users() -> Subject {
    Subject::new(Kind::Collection, 1)
}

/// `acme/us-east-1`.
pub(crate) fn east() -> Subject {
    Subject::new(Kind::Site, 0)
}

/// `main/us-east-1`.
pub(crate) fn replica() -> Subject {
    Subject::new(Kind::Replica, 0)
}

/// Adds an entry and gives its number. Call [`finish`] after the last.
pub(crate) fn enter(
    timeline: &mut Timeline,
    ms: u64,
    subject: Subject,
    fact: Fact,
    cause: Option<u32>,
) -> u32 {
    timeline.entries.push(Entry {
        time: time(ms),
        subject,
        fact,
        cause,
        with: Box::new([]),
        milestones: Milestones::NONE,
    });
    timeline.entries.len() as u32 - 1
}

/// Makes the index and the plain data from the entries.
pub(crate) fn finish(timeline: &mut Timeline) {
    timeline.index.clear();
    timeline.by_subject.clear();
    for &kind in Kind::ALL {
        let mut index = Vec::new();
        for id in 0..timeline.names.count(kind) {
            index.push(timeline.by_subject.len() as u32);
            for (at, entry) in timeline.entries.iter().enumerate() {
                if (entry.subject.kind, entry.subject.id) == (kind, id) {
                    timeline.by_subject.push(at as u32);
                }
            }
        }
        index.push(timeline.by_subject.len() as u32);
        timeline.index.push(index);
    }
    lives(timeline);
}

fn lives(timeline: &mut Timeline) {
    timeline.lives.clear();
    timeline.shares.clear();
    timeline.traffic.clear();
    timeline.offsets.clear();
    let mut subjects: Vec<Subject> = timeline.entries.iter().map(|entry| entry.subject).collect();
    subjects.retain(|subject| subject.kind == Kind::Collection);
    subjects.sort_unstable();
    subjects.dedup();
    for subject in subjects {
        let life = life(timeline, subject);
        timeline.lives.push(life);
    }
}

fn life(timeline: &mut Timeline, subject: Subject) -> Life {
    let home = timeline.names.home(subject.id);
    let plain = timeline.plain[home.group][home.collection];
    let (mut created, mut deleted) = (Time::START, Time::NEVER);
    let mut shares = Vec::new();
    for entry in timeline.entries.iter().filter(|it| it.subject == subject) {
        match entry.fact {
            Fact::Created | Fact::Recreated => created = entry.time,
            Fact::Deleted => deleted = entry.time,
            Fact::Queries { to, live, .. } => shares.push(Share {
                from: entry.time,
                live,
                serving: match to {
                    Queries::All => ENTRIES,
                    Queries::Some => live,
                    Queries::None => 0,
                },
            }),
            _ => {}
        }
    }
    let full = Share {
        from: created,
        live: ENTRIES,
        serving: ENTRIES,
    };
    let firsts = [
        timeline.shares.len(),
        timeline.traffic.len(),
        timeline.offsets.len(),
    ];
    timeline.shares.push(full);
    timeline.shares.extend(shares);
    timeline.traffic.push(TrafficFrom {
        from: created,
        queries: plain.queries,
        arrivals: plain.arrivals,
        asked: Amount::ZERO,
        arrived: Amount::ZERO,
    });
    timeline.offsets.push(Offset {
        from: created,
        at: Amount::ZERO,
        moves: Moves::WithCommits,
    });
    let to = |first: usize, len: usize| (first as u32, len as u32);
    Life {
        subject,
        created,
        deleted,
        entries: ENTRIES,
        reads: 1,
        commit: (Span::from_ms(10_000), Span::ZERO),
        shares: to(firsts[0], timeline.shares.len()),
        traffic: to(firsts[1], timeline.traffic.len()),
        offsets: to(firsts[2], timeline.offsets.len()),
        lost_bytes: 0,
        pause_due: None,
    }
}

pub(crate) fn rules() -> Rules {
    let minutes = |n: u64| Range::only(Span::from_ms(n * 60_000));
    let seconds = |n: u64| Range::only(Span::from_ms(n * 1_000));
    Rules {
        required_actions: RequiredActions::Seed,
        service_account: "318212636800".to_owned(),
        cannot_tell: CannotTell::Error,
        visibility_lose: seconds(5),
        visibility_regain: seconds(5),
        cache_life: minutes(5),
        cache_entries: Range::only(ENTRIES),
        cache_reads: Reads::Some(Range::only(1)),
        probe_interval: minutes(1),
        commit_interval: seconds(10),
        on_unreachable: OnUnreachable::Expire,
        unreachable_pauses: true,
        pause_after: minutes(240),
        pause_clock: PauseClock::Continuous,
        pause_pausing: minutes(5),
        pause_resuming: minutes(15),
        support_delay: minutes(480),
        support_auto: false,
        ingest_catch_up: Range::only(Rate::ZERO),
        retention: [Span::FOREVER; Source::ALL.len()],
        key_creating: seconds(5),
        key_updating: seconds(5),
        key_deletion_overrun: seconds(0),
        carried: Vec::new(),
        in_force: InForce::ALL,
    }
}
