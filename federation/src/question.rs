//! The question that a browser takes to the issuer, and what it brings back.

use aws_lc_rs::digest::{SHA256, digest};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::jwt::encoded;
use crate::{Provider, Wrong};

/// Letters of a code or a state that came back.
const MOST_CHARS: usize = 2_048;
/// Bytes of a token endpoint's answer.
const MOST_BYTES: usize = 256 * 1024;

/// What has to be remembered until the answer: three secrets, each of its own use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Comes back with the answer.
    pub state: String,
    /// Comes back inside the token.
    pub nonce: String,
    /// Shows the token endpoint that whoever asked is who has the code now (PKCE).
    pub verifier: String,
    /// Where the answer is taken, exactly.
    pub redirect: String,
    /// How long ago the person may have been seen.
    pub max_age: SignedDuration,
    /// The person must be seen anew.
    pub anew: bool,
}

/// What came back in the address.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Answer {
    /// The code for the token.
    #[serde(default)]
    pub code: String,
    /// The state of the question.
    #[serde(default)]
    pub state: String,
    /// Who answers (RFC 9207).
    #[serde(default)]
    pub iss: Option<String>,
    /// Why there is no code.
    #[serde(default)]
    pub error: Option<String>,
}

/// Something to be fetched by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// From where.
    pub url: String,
    /// What is posted as a form; a GET where there is nothing.
    pub form: Option<String>,
    /// The client's name and secret, for Basic authentication.
    pub basic: Option<(String, String)>,
}

impl Request {
    /// A GET.
    #[must_use]
    pub fn get(url: &str) -> Self {
        Self { url: url.to_owned(), form: None, basic: None }
    }
}

impl Question {
    /// Where the browser is led.
    ///
    /// # Errors
    /// [`Wrong::Unreadable`] for an endpoint that is no address.
    pub fn address(
        &self,
        provider: &Provider,
        client: &str,
        scope: &str,
        acr: &[String],
    ) -> Result<String, Wrong> {
        let mut url = Url::parse(&provider.authorization_endpoint).map_err(|_| Wrong::Unreadable)?;
        let challenge = encoded(digest(&SHA256, self.verifier.as_bytes()).as_ref());
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", client)
            .append_pair("redirect_uri", &self.redirect)
            .append_pair("scope", scope)
            .append_pair("state", &self.state)
            .append_pair("nonce", &self.nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("max_age", &self.max_age.as_secs().to_string());
        if self.anew {
            query.append_pair("prompt", "login");
        }
        if !acr.is_empty() {
            query.append_pair("acr_values", &acr.join(" "));
        }
        drop(query);
        Ok(url.into())
    }

    /// The request that gives the code for the token, once the answer is known to be to this question.
    ///
    /// # Errors
    /// [`Wrong::State`] for an answer to another question, [`Wrong::Issuer`] when another one answers, [`Wrong::Refused`]
    /// when the issuer said no.
    pub fn exchange(
        &self,
        provider: &Provider,
        issuer: &str,
        (client, secret): (&str, Option<&str>),
        answer: &Answer,
    ) -> Result<Request, Wrong> {
        if self.state.is_empty() || answer.state != self.state {
            return Err(Wrong::State);
        }
        let demanded = provider.authorization_response_iss_parameter_supported;
        if answer.iss.as_ref().map_or(demanded, |iss| iss != issuer) {
            return Err(Wrong::Issuer);
        }
        if answer.error.is_some() || answer.code.is_empty() || answer.code.len() > MOST_CHARS {
            return Err(Wrong::Refused);
        }
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", &answer.code),
            ("redirect_uri", &self.redirect),
            ("code_verifier", &self.verifier),
        ];
        let methods = provider.token_endpoint_auth_methods_supported.as_deref();
        let posts = methods.is_some_and(|it| {
            !it.iter().any(|m| m == "client_secret_basic") && it.iter().any(|m| m == "client_secret_post")
        });
        let basic = match secret {
            Some(secret) if !posts => Some((quoted(client), quoted(secret))),
            Some(secret) => {
                form.extend([("client_id", client), ("client_secret", secret)]);
                None
            }
            None => {
                form.push(("client_id", client));
                None
            }
        };
        let form = form.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect::<Vec<_>>();
        Ok(Request { url: provider.token_endpoint.clone(), form: Some(form.join("&")), basic })
    }
}

/// The identity token in the answer of the token endpoint.
///
/// # Errors
/// [`Wrong::Unreadable`] when there is none.
pub fn id_token(json: &[u8]) -> Result<String, Wrong> {
    #[derive(Deserialize)]
    struct Tokens {
        id_token: String,
    }
    if json.len() > MOST_BYTES {
        return Err(Wrong::Unreadable);
    }
    let tokens: Tokens = serde_json::from_slice(json).map_err(|_| Wrong::Unreadable)?;
    Ok(tokens.id_token)
}

fn quoted(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
