//! Problems as text, with rustc's look: the place, the line, a mark under what is meant, and what would be right.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::scenario::problem::{Problem, Problems, Severity};

/// The widest line of a message.
const WIDTH: usize = 118;
/// How much of a line of the file is shown.
const SHOWN: usize = 90;
/// How many problems are told; of the rest only how many they are.
const TOLD: usize = 40;

impl Problems {
    /// All of them as text, with or without color; every one has at most 24 lines of at most 120 columns.
    pub fn render(&self, color: bool) -> String {
        let mut out = String::new();
        for problem in self.iter().take(TOLD) {
            out.push_str(&one(problem, self.line(problem), color));
            out.push_str("\n\n");
        }
        if self.len() > TOLD {
            out.push_str(&format!("… and {} more\n\n", self.len() - TOLD));
        }
        out
    }
}

fn one(problem: &Problem, line: &str, color: bool) -> String {
    let expected = problem.expected.iter();
    let shown = Snip {
        severity: problem.severity,
        code: problem.code.word(),
        file: &problem.file,
        line: problem.line,
        column: problem.column,
        length: problem.length,
        message: &problem.message,
        notes: expected.map(|it| ("expected", it.clone())).collect(),
        did_you_mean: problem.did_you_mean.as_deref(),
        help: problem.help.as_deref(),
    };
    snip(&shown, line, color)
}

/// What is shown of one thing that is wrong.
pub(crate) struct Snip<'a> {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) file: &'a str,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) length: u32,
    pub(crate) message: &'a str,
    /// Under which name, and what.
    pub(crate) notes: Vec<(&'static str, String)>,
    pub(crate) did_you_mean: Option<&'a str>,
    pub(crate) help: Option<&'a str>,
}

/// One thing that is wrong, with the line it stands in.
pub(crate) fn snip(shown: &Snip<'_>, line: &str, color: bool) -> String {
    let (text, marked) = window(line, shown.column, shown.length);
    let file = clean(shown.file, 60);
    let origin = Origin::path(file)
        .line(shown.line as usize)
        .char_column(shown.column as usize);
    let snippet = Snippet::source(text)
        .line_start(shown.line as usize)
        .annotation(AnnotationKind::Primary.span(marked));
    let level = match shown.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = wrap(&clean(shown.message, 900));
    let mut group: Group<'_> = level
        .primary_title(title)
        .id(shown.code)
        .element(origin)
        .element(snippet);
    for (name, note) in &shown.notes {
        let text = wrap(&clean(note, 900));
        group = group.element(Level::NOTE.with_name(*name).message(text));
    }
    if let Some(near) = shown.did_you_mean {
        let text = format!("did you mean `{}`?", clean(near, 80));
        group = group.element(Level::HELP.message(text));
    }
    if let Some(help) = shown.help {
        let text = wrap(&clean(help, 900));
        group = group.element(Level::HELP.message(text));
    }
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let told = renderer.term_width(WIDTH).render(&[group]);
    let header = |line: &&str| bare(line).trim() != ":::";
    told.lines().filter(header).collect::<Vec<_>>().join("\n")
}

/// A line without its colors.
fn bare(line: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in line.chars() {
        match c {
            '\u{1b}' => inside = true,
            'm' if inside => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// The part of a line around a place, made harmless, and the bytes of it that are meant.
fn window(line: &str, column: u32, length: u32) -> (String, std::ops::Range<usize>) {
    let at = column.saturating_sub(1) as usize;
    let cells: Vec<String> = line
        .chars()
        .skip(at.saturating_sub(SHOWN))
        .take(3 * SHOWN)
        .map(harmless)
        .collect();
    let at = at.min(SHOWN).min(cells.len());
    let mut from = at;
    let whole = cells.len() <= SHOWN && cells.iter().map(|it| wide(it)).sum::<usize>() <= SHOWN;
    let mut room = if whole { SHOWN } else { SHOWN / 3 };
    while from > 0 && wide(&cells[from - 1]) <= room {
        from -= 1;
        room -= wide(&cells[from]);
    }
    let mut shown = String::new();
    if from > 0 || column as usize > SHOWN + 1 {
        shown.push('…');
    }
    let (mut start, mut end) = (None, 0);
    let mut room = SHOWN;
    let mut cut = false;
    for (index, cell) in cells.iter().enumerate().skip(from) {
        if wide(cell) > room {
            cut = true;
            break;
        }
        room -= wide(cell);
        if index == at {
            start = Some(shown.len());
        }
        shown.push_str(cell);
        if index < at.saturating_add(length as usize) {
            end = shown.len();
        }
    }
    if cut {
        shown.push('…');
    }
    let start = start.unwrap_or_else(|| {
        shown.push(' ');
        shown.len() - 1
    });
    let end = end.max(start + 1).min(shown.len());
    let end = (end..=shown.len())
        .find(|at| shown.is_char_boundary(*at))
        .unwrap_or(shown.len());
    (shown, start..end)
}

fn wide(cell: &str) -> usize {
    cell.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// A character as it may be shown: what has no picture of its own, or changes that of others, by its number.
fn harmless(c: char) -> String {
    match c {
        '\t' => "    ".to_owned(),
        c if hidden(c) => format!("U+{:04X}", c as u32),
        c => c.to_string(),
    }
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// A text made harmless and not too long.
fn clean(text: &str, most: usize) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count >= most {
            out.push('…');
            break;
        }
        if c == '\n' || c == '\t' {
            out.push(' ');
        } else {
            out.push_str(&harmless(c));
        }
    }
    out
}

/// A text in lines that are not too wide.
fn wrap(text: &str) -> String {
    const MOST: usize = 98;
    let mut out = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let pieces: Vec<char> = word.chars().collect();
        let wide = |piece: &[char]| -> usize {
            let cells = piece.iter().map(|c| if c.is_ascii() { 1 } else { 2 });
            cells.sum()
        };
        // What has room in a line, as an ARN, stays whole: it is there to be copied.
        let most = if wide(&pieces) < MOST { MOST } else { MOST / 2 };
        for (index, piece) in pieces.chunks(most).enumerate() {
            let length = wide(piece);
            if used > 0 && used + length + 1 > MOST {
                out.push('\n');
                used = 0;
            } else if used > 0 && index == 0 {
                out.push(' ');
                used += 1;
            }
            out.extend(piece);
            used += length;
        }
    }
    out
}

/// A name as a message quotes it: not too long.
pub(super) fn quote(text: &str) -> String {
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        format!("`{short}…`")
    } else {
        format!("`{short}`")
    }
}
