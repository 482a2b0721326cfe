//! `verify`: what the independent checker needs for a thousand items, as its user runs it: one process, offline. The
//! yardstick is the least that anybody must do with the same bytes: SHA-256 over all of them, and one signature.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use seal::SigningKey;
use serde_json::{Value, json};

use super::{Args, Outcome};
use crate::{Result, shell};

/// Items, when nothing else is said.
const ITEMS: u32 = 1_000;
/// Length of a file in the package: what counts here is how many there are.
const FILE_BYTES: usize = 16 << 10;

/// Writes the papers, then checks each kind of them as often as there are rounds; the best counts.
pub fn run(args: &Args) -> Result<Outcome> {
    let items = if args.small_files == 0 { ITEMS } else { args.small_files };
    let folder = args.scratch()?;
    write(args, folder.path(), items)?;
    let checker = built()?;
    let mut receipts: Vec<PathBuf> = fs::read_dir(folder.path().join("receipts"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    receipts.sort();
    let keys = folder.path().join("keys.txt");
    let of = |files: &[PathBuf]| checked(&checker, &keys, files, args.rounds);
    let package = [folder.path().join("package.zip")];
    let (whole, least) = (of(&package)?, least(&package[0], args.rounds)?);
    let certificate = of(&[folder.path().join("certificate.json")])?;
    let each = of(&receipts)?;
    let per_second = |span: Duration| f64::from(items) / span.as_secs_f64();
    let (figure, yardstick) = (per_second(whole), per_second(least));
    Ok(Outcome {
        name: "verify".into(),
        figure,
        unit: "items/s".into(),
        yardstick,
        ratio: figure / yardstick,
        details: json!({
            "items": items, "package_s": whole.as_secs_f64(), "package_bytes": fs::metadata(&package[0])?.len(),
            "yardstick_s": least.as_secs_f64(),
            "certificate_s": certificate.as_secs_f64(),
            "certificate_proofs": proofs(&folder.path().join("certificate.json"))?,
            "receipts": receipts.len(), "receipts_s": each.as_secs_f64(),
            "threads": 1, "rounds": args.rounds,
        }),
    })
}

/// In a program of its own, so that this one need not be built with the house in it.
fn write(args: &Args, folder: &Path, items: u32) -> Result<()> {
    let mut command = args.example("papers")?;
    shell::run_quietly(command.arg(folder).args([items.to_string(), FILE_BYTES.to_string()]))
}

fn built() -> Result<PathBuf> {
    let line =
        ["build", "--locked", "--release", "--quiet", "--package", "verify", "--bin", "clearinghouse-verify"];
    shell::run_quietly(shell::at_root("cargo").args(line))?;
    // We were built into the same folder.
    Ok(std::env::current_exe()?.with_file_name("clearinghouse-verify"))
}

/// The whole run of the program over all files, from its start to its exit; everything must hold.
fn checked(checker: &Path, keys: &Path, files: &[PathBuf], rounds: u32) -> Result<Duration> {
    best(rounds, || {
        let mut command = Command::new(checker);
        shell::run_quietly(command.arg("--keys").arg(keys).args(files))
    })
}

/// SHA-256 over the same bytes, and one signature.
fn least(file: &Path, rounds: u32) -> Result<Duration> {
    let key = SigningKey::from_seed([7; 32])?;
    let (message, public) = (b"a yardstick", key.public());
    let signature = key.sign(message)?;
    best(rounds, || {
        black_box(seal::sha256(&fs::read(file)?));
        Ok(seal::verify(&public, message, &signature)?)
    })
}

fn best(rounds: u32, mut work: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..rounds {
        let started = now();
        work()?;
        best = best.min(started.elapsed());
    }
    Ok(best)
}

fn proofs(certificate: &Path) -> Result<usize> {
    let read: Value = serde_json::from_slice(&fs::read(certificate)?)?;
    Ok(read["custody"].as_array().map_or(0, Vec::len))
}

#[expect(clippy::disallowed_methods, reason = "measuring elapsed time is what a benchmark does")]
fn now() -> Instant {
    Instant::now()
}
