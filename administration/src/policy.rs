//! `policy check`, `explain`, `authority`, `may`, `replay`, `propose`, `standing`: the rules, tried on their own examples,
//! on facts of yours or on what the house has decided; who may do what; what other rules would change, and which are in force.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use console::{Voice, rules, say};
use policy::RuleSet;
use serde_json::json;

use crate::outcome::{Doing, Failure, Result};

mod propose;
mod replay;

/// The rules: who may do what, which priority, which route, what the gate opens.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(Check),
    Explain(Explain),
    Authority(Authority),
    May(May),
    Replay(replay::Replay),
    Propose(propose::Propose),
    Standing(propose::Standing),
}

/// Reads every rule and runs every example that stands in its file.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse policy check\n  clearinghouse policy check --rules my-rules"
)]
pub(crate) struct Check {
    /// Folder whose access, triage, routing, quality, retention and datasets replace the shipped ones.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// Decides on facts from a file and shows every rule that spoke. Nothing is stored.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse policy explain facts.toml

facts.toml:
  [triage]
  at = \"2026-11-24T12:00:00Z\"
  report_annotations = [\"sextortion\"]
  [routing]
  at = \"2026-11-24T12:00:00Z\"
  evidence = [{ kind = \"upload-address\", country = \"US\", state = \"CA\", county_fips = \"06037\" }]")]
pub(crate) struct Explain {
    /// TOML file with a table `triage`, `routing` or `quality`, or several.
    facts: PathBuf,
    /// Folder whose access, triage, routing, quality, retention and datasets replace the shipped ones.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// Prints who may do what and where, as the access policies decide it. The page in the book is made with it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse policy authority > docs/authority.md")]
pub(crate) struct Authority {}

/// Says whether somebody may do something somewhere, and which policy decides it.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse policy may investigator read-report 'own agency'\n  clearinghouse policy may auditor oversee ledger"
)]
pub(crate) struct May {
    /// Role or system, as the authority table names it.
    who: String,
    /// Action, as the authority table names it.
    action: String,
    /// Place, as the authority table heads its columns.
    place: String,
    /// Folder whose access policies replace the shipped ones.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

pub(crate) async fn run(command: &Command, voice: Voice) -> Result<()> {
    match command {
        Command::Check(args) => check(&rules::load(args.rules.as_deref())?, voice),
        Command::Authority(_) => authority(),
        Command::May(args) => may(args, voice),
        Command::Replay(args) => replay::run(args, voice).await,
        Command::Propose(args) => propose::run(args, voice).await,
        Command::Standing(args) => propose::standing(args, voice).await,
        Command::Explain(args) => explain(&args.facts, &rules::load(args.rules.as_deref())?, voice),
    }
}

fn authority() -> Result<()> {
    say::machine(policy::access::authority_table(RuleSet::embedded().access()).trim_end())
}

fn may(args: &May, voice: Voice) -> Result<()> {
    let rules = rules::load(args.rules.as_deref())?;
    let found = rulebook::may(&rules, &args.who, &args.action, &args.place);
    let answer = found.ok_or_else(|| {
        Failure::new("the authority table has no such row, action or column".to_owned())
            .hint("`clearinghouse policy authority` prints it")
    })?;
    voice.answer(&answer, &answer)
}

fn check(rules: &RuleSet, voice: Voice) -> Result<()> {
    rules.is_whole()?;
    let checked = policy::check(rules).doing("let the rules pass")?;
    let words = format!("{} rules, {} examples, all come out as written", checked.rules, checked.examples);
    let value = json!({ "ok": true, "rules": checked.rules, "examples": checked.examples, "rule_set": checked.id.to_string() });
    voice.answer(&value, words)
}

fn explain(file: &Path, rules: &RuleSet, voice: Voice) -> Result<()> {
    let text = fs::read_to_string(file).doing(&format!("read {}", file.display()))?;
    let explained = rulebook::explain(&text, rules).doing(&format!("decide on {}", file.display()))?;
    voice.answer(&explained, &explained)
}
