//! The command line: one file a command.

mod backup;
mod certificate;
mod check;
mod config;
mod custody;
mod dead_letters;
mod demo;
mod destruction;
mod export;
mod init;
mod migrate;
mod retention;
mod sandbox;
mod seized;
mod serve;
mod synth;
mod witness;
mod work;

use std::future::Future;

use clap::{Parser, Subcommand};
use console::Voice;

use crate::outcome::{Doing, Result};
use crate::tls;

/// The open clearinghouse for reports of child sexual exploitation.
#[derive(Debug, Parser)]
#[command(name = "clearinghouse", version, max_term_width = 100)]
#[command(
    after_help = "Example:\n  clearinghouse demo\n\nExit code 0: done. 1: refused or failed, with a reason. 2: wrong usage."
)]
pub(crate) struct Cli {
    /// Print the result as one line of JSON on standard output.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Sandbox(sandbox::Args),
    Init(init::Args),
    Serve(serve::Args),
    Work(work::Args),
    Witness(witness::Args),
    Migrate(migrate::Args),
    Check(check::Args),
    #[command(flatten)]
    Administration(administration::Command),
    #[command(subcommand)]
    Config(config::Command),
    #[command(subcommand)]
    Synth(synth::Command),
    Export(export::Args),
    #[command(subcommand)]
    Seized(seized::Command),
    Certificate(certificate::Args),
    #[command(subcommand)]
    Custody(custody::Command),
    Backup(backup::Backup),
    Restore(backup::Restore),
    #[command(subcommand)]
    Destruction(destruction::Command),
    #[command(subcommand)]
    Retention(retention::Command),
    #[command(subcommand)]
    DeadLetters(dead_letters::Command),
}

/// Reads the command line and does what it says. Wrong usage ends the process with 2.
pub(crate) fn run() -> Result<()> {
    let Cli { json, command } = Cli::parse();
    let voice = Voice::new(json);
    tls::install_provider()?;
    match command {
        Command::Config(command) => config::run(&command, voice),
        Command::Administration(command) => wait(command.run(voice)),
        Command::Init(args) => wait(init::run(args, voice)),
        Command::Demo(args) => wait(demo::run(args, voice)),
        Command::Sandbox(args) => wait(sandbox::run(args, voice)),
        Command::Synth(command) => wait(synth::run(command, voice)),
        Command::Serve(args) => wait(serve::run(args, voice)),
        Command::Work(args) => wait(work::run(args, voice)),
        Command::Witness(args) => wait(witness::run(args, voice)),
        Command::Export(args) => wait(export::run(args, voice)),
        Command::Seized(command) => wait(seized::run(command, voice)),
        Command::Certificate(args) => wait(certificate::run(args, voice)),
        Command::Migrate(args) => wait(migrate::run(args, voice)),
        Command::Check(args) => wait(check::run(args, voice)),
        Command::Destruction(command) => wait(destruction::run(command, voice)),
        Command::Retention(command) => wait(retention::run(command, voice)),
        Command::Backup(args) => wait(backup::backup(args, voice)),
        Command::Restore(args) => wait(backup::restore(args, voice)),
        Command::Custody(command) => wait(custody::run(command, voice)),
        Command::DeadLetters(command) => wait(dead_letters::run(command, voice)),
    }
}

fn wait(work: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.doing("start the runtime")?.block_on(work)
}

#[cfg(test)]
#[path = "../tests/commands/explained.rs"]
mod tests;
