//! How a command ends: one of four codes, of several the highest.

/// All is fine.
pub(super) const FINE: u8 = 0;
/// An expectation or a check does not hold, or two runs differ.
pub(super) const UNMET: u8 = 1;
/// Bad input or usage; nothing to do included.
pub(super) const INPUT: u8 = 2;
/// The machine failed us, or we failed.
pub const MACHINE: u8 = 3;

/// Why a command cannot go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Trouble {
    /// What was given is wrong: one sentence.
    Input(String),
    /// What was given is wrong, told in full already rendered lines.
    Problems(String),
    /// The machine failed: one sentence.
    Machine(String),
}

impl Trouble {
    /// The exit code.
    pub(super) const fn code(&self) -> u8 {
        match self {
            Trouble::Input(_) | Trouble::Problems(_) => INPUT,
            Trouble::Machine(_) => MACHINE,
        }
    }

    /// What stderr says.
    pub(super) fn text(&self) -> String {
        match self {
            Trouble::Problems(text) => text.clone(),
            Trouble::Input(text) | Trouble::Machine(text) => format!("error: {text}\n"),
        }
    }
}
