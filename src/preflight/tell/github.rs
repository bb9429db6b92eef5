//! For GitHub Actions: one workflow command a remark, which becomes a remark at its line.

use std::fmt::Write;

use crate::preflight::tell::json::severity;
use crate::preflight::tell::remark::Remark;
use crate::text::clean;

/// One line a remark.
pub fn github(remarks: &[Remark]) -> String {
    let mut out = String::new();
    for it in remarks {
        let mut message = it.what.clone();
        for more in it.more() {
            message.push('\n');
            message.push_str(&more);
        }
        let place = &it.place;
        let _ = writeln!(
            out,
            "::{} file={},line={},col={},endColumn={},title={}::{}",
            severity(it.severity),
            property(&place.file),
            place.line,
            place.column,
            place.column.saturating_add(place.length),
            property(&format!("{}: {}", it.kind.word(), it.kind.title())),
            data(&message),
        );
    }
    out
}

/// What GitHub's own toolkit escapes in a message.
fn data(text: &str) -> String {
    let parts = text.split('\n').map(|part| {
        let part = part.replace('%', "%25").replace('\r', "%0D");
        clean(&part).into_owned()
    });
    parts.collect::<Vec<_>>().join("%0A")
}

/// What it escapes in a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100%\r\nand: so, on"), "100%25%0D%0Aand: so, on");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
