//! The codes of findings, and the page that explains each, for `keyoutage explain K003`.

use crate::scenario::Severity;
use crate::states::words;

words! {
    /// What was found, by a code that never changes its meaning.
    FindingCode {
        /// An action that the service needs is not allowed.
        ActionMissing = "K001",
        /// A statement denies the service what it needs.
        DeniedExplicitly = "K002",
        /// A statement for the service names another resource than this key.
        OtherResource = "K003",
        /// `kms:GenerateDataKey` without the `*` that R3 asks for.
        StarDropped = "K004",
        /// A role or a user of the service's account, where the account is due.
        IdentityOnly = "K005",
        /// An account whose id is like the service's.
        OtherAccount = "K006",
        /// Whether the service is allowed hangs on what nobody said.
        CannotTell = "K007",
        /// A condition on which the service's permission hangs does not hold.
        ConditionFails = "K008",
        /// A permission ends, or begins, by itself at a date.
        EndsByItself = "K009",
        /// A statement without `Action` or `Resource`, and so without effect.
        NoEffect = "K010",
        /// The service is allowed more than it needs.
        WiderActions = "K011",
        /// Anybody is allowed to use the key.
        AnyPrincipal = "K012",
        /// A `Resource` that is an ARN, which AWS takes no longer.
        ArnResource = "K013",
        /// `NotPrincipal` with `Deny` that spares nobody.
        SparesNobody = "K014",
        /// A principal that was deleted.
        DeletedPrincipal = "K015",
        /// Nobody of the key's own account may change the policy.
        LockedOut = "K016",
        /// AWS would refuse the policy.
        Refused = "K017",
        /// An action that KMS does not have.
        OddAction = "K018",
        /// A policy variable that is plain text.
        LiteralVariable = "K019",
        /// The key is not in the Region where the organization is created.
        WrongRegion = "K020",
        /// The key is not symmetric.
        NotSymmetric = "K021",
        /// The key is not for encryption and decryption.
        WrongUsage = "K022",
        /// The key is no multi-Region key.
        SingleRegion = "K023",
        /// The key is in the service's own account.
        ServicesOwn = "K024",
        /// The organization uses a Region in which the key has no replica.
        ReplicaMissing = "K025",
        /// A replica cannot be used at the start.
        NotEnabled = "K026",
        /// The key's material is imported, which each Region needs for itself.
        ImportedMaterial = "K027",
        /// A condition that compares with an unknown operator, or with nothing.
        OddCondition = "K028",
    }
}

impl FindingCode {
    /// How bad it is, if nothing else is said.
    pub fn severity(self) -> Severity {
        match self {
            FindingCode::ActionMissing
            | FindingCode::DeniedExplicitly
            | FindingCode::OtherResource
            | FindingCode::StarDropped
            | FindingCode::IdentityOnly
            | FindingCode::OtherAccount
            | FindingCode::CannotTell
            | FindingCode::ConditionFails
            | FindingCode::Refused
            | FindingCode::WrongRegion
            | FindingCode::NotSymmetric
            | FindingCode::WrongUsage
            | FindingCode::SingleRegion
            | FindingCode::ServicesOwn
            | FindingCode::ReplicaMissing
            | FindingCode::NotEnabled => Severity::Error,
            FindingCode::EndsByItself
            | FindingCode::NoEffect
            | FindingCode::WiderActions
            | FindingCode::AnyPrincipal
            | FindingCode::ArnResource
            | FindingCode::SparesNobody
            | FindingCode::DeletedPrincipal
            | FindingCode::LockedOut
            | FindingCode::OddAction
            | FindingCode::LiteralVariable
            | FindingCode::ImportedMaterial
            | FindingCode::OddCondition => Severity::Warning,
        }
    }

    /// Its name in a few words, the heading of its page.
    pub fn title(self) -> &'static str {
        let page = page(self);
        let line = page.lines().next().unwrap_or(page);
        line.split_once(' ').map_or(line, |(_, title)| title)
    }
}

const PAGES: &str = include_str!("findings.md");

/// The page of one code: what it means, an example, what follows, where it is said. The code is taken in any case.
pub fn explain(code: &str) -> Option<&'static str> {
    FindingCode::from_word(&code.trim().to_ascii_uppercase()).map(page)
}

fn page(code: FindingCode) -> &'static str {
    let heading = format!("## {code} ");
    let from = PAGES.find(&heading).map_or(PAGES.len(), |at| at + 3);
    let page = &PAGES[from..];
    let end = page.find("\n## ").unwrap_or(page.len());
    page[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::{FindingCode, explain};

    #[test]
    fn every_code_has_its_page() {
        for code in FindingCode::ALL {
            let page = explain(code.word()).unwrap_or("");
            assert!(page.starts_with(code.word()), "{code} has no page");
            for part in ["Wrong:", "Right:", "What follows:", "Source:"] {
                assert!(page.contains(part), "{code} lacks {part}");
            }
            assert!(code.title().len() > 10, "{code}");
        }
        assert_eq!(explain("k003"), explain("K003"));
        assert_eq!(explain("K999"), None);
    }
}
