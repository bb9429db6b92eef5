//! The policies a scenario names, each once: ready ones, files, and what is written in place.

use std::collections::BTreeMap;

use crate::policy::{
    Complaint, ComplaintKind, Mark as PolicyMark, Member, Node, Policy, Value, look,
};
use crate::profile::Rules;
use crate::scenario::Input;
use crate::scenario::codes::Code;
use crate::scenario::load::utf8;
use crate::scenario::marks::Written;
use crate::scenario::problem::Problem;
use crate::scenario::render::quote;
use crate::scenario::resolve::{Desk, Read, bare, sha256};
use crate::yaml::{Branch, Mark, Tree};

/// All policies of a scenario, by number.
pub(super) struct Policies {
    pub(super) list: Vec<Policy>,
    service: String,
    known: BTreeMap<String, u32>,
    files: BTreeMap<String, Option<String>>,
    hashes: BTreeMap<String, String>,
    /// The file each policy stands in, where the lines of its statements are that file's.
    origins: BTreeMap<u32, String>,
    /// The trees of the policies that are written somewhere.
    trees: BTreeMap<u32, Written>,
    /// Whether some `policy:` could not be taken: what follows from it is then not known.
    pub(super) unread: bool,
}

/// What a `policy:` field names.
enum Named<'t> {
    Vendor,
    Default,
    File(String, Mark),
    Json(&'t str),
    Inline,
}

/// A policy by its number, and how a command's fields name it.
pub(super) struct Taken {
    pub(super) number: u32,
    pub(super) text: String,
}

impl Policies {
    pub(super) fn new(rules: &Rules) -> Policies {
        Policies {
            list: Vec::new(),
            service: rules.service_account.clone(),
            known: BTreeMap::new(),
            files: BTreeMap::new(),
            hashes: BTreeMap::new(),
            origins: BTreeMap::new(),
            trees: BTreeMap::new(),
            unread: false,
        }
    }

    /// The policy files that were read, by name.
    pub(super) fn inputs(&self) -> impl Iterator<Item = Input> {
        self.hashes.iter().map(|(name, hash)| Input {
            name: name.clone(),
            sha256: hash.clone(),
        })
    }

    /// Where each policy is written, by number.
    pub(super) fn written(&self) -> Vec<Option<Written>> {
        let numbers = 0..self.list.len() as u32;
        numbers.map(|it| self.trees.get(&it).cloned()).collect()
    }

    fn grow(
        &mut self,
        taken: Option<Taken>,
        file: &str,
        tree: impl FnOnce() -> Option<Node>,
    ) -> Option<Taken> {
        let taken = taken?;
        if let Some(tree) = tree() {
            let file = file.to_owned();
            self.trees.insert(taken.number, Written { file, tree });
        }
        Some(taken)
    }

    /// The vendor's policy for a key of that account.
    pub(super) fn vendor(&mut self, owner: &str) -> Taken {
        let service = self.service.clone();
        self.once(format!("vendor {owner}"), "vendor", || {
            Policy::vendor(owner, &service)
        })
    }

    /// AWS's default policy for a key of that account.
    pub(super) fn aws_default(&mut self, owner: &str) -> Taken {
        self.once(format!("default {owner}"), "default", || {
            Policy::aws_default(owner)
        })
    }

    fn once(&mut self, name: String, text: &str, make: impl FnOnce() -> Policy) -> Taken {
        let next = self.list.len() as u32;
        let number = *self.known.entry(name).or_insert(next);
        if number == next {
            self.list.push(make());
        }
        Taken {
            number,
            text: text.to_owned(),
        }
    }

    /// The policy that a `policy:` names. `strict`: as AWS takes it today, in a command.
    pub(super) fn take(
        &mut self,
        desk: &mut Desk<'_>,
        read: &mut Read<'_>,
        tree: &Tree,
        owner: &str,
        strict: bool,
    ) -> Option<Taken> {
        let taken = self.taken(desk, read, tree, owner, strict);
        self.unread |= taken.is_none();
        taken
    }

