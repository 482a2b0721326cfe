//! `vendor holds`, `owes`, `destroyed`, `emptied`: what a vendor has copies of, and what shows that they are gone.

use std::path::PathBuf;

use clap::Args;
use console::{ConfigArg, Voice, say};
use domain::{DestructionId, FileId, Id as _, ReportId, VendorId};
use office::vendors::{self, Copies, NewHolding, Of};
use policy::Viewer;
use serde_json::{Value, json};
use store::House;

use super::{day, digested, id};
use crate::outcome::{Doing, Failure, Result};

/// Records that a vendor has copies, of everything that the house keeps or of what is named. Every destruction of it then
/// waits for the vendor's word.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse vendor holds vault-hosting --everything --since 2026-01-01\n  clearinghouse vendor holds lab 1000017/0a1b2c3d4e5f60718293a4b5c6d7e8f9 --since 2026-02-03"
)]
pub(crate) struct Holds {
    /// Which vendor, by its name in addresses.
    vendor: String,
    /// What it has a copy of: a report, or one file of it.
    #[arg(value_name = "REPORT[/FILE]", value_parser = named, required_unless_present = "everything", conflicts_with = "everything")]
    of: Option<Of>,
    /// It stores the vault, the bucket or the backups: it has a copy of everything.
    #[arg(long)]
    everything: bool,
    /// First day on which it had it, in UTC.
    #[arg(long, value_parser = day)]
    since: jiff::Timestamp,
    #[command(flatten)]
    pub(crate) config: ConfigArg,
}

/// Lists what a vendor holds, and the destructions for which it owes its word.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse vendor owes vault-hosting --json")]
pub(crate) struct Owes {
    /// Which vendor, by its name in addresses.
    vendor: String,
    #[command(flatten)]
    pub(crate) config: ConfigArg,
}

/// Records what shows that a vendor destroyed what it held of a destruction. The certificate waits for it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse vendor destroyed vault-hosting 5f0c61 --document its-certificate.pdf"
)]
pub(crate) struct Destroyed {
    /// Which vendor, by its name in addresses.
    vendor: String,
    /// Which destruction, as `vendor owes` lists it.
    destruction: DestructionId,
    /// The vendor's own certificate. Its digest is recorded, and where it is.
    #[arg(long, value_name = "FILE")]
    document: PathBuf,
    #[command(flatten)]
    pub(crate) config: ConfigArg,
}

/// Records what shows that nothing of a holding is left with a vendor, such as at the end of its contract. What it was asked
/// to destroy before stays open.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse vendor emptied vault-hosting 1 --document its-certificate.pdf"
)]
pub(crate) struct Emptied {
    /// Which vendor, by its name in addresses.
    vendor: String,
    /// Which holding, by its number in `vendor owes`.
    holding: u64,
    /// The document that shows it. Its digest is recorded, and where it is.
    #[arg(long, value_name = "FILE")]
    document: PathBuf,
    #[command(flatten)]
    pub(crate) config: ConfigArg,
}

fn named(text: &str) -> std::result::Result<Of, String> {
    let report = |text: &str| text.parse::<ReportId>().map_err(|_| "no number of a report".to_owned());
    let Some((number, file)) = text.split_once('/') else { return Ok(Of::Report(report(text)?)) };
    let file: FileId = file.parse().map_err(|_| "no id of a file".to_owned())?;
    Ok(Of::File(report(number)?, file))
}

pub(super) async fn holds(house: &House, args: Holds, voice: Voice) -> Result<()> {
    let new = NewHolding { of: args.of.unwrap_or(Of::Everything), from: args.since };
    let recorded = vendors::holds(house, &Viewer::OPERATOR, id(&args.vendor)?, new).await;
    let (number, may) = recorded.map_err(|trouble| match trouble.is_not_found() {
        true => Failure::new("there is no such vendor, report or file; nothing was recorded".to_owned())
            .hint("`clearinghouse vendor list` shows the vendors; name a report as NUMBER, a file as NUMBER/FILE"),
        false => trouble.into(),
    })?;
    let says = if may {
        "every destruction of it now waits for this vendor's word"
    } else {
        "and it MAY NOT HAVE IT: `clearinghouse vendor list` says what it lacks; every destruction of it waits for its word"
    };
    voice.answer(
        &json!({ "vendor": args.vendor, "holding": number, "may_have": may }),
        format_args!("holding {number} of {}: {says}", args.vendor),
    )
}

