//! What AWS answers to the owner's calls, by the state of the replica they are about (`domain.md` 1a, after the KMS
//! Developer Guide's table of key states).

use crate::states::KeyState;

/// The owner's calls that a state can refuse.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Call {
    EnableOrDisable,
    ScheduleDeletion,
    CancelDeletion,
    PutPolicy,
    Replicate,
    Rotation,
}

/// Refused with AWS's code, or not.
type Answer = Option<&'static str>;

const INVALID: Answer = Some("KMSInvalidStateException");
const DISABLED: Answer = Some("DisabledException");
const NOT_FOUND: Answer = Some("NotFoundException");
const UNSUPPORTED: Answer = Some("UnsupportedOperationException");

/// The columns, in the order of [`KeyState::ALL`]: Absent, Creating, Enabled, Disabled, PendingDeletion,
/// PendingReplicaDeletion, PendingImport, Updating, Unavailable, Deleted.
const TABLE: [(Call, [Answer; KeyState::ALL.len()]); 6] = [
    (
        Call::EnableOrDisable,
        [
            NOT_FOUND, INVALID, None, None, INVALID, INVALID, INVALID, INVALID, None, NOT_FOUND,
        ],
    ),
    (
        Call::ScheduleDeletion,
        [
            NOT_FOUND, None, None, None, INVALID, INVALID, None, INVALID, None, NOT_FOUND,
        ],
    ),
    (
        Call::CancelDeletion,
        [
            NOT_FOUND, INVALID, INVALID, INVALID, None, None, INVALID, INVALID, INVALID, NOT_FOUND,
        ],
    ),
    (
        Call::PutPolicy,
        [
            NOT_FOUND, None, None, None, None, None, None, None, None, NOT_FOUND,
        ],
    ),
    (
        Call::Replicate,
        [
            NOT_FOUND, INVALID, None, DISABLED, INVALID, INVALID, INVALID, INVALID, INVALID,
            NOT_FOUND,
        ],
    ),
    (
        Call::Rotation,
        [
            NOT_FOUND,
            INVALID,
            None,
            DISABLED,
            INVALID,
            INVALID,
            UNSUPPORTED,
            None,
            UNSUPPORTED,
            NOT_FOUND,
        ],
    ),
];

/// The code with which a call is refused in a state; `None` where it is taken.
pub(crate) fn refusal(call: Call, state: KeyState) -> Answer {
    let row = TABLE
        .iter()
        .find(|(it, _)| *it == call)
        .expect("every call has its row");
    row.1[state as usize]
}

#[cfg(test)]
mod tests {
    use super::{Call, TABLE, refusal};
    use crate::states::KeyState;

    #[test]
    fn the_table_says_what_aws_says() {
        for (call, state, code) in [
            (Call::EnableOrDisable, KeyState::Disabled, None),
            (
                Call::EnableOrDisable,
                KeyState::PendingDeletion,
                Some("KMSInvalidStateException"),
            ),
            (
                Call::CancelDeletion,
                KeyState::Enabled,
                Some("KMSInvalidStateException"),
            ),
            (Call::CancelDeletion, KeyState::PendingReplicaDeletion, None),
            (Call::ScheduleDeletion, KeyState::Creating, None),
            (
                Call::Replicate,
                KeyState::Disabled,
                Some("DisabledException"),
            ),
            (Call::PutPolicy, KeyState::PendingDeletion, None),
            (Call::PutPolicy, KeyState::Absent, Some("NotFoundException")),
            (
                Call::Rotation,
                KeyState::Disabled,
                Some("DisabledException"),
            ),
            (
                Call::Rotation,
                KeyState::PendingImport,
                Some("UnsupportedOperationException"),
            ),
        ] {
            assert_eq!(refusal(call, state), code, "{call:?} in {state}");
        }
        assert!(
            TABLE
                .iter()
                .all(|(_, row)| row[KeyState::Enabled as usize].is_none()
                    || row[KeyState::PendingDeletion as usize].is_none())
        );
    }
}
