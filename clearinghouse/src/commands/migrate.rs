//! `migrate`: the schema, brought up to this program.

use clap::Args as ClapArgs;
use console::{ConfigArg, Voice, house};
use serde_json::json;

use crate::outcome::Result;

/// Brings the database's schema up to this program. Safe to repeat, and safe while others serve.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  clearinghouse migrate --config house/clearinghouse.toml")]
pub(crate) struct Args {
    #[command(flatten)]
    config: ConfigArg,
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let mut config = args.config.load()?;
    config.settings.migrate = true;
    house::open(&config).await?.close();
    voice.answer(&json!({ "done": true }), "the schema is up to date")
}
