//! Verifier keys: who may sign a note, as one line of text.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{ED25519, ParsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Refusal;
use crate::hash::sha256;

const ED25519_TYPE: u8 = 1;
const PUBLIC_BYTES: usize = 32;

/// An Ed25519 key with the name under which it signs. Its text is `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VerifierKey {
    name: String,
    id: u32,
    public: [u8; PUBLIC_BYTES],
}

impl VerifierKey {
    /// Names a public key. A name is a URL without scheme, and has neither spaces nor `+`.
    pub fn new(name: &str, public: [u8; PUBLIC_BYTES]) -> Result<Self, Refusal> {
        if !is_name(name) {
            return Err(Refusal::Malformed { what: "key name" });
        }
        let mut named = format!("{name}\n").into_bytes();
        named.push(ED25519_TYPE);
        named.extend_from_slice(&public);
        let [a, b, c, d, ..] = sha256(&named);
        Ok(Self { name: name.to_owned(), id: u32::from_be_bytes([a, b, c, d]), public })
    }

    /// The name, which for a log is its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of a hash over name and key; a hint for finding the key, not a proof.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The public key.
    pub fn public(&self) -> &[u8; PUBLIC_BYTES] {
        &self.public
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        ParsedPublicKey::new(&ED25519, self.public)
            .is_ok_and(|key| key.verify_sig(message, signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut typed = vec![ED25519_TYPE];
        typed.extend_from_slice(&self.public);
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(typed))
    }
}

impl FromStr for VerifierKey {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        const MALFORMED: Refusal = Refusal::Malformed { what: "verifier key" };
        let mut fields = text.splitn(3, '+');
        let name = fields.next().ok_or(MALFORMED)?;
        // The id is only compared, as a part of the whole text below.
        let typed = fields.nth(1).ok_or(MALFORMED)?;
        let typed = STANDARD.decode(typed).map_err(|_| MALFORMED)?;
        let public = match typed.split_first() {
            Some((&ED25519_TYPE, public)) => public.try_into().map_err(|_| MALFORMED)?,
            _ => return Err(MALFORMED),
        };
        let key = Self::new(name, public)?;
        match key.to_string() == text {
            true => Ok(key),
            false => Err(MALFORMED),
        }
    }
}

/// Whether a text can name a key or a log.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.chars().any(|letter| letter == '+' || letter.is_whitespace() || letter.is_control())
}
