//! `demo`: the whole house in one process, with invented reports that come in through its own provider API.

mod feed;
mod kept;
mod people;
mod profiles;
mod told;
#[cfg(test)]
#[path = "../../tests/routes/walls.rs"]
mod walls;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use administration::tools;
use clap::Args as ClapArgs;
use console::{ConfigArg, Voice, house, limits, log, rules, say, secrets};
use domain::Profile;
use pipeline::Tools;
use store::House;

use super::init;
use crate::config::{Config, PORT, Surface};
use crate::listeners::Bound;
use crate::outcome::{Failure, Result};
use crate::running::Running;
use crate::surfaces::Faces;

use kept::Kept;
use told::Told;

/// Reports that a new demo is fed where nobody says how many.
const REPORTS: u64 = 500;
/// Name of the ledger of every demo.
const ORIGIN: &str = "localhost/clearinghouse-demo";
/// What is logged where people watch: their words must not drown.
const QUIET: &str = "warn";

/// Runs the whole house on this machine with invented data, until Ctrl-C.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  clearinghouse demo\n  clearinghouse demo --port 8080 --data house --reports 50"
)]
pub(crate) struct Args {
    /// Port of everything; 0 lets the system choose.
    #[arg(long, default_value_t = PORT)]
    port: u16,
    /// Folder to keep the house in; a new one for this run only where not given.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Invented reports to send: 500 in a new house, none in one that has some.
    #[arg(long)]
    reports: Option<u64>,
    /// Where the chance of the invented reports starts.
    #[arg(long, default_value_t = 7)]
    seed: u64,
}

pub(crate) async fn run(args: Args, voice: Voice) -> Result<()> {
    let data = Folder::of(args.data.clone())?;
    let (config, is_new) = ground(&data.path)?;
    limits::raise_open_files(config.settings.limits.open_files);
    let house = house::open(&config).await?;
    let mut kept = Kept::read(&data.path)?;
    people::settle(&house, &mut kept).await?;
    profiles::settle(&house, &kept).await?;
    kept.write(&data.path)?;
    let links = people::links(&house, &kept).await?;
    let Demo { mut running, base, media } = Demo::start(&args, &config, &house).await?;
    let reports = args.reports.unwrap_or(if is_new { REPORTS } else { 0 });
    match running.unless_asked(feed::send(&house, &base, &kept, reports, args.seed)).await {
        None => running.end().await,
        Some(Err(failure)) => running.end().await.and(Err(failure)),
        Some(Ok(())) => {
            let told = Told { data: &data.path, base: &base, media: &media, kept: &kept, links: &links };
            if voice.is_json() {
                say::json(&told.ready())?
            } else {
                told.to_people(reports, data.temporary)
            }
            running.until_asked().await
        }
    }
}

/// Listeners and workers of a demo, and where they are reached.
struct Demo {
    running: Running,
    base: String,
    /// The origin of pictures: the next port.
    media: String,
}

impl Demo {
    async fn start(args: &Args, config: &Config, house: &House) -> Result<Self> {
        rules::stand(house, config).await?;
        let tools: Tools = tools::load(house).await?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
        let bound = Bound::plain("demo", address).await?;
        // Browsers take the session's cookie without TLS only for this name.
        let base = format!("http://localhost:{}", bound.address()?.port());
        let next = SocketAddr::from((
            Ipv4Addr::LOCALHOST,
            if args.port == 0 { 0 } else { args.port.checked_add(1).unwrap_or_default() },
        ));
        let pictures = Bound::plain("media", next).await?;
        let media = format!("http://localhost:{}", pictures.address()?.port());
        let faces = Faces::new(house, config)?.showing(media.clone()).looking_up_in(Some(tools.clone()));
        let serving =
            vec![(bound, faces.router(&Surface::PAGES)), (pictures, faces.router(&[Surface::Media]))];
        let work = Some((tools, herald::settings(config)?));
        Ok(Self { running: Running::start(house, serving, work)?, base, media })
    }
}

/// The configuration of the folder, made first where there is none; and whether it was.
fn ground(data: &Path) -> Result<(Config, bool)> {
    let file = data.join(crate::config::FILE_NAME);
    let is_new = !file.exists();
    if is_new {
        init::lay_ground(data, Profile::SyntheticDemo, ORIGIN, None)?;
    }
    let mut config = ConfigArg::at(file).read()?;
    if config.profile()? != Profile::SyntheticDemo {
        return Err(Failure::new(format!("{} holds a real house, not a demo", data.display()))
            .hint("choose another folder with --data"));
    }
    config.settings.migrate = true;
    if config.settings.log.filter == crate::config::Log::default().filter {
        config.settings.log.filter = QUIET.to_owned();
    }
    log::start(&config.settings.log)?;
    Ok((config, is_new))
}

/// The folder of a demo: one to keep, or one for this run.
struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    fn of(wanted: Option<PathBuf>) -> Result<Self> {
        match wanted {
            Some(path) => Ok(Self { path, temporary: false }),
            None => {
                let chance = secrets::fresh(&seal::SystemRandom)?;
                let path = std::env::temp_dir().join(format!("clearinghouse-demo-{}", &chance[..16]));
                Ok(Self { path, temporary: true })
            }
        }
    }
}

impl Drop for Folder {
    /// Removes what was made for this run.
    fn drop(&mut self) {
        if !self.temporary {
            return;
        }
        if let Err(fault) = std::fs::remove_dir_all(&self.path) {
            say::people(format_args!("could not remove {}: {fault}", self.path.display()));
        }
    }
}
