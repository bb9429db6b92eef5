//! The lines that the digest is made of: every entry, then the totals of every incarnation of every collection.

use std::fmt;

use crate::timeline::Timeline;

/// Each entry as its line of NDJSON, without the line's end.
pub(super) fn entries(
    timeline: &Timeline,
    each: &mut dyn FnMut(&str) -> fmt::Result,
) -> fmt::Result {
    let mut line = String::new();
    for entry in 0..timeline.entries.len() as u32 {
        line.clear();
        timeline.write_line(entry, &mut line);
        each(&line)?;
    }
    Ok(())
}

/// The totals of each incarnation of each collection that ever was, in the order of subjects.
pub(super) fn totals(
    timeline: &Timeline,
    each: &mut dyn FnMut(&str) -> fmt::Result,
) -> fmt::Result {
    let mut line = String::new();
    let mut result = Ok(());
    timeline.each_total(|timeline, subject| {
        if result.is_ok() {
            line.clear();
            timeline.write_totals(subject, &mut line);
            result = each(&line);
        }
    });
    result
}
