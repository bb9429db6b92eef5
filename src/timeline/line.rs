//! The one line an entry is in NDJSON: what is hashed, and what is written.
