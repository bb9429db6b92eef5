//! A sheet to draw on: the few shapes the pictures need, through plotters' SVG backend, and what it leaves out.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

use crate::chart::letters::Size;
use crate::chart::palette::{DARK, DEADLINE, Rgb, hex};
use crate::text::xml::{escaped, legal};

/// What the backend writes although it is so without it, or is said once for the whole picture.
const WITHOUT: [&str; 5] = [
    " opacity=\"1\"",
    " stroke=\"none\"",
    " stroke-width=\"1\"",
    " text-anchor=\"start\"",
    " font-family=\"sans-serif\"",
];

/// Where text stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Stand {
    /// From the point on.
    Right,
    /// Up to the point.
    Left,
    /// Around the point.
    Middle,
}

/// Shapes in whole pixels. Drawing to memory cannot fail.
pub(super) struct Sheet<'a> {
    backend: SVGBackend<'a>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(target: &'a mut String, width: i32, height: i32) -> Sheet<'a> {
        Sheet {
            backend: SVGBackend::with_string(target, (width as u32, height as u32)),
        }
    }

    pub(super) fn fill(&mut self, from: (i32, i32), to: (i32, i32), color: Rgb) {
        let drawn = self.backend.draw_rect(from, to, &shape(color), true);
        drawn.expect("drawing to memory cannot fail");
    }

    pub(super) fn outline(&mut self, from: (i32, i32), to: (i32, i32), color: Rgb) {
        let drawn = self.backend.draw_rect(from, to, &shape(color), false);
        drawn.expect("drawing to memory cannot fail");
    }

    pub(super) fn line(&mut self, from: (i32, i32), to: (i32, i32), color: Rgb) {
        let drawn = self.backend.draw_line(from, to, &shape(color));
        drawn.expect("drawing to memory cannot fail");
    }

    /// One line through many points.
    pub(super) fn path(&mut self, points: Vec<(i32, i32)>, color: Rgb) {
        let drawn = self.backend.draw_path(points, &shape(color));
        drawn.expect("drawing to memory cannot fail");
    }

    /// Text whose middle line is at the point.
    pub(super) fn text(
        &mut self,
        text: &str,
        at: (i32, i32),
        stand: Stand,
        size: Size,
        color: Rgb,
    ) {
        let weight = match size {
            Size::Small | Size::Plain => FontStyle::Normal,
            Size::Title => FontStyle::Bold,
        };
        let side = match stand {
            Stand::Right => HPos::Left,
            Stand::Left => HPos::Right,
            Stand::Middle => HPos::Center,
        };
        // The backend divides the size by 1.24.
        let font = FontDesc::new(
            FontFamily::SansSerif,
            f64::from(size.pixels()) * 1.24,
            weight,
        );
        let color = rgb(color);
        let style = TextStyle::from(font)
            .color(&color)
            .pos(Pos::new(side, VPos::Center));
        let drawn = self.backend.draw_text(&legal(text), &style, at);
        drawn.expect("drawing to memory cannot fail");
    }

    /// Closes the picture.
    pub(super) fn finish(mut self) {
        let done = self.backend.present();
        done.expect("drawing to memory cannot fail");
    }
}

/// The finished picture with its title, its description and its style, which the backend cannot write.
pub(super) fn with_words(drawn: &str, id: &str, title: &str, description: &str) -> String {
    let (opening, rest) = drawn
        .split_once(">\n")
        .expect("a picture begins with its opening tag");
    let plain = WITHOUT
        .iter()
        .fold(rest.to_owned(), |rest, it| rest.replace(it, ""));
    let rest = joined(&plain);
    let (title, description) = (escaped(title), escaped(description));
    let style = style();
    format!(
        "{opening} font-family=\"sans-serif\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-desc\">{description}</desc>\n\
         <style>{style}</style>\n{rest}"
    )
}

/// The lines of the picture, with a filled shape and the outline that follows it as one.
fn joined(drawn: &str) -> String {
    let mut joined = String::with_capacity(drawn.len());
    let mut lines = drawn.lines().peekable();
    while let Some(line) = lines.next() {
        let outline = lines.peek().and_then(|next| outline_of(line, next));
        match outline {
            Some(stroke) => {
                joined.push_str(line.trim_end_matches("/>"));
                joined.push_str(stroke);
                lines.next();
            }
            None => joined.push_str(line),
        }
        joined.push('\n');
    }
    joined
}

/// The stroke of `next`, where it is the outline of the shape that `line` fills.
fn outline_of<'a>(line: &str, next: &'a str) -> Option<&'a str> {
    let (shape, _) = line.split_once(" fill=\"#")?;
    let stroke = next.strip_prefix(shape)?.strip_prefix(" fill=\"none\"")?;
    shape.starts_with("<rect ").then_some(stroke)
}

/// Dashes for deadlines, and the colors of dark mode, by attribute: the backend writes no classes.
fn style() -> String {
    let deadline = hex(DEADLINE);
    let mut style = format!("[stroke=\"{deadline}\"]{{stroke-dasharray:5 3}}");
    style.push_str("@media (prefers-color-scheme:dark){");
    for (color, dark) in DARK {
        let color = hex(color);
        style.push_str(&format!(
            "[fill=\"{color}\"]{{fill:{dark}}}[stroke=\"{color}\"]{{stroke:{dark}}}"
        ));
    }
    style.push('}');
    style
}

fn shape(color: Rgb) -> ShapeStyle {
    rgb(color).stroke_width(1)
}

fn rgb((red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::{joined, style, with_words};

    #[test]
    fn a_shape_and_its_outline_are_one() {
        let two =
            "<rect x=\"1\" fill=\"#112233\"/>\n<rect x=\"1\" fill=\"none\" stroke=\"#445566\"/>\n";
        assert_eq!(
            joined(two),
            "<rect x=\"1\" fill=\"#112233\" stroke=\"#445566\"/>\n"
        );
        let other = two.replacen("x=\"1\"", "x=\"2\"", 1);
        assert_eq!(joined(&other), other);
    }

    #[test]
    fn text_never_ends_the_picture() {
        let whole = with_words("<svg a=\"b\">\n</svg>\n", "x", "</title>", "</desc>&\u{0}");
        assert!(whole.contains(">&lt;/title&gt;</title>"));
        assert!(whole.contains(">&lt;/desc&gt;&amp;\u{fffd}</desc>"));
        assert!(style().contains("stroke-dasharray"));
    }

    #[test]
    fn words_stand_right_after_the_opening() {
        let whole = with_words("<svg a=\"b\">\n</svg>\n", "x", "T", "D");
        assert!(whole.starts_with("<svg a=\"b\" font-family=\"sans-serif\" role=\"img\" aria-labelledby=\"x-title x-desc\">"));
        assert!(whole.ends_with("</style>\n</svg>\n"));
    }
}
