//! The rules: the page's sentences R1 to R10, and the model's own, which no sentence of the page says and the model holds.

use crate::states::words;

words! {
    /// A sentence of the service's page, numbered as in `domain.md` 0; `keyoutage rules` says each.
    Rule {
        /// One key from the org's creation, for ever, and everything of the org under it.
        R1 = "R1",
        /// The kind of key that is taken.
        R2 = "R2",
        /// The four actions the key policy must allow.
        R3 = "R3",
        /// An added region uses that region's replica, with a policy of its own.
        R4 = "R4",
        /// A disabled replica or a missing action: the region's queries fail within minutes.
        R5 = "R5",
        /// Ingestion halts.
        R6 = "R6",
        /// Collections are paused after several hours.
        R7 = "R7",
        /// Paused collections need Support, and some must be recreated.
        R8 = "R8",
        /// Storage is under the customer's key; caches are not, and expire.
        R9 = "R9",
        /// Rotation is allowed, and changes nothing.
        R10 = "R10",
    }
}

words! {
    /// A rule of the model itself: the fine print that the page leaves open. The same for every service.
    Own {
        /// Visibility (MODEL 1).
        M1 = "M1",
        /// Replicas stand alone (DESIGN 2, Replica).
        M2 = "M2",
        /// The policy of a new replica (DESIGN 2, Replica).
        M3 = "M3",
        /// A primary is deleted last (DESIGN 2, Replica).
        M4 = "M4",
        /// A cancelled deletion (DESIGN 2, Replica).
        M5 = "M5",
        /// Refused calls of the owner (DESIGN 2, Replica).
        M6 = "M6",
        /// An explicit Deny (DESIGN 2, Policy).
        M7 = "M7",
        /// Dates in policies (MODEL 1).
        M8 = "M8",
        /// The service's own permissions (DESIGN 2, Trouble that is not the customer's).
        M9 = "M9",
        /// A KMS that does not answer (MODEL 8).
        M10 = "M10",
        /// A region that is down (MODEL 8).
        M11 = "M11",
        /// A source that is down (MODEL 5).
        M12 = "M12",
        /// Throttled calls (MODEL 8).
        M13 = "M13",
        /// Where a lease begins (MODEL 3).
        M14 = "M14",
        /// Catching up (MODEL 5).
        M15 = "M15",
        /// Probes (MODEL 2).
        M16 = "M16",
        /// The pause clock (MODEL 2).
        M17 = "M17",
        /// Idle collections (DESIGN 2, Status).
        M18 = "M18",
        /// `PAUSING` is not undone (DESIGN 2, Status).
        M19 = "M19",
        /// Support and access (MODEL 2).
        M20 = "M20",
        /// What must be recreated (MODEL 6).
        M21 = "M21",
        /// New collections (MODEL 7).
        M22 = "M22",
        /// The start of a site (MODEL 7).
        M23 = "M23",
        /// A key that is gone (MODEL 6).
        M24 = "M24",
    }
}

impl Own {
    /// The rule, as a sentence.
    pub const fn says(self) -> &'static str {
        match self {
            Own::M1 => {
                "What a command changes is seen by the service only `visibility.lose` or `visibility.regain` later."
            }
            Own::M2 => {
                "Each replica has its own state and its own policy; neither follows another replica's."
            }
            Own::M3 => {
                "A replica made by ReplicateKey gets the policy of that call, AWS's default one where it names none; never the primary's."
            }
            Own::M4 => {
                "A primary that still has replicas waits for the last of them before its own waiting time begins."
            }
            Own::M5 => "A key whose deletion was cancelled stays Disabled until it is enabled.",
            Own::M6 => {
                "A call that AWS does not take in the key's state is refused, and changes nothing."
            }
            Own::M7 => "A Deny that applies wins over every Allow.",
            Own::M8 => "A date in a policy changes its answer by itself, at its instant.",
            Own::M9 => {
                "What the service's own permissions deny is refused, whatever the key policy allows."
            }
            Own::M10 => {
                "While the KMS does not answer no call is granted, and the pause clock runs if `unreachable.pauses` says so."
            }
            Own::M11 => {
                "While a region is down nothing is served there, and the pause clock stands still."
            }
            Own::M12 => "A source that is down halts ingestion, and is no key error.",
            Own::M13 => {
                "A call that is refused for the number of calls moves neither the status nor the pause clock."
            }
            Own::M14 => {
                "A lease begins where it was obtained, so cache entries that were fetched together die together."
            }
            Own::M15 => {
                "What has gathered in the source is read at `ingest.catch_up`, not at once."
            }
            Own::M16 => {
                "The probe of a site's key notices what no renewal and no commit would: idle collections get the key error too."
            }
            Own::M17 => {
                "The pause clock returns to 0 when access is back (`pause.clock: continuous`), and a last probe asks before a pause begins."
            }
            Own::M18 => "An idle collection is paused like a busy one.",
            Own::M19 => {
                "PAUSING goes on to PAUSED, whatever comes between; only Support leads back."
            }
            Own::M20 => {
                "Support begins when access is granted, and its delay runs once, even if access is away again at its end."
            }
            Own::M21 => {
                "What must be recreated stays PAUSED until it is, and it can be only while access is granted."
            }
            Own::M22 => {
                "A new collection is CREATED, and serves nothing, until each of its calls was granted once."
            }
            Own::M23 => {
                "A site starts by itself at its first granted probe; a site of an org that was refused never does."
            }
            Own::M24 => {
                "When the last replica of a key is deleted, every paused collection under it must be recreated."
            }
        }
    }
}

/// Any rule: a sentence of the page, or one of the model's own.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sentence {
    /// The page's.
    Page(Rule),
    /// The model's own.
    Own(Own),
}

impl Sentence {
    /// Every one, the page's first.
    pub fn all() -> impl Iterator<Item = Sentence> {
        let page = Rule::ALL.iter().map(|it| Sentence::Page(*it));
        page.chain(Own::ALL.iter().map(|it| Sentence::Own(*it)))
    }

    /// The one of that id.
    pub fn from_word(word: &str) -> Option<Sentence> {
        Sentence::all().find(|it| it.word() == word)
    }

    /// Its id: `R1` to `R10`, `M1` and so on.
    pub const fn word(self) -> &'static str {
        match self {
            Sentence::Page(rule) => rule.word(),
            Sentence::Own(own) => own.word(),
        }
    }
}

impl std::fmt::Display for Sentence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}
