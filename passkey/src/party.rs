//! The relying party: one host name with one origin.

use std::time::Duration;

use url::Url;
use webauthn_rs_core::WebauthnCore;

use crate::Wrong;

/// How long somebody may take to touch their key.
pub const LIFE: Duration = Duration::from_secs(5 * 60);

/// Who asks for keys. Keys that were made for one host name open no other.
pub struct Party {
    pub(crate) core: WebauthnCore,
}

/// A ceremony that has begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// For `navigator.credentials`, as JSON.
    pub options: String,
    /// What has to be remembered until the answer comes, as JSON. It holds the challenge: keep it from everybody.
    pub state: String,
}

impl Party {
    /// The party of a host name, reached under exactly these origins.
    ///
    /// # Errors
    /// [`Wrong::Origin`] for an address that is not one of this name, and without any.
    pub fn new(site: &str, name: &str, origins: &[String]) -> Result<Self, Wrong> {
        let parsed = origins.iter().map(|origin| Url::parse(origin).ok());
        let origins: Option<Vec<Url>> =
            parsed.map(|origin| origin.filter(|origin| origin.domain() == Some(name))).collect();
        let origins = origins.filter(|origins| !origins.is_empty()).ok_or(Wrong::Origin)?;
        // No subdomain and no other port is taken for one of them.
        let core = WebauthnCore::new_unsafe_experts_only(site, name, origins, LIFE, Some(false), Some(false));
        Ok(Self { core })
    }
}
