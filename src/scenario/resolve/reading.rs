//! The fields of one event: what they mean to its verb, and how they are told.

use crate::policy::{SERVICE_OPERATIONS, covers};
use crate::scenario::codes::Code;
use crate::scenario::file::EventFile;
use crate::scenario::render::quote;
use crate::scenario::resolve::cast::Cast;
use crate::scenario::resolve::events::select;
use crate::scenario::resolve::globs::Effort;
use crate::scenario::resolve::head::Head;
use crate::scenario::resolve::orgs::{byte_rate, query_rate};
use crate::scenario::resolve::policies::Policies;
use crate::scenario::resolve::scalars::{length, told};
use crate::scenario::resolve::undecided::{self, Whose};
use crate::scenario::resolve::{Desk, Read};
use crate::scenario::verbs::{Field, Verb};
use crate::scenario::{Action, Fraction, Selection};
use crate::time::{Span, Time};
use crate::yaml::Text;

/// One event, being read: what its fields mean, and how they are told.
pub(super) struct Reading<'r, 'f, 'd> {
    pub(super) desk: &'r mut Desk<'f>,
    pub(super) head: &'r Head,
    pub(super) cast: &'r Cast,
    pub(super) policies: &'r mut Policies,
    pub(super) read: &'r mut Read<'d>,
    pub(super) effort: &'r mut Effort,
    pub(super) fields: Vec<String>,
}

/// Stands for a region where the file names none: every region there is.
pub(super) const EVERY_REGION: u32 = u32::MAX;

/// `30%` or `0.25%` in millionths.
fn percent(text: &str) -> Result<Fraction, String> {
    let fail = || format!("`{text}` is no share of the calls");
    let number = text.strip_suffix('%').ok_or_else(fail)?.trim_end();
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |it: &str, most: usize| {
        let fits = !it.is_empty() && it.len() <= most && it.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| it.parse::<u32>().ok()).flatten()
    };
    let whole = digits(whole, 3).ok_or_else(fail)?;
    let millionths = digits(&format!("{part:0<4}"), 4).ok_or_else(fail)?;
    let share = whole * 10_000 + millionths;
    match share {
        0 => Err(format!("`{text}` refuses nothing")),
        1..=Fraction::WHOLE => Ok(Fraction(share)),
        _ => Err(format!("`{text}` is more than there is")),
    }
}

