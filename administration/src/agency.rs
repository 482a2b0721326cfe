//! `agency add`, `import`, `qualify`, `expire`, `token`, `list`, `key`, `affiliate`: who may receive, and what qualifies them.

mod affiliate;
mod key;
pub(crate) mod standing;

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, rules, say};
use domain::{AgencyClass, AgencyId, Relationship};
use jiff::Timestamp;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::json;
use store::agency::{self, Agency, Qualification};
use store::{House, Refusal};

use crate::outcome::{Doing, Failure, Result};
use crate::setup;

/// Agencies and the tokens of their own systems.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Box<Add>),
    Import(Import),
    Qualify(Box<standing::Qualify>),
    Expire(standing::Expire),
    Token(Token),
    List(List),
    #[command(subcommand)]
    Key(key::Command),
    #[command(subcommand)]
    Affiliate(affiliate::Command),
}

/// Adds an agency, or writes anew what is known of it. Without a qualifying fact it cannot receive.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse agency add us-example-police --name Example-Police --class LOCAL --state MN --fact police-department --verified-by J.Doe --evidence file-17"
)]
pub(crate) struct Add {
    #[command(flatten)]
    config: ConfigArg,
    /// Its id: letters, digits and hyphens.
    id: AgencyId,
    /// Its name.
    #[arg(long)]
    name: String,
    /// Its class in the eyes of the law.
    #[arg(long, value_parser = PossibleValuesParser::new(AgencyClass::ALL.iter().map(|class| class.as_str()))
        .try_map(|word| word.parse::<AgencyClass>()))]
    class: AgencyClass,
    /// What qualifies a foreign agency.
    #[arg(long, required_if_eq("class", "FOREIGN"),
        value_parser = PossibleValuesParser::new(Relationship::ALL.iter().map(|word| word.as_str()))
        .try_map(|word| word.parse::<Relationship>()))]
    relationship: Option<Relationship>,
    /// Postal code of the state it belongs to.
    #[arg(long)]
    state: Option<String>,
    #[command(flatten)]
    verified: Verified,
    /// The fact that qualifies it.
    #[arg(long, requires = "verified_by")]
    fact: Option<String>,
    /// Until when the fact holds, such as 2027-12-31T00:00:00Z.
    #[arg(long, requires = "fact")]
    until: Option<Timestamp>,
}

/// Who saw the evidence.
#[derive(Debug, Args)]
pub(crate) struct Verified {
    /// Who verified what qualifies it.
    #[arg(long, value_name = "WHO", requires = "evidence")]
    verified_by: Option<String>,
    /// Where the evidence is.
    #[arg(long, value_name = "WHERE", requires = "verified_by")]
    evidence: Option<String>,
}

impl Verified {
    fn pair(self) -> Option<(String, String)> {
        self.verified_by.zip(self.evidence)
    }
}

/// Adds every task force, federal agency and point abroad of the lists that is not there yet.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse agency import --verified-by J.Doe --evidence file-18")]
pub(crate) struct Import {
    #[command(flatten)]
    config: ConfigArg,
    /// Folder whose `datasets` replaces the shipped lists.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    verified: Verified,
}

/// Prints a token for an agency's own system, once.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse agency token icac-us-mn --certificate system.pem")]
pub(crate) struct Token {
    #[command(flatten)]
    config: ConfigArg,
    /// The agency.
    agency: AgencyId,
    /// PEM file with the certificate of its system: the token opens nothing without it. The listener must ask for one.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

/// Lists the agencies, and which of them may receive now.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse agency list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let config = match &command {
        Command::Add(args) => args.config.load()?,
        Command::Import(args) => args.config.load()?,
        Command::Qualify(args) => args.config().load()?,
        Command::Expire(args) => args.config().load()?,
        Command::Token(args) => args.config.load()?,
        Command::List(args) => args.config.load()?,
        Command::Key(command) => command.config().load()?,
        Command::Affiliate(command) => command.config().load()?,
    };
    let house = house::open(&config).await?;
    let done = match command {
        Command::Add(args) => add(&house, *args, voice).await,
        Command::Import(args) => import(&house, args, voice).await,
        Command::Qualify(args) => standing::qualify(&house, *args, voice).await,
        Command::Expire(args) => standing::expire(&house, &args.agency, voice).await,
        Command::Token(args) => token(&house, &args, voice).await,
        Command::List(_) => list(&house, voice).await,
        Command::Key(command) => key::run(&house, command, voice).await,
        Command::Affiliate(command) => affiliate::run(&house, command, voice).await,
    };
    house.close();
    done
}

