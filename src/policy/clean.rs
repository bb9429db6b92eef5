//! Text from outside, made safe for a message: nothing of it can move a cursor, hide, or turn the reading direction.

/// The longest piece of the input that a message quotes, in characters.
const LONGEST: usize = 80;

/// The text with every control, bidirectional and invisible character written as `U+XXXX`, cut after [`LONGEST`]
/// characters.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LONGEST));
    for (at, ch) in text.chars().enumerate() {
        if at == LONGEST {
            out.push('…');
            break;
        }
        if shows(ch) {
            out.push(ch)
        } else {
            out.push_str(&code_point(ch))
        }
    }
    out
}

/// A character's number as Unicode writes it.
pub(super) fn code_point(ch: char) -> String {
    format!("U+{:04X}", u32::from(ch))
}

/// Whether a terminal or an editor shows this character as itself. The ranges are Unicode's format characters
/// (category Cf), separators that are no plain space, variation selectors, tags, and private use.
fn shows(ch: char) -> bool {
    !(ch.is_control()
        || matches!(u32::from(ch),
            0xA0 | 0xAD | 0x34F | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x890..=0x891 | 0x8E2
            | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x2000..=0x200F | 0x2028..=0x202F
            | 0x205F..=0x206F | 0x3000 | 0x3164 | 0xE000..=0xF8FF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
            | 0xFFF0..=0xFFFB | 0x110BD | 0x110CD | 0x13430..=0x1345F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A
            | 0xE0000..=0xE0FFF | 0xF0000..))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, clean};

    #[test]
    fn what_could_deceive_is_written_as_its_number() {
        let check = |text: &str, want: &str| assert_eq!(clean(text), want, "{text:?}");
        check("kms:Decrypt", "kms:Decrypt");
        check("Müller", "Müller");
        check("a\u{1b}[31mb", "aU+001B[31mb");
        check("x\u{202e}y\u{200b}z", "xU+202EyU+200Bz");
        check("\u{feff}\n\t", "U+FEFFU+000AU+0009");
        check("\u{a0}\u{ad}", "U+00A0U+00AD");
    }

    #[test]
    fn a_long_text_is_cut() {
        let cut = clean(&"é".repeat(1000));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with('…'));
    }
}
