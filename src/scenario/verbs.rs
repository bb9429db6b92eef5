//! The table of verbs: what can be ordered, with which fields, and what its opposite is.
//! Loading, the schema, the README and completions read it, and nothing else says it.

use crate::scenario::Action;
use crate::states::words;

words! {
    /// What a command does, in the order in which the commands of one instant and subject are given.
    Verb {
        /// Switches a replica off.
        DisableKey = "DisableKey",
        /// Switches a replica on.
        EnableKey = "EnableKey",
        /// Plans the deletion of a replica after a window.
        ScheduleKeyDeletion = "ScheduleKeyDeletion",
        /// Takes a planned deletion back; the key stays Disabled.
        CancelKeyDeletion = "CancelKeyDeletion",
        /// Replaces the policy of a replica.
        PutKeyPolicy = "PutKeyPolicy",
        /// Takes actions out of every Allow statement for the service.
        RemoveActions = "RemoveActions",
        /// Puts actions into every Allow statement for the service.
        RestoreActions = "RestoreActions",
        /// Makes a replica in a region; without a policy it gets AWS's default one.
        ReplicateKey = "ReplicateKey",
        /// Makes a replica the primary.
        UpdatePrimaryRegion = "UpdatePrimaryRegion",
        /// Rotates a key now.
        RotateKeyOnDemand = "RotateKeyOnDemand",
        /// Rotates a key every so often.
        EnableKeyRotation = "EnableKeyRotation",
        /// Stops the automatic rotation.
        DisableKeyRotation = "DisableKeyRotation",
        /// Imports key material.
        ImportKeyMaterial = "ImportKeyMaterial",
        /// Deletes imported key material.
        DeleteImportedKeyMaterial = "DeleteImportedKeyMaterial",
        /// The KMS of a region does not answer.
        KmsUnreachable = "KmsUnreachable",
        /// The KMS of a region refuses a share of the calls.
        KmsThrottled = "KmsThrottled",
        /// The service is down in a region.
        RegionDown = "RegionDown",
        /// The sources of some collections are down.
        SourceDown = "SourceDown",
        /// The service's own permissions are missing.
        ServiceIamDenies = "ServiceIamDenies",
        /// An org starts to use a region.
        AddRegion = "AddRegion",
        /// A collection is made.
        CreateCollection = "CreateCollection",
        /// A collection is deleted.
        DeleteCollection = "DeleteCollection",
        /// Support is asked to resume collections.
        ContactSupport = "ContactSupport",
        /// Collections are made anew.
        RecreateCollection = "RecreateCollection",
        /// Queries and arrivals of collections change.
        SetTraffic = "SetTraffic",
        /// An org asks for another key; refused.
        ChangeKey = "ChangeKey",
        /// An org asks to be unlinked from its key; refused.
        UnlinkKey = "UnlinkKey",
    }
}

words! {
    /// A field of a command besides `at`, `do`, `for` and `repeat`.
    Field {
        /// The name of a key.
        Key = "key",
        /// A region.
        Region = "region",
        /// How long a deletion waits.
        Window = "window",
        /// A key policy.
        Policy = "policy",
        /// Actions of a key policy.
        Actions = "actions",
        /// How often a key rotates.
        Period = "period",
        /// When imported material expires.
        Expires = "expires",
        /// A share of the calls.
        Share = "share",
        /// A glob over collections.
        Collections = "collections",
        /// The name of an org.
        Org = "org",
        /// A collection, as region/name.
        Name = "name",
        /// A source type.
        Source = "source",
        /// Queries.
        Queries = "queries",
        /// Bytes that arrive.
        Arrivals = "arrivals",
        /// How many.
        Count = "count",
    }
}

/// What `for:` plans.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Opposite {
    /// Nothing: the verb has no opposite, and refuses `for`.
    None,
    /// Another verb.
    Verb(Verb),
    /// The policy that was replaced.
    PolicyBefore,
    /// The end of the fault.
    ItsEnd,
}

