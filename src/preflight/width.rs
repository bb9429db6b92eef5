//! What does not keep the service out today, and still deserves a word.

use crate::policy::{Answer, Complaint, ComplaintKind, Effect, SERVICE_OPERATIONS, Why};
use crate::preflight::codes::FindingCode;
use crate::preflight::consequence::{actions, listed, outage};
use crate::preflight::finding::{Counterexample, Found};
use crate::preflight::lens::Lens;
use crate::preflight::mend::Mend;
use crate::preflight::tree;
use crate::time::{Calendar, Time};

/// An account that nobody has: AWS gives no id of twelve zeros.
const STRANGER: &str = "000000000000";

/// What decides that a statement gives the service more than it needs: it could do away with the key.
const TOO_MUCH: [&str; 4] = [
    "kms:ScheduleKeyDeletion",
    "kms:DisableKey",
    "kms:PutKeyPolicy",
    "kms:CreateGrant",
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
            "the statement does nothing, and PutKeyPolicy refuses the policy (MalformedPolicyDocumentException)",
        ),
        ComplaintKind::ArnResource => (
            FindingCode::ArnResource,
            "PutKeyPolicy may refuse it, and copied to a replica in another Region it matches nothing",
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
        let more: Vec<&str> = TOO_MUCH
            .into_iter()
            .filter(|action| lens.does(part, action) == Why::Allows)
            .collect();
        // A grant alone is what AWS's console allows beside the rest.
        let Some(first) = more.first().filter(|it| **it != "kms:CreateGrant") else {
            continue;
        };
        let what = format!(
            "this statement allows {} more than it needs, such as {first}",
            lens.aim.service()
        );
        let mark = tree::place(part.node, &["Action", "NotAction"]);
        let mut one = Found::new(FindingCode::WiderActions, mark, what)
            .because("whoever acts for the service's account may change or delete the key, where AWS lets another account do so")
            .expected("kms:Encrypt, kms:Decrypt, kms:GenerateDataKey* and kms:DescribeKey");
        one.shown = Some(Counterexample {
            action: first,
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

/// Permissions that end by themselves.
fn ends(lens: &Lens<'_>) -> Vec<Found> {
    let aim = lens.aim;
    let allowed = |at: i64| {
        SERVICE_OPERATIONS
            .into_iter()
            .filter(move |it| aim.answer(&lens.whole, it, Some(at)) == Answer::Allowed)
            .collect::<Vec<_>>()
    };
    let mut found = Vec::new();
    let after = aim.at.unwrap_or(i64::MIN);
    let turns = lens.whole.turning_points();
    for turn in turns.into_iter().filter(|it| *it > after) {
        let (before, now) = (allowed(turn.saturating_sub(1)), allowed(turn));
        let lost: Vec<&'static str> = before.into_iter().filter(|it| !now.contains(it)).collect();
        if lost.is_empty() {
            continue;
        }
        let date = date(turn);
        let what = format!(
            "from {date} on {} is no longer allowed to {}, with no command at all",
            listed(&actions(&lost)),
            aim.service()
        );
        let consequence = outage(aim.rules, &aim.arn.region, &lost);
        let mut one = Found::new(FindingCode::EndsByItself, dated(lens), what)
            .because(format!("from then on {consequence}"))
            .expected("a permission that does not end by itself");
        one.shown = Some(Counterexample {
            action: lost[0],
            resource: aim.arn.text(),
            principal: aim.service(),
            answer: aim.answer(&lens.whole, lost[0], Some(turn)),
        });
        found.push(one);
    }
    found
}

/// The first condition on the time.
fn dated(lens: &Lens<'_>) -> crate::policy::Mark {
    let mut marks = lens.parts.iter().flat_map(|part| {
        let (_, conditions) = tree::member(part.node, "Condition")?;
        let keys = tree::members(conditions).iter().map(|it| &it.1);
        let mut keys = keys.flat_map(tree::members);
        let of_time = |name: &str| {
            name.eq_ignore_ascii_case("aws:CurrentTime")
                || name.eq_ignore_ascii_case("aws:EpochTime")
        };
        keys.find(|it| of_time(&it.0.name)).map(|it| it.0.mark)
    });
    marks.next().unwrap_or(lens.tree.mark)
}

/// An instant in words.
fn date(ms: i64) -> String {
    let epoch = Calendar::parse("1970-01-01T00:00:00Z").ok();
    let at = u64::try_from(ms).ok().map(Time::from_ms);
    let date = epoch.zip(at).and_then(|(epoch, at)| epoch.after(at));
    date.map_or_else(|| format!("{ms} ms after 1970"), |it| it.to_string())
}
