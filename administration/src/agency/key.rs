//! `agency key add`, `list`, `confirm`, `revoke`: the public keys to which an agency's packages are sealed.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, say};
use domain::AgencyId;
use pipeline::agency_keys::{self, AgencyKey, Fingerprint, State};
use pipeline::{Trouble, Viewer};
use serde_json::json;
use store::House;

use crate::outcome::{Doing, Failure, Result};

/// Public keys of agencies: packages are sealed to those that are confirmed.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Add),
    List(List),
    Confirm(Confirm),
    Revoke(Revoke),
}

/// Registers a public key that an agency handed over. Nothing is sealed to it before it is confirmed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse agency key add icac-us-mn agency-key.pub.pem")]
pub(crate) struct Add {
    #[command(flatten)]
    config: ConfigArg,
    /// The agency.
    agency: AgencyId,
    /// The public key as PEM, as `clearinghouse-verify keygen` prints it.
    file: PathBuf,
}

/// Lists an agency's keys, or, without an agency, those of all that wait to be confirmed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse agency key list icac-us-mn")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
    /// The agency.
    agency: Option<AgencyId>,
}

/// Records that somebody compared a key's fingerprint with the agency over a second channel. Type what the agency read
/// out, not what the list shows.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse agency key confirm icac-us-mn 0687-2e11-bbac-e64c-55a1-679a-d728-7b70-a571-00a6-fcb6-7f5e-3504-fec4-8fb5-d4c8 --by J.Doe --how 'telephone, number of the 2025 directory'"
)]
pub(crate) struct Confirm {
    #[command(flatten)]
    config: ConfigArg,
    /// The agency.
    agency: AgencyId,
    /// The fingerprint as the agency read it out: 64 hexadecimal digits, in any grouping.
    fingerprint: Fingerprint,
    /// Who compared it.
    #[arg(long, value_name = "WHO")]
    by: String,
    /// How: over which channel, and from where that channel was known.
    #[arg(long, value_name = "WORDS")]
    how: String,
}

/// Revokes a key: the next package is not sealed to it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse agency key revoke icac-us-mn 06872e11bbace64c55a1679ad7287b70a57100a6fcb67f5e3504fec48fb5d4c8"
)]
pub(crate) struct Revoke {
    #[command(flatten)]
    config: ConfigArg,
    /// The agency.
    agency: AgencyId,
    /// The key's fingerprint.
    fingerprint: Fingerprint,
}

impl Command {
    pub(super) const fn config(&self) -> &ConfigArg {
        match self {
            Self::Add(args) => &args.config,
            Self::List(args) => &args.config,
            Self::Confirm(args) => &args.config,
            Self::Revoke(args) => &args.config,
        }
    }
}

pub(super) async fn run(house: &House, command: Command, voice: Voice) -> Result<()> {
    match command {
        Command::Add(args) => add(house, args, voice).await,
        Command::List(args) => list(house, args.agency, voice).await,
        Command::Confirm(args) => confirm(house, args, voice).await,
        Command::Revoke(args) => revoke(house, args, voice).await,
    }
}

async fn add(house: &House, args: Add, voice: Voice) -> Result<()> {
    let pem = tokio::fs::read_to_string(&args.file).await.doing(&format!("read {}", args.file.display()))?;
    let viewer = Viewer::operator_for(args.agency.clone());
    let added = agency_keys::register(house, &viewer, &pem).await;
    let fingerprint = added.map_err(|trouble| said(trouble, &args.agency))?;
    let value = json!({ "agency": args.agency, "fingerprint": fingerprint.hex() });
    let words = format!(
        "registered for {}\n  fingerprint {fingerprint}\n  call the agency on a number that you knew before, let it read the fingerprint out, then:\n  clearinghouse agency key confirm {} FINGERPRINT --by WHO --how WORDS",
        args.agency, args.agency
    );
    voice.answer(&value, words)
}

async fn list(house: &House, agency: Option<AgencyId>, voice: Voice) -> Result<()> {
    let keys = match agency {
        Some(agency) => agency_keys::of_agency(house, &Viewer::operator_for(agency.clone()), agency).await?,
        None => agency_keys::waiting(house, &Viewer::OPERATOR).await?,
    };
    let now = house.now();
    if voice.is_json() {
        let row = |key: &AgencyKey| {
            json!({
                "agency": key.agency, "fingerprint": key.fingerprint.hex(), "state": word(key.state(now)),
                "curve": key.key.curve().as_str(), "registered_at": key.registered_at.to_string(),
                "ends_at": key.confirmation.as_ref().map(|one| one.ends_at.to_string()),
            })
        };
        return say::json(&keys.iter().map(row).collect::<Vec<_>>());
    }
    if keys.is_empty() {
        say::people("no such key");
    }
    for key in &keys {
        say::people(format_args!("{:<8} {:<24} {}", word(key.state(now)), key.agency, key.fingerprint));
    }
    Ok(())
}

async fn confirm(house: &House, args: Confirm, voice: Voice) -> Result<()> {
    let viewer = Viewer::operator_for(args.agency.clone());
    let how = format!("{}: {}", args.by.trim(), args.how.trim());
    let confirmed = agency_keys::confirm(house, &viewer, args.agency.clone(), args.fingerprint, how).await;
    let ends_at = confirmed.map_err(|trouble| said(trouble, &args.agency))?;
    let value = json!({ "agency": args.agency, "fingerprint": args.fingerprint.hex(), "ends_at": ends_at.to_string() });
    voice.answer(&value, format_args!("packages for {} are sealed to it until {ends_at}", args.agency))
}

async fn revoke(house: &House, args: Revoke, voice: Voice) -> Result<()> {
    let viewer = Viewer::operator_for(args.agency.clone());
    let revoked = agency_keys::revoke(house, &viewer, args.fingerprint).await;
    revoked.map_err(|trouble| said(trouble, &args.agency))?;
    let value = json!({ "agency": args.agency, "fingerprint": args.fingerprint.hex(), "revoked": true });
    voice.answer(&value, "revoked: the next package is not sealed to it")
}

fn said(trouble: Trouble, agency: &AgencyId) -> Failure {
    let code = trouble.refusal().map(|refusal| refusal.code());
    match code {
        Some("conflict") => Failure::new(format!("{agency} registered this key before"))
            .hint("a key never comes back: make a new one"),
        Some("unfit") => Failure::new(format!("{agency}: {trouble}"))
            .hint("a public key is PEM on the curve P-384 or P-256, at most 16 are open, and it must be said how a fingerprint was compared"),
        Some("not-found") => Failure::new(format!("{agency} has no such agency or key in that state"))
            .hint("`clearinghouse agency key list AGENCY` shows its keys; a fingerprint that differs is not the agency's key"),
        _ => trouble.into(),
    }
}

const fn word(state: State) -> &'static str {
    match state {
        State::Waits => "waits",
        State::Live => "live",
        State::Ended => "ended",
        State::Revoked => "revoked",
    }
}