/// One row of the table.
#[derive(Copy, Clone, Debug)]
pub struct Row {
    /// The verb.
    pub verb: Verb,
    /// What it cannot do without.
    pub required: &'static [Field],
    /// What it may have besides.
    pub optional: &'static [Field],
    /// What `for:` plans.
    pub opposite: Opposite,
    /// What it does, in one sentence.
    pub does: &'static str,
}

impl Row {
    /// Every field it takes, the required ones first: the order in which a command's fields are written.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.required.iter().chain(self.optional).copied()
    }

    /// Whether it takes a field.
    pub fn takes(&self, field: Field) -> bool {
        self.fields().any(|it| it == field)
    }
}

impl Verb {
    /// Its row of the table.
    pub const fn row(self) -> Row {
        use Field::{
            Actions, Arrivals, Collections, Count, Expires, Key, Name, Org, Period, Policy,
            Queries, Region, Share, Source, Window,
        };
        let (required, optional, opposite, does): (&[Field], &[Field], Opposite, &str) = match self
        {
            Verb::DisableKey => (
                &[Key, Region],
                &[],
                Opposite::Verb(Verb::EnableKey),
                "Switches a replica off.",
            ),
            Verb::EnableKey => (
                &[Key, Region],
                &[],
                Opposite::Verb(Verb::DisableKey),
                "Switches a replica on.",
            ),
            Verb::ScheduleKeyDeletion => (
                &[Key, Region],
                &[Window],
                Opposite::Verb(Verb::CancelKeyDeletion),
                "Plans the deletion of a replica, after a window of 7 to 30 days.",
            ),
            Verb::CancelKeyDeletion => (
                &[Key, Region],
                &[],
                Opposite::None,
                "Takes a planned deletion back; the key stays Disabled.",
            ),
            Verb::PutKeyPolicy => (
                &[Key, Region, Policy],
                &[],
                Opposite::PolicyBefore,
                "Replaces the policy of a replica.",
            ),
            Verb::RemoveActions => (
                &[Key, Region, Actions],
                &[],
                Opposite::Verb(Verb::RestoreActions),
                "Takes actions out of every Allow statement for the service.",
            ),
            Verb::RestoreActions => (
                &[Key, Region, Actions],
                &[],
                Opposite::Verb(Verb::RemoveActions),
                "Puts actions into every Allow statement for the service.",
            ),
            Verb::ReplicateKey => (
                &[Key, Region],
                &[Policy],
                Opposite::None,
                "Makes a replica in a region; without a policy it gets AWS's default one.",
            ),
            Verb::UpdatePrimaryRegion => (
                &[Key, Region],
                &[],
                Opposite::None,
                "Makes a replica the primary.",
            ),
            Verb::RotateKeyOnDemand => (&[Key], &[], Opposite::None, "Rotates a key now."),
            Verb::EnableKeyRotation => (
                &[Key],
                &[Period],
                Opposite::None,
                "Rotates a key every so often, 90 to 2560 days.",
            ),
            Verb::DisableKeyRotation => {
                (&[Key], &[], Opposite::None, "Stops the automatic rotation.")
            }
            Verb::ImportKeyMaterial => (
                &[Key, Region],
                &[Expires],
                Opposite::None,
                "Imports key material.",
            ),
            Verb::DeleteImportedKeyMaterial => (
                &[Key, Region],
                &[],
                Opposite::None,
                "Deletes imported key material.",
            ),
            Verb::KmsUnreachable => (
                &[Region],
                &[Key],
                Opposite::ItsEnd,
                "The KMS of a region does not answer, for all keys or for one.",
            ),
            Verb::KmsThrottled => (
                &[Region, Share],
                &[Key],
                Opposite::ItsEnd,
                "The KMS of a region refuses a share of the calls.",
            ),
            Verb::RegionDown => (
                &[Region],
                &[],
                Opposite::ItsEnd,
                "The service is down in a region.",
            ),
            Verb::SourceDown => (
                &[Collections],
                &[],
                Opposite::ItsEnd,
                "The sources of some collections are down.",
            ),
            Verb::ServiceIamDenies => (
                &[Actions],
                &[Region],
                Opposite::ItsEnd,
                "The service's own permissions are missing.",
            ),
            Verb::AddRegion => (
                &[Org, Region],
                &[],
                Opposite::None,
                "An org starts to use a region.",
            ),
            Verb::CreateCollection => (
                &[Org, Name],
                &[Source, Queries, Arrivals, Count],
                Opposite::None,
                "A collection is made.",
            ),
            Verb::DeleteCollection => (
                &[Org, Name],
                &[],
                Opposite::None,
                "A collection is deleted.",
            ),
            Verb::ContactSupport => (
                &[Collections],
                &[],
                Opposite::None,
                "Support is asked to resume collections.",
            ),
            Verb::RecreateCollection => (
                &[Collections],
                &[],
                Opposite::None,
                "Collections are made anew.",
            ),
            Verb::SetTraffic => (
                &[Collections],
                &[Queries, Arrivals],
                Opposite::None,
                "Queries and arrivals of collections change.",
            ),
            Verb::ChangeKey => (
                &[Org, Key],
                &[],
                Opposite::None,
                "An org asks for another key; the service refuses it (R1).",
            ),
            Verb::UnlinkKey => (
                &[Org],
                &[],
                Opposite::None,
                "An org asks to be unlinked from its key; the service refuses it (R1).",
            ),
        };
        Row {
            verb: self,
            required,
            optional,
            opposite,
            does,
        }
    }

