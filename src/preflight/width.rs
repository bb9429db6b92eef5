//! What does not keep the service out today, and still deserves a word.

use crate::policy::{Answer, Complaint, ComplaintKind, Effect, SERVICE_OPERATIONS, Why};
use crate::preflight::aim::Stage;
use crate::preflight::codes::FindingCode;
use crate::preflight::ends::ends;
use crate::preflight::finding::{Counterexample, Found};
use crate::preflight::lens::Lens;
use crate::preflight::mend::Mend;
use crate::preflight::tree;
use crate::scenario::Severity;

/// An account that nobody has: AWS gives no id of twelve zeros.
const STRANGER: &str = "000000000000";

/// What decides that a statement gives the service more than it needs: it could do away with the key.
const TOO_MUCH: [&str; 3] = [
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
];

/// P4: of what the service does not need, the calls that AWS takes from another account, the weightiest first.
const ACROSS: [&str; 6] = [
    "kms:CreateGrant",
    "kms:RevokeGrant",
    "kms:RetireGrant",
    "kms:ListGrants",
    "kms:GetPublicKey",
    "kms:GetKeyRotationStatus",
];

/// All warnings of a policy.
pub(super) fn warnings(lens: &Lens<'_>, errors: &[Found]) -> Vec<Found> {
    let mut found: Vec<Found> = lens
        .whole
        .warnings()
        .iter()
        .filter(|it| {
            // That it names another resource is said.
            it.kind != ComplaintKind::ArnResource
                || !errors.iter().any(|error| error.mark == it.mark)
        })
        .map(|complaint| {
            let mut one = of_complaint(complaint);
            // What is put now AWS refuses for it; what is in force already only does less than it seems to.
            if one.code == FindingCode::NoEffect && lens.aim.stage == Stage::Running {
                one.severity = Severity::Error;
            }
            one.mend = Mend::of_warning(lens.tree, lens.aim, complaint);
            one
        })
        .collect();
    found.extend(wide(lens));
    found.extend(anybody(lens));
    found.extend(locked_out(lens));
    found.extend(ends(lens));
    found
}

/// What the reader of policies has to say, as a finding.
pub(super) fn of_complaint(complaint: &Complaint) -> Found {
    let (code, consequence) = match complaint.kind {
        ComplaintKind::MissingAction | ComplaintKind::MissingResource => (
            FindingCode::NoEffect,
            "AWS refuses it in PutKeyPolicy and ReplicateKey since August 2025 (MalformedPolicyDocumentException); in a policy stored before it has no effect",
        ),
        ComplaintKind::ArnResource => (
            FindingCode::ArnResource,
            "nothing in a policy that is in force; AWS announced to refuse it in new ones, and copied to a replica in another Region it matches nothing",
        ),
        ComplaintKind::OddAction => (FindingCode::OddAction, "the action matches nothing"),
        ComplaintKind::LiteralVariable => (
            FindingCode::LiteralVariable,
            "the text is compared as it stands, and matches nothing that AWS sends",
        ),
        ComplaintKind::UnknownOperator | ComplaintKind::NoValues => (
            FindingCode::OddCondition,
            "the condition is not compared as it is meant to be",
        ),
        ComplaintKind::SparesNobody => (
            FindingCode::SparesNobody,
            "whoever it means to spare is denied as well",
        ),
        ComplaintKind::DeletedPrincipal => (
            FindingCode::DeletedPrincipal,
            "the statement speaks of nobody by it, not even of a new role or user of the same name",
        ),
        ComplaintKind::NotJson
        | ComplaintKind::TooLarge
        | ComplaintKind::TooDeep
        | ComplaintKind::BadCharacter
        | ComplaintKind::NotAnObject
        | ComplaintKind::BareStatement
        | ComplaintKind::Template
        | ComplaintKind::Duplicate
        | ComplaintKind::UnknownElement
        | ComplaintKind::MissingStatement
        | ComplaintKind::WrongType
        | ComplaintKind::MissingEffect
        | ComplaintKind::BadEffect
        | ComplaintKind::BothForms
        | ComplaintKind::MissingPrincipal
        | ComplaintKind::BadPrincipal
        | ComplaintKind::EmptyList
        | ComplaintKind::BadVersion
        | ComplaintKind::BadCondition => (
            FindingCode::Refused,
            "AWS refuses the policy (MalformedPolicyDocumentException), and the one before stays",
        ),
    };
    let mut one = Found::new(code, complaint.mark, &complaint.what).because(consequence);
    one.expected.clone_from(&complaint.expected);
    one.near.clone_from(&complaint.did_you_mean);
    one
}

