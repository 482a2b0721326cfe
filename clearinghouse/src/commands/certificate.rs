//! `certificate`: the records of one report, certified for a court.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use console::{ConfigArg, Voice, house};
use domain::{AgencyId, ReportId};
use pipeline::Viewer;
use pipeline::certificate::{self, Form, NoCertificate, SignedCertificate, Signer};
use serde_json::json;
use store::House;

use crate::build;
use crate::outcome::{Doing, Failure, Result};

/// Writes a certificate of a report's records (Fed. R. Evid. 902(13), 902(14)): what was received with its digests, what
/// happened to it with proofs, and a declaration to be signed by hand. `.pdf` has pages, `.json` the data.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  clearinghouse certificate 1000001 --for icac-us-mn --signer J.Doe --role 'custodian of records' --to certificate.pdf"
)]
pub(crate) struct Args {
    #[command(flatten)]
    config: ConfigArg,
    /// Number of the report.
    report: ReportId,
    /// The agency that it was made available to, and for which it is certified.
    #[arg(long = "for", value_name = "AGENCY")]
    agency: AgencyId,
    /// Name of whoever will sign it.
    #[arg(long, value_name = "NAME")]
    signer: String,
    /// Role and office that make this person qualified.
    #[arg(long, value_name = "ROLE")]
    role: String,
    /// The file to write, ending with .pdf or .json. It must not be there yet.
    #[arg(long = "to", value_name = "FILE")]
    file: PathBuf,
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let ending = args.file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_owned();
    if !["pdf", "json"].contains(&ending.as_str()) {
        return Err(Failure::new(format!("{} ends neither with .pdf nor with .json", args.file.display())));
    }
    let house = house::open(&args.config.load()?).await?;
    let form = if ending == "json" { Form::Json } else { Form::Pages };
    let made = make(&house, &args, form).await;
    house.close();
    let signed = made?;
    let bytes = form.of(&signed).doing("write the pages")?;
    let doing = format!("write {}", args.file.display());
    let opened = std::fs::File::options().write(true).create_new(true).mode(0o600).open(&args.file);
    let mut out = opened.doing(&doing)?;
    out.write_all(&bytes).and_then(|()| out.sync_all()).doing(&doing)?;
    let words = format!(
        "wrote the certificate of report {} to {}; it is not signed yet",
        args.report,
        args.file.display()
    );
    voice.answer(
        &json!({ "done": true, "report": args.report, "file": args.file, "bytes": bytes.len() }),
        words,
    )
}

async fn make(house: &House, args: &Args, form: Form) -> Result<SignedCertificate> {
    // The operator takes it out for the agency, and reaches no further than the agency does.
    let viewer = Viewer::operator_for(args.agency.clone());
    let signer = Signer { name: args.signer.clone(), role: args.role.clone() };
    let made = certificate::certify(house, &viewer, args.report, (signer, form), &build::running()).await;
    made.map_err(|fault| match fault {
        NoCertificate::Trouble(trouble) if trouble.is_not_found() => {
            Failure::new(format!("report {} was not made available to {}", args.report, args.agency))
                .hint("only for the agencies that a report was made available to can it be certified")
        }
        NoCertificate::Trouble(trouble) => trouble.into(),
        fault => Failure::new(fault.to_string()),
    })
}
