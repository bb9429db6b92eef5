//! What a suite of scenarios exercises and asserts, and which mutants of the rules it notices.
//!
//! A state or a move is *exercised* when some run of the suite shows it, and *asserted* when an expectation that holds names
//! it and rests on the very entry that shows it. A rule or a number is exercised when a service in which it is otherwise
//! runs a scenario otherwise, and asserted when an expectation that held does not hold of that service. What can be
//! covered is a closed list ([`Item::all`]); what need not be is exempted by name, with a reason.

mod exempt;
mod item;
mod json;
mod look;
mod otherwise;
mod seen;
mod sum;
mod text;

pub use exempt::{Exemption, read as read_exemptions};
pub use item::{Group, Item};
pub use json::{coverage as coverage_json, mutants as mutants_json};
pub use look::{Looked, look};
pub use sum::{Coverage, Line, Noticed, Threshold};
pub use text::{coverage as coverage_text, mutants as mutants_text, needless as needless_text};