async fn add(house: &House, args: Add, voice: Voice) -> Result<()> {
    let until = args.until;
    let qualification = args
        .fact
        .zip(args.verified.pair())
        .map(|(fact, (verified_by, evidence))| Qualification { fact, verified_by, evidence, until });
    let (id, qualified) = (args.id, qualification.is_some());
    let agency = Agency {
        id: id.clone(),
        name: args.name,
        class: args.class,
        relationship: args.relationship,
        state: args.state,
        qualification,
        disabled_at: None,
    };
    setup::put_agencies(house, vec![agency]).await?;
    let words = if qualified { "and may receive" } else { "and cannot receive: nothing qualifies it yet" };
    voice.answer(&json!({ "agency": id, "qualified": qualified }), format_args!("recorded {id}, {words}"))
}

async fn import(house: &House, args: Import, voice: Voice) -> Result<()> {
    let rules = rules::load(args.rules.as_deref())?;
    let verified = args.verified.pair();
    let listed = setup::agencies_of(rules.routing().directory(), house.now(), verified.as_ref());
    let known = house.read("agencies", agency::list).await.doing("list the agencies")?;
    let new: Vec<Agency> =
        listed.into_iter().filter(|one| known.iter().all(|old| old.id != one.id)).collect();
    let (added, kept) = (new.len(), known.len());
    if added > 0 {
        setup::put_agencies(house, new).await?;
    }
    let note = if verified.is_some() {
        ""
    } else {
        "; none may receive before somebody verified what qualifies it (R-21)"
    };
    voice.answer(
        &json!({ "added": added, "kept": kept }),
        format_args!("added {added} agencies, {kept} were there{note}"),
    )
}

async fn token(house: &House, args: &Token, voice: Voice) -> Result<()> {
    let agency = &args.agency;
    let bound = args.certificate.as_deref().map(certificate).transpose()?;
    let issued = setup::issue_token(house, agency, bound).await?;
    let words = format!("token for {agency}\n  {}\n  it is shown this once: hand it over now", issued.secret);
    voice.answer(&json!({ "agency": issued.name, "token": issued.secret }), words)
}

/// Digest of the first certificate of a file.
fn certificate(file: &Path) -> Result<[u8; 32]> {
    let found =
        CertificateDer::from_pem_file(file).doing(&format!("read the certificate {}", file.display()))?;
    Ok(seal::sha256(&found))
}

async fn list(house: &House, voice: Voice) -> Result<()> {
    let now = house.now();
    let all = house.read("agencies", move |view| {
        let all = agency::list(view)?;
        let live = |one: &Agency| match agency::live(view, &one.id, now) {
            Ok(_) => Ok(true),
            Err(error) if matches!(error.refusal(), Some(Refusal::NotQualified | Refusal::Disabled)) => {
                Ok(false)
            }
            Err(error) => Err(error),
        };
        all.into_iter().map(|one| Ok((live(&one)?, one))).collect::<store::Result<Vec<_>>>()
    });
    let all = all.await.doing("list the agencies")?;
    if voice.is_json() {
        let row = |(live, one): &(bool, Agency)| json!({ "agency": one.id, "name": one.name, "class": one.class, "state": one.state, "may_receive": live });
        return say::json(&all.iter().map(row).collect::<Vec<_>>());
    }
    if all.is_empty() {
        return Err(Failure::new("no agency yet".to_owned()).hint("clearinghouse agency import"));
    }
    for (live, one) in &all {
        let may = if *live { "receives" } else { "cannot" };
        say::people(format_args!("{:<9} {:<8} {:<40} {}", may, one.class, one.id, one.name));
    }
    Ok(())
}