    /// The rows of all verbs, in order.
    pub fn table() -> impl Iterator<Item = Row> {
        Verb::ALL.iter().map(|verb| verb.row())
    }
}

impl Action {
    /// The verb that orders it.
    pub const fn verb(&self) -> Verb {
        match self {
            Action::DisableKey(..) => Verb::DisableKey,
            Action::EnableKey(..) => Verb::EnableKey,
            Action::ScheduleKeyDeletion(..) => Verb::ScheduleKeyDeletion,
            Action::CancelKeyDeletion(..) => Verb::CancelKeyDeletion,
            Action::PutKeyPolicy(..) => Verb::PutKeyPolicy,
            Action::RemoveActions(..) => Verb::RemoveActions,
            Action::RestoreActions(..) => Verb::RestoreActions,
            Action::ReplicateKey(..) => Verb::ReplicateKey,
            Action::UpdatePrimaryRegion(..) => Verb::UpdatePrimaryRegion,
            Action::RotateKeyOnDemand(..) => Verb::RotateKeyOnDemand,
            Action::EnableKeyRotation(..) => Verb::EnableKeyRotation,
            Action::DisableKeyRotation(..) => Verb::DisableKeyRotation,
            Action::ImportKeyMaterial(..) => Verb::ImportKeyMaterial,
            Action::DeleteImportedKeyMaterial(..) => Verb::DeleteImportedKeyMaterial,
            Action::KmsUnreachable(..) => Verb::KmsUnreachable,
            Action::KmsThrottled(..) => Verb::KmsThrottled,
            Action::RegionDown(..) => Verb::RegionDown,
            Action::SourceDown(..) => Verb::SourceDown,
            Action::ServiceIamDenies(..) => Verb::ServiceIamDenies,
            Action::AddRegion(..) => Verb::AddRegion,
            Action::CreateCollection(..) => Verb::CreateCollection,
            Action::DeleteCollection(..) => Verb::DeleteCollection,
            Action::ContactSupport(..) => Verb::ContactSupport,
            Action::RecreateCollection(..) => Verb::RecreateCollection,
            Action::SetTraffic(..) => Verb::SetTraffic,
            Action::ChangeKey(..) => Verb::ChangeKey,
            Action::UnlinkKey(..) => Verb::UnlinkKey,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Opposite, Verb};

    #[test]
    fn the_table_has_a_row_for_each_verb_and_opposites_take_the_same_fields() {
        for row in Verb::table() {
            assert!(row.does.ends_with('.'), "{}", row.verb);
            assert!(row.required.iter().all(|it| !row.optional.contains(it)));
            if let Opposite::Verb(other) = row.opposite {
                assert_eq!(row.required, other.row().required, "{}", row.verb);
            }
        }
    }
}
