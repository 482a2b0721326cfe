//! What every command takes and how it answers.

use std::path::PathBuf;

use clap::Args;
use config::outcome::Result;
use config::{Config, FILE_NAME, Variables};
use serde::Serialize;

use crate::{limits, log, say};

/// Where the configuration is.
#[derive(Debug, Args)]
pub struct ConfigArg {
    /// Configuration file.
    #[arg(long = "config", id = "config", value_name = "FILE", env = "CLEARINGHOUSE_CONFIG", default_value = FILE_NAME)]
    file: PathBuf,
}

impl ConfigArg {
    /// The configuration, with the process set up as it says.
    pub fn load(&self) -> Result<Config> {
        let config = self.read()?;
        log::start(&config.settings.log)?;
        limits::raise_open_files(config.settings.limits.open_files);
        Ok(config)
    }

    /// The configuration in this file.
    pub const fn at(file: PathBuf) -> Self {
        Self { file }
    }

    /// The configuration alone.
    pub fn read(&self) -> Result<Config> {
        Config::load(&self.file, &Variables::of_process())
    }
}

/// How a command answers: in words, or in JSON when that was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    json: bool,
}

impl Voice {
    /// In JSON, or in words.
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether the answer is JSON.
    pub const fn is_json(self) -> bool {
        self.json
    }

    /// The answer of a command, for programs and for people.
    pub fn answer(self, value: &impl Serialize, words: impl std::fmt::Display) -> Result<()> {
        if self.json {
            return say::json(value);
        }
        say::people(words);
        Ok(())
    }

    /// The answer of a command that is made for programs anyway: a proof, a checkpoint, a schema.
    pub fn document(self, value: &impl Serialize, text: &str) -> Result<()> {
        if self.json { say::json(value) } else { say::machine(text.trim_end_matches('\n')) }
    }
}
