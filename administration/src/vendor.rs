//! `vendor add`, `show`, `list`, `may`, `end`, and what vendors hold: the register of vendors, which counsel keeps on
//! /admin/vendors, people too.

mod copies;

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say};
use domain::{Id as _, VendorEvidence, VendorId};
use office::vendors::{self, NewEvidence, NewVendor};
use policy::Viewer;
use policy::disclosure::DataClass;
use policy::vendor::Standing;
use serde_json::{Value, json};
use store::House;

use crate::outcome::{Doing, Failure, Result};

/// Vendors: who works for the house under contract. Nothing is given to one before it has shown everything.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Add),
    Show(Show),
    List(List),
    May(May),
    End(End),
    Holds(copies::Holds),
    Owes(copies::Owes),
    Destroyed(copies::Destroyed),
    Emptied(copies::Emptied),
}

/// Puts a vendor on the register.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse vendor add vault-hosting --name 'Vault Hosting' --services 'stores sealed bytes' --grace-days 14"
)]
pub(crate) struct Add {
    /// Its name in addresses: small letters, digits and hyphens.
    vendor: String,
    /// What it is called.
    #[arg(long)]
    name: String,
    /// What it does for the house.
    #[arg(long)]
    services: String,
    /// Days after the end of what it shows in which it still receives, as counsel set them.
    #[arg(long, default_value_t = 0)]
    grace_days: u16,
    #[command(flatten)]
    config: ConfigArg,
}

/// Records what shows that a vendor may: a document with its dates.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse vendor show vault-hosting --kind contract --document contract.pdf --from 2026-01-01 --until 2027-01-01"
)]
pub(crate) struct Show {
    /// Which vendor, by its name in addresses.
    vendor: String,
    /// What it shows: contract, designation, security-statement, audit, findings-mended, encryption, location, list-of-people, subcontract.
    #[arg(long)]
    kind: VendorEvidence,
    /// The document. Its digest is recorded, and where it is.
    #[arg(long, value_name = "FILE")]
    document: PathBuf,
    /// First day on which it counts, in UTC.
    #[arg(long, value_parser = day)]
    from: jiff::Timestamp,
    /// First day on which it no longer counts, in UTC.
    #[arg(long, value_parser = day)]
    until: jiff::Timestamp,
    #[command(flatten)]
    config: ConfigArg,
}

/// Lists the vendors and how each stands.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse vendor list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
}

/// Says whether a vendor may be given something now, and in which form. Question and answer are recorded.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse vendor may vault-hosting depictions")]
pub(crate) struct May {
    /// Which vendor, by its name in addresses.
    vendor: String,
    /// words, depictions, elements, tipster or other-providers.
    #[arg(value_parser = class)]
    data: DataClass,
    #[command(flatten)]
    config: ConfigArg,
}

/// Ends a vendor: nothing is given to it from now on, for good.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse vendor end vault-hosting")]
pub(crate) struct End {
    /// Which vendor, by its name in addresses.
    vendor: String,
    #[command(flatten)]
    config: ConfigArg,
}

fn day(text: &str) -> std::result::Result<jiff::Timestamp, String> {
    office::day(text).ok_or_else(|| "a day is written 2026-02-03".to_owned())
}

fn class(text: &str) -> std::result::Result<DataClass, String> {
    let known = vendors::CLASSES.into_iter().find(|class| vendors::word(*class) == text);
    known.ok_or_else(|| "one of words, depictions, elements, tipster, other-providers".to_owned())
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let config = match &command {
        Command::Add(args) => &args.config,
        Command::Show(args) => &args.config,
        Command::List(args) => &args.config,
        Command::May(args) => &args.config,
        Command::End(args) => &args.config,
        Command::Holds(args) => &args.config,
        Command::Owes(args) => &args.config,
        Command::Destroyed(args) => &args.config,
        Command::Emptied(args) => &args.config,
    };
    let house = house::open(&config.load()?).await?;
    let done = within(&house, command, voice).await;
    house.close();
    done
}

fn id(text: &str) -> Result<VendorId> {
    VendorId::parse(text).doing("read the name of the vendor")
}

/// Where a document is, and its SHA-256.
fn digested(document: &Path) -> Result<(String, [u8; 32])> {
    let bytes = fs::read(document).doing(&format!("read {}", document.display()))?;
    Ok((document.display().to_string(), seal::sha256(&bytes)))
}

async fn within(house: &House, command: Command, voice: Voice) -> Result<()> {
    let operator = &Viewer::OPERATOR;
    let vendor = match command {
        Command::Holds(args) => return copies::holds(house, args, voice).await,
        Command::Owes(args) => return copies::owes(house, args, voice).await,
        Command::Destroyed(args) => return copies::destroyed(house, args, voice).await,
        Command::Emptied(args) => return copies::emptied(house, args, voice).await,
        Command::List(_) => return list(house, voice).await,
        Command::May(args) => return may(house, id(&args.vendor)?, args.data, voice).await,
        Command::Add(Add { vendor, name, services, grace_days, .. }) => {
            let new = NewVendor { id: id(&vendor)?, name, services, grace_days };
            vendors::add(house, operator, new).await.doing("add the vendor")?;
            vendor
        }
        Command::Show(Show { vendor, kind, document, from, until, .. }) => {
            let (document, sha256) = digested(&document)?;
            let new = NewEvidence { kind, document, sha256, from, until };
            vendors::record(house, operator, id(&vendor)?, new).await.doing("record the document")?;
            vendor
        }
        Command::End(End { vendor, .. }) => {
            vendors::end(house, operator, id(&vendor)?).await.doing("end the vendor")?;
            vendor
        }
    };
    let found = vendors::get(house, operator, id(&vendor)?).await.doing("read the vendor")?;
    voice.answer(&told(&found.standing, &vendor), format_args!("{vendor}: {}", found.standing))
}

async fn list(house: &House, voice: Voice) -> Result<()> {
    let all = vendors::list(house, &Viewer::OPERATOR).await.doing("list the vendors")?;
    if voice.is_json() {
        return say::json(
            &all.iter().map(|one| told(&one.standing, one.vendor.id.as_str())).collect::<Vec<_>>(),
        );
    }
    if all.is_empty() {
        say::people("there is no vendor");
    }
    for one in &all {
        say::people(format_args!("{}  {}: {}", one.vendor.id, one.vendor.name, one.standing));
    }
    Ok(())
}

async fn may(house: &House, vendor: VendorId, data: DataClass, voice: Voice) -> Result<()> {
    match vendors::may_give(house, &Viewer::OPERATOR, vendor.clone(), data).await.doing("ask")? {
        Ok(ruling) => {
            let form = format!("{:?}", ruling.form).to_lowercase();
            let value = json!({ "vendor": vendor, "may": true, "form": form, "rule": ruling.rule });
            voice.answer(&value, format_args!("yes, as {form} ({})", ruling.rule))
        }
        Err(refused) => Err(Failure::new(format!("nothing of this kind for {vendor}: {refused}"))
            .hint("`clearinghouse vendor list` says what it lacks")),
    }
}

fn told(standing: &Standing, vendor: &str) -> Value {
    json!({ "vendor": vendor, "may_receive": standing.is_live(), "standing": standing.to_string() })
}
