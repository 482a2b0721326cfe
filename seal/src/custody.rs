//! The small trait behind which the keys above the data keys stand.

use std::error::Error;

use crate::Fault;
use crate::gcm::KEY_BYTES;

/// Who holds the keys above the data keys: a folder, a hardware module, a key service. Nothing else of it is ever
/// asked for, and whatever it makes never leaves it.
///
/// Every call may block for as long as a network does, so none is made while a transaction is open.
pub trait Custody: Send + Sync {
    /// Makes a key of this name. A name is used once: it holds letters, digits and hyphens.
    fn create(&self, name: &str) -> Result<(), CustodyFault>;
    /// Seals a secret under the key of this name, bound to the name.
    fn wrap(&self, name: &str, secret: &[u8; KEY_BYTES]) -> Result<Vec<u8>, CustodyFault>;
    /// Opens what [`Custody::wrap`] sealed; [`CustodyFault::Gone`] once the key is destroyed.
    fn unwrap(&self, name: &str, wrapped: &[u8]) -> Result<[u8; KEY_BYTES], CustodyFault>;
    /// Destroys a key for ever. A key that is not there counts as destroyed; one that the holder will only destroy later
    /// is [`CustodyFault::Pending`] until then.
    fn destroy(&self, name: &str) -> Result<(), CustodyFault>;
    /// The names of all keys that it still holds.
    fn names(&self) -> Result<Vec<String>, CustodyFault>;
}

/// What custody could not do. No variant carries a secret.
#[derive(Debug, thiserror::Error)]
pub enum CustodyFault {
    /// There is no such key, or no longer.
    #[error("custody has no key {name}")]
    Gone {
        /// The key.
        name: String,
    },
    /// The key still waits for its destruction.
    #[error("custody has not yet destroyed the key {name}")]
    Pending {
        /// The key.
        name: String,
    },
    /// Nobody answered, or nobody in time. The same call may well succeed a little later.
    #[error("custody did not answer while {doing}")]
    Silent {
        /// What we were doing.
        doing: &'static str,
        /// What was heard instead.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// It answered and would not.
    #[error("custody refused {doing}: {why}")]
    Refused {
        /// What we asked for.
        doing: &'static str,
        /// What it said.
        why: String,
    },
    /// Sealing or opening failed: the bytes were changed, or belong to another key.
    #[error(transparent)]
    Seal(#[from] Fault),
}

impl CustodyFault {
    /// Whether the same call may well succeed a little later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Pending { .. } | Self::Silent { .. })
    }
}