impl Reading<'_, '_, '_> {
    fn told(&mut self, field: Field, text: &str) {
        self.fields.push(format!("{field}: {text}"));
    }

    /// What is done, or `None` after saying why that cannot be told.
    pub(super) fn action(&mut self, it: &EventFile, verb: Verb) -> Option<Action> {
        Some(match verb {
            Verb::DisableKey => Action::DisableKey(self.replica(it)?),
            Verb::EnableKey => Action::EnableKey(self.replica(it)?),
            Verb::ScheduleKeyDeletion => {
                let replica = self.replica(it);
                let window = self.days(Field::Window, &it.window, (30, 7, 30));
                Action::ScheduleKeyDeletion(replica?, window?)
            }
            Verb::CancelKeyDeletion => Action::CancelKeyDeletion(self.replica(it)?),
            Verb::PutKeyPolicy => {
                let replica = self.replica(it);
                let policy = self.policy(it, replica);
                Action::PutKeyPolicy(replica?, policy?)
            }
            Verb::RemoveActions => {
                let (replica, actions) = (self.replica(it), self.actions(it));
                Action::RemoveActions(replica?, actions?)
            }
            Verb::RestoreActions => {
                let (replica, actions) = (self.replica(it), self.actions(it));
                Action::RestoreActions(replica?, actions?)
            }
            Verb::ReplicateKey => {
                let replica = self.replica(it);
                let policy = self.policy(it, replica);
                Action::ReplicateKey(replica?, policy?)
            }
            Verb::RotateKeyOnDemand => Action::RotateKeyOnDemand(self.key(it)?),
            Verb::EnableKeyRotation => {
                let key = self.key(it);
                let period = self.days(Field::Period, &it.period, (365, 90, 2560));
                Action::EnableKeyRotation(key?, period?)
            }
            Verb::DisableKeyRotation => Action::DisableKeyRotation(self.key(it)?),
            Verb::KmsUnreachable => self.unreachable(it)?,
            Verb::RegionDown => Action::RegionDown(self.region(it)?),
            Verb::SourceDown => Action::SourceDown(self.collections(it)?),
            Verb::AddRegion => {
                let (org, region) = (self.org(it), self.region(it));
                Action::AddRegion(org?, region?)
            }
            Verb::CreateCollection => {
                let (org, collection) = self.collection(it, true)?;
                Action::CreateCollection(org, collection)
            }
            Verb::DeleteCollection => {
                let (org, collection) = self.collection(it, false)?;
                Action::DeleteCollection(org, collection)
            }
            Verb::ContactSupport => Action::ContactSupport(self.collections(it)?),
            Verb::RecreateCollection => Action::RecreateCollection(self.collections(it)?),
            Verb::SetTraffic => self.traffic(it)?,
            Verb::ChangeKey => {
                let (org, key) = (self.org(it), self.key(it));
                Action::ChangeKey(org?, key?)
            }
            Verb::UnlinkKey => Action::UnlinkKey(self.org(it)?),
            Verb::UpdatePrimaryRegion => Action::UpdatePrimaryRegion(self.replica(it)?),
            Verb::ImportKeyMaterial => {
                let (replica, expires) = (self.replica(it), self.expires(it));
                Action::ImportKeyMaterial(replica?, expires?)
            }
            Verb::DeleteImportedKeyMaterial => Action::DeleteImportedKeyMaterial(self.replica(it)?),
            Verb::KmsThrottled => {
                let (region, share) = (self.region(it), self.share(it));
                let key = self.one_key(it);
                Action::KmsThrottled(region?, share?, key?)
            }
            // Without a region: one command a region, made by who reads the events.
            Verb::ServiceIamDenies => {
                let actions = self.denied(it);
                let region = match &it.region {
                    None => Some(EVERY_REGION),
                    Some(_) => self.region(it),
                };
                Action::ServiceIamDenies(region?, actions?)
            }
        })
    }

    fn key(&mut self, it: &EventFile) -> Option<u32> {
        let text = it.key.as_ref()?;
        self.told(Field::Key, &text.text);
        self.cast.key(self.desk, text)
    }

    fn region(&mut self, it: &EventFile) -> Option<u32> {
        let text = it.region.as_ref()?;
        self.told(Field::Region, &text.text);
        self.cast.region(self.desk, text)
    }

    fn org(&mut self, it: &EventFile) -> Option<u32> {
        let text = it.org.as_ref()?;
        self.told(Field::Org, &text.text);
        self.cast.org(self.desk, text)
    }

    fn replica(&mut self, it: &EventFile) -> Option<u32> {
        let (key, region) = (self.key(it), self.region(it));
        self.cast.names.find_replica(key?, region?)
    }

    fn days(
        &mut self,
        field: Field,
        text: &Option<Text>,
        (default, least, most): (u64, u64, u64),
    ) -> Option<Span> {
        let day = Span::from_days(1).ms();
        let Some(text) = text else {
            return Some(Span::from_days(default));
        };
        let span = length(self.desk, text)?;
        self.told(field, &span.to_string());
        if span.ms() % day == 0 && (least..=most).contains(&(span.ms() / day)) {
            return Some(span);
        }
        let what = format!("{} is not a {field} AWS takes", quote(text.as_str()));
        let problem = self.desk.problem(Code::BadWindow, text.mark, what);
        self.desk
            .say(problem.expected(format!("whole days from {least}d to {most}d")));
        None
    }

    fn policy(&mut self, it: &EventFile, replica: Option<u32>) -> Option<u32> {
        let key = replica.map(|it| self.cast.names.replica(it).0);
        let owner = key.map_or("000000000000", |it| &self.cast.keys[it as usize].account);
        let Some(tree) = &it.policy else {
            return Some(self.policies.aws_default(owner).number);
        };
        let taken = self
            .policies
            .take(self.desk, self.read, tree, owner, true)?;
        self.told(Field::Policy, &taken.text);
        let mut calls = self.cast.calls(self.head, replica?);
        let policy = &self.policies.list[taken.number as usize];
        let whose = Whose::Put(self.policies.origin(taken.number));
        undecided::check(self.desk, self.head, (policy, whose), &mut calls, tree.mark);
        Some(taken.number)
    }

    fn actions(&mut self, it: &EventFile) -> Option<Vec<String>> {
        let list = it.actions.as_ref()?;
        let actions: Vec<String> = list.items.iter().map(|it| it.text.clone()).collect();
        self.told(Field::Actions, &format!("[{}]", actions.join(", ")));
        if actions.is_empty() {
            let problem = self
                .desk
                .problem(Code::NeedsField, list.mark, "there is no action");
            self.desk
                .say(problem.expected("actions such as [kms:Decrypt]"));
            return None;
        }
        Some(actions)
    }

    fn unreachable(&mut self, it: &EventFile) -> Option<Action> {
        let region = self.region(it);
        let key = self.one_key(it);
        Some(Action::KmsUnreachable(region?, key?))
    }

    /// The key that a fault is limited to, if it is.
    fn one_key(&mut self, it: &EventFile) -> Option<Option<u32>> {
        match &it.key {
            None => Some(None),
            Some(_) => self.key(it).map(Some),
        }
    }

    /// When imported material expires, if ever.
    fn expires(&mut self, it: &EventFile) -> Option<Option<Time>> {
        let Some(text) = &it.expires else {
            return Some(None);
        };
        self.told(Field::Expires, &text.text);
        let at = self.head.clock.instant(self.desk, text)?;
        Some(Some(at))
    }

    /// A share of the calls, such as `30%`.
    fn share(&mut self, it: &EventFile) -> Option<Fraction> {
        let text = it.share.as_ref()?;
        self.told(Field::Share, &text.text);
        let read = percent(text.as_str());
        told(
            self.desk,
            Code::BadNumber,
            text,
            read,
            "a share such as 30% or 0.5%, more than 0% and at most 100%",
        )
    }

    /// The actions that the service's own permissions lack: each must be, or begin, one of those it uses.
    fn denied(&mut self, it: &EventFile) -> Option<Vec<String>> {
        let actions = self.actions(it)?;
        let mut known = true;
        for text in &it.actions.as_ref()?.items {
            if SERVICE_OPERATIONS
                .iter()
                .any(|it| covers(text.as_str(), it))
            {
                continue;
            }
            known = false;
            let what = format!("the service uses no action {}", quote(text.as_str()));
            let problem = self.desk.problem(Code::UnknownWord, text.mark, what);
            self.desk.say(
                problem
                    .near(text.as_str(), SERVICE_OPERATIONS)
                    .expected("such as kms:Decrypt, kms:GenerateDataKey* or kms:*"),
            );
        }
        known.then_some(actions)
    }

    fn collections(&mut self, it: &EventFile) -> Option<Selection> {
        let text = it.collections.as_ref()?;
        self.told(Field::Collections, &text.text);
        select(self.desk, &self.cast.names, text, &text.text, self.effort)
    }

    fn traffic(&mut self, it: &EventFile) -> Option<Action> {
        let selection = self.collections(it);
        let queries = it.queries.as_ref().map(|text| {
            self.told(Field::Queries, &text.text);
            query_rate(self.desk, text)
        });
        let arrivals = it.arrivals.as_ref().map(|text| {
            self.told(Field::Arrivals, &text.text);
            byte_rate(self.desk, text)
        });
        if queries == Some(None) || arrivals == Some(None) {
            return None;
        }
        Some(Action::SetTraffic(
            selection?,
            queries.flatten(),
            arrivals.flatten(),
        ))
    }

    /// An org of the file and a collection of it; what is made was read with the orgs.
    fn collection(&mut self, it: &EventFile, made: bool) -> Option<(u32, u32)> {
        let org = self.org(it);
        let name = it.name.as_ref()?;
        self.told(Field::Name, &name.text);
        let rest = [
            (Field::Source, &it.source),
            (Field::Queries, &it.queries),
            (Field::Arrivals, &it.arrivals),
            (Field::Count, &it.count),
        ];
        for (field, text) in rest {
            if let Some(text) = text {
                self.told(field, &text.text);
            }
        }
        let org = org?;
        let drafts = &self.cast.drafts[org as usize].collections;
        let (region, it) = name.text.split_once('/').unwrap_or(("", &name.text));
        let found = drafts
            .iter()
            .position(|draft| draft.region == region && draft.name == it);
        if found.is_none() && !made {
            let what = format!(
                "the org {} has no collection {}",
                quote(&self.cast.drafts[org as usize].name),
                quote(&name.text)
            );
            let known: Vec<String> = drafts
                .iter()
                .map(|it| format!("{}/{}", it.region, it.name))
                .collect();
            let problem = self.desk.problem(Code::UnknownName, name.mark, what);
            let near = known.iter().map(String::as_str);
            self.desk.say(problem.near(&name.text, near));
        }
        Some((org, found? as u32))
    }
}
