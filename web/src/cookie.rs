//! The session cookie (security-practice 5): 256 random bits, host-bound, gone with the browser.

use http::{HeaderMap, HeaderValue, header};

const NAME: &str = "__Host-s";
const SECRET_CHARS: usize = 64;

/// The session secret that a request carries: 64 lower-case hex digits, or nothing.
#[must_use]
pub fn session_cookie(headers: &HeaderMap) -> Option<String> {
    let secret = value(headers, NAME)?;
    let sound = secret.len() == SECRET_CHARS && secret.bytes().all(|b| b.is_ascii_hexdigit());
    sound.then(|| secret.to_ascii_lowercase())
}

fn value(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
}

/// Sets the session cookie. No `Max-Age`: the server's clock ends a session, never the browser's.
#[must_use]
pub fn set_session_cookie(secret: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{NAME}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict")).ok()
}

/// Takes the session cookie away.
#[must_use]
pub const fn clear_session_cookie() -> HeaderValue {
    HeaderValue::from_static("__Host-s=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

const ERRAND: &str = "__Host-errand";
/// Longer ones are not kept by every browser.
const MOST_ERRAND_CHARS: usize = 3_800;

/// The errand that a browser keeps, sealed: hexadecimal digits, or nothing.
pub(crate) fn errand(headers: &HeaderMap) -> Option<String> {
    value(headers, ERRAND).filter(|kept| {
        !kept.is_empty() && kept.len() <= MOST_ERRAND_CHARS && kept.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

/// Keeps an errand. It comes along when another site leads the browser back here (`Lax`), which opens nothing by itself.
pub(crate) fn set_errand(kept: &str) -> Option<HeaderValue> {
    let fits = kept.len() <= MOST_ERRAND_CHARS;
    let cookie = format!("{ERRAND}={kept}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
    fits.then(|| HeaderValue::from_str(&cookie).ok()).flatten()
}

/// Forgets the errand.
pub(crate) const fn clear_errand() -> HeaderValue {
    HeaderValue::from_static("__Host-errand=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_secret_is_a_session() {
        let secret = "ab".repeat(32);
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&format!("a=b; __Host-s={secret}")).unwrap());
        assert_eq!(session_cookie(&headers), Some(secret));
        headers.insert(header::COOKIE, HeaderValue::from_static("__Host-s=short"));
        assert_eq!(session_cookie(&headers), None);
    }
}
