//! `library add`, `library list`, `library withdraw`: what agencies find in the library.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house};
use domain::portal::Shelf;
use office::Trouble;
use policy::Viewer;
use serde_json::json;
use store::House;
use workspace::library::{self, Brought, Volume};

use crate::outcome::{Doing, Failure, Result};

/// Documents and training material that agencies read in their portal.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Add),
    List(List),
    Withdraw(Withdraw),
}

/// Puts a document in, or a new version of one. PDF, plain text, Markdown or CSV, at most 16 MiB; a synthetic demo takes text.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse library add guide.pdf --title 'Reading a report' --summary 'For new officers' --shelf training"
)]
pub(crate) struct Add {
    #[command(flatten)]
    config: ConfigArg,
    /// The file.
    file: PathBuf,
    /// What it is called. A new version keeps the title when none is given.
    #[arg(long, required_unless_present = "follows")]
    title: Option<String>,
    /// What it is for.
    #[arg(long)]
    summary: Option<String>,
    /// Where it stands.
    #[arg(long, value_parser = PossibleValuesParser::new(Shelf::ALL.iter().map(|shelf| shelf.as_str()))
        .try_map(|word| word.parse::<Shelf>()))]
    shelf: Option<Shelf>,
    /// The document of which it is a new version.
    #[arg(long, value_name = "DOCUMENT")]
    follows: Option<String>,
}

/// Lists the documents in their newest versions.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse library list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
}

/// Takes a document out: nobody is given it any more.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse library withdraw 00112233445566778899aabbccddeeff")]
pub(crate) struct Withdraw {
    #[command(flatten)]
    config: ConfigArg,
    /// The document.
    document: String,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let config = match &command {
        Command::Add(args) => &args.config,
        Command::List(args) => &args.config,
        Command::Withdraw(args) => &args.config,
    };
    let house = house::open(&config.load()?).await?;
    let done = match command {
        Command::Add(args) => add(&house, args, voice).await,
        Command::List(_) => list(&house, voice).await,
        Command::Withdraw(args) => withdraw(&house, args.document, voice).await,
    };
    house.close();
    done
}

async fn add(house: &House, args: Add, voice: Voice) -> Result<()> {
    let doing = format!("read {}", args.file.display());
    let length = std::fs::metadata(&args.file).doing(&doing)?.len();
    if length > library::MOST_BYTES as u64 {
        return Err(Failure::new(format!("{} is longer than 16 MiB", args.file.display())));
    }
    let bytes = std::fs::read(&args.file).doing(&doing)?;
    let before = match &args.follows {
        None => None,
        Some(document) => {
            let all = library::kept(house, &Viewer::OPERATOR).await?;
            let found = all.into_iter().find(|one| one.document == *document);
            Some(found.ok_or_else(|| none(document))?)
        }
    };
    let (shelf, title, summary) = before
        .as_ref()
        .map_or((Shelf::Document, "", ""), |one| (one.shelf, one.title.as_str(), one.summary.as_str()));
    let brought = Brought {
        follows: before.as_ref().map(|one| (one.document.clone(), one.version)),
        shelf: args.shelf.unwrap_or(shelf),
        title: args.title.unwrap_or_else(|| title.to_owned()),
        summary: args.summary.unwrap_or_else(|| summary.to_owned()),
        file_name: args.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        bytes,
    };
    let document = library::add(house, &Viewer::OPERATOR, brought).await.map_err(refused)?;
    let version = before.map_or(1, |one| one.version + 1);
    let words = format!("put {} in as version {version} of document {document}", args.file.display());
    voice.answer(&json!({ "done": true, "document": document, "version": version }), words)
}

async fn list(house: &House, voice: Voice) -> Result<()> {
    let all = library::kept(house, &Viewer::OPERATOR).await?;
    let line = |one: &Volume| {
        format!("{}  version {}  {}  {}  {}", one.document, one.version, one.added_at, one.shelf, one.title)
    };
    let told: Vec<_> = all
        .iter()
        .map(|one| {
            json!({
                "document": one.document, "version": one.version, "shelf": one.shelf, "title": one.title,
                "summary": one.summary, "file": one.file_name, "size_bytes": one.size_bytes,
                "sha256": seal::hex(&one.sha256), "added_at": one.added_at,
            })
        })
        .collect();
    let lines: Vec<String> = all.iter().map(line).collect();
    let words = if lines.is_empty() { "the library is empty".to_owned() } else { lines.join("\n") };
    voice.answer(&json!({ "documents": told }), words)
}

async fn withdraw(house: &House, document: String, voice: Voice) -> Result<()> {
    let withdrawn = library::withdraw(house, &Viewer::OPERATOR, document.clone()).await;
    withdrawn.map_err(|trouble| if trouble.is_not_found() { none(&document) } else { trouble.into() })?;
    voice.answer(&json!({ "done": true, "document": document }), format!("took document {document} out"))
}

fn none(document: &str) -> Failure {
    Failure::new(format!("there is no document {document}")).hint("`library list` has them all")
}

fn refused(trouble: Trouble) -> Failure {
    match trouble.refusal().map(|refused| refused.code()) {
        Some("unfit") => Failure::new(format!("nothing was put in: {trouble}"))
            .hint("a title of at most 200 letters, and a file that is what its name says: .pdf, .txt, .md or .csv; a synthetic demo takes text only"),
        _ => trouble.into(),
    }
}
