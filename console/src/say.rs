//! Where words go: people read standard error, programs read standard output.

use std::fmt::Display;
use std::io::{self, Write};

use serde::Serialize;

use crate::outcome::{Doing, Result};

/// One line for people.
pub fn people(line: impl Display) {
    // Nobody may be there to read it; that is no reason to stop.
    if writeln!(io::stderr().lock(), "{line}").is_err() {
        tracing::debug!("standard error is closed");
    }
}

/// Text for programs, as it is.
pub fn machine(text: impl Display) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).doing("write to standard output")
}

/// One line of JSON for programs.
pub fn json(value: &impl Serialize) -> Result<()> {
    machine(serde_json::to_string(value)?)
}
