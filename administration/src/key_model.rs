//! `key-model accept`, `drop`, `list`: which models of keys a home takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say};
use domain::{Actor, Purpose};
use serde_json::json;
use store::model::{self, Model};
use store::{House, Refusal};

use super::person::At;
use crate::outcome::{Doing, Failure, Result};

/// Which models of keys people may sign in with: those of the clearinghouse, of an agency, or of a provider.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Accept(Accept),
    Drop(Drop),
    List(List),
}

/// Accepts a model. From the first one on, no other is taken; keys that are enrolled stay.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse key-model accept 2fc0579f-8113-47ea-b116-bb5a8db9202a --agency icac-us-mn --name 'Issued key' --fips --root makers.pem"
)]
pub(crate) struct Accept {
    #[command(flatten)]
    config: ConfigArg,
    #[command(flatten)]
    at: At,
    /// Its AAGUID.
    aaguid: String,
    /// What its makers call it.
    #[arg(long)]
    name: String,
    /// It stands on a FIPS 140 certificate.
    #[arg(long)]
    fips: bool,
    /// Its makers' root certificate as PEM: each new key then has to prove that it is of this model.
    #[arg(long, value_name = "FILE")]
    root: Option<PathBuf>,
}

/// Takes a model off a list. Keys of it that are enrolled stay.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse key-model drop 2fc0579f-8113-47ea-b116-bb5a8db9202a --agency icac-us-mn"
)]
pub(crate) struct Drop {
    #[command(flatten)]
    config: ConfigArg,
    #[command(flatten)]
    at: At,
    /// Its AAGUID.
    aaguid: String,
}

/// Lists the models that a home takes; every model is taken where there is none.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse key-model list --agency icac-us-mn --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
    #[command(flatten)]
    at: At,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let config = match &command {
        Command::Accept(args) => args.config.load()?,
        Command::Drop(args) => args.config.load()?,
        Command::List(args) => args.config.load()?,
    };
    let house = house::open(&config).await?;
    let done = match command {
        Command::Accept(args) => accept(&house, args, voice).await,
        Command::Drop(args) => drop_it(&house, args, voice).await,
        Command::List(args) => list(&house, args, voice).await,
    };
    house.close();
    done
}

async fn accept(house: &House, args: Accept, voice: Voice) -> Result<()> {
    let root_pem = match &args.root {
        Some(file) => Some(std::fs::read_to_string(file).doing(&format!("read {}", file.display()))?),
        None => None,
    };
    let home = args.at.home();
    let (proved, named) = (root_pem.is_some(), args.name.clone());
    let new =
        Model { aaguid: args.aaguid.clone(), name: args.name, fips: args.fips, root_pem, added_at: None };
    let put = house.act(Actor::Operator, Purpose::Administration, "key-model-accept", move |act| {
        model::put(act, &home, &new)
    });
    put.await.map_err(|error| match error.refusal() {
        Some(Refusal::Unfit { what }) => Failure::new(format!("the {what} is not acceptable"))
            .hint("an AAGUID is 32 hexadecimal digits in five groups; a model has a name"),
        _ => error.into(),
    })?;
    let how = if proved { "each new key has to prove it" } else { "its own word is taken" };
    voice.answer(
        &json!({ "aaguid": args.aaguid, "accepted": true, "proved": proved }),
        format_args!("{named} is on the list; {how}"),
    )
}

async fn drop_it(house: &House, args: Drop, voice: Voice) -> Result<()> {
    let (home, aaguid) = (args.at.home(), args.aaguid.clone());
    let removed = house.act(Actor::Operator, Purpose::Administration, "key-model-drop", move |act| {
        model::remove(act, &home, &aaguid)
    });
    removed.await.map_err(|error| match error.refusal() {
        Some(Refusal::NotFound) => Failure::new("this model is not on the list".to_owned())
            .hint("`clearinghouse key-model list` shows the list of a home"),
        _ => error.into(),
    })?;
    voice.answer(
        &json!({ "aaguid": args.aaguid, "accepted": false }),
        format_args!("{} is off the list", args.aaguid),
    )
}

async fn list(house: &House, args: List, voice: Voice) -> Result<()> {
    let home = args.at.home();
    let all = house.read("key-models", move |view| model::of_home(view, &home)).await;
    let all = all.doing("list the models")?;
    if voice.is_json() {
        let row = |one: &Model| {
            json!({
                "aaguid": one.aaguid, "name": one.name, "fips": one.fips, "proved": one.root_pem.is_some(),
            })
        };
        return say::json(&all.iter().map(row).collect::<Vec<_>>());
    }
    if all.is_empty() {
        say::people("every model is taken");
    }
    for one in &all {
        let fips = if one.fips { "FIPS 140" } else { "" };
        say::people(format_args!("{}  {:<30} {fips}", one.aaguid, one.name));
    }
    Ok(())
}
