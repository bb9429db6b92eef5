//! What the world asks the rules: the parts of a rule that can hold one without the other, each in force or not.

/// A part of a rule. All are in force; a mutant of the rule is a service in which one is not.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Clause {
    /// R1: the link between org and key is never changed.
    LinkForEver,
    /// R1: all collections of an org are under its key.
    UnderTheKey,
    /// R2: only keys of the right kind are taken.
    KindOfKey,
    /// R3: the policy is judged where the org is created.
    JudgedAtCreation,
    /// R3: each call needs its action in the policy.
    PolicyAsked,
    /// R4: a region uses its own replica.
    OwnReplica,
    /// R5: queries need the key.
    QueriesNeedKey,
    /// R6: commits need the key.
    CommitsNeedKey,
    /// R7: collections are paused.
    Pauses,
    /// R8: only Support resumes a paused collection.
    SupportNeeded,
    /// R8: what lost too much must be recreated.
    MustRecreate,
    /// R9: cache entries expire.
    CachesExpire,
    /// R9: live cache entries serve queries while the key is away.
    CachesServe,
    /// R10: rotation changes nothing for anybody.
    RotationHarmless,
    /// M2: each replica has its own state.
    OwnState,
    /// M2: each replica has its own policy.
    OwnPolicy,
    /// M3: a new replica gets the policy that was asked for.
    NewPolicy,
    /// M4: a primary waits for its replicas.
    PrimaryWaits,
    /// M5: a cancelled deletion leaves the key disabled.
    CancelDisables,
    /// M6: AWS refuses what does not fit the key's state.
    CallsRefused,
    /// M7: an explicit Deny wins.
    DenyWins,
    /// M8: dates turn policies.
    DatesTurn,
    /// M9: the service's own permissions are asked too.
    ServicePermissions,
    /// M10: a KMS that does not answer grants nothing.
    SilenceRefuses,
    /// M11: the pause clock stands still while the region is down.
    DownHoldsClock,
    /// M11: a region that is down serves nothing.
    DownServesNone,
    /// M12: a source that is down is no key error.
    SourceNoKeyError,
    /// M13: a throttled call says nothing about the key.
    ThrottlingTellsNothing,
    /// M14: a lease begins where it was obtained.
    LeaseFromFetch,
    /// M16: running sites are probed.
    Probed,
    /// M17: a last probe asks before the pause.
    LastProbe,
    /// M18: idle collections are paused.
    IdlePauses,
    /// M19: `PAUSING` is not undone.
    PausingStays,
    /// M20: Support waits for access.
    SupportWaits,
    /// M20: Support's delay runs once.
    DelayOnce,
    /// M21: what must be recreated is not resumed.
    RecreateAbsorbs,
    /// M21: only with access a collection is recreated.
    RecreateNeedsKey,
    /// M22: a new collection waits for its key.
    NewWaits,
    /// M23: a site starts later by itself.
    StartsLater,
    /// M23: a refused org stays refused.
    RefusedForEver,
    /// M24: without its key a collection must be recreated.
    GoneForEver,
}

/// Which clauses are in force.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct InForce(u64);

impl InForce {
    /// All of them.
    pub const ALL: InForce = InForce(u64::MAX);

    /// Whether one is.
    pub const fn has(self, clause: Clause) -> bool {
        self.0 & (1 << clause as u64) != 0
    }

    /// All but one.
    #[must_use]
    pub const fn without(self, clause: Clause) -> InForce {
        InForce(self.0 & !(1 << clause as u64))
    }
}
