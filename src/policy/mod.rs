//! May this caller do this with this key?
