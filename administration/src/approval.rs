//! `approval list`: what waits for a second person. Agreeing takes a person who is signed in; the command line is none.

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say};
use serde_json::json;
use store::{House, approval};

use crate::outcome::{Doing, Result};

/// What two people must agree on. They do so on /admin/approvals, each in a session of their own.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(List),
}

/// Lists what was asked last, and how it stands.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse approval list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
    /// Only what waits for a second person.
    #[arg(long)]
    open: bool,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let Command::List(args) = command;
    let house = house::open(&args.config.load()?).await?;
    let done = list(&house, args.open, voice).await;
    house.close();
    done
}

async fn list(house: &House, only_open: bool, voice: Voice) -> Result<()> {
    let now = house.now();
    let read = house.read(
        "approvals",
        move |view| {
            if only_open { approval::open(view) } else { approval::recent(view) }
        },
    );
    let all = read.await.doing("list the approvals")?;
    if voice.is_json() {
        let rows = all.iter().map(|one| {
            json!({
                "approval": one.id, "kind": one.kind, "subject": one.subject, "asked_by": one.asked_by,
                "asked_at": one.asked_at, "ends_at": one.ends_at, "state": one.state(now).as_str(),
                "decided_by": one.decided.as_ref().map(|(person, _)| person),
            })
        });
        return say::json(&rows.collect::<Vec<_>>());
    }
    if all.is_empty() {
        say::people("nothing was asked for");
    }
    for one in &all {
        let (state, kind) = (one.state(now).as_str(), one.kind.says());
        say::people(format_args!(
            "{}  {state:<10} to {kind}: {} (asked by {})",
            one.id, one.subject, one.asked_by
        ));
    }
    Ok(())
}
