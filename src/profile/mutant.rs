//! Mutants: what a service would be if one part of one rule were otherwise. Each is another value of [`Rules`], so the
//! world runs it as it runs any; a suite of scenarios that cannot tell it from the service does not test that rule.

use crate::chance::Range;
use crate::profile::clause::Clause;
use crate::profile::rule::{Own, Rule, Sentence};
use crate::profile::{PauseClock, Rules};
use crate::states::words;
use crate::time::{Rate, Span};

words! {
    /// One way in which a service could break a rule. The word says what it does then.
    Mutant {
        /// R1.
        LinkChanges = "the key of an org can be changed and unlinked",
        /// R1.
        NotUnderKey = "collections are not under their org's key",
        /// R2.
        AnyKey = "any kind of key is taken",
        /// R3.
        AnyPolicy = "an org is created whatever the key policy says",
        /// R3.
        PolicyUnread = "no call asks what the key policy says",
        /// R4.
        OneReplica = "every region uses the primary's replica",
        /// R5.
        QueriesGoOn = "queries do not need the key",
        /// R6.
        IngestGoesOn = "ingestion does not need the key",
        /// R7.
        NeverPaused = "collections are never paused",
        /// R8.
        NoSupport = "paused collections resume without Support",
        /// R8.
        NoRecreation = "nothing must ever be recreated",
        /// R9.
        CachesForEver = "caches never expire",
        /// R9.
        NoCaches = "caches serve nothing while the key is away",
        /// R10.
        RotationBreaks = "rotation breaks access",
        /// M1.
        AtOnce = "commands are visible at once",
        /// M2.
        SyncedStates = "the states of replicas follow the primary's",
        /// M2.
        SyncedPolicies = "the policies of replicas follow the primary's",
        /// M3.
        CopiedPolicy = "a new replica gets the primary's policy",
        /// M4.
        PrimaryFirst = "a primary is deleted before its replicas",
        /// M5.
        CancelEnables = "a cancelled deletion enables the key",
        /// M6.
        CallsTaken = "AWS takes every call in every state",
        /// M7.
        DenyUnheeded = "a Deny is not heeded",
        /// M8.
        DatesStand = "dates in policies are judged once, at the start",
        /// M9.
        ServiceAllowed = "the service's own permissions always allow",
        /// M10.
        SilenceGrants = "a KMS that does not answer grants everything",
        /// M10.
        SilenceRests = "the pause clock stands still while the KMS does not answer",
        /// M11.
        DownCounts = "the pause clock runs while the region is down",
        /// M11.
        DownServes = "a region that is down serves on",
        /// M12.
        SourceIsKey = "a source that is down is a key error",
        /// M13.
        ThrottleIsKey = "throttled calls are key errors",
        /// M14.
        OldPhases = "entries that are fetched again keep their old times",
        /// M15.
        CaughtUpAtOnce = "what has gathered is read at once",
        /// M16.
        NoProbes = "a running site is not probed",
        /// M17.
        ClockKeeps = "the pause clock never resets",
        /// M17.
        NoLastProbe = "nothing asks once more before a pause",
        /// M18.
        IdleSpared = "idle collections are not paused",
        /// M19.
        PausingUndone = "PAUSING ends in READY when access is back",
        /// M20.
        SupportBlind = "Support does not wait for access",
        /// M20.
        DelayAgain = "Support's delay runs anew when access was away",
        /// M21.
        SupportHelpsAll = "Support resumes even what must be recreated",
        /// M21.
        RecreatedBlind = "a collection can be recreated while access is away",
        /// M22.
        NewAtOnce = "a new collection is READY without its key",
        /// M23.
        NeverStarts = "a site that could not operate never starts",
        /// M23.
        RefusedReturns = "a refused org is taken once its key is granted",
        /// M24.
        GoneIsAway = "a key that is gone for ever is only away",
    }
}

/// What is otherwise.
enum Otherwise {
    /// A clause is not in force.
    Without(Clause),
    /// Numbers or choices that the service has anyway.
    Other(fn(&mut Rules)),
}
use Otherwise::{Other, Without};

