//! A visit: one session as its pages need it.

use std::sync::Arc;

use http::HeaderMap;

use crate::form::{FormKey, same_origin};

/// The secret of a session with its name and the key of its forms. Tokens are made for the name, which stays when the
/// secret is replaced: a form in another tab is still good after its person verified themself again.
#[derive(Clone)]
pub struct Visit {
    secret: String,
    id: String,
    forms: Arc<FormKey>,
}

impl Visit {
    /// The visit of a session.
    #[must_use]
    pub const fn new(secret: String, id: String, forms: Arc<FormKey>) -> Self {
        Self { secret, id, forms }
    }

    /// What the session's cookie holds.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The token of one form in this session.
    #[must_use]
    pub fn token(&self, form: &str) -> String {
        self.forms.token(&self.id, form)
    }

    /// True when a POST comes from our own page, of this session, for this form.
    #[must_use]
    pub fn may_post(&self, headers: &HeaderMap, token: &str, form: &str) -> bool {
        same_origin(headers) && !self.id.is_empty() && self.forms.accepts(token, &self.id, form)
    }
}

impl std::fmt::Debug for Visit {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Visit")
    }
}
