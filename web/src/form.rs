//! Form tokens and the same-origin check: every change comes from a page of ours, of this session, for this form.

use http::{HeaderMap, header};
use seal::IndexKey;

/// Makes and checks form tokens. The key lives as long as the process: a token from before a restart is refused and
/// the person sees the form again.
pub struct FormKey(IndexKey);

impl FormKey {
    /// A key from 32 random bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(IndexKey::from_bytes(bytes))
    }

    /// The token of one form in one session.
    #[must_use]
    pub fn token(&self, session: &str, form: &str) -> String {
        seal::digest::hex(&seal::digest::keyed(&self.0, format!("{form}\n{session}").as_bytes()))
    }

    /// True when `token` was made for this form in this session.
    #[must_use]
    pub fn accepts(&self, token: &str, session: &str, form: &str) -> bool {
        seal::digest::same(token.as_bytes(), self.token(session, form).as_bytes())
    }
}

/// True when the browser says that the request comes from a page of this very origin. `Sec-Fetch-Site` is believed
/// where it is sent; otherwise `Origin` must name the host that was asked.
#[must_use]
pub fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &http::HeaderValue| v.to_str().ok());
    if let Some(site) = text(http::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
    origin.split_once("://").is_some_and(|(_, named)| named.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_token_serves_one_form_of_one_session() {
        let key = FormKey::from_bytes([7; 32]);
        let token = key.token("session-a", "sign-out");
        assert!(key.accepts(&token, "session-a", "sign-out"));
        assert!(!key.accepts(&token, "session-b", "sign-out"));
        assert!(!key.accepts(&token, "session-a", "banner"));
        assert!(!FormKey::from_bytes([8; 32]).accepts(&token, "session-a", "sign-out"));
    }

    #[test]
    fn a_post_from_another_site_is_not_ours() {
        let mut headers = HeaderMap::new();
        assert!(!same_origin(&headers));
        headers.insert(header::HOST, HeaderValue::from_static("desk.example"));
        headers.insert(header::ORIGIN, HeaderValue::from_static("https://desk.example"));
        assert!(same_origin(&headers));
        headers.insert(header::ORIGIN, HeaderValue::from_static("https://evil.example"));
        assert!(!same_origin(&headers));
        headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
        assert!(same_origin(&headers));
        headers.insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
        assert!(!same_origin(&headers));
    }
}
