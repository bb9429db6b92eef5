//! A policy's text, seen from outside: for whoever points at a place of it, or mends it.

use super::complaint::Complaint;
use super::document::read_policy_text;
use super::value::Node;

/// A policy's text and its tree.
#[derive(Clone, Debug)]
pub struct Look {
    /// The tree, with places in the text that was given.
    pub tree: Node,
    /// The policy's own text: what was given, or what was wrapped in it ([`super::Policy::from_json`]).
    pub text: String,
}

/// Looks at a policy's text. The places of the tree are those of the given text, so where the policy was wrapped they
/// are not those of [`Look::text`]; looking at that again gives them.
///
/// # Errors
///
/// The first thing that is not JSON, or that it is too long.
pub fn look(text: &str) -> Result<Look, Complaint> {
    let (tree, source) = read_policy_text(text)?;
    let text = source.chars().iter().map(|placed| placed.ch).collect();
    Ok(Look { tree, text })
}

#[cfg(test)]
mod tests {
    use super::look;

    #[test]
    fn what_is_wrapped_is_unwrapped() {
        let plain = look(" {\"Statement\": []}").expect("it is JSON");
        assert_eq!(plain.text, " {\"Statement\": []}");
        let wrapped = look(r#"{"Policy": "{\n  \"Statement\": []\n}", "PolicyName": "default"}"#);
        let wrapped = wrapped.expect("it is JSON");
        assert_eq!(wrapped.text, "{\n  \"Statement\": []\n}");
        assert_eq!((wrapped.tree.mark.line, wrapped.tree.mark.column), (1, 13));
        assert!(look("{").is_err());
    }
}
