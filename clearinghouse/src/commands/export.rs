//! `export`: one report, in one form, as the agency that it was made available to may have it.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use clap::builder::PossibleValuesParser;
use domain::{AgencyId, ReportId};
use pipeline::package::{self, Download, Fault};
use pipeline::{Viewer, exports};
use serde_json::json;
use store::House;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use super::{ConfigArg, Voice};
use crate::house;
use crate::outcome::{Doing, Failure, Result};

/// The form that holds every other form, and the files.
const PACKAGE: &str = "package";

/// Writes a report to a file. What leaves is what the agency may have, and the ledger says that it left.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  clearinghouse export 1000001 --for icac-us-mn --as package --to report.zip"
)]
pub(crate) struct Args {
    #[command(flatten)]
    config: ConfigArg,
    /// Number of the report.
    report: ReportId,
    /// The agency that it was made available to, and for which it is taken out.
    #[arg(long = "for", value_name = "AGENCY")]
    agency: AgencyId,
    /// In which form.
    #[arg(long = "as", value_name = "FORMAT", value_parser = forms())]
    form: String,
    /// The file to write. It must not be there yet.
    #[arg(long = "to", value_name = "FILE")]
    file: PathBuf,
}

fn forms() -> PossibleValuesParser {
    PossibleValuesParser::new([PACKAGE].into_iter().chain(exports::ALL.iter().map(|export| export.name)))
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let house = house::open(&args.config.load()?).await?;
    let written = write(&house, &args).await;
    house.close();
    let bytes = written?;
    let words = format!("wrote report {} as {} to {}", args.report, args.form, args.file.display());
    voice.answer(&json!({ "done": true, "report": args.report, "file": args.file, "bytes": bytes }), words)
}

/// Writes to a new file, which is taken away again when it could not be written whole.
async fn write(house: &House, args: &Args) -> Result<u64> {
    let mut out = create(&args.file).await?;
    let written = fill(house, args, &mut out).await;
    if written.is_err() {
        tokio::fs::remove_file(&args.file)
            .await
            .doing(&format!("remove the unfinished {}", args.file.display()))?;
    }
    written
}

/// What leaves is settled and entered in the ledger before its first byte is written.
async fn fill(house: &House, args: &Args, out: &mut File) -> Result<u64> {
    // The operator takes it out for the agency, and reaches no further than the agency does.
    let viewer = Viewer::operator_for(args.agency.clone());
    let dossier = pipeline::dossier(house, &viewer, args.report)
        .await
        .map_err(|trouble| if trouble.is_not_found() { unavailable(args) } else { trouble.into() })?;
    let bytes = match exports::find(&args.form) {
        Some(export) => {
            let document = package::document(house, &viewer, dossier, export).await;
            let bytes = document.map_err(|fault| refused(fault, args))?.bytes;
            out.write_all(&bytes).await.doing("write the document")?;
            bytes.len() as u64
        }
        None => {
            let package = package::take(house, &viewer, dossier).await;
            stream(package.map_err(|fault| refused(fault, args))?, out).await?
        }
    };
    out.sync_all().await.doing("write it durably")?;
    Ok(bytes)
}

fn refused(fault: Fault, args: &Args) -> Failure {
    match fault {
        Fault::Trouble(trouble) if trouble.is_not_found() => unavailable(args),
        fault => fault.into(),
    }
}

fn unavailable(args: &Args) -> Failure {
    Failure::new(format!("report {} was not made available to {}", args.report, args.agency))
        .hint("only the agencies that a report was made available to may have it")
}

async fn create(file: &Path) -> Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true).mode(0o600);
    options.open(file).await.doing(&format!("write {}", file.display()))
}

async fn stream(mut package: Download, out: &mut File) -> Result<u64> {
    let mut bytes = 0;
    while let Some(piece) = package.next().await.doing("make the package")? {
        out.write_all(&piece).await.doing("write the package")?;
        bytes += piece.len() as u64;
    }
    Ok(bytes)
}
