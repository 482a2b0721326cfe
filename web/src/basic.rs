//! HTTP Basic credentials (RFC 7617), as every provider client sends them, unasked, with each request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};

/// No real secret is longer; what is longer is not decoded.
const MOST_BYTES: usize = 1024;

/// A user name and a secret, as sent. `Debug` hides the secret.
pub struct BasicCredentials {
    /// The user name.
    pub username: String,
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for BasicCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BasicCredentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// The credentials of a request; `None` when there are none or they are not well formed.
#[must_use]
pub fn basic_credentials(headers: &HeaderMap) -> Option<BasicCredentials> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > MOST_BYTES {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (username, secret) = text.split_once(':')?;
    Some(BasicCredentials { username: username.to_owned(), secret: secret.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn read(value: &str) -> Option<BasicCredentials> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        basic_credentials(&headers)
    }

    #[test]
    fn a_secret_may_hold_a_colon() {
        let found = read("Basic dXNyMTIzOnBzOndkMTIz").unwrap();
        assert_eq!((found.username.as_str(), found.secret.as_str()), ("usr123", "ps:wd123"));
        assert!(!format!("{found:?}").contains("wd123"));
    }

    #[test]
    fn what_is_not_basic_is_nobody() {
        for value in
            ["Bearer abc", "Basic", "Basic ***", "Basic dXNy", &format!("Basic {}", "A".repeat(2000))]
        {
            assert!(read(value).is_none(), "{value}");
        }
    }
}
