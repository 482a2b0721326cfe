//! `dead-letters list`, `dead-letters revive`: work that was given up and waits for a person.

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say};
use domain::{Actor, Purpose, ReportId};
use serde_json::json;
use store::work::{self, DeadWork};
use store::{House, Refusal};

use crate::outcome::{Doing, Failure, Result};

/// Work that failed again and again. Its reports are kept and move on once revived.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(List),
    Revive(Revive),
}

/// Lists the work that was given up, with what was said last.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse dead-letters list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
}

/// Takes work up again, once its cause is mended.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse dead-letters revive 1000017\n  clearinghouse dead-letters revive --all"
)]
pub(crate) struct Revive {
    #[command(flatten)]
    config: ConfigArg,
    /// The reports whose work is to be taken up again.
    #[arg(required_unless_present = "all")]
    reports: Vec<ReportId>,
    /// Take up everything.
    #[arg(long, conflicts_with = "reports")]
    all: bool,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    match command {
        Command::List(args) => {
            let house = house::open(&args.config.load()?).await?;
            let dead = dead(&house).await?;
            house.close();
            list(&dead, voice)
        }
        Command::Revive(args) => {
            let house = house::open(&args.config.load()?).await?;
            let revived = revive(&house, &args).await;
            house.close();
            let revived = revived?;
            voice.answer(
                &json!({ "done": true, "revived": revived }),
                format_args!("took up {revived} piece(s) of work"),
            )
        }
    }
}

async fn dead(house: &House) -> Result<Vec<DeadWork>> {
    house.read("dead-work", work::dead).await.doing("list the work that was given up")
}

fn list(dead: &[DeadWork], voice: Voice) -> Result<()> {
    if voice.is_json() {
        let row = |work: &DeadWork| json!({ "report": work.report, "dead_at": work.dead_at.to_string(), "error": work.error });
        return say::json(&dead.iter().map(row).collect::<Vec<_>>());
    }
    if dead.is_empty() {
        say::people("no work was given up");
    }
    for DeadWork { report, dead_at, error, .. } in dead {
        say::people(format_args!("{report}  {dead_at}  {error}"));
    }
    Ok(())
}

async fn revive(house: &House, args: &Revive) -> Result<usize> {
    let dead = dead(house).await?;
    let chosen: Vec<DeadWork> =
        dead.into_iter().filter(|work| args.all || args.reports.contains(&work.report)).collect();
    if let Some(unknown) =
        args.reports.iter().find(|report| !chosen.iter().any(|work| work.report == **report))
    {
        return Err(Failure::new(format!("no work of report {unknown} was given up"))
            .hint("`clearinghouse dead-letters list` shows what was"));
    }
    let mut revived = 0;
    for DeadWork { work, .. } in chosen {
        let done = house
            .act(Actor::Operator, Purpose::Administration, "revive", move |act| work::revive(act, work))
            .await;
        match done {
            Ok(()) => revived += 1,
            // Somebody else took it up in between.
            Err(error) if error.refusal() == Some(Refusal::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(revived)
}
