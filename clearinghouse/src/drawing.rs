//! The drawing process: this very binary, started once more with a word that is no command of anybody's.

use std::path::PathBuf;
use std::process::ExitCode;

use viewing::Renderer;

/// The word. It is not in the help: whoever types it gets a process that waits for a file and can do nothing.
const WORD: &str = "draw-picture";
/// The running program, also after its file was replaced.
const SELF: &str = "/proc/self/exe";

/// Starts drawing processes.
pub(crate) fn renderer() -> Renderer {
    Renderer::new(PathBuf::from(SELF), vec![WORD.to_owned()])
}

/// Runs as a drawing process when that is what this one was started for. Before anything else: no setting was read,
/// no thread runs, and nothing secret is in memory.
pub(crate) fn if_asked() -> Option<ExitCode> {
    let mut words = std::env::args().skip(1);
    (words.next().as_deref() == Some(WORD)).then(|| rendition::run(&words.next().unwrap_or_default()))
}
