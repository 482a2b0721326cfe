//! How a command ends when it does not end well: a reason for people, and what they can do.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

/// What every command answers.
pub type Result<T> = std::result::Result<T, Failure>;

/// The command was refused or failed; it exits with 1.
#[derive(Debug)]
pub struct Failure {
    reason: String,
    hint: Option<String>,
}

impl Failure {
    /// A reason: lower case, no full stop, no private data.
    pub const fn new(reason: String) -> Self {
        Self { reason, hint: None }
    }

    /// Adds what the reader can do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The reason and the hint, for a report of many.
    pub fn into_parts(self) -> (String, Option<String>) {
        (self.reason, self.hint)
    }

    /// The exit code of every refusal and fault. Wrong usage is 2, and clap says it.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(1)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  try: {hint}"),
            None => Ok(()),
        }
    }
}

/// Any error of the rooms below, with its causes. `Failure` itself is deliberately no `Error`: it is where they end.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(chain(&error))
    }
}

/// An error with its causes, each said once.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

/// Says what was being done when something failed.
pub trait Doing<T> {
    /// `cannot open the house: …`, for `doing` = `open the house`.
    fn doing(self, doing: &str) -> Result<T>;
}

impl<T, E: Into<Failure>> Doing<T> for std::result::Result<T, E> {
    fn doing(self, doing: &str) -> Result<T> {
        self.map_err(|error| {
            let failure = error.into();
            Failure { reason: format!("cannot {doing}: {}", failure.reason), hint: failure.hint }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_was_being_done_and_every_cause_once() {
        let inner = std::io::Error::other("disk is full");
        let failed: std::result::Result<(), _> = Err(store::Fault::Settings(inner.to_string()));
        let said = failed.doing("open the house").unwrap_err().hint("make room").to_string();
        assert_eq!(said, "cannot open the house: settings: disk is full\n  try: make room");
    }
}
