//! What an operator can set, and the root key's file.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{Clock, Private, Profile};
use seal::{Random, RootKey};
use serde::Deserialize;

use crate::{Fault, Result};

/// How the house is set up. The profile has no default: a house without one does not start.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Under which law the house runs. Recorded at the first opening and never changed.
    pub profile: Profile,
    /// Where the rows are.
    #[serde(default)]
    pub database: DatabaseSettings,
    /// Where the bytes are.
    #[serde(default)]
    pub vault: VaultSettings,
    /// File with the root key: 64 hexadecimal digits, readable by its owner only.
    #[serde(default = "default_root_key")]
    pub root_key_file: PathBuf,
    /// Name of the ledger: a URL without scheme, in every checkpoint. Recorded at the first opening, like the profile.
    #[serde(default = "default_origin")]
    pub origin: String,
    /// Whether opening brings the schema up to date. Off for processes that must not.
    #[serde(default)]
    pub migrate: bool,
}

/// Where the rows are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseSettings {
    /// `sqlite:PATH` or `postgres://user@host/name`. It may hold a password, so it does not print.
    pub url: Private<String>,
    /// SQLite: connections that read.
    pub readers: usize,
    /// PostgreSQL: connections.
    pub connections: usize,
    /// PostgreSQL: PEM file with the authorities that may vouch for the server.
    pub ca_file: Option<PathBuf>,
    /// Transactions slower than this many milliseconds are traced.
    pub slow_ms: u64,
    /// PostgreSQL: milliseconds after which whoever waits is told that the database does not answer.
    pub answer_timeout_ms: u64,
}

/// Where the bytes are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VaultSettings {
    /// `file:PATH` or `s3://bucket?endpoint=URL&region=NAME`.
    pub url: String,
    /// S3: the key's public half.
    pub access_key_id: Option<String>,
    /// S3: the key's secret half.
    pub secret_access_key: Option<Private<String>>,
}

/// What only the binary or a test can give: time, chance, and knowledge of the synthetic corpus.
#[derive(Clone)]
pub struct Given {
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub random: Arc<dyn Random>,
    /// Which files are our own synthetic ones; asked in the profile `synthetic-demo` only.
    pub corpus: Corpus,
}

/// Answers whether a SHA-256 is that of a file of our synthetic corpus.
pub type Corpus = Arc<dyn Fn(&[u8; 32]) -> bool + Send + Sync>;

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given")
    }
}

fn default_root_key() -> PathBuf {
    "root.key".into()
}

fn default_origin() -> String {
    "localhost/clearinghouse".to_owned()
}

impl Settings {
    /// The defaults of a house with this profile.
    #[must_use]
    pub fn of(profile: Profile) -> Self {
        Self {
            profile,
            database: DatabaseSettings::default(),
            vault: VaultSettings::default(),
            root_key_file: default_root_key(),
            origin: default_origin(),
            migrate: false,
        }
    }
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        let database::Settings { url, readers, connections, ca_file, slow_ms, answer_timeout_ms, .. } =
            database::Settings::default();
        Self { url: url.into(), readers, connections, ca_file, slow_ms, answer_timeout_ms }
    }
}

impl Default for VaultSettings {
    fn default() -> Self {
        Self { url: "file:vault".to_owned(), access_key_id: None, secret_access_key: None }
    }
}

impl DatabaseSettings {
    /// As the seam to the databases wants them.
    #[must_use]
    pub fn seam(&self) -> database::Settings {
        let mut settings = database::Settings::at(self.url.reveal().as_str());
        settings.readers = self.readers;
        settings.connections = self.connections;
        settings.ca_file.clone_from(&self.ca_file);
        settings.slow_ms = self.slow_ms;
        settings.answer_timeout_ms = self.answer_timeout_ms;
        // The server ends a statement of its own accord before its caller is given up.
        settings.statement_timeout_ms = (self.answer_timeout_ms / 4 * 3).max(1);
        settings
    }
}

/// Makes the root key of a new house. Refuses to replace a file: the key is all that opens what was sealed under it.
///
/// # Errors
/// A fault when the file is already there or cannot be written.
pub fn make_root_key(path: &Path, random: &dyn Random) -> Result<()> {
    const DOING: &str = "writing the root key";
    let bytes: [u8; 32] = seal::random::bytes(random)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(Fault::io(DOING))?;
    file.write_all(seal::hex(&bytes).as_bytes()).map_err(Fault::io(DOING))?;
    file.sync_all().map_err(Fault::io(DOING))?;
    Ok(())
}

/// Reads the root key; refuses a file that others may read.
pub(crate) fn read_root_key(path: &Path) -> Result<RootKey> {
    const DOING: &str = "reading the root key";
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_err(Fault::io(DOING))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Fault::Settings("the root key's file may be read by others: chmod 600".into()).into());
        }
    }
    let text = fs::read_to_string(path).map_err(Fault::io(DOING))?;
    let bytes = seal::unhex(text.trim())?;
    let bytes = <[u8; 32]>::try_from(bytes)
        .map_err(|_| Fault::Settings("the root key is not 64 hexadecimal digits".into()))?;
    Ok(RootKey::from_bytes(bytes))
}
