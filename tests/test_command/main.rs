//! `keyoutage test`: what it runs, and how it tells it. The forms are read back by what reads them elsewhere: `quick-junit`,
//! a YAML reader, a JSON reader, and the rules by which GitHub's runner finds commands in a log.

#[path = "../common/mod.rs"]
mod common;

mod command;
mod folded;
mod formats;
mod golden;
mod hostile;
mod kept;
mod made;
mod more;
mod review;
