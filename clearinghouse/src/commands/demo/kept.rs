//! The secrets of a demo, kept beside its root key so that a second start prints the same ones. A real house keeps
//! digests only.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use domain::{AgencyId, ProviderId};
use serde::{Deserialize, Serialize};

use crate::outcome::{Doing, Result};

const FILE_NAME: &str = "demo-secrets.json";

/// What was handed out when the demo was made.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// The providers with their credentials.
    pub(super) providers: Vec<Account>,
    /// The tokens of agencies' own systems.
    pub(super) tokens: Vec<Token>,
}

/// A provider's credential.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Account {
    pub(super) id: ProviderId,
    pub(super) name: String,
    pub(super) username: String,
    pub(super) password: String,
}

/// An agency's token.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Token {
    pub(super) agency: AgencyId,
    pub(super) token: String,
}

impl Kept {
    /// What an earlier start kept; nothing in a new demo.
    pub(super) fn read(data: &Path) -> Result<Self> {
        let file = data.join(FILE_NAME);
        match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).doing(&format!("read {}", file.display())),
            Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(fault) => Err(fault).doing(&format!("read {}", file.display())),
        }
    }

    /// Keeps it, for its owner only. Written beside and moved into place: a crash leaves the old one or the new one.
    pub(super) fn write(&self, data: &Path) -> Result<()> {
        let (file, beside) = (data.join(FILE_NAME), data.join(format!("{FILE_NAME}.new")));
        let written = || {
            let mut out =
                fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
            out.write_all(&serde_json::to_vec_pretty(self)?)?;
            out.sync_all()?;
            fs::rename(&beside, &file)
        };
        written().doing(&format!("write {}", file.display()))
    }
}
