//! What an issuer says of itself (OpenID Connect Discovery).

use serde::Deserialize;
use url::Url;

use crate::Wrong;

/// Bytes of such a document.
const MOST_BYTES: usize = 256 * 1024;

/// The addresses of an issuer.
#[derive(Debug, Clone, Deserialize)]
pub struct Provider {
    issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    pub(crate) token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Provider {
    /// Where an issuer says it.
    #[must_use]
    pub fn address(issuer: &str) -> String {
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    }

    /// Reads what the issuer of this name says. It must call itself exactly that, so that nobody speaks in its name, and
    /// none of its addresses may be plain HTTP, but on this machine.
    ///
    /// # Errors
    /// [`Wrong::Unreadable`], or [`Wrong::Issuer`] when it calls itself otherwise.
    pub fn read(json: &[u8], issuer: &str) -> Result<Self, Wrong> {
        if json.len() > MOST_BYTES {
            return Err(Wrong::Unreadable);
        }
        let read: Self = serde_json::from_slice(json).map_err(|_| Wrong::Unreadable)?;
        if read.issuer != issuer {
            return Err(Wrong::Issuer);
        }
        let all = [&read.authorization_endpoint, &read.token_endpoint, &read.jwks_uri];
        if all.into_iter().any(|address| !is_safe(address)) {
            return Err(Wrong::Unreadable);
        }
        Ok(read)
    }

    /// Where its keys are.
    #[must_use]
    pub fn keys(&self) -> &str {
        &self.jwks_uri
    }
}

/// Whether an address may be asked, or somebody be led there: `https`, or this machine itself.
pub(crate) fn is_safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    (url.scheme() == "https" || url.scheme() == "http" && here) && url.username().is_empty()
}
