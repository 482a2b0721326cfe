//! Where the settings come from: one file, then the environment, key by key. Whatever is not understood is refused
//! with the place where it stands, because a setting that is passed over in silence is a setting that is wrong.

mod environment;
mod file;
mod settings;
mod shape;

use std::fs;
use std::path::{Path, PathBuf};

use domain::{Private, Profile};
use serde_json::{Value, json};

pub use environment::Variables;
pub use settings::{
    Custody, Database, FinishErrorRoot, Listener, Log, LogFormat, PORT, Providers, Schema, Settings, SignIn,
    SignInIssuer, StatusMode, Surface, Vault,
};

use crate::outcome::{Failure, Result};
use shape::Shape;

/// The file's name where none is given.
pub const FILE_NAME: &str = "clearinghouse.toml";

/// The settings of this process, and the folder that their relative paths count from.
#[derive(Debug, Clone)]
pub struct Config {
    /// Every key.
    pub settings: Settings,
    folder: PathBuf,
}

impl Config {
    /// Reads the file and lays the environment over it.
    pub fn load(file: &Path, variables: &Variables) -> Result<Self> {
        let text = fs::read_to_string(file).map_err(|fault| {
            Failure::new(format!("cannot read the configuration {}: {fault}", file.display()))
                .hint("make one with `clearinghouse init`, or name it with --config FILE")
        })?;
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        Self::read(&file.display().to_string(), &text, folder, variables)
    }

    /// The same from a text; `name` stands in refusals.
    pub fn read(name: &str, text: &str, folder: PathBuf, variables: &Variables) -> Result<Self> {
        let table = file::read(name, text)?;
        let settings = environment::lay_over(table, variables)?;
        Ok(Self { settings, folder })
    }

    /// The JSON Schema of the file.
    pub fn schema() -> Value {
        let mut schema = Settings::shape();
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["required"] = json!(["profile"]);
        schema
    }

    /// The profile, which has no default.
    pub fn profile(&self) -> Result<Profile> {
        self.settings.profile.ok_or_else(|| {
            let words: Vec<&str> = Profile::ALL.iter().map(|profile| profile.as_str()).collect();
            Failure::new("the configuration does not say its profile".to_owned())
                .hint(format!("set `profile` to one of {}", words.join(", ")))
        })
    }

    /// A path of the configuration, counted from its folder.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// What the store needs of all this.
    pub fn store(&self) -> Result<store::Settings> {
        let mut store = store::Settings::of(self.profile()?);
        store.database = self.database()?;
        store.vault = self.vault()?;
        store.root_key_file = self.path(&self.settings.root_key_file);
        store.custody = self.custody()?;
        store.origin.clone_from(&self.settings.origin);
        store.migrate = self.settings.migrate;
        store.quorum = self.settings.ledger.quorum;
        store.witnesses = self.settings.ledger.witness.iter().map(witness).collect();
        Ok(store)
    }

    fn database(&self) -> Result<store::DatabaseSettings> {
        let Database {
            url,
            password,
            password_file,
            readers,
            connections,
            ca_file,
            slow_ms,
            answer_timeout_ms,
        } = &self.settings.database;
        let password = self.secret(password.as_ref(), password_file.as_deref())?;
        let url = match (password, url.0.strip_prefix("sqlite:")) {
            (None, None) => url.0.clone(),
            (None, Some(path)) => format!("sqlite:{}", self.path(Path::new(path)).display()),
            (Some(password), _) => url.with_password(password.reveal()).ok_or_else(|| {
                Failure::new("the database has a password but its url names no user to go with it".to_owned())
                    .hint("write database.url as postgres://user@host/name")
            })?,
        };
        Ok(store::DatabaseSettings {
            url: url.into(),
            readers: *readers as usize,
            connections: *connections as usize,
            ca_file: ca_file.as_deref().map(|file| self.path(file)),
            slow_ms: u64::from(*slow_ms),
            answer_timeout_ms: u64::from(*answer_timeout_ms),
        })
    }

    fn vault(&self) -> Result<store::VaultSettings> {
        let Vault { url, access_key_id, secret_access_key, secret_access_key_file } = &self.settings.vault;
        let url = match url.strip_prefix("file:") {
            Some(path) => format!("file:{}", self.path(Path::new(path)).display()),
            None => url.clone(),
        };
        let secret_access_key = self.secret(secret_access_key.as_ref(), secret_access_key_file.as_deref())?;
        Ok(store::VaultSettings { url, access_key_id: access_key_id.clone(), secret_access_key })
    }

    fn custody(&self) -> Result<store::CustodySettings> {
        let Custody { url, secret, secret_file, ca_file, rotate_hours } = &self.settings.custody;
        let counted = |url: &String| match url.strip_prefix("files:") {
            Some(path) => format!("files:{}", self.path(Path::new(path)).display()),
            None => url.clone(),
        };
        Ok(store::CustodySettings {
            url: url.as_ref().map(counted),
            secret: self.secret(secret.as_ref(), secret_file.as_deref())?,
            ca_file: ca_file.as_deref().map(|file| self.path(file)),
            rotate_hours: Some(*rotate_hours),
        })
    }

    /// A secret that only ever stands in a file of its own.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn secret_in(&self, file: Option<&Path>) -> Result<Option<Private<String>>> {
        self.secret(None, file)
    }

    /// The password by which the mail server knows this house.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn mail_password(&self) -> Result<Option<Private<String>>> {
        let said = &self.settings.mail;
        self.secret(said.password.as_ref(), said.password_file.as_deref())
    }

    /// A secret from the environment or from the file that holds nothing else.
    fn secret(&self, given: Option<&shape::Secret>, file: Option<&Path>) -> Result<Option<Private<String>>> {
        match (given, file) {
            (Some(secret), _) => Ok(Some(secret.0.clone())),
            (None, None) => Ok(None),
            (None, Some(file)) => {
                let file = self.path(file);
                let text = fs::read_to_string(&file).map_err(|fault| {
                    Failure::new(format!("cannot read the secret in {}: {fault}", file.display()))
                })?;
                Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned().into()))
            }
        }
    }

    /// The listeners by name; one for everything on the loopback address where none is named.
    pub fn listeners(&self) -> Vec<(String, Listener)> {
        if self.settings.listen.is_empty() {
            return vec![("house".to_owned(), Listener::default())];
        }
        self.settings.listen.iter().map(|(name, listener)| (name.clone(), listener.clone())).collect()
    }
}

fn witness(given: &settings::LedgerWitness) -> store::WitnessSettings {
    store::WitnessSettings { url: given.url.clone(), key: given.key.clone() }
}

#[cfg(test)]
mod tests;