pub(super) async fn owes(house: &House, args: Owes, voice: Voice) -> Result<()> {
    let found = vendors::copies(house, &Viewer::OPERATOR, id(&args.vendor)?).await;
    let (holdings, owed) = found.doing("look what the vendor holds")?;
    if voice.is_json() {
        let holding = |one: &vendors::Holding| {
            let (report, file) = one.of.named();
            json!({
                "holding": one.number, "report": report, "file": file, "since": one.from, "until": one.until,
                "emptied_at": one.emptied.as_ref().map(|emptied| emptied.0),
            })
        };
        return say::json(&json!({
            "vendor": args.vendor, "holds": holdings.iter().map(holding).collect::<Vec<_>>(),
            "destructions": owed.iter().map(told).collect::<Vec<_>>(),
        }));
    }
    if holdings.is_empty() {
        say::people("nothing is recorded of what it holds: no destruction waits for it");
    }
    for one in &holdings {
        let of = match &one.of {
            Of::Everything => "everything".to_owned(),
            Of::Report(report) => format!("report {report}"),
            Of::File(report, file) => format!("file {report}/{file}"),
        };
        let state =
            one.emptied.as_ref().map_or_else(String::new, |(at, _)| format!(", nothing left since {at}"));
        say::people(format_args!("holding {}: {of} since {}{state}", one.number, one.from));
    }
    for one in &owed {
        let state = match &one.confirmed {
            Some(shown) => format!("shown {}", shown.at),
            None => format!("OPEN, due {}", one.due_at),
        };
        say::people(format_args!(
            "destruction {}: {} file(s), {} whole report(s), asked {}, {state}",
            one.destruction, one.files, one.reports, one.asked_at
        ));
    }
    Ok(())
}

fn told(one: &Copies) -> Value {
    json!({
        "destruction": one.destruction, "files": one.files, "reports": one.reports, "asked_at": one.asked_at,
        "due_at": one.due_at, "confirmed_at": one.confirmed.as_ref().map(|shown| shown.at),
    })
}

pub(super) async fn destroyed(house: &House, args: Destroyed, voice: Voice) -> Result<()> {
    let (vendor, document) = (id(&args.vendor)?, digested(&args.document)?);
    let what = (vendor.clone(), args.destruction.clone());
    let done = vendors::destroyed(house, &Viewer::OPERATOR, what, document).await;
    done.map_err(|trouble| not_open(trouble, &vendor, "owes nothing for this destruction"))?;
    voice.answer(
        &json!({ "vendor": vendor, "destruction": args.destruction, "done": true }),
        format_args!(
            "recorded that {vendor} did destruction {}; the certificate is signed once no vendor owes its word",
            args.destruction
        ),
    )
}

pub(super) async fn emptied(house: &House, args: Emptied, voice: Voice) -> Result<()> {
    let (vendor, document) = (id(&args.vendor)?, digested(&args.document)?);
    let what = (vendor.clone(), args.holding);
    let done = vendors::emptied(house, &Viewer::OPERATOR, what, document).await;
    done.map_err(|trouble| not_open(trouble, &vendor, "has no such holding that is open"))?;
    voice.answer(
        &json!({ "vendor": vendor, "holding": args.holding, "done": true }),
        format_args!("recorded that nothing of holding {} is left with {vendor}", args.holding),
    )
}

fn not_open(trouble: office::Trouble, vendor: &VendorId, says: &str) -> Failure {
    match trouble.is_not_found() {
        true => Failure::new(format!("{} {says}; nothing was recorded", vendor.as_str()))
            .hint("`clearinghouse vendor owes` lists both"),
        false => trouble.into(),
    }
}