    fn taken(
        &mut self,
        desk: &mut Desk<'_>,
        read: &mut Read<'_>,
        tree: &Tree,
        owner: &str,
        strict: bool,
    ) -> Option<Taken> {
        match named(desk, tree)? {
            Named::Vendor => Some(self.vendor(owner)),
            Named::Default => Some(self.aws_default(owner)),
            Named::File(path, mark) => self.file(desk, read, &path, mark, strict),
            Named::Json(json) => {
                let parsed = Policy::from_json(json);
                let file = desk.file.to_owned();
                let place = |mark: PolicyMark| within(tree, mark);
                let taken = self.add(desk, &file, parsed, place, strict, "inline".to_owned())?;
                self.origins.remove(&taken.number);
                self.grow(Some(taken), &file, || {
                    let looked = look(json).ok()?;
                    Some(moved(&looked.tree, &|mark| theirs(within(tree, mark))))
                })
            }
            Named::Inline => {
                let parsed = Policy::from_node(&node(tree, desk.source));
                let file = desk.file.to_owned();
                let taken = self.add(desk, &file, parsed, own, strict, "inline".to_owned());
                self.grow(taken, &file, || Some(node(tree, desk.source)))
            }
        }
    }

    fn file(
        &mut self,
        desk: &mut Desk<'_>,
        read: &mut Read<'_>,
        path: &str,
        mark: Mark,
        strict: bool,
    ) -> Option<Taken> {
        let text = format!("file {path}");
        let kind = if strict { "strict" } else { "start" };
        let known = format!("{kind} {text}");
        if let Some(number) = self.known.get(&known) {
            return Some(Taken {
                number: *number,
                text,
            });
        }
        let json = match self.files.get(path) {
            Some(json) => json.clone(),
            None => {
                let json = self.fetch(desk, read, path, mark);
                self.files.insert(path.to_owned(), json.clone());
                json
            }
        }?;
        let parsed = Policy::from_json(&json);
        let shown = beside(desk.file, path);
        let taken = self.add(desk, &shown, parsed, own, strict, text);
        let taken = self.grow(taken, &shown, || Some(look(&json).ok()?.tree))?;
        self.known.insert(known, taken.number);
        Some(taken)
    }

    /// The text of a policy file.
    fn fetch(
        &mut self,
        desk: &mut Desk<'_>,
        read: &mut Read<'_>,
        path: &str,
        mark: Mark,
    ) -> Option<String> {
        let bytes = match read(path) {
            Ok(bytes) => bytes,
            Err(why) => {
                let what = format!("the policy file {} cannot be read: {why}", quote(path));
                let problem = desk.problem(Code::Unreadable, mark, what);
                desk.say(problem.expected("a file; its path begins in the folder of the scenario"));
                return None;
            }
        };
        let shown = beside(desk.file, path);
        match utf8(&bytes, &shown) {
            Ok(text) => {
                desk.remember(&shown, text);
                self.hashes.insert(path.to_owned(), sha256(&bytes));
                Some(text.to_owned())
            }
            Err(problem) => {
                desk.remember(&shown, &String::from_utf8_lossy(&bytes));
                desk.say(*problem);
                None
            }
        }
    }

    /// Takes a parsed policy in, or says its complaints.
    fn add(
        &mut self,
        desk: &mut Desk<'_>,
        file: &str,
        parsed: Result<Policy, Vec<Complaint>>,
        place: impl Fn(PolicyMark) -> Mark,
        strict: bool,
        text: String,
    ) -> Option<Taken> {
        let (policy, complaints) = match parsed {
            Ok(policy) => {
                let warnings = policy.warnings().to_vec();
                (Some(policy), warnings)
            }
            Err(complaints) => (None, complaints),
        };
        let mut refused = policy.is_none();
        for complaint in complaints {
            let kind = complaint.kind;
            let missing = matches!(
                kind,
                ComplaintKind::MissingAction | ComplaintKind::MissingResource
            );
            let error = !kind.is_warning() || (strict && missing);
            refused |= error;
            let code = if error {
                Code::BadPolicy
            } else {
                Code::OddPolicy
            };
            let mark = place(complaint.mark);
            let mut problem = Problem::new(code, file, mark, complaint.what);
            problem.expected = complaint.expected;
            problem.did_you_mean = complaint.did_you_mean;
            if error && missing && policy.is_some() {
                problem.help = Some("AWS refuses such a policy since August 2025".to_owned());
            }
            desk.say(problem);
        }
        if refused {
            return None;
        }
        let number = self.list.len() as u32;
        self.list.push(policy?);
        self.origins.insert(number, file.to_owned());
        Some(Taken { number, text })
    }

    /// The file a policy stands in, where the lines of its statements are that file's.
    pub(super) fn origin(&self, number: u32) -> Option<&str> {
        self.origins.get(&number).map(String::as_str)
    }
}

