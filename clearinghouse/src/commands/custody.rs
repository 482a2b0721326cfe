//! `custody status`, `custody rotate`: the epoch keys, who holds them, and their end.

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say};
use serde_json::json;
use store::{House, LiveEpoch, rotation};

use crate::outcome::{Doing, Result};

/// Epochs that are over and still listed.
const MOST_PAST: u32 = 20;

/// The epoch keys. Each day has one; every other key is sealed under it, and it dies when the next has taken over, so that
/// what was destroyed is dead in backups too.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Status(Status),
    Rotate(Rotate),
}

/// Lists the epochs that live, how many keys are under each, and the ones that are over.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse custody status --json")]
pub(crate) struct Status {
    #[command(flatten)]
    config: ConfigArg,
}

/// Ends the present epoch now, without waiting for its hour: makes the next, wraps every key anew, destroys the old one.
/// Every backup that was made before opens from now on only with the keys of a newer one.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse custody rotate")]
pub(crate) struct Rotate {
    #[command(flatten)]
    config: ConfigArg,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let (Command::Status(Status { config }) | Command::Rotate(Rotate { config })) = &command;
    let house = house::open(&config.load()?).await?;
    let done = match command {
        Command::Status(_) => status(&house, voice).await,
        Command::Rotate(_) => rotate(&house, voice).await,
    };
    house.close();
    done
}

async fn status(house: &House, voice: Voice) -> Result<()> {
    let read = house.read("custody", |view| Ok((rotation::live(view)?, rotation::history(view, MOST_PAST)?)));
    let (live, past) = read.await.doing("read the epochs")?;
    if voice.is_json() {
        let alive = |epoch: &LiveEpoch| json!({ "epoch": epoch.number, "held_as": epoch.held_as, "keys": epoch.keys, "created_at": epoch.created_at });
        let over = |epoch: &store::PastEpoch| json!({ "epoch": epoch.number, "held_as": epoch.held_as, "created_at": epoch.created_at, "retired_at": epoch.retired_at, "destroyed_at": epoch.destroyed_at });
        return say::json(
            &json!({ "live": live.iter().map(alive).collect::<Vec<_>>(), "past": past.iter().map(over).collect::<Vec<_>>() }),
        );
    }
    for LiveEpoch { number, held_as, created_at, keys } in &live {
        let held_as = held_as.as_deref().unwrap_or("sealed by the root, from before custody");
        say::people(format_args!("live    epoch {number}  since {created_at}  {keys} key(s)  {held_as}"));
    }
    for epoch in &past {
        match epoch.destroyed_at {
            Some(at) => say::people(format_args!("dead    epoch {}  destroyed {at}", epoch.number)),
            None => say::people(format_args!("doomed  epoch {}  its key is not destroyed yet", epoch.number)),
        }
    }
    Ok(())
}

async fn rotate(house: &House, voice: Voice) -> Result<()> {
    let newest = house.read("custody::newest", rotation::newest).await.doing("read the epochs")?;
    house.rotation().run_through(newest).await.doing("rotate the epoch keys")?;
    voice.answer(
        &json!({ "done": true, "destroyed": newest }),
        format_args!("epoch {newest} is over, and its key is destroyed"),
    )
}
