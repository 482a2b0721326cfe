//! A visit: one session as its pages need it.

use std::sync::Arc;

use http::HeaderMap;

use crate::form::{FormKey, same_origin};

/// The secret of a session with the key of its forms.
#[derive(Clone)]
pub struct Visit {
    secret: String,
    forms: Arc<FormKey>,
}

impl Visit {
    /// The visit of a session.
    #[must_use]
    pub const fn new(secret: String, forms: Arc<FormKey>) -> Self {
        Self { secret, forms }
    }

    /// What the session's cookie holds.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The token of one form in this session.
    #[must_use]
    pub fn token(&self, form: &str) -> String {
        self.forms.token(&self.secret, form)
    }

    /// True when a POST comes from our own page, of this session, for this form.
    #[must_use]
    pub fn may_post(&self, headers: &HeaderMap, token: &str, form: &str) -> bool {
        same_origin(headers) && self.forms.accepts(token, &self.secret, form)
    }
}

impl std::fmt::Debug for Visit {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Visit")
    }
}
