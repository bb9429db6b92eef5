//! What AWS answers to the owner's calls: taken, or refused with a code and a message.

use crate::scenario::Key;
use crate::states::KeyState;
use crate::states::operations::{Operation, refusal};

/// A refusal, as AWS words it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Whether a call was taken; a refused one changes nothing.
pub(crate) type Taken = Result<(), Refusal>;

/// Asks AWS's table about an operation on the replica of a key in a region.
pub(crate) fn ask(operation: Operation, state: KeyState, key: &Key, region: &str) -> Taken {
    match refusal(operation, state, &key.origin) {
        None => Ok(()),
        Some(refusal) => refused(
            refusal.code(),
            refusal.message(&key.arn(region), state, &key.origin),
        ),
    }
}

/// Refused for another reason than a state.
pub(crate) fn refused(code: &'static str, message: String) -> Taken {
    Err(Refusal { code, message })
}
