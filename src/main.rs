//! The program: parse, call, exit code.

use std::any::Any;
use std::ffi::OsString;
use std::panic;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

fn main() -> ExitCode {
    panic::set_hook(Box::new(tell_once));
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let surroundings = surroundings();
    let code = panic::catch_unwind(|| keyoutage::cli::main(&arguments, &surroundings));
    ExitCode::from(code.unwrap_or(keyoutage::cli::MACHINE))
}

#[expect(
    clippy::disallowed_methods,
    reason = "where a page is told is no input of what it tells"
)]
fn surroundings() -> keyoutage::cli::Surroundings {
    let step_summary = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|it| !it.is_empty());
    keyoutage::cli::Surroundings { step_summary }
}

/// What a panic says.
fn reason(payload: &dyn Any) -> &str {
    match (
        payload.downcast_ref::<&str>(),
        payload.downcast_ref::<String>(),
    ) {
        (Some(text), _) => text,
        (None, Some(text)) => text,
        (None, None) => "no reason given",
    }
}

/// One line for a mistake of ours, however many threads it stops.
fn tell_once(it: &panic::PanicHookInfo<'_>) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if TOLD.swap(true, Ordering::Relaxed) {
        return;
    }
    let version = env!("CARGO_PKG_VERSION");
    let what = keyoutage::text::clean(reason(it.payload()));
    let place = it.location().map_or_else(String::new, |at| {
        let file = at.file().rsplit(['/', '\\']).next().unwrap_or("");
        format!(" ({file}:{})", at.line())
    });
    keyoutage::cli::tell_mistake(&format!(
        "error: keyoutage {version} failed within{place}: {what}; this is our mistake, please report it with the \
         scenario\n"
    ));
}
