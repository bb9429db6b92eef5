//! AWS's table of key states: which operation is taken in which state, and with which words it is refused.
//!
//! The table is the one of the KMS Developer Guide's page "Key states of AWS KMS keys" (`key-state.md`, June 2023), row
//! by row and note by note, so that the two can be laid side by side. Nothing else says what a state refuses.

use std::fmt;

use super::{Cause, KeyState, words};

words! {
    /// An operation of the KMS API that uses an existing key, in the order of AWS's page.
    Operation {
        /// Takes a planned deletion back.
        CancelKeyDeletion = "CancelKeyDeletion",
        /// Gives a key another name.
        CreateAlias = "CreateAlias",
        /// Lets somebody use a key.
        CreateGrant = "CreateGrant",
        /// Decrypts a ciphertext, such as an encrypted data key.
        Decrypt = "Decrypt",
        /// Takes a name away.
        DeleteAlias = "DeleteAlias",
        /// Deletes imported key material.
        DeleteImportedKeyMaterial = "DeleteImportedKeyMaterial",
        /// Tells what a key is.
        DescribeKey = "DescribeKey",
        /// Switches a key off.
        DisableKey = "DisableKey",
        /// Stops the automatic rotation.
        DisableKeyRotation = "DisableKeyRotation",
        /// Switches a key on.
        EnableKey = "EnableKey",
        /// Starts the automatic rotation.
        EnableKeyRotation = "EnableKeyRotation",
        /// Encrypts a few bytes.
        Encrypt = "Encrypt",
        /// Makes a data key, in plaintext and encrypted.
        GenerateDataKey = "GenerateDataKey",
        /// Makes a pair of data keys, in plaintext and encrypted.
        GenerateDataKeyPair = "GenerateDataKeyPair",
        /// Makes a pair of data keys, the private one encrypted only.
        GenerateDataKeyPairWithoutPlaintext = "GenerateDataKeyPairWithoutPlaintext",
        /// Makes a data key, encrypted only.
        GenerateDataKeyWithoutPlaintext = "GenerateDataKeyWithoutPlaintext",
        /// Makes a message authentication code.
        GenerateMac = "GenerateMac",
        /// Reads a key policy.
        GetKeyPolicy = "GetKeyPolicy",
        /// Tells whether a key rotates.
        GetKeyRotationStatus = "GetKeyRotationStatus",
        /// Asks for what an import needs.
        GetParametersForImport = "GetParametersForImport",
        /// Reads the public half of an asymmetric key.
        GetPublicKey = "GetPublicKey",
        /// Imports key material.
        ImportKeyMaterial = "ImportKeyMaterial",
        /// Lists the names of a key.
        ListAliases = "ListAliases",
        /// Lists who may use a key by a grant.
        ListGrants = "ListGrants",
        /// Lists the names of the policies of a key.
        ListKeyPolicies = "ListKeyPolicies",
        /// Lists the tags of a key.
        ListResourceTags = "ListResourceTags",
        /// Replaces a key policy.
        PutKeyPolicy = "PutKeyPolicy",
        /// Decrypts under one key and encrypts under another.
        ReEncrypt = "ReEncrypt",
        /// Makes a replica of a multi-Region primary key.
        ReplicateKey = "ReplicateKey",
        /// Gives a grant back.
        RetireGrant = "RetireGrant",
        /// Takes a grant away.
        RevokeGrant = "RevokeGrant",
        /// Plans the deletion of a key.
        ScheduleKeyDeletion = "ScheduleKeyDeletion",
        /// Signs.
        Sign = "Sign",
        /// Sets tags.
        TagResource = "TagResource",
        /// Takes tags away.
        UntagResource = "UntagResource",
        /// Lets a name mean another key.
        UpdateAlias = "UpdateAlias",
        /// Replaces the description of a key.
        UpdateKeyDescription = "UpdateKeyDescription",
        /// Makes a replica the primary.
        UpdatePrimaryRegion = "UpdatePrimaryRegion",
        /// Verifies a signature.
        Verify = "Verify",
        /// Verifies a message authentication code.
        VerifyMac = "VerifyMac",
        /// Rotates a key now. Younger than the page of 2023; its errors in the API reference are those of the other
        /// rotation calls, so it has their row.
        RotateKeyOnDemand = "RotateKeyOnDemand",
    }
}

