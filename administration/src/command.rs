//! All commands of this room, as a command line takes them up among its own.

use clap::{ArgMatches, Error, FromArgMatches, Subcommand};
use console::Voice;

use crate::outcome::Result;
use crate::{agency, approval, dataset, key_model, ledger, library, person, policy, provider, vendor};

/// What the operator said. The words themselves are nobody else's business.
#[derive(Debug)]
pub struct Command(Hand);

#[derive(Debug, Subcommand)]
enum Hand {
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
}

impl Command {
    /// Does it.
    pub async fn run(self, voice: Voice) -> Result<()> {
        match self.0 {
            Hand::Provider(command) => provider::run(command, voice).await,
            Hand::Agency(command) => agency::run(command, voice).await,
            Hand::Person(command) => person::run(command, voice).await,
            Hand::KeyModel(command) => key_model::run(command, voice).await,
            Hand::Approval(command) => approval::run(command, voice).await,
            Hand::Vendor(command) => vendor::run(command, voice).await,
            Hand::Dataset(command) => dataset::run(command, voice).await,
            Hand::Ledger(command) => ledger::run(command, voice).await,
            Hand::Library(command) => library::run(command, voice).await,
            Hand::Policy(command) => policy::run(&command, voice).await,
        }
    }
}

impl FromArgMatches for Command {
    fn from_arg_matches(matches: &ArgMatches) -> std::result::Result<Self, Error> {
        Hand::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> std::result::Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl Subcommand for Command {
    fn augment_subcommands(line: clap::Command) -> clap::Command {
        Hand::augment_subcommands(line)
    }

    fn augment_subcommands_for_update(line: clap::Command) -> clap::Command {
        Hand::augment_subcommands_for_update(line)
    }

    fn has_subcommand(name: &str) -> bool {
        Hand::has_subcommand(name)
    }
}
