//! What a suite of scenarios exercises and asserts, and which mutants of the rules it notices.
