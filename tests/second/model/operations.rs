//! Which calls of a key's owner AWS refuses in which state (`domain.md` 1a), and with which code.

use keyoutage::scenario::Key;
use keyoutage::states::KeyState;

const INVALID: &str = "KMSInvalidStateException";
const DISABLED: &str = "DisabledException";
const UNSUPPORTED: &str = "UnsupportedOperationException";
const NOT_FOUND: &str = "NotFoundException";

/// A row of AWS's table.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Row {
    /// `EnableKey`, `DisableKey`.
    Switch,
    /// `ScheduleKeyDeletion`.
    Schedule,
    /// `CancelKeyDeletion`.
    Cancel,
    /// `PutKeyPolicy`.
    Policy,
    /// `ReplicateKey`, asked of the primary.
    Replicate,
    /// `UpdatePrimaryRegion`.
    Primary,
    /// `EnableKeyRotation`, `DisableKeyRotation`, `RotateKeyOnDemand`.
    Rotation,
    /// `ImportKeyMaterial`.
    Import,
    /// `DeleteImportedKeyMaterial`.
    DeleteMaterial,
}

/// The code with which AWS refuses, or nothing where it takes the call.
pub fn refusal(row: Row, state: KeyState, key: &Key) -> Option<&'static str> {
    if matches!(state, KeyState::Absent | KeyState::Deleted) {
        return Some(NOT_FOUND);
    }
    let origin = key.origin.as_str();
    match row {
        Row::Policy => None,
        Row::Switch => match state {
            KeyState::Enabled | KeyState::Disabled | KeyState::Unavailable => None,
            _ => Some(INVALID),
        },
        Row::Schedule => match state {
            KeyState::PendingDeletion | KeyState::PendingReplicaDeletion | KeyState::Updating => {
                Some(INVALID)
            }
            _ => None,
        },
        Row::Cancel => match state {
            KeyState::PendingDeletion | KeyState::PendingReplicaDeletion => None,
            _ => Some(INVALID),
        },
        Row::Replicate => match state {
            KeyState::Enabled => None,
            KeyState::Disabled => Some(DISABLED),
            _ => Some(INVALID),
        },
        Row::Primary => match state {
            KeyState::Enabled | KeyState::Updating => None,
            KeyState::Disabled => Some(DISABLED),
            _ => Some(INVALID),
        },
        Row::Rotation if origin != "AWS_KMS" => Some(UNSUPPORTED),
        Row::Rotation => match state {
            // AWS rotates symmetric keys only.
            KeyState::Enabled | KeyState::Updating if key.spec != "SYMMETRIC_DEFAULT" => {
                Some(UNSUPPORTED)
            }
            KeyState::Enabled | KeyState::Updating => None,
            KeyState::Disabled => Some(DISABLED),
            KeyState::PendingImport | KeyState::Unavailable => Some(UNSUPPORTED),
            _ => Some(INVALID),
        },
        Row::Import => match state {
            KeyState::Creating => Some(INVALID),
            _ if origin != "EXTERNAL" => Some(UNSUPPORTED),
            KeyState::PendingDeletion | KeyState::PendingReplicaDeletion => Some(INVALID),
            KeyState::Unavailable => Some(UNSUPPORTED),
            _ => None,
        },
        Row::DeleteMaterial => match state {
            KeyState::Creating | KeyState::Updating | KeyState::Unavailable => Some(INVALID),
            _ => (origin != "EXTERNAL").then_some(UNSUPPORTED),
        },
    }
}
