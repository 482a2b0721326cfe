//! What an operator can set, and the root key's file.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use custody::Door;
use domain::{Clock, Private, Profile};
use jiff::SignedDuration;
use seal::{Custody, CustodyFault, Random, RootKey};
use serde::Deserialize;
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

use crate::{Fault, Result, rotation};

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
    /// Who holds the epoch keys.
    #[serde(default)]
    pub custody: CustodySettings,
    /// Name of the ledger: a URL without scheme, in every checkpoint. Recorded at the first opening, like the profile.
    #[serde(default = "default_origin")]
    pub origin: String,
    /// Whether opening brings the schema up to date. Off for processes that must not.
    #[serde(default)]
    pub migrate: bool,
    /// Who cosigns the ledger's checkpoints.
    #[serde(default)]
    pub witnesses: Vec<WitnessSettings>,
    /// How many of them must agree; 0 asks for none.
    #[serde(default)]
    pub quorum: u32,
}

/// One witness of the ledger.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WitnessSettings {
    /// Where it is asked, without `/add-checkpoint`.
    pub url: String,
    /// Its verifier key: `name+id+key`.
    pub key: String,
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

/// Who holds the epoch keys, and the root where they can.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CustodySettings {
    /// `files:FOLDER`, `pkcs11:LIBRARY?token=LABEL` or `https://HOST/PATH`; the folder `epochs` beside the root key when
    /// nothing is said. Backups leave that folder out.
    pub url: Option<String>,
    /// The token's PIN, or the service's bearer token.
    pub secret: Option<Private<String>>,
    /// PEM file with the authorities that may vouch for the service.
    pub ca_file: Option<PathBuf>,
    /// Hours after which an epoch ends; a day when nothing is said.
    pub rotate_hours: Option<u32>,
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
            custody: CustodySettings::default(),
            origin: default_origin(),
            migrate: false,
            witnesses: Vec::new(),
            quorum: 0,
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

impl CustodySettings {
    pub(crate) fn rotate_every(&self) -> SignedDuration {
        self.rotate_hours.map_or(rotation::DAY, |hours| SignedDuration::from_hours(hours.max(1).into()))
    }

    /// The way to whoever holds the keys of a house with its root key there.
    fn door(&self, root_key_file: &Path) -> Door {
        let beside = || format!("files:{}", root_key_file.with_file_name("epochs").display());
        Door {
            address: self.url.clone().unwrap_or_else(beside),
            secret: self.secret.as_ref().map(|secret| secret.reveal().clone().into()),
            ca_file: self.ca_file.clone(),
        }
    }
}

/// Makes the root key of a new house. Refuses to replace a file: the key is all that opens what was sealed under it.
///
/// # Errors
/// A fault when the file is already there or cannot be written.
pub fn make_root_key(path: &Path, random: &dyn Random) -> Result<()> {
    let bytes = Zeroizing::new(seal::random::bytes::<32>(random)?);
    write_root(path, &seal::hex(&*bytes))
}

/// The same for a house whose root is sealed by whoever holds its epoch keys: the file alone then opens nothing. Blocks.
///
/// # Errors
/// A fault when custody is a folder, does not answer, or the file is already there.
pub fn seal_root_key(path: &Path, custody: &CustodySettings, random: &Arc<dyn Random>) -> Result<()> {
    let door = custody.door(path);
    if !door.is_outside() {
        return Err(Fault::Settings("a folder cannot seal the root that seals it".to_owned()).into());
    }
    let custody = door.open(no_root, Arc::clone(random))?;
    let bytes = Zeroizing::new(seal::random::bytes::<32>(&**random)?);
    let name = format!("root-{}", seal::hex(&seal::random::bytes::<4>(&**random)?));
    custody.create(&name)?;
    write_root(path, &format!("{SEALED} {name} {}", seal::hex(&custody.wrap(&name, &bytes)?)))
}

/// Begins a root key's file that opens nothing by itself.
const SEALED: &str = "sealed";
const FILES_LABEL: &str = "custody/files/v1";

fn write_root(path: &Path, text: &str) -> Result<()> {
    const DOING: &str = "writing the root key";
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(Fault::io(DOING))?;
    file.write_all(text.as_bytes()).map_err(Fault::io(DOING))?;
    file.sync_all().map_err(Fault::io(DOING))?;
    Ok(())
}

fn no_root() -> std::result::Result<[u8; 32], CustodyFault> {
    Err(CustodyFault::Refused { doing: "opening custody", why: "it holds the root itself".to_owned() })
}

/// The root key and whoever holds the epoch keys.
pub(crate) async fn opened_keys(
    settings: &Settings,
    random: &Arc<dyn Random>,
) -> Result<(RootKey, Arc<dyn Custody>)> {
    let (path, door, random) =
        (settings.root_key_file.clone(), settings.custody.door(&settings.root_key_file), Arc::clone(random));
    let opened = spawn_blocking(move || {
        let text = Zeroizing::new(root_text(&path)?);
        let custody = match text.strip_prefix(SEALED) {
            Some(_) => door.open(no_root, random)?,
            None => {
                let files = || Ok(plain_root(&text)?.derive(FILES_LABEL)?);
                door.open(files, random)?
            }
        };
        let root = match text.strip_prefix(SEALED) {
            Some(sealed) => sealed_root(sealed, &*custody)?,
            None => plain_root(&text)?,
        };
        Ok((root, custody))
    });
    opened.await.map_err(|_| Fault::Stopped { what: "opening the keys" })?
}

/// The root key's file; refuses one that others may read.
fn root_text(path: &Path) -> Result<String> {
    const DOING: &str = "reading the root key";
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_err(Fault::io(DOING))?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(Fault::Settings("the root key's file may be read by others: chmod 600".into()).into());
        }
    }
    Ok(fs::read_to_string(path).map_err(Fault::io(DOING))?.trim().to_owned())
}

fn plain_root(text: &str) -> std::result::Result<RootKey, seal::Fault> {
    let bytes = Zeroizing::new(seal::unhex(text)?);
    let bytes = <[u8; 32]>::try_from(bytes.as_slice());
    bytes
        .map(RootKey::from_bytes)
        .map_err(|_| seal::Fault::Malformed { what: "root key: 64 hexadecimal digits" })
}

fn sealed_root(sealed: &str, custody: &dyn Custody) -> Result<RootKey> {
    let (name, wrapped) =
        sealed.trim().split_once(' ').ok_or(seal::Fault::Malformed { what: "sealed root key" })?;
    Ok(RootKey::from_bytes(custody.unwrap(name, &seal::unhex(wrapped)?)?))
}
