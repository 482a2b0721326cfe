//! `backup`, `restore`: a consistent copy of a house on SQLite and files, taken while it serves. The keys stay out of it:
//! a key in a backup is a key that cannot be destroyed.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use console::{ConfigArg, Voice, house};
use rustix::fs::{Mode, OFlags};
use serde_json::json;

use super::init::private_folder;
use crate::config::Config;
use crate::outcome::{Doing, Failure, Result};

const DATABASE: &str = "clearinghouse.sqlite";
const VAULT: &str = "vault";
/// Folders within the vault's folder; its own are two deep.
const MOST_DEPTH: usize = 8;

/// Copies the database and the vault of a house on SQLite and files into a new folder, while it serves. Root key, epoch keys
/// and configuration are left out: without the epoch keys, which die within a day, the copy opens nothing.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  clearinghouse backup --to /backups/2026-06-01")]
pub(crate) struct Backup {
    #[command(flatten)]
    config: ConfigArg,
    /// A folder that is not there yet.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Puts a backup where the configuration says that database and vault are, where neither is there yet. What opens is decided
/// by the epoch keys that custody still holds.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Example:\n  clearinghouse restore --from /backups/2026-06-01 --config new/clearinghouse.toml"
)]
pub(crate) struct Restore {
    #[command(flatten)]
    config: ConfigArg,
    /// A folder that `backup` made.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
}

pub(crate) async fn backup(args: Backup, voice: Voice) -> Result<()> {
    let config = args.config.load()?;
    let (_, vault) = places(&config)?;
    if args.to.exists() {
        return Err(Failure::new(format!("{} is already there", args.to.display())).hint("name a new folder"));
    }
    private_folder(&args.to)?;
    let seam = config.store()?.database.seam();
    // The rows first: a file that a row names is in the vault before the row is, so none is missed.
    let rows = args.to.join(DATABASE);
    let copied = tokio::task::spawn_blocking(move || database::Database::copy(&seam, &rows));
    copied.await.doing("copy the database")?.doing("copy the database")?;
    let files = copy(&vault, &args.to.join(VAULT), MOST_DEPTH)?;
    settle(&args.to)?;
    voice.answer(
        &json!({ "done": true, "to": args.to, "files": files, "left_out": ["root key", "epoch keys", "configuration"] }),
        format_args!(
            "copied the database and {files} file(s) of the vault to {}\n  left out       root key, epoch keys, configuration\n  opens          while one of its epochs lives, about a day; see docs/keys.md",
            args.to.display()
        ),
    )
}

pub(crate) async fn restore(args: Restore, voice: Voice) -> Result<()> {
    let config = args.config.load()?;
    let (database, vault) = places(&config)?;
    for place in [&database, &vault] {
        if place.exists() {
            return Err(Failure::new(format!("{} is already there", place.display()))
                .hint("a backup is never laid over a house: name other places in the configuration"));
        }
    }
    let rows = args.from.join(DATABASE);
    if !rows.exists() {
        return Err(Failure::new(format!("{} is no backup", args.from.display())));
    }
    fs::copy(&rows, &database).doing("restore the database")?;
    let files = copy(&args.from.join(VAULT), &vault, MOST_DEPTH)?;
    let opened = house::open(&config).await;
    let opened = opened.map_err(|failure| {
        failure.hint("rows and files are restored, but custody no longer holds a key of this backup: nobody can open it")
    })?;
    opened.close();
    voice.answer(
        &json!({ "done": true, "files": files }),
        format_args!(
            "restored the database and {files} file(s), and they open\n  never          let a restored copy work beside the house that it came from: both would end the same epochs"
        ),
    )
}

/// Where rows and bytes are, for a house on SQLite and files.
fn places(config: &Config) -> Result<(PathBuf, PathBuf)> {
    let store = config.store()?;
    let database = store.database.url.reveal().strip_prefix("sqlite:").map(PathBuf::from);
    let vault = store.vault.url.strip_prefix("file:").map(PathBuf::from);
    database.zip(vault).ok_or_else(|| {
        Failure::new("this command copies SQLite and files only".to_owned())
            .hint("for PostgreSQL and S3 use their own tools, rows first: docs/keys.md says how")
    })
}

/// Copies a folder; answers how many files. One that went meanwhile was destroyed, and is not missed.
fn copy(from: &Path, to: &Path, depth: usize) -> Result<u64> {
    private_folder(to)?;
    let mut copied = 0;
    for entry in fs::read_dir(from).doing(&format!("read {}", from.display()))? {
        let entry = entry.doing("read the vault")?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => copied += copy(&from, &to, depth - 1)?,
            Ok(kind) if kind.is_file() => match fs::copy(&from, &to) {
                Ok(_) => copied += 1,
                Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {}
                Err(fault) => return Err(fault).doing(&format!("copy {}", from.display())),
            },
            _ => {}
        }
    }
    Ok(copied)
}

/// Everything written so far is on the disk.
fn settle(folder: &Path) -> Result<()> {
    let open = rustix::fs::open(folder, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty());
    rustix::fs::syncfs(open.doing("open the folder")?).doing("settle the copy on the disk")
}
