//! The command line: one file a command.

mod agency;
mod approval;
mod backup;
mod certificate;
mod check;
mod config;
mod custody;
mod dataset;
mod dead_letters;
mod demo;
mod destruction;
mod export;
mod init;
mod key_model;
mod ledger;
mod library;
mod migrate;
mod person;
mod policy;
mod provider;
mod provider_people;
mod retention;
mod sandbox;
mod seized;
mod sender_profile;
mod serve;
mod synth;
mod vendor;
mod witness;
mod work;

use std::future::Future;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use serde::Serialize;

use crate::config::{Config, FILE_NAME, Variables};
use crate::outcome::{Doing, Result};
use crate::{limits, log, say, tls};

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
    #[command(subcommand)]
    Provider(provider::Command),
    #[command(subcommand)]
    Agency(agency::Command),
    #[command(subcommand)]
    Person(person::Command),
    #[command(subcommand)]
    KeyModel(key_model::Command),
    #[command(subcommand)]
    Approval(approval::Command),
    #[command(subcommand)]
    Vendor(vendor::Command),
    #[command(subcommand)]
    Dataset(dataset::Command),
    #[command(subcommand)]
    Ledger(ledger::Command),
    #[command(subcommand)]
    Library(library::Command),
    #[command(subcommand)]
    Policy(policy::Command),
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

/// Where the configuration is.
#[derive(Debug, Args)]
pub(crate) struct ConfigArg {
    /// Configuration file.
    #[arg(long = "config", id = "config", value_name = "FILE", env = "CLEARINGHOUSE_CONFIG", default_value = FILE_NAME)]
    file: PathBuf,
}

impl ConfigArg {
    /// The configuration, with the process set up as it says.
    pub(crate) fn load(&self) -> Result<Config> {
        let config = self.read()?;
        log::start(&config.settings.log)?;
        limits::raise_open_files(config.settings.limits.open_files);
        Ok(config)
    }

    /// The configuration in this file.
    pub(crate) const fn at(file: PathBuf) -> Self {
        Self { file }
    }

    /// The configuration alone.
    pub(crate) fn read(&self) -> Result<Config> {
        Config::load(&self.file, &Variables::of_process())
    }
}

/// How a command answers: in words, or in JSON when that was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Voice {
    json: bool,
}

impl Voice {
    /// Whether the answer is JSON.
    pub(crate) const fn is_json(self) -> bool {
        self.json
    }

    /// The answer of a command, for programs and for people.
    pub(crate) fn answer(self, value: &impl Serialize, words: impl std::fmt::Display) -> Result<()> {
        if self.json {
            return say::json(value);
        }
        say::people(words);
        Ok(())
    }

    /// The answer of a command that is made for programs anyway: a proof, a checkpoint, a schema.
    pub(crate) fn document(self, value: &impl Serialize, text: &str) -> Result<()> {
        if self.json { say::json(value) } else { say::machine(text.trim_end_matches('\n')) }
    }
}

/// Reads the command line and does what it says. Wrong usage ends the process with 2.
pub(crate) fn run() -> Result<()> {
    let Cli { json, command } = Cli::parse();
    let voice = Voice { json };
    tls::install_provider()?;
    match command {
        Command::Config(command) => config::run(&command, voice),
        Command::Policy(command) => policy::run(&command, voice),
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
        Command::Provider(command) => wait(provider::run(command, voice)),
        Command::Agency(command) => wait(agency::run(command, voice)),
        Command::Person(command) => wait(person::run(command, voice)),
        Command::KeyModel(command) => wait(key_model::run(command, voice)),
        Command::Approval(command) => wait(approval::run(command, voice)),
        Command::Vendor(command) => wait(vendor::run(command, voice)),
        Command::Dataset(command) => wait(dataset::run(command, voice)),
        Command::Ledger(command) => wait(ledger::run(command, voice)),
        Command::Library(command) => wait(library::run(command, voice)),
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
