//! `agency affiliate ask`, `list`, `end`: which agency is an affiliate of which task force. Two people agree to it on a page;
//! its end takes one.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, say};
use domain::{Actor, AgencyId, Id as _, Purpose};
use jiff::Timestamp;
use serde_json::json;
use store::affiliation::{self, Affiliation, Claim};
use store::{House, Refusal};
use url::Url;

use super::standing::{as_day, day, digest, unknown};
use crate::outcome::{Doing, Failure, Result};

/// Affiliates of task forces: they find each other first when one hands a report on. It qualifies nobody to receive.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Ask(Ask),
    List(List),
    End(End),
}

/// Prepares an affiliate: digests the agreement and prints the page on which a supervisor or counsel asks with these words
/// and the other one agrees. The operator alone records none.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse agency affiliate ask icac-us-mn us-example-police --document agreement.pdf --agreement binder-7 --from 2026-01-01 --until 2028-01-01 --site https://desk.example"
)]
pub(crate) struct Ask {
    #[command(flatten)]
    config: ConfigArg,
    /// The task force.
    task_force: AgencyId,
    /// Its affiliate.
    affiliate: AgencyId,
    /// The agreement of both. It is digested here and never sent anywhere.
    #[arg(long, value_name = "FILE")]
    document: PathBuf,
    /// Where the agreement is kept.
    #[arg(long, value_name = "WHERE")]
    agreement: String,
    /// First day on which it counts, in UTC.
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Timestamp,
    /// First day on which it no longer counts, in UTC.
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Timestamp,
    /// Where the staff's pages are reached.
    #[arg(long, default_value = "https://localhost")]
    site: Url,
}

/// Lists the affiliates on record, those that are over too.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse agency affiliate list --json")]
pub(crate) struct List {
    #[command(flatten)]
    config: ConfigArg,
}

/// Ends one now. Reports stay where they are.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse agency affiliate end icac-us-mn us-example-police")]
pub(crate) struct End {
    #[command(flatten)]
    config: ConfigArg,
    /// The task force.
    task_force: AgencyId,
    /// Its affiliate.
    affiliate: AgencyId,
}

impl Command {
    pub(crate) const fn config(&self) -> &ConfigArg {
        match self {
            Self::Ask(args) => &args.config,
            Self::List(args) => &args.config,
            Self::End(args) => &args.config,
        }
    }
}

pub(crate) async fn run(house: &House, command: Command, voice: Voice) -> Result<()> {
    match command {
        Command::Ask(args) => ask(house, args, voice).await,
        Command::List(_) => list(house, voice).await,
        Command::End(args) => end(house, args, voice).await,
    }
}

async fn ask(house: &House, args: Ask, voice: Voice) -> Result<()> {
    let Ask { task_force, affiliate, document, agreement, from, until, site, .. } = args;
    let agreement_sha256 = digest(&document)?;
    let claim = Claim { task_force, affiliate, agreement, agreement_sha256, from, until };
    let asked = claim.clone();
    house.read("affiliate", move |view| asked.fits(view)).await.map_err(|error| match error.refusal() {
        Some(Refusal::Unfit { .. }) => Failure::new("nobody could agree to that".to_owned())
            .hint("name two different agencies, where the agreement is kept, and two days of which the later is to come"),
        _ => unknown(error, "there is no such agency"),
    })?;
    let mut page = site;
    page.set_path("/admin/affiliations");
    let (from, until) = (as_day(from), as_day(until));
    let words = [
        ("task_force", claim.task_force.as_str()),
        ("affiliate", claim.affiliate.as_str()),
        ("agreement", claim.agreement.as_str()),
        ("sha256", &claim.agreement_sha256),
        ("from", &from),
        ("until", &until),
    ];
    page.query_pairs_mut().clear().extend_pairs(words);
    let says = format!(
        "nothing is recorded yet: a supervisor or counsel opens this page, reads it, and asks; the other one agrees\n  {page}\n  SHA-256 of the agreement: {}",
        claim.agreement_sha256
    );
    let answer = json!({
        "affiliate": claim.affiliate, "agreement_sha256": claim.agreement_sha256, "page": page.as_str(),
        "task_force": claim.task_force,
    });
    voice.answer(&answer, says)
}

async fn list(house: &House, voice: Voice) -> Result<()> {
    let now = house.now();
    let all = house.read("affiliates", affiliation::list).await.doing("list the affiliates")?;
    if voice.is_json() {
        let row = |one: &Affiliation| {
            json!({
                "affiliate": one.claim.affiliate, "agreed_by": one.agreed_by, "ended_at": one.ended_at,
                "from": one.claim.from, "holds": one.holds(now), "task_force": one.claim.task_force,
                "until": one.claim.until,
            })
        };
        return say::json(&all.iter().map(row).collect::<Vec<_>>());
    }
    if all.is_empty() {
        say::people("no affiliate is recorded");
    }
    for one in &all {
        let (state, claim) = (if one.holds(now) { "holds" } else { "over" }, &one.claim);
        let (from, until) = (as_day(claim.from), as_day(one.ended_at.unwrap_or(claim.until)));
        say::people(format_args!(
            "{state:<6} {:<40} of {:<40} from {from} until {until}",
            claim.affiliate, claim.task_force
        ));
    }
    Ok(())
}

async fn end(house: &House, args: End, voice: Voice) -> Result<()> {
    let End { task_force, affiliate, .. } = args;
    let (one, other) = (task_force.clone(), affiliate.clone());
    let ended = house.act(Actor::Operator, Purpose::Administration, "affiliate-end", move |act| {
        affiliation::end(act, &one, &other)
    });
    let says = format!("{affiliate} is no affiliate of {task_force} now");
    ended.await.map_err(|error| match error.refusal() {
        Some(Refusal::NotFound) => {
            Failure::new(says.clone()).hint("`clearinghouse agency affiliate list` shows all")
        }
        _ => error.into(),
    })?;
    voice.answer(&json!({ "affiliate": affiliate, "task_force": task_force }), says)
}
