//! What would bite, found before it does: whether keys and policies are what R1 to R4 ask for.
//!
//! ```
//! use keyoutage::preflight::{self, Aim, KeyArn};
//! use keyoutage::profile::Profile;
//!
//! const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "111122223333"},
//!     "Action": "kms:*", "Resource": "*"}]}"#;
//! let rules = Profile::all()[0].numbers();
//! let arn = KeyArn::read("arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab");
//! let aim = Aim::working(&rules, arn.expect("it is one"), None);
//! let checked = preflight::check(POLICY, "key.json", &aim);
//! assert!(!checked.passes());
//! assert!(preflight::check(&checked.repaired.expect("it can be mended"), "key.json", &aim).passes());
//! ```

mod aim;
mod choice;
mod codes;
mod consequence;
mod ends;
mod finding;
mod foreign;
mod fresh;
mod guard;
mod judge;
mod key;
mod lens;
mod mend;
mod policy;
mod scenario;
mod slip;
mod spare;
mod splice;
mod stranger;
pub mod tell;
mod tree;
mod width;
mod words;

pub use aim::{Aim, KeyArn, Stage};
pub use codes::{FindingCode, explain};
pub use finding::{Counterexample, Finding, Place};
pub use policy::{Checked, check};
pub use scenario::check_scenario;
pub use words::{answer, why};