/// A note of AWS's page, by its number there.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Note {
    /// `DisabledException: <key ARN> is disabled.`
    N1 = 1,
    /// `DisabledException: <key ARN> is pending deletion (or pending replica deletion).`
    N2,
    /// `KMSInvalidStateException: <key ARN> is pending deletion (or pending replica deletion).`
    N3,
    /// `KMSInvalidStateException: <key ARN> is not pending deletion (or pending replica deletion).`
    N4,
    /// `KMSInvalidStateException: <key ARN> is pending import.`
    N5,
    /// `UnsupportedOperationException: <key ARN> origin is EXTERNAL which is not valid for this operation.`
    N6,
    /// `UnsupportedOperationException`, of a key with imported material or in a custom key store.
    N7,
    /// `KMSInvalidStateException`, of a key with imported material.
    N8,
    /// `UnsupportedOperationException`, of a key that cannot have imported material.
    N9,
    /// Refused only where the key is the alias's new one: `KMSInvalidStateException: <key ARN> is pending deletion.`
    N10,
    /// `KMSInvalidStateException: <key ARN> is unavailable.`
    N11,
    /// Taken, but the state does not change until the key store is back.
    N12,
    /// A key that is pending deletion stays so while its key store is away.
    N13,
    /// `KMSInvalidStateException: <key ARN> is creating.`
    N14,
    /// `KMSInvalidStateException: <key ARN> is updating.`
    N15,
}

/// One cell of the table.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// `✓`: taken.
    Taken,
    /// `✓ (No effect)`: taken, and nothing changes.
    NoEffect,
    /// `✓ [n]`: taken, unless the note speaks of the key.
    TakenWith(Note),
    /// `? [n]`: taken, unless the note speaks of the key.
    Depends(Note),
    /// `X [n]`: refused.
    Refused(Note),
    /// `X [n], [m]`: refused by the first; the second explains.
    Explained(Note, Note),
    /// `X [n] or [m]`: refused by the second where it speaks of the key, else by the first.
    Either(Note, Note),
    /// `N/A`: no key of the operation's kind is ever in that state. Were one, it would be refused as `Decrypt` is.
    Never,
}

// Short words for the table: OK is AWS's ✓, X its X, Q its ?, NA its N/A; the numbers are those of the notes.
const OK: Cell = Cell::Taken;
const OK_NOTHING: Cell = Cell::NoEffect;
const OK9: Cell = Cell::TakenWith(Note::N9);
const OK12: Cell = Cell::TakenWith(Note::N12);
const Q7: Cell = Cell::Depends(Note::N7);
const Q9: Cell = Cell::Depends(Note::N9);
const Q10: Cell = Cell::Depends(Note::N10);
const X1: Cell = Cell::Refused(Note::N1);
const X3: Cell = Cell::Refused(Note::N3);
const X4: Cell = Cell::Refused(Note::N4);
const X5: Cell = Cell::Refused(Note::N5);
const X6: Cell = Cell::Refused(Note::N6);
const X7: Cell = Cell::Refused(Note::N7);
const X9: Cell = Cell::Refused(Note::N9);
const X11: Cell = Cell::Refused(Note::N11);
const X14: Cell = Cell::Refused(Note::N14);
const X15: Cell = Cell::Refused(Note::N15);
const X4_13: Cell = Cell::Explained(Note::N4, Note::N13);
const X1_7: Cell = Cell::Either(Note::N1, Note::N7);
const X2_3: Cell = Cell::Either(Note::N2, Note::N3);
const X3_7: Cell = Cell::Either(Note::N3, Note::N7);
const X8_9: Cell = Cell::Either(Note::N8, Note::N9);
const NA: Cell = Cell::Never;

