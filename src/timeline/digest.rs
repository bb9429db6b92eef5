//! One word for a whole run.
