//! `export`: one report, in one form, as the agency that it was made available to may have it.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use clap::builder::PossibleValuesParser;
use console::{ConfigArg, Voice, house};
use domain::{AgencyId, Delivery, ReportId};
use pipeline::package::{self, Carried, Download, Fault};
use pipeline::{Viewer, exports};
use seal::Digests;
use serde_json::json;
use store::House;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::outcome::{Doing, Failure, Result};

/// The form that holds every other form, and the files.
const PACKAGE: &str = "package";

/// Writes a report to a file. What leaves is what the agency may have, and the ledger says that it left.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  clearinghouse export 1000001 --for icac-us-mn --as package --to report.zip\n  clearinghouse export 1000001 --for icac-us-mn --as package --to stick/report.zip --carrier J.Doe --medium 'USB stick, serial 4711'"
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
    /// Who carries the file away: writes a custody record beside it, FILE.custody.json and FILE.custody.pdf.
    #[arg(long, value_name = "WHO", requires = "medium")]
    carrier: Option<String>,
    /// What it is carried on, with whatever names it.
    #[arg(long, value_name = "WHAT", requires = "carrier")]
    medium: Option<String>,
}

/// What was written.
struct Written {
    bytes: u64,
    sha256: [u8; 32],
    is_sealed: bool,
    delivery: Delivery,
}

fn forms() -> PossibleValuesParser {
    PossibleValuesParser::new([PACKAGE].into_iter().chain(exports::ALL.iter().map(|export| export.name)))
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let house = house::open(&args.config.load()?).await?;
    let written = write(&house, &args).await;
    house.close();
    let (written, records) = written?;
    let words = format!("wrote report {} as {} to {}", args.report, args.form, args.file.display());
    let told = json!({
        "done": true, "report": args.report, "file": args.file, "bytes": written.bytes,
        "sha256": seal::hex(&written.sha256), "records": records,
    });
    voice.answer(&told, words)
}

/// Writes to new files, which are taken away again when they could not be written whole.
async fn write(house: &House, args: &Args) -> Result<(Written, Vec<PathBuf>)> {
    let mut out = create(&args.file).await?;
    let mut made = vec![args.file.clone()];
    let written = match fill(house, args, &mut out).await {
        Ok(written) => record(house, args, &written, &mut made).await.map(|()| written),
        Err(failure) => Err(failure),
    };
    match written {
        Ok(written) => Ok((written, made.split_off(1))),
        Err(failure) => {
            for file in &made {
                let doing = format!("remove the unfinished {}", file.display());
                tokio::fs::remove_file(file).await.doing(&doing)?;
            }
            Err(failure)
        }
    }
}

/// What leaves is settled and entered in the ledger before its first byte is written.
async fn fill(house: &House, args: &Args, out: &mut File) -> Result<Written> {
    // The operator takes it out for the agency, and reaches no further than the agency does.
    let viewer = Viewer::operator_for(args.agency.clone());
    let taken = match exports::find(&args.form) {
        Some(export) => package::document(house, &viewer, args.report, export).await,
        None => package::take(house, &viewer, args.report).await,
    };
    let download = taken.map_err(|fault| refused(fault, args))?;
    let (is_sealed, delivery) = (download.is_sealed(), download.delivery().clone());
    let mut digests = Digests::new();
    stream(download, out, &mut digests).await?;
    out.sync_all().await.doing("write it durably")?;
    let found = digests.finish();
    Ok(Written { bytes: found.size_bytes, sha256: found.sha256, is_sealed, delivery })
}

/// The custody record of what is carried away, beside it.
async fn record(house: &House, args: &Args, written: &Written, made: &mut Vec<PathBuf>) -> Result<()> {
    let (Some(carrier), Some(medium)) = (&args.carrier, &args.medium) else { return Ok(()) };
    let delivery = written.delivery.clone();
    let name = args.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let carried = Carried {
        report: args.report,
        delivery,
        file: name.clone(),
        size_bytes: written.bytes,
        sha256: written.sha256,
        is_sealed: written.is_sealed,
        carrier: carrier.clone(),
        medium: medium.clone(),
    };
    let viewer = Viewer::operator_for(args.agency.clone());
    let record =
        package::record_carried(house, &viewer, &carried).await.map_err(|fault| refused(fault, args))?;
    let pages = formats::custody_record::pdf(&record).doing("write the pages of the custody record")?;
    for (ending, bytes) in [("json", record.into_bytes()), ("pdf", pages)] {
        let file = args.file.with_file_name(format!("{name}.custody.{ending}"));
        let mut out = create(&file).await?;
        made.push(file);
        out.write_all(&bytes).await.doing("write the custody record")?;
        out.sync_all().await.doing("write it durably")?;
    }
    Ok(())
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

async fn stream(mut package: Download, out: &mut File, digests: &mut Digests) -> Result<()> {
    while let Some(piece) = package.next().await.doing("make the package")? {
        digests.update(&piece);
        out.write_all(&piece).await.doing("write the package")?;
    }
    Ok(())
}
