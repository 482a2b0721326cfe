//! `retention dry-run`: what the schedule would let go, and what holds keep. Changes nothing.

use clap::{Args, Subcommand};
use console::{ConfigArg, Voice, house, say};
use serde_json::json;
use store::hold::Owner;

use crate::outcome::{Doing, Result};

/// The retention schedule at work.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    DryRun(DryRun),
}

/// Shows which files a purge would destroy now, and which are due and kept by a hold. Changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse retention dry-run --json")]
pub(crate) struct DryRun {
    #[command(flatten)]
    config: ConfigArg,
}

pub(crate) async fn run(command: Command, voice: Voice) -> Result<()> {
    let Command::DryRun(DryRun { config }) = command;
    let house = house::open(&config.load()?).await?;
    let plan = pipeline::retention::dry_run(&house).await.doing("look what is due");
    house.close();
    let plan = plan?;
    let owner = |owner: &Owner| match owner {
        Owner::Agency(agency) => agency.to_string(),
        Owner::Counsel => "counsel".to_owned(),
    };
    if voice.is_json() {
        let goes: Vec<_> =
            plan.goes.iter().map(|(report, file)| json!({ "report": report, "file": file })).collect();
        let held: Vec<_> = plan
            .held
            .iter()
            .map(|(report, file, by)| json!({ "report": report, "file": file, "held_by": owner(by) }))
            .collect();
        return say::json(
            &json!({ "goes": goes, "bytes": plan.bytes, "held": held, "reports": plan.reports, "held_reports": plan.held_reports.len(), "months": plan.months, "held_months": plan.held_months, "more": plan.more }),
        );
    }
    for (report, file) in &plan.goes {
        say::people(format_args!("goes  {report}/{file}"));
    }
    for report in &plan.reports {
        say::people(format_args!("goes  {report} as a whole"));
    }
    plan.months.iter().for_each(|month| say::people(format_args!("goes  words of {month}")));
    for (report, file, by) in &plan.held {
        say::people(format_args!("held  {report}/{file}  by {}", owner(by)));
    }
    let more = if plan.more { "; there is more than one purge takes" } else { "" };
    say::people(format_args!(
        "{} file(s) of {} bytes, {} whole report(s), words of {} month(s) would go, {} stay on hold{more}; nothing was changed",
        plan.goes.len(),
        plan.bytes,
        plan.reports.len(),
        plan.months.len(),
        plan.held.len() + plan.held_reports.len()
    ));
    Ok(())
}
