//! `provider add`, `provider list`: who may submit reports.

use clap::{Args, Subcommand};
use domain::ProviderId;
use serde_json::json;
use store::provider;

use super::{ConfigArg, Voice};
use crate::administration;
use crate::outcome::{Doing, Result};
use crate::{house, say, secrets};

/// Providers and their credentials.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Add),
    List(List),
    #[command(subcommand)]
    Profile(super::sender_profile::Command),
}

/// Adds a provider and prints its user name and password, once.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse provider add Harbor-Chat --config house/clearinghouse.toml"
)]
pub(crate) struct Add {
    #[command(flatten)]
    config: ConfigArg,
    /// Its name, as agencies will read it.
    name: String,
    /// Its id; made from the name where not given.
    #[arg(long)]
    id: Option<ProviderId>,
    /// User name of its first credential; the id where not given.
    #[arg(long)]
    username: Option<String>,
}

/// Lists the providers.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse provider list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    match command {
        Command::Add(args) => add(args, voice).await,
        Command::List(args) => list(&args, voice).await,
        Command::Profile(command) => super::sender_profile::run(command, voice).await,
    }
}

async fn add(args: Add, voice: Voice) -> Result<()> {
    let id = args.id.map_or_else(|| secrets::slug(&args.name), Ok)?;
    let username = args.username.unwrap_or_else(|| id.to_string());
    let house = house::open(&args.config.load()?).await?;
    let issued = administration::add_provider(&house, &id, &args.name, &username).await;
    house.close();
    let issued = issued?;
    let words = format!(
        "added the provider {id}\n  username  {}\n  password  {}\n  it is shown this once: hand it over now",
        issued.name, issued.secret
    );
    voice.answer(&json!({ "provider": id, "username": issued.name, "password": issued.secret }), words)
}

async fn list(args: &List, voice: Voice) -> Result<()> {
    let house = house::open(&args.config.load()?).await?;
    let all = house.read("providers", provider::list).await.doing("list the providers")?;
    house.close();
    if voice.is_json() {
        let row = |one: &provider::Provider| {
            json!({ "provider": one.id, "name": one.name, "added_at": one.added_at.to_string(),
                "disabled": one.disabled_at.is_some() })
        };
        return say::json(&all.iter().map(row).collect::<Vec<_>>());
    }
    if all.is_empty() {
        say::people("no provider yet: clearinghouse provider add NAME");
    }
    for one in all {
        say::people(format_args!("{:<24} {}", one.id, one.name));
    }
    Ok(())
}
