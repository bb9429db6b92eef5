//! May this caller do this with this key?
//!
//! An evaluator of AWS KMS *key policies*. A text becomes a tree with places ([`read`]), the tree a [`Policy`] or all
//! its complaints at once, and a policy answers a [`Request`] with a [`Decision`] and its reasons:
//!
//! ```
//! use keyoutage::policy::{Answer, Context, Policy, Request};
//!
//! let policy = Policy::vendor("111122223333", "318212636800");
//! let decision = policy.decide(&Request {
//!     principal: "arn:aws:iam::318212636800:root",
//!     action: "kms:Decrypt",
//!     resource: "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
//!     context: &Context::closed(),
//! });
//! assert_eq!(decision.answer, Answer::Allowed);
//! ```
//!
//! This room knows nothing of the rest of the crate, of YAML, of files or of clocks. The comments name AWS's rules as
//! P1 to P16, the numbers under which they were collected with their sources. What policy and request cannot tell (an
//! operator AWS does not document, a key of the request nobody gave) is an answer of its own, [`Answer::CannotTell`],
//! never a silent yes or no.
//!
//! | file | its one idea |
//! |---|---|
//! | `value` | a tree of values that remembers where each was written |
//! | `source`, `json`, `scan`, `hints`, `cut` | from text to that tree, strictly, with helpful words |
//! | `complaint`, `clean` | what is wrong, where, in words that are safe to print |
//! | `document`, `statement`, `principal`, `condition` | from the tree to a policy |
//! | `shape`, `template` | the shapes a policy is made of, and what only looks like one |
//! | `operator`, `operand`, `numbers`, `dates` | what a condition compares, and with what |
//! | `context`, `variable`, `holds` | what a request carries, and whether a condition holds for it |
//! | `pattern`, `caller`, `decide`, `actions` | matching and deciding |
//! | `asker` | what follows from who asks, and how a request is written |
//! | `look` | the tree and the text of a policy, for who points into it or mends it |
//! | `parts` | a policy as plain data, for whoever judges it otherwise |
//! | `turning` | the instants at which an answer changes by itself |
//! | `meaning` | one word for what a policy means, however it is written |
//! | `edit`, `ready` | taking actions away and giving them back; the policies everybody needs |

mod actions;
mod asked;
mod asker;
mod caller;
mod clean;
mod complaint;
mod condition;
mod context;
mod cut;
mod dates;
mod decide;
mod document;
mod edit;
mod hints;
mod holds;
mod json;
#[cfg(test)]
mod laws;
mod look;
mod meaning;
mod numbers;
mod operand;
mod operator;
mod parts;
mod pattern;
mod principal;
mod ready;
mod scan;
mod shape;
mod source;
mod statement;
mod template;
mod turning;
mod value;
mod variable;

pub use actions::{KNOWN as KNOWN_ACTIONS, SERVICE_OPERATIONS, covers, named};
pub use asker::{Asker, action_form, resource_form};
pub use complaint::{Complaint, ComplaintKind};
pub use context::{Context, Given};
pub use decide::{Answer, Decision, Reason, Request, Why};
pub use document::Policy;
pub use json::read;
pub use look::{Look, look};
pub use parts::{Listed, Part};
pub use statement::Effect;
pub use value::{Mark, Member, Node, Value};
