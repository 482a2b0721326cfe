//! `sandbox`: the provider API to test clients against, with known credentials, on this machine, within a second.

mod ground;
mod senders;
mod told;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args as ClapArgs;
use console::{Voice, limits, log, say};
use providers::sandbox::{Given, Ground, Rule, Sandbox, Sender};
use seal::SystemRandom;
use tokio::task::JoinSet;
use web::FormKey;

use crate::listeners::{self, Bound};
use crate::outcome::{Doing, Failure, Result};
use crate::shutdown::{Ending, Signals};

use ground::{Folder, Houses};
use senders::SENDERS;
use told::Told;

/// The port of a sandbox that was not told another: beside a demo, not in its place.
const PORT: u16 = 8490;

/// Runs the provider API for testing clients: known credentials, no file kept, faults on demand, until Ctrl-C.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  clearinghouse sandbox\n  clearinghouse sandbox --json --port 0\n  clearinghouse sandbox --fault lost-answer --fault slow=3"
)]
pub(crate) struct Args {
    /// Port of everything; 0 lets the system choose.
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Address to listen on. The credentials are known to everybody: leave it on this machine, or inside a container.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Folder to keep reports in; a new one for this run only where not given. Requests are never kept.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Misbehave: KIND[:every N][:on ENDPOINT], such as "lost-answer:every 5:on submit"; may be given again.
    #[arg(long = "fault", value_name = "KIND")]
    faults: Vec<Rule>,
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let began = now();
    let stopwatch = move || now().duration_since(began);
    log::start(&quietly())?;
    limits::raise_open_files(crate::config::Settings::default().limits.open_files);
    let mut signals = Signals::take_over()?;
    // Taken first: a port that is in use is said before anything is made.
    let bound = Bound::plain("sandbox", SocketAddr::from((args.address, args.port))).await?;
    let address = bound.address()?;
    let folder = Folder::of(args.data)?;
    let houses = Arc::new(Houses::new(folder.path.clone()));
    let sandbox = open(&houses, args.faults, Box::new(stopwatch)).await?;
    let (ending, bell) = Ending::new();
    let router = providers::sandbox::router(sandbox.clone());
    let mut serving = tokio::spawn(listeners::all(vec![(bound, router)], bell));
    let told = Told { address, data: &folder.path, temporary: folder.temporary, ready_in: stopwatch() };
    if voice.is_json() {
        say::json(&told.ready())?;
    } else {
        told.to_people();
    }
    let broken = tokio::select! {
        () = signals.next() => Ok(()),
        ended = &mut serving => Err(ended),
    };
    ending.ring();
    let ended = match broken {
        Ok(()) => serving.await.doing("end the listener")?,
        Err(ended) => {
            ended.doing("run the listener")?.and(Err(Failure::new("the listener ended".to_owned())))
        }
    };
    sandbox.end().await;
    ended
}

/// The sandbox over one house for each sender, all made at once.
async fn open(
    houses: &Arc<Houses>,
    rules: Vec<Rule>,
    stopwatch: Box<dyn Fn() -> Duration + Send + Sync>,
) -> Result<Sandbox> {
    let mut making = JoinSet::new();
    for at in 0..SENDERS.len() {
        let houses = Arc::clone(houses);
        making.spawn(async move { (at, houses.open(at).await) });
    }
    let mut made: Vec<Option<Ground>> = SENDERS.iter().map(|_| None).collect();
    while let Some(ended) = making.join_next().await {
        let (at, ground) = ended.doing("make a house")?;
        made[at] = Some(ground?);
    }
    let senders: Vec<(Sender, Ground)> =
        SENDERS.iter().zip(made).filter_map(|(sender, ground)| Some((*sender, ground?))).collect();
    let given = Given {
        landlord: Arc::clone(houses) as Arc<dyn providers::sandbox::Landlord>,
        rules,
        settings: houses.settings()?,
        forms: FormKey::from_bytes(seal::random::bytes(&SystemRandom).doing("make a key")?),
        stopwatch,
    };
    Ok(Sandbox::new(senders, given)?)
}

/// People's words must not drown.
fn quietly() -> crate::config::Log {
    crate::config::Log { filter: "warn".to_owned(), ..crate::config::Log::default() }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a start and each request take is measured, nothing depends on it"
)]
fn now() -> Instant {
    Instant::now()
}
