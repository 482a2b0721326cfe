//! Who holds the keys above the data keys: a folder of files, a PKCS#11 token, or a key service over HTTPS.
//!
//! All three answer the same few questions of [`seal::Custody`]: make a key, seal a secret under it, open that again,
//! destroy the key, list what is there. Keys have names and never leave. [`Door::open`] picks one by its address.
//! Every call blocks, is bounded in time, and is tried again only where trying again cannot do harm. Deliberately
//! absent: what the keys are for, when they change, and where what they sealed is kept.

mod files;
mod name;
mod service;
mod token;

use std::path::PathBuf;
use std::sync::Arc;

use seal::{Custody, CustodyFault, Random};
use zeroize::Zeroizing;

pub use files::Files;
pub use service::Service;
pub use token::Token;

/// Where custody is, and what opens it.
#[derive(Clone, Default)]
pub struct Door {
    /// `files:FOLDER`, `pkcs11:LIBRARY?token=LABEL`, or `https://HOST/PATH`.
    pub address: String,
    /// The token's PIN or the service's bearer token.
    pub secret: Option<Zeroizing<String>>,
    /// PEM file with the authorities that may vouch for the service.
    pub ca_file: Option<PathBuf>,
}

/// The kinds of custody that hold even the root.
const OUTSIDE: [&str; 3] = ["pkcs11:", "https://", "http://127.0.0.1:"];

impl Door {
    /// Whether whoever holds the keys is outside this machine's files, so that it can hold the root too.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        OUTSIDE.iter().any(|kind| self.address.starts_with(kind))
    }

    /// Opens custody. `root` seals the files of a folder and is asked for only there. Blocks.
    ///
    /// # Errors
    /// [`CustodyFault::Refused`] for an address of no known kind, and whatever the kind refuses.
    pub fn open(
        &self,
        root: impl FnOnce() -> Result<[u8; 32], CustodyFault>,
        random: Arc<dyn Random>,
    ) -> Result<Arc<dyn Custody>, CustodyFault> {
        if let Some(folder) = self.address.strip_prefix("files:") {
            return Ok(Arc::new(Files::open(folder.into(), root()?, random)?));
        }
        if let Some(rest) = self.address.strip_prefix("pkcs11:") {
            let (library, label) = rest.split_once("?token=").ok_or_else(|| unknown(&self.address))?;
            let pin = self.secret.as_ref().ok_or_else(|| refused(OPENING, "a token needs its PIN"))?;
            return Ok(Arc::new(Token::open(library.as_ref(), label, pin, random)?));
        }
        if self.is_outside() {
            return Ok(Arc::new(Service::open(&self.address, self.secret.clone(), self.ca_file.as_deref())?));
        }
        Err(unknown(&self.address))
    }
}

const OPENING: &str = "opening custody";

fn unknown(address: &str) -> CustodyFault {
    refused(
        OPENING,
        format!(
            "{address:?} is none of files:FOLDER, pkcs11:LIBRARY?token=LABEL, https://HOST/PATH (plain http only to 127.0.0.1)"
        ),
    )
}

fn refused(doing: &'static str, why: impl Into<String>) -> CustodyFault {
    CustodyFault::Refused { doing, why: why.into() }
}

fn gone(name: &str) -> CustodyFault {
    CustodyFault::Gone { name: name.to_owned() }
}
