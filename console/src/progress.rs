//! Progress of long work, on standard error, only where a person watches.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar for so many pieces. It draws nothing where standard error is no terminal.
pub fn bar(pieces: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg:>12} [{bar:32}] {pos}/{len}  {per_sec}  {eta} left");
    let bar = ProgressBar::new(pieces).with_message(what);
    match style {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

/// A sign of life for work whose length nobody knows.
pub fn spinner(what: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    spinner
}
