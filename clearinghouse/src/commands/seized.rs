//! `seized add`, `seized list`, `seized give`, `seized remove`: what an agency seized, as digests.

use std::fs::File;
use std::io::{BufWriter, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house};
use domain::{AgencyId, Private, SeizedSetId};
use pipeline::Viewer;
use seized::{Fault, Feed, NewSet, SeizedSet, State};
use serde_json::json;
use store::House;

use crate::outcome::{Doing, Failure, Result};

/// Bytes that are read at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// Sets of media that an agency seized: VICS documents and lists of digests, found again in reports.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Add),
    List(List),
    Give(Give),
    Remove(Remove),
}

/// Reads a VICS document (1.3 or 2.0) or a list of digests into a set of an agency. Read whole, or nothing is kept.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse seized add case-17.json --for icac-us-mn --name 'Phone 26-17'"
)]
pub(crate) struct Add {
    #[command(flatten)]
    config: ConfigArg,
    /// The document.
    file: PathBuf,
    /// Whose set it is.
    #[arg(long = "for", value_name = "AGENCY")]
    agency: AgencyId,
    /// What the agency calls it.
    #[arg(long)]
    name: String,
}

/// Lists the sets of an agency.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse seized list --for icac-us-mn")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
    /// Whose sets.
    #[arg(long = "for", value_name = "AGENCY")]
    agency: AgencyId,
}

/// Writes a set down again as it came, with the members that we do not know.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse seized give 00112233445566778899aabbccddeeff --for icac-us-mn --to set.json"
)]
pub(crate) struct Give {
    #[command(flatten)]
    config: ConfigArg,
    /// The set.
    set: SeizedSetId,
    /// Whose set it is.
    #[arg(long = "for", value_name = "AGENCY")]
    agency: AgencyId,
    /// The file to write. It must not be there yet.
    #[arg(long = "to", value_name = "FILE")]
    file: PathBuf,
}

/// Removes a set with everything in it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse seized remove 00112233445566778899aabbccddeeff --for icac-us-mn"
)]
pub(crate) struct Remove {
    #[command(flatten)]
    config: ConfigArg,
    /// The set.
    set: SeizedSetId,
    /// Whose set it is.
    #[arg(long = "for", value_name = "AGENCY")]
    agency: AgencyId,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let config = match &command {
        Command::Add(args) => &args.config,
        Command::List(args) => &args.config,
        Command::Give(args) => &args.config,
        Command::Remove(args) => &args.config,
    };
    let house = house::open(&config.load()?).await?;
    let done = match &command {
        Command::Add(args) => add(&house, args, voice).await,
        Command::List(args) => list(&house, args, voice).await,
        Command::Give(args) => give(&house, args, voice).await,
        Command::Remove(args) => remove(&house, args, voice).await,
    };
    house.close();
    done
}

async fn add(house: &House, args: &Add, voice: Voice) -> Result<()> {
    let file = File::open(&args.file).doing(&format!("read {}", args.file.display()))?;
    let (feed, source) = seized::feed();
    let pouring = tokio::spawn(pour(file, feed));
    let new = NewSet { name: Private::new(args.name.clone()), source };
    let taken = seized::take(house, &Viewer::operator_for(args.agency.clone()), new).await;
    pouring.await.doing("read the document")?.doing(&format!("read {}", args.file.display()))?;
    let set = taken.map_err(|fault| refused(fault, &args.agency))?;
    let words = format!("took {} as set {set} of {}", args.file.display(), args.agency);
    voice.answer(&json!({ "done": true, "set": set, "agency": args.agency }), words)
}

/// Feeds a file as fast as it is taken.
async fn pour(mut file: File, feed: Feed) -> std::io::Result<()> {
    loop {
        let (back, bytes) = tokio::task::spawn_blocking(move || {
            let mut bytes = vec![0; PIECE_BYTES];
            let read = file.read(&mut bytes);
            (
                file,
                read.map(|length| {
                    bytes.truncate(length);
                    bytes
                }),
            )
        })
        .await
        .map_err(std::io::Error::other)?;
        file = back;
        let bytes = bytes?;
        if bytes.is_empty() {
            feed.end().await;
            return Ok(());
        }
        if !feed.push(bytes.into()).await {
            return Ok(());
        }
    }
}

async fn list(house: &House, args: &List, voice: Voice) -> Result<()> {
    let sets = seized::list(house, &Viewer::operator_for(args.agency.clone())).await?;
    let lines: Vec<String> = sets.iter().map(line).collect();
    let told: Vec<_> = sets
        .iter()
        .map(|set| {
            json!({
                "set": set.id, "name": set.name.reveal(), "form": set.form, "records": set.records,
                "without_digest": set.without_digest, "begun_at": set.begun_at, "taken_at": set.taken_at,
                "removed_at": set.removed_at,
            })
        })
        .collect();
    let words = if lines.is_empty() { "no set was brought yet".to_owned() } else { lines.join("\n") };
    voice.answer(&json!({ "sets": told }), words)
}

fn line(set: &SeizedSet) -> String {
    let state = match set.state() {
        State::Unfinished => "unfinished",
        State::Taken => "in use",
        State::Removed => "removed",
    };
    let form = set.form.as_deref().unwrap_or("unknown form");
    format!("{}  {state}  {} records  {form}  {}", set.id, set.records, set.name.reveal())
}

async fn give(house: &House, args: &Give, voice: Voice) -> Result<()> {
    let doing = format!("write {}", args.file.display());
    let opened = File::options().write(true).create_new(true).mode(0o600).open(&args.file);
    let out = BufWriter::new(opened.doing(&doing)?);
    let viewer = Viewer::operator_for(args.agency.clone());
    match seized::give_back(house, &viewer, &args.set, out).await {
        Ok(pieces) => {
            let words = format!("wrote set {} to {}", args.set, args.file.display());
            voice
                .answer(&json!({ "done": true, "set": args.set, "file": args.file, "pieces": pieces }), words)
        }
        Err(fault) => {
            unwritten(&args.file)?;
            Err(refused(fault, &args.agency))
        }
    }
}

fn unwritten(file: &Path) -> Result<()> {
    std::fs::remove_file(file).doing(&format!("remove the unfinished {}", file.display()))
}

async fn remove(house: &House, args: &Remove, voice: Voice) -> Result<()> {
    let removed = seized::remove(house, &Viewer::operator_for(args.agency.clone()), &args.set).await;
    removed.map_err(|trouble| refused(trouble.into(), &args.agency))?;
    voice.answer(&json!({ "done": true, "set": args.set }), format!("removed set {}", args.set))
}

fn refused(fault: Fault, agency: &AgencyId) -> Failure {
    match fault {
        Fault::Trouble(trouble) if trouble.is_not_found() => {
            Failure::new(format!("{agency} has no such set")).hint("`seized list` has them all")
        }
        Fault::Trouble(trouble) => trouble.into(),
        fault @ Fault::Unreadable(_) => Failure::new(format!("nothing was taken: {fault}"))
            .hint("bring a VICS document or a list of digests"),
        fault @ Fault::Writing(_) => Failure::new(fault.to_string()),
    }
}
