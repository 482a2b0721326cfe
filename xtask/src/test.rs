//! `cargo xtask test`: the one command that passes every test on a machine that has Rust and nothing else of ours.

use std::process::Command;

use crate::services::{postgres, s3};
use crate::{Result, shell, strangers};

/// What to run.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Handed to the runner instead of `--workspace`; documentation tests are then left out.
    #[arg(last = true)]
    selection: Vec<String>,
    /// Only installs what the tests need.
    #[arg(long)]
    install_only: bool,
}

/// Installs, starts the servers, runs every test, and ends the servers.
pub fn run(args: &Args) -> Result<()> {
    let installed = strangers::install()?;
    if args.install_only {
        return Ok(());
    }
    let cluster = postgres::start(postgres::Durability::None)?;
    let bucket = s3::start(&installed.s3)?;
    let with_services = |command: &mut Command| {
        command
            .env("CLEARINGHOUSE_TEST_POSTGRES", cluster.url())
            .env("CLEARINGHOUSE_TEST_POSTGRES_CA", cluster.ca())
            .env("CLEARINGHOUSE_TEST_S3", bucket.url())
            .env("CLEARINGHOUSE_TEST_STRANGERS", &installed.clients);
        shell::run(command)
    };
    let all = args.selection.is_empty();
    let workspace = ["--workspace".to_owned()];
    let selection = if all { &workspace[..] } else { &args.selection[..] };

    let mut failed = Vec::new();
    let runner =
        if shell::has("cargo-nextest") { &["nextest", "run"][..] } else { &["test", "--all-targets"][..] };
    let tests = with_services(shell::at_root("cargo").args(runner).arg("--no-fail-fast").args(selection));
    failed.extend(tests.err().map(|_| "tests"));
    if all {
        let documented =
            with_services(shell::at_root("cargo").args(["test", "--workspace", "--doc", "--no-fail-fast"]));
        failed.extend(documented.err().map(|_| "documentation tests"));
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", ")).into()) }
}
