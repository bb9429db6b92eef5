//! What the service asks of a replica of a key: one request for each of its operations, with what the call carries.

use std::cell::OnceCell;

use crate::policy::{Answer, Context, Decision, Policy, Request, SERVICE_OPERATIONS};
use crate::profile::{About, Rules};
use crate::scenario::Key;
use crate::time::{Calendar, Time};

/// The service's calls about one replica. What they carry is made when a policy first asks for it: most never do.
#[derive(Clone, Debug)]
pub struct ServiceCalls<'a> {
    principal: String,
    arn: String,
    rules: &'a Rules,
    about: About<'a>,
    now_ms: Option<i64>,
    contexts: OnceCell<Vec<Context>>,
}

/// What a call carries for a policy that asks for nothing.
static NOTHING: Context = Context::open();

impl<'a> ServiceCalls<'a> {
    /// The calls about a key in a region. The caller is the service's account itself (R3).
    pub fn new(
        rules: &'a Rules,
        key: &'a Key,
        region: &'a str,
        in_primary: Option<bool>,
    ) -> ServiceCalls<'a> {
        ServiceCalls {
            principal: format!("arn:{}:iam::{}:root", key.partition, rules.service_account),
            arn: key.arn(region),
            rules,
            about: About {
                region,
                account: &key.account,
                spec: &key.spec,
                usage: &key.usage,
                origin: &key.origin,
                multi_region: key.multi_region,
                primary: in_primary,
            },
            now_ms: None,
            contexts: OnceCell::new(),
        }
    }

    /// The calls as they are made at an instant; without `start:` nobody knows the date.
    pub fn at(&mut self, start: Option<Calendar>, time: Time) {
        self.now_ms = start.and_then(|it| it.after(time)).map(Calendar::ms);
        if let (Some(now), Some(contexts)) = (self.now_ms, self.contexts.get_mut()) {
            for context in contexts {
                context.at(now);
            }
        }
    }

    fn context(&self, operation: usize) -> &Context {
        let contexts = self.contexts.get_or_init(|| {
            let contexts = SERVICE_OPERATIONS.iter().map(|it| {
                let mut context = self.rules.context(it, &self.about);
                if let Some(now) = self.now_ms {
                    context.at(now);
                }
                context
            });
            contexts.collect()
        });
        &contexts[operation]
    }

    /// What a policy says to one of [`SERVICE_OPERATIONS`], by its number.
    pub fn decide(&self, policy: &Policy, operation: usize) -> Decision {
        policy.decide(&self.request(policy, operation))
    }

    /// The answer alone.
    pub fn answer(&self, policy: &Policy, operation: usize) -> Answer {
        policy.answer(&self.request(policy, operation))
    }

    fn request(&self, policy: &Policy, operation: usize) -> Request<'_> {
        Request {
            principal: &self.principal,
            action: SERVICE_OPERATIONS[operation],
            resource: &self.arn,
            context: if policy.asks_for_nothing() {
                &NOTHING
            } else {
                self.context(operation)
            },
        }
    }
}

/// The instants of a run, after its first, at which a policy may change its answer by itself.
pub fn turns(policy: &Policy, start: Option<Calendar>) -> Vec<Time> {
    let Some(start) = start else {
        return Vec::new();
    };
    let since = policy.turning_points().into_iter();
    since
        .filter_map(|it| u64::try_from(it.checked_sub(start.ms())?).ok())
        .filter(|ms| *ms > 0)
        .map(Time::from_ms)
        .collect()
}