impl Mutant {
    /// Which rule it breaks, and what is otherwise.
    fn row(self) -> (Sentence, Otherwise) {
        use Sentence::{Own as Model, Page};
        match self {
            Mutant::LinkChanges => (Page(Rule::R1), Without(Clause::LinkForEver)),
            Mutant::NotUnderKey => (Page(Rule::R1), Without(Clause::UnderTheKey)),
            Mutant::AnyKey => (Page(Rule::R2), Without(Clause::KindOfKey)),
            Mutant::AnyPolicy => (Page(Rule::R3), Without(Clause::JudgedAtCreation)),
            Mutant::PolicyUnread => (Page(Rule::R3), Without(Clause::PolicyAsked)),
            Mutant::OneReplica => (Page(Rule::R4), Without(Clause::OwnReplica)),
            Mutant::QueriesGoOn => (Page(Rule::R5), Without(Clause::QueriesNeedKey)),
            Mutant::IngestGoesOn => (Page(Rule::R6), Without(Clause::CommitsNeedKey)),
            Mutant::NeverPaused => (Page(Rule::R7), Without(Clause::Pauses)),
            Mutant::NoSupport => (Page(Rule::R8), Without(Clause::SupportNeeded)),
            Mutant::NoRecreation => (Page(Rule::R8), Without(Clause::MustRecreate)),
            Mutant::CachesForEver => (Page(Rule::R9), Without(Clause::CachesExpire)),
            Mutant::NoCaches => (Page(Rule::R9), Without(Clause::CachesServe)),
            Mutant::RotationBreaks => (Page(Rule::R10), Without(Clause::RotationHarmless)),
            Mutant::AtOnce => (
                Model(Own::M1),
                Other(|rules| {
                    rules.visibility_lose = Range::only(Span::ZERO);
                    rules.visibility_regain = Range::only(Span::ZERO);
                }),
            ),
            Mutant::SyncedStates => (Model(Own::M2), Without(Clause::OwnState)),
            Mutant::SyncedPolicies => (Model(Own::M2), Without(Clause::OwnPolicy)),
            Mutant::CopiedPolicy => (Model(Own::M3), Without(Clause::NewPolicy)),
            Mutant::PrimaryFirst => (Model(Own::M4), Without(Clause::PrimaryWaits)),
            Mutant::CancelEnables => (Model(Own::M5), Without(Clause::CancelDisables)),
            Mutant::CallsTaken => (Model(Own::M6), Without(Clause::CallsRefused)),
            Mutant::DenyUnheeded => (Model(Own::M7), Without(Clause::DenyWins)),
            Mutant::DatesStand => (Model(Own::M8), Without(Clause::DatesTurn)),
            Mutant::ServiceAllowed => (Model(Own::M9), Without(Clause::ServicePermissions)),
            Mutant::SilenceGrants => (Model(Own::M10), Without(Clause::SilenceRefuses)),
            Mutant::SilenceRests => (
                Model(Own::M10),
                Other(|rules| rules.unreachable_pauses = false),
            ),
            Mutant::DownCounts => (Model(Own::M11), Without(Clause::DownHoldsClock)),
            Mutant::DownServes => (Model(Own::M11), Without(Clause::DownServesNone)),
            Mutant::SourceIsKey => (Model(Own::M12), Without(Clause::SourceNoKeyError)),
            Mutant::ThrottleIsKey => (Model(Own::M13), Without(Clause::ThrottlingTellsNothing)),
            Mutant::OldPhases => (Model(Own::M14), Without(Clause::LeaseFromFetch)),
            Mutant::CaughtUpAtOnce => (
                Model(Own::M15),
                Other(|rules| rules.ingest_catch_up = Range::only(at_once())),
            ),
            Mutant::NoProbes => (Model(Own::M16), Without(Clause::Probed)),
            Mutant::ClockKeeps => (
                Model(Own::M17),
                Other(|rules| rules.pause_clock = PauseClock::Cumulative),
            ),
            Mutant::NoLastProbe => (Model(Own::M17), Without(Clause::LastProbe)),
            Mutant::IdleSpared => (Model(Own::M18), Without(Clause::IdlePauses)),
            Mutant::PausingUndone => (Model(Own::M19), Without(Clause::PausingStays)),
            Mutant::SupportBlind => (Model(Own::M20), Without(Clause::SupportWaits)),
            Mutant::DelayAgain => (Model(Own::M20), Without(Clause::DelayOnce)),
            Mutant::SupportHelpsAll => (Model(Own::M21), Without(Clause::RecreateAbsorbs)),
            Mutant::RecreatedBlind => (Model(Own::M21), Without(Clause::RecreateNeedsKey)),
            Mutant::NewAtOnce => (Model(Own::M22), Without(Clause::NewWaits)),
            Mutant::NeverStarts => (Model(Own::M23), Without(Clause::StartsLater)),
            Mutant::RefusedReturns => (Model(Own::M23), Without(Clause::RefusedForEver)),
            Mutant::GoneIsAway => (Model(Own::M24), Without(Clause::GoneForEver)),
        }
    }

    /// What the service does then, in words.
    pub const fn says(self) -> &'static str {
        self.word()
    }

    /// Which rule it breaks.
    pub fn of(self) -> Sentence {
        self.row().0
    }

    /// The mutants of a rule; each rule has one at least.
    pub fn all_of(rule: Sentence) -> impl Iterator<Item = Mutant> {
        let all = Mutant::ALL.iter().copied();
        all.filter(move |it| it.of() == rule)
    }

    /// The same service, but for this.
    pub fn apply(self, rules: &Rules) -> Rules {
        let mut mutant = rules.clone();
        match self.row().1 {
            Without(clause) => mutant.in_force = mutant.in_force.without(clause),
            Other(change) => change(&mut mutant),
        }
        mutant
    }
}

/// More than ever gathers is read in a tick.
fn at_once() -> Rate {
    Rate::new(1 << 40, Span::from_ms(1_000))
        .expect("a second divides a day, and this can be counted")
}

#[cfg(test)]
mod tests {
    use super::Mutant;
    use crate::profile::{Profile, Sentence};

    #[test]
    fn every_rule_has_a_mutant_and_every_mutant_is_another_service() {
        let profile = Profile::all().remove(0);
        let rules = profile.numbers();
        for rule in Sentence::all() {
            assert!(Mutant::all_of(rule).next().is_some(), "{rule}");
        }
        let mutants: Vec<_> = Mutant::ALL.iter().map(|it| it.apply(&rules)).collect();
        for (at, mutant) in mutants.iter().enumerate() {
            let word = Mutant::ALL[at];
            assert_ne!(mutant, &rules, "{word}");
            assert!(!mutants[..at].contains(mutant), "{word} is another's twin");
        }
    }
}
