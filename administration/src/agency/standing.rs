//! `agency qualify` and `agency expire`: what qualifies an agency, prepared for the two people who agree on it, and
//! its end, for which one is enough.

use std::path::{Path, PathBuf};

use clap::Args;
use console::{ConfigArg, Voice};
use domain::{Actor, AgencyId, Purpose};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use store::{House, Refusal, standing};
use url::Url;

use crate::outcome::{Doing, Failure, Result};

/// A document that is larger is not read to be digested.
const MOST_DOCUMENT_BYTES: u64 = 64 << 20;

/// Prepares what qualifies an agency: digests the document and prints the page on which a supervisor or counsel asks with
/// these words and the other one agrees. The operator alone qualifies nobody.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse agency qualify icac-us-mn --fact 'investigates under state law' --document letter.pdf --evidence file-17 --until 2027-12-31 --site https://desk.example"
)]
pub(crate) struct Qualify {
    #[command(flatten)]
    config: ConfigArg,
    /// The agency.
    agency: AgencyId,
    /// The fact that qualifies it.
    #[arg(long)]
    fact: String,
    /// The document that shows it. It is digested here and never sent anywhere.
    #[arg(long, value_name = "FILE")]
    document: PathBuf,
    /// Where the document is kept.
    #[arg(long, value_name = "WHERE")]
    evidence: String,
    /// The day by which it is verified again, in UTC.
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Timestamp,
    /// Where the staff's pages are reached.
    #[arg(long, default_value = "https://localhost")]
    site: Url,
}

/// Ends what qualifies an agency, now: its people's sessions end, its tokens and its feed open nothing.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse agency expire icac-us-mn")]
pub(crate) struct Expire {
    #[command(flatten)]
    config: ConfigArg,
    /// The agency.
    pub(crate) agency: AgencyId,
}

impl Qualify {
    pub(crate) const fn config(&self) -> &ConfigArg {
        &self.config
    }
}

impl Expire {
    pub(crate) const fn config(&self) -> &ConfigArg {
        &self.config
    }
}

/// The SHA-256 of a document, in hexadecimal.
pub(crate) fn digest(document: &Path) -> Result<String> {
    let doing = || format!("read {}", document.display());
    let size = std::fs::metadata(document).doing(&doing())?.len();
    if size > MOST_DOCUMENT_BYTES {
        return Err(Failure::new(format!("{} is larger than 64 MiB", document.display()))
            .hint("digest it with another tool, and type the digest on the page"));
    }
    let bytes = std::fs::read(document).doing(&doing())?;
    Ok(seal::hex(&seal::digest::sha256(&bytes)))
}

pub(crate) async fn qualify(house: &House, args: Qualify, voice: Voice) -> Result<()> {
    let id = args.agency.clone();
    let known = house.read("agency", move |view| store::agency::get(view, &id)).await;
    known.map_err(|error| unknown(error, &format!("there is no agency {}", args.agency)))?;
    if args.until <= house.now() {
        return Err(Failure::new("the day by which it is verified again is over".to_owned())
            .hint("name a day to come; nobody could agree to this one"));
    }
    let sha256 = digest(&args.document)?;
    let mut page = args.site;
    page.set_path(&format!("/admin/agencies/{}", args.agency));
    let until = as_day(args.until);
    let words =
        [("fact", args.fact.as_str()), ("evidence", &args.evidence), ("sha256", &sha256), ("until", &until)];
    page.query_pairs_mut().clear().extend_pairs(words);
    let says = format!(
        "nothing is recorded yet: a supervisor or counsel opens this page, reads it, and asks; the other one agrees\n  {page}\n  SHA-256 of the document: {sha256}"
    );
    voice.answer(&json!({ "agency": args.agency, "evidence_sha256": sha256, "page": page.as_str() }), says)
}

pub(crate) async fn expire(house: &House, agency: &AgencyId, voice: Voice) -> Result<()> {
    let id = agency.clone();
    let ended = house.act(Actor::Operator, Purpose::Administration, "agency-expire", move |act| {
        standing::expire(act, &id)
    });
    let says = format!("there is no agency {agency}, or nothing qualifies it now");
    let ended = ended.await.map_err(|error| unknown(error, &says))?;
    let says = format!("{agency} receives nothing from now on; sessions of its people that ended: {ended}");
    voice.answer(&json!({ "agency": agency, "sessions_ended": ended }), says)
}

pub(super) fn unknown(error: store::Error, says: &str) -> Failure {
    match error.refusal() {
        Some(Refusal::NotFound) => {
            Failure::new(says.to_owned()).hint("`clearinghouse agency list` shows all, and which may receive")
        }
        _ => error.into(),
    }
}

pub(super) fn day(text: &str) -> std::result::Result<Timestamp, String> {
    office::day(text).ok_or_else(|| "a day is written 2026-02-03".to_owned())
}

/// The day of a moment, as the pages read it.
pub(super) fn as_day(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC).date().to_string()
}