/// The columns of AWS's page.
const COLUMNS: usize = 7;

#[rustfmt::skip]
const TABLE: [(Operation, [Cell; COLUMNS]); Operation::ALL.len()] = {
    use Operation::*;
    [
    //                                    Enabled  Disabled  Pending   Pending     Unavail- Creating Updating
    //                                                       deletion  import      able
    //                                                       (or replica
    //                                                       deletion)
    (CancelKeyDeletion,                   [X4,     X4,       OK,       X4,         X4_13,   X4,      X4]),
    (CreateAlias,                         [OK,     OK,       X3,       OK,         OK,      OK,      OK]),
    (CreateGrant,                         [OK,     X1,       X2_3,     X5,         OK,      X14,     OK]),
    (Decrypt,                             [OK,     X1,       X2_3,     X5,         X11,     X14,     OK]),
    (DeleteAlias,                         [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (DeleteImportedKeyMaterial,           [OK9,    OK9,      OK9,      OK_NOTHING, NA,      X14,     X15]),
    (DescribeKey,                         [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (DisableKey,                          [OK,     OK,       X3,       X5,         OK12,    X14,     X15]),
    (DisableKeyRotation,                  [Q7,     X1_7,     X3_7,     X6,         X7,      X14,     Q7]),
    (EnableKey,                           [OK,     OK,       X3,       X5,         OK12,    X14,     X15]),
    (EnableKeyRotation,                   [Q7,     X1_7,     X3_7,     X6,         X7,      X14,     Q7]),
    (Encrypt,                             [OK,     X1,       X2_3,     X5,         X11,     X14,     OK]),
    (GenerateDataKey,                     [OK,     X1,       X2_3,     X5,         X11,     X14,     OK]),
    (GenerateDataKeyPair,                 [OK,     X1,       X2_3,     X5,         X11,     X14,     OK]),
    (GenerateDataKeyPairWithoutPlaintext, [OK,     X1,       X2_3,     X5,         X11,     X14,     OK]),
    (GenerateDataKeyWithoutPlaintext,     [OK,     X1,       X2_3,     X5,         X11,     X14,     OK]),
    (GenerateMac,                         [OK,     X1,       X2_3,     NA,         NA,      X14,     OK]),
    (GetKeyPolicy,                        [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (GetKeyRotationStatus,                [Q7,     Q7,       Q7,       X6,         X7,      Q7,      Q7]),
    (GetParametersForImport,              [Q9,     Q9,       X8_9,     OK,         X9,      X14,     X15]),
    (GetPublicKey,                        [OK,     X1,       X2_3,     NA,         NA,      X14,     OK]),
    (ImportKeyMaterial,                   [Q9,     Q9,       X8_9,     OK,         X9,      X14,     OK]),
    (ListAliases,                         [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (ListGrants,                          [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (ListKeyPolicies,                     [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (ListResourceTags,                    [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (PutKeyPolicy,                        [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (ReEncrypt,                           [OK,     X1,       X2_3,     X5,         X11,     X14,     OK]),
    (ReplicateKey,                        [OK,     X1,       X2_3,     X5,         NA,      X14,     X15]),
    (RetireGrant,                         [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (RevokeGrant,                         [OK,     OK,       OK,       OK,         OK,      OK,      OK]),
    (ScheduleKeyDeletion,                 [OK,     OK,       X3,       OK,         OK,      OK,      X15]),
    (Sign,                                [OK,     X1,       X2_3,     NA,         NA,      X14,     OK]),
    (TagResource,                         [OK,     OK,       X3,       OK,         OK,      OK,      OK]),
    (UntagResource,                       [OK,     OK,       X3,       OK,         OK,      OK,      OK]),
    (UpdateAlias,                         [OK,     OK,       Q10,      OK,         OK,      OK,      OK]),
    (UpdateKeyDescription,                [OK,     OK,       X3,       OK,         OK,      OK,      OK]),
    (UpdatePrimaryRegion,                 [OK,     X1,       X2_3,     X5,         NA,      X14,     OK]),
    (Verify,                              [OK,     X1,       X2_3,     NA,         NA,      X14,     OK]),
    (VerifyMac,                           [OK,     X1,       X2_3,     NA,         NA,      X14,     OK]),
    // Not on the page of 2023.
    (RotateKeyOnDemand,                   [Q7,     X1_7,     X3_7,     X6,         X7,      X14,     Q7]),
    ]
};

/// The column of a state; `None` where there is no key, so that no operation finds one.
const fn column(state: KeyState) -> Option<usize> {
    match state {
        KeyState::Enabled => Some(0),
        KeyState::Disabled => Some(1),
        KeyState::PendingDeletion | KeyState::PendingReplicaDeletion => Some(2),
        KeyState::PendingImport => Some(3),
        KeyState::Unavailable => Some(4),
        KeyState::Creating => Some(5),
        KeyState::Updating => Some(6),
        KeyState::Absent | KeyState::Deleted => None,
    }
}

/// What AWS's page says of an operation in a state; `None` in the two states that are AWS's `NotFoundException`.
pub const fn cell(operation: Operation, state: KeyState) -> Option<Cell> {
    match column(state) {
        Some(column) => Some(TABLE[operation as usize].1[column]),
        None => None,
    }
}

/// Why AWS refuses a call for the state or the origin of the key it is about.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// There is no such key.
    NotFound,
    /// As the note says.
    Noted(Note),
}

/// Why AWS refuses an operation on a key in a state, and of an origin such as `AWS_KMS` or `EXTERNAL`; `None` where it
/// takes it.
///
/// Of `[2] or [3]` it is `[3]`: that is what AWS answered when LocalStack's tests asked it (`domain.md` 1a).
pub fn refusal(operation: Operation, state: KeyState, origin: &str) -> Option<Refusal> {
    let Some(cell) = cell(operation, state) else {
        return Some(Refusal::NotFound);
    };
    let note = match cell {
        Cell::Taken | Cell::NoEffect => return None,
        Cell::TakenWith(note) | Cell::Depends(note) => {
            return note.speaks_of(origin).then_some(Refusal::Noted(note));
        }
        Cell::Refused(note) | Cell::Explained(note, _) => note,
        Cell::Either(first, second) => {
            if second.speaks_of(origin) {
                second
            } else {
                first
            }
        }
        Cell::Never => return refusal(Operation::Decrypt, state, origin),
    };
    Some(Refusal::Noted(note))
}

impl Note {
    /// Its number on AWS's page.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Whether it refuses a call about a key of that origin.
    fn speaks_of(self, origin: &str) -> bool {
        match self {
            Note::N7 => origin != "AWS_KMS",
            Note::N6 | Note::N8 => origin == "EXTERNAL",
            Note::N9 => origin != "EXTERNAL",
            // The simulator's keys are never the new one of an alias.
            Note::N10 | Note::N12 | Note::N13 => false,
            Note::N1
            | Note::N2
            | Note::N3
            | Note::N4
            | Note::N5
            | Note::N11
            | Note::N14
            | Note::N15 => true,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Note::N1 | Note::N2 => "DisabledException",
            Note::N6 | Note::N7 | Note::N9 => "UnsupportedOperationException",
            Note::N3
            | Note::N4
            | Note::N5
            | Note::N8
            | Note::N10
            | Note::N11
            | Note::N12
            | Note::N13
            | Note::N14
            | Note::N15 => "KMSInvalidStateException",
        }
    }

    /// Why a call of the service is refused by it; `None` where it is about other calls.
    const fn cause(self, state: KeyState) -> Option<Cause> {
        match self {
            Note::N1 => Some(Cause::Disabled),
            Note::N2 | Note::N3 if matches!(state, KeyState::PendingReplicaDeletion) => {
                Some(Cause::PendingReplicaDeletion)
            }
            Note::N2 | Note::N3 => Some(Cause::PendingDeletion),
            Note::N5 => Some(Cause::PendingImport),
            Note::N11 => Some(Cause::Unavailable),
            Note::N14 => Some(Cause::Creating),
            Note::N4
            | Note::N6
            | Note::N7
            | Note::N8
            | Note::N9
            | Note::N10
            | Note::N12
            | Note::N13
            | Note::N15 => None,
        }
    }
}

impl Refusal {
    /// AWS's error code.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::NotFound => "NotFoundException",
            Refusal::Noted(note) => note.code(),
        }
    }

    /// What AWS says beside the code, about the key with that ARN, state and origin. The sentences are those of the
    /// notes; where a note has none, that of a like note. `NotFoundException`'s is as AWS answered LocalStack's tests.
    pub fn message(self, arn: &str, state: KeyState, origin: &str) -> String {
        let waits = match state {
            KeyState::PendingReplicaDeletion => "pending replica deletion",
            _ => "pending deletion",
        };
        let Refusal::Noted(note) = self else {
            return format!("Key '{arn}' does not exist");
        };
        match note {
            Note::N1 => format!("{arn} is disabled."),
            Note::N2 | Note::N3 | Note::N8 | Note::N10 => format!("{arn} is {waits}."),
            Note::N4 => format!("{arn} is not pending deletion."),
            Note::N5 => format!("{arn} is pending import."),
            Note::N6 => format!("{arn} origin is EXTERNAL which is not valid for this operation."),
            Note::N7 | Note::N9 => {
                format!("{arn} origin is {origin} which is not valid for this operation.")
            }
            Note::N11 | Note::N12 | Note::N13 => format!("{arn} is unavailable."),
            Note::N14 => format!("{arn} is creating."),
            Note::N15 => format!("{arn} is updating."),
        }
    }

    /// Why a call of the service is refused so.
    pub(super) const fn cause(self, state: KeyState) -> Option<Cause> {
        match self {
            Refusal::NotFound => Some(Cause::NotFound),
            Refusal::Noted(note) => note.cause(state),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.number())
    }
}

impl fmt::Display for Cell {
    /// As AWS's page writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Taken => f.write_str("✓"),
            Cell::NoEffect => f.write_str("✓ (No effect)"),
            Cell::TakenWith(note) => write!(f, "✓ {note}"),
            Cell::Depends(note) => write!(f, "? {note}"),
            Cell::Refused(note) => write!(f, "X {note}"),
            Cell::Explained(note, more) => write!(f, "X {note}, {more}"),
            Cell::Either(first, second) => write!(f, "X {first} or {second}"),
            Cell::Never => f.write_str("N/A"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Operation, TABLE, refusal};
    use crate::states::{Cause, KeyState};

    #[test]
    fn each_row_stands_where_its_operation_is_looked_up() {
        for (at, (operation, _)) in TABLE.iter().enumerate() {
            assert_eq!(*operation as usize, at, "{operation}");
        }
    }

    /// What the service asks has one row, whichever of its operations it is; access shows that row's code.
    #[test]
    fn the_service_is_refused_as_the_row_of_decrypt_says() {
        for state in KeyState::ALL {
            let answer = refusal(Operation::Decrypt, *state, "AWS_KMS");
            let codes = (answer.map(|it| it.code()), state.refuses().map(Cause::code));
            assert_eq!(codes.0, codes.1, "{state}");
            for other in [
                Operation::Encrypt,
                Operation::GenerateDataKey,
                Operation::GenerateDataKeyWithoutPlaintext,
            ] {
                assert_eq!(refusal(other, *state, "AWS_KMS"), answer, "{other} {state}");
            }
        }
    }
}
