//! The keys as the file writes them: what each is, its state and policy at T+0, and its replicas.

use std::collections::BTreeMap;

use crate::scenario::codes::Code;
use crate::scenario::file::{KeyFile, ScenarioFile};
use crate::scenario::render::quote;
use crate::scenario::resolve::arn::{Arn, arn, is_multi};
use crate::scenario::resolve::policies::Policies;
use crate::scenario::resolve::scalars::{name, truth, word};
use crate::scenario::resolve::{Desk, Read};
use crate::states::KeyState;
use crate::yaml::{Mark, Text, Tree};

/// A key as the file writes it.
pub(super) struct KeyDraft {
    pub(super) name: String,
    pub(super) arn: Arn,
    pub(super) spec: String,
    pub(super) usage: String,
    pub(super) origin: String,
    pub(super) multi_region: bool,
    /// The primary first, then the replicas.
    pub(super) replicas: Vec<ReplicaDraft>,
}

/// A replica as the file writes it.
pub(super) struct ReplicaDraft {
    pub(super) region: String,
    pub(super) state: KeyState,
    pub(super) policy: u32,
    /// Where its policy stands, if it could be read.
    pub(super) mark: Option<Mark>,
}

const SPECS: &[(&str, ())] = &[
    ("SYMMETRIC_DEFAULT", ()),
    ("RSA_2048", ()),
    ("RSA_3072", ()),
    ("RSA_4096", ()),
    ("ECC_NIST_P256", ()),
    ("ECC_NIST_P384", ()),
    ("ECC_NIST_P521", ()),
    ("ECC_NIST_EDWARDS25519", ()),
    ("ECC_SECG_P256K1", ()),
    ("HMAC_224", ()),
    ("HMAC_256", ()),
    ("HMAC_384", ()),
    ("HMAC_512", ()),
    ("ML_DSA_44", ()),
    ("ML_DSA_65", ()),
    ("ML_DSA_87", ()),
    ("SM2", ()),
];
const USAGES: &[(&str, ())] = &[
    ("ENCRYPT_DECRYPT", ()),
    ("SIGN_VERIFY", ()),
    ("GENERATE_VERIFY_MAC", ()),
    ("KEY_AGREEMENT", ()),
];
const ORIGINS: &[(&str, ())] = &[
    ("AWS_KMS", ()),
    ("EXTERNAL", ()),
    ("AWS_CLOUDHSM", ()),
    ("EXTERNAL_KEY_STORE", ()),
];
/// The states that need no timer which began before the run.
pub(super) const AT_START: &[(&str, KeyState)] = &[
    ("Enabled", KeyState::Enabled),
    ("Disabled", KeyState::Disabled),
    ("PendingImport", KeyState::PendingImport),
    ("Unavailable", KeyState::Unavailable),
];

/// Reads the keys of a file, in the order of their names.
pub(super) fn keys(
    file: &ScenarioFile,
    desk: &mut Desk<'_>,
    policies: &mut Policies,
    read: &mut Read<'_>,
) -> Vec<KeyDraft> {
    let mut drafts = Vec::new();
    for (text, key) in file.keys.iter().flat_map(|it| &it.entries) {
        let named = name(desk, "a key", text);
        if text.text == "none" {
            let what = "a key cannot be called `none`: that means no key";
            desk.say(desk.problem(Code::BadName, text.mark, what));
        }
        if let (Some(draft), Some(_)) = (draft(text, &key.value, desk, policies, read), named) {
            drafts.push(draft);
        }
    }
    same_key(file, desk, &drafts);
    drafts.sort_by(|a, b| a.name.cmp(&b.name));
    drafts
}

fn draft(
    text: &Text,
    key: &KeyFile,
    desk: &mut Desk<'_>,
    policies: &mut Policies,
    read: &mut Read<'_>,
) -> Option<KeyDraft> {
    let one = |desk: &mut Desk<'_>, what, of: &Option<Text>, words, default: &str| {
        let Some(it) = of else {
            return default.to_owned();
        };
        word(desk, what, it, words);
        it.text.clone()
    };
    let spec = one(desk, "key spec", &key.spec, SPECS, "SYMMETRIC_DEFAULT");
    let usage = one(desk, "key usage", &key.usage, USAGES, "ENCRYPT_DECRYPT");
    let origin = one(desk, "key origin", &key.origin, ORIGINS, "AWS_KMS");
    let multi = key.multi_region.as_ref();
    let multi = multi.and_then(|it| truth(desk, "value of multi_region", it));
    let multi_region = multi.unwrap_or(true);
    let arn = arn(desk, &key.arn);
    if let Some(arn) = &arn {
        fits(desk, key, arn, multi_region);
    }
    let owner = arn
        .as_ref()
        .map_or("000000000000", |it| it.account.as_str());
    let owner = owner.to_owned();
    let primary = arn.as_ref().map_or("", |it| it.region.as_str()).to_owned();
    let about = About {
        owner: &owner,
        origin: &origin,
    };
    let first = replica(
        &primary,
        (text.mark, &key.policy, &key.state),
        &about,
        (desk, policies, read),
    );
    let mut replicas = vec![first];
    for (region, it) in key.replicas.iter().flat_map(|it| &it.entries) {
        let named = name(desk, "a region", region).is_some();
        if region.text == primary {
            let what = format!("{} is the region of the primary", quote(&region.text));
            let problem = desk.problem(Code::BadKey, region.mark, what);
            desk.say(problem.help("the primary's policy and state stand beside its arn"));
        }
        let fields = (region.mark, &it.value.policy, &it.value.state);
        let draft = replica(&region.text, fields, &about, (desk, policies, read));
        if named && region.text != primary {
            replicas.push(draft);
        }
    }
    if let (false, Some((region, _))) = (
        multi_region,
        key.replicas.as_ref().and_then(|it| it.entries.first()),
    ) {
        let what = "a key with multi_region: false has no replicas";
        desk.say(desk.problem(Code::BadKey, region.mark, what));
    }
    Some(KeyDraft {
        name: text.text.clone(),
        arn: arn?,
        spec,
        usage,
        origin,
        multi_region,
        replicas,
    })
}

