//! `serve`: the faces and, unless told otherwise, the workers.

use administration::tools;
use clap::Args as ClapArgs;
use console::{ConfigArg, Voice, house, rules, say};
use serde_json::json;

use crate::config::{Config, Surface};
use crate::listeners::Bound;
use crate::outcome::{Failure, Result};
use crate::running::Running;
use crate::surfaces::{self, Faces};

/// Serves every configured listener and works on reports, until it is asked to end.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  clearinghouse serve --config house/clearinghouse.toml\n  clearinghouse serve --surface providers --no-work"
)]
pub(crate) struct Args {
    #[command(flatten)]
    config: ConfigArg,
    /// Serve only this surface; may be given again. Listeners without any of them are left out.
    #[arg(long = "surface", value_name = "NAME")]
    surfaces: Vec<Surface>,
    /// Leave the work to processes that run `clearinghouse work`.
    #[arg(long)]
    no_work: bool,
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let config = args.config.load()?;
    let wanted = if args.surfaces.is_empty() { Surface::ALL.to_vec() } else { args.surfaces };
    let bound = bind(&config, &wanted).await?;
    let house = house::open(&config).await?;
    rules::stand(&house, &config).await?;
    let tools = if args.no_work { None } else { Some(tools::load(&house).await?) };
    let faces = Faces::new(&house, &config)?.looking_up_in(tools.clone());
    let settings = herald::settings(&config)?;
    let routed = |(bound, wanted): (Bound, Vec<Surface>)| {
        let router = faces.router(&wanted);
        let router = if bound.is_anonymous() { web::veiled(router, &house) } else { router };
        (bound, router)
    };
    let mut serving: Vec<_> = bound.into_iter().map(routed).collect();
    if let Some(address) = config.settings.metrics.address {
        serving.push((Bound::plain("metrics", address).await?, surfaces::figures(&house)));
    }
    let urls = serving.iter().map(|(bound, _)| bound.url()).collect::<Result<Vec<_>>>()?;
    let running = Running::start(&house, serving, tools.map(|tools| (tools, settings)))?;
    tracing::info!(listeners = urls.join(" "), profile = house.profile().as_str(), "serving");
    if voice.is_json() {
        say::json(&json!({ "ready": true, "listeners": urls }))?;
    }
    running.until_asked().await
}

async fn bind(config: &Config, wanted: &[Surface]) -> Result<Vec<(Bound, Vec<Surface>)>> {
    let mut bound = Vec::new();
    for (name, listener) in config.listeners() {
        let surfaces: Vec<Surface> =
            wanted.iter().copied().filter(|s| listener.surfaces.contains(s)).collect();
        ways::check(&name, &listener)?;
        if !surfaces.is_empty() {
            bound.push((Bound::new(name, &listener, config).await?, surfaces));
        }
    }
    if bound.is_empty() {
        return Err(Failure::new("no listener serves any of these surfaces".to_owned())
            .hint("see [listen] in the configuration"));
    }
    Ok(bound)
}