/// How messages call a policy file: from where the user stands, as they call the scenario.
fn beside(scenario: &str, path: &str) -> String {
    let folder = scenario.rsplit_once('/').map_or("", |(folder, _)| folder);
    if path.starts_with('/') || folder.is_empty() {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match (part, parts.last()) {
            (".", _) => {}
            ("..", Some(last)) if !["", ".", ".."].contains(last) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

fn named<'t>(desk: &mut Desk<'_>, tree: &'t Tree) -> Option<Named<'t>> {
    const FORM: &str =
        "vendor, default, { file: policies/x.json }, a policy written in place, or its JSON text";
    match &tree.branch {
        Branch::Text(text) => match text.as_str() {
            "vendor" => Some(Named::Vendor),
            "default" => Some(Named::Default),
            json if json.trim_start().starts_with('{') => Some(Named::Json(json)),
            other => {
                let what = format!("{} is no policy", quote(other));
                let mut problem = desk.problem(Code::UnknownWord, tree.mark, what);
                problem = problem.near(other, ["vendor", "default"]).expected(FORM);
                if bare(other).contains(".json") {
                    problem =
                        problem.help(format!("a file is named so: {{ file: {} }}", bare(other)));
                }
                desk.say(problem);
                None
            }
        },
        Branch::Map(entries) => match entries.iter().find(|(name, _)| name.text == "file") {
            None => Some(Named::Inline),
            Some((_, of)) if entries.len() == 1 && of.scalar("").is_some() => {
                let path = of.scalar(desk.source).unwrap_or("");
                Some(Named::File(path.to_owned(), of.mark))
            }
            Some((name, _)) => {
                let what = "a policy that is a file has `file`, a text, and nothing else";
                desk.say(
                    desk.problem(Code::WrongShape, name.mark, what)
                        .expected(FORM),
                );
                None
            }
        },
        Branch::Null | Branch::Bool(_) | Branch::Number | Branch::List(_) => {
            let problem = desk.problem(Code::WrongShape, tree.mark, "this is no policy");
            desk.say(problem.expected(FORM));
            None
        }
    }
}

/// A place in a policy file.
fn own(mark: PolicyMark) -> Mark {
    Mark {
        line: mark.line.max(1),
        column: mark.column.max(1),
        length: mark.len.max(1),
    }
}

/// A place in a policy whose JSON text stands in the scenario: exact in a block of lines, else where the text begins.
fn within(tree: &Tree, mark: PolicyMark) -> Mark {
    let lines = match &tree.branch {
        Branch::Text(text) => text.contains('\n'),
        _ => false,
    };
    if !lines {
        return tree.mark;
    }
    Mark {
        line: tree.mark.line + mark.line.saturating_sub(1),
        column: tree.mark.column + mark.column.saturating_sub(1),
        length: mark.len.max(1),
    }
}

/// A policy written in place, as the policy room knows it.
fn node(tree: &Tree, source: &str) -> Node {
    let value = match &tree.branch {
        Branch::Null => Value::Null,
        Branch::Bool(it) => Value::Bool(*it),
        Branch::Number => Value::Number(tree.scalar(source).unwrap_or("").to_owned()),
        Branch::Text(text) => Value::Text(text.clone()),
        Branch::List(items) => Value::List(items.iter().map(|it| node(it, source)).collect()),
        Branch::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(name, of)| {
                    let member = Member {
                        name: name.text.clone(),
                        mark: theirs(name.mark),
                    };
                    (member, node(of, source))
                })
                .collect(),
        ),
    };
    Node {
        mark: theirs(tree.mark),
        value,
    }
}

/// A tree with its places moved.
fn moved(node: &Node, to: &dyn Fn(PolicyMark) -> PolicyMark) -> Node {
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(|it| moved(it, to)).collect()),
        Value::Map(members) => {
            let member = |(member, node): &(Member, Node)| {
                let name = member.name.clone();
                let mark = to(member.mark);
                (Member { name, mark }, moved(node, to))
            };
            Value::Map(members.iter().map(member).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => node.value.clone(),
    };
    Node {
        mark: to(node.mark),
        value,
    }
}

fn theirs(mark: Mark) -> PolicyMark {
    PolicyMark {
        line: mark.line,
        column: mark.column,
        len: mark.length,
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn a_policy_is_called_from_where_the_user_stands() {
        for (scenario, path, shown) in [
            ("x.yaml", "p.json", "p.json"),
            (
                "scenarios/region/x.yaml",
                "../policies/p.json",
                "scenarios/policies/p.json",
            ),
            ("scenarios/x.yaml", "./p.json", "scenarios/p.json"),
            ("../x.yaml", "../p.json", "../../p.json"),
            ("/a/x.yaml", "../../p.json", "/../p.json"),
            ("a/x.yaml", "/p.json", "/p.json"),
        ] {
            assert_eq!(beside(scenario, path), shown, "{scenario} and {path}");
        }
    }
}
