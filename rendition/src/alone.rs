//! The drawing process alone, as the binary of the house starts it. For tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    rendition::run(std::env::args().nth(1).as_deref().unwrap_or_default())
}
