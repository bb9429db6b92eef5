//! What the service asks of a replica of a key: one request for each of its operations, with what the call carries.

use crate::policy::{Answer, Context, Decision, Policy, Request, SERVICE_OPERATIONS};
use crate::profile::{About, Rules};
use crate::scenario::Key;
use crate::time::{Calendar, Time};

/// The service's calls about one replica.
#[derive(Clone, Debug)]
pub struct ServiceCalls {
    principal: String,
    arn: String,
    contexts: Vec<Context>,
}

impl ServiceCalls {
    /// The calls about a key in a region. The caller is the service's account itself (R3).
    pub fn new(rules: &Rules, key: &Key, region: &str, in_primary: Option<bool>) -> ServiceCalls {
        let about = About {
            region,
            account: &key.account,
            spec: &key.spec,
            usage: &key.usage,
            origin: &key.origin,
            multi_region: key.multi_region,
            primary: in_primary,
        };
        let contexts = SERVICE_OPERATIONS.iter();
        ServiceCalls {
            principal: format!("arn:{}:iam::{}:root", key.partition, rules.service_account),
            arn: key.arn(region),
            contexts: contexts.map(|it| rules.context(it, &about)).collect(),
        }
    }

    /// The calls as they are made at an instant; without `start:` nobody knows the date.
    pub fn at(&mut self, start: Option<Calendar>, time: Time) {
        if let Some(now) = start.and_then(|it| it.after(time)) {
            for context in &mut self.contexts {
                context.at(now.ms());
            }
        }
    }

    /// What a policy says to one of [`SERVICE_OPERATIONS`], by its number.
    pub fn decide(&self, policy: &Policy, operation: usize) -> Decision {
        policy.decide(&self.request(operation))
    }

    /// The answer alone.
    pub fn answer(&self, policy: &Policy, operation: usize) -> Answer {
        policy.answer(&self.request(operation))
    }

    /// The request for one of [`SERVICE_OPERATIONS`], by its number.
    pub fn request(&self, operation: usize) -> Request<'_> {
        Request {
            principal: &self.principal,
            action: SERVICE_OPERATIONS[operation],
            resource: &self.arn,
            context: &self.contexts[operation],
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
        .filter_map(|it| u64::try_from(it - start.ms()).ok())
        .filter(|ms| *ms > 0)
        .map(Time::from_ms)
        .collect()
}
