//! `ledger checkpoint`, `ledger verify`, `ledger prove`: the audit tree.

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, progress};
use domain::{Actor, Purpose};
use serde_json::json;
use store::intact::Files;
use store::{Event, EventKind, House, LeafId, Verdict};

use crate::outcome::{Doing, Failure, Result};

/// The append-only tree of everything that was done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Checkpoint(Checkpoint),
    Verify(Verify),
    Prove(Prove),
}

/// Prints the newest signed checkpoint; the key that checks it goes to standard error.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse ledger checkpoint --config house/clearinghouse.toml")]
pub(crate) struct Checkpoint {
    #[command(flatten)]
    config: ConfigArg,
}

/// Computes the whole tree again from its rows, compares it with every checkpoint, the rows of reports with what the ledger
/// says of them, and the bytes of every file with its digest.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse ledger verify")]
pub(crate) struct Verify {
    #[command(flatten)]
    config: ConfigArg,
    /// Leave the files alone: rows only.
    #[arg(long)]
    rows_only: bool,
}

/// Prints the proof that one leaf is in the tree, or that the tree only grew since it had a size.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse ledger prove 0192f3a1b2c47d5e8f90a1b2c3d4e5f6\n  clearinghouse ledger prove --from 4000"
)]
pub(crate) struct Prove {
    #[command(flatten)]
    config: ConfigArg,
    /// The leaf: 32 hexadecimal digits.
    #[arg(required_unless_present = "from", conflicts_with_all = ["from", "to"])]
    leaf: Option<LeafId>,
    /// Leaves of the checkpoint that somebody kept. What is printed is for `clearinghouse-verify --since`.
    #[arg(long, value_name = "SIZE")]
    from: Option<u64>,
    /// Leaves of the newer checkpoint; without it the newest that a quorum of witnesses cosigned, or else the newest.
    #[arg(long, value_name = "SIZE", requires = "from")]
    to: Option<u64>,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let config = match &command {
        Command::Checkpoint(args) => args.config.load()?,
        Command::Verify(args) => args.config.load()?,
        Command::Prove(args) => args.config.load()?,
    };
    let house = house::open(&config).await?;
    let done = match command {
        Command::Checkpoint(_) => checkpoint(&house, voice).await,
        Command::Verify(args) => verify(&house, args.rows_only, voice).await,
        Command::Prove(Prove { leaf: Some(leaf), .. }) => prove(&house, leaf, voice).await,
        Command::Prove(args) => grew(&house, args.from.unwrap_or_default(), args.to, voice).await,
    };
    house.close();
    done
}

/// Gives waiting leaves their places; any process may, and the answer then covers everything that was done.
async fn sequence(house: &House) -> Result<()> {
    house.book().sequence().await.map(|_| ()).doing("put the ledger in order")
}

/// Reading the ledger is an event of its own (R-76a). The checkpoint alone is everybody's.
async fn read_by_operator(house: &House, what: &'static str) -> Result<()> {
    let noted = house.act(Actor::Operator, Purpose::Administration, "ledger", move |act| {
        act.note(Event::of_house(EventKind::LedgerRead).to(what))
    });
    noted.await.map(drop).doing("note that the ledger is read")
}

async fn checkpoint(house: &House, voice: Voice) -> Result<()> {
    sequence(house).await?;
    let reader = house.clone();
    let note = house
        .read("checkpoint", move |view| reader.book().published(view))
        .await
        .doing("read the checkpoint")?;
    let key = house.book().vkey();
    if !voice.is_json() {
        console::say::people(format_args!("key: {key}"));
    }
    voice.document(&json!({ "checkpoint": note, "key": key }), &note)
}

async fn prove(house: &House, leaf: LeafId, voice: Voice) -> Result<()> {
    sequence(house).await?;
    let reader = house.clone();
    read_by_operator(house, "prove").await?;
    let proof =
        house.read("prove", move |view| reader.book().prove(view, leaf)).await.doing("prove the leaf")?;
    voice.document(&json!({ "leaf": leaf.to_string(), "proof": proof }), &proof)
}

/// What a log proves to whoever kept a checkpoint: that the newer tree holds all that the older one held.
async fn grew(house: &House, from: u64, to: Option<u64>, voice: Voice) -> Result<()> {
    sequence(house).await?;
    read_by_operator(house, "prove growth").await?;
    let reader = house.clone();
    let read = house.read("grew", move |view| reader.book().grew(view, from, to)).await;
    let proof = read.doing("prove the growth")?.map_err(|no| Failure::new(no.to_string()))?;
    voice.document(&json!({ "from": from, "to": to, "proof": proof }), &proof)
}

async fn verify(house: &House, rows_only: bool, voice: Voice) -> Result<()> {
    read_by_operator(house, "verify").await?;
    let watch = progress::spinner("computing the tree again");
    let verdict = house.book().verify().await;
    watch.finish_and_clear();
    let Verdict { leaves, destroyed, waiting, checkpoints, wrong } = verdict.doing("verify the ledger")?;
    let watch = progress::spinner("reading every file again");
    let files = match wrong.is_none() && !rows_only {
        true => store::intact::files(house).await,
        false => Ok(Files::default()),
    };
    watch.finish_and_clear();
    let files = files.doing("read the files again")?;
    let wrong = wrong.or(files.wrong);
    let value = json!({ "ok": wrong.is_none(), "files": files.whole, "files_destroyed": files.destroyed, "leaves": leaves, "destroyed": destroyed, "waiting": waiting,
        "checkpoints": checkpoints, "wrong": wrong });
    let words = format!(
        "{leaves} leaves under {checkpoints} checkpoints; {waiting} wait for their place, {destroyed} were destroyed by rule; {} files whole",
        files.whole
    );
    voice.answer(&value, words)?;
    match wrong {
        None => Ok(()),
        Some(wrong) => Err(Failure::new(format!("the ledger does not hold: {wrong}"))),
    }
}