/// Whether the key id fits `multi_region`, and is whole.
fn fits(desk: &mut Desk<'_>, key: &KeyFile, arn: &Arn, multi_region: bool) {
    let multi = is_multi(&arn.id);
    if multi != multi_region {
        let what = if multi {
            "a key id that begins with `mrk-` is a multi-Region key's, but multi_region is false"
        } else {
            "a key id that is a UUID is a single-Region key's, but multi_region is true"
        };
        let mark = key.multi_region.as_ref().map_or(key.arn.mark, |it| it.mark);
        let mut problem = desk.problem(Code::BadKey, mark, what);
        if !multi {
            problem = problem.help("say multi_region: false, or give the id of a multi-Region key");
        }
        desk.say(problem);
    }
    if multi && arn.id.len() < 36 {
        let what = format!(
            "the key id {} is shorter than AWS makes them: `mrk-` and 32 hex digits",
            quote(&arn.id)
        );
        desk.say(desk.problem(Code::ShortId, key.arn.mark, what));
    }
}

/// What a replica has from its key.
struct About<'k> {
    owner: &'k str,
    origin: &'k str,
}

type Fields<'f> = (Mark, &'f Option<Tree>, &'f Option<Text>);
type Hands<'h, 'f, 'r> = (&'h mut Desk<'f>, &'h mut Policies, &'h mut Read<'r>);

fn replica(
    region: &str,
    (mark, policy, state): Fields<'_>,
    about: &About<'_>,
    (desk, policies, read): Hands<'_, '_, '_>,
) -> ReplicaDraft {
    let number = match policy {
        None => Some(policies.vendor(about.owner)),
        Some(tree) => policies.take(desk, read, tree, about.owner, false),
    };
    ReplicaDraft {
        region: region.to_owned(),
        state: state
            .as_ref()
            .and_then(|it| at_start(desk, it, about.origin))
            .unwrap_or(KeyState::Enabled),
        mark: number
            .as_ref()
            .map(|_| policy.as_ref().map_or(mark, |tree| tree.mark)),
        policy: number.map_or(0, |it| it.number),
    }
}

fn at_start(desk: &mut Desk<'_>, text: &Text, origin: &str) -> Option<KeyState> {
    let known = KeyState::from_word(text.as_str());
    let possible = AT_START.iter().any(|(word, _)| *word == text.as_str());
    if let (Some(state), false) = (known, possible) {
        let what = format!("a replica cannot be {state} when the run starts");
        let help = match state {
            KeyState::Absent | KeyState::Deleted => "leave the replica out: it is then Absent",
            KeyState::PendingDeletion | KeyState::PendingReplicaDeletion => {
                "let it begin in the run: { at: 0s, do: ScheduleKeyDeletion, … }"
            }
            _ => "the end of that state is not known: let it begin in the run",
        };
        let problem = desk.problem(Code::BadKey, text.mark, what);
        desk.say(
            problem
                .expected("Enabled, Disabled, PendingImport or Unavailable")
                .help(help),
        );
        return None;
    }
    let state = word(desk, "state of a replica", text, AT_START)?;
    // An origin that is no word was complained of already.
    let imports = origin == "EXTERNAL" || ORIGINS.iter().all(|(word, _)| *word != origin);
    if state == KeyState::PendingImport && !imports {
        let what = format!(
            "only a key with imported material can be PendingImport, and this one's origin is {origin}"
        );
        let problem = desk.problem(Code::BadKey, text.mark, what);
        desk.say(problem.help("say origin: EXTERNAL beside its arn"));
        return None;
    }
    Some(state)
}

/// Two names for one key would be two keys to the simulator.
fn same_key(file: &ScenarioFile, desk: &mut Desk<'_>, drafts: &[KeyDraft]) {
    let entries = file.keys.iter().flat_map(|it| &it.entries);
    let places: BTreeMap<&str, Mark> = entries
        .map(|(name, key)| (name.as_str(), key.value.arn.mark))
        .collect();
    let mut seen: BTreeMap<(&str, &str), &str> = BTreeMap::new();
    for draft in drafts {
        let key = (draft.arn.account.as_str(), draft.arn.id.as_str());
        let Some(other) = seen.insert(key, &draft.name) else {
            continue;
        };
        let mark = places.get(draft.name.as_str()).copied();
        let what = format!("this is the key that is already called {}", quote(other));
        desk.say(desk.problem(Code::NameTwice, mark.unwrap_or(Mark::START), what));
    }
}
