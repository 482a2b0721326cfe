//! `config check`: what the configuration says, or where it is wrong.

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice};
use serde_json::json;

mod origins;

use crate::config::Config;
use crate::listeners;
use crate::outcome::Result;

/// The configuration file.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Check),
}

/// Reads the configuration and says whether it can be used; opens nothing.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse config check --config house/clearinghouse.toml\n  clearinghouse config check --schema"
)]
pub(crate) struct Check {
    #[command(flatten)]
    config: ConfigArg,
    /// Print the JSON Schema of the file instead.
    #[arg(long)]
    schema: bool,
}

pub(crate) fn run(command: &Command, voice: Voice) -> Result<()> {
    let Command::Check(args) = command;
    if args.schema {
        let schema = Config::schema();
        return voice.document(&schema, &serde_json::to_string_pretty(&schema)?);
    }
    let config = args.config.read()?;
    let profile = config.profile()?;
    config.store()?;
    let listeners = config.listeners();
    ways::ways(&config)?;
    for (name, listener) in &listeners {
        listeners::fitting(name, listener)?;
        ways::check(name, listener)?;
        listeners::certificate(name, listener, &config)?;
    }
    let shared = origins::shared(profile, &listeners);
    for warning in &shared {
        console::say::people(format_args!("warning: {warning}"));
    }
    let names: Vec<&String> = listeners.iter().map(|(name, _)| name).collect();
    let words = format!("the configuration is in order: profile {profile}, {} listener(s)", names.len());
    voice.answer(&json!({ "ok": true, "profile": profile, "listeners": names, "warnings": shared }), words)
}
