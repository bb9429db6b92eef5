//! One word for a whole run.

use sha2::{Digest, Sha256};

use crate::timeline::Timeline;

/// How much text is gathered before it is hashed.
const CHUNK: usize = 1 << 16;

impl Timeline {
    /// SHA-256 of the entries as NDJSON lines and of the totals, 64 hex digits: two people compare one word.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let mut text = String::with_capacity(CHUNK + 4_096);
        let mut add = |text: &mut String, last: bool| {
            if last || text.len() >= CHUNK {
                hash.update(text.as_bytes());
                text.clear();
            }
        };
        for entry in 0..self.entries.len() as u32 {
            self.write_line(entry, &mut text);
            text.push('\n');
            add(&mut text, false);
        }
        self.each_total(|timeline, subject| {
            timeline.write_totals(subject, &mut text);
            text.push('\n');
            add(&mut text, false);
        });
        add(&mut text, true);
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
