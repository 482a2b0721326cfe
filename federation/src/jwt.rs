//! A signed token taken apart (RFC 7515, compact). Nothing in it is believed before its signature was checked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

use crate::Wrong;

/// Letters of a token.
const MOST_CHARS: usize = 32 * 1024;

/// How a token may be signed. There is no "none" here and no shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
}

#[derive(Debug, Deserialize)]
struct Head {
    alg: Value,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    crit: Option<Value>,
}

/// A token, not believed yet.
pub(crate) struct Token<'a> {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: Option<String>,
    pub(crate) kind: Option<String>,
    /// What was signed.
    pub(crate) signed: &'a str,
    pub(crate) signature: Vec<u8>,
    payload: &'a str,
}

impl<'a> Token<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self, Wrong> {
        if text.len() > MOST_CHARS {
            return Err(Wrong::Unreadable);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(Wrong::Unreadable)?;
        let (head, payload) = signed.split_once('.').ok_or(Wrong::Unreadable)?;
        let head: Head = serde_json::from_slice(&decoded(head)?).map_err(|_| Wrong::Unreadable)?;
        if head.crit.is_some() {
            // Something in it must be understood that we do not.
            return Err(Wrong::Unreadable);
        }
        let algorithm = serde_json::from_value(head.alg).map_err(|_| Wrong::Algorithm)?;
        let (key, kind, signature) = (head.kid, head.typ, decoded(signature)?);
        Ok(Self { algorithm, key, kind, signed, signature, payload })
    }

    /// What it says. Only [`crate::Keys`] asks, once the signature holds.
    pub(crate) fn payload(&self) -> Result<Value, Wrong> {
        serde_json::from_slice(&decoded(self.payload)?).map_err(|_| Wrong::Unreadable)
    }
}

pub(crate) fn decoded(text: &str) -> Result<Vec<u8>, Wrong> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Wrong::Unreadable)
}

pub(crate) fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
