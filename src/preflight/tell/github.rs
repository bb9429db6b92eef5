//! For GitHub Actions: one workflow command a remark, which becomes a remark at its line.

use crate::preflight::tell::json::severity;
use crate::preflight::tell::remark::Remark;
use crate::text::workflow::{Place, command};

/// One line a remark.
pub fn github(remarks: &[Remark]) -> String {
    let mut out = String::new();
    for it in remarks {
        let mut message = it.what.clone();
        for more in it.more() {
            message.push('\n');
            message.push_str(&more);
        }
        let place = Place {
            file: &it.place.file,
            line: it.place.line,
            column: it.place.column,
            length: Some(it.place.length),
        };
        let title = format!("{}: {}", it.kind.word(), it.kind.title());
        out.push_str(&command(
            severity(it.severity),
            Some(place),
            &title,
            &message,
        ));
    }
    out
}
