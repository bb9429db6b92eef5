//! About how wide a text is, without a font: as in DejaVu Sans, the widest of what browsers take for `sans-serif`.

/// The size of text.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Size {
    Small,
    Plain,
    /// And bold.
    Title,
}

impl Size {
    /// The height of a letter, in pixels.
    pub(super) const fn pixels(self) -> i32 {
        match self {
            Size::Small => 11,
            Size::Plain => 12,
            Size::Title => 17,
        }
    }
}

/// The width of a text in pixels, rounded up.
pub(super) fn width(text: &str, size: Size) -> i32 {
    let thousandths: i32 = text.chars().map(thousandths).sum();
    let bold = match size {
        Size::Small | Size::Plain => 100,
        Size::Title => 114,
    };
    (thousandths * size.pixels() * bold + 99_999) / 100_000
}

/// The text, its end cut off where it is wider than that.
pub(super) fn cut(text: &str, size: Size, most: i32) -> String {
    fitting(text, size, most, |kept| (kept, 0))
}

/// The text, its middle cut out where it is wider than that: names of one org or region are alike at both ends.
pub(super) fn shortened(text: &str, size: Size, most: i32) -> String {
    fitting(text, size, most, |kept| (kept - kept / 2, kept / 2))
}

fn fitting(text: &str, size: Size, most: i32, split: fn(usize) -> (usize, usize)) -> String {
    // No letter is narrower than two pixels.
    let most_letters = usize::try_from(most / 2).unwrap_or(0);
    let length = text.chars().count();
    if length <= most_letters && width(text, size) <= most {
        return text.to_owned();
    }
    let cut = |kept: usize| {
        let (head, tail) = split(kept);
        let first = text.chars().take(head);
        let last = text.chars().skip(length - tail);
        first
            .chain(std::iter::once('…'))
            .chain(last)
            .collect::<String>()
    };
    let candidates = (0..length.min(most_letters)).rev().map(cut);
    let mut fits = candidates.filter(|it| width(it, size) <= most);
    fits.next().unwrap_or_default()
}

/// The width of a letter in thousandths of its size.
fn thousandths(letter: char) -> i32 {
    match letter {
        'i' | 'j' | 'l' | 'I' | 'J' | '\'' => 290,
        ' ' | '.' | ',' | '·' => 320,
        ':' | ';' | '/' | '|' | '\\' | 'f' | '-' => 350,
        't' | 'r' | '(' | ')' | '[' | ']' | '!' | '"' => 410,
        's' | 'z' | 'c' | '*' | '_' => 540,
        'a' | 'e' | 'k' | 'o' | 'v' | 'x' | 'y' => 600,
        'w' | '+' | '<' | '>' | '=' | '#' | '~' | '^' | '±' | '✗' => 840,
        'm' | 'M' | 'W' | '%' => 980,
        'a'..='z' | '0'..='9' => 637,
        ' '..='?' | 'A'..='~' => 710,
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    use super::{Size, cut, shortened, width};

    #[test]
    fn narrow_letters_take_less_room() {
        assert!(width("illicit", Size::Small) < width("mammoth", Size::Small) / 2);
        assert!(width("serving", Size::Small) < width("serving", Size::Title));
        // As measured in DejaVu Sans at 11 pixels.
        for (text, measured) in [
            ("queries fail, ingest halted", 140),
            ("acme/us-east-1/clicks", 119),
            ("1000d00h30m", 81),
            ("from cache", 62),
            ("serving", 41),
        ] {
            let about = width(text, Size::Small);
            assert!((measured..measured + 4).contains(&about), "{text}: {about}");
        }
    }

    #[test]
    fn what_is_too_wide_is_cut() {
        let name = "acme/us-east-1/clickstream-of-the-whole-shop";
        assert_eq!(cut(name, Size::Plain, 400), name);
        assert_eq!(cut(name, Size::Plain, 100), "acme/us-east-…");
        assert_eq!(shortened(name, Size::Plain, 120), "acme/us-…ole-shop");
        assert!(
            cut(&"語".repeat(1_000_000), Size::Title, 900)
                .chars()
                .count()
                < 60
        );
    }
}
