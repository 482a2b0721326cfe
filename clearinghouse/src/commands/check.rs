//! `check`: the doctor. Looks at everything a house needs and says, line by line, what to do.

mod ground;
mod house;

use clap::Args as ClapArgs;
use console::{ConfigArg, Voice, limits, log, say};
use serde::Serialize;

use crate::outcome::{Failure, Result};

/// Looks at configuration, keys, clock, database, object store, disk and tables, and says what to do.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  clearinghouse check --config house/clearinghouse.toml")]
pub(crate) struct Args {
    #[command(flatten)]
    config: ConfigArg,
}

/// What was found about one part.
#[derive(Debug, Serialize)]
struct Finding {
    part: &'static str,
    state: State,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_do: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// In order.
    Ok,
    /// It works, and somebody should look.
    Note,
    /// It does not work.
    Failed,
}

impl Finding {
    fn ok(part: &'static str, says: impl Into<String>) -> Self {
        Self { part, state: State::Ok, says: says.into(), to_do: None }
    }

    fn note(part: &'static str, says: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { part, state: State::Note, says: says.into(), to_do: Some(to_do.into()) }
    }

    fn failed(part: &'static str, says: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { part, state: State::Failed, says: says.into(), to_do: Some(to_do.into()) }
    }

    fn of(part: &'static str, found: Result<String>) -> Self {
        match found {
            Ok(says) => Self::ok(part, says),
            Err(failure) => {
                let (says, to_do) = failure.into_parts();
                Self { part, state: State::Failed, says, to_do }
            }
        }
    }
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let mut findings = Vec::new();
    match args.config.read() {
        Err(failure) => findings.push(Finding::of("configuration", Err(failure))),
        Ok(config) => {
            log::start(&config.settings.log)?;
            limits::raise_open_files(config.settings.limits.open_files);
            findings.extend(ground::look(&config));
            findings.extend(house::look(&config).await);
        }
    }
    report(&findings, voice)
}

fn report(findings: &[Finding], voice: Voice) -> Result<()> {
    if voice.is_json() {
        say::json(&findings)?;
    } else {
        for Finding { part, state, says, to_do } in findings {
            let mark = match state {
                State::Ok => "ok",
                State::Note => "note",
                State::Failed => "FAILED",
            };
            say::people(format_args!("{mark:<7} {part:<14} {says}"));
            if let Some(to_do) = to_do {
                say::people(format_args!("{:<22} try: {to_do}", ""));
            }
        }
    }
    match findings.iter().filter(|finding| finding.state == State::Failed).count() {
        0 => Ok(()),
        failed => Err(Failure::new(format!("{failed} part(s) are not in order"))),
    }
}
