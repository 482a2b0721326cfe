//! `policy propose` and `policy standing`: rules on disk are laid before the people who decide about them; which are in
//! force, which are to come, which wait.

use std::path::PathBuf;

use clap::Args;
use console::{ConfigArg, Voice, house, say};
use serde_json::json;
use store::House;

use crate::outcome::{Doing, Failure, Result};

/// Lays a set of rules before the two people who can put it in force. Nothing decides by it before they agreed.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  clearinghouse policy propose --rules my-rules --config house/clearinghouse.toml"
)]
pub(crate) struct Propose {
    /// Folder whose access, triage, routing, quality, retention, datasets and gate replace the shipped ones; the shipped
    /// rules of this version where not given.
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArg,
}

/// Says which rules are in force, which are to come, and which wait for two people.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  clearinghouse policy standing --config house/clearinghouse.toml")]
pub(crate) struct Standing {
    #[command(flatten)]
    config: ConfigArg,
}

pub(super) async fn run(args: &Propose, voice: Voice) -> Result<()> {
    let texts = rulebook::disk::texts(args.rules.as_deref())?;
    let read = texts.read()?;
    read.is_whole()?;
    policy::check(&read).doing("let the rules pass")?;
    within(&args.config, async |house| {
        read.schedule(house.profile())?;
        let id = read.id().clone();
        let current = rulebook::outlook(house).await.doing("read which rules are in force")?.in_force;
        let now = rulebook::texts(house, current.clone()).await.doing("read the rules in force")?;
        if current == id {
            return Err(Failure::new(format!("{id} is in force already")));
        }
        rulebook::offer(house, &texts).await.doing("keep the rules")?;
        if voice.is_json() {
            let files: Vec<&str> = now.difference(&texts).iter().map(|one| one.file).collect();
            let page = format!("/admin/rules/{id}");
            return say::json(&json!({ "rule_set": id, "in_force": current, "files": files, "page": page }));
        }
        rulebook::compare(&now, &texts).iter().for_each(say::people);
        say::people(format_args!("{id} waits; {current} is in force"));
        say::people(format_args!(
            "a supervisor or counsel asks for it at /admin/rules/{id}, another person agrees"
        ));
        Ok(())
    })
    .await
}

pub(super) async fn standing(args: &Standing, voice: Voice) -> Result<()> {
    within(&args.config, async |house| {
        let outlook = rulebook::outlook(house).await.doing("read how the rules stand")?;
        voice.answer(&outlook, &outlook)
    })
    .await
}

/// With the house of a configuration, which is closed afterwards.
async fn within(config: &ConfigArg, work: impl AsyncFnOnce(&House) -> Result<()>) -> Result<()> {
    let house = house::open(&config.load()?).await?;
    let done = work(&house).await;
    house.close();
    done
}
