//! Templates that were not rendered: they look like policies, and are none yet.

use super::clean::clean;
use super::complaint::{Complaint, ComplaintKind};
use super::value::{Mark, Node, Value};
use super::variable;

/// A complaint if this is `{"Ref": …}`, `{"Fn::Sub": …}` or another CloudFormation function.
pub(super) fn intrinsic(node: &Node) -> Option<Complaint> {
    let Value::Map(members) = &node.value else {
        return None;
    };
    let (name, _) = members.first().filter(|_| members.len() == 1)?;
    if name.name != "Ref" && !name.name.starts_with("Fn::") {
        return None;
    }
    let what = format!(
        "{{\"{}\": …}} is a CloudFormation function: this is a template, not a policy",
        clean(&name.name)
    );
    Some(render_first(name.mark, what))
}

/// A complaint if a text that may hold policy variables holds the variables of a template.
///
/// A policy variable is a key of the request, `${aws:username}`, and so has a colon; `${AWS::AccountId}` and the
/// `${self:…}` of the Serverless framework have one too.
pub(super) fn in_text(text: &str, mark: Mark) -> Option<Complaint> {
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (inner, behind) = variable::split(&rest[at..])?;
        let foreign = [
            "AWS::", "self:", "env:", "opt:", "param:", "sls:", "ssm:", "cf:", "file(",
        ];
        let escape = matches!(inner, "*" | "?" | "$");
        if !escape
            && (!inner.contains(':') || foreign.iter().any(|prefix| inner.starts_with(prefix)))
        {
            let what = format!(
                "${{{}}} is the variable of a template, not of a policy",
                clean(inner)
            );
            return Some(render_first(mark, what));
        }
        rest = behind;
    }
    if text.contains("#{") || text.contains("%{") || text.contains("{{") {
        return Some(render_first(
            mark,
            format!("\"{}\" is part of a template", clean(text)),
        ));
    }
    None
}

/// A complaint if a text that knows no variables has a placeholder in it.
pub(super) fn placeholder(text: &str, mark: Mark) -> Option<Complaint> {
    let opens = ["${", "#{", "%{", "{{", "<"];
    if !opens.iter().any(|open| text.contains(open)) {
        return None;
    }
    let what = format!(
        "\"{}\" holds a placeholder that was not filled in",
        clean(text)
    );
    Some(render_first(mark, what))
}

fn render_first(mark: Mark, what: String) -> Complaint {
    Complaint::new(ComplaintKind::Template, mark, what)
        .expected("the rendered policy: render the template first")
}

#[cfg(test)]
mod tests {
    use super::in_text;
    use crate::policy::value::Mark;

    #[test]
    fn a_templates_variable_is_no_policy_variable() {
        let check = |text: &str, template: bool| {
            assert_eq!(in_text(text, Mark::default()).is_some(), template, "{text}");
        };
        check("arn:aws:kms:us-west-2:${aws:PrincipalAccount}:key/*", false);
        check("${kms:ViaService}${*}", false);
        check("${AWS::AccountId}", true);
        check("${aws:username}/${var.account}", true);
        check("${self:custom.x}", true);
        check("#{AWS::AccountId}", true);
        check("${open", false);
        check("*", false);
    }
}
