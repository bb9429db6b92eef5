//! What would bite, found before it does: whether keys and policies are what R1 to R4 ask for.

mod words;

pub use words::why;
