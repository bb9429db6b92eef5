//! Colors and heights: light to dark as things get worse, so that grey print and any eye can tell them apart, and
//! lower as they get worse, so that color is never alone.

use crate::chart::look::Look;

/// Red, green, blue.
pub(super) type Rgb = (u8, u8, u8);

/// The paper.
pub(super) const PAPER: Rgb = (0xFF, 0xFF, 0xFF);
/// Text and outlines.
pub(super) const INK: Rgb = (0x24, 0x29, 0x2F);
/// Quiet text: ticks, small print.
pub(super) const QUIET: Rgb = (0x57, 0x60, 0x6A);
/// The lines of ticks.
pub(super) const GRID: Rgb = (0xD8, 0xDE, 0xE4);
/// Deadlines; the style makes lines of this color dashed.
pub(super) const DEADLINE: Rgb = (0x8A, 0x3F, 0x00);
/// What went wrong.
pub(super) const FAULT: Rgb = (0x76, 0x76, 0x76);
/// Ingestion is halted though queries are served.
pub(super) const HALTED: Rgb = (0xCC, 0x66, 0x77);
/// Failed expectations.
pub(super) const FAILED: Rgb = (0xCF, 0x22, 0x2E);
/// Text on dark bands; not the paper's white, which turns dark in dark mode.
pub(super) const ON_DARK: Rgb = (0xFE, 0xFE, 0xFE);
/// Text and hatching on light bands; not the ink, which turns light in dark mode.
pub(super) const ON_LIGHT: Rgb = (0x11, 0x11, 0x11);

/// What differs in dark mode.
pub(super) const DARK: [(Rgb, &str); 6] = [
    (PAPER, "#0d1117"),
    (INK, "#e6edf3"),
    (QUIET, "#9198a1"),
    (GRID, "#2f353d"),
    (DEADLINE, "#f0a35e"),
    (FAILED, "#ff7b72"),
];

/// The color of a band.
pub(super) const fn color(look: Look) -> Rgb {
    match look {
        Look::Serving | Look::CatchingUp => (0x56, 0xB4, 0xE9),
        Look::FromCache => (0xDD, 0xCC, 0x77),
        Look::QueriesFail => (0xD5, 0x5E, 0x00),
        Look::Down => (0xA5, 0x00, 0x26),
        Look::Resuming | Look::Paused => (0x33, 0x22, 0x88),
        Look::Unrecoverable => (0x00, 0x00, 0x00),
        Look::NotStarted => FAULT,
    }
}

/// The height of a band, in hundredths of a lane.
pub(super) const fn height(look: Look) -> i32 {
    match look {
        Look::Serving | Look::CatchingUp => 100,
        Look::FromCache => 85,
        Look::QueriesFail => 70,
        Look::Down => 60,
        Look::Resuming | Look::Paused => 40,
        Look::Unrecoverable | Look::NotStarted => 25,
    }
}

/// The color of text inside a band.
pub(super) const fn text(look: Look) -> Rgb {
    match look {
        Look::Serving | Look::CatchingUp | Look::FromCache | Look::QueriesFail => ON_LIGHT,
        Look::Down | Look::Resuming | Look::Paused | Look::Unrecoverable | Look::NotStarted => {
            ON_DARK
        }
    }
}

/// Whether a band is hatched: on its way back, and not there yet.
pub(super) const fn hatched(look: Look) -> bool {
    matches!(look, Look::CatchingUp | Look::Resuming)
}

/// As SVG writes it.
pub(super) fn hex((red, green, blue): Rgb) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

#[cfg(test)]
mod tests {
    use super::{Rgb, color, hatched, height, text};
    use crate::chart::look::Look;

    const LOOKS: [Look; 9] = [
        Look::Serving,
        Look::CatchingUp,
        Look::FromCache,
        Look::QueriesFail,
        Look::Down,
        Look::Resuming,
        Look::Paused,
        Look::Unrecoverable,
        Look::NotStarted,
    ];

    #[test]
    fn no_two_looks_look_alike_even_in_grey() {
        for (index, one) in LOOKS.iter().enumerate() {
            for other in &LOOKS[index + 1..] {
                let alike = height(*one) == height(*other) && hatched(*one) == hatched(*other);
                let apart = (luminance(color(*one)) - luminance(color(*other))).abs();
                assert!(!alike || apart > 0.1, "{one:?} and {other:?}");
            }
        }
    }

    #[test]
    fn words_can_be_read_on_their_bands() {
        for look in LOOKS {
            let (a, b) = (luminance(color(look)), luminance(text(look)));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 4.4, "{look:?}: {contrast}");
        }
    }

    /// About the relative luminance of WCAG, with 2.375 for its power of 2.4.
    fn luminance((red, green, blue): Rgb) -> f64 {
        let linear = |part: u8| {
            let base = (f64::from(part) / 255.0 + 0.055) / 1.055;
            let fourth = base.sqrt().sqrt();
            base * base * fourth * fourth.sqrt()
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
