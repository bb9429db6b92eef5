//! A policy, and each of its statements as a policy of its own: so that every statement answers for itself.

use crate::policy::{Complaint, Effect, Mark, Member, Node, Policy, Request, Value, Why};
use crate::preflight::aim::Aim;
use crate::preflight::tree;

/// A policy under the lens.
pub(super) struct Lens<'a> {
    pub(super) aim: &'a Aim<'a>,
    pub(super) tree: &'a Node,
    pub(super) whole: Policy,
    pub(super) parts: Vec<Part<'a>>,
}

/// One statement.
pub(super) struct Part<'a> {
    /// Which, from 0.
    pub(super) number: usize,
    pub(super) node: &'a Node,
    pub(super) effect: Effect,
    alone: Policy,
}

impl Part<'_> {
    /// The instants at which what it does may change by itself, ascending.
    pub(super) fn turning_points(&self) -> Vec<i64> {
        self.alone.turning_points()
    }
}

impl<'a> Lens<'a> {
    /// Takes a policy apart.
    ///
    /// # Errors
    /// Everything for which AWS would refuse it.
    pub(super) fn new(tree: &'a Node, aim: &'a Aim<'a>) -> Result<Lens<'a>, Vec<Complaint>> {
        let whole = Policy::from_node(tree)?;
        let mut parts = Vec::new();
        for (number, node) in tree::statements(tree).into_iter().enumerate() {
            let denies = tree::element(node, "Effect").first().map(|it| it.0) == Some("Deny");
            parts.push(Part {
                number,
                node,
                effect: if denies { Effect::Deny } else { Effect::Allow },
                alone: alone(tree, node.clone())?,
            });
        }
        Ok(Lens {
            aim,
            tree,
            whole,
            parts,
        })
    }

    /// What a statement does to a call of the service.
    pub(super) fn does(&self, part: &Part<'_>, operation: &str) -> Why {
        self.does_for(&part.alone, &self.aim.service(), operation, self.aim.at)
    }

    /// What a statement does to a call of the service at an instant.
    pub(super) fn does_at(&self, part: &Part<'_>, operation: &str, at: Option<i64>) -> Why {
        self.does_for(&part.alone, &self.aim.service(), operation, at)
    }

    /// What a statement would do to the call if somebody else made it.
    pub(super) fn does_to(&self, part: &Part<'_>, principal: &str, operation: &str) -> Why {
        self.does_for(&part.alone, principal, operation, self.aim.at)
    }

    /// Whether somebody of whom nothing else is known is allowed an operation by this statement, whatever else holds.
    pub(super) fn admits(&self, part: &Part<'_>, principal: &str, operation: &str) -> bool {
        self.aim.answer_to(&part.alone, principal, operation) == crate::policy::Answer::Allowed
    }

    /// What a statement without effect would do if it said which actions and which resources: all of them.
    pub(super) fn would(&self, part: &Part<'_>, operation: &str) -> Why {
        let mut node = part.node.clone();
        if let Value::Map(members) = &mut node.value {
            for (name, opposite) in [("Action", "NotAction"), ("Resource", "NotResource")] {
                let said = |it: &(Member, Node)| it.0.name == name || it.0.name == opposite;
                if !members.iter().any(said) {
                    members.push(named(name, Value::Text("*".to_owned())));
                }
            }
        }
        match alone(self.tree, node) {
            Ok(policy) => self.does_for(&policy, &self.aim.service(), operation, self.aim.at),
            Err(_) => Why::NoEffect,
        }
    }

    fn does_for(&self, policy: &Policy, principal: &str, operation: &str, at: Option<i64>) -> Why {
        let decision = policy.decide(&Request {
            principal,
            action: operation,
            resource: &self.aim.arn.text(),
            context: &self.aim.context(operation, at),
        });
        // One statement, one reason.
        let reason = decision.because.into_iter().next();
        reason.map_or(Why::NoEffect, |it| it.why)
    }
}

/// A policy of the same version with one statement.
fn alone(tree: &Node, statement: Node) -> Result<Policy, Vec<Complaint>> {
    let version = tree::member(tree, "Version");
    let version = version.map(|(member, node)| (member.clone(), node.clone()));
    let list = named("Statement", Value::List(vec![statement]));
    let members = version.into_iter().chain([list]).collect();
    Policy::from_node(&Node {
        mark: tree.mark,
        value: Value::Map(members),
    })
}

fn named(name: &str, value: Value) -> (Member, Node) {
    let mark = Mark::default();
    let member = Member {
        name: name.to_owned(),
        mark,
    };
    (member, Node { mark, value })
}
