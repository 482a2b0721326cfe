//! `work`: workers only, as many processes as there is work for.

use administration::tools;
use clap::Args as ClapArgs;
use console::{ConfigArg, Voice, house, rules, say};
use serde_json::json;

use crate::listeners::Bound;
use crate::outcome::Result;
use crate::running::Running;
use crate::surfaces;

/// Works on reports until it is asked to end. Several processes share the work; any of them may be killed.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  clearinghouse work --config house/clearinghouse.toml")]
pub(crate) struct Args {
    #[command(flatten)]
    config: ConfigArg,
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let config = args.config.load()?;
    let house = house::open(&config).await?;
    rules::stand(&house, &config).await?;
    let tools = tools::load(&house).await?;
    let mut serving = Vec::new();
    if let Some(address) = config.settings.metrics.address {
        serving.push((Bound::plain("metrics", address).await?, surfaces::figures(&house)));
    }
    let running = Running::start(&house, serving, Some((tools, herald::settings(&config)?)))?;
    tracing::info!(profile = house.profile().as_str(), "working");
    if voice.is_json() {
        say::json(&json!({ "ready": true }))?;
    }
    running.until_asked().await
}
