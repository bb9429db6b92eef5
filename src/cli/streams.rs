//! Standard output and standard error: the only places where anything is printed.

use std::ffi::OsString;
use std::fmt;
use std::io::{BufWriter, ErrorKind, IsTerminal, Write};

use anstream::ColorChoice;
use clap::ValueEnum;

use crate::cli::exit::Trouble;

/// When to color.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Whether each stream is colored.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Colors {
    pub(super) out: bool,
    pub(super) err: bool,
}

impl Colors {
    /// Decides, once, for both.
    pub(super) fn new(color: Color) -> Colors {
        match color {
            Color::Always => Colors {
                out: true,
                err: true,
            },
            Color::Never => Colors {
                out: false,
                err: false,
            },
            Color::Auto => Colors {
                out: wanted(&std::io::stdout()),
                err: wanted(&std::io::stderr()),
            },
        }
    }

    /// What the arguments say about color before they are understood, for messages about the arguments themselves.
    pub(super) fn guess(arguments: &[OsString]) -> Colors {
        let mut color = Color::Auto;
        let mut words = arguments.iter().filter_map(|word| word.to_str());
        while let Some(word) = words.next() {
            let value = match word.strip_prefix("--color") {
                Some("") => words.next().unwrap_or(""),
                Some(rest) => rest.strip_prefix('=').unwrap_or(""),
                None => continue,
            };
            color = Color::from_str(value, false).unwrap_or(color);
        }
        Colors::new(color)
    }
}

fn wanted<S: anstream::stream::RawStream + IsTerminal>(stream: &S) -> bool {
    anstream::AutoStream::choice(stream) != ColorChoice::Never
}

/// Something that writes a text: a renderer with all it needs.
pub(super) type Writes<'a> = &'a dyn Fn(&mut dyn fmt::Write) -> fmt::Result;

/// Writes a text to a stream as it is made, and what the stream says about it.
pub(super) fn pour(stream: impl Write, text: Writes<'_>) -> std::io::Result<()> {
    let mut sink = Sink {
        stream: BufWriter::with_capacity(1 << 16, stream),
        failed: None,
    };
    let done = text(&mut sink);
    match sink.failed.take() {
        Some(error) => Err(error),
        None => {
            done.expect("a renderer fails only when its stream does");
            sink.stream.flush()
        }
    }
}

/// Text into bytes; remembers why the stream failed.
struct Sink<W: Write> {
    stream: BufWriter<W>,
    failed: Option<std::io::Error>,
}

impl<W: Write> fmt::Write for Sink<W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.stream.write_all(text.as_bytes()).map_err(|error| {
            self.failed = Some(error);
            fmt::Error
        })
    }
}

/// Writes to standard output. Whoever reads may stop reading: a closed pipe is no error.
pub(super) fn say_all(text: Writes<'_>) -> Result<(), Trouble> {
    match pour(std::io::stdout().lock(), text) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Trouble::Machine(format!(
            "standard output cannot be written: {error}"
        ))),
    }
}

/// Writes a short text to standard output.
pub(super) fn say(text: &str) -> Result<(), Trouble> {
    say_all(&|out| out.write_str(text))
}

/// Writes to standard error. When even that fails there is nobody left to tell.
pub(super) fn tell(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes());
}
