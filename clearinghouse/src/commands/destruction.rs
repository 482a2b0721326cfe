//! `destruction ask|list|certificate`: files that must go, how far that has come, and the paper that proves it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say, secrets};
use domain::{Actor, AgencyId, DestructionCode, DestructionId, FileId, Private, Purpose, ReportId};
use seal::SystemRandom;
use serde_json::{Value, json};
use store::destruction::{self, Destruction, NewDestruction, State};
use store::{House, Refusal};

use crate::outcome::{Doing, Failure, Result};

/// Destructions that are listed.
const MOST: u32 = 500;

/// Destructions of named files. One that is asked for blocks every read of them at once; two people of the clearinghouse
/// agree; then keys are dropped, backups die with the epoch, opening is tried in vain, and a certificate is signed.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Ask(Ask),
    List(List),
    Certificate(Certificate),
}

/// Records that an agency notified the clearinghouse, such as by letter. The files are named one by one.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse destruction ask --agency icac-us-mn --reason 'letter of 3 May' 1000017/0a1b2c3d4e5f60718293a4b5c6d7e8f9"
)]
pub(crate) struct Ask {
    #[command(flatten)]
    config: ConfigArg,
    /// The agency that notified us; it names only what it has.
    #[arg(long, required_unless_present = "self_report_withdrawn")]
    agency: Option<AgencyId>,
    /// Instead of an agency: whoever is depicted reported it themself and takes it back.
    #[arg(long, conflicts_with = "agency")]
    self_report_withdrawn: bool,
    /// Why, in words. They are sealed.
    #[arg(long)]
    reason: String,
    /// The files, each as REPORT/FILE.
    #[arg(required = true, value_name = "REPORT/FILE", value_parser = named)]
    files: Vec<(ReportId, FileId)>,
}

/// Lists destructions, the newest first, with where each stands.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse destruction list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
}

/// Prints the signed certificate of a destruction, or writes it as PDF.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse destruction certificate 5f0c61 --pdf certificate.pdf")]
pub(crate) struct Certificate {
    #[command(flatten)]
    config: ConfigArg,
    /// Which destruction.
    destruction: DestructionId,
    /// Write pages for people here.
    #[arg(long, value_name = "FILE")]
    pdf: Option<PathBuf>,
}

fn named(text: &str) -> std::result::Result<(ReportId, FileId), String> {
    let (report, file) = text.split_once('/').ok_or("a file is named as REPORT/FILE")?;
    Ok((report.parse().map_err(|_| "no number of a report")?, file.parse().map_err(|_| "no id of a file")?))
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let config = match &command {
        Command::Ask(Ask { config, .. })
        | Command::List(List { config })
        | Command::Certificate(Certificate { config, .. }) => config.load()?,
    };
    let house = house::open(&config).await?;
    let done = match command {
        Command::Ask(args) => ask(&house, args, voice).await,
        Command::List(_) => list(&house, voice).await,
        Command::Certificate(args) => certificate(&house, args, voice).await,
    };
    house.close();
    done
}

async fn ask(house: &House, args: Ask, voice: Voice) -> Result<()> {
    let id: DestructionId = secrets::fresh_id(&SystemRandom)?;
    let new = NewDestruction {
        id: id.clone(),
        basis: if args.self_report_withdrawn {
            DestructionCode::SelfReportWithdrawn
        } else {
            DestructionCode::Notified
        },
        agency: args.agency,
        reason: Private::new(args.reason),
        files: args.files,
    };
    let asked = house
        .act(Actor::Operator, Purpose::Retention, "destruction::ask", move |act| destruction::ask(act, &new));
    let (files, state) = asked.await.map_err(|error| match error.refusal() {
        Some(Refusal::FileNotFound) => {
            Failure::new("the agency does not have one of these files; nothing was blocked".to_owned())
                .hint("name files as REPORT/FILE, from reports that were made available to that agency")
        }
        _ => error.into(),
    })?;
    let next = match state {
        State::Conflict => "somebody else holds one of them: counsel must settle that first",
        _ => "supervisor and counsel must agree",
    };
    voice.answer(
        &json!({ "done": true, "destruction": id, "files": files, "state": state.as_str() }),
        format_args!(
            "destruction {id}: {files} file(s), copies included, are blocked for every reader; {next}"
        ),
    )
}

async fn list(house: &House, voice: Voice) -> Result<()> {
    let found = house.read("destruction::recent", |view| destruction::recent(view, MOST)).await;
    let found = found.doing("list the destructions")?;
    if voice.is_json() {
        return say::json(&found.iter().map(row).collect::<Vec<_>>());
    }
    if found.is_empty() {
        say::people("no destruction was ever asked for");
    }
    for job in &found {
        let due = job.accepted.as_ref().map_or_else(String::new, |two| format!("  due {}", two.due_at));
        let by = job.agency.as_ref().map_or("the clearinghouse", |agency| domain::Id::as_str(agency));
        say::people(format_args!(
            "{}  {:<9}  {}  asked {} by {by}{due}",
            job.id,
            job.state().as_str(),
            job.basis,
            job.asked_at
        ));
    }
    Ok(())
}

fn row(job: &Destruction) -> Value {
    json!({
        "destruction": job.id, "state": job.state().as_str(), "basis": job.basis.as_str(), "agency": job.agency,
        "asked_at": job.asked_at, "accepted_at": job.accepted.as_ref().map(|two| two.at),
        "due_at": job.accepted.as_ref().map(|two| two.due_at), "certified_at": job.certified_at,
    })
}

async fn certificate(house: &House, args: Certificate, voice: Voice) -> Result<()> {
    let id = args.destruction.clone();
    let found = house.read("destruction::find", move |view| destruction::find(view, &id)).await;
    let job = found.doing("find the destruction")?.ok_or_else(|| {
        Failure::new(format!("there is no destruction {}", args.destruction))
            .hint("`clearinghouse destruction list` shows all")
    })?;
    let certificate = job.certificate.clone().ok_or_else(|| {
        Failure::new(format!("destruction {} is {} and has no certificate", job.id, job.state().as_str()))
    })?;
    match args.pdf {
        None => {
            let value: Value = serde_json::from_str(&certificate).doing("read the certificate")?;
            voice.document(&value, &certificate)
        }
        Some(file) => {
            let pages = formats::destruction::pdf(&certificate).doing("write the certificate")?;
            std::fs::write(&file, pages).doing(&format!("write {}", file.display()))?;
            voice.answer(&json!({ "done": true, "file": file }), format_args!("wrote {}", file.display()))
        }
    }
}