/// The service may do what it does not need.
fn wide(lens: &Lens<'_>) -> Vec<Found> {
    let allow = lens.parts.iter().filter(|it| it.effect == Effect::Allow);
    let mut found = Vec::new();
    for part in allow {
        let first = |actions: &[&'static str]| {
            let mut allowed = actions.iter().copied();
            allowed.find(|it| lens.does(part, it) == Why::Allows)
        };
        // A grant alone is what AWS's console allows beside the rest.
        let Some(more) = first(&TOO_MUCH) else {
            continue;
        };
        let across = first(&ACROSS);
        let what = format!(
            "this statement allows {} more than it needs, such as {}",
            lens.aim.service(),
            across.unwrap_or(more)
        );
        let consequence = match across {
            Some("kms:CreateGrant") => {
                "whoever acts for the service's account can hand on the use of the key by grants; calls that change or \
                 delete it AWS takes from the key's own account only"
            }
            Some(_) => {
                "whoever acts for the service's account can call it; calls that change or delete the key AWS takes from \
                 its own account only"
            }
            None => "nothing today: AWS takes it from the key's own account only",
        };
        let mark = tree::place(part.node, &["Action", "NotAction"]);
        let mut one = Found::new(FindingCode::WiderActions, mark, what)
            .because(consequence)
            .expected("kms:Encrypt, kms:Decrypt, kms:GenerateDataKey* and kms:DescribeKey");
        one.shown = across.map(|action| Counterexample {
            action,
            resource: lens.aim.arn.text(),
            principal: lens.aim.service(),
            answer: Answer::Allowed,
        });
        found.push(one);
    }
    found
}

/// Anybody at all may use the key.
fn anybody(lens: &Lens<'_>) -> Vec<Found> {
    let allow = lens.parts.iter().filter(|it| it.effect == Effect::Allow);
    let stranger = lens.aim.root(STRANGER);
    let mut found = Vec::new();
    for part in allow {
        let open = SERVICE_OPERATIONS
            .into_iter()
            .find(|operation| lens.admits(part, &stranger, operation));
        if let Some(operation) = open {
            let mark = tree::place(part.node, &["Principal", "NotPrincipal"]);
            let what = "this statement allows every account of AWS to use the key";
            let mut one = Found::new(FindingCode::AnyPrincipal, mark, what)
                .because("anyone whose own account allows it can encrypt and decrypt with the key")
                .expected(format!("{{\"AWS\": \"{}\"}}", lens.aim.service()));
            one.shown = Some(Counterexample {
                action: operation,
                resource: lens.aim.arn.text(),
                principal: stranger.clone(),
                answer: Answer::Allowed,
            });
            found.push(one);
        }
    }
    found
}

/// P12: nobody of the key's own account may change the policy.
fn locked_out(lens: &Lens<'_>) -> Option<Found> {
    const PUT: &str = "kms:PutKeyPolicy";
    let owner = &lens.aim.arn.account;
    let named = lens.parts.iter().flat_map(|it| tree::principals(it.node));
    let named = named
        .map(|it| it.0)
        .filter(|it| it.split(':').nth(4) == Some(owner))
        .map(str::to_owned);
    let may = |who: &String| {
        let answer = lens.aim.answer_to(&lens.whole, who, PUT);
        matches!(answer, Answer::Allowed | Answer::CannotTell)
    };
    if named.chain([lens.aim.root(owner)]).any(|who| may(&who)) {
        return None;
    }
    let mark = tree::member(lens.tree, "Statement").map_or(lens.tree.mark, |(it, _)| it.mark);
    let what = format!("nobody of the key's own account {owner} may call {PUT}");
    let mut one = Found::new(FindingCode::LockedOut, mark, what)
        .because("AWS refuses to put it unless told to bypass its check; then only AWS Support can change it again")
        .expected("AWS's default statement: kms:* for the key's own account");
    let answer = lens.aim.answer_to(&lens.whole, &lens.aim.root(owner), PUT);
    one.shown = Some(Counterexample {
        action: PUT,
        resource: lens.aim.arn.text(),
        principal: lens.aim.root(owner),
        answer,
    });
    Some(one)
}
