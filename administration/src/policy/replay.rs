//! `policy replay`: what other rules would answer: every right of the authority table, and, where there is a house, the
//! decisions that it has stored. Nothing is changed.

use std::path::PathBuf;

use clap::Args;
use console::{ConfigArg, Voice, house, rules};
use policy::RuleSet;
use policy::access;
use rulebook::Replayed;

use crate::outcome::{Doing, Result};

/// Shows what would change under other rules: rights, and the priorities and routes that the house has stored.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse policy replay --rules my-rules\n  clearinghouse policy replay --rules my-rules --stored --config house/clearinghouse.toml"
)]
pub(crate) struct Replay {
    /// Folder of the rules to try, of the shape of rules_folder.
    #[arg(long, value_name = "DIR")]
    rules: PathBuf,
    /// Also judge again what the house of the configuration has decided.
    #[arg(long)]
    stored: bool,
    #[command(flatten)]
    config: ConfigArg,
}

pub(super) async fn run(args: &Replay, voice: Voice) -> Result<()> {
    let then = rules::load(Some(&args.rules))?;
    let replayed = if args.stored {
        stored(&args.config, &then).await?
    } else {
        let now = RuleSet::embedded();
        let rights = access::changed_cells(now.access(), then.access());
        Replayed { now: now.id().to_string(), then: then.id().to_string(), rights, stored: None }
    };
    voice.answer(&replayed, &replayed)
}

async fn stored(config: &ConfigArg, then: &RuleSet) -> Result<Replayed> {
    let house = house::open(&config.load()?).await?;
    let replayed = rulebook::replay(&house, then).await.doing("judge again");
    house.close();
    replayed
}
